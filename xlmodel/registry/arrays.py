"""The vectorised path: one pass of the body over chunks that stay in the processor's cache.

The scalar call is the definition of every error. A chunk whose inputs and results are all fine
needs a reduction or two per column and no more; where something is not fine, those values alone are
computed again one by one, which finds the error and its words.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlmodel.registry.checked import (
    blank_defaults,
    filled,
    loop,
    one,
    parameters_for,
    picked,
    spread,
)
from xlmodel.registry.convert import Converted, flat, is_range, number_in, shown
from xlmodel.registry.declaration import Function
from xlmodel.registry.errors import CellError, InputError
from xlmodel.units import HUGE, Named, Quantity, Text

CHUNK = 65_536
"""Rows per pass: a few columns of so many floats stay in the processor's caches."""

Floats = NDArray[np.float64]


def call_arrays(function: Function, values: Sequence[Any]) -> Any:
    """From Python: NumPy broadcasting, one result array; InputError for the first bad value."""
    if not function.vectorised:
        return _call_objects(function, values)
    ready = blank_defaults(function, [_as_column(function, i, v) for i, v in enumerate(values)])
    ranges = [v for v in ready if isinstance(v, np.ndarray)]
    shape = _shape(function, ranges)
    size = int(np.prod(shape))
    columns = [
        np.broadcast_to(v, shape).reshape(-1) if isinstance(v, np.ndarray) else v for v in ready
    ]
    result = np.empty(size)
    for index in _compute_by_name(function, columns, result):
        _raise_at(function, columns, index, shape)
    return result.reshape(shape)


def _raise_at(
    function: Function, columns: Sequence[Any], index: int, shape: tuple[int, ...]
) -> None:
    try:
        takers = zip(function.parameters, columns, strict=True)
        one(function, [_item(v, index) if p.broadcasts else _as_is(v) for p, v in takers])
    except InputError as error:
        place = ", ".join(str(i) for i in np.unravel_index(index, shape))
        raise InputError(f"{error} (at index {place})", error.kind) from None


def _as_column(function: Function, i: int, value: object) -> object:
    """An argument from Python: a range of numbers as floats, a range of names as objects."""
    p = function.parameters[i]
    if isinstance(p.kind, Text | Named) and is_range(value):
        return np.asarray(value, dtype=object)
    return _as_floats(function, i, value) if p.broadcasts else value


def _as_floats(function: Function, i: int, value: object) -> object:
    if not is_range(value):
        return value
    name = function.parameters[i].name
    try:
        array = np.asarray(value)
    except ValueError:
        raise InputError(f"{function.name}: the rows of {name} differ in length") from None
    if array.dtype.kind not in "iuf":
        cells = flat(value)
        numbers = [number_in(cell) for cell in cells]
        if None in numbers:
            bad = shown(cells[numbers.index(None)])
            raise InputError(f"{function.name}: {name} holds {bad}, but must hold numbers")
        array = np.array(numbers, dtype=np.float64).reshape(array.shape)
    return np.ascontiguousarray(array, dtype=np.float64)


def _shape(function: Function, ranges: Sequence[NDArray[Any]]) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(*(v.shape for v in ranges))
    except ValueError:
        shapes = " and ".join(str(v.shape) for v in ranges)
        raise InputError(f"{function.name}: ranges of shapes {shapes} do not fit together") from (
            None
        )


def _call_objects(function: Function, values: Sequence[Any]) -> Any:
    """Functions of texts and tables: one call per value."""
    spread = [
        np.asarray(v, dtype=object) if p.broadcasts and is_range(v) else None
        for p, v in zip(parameters_for(function, len(values)), values, strict=True)
    ]
    shape = _shape(function, [v for v in spread if v is not None])
    columns = [None if v is None else np.broadcast_to(v, shape).reshape(-1) for v in spread]
    results = [
        one(function, [v if c is None else c[i] for c, v in zip(columns, values, strict=True)])
        for i in range(int(np.prod(shape)))
    ]
    return np.array(results).reshape(shape)


def call_grid(
    function: Function, values: Sequence[object], height: int, width: int
) -> list[list[object]]:
    """From a cell: a list of rows, a ``CellError`` in each bad cell."""
    columns: list[Any] = []
    doubtful: set[int] = set()
    for p, value in zip(function.parameters, values, strict=True):
        if isinstance(value, list) and isinstance(p.kind, Text | Named):
            columns.append(np.array([*spread(value, height, width), None], dtype=object)[:-1])
        elif isinstance(value, list) and p.broadcasts:
            column, bad = _cells_as_floats(value, height, width)
            columns.append(column)
            doubtful.update(bad)
        else:
            columns.append(value)
    try:
        ready = blank_defaults(function, columns)
    except InputError:
        return loop(function, values, height, width)  # a bad scalar spoils every cell
    result = np.empty(height * width)
    doubtful.update(_compute_by_name(function, ready, result))
    cells: list[Any] = result.tolist()
    for index in doubtful:
        r, c = divmod(index, width)
        try:
            cells[index] = one(function, _picked(function, values, r, c))
        except InputError as error:
            cells[index] = CellError(error.kind, str(error))
    return [cells[start : start + width] for start in range(0, height * width, width)]


