"""A user's workbook, recalculated: named values, inputs that are set, and what is refused."""

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from tests.workbook.made import calculated, make
from xlmodel.registry import CellError
from xlmodel.workbook import calc
from xlmodel.workbook.package import WorkbookError

CELLS: dict[str, Any] = {
    "A1": "GPUs", "B1": 8, "C1": "GPUs",
    "A2": "Price", "B2": (3.49, "0.0000"), "C2": "USD/GPU-hour",
    "A3": "As of", "B3": datetime.date(2024, 7, 27),
    "A4": "GPU", "B4": "H100",
    "A5": "Live", "B5": True,
    "A6": "Spare", "B6": None,
    "A7": "Cost a day", "B7": "=NODE_COST(B1,B2)", "C7": "USD/day",
    "A8": "Next day", "B8": ("=B3+1", "yyyy-mm-dd"),
    "A9": "Fine", "B9": "=B7>0", "A10": "All fine", "B10": "=AND(B9)",
    "A11": "Text", "B11": '=B4&" live: "&B5',
}  # fmt: skip
NAMES = {
    "in_gpus": "=S!$B$1", "in_price": "=S!$B$2", "in_as_of": "=S!$B$3", "in_gpu": "=S!$B$4",
    "in_live": "=S!$B$5", "in_spare": "=S!$B$6", "out_cost": "=S!$B$7", "out_next": "=S!$B$8",
    "check_positive": "=S!$B$9", "check_master": "=S!$B$10", "column": "=S!$B$1:$B$2",
    "in_constant": "=0.5", "out_text": "=S!$B$11",
}  # fmt: skip


def run(folder: Path, **inputs: str | float) -> calc.Calculation:
    return calculated(folder, CELLS, NAMES, **inputs)


def test_named_values(tmp_path: Path) -> None:
    found = run(tmp_path)
    cost = found.outputs["out_cost"]
    assert cost.value == pytest.approx(670.08)
    assert (cost.label, cost.unit, cost.sheet, cost.ref) == ("Cost a day", "USD/day", "S", "B7")
    assert found.outputs["out_next"].value == 45501.0
    assert found.outputs["out_next"].shown == "2024-07-28"
    assert found.inputs["in_as_of"].shown == "2024-07-27"
    assert found.inputs["in_price"].number_format == "0.0000"
    assert found.inputs["in_spare"].value is None
    assert list(found.checks) == ["check_master", "check_positive"]
    assert [check.value for check in found.checks.values()] == [True, True]
    assert found.cell("S", "$B$1") == 8.0
    assert found.values("COLUMN") == [[8.0], [3.49]]
    assert found.values("nothing") is None
    assert found.formulas["S", "B9"] is True
    assert not found.unsupported
    assert not found.notes


@pytest.mark.parametrize(
    ("name", "value", "output", "expected"),
    [
        ("in_gpus", "16", "out_cost", 2 * 670.08),
        ("GPUS", "1.6e1", "out_cost", 2 * 670.08),
        ("gpus", 16, "out_cost", 2 * 670.08),
        ("in_as_of", "2024-12-31", "out_next", 45658.0),
        ("in_as_of", "45657", "out_next", 45658.0),
        ("in_gpu", "405", "out_text", "405 live: TRUE"),
        ("in_gpu", "2024-12-31", "out_text", "2024-12-31 live: TRUE"),
        ("in_live", "false", "out_text", "H100 live: FALSE"),
        ("in_gpus", "-1", "out_cost", CellError("#NUM!")),
    ],
)
def test_inputs_are_set_as_their_cells_want_them(
    tmp_path: Path, name: str, value: str | float, output: str, expected: object
) -> None:
    found = run(tmp_path, **{name: value})
    result = found.outputs[output].value
    if isinstance(expected, float):
        assert result == pytest.approx(expected)
    else:
        assert getattr(result, "kind", result) == getattr(expected, "kind", expected)
    assert found.changed == [name.lower() if name.startswith("in_") else "in_gpus"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("in_gpuss", "1", "did you mean in_gpus"),
        ("utterly_else", "1", "the inputs are in_as_of, in_gpu,"),
        ("out_cost", "1", "holds a formula"),
        ("column", "1", "is a range"),
        ("in_constant", "1", "not the name of a cell"),
        ("in_gpus", "many", "a number such as 0.85"),
        ("in_gpus", "80%", "a number such as 0.85"),
        ("in_gpus", "TRUE", "a number such as 0.85"),
        ("in_gpus", "1e999", "finite"),
        ("in_as_of", "27 July", "a date such as 2024-07-27"),
        ("in_as_of", "2024-02-30", "a date such as 2024-07-27"),
        ("in_live", "yes", "TRUE or FALSE"),
    ],
)
def test_inputs_that_cannot_be_set(tmp_path: Path, name: str, value: str, words: str) -> None:
    with pytest.raises(WorkbookError) as caught:
        run(tmp_path, **{name: value})
    assert words in str(caught.value)


