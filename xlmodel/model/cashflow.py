"""Net present value and internal rate of return of a model's margins.

Timing: upfront_cost is paid at the start of the first period; each margin comes at the end of its
period. Rates are yearly and effective: a month counts for its twelfth root. This is the convention
of numpy_financial's npv and irr with the upfront cost as the first value; Excel's NPV takes the
upfront cost apart, beside it.
"""

from itertools import pairwise
from typing import Final

from xlmodel.elementwise import exp, only_if
from xlmodel.registry import function
from xlmodel.units import DiscountRate, Usd
from xlmodel.units.value import Margins, PeriodsPerYear, UpfrontCost, YearlyReturn

_MOST: Final = 1024.0
"""Beyond every logarithm of a growth that a float can hold."""
_HALVINGS: Final = 100

_NPV = """LET(
    margins_column_, TOCOL(margins_),
    years_, SEQUENCE(ROWS(margins_column_))/periods_per_year_,
    SUM(margins_column_/(1+discount_rate_)^years_)-upfront_cost_)"""

_IRR = f"""LET(
    margins_column_, TOCOL(margins_),
    count_, ROWS(margins_column_),
    period_, SEQUENCE(count_),
    first_gain_, MIN(IF(margins_column_>0,period_,count_+1)),
    last_loss_, MAX(IF(margins_column_<0,period_,IF(upfront_cost_>0,0,-1))),
    worth_, LAMBDA(growth_,SUM(margins_column_*EXP(growth_*period_-MAX(growth_*count_,0)))
      -upfront_cost_*EXP(-MAX(growth_*count_,0))),
    IF((first_gain_>count_)+(last_loss_<0)+(last_loss_>first_gain_),#NUM!,
    EXP(-periods_per_year_*REDUCE(-{_MOST:.0f},SEQUENCE({_HALVINGS},1,0),LAMBDA(least_,step_,LET(
      more_,least_+{_MOST:.0f}/2^step_,
      IF(worth_(more_)<=0,more_,least_)))))-1))"""
"""``growth_`` is the logarithm of what a unit a period later is worth now."""


@function(twin=_NPV)
def model_npv(
    upfront_cost: UpfrontCost,
    margins: Margins,
    discount_rate: DiscountRate,
    periods_per_year: PeriodsPerYear = 12.0,
) -> Usd:
    """Net present value: what margins to come are worth today, less what is spent upfront.

    upfront_cost is paid at the start, each margin comes at the end of its period.

    Equation:
        NPV = −upfront_cost + Σ margin(j) ÷ (1 + discount_rate)^(j ÷ periods_per_year), j from 1

    Source:
        Definition; equal to numpy_financial.npv at the rate of a period, the upfront cost as its
        first value.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.model_npv(1000, [300, 420, 680], 0.1, 1), 4)
        130.7288
    """
    growth = 1 + discount_rate
    return float(
        sum(
            margin / growth ** (period / periods_per_year)
            for period, margin in enumerate(margins, start=1)
        )
        - upfront_cost
    )


@function(twin=_IRR)
def model_irr(
    upfront_cost: UpfrontCost, margins: Margins, periods_per_year: PeriodsPerYear = 12.0
) -> YearlyReturn:
    """Internal rate of return: the yearly discount rate at which the NPV is zero.

    upfront_cost is paid at the start, each margin comes at the end of its period. The amounts must
    turn once from paying to earning; with more turns there may be several rates, with none there
    is no rate, and no number would be right.

    Equation:
        0 = −upfront_cost + Σ margin(j) ÷ (1 + IRR)^(j ÷ periods_per_year), j from 1

    Errors:
        #NUM! unless the amounts change sign exactly once, from paying to earning.

    Source:
        Definition; equal to numpy_financial.irr, made yearly; solved by halving.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.model_irr(1000, [300, 420, 680], 1), 6)
        0.163406
    """
    flows = [-upfront_cost, *margins]
    signs = [flow > 0 for flow in flows if flow]
    turns = sum(one != other for one, other in pairwise(signs))
    only_if(
        turns == 1 and not signs[0],
        0.0,
        "the amounts must change sign exactly once, from paying to earning, but "
        + (f"change it {turns} times" if turns != 1 else "begin with earning"),
    )
    return exp(-periods_per_year * _growth(flows)) - 1


def _growth(flows: list[float]) -> float:
    """The logarithm of the discount factor of a period for which the flows are worth nothing."""
    least = -_MOST
    for step in range(_HALVINGS):
        more = least + _MOST / 2**step
        if _worth(flows, more) <= 0:
            least = more
    return least


def _worth(flows: list[float], growth: float) -> float:
    """The flows at the start, as a part of the last one's weight where that is the greatest."""
    heaviest = max(growth * (len(flows) - 1), 0.0)
    return sum(flow * exp(growth * j - heaviest) for j, flow in enumerate(flows))
