"""The sheet Caching: its figures against the functions in Python, and what it says in words."""

from pathlib import Path

import pytest

import xlmodel
from xlmodel.workbook import build, calc
from xlmodel.workbook.calc import Calculation


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.new(tmp_path_factory.mktemp("caching") / "fresh.xlsx", "lambda")


def answer(book: Calculation) -> str:
    return str(book.answers["answer_caching"].value)


def figure(book: Calculation, name: str) -> float:
    value = book.outputs[name].value
    assert isinstance(value, float)
    return value


def test_figures_as_delivered_are_those_of_the_functions(workbook: Path) -> None:
    book = calc.calculate(workbook)
    kept = xlmodel.retained_share(300, 90)
    talk = (6, 1500, 150, 250)
    hits = xlmodel.conversation_hit_rate(*talk, kept, 0.5)
    sent, answered = xlmodel.conversation_input(*talk), xlmodel.conversation_output(6, 250)
    assert figure(book, "out_conversation_hit_rate") == pytest.approx(hits)
    assert figure(book, "out_conversation_input_output_ratio") == pytest.approx(sent / answered)

    def rate(tokens: float, output: float, hit_rate: float) -> float:
        node = ("Llama-3.1-405B", "H100", 8, tokens, output, "FP8", None, hit_rate, 100)
        return float(xlmodel.node_tps(*node, basis="physics"))

    plain = rate(sent / 6, 250, 0)
    factor = rate(sent / 6, 250, hits) / plain
    assert figure(book, "out_cache_rate_factor") == pytest.approx(factor)
    before = 300 * plain / rate(1280, 128, 0)
    node = (sent / answered, 2.8, 2.8, 8, 3.49, 1)
    effect = xlmodel.node_margin(before * factor, *node, hits, 0.28) - xlmodel.node_margin(
        before, *node
    )
    assert figure(book, "out_caching_effect") == pytest.approx(effect)
    assert "raises the node margin" in answer(book)
    assert f"{factor:.2f} times" in answer(book)


def test_the_day_on_sheet_margin_stays_as_it_was(workbook: Path) -> None:
    book = calc.calculate(workbook, {"in_turns": 24, "in_read_multiplier": 0.5})
    assert figure(book, "out_margin") == pytest.approx(128.256)


def test_a_loss_by_caching_is_said(workbook: Path) -> None:
    book = calc.calculate(workbook, {"in_prefix_tokens": 0, "in_user_tokens": 1})
    assert figure(book, "out_caching_effect") < 0
    assert "lowers the node margin" in answer(book)


def test_what_cannot_be_is_said_in_words(workbook: Path) -> None:
    book = calc.calculate(workbook, {"in_gpus": 1})
    assert answer(book).startswith("Not known")
    assert book.outputs["out_caching_effect"].value == "not known"


def test_turns_on_the_long_card_are_billed_on_it(workbook: Path) -> None:
    """Past 2,000 tokens at twice the price: the first of six turns, of 1,650, is not."""
    long = {"in_threshold_tokens": 2000, "in_long_input_factor": 2, "in_long_output_factor": 1}
    book = calc.calculate(workbook, {**long, "in_read_multiplier": 1})
    short = calc.calculate(workbook, {"in_read_multiplier": 1})
    assert all(check.value is not False for check in book.checks.values())
    assert figure(book, "out_caching_effect") > figure(short, "out_caching_effect")
