"""Sentences and the second bridge of a workbook, in every file of a report."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.report import fakes
from tests.report.fakes import Named
from xlmodel.registry import CellError
from xlmodel.report import book, page, text
from xlmodel.report.facts import Facts
from xlmodel.report.source import gather

SENTENCE = "Autoscaling saves 18.4 % of a fixed fleet."


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    case = fakes.founding(tmp_path)
    case.answers = {
        "answer_value": Named("It pays back in 12 days.", sheet="Model value", ref="B5"),
        "answer_broken": Named(CellError("#N/A"), sheet="Margin", ref="B9"),
        "answer_traffic": Named(SENTENCE, ref="B6"),
    }
    case.ranges |= {
        "walk_label": [["Founding case"], ["Traffic"], ["Your case"]],
        "walk_value": [[128.256], [-28.256], [100.0]],
    }
    return gather(case)


def test_sentences_stand_in_the_order_of_the_sheets_and_errors_are_none(facts: Facts) -> None:
    assert [answer.topic for answer in facts.answers] == ["Model value", "Margin"]
    assert facts.answers[1].text == SENTENCE


def test_every_file_tells_the_sentences(facts: Facts) -> None:
    assert SENTENCE.replace(" %", "\N{NO-BREAK SPACE}%") in page.render(facts).decode()
    rows = list(csv.reader(io.StringIO(text.as_csv(facts).decode())))
    assert ["answer", "answer_traffic", "Margin", SENTENCE, "", ""] in rows
    assert json.loads(text.as_json(facts))["answers"]["answer_traffic"]["text"] == SENTENCE
    assert SENTENCE.encode() in book.render(facts)


def test_the_second_bridge_is_drawn_and_told(facts: Facts) -> None:
    assert facts.walk is not None
    assert [step.level for step in facts.walk.steps] == [True, False, True]
    assert "From 128.26 to 100.00 USD a day: “" in page.render(facts).decode()
    told = json.loads(text.as_json(facts))["walk"]["steps"]
    assert [step["value"] for step in told] == [128.256, -28.256, 100.0]


def test_the_variance_of_a_period_has_a_unit_of_its_own(tmp_path: Path) -> None:
    case = fakes.founding(tmp_path)
    case.ranges |= {
        "variance_label": [["Budget"], ["Price of tokens"], ["Actual"]],
        "variance_value": [[5000.0], [-800.0], [4200.0]],
    }
    case.outputs["out_margin_variance"] = Named(-800.0, "Variance of the margin", "USD")
    told = gather(case)
    assert (
        "From 5,000.00 to 4,200.00 USD: “Price of tokens” moves most" in page.render(told).decode()
    )
    rows = list(csv.reader(io.StringIO(text.as_csv(told).decode())))
    assert ["variance", "change", "Price of tokens", "-800.0", "USD", ""] in rows
    assert json.loads(text.as_json(told))["variance"]["steps"][2]["value"] == 4200.0
    assert b"Price of tokens" in book.render(told)


def test_a_variance_without_actuals_is_not_drawn(tmp_path: Path) -> None:
    case = fakes.founding(tmp_path)
    case.ranges |= {
        "variance_label": [["Budget"], ["Volume"], ["Actual"]],
        "variance_value": [[0.0], [0.0], [0.0]],
    }
    told = gather(case)
    assert told.variance is None
    assert not any("variance" in warning for warning in told.warnings)
