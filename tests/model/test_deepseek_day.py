"""DeepSeek's published day end to end, from rows of the shipped tables and functions alone.

DeepSeek-V3/R1 Inference System Overview (day 6 of its open-source week): 24 hours from 2025-02-27
12:00 to 2025-02-28 12:00 UTC+8; 608 billion input tokens, of which 342 billion hit the cache, 168
billion output tokens; 226.75 nodes of 8 H800 GPUs in the mean at 2 USD per GPU-hour.
"""

import csv
from pathlib import Path

import pytest

import xlmodel
from xlmodel import tables

CASES = Path(__file__).parents[1] / "cases"


def test_published_day() -> None:
    with (CASES / "deepseek_day_six.csv").open(encoding="utf-8", newline="") as file:
        day = {row["quantity"]: float(row["value"]) for row in csv.DictReader(file)}
    prices = tables.grid("model_prices")

    def price(kind: str) -> float:
        found = xlmodel.model_price(prices, "DeepSeek-R1", "DeepSeek", kind, "2025-02-28")
        return float(found)

    profile = [row for row in tables.rows("load_profiles") if row["profile"] == "deepseek-nodes"]
    nodes = [float(row["load"]) for row in profile]  # a load counted in nodes: a node serves 1
    gpus, gpu_price = day["gpus_per_node"], day["gpu_hour_price"]

    # Nodes and their cost, from the hourly curve
    mean_nodes = xlmodel.fleet_nodes(nodes, 1, "elastic")
    assert mean_nodes == day["nodes"] == 226.75
    cost = xlmodel.fleet_cost(nodes, 1, gpus, gpu_price, fleet_mode="elastic")
    assert cost == day["cost"] == 87_072
    by_name = xlmodel.fleet_cost(
        "deepseek-nodes", 1, gpus, gpu_price, fleet_mode="elastic", mean_load=mean_nodes
    )
    assert by_name == cost

    # Revenue: by request of all tokens, and by the rate of the fleet
    hit_rate = day["cached_input_tokens"] / day["input_tokens"]
    rate_card = price("input"), price("output")
    assert (*rate_card, price("cache_read")) == (0.55, 2.19, 0.14)
    revenue = xlmodel.request_revenue(
        day["input_tokens"], day["output_tokens"], *rate_card, hit_rate, price("cache_read")
    )
    assert revenue == pytest.approx(day["revenue"], rel=0.002)
    output_tps = day["output_tokens"] / 86_400
    ratio = day["input_tokens"] / day["output_tokens"]
    fleet_revenue = xlmodel.node_revenue(
        output_tps, ratio, *rate_card, 1, hit_rate, price("cache_read")
    )
    assert fleet_revenue == pytest.approx(revenue, rel=1e-12)

    # Profit: 545 % of cost, which is 84.5 % of revenue
    profit_of_cost = (revenue - cost) / cost
    assert profit_of_cost == pytest.approx(day["cost_profit_margin"], rel=0.002)
    margin_rate = xlmodel.node_margin_rate(
        *(output_tps, ratio, *rate_card, gpus * mean_nodes, gpu_price),
        *(1, hit_rate, price("cache_read")),
    )
    assert margin_rate == pytest.approx(0.845, abs=5e-4)

    # What following the load saves of 278 nodes that run all day
    assert xlmodel.fleet_nodes(nodes, 1, "fixed") == 278
    assert xlmodel.fleet_cost(nodes, 1, gpus, gpu_price, fleet_mode="fixed") == 278 * 8 * 2 * 24
    saving = xlmodel.autoscaling_saving(nodes, 1, fleet_mode="elastic")
    assert saving == pytest.approx(1 - 226.75 / 278, rel=1e-12)
    assert saving == pytest.approx(0.184, abs=5e-4)
    assert saving == 1 - cost / xlmodel.fleet_cost(nodes, 1, gpus, gpu_price, fleet_mode="fixed")
