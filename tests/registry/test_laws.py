"""Laws that hold for every registered numeric function, whatever its subject."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parity.samples import CALLS
from xlmodel.registry import CellError, Function, InputError, Parameter, functions
from xlmodel.registry.arrays import CHUNK
from xlmodel.units import MustBeBlank, Quantity

NUMERIC = [f for f in functions().values() if f.numeric and f.parameters]


def plausible(p: Parameter) -> st.SearchStrategy[float | None]:
    """Values within the range of a parameter, and a blank where it has a default."""
    if isinstance(p.kind, MustBeBlank):
        return st.none()
    assert isinstance(p.kind, Quantity)
    low, high = max(p.kind.low, -1e3), min(p.kind.high, 1e6)
    values: st.SearchStrategy[float | None] = st.floats(
        low,
        high,
        exclude_min=p.kind.open_low,
        exclude_max=p.kind.open_high and high == p.kind.high,
        allow_subnormal=False,
    )
    return values if p.required else values | st.none()


def arguments(function: Function) -> st.SearchStrategy[list[float | None]]:
    return st.tuples(*(plausible(p) for p in function.parameters)).map(list)


def same(a: object, b: object) -> bool:
    """Equal numbers to 1e-12, or the same kind of error."""
    if isinstance(a, CellError) or isinstance(b, CellError):
        return isinstance(a, CellError) and isinstance(b, CellError) and a.kind == b.kind
    assert isinstance(a, float | int)
    assert isinstance(b, float | int)
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-300)


def each(test: Callable[..., None]) -> Callable[..., None]:
    return pytest.mark.parametrize("function", NUMERIC, ids=lambda f: f.name)(test)


@each
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_range_equals_scalar(function: Function, data: st.DataObject) -> None:
    """A column of any length gives what its cells give one by one, errors included."""
    rows = data.draw(st.lists(arguments(function), min_size=1, max_size=4)) * 20
    columns = [[[row[i]] for row in rows] for i in range(len(function.parameters))]
    singly = [function.call_cells(row) for row in rows]
    together = function.call_cells(columns)
    if len(rows) == 1:
        assert same(together, singly[0])
        return
    assert isinstance(together, list)
    assert all(same(a, b[0]) for a, b in zip(singly, together, strict=True))


@each
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_python_call_equals_cell_call(function: Function, data: st.DataObject) -> None:
    args = data.draw(arguments(function))
    cell = function.call_cells(args)
    if isinstance(cell, CellError):
        with pytest.raises(InputError) as caught:
            function(*args)
        assert cell == CellError(caught.value.kind, str(caught.value))
    else:
        answer = function(*args)
        assert same(answer, cell)
        assert math.isfinite(answer)


@each
def test_each_bad_cell_spoils_only_its_own_result(function: Function) -> None:
    """In a long column and in a short one, for every argument and every kind of bad input."""
    good = _midpoint(function)
    expected = function.call_cells(good)
    for i, p in enumerate(function.parameters):
        if isinstance(p.kind, MustBeBlank):
            continue
        for bad in _bad_inputs(p):
            for length in (5, 200):
                column: list[list[object]] = [[good[i]] for _ in range(length)]
                column[3] = [bad]
                args: list[object] = list(good)
                args[i] = column
                results = function.call_cells(args)
                assert isinstance(results, list)
                alone = function.call_cells([*good[:i], bad, *good[i + 1 :]])
                assert isinstance(alone, CellError), (p.name, bad)
                assert results[3][0] == alone
                assert all(same(row[0], expected) for k, row in enumerate(results) if k != 3)


def _bad_inputs(p: Parameter) -> list[object]:
    assert isinstance(p.kind, Quantity)
    low, high = p.kind.bounds
    bad: list[object] = ["3", "text", True, False, CellError("#REF!"), math.nan, math.inf]
    bad += [high * 2 if high > 0 else high + 1]
    bad += [low - 1] if low > -1e15 else []
    bad += [p.kind.low] if p.kind.open_low else []
    bad += [p.kind.high] if p.kind.open_high else []
    return bad + ([None] if p.required else [])


def _midpoint(function: Function) -> list[object]:
    """A good value for every argument; of the samples, where such plain ones have no answer."""
    if function.name in CALLS:
        return list(CALLS[function.name][0])
    values: list[object] = []
    for p in function.parameters:
        if isinstance(p.kind, MustBeBlank):
            values.append(None)
        else:
            assert isinstance(p.kind, Quantity)
            values.append(0.25 if p.kind.high <= 1 else max(2.0, p.kind.low))
    return values


@each
def test_kinds_of_error(function: Function) -> None:
    good = _midpoint(function)
    for i, p in enumerate(function.parameters):
        if isinstance(p.kind, MustBeBlank):
            assert function.call_cells([*good[:i], 0.5, *good[i + 1 :]]).kind == "#VALUE!"  # type: ignore[attr-defined]
            continue
        expected = {"3": "#VALUE!", True: "#VALUE!", CellError("#REF!"): "#REF!", math.inf: "#NUM!"}
        for bad, kind in expected.items():
            answer = function.call_cells([*good[:i], bad, *good[i + 1 :]])
            assert isinstance(answer, CellError)
            assert answer.kind == kind
            if not isinstance(bad, CellError):
                assert function.name in answer.reason
                assert p.name in answer.reason


@pytest.mark.parametrize(
    "function", [f for f in NUMERIC if len(f.parameters) > 1], ids=lambda f: f.name
)
def test_grid_of_row_and_column(function: Function) -> None:
    """A column against a row gives a grid, as Excel spills it."""
    good = _midpoint(function)
    quantities = [i for i, p in enumerate(function.parameters) if isinstance(p.kind, Quantity)]
    first, second = quantities[:2]
    values = [0.25, 0.5, 0.125]
    for scale in (1, 20):
        column, row = [[v] for v in values * scale], [[v / 2 for v in values * scale]]
        args = list(good)
        args[first], args[second] = column, row
        grid = function.call_cells(args)
        assert isinstance(grid, list)
        for r in range(3):
            for c in range(3):
                args[first], args[second] = column[r][0], row[0][c]
                assert same(grid[r][c], function.call_cells(args))


@each
def test_long_arrays_equal_scalars(function: Function) -> None:
    """Beyond one chunk of the vectorised path, in Python."""
    good = _midpoint(function)
    i = _free(function, good)
    first = good[i]
    assert isinstance(first, float | int)
    values = np.linspace(first, first * 1.9, CHUNK + 7)
    answers = function(*good[:i], values, *good[i + 1 :])
    for k in (0, 1, CHUNK - 1, CHUNK, CHUNK + 6):
        assert same(answers[k], function(*good[:i], float(values[k]), *good[i + 1 :]))


def _free(function: Function, good: list[object]) -> int:
    """The first argument that takes any number near its good value, not whole ones only."""
    for i, (p, value) in enumerate(zip(function.parameters, good, strict=True)):
        if isinstance(p.kind, Quantity):
            assert isinstance(value, float | int)
            others = [
                function.call_cells([*good[:i], value * f, *good[i + 1 :]]) for f in (1.37, 1.9)
            ]
            if not any(isinstance(other, CellError) for other in others):
                return i
    raise LookupError(function.name)
