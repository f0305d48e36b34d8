"""Inputs under the headings of their sheet."""

import json
import re
from pathlib import Path

import openpyxl
from xlsxwriter import Workbook

from tests.report.fakes import Cell, Fake, Named
from xlmodel.report import sections, write_report
from xlmodel.workbook.calc import calculate

ROWS = [
    ("My model", None, None),
    ("Type in column B only.", None, None),
    ("Traffic", None, None),
    ("Utilization", 0.5, "share"),
    ("Rate", None, "tokens/s"),
    ("An aside that says more.", None, None),
    ("Ratio", 10, ""),
    ("Prices", None, None),
    ("Price", 2.8, "USD/Mtok"),
    ("Note", None, None),
    ("Results", "=B4*B9", "USD"),
]
NAMES = {4: "in_utilization", 5: "in_rate", 7: "in_ratio", 9: "in_price", 10: "in_note"}


def own_workbook(path: Path) -> Path:
    with Workbook(path) as book:
        sheet = book.add_worksheet("A sheet")
        for row, cells in enumerate(ROWS):
            sheet.write_row(row, 0, [cell for cell in cells if cell is not None][:1])
            for column in (1, 2):
                if cells[column] is not None:
                    sheet.write(row, column, cells[column])
        for row, name in (*NAMES.items(), (11, "out_result")):
            book.define_name(name, f"='A sheet'!$B${row}")
    return path


def test_a_heading_is_a_label_with_nothing_beside_it(tmp_path: Path) -> None:
    write_report(calculate(own_workbook(tmp_path / "own.xlsx")), out := tmp_path / "out")
    document = json.loads((out / "own-report.json").read_text(encoding="utf-8"))
    groups = {name: entry.get("group") for name, entry in document["inputs"].items()}
    assert groups == {
        "in_utilization": "Traffic",
        "in_rate": "Traffic",
        "in_ratio": "Traffic",
        "in_price": "Prices",
        "in_note": "Prices",
    }
    page = (out / "own-report.html").read_text(encoding="utf-8")
    shown = r'<th scope="rowgroup" colspan="3">(.*?)</th>'
    assert re.findall(shown, page) == ["Traffic", "Prices"]
    book = openpyxl.load_workbook(out / "own-report.xlsx")
    labels = [row[0].value for row in book["Summary"].iter_rows()]
    assert labels.index("Traffic") < labels.index("Utilization") < labels.index("Prices")


def fake(tmp_path: Path, cells: dict[str, object], refs: dict[str, str]) -> Fake:
    inputs = {name: Named(1, "Label", sheet="S", ref=ref) for name, ref in refs.items()}
    shown = {f"S!{ref}": value for ref, value in cells.items()}
    return Fake(tmp_path / "x.xlsx", inputs=inputs, cells=shown)


def test_one_heading_for_all_says_nothing(tmp_path: Path) -> None:
    case = fake(tmp_path, {"A1": "Title", "A2": "a", "A3": "b"}, {"in_a": "B2", "in_b": "B3"})
    assert sections.of_inputs(case) == {}


def test_inputs_above_the_first_heading_have_none(tmp_path: Path) -> None:
    case = fake(tmp_path, {"A1": "a", "A2": "More", "A3": "b"}, {"in_a": "B1", "in_b": "B3"})
    assert sections.of_inputs(case) == {"in_a": "", "in_b": "More"}


def test_a_label_of_a_cell_without_value_is_no_heading(tmp_path: Path) -> None:
    cells = {"A1": "One", "A2": "a", "A3": "Two", "A4": "b", "A5": "Not worked out", "A6": "c"}
    refs = {"in_a": "B2", "in_b": "B4", "in_c": "B6"}
    case = fake(tmp_path, dict(cells), refs)
    assert sections.of_inputs(case)["in_c"] == "Not worked out"
    case.unsupported = [Cell("S!B5", "no such function")]
    assert sections.of_inputs(case)["in_c"] == "Two"


def test_inputs_without_labels_or_far_from_a_heading(tmp_path: Path) -> None:
    cells = {"A1": "One", "A2": "a", "A3": "Two", "A1048576": "b"}
    case = fake(tmp_path, dict(cells), {"in_a": "B2", "in_b": "B1048576", "in_c": "D7"})
    assert sections.of_inputs(case) == {"in_a": "One", "in_b": "", "in_c": ""}
