"""Whatever is wrong with a file is said in one sentence."""

import hashlib
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.workbook.made import make
from xlmodel.workbook import calc, package, untrusted
from xlmodel.workbook.book import load
from xlmodel.workbook.sheetxml import canonical, scan, stored_cell
from xlmodel.workbook.untrusted import WorkbookError

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return make(
        tmp_path / "good.xlsx",
        {"Data": {"A1": "x", "B2": '=A1&"<&>"', "B3": '=A2&"<&>"'}, "My sheet": {"A1": 1}},
        {"in_x": "=Data!$A$1", "rate": "=0.25", "'My sheet'!local": "='My sheet'!$A$1"},
        [("T", "Data", "D1:E3", ["a", "b"])],
    )


def changed(path: Path, part: str, change: bytes | None, copy: str = "changed.xlsx") -> Path:
    """A copy with one part replaced, or left out."""
    out = path.with_name(copy)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info.filename, old.read(info))
            elif change is not None:
                new.writestr(part, change)
    return out


def refusal(path: Path) -> str:
    with pytest.raises(WorkbookError) as caught:
        load(package.read(path))
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_what_a_workbook_holds_is_found(good: Path) -> None:
    found = package.read(good)
    assert [sheet.name for sheet in found.sheets] == ["Data", "My sheet"]
    assert {(n.name, n.sheet): n.formula for n in found.names} == {
        ("in_x", ""): "Data!$A$1",
        ("rate", ""): "0.25",
        ("local", "My sheet"): "'My sheet'!$A$1",
    }
    table = found.tables[0]
    assert (table.name, table.sheet, table.columns) == ("T", "Data", ("a", "b"))
    assert (table.top, table.left, table.bottom, table.right) == (1, 4, 3, 5)
    assert load(found).sheets[0].columns == {2: ([2, 3], ['A1&"<&>"', 'A2&"<&>"'])}


def test_a_missing_file(tmp_path: Path) -> None:
    assert "there is no file" in refusal(tmp_path / "missing.xlsx")


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not an Excel workbook"),
        (b"name,value\n", "is not an Excel workbook"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "is encrypted"),
        (OLE + b"\0" * 600, "old .xls format"),
        (b"PK\x03\x04 and then nothing", "is damaged or not an Excel workbook"),
    ],
)
def test_a_file_that_is_no_workbook(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    assert words in refusal(path)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "is not an Excel workbook" in refusal(path)


def test_a_truncated_file(good: Path) -> None:
    good.write_bytes(good.read_bytes()[:-200])
    assert "is damaged or not an Excel workbook" in refusal(good)


def test_a_path_without_a_file_behind_it(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="give the name of a workbook"):
        package.read("")
    assert refusal(tmp_path) == f"{tmp_path} is a folder, not a workbook"
    with pytest.raises(WorkbookError, match="can't be read"):
        package.read("a\0b.xlsx")
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        assert f"{path} is not a regular file" in refusal(path)


def test_the_hash_is_of_what_was_read(good: Path) -> None:
    data = good.read_bytes()
    found = package.read(good)
    good.write_bytes(b"another one")
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.parts["xl/styles.xml"]


def test_a_damaged_part(good: Path) -> None:
    data = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as archive:
        start = archive.getinfo("xl/workbook.xml").header_offset + 60
    data[start : start + 40] = b"\xff" * 40
    good.write_bytes(data)
    assert "is damaged" in refusal(good)


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        ("xl/workbook.xml", b"<workbook", "not well-formed"),
        ("xl/workbook.xml", None, "is not an Excel workbook"),
        ("xl/tables/table1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "not safe"),
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "not safe"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>", "damaged"),
        ("xl/worksheets/sheet1.xml", None, "it has no part for the sheet Data"),
        ("xl/tables/table1.xml", None, "it has no part xl/tables/table1.xml"),
        *(
            (part, data, "is not in UTF-8")
            for part in ("xl/worksheets/sheet1.xml", "xl/tables/table1.xml")
            for data in (
                '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16"),
                "<!DOCTYPE x><x/>".encode("utf-16-be"),
                b'<?xml version="1.0" encoding="cp037"?>' + "<!DOCTYPE x><x/>".encode("cp037"),
                b"<x>\xff</x>",
            )
        ),
    ],
)
def test_a_part_that_is_wrong(good: Path, part: str, change: bytes | None, words: str) -> None:
    assert words in refusal(changed(good, part, change))


def test_a_bomb_is_not_unpacked(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "_SMALL", 1024)
    assert "too large" in refusal(changed(good, "xl/theme/theme1.xml", b"\0" * 10**6, "b.xlsx"))


