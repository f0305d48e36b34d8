"""A recalculated copy differs from its workbook in values only."""

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from tests.workbook.made import calculated, make
from xlmodel.workbook import calc
from xlmodel.workbook.package import WorkbookError

CELLS: dict[str, Any] = {
    "A1": 8,
    "A2": 3.49,
    "A3": "H100",
    "B1": "=NODE_COST(A1,A2)",
    "B2": "=B1>100",
    "B3": '=A3&" <&> "',
    "B4": "=1/0",
    "B5": "=A1*0",
    "D1": "#=_xlfn.SEQUENCE(A1)",
}
NAMES = {"in_gpus": "=S!$A$1", "in_gpu": "=S!$A$3", "out_cost": "=S!$B$1"}


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def saved(folder: Path, **inputs: str | float) -> tuple[calc.Calculation, Path]:
    found = calculated(folder, CELLS, NAMES, **inputs)
    return found, calc.save(found, folder / "out.xlsx", force=True)


def values(path: Path) -> dict[str, Any]:
    book = openpyxl.load_workbook(path, data_only=True)
    found = {c.coordinate: c.value for row in book["S"] for c in row if c.value is not None}
    book.close()
    return found


def test_values_get_their_types(tmp_path: Path) -> None:
    _, out = saved(tmp_path)
    found = values(out)
    assert found.pop("B1") == pytest.approx(670.08)
    assert found == {
        "A1": 8, "A2": 3.49, "A3": "H100", "B2": True, "B3": "H100 <&> ", "B4": "#DIV/0!", "B5": 0,
        **{f"D{r}": r for r in range(1, 9)},
    }  # fmt: skip
    sheet = parts(out)["xl/worksheets/sheet1.xml"].decode()
    assert '<c r="B2" t="b"><f>B1&gt;100</f><v>1</v></c>' in sheet
    assert '<c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c>' in sheet
    assert '<f t="array" ref="D1:D8">' in sheet
    assert '<dimension ref="A1:D8"/>' in sheet


def test_set_inputs_are_in_the_copy_and_arrays_shrink(tmp_path: Path) -> None:
    first, out = saved(tmp_path)
    again = calc.calculate(out, {"gpus": "2", "gpu": " H200 & co"})
    calc.save(again, tmp_path / "two.xlsx")
    found = values(tmp_path / "two.xlsx")
    assert (found["A1"], found["A3"], found["D2"]) == (2, " H200 & co", 2)
    assert "D3" not in found
    assert calc.calculate(tmp_path / "two.xlsx").formulas == again.formulas
    assert first.formulas != again.formulas


def test_a_second_calculation_changes_no_byte(tmp_path: Path) -> None:
    _, out = saved(tmp_path)
    again = calc.save(calc.calculate(out), tmp_path / "again.xlsx")
    assert parts(again) == parts(out)


def test_a_cell_without_a_value_loses_the_old_one(tmp_path: Path) -> None:
    path = make(tmp_path / "made.xlsx", {"S": {"A1": "=FOO(1)", "A2": "=A1+1", "A3": "=2*3"}})
    found = calc.calculate(path)
    assert values(calc.save(found, tmp_path / "out.xlsx")) == {"A3": 6}


def everything(path: Path) -> Path:
    """A workbook with a chart, comments, validation, a macro project and parts of its own."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("S")
        book.add_worksheet("Other").write("A1", "untouched")
        bold = book.add_format({"bold": True, "num_format": "0.00"})
        for row in range(5):
            page.write(row, 0, row + 1)
            page.write_formula(row, 1, f"=NODE_COST(A{row + 1},1)", bold, 0)
        page.write_string("D1", "text")
        page.write_comment("A1", "a comment")
        page.data_validation("A1", {"validate": "decimal", "criteria": ">=", "value": 0})
        page.conditional_format("B1:B5", {"type": "data_bar"})
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=S!$B$1:$B$5", "categories": "=S!$A$1:$A$5"})
        chart.add_series({"values": "=Other!$A$1:$A$5"})
        page.insert_chart("F1", chart)
        book.define_name("in_first", "=S!$A$1")
        book.define_name("out_last", "=S!$B$5")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", bytes(range(256)))
        archive.writestr("customXml/own.xml", "<own/>")
    return path


def test_everything_else_keeps_its_bytes(tmp_path: Path) -> None:
    path = everything(tmp_path / "all.xlsm")
    out = calc.save(calc.calculate(path, {"first": "10"}), tmp_path / "out.xlsm")
    before, after = parts(path), parts(out)
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/charts/chart1.xml"}
    plain = [re.sub(rb"<v>[^<]*</v>", b"", p["xl/worksheets/sheet1.xml"]) for p in (before, after)]
    assert plain[0] == plain[1]
    chart = after["xl/charts/chart1.xml"].decode()
    points = re.findall(r'<c:pt idx="\d"><c:v>([^<]*)</c:v></c:pt>', chart)
    assert points == ["10", "2", "3", "4", "5", "240", "48", "72", "96", "120"]


def test_a_sheet_in_an_unusual_form_is_not_damaged(tmp_path: Path) -> None:
    path = make(tmp_path / "made.xlsx", {"S": {"A1": "=1+1"}})
    odd = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(odd, "w") as archive:
        for name, data in parts(path).items():
            archive.writestr(name, data.replace(b'<c r="A1">', b'<c  r="A1">'))
    found = calc.calculate(odd)
    assert found.cell("S", "A1") == 2.0
    with pytest.raises(WorkbookError, match="unusual form"):
        calc.save(found, tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_a_blank_input_on_an_empty_sheet(tmp_path: Path) -> None:
    path = make(tmp_path / "made.xlsx", {"S": {}, "T": {"A1": "=in_x*2"}}, {"in_x": "=S!$C$3"})
    out = calc.save(calc.calculate(path, {"x": "4"}), tmp_path / "out.xlsx")
    assert values(out) == {"C3": 4}
    assert calc.calculate(out).cell("T", "A1") == 8.0


def test_what_stands_in_the_way_of_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, out = saved(tmp_path)
    before = out.read_bytes()
    cases = {
        "out.xlsx": "--force",
        "out.xlsm": "must end in .xlsx",
        "no/such/out.xlsx": "no such folder",
        "folder.xlsx": "is a folder",
        "open.xlsx": "is open in Excel",
    }
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "~$open.xlsx").touch()
    for name, words in cases.items():
        with pytest.raises(WorkbookError, match=words):
            calc.save(found, tmp_path / name)
    for number, words in ((28, "disk is full"), (30, "read-only"), (13, "you may not write there")):

        def fail(*_: object, number: int = number, **__: object) -> None:
            raise OSError(number, "an error")

        with monkeypatch.context() as patch:
            patch.setattr(zipfile.ZipFile, "writestr", fail)
            with pytest.raises(WorkbookError, match=words):
                calc.save(found, out, force=True)
    assert out.read_bytes() == before
    assert not list(tmp_path.glob(".out*"))
