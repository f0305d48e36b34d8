"""What a model is worth over time: the founding case's figures, and laws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

import xlmodel
from xlmodel.model.decay import days_worth
from xlmodel.registry import InputError

TENFOLD = xlmodel.half_life_days(10)
FOUNDING = (798.336, 670.08)
"""Revenue and cost a day of the founding node (Y. Jia, July 2024)."""

amounts = st.floats(0, 1e6)
positive = st.floats(0.01, 1e6)
half_lives = st.floats(1, 5000)
shares = st.floats(0, 1)
days = st.floats(0, 5000)


def test_half_life_of_tenfold_a_year() -> None:
    assert pytest.approx(109.876, abs=5e-4) == TENFOLD


def test_tenfold_a_year_makes_lifetime_revenue_158_5_days_of_day_one() -> None:
    assert xlmodel.lifetime_revenue(1, TENFOLD) == pytest.approx(365 / math.log(10), rel=1e-14)
    assert xlmodel.lifetime_revenue(1, TENFOLD) == pytest.approx(158.517, abs=5e-4)


def test_founding_node_earns_1728_usd_until_day_27_8() -> None:
    assert xlmodel.last_profitable_day(*FOUNDING, 109.876) == pytest.approx(27.76, abs=5e-3)
    assert xlmodel.lifetime_margin(*FOUNDING, TENFOLD) == pytest.approx(1728, abs=0.5)
    naive = (FOUNDING[0] - FOUNDING[1]) * xlmodel.lifetime_revenue(1, TENFOLD)
    assert naive > 11 * xlmodel.lifetime_margin(*FOUNDING, TENFOLD)


def test_rent_with_a_half_life_of_its_own_lengthens_the_life() -> None:
    later = xlmodel.last_profitable_day(*FOUNDING, TENFOLD, 365)
    assert later > xlmodel.last_profitable_day(*FOUNDING, TENFOLD)
    assert xlmodel.lifetime_margin(*FOUNDING, TENFOLD, 365) > 1729


def test_a_year_after_tenfold_decline_a_tenth_is_left() -> None:
    assert xlmodel.model_value(2.8, TENFOLD, 365) == pytest.approx(0.28, rel=1e-12)


def test_hazard_is_the_chance_to_be_superseded() -> None:
    expected = xlmodel.model_value(2.8, TENFOLD, 365, 0.7)
    assert expected == pytest.approx(0.28 * math.exp(-0.7), rel=1e-12)


@pytest.mark.parametrize(("day", "value"), [(29.999, 1.0), (30, 0.25), (31, 0.25)])
def test_from_the_next_release_on_only_a_share_is_kept(day: float, value: float) -> None:
    assert xlmodel.model_value(1, 1e12, day, 0, 30, 0.25) == pytest.approx(value)


def test_a_loss_on_day_0_has_no_profitable_day() -> None:
    assert xlmodel.last_profitable_day(600, 670.08, TENFOLD) == 0
    assert xlmodel.last_profitable_day(600, 670.08, TENFOLD, 30) == 0
    assert xlmodel.lifetime_margin(600, 670.08, TENFOLD) == 0


@pytest.mark.parametrize("args", [(800, 0, 100), (800, 670, 100, 100), (800, 670, 100, 50)])
def test_no_last_profitable_day_is_an_error_that_says_so(args: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="never falls below cost") as caught:
        xlmodel.last_profitable_day(*args)
    assert caught.value.kind == "#NUM!"


@pytest.mark.parametrize("fold", [1, 0.5])
def test_a_price_that_does_not_fall_has_no_half_life(fold: float) -> None:
    with pytest.raises(InputError, match=r"falls 1 ÷ 0\.7"):
        xlmodel.half_life_days(fold)


def test_held_quality_falls_faster_than_held_tier() -> None:
    assert xlmodel.price_decline("Tenfold") == 10
    assert xlmodel.price_decline("openai-flagship") < xlmodel.price_decline("epoch-slowest")
    with pytest.raises(InputError, match="nearest: tenfold") as caught:
        xlmodel.price_decline("ten fold")
    assert caught.value.kind == "#N/A"


@given(fold=st.floats(1.001, 1e6))
def test_half_life_inverts_the_fold(fold: float) -> None:
    half_life = xlmodel.half_life_days(fold)
    assert xlmodel.model_value(1, half_life, 365) == pytest.approx(1 / fold, rel=1e-9)


@given(rate=st.floats(1e-12, 50), last=st.floats(1e-6, 1e9))
def test_days_worth_lose_no_digits(rate: float, last: float) -> None:
    exact = -math.expm1(-rate * last) / rate
    assert days_worth(rate, last) == pytest.approx(exact, rel=1e-14)


options = st.tuples(days, st.floats(0, 5), st.floats(0, 1), days, shares)


@given(revenue=positive, half_life=half_lives, options=options)
def test_lifetime_revenue_equals_quadrature(
    revenue: float, half_life: float, options: tuple[float, ...]
) -> None:
    horizon, hazard, discount, release, kept = options

    def of_a_day(day: float) -> float:
        value = xlmodel.model_value(revenue, half_life, day, hazard, release, kept)
        return float(value) * (1 + discount) ** (-day / 365)

    middle = min(horizon, release)
    pieces = [(0.0, middle), (middle, horizon)]
    summed = sum(
        quad(of_a_day, a, b, epsabs=0, epsrel=1e-10, limit=200)[0]
        for a, b in pieces
        if b - a > 1e-9
    )
    closed = xlmodel.lifetime_revenue(revenue, half_life, *options)
    assert closed == pytest.approx(summed, rel=1e-6, abs=1e-9 * revenue)


@given(
    revenue=positive, cost=positive, half_life=half_lives, cost_half_life=half_lives, more=options
)
def test_lifetime_margin_equals_the_sum_of_profitable_days(
    revenue: float, cost: float, half_life: float, cost_half_life: float, more: tuple[float, ...]
) -> None:
    """By the midpoint rule on a fine grid: each moment counts for its margin, or for nothing."""
    horizon, hazard, discount, release, kept = more
    steps = 200_000
    day = (np.arange(steps) + 0.5) * horizon / steps
    left = np.exp(-hazard * day / 365) * (1 + discount) ** (-day / 365)
    margin = (
        revenue * 0.5 ** (day / half_life) * np.where(day < release, 1, kept)
        - cost * 0.5 ** (day / cost_half_life)
    ) * left
    margin[margin < 0] = 0
    if revenue <= cost:
        margin[:] = 0  # not started
    if revenue * kept * 0.5 ** (release / half_life) <= cost * 0.5 ** (release / cost_half_life):
        margin[day >= release] = 0  # given back on the day of the successor
    summed = float(margin.sum() * horizon / steps)
    closed = xlmodel.lifetime_margin(revenue, cost, half_life, cost_half_life, *more)
    assert closed == pytest.approx(summed, rel=1e-3, abs=1e-4 * revenue * (1 + horizon))


@given(revenue=amounts, cost=amounts, half_life=half_lives, more=options)
def test_lifetime_margin_lies_between_zero_and_lifetime_revenue(
    revenue: float, cost: float, half_life: float, more: tuple[float, ...]
) -> None:
    margin = xlmodel.lifetime_margin(revenue, cost, half_life, None, *more)
    assert 0 <= margin <= xlmodel.lifetime_revenue(revenue, half_life, *more) * (1 + 1e-9)


@given(revenue=positive, half_life=half_lives, cost=positive, day=days)
def test_no_other_day_to_stop_earns_more(
    revenue: float, half_life: float, cost: float, day: float
) -> None:
    def until(last: float) -> float:
        earned = float(xlmodel.lifetime_revenue(revenue, half_life, last))
        return earned - cost * last

    best = xlmodel.lifetime_margin(revenue, cost, half_life)
    assert until(day) <= best + 1e-9 * (revenue + cost) * (1 + day)


@given(revenue=positive, half_life=half_lives, hazards=st.tuples(shares, shares))
def test_more_hazard_never_adds_value(
    revenue: float, half_life: float, hazards: tuple[float, float]
) -> None:
    less, more = sorted(hazards)
    assert xlmodel.lifetime_revenue(revenue, half_life, None, more) <= xlmodel.lifetime_revenue(
        revenue, half_life, None, less
    )
