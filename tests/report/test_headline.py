"""The answer in one sentence, for every kind of outcome."""

from pathlib import Path

import pytest

from tests.report.fakes import Named, founding
from xlmodel.registry import DIV0, NUM, CellError
from xlmodel.report.headline import compose
from xlmodel.report.source import gather

FACTS = {
    "profit": "At 100 % utilization the node earns 128.26 USD a day, 16.1 % of revenue; it breaks "
    "even at 83.9 % utilization or 2.3502 USD/Mtok over all tokens.",
    "loss": "At 60 % utilization the node loses 191.08 USD a day, 39.9 % of its revenue; it would "
    "break even at 83.9 % utilization or 3.9169 USD/Mtok over all tokens.",
    "hopeless": "At 100 % utilization the node loses 161.66 USD a day, 20.3 % of its revenue; even "
    "full it does not break even (120.3 % would be needed); the price at which it would is "
    "3.3670 USD/Mtok over all tokens.",
}


@pytest.mark.parametrize(
    ("case", "utilization", "gpu_hour"),
    [("profit", 1.0, 3.49), ("loss", 0.6, 3.49), ("hopeless", 1.0, 5.0)],
)
def test_outcomes(tmp_path: Path, case: str, utilization: float, gpu_hour: float) -> None:
    assert gather(founding(tmp_path, utilization, gpu_hour)).headline == FACTS[case]


def sentence(folder: Path, **values: object) -> str:
    """The headline with outputs (``margin=…``) changed; None leaves one out."""
    case = founding(folder)
    for name, value in values.items():
        if value is None:
            del case.outputs[f"out_{name}"]
        else:
            case.outputs[f"out_{name}"].value = value
    facts = gather(case)
    return compose(facts.outputs, facts.inputs, facts.provenance.currency)


START = "At 100 % utilization the node earns 128.26 USD a day, 16.1 % of revenue; "


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            {"breakeven_utilization": CellError(NUM)},
            START + "it breaks even at 2.3502 USD/Mtok over all tokens.",
        ),
        (
            {"breakeven_utilization": None, "breakeven_price": None},
            START[:-2] + ".",
        ),
        (
            {"breakeven_utilization": CellError(NUM), "breakeven_price": CellError(NUM)},
            START + "its break-even could not be calculated.",
        ),
        (
            {"margin": 0.001, "breakeven_price": CellError(DIV0)},
            "At 100 % utilization the node just covers its cost (0.00 USD a day); it breaks even "
            "at 83.9 % utilization.",
        ),
        (
            {"margin": -670.08, "revenue": 0, "margin_rate": CellError(DIV0)},
            "At 100 % utilization the node has no revenue and loses 670.08 USD a day; it would "
            "break even at 83.9 % utilization or 2.3502 USD/Mtok over all tokens.",
        ),
        ({"margin": "soon"}, "The margin is not a number: out_margin is soon."),
        (
            {"margin": 1e20, "margin_rate": None},
            "At 100 % utilization the node earns 1.00000E+20 USD a day; it breaks even at 83.9 % "
            "utilization or 2.3502 USD/Mtok over all tokens.",
        ),
    ],
)
def test_missing_and_odd_values(tmp_path: Path, values: dict[str, object], told: str) -> None:
    assert sentence(tmp_path, **values) == told


def test_values_that_were_not_evaluated(tmp_path: Path) -> None:
    case = founding(tmp_path)
    case.outputs["out_margin"].evaluated = False
    told = "The margin could not be calculated: out_margin was not evaluated."
    assert gather(case).headline == told
    case.outputs = {"out_fleet": Named(5, "Nodes", "nodes", evaluated=False)}
    assert gather(case).headline == "Nodes is not evaluated."


def test_only_numbers_are_followed_by_a_unit(tmp_path: Path) -> None:
    case = founding(tmp_path)
    case.outputs = {
        "out_gpu": Named("B200", "GPU", "name"),
        "out_day": Named(45500, "Day", "date", "yyyy-mm-dd", ref="C6"),
        "out_rate": Named(0.5, "Rate", "share of revenue", "0.0%", ref="C7"),
    }
    assert gather(case).headline == "GPU is B200; Day is 2024-07-27; Rate is 50.0 % of revenue."
