"""The built workbook: the committed file, what is in it, and what other engines make of it."""

import datetime
import filecmp
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from openxml_audit import FileFormat, OpenXmlValidator

import xlmodel
from tests.conftest import missing
from tests.workbook import inlined
from tests.workbook.lambdas import COMMITTED, FILE, PLAN, LambdaEngine, place
from xlmodel.hosts import native
from xlmodel.registry import InputError
from xlmodel.workbook import build
from xlmodel.workbook.template.editions import EDITIONS
from xlmodel.workbook.template.writer import calls_ours

ROOT = COMMITTED.parent
FILES = {edition.file for edition in EDITIONS.values()}
FOUNDING = {
    "out_tokens_per_day": 285_120_000,
    "out_revenue": 798.336,
    "out_cost": 670.08,
    "out_margin": 128.256,
    "out_margin_rate": 0.16065416065416065,
    "out_breakeven_price": 2.350168350168350,
    "out_breakeven_utilization": 0.8393458393458394,
    "out_breakeven_tps": 251.8037518037518,
    "out_gpu_hour_price": 3.49,
    "out_input_price": 2.8,
    "out_output_price": 2.8,
    "out_blended_price": 2.8,
    "out_cost_per_mtok": 2.350168350168350,
}
BRIDGE = [-922, -0.24, 777.6, -57.024, 329.92, 128.256]

UNPROTECTED = {
    *("GPU prices", "Model prices", "Billing terms", "Fleet plan", "Exchange rates"),
    *("Benchmarks", "Budget", "Actuals", "Log"),
}

# What the validator reports on the committed file; nothing so far.
AUDIT_BASELINE: set[str] = set()

Convert = Callable[[Path, str], Path]


class Cell(NamedTuple):
    """A formula cell of the file: the formula and the value stored with it."""

    sheet: str
    address: str
    formula: str
    dynamic: bool
    value: Any


def values_of(path: Path) -> Callable[[str], Any]:
    """The stored value of a named cell."""
    book = openpyxl.load_workbook(path, data_only=True)

    def value(name: str) -> Any:
        sheet, address = place(name)
        return book[sheet][address].value

    return value


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(FILE)


@pytest.fixture(scope="module")
def cells(book: openpyxl.Workbook) -> list[Cell]:
    stored = openpyxl.load_workbook(FILE, data_only=True)
    found = []
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            dynamic = isinstance(cell.value, ArrayFormula)
            text = cell.value.text if dynamic else cell.value
            if isinstance(text, str) and text.startswith("="):
                value = stored[sheet.title][cell.coordinate].value
                found.append(Cell(sheet.title, cell.coordinate, text, dynamic, value))
    return found


@pytest.fixture(scope="module")
def parts() -> dict[str, str]:
    with zipfile.ZipFile(FILE) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


# The build


def test_committed_workbooks_equal_a_fresh_build() -> None:
    assert build.check(COMMITTED) == [], "run `xlmodel build` and commit the result"


def test_build_gives_the_same_bytes_again(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in build.build(tmp_path / "a")]
    second = [path.read_bytes() for path in build.build(tmp_path / "b")]
    assert first == second
    assert {path.name for path in (tmp_path / "a").iterdir()} == FILES


def test_check_names_what_differs(tmp_path: Path) -> None:
    for path in build.build(tmp_path):
        if path.name != "node_margin.xlsm":
            path.unlink()
    (tmp_path / FILE.name).write_bytes(b"old")
    wanted = FILES - {"node_margin.xlsm"}
    assert set(build.check(tmp_path)) == {f"{tmp_path.name}/{name}" for name in wanted}


def test_archive_depends_on_no_clock_and_no_compressor() -> None:
    with zipfile.ZipFile(FILE) as file:
        for info in file.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert info.create_system == 0


def test_new_writes_a_copy(tmp_path: Path) -> None:
    path = build.new(tmp_path / "mine.xlsx")
    assert filecmp.cmp(path, FILE, shallow=False)
    assert [item.name for item in tmp_path.iterdir()] == ["mine.xlsx"]


