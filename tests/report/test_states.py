"""What a report says of changed inputs, of checks, and of values that could not be worked out."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.report.fakes import Fake, Named, founding
from xlmodel.report import write_report


@pytest.fixture
def case(tmp_path: Path) -> Fake:
    return founding(tmp_path)


def document(folder: Path, name: str = "node_margin-report.json") -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def rows(folder: Path) -> list[dict[str, str]]:
    text = (folder / "node_margin-report.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def page(folder: Path) -> str:
    return (folder / "node_margin-report.html").read_text(encoding="utf-8")


def cells(folder: Path, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(folder / "node_margin-report.xlsx")
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows()]


CHANGED = "Founding case, July 2024, inputs changed"


def test_a_scenario_with_other_inputs_says_so_everywhere(case: Fake, tmp_path: Path) -> None:
    case.changed = ["in_utilization", "in_gpu"]
    write_report(case, out := tmp_path / "out")
    head, _, _ = page(out).partition("</header>")
    assert f"<dd>{CHANGED}</dd>" in head
    assert "Set for this report, unlike in the workbook:" in head
    assert "Set for this report (in_gpu)</dt><dd>GPU = H100</dd>" in page(out)
    for block in (document(out, "manifest.json"), document(out)["provenance"]):
        assert block["scenario"] == CHANGED
        assert block["set_for_this_report"] == {"in_gpu": "H100", "in_utilization": 1.0}
    told = {(row["name"], row["label"]): row["value"] for row in rows(out)}
    assert told["scenario", ""] == CHANGED
    assert told["set_for_this_report", "in_utilization"] == "1.0"
    assert ("Scenario", CHANGED) in cells(out, "Provenance")
    assert ("Set for this report (in_utilization)", "Utilization = 100.0\xa0%") in cells(
        out, "Provenance"
    )
    assert cells(out, "Summary")[1][0].startswith(CHANGED)


@pytest.mark.parametrize("changed", [[], ["in_scenario", "in_gpu"]])
def test_a_scenario_of_its_own_keeps_its_name(
    case: Fake, tmp_path: Path, changed: list[str]
) -> None:
    case.changed = changed
    write_report(case, out := tmp_path / "out", formats=["json"])
    assert document(out)["provenance"]["scenario"] == "Founding case, July 2024"


def test_a_blank_input_that_was_set_reads_so(case: Fake, tmp_path: Path) -> None:
    case.inputs["in_gpu_provider"].value = None
    case.changed = ["in_gpu_provider"]
    (warning,) = write_report(case, tmp_path / "out").warnings
    assert warning.endswith("Provider of the GPUs = (blank).")


def test_a_check_that_does_not_apply_is_no_pass(case: Fake, tmp_path: Path) -> None:
    case.checks["check_sign"].value = "n/a"
    case.checks["check_banner"] = Named("all is well", "Banner")
    report = write_report(case, out := tmp_path / "out")
    assert (report.checks, report.warnings) == ("passed", ())
    assert document(out)["checks"]["check_sign"]["state"] == "not applicable"
    assert "check_banner" not in document(out)["checks"]
    assert "All checks that apply passed" in page(out)
    label = "Revenue and cost are not negative"
    mark = '<td class="state "><span aria-hidden="true">– </span>not applicable</td>'
    assert f'<th scope="row">{label}</th>{mark}' in page(out)
    assert (label, "not applicable") in cells(out, "Checks")


def test_checks_none_of_which_applies(case: Fake, tmp_path: Path) -> None:
    case.checks = {"check_sign": Named("N/A", "Sign")}
    report = write_report(case, out := tmp_path / "out")
    assert (report.checks, report.warnings) == ("not applicable", ())
    assert '<dd class="state ">No check applies</dd>' in page(out)


def test_a_workbook_without_checks_reads_neutral(case: Fake, tmp_path: Path) -> None:
    case.checks = {}
    report = write_report(case, out := tmp_path / "out")
    assert report.checks == "none"
    assert '<dd class="state ">The workbook has no checks</dd>' in page(out)
    assert "✗" not in page(out)


def test_checks_carry_a_mark_in_the_text_itself(case: Fake, tmp_path: Path) -> None:
    """In a rule of the style sheet it is lost on paper and in older browsers."""
    case.checks["check_sign"].value = False
    write_report(case, out := tmp_path / "out", formats=["html"])
    assert '<td class="state good"><span aria-hidden="true">✓ </span>passed</td>' in page(out)
    assert '<td class="state bad"><span aria-hidden="true">✗ </span>failed</td>' in page(out)


def test_what_was_not_evaluated_is_not_blank(case: Fake, tmp_path: Path) -> None:
    case.outputs["out_cost"] = Named(670.08, "Cost of the node", "USD/day", evaluated=False)
    case.inputs["in_gpus"].evaluated = False
    case.inputs["in_gpu_provider"].value = None
    case.checks["check_sign"].evaluated = False
    write_report(case, out := tmp_path / "out")
    outputs, inputs = document(out)["outputs"], document(out)["inputs"]
    assert outputs["out_cost"]["value"] is None
    assert outputs["out_cost"]["state"] == "not evaluated"
    assert inputs["in_gpus"]["state"] == "not evaluated"
    assert "state" not in inputs["in_gpu_provider"]
    assert document(out)["checks"]["check_sign"]["state"] == "not evaluated"
    told = {row["name"]: row["value"] for row in rows(out)}
    assert told["out_cost"] == told["in_gpus"] == "not evaluated"
    assert told["in_gpu_provider"] == ""
    assert '<th scope="row">GPUs in the node</th><td class="other">not evaluated</td>' in page(out)
    assert "Left blank: Provider of the GPUs." in page(out)
    summary = {row[0]: row[1] for row in cells(out, "Summary")}
    assert summary["Cost of the node"] == summary["GPUs in the node"] == "not evaluated"
    assert summary["Provider of the GPUs"] is None


def test_numbers_without_a_format_get_one(case: Fake, tmp_path: Path) -> None:
    case.outputs["out_cost"] = Named(8.50559999999996, "Cost", "USD/day")
    write_report(case, out := tmp_path / "out")
    book = openpyxl.load_workbook(out / "node_margin-report.xlsx")
    (cell,) = [row[1] for row in book["Summary"].iter_rows() if row[0].value == "Cost"]
    assert cell.value == 8.50559999999996
    assert cell.number_format == "#,##0.0000"
    assert ">8.5056</td>" in page(out)
