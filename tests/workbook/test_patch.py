"""A recalculated copy differs from its workbook in values only."""

import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter

from tests.workbook.made import calculated, make
from xlmodel.workbook import calc
from xlmodel.workbook.charts import patched_chart
from xlmodel.workbook.untrusted import WorkbookError
from xlmodel.workbook.xmltext import from_xml

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
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


TEXTS = [
    "a\x01b",
    "_x0041_",
    " x ",
    "line\r\nend",
    "<&>\t",
    "_x005F_x0041_",
    "é\U0001f600",
]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_survive_a_copy(tmp_path: Path, text: str) -> None:
    cells = {"A1": "old", "B1": '=A1&""', "B2": '=A1&CHAR(1)&"_x0042_"'}
    found = calculated(tmp_path, cells, {"in_t": "=S!$A$1", "out_t": "=S!$B$1"}, in_t=text)
    out = calc.save(found, tmp_path / "out.xlsx")
    again = calc.calculate(out)
    assert again.cell("S", "A1") == again.cell("S", "B1") == text
    assert again.cell("S", "B2") == text + "\x01_x0042_"
    sheet = parts(out)["xl/worksheets/sheet1.xml"]
    cached = [e.text or "" for e in ElementTree.fromstring(sheet).iter(f"{{{MAIN}}}v")]
    assert [from_xml(value) for value in cached] == [text, text + "\x01_x0042_"]


def test_coded_characters_are_read_in_every_kind_of_cell(tmp_path: Path) -> None:
    path = make(tmp_path / "made.xlsx", {"S": {"A1": "x", "B1": "=LEN(A1)"}})
    for cell in (
        b'<c r="A1" t="str"><v>_x0041__x005F_x0041_</v></c>',
        b'<c r="A1" t="inlineStr"><is><t>_x0041__x005F_x0041_</t></is></c>',
    ):
        coded = tmp_path / "coded.xlsx"
        with zipfile.ZipFile(coded, "w") as archive:
            for name, data in parts(path).items():
                archive.writestr(name, re.sub(rb'<c r="A1".*?</c>', cell, data))
        assert calc.calculate(coded).cell("S", "A1") == "A_x0041_"
        assert calc.calculate(coded).cell("S", "B1") == 8.0


def test_a_text_too_long_for_a_cell_is_an_error_in_the_file(tmp_path: Path) -> None:
    found = calculated(tmp_path, {"A1": '=REPT("ab",16383)', "A2": '=A1&"abc"'})
    out = values(calc.save(found, tmp_path / "out.xlsx"))
    assert (len(out["A1"]), out["A2"]) == (32_766, "#VALUE!")


@pytest.mark.parametrize("stored", [
    b't="s"><v>0</v></c>', b't="inlineStr"><is><t>x</t></is></c>', b"><v>7</v></c>",
])  # fmt: skip
def test_a_cleared_input_is_blank_in_the_copy(tmp_path: Path, stored: bytes) -> None:
    path = make(tmp_path / "made.xlsx", {"S": {"A1": "x"}}, {"in_x": "=S!$A$1"})
    given = tmp_path / "given.xlsx"
    with zipfile.ZipFile(given, "w") as archive:
        for name, data in parts(path).items():
            archive.writestr(name, re.sub(rb'(<c r="A1").*?</c>', rb"\1 " + stored, data))
    assert calc.calculate(given).cell("S", "A1") is not None
    out = calc.save(calc.calculate(given, {"x": ""}), tmp_path / "out.xlsx")
    assert values(out) == {}


def test_the_mode_and_a_link_stay(tmp_path: Path) -> None:
    found, out = saved(tmp_path)
    (tmp_path / "new.txt").touch()
    assert out.stat().st_mode == (tmp_path / "new.txt").stat().st_mode
    out.chmod(0o640)
    (tmp_path / "there").mkdir()
    link = tmp_path / "there" / "link.xlsx"
    link.symlink_to(out)
    before = out.stat().st_ino
    assert calc.save(found, link, force=True) == link
    assert link.is_symlink()
    assert (out.stat().st_mode & 0o777, out.stat().st_ino != before) == (0o640, True)


def test_a_chart_keeps_texts_as_coded(tmp_path: Path) -> None:
    xml = b'<c:f>S!$A$1</c:f><c:strCache><c:ptCount val="1"/></c:strCache>'
    assert b"<c:v>a_x000D__x005F_x0041_</c:v>" in patched_chart(xml, lambda _: ["a\r_x0041_"])


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
    assert not list(tmp_path.glob(".*"))
