"""xlwings' VBA project, and the settings by which it finds our module."""

import io
import re
import subprocess
import sys
import zipfile
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path

import pytest

from xlmodel.hosts.excel import project


def quickstart() -> zipfile.ZipFile:
    """The workbook in the installed xlwings, found without the code under test."""
    (path,) = (
        path for path in distribution("xlwings").files or () if path.name == "quickstart.xlsm"
    )
    return zipfile.ZipFile(io.BytesIO(Path(str(path.locate())).read_bytes()))


def test_the_project_is_xlwings_own_byte_for_byte() -> None:
    assert project.vba_project() == quickstart().read("xl/vbaProject.bin")


def test_the_code_names_are_those_of_the_project() -> None:
    import olefile

    with olefile.OleFileIO(project.vba_project()) as ole:
        text = ole.openstream("PROJECT").read().decode("latin-1")
        streams = {"/".join(path) for path in ole.listdir()}
    documents = re.findall(r"^Document=(\w+)/", text, re.MULTILINE)
    names = project.code_names(["First", "Second", "Third", project.SHEET])
    assert set(documents) == {project.BOOK_CODE_NAME, names["First"], names[project.SHEET]}
    assert {f"VBA/{name}" for name in documents} <= streams
    assert len(set(names.values())) == len(names)


def test_the_settings_sheet_is_the_one_that_xlwings_calls_so() -> None:
    """In xlwings' template the sheet of that code name holds the settings, and its key is there."""
    parts = quickstart()
    book = parts.read("xl/workbook.xml").decode()
    assert [name.lstrip("_") for name in re.findall(r'<sheet name="([^"]+)"', book)][1:] == [
        project.SHEET
    ]
    assert project.code_names(["a", project.SHEET])[project.SHEET] == "Sheet2"
    assert 'codeName="Sheet2"' in parts.read("xl/worksheets/sheet2.xml").decode()
    keys = re.findall(r"<t>([^<]+)</t>", parts.read("xl/sharedStrings.xml").decode())
    assert {key for key, _ in project.settings()} <= set(keys)


def test_the_module_that_is_named_is_ours() -> None:
    (module,) = (value for key, value in project.settings() if key == "UDF Modules")
    assert callable(import_module(module).NODE_COST)


def test_reading_the_settings_imports_no_xlwings() -> None:
    """The builder of all editions imports this module; xlwings takes a third of a second."""
    code = "import sys; import xlmodel.hosts.excel.project; assert 'xlwings' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("sheets", [["xlwings.conf", "A"], ["A", "B", "xlwings.conf"]])
def test_code_names_are_distinct(sheets: list[str]) -> None:
    names = project.code_names(sheets)
    assert list(names) == sheets
    assert len(set(names.values())) == len(sheets)