def test_new_overwrites_only_with_force(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(b"precious")
    with pytest.raises(InputError, match="exists already"):
        build.new(path)
    assert path.read_bytes() == b"precious"
    assert filecmp.cmp(build.new(path, force=True), FILE, shallow=False)


@pytest.mark.parametrize(
    ("name", "edition", "message"),
    [
        ("mine.xlsx", "wasm", "there is no edition 'wasm'"),
        ("mine.xls", "lambda", r"must end in \.xlsx"),
        ("missing/mine.xlsx", "lambda", "there is no such folder"),
    ],
)
def test_new_refuses_in_a_sentence(tmp_path: Path, name: str, edition: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        build.new(tmp_path / name, edition)
    assert not list(tmp_path.iterdir())


def test_new_refuses_a_file_open_in_excel(tmp_path: Path) -> None:
    (tmp_path / "~$mine.xlsx").touch()
    with pytest.raises(InputError, match="open in Excel"):
        build.new(tmp_path / "mine.xlsx", force=True)


# The stored values


def test_every_formula_carries_a_value(cells: list[Cell]) -> None:
    assert len(cells) > 350
    for cell in cells:
        assert cell.value is not None, cell
        assert not str(cell.value).startswith("#"), cell


@pytest.mark.parametrize(("name", "value"), FOUNDING.items())
def test_founding_figures_are_stored(name: str, value: float) -> None:
    assert values_of(FILE)(name) == pytest.approx(value, rel=1e-12)


def test_bridge_of_the_founding_case_is_stored(book: openpyxl.Workbook) -> None:
    stored = openpyxl.load_workbook(FILE, data_only=True)
    sheet, area = place("bridge_value")
    column = [row[0].value for row in stored[sheet][area]]
    assert column == pytest.approx(BRIDGE, abs=1e-9)


def test_every_check_passes_as_delivered() -> None:
    value = values_of(FILE)
    checks = [name for name in PLAN.names if name.startswith("check_")]
    assert len(checks) > 25
    not_passed = {name: value(name) for name in checks if value(name) is not True}
    assert not_passed == dict.fromkeys(
        (
            *("check_traffic_ratio", "check_computed_rate", "check_benchmark_used"),
            *("check_prefill_share", "check_batch_grid"),
        ),
        "n/a",
    )


def test_chart_caches_follow_the_values(parts: dict[str, str]) -> None:
    charts = [text for name, text in parts.items() if name.startswith("xl/charts/chart")]
    assert len(charts) == sum(len(page.charts) for page in PLAN.pages)
    assert any("<c:v>725.76" in text for text in charts)
    assert any("break-even at 83.9 %" in text for text in charts)


# The structure of the file


def test_nothing_is_hidden_merged_or_linked(book: openpyxl.Workbook, parts: dict[str, str]) -> None:
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert not any(d.hidden for d in sheet.row_dimensions.values())
        assert not any(d.hidden for d in sheet.column_dimensions.values())
    assert not any("externalLink" in name for name in parts)
    assert "iterate=" not in parts["xl/workbook.xml"]
    assert "vbaProject" not in " ".join(parts)


def test_calculation_is_not_forced_on_opening(parts: dict[str, str]) -> None:
    assert "fullCalcOnLoad" not in parts["xl/workbook.xml"]


def test_names_refer_to_cells_or_hold_functions(book: openpyxl.Workbook) -> None:
    for name, defined in book.defined_names.items():
        text = str(defined.attr_text)
        if name in PLAN.names:
            assert text == PLAN.names[name]
        else:
            assert name in native.defined_names()
            assert text.startswith("_xlfn.LAMBDA(")
            assert len(text) <= 8192


def _place(sheet: str) -> int:
    """The number of a sheet, counted from 1."""
    return [page.sheet.name for page in PLAN.pages].index(sheet) + 1


def test_calls_of_our_functions_are_dynamic_formulas(
    cells: list[Cell], parts: dict[str, str]
) -> None:
    for cell in cells:
        assert cell.dynamic == (calls_ours(cell.formula) or "INDEX(" in cell.formula), cell
    assert 'cm="1"' in parts[f"xl/worksheets/sheet{_place('Margin')}.xml"]
    assert "xl/metadata.xml" in parts


def test_every_input_has_a_validation(book: openpyxl.Workbook) -> None:
    sheet = book["Inputs"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    inputs = [name for name in PLAN.names if name.startswith("in_")]
    assert len(inputs) > 40
    for name in inputs:
        rule = rules[place(name)[1]]
        assert rule.promptTitle in {name, "case_" + name.removeprefix("in_")}
        assert rule.prompt
        assert rule.error
        assert rule.showInputMessage
        assert rule.showErrorMessage


def test_lists_refer_to_filled_cells(book: openpyxl.Workbook) -> None:
    for rule in book["Inputs"].data_validations.dataValidation:
        if rule.type != "list" or rule.formula1.startswith('"'):
            continue
        sheet, _, area = rule.formula1.rpartition("!")
        names = [row[0].value for row in book[sheet.strip("'")][area.replace("$", "")]]
        assert None not in names
        chosen = book["Inputs"][str(rule.sqref)].value
        assert chosen is None or chosen in names  # a blank one has a default


def test_only_inputs_are_unlocked_on_protected_sheets(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        if sheet.title in UNPROTECTED:
            assert not sheet.protection.sheet
            continue
        assert sheet.protection.sheet
        assert not sheet.protection.password
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            named_input = cell.style == "Input" and sheet.title == "Inputs"
            assert cell.protection.locked != named_input, f"{sheet.title}!{cell.coordinate}"


def test_named_cell_styles_are_in_use(book: openpyxl.Workbook) -> None:
    for name, style in (
        ("in_gpus", "Input"),
        ("out_margin", "Output"),
        ("check_master", "Check Cell"),
        ("use_main_price", "Calculation"),
    ):
        sheet, address = place(name)
        assert book[sheet][address].style == style


def test_print_set_up(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert "xlmodel" in sheet.oddFooter.left.text
        assert "2024-07-27" in sheet.oddFooter.center.text
        assert sheet.freeze_panes


def test_charts_have_alternative_text(parts: dict[str, str]) -> None:
    for name, text in parts.items():
        if name.startswith("xl/drawings/drawing"):
            frames = re.findall(r"<xdr:cNvPr [^>]*>", text)
            assert frames
            assert all('descr="' in frame for frame in frames)


def test_no_machine_and_no_person_in_the_file(parts: dict[str, str]) -> None:
    everything = " ".join(parts.values())
    assert str(ROOT) not in everything
    assert str(Path.home()) not in everything or str(Path.home()) == "/"


def test_validator_finds_nothing_new() -> None:
    result = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(str(FILE))
    assert {str(error) for error in result.errors} <= AUDIT_BASELINE


# Other engines


def test_an_engine_with_lambda_agrees_cell_by_cell(cells: list[Cell]) -> None:
    engine = LambdaEngine()
    for cell in cells:
        value = engine.cell(cell.sheet, cell.address)
        want = cell.value
        if isinstance(want, datetime.datetime):
            want = (want - datetime.datetime(1899, 12, 30)).days
        elif isinstance(want, datetime.time):  # day zero: no row
            want = 0
        if isinstance(want, float | int) and not isinstance(want, bool):
            assert value == pytest.approx(want, rel=1e-12, abs=1e-9), cell
        else:
            assert value == want, cell


@pytest.mark.parametrize(
    ("inputs", "call"),
    [
        ({"in_utilization": "0.8"}, {"utilization": 0.8}),
        ({"in_decoding_gain": "1.5", "in_prefill_share": "0"}, {"output_tps": 450}),
        ({"in_decoding_gain": "1.5", "in_prefill_share": "0.5"}, {"output_tps": 360}),
        ({"in_other_cost_per_day": "50"}, {"other_cost_per_day": 50}),
        ({"in_input_price": "1", "in_output_price": "5"}, {"input_price": 1, "output_price": 5}),
        (
            {"in_cache_hit_rate": "0.5", "in_cached_input_price": "0.3"},
            {"cache_hit_rate": 0.5, "cached_input_price": 0.3},
        ),
        (
            {
                "in_share_main": "0.5",
                "in_share_spot": "0.5",
                "in_spot_price": "1.5",
                "in_loss_spot": "0.1",
            },
            {"gpu_hour_price": xlmodel.mixed_gpu_hour([3.49, 1.5], [0.5, 0.5], [0, 0.1])},
        ),
        ({"in_as_of": "2026-10-10"}, {"gpu_hour_price": 3.99}),
    ],
    ids=[
        "traffic",
        "decoding",
        "decoding beside input",
        "other",
        "billing",
        "caching",
        "buying",
        "date",
    ],
)
def test_each_caveat_reaches_the_margin(inputs: dict[str, str], call: dict[str, float]) -> None:
    base = {"output_tps": 300, "input_output_ratio": 10, "input_price": 2.8, "output_price": 2.8}
    given = {**base, "gpus": 8, "gpu_hour_price": 3.49, **call}
    engine = LambdaEngine(**inputs)
    assert engine["out_margin"] == pytest.approx(xlmodel.node_margin(**given), rel=1e-12)
    assert engine["out_margin_rate"] == pytest.approx(xlmodel.node_margin_rate(**given), rel=1e-12)
    assert engine["scenario_label"].endswith(", inputs changed")
    ages = {"check_model_price_age", "check_master"} if "in_as_of" in inputs else set()
    assert engine.failing == ages


@pytest.mark.parametrize(
    ("inputs", "failing"),
    [
        ({"in_utilization": "85"}, "check_shares"),
        ({"in_input_price": "-1"}, "check_signs"),
        ({"in_gpus": "0"}, "check_node"),
        ({"in_gpu_provider": "Nobody"}, "check_prices_found"),
        ({"in_as_of": "2020-02-01"}, "check_prices_found"),
        ({"in_share_spot": "0.5"}, "check_mix_sum"),
        ({"in_share_main": "0", "in_share_spot": "1"}, "check_mix_priced"),
        ({"in_currency": "EUR"}, "check_gpu_currency"),
        ({"in_currency": "EUR"}, "check_currency"),
        ({"in_as_of": "2025-06-30"}, "check_gpu_price_age"),
        ({"in_published_margin": "129"}, "check_founding_margin"),
        ({"in_gpus": "eight"}, "check_outputs"),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_a_broken_input_fails_its_check_and_the_master(
    inputs: dict[str, str], failing: str
) -> None:
    engine = LambdaEngine(**inputs)
    assert engine[failing] is False
    assert engine["check_master"] is False
    assert engine["status_text"] == "A check fails: see sheet Checks"


def test_libreoffice_computes_the_same(
    tmp_path: Path, libreoffice: Convert, cells: list[Cell]
) -> None:
    inlined.write_copy(FILE, tmp_path / "plain.xlsx")
    computed = openpyxl.load_workbook(
        libreoffice(tmp_path / "plain.xlsx", "xlsx:Calc MS Excel 2007 XML"), data_only=True
    )
    for cell in cells:
        value = computed[cell.sheet][cell.address].value
        if isinstance(cell.value, float | int) and not isinstance(cell.value, bool):
            assert value == pytest.approx(cell.value, rel=1e-9, abs=1e-9), cell
        else:
            assert value == cell.value, cell


def test_libreoffice_follows_a_changed_input(tmp_path: Path, libreoffice: Convert) -> None:
    inlined.write_copy(FILE, tmp_path / "plain.xlsx")
    changed = openpyxl.load_workbook(tmp_path / "plain.xlsx")
    sheet, address = place("in_utilization")
    changed[sheet][address] = 0.8
    changed.save(tmp_path / "changed.xlsx")
    value = values_of(libreoffice(tmp_path / "changed.xlsx", "xlsx:Calc MS Excel 2007 XML"))
    assert value("out_margin") == pytest.approx(-31.4112, abs=5e-3)
    assert value("check_master") is True


def test_pages_show_no_error_and_no_overflow(tmp_path: Path, libreoffice: Convert) -> None:
    if shutil.which("pdftotext") is None:
        missing("pdftotext (poppler-utils) is not installed")
    inlined.write_copy(FILE, tmp_path / "plain.xlsx")
    page = libreoffice(tmp_path / "plain.xlsx", "pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", str(page), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "128.256" in text
    for sign in ("###", "Err:", "#NAME?", "#VALUE!", "#REF!", "#N/A", "#DIV/0!", "#NUM!"):
        assert sign not in text
