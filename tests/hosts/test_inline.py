"""Inlined calls equal Python in engines that know neither our functions nor LAMBDA."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import formualizer
import pytest
import xlsxwriter
from openpyxl import load_workbook
from xlsxwriter.worksheet import Worksheet

from tests.conftest import Convert
from tests.hosts.native_cases import Cell, address, differences, same, valid
from xlmodel.hosts.inline import is_plain
from xlmodel.hosts.native import NotInlinable, inline
from xlmodel.registry import Function, Parameter, functions
from xlmodel.units import Quantity

PLAIN = [f for f in functions().values() if f.numeric and is_plain(f)]
KINDS = {"Div": "#DIV/0!", "Num": "#NUM!", "Value": "#VALUE!", "Na": "#N/A"}


def test_text_that_only_looks_like_a_call_stays() -> None:
    formula = (
        "=\"NODE_COST(1,2)\"&'NODE_COST(1,2)'!A1&T[NODE_COST(1,2)]&MY_NODE_COST(1,2)&NODE_COST"
    )
    assert inline(formula) == formula


@pytest.mark.parametrize(
    ("formula", "plain"),
    [
        ("=NODE_COST(8,3.49)", "=(8*3.49*24+0)"),
        ("=node_cost( 8 , 3.49 ,, 5 )*2", "=(8*3.49*24+5)*2"),
        ("=NODE_COST(A1+1,MAX(B1,2),12)", "=((A1+1)*(MAX(B1,2))*12+0)"),
        ("=NODE_COST(A1,B1,$C$1)", "=(A1*B1*IF(ISBLANK($C$1),24,$C$1)+0)"),
        (
            "=NODE_COST(T[gpus],T[[#All],[a,b]],S!A$1)",
            "=(T[gpus]*T[[#All],[a,b]]*IF(ISBLANK(S!A$1),24,S!A$1)+0)",
        ),
        ("=COST_PER_MTOK(NODE_COST(8,2),A1)", "=(((8*2*24+0))/A1*1000000)"),
        ("=BLENDED_PRICE(1,2,3,0.5)", "=((3*(1*(1-0.5)+1*0.5)+2)/(3+1))"),
        ("=NODE_COST(SUM(A1:B2 B1:B9), 2)", "=((SUM(A1:B2 B1:B9))*2*24+0)"),
        ("=NODE_COST(8)", "=(8*#VALUE!*24+0)"),
        ("=NODE_COST()", "=(#VALUE!*#VALUE!*24+0)"),
        ("=NODE_COST(1,2,3,4,5)", "=#VALUE!"),
        ("=NODE_COST({1,2},3)", "=(({1,2})*3*24+0)"),
    ],
)
def test_inlined_text(formula: str, plain: str) -> None:
    assert inline(formula) == plain


LOOK_UP = 'GPU_PRICE(GpuPrices[#All],"H100",,GPU_PRICE(A1))'


def test_a_look_up_cannot_be_inlined() -> None:
    with pytest.raises(NotInlinable) as caught:
        inline(f"=1+NODE_COST(8,{LOOK_UP})")
    assert caught.value.call == LOOK_UP


def test_a_look_up_is_resolved_by_its_text() -> None:
    asked: list[str] = []

    def resolve(call: str) -> str:
        asked.append(call)
        return "3.49"

    assert inline(f"=1+NODE_COST(8,{LOOK_UP})", resolve) == "=1+(8*(3.49)*24+0)"
    assert asked == [LOOK_UP]


# Equal to Python


def low(p: Parameter) -> Cell:
    """The low end of the range, which makes most denominators zero."""
    return p.kind.low if isinstance(p.kind, Quantity) and not p.kind.open_low else valid(p)


def cases(function: Function) -> Iterator[list[Cell]]:
    """Valid calls: all arguments, options blank, options left out, the low ends."""
    for i in range(4):
        yield [valid(p, i) for p in function.parameters]
    yield [valid(p) if p.required else None for p in function.parameters]
    yield [valid(p) for p in function.parameters if p.required]
    yield [low(p) for p in function.parameters]


@pytest.mark.parametrize("function", PLAIN, ids=lambda f: f.name)
def test_formualizer_equals_python(function: Function) -> None:
    workbook = formualizer.Workbook()
    sheet = workbook.sheet_names[0]
    given = list(cases(function))
    found: list[list[Cell]] = []
    for r, case in enumerate(given, start=1):
        for c, value in enumerate(case, start=1):
            if value is not None:
                workbook.set_value(sheet, r, c, value)
        workbook.set_formula(sheet, r, 30, inline(call(function, r, len(case))))
        value = workbook.evaluate_cell(sheet, r, 30)
        found.append([KINDS[value["kind"]] if isinstance(value, dict) else value])
    assert not differences(found, [[function.call_cells(case)] for case in given])


def call(function: Function, row: int, count: int) -> str:
    return f"={function.name}({','.join(address(row, c) for c in range(1, count + 1))})"


UNDERFLOWS = {"ACCEPTED_LENGTH", "ACTIVE_EXPERT_SHARE"}
"""To LibreOffice a power that is too small for a number is an error; Excel has 0, as Python."""


def test_libreoffice_equals_python(libreoffice: Convert, tmp_path: Path) -> None:
    path = tmp_path / "inlined.xlsx"
    workbook = xlsxwriter.Workbook(path)
    for function in PLAIN:
        write_inlined(workbook.add_worksheet(function.name), function)
    workbook.close()
    recalculated = load_workbook(libreoffice(path, "xlsx"), data_only=True)
    wrong = [
        (function.name, row, found, expected)
        for function in PLAIN
        for row, case in enumerate(cases(function), start=1)
        if function.name not in UNDERFLOWS
        and not same(
            found := recalculated[function.name].cell(row, 30).value,
            expected := function.call_cells(case),
        )
    ]
    assert not wrong
    for function in PLAIN:
        if function.name in UNDERFLOWS:
            continue
        spilled = [[recalculated[function.name].cell(r, 31).value] for r in range(1, 6)]
        columns = zip(*itertools.islice(cases(function), 5), strict=True)
        expected = function.call_cells([[[value] for value in column] for column in columns])
        assert not differences(spilled, expected)


def write_inlined(sheet: Worksheet, function: Function) -> None:
    """Each case in a row; the first five once more as one array formula."""
    for r, case in enumerate(cases(function), start=1):
        for c, value in enumerate(case, start=1):
            if value is not None:
                sheet.write(r - 1, c - 1, value)
        sheet.write_formula(r - 1, 29, inline(call(function, r, len(case))), value=-1)
    columns = [f"{address(1, c)}:{address(5, c)}" for c in range(1, len(function.parameters) + 1)]
    sheet.write_array_formula(
        0, 30, 4, 30, inline(f"={function.name}({','.join(columns)})"), value=-1
    )
