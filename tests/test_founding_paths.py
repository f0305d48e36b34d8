"""The founding figures to the cent through every path that a user can take."""

import csv
import io
import json
import math
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import xlmodel
from tests.conftest import Convert
from tests.workbook.inlined import write_copy
from xlmodel.cli import main
from xlmodel.workbook import calc

TEMPLATE = Path(__file__).parent.parent / "workbooks" / "node_margin.xlsx"

EXPECTED = {
    "out_tokens_per_day": 285_120_000,
    "out_revenue": 798.336,
    "out_cost": 670.08,
    "out_margin": 128.256,
    "out_margin_rate": 128.256 / 798.336,
    "out_breakeven_price": 670.08 / 285.12,
    "out_breakeven_utilization": 670.08 / 798.336,
}
CALLS = {
    "out_tokens_per_day": "TOKENS_PER_DAY 300 10",
    "out_revenue": "NODE_REVENUE 300 10 2.8 2.8",
    "out_cost": "NODE_COST 8 3.49",
    "out_margin": "NODE_MARGIN 300 10 2.8 2.8 8 3.49",
    "out_margin_rate": "NODE_MARGIN_RATE 300 10 2.8 2.8 8 3.49",
    "out_breakeven_price": "BREAKEVEN_PRICE 300 10 8 3.49",
    "out_breakeven_utilization": "BREAKEVEN_UTILIZATION 300 10 2.8 2.8 8 3.49",
}

Figures = dict[str, float]
Path_ = Callable[[pytest.FixtureRequest], Figures]


def python(_: pytest.FixtureRequest) -> Figures:
    figures = {}
    for name, call in CALLS.items():
        function, *words = call.split()
        figures[name] = getattr(xlmodel, function.lower())(*(float(word) for word in words))
    return figures


def command_fn(request: pytest.FixtureRequest) -> Figures:
    capsys = request.getfixturevalue("capsys")
    figures = {}
    for name, call in CALLS.items():
        assert main(["fn", *call.split()]) == 0
        figures[name] = float(capsys.readouterr().out.split()[0])
    return figures


def command_calc(request: pytest.FixtureRequest) -> Figures:
    capsys = request.getfixturevalue("capsys")
    assert main(["calc", str(TEMPLATE), "--json"]) == 0
    outputs = json.loads(capsys.readouterr().out)["outputs"]
    return {name: outputs[name]["value"] for name in EXPECTED}


def cached_values(_: pytest.FixtureRequest) -> Figures:
    return _named_cells(TEMPLATE, {})


def headless_engine(request: pytest.FixtureRequest) -> Figures:
    """The calls typed into a user's own workbook, which has no stored values."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for call in CALLS.values():
        function, *words = call.split()
        sheet.append([f"={function}({','.join(words)})"])
    path = request.getfixturevalue("tmp_path") / "own.xlsx"
    book.save(path)
    calculation = calc.calculate(path)
    cells = (calculation.cell(sheet.title, f"A{row}") for row in range(1, len(CALLS) + 1))
    return dict(zip(CALLS, cells, strict=True))  # type: ignore[arg-type]


def libreoffice_inlined(request: pytest.FixtureRequest) -> Figures:
    """LibreOffice recalculates a copy whose calls are written out as plain formulas."""
    convert: Convert = request.getfixturevalue("libreoffice")
    tmp_path: Path = request.getfixturevalue("tmp_path")
    copy = tmp_path / "inlined.xlsx"
    write_copy(TEMPLATE, copy)
    return _named_cells(convert(copy, "xlsx"), {})


def report_json(request: pytest.FixtureRequest) -> Figures:
    data = json.loads(_report(request, "json").read_text(encoding="utf-8"))
    return {name: data["outputs"][name]["value"] for name in EXPECTED}


def report_csv(request: pytest.FixtureRequest) -> Figures:
    text = _report(request, "csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    return {row["name"]: float(row["value"]) for row in rows if row["name"] in EXPECTED}


PATHS: list[Path_] = [
    python,
    command_fn,
    command_calc,
    cached_values,
    headless_engine,
    libreoffice_inlined,
    report_json,
    report_csv,
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_founding_figures(path: Path_, request: pytest.FixtureRequest) -> None:
    figures = path(request)
    for name, expected in EXPECTED.items():
        assert math.isclose(figures[name], expected, rel_tol=1e-12), name


def _named_cells(path: Path, figures: Figures) -> Figures:
    """The stored values of the named outputs, as any reader of the file finds them."""
    book = openpyxl.load_workbook(path, data_only=True)
    for name in EXPECTED:
        ((sheet, ref),) = book.defined_names[name].destinations
        figures[name] = book[sheet][ref.replace("$", "")].value
    return figures


def _report(request: pytest.FixtureRequest, suffix: str) -> Path:
    tmp_path: Path = request.getfixturevalue("tmp_path")
    folder = tmp_path / "report"
    assert main(["report", str(TEMPLATE), "-o", str(folder), "--format", suffix]) == 0
    (found,) = (p for p in folder.glob(f"*.{suffix}") if p.name != "manifest.json")
    return found
