"""When to launch, how often to release, what training costs, and when it is earned back.

The market ages whether a model is launched or not: a launch that is late meets prices that have
fallen already, and misses the best days. Who sells sooner earns more.
"""

from typing import Final

from xlmodel.elementwise import exp, largest, only_if, where
from xlmodel.model.configuration import weight_precision
from xlmodel.model.decay import days_worth, last_profitable, other_rates, rate_of
from xlmodel.model.value import lifetime_margin
from xlmodel.registry import function
from xlmodel.tables import specs
from xlmodel.units import DiscountRate, GpuHourPrice, GpuRef, Tflops, Usd
from xlmodel.units.value import (
    CostHalfLifeDays,
    Days,
    DelayDays,
    DevelopmentCost,
    Faded,
    Flop,
    GpuHours,
    HalfLifeDays,
    HazardPerYear,
    NextReleaseDay,
    Params,
    RatePerDay,
    RevenuePerDay,
    RunningCostPerDay,
    TrainingMfu,
    TrainingPrecision,
    TrainingTokens,
    UpfrontCost,
    ValueKept,
)

_FLOP_PER_PARAMETER: Final = 6
_FLOP_PER_TFLOP: Final = 1e12
_SECONDS_PER_HOUR: Final = 3_600
_HALVINGS: Final = 100
"""Steps of a search by halves: enough to find a day to its last digits among 10^15."""
_PARTS: Final = 2.0**_HALVINGS
_MOST_FADED: Final = 64.0
_NEAR: Final = 0.5
_SERIES: Final = tuple(1.0 / factor for factor in (
    1307674368000, 87178291200, 6227020800, 479001600, 39916800, 3628800, 362880, 40320, 5040,
    720, 120, 24, 6, 2,
))  # fmt: skip
"""1 ÷ n! from 15 down to 2."""


@function
def payback_days(
    upfront_cost: UpfrontCost,
    revenue_per_day: RevenuePerDay,
    cost_per_day: RunningCostPerDay,
    half_life_days: HalfLifeDays,
    cost_half_life_days: CostHalfLifeDays | None = None,
    hazard_per_year: HazardPerYear = 0.0,
) -> Days:
    """Days until the margin earned equals what was spent upfront.

    With a hazard it is the expected margin that is counted. Nothing is discounted: MODEL_NPV does.

    Equation:
        upfront_cost = ∫ margin dt from 0 to the day, margin as in LIFETIME_MARGIN

    Errors:
        #NUM! when it is never paid back: the whole lifetime margin is less.

    Source:
        Definition; solved by halving to the last digits.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.payback_days(1000, 798.336, 670.08, 109.876), 3)
        9.553
    """
    fall: RatePerDay = rate_of(half_life_days)
    cost_fall: RatePerDay = rate_of(cost_half_life_days)
    hazard: RatePerDay = other_rates(hazard_per_year)
    last: Days = last_profitable(revenue_per_day, cost_per_day, fall, cost_fall)
    rate: RatePerDay = fall + hazard
    cost_rate: RatePerDay = cost_fall + hazard
    earned: Usd = _earned(revenue_per_day, cost_per_day, rate, cost_rate, last)
    return only_if(
        earned >= upfront_cost,
        _paid_back(upfront_cost, revenue_per_day, cost_per_day, rate, cost_rate, last),
        "it is never paid back: the margin until the last profitable day is less than upfront_cost",
    )


def _earned(revenue: float, cost: float, rate: float, cost_rate: float, days: float) -> float:
    return revenue * days_worth(rate, days) - cost * days_worth(cost_rate, days)


def _paid_back(
    upfront: float, revenue: float, cost: float, rate: float, cost_rate: float, last: float
) -> float:
    """The day on which the margin has come to ``upfront``; it grows until the last day."""
    part = last / _PARTS
    spent = where(upfront > 0, upfront, 1.0)

    # As a ratio, since some spreadsheets take small numbers for equal that are not.
    def is_unpaid(parts: float) -> bool:
        ratio = _earned(revenue, cost, rate, cost_rate, parts * part) / spent
        return (ratio <= 1) & (upfront > 0)

    return largest(is_unpaid, _PARTS, _HALVINGS) * part


