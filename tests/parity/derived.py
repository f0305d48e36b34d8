"""Cases that follow from the kinds of a function's arguments.

A new function of numbers is covered at once. A function of texts, dates, tables or series gets its
good calls from ``samples.CALLS``; without an entry there, ``calls`` says what is missing.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from tests.parity.samples import CALLS, OMITTED, Args, Cell, Grid
from xlmodel.registry import CellError, Function, Parameter
from xlmodel.registry.dates import LAST_DAY
from xlmodel.units import HUGE, Date, Load, MustBeBlank, Named, Quantity, Series, Table, Text

Special = tuple[str, str, Args]
"""A case in the making: its kind, what is special in it, its arguments."""
Bad = tuple[str, str, Cell]
"""A value for one argument: the kind of case, what is special in it, the value."""

LONG: Final = 60
"""Rows of a long range: more than ``registry.checked.SMALL``."""
ERRORS: Final = ("#N/A", "#DIV/0!", "#NUM!", "#VALUE!", "#REF!", "#NAME?")
NO_SUCH: Final = "no such name"
_WRONG: Final[dict[type, tuple[Cell, ...]]] = {
    Quantity: ("text", "3", True, False),
    Text: (5.0, True, 0.0, False),
    Named: (5.0, True, 0.0, False),
    Date: ("soon", True, "2024-13-01", False),
    Table: ("text", 5.0, True, 0.0),
    MustBeBlank: (0.5, "text", True, 0.0),
}
"""Values of a wrong type, by kind of argument."""


def derived(function: Function) -> Iterator[Special]:
    """The cases of one function."""
    good = calls(function)
    base = good[0]
    parameters = [p for p in function.parameters if not p.repeated]
    for k, args in enumerate(good, start=1):
        yield "value", str(k), args
    yield from _ends(parameters, base)
    yield from _left_out(parameters, base)
    for i, p in enumerate(parameters):
        for kind, what, value in _bad_values(p, i, base[i]):
            yield kind, f"{p.name} {what}", _with(base, {i: value})
    if len(parameters) == len(function.parameters):
        yield "too many", "one more, blank", (*base, None)
    if len(parameters) > 1:
        first, second = (_wrong(p, base[i]) for i, p in enumerate(parameters[:2]))
        yield "two bad", "wrong type before error", _with(base, {0: first, 1: CellError("#N/A")})
        yield "two bad", "error before wrong type", _with(base, {0: CellError("#NUM!"), 1: second})
    yield from _ranges(parameters, good)


def calls(function: Function) -> tuple[Args, ...]:
    """Good calls of a function with every argument given; other cases vary the first."""
    if function.name in CALLS:
        return CALLS[function.name]
    if not function.numeric:
        raise LookupError(
            f"{function.name} takes or gives more than numbers, so its cases can't be derived: "
            "give some good calls in CALLS of tests/parity/samples.py"
        )
    return tuple(tuple(_good(p, i, k) for i, p in enumerate(function.parameters)) for k in range(4))


def _good(p: Parameter, i: int, k: int) -> float | None:
    """The k-th of many valid values of the i-th argument; shares are small enough to add up."""
    if not isinstance(p.kind, Quantity):
        return None
    part = (0.37 + 0.618034 * (i + 3 * k)) % 1
    low, high = max(p.kind.low, -50.0), min(p.kind.high, 100.0)
    if (low, high) == (0, 1):
        high = 0.5
    return round(low + (high - low) * (0.05 + 0.9 * part), 4)


def _with(args: Args, changes: dict[int, Any]) -> Args:
    """The arguments with some of them changed."""
    return tuple(changes.get(i, value) for i, value in enumerate(args))


# One value per argument


def _ends(parameters: Sequence[Parameter], base: Args) -> Iterator[Special]:
    kinds = {i: p.kind for i, p in enumerate(parameters) if isinstance(p.kind, Quantity)}
    if not kinds:
        return
    yield "limit", "low", _with(base, {i: q.low for i, q in kinds.items() if not q.open_low})
    yield "limit", "high", _with(base, {i: q.high for i, q in kinds.items() if not q.open_high})
    zeros = {i: 0.0 for i, kind in kinds.items() if kind.bounds[0] <= 0 <= kind.bounds[1]}
    for i in zeros:
        yield "zero", parameters[i].name, _with(base, {i: 0.0})
    yield "zero", "all", _with(base, zeros)


def _left_out(parameters: Sequence[Parameter], base: Args) -> Iterator[Special]:
    required = sum(p.required for p in parameters)
    for given in range(required, len(parameters)):
        yield "omitted", f"{parameters[given].name} and all behind it", base[:given]
    if len(base) > 1:
        for i, p in enumerate(parameters):
            yield "omitted", p.name, _with(base, {i: OMITTED})


def _bad_values(p: Parameter, i: int, base: Cell) -> Iterator[Bad]:
    """Values for one argument that are blank, of a wrong type, out of range, errors."""
    yield "blank", "alone", None
    if isinstance(p.kind, Series | Load):
        yield from _bad_series(p.kind, base)
        return
    yield "empty text", "alone", ""
    wrong = _WRONG[type(p.kind)]
    for value in wrong if i == 0 else (wrong[0], wrong[1 + i % 3]):
        yield "wrong type", _shown(value), value
    for side, number in _outside(p):
        yield "out of range", side, number
    for error in ERRORS if i == 0 else (ERRORS[i % 3], ERRORS[3 + i % 3]):
        yield "error in", error, CellError(error)
    if isinstance(p.kind, Text | Named):
        assert isinstance(base, str)
        for form in _forms(base)[1:]:
            yield "text form", f'"{form}"', form
        yield "miss", "unknown", NO_SUCH
    if isinstance(p.kind, Table):
        for c, column in enumerate(p.kind.columns):
            yield "table", f"without {column}", [[*row[:c], *row[c + 1 :]] for row in _rows(base)]
        yield "table", "without header", _rows(base)[1:]


def _bad_series(kind: Series | Load, base: Cell) -> Iterator[Bad]:
    """A series with a bad cell at its end, and something else than a series."""
    base = base if isinstance(base, list) else [[1.0]] * 24
    for value in (*_WRONG[Quantity], None):
        yield "wrong type", f"ending with {_shown(value)}", _ending(base, value)
    for side, value in _outside(Parameter("", kind.item)):
        yield "out of range", f"ending {side}", _ending(base, value)
    for error in ERRORS:
        yield "error in", f"ending with {error}", _ending(base, CellError(error))
    kind_of_text = "wrong type" if isinstance(kind, Series) else "miss"
    yield kind_of_text, "a single text", "text"
    yield "error in", "a single #N/A", CellError("#N/A")


def _ending(base: Cell, value: Cell) -> Grid:
    rows = _rows(base)
    return [*rows[:-1], [*rows[-1][:-1], value]]


def _rows(base: Cell) -> Grid:
    assert isinstance(base, list)
    return base


def _wrong(p: Parameter, base: Cell) -> Cell:
    """A value of a wrong type."""
    if isinstance(p.kind, Series | Load):
        return _ending(base, "text") if isinstance(base, list) else 5.0
    return _WRONG[type(p.kind)][0]


def _outside(p: Parameter) -> Iterator[tuple[str, float]]:
    """Numbers just outside of the range of an argument, and far outside."""
    kind = p.kind
    if isinstance(kind, Date):
        yield "below", 0.0
        yield "above", LAST_DAY + 1.0
    if not isinstance(kind, Quantity):
        return
    if kind.open_low:
        yield "at the open low end", kind.low
    if kind.open_high:
        yield "at the open high end", kind.high
    yield "below", kind.low - max(abs(kind.low), 1) / 64
    yield "above", kind.high + max(abs(kind.high), 1) / 64
    if kind.high < HUGE:
        yield "far above", 1e300


def _forms(text: str) -> tuple[str, ...]:
    """The same name, written in other ways."""
    return text, text.upper(), f" {text.lower()}  "


def _shown(value: Cell) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return "blank" if value is None else repr(value).replace("'", '"')


# Ranges


def _ranges(parameters: Sequence[Parameter], good: Sequence[Args]) -> Iterator[Special]:
    base = good[0]
    wide = [i for i, p in enumerate(parameters) if p.broadcasts]
    full = [i for i in wide if not isinstance(parameters[i].kind, MustBeBlank)]
    values = {i: _valid(parameters[i], [args[i] for args in good]) for i in wide}
    if not wide:
        return
    every = {i: _column([args[i] for args in good]) for i in wide}
    yield "range", "all columns", _with(base, every)
    yield "range", "all rows", _with(base, {i: _row(args[i] for args in good) for i in wide})
    yield "one cell", "all", _with(base, {i: [[base[i]]] for i in wide})
    for i in full:
        name, line = parameters[i].name, _row if i % 2 else _column
        what, bad = _bad_cell(parameters[i], i)
        first, second, third = values[i][:3]
        yield "range", name, _with(base, {i: line([first, second, third])})
        yield "blank", f"{name} in a range", _with(base, {i: line([first, None, third])})
        yield "bad cell", f"{name} {what}", _with(base, {i: line([first, bad, third])})
    yield from _long(parameters, base, values, full)
    if len(full) > 1:
        yield from _grids(parameters, base, values, full)


def _long(
    parameters: Sequence[Parameter], base: Args, values: dict[int, list[Cell]], full: list[int]
) -> Iterator[Special]:
    """The first arguments as long columns, with a few bad cells in the first."""
    first = full[0]
    columns = {i: _column((values[i] * LONG)[:LONG]) for i in full[:2]}
    yield "long range", "good", _with(base, columns)
    bad = list(columns[first])
    bad[7], bad[20], bad[33] = [None], [_wrong(parameters[first], None)], [CellError("#DIV/0!")]
    yield "long range", "with bad cells", _with(base, columns | {first: bad})


def _grids(
    parameters: Sequence[Parameter], base: Args, values: dict[int, list[Cell]], full: list[int]
) -> Iterator[Special]:
    first, second, last = full[0], full[1], full[-1]
    for down, across in ((first, second), (last, first)):
        what = f"{parameters[down].name} by {parameters[across].name}"
        shape = {down: _column(values[down][:3]), across: [values[across][:2]]}
        yield "grid", what, _with(base, shape)
        bad = [*values[down][:2], _bad_cell(parameters[down], down)[1], None]
        bad_shape = {down: _column(bad), across: [[values[across][0], CellError("#N/A")]]}
        yield "grid", f"{what}, with bad cells", _with(base, bad_shape)
    block = [values[first][:2], values[first][1:3]]
    yield "grid", f"a block of {parameters[first].name}", _with(base, {first: block})
    beside = {first: block, second: _column(values[second][:2])}
    yield "grid", "a block beside a column", _with(base, beside)
    short, long = values[first][:2], values[second][:3]
    yield "lengths", "columns", _with(base, {first: _column(short), second: _column(long)})
    yield "lengths", "rows", _with(base, {first: [short], second: [long]})


def _valid(p: Parameter, given: list[Cell]) -> list[Cell]:
    """Three valid values or more, each of which goes with the first good call."""
    if isinstance(p.kind, Text | Named):
        assert isinstance(given[0], str)
        return list(_forms(given[0]))
    if isinstance(p.kind, Quantity):
        return (given * 3)[: max(3, len(given))]
    return [given[0]] * 3


def _column(values: Iterable[Cell]) -> Grid:
    return [[value] for value in values]


def _row(values: Iterable[Cell]) -> Grid:
    return [list(values)]


def _bad_cell(p: Parameter, i: int) -> tuple[str, Cell]:
    """A bad value for one cell of a range: in turn of a wrong type, an error, out of range."""
    wrong = _WRONG[type(p.kind)][0]
    error = CellError(ERRORS[i % len(ERRORS)])
    choices = [(_shown(wrong), wrong), (error.kind, error), *_outside(p)]
    return choices[i % len(choices)]
