"""What a model is worth, and for how long.

Prices of tokens fall; what a model earns falls with them, while rent does not, unless its own
half-life says so. Days count from today. Besides the decay there is the turkey's risk, to be
superseded at once on a day that nobody knows (a hazard; then revenue and cost both end), and the
known day of a successor, after which a share of revenue is kept.

Which decline is meant decides the result. "Held quality" is the price of a fixed capability, which
falls by tens each year; "held tier" is the price of whatever model is the vendor's best, which
hardly falls. A model that stays as it is earns by held quality (table ``price_declines``).
"""

from xlmodel.elementwise import exp, larger, log, only_if, smaller, where
from xlmodel.model.decay import (
    LN2,
    NEVER,
    around_release,
    days_after,
    last_profitable,
    other_rates,
    rate_of,
)
from xlmodel.registry import function
from xlmodel.tables import lookup
from xlmodel.units import DiscountRate, Usd
from xlmodel.units.value import (
    DAYS_PER_YEAR,
    CostHalfLifeDays,
    Days,
    DaysOfDayOne,
    FoldPerYear,
    HalfLifeDays,
    HazardPerYear,
    HorizonDays,
    NextReleaseDay,
    RatePerDay,
    RevenuePerDay,
    RunningCostPerDay,
    Scenario,
    ValueKept,
    ValueNow,
)


@function
def half_life_days(fold_per_year: FoldPerYear) -> HalfLifeDays:
    """Days in which a price falls to a half, when it falls so many times in a year.

    Equation:
        half-life = 365 × ln 2 ÷ ln fold_per_year

    Source:
        Definition of exponential decay; a year is 365 days.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.half_life_days(10), 3)
        109.876
    """
    return DAYS_PER_YEAR * LN2 / log(fold_per_year)


_PRICE_DECLINE = "SUM(XLMODEL_FOUND(scenario_,XLMODEL_DECLINE_NAMES(),XLMODEL_DECLINES()))"


@function(twin=_PRICE_DECLINE)
def price_decline(scenario: Scenario) -> FoldPerYear:
    """How many times a price falls in a year, of a published scenario by its name.

    The table price_declines says of each what was held: quality (the price of a fixed capability)
    or tier (the price of a vendor's best model, whatever it can do). The two differ by far.

    Equation:
        fold_per_year of the row of that scenario

    Errors:
        #N/A when there is no scenario of that name; the reason names the nearest.

    Source:
        The table's own source column.

    Example:
        >>> import xlmodel
        >>> xlmodel.price_decline("tenfold")
        10.0
    """
    return float(
        lookup.spec("PRICE_DECLINE", "price_declines", "scenario", scenario, "fold_per_year")
    )


@function
def model_value(
    value_now: ValueNow,
    half_life_days: HalfLifeDays,
    days: Days,
    hazard_per_year: HazardPerYear = 0.0,
    next_release_day: NextReleaseDay | None = None,
    value_kept: ValueKept = 0.0,
) -> Usd:
    """What a model, or its price, or a day's revenue, is worth after some days.

    With a hazard it is the expected value: the chance not to be superseded yet times what is left.
    From the day of the next release on, only the share kept counts.

    Equation:
        value = value_now × 2^(−days ÷ half_life_days) × exp(−hazard_per_year × days ÷ 365)
        × value_kept from next_release_day on

    Source:
        Founding case, section 4 (T. Pohlen: exponential loss; Y. Jia: turkeys before
        Thanksgiving).

    Example:
        >>> import xlmodel
        >>> round(xlmodel.model_value(2.8, 109.876, 365), 4)
        0.28
        >>> xlmodel.model_value(2.8, 109.876, 30, 0, 30)
        0.0
    """
    rate: RatePerDay = rate_of(half_life_days) + other_rates(hazard_per_year)
    release = NEVER if next_release_day is None else next_release_day
    kept: ValueKept = where(days < release, 1.0, value_kept)
    return value_now * exp(-rate * days) * kept


