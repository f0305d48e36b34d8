"""A user's workbook, recalculated: named values, inputs that are set, and what is refused."""

import datetime
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from tests.workbook.made import calculated, make
from xlmodel.registry import CellError
from xlmodel.workbook import calc
from xlmodel.workbook.files import source_date_epoch
from xlmodel.workbook.formats import is_date, to_iso
from xlmodel.workbook.inputs import hint
from xlmodel.workbook.untrusted import WorkbookError

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
        ("in_gpus", "80%", "out_cost", 0.1 * 670.08),
        ("in_as_of", "", "out_next", 1.0),
        ("in_gpu", "", "out_text", " live: TRUE"),
        ("in_spare", "55.1 %", "out_cost", 670.08),
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


def local_names(path: Path, names: list[tuple[str, int | None, str]]) -> Path:
    """The names of a workbook replaced: each with the number of its sheet, None for all of it."""
    inner = "".join(
        f'<definedName name="{name}"'
        + ("" if at is None else f' localSheetId="{at}"')
        + f">{formula}</definedName>"
        for name, at, formula in names
    )
    return changed(path, "xl/workbook.xml", "<definedNames>", f"<definedNames>{inner}")


def changed(path: Path, part: str, old: str, new: str) -> Path:
    """A copy with a text in one part replaced."""
    out = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(out, "w") as after:
        for info in before.infolist():
            data = before.read(info)
            if info.filename == part:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            after.writestr(info.filename, data)
    return out


TWO = {"S": {"A1": 1, "B1": "=A1*10"}, "T": {"A1": 2, "B1": "=A1*10"}, "U": {"A1": "=in_n"}}


def test_a_copied_sheet_takes_no_name_away(tmp_path: Path) -> None:
    path = local_names(
        make(tmp_path / "made.xlsx", TWO, {"other": "=S!$A$1"}),
        [
            ("in_n", None, "S!$A$1"), ("in_n", 1, "T!$A$1"),
            ("out_n", 1, "T!$B$1"), ("out_n", None, "S!$B$1"),
            ("out_alone", 1, "T!$B$1"),
        ],
    )  # fmt: skip
    found = calc.calculate(path, {"n": 5})
    assert {name: item.value for name, item in found.outputs.items()} == {
        "out_n": 50.0,
        "out_alone": 20.0,
    }
    assert (found.inputs["in_n"].sheet, found.cell("U", "A1")) == ("S", 5.0)
    assert not found.notes
    assert found.values_of("T!in_n") == [2.0]
    assert found.values_of("S!in_n") == found.values_of("made.xlsx!in_n") == [5.0]
    assert found.values_of("in_n", "T") == [2.0]


def test_a_name_that_stands_for_two_cells(tmp_path: Path) -> None:
    path = local_names(
        make(tmp_path / "made.xlsx", TWO, {"out_b": "=S!$B$1"}),
        [("in_n", 0, "S!$A$1"), ("in_n", 1, "T!$A$1")],
    )
    found = calc.calculate(path)
    assert not found.inputs
    assert "in_n stands for two cells (S!$A$1 and T!$A$1)" in found.notes[0]
    with pytest.raises(WorkbookError, match="in_n stands for two cells"):
        calc.calculate(path, {"n": 5})


def test_outputs_without_a_cell_are_noted(tmp_path: Path) -> None:
    names = {
        "out_gone": "=S!#REF!", "out_two": "=S!$A$1:$A$2", "out_const": "=42",
        "check_gone": "=#REF!", "out_fine": "=S!$A$1",
    }  # fmt: skip
    found = calculated(tmp_path, {"A1": "=1+1", "A2": 2}, names)
    assert list(found.outputs) == ["out_fine"]
    assert sorted(found.notes) == [
        "check_gone has lost its cell (#REF!), so it is left out",
        "out_const is 42, not one cell of the workbook, so it is left out",
        "out_gone has lost its cell (#REF!), so it is left out",
        "out_two is S!$A$1:$A$2, not one cell of the workbook, so it is left out",
    ]


def test_a_workbook_that_is_open_in_excel(tmp_path: Path) -> None:
    path = make(tmp_path / "made.xlsx", {"S": {"A1": "=1+1"}}, {"out_a": "=S!$A$1"})
    assert not calc.calculate(path).notes
    (tmp_path / "~$made.xlsx").touch()
    assert calc.calculate(path).notes == [
        "made.xlsx is open in Excel: computed from what was last saved"
    ]


def test_what_the_functions_say_of_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Telling(calc.engine.Session):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self.result.notes = ["a note"]
            self.result.reasons = ["one", "two", "one", "three", "four"]

    monkeypatch.setattr(calc.engine, "Session", Telling)
    cells = {"A1": "=1/0", "A2": 1.0, "A3": "=NOT(A1)"}
    names = {
        "out_a": "=S!$A$1", "out_b": "=S!$A$2", "check_master": "=S!$A$3", "check_a": "=S!$A$1",
    }  # fmt: skip
    assert calculated(tmp_path, cells, names).notes == [
        "a note",
        "out_a is #DIV/0! (and 1 more); calls of our functions that failed: one; two; three",
    ]


def test_dates_that_do_not_exist(tmp_path: Path) -> None:
    found = run(tmp_path, in_as_of="99999999")
    assert found.inputs["in_as_of"].shown == 99999999.0
    assert found.outputs["out_next"].shown == 100000000.0
    assert [to_iso(day, False) for day in (-1.0, 1e300, 2958465.99999999)] == [None] * 3
    assert to_iso(0.5, True) == "1904-01-01T12:00:00"
    assert [is_date(code) for code in ("h:mm", "[$-409]h:mm AM/PM", "yyyy-mm-dd h:mm")] == [
        False,
        False,
        True,
    ]
    with pytest.raises(WorkbookError, match="in_as_of is '1850-01-01', but must be a date"):
        run(tmp_path, in_as_of="1850-01-01")


