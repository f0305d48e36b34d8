"""The cost of a day in the columns of FOCUS."""

import csv
import io
from pathlib import Path

import pytest

from tests.report.fakes import Fake, Named, founding
from xlmodel.report import focus, source, write_report


def rows(case: Fake) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(focus.as_csv(source.gather(case)).decode(), newline="")))


def test_the_founding_day_is_one_line(tmp_path: Path) -> None:
    case = founding(tmp_path)
    case.outputs["out_gpu_hour_price"] = Named(3.49, "GPU-hour", "USD/GPU-hour")
    (row,) = rows(case)
    assert float(row["BilledCost"]) == pytest.approx(670.08, abs=1e-9)
    assert float(row["PricingQuantity"]) == pytest.approx(192, abs=1e-9)
    assert row["PricingUnit"] == "GPU-Hours"
    assert row["ChargePeriodStart"] == "2024-07-27T00:00:00Z"
    assert row["ChargePeriodEnd"] == "2024-07-28T00:00:00Z"
    assert (row["BillingCurrency"], row["ProviderName"]) == ("USD", "Lambda")


def test_the_lines_sum_to_the_cost(tmp_path: Path) -> None:
    case = founding(tmp_path)
    case.ranges["part_gpus"], case.ranges["part_other"] = [[600.0]], [[70.08]]
    lines = rows(case)
    assert [row["ServiceName"] for row in lines] == ["GPU rental", "Other cost of serving"]
    assert sum(float(row["EffectiveCost"]) for row in lines) == pytest.approx(670.08, abs=1e-9)


def test_a_workbook_without_cost_gets_the_header(tmp_path: Path) -> None:
    case = founding(tmp_path)
    del case.outputs["out_cost"]
    assert focus.as_csv(source.gather(case)).decode() == ",".join(focus.COLUMNS) + "\n"


def test_the_columns_are_those_of_the_specification_and_our_own() -> None:
    standard = [name for name in focus.COLUMNS if not name.startswith("x_")]
    assert len(standard) == 21
    assert standard == sorted(standard)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a;=1"])
def test_no_text_is_a_formula(tmp_path: Path, text: str) -> None:
    case = founding(tmp_path)
    for name in ("in_scenario", "in_currency", "in_gpu_provider"):
        case.inputs[name].value = text
    for row in rows(case):
        for cell in (row["x_Scenario"], row["BillingCurrency"], row["ProviderName"]):
            assert "'" in cell
            assert not cell.startswith(tuple("=+-@\t"))


def test_it_is_part_of_the_pack_by_its_own_name(tmp_path: Path) -> None:
    report = write_report(founding(tmp_path), tmp_path / "out", formats=["focus"])
    assert [path.name for path in report.paths] == [
        "node_margin-report.focus.csv",
        "manifest.json",
    ]
