"""What must hold between the functions: monotony, scaling, and break-even meaning zero margin."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import xlmodel
from xlmodel.registry import InputError

rates = st.floats(1, 1e5)
ratios = st.floats(0, 100)
prices = st.floats(0.01, 100)
gpus = st.integers(1, 64).map(float)
gpu_prices = st.floats(0.1, 20)
shares = st.floats(0, 1)
factors = st.floats(1.001, 10)


@given(rates, ratios, prices, prices, gpus, gpu_prices, factors)
def test_margin_rises_with_price_and_falls_with_cost(
    tps: float, ratio: float, p_in: float, p_out: float, n: float, gpu: float, k: float
) -> None:
    margin = xlmodel.node_margin(tps, ratio, p_in, p_out, n, gpu)
    assert xlmodel.node_margin(tps, ratio, p_in, p_out * k, n, gpu) > margin
    assert xlmodel.node_margin(tps, ratio, p_in, p_out, n, gpu * k) < margin


@given(rates, ratios, prices, prices, gpus, gpu_prices, factors)
def test_two_nodes_earn_twice(
    tps: float, ratio: float, p_in: float, p_out: float, n: float, gpu: float, k: float
) -> None:
    one = xlmodel.node_margin(tps, ratio, p_in, p_out, n, gpu)
    scaled = xlmodel.node_margin(tps * k, ratio, p_in, p_out, n * k, gpu)
    scale = xlmodel.node_revenue(tps, ratio, p_in, p_out) + xlmodel.node_cost(n, gpu)
    assert math.isclose(scaled, one * k, rel_tol=1e-9, abs_tol=1e-9 * scale * k)


@given(rates, ratios, prices, prices, gpus, gpu_prices, shares, prices, st.floats(0, 1e4))
def test_breakeven_is_zero_margin(
    tps: float,
    ratio: float,
    p_in: float,
    p_out: float,
    n: float,
    gpu: float,
    hits: float,
    p_cached: float,
    other: float,
) -> None:
    cost = xlmodel.node_cost(n, gpu, other_cost_per_day=other)
    rest = (hits, p_cached, other)
    at = xlmodel.breakeven_utilization(tps, ratio, p_in, p_out, n, gpu, None, *rest)
    if at <= 1:
        margin = xlmodel.node_margin(tps, ratio, p_in, p_out, n, gpu, at, *rest)
        assert abs(margin) <= 1e-9 * cost
    else:
        assert xlmodel.node_margin(tps, ratio, p_in, p_out, n, gpu, 1, *rest) < 0
    needed = xlmodel.breakeven_tps(ratio, p_in, p_out, n, gpu, 1, *rest)
    margin = xlmodel.node_margin(needed, ratio, p_in, p_out, n, gpu, 1, *rest)
    assert abs(margin) <= 1e-9 * cost
    factor = xlmodel.price_for_margin(0.3, tps, ratio, p_in, p_out, n, gpu, 1, *rest)
    rate = xlmodel.node_margin_rate(
        tps, ratio, p_in * factor, p_out * factor, n, gpu, 1, hits, p_cached * factor, other
    )
    assert rate == pytest.approx(0.3, rel=1e-9)


@given(rates, ratios, gpus, gpu_prices, st.floats(0.01, 1), st.floats(0, 1e4))
def test_breakeven_price_covers_cost(
    tps: float, ratio: float, n: float, gpu: float, utilization: float, other: float
) -> None:
    price = xlmodel.breakeven_price(tps, ratio, n, gpu, utilization, other)
    revenue = xlmodel.node_revenue(tps, ratio, price, price, utilization)
    assert revenue == pytest.approx(xlmodel.node_cost(n, gpu, 24, other), rel=1e-9)


@given(prices, prices, ratios, shares, st.floats(0, 1))
def test_blended_price_lies_between_its_parts(
    p_in: float, p_out: float, ratio: float, hits: float, multiplier: float
) -> None:
    cached = xlmodel.cached_input_price(p_in, multiplier)
    blended = xlmodel.blended_price(p_in, p_out, ratio, hits, cached)
    low, high = min(cached, p_in, p_out), max(cached, p_in, p_out)
    assert low * (1 - 1e-12) <= blended <= high * (1 + 1e-12)


@given(rates, ratios, prices, prices, gpus, gpu_prices)
def test_own_node_is_cheaper_above_the_breakeven(
    tps: float, ratio: float, p_in: float, p_out: float, n: float, gpu: float
) -> None:
    tokens = xlmodel.self_host_breakeven(p_in, p_out, ratio, n, gpu)
    bill = tokens * xlmodel.blended_price(p_in, p_out, ratio) / 1e6
    assert bill == pytest.approx(xlmodel.node_cost(n, gpu), rel=1e-9)


@given(st.floats(1, 1e6), st.floats(0.5, 20), st.floats(0, 0.5), shares)
def test_owned_gpu_recovers_its_price(
    capex: float, years: float, rate: float, residual: float
) -> None:
    """The annuity's present value and the resale together are the purchase price."""
    per_year = xlmodel.owned_gpu_hour(capex, years, rate, residual) * 8_760
    assume(rate > 1e-6)
    annuity = (1 - (1 + rate) ** -years) / rate
    resale = capex * residual * (1 + rate) ** -years
    assert per_year * annuity + resale == pytest.approx(capex, rel=1e-6)


def test_owned_gpu_without_interest_is_straight_line() -> None:
    assert xlmodel.owned_gpu_hour(8_760 * 4, 4, 0) == pytest.approx(1.0, rel=1e-12)
    nearly = xlmodel.owned_gpu_hour(8_760 * 4, 4, 1e-8)
    assert nearly == pytest.approx(1.0, rel=1e-6)


def test_mixed_gpu_hour() -> None:
    assert xlmodel.mixed_gpu_hour([3.49], [1]) == 3.49
    spot = xlmodel.mixed_gpu_hour([1.5], [1], [0.25])
    assert spot == pytest.approx(1.5 / 0.75)
    for prices_, shares_, losses, words in (
        ([1, 2], [0.5, 0.4], None, "sum to 0.9"),
        ([1, 2], [1], None, "one for each part"),
        ([1], [1], [1], "losses[1]"),
    ):
        with pytest.raises(InputError, match=words.replace("[", r"\[").replace("]", r"\]")):
            xlmodel.mixed_gpu_hour(prices_, shares_, losses)


def test_requests_refuse_more_hits_and_writes_than_input() -> None:
    with pytest.raises(InputError, match="sum to 1 at most") as caught:
        xlmodel.request_revenue(1000, 100, 3, 15, 0.7, 0.3, 0.4, 3.75)
    assert caught.value.kind == "#NUM!"


def test_rates_over_nothing() -> None:
    for call in (
        lambda: xlmodel.node_margin_rate(0, 10, 2.8, 2.8, 8, 3.49),
        lambda: xlmodel.cost_per_mtok(670.08, 0),
        lambda: xlmodel.breakeven_price(300, 10, 8, 3.49, 0),
    ):
        with pytest.raises(InputError, match="rate over zero") as caught:
            call()
        assert caught.value.kind == "#DIV/0!"
    with pytest.raises(InputError, match="no break-even") as caught:
        xlmodel.breakeven_utilization(300, 10, 0, 0, 8, 3.49)
    assert caught.value.kind == "#NUM!"
