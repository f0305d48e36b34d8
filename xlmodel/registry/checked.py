"""The checked call: scalars, ranges and grids, with an error of its own for each bad cell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from xlmodel.registry.convert import Converted, convert, is_range, own_rows
from xlmodel.registry.declaration import Function, Parameter
from xlmodel.registry.errors import NA, VALUE, CellError, InputError
from xlmodel.units import MustBeBlank, Named, SameAs, Text

_SINGLE = frozenset((float, int, str, bool, type(None), CellError))
"""Types that are one cell; whether another one is a range, takes longer to find out."""
SMALL = 48
"""Up to so many values a loop of scalar calls is as quick as NumPy."""


def call(function: Function, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """From Python: a number for numbers, an array for arrays; InputError for a bad input."""
    values = bind(function, args, named)
    values = [_opened(p, v) for p, v in zip(parameters_for(function, len(values)), values)]  # noqa: B905
    if any(p.broadcasts and is_range(v) for p, v in zip(function.parameters, values, strict=False)):
        from xlmodel.registry.arrays import call_arrays

        return call_arrays(function, values)
    return one(function, values)


def bind(function: Function, args: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
    """Arguments in the order of the parameters; None for what is left out."""
    values = _padded(function, args)
    position = {p.name: i for i, p in enumerate(function.parameters)}
    for name, value in named.items():
        if name not in position:
            raise InputError(
                f"{function.name} has no argument {name!r}; the call is {function.signature}"
            )
        if position[name] < len(args):
            raise InputError(f"{function.name}: {name} is given twice")
        values[position[name]] = value
    return values


def _padded(function: Function, args: Sequence[Any]) -> list[Any]:
    room = len(function.parameters)
    if function.parameters and function.parameters[-1].repeated:
        room = max(len(args), room - 1)
    if len(args) > room:
        raise InputError(
            f"{function.name} takes {room} arguments at most, not {len(args)}; "
            f"the call is {function.signature}"
        )
    return [*args, *[None] * (room - len(args))]


def one(function: Function, values: Sequence[object]) -> Any:
    """The result for one value per argument; raises InputError."""
    return function.run(complete(function, values))


def complete(function: Function, values: Sequence[object]) -> list[Any]:
    """The values converted, defaults filled in; raises InputError."""
    takers = parameters_for(function, len(values))
    done = [filled(function, p, value) for p, value in zip(takers, values, strict=True)]
    return _resolved(function, done)


def filled(function: Function, p: Parameter, value: object) -> Any:
    """One value converted, or its default where it is blank; raises InputError."""
    if not p.required and is_blank(p, value):
        return p.default
    return convert(function.name, p, value)


def is_blank(p: Parameter, value: object) -> bool:
    """A blank cell; for a text also one that holds "", as a cleared formula does."""
    return value is None or (
        isinstance(p.kind, Text) and isinstance(value, str) and not value.strip()
    )


def parameters_for(function: Function, count: int) -> Sequence[Parameter]:
    """A parameter for each value, the repeated last one as often as it takes."""
    extra = count - len(function.parameters)
    if extra == 0 or not function.parameters:
        return function.parameters
    return (*function.parameters, *[function.parameters[-1]] * extra)[:count]


def _resolved(function: Function, values: list[Any]) -> list[Any]:
    """Defaults that equal another argument, filled in."""
    if any(isinstance(v, SameAs) for v in values):
        given = dict(zip((p.name for p in function.parameters), values, strict=True))
        return [given[v.argument] if isinstance(v, SameAs) else v for v in values]
    return values


def call_cells(function: Function, args: Sequence[object]) -> object:
    """From a cell: never raises for what cells can hold (see ``Function.call_cells``)."""
    try:
        values = _padded(function, args)
    except InputError as error:
        return CellError(error.kind, str(error))
    takers = parameters_for(function, len(values))
    values = [
        v if type(v) in _SINGLE else _unwrapped(p, v) for p, v in zip(takers, values, strict=True)
    ]
    ranges = [v for p, v in zip(takers, values, strict=True) if type(v) is list and p.broadcasts]
    if not ranges:
        return _cell(function, values)
    height = max(len(rows) for rows in ranges)
    width = max(len(rows[0]) for rows in ranges)
    if function.vectorised and height * width > SMALL:
        return _many()(function, values, height, width)
    return loop(function, values, height, width)


def _many() -> Callable[..., object]:
    """What computes a large grid; without NumPy, as in some LibreOffice, the loop does."""
    try:
        from xlmodel.registry.arrays import call_grid
    except ImportError:
        return loop
    return call_grid


def _unwrapped(p: Parameter, value: object) -> object:
    """A range as a list of lists; a range of one cell as that cell, where one is wanted."""
    value = _opened(p, value)
    if not is_range(value):
        return value
    rows = [list(row) if is_range(row) else [row] for row in value]  # type: ignore[attr-defined]
    if p.broadcasts and len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    if not rows or not rows[0]:
        return None
    return rows


def _opened(p: Parameter, value: object) -> object:
    """A table of the user's own, where a name belongs, as a column of its rows, or its one row."""
    rows = own_rows(p.kind, value) if isinstance(p.kind, Named) else None
    if rows is None:
        return value
    if not rows:
        return CellError(VALUE, f"{p.name} is a table without a row below its header")
    return rows[0] if len(rows) == 1 else list(rows)


