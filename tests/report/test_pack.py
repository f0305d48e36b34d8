"""The pack as a whole: founding figures in every file, same bytes, a true manifest."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xlmodel
from tests.report.fakes import Cell, Fake, Named, founding
from xlmodel.registry import NA, CellError, InputError
from xlmodel.report import FORMATS, write_report

FIGURES = {
    "out_tokens_per_day": 285_120_000,
    "out_revenue": 798.336,
    "out_cost": 670.08,
    "out_margin": 128.256,
    "out_margin_rate": 0.160654,
    "out_breakeven_price": 2.350168,
    "out_breakeven_utilization": 0.839346,
}
SHOWN = ("285.12M", "798.34", "670.08", "128.26", "16.1\xa0%", "2.3502", "83.9\xa0%")
HEADLINE = (
    "At 100 % utilization the node earns 128.26 USD a day, 16.1 % of revenue; it breaks even at "
    "83.9 % utilization or 2.3502 USD/Mtok over all tokens."
)


@pytest.fixture
def case(tmp_path: Path) -> Fake:
    return founding(tmp_path)


def read(folder: Path, kind: str) -> bytes:
    name = "manifest.json" if kind == "manifest" else f"node_margin-report.{kind}"
    return (folder / name).read_bytes()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_report_tells_paths_headline_and_state(case: Fake, tmp_path: Path) -> None:
    report = write_report(case, tmp_path / "out")
    assert report.headline == HEADLINE
    assert report.checks == "passed"
    assert report.warnings == ()
    assert sorted(path.name for path in report.paths) == names(tmp_path / "out")
    assert len(report.paths) == len(FORMATS) + 1


@pytest.mark.parametrize(("name", "figure"), FIGURES.items())
def test_founding_figures_in_json(case: Fake, tmp_path: Path, name: str, figure: float) -> None:
    write_report(case, tmp_path / "out", formats=["json"])
    output = json.loads(read(tmp_path / "out", "json"))["outputs"][name]
    assert output["value"] == case.outputs[name].value  # unrounded
    assert output["value"] == pytest.approx(figure, rel=1e-5)


@pytest.mark.parametrize(("name", "figure"), FIGURES.items())
def test_founding_figures_in_csv(case: Fake, tmp_path: Path, name: str, figure: float) -> None:
    write_report(case, tmp_path / "out", formats=["csv"])
    rows = list(csv.DictReader(io.StringIO(read(tmp_path / "out", "csv").decode())))
    (row,) = [row for row in rows if row["name"] == name]
    assert float(row["value"]) == case.outputs[name].value
    assert row["unit"] == case.outputs[name].unit


def test_founding_figures_in_html(case: Fake, tmp_path: Path) -> None:
    write_report(case, tmp_path / "out", formats=["html"])
    page = read(tmp_path / "out", "html").decode()
    for shown in SHOWN:
        assert f'<td class="number">{shown}</td>' in page
    assert HEADLINE.replace(" %", "\xa0%") in page


def test_founding_figures_in_xlsx(case: Fake, tmp_path: Path) -> None:
    write_report(case, tmp_path / "out", formats=["xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(read(tmp_path / "out", "xlsx")))
    cells = {row[0].value: row[1] for row in book["Summary"].iter_rows()}
    for name, named in case.outputs.items():
        assert cells[named.label].value == pytest.approx(FIGURES[name], rel=1e-5)
        assert cells[named.label].number_format == named.number_format


def test_manifest_hashes_are_true(case: Fake, tmp_path: Path) -> None:
    write_report(case, tmp_path / "out")
    manifest = json.loads(read(tmp_path / "out", "manifest"))
    for file in manifest["files"]:
        data = (tmp_path / "out" / file["name"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(data).hexdigest()
        assert file["bytes"] == len(data)
    listed = {file["name"] for file in manifest["files"]}
    assert listed | {"manifest.json"} == set(names(tmp_path / "out"))
    assert manifest["workbook"] == {
        "name": "node_margin.xlsx",
        "sha256": hashlib.sha256(case.path.read_bytes()).hexdigest(),
    }
    assert manifest["package"] == {"name": "xlmodel", "version": xlmodel.__version__}
    assert [table["name"] for table in manifest["tables"]] == ["GpuPrices", "ModelPrices"]
    assert manifest["as_of"] == "2024-07-27"
    assert manifest["currency"] == "USD"
    assert manifest["scenario"] == "Founding case, July 2024"
    assert manifest["checks"] == "passed"


def test_table_hash_follows_the_rule_in_its_docstring(case: Fake, tmp_path: Path) -> None:
    case.tables = {"T": [["gpu", "x"], ["H100", 3.0], ["a\tb", True], [None, 0.1]]}
    write_report(case, tmp_path / "out", formats=["json"])
    (table,) = json.loads(read(tmp_path / "out", "manifest"))["tables"]
    expected = hashlib.sha256(b"gpu\tx\nH100\t3\na b\tTRUE\n\t0.1\n").hexdigest()
    assert table == {"name": "T", "rows": 3, "sha256": expected}


@pytest.mark.parametrize("kind", ["html", "xlsx", "csv", "json"])
def test_every_file_states_its_provenance(case: Fake, tmp_path: Path, kind: str) -> None:
    write_report(case, tmp_path / "out", formats=[kind])
    data = read(tmp_path / "out", kind)
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(data))["Provenance"]
        data = repr([[cell.value for cell in row] for row in sheet.iter_rows()]).encode()
    for stated in (
        hashlib.sha256(case.path.read_bytes()).hexdigest(),
        xlmodel.__version__,
        "2024-07-27",
        "USD",
        "Founding case, July 2024",
    ):
        assert stated.encode() in data


SCRIPT = """
import sys
from pathlib import Path
from tests.report.fakes import founding
from xlmodel.report import write_report
write_report(founding(Path(sys.argv[1])), sys.argv[2])
"""


def test_same_bytes_from_any_place_time_zone_and_hash_seed(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    packs = []
    for folder, zone, seed in ((here, "UTC", "1"), (there, "Pacific/Chatham", "77")):
        folder.mkdir()
        root = Path(xlmodel.__file__).parent.parent
        environment = {
            **{name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"},
            "TZ": zone,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(root),
        }
        arguments = [sys.executable, "-c", SCRIPT, folder, "out"]
        subprocess.run(arguments, check=True, cwd=folder, env=environment)
        packs.append({path.name: path.read_bytes() for path in (folder / "out").iterdir()})
    assert packs[0] == packs[1]


def test_creation_time_is_the_as_of_date_or_the_source_date_epoch(
    case: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    write_report(case, tmp_path / "a")
    manifest = json.loads(read(tmp_path / "a", "manifest"))
    assert manifest["dated"] == "2024-07-27T00:00:00Z"
    assert manifest["dated_from"] == "as-of date"
    assert "created" not in manifest
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    write_report(case, tmp_path / "b")
    manifest = json.loads(read(tmp_path / "b", "manifest"))
    assert manifest["dated"] == "2023-11-14T22:13:20Z"
    assert manifest["dated_from"] == "SOURCE_DATE_EPOCH"
    created = openpyxl.load_workbook(io.BytesIO(read(tmp_path / "b", "xlsx"))).properties.created
    assert created.isoformat() == "2023-11-14T22:13:20"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH is 'yesterday'"):
        write_report(case, tmp_path / "c")
    assert not (tmp_path / "c").exists()


def test_without_an_as_of_date_the_creation_time_is_fixed(case: Fake, tmp_path: Path) -> None:
    del case.inputs["in_as_of"]
    write_report(case, tmp_path / "out", formats=["json"])
    manifest = json.loads(read(tmp_path / "out", "manifest"))
    assert manifest["dated"] == "1980-01-01T00:00:00Z"
    assert manifest["dated_from"] == "fixed: there is no as-of date"


def test_formats_are_chosen_and_unknown_ones_are_named(case: Fake, tmp_path: Path) -> None:
    report = write_report(case, tmp_path / "out", formats=["JSON", ".csv"])
    assert [path.name for path in report.paths] == [
        "node_margin-report.csv",
        "node_margin-report.json",
        "manifest.json",
    ]
    for wrong in (["docx"], []):
        with pytest.raises(InputError, match="known: html, pdf, xlsx, csv, json, focus"):
            write_report(case, tmp_path / "none", formats=wrong)
    assert not (tmp_path / "none").exists()


def test_a_workbook_without_outputs_is_one_sentence(case: Fake, tmp_path: Path) -> None:
    case.outputs = {}
    with pytest.raises(InputError, match=r"node_margin\.xlsx: no cell has a name .* out_"):
        write_report(case, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_error_values_are_told_and_break_nothing(case: Fake, tmp_path: Path) -> None:
    case.outputs["out_margin"].value = CellError(NA, "no price")
    case.outputs["out_margin_rate"].value = float("nan")
    case.outputs["out_revenue"].value = "#DIV/0!"
    case.outputs["out_cost"].value = None
    case.inputs["in_gpus"].value = 10**400
    case.ranges["curve_margin"][3] = [CellError(NA)]
    report = write_report(case, tmp_path / "out")
    assert report.warnings == ("Not all points of the curve are numbers: 1 of 21 are left out.",)
    assert report.headline == "The margin could not be calculated: out_margin is #N/A."
    document = json.loads(read(tmp_path / "out", "json"))
    assert document["outputs"]["out_margin"]["value"] is None
    assert document["outputs"]["out_margin"]["error"] == "#N/A"
    assert document["outputs"]["out_margin_rate"]["error"] == "#NUM!"
    assert document["curve"]["margin"][3] is None
    assert b"#DIV/0!" in read(tmp_path / "out", "csv")
    assert ">#N/A</td>" in read(tmp_path / "out", "html").decode()


def test_checks_and_unsupported_cells_warn(case: Fake, tmp_path: Path) -> None:
    case.checks["check_sign"].value = False
    case.checks["check_balance"].value = CellError(NA)
    case.checks["check_master"].value = False
    case.checks["check_status"] = Named("1 check fails", "Banner")
    case.unsupported = [Cell("Margin!B7", "OFFSET is not supported")]
    case.changed = ["IN_UTILIZATION"]
    report = write_report(case, tmp_path / "out")
    assert report.checks == "failed"
    assert report.warnings == (
        "1 check failed: Revenue and cost are not negative.",
        "1 check not evaluated: Revenue less cost equals margin.",
        "1 cell could not be evaluated: see below.",
        "Set for this report, unlike in the workbook: Utilization = 100.0\xa0%.",
    )
    document = json.loads(read(tmp_path / "out", "json"))
    assert "check_status" not in document["checks"]
    assert document["unsupported"] == [{"cell": "Margin!B7", "reason": "OFFSET is not supported"}]
    assert document["inputs"]["in_utilization"]["set_for_this_report"] is True
    page = read(tmp_path / "out", "html").decode()
    for warning in report.warnings:
        assert warning in page
    manifest = json.loads(read(tmp_path / "out", "manifest"))
    assert manifest["set_for_this_report"] == {"in_utilization": 1.0}


def test_a_plain_workbook_of_a_user_is_reported(case: Fake, tmp_path: Path) -> None:
    """No margin, no inputs, no checks, no curve, no tables: outputs alone."""
    plain = Fake(
        case.path,
        {"out_fleet": Named(12, "Nodes needed", "nodes"), "out_plan": Named("reserve", "")},
    )
    report = write_report(plain, tmp_path / "out")
    assert report.headline == "Nodes needed is 12 nodes; out_plan is reserve."
    assert report.checks == "none"
    book = openpyxl.load_workbook(io.BytesIO(read(tmp_path / "out", "xlsx")))
    assert "Charts" not in book.sheetnames
    assert '<svg class="chart"' not in read(tmp_path / "out", "html").decode()


def values(rows: list[Any]) -> list[list[Any]]:
    return [[row] for row in rows]


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"curve_utilization": None}, None),
        ({"bridge_value": None}, None),
        ({"curve_margin": values([1.0])}, "curve_margin has 1 cells and curve_utilization 21"),
        ({"curve_margin": values(["x"] * 21)}, "fewer than two of its points are numbers"),
        ({"bridge_value": values([1.0])}, "bridge_label has 6 cells and bridge_value 1"),
        ({"bridge_value": values([1.0, "x", 2, 3, 4, 5])}, "not all of its values are numbers"),
    ],
)
def test_a_chart_without_its_ranges_is_left_out(
    case: Fake, tmp_path: Path, changes: dict[str, Any], warning: str | None
) -> None:
    case.ranges.update(changes)
    report = write_report(case, tmp_path / "out")
    page = read(tmp_path / "out", "html").decode()
    gone = next(iter(changes)).partition("_")[0]
    assert f'<figure class="{gone}">' not in page
    assert '<figure class="day">' in page
    assert (warning is None) == (not report.warnings)
    assert not warning or warning in report.warnings[0]


def test_names_are_told_in_the_order_of_the_sheets(case: Fake, tmp_path: Path) -> None:
    for row, name in enumerate(reversed(case.outputs), start=9):
        case.outputs[name].ref = f"C{row}"
    case.outputs["out_margin"].sheet = "Zero"
    write_report(case, tmp_path / "out", formats=["json"])
    told = list(json.loads(read(tmp_path / "out", "json"))["outputs"])
    expected = [name for name in reversed(case.outputs) if name != "out_margin"]
    assert told == [*expected, "out_margin"]


def test_dates_of_a_workbook_that_counts_from_1904(case: Fake, tmp_path: Path) -> None:
    for named in (*case.outputs.values(), *case.inputs.values()):
        named.date1904 = True
    case.inputs["in_as_of"].value = 45500 - 1462
    for row in (*case.tables["GpuPrices"][1:], *case.tables["ModelPrices"][1:]):
        row[5:7] = [row[5] - 1462, row[6] - 1462]
    write_report(case, tmp_path / "out", formats=["json"])
    document = json.loads(read(tmp_path / "out", "json"))
    assert document["provenance"]["as_of"] == "2024-07-27"
    assert [row["valid_from"] for row in document["prices"]] == ["2024-07-27"] * 3


def test_notes_of_the_calculation_and_names_in_any_case(case: Fake, tmp_path: Path) -> None:
    case.notes = ["in_gpu is no name of the list."]
    case.outputs = {name.upper(): named for name, named in case.outputs.items()}
    case.inputs = {name.title(): named for name, named in case.inputs.items()}
    report = write_report(case, tmp_path / "out")
    assert report.warnings == ("in_gpu is no name of the list.",)
    assert report.headline == HEADLINE
    assert len(report.facts.prices) == 3