def test_many_small_parts_make_a_bomb(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "_SMALL", 2 * 1024**2)
    with zipfile.ZipFile(good, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(f"xl/media/image{number}.png", b"\0" * 10**6)
    monkeypatch.setattr(untrusted, "_DENSEST", 200)
    assert "too large" in refusal(good)


def test_media_are_read_for_a_copy_only(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(good, "a") as archive:
        archive.writestr("xl/media/image1.png", b"picture")
    read: list[str] = []
    unpack = package.Parts._unpacked

    def noted(parts: package.Parts, info: zipfile.ZipInfo) -> bytes:
        read.append(info.filename)
        return unpack(parts, info)

    monkeypatch.setattr(package.Parts, "_unpacked", noted)
    found = calc.calculate(good)
    assert "xl/worksheets/sheet1.xml" in read
    assert "xl/media/image1.png" not in read
    out = calc.save(found, good.with_name("out.xlsx"))
    with zipfile.ZipFile(out) as archive:
        assert archive.read("xl/media/image1.png") == b"picture"
    assert len(read) == len(set(read))


def test_a_large_file_is_not_read(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "LARGEST_FILE", 1000)
    assert "MB can be read" in refusal(good)


def test_a_file_without_permission(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "no permission" in refusal(good)


def test_a_workbook_that_excel_has_open_can_be_read(good: Path) -> None:
    shutil.copy(good, good.with_name("~$good.xlsx"))
    assert package.read(good).sheets


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def rows(*cells: str, prefix: str = "") -> bytes:
    p = prefix
    inner = f"<{p}row>{''.join(cells)}</{p}row>"
    space = MAIN.replace("xmlns", "xmlns:x") if prefix else MAIN
    return f"<{p}worksheet {space}><{p}sheetData>{inner}</{p}sheetData></{p}worksheet>".encode()


@pytest.mark.parametrize(
    "xml",
    [
        rows('<c r="A1"><f>B1*2</f><v>0</v></c>'),
        rows('<c r="A1"><f>B1*2</f></c>'),
        rows('<c r="A1"><f>B1*2</f><v/></c>'),
        rows('<c r="A1" t="str" ><f>B1*2</f><v></v></c>'),
        rows('<c r="A1">\n <f>B1*2</f>\n <v>1</v>\n</c>'),
        rows('<c s="1" r="A1"><f>B1*2</f><v>0</v></c>'),
        rows("<c><f>B1*2</f><v>0</v></c>"),
        rows('<c r="A1"><v>1</v><f>B1*2</f></c>'),
        rows('<c r="A1"><f><![CDATA[B1*2]]></f><v>0</v></c>'),
        rows('<x:c r="A1"><x:f>B1*2</x:f><x:v>0</x:v></x:c>', prefix="x:"),
        rows('<c r="A1"><f>B1*2</f><!-- a comment --><v>0</v></c>'),
    ],
)
def test_every_form_of_xml_is_read(xml: bytes) -> None:
    found = scan("S", xml)
    assert found.formulas.columns == {1: ([1], ["B1*2"])}
    assert b"<f" not in found.values


def test_shared_formulas_are_written_out() -> None:
    found = scan(
        "S",
        rows(
            '<c r="A1"><f t="shared" ref="A1:B2" si="0">\'Q1\'!C1&amp;"C1"&amp;$D1</f></c>',
            '<c r="B1"><f t="shared" si="0"/></c>',
            '<c r="A2"><f t="shared" si="0"/></c>',
            '<c r="B2"><f t="shared" si="0"></f></c>',
        ),
    )
    assert found.formulas.columns == {
        1: ([1, 2], ["'Q1'!C1&\"C1\"&$D1", "'Q1'!C2&\"C1\"&$D2"]),
        2: ([1, 2], ["'Q1'!D1&\"C1\"&$D1", "'Q1'!D2&\"C1\"&$D2"]),
    }


def test_a_data_table_is_not_evaluated() -> None:
    found = scan("S", rows('<c r="A1"><f t="dataTable" ref="A1:B2" r1="C1"/><v>7</v></c>'))
    assert "data tables" in found.formulas.problems[1, 1]


def test_a_cell_as_it_is_stored() -> None:
    xml = rows('<c r="A1" s="3" t="s"><v>0</v></c><c r="B1" s="4"/><c r="C1"><v>1</v></c>')
    for form in (xml, canonical("S", xml)):
        kinds = [stored_cell("S", form, 1, column) for column in (1, 2, 3, 4)]
        assert kinds == [(3, "text"), (4, "blank"), (0, "number"), (0, "blank")]
