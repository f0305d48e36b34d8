"""Launches, releases, payback and training: published figures, and laws."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import xlmodel
from xlmodel.registry import InputError

TENFOLD = xlmodel.half_life_days(10)
FOUNDING = (798.336, 670.08)

positive = st.floats(1, 1e6)
half_lives = st.floats(1, 5000)
days = st.floats(0, 5000)


def test_late_launch_of_the_founding_node_costs_126_usd_on_the_first_day() -> None:
    first = xlmodel.launch_delay_cost(798.336, TENFOLD, 1, 670.08)
    assert first == pytest.approx(125.74, abs=5e-3)
    assert xlmodel.launch_delay_cost(798.336, TENFOLD, 28, 670.08) == pytest.approx(
        xlmodel.lifetime_margin(*FOUNDING, TENFOLD)
    )


@given(revenue=positive, cost=positive, half_life=half_lives, delays=st.tuples(days, days))
def test_later_launch_never_earns_more(
    revenue: float, cost: float, half_life: float, delays: tuple[float, float]
) -> None:
    sooner, later = sorted(delays)
    lost = [xlmodel.launch_delay_cost(revenue, half_life, d, cost) for d in (sooner, later)]
    assert lost[0] <= lost[1] * (1 + 1e-12) + 1e-9
    assert lost[1] <= xlmodel.lifetime_margin(revenue, cost, half_life) * (1 + 1e-12) + 1e-9


@given(revenue=positive, cost=positive, half_life=half_lives, delay=days)
def test_delay_costs_what_a_launch_at_the_prices_of_that_day_earns_less(
    revenue: float, cost: float, half_life: float, delay: float
) -> None:
    today = xlmodel.lifetime_margin(revenue, cost, half_life)
    then = xlmodel.lifetime_margin(xlmodel.model_value(revenue, half_life, delay), cost, half_life)
    lost = xlmodel.launch_delay_cost(revenue, half_life, delay, cost)
    assert lost == pytest.approx(today - then, rel=1e-7, abs=1e-6 * (revenue + cost))


@given(revenue=positive, cost=positive, half_life=half_lives, share=st.floats(0.001, 0.999))
def test_payback_is_the_day_on_which_the_margin_has_come_in(
    revenue: float, cost: float, half_life: float, share: float
) -> None:
    whole = xlmodel.lifetime_margin(revenue, cost, half_life)
    assume(whole > 1)
    upfront = share * whole
    day = xlmodel.payback_days(upfront, revenue, cost, half_life)
    assert xlmodel.lifetime_margin(revenue, cost, half_life, None, day) == pytest.approx(
        upfront, rel=1e-7
    )


@given(revenue=positive, half_life=half_lives, shares=st.tuples(*[st.floats(0, 0.99)] * 2))
def test_payback_rises_with_upfront_cost(
    revenue: float, half_life: float, shares: tuple[float, float]
) -> None:
    whole = xlmodel.lifetime_revenue(revenue, half_life)
    less, more = (
        xlmodel.payback_days(share * whole, revenue, 0, half_life) for share in sorted(shares)
    )
    assert less <= more


def test_payback_of_nothing_is_at_once_and_of_too_much_never() -> None:
    assert xlmodel.payback_days(0, *FOUNDING, TENFOLD) == 0
    assert xlmodel.payback_days(1728, *FOUNDING, TENFOLD) < 27.77
    with pytest.raises(InputError, match="never paid back") as caught:
        xlmodel.payback_days(1729, *FOUNDING, TENFOLD)
    assert caught.value.kind == "#NUM!"


def test_payback_to_the_last_digits() -> None:
    """Without a cost of serving it has a closed form: −ln(1 − K·a ÷ R) ÷ a."""
    rate = np.log(2) / TENFOLD
    exact = -np.log1p(-5000 * rate / 800) / rate
    assert xlmodel.payback_days(5000, 800, 0, TENFOLD) == pytest.approx(exact, rel=1e-14)


def test_payback_of_a_range_equals_that_of_its_cells() -> None:
    costs = np.array([0.0, 1.0, 500.0, 1728.0])
    found = xlmodel.payback_days(costs, *FOUNDING, TENFOLD)
    singly = [xlmodel.payback_days(float(cost), *FOUNDING, TENFOLD) for cost in costs]
    assert found == pytest.approx(singly, rel=1e-13)


def _profit_a_day(development: float, revenue: float, half_life: float, interval: float) -> float:
    earned = float(xlmodel.lifetime_revenue(revenue, half_life, interval))
    return (earned - development) / interval


@given(
    share=st.floats(0.001, 0.95),
    revenue=positive,
    half_life=half_lives,
    other=st.floats(0.1, 10),
)
def test_no_other_release_interval_makes_more_profit_a_day(
    share: float, revenue: float, half_life: float, other: float
) -> None:
    development = share * xlmodel.lifetime_revenue(revenue, half_life)
    best = xlmodel.best_release_interval(development, revenue, half_life)
    most = _profit_a_day(development, revenue, half_life, best)
    assert _profit_a_day(development, revenue, half_life, best * other) <= most + 1e-9 * revenue
    assert most == pytest.approx(xlmodel.model_value(revenue, half_life, best), rel=1e-6)


def test_cheap_releases_come_often_to_the_last_digits() -> None:
    """To first order x²÷2 is the share: an interval of √(2 × cost ÷ (revenue × rate))."""
    interval = xlmodel.best_release_interval(1e-9, 1e4, 100)
    rate = np.log(2) / 100
    first = np.sqrt(2 * 1e-9 * rate / 1e4)
    assert interval * rate == pytest.approx(first + first**2 / 3, rel=1e-9)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ((1.6e6, 1e4, TENFOLD), "as much as it will ever earn"),
        ((1e5, 1e4, TENFOLD, 7000), "makes a loss"),
        ((0, 0, TENFOLD), "as much as it will ever earn"),
    ],
)
def test_where_no_interval_pays_the_error_says_so(args: tuple[float, ...], why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        xlmodel.best_release_interval(*args)
    assert caught.value.kind == "#NUM!"


def test_training_llama_3_1_405b() -> None:
    """arXiv:2407.21783: 3.8e25 FLOP on 15.6 T tokens at an MFU of 38 to 43 % in BF16 on H100.

    The model card counts 30.84 M H100-hours in all; the run itself comes to 80 to 91 % of them.
    """
    slow, fast = (
        xlmodel.training_cost(405e9, 15.6e12, "H100", mfu, 1) / 30.84e6 for mfu in (0.38, 0.43)
    )
    assert 0.80 < fast < slow < 0.91


def test_training_deepseek_v3() -> None:
    """DeepSeek-V3's README: 14.8 T tokens, 37B active, 2.788 M H800-hours; H800 rates as H100.

    The hours imply a third of the BF16 peak, a sixth of the FP8 peak that the run used.
    """
    hours = xlmodel.training_cost(37e9, 14.8e12, "H100", 1, 1, "FP8")
    assert hours / 2.788e6 == pytest.approx(1 / 6, abs=0.01)


def test_training_in_a_precision_that_the_gpu_has_not_got() -> None:
    with pytest.raises(InputError, match="has no FP8") as caught:
        xlmodel.training_cost(8e9, 15e12, "A100-80GB", 0.4, 1.29, "FP8")
    assert caught.value.kind == "#NUM!"