def _cell(function: Function, values: Sequence[object]) -> object:
    try:
        return one(function, values)
    except InputError as error:
        return CellError(error.kind, str(error))


def loop(
    function: Function, values: Sequence[object], height: int, width: int
) -> list[list[object]]:
    """Cell by cell; arguments that do not broadcast are converted once, equal look-ups run once."""
    prepared = values if function.numeric else _prepared(function, values)
    if isinstance(prepared, CellError):
        return [[prepared] * width for _ in range(height)]
    cells = list(zip(*(spread(v, height, width) for v in prepared), strict=True))
    if function.numeric:  # computed sooner than looked up
        answers = [function.call_cells(single) for single in cells]
    else:
        keys = [tuple((type(v), v) for v in values) for values in cells]
        known = {
            key: _cell(function, values)
            for key, values in dict(zip(keys, cells, strict=True)).items()
        }
        answers = [known[key] for key in keys]
    return [answers[start : start + width] for start in range(0, height * width, width)]


def spread(value: object, height: int, width: int) -> Iterable[object]:
    """The cell of an argument for each place of the result, row by row."""
    if not isinstance(value, list):
        return repeat(value, height * width)
    if width == 1 and len(value) == height:
        return [row[0] for row in value]
    return [picked(value, r, c) for r in range(height) for c in range(width)]


def _prepared(function: Function, values: Sequence[object]) -> list[object] | CellError:
    prepared: list[object] = []
    for p, value in zip(parameters_for(function, len(values)), values, strict=True):
        if p.broadcasts or value is None:
            prepared.append(value)
            continue
        try:
            prepared.append(Converted(convert(function.name, p, value)))
        except InputError as error:
            return CellError(error.kind, str(error))
    return prepared


def picked(value: object, row: int, column: int) -> object:
    """The cell of a range at a place of the result: a range of one row or column repeats.

    Past the end of a shorter range the result is ``#N/A``, as Excel fills it.
    """
    if not isinstance(value, list):
        return value
    line = value[0] if len(value) == 1 else value[row] if row < len(value) else None
    if line is None or (len(line) > 1 and column >= len(line)):
        return CellError(NA, "a range is shorter than another one beside it")
    return line[0] if len(line) == 1 else line[column]


def blank_defaults(function: Function, values: Sequence[object]) -> list[object]:
    """Scalars converted and defaults filled in, ranges left; raises InputError."""
    done: list[object] = []
    for p, value in zip(function.parameters, values, strict=True):
        if isinstance(p.kind, MustBeBlank) and is_range(value):
            convert(function.name, p, "a range")
        spread_later = p.broadcasts and is_range(value)
        done.append(value if spread_later else filled(function, p, value))
    return _resolved(function, done)
