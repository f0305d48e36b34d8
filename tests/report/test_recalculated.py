"""A user's own workbook, recalculated by the headless engine, becomes a report."""

import json
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from xlmodel.registry import InputError
from xlmodel.report import write_report
from xlmodel.workbook.calc import calculate


def own_workbook(path: Path) -> Path:
    """A small model: a margin from a table of prices, a curve, two checks."""
    with Workbook(path) as book:
        model = book.add_worksheet("Model")
        money = book.add_format({"num_format": "#,##0.00"})
        rows = [
            ("GPU", "H100", "name", "in_gpu"),
            ("Provider", "Lambda", "name", "in_gpu_provider"),
            ("As of", 45500, "date", "in_as_of"),
            ("Utilization", 1, "share", "in_utilization"),
            ("Revenue", "=NODE_REVENUE(300,10,2.8,2.8,B4)", "USD/day", "out_revenue"),
            ("Cost", '=NODE_COST(8,GPU_PRICE(GpuPrices[#All],B1,B2,"on-demand",B3))', "USD/day",
             "out_cost"),
            ("Margin", "=B5-B6", "USD/day", "out_margin"),
            ("Revenue is not negative", "=B5>=0", "", "check_sign"),
        ]  # fmt: skip
        for row, (label, value, unit, name) in enumerate(rows):
            model.write_string(row, 0, label)
            model.write(row, 1, value, money)
            model.write_string(row, 2, unit)
            book.define_name(name, f"=Model!$B${row + 1}")
        prices = book.add_worksheet("Prices")
        columns = ["gpu", "provider", "term", "usd_per_gpu_hour", "currency", "valid_from"]
        columns += ["checked", "source", "note"]
        data = [["H100", "Lambda", "on-demand", 3.49, "USD", 45500, 45500, "its list", ""]]
        prices.add_table(
            0, 0, 1, 8,
            {"name": "GpuPrices", "data": data, "columns": [{"header": c} for c in columns]},
        )  # fmt: skip
    return path


def test_from_a_file_to_a_report(tmp_path: Path) -> None:
    path = own_workbook(tmp_path / "own.xlsx")
    report = write_report(calculate(path, {"in_utilization": "0.9"}), tmp_path / "out")
    document = json.loads((tmp_path / "out" / "own-report.json").read_text(encoding="utf-8"))
    assert document["outputs"]["out_margin"]["value"] == pytest.approx(0.9 * 798.336 - 670.08)
    assert document["inputs"]["in_utilization"]["set_for_this_report"] is True
    assert document["checks"] == {
        "check_sign": {"label": "Revenue is not negative", "state": "passed"}
    }
    assert [row["source"] for row in document["prices"]] == ["its list"]
    assert report.headline.startswith("At 90 % utilization the node earns 48.42 USD a day")


def test_a_workbook_without_named_outputs_is_one_sentence(tmp_path: Path) -> None:
    with Workbook(tmp_path / "plain.xlsx") as book:
        book.add_worksheet().write("A1", 1)
    with pytest.raises(InputError, match="no cell has a name that begins with out_"):
        write_report(calculate(tmp_path / "plain.xlsx"), tmp_path / "out")
    assert not (tmp_path / "out").exists()