@pytest.mark.parametrize(
    ("text", "words"), [("x" * 40_000, "40,000 characters"), ("a\udcff", "no character")]
)
def test_texts_that_no_cell_holds(tmp_path: Path, text: str, words: str) -> None:
    for name in ("in_gpu", "in_gpus", "in_spare"):
        with pytest.raises(WorkbookError, match=words):
            run(tmp_path, **{name: text})


@pytest.mark.parametrize("text", ["soon", "-5", "99999999999999999999", "1.5", "²"])
def test_a_wrong_moment_for_reproducible_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    with pytest.raises(WorkbookError, match="SOURCE_DATE_EPOCH is"):
        run(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1722038400")
    assert source_date_epoch() == datetime.datetime(2024, 7, 27, tzinfo=datetime.UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert source_date_epoch() is None


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", 'r="B7"', 'r="B9999999"'),
        ("xl/worksheets/sheet1.xml", 'r="B7"', 'r="ZZZZ7"'),
        ("xl/worksheets/sheet1.xml", 'r="B7"', 'r="XFE7"'),
        ("xl/worksheets/sheet1.xml", 'r="B7"', 'r="?"'),
        ("xl/worksheets/sheet1.xml", 'r="B1"', 'r="B9999999"'),
        ("xl/worksheets/sheet1.xml", 'r="B1"', 'r="ZZZZ1"'),
        ("xl/worksheets/sheet1.xml", '<row r="7"', '<row t="" r="q"'),
        ("xl/worksheets/sheet1.xml", "B9)</f>", "B9)</f><f>1</f>"),
        ("xl/worksheets/sheet1.xml", "B9)</f>", "B9)&#0;</f>"),
        ("xl/worksheets/sheet1.xml", 't="s"', 't="zz"'),
        ("xl/worksheets/sheet1.xml", 's="1"', 's="q"'),
        ("xl/styles.xml", 'numFmtId="', 'numFmtId="q'),
        ("xl/workbook.xml", "<definedName ", '<definedName localSheetId="x" '),
        ("xl/workbook.xml", 'r:id="rId1"', 'r:id="rId99"'),
        ("xl/_rels/workbook.xml.rels", "sheet1.xml", "sheet9.xml"),
        ("xl/sharedStrings.xml", "</si>", ""),
        ("xl/tables/table1.xml", 'ref="', 'headerRowCount="x" ref="'),
        ("xl/tables/table1.xml", 'ref="', 'ref="!'),
    ],
)
def test_a_damaged_workbook_is_said_to_be(tmp_path: Path, part: str, old: str, new: str) -> None:
    table = ("P", "S", "F1:G2", ["gpu", "price"])
    path = changed(make(tmp_path / "made.xlsx", {"S": CELLS}, NAMES, [table]), part, old, new)
    with pytest.raises(WorkbookError, match="is damaged") as caught:
        assert calc.calculate(path, {"gpus": 2}).inputs
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("in_gpuss", "1", "did you mean in_gpus"),
        ("utterly_else", "1", "the inputs are in_as_of, in_gpu,"),
        ("out_cost", "1", "holds a formula"),
        ("column", "1", "is a range"),
        ("in_constant", "1", "not the name of a cell"),
        ("in_gpus", "many", "a number such as 0.85"),
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


def test_of_many_names_the_first_are_named_and_where_the_others_are() -> None:
    known = [f"in_{letter}" for letter in "abcdefghij"]
    assert hint("utterly_else", known) == (
        "; the inputs are in_a, in_b, in_c, in_d, in_e, in_f, in_g, in_h and 2 more, which "
        "`xlmodel calc --json` lists"
    )
    assert hint("utterly_else", known[:8]).endswith("in_g, in_h")


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
    with pytest.raises(WorkbookError, match="in_x is blank, but must be"):
        with_rule(path, {**rule, "allow_blank": False}, {"x": ""})
    assert with_rule(path, {**rule, "allow_blank": True}, {"x": ""}).inputs["in_x"].value is None


def with_rule(path: Path, rule: dict[str, Any], inputs: dict[str, str]) -> calc.Calculation:
    """The workbook recalculated with another validation on A1."""
    book = openpyxl.load_workbook(path)
    validation = DataValidation(**rule)
    book["S"].data_validations.dataValidation = [validation]
    validation.add("A1")
    book.save(path)
    book.close()
    return calc.calculate(path, inputs)


@pytest.mark.parametrize(
    "operator",
    ["between", "notBetween", "equal", "notEqual", "greaterThan", "lessThan",
     "greaterThanOrEqual", "lessThanOrEqual"],
)  # fmt: skip
def test_a_limit_that_cannot_be_read_limits_nothing(tmp_path: Path, operator: str) -> None:
    path = make(tmp_path / "v.xlsx", {"S": {"A1": 1}}, {"in_x": "=S!$A$1"})
    rule = {"type": "decimal", "operator": operator, "formula1": "2*D1", "formula2": "SUM(D1)"}
    assert with_rule(path, rule, {"x": "3"}).inputs["in_x"].value == 3.0


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
    assert [found.outputs[name].evaluated for name in ("out_a", "out_b")] == [False, True]


def test_tables(tmp_path: Path) -> None:
    cells = {"A1": "gpu", "B1": "price", "A2": "H100", "B2": "=3+0.49"}
    found = calculated(tmp_path, cells, tables=[("P", "S", "A1:B2", ["gpu", "price"])])
    assert found.tables == {"P": [["gpu", "price"], ["H100", 3.49]]}
