"""Every edition: the same cells with the same calls, stored figures, a file that is in order."""

import datetime
import filecmp
import re
import zipfile
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.formula import ArrayFormula
from openxml_audit import FileFormat, OpenXmlValidator

from tests.conftest import Convert
from tests.workbook import inlined
from tests.workbook.lambdas import COMMITTED
from xlmodel.cli import main
from xlmodel.hosts import native
from xlmodel.hosts.engine import function_name
from xlmodel.hosts.excel import project
from xlmodel.hosts.syntax import tokens
from xlmodel.registry import functions
from xlmodel.workbook import build, calc, template
from xlmodel.workbook.template.editions import EDITIONS, Edition
from xlmodel.workbook.template.entry import CASES

# What the validator reports on the committed files; nothing so far.
AUDIT_BASELINE: set[str] = set()
ALL = list(EDITIONS.values())
WITH_PYTHON = [edition for edition in ALL if edition.python]
ALL_CELLS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


class Formula(NamedTuple):
    text: str
    stored: str
    dynamic: bool
    value: object


def formulas(edition: Edition) -> dict[tuple[str, str], Formula]:
    """The formulas of the committed file, with calls as the edition spells them and plain."""
    path = COMMITTED / edition.file
    book, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    found = {}
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            dynamic = isinstance(cell.value, ArrayFormula)
            stored = cell.value.text if dynamic else cell.value
            if isinstance(stored, str) and stored.startswith("="):
                plain = "".join(
                    function_name(word.text) if word.kind == "call" else word.text
                    for word in tokens(stored)
                )
                plain = plain.replace(edition.table, "[#All]")
                value = values[sheet.title][cell.coordinate].value
                found[sheet.title, cell.coordinate] = Formula(plain, stored, dynamic, value)
    return found


def called(formula: str) -> set[str]:
    words = {word.text.upper() for word in tokens(formula) if word.kind == "call"}
    return words & functions().keys()


@pytest.mark.parametrize("edition", WITH_PYTHON, ids=lambda e: e.name)
def test_the_same_cell_holds_the_same_call(edition: Edition) -> None:
    with_python = formulas(WITH_PYTHON[0])
    assert {at: f.text for at, f in formulas(edition).items()} == {
        at: f.text for at, f in with_python.items()
    }


def test_only_what_no_formula_can_express_is_absent_without_python() -> None:
    bare, full = formulas(EDITIONS["lambda"]), formulas(WITH_PYTHON[0])
    absent = full.keys() - bare.keys()
    assert {at: f.text for at, f in bare.items()} == {
        at: f.text for at, f in full.items() if at not in absent
    }
    assert {sheet for sheet, _ in absent} == {"Explain"}
    for at in absent:
        assert any(not native.has_twin(functions()[name]) for name in called(full[at].text)), at
    for formula in bare.values():
        assert all(native.has_twin(functions()[name]) for name in called(formula.text))
    banner = openpyxl.load_workbook(COMMITTED / EDITIONS["lambda"].file)["Explain"]["B5"].value
    assert banner.startswith("No Python stands behind this edition")


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.name)
def test_calls_are_spelled_as_the_host_reads_them(edition: Edition) -> None:
    calls = 0
    for formula in formulas(edition).values():
        for name in called(formula.text):
            assert re.search(rf"(?<![\w.]){re.escape(edition.spelled(name))}\(", formula.stored)
            assert formula.dynamic == edition.dynamic
            calls += 1
    assert calls > 80


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.name)
def test_every_formula_has_a_stored_value_and_none_is_an_error(edition: Edition) -> None:
    found = formulas(edition)
    assert len(found) > 1_300
    for at, formula in found.items():
        assert formula.value is not None, at
        assert not str(formula.value).startswith("#"), at
    values = openpyxl.load_workbook(COMMITTED / edition.file, data_only=True)
    sheet, _, cell = template.workbook(edition).names["out_margin"].rpartition("!")
    assert values[sheet][cell.replace("$", "")].value == pytest.approx(128.256)


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.name)
def test_the_validator_finds_nothing(edition: Edition) -> None:
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365)
    result = validator.validate(str(COMMITTED / edition.file))
    assert {str(error) for error in result.errors} <= AUDIT_BASELINE


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.name)
def test_libreoffice_and_the_engine_agree_on_every_cell_in_every_case(
    edition: Edition, case: str, tmp_path: Path, libreoffice: Convert
) -> None:
    suffix = Path(edition.file).suffix
    engine = calc.calculate(COMMITTED / edition.file, scenario=case)
    calc.save(engine, tmp_path / f"case{suffix}")
    inlined.write_copy(tmp_path / f"case{suffix}", tmp_path / f"copy{suffix}")
    made = libreoffice(tmp_path / f"copy{suffix}", suffix[1:])
    values = openpyxl.load_workbook(made, data_only=True)
    assert len(engine.formulas) > 4_000
    for (sheet, address), want in engine.formulas.items():
        got = values[sheet][address].value
        if isinstance(got, datetime.datetime | datetime.time):
            got = to_excel(got)
        if isinstance(want, float):
            assert got == pytest.approx(want, rel=1e-9, abs=1e-9), (sheet, address)
        else:
            assert got == want, (sheet, address)


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.name)
def test_the_engine_reads_each_spelling(
    edition: Edition, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(COMMITTED / edition.file)
    assert main(["calc", path, "--set", "in_utilization=0.5"]) == 0
    assert "-270.912 USD/day" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.name)
def test_where_the_functions_are_missing_each_head_says_so(
    edition: Edition, libreoffice: Convert
) -> None:
    """In LibreOffice without the extension, which recalculates, and 7.4 knows no LAMBDA."""
    made = libreoffice(COMMITTED / edition.file, "xlsx")
    for sheet in openpyxl.load_workbook(made, data_only=True).worksheets:
        if sheet.title == project.SHEET:
            continue
        head = [cell.value for cell in sheet[3]]
        assert "The functions are missing: see About" in head, sheet.title
        assert "Founding case, July 2024" in head, sheet.title


def test_a_failing_check_is_told_at_the_head_of_a_frozen_copy(tmp_path: Path) -> None:
    out = tmp_path / "frozen.xlsx"
    words = ["calc", str(COMMITTED / "node_margin.xlsx"), "--set", "in_share_spot=0.5", "--freeze"]
    assert main([*words, "-o", str(out)]) == 1
    place = calc.place_of(template.workbook().names["status_text"])
    assert place
    status = calc.calculate(out).cell(place.sheet, f"E{place.top}")
    assert status == "A check fails: see sheet Checks"


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.name)
def test_new_writes_each_edition(
    edition: Edition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"mine{Path(edition.file).suffix}"
    assert main(["new", str(path), "--edition", edition.name]) == 0
    assert filecmp.cmp(path, COMMITTED / edition.file, shallow=False)
    assert edition.about in capsys.readouterr().out


def test_the_suffix_chooses_where_no_edition_is_named(tmp_path: Path) -> None:
    path = build.new(tmp_path / "mine.xlsm")
    with zipfile.ZipFile(path) as archive:
        assert "xl/vbaProject.bin" in archive.namelist()
