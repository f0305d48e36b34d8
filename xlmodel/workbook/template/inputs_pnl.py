"""The inputs of the P&L of a fleet: its months, its size, costs beside the GPUs, what is shown.

What the node earns and costs on a day is that of sheet Margin; what a bought GPU costs stands above
under GPU sourcing. Nodes that come and go are rows of the table on sheet Fleet plan.
"""

import datetime
from typing import NamedTuple

from xlmodel.units import HUGE, Quantity
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number, row
from xlmodel.workbook.template.parts import Row, heading

PERIODS = ("day", "month", "year")


class _Amount(NamedTuple):
    name: str
    label: str
    value: float | None
    form: str
    unit: str
    about: str
    note: str
    blank: str = ""


_LOWEST, _HIGHEST = -0.99, 1
"""A price falls by 99 % or doubles in a month at most."""

_CHANGES = (
    _Amount(
        "in_pnl_price_change",
        "Change of token prices a month",
        -0.02,
        "share",
        "share/month",
        "change of the price of tokens from one month to the next; a fall is negative",
        "ASSUMPTION: an example. 1.61-fold a year, as the best model of OpenAI fell (sheet Model "
        "value), is −3.9 % a month.",
        "as on sheet Model value",
    ),
    _Amount(
        "in_pnl_rent_change",
        "Change of the GPU rent a month",
        None,
        "share",
        "share/month",
        "change of the rent of a GPU-hour from one month to the next; a fall is negative",
        "Lambda's H100 on demand: 3.49 in 2024-07, 3.99 USD in 2026-10 (sheet GPU prices).",
        "by the half-life of the node's cost, sheet Model value",
    ),
)

_COSTS = (
    _Amount(
        "in_pnl_host_cost",
        "Host of a node",
        0,
        "money",
        "USD/node-month",
        "CPU host, rack and network of one node, on top of GPU rent or purchase price",
        "0: the GPU rent and the purchase price of a DGX hold the host.",
    ),
    _Amount(
        "in_pnl_storage_cost",
        "Storage of a node",
        100,
        "money",
        "USD/node-month",
        "storage of weights, logs and caches of one node",
        "A GUESS: 2 TB at 0.05 USD a GB and month.",
    ),
    _Amount(
        "in_pnl_egress_cost",
        "Egress of a million output tokens",
        0.02,
        "price",
        "USD/Mtok",
        "network traffic out, for a million output tokens",
        "A GUESS: 250 bytes a streamed token, at 0.09 USD a GB.",
    ),
    _Amount(
        "in_pnl_support_share",
        "Support and payment fees",
        0.03,
        "share",
        "share of revenue",
        "support and payment fees as a share of revenue",
        "A GUESS: about what card payments cost, and no staff.",
    ),
    _Amount(
        "in_pnl_rnd_cost",
        "Research and development",
        0,
        "money",
        "USD/month",
        "cost of research and development",
        "0 as delivered: the P&L is that of the fleet alone.",
    ),
    _Amount(
        "in_pnl_sales_cost",
        "Sales and marketing",
        0,
        "money",
        "USD/month",
        "cost of sales and marketing",
        "0 as delivered.",
    ),
    _Amount(
        "in_pnl_admin_cost",
        "General and administrative",
        0,
        "money",
        "USD/month",
        "general and administrative cost",
        "0 as delivered.",
    ),
)


def _amount(a: _Amount, low: float = 0, high: float = HUGE) -> Row:
    kind = Quantity(a.unit, a.about, low, high)
    return number(a.name, a.label, a.value, a.form, a.note, kind=kind, blank=a.blank)


def _time() -> list[Row]:
    return [
        row(
            "in_pnl_start",
            "First month of the P&L",
            datetime.date(2024, 8, 1),
            "date",
            "date",
            accept.day(
                "Any day of the first of 36 calendar months; the P&L takes the whole month."
            ),
            "Takes the prices and the rate of sheet Margin: move it together with the as-of date. "
            "The changes below begin with the second month.",
        ),
        number(
            "in_pnl_opening_nodes",
            "Nodes at the start",
            2,
            "count",
            "ASSUMPTION: an example. Nodes that come and go: table on sheet Fleet plan.",
            kind=Quantity("nodes", "nodes in the fleet before the first day of the P&L", 0),
        ),
    ]


def _shown() -> list[Row]:
    return [
        row(
            "in_pnl_period",
            "Period that sheet P&L shows",
            "year",
            "text",
            "name",
            accept.one_of(
                PERIODS,
                "day: the average day of the month in which the date below lies; month: that "
                "month; year: its calendar year, as far as the 36 months go.",
            ),
            "The period before it stands beside it.",
        ),
        row(
            "in_pnl_date",
            "A date in that period",
            datetime.date(2025, 12, 31),
            "date",
            "date",
            accept.day("Any day of the period to show, within the 36 months of the P&L."),
            "A check fails when it lies outside the 36 months.",
        ),
        row(
            "in_report_currency",
            "Currency of the reporting column",
            "EUR",
            "text",
            "ISO code",
            accept.choice("FxList", "currency in which the P&L is shown beside USD"),
            "Each month at the newest rate of sheet Exchange rates that is not after its end.",
        ),
    ]


def rows() -> list[Row]:
    """The block."""
    return [
        heading("P&L of a fleet of such nodes, by calendar month", LAST),
        *_time(),
        *(_amount(a, _LOWEST, _HIGHEST) for a in _CHANGES),
        *(_amount(a, high=1 if a.unit.startswith("share") else HUGE) for a in _COSTS),
        *_shown(),
    ]
