"""Published figures, each with its citation in the CSV file beside this test."""

import csv
import math
from pathlib import Path

import pytest

import xlmodel
from xlmodel.registry import find

HERE = Path(__file__).parent


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", _rows("founding.csv"), ids=lambda row: row["call"])
def test_founding_case(row: dict[str, str]) -> None:
    name, *words = row["call"].split()
    function = find(name)
    args = [float(word) for word in words]
    tolerance = 1e-9 if len(row["expected"]) < 14 else 1e-12
    for answer in (function(*args), function.call_cells(args)):
        assert math.isclose(answer, float(row["expected"]), rel_tol=tolerance)
    assert row["unit"] == function.result.unit or name == "OWNED_GPU_HOUR"


def test_check_values_of_the_design() -> None:
    assert xlmodel.node_margin(300, 10, 2.8, 2.8, 8, 3.49) == pytest.approx(128.256, rel=1e-12)
    assert xlmodel.node_revenue(300, 10, 2.8, 2.8) == pytest.approx(798.336, rel=1e-12)
    assert xlmodel.node_cost(8, 3.49) == pytest.approx(670.08, rel=1e-12)


def test_deepseek_day_six() -> None:
    """Cost 87,072 USD exactly; revenue 562,027 USD within 0.05 % from the rounded counts."""
    day = {row["quantity"]: float(row["value"]) for row in _rows("deepseek_day_six.csv")}
    cost = xlmodel.node_cost(day["nodes"] * day["gpus_per_node"], day["gpu_hour_price"])
    assert cost == day["cost"]
    hit_rate = day["cached_input_tokens"] / day["input_tokens"]
    revenue = xlmodel.node_revenue(
        day["output_tokens"] / 86_400,
        day["input_tokens"] / day["output_tokens"],
        day["input_price"],
        day["output_price"],
        cache_hit_rate=hit_rate,
        cached_input_price=day["cached_input_price"],
    )
    assert revenue == pytest.approx(day["revenue"], rel=5e-4)
    request = xlmodel.request_revenue(
        day["input_tokens"],
        day["output_tokens"],
        day["input_price"],
        day["output_price"],
        hit_rate,
        day["cached_input_price"],
    )
    assert request == pytest.approx(revenue, rel=1e-12)
    assert (revenue - cost) / cost == pytest.approx(day["cost_profit_margin"], abs=0.01)


def test_bridge_from_the_sceptic_to_the_reply() -> None:
    """Each step of the founding case, one input changed at a time."""
    sceptic_cost, tokens, price = 1000.0, 26e6, 3.0
    rounded = xlmodel.tokens_per_day(300)
    with_input = xlmodel.tokens_per_day(300, 10)
    steps = [
        tokens * price / 1e6 - sceptic_cost,
        (rounded - tokens) * price / 1e6,
        (with_input - rounded) * price / 1e6,
        with_input * (2.8 - price) / 1e6,
        sceptic_cost - xlmodel.node_cost(8, 3.49),
    ]
    assert steps == pytest.approx([-922, -0.24, 777.6, -57.024, 329.92], rel=1e-9)
    assert sum(steps) == pytest.approx(128.256, rel=1e-9)
