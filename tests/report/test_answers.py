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