@function
def lifetime_revenue(
    revenue_per_day: RevenuePerDay,
    half_life_days: HalfLifeDays,
    horizon_days: HorizonDays | None = None,
    hazard_per_year: HazardPerYear = 0.0,
    discount_rate: DiscountRate = 0.0,
    next_release_day: NextReleaseDay | None = None,
    value_kept: ValueKept = 0.0,
) -> Usd:
    """Revenue over all the days to come, as it decays from today's.

    A price that falls tenfold a year makes it 158.5 days of today's revenue. What serving costs is
    not in it: see LIFETIME_MARGIN. With a discount rate it is a present value, earned evenly over
    each day.

    Equation:
        revenue = revenue_per_day × ∫ exp(−rate × t) dt from 0 to horizon_days
        rate = ln 2 ÷ half_life_days + (hazard_per_year + ln(1 + discount_rate)) ÷ 365
        beyond next_release_day × value_kept

    Source:
        Definition; 365 ÷ ln 10 = 158.517.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.lifetime_revenue(1, 365 * 0.30102999566398120), 3)
        158.517
    """
    rate: RatePerDay = rate_of(half_life_days) + other_rates(hazard_per_year, discount_rate)
    release = NEVER if next_release_day is None else next_release_day
    last = NEVER if horizon_days is None else horizon_days
    worth: DaysOfDayOne = around_release(
        rate, smaller(last, release), days_after(last, release), release, value_kept
    )
    return revenue_per_day * worth


@function
def last_profitable_day(
    revenue_per_day: RevenuePerDay,
    cost_per_day: RunningCostPerDay,
    half_life_days: HalfLifeDays,
    cost_half_life_days: CostHalfLifeDays | None = None,
) -> Days:
    """The day until which falling revenue covers the cost of serving.

    0 when it does not cover it today: such a node is not started, even if its cost falls faster.

    Equation:
        day = ln(revenue_per_day ÷ cost_per_day) ÷ (ln 2 ÷ half_life_days
        − ln 2 ÷ cost_half_life_days)

    Errors:
        #NUM! when revenue covers cost today and never falls below it: cost is zero, or falls as
        fast as revenue.

    Source:
        Definition: the day on which margin is zero.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.last_profitable_day(798.336, 670.08, 109.876), 2)
        27.76
    """
    day: Days = last_profitable(
        revenue_per_day, cost_per_day, rate_of(half_life_days), rate_of(cost_half_life_days)
    )
    return only_if(
        day < NEVER, day, "there is no last profitable day: revenue never falls below cost"
    )


@function
def lifetime_margin(
    revenue_per_day: RevenuePerDay,
    cost_per_day: RunningCostPerDay,
    half_life_days: HalfLifeDays,
    cost_half_life_days: CostHalfLifeDays | None = None,
    horizon_days: HorizonDays | None = None,
    hazard_per_year: HazardPerYear = 0.0,
    discount_rate: DiscountRate = 0.0,
    next_release_day: NextReleaseDay | None = None,
    value_kept: ValueKept = 0.0,
) -> Usd:
    """Margin over the days to come: revenue decays, rent doesn't, and one stops in time.

    The node is given back on its last profitable day, so the sum is never negative; a successor
    that takes revenue below cost ends it too. Today's margin times the days of LIFETIME_REVENUE
    would be far too much. With a discount rate it is a present value.

    Equation:
        margin = ∫ (revenue_per_day × exp(−a × t) − cost_per_day × exp(−b × t)) × exp(−c × t) dt
        from 0 to the last profitable day, or horizon_days if that is sooner
        a = ln 2 ÷ half_life_days, b = ln 2 ÷ cost_half_life_days,
        c = (hazard_per_year + ln(1 + discount_rate)) ÷ 365; revenue × value_kept beyond
        next_release_day

    Source:
        Founding case at a price that falls tenfold a year: 1,728 USD until day 27.8.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.lifetime_margin(798.336, 670.08, xlmodel.half_life_days(10)), 1)
        1728.4
    """
    fall: RatePerDay = rate_of(half_life_days)
    cost_fall: RatePerDay = rate_of(cost_half_life_days)
    beside: RatePerDay = other_rates(hazard_per_year, discount_rate)
    release = NEVER if next_release_day is None else next_release_day
    horizon = NEVER if horizon_days is None else horizon_days
    last: Days = smaller(horizon, last_profitable(revenue_per_day, cost_per_day, fall, cost_fall))
    before: Days = smaller(last, release)
    longer: Days = last_profitable(
        revenue_per_day * value_kept * exp(-fall * release),
        cost_per_day * exp(-cost_fall * release),
        fall,
        cost_fall,
    )
    after: Days = where(last > release, smaller(horizon - release, longer), 0.0)
    earned: Usd = revenue_per_day * around_release(
        fall + beside, before, after, release, value_kept
    )
    paid: Usd = cost_per_day * around_release(cost_fall + beside, before, after, release, 1.0)
    return larger(earned - paid, 0.0)
