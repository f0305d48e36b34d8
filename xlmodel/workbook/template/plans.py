"""The sheets Fleet plan and Exchange rates: dated rows that the P&L takes, as Excel tables.

Like the price sheets they are not protected, so that the tables grow as one types below them.
"""

import datetime
from typing import Final

from xlmodel import tables
from xlmodel.workbook.template.layout import HEAD_ROWS
from xlmodel.workbook.template.parts import Beside, Sheet, Table, Value, across
from xlmodel.workbook.template.prices import dated

_PLAN: Final = {
    "date": "date",
    "nodes_in": "count",
    "nodes_out": "count",
    "source": "general",
    "note": "general",
    "nodes_after": "count",
    "day_nodes": "whole",
    "row_check": "general",
}
"""The columns of the fleet plan, with their number formats."""

_CALCULATED: Final = {
    "nodes_after": "=IF(COUNT([@date])=1,in_pnl_opening_nodes+SUMIFS(FleetPlan[{in}],"
    'FleetPlan[date],"<="&[@date])-SUMIFS(FleetPlan[{out}],FleetPlan[date],"<="&[@date]),0)',
    "day_nodes": "=N([@date])*(N([@{in}])-N([@{out}]))",
    "row_check": "=IF(AND(COUNTA([@date],[@{in}],[@{out}])=COUNT([@date],[@{in}],[@{out}]),"
    "MIN([@{in}],[@{out}])>=0,OR(COUNT([@date])=1,COUNTA([@{in}],[@{out}])=0)),"
    '"ok","no number")',
}
"""The fleet after the changes of that day; date × change of the fleet, from which the P&L knows for
how many days of its month a change holds; whether a row is complete, or blank as a whole."""

_GUESS: Final = "ASSUMPTION: an example"
_CHANGES: Final[tuple[tuple[Value, ...], ...]] = (
    (datetime.date(2025, 1, 15), 2, None, _GUESS, "two more nodes"),
    (datetime.date(2025, 7, 1), 4, None, _GUESS, "four more nodes"),
    (datetime.date(2026, 3, 1), None, 2, _GUESS, "two nodes leave"),
)

_RATE_FORMS: Final = {"usd_per_unit": "rate6", "valid_from": "date", "checked": "date"}
BASE: Final = "USD"


def fleet_sheet() -> Sheet:
    """The description of the sheet Fleet plan."""
    words = {"in": "nodes_in", "out": "nodes_out"}
    formulas = {column: formula.format(**words) for column, formula in _CALCULATED.items()}
    plan = Table("FleetPlan", "B", list(_PLAN), _CHANGES, list(_PLAN.values()), formulas)
    return Sheet(
        name="Fleet plan",
        title="Fleet plan",
        about="Nodes that come and go, a row a change; several in a month are fine. A node serves "
        "from the day of its row on; one that leaves serves until the day before.",
        widths={"A": 2, **across(18, 18, 12, 38, 46, 13, 13, 20)},
        items=[Beside([plan])],
        protected=False,
        frozen_rows=5,
        print_columns=("A", "I"),
        head=("B", "E", "F", "G"),
    )


def rates_sheet() -> Sheet:
    """The description of the sheet Exchange rates."""
    header, *rows = tables.grid("fx_rates")
    facts = [str(column) for column in header]
    forms = [_RATE_FORMS.get(column, "general") for column in facts]
    values = [[dated(v, form) for v, form in zip(row, forms, strict=True)] for row in rows]
    known = [BASE, *sorted({str(row[0]) for row in rows})]
    return Sheet(
        name="Exchange rates",
        title="Exchange rates",
        about="USD for one unit of a currency, a row a fact. Add new rates below, with their date; "
        "change no old row. Rates of your budget may have dates to come.",
        widths={"A": 2, **across(14, 16, 18, 13, 78, 46, 3, 20)},
        items=[
            Beside(
                [
                    Table("FxRates", "B", facts, values, forms),
                    Table("FxList", "I", ["Currencies to pick"], [[c] for c in known], ["general"]),
                ]
            )
        ],
        protected=False,
        frozen_rows=5,
        print_columns=("A", "G"),
        head=("B", "D", "F", "G"),
    )


def area(sheet: str, last: str) -> str:
    """The cells from the first row of the table downwards, in the columns of its facts."""
    return f"'{sheet}'!$B${HEAD_ROWS + 2}:${last}$9999"