@function
def launch_delay_cost(
    revenue_per_day: RevenuePerDay,
    half_life_days: HalfLifeDays,
    delay_days: DelayDays,
    cost_per_day: RunningCostPerDay = 0.0,
    cost_half_life_days: CostHalfLifeDays | None = None,
    hazard_per_year: HazardPerYear = 0.0,
    discount_rate: DiscountRate = 0.0,
    next_release_day: NextReleaseDay | None = None,
    value_kept: ValueKept = 0.0,
) -> Usd:
    """Margin that is lost when a model is launched some days late.

    Revenue and cost are those of a launch today. A later launch meets the price of its day, and
    ends no later: the days before it are lost, and they are the best ones. It is never negative,
    so a later launch never earns more. Divided by the days it is the cost of a day's delay. Where
    cost falls faster than revenue that need not hold: compare LIFETIME_MARGIN of both days then.

    Equation:
        cost = LIFETIME_MARGIN of a launch today − that of a launch after delay_days
        = LIFETIME_MARGIN of the first delay_days

    Errors:
        #NUM! when cost falls faster than revenue, since a later launch may then earn more.

    Source:
        Founding case, section 4: who sells faster earns more.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.launch_delay_cost(798.336, 109.876, 1, 670.08), 2)
        125.74
        >>> round(xlmodel.launch_delay_cost(798.336, 109.876, 30, 670.08), 2)
        1728.36
    """
    lost: Usd = lifetime_margin(
        revenue_per_day,
        cost_per_day,
        half_life_days,
        cost_half_life_days,
        delay_days,
        hazard_per_year,
        discount_rate,
        next_release_day,
        value_kept,
    )
    return only_if(
        (rate_of(cost_half_life_days) <= rate_of(half_life_days)) | (cost_per_day == 0),
        lost,
        "cost falls faster than revenue, so that a later launch may earn more: compare "
        "LIFETIME_MARGIN of both days",
    )


@function
def best_release_interval(
    development_cost: DevelopmentCost,
    revenue_per_day: RevenuePerDay,
    half_life_days: HalfLifeDays,
    cost_per_day: RunningCostPerDay = 0.0,
) -> Days:
    """Days between releases that make the most profit a day, when each release restores the value.

    Each release costs development_cost and brings revenue back to revenue_per_day, from where it
    decays. Released more often, development eats the profit; less often, age does. The cost of
    serving does not move the best interval, but decides whether it pays at all.

    Equation:
        profit a day = (∫ revenue dt over the interval − development_cost) ÷ interval − cost_per_day
        greatest where 1 − exp(−x) × (1 + x) = development_cost × a ÷ revenue_per_day,
        a = ln 2 ÷ half_life_days, x = a × interval; the profit a day then is
        revenue_per_day × exp(−x) − cost_per_day

    Errors:
        #NUM! when no interval pays: a release costs all that it will ever earn, or more, or the
        best interval makes a loss.

    Source:
        First-order condition of the profit a day.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.best_release_interval(100000, 10000, 109.876), 2)
        64.31
    """
    rate: RatePerDay = rate_of(half_life_days)
    earning = where(revenue_per_day > 0, revenue_per_day, 1.0)
    faded: Faded = _faded(development_cost * rate / earning, development_cost > 0)
    pays = only_if(
        revenue_per_day * exp(-faded) >= cost_per_day,
        faded / rate,
        "no interval pays: even the best one makes a loss",
    )
    return only_if(
        development_cost * rate < revenue_per_day,
        pays,
        "no interval pays: a release costs as much as it will ever earn, or more",
    )


def _faded(share: float, is_some: bool) -> float:
    """The x for which 1 − exp(−x) × (1 + x) is the share, if there is some."""
    part = _MOST_FADED / _PARTS
    goal = where(is_some, share, 1.0)

    def is_less(parts: float) -> bool:
        return (_missed(parts * part) / goal <= 1) & is_some

    return largest(is_less, _PARTS, _HALVINGS) * part


def _missed(faded: float) -> float:
    """1 − exp(−x) × (1 + x), by a series where that would cancel: exp(−x) × (x² ÷ 2! + …)."""
    total = 0.0 * faded
    for coefficient in _SERIES:
        total = total * faded + coefficient
    left = exp(-faded)
    return where(faded < _NEAR, total * faded * faded * left, 1 - left * (1 + faded))


@function
def training_cost(
    params: Params,
    tokens: TrainingTokens,
    gpu: GpuRef,
    mfu: TrainingMfu,
    gpu_hour_price: GpuHourPrice,
    precision: TrainingPrecision = "BF16",
) -> Usd:
    """Cost of the GPU-hours of one training run.

    It leaves out restarts, experiments, later stages and staff. Llama 3.1 405B: the run of 15.6
    trillion tokens at the published 38 to 43 % takes 24.8 to 28.0 million H100-hours; the model
    card counts 30.84 million in all.

    Equation:
        FLOP = 6 × params × tokens
        cost = FLOP ÷ (dense peak of the GPU × mfu) ÷ 3,600 × gpu_hour_price

    Errors:
        #N/A when the GPU or the precision is unknown; #NUM! when the GPU has no such precision.

    Source:
        Kaplan et al. 2020, arXiv:2001.08361, section 2.1 (6 FLOP per parameter and token); Llama
        3 herd of models 2024, arXiv:2407.21783, table 4 and section 3.3 (MFU).

    Example:
        >>> import xlmodel
        >>> round(xlmodel.training_cost(405e9, 15.6e12, "H100", 0.41, 2) / 1e6, 1)
        51.9
    """
    part = specs.gpu("TRAINING_COST", gpu)
    number_format = weight_precision("TRAINING_COST", part, precision)
    peak: Tflops = getattr(part, number_format.compute)
    flop: Flop = _FLOP_PER_PARAMETER * params * tokens
    hours: GpuHours = flop / (peak * _FLOP_PER_TFLOP * mfu) / _SECONDS_PER_HOUR
    return hours * gpu_hour_price
