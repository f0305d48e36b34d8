"""The sheet Model value: its figures are those of the functions, and words stand where none are."""

from pathlib import Path
from typing import Any

import pytest

import xlmodel
from xlmodel.registry import CellError
from xlmodel.workbook import build, calc

REVENUE, COST = 798.336, 670.08
TENFOLD = xlmodel.half_life_days(10)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.new(tmp_path_factory.mktemp("value") / "template.xlsx")


def outputs(template: Path, **inputs: str | float) -> dict[str, Any]:
    found = calc.calculate(template, inputs)
    assert not found.unsupported
    assert found.outputs["out_margin"] is not None
    return {name: output.value for name, output in found.outputs.items()}


def column(found: Any, name: str) -> list[Any]:
    return [row[0] for row in found.values(name)]


def test_founding_node_as_delivered(template: Path) -> None:
    """Tenfold a year: 1,728 USD until day 27.8."""
    found = outputs(template)
    assert found["out_half_life_days"] == pytest.approx(109.876, abs=5e-4)
    assert found["out_last_profitable_day"] == pytest.approx(27.76, abs=5e-3)
    assert found["out_lifetime_margin"] == pytest.approx(1728, abs=0.5)
    assert found["out_lifetime_revenue"] == pytest.approx(REVENUE * 158.517, abs=1)
    assert found["out_payback_days"] == pytest.approx(9.553, abs=5e-4)
    assert found["out_payback_month"] == 1
    npv = xlmodel.model_npv(1000, [found["out_lifetime_margin"], *[0] * 59], 0.1)
    assert found["out_model_npv"] == pytest.approx(npv)


def test_figures_are_those_of_the_functions(template: Path) -> None:
    found = outputs(
        template,
        decline="openai-flagship",
        cost_half_life_days=879,
        hazard_per_year=0.5,
        next_release_day=60,
        value_kept=0.9,
        delay_days=30,
        model_upfront=5000,
    )
    half_life = xlmodel.half_life_days(1.61)
    options = {"hazard_per_year": 0.5, "next_release_day": 60, "value_kept": 0.9}
    day = (REVENUE, COST, half_life, 879)
    assert found["out_fold_per_year"] == 1.61
    assert found["out_last_profitable_day"] == pytest.approx(xlmodel.last_profitable_day(*day))
    margin = xlmodel.lifetime_margin(*day, **options)
    assert found["out_lifetime_margin"] == pytest.approx(margin)
    delay = xlmodel.launch_delay_cost(REVENUE, half_life, 30, COST, 879, **options)
    assert found["out_launch_delay_cost"] == pytest.approx(delay)
    assert found["out_payback_days"] == pytest.approx(
        xlmodel.payback_days(5000, *day, hazard_per_year=0.5)
    )


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"fold_per_year": 1.5},
        {"fold_per_year": 1.5, "cost_half_life_days": 2000, "hazard_per_year": 0.7},
        {"fold_per_year": 1.2, "next_release_day": 100, "value_kept": 0.95},
        {"fold_per_year": 1.2, "next_release_day": 45, "value_kept": 0.3},
        {"fold_per_year": 1.1, "output_tps": 900, "next_release_day": 400, "value_kept": 0.5},
        {"fold_per_year": 3, "output_tps": 100},
    ],
)
def test_months_sum_up_to_the_closed_form(template: Path, inputs: dict[str, str | float]) -> None:
    found = calc.calculate(template, inputs)
    assert found.outputs["out_model_npv"].value is not None
    margins, days = column(found, "month_margin"), column(found, "month_days")
    assert len(margins) == len(days) == 60
    assert column(found, "check_value_months") == [True]
    assert column(found, "check_npv") == [True]
    assert column(found, "month_cumulative")[-1] == pytest.approx(sum(margins) - 1000)


def test_utilization_and_efficiency_have_curves_of_their_own(template: Path) -> None:
    found = calc.calculate(
        template,
        {"fold_per_year": 1.05, "utilization": 0.95, "utilization_change": 1.02,
         "efficiency_gain": 0.1},
    )  # fmt: skip
    use, gain = column(found, "month_utilization"), column(found, "month_efficiency")
    assert use[0] == 0.95
    assert use[12] == pytest.approx(0.95 * 1.02)
    assert use[-1] == 1
    assert gain[24] == pytest.approx(1.21)
    assert column(found, "check_value_months") == ["n/a"]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "10.0-fold a year, revenue covers cost until day 27.8; today's margin of 128.26 USD"),
        ({}, "adds up to 1,728 USD, not to the 20,331 of a rent that falls too; a day of delay"),
        ({"output_tps": 200}, "makes a loss from the first day; there is nothing to earn; waiting"),
        ({"cost_half_life_days": 50}, "revenue never falls below cost"),
        ({"rate_from": "computed", "precision": "FP4"}, "Not known: a price or an input"),
    ],
)
def test_the_answer_says_it_in_words(
    template: Path, inputs: dict[str, str | float], words: str
) -> None:
    (answer,) = column(calc.calculate(template, inputs), "answer_value")
    assert words in answer


@pytest.mark.parametrize(
    "inputs",
    [
        {"rate_from": "computed", "precision": "FP4"},
        {"output_tps": 200},
        {"model_upfront": 0},
        {"cost_half_life_days": 50},
        {"next_release_day": 0},
    ],
)
def test_words_stand_where_there_is_no_figure(
    template: Path, inputs: dict[str, str | float]
) -> None:
    found = calc.calculate(template, inputs)
    wrong = [
        place
        for place, value in found.formulas.items()
        if place[0] == "Model value" and isinstance(value, CellError)
    ]
    assert wrong == []
