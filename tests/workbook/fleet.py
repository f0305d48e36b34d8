"""A P&L of a fleet worked out day by day and node by node, to hold the workbook's sums against.

Nothing here is taken from the workbook: nodes are a list, the oldest first; each day they serve,
each month those within their life lose value, and a node that leaves takes its book value along.
"""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

MONTHS = 36


class Change(NamedTuple):
    """A row of the fleet plan."""

    date: datetime.date
    nodes_in: int
    nodes_out: int


@dataclass
class Plan:
    """Inputs of the P&L, by their names in the workbook without ``in_``."""

    pnl_start: datetime.date = datetime.date(2024, 8, 1)
    pnl_opening_nodes: int = 2
    pnl_price_change: float = -0.02
    pnl_rent_change: float = 0.0
    utilization: float = 1.0
    utilization_change: float = 1.0
    efficiency_gain: float = 0.0
    other_cost_per_day: float = 0.0
    pnl_host_cost: float = 0.0
    pnl_storage_cost: float = 100.0
    pnl_egress_cost: float = 0.02
    pnl_support_share: float = 0.03
    pnl_rnd_cost: float = 0.0
    pnl_sales_cost: float = 0.0
    pnl_admin_cost: float = 0.0
    own_life_years: float = 4.0
    own_residual_share: float = 0.0
    changes: Sequence[Change] = field(default_factory=tuple)


def first_days(start: datetime.date) -> list[datetime.date]:
    """The first days of the 36 months."""
    months = [start.year * 12 + start.month - 1 + step for step in range(MONTHS)]
    return [datetime.date(month // 12, month % 12 + 1, 1) for month in months]


def nodes_by_day(plan: Plan) -> list[int]:
    """How many nodes serve on each day of the 36 months; negative where too many leave."""
    first = first_days(plan.pnl_start)
    end = first[-1].replace(day=calendar.monthrange(first[-1].year, first[-1].month)[1])
    days = [first[0] + datetime.timedelta(n) for n in range((end - first[0]).days + 1)]
    return [
        plan.pnl_opening_nodes
        + sum(c.nodes_in - c.nodes_out for c in plan.changes if first[0] <= c.date <= day)
        for day in days
    ]


def months(plan: Plan) -> pd.DataFrame:
    """The P&L by month, for the node of the founding case; a line of the workbook a column."""
    capex = 8 * 33750 / 0.97
    life = max(1, int(plan.own_life_years * 12))
    written = capex * (1 - plan.own_residual_share) / life
    power = 8 * (24 * 1.05 * 1.3 * 0.08 + 1890 / 365) / 0.97
    bought = [0] * plan.pnl_opening_nodes  # the month in which each node was bought
    serving = nodes_by_day(plan)
    opex = plan.pnl_rnd_cost + plan.pnl_sales_cost + plan.pnl_admin_cost
    found = []
    for month, first in enumerate(first_days(plan.pnl_start)):
        days = calendar.monthrange(first.year, first.month)[1]
        end = first.replace(day=days)
        node_days, serving = sum(serving[:days]), serving[days:]
        here = [c for c in plan.changes if first <= c.date <= end]
        came = sum(c.nodes_in for c in here)
        bought += [month] * came
        gone = sum(c.nodes_out for c in here)
        leaving, bought = bought[:gone], bought[gone:]
        sold = sum(capex - written * min(month - m, life) for m in leaving)
        use = min(1, plan.utilization * plan.utilization_change ** (month / 12))
        output = node_days * 300 * 86400 * use * (1 + plan.efficiency_gain) ** (month / 12) / 1e6
        revenue = output * (1 + 10) * 2.8 * (1 + plan.pnl_price_change) ** month
        other = (
            node_days * plan.other_cost_per_day
            + node_days / days * (plan.pnl_host_cost + plan.pnl_storage_cost)
            + output * plan.pnl_egress_cost
            + revenue * plan.pnl_support_share
        )
        rent = node_days * 24 * 8 * 3.49 * (1 + plan.pnl_rent_change) ** month
        charge = written * sum(month - m < life for m in bought)
        proceeds = gone * capex * plan.own_residual_share
        capital = capex * (came + (plan.pnl_opening_nodes if month == 0 else 0))
        ebitda = revenue - other - opex - node_days * power
        found.append(
            {
                "end": end,
                "year": first.year,
                "days": days,
                "closing": len(bought),
                "past_life": sum(month - m >= life for m in bought),
                "node_days": node_days,
                "revenue": revenue,
                "other": other,
                "rent": rent,
                "margin": revenue - rent - other,
                "ebit": revenue - rent - other - opex,
                "own_ebitda": ebitda,
                "own_depreciation": charge,
                "own_ebit": ebitda - charge + proceeds - sold,
                "capex": capital,
                "cash_flow": ebitda - capital + proceeds,
                "book_closing": sum(capex - written * min(month - m + 1, life) for m in bought),
            }
        )
    frame = pd.DataFrame(found)
    frame["cash"] = frame["ebit"].cumsum()
    frame["own_cash"] = frame["cash_flow"].cumsum()
    return frame.drop(columns="cash_flow")
