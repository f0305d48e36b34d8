"""A fleet over the day: its nodes, utilization, cost, what is idle, and what scaling saves."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlmodel
from xlmodel import tables
from xlmodel.registry import CellError, InputError, explain, find
from xlmodel.tables import lookup

MODES = ("autoscaled", "fixed", "elastic")
RAMP = [100.0 * hour for hour in range(24)]

hours = st.lists(st.floats(0, 1e5), min_size=24, max_size=24) | st.lists(
    st.floats(0, 1e5), min_size=168, max_size=168
)
rates = st.floats(1, 1e4)
fleets = st.fixed_dictionaries(
    {
        "fleet_mode": st.sampled_from(MODES),
        "min_nodes": st.integers(0, 20),
        "lag_hours": st.floats(0, 30),
        "target_utilization": st.floats(0.2, 1),
    }
)


# Profiles


def test_a_profile_has_a_day_or_a_week() -> None:
    lengths = {name: len(hours) for name, hours in lookup.load_profiles().items()}
    assert lengths == {"deepseek-day": 24, "deepseek-nodes": 24, "flat": 24, "office-hours": 168}
    for name in lengths:
        of = [row for row in tables.rows("load_profiles") if row["profile"] == name]
        assert [int(row["hour"]) for row in of] == list(range(lengths[name]))
        assert len({row["unit"] for row in of}) == 1


def test_what_is_a_guess_says_so() -> None:
    for row in tables.rows("load_profiles"):
        assert (row["source"] == "guess") == row["note"].startswith("guess")
        assert (row["source"] == "guess") == (row["profile"] == "office-hours")


@pytest.mark.parametrize("name", lookup.load_profiles())
def test_the_mean_over_a_profile_is_the_mean_load(name: str) -> None:
    count = len(lookup.load_profiles()[name])
    assert np.mean(xlmodel.load_at(name, np.arange(count))) == pytest.approx(1, rel=1e-12)
    assert np.mean(xlmodel.load_at(name, np.arange(count), 500)) == pytest.approx(500, rel=1e-12)


def test_hours_wrap_and_are_taken_whole() -> None:
    assert xlmodel.load_at("deepseek-day", 24) == xlmodel.load_at("deepseek-day", 0)
    assert xlmodel.load_at("deepseek-day", 3.75) == xlmodel.load_at("deepseek-day", 3)
    assert xlmodel.load_at("office-hours", 24 * 7 + 10) == xlmodel.load_at("office-hours", 10)


def test_published_peak_and_trough() -> None:
    """ECON-03: 1.325 and 0.272 of the mean, read off the figure; they average 1.000125."""
    loads = xlmodel.load_at("deepseek-day", np.arange(24), 1.000125)
    assert max(loads) == pytest.approx(1.325, abs=1e-9)
    assert min(loads) == pytest.approx(0.272, abs=1e-9)


def test_a_name_is_found_in_any_spelling() -> None:
    for name in ("Office Hours", " office_hours ", "OFFICE-HOURS"):
        assert xlmodel.load_at(name, 9) == xlmodel.load_at("office-hours", 9)


# Loads


def test_a_load_has_any_shape() -> None:
    expected = xlmodel.fleet_nodes(RAMP, 300)
    for shape in ((24, 1), (1, 24), (4, 6)):
        assert xlmodel.fleet_nodes(np.reshape(RAMP, shape), 300) == expected
        assert find("FLEET_NODES").call_cells([np.reshape(RAMP, shape).tolist(), 300.0]) == expected


def test_a_mean_scales_a_range_too() -> None:
    assert xlmodel.fleet_nodes(RAMP, 1, "elastic", mean_load=7) == pytest.approx(7, rel=1e-12)


@pytest.mark.parametrize("count", [1, 2, 23, 25, 48, 167, 169])
def test_another_count_of_hours_is_refused(count: int) -> None:
    with pytest.raises(InputError, match="24 or 168 hours"):
        xlmodel.fleet_nodes([1.0] * count, 300)


@pytest.mark.parametrize(
    ("args", "kind", "words"),
    [
        (("flat", 300), "#VALUE!", "give mean_load"),
        (("flt", 300, "fixed", 0, 0, 1, 0, 5), "#N/A", "no profile.*nearest: flat"),
        ((RAMP, 300, "automatic"), "#N/A", "must be one of autoscaled, fixed, elastic"),
        ((5.0, 300), "#VALUE!", "holds one value"),
        (([*RAMP[:23], "x"], 300), "#VALUE!", r"load\[24\] is the text"),
        (([*RAMP[:23], -1], 300), "#NUM!", r"load\[24\] is -1"),
        (([*RAMP[:23], None], 300), "#VALUE!", r"load\[24\] is blank"),
        (([[CellError("#REF!")]], 300), "#REF!", "load"),
        ((RAMP, 0), "#NUM!", "node_tps"),
        ((RAMP, 300, None, 0, 0, 80), "#NUM!", "fractions"),
        (([0.0] * 24, 300, None, 0, 0, 1, 0, 5), "#DIV/0!", "FLEET_NODES"),
    ],
)
def test_errors_say_what_is_wrong(args: Sequence[Any], kind: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        xlmodel.fleet_nodes(*args)
    assert caught.value.kind == kind


def test_explanation_shows_the_steps() -> None:
    text = explain.explain(find("FLEET_COST"), ["flat", 300, 8, 3.49, *[None] * 6, 3000])
    assert text.startswith("FLEET_COST = 6,700.8 USD/day, from load = flat, node_tps = 300")
    assert "others = 10 nodes" in text


# Nodes


@pytest.mark.parametrize(
    ("load", "rate", "target", "nodes"),
    [(0, 300, 1, 0), (300, 300, 1, 1), (300.1, 300, 1, 2), (1.1, 0.1, 1, 11), (240, 300, 0.8, 1)],
)
def test_nodes_for_load(load: float, rate: float, target: float, nodes: float) -> None:
    """1.1 ÷ 0.1 is a little above 11 in binary: that is no other node."""
    assert xlmodel.nodes_for_load(load, rate, target) == nodes
    assert xlmodel.nodes_for_load([load], rate, target)[0] == nodes


def test_a_node_is_paid_while_it_starts() -> None:
    peak = [0.0] * 24
    peak[1] = 10.0
    nodes = [xlmodel.fleet_nodes(peak, 10, lag_hours=lag) * 24 for lag in (0, 1, 2, 2.5, 23, 168)]
    assert nodes == pytest.approx([1, 2, 3, 3.5, 24, 24], rel=1e-12)  # it wraps past midnight


def test_minimum_and_reserved_nodes_run_all_hours() -> None:
    assert xlmodel.fleet_nodes([0.0] * 24, 10, min_nodes=3) == 3
    assert xlmodel.fleet_nodes([0.0] * 24, 10, min_nodes=3, reserved_nodes=5) == 5
    assert xlmodel.fleet_cost([0.0] * 24, 10, 8, 2, 5, 1, min_nodes=3) == 24 * 8 * 5 * 1
    assert xlmodel.fleet_cost([0.0] * 24, 10, 8, 2, 2, 1, min_nodes=3) == 24 * 8 * (2 * 1 + 1 * 2)


def test_a_base_reserved_and_peaks_on_demand() -> None:
    """12 hours of 4 nodes, 12 of 10: 4 reserved at 1 USD, 6 more for half the day at 3 USD."""
    load = [40.0] * 12 + [100.0] * 12
    assert xlmodel.fleet_cost(load, 10, 8, 3, 4, 1) == 24 * 8 * (4 * 1 + 6 * 0.5 * 3)
    assert xlmodel.fleet_idle_cost(load, 10, 8, 3, 4, 1) == 0
    assert xlmodel.fleet_idle_cost(load, 10, 8, 3, 6, 1) == 24 * 8 * 2 * 0.5 * 1
    assert xlmodel.fleet_idle_cost(load, 10, 8, 3, fleet_mode="fixed") == 24 * 8 * 6 * 0.5 * 3


@settings(deadline=None)
@given(hours, rates, fleets, st.floats(0, 50), st.floats(0.1, 10))
def test_cost_is_at_least_load_over_capacity(
    load: list[float], rate: float, how: dict[str, Any], reserved: float, price: float
) -> None:
    cost = xlmodel.fleet_cost(load, rate, 8, price, reserved, **how)
    least = sum(load) / len(load) / rate * 8 * price * 24
    assert cost >= least * (1 - 1e-9)


@settings(deadline=None)
@given(hours, rates, fleets, st.floats(0, 50), st.floats(0.1, 10))
def test_idle_cost_is_what_utilization_leaves(
    load: list[float], rate: float, how: dict[str, Any], reserved: float, price: float
) -> None:
    """At one price; it is never more than the cost."""
    cost = xlmodel.fleet_cost(load, rate, 8, price, reserved, **how)
    idle = xlmodel.fleet_idle_cost(load, rate, 8, price, reserved, **how)
    assert 0 <= idle <= cost * (1 + 1e-9)
    nodes = xlmodel.fleet_nodes(load, rate, **how, reserved_nodes=reserved)
    assert cost == pytest.approx(nodes * 8 * price * 24, rel=1e-9)
    if nodes:
        used = xlmodel.fleet_utilization(load, rate, **how, reserved_nodes=reserved)
        assert used <= 1 + 1e-9
        assert idle == pytest.approx(cost * (1 - used), abs=1e-9 * (cost + 1))


@settings(deadline=None)
@given(hours, rates, fleets)
def test_following_closer_never_needs_more(
    load: list[float], rate: float, how: dict[str, Any]
) -> None:
    elastic, scaled, fixed = (
        xlmodel.fleet_nodes(load, rate, **{**how, "fleet_mode": mode})
        for mode in ("elastic", "autoscaled", "fixed")
    )
    assert elastic * (1 - 1e-9) <= scaled <= fixed * (1 + 1e-9)
    if fixed:
        saving = xlmodel.autoscaling_saving(load, rate, **{**how, "fleet_mode": "autoscaled"})
        assert saving == pytest.approx(1 - scaled / fixed, abs=1e-12)
        assert saving >= -1e-9


@settings(deadline=None)
@given(hours, rates, fleets, st.floats(0, 10), st.floats(0, 0.5), st.integers(0, 9))
def test_a_longer_lag_or_more_room_never_costs_less(
    load: list[float], rate: float, how: dict[str, Any], lag: float, room: float, more: int
) -> None:
    nodes = xlmodel.fleet_nodes(load, rate, **how)
    for name, value in (
        ("lag_hours", how["lag_hours"] + lag),
        ("target_utilization", how["target_utilization"] * (1 - room)),
        ("min_nodes", how["min_nodes"] + more),
    ):
        assert xlmodel.fleet_nodes(load, rate, **{**how, name: value}) >= nodes * (1 - 1e-9)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 1e5), min_size=24, max_size=24), rates, fleets)
def test_a_week_of_equal_days_is_that_day(
    load: list[float], rate: float, how: dict[str, Any]
) -> None:
    day = xlmodel.fleet_cost(load, rate, 8, 2, **how)
    assert xlmodel.fleet_cost(load * 7, rate, 8, 2, **how) == pytest.approx(day, rel=1e-9)


@pytest.mark.parametrize("name", ["FLEET_NODES", "FLEET_UTILIZATION", "AUTOSCALING_SAVING"])
def test_other_arguments_broadcast(name: str) -> None:
    function = find(name)
    rates = [100.0, 250.0, 400.0]
    together = function.call_cells([[[x] for x in RAMP], [rates]])
    assert together == [[function(RAMP, rate) for rate in rates]]
    assert list(function(RAMP, np.array(rates))) == together[0]


# Prices by the hour


@pytest.mark.parametrize(
    ("start", "end", "mean"),
    [(0, 24, 1), (0, 0, 3), (8, 8, 3), (0, 12, 2), (18, 6, 2), (0.5, 12.5, 2), (23.5, 11.5, 2)],
)
def test_a_flat_load_pays_the_hours_mean(start: float, end: float, mean: float) -> None:
    for load in ("flat", [5.0] * 24, [5.0] * 168):
        assert xlmodel.time_of_day_price(load, 3, 1, start, end) == pytest.approx(mean, rel=1e-12)


def test_deepseek_off_peak() -> None:
    """16:30 to 0:30 UTC is 0:30 to 8:30 in UTC+8, the hours of the profile: 17 % of the load."""
    loads = [float(xlmodel.load_at("deepseek-day", hour)) for hour in range(24)]
    off_peak = (loads[0] / 2 + sum(loads[1:8]) + loads[8] / 2) / sum(loads)
    expected = 2.19 * (1 - off_peak) + 0.55 * off_peak
    found = xlmodel.time_of_day_price("deepseek-day", 2.19, 0.55, 0.5, 8.5)
    assert found == pytest.approx(expected, rel=1e-12)
    assert off_peak == pytest.approx(0.1707, abs=1e-4)


@given(hours, st.floats(0, 24), st.floats(0, 24), st.floats(0.01, 1e6))
def test_the_mean_lies_between_the_prices(
    load: list[float], start: float, end: float, factor: float
) -> None:
    if not sum(load) > 1e-9:
        return
    mean = xlmodel.time_of_day_price(load, 2.0, 0.5, start, end)
    assert 0.5 - 1e-9 <= mean <= 2.0 + 1e-9
    scaled = xlmodel.time_of_day_price([one * factor for one in load], 2.0, 0.5, start, end)
    assert math.isclose(mean, scaled, rel_tol=1e-9)
    rest = xlmodel.time_of_day_price(load, 0.5, 2.0, end, start)
    if start != end:
        assert math.isclose(mean, rest, rel_tol=1e-9)  # the same hours, named the other way