RULES: list[tuple[dict[str, Any], str, str, str]] = [
    ({"type": "decimal", "operator": "between", "formula1": "0", "formula2": "1"},
     "0.5", "1.5", "a number between 0 and 1"),
    ({"type": "whole", "operator": "greaterThan", "formula1": "0"},
     "3", "2.5", "a whole number greater than 0"),
    ({"type": "decimal", "operator": "lessThanOrEqual", "formula1": "$D$1"},
     "7", "7.5", "a number 7 or less"),
    ({"type": "decimal", "operator": "lessThan", "formula1": "limit"},
     "6.9", "7", "a number less than 7"),
    ({"type": "date", "operator": "greaterThanOrEqual", "formula1": "45292"},
     "2024-07-27", "2023-12-31", "a date 2024-01-01 or more"),
    ({"type": "list", "formula1": '"low,mid,high"'}, "MID", "highest", "one of: low, mid, high"),
    ({"type": "list", "formula1": "$D$2:$D$3"}, "one", "three", "one of: one, two"),
    ({"type": "list", "formula1": "choices"}, "two", "5", "one of: one, two"),
    ({"type": "textLength", "operator": "lessThanOrEqual", "formula1": "3"},
     "abc", "abcd", "a text of a length 3 or less"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "fine", "wrong", "words"), RULES)
def test_the_workbooks_own_validation_holds(
    tmp_path: Path, rule: dict[str, Any], fine: str, wrong: str, words: str
) -> None:
    path = make(
        tmp_path / "v.xlsx",
        {"S": {"D1": "=3+4", "D2": "one", "D3": "two"}},
        {"in_x": "=S!$A$1", "limit": "=S!$D$1", "choices": "=S!$D$2:$D$3"},
    )
    book = openpyxl.load_workbook(path)
    sheet = book["S"]
    sheet["A1"].number_format = "yyyy-mm-dd" if rule["type"] == "date" else "General"
    validation = DataValidation(**rule)
    sheet.add_data_validation(validation)
    validation.add("A1:A2")
    book.save(path)
    book.close()
    assert calc.calculate(path, {"x": fine}).inputs["in_x"].value is not None
    with pytest.raises(WorkbookError) as caught:
        calc.calculate(path, {"x": wrong})
    assert words in str(caught.value)
    validation.errorStyle = "warning"
    book = openpyxl.load_workbook(path)
    book["S"].data_validations.dataValidation[0].errorStyle = "warning"
    book.save(path)
    book.close()
    assert words in calc.calculate(path, {"x": wrong}).notes[0]


def test_a_workbook_without_outputs(tmp_path: Path) -> None:
    found = calculated(tmp_path, {"A1": "=1+1"})
    assert found.cell("S", "A1") == 2.0
    assert found.notes == [
        "made.xlsx has no named outputs: give the cells of results names that begin with out_, "
        "such as out_margin"
    ]


def test_an_output_that_cannot_be_evaluated_has_no_value(tmp_path: Path) -> None:
    cells = {"A1": "=FOO(1)", "A2": "=IFERROR(A1,0)", "A3": 5.0}
    found = calculated(tmp_path, cells, {"out_a": "=S!$A$2", "out_b": "=S!$A$3"})
    assert found.outputs["out_a"].value is None
    assert found.outputs["out_b"].value == 5.0
    assert [item.cell for item in found.unsupported] == ["S!A1", "S!A2"]


def test_tables(tmp_path: Path) -> None:
    cells = {"A1": "gpu", "B1": "price", "A2": "H100", "B2": "=3+0.49"}
    found = calculated(tmp_path, cells, tables=[("P", "S", "A1:B2", ["gpu", "price"])])
    assert found.tables == {"P": [["gpu", "price"], ["H100", 3.49]]}
