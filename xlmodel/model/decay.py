"""Exponential decay: how much an amount that fades adds up to, and when it no longer pays.

Revenue and cost each fall at a rate of their own. Their sum over days has a closed form, so
nothing here goes day by day, and "for ever" is as quick as a week.
"""

from typing import Final

from xlmodel.elementwise import exp, larger, log, smaller, where
from xlmodel.units.kinds import HUGE
from xlmodel.units.value import DAYS_PER_YEAR

NEVER: Final = HUGE
"""The day that does not come."""
LN2: Final = 0.6931471805599453
_ALL_GONE: Final = 40.0
"""Where exp(−x) no longer counts beside 1."""


def rate_of(half_life_days: float | None) -> float:
    """The rate of decay a day; 0 where no half-life is given."""
    return 0.0 if half_life_days is None else LN2 / half_life_days


def other_rates(hazard_per_year: float, discount_rate: float = 0.0) -> float:
    """What makes later days count for less, a day: the chance to be superseded, and interest."""
    return (hazard_per_year + log(1 + discount_rate)) / DAYS_PER_YEAR


def days_worth(rate: float, days: float) -> float:
    """The integral of exp(−rate × t) over the days: how many days like the first they are worth.

    Exact for small and for large rates alike: with u = exp(−x), (1 − u) ÷ −ln u has no
    cancellation where 1 − exp(−x) over x has.

    >>> days_worth(0.0, 30.0), days_worth(0.1, 1e15)
    (30.0, 10.0)
    """
    faded = rate * days
    left = exp(-faded)
    some_is_left = faded < _ALL_GONE
    is_curved = some_is_left & (left < 1)
    part = where(is_curved, left, 0.5)
    curved = days * (1 - part) / -log(part)
    endless = 1 / where(some_is_left, 1.0, rate)
    return where(is_curved, curved, where(some_is_left, days, endless))


def last_profitable(revenue: float, cost: float, fall: float, cost_fall: float) -> float:
    """The day until which revenue covers cost: 0 if it never does, ``NEVER`` if always.

    >>> round(last_profitable(798.336, 670.08, rate_of(109.876), 0.0), 2)
    27.76
    """
    starts = revenue > cost
    ends = (fall > cost_fall) & (cost > 0)
    both = starts & ends
    ratio = where(both, revenue, 1.0) / where(both, cost, 1.0)
    day = log(ratio) / where(both, fall - cost_fall, 1.0)
    return where(starts, where(ends, smaller(day, NEVER), NEVER), 0.0)


def around_release(rate: float, before: float, after: float, release: float, kept: float) -> float:
    """Days' worth of the days ``before`` a release, and of a share kept of some days ``after``."""
    return days_worth(rate, before) + kept * exp(-rate * release) * days_worth(rate, after)


def days_after(last: float, release: float) -> float:
    """The days from a release to the last one; none if it comes later."""
    return larger(last - release, 0.0)
