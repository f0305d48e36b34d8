"""Quotes, discounts and mixes: hand-computed and published figures, and laws."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlmodel
from xlmodel.registry import InputError

costs = st.floats(0.001, 1e4)
targets = st.floats(-5, 0.99)
discounts = st.floats(0, 0.99)
Mix = tuple[list[float], list[float], list[float], list[float]]


@st.composite
def mixes(draw: st.DrawFn) -> Mix:
    """Shares that sum to 1, with input, output and rate of each shape."""
    count = draw(st.integers(1, 6))

    def some(low: float, high: float) -> list[float]:
        return draw(st.lists(st.floats(low, high), min_size=count, max_size=count))

    weights = some(0.01, 1)
    return [w / sum(weights) for w in weights], some(0, 1e5), some(1, 1e4), some(0.1, 1e4)


def test_quote_by_hand() -> None:
    """2.10 is 70 % of 3.00, and 3.00 is 75 % of 4.00."""
    assert xlmodel.quote_price(2.1, 0.3) == pytest.approx(3, rel=1e-15)
    assert xlmodel.quote_price(2.1, 0.3, 0.25) == pytest.approx(4, rel=1e-15)
    assert xlmodel.discount_at_target(4, 2.1, 0.3) == pytest.approx(0.25, rel=1e-14)


def test_deepseek_day_at_its_published_profit_over_cost() -> None:
    """87,072 USD of cost, 562,027 of revenue, "a cost profit margin of 545 %" (day 6)."""
    rate = 5.45 / 6.45
    assert xlmodel.quote_price(87_072, rate) == pytest.approx(562_027, rel=1e-3)
    assert xlmodel.discount_at_target(562_027, 87_072, 0) == pytest.approx(rate, abs=1e-3)


def test_founding_node_has_room_for_a_sixth() -> None:
    cost = xlmodel.breakeven_price(300, 10, 8, 3.49)
    rate = xlmodel.node_margin_rate(300, 10, 2.8, 2.8, 8, 3.49)
    assert xlmodel.discount_at_target(2.8, cost, 0) == pytest.approx(rate, rel=1e-12)
    factor = xlmodel.price_for_margin(0.4, 300, 10, 2.8, 2.8, 8, 3.49)
    assert xlmodel.quote_price(cost, 0.4) == pytest.approx(2.8 * factor, rel=1e-12)


@given(costs, targets, discounts)
def test_the_quote_reaches_the_target(cost: float, target: float, discount: float) -> None:
    paid = xlmodel.quote_price(cost, target, discount) * (1 - discount)
    assert (paid - cost) / paid == pytest.approx(target, rel=1e-9, abs=1e-9)


@given(costs, targets, discounts)
def test_the_discount_is_the_inverse_of_the_quote(
    cost: float, target: float, discount: float
) -> None:
    price = xlmodel.quote_price(cost, target, discount) * (1 + 1e-12)  # not a hair below
    assert xlmodel.discount_at_target(price, cost, target) == pytest.approx(discount, abs=1e-9)


@given(costs, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_list_price_below_the_quote_has_no_discount(
    cost: float, target: float, share: float
) -> None:
    with pytest.raises(InputError, match="even the list price does not reach the target"):
        xlmodel.discount_at_target(xlmodel.quote_price(cost, target) * share, cost, target)


def test_mix_by_hand() -> None:
    """A second at 300 and three at 100 make 600 tokens in four seconds, not 200 a second."""
    assert xlmodel.mix_tps([0.5, 0.5], [300, 300], [300, 100]) == pytest.approx(150, rel=1e-15)
    ratio = xlmodel.mix_ratio([0.75, 0.25], [1000, 2000], [100, 900])
    assert ratio == pytest.approx(1250 / 300, rel=1e-15)


@given(mixes())
def test_the_rate_of_a_mix_is_its_output_over_its_seconds(mix: Mix) -> None:
    shares, _, output, rates = mix
    seconds = [s * o / rate for s, o, rate in zip(shares, output, rates, strict=True)]
    rate = xlmodel.mix_tps(shares, output, rates)
    made = sum(s * o for s, o in zip(shares, output, strict=True))
    assert rate * sum(seconds) == pytest.approx(made, rel=1e-9)


@given(mixes())
def test_the_harmonic_mean_is_no_more_than_the_plain_one(mix: Mix) -> None:
    shares, _, output, rates = mix
    rate = xlmodel.mix_tps(shares, output, rates)
    assert rate <= _weighted(rates, shares, output) * (1 + 1e-9)
    assert min(rates) * (1 - 1e-9) <= rate <= max(rates) * (1 + 1e-9)


@given(mixes())
def test_the_ratio_is_the_shapes_ratios_weighted_by_output(mix: Mix) -> None:
    shares, taken, output, _ = mix
    ratios = [i / o for i, o in zip(taken, output, strict=True)]
    found = xlmodel.mix_ratio(shares, taken, output)
    assert found == pytest.approx(_weighted(ratios, shares, output), rel=1e-9, abs=1e-12)


def _weighted(values: Sequence[float], shares: Sequence[float], output: Sequence[float]) -> float:
    weights = [s * o for s, o in zip(shares, output, strict=True)]
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)


@given(st.floats(0, 1e5), st.floats(1, 1e4), st.floats(0.1, 1e4), st.integers(1, 5))
def test_a_mix_of_one_shape_is_that_shape(
    taken: float, output: float, rate: float, count: int
) -> None:
    shares = [1 / count] * count
    assert xlmodel.mix_tps(shares, [output] * count, [rate] * count) == pytest.approx(rate)
    assert xlmodel.mix_ratio(shares, [taken] * count, [output] * count) == pytest.approx(
        taken / output
    )


@given(mixes())
def test_a_shape_with_share_zero_changes_nothing(mix: Mix) -> None:
    shares, taken, output, rates = mix
    more = [*shares, 0.0], [*output, 500.0], [*rates, 0.0]
    assert xlmodel.mix_tps(*more) == xlmodel.mix_tps(shares, output, rates)
    assert xlmodel.mix_ratio([*shares, 0], [*taken, 9], [*output, 9]) == xlmodel.mix_ratio(
        shares, taken, output
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: xlmodel.mix_tps([0.5, 0.4], [1, 1], [1, 1]), "shares sum to 0.9, but must sum"),
        (lambda: xlmodel.mix_ratio([1], [1, 2], [1]), "shares has 1, input_tokens has 2"),
        (lambda: xlmodel.mix_tps([1], [0], [1]), "MIX_TPS: .*zero"),
        (lambda: xlmodel.mix_tps([0.5, 0.5], [1, 1], [1, 0]), "MIX_TPS: .*zero"),
        (lambda: xlmodel.quote_price(2, 1), "target_margin_rate is 1"),
        (lambda: xlmodel.quote_price(2, 0.2, 15), "write 85 % as 0.85"),
    ],
)
def test_what_has_no_answer_says_so(call: object, message: str) -> None:
    assert callable(call)
    with pytest.raises(InputError, match=message):
        call()


@given(st.floats(0, 1), st.floats(0, 10), st.floats(0, 1e4))
def test_break_even_of_own_node_with_cache_and_other_cost(
    hit: float, cached: float, other: float
) -> None:
    """At that volume the API's bill is the node's cost."""
    tokens = xlmodel.self_host_breakeven(3, 15, 4, 8, 2.5, hit, cached, other)
    price = xlmodel.blended_price(3, 15, 4, hit, cached)
    assert tokens * price / 1e6 == pytest.approx(480 + other, rel=1e-12)
