"""A user's workbook, copied for another spreadsheet program: the same calls, spelled its way."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.hosts.calc.office import shared
from xlmodel.cli import main
from xlmodel.workbook import build, calc, respell
from xlmodel.workbook.template.editions import EDITIONS

HEADERS = ["gpu", "provider", "term", "usd_per_gpu_hour", "valid_from"]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Calls in cells, beside other functions, in a name, a table's column and a condition."""
    path = tmp_path / "own.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Mine")
    sheet.write_row("A1", HEADERS)
    sheet.add_table(
        "A1:E2",
        {
            "name": "GpuPrices",
            "columns": [{"header": header} for header in HEADERS],
            "data": [["H100", "Lambda", "on-demand", 3.49, 45500]],
        },
    )
    book.define_name("in_gpus", "=Mine!$H$1")
    book.define_name("in_hours", "=Mine!$H$2")
    book.define_name("my_cost", "=NODE_COST(8,2)")
    sheet.write_number("H1", 8)
    sheet.write_formula("H3", '=GPU_PRICE(GpuPrices[#All],"H100")&" node_cost(1)"')
    sheet.write_formula("H4", "=ROUND(NODE_COST(in_gpus,3.49,in_hours),1)+my_cost")
    sheet.write_formula("H5", "=SUM(H1:H2)")
    sheet.conditional_format(
        "H1", {"type": "formula", "criteria": "=NODE_COST(H1,1)>9", "format": book.add_format()}
    )
    book.close()
    return path


def sheet_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_libreoffice_computes_the_copy(own: Path) -> None:
    """With the real extension; a blank cell behind a name is the default there, too."""
    assert main(["addin", "calc", str(own)]) == 0
    copy = own.with_name("own-calc.xlsx")
    steps = [["open", copy.as_uri()], ["read", "Mine!H3:H5"], ["close"]]
    assert shared().run(steps)[1] == [["3.49 node_cost(1)"], [pytest.approx(1054.1)], [8]]
    assert "<formula>XLMODEL.NODE_COST(H1,1)&gt;9</formula>" in sheet_xml(copy)
    assert openpyxl.load_workbook(copy).defined_names["my_cost"].value == "XLMODEL.NODE_COST(8,2)"


def test_the_engine_and_the_way_back(own: Path) -> None:
    copy = respell.copy(own, "calc").path
    again = respell.copy(copy, "lambda", own.with_name("again.xlsx")).path
    assert sheet_xml(again) == sheet_xml(own)
    for path in (own, copy, again):
        calculation = calc.calculate(path)
        assert not calculation.unsupported
        assert calculation.cell("Mine", "H4") == pytest.approx(1054.1)


def test_only_formulas_and_names_differ(own: Path) -> None:
    copy = respell.copy(own, "calc").path
    with zipfile.ZipFile(own) as before, zipfile.ZipFile(copy) as after:
        changed = [n for n in before.namelist() if before.read(n) != after.read(n)]
    assert sorted(changed) == ["xl/workbook.xml", "xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("edition", ["lambda", "calc"])
def test_texts_and_other_names_are_left(edition: str) -> None:
    formula = """'NODE_COST(1)'!A1&"NODE_COST(2)"&MY_NODE_COST(3)&NODE_COST&OTHER.NODE_COST(4)"""
    assert respell.respelled(formula, EDITIONS[edition]) == formula


def test_errors(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["addin", "calc", str(tmp_path / "none.xlsx")]) == 2
    assert main(["addin", "calc", str(own), "-o", str(own)]) == 2
    assert main(["addin", "lambda", str(own), "-o", str(tmp_path / "out.csv")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert [line.startswith("xlmodel: ") for line in said] == [True] * 3
    assert "there is no file" in said[0]
    assert "exists already" in said[1]
    assert "must end in .xlsx" in said[2]


def test_calls_that_need_python_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = build.new(tmp_path / "node.xlsx", "calc")
    assert main(["addin", "lambda", str(source)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith("formulas call GPU_SPEC, MODEL_SPEC, XLMODEL_EXPLAIN, which only")
