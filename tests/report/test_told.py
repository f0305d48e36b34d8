"""A report in Chinese on a workbook of ours: its labels are Chinese, too, its names are not."""

import io
import json
import re
from pathlib import Path

import openpyxl
import pytest

from tests.report.fakes import Fake, Named, founding
from tests.report.pictured import SWINGS
from xlmodel.report import source, told, write_report
from xlmodel.report.facts import Facts, Item
from xlmodel.report.language import speaking

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def ours(tmp_path: Path) -> Fake:
    """The founding case with labels as our template has them, and one of its author's own."""
    case = founding(tmp_path)
    case.outputs["out_margin"] = Named(128.256, "Margin a day", "USD/day")
    case.outputs["out_margin_rate"] = Named(0.160654, "Margin rate", "share of revenue", "0.0%")
    case.inputs["in_utilization"] = Named(1.0, "Utilization", "share", "0.0%")
    case.inputs["in_own"] = Named("Cost", "A label of my own", "name")
    case.checks["check_signs"] = Named(False, "No rate, price or cost is negative")
    case.ranges["bridge_label"][0] = ["Sceptic's margin"]
    case.answers = {"answer_a": Named("Nothing is known of this.", sheet="GPU sourcing")}
    return case


def gathered(case: Fake) -> Facts:
    with speaking("zh"):
        return source.gather(*told.in_words(case, SWINGS))


def test_labels_units_and_topics_of_ours_are_chinese(ours: Fake) -> None:
    facts = gathered(ours)
    by_name = {item.name: item for item in (*facts.outputs, *facts.inputs)}
    assert (by_name["out_margin"].label, by_name["out_margin"].unit) == ("日毛利", "USD/天")
    assert by_name["in_utilization"].unit == "占比"
    assert by_name["in_utilization"].spoken == "100.0\xa0%"
    assert by_name["out_margin_rate"].spoken == "16.1\xa0% 占收入比"
    assert {check.name: check.label for check in facts.checks}["check_signs"] == (
        "速率、价格和成本均不为负"
    )
    assert "速率、价格和成本均不为负" in " ".join(facts.warnings)
    assert facts.bridge is not None
    assert facts.bridge.steps[0].label == "质疑方的毛利"
    assert facts.answers[0].topic == "GPU 采购"
    assert "盈利 128.26 USD/天" in facts.headline


def test_what_the_table_lacks_and_what_is_typed_stays(ours: Fake) -> None:
    facts = gathered(ours)
    own = next(item for item in facts.inputs if item.name == "in_own")
    assert (own.label, own.value) == ("A label of my own", "Cost")
    assert facts.answers[0].text == "Nothing is known of this."
    english = source.gather(ours, SWINGS)
    assert [(i.name, i.number) for i in facts.outputs] == [
        (i.name, i.number) for i in english.outputs
    ]
    assert facts.provenance == gathered(ours).provenance
    assert [table.sha256 for table in facts.provenance.tables] == [
        table.sha256 for table in english.provenance.tables
    ]


def test_files_to_read_are_chinese_and_files_for_programs_as_the_workbook(
    ours: Fake, tmp_path: Path
) -> None:
    report = write_report(ours, tmp_path / "out", language="zh", swings=SWINGS)
    page, board, book, table, data, *_ = (path.read_bytes() for path in report.paths)
    assert "日毛利" in page.decode()
    assert "Margin a day" not in page.decode()
    assert b"pdfuaid" in board  # no letter is lacking
    cells = {
        cell.value
        for sheet in openpyxl.load_workbook(io.BytesIO(book))
        for row in sheet.iter_rows()
        for cell in row
    }
    assert {"日毛利", "USD/天"} <= cells
    assert json.loads(data)["outputs"]["out_margin"]["label"] == "Margin a day"
    assert "Margin a day" in table.decode()
    assert "速率、价格和成本均不为负" in " ".join(report.warnings)


def test_in_english_nothing_is_reworded(ours: Fake) -> None:
    assert told.in_words(ours, SWINGS) == (ours, SWINGS)


def test_a_share_of_a_chinese_workbook_is_a_percentage() -> None:
    assert Item("in_x", "利用率", 0.5, "占比", "0%").spoken == "50\xa0%"
    assert HAN.search(Item("out_x", "毛利率", 0.5, "占收入比", "0%").spoken)


def test_a_report_is_in_the_language_of_its_workbook_unless_told(
    ours: Fake, tmp_path: Path
) -> None:
    assert told.spoken(ours) == "en"
    for name, label in (("out_margin", "日毛利"), ("out_margin_rate", "毛利率")):
        ours.outputs[name] = Named(1.0, label, "USD/天")
    ours.outputs = {name: ours.outputs[name] for name in ("out_margin", "out_margin_rate")}
    assert told.spoken(ours) == "zh"
    write_report(ours, tmp_path / "own", formats=["html"])
    write_report(ours, tmp_path / "asked", formats=["html"], language="en")
    pages = [next((tmp_path / name).glob("*.html")).read_text("utf-8") for name in ("own", "asked")]
    assert ['<html lang="zh-CN">' in page for page in pages] == [True, False]
    ours.outputs = {}
    assert told.spoken(ours) == "en"
