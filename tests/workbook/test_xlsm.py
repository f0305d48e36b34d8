"""The edition for Excel with xlwings: what makes it a workbook with xlwings' VBA project."""

import io
import re
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

import xlmodel
from xlmodel.hosts.excel import project, vba

FILE = Path(xlmodel.__file__).parent.parent / "workbooks" / "node_margin.xlsm"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
VBA = "application/vnd.ms-office.vbaProject"
VBA_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"


@pytest.fixture(scope="module")
def parts() -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(FILE) as archive:
        yield archive


def xml(parts: zipfile.ZipFile, name: str) -> Element:
    return fromstring(parts.read(name))


def relations(parts: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """Type and target of what the workbook refers to, by id."""
    found = xml(parts, "xl/_rels/workbook.xml.rels")
    return {r.attrib["Id"]: (r.attrib["Type"], r.attrib["Target"]) for r in found}


def sheets(parts: zipfile.ZipFile) -> dict[str, Element]:
    """Each worksheet by its name."""
    targets = relations(parts)
    return {
        sheet.attrib["name"]: xml(parts, f"xl/{targets[sheet.attrib[f'{{{OFFICE}}}id']][1]}")
        for sheet in xml(parts, "xl/workbook.xml").iter(f"{MAIN}sheet")
    }


def code_name(sheet: Element) -> str:
    properties = sheet.find(f"{MAIN}sheetPr")
    assert properties is not None
    return properties.attrib["codeName"]


def test_the_vba_project_is_xlwings_own_byte_for_byte(parts: zipfile.ZipFile) -> None:
    (path,) = (
        path for path in distribution("xlwings").files or () if path.name == "quickstart.xlsm"
    )
    own = zipfile.ZipFile(io.BytesIO(Path(str(path.locate())).read_bytes()))
    assert parts.read("xl/vbaProject.bin") == own.read("xl/vbaProject.bin")


def test_the_content_types_are_those_of_a_macro_workbook(parts: zipfile.ZipFile) -> None:
    types = xml(parts, "[Content_Types].xml")
    overrides = {t.get("PartName"): t.attrib["ContentType"] for t in types if t.get("PartName")}
    defaults = {t.get("Extension"): t.attrib["ContentType"] for t in types if t.get("Extension")}
    assert overrides["/xl/workbook.xml"] == MACRO
    assert overrides.get("/xl/vbaProject.bin", defaults.get("bin")) == VBA
    assert (VBA_RELATION, "vbaProject.bin") in relations(parts).values()


def test_the_code_names_match_the_project(parts: zipfile.ZipFile) -> None:
    import olefile

    with olefile.OleFileIO(parts.read("xl/vbaProject.bin")) as ole:
        text = ole.openstream("PROJECT").read().decode("latin-1")
    documents = set(re.findall(r"^Document=(\w+)/", text, re.MULTILINE))
    book = xml(parts, "xl/workbook.xml").find(f"{MAIN}workbookPr")
    assert book is not None
    names = {name: code_name(sheet) for name, sheet in sheets(parts).items()}
    assert {book.attrib["codeName"], *names.values()} >= documents
    assert book.attrib["codeName"] == "ThisWorkbook"
    assert names[project.SHEET] == "Sheet2"
    assert next(iter(names.values())) == "Sheet1"
    assert len(set(names.values())) == len(names)


def test_xlwings_finds_our_module(parts: zipfile.ZipFile) -> None:
    """The settings as xlwings reads them: from A1 down, key beside value."""
    strings = [
        "".join(text.text or "" for text in item.iter(f"{MAIN}t"))
        for item in xml(parts, "xl/sharedStrings.xml").iter(f"{MAIN}si")
    ]
    cells = {
        cell.attrib["r"]: strings[int(cell.findtext(f"{MAIN}v") or "")]
        for cell in sheets(parts)[project.SHEET].iter(f"{MAIN}c")
        if cell.get("t") == "s"
    }
    assert (cells["A1"], cells["B1"]) == ("UDF Modules", vba.MODULE)
    assert "A2" not in cells


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # olevba's use of its own parser
def test_olevba_reads_it_and_finds_nothing_that_runs_by_itself() -> None:
    from oletools.olevba import VBA_Parser

    parser = VBA_Parser(str(FILE))
    try:
        assert parser.detect_vba_macros()
        modules = {name for _, _, name, _ in parser.extract_macros()}
        assert modules == {"ThisWorkbook.cls", "Sheet1.cls", "Sheet2.cls", "Module1.bas"}
        kinds = {kind for kind, _, _ in parser.analyze_macros()}
    finally:
        parser.close()
    assert "AutoExec" not in kinds
