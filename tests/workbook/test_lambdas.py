"""``xlmodel addin lambda``: our functions as names in a workbook of the user's own."""

import zipfile
from pathlib import Path

import ironcalc
import openpyxl
import pytest
import xlsxwriter
from openxml_audit import FileFormat, OpenXmlValidator

from xlmodel.hosts import native
from xlmodel.registry import functions
from xlmodel.workbook import lambdas, respell
from xlmodel.workbook.untrusted import WorkbookError


def own(path: Path, *names: tuple[str, str]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Mine")
    for name, meaning in names:
        book.define_name(name, meaning)
    sheet.write_dynamic_array_formula("A1:A1", "=NODE_COST(8,3.49)", None, 670.08)
    sheet.write_comment("B1", "keep me")
    book.close()
    return path


def test_another_lambda_of_the_same_name_is_told(tmp_path: Path) -> None:
    source = own(tmp_path / "own.xlsx", ("NODE_COST", "=_xlfn.LAMBDA(_xlpm.x,2*_xlpm.x)"))
    for edition in ("lambda", "calc"):
        (note,) = respell.copy(source, edition).notes
        assert note.endswith("which differ: NODE_COST (_xlfn.LAMBDA(_xlpm.x,2*_xlpm.x))")
    again = respell.copy(tmp_path / "own-lambda.xlsx", "lambda", tmp_path / "again.xlsx")
    assert again.notes == []


@pytest.mark.parametrize(
    "names",
    [(), (("my_rate", "=3.49"),), (("node_cost", "=_xlfn.LAMBDA(_xlpm.x,0)"),)],
    ids=["no names", "a name of the user's", "an older version of ours"],
)
def test_the_functions_work_and_the_rest_stays(
    tmp_path: Path, names: tuple[tuple[str, str], ...]
) -> None:
    source = own(tmp_path / "own.xlsx", *names)
    out = respell.copy(source, "lambda", tmp_path / "out.xlsx").path
    model = ironcalc.load_from_xlsx(str(out), "en", "UTC", "en")
    model.evaluate()
    assert model.get_cell_value(0, 1, 1) == pytest.approx(670.08)
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(out) as after:
        assert before.namelist() == after.namelist()
        for part in before.namelist():
            assert part == "xl/workbook.xml" or before.read(part) == after.read(part)
    found = openpyxl.load_workbook(out).defined_names
    assert {f.name for f in functions().values() if native.has_twin(f)} <= set(found)
    assert ("my_rate" in found) == (names[:1] == (("my_rate", "=3.49"),))
    assert OpenXmlValidator(FileFormat.OFFICE_2019).validate(str(out)).errors == []


def test_twice_is_the_same_as_once(tmp_path: Path) -> None:
    once = respell.copy(own(tmp_path / "own.xlsx"), "lambda", tmp_path / "once.xlsx").path
    twice = respell.copy(once, "lambda", tmp_path / "twice.xlsx").path
    assert once.read_bytes() == twice.read_bytes()


def test_a_name_of_the_users_is_never_replaced(tmp_path: Path) -> None:
    source = own(tmp_path / "own.xlsx", ("Node_Cost", "=Mine!$C$1"))
    with pytest.raises(WorkbookError, match=r"has a name Node_Cost of its own.*Mine!\$C\$1"):
        respell.copy(source, "lambda", tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    source = own(tmp_path / "own.xlsx")
    with pytest.raises(WorkbookError, match="exists already"):
        respell.copy(source, "lambda", source)
    with pytest.raises(WorkbookError, match=r"must end in \.xlsx"):
        respell.copy(source, "lambda", tmp_path / "out.xlsm")
    assert respell.copy(source, "lambda", source, force=True).path == source


def test_another_prefix_is_kept() -> None:
    xml = lambdas.with_names("own.xlsx", b'<x:workbook xmlns:x="m"><x:sheets/></x:workbook>')
    first = next(iter(native.defined_names()))
    assert f'<x:sheets/><x:definedNames><x:definedName name="{first}">'.encode() in xml
    assert lambdas.without_names(xml) == b'<x:workbook xmlns:x="m"><x:sheets/></x:workbook>'


@pytest.mark.parametrize("text", ["<![CDATA[LAMBDA(x,1)]]>", "LAMBDA(<!-- -->x,1)"])
def test_a_name_in_an_unusual_form_is_refused(text: str) -> None:
    xml = f'<workbook><definedNames><definedName name="NODE_COST">{text}</definedName>'
    with pytest.raises(WorkbookError, match="definedName in an unusual form"):
        lambdas.without_names(f"{xml}</definedNames></workbook>".encode())
