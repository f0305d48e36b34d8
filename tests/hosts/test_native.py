"""Every twin equals Python in an engine that evaluates LAMBDA itself, and fits into Excel.

A function that is added is covered at once: it has a twin, or a reason in ``WITHOUT_TWIN``. The
cases that all hosts share are in ``tests/parity``; here are more of them than all hosts need.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import FORMULAE
from xlsxwriter.worksheet import Worksheet

from tests.hosts.native_cases import (
    NUMERIC,
    WITH_TWIN,
    WITHOUT_TWIN,
    Cell,
    Sheet,
    address,
    cells,
    differences,
    rows,
    valid,
)
from xlmodel.hosts import native
from xlmodel.hosts.syntax import tokens
from xlmodel.registry import Function, functions
from xlmodel.units import BillableShare, GpuCount, GpuHourPrice, UsdPerDay

each = pytest.mark.parametrize("function", WITH_TWIN, ids=lambda f: f.name)
each_numeric = pytest.mark.parametrize("function", NUMERIC, ids=lambda f: f.name)


@pytest.mark.parametrize("name", functions())
def test_there_is_a_twin_or_a_reason(name: str) -> None:
    assert native.has_twin(functions()[name]) != (name in WITHOUT_TWIN)


# Equal to Python


@each_numeric
def test_each_cell_equals_python(function: Function) -> None:
    sheet = Sheet()
    cases = list(rows(function))
    for r, case in enumerate(cases, start=1):
        for c, value in enumerate(case, start=1):
            sheet.put(r, c, value)
        given = ",".join(address(r, c) for c in range(1, len(case) + 1))
        sheet.formula(r, 30, f"={function.name}({given})")
    found = sheet.values(1, 30, len(cases), 1)
    assert not differences(found, [[function.call_cells(case)] for case in cases])


@each_numeric
def test_arguments_left_out(function: Function) -> None:
    sheet = Sheet()
    base = [valid(p, 3) for p in function.parameters]
    cases: list[list[Cell]] = [base[:n] for n in range(len(base) + 1)]
    cases += [[*base[:i], None, *base[i + 1 :]] for i in range(len(base))]
    for r, case in enumerate(cases, start=1):
        given = ",".join("" if value is None else str(value) for value in case)
        sheet.formula(r, 30, f"={function.name}({given})")
    found = sheet.values(1, 30, len(cases), 1)
    assert not differences(found, [[function.call_cells(case)] for case in cases])


@each_numeric
@settings(max_examples=15)
@given(data=st.data())
def test_a_range_equals_python(function: Function, data: st.DataObject) -> None:
    height = 6
    grids = [[[data.draw(cells(p))] for _ in range(height)] for p in function.parameters]
    sheet = Sheet()
    given = ",".join(sheet.put_grid(1, c, grid) for c, grid in enumerate(grids, start=1))
    sheet.spill(1, 30, height, 1, f"={function.name}({given})")
    assert not differences(sheet.values(1, 30, height, 1), function.call_cells(grids))


def two_pools(
    gpus: GpuCount, node_cost: GpuHourPrice, spot_share: BillableShare = 0.5
) -> UsdPerDay:
    """One body called twice, a step named as an argument, an argument named as a function."""
    pools = pool(gpus * spot_share, node_cost) + pool(gpus * (1 - spot_share), node_cost * 2)
    gpus = gpus + 1
    return pools / gpus


def pool(gpus: float, price: float) -> float:
    """It has steps of its own."""
    hours = gpus * 24
    return hours * price


def test_steps_under_one_name_are_kept_apart() -> None:
    function = Function(two_pools)
    text = native.twin(function)
    assert text.startswith("=LAMBDA(gpus, node_cost_, [spot_share],")
    names = re.findall(r"^  (\w+), ", text, re.MULTILINE)
    assert len(names) == len(set(names))
    assert {"hours_", "hours_2_"} < set(names)
    sheet = Sheet()
    sheet.model.new_defined_name("TWO_POOLS", None, text)
    sheet.formula(1, 1, "=TWO_POOLS(8,3,0.25)")
    sheet.formula(2, 1, "=TWO_POOLS(8,3)")
    expected = [[function.call_cells([8, 3, 0.25])], [function.call_cells([8, 3])]]
    assert not differences(sheet.values(1, 1, 2, 1), expected)


# Within Excel's limits

CELL_ADDRESS = re.compile(r"[a-z]{1,3}\d+|(r\d*)?(c\d*)?", re.IGNORECASE)
NEWER_FUNCTIONS = {"LET", "LAMBDA", "MAP", "FILTER", "SORT", "UNIQUE", "TAKE", "DROP", "EXPAND"}


@pytest.mark.parametrize("function", functions().values(), ids=lambda f: f.name)
def test_names_can_be_names_in_excel(function: Function) -> None:
    for name in (function.name, *(p.name for p in function.parameters)):
        assert len(name) >= 3
        assert not CELL_ADDRESS.fullmatch(name)
        assert name.upper() not in FORMULAE
        assert name.upper() not in NEWER_FUNCTIONS
    lengths = sum(len(p.name) for p in function.parameters) + len(function.parameters)
    assert lengths <= 254  # the function wizard's text
    assert len(function.parameters) <= 253


@each
def test_variables_are_no_addresses_functions_or_parameters_twice(function: Function) -> None:
    variables = set(re.findall(r"_xl[po][mp]\.(\w+)", native.defined_name(function)))
    for name in variables:
        assert not CELL_ADDRESS.fullmatch(name)
        assert name.upper() not in FORMULAE | NEWER_FUNCTIONS | functions().keys()


@each
def test_formula_fits(function: Function) -> None:
    stored = native.defined_name(function)
    assert len(stored) <= 8192
    assert len(native.twin(function)) <= 8192
    depth = deepest = 0
    for token in tokens(stored):
        depth += (token.text == "(") - (token.text == ")")
        deepest = max(deepest, depth)
    assert depth == 0
    assert deepest <= 64


@each
def test_newer_functions_are_stored_with_the_prefix_that_xlsxwriter_gives(
    function: Function,
) -> None:
    stored = native.defined_name(function)
    bare = stored.replace("_xlfn._xlws.", "").replace("_xlfn.", "")
    assert Worksheet()._prepare_formula(bare, expand_future_functions=True) == stored


def test_twin_is_readable() -> None:
    assert native.twin(functions()["TOKENS_PER_DAY"]).startswith(
        "=LAMBDA(output_tps, [input_output_ratio], [utilization],\nLET(\n"
        '  output_tps_, IF(output_tps<"",'
        "IF((output_tps>=0)*(output_tps<=1E+15),output_tps,#NUM!),#VALUE!),\n"
    )