def _picked(function: Function, values: Sequence[object], row: int, column: int) -> list[object]:
    """The arguments of one cell of the result; a table goes along whole."""
    takers = zip(function.parameters, values, strict=True)
    return [picked(v, row, column) if p.broadcasts else v for p, v in takers]


def _cells_as_floats(rows: list[list[object]], height: int, width: int) -> tuple[Floats, list[int]]:
    """The range spread over the result as floats, and where it holds something else."""
    cells = [cell for row in rows for cell in row]
    shape = (len(rows), len(rows[0]))
    if set(map(type, cells)) <= {float, int} and shape == (height, width):
        with suppress(OverflowError):  # by a whole number that is too large for a float
            return np.array(cells, dtype=np.float64), []
    grid = np.array([*spread(rows, height, width), None], dtype=object)[:-1]
    numbers = np.array(
        [type(v) is float or (type(v) is int and abs(v) <= HUGE) for v in grid], dtype=bool
    )
    floats = np.full(height * width, np.nan)
    floats[numbers] = grid[numbers].astype(np.float64)
    return floats, np.flatnonzero(~numbers).tolist()


def _as_is(value: object) -> object:
    """A table that was converted already; None where it was left out."""
    return None if value is None else Converted(value)


def _item(value: object, index: int) -> object:
    if not isinstance(value, np.ndarray):
        return value
    return value[index] if value.dtype == object else float(value[index])


def _compute_by_name(function: Function, columns: Sequence[Any], result: Floats) -> list[int]:
    """Fill ``result``, one pass for each set of names among the columns."""
    names = [i for i, v in enumerate(columns) if isinstance(v, np.ndarray) and v.dtype == object]
    if not names:
        return _compute(function, columns, result)
    again: list[int] = []
    for places in _places(list(zip(*(columns[i] for i in names), strict=True))):
        part = [v[places] if isinstance(v, np.ndarray) else v for v in columns]
        try:
            for i in names:
                part[i] = filled(function, function.parameters[i], part[i][0])
        except InputError:  # each value on its own finds the words
            again += places.tolist()
            continue
        answers = np.empty(len(places))
        again += places[_compute(function, part, answers)].tolist()
        result[places] = answers
    return again


def _places(keys: Sequence[Any]) -> list[NDArray[np.intp]]:
    """The places of each distinct key."""
    known: dict[Any, int] = {}
    codes = np.fromiter((known.setdefault(key, len(known)) for key in keys), np.intp, len(keys))
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)


def _compute(function: Function, columns: Sequence[Any], result: Floats) -> list[int]:
    """Fill ``result``; return the indices of values to look at again."""
    limits = [
        (i, *p.kind.bounds)
        for i, p in enumerate(function.parameters)
        if isinstance(p.kind, Quantity) and isinstance(columns[i], np.ndarray)
    ]
    if len(result) > CHUNK:
        _keep_freed_memory()
    again: list[int] = []
    with np.errstate(all="ignore"):
        for start in range(0, len(result), CHUNK):
            stop = start + CHUNK
            part = [v[start:stop] if isinstance(v, np.ndarray) else v for v in columns]
            answer = result[start:stop]
            answer[...] = _body(function, part)
            if not (_all_within(part, limits) and np.isfinite(answer).all()):
                again += [start + i for i in _bad(part, limits, answer)]
    return again


def _body(function: Function, part: Sequence[Any]) -> Any:
    try:
        return function.body(*part)
    except (ArithmeticError, ValueError):  # the scalars alone already have no answer
        return np.nan


def _keep_freed_memory() -> None:
    """Make the C library reuse the memory of temporaries.

    glibc returns freed blocks to the system above a threshold, and each pass would fault its
    pages in again (measured: three times slower). Freeing one larger block raises the threshold.
    """
    np.empty(8 * CHUNK)


def _all_within(part: Sequence[Any], limits: Sequence[tuple[int, float, float]]) -> bool:
    return all(_within(part[i], low, high) for i, low, high in limits)


def _within(column: Floats, low: float, high: float) -> bool:
    """Whether all values lie between two bounds; a NaN makes a comparison false.

    Read as unsigned integers, floats from 0 up keep their order, and NaN, infinity and negative
    numbers lie above every finite one: one reduction then checks a whole range that starts at 0.
    """
    if low < 0:
        return bool(column.min() >= low and column.max() <= high)
    bits = column.view(np.uint64)
    ends = np.array([low, high]).view(np.uint64)
    return bool(bits.max() <= ends[1] and (low == 0 or bits.min() >= ends[0]))


def _bad(
    part: Sequence[Any], limits: Sequence[tuple[int, float, float]], answer: Floats
) -> list[int]:
    """Where an input is out of range or the result is not finite."""
    fine = np.isfinite(answer)
    for i, low, high in limits:
        fine &= (part[i] >= low) & (part[i] <= high)
    return np.flatnonzero(~fine).tolist()
