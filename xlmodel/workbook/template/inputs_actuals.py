"""The inputs of budget against actual: the period that is compared, and what counts as material."""

from xlmodel.units import Quantity
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number, row
from xlmodel.workbook.template.parts import Accepts, Row, heading

_SHARE = Quantity("share", "a smaller variance, as a share of its budget, is not flagged", 0, 1)
_AMOUNT = Quantity("USD", "a smaller variance is not flagged")


def _day(about: str) -> Accepts:
    found = accept.day(about)
    return found._replace(rule={**found.rule, "ignore_blank": True})


def rows() -> list[Row]:
    return [
        heading("Budget against actual", LAST),
        row(
            "in_variance_from",
            "First day compared",
            None,
            "date",
            "date",
            _day("Blank: the first day in table Actuals. Rows that begin earlier do not count."),
            "Blank: the first day of the table. The budget counts each day of the period.",
        ),
        row(
            "in_variance_to",
            "Last day compared",
            None,
            "date",
            "date",
            _day("Blank: the last day in table Actuals. Rows that end later do not count."),
            "Blank: the last day of the table.",
        ),
        number(
            "in_materiality_share",
            "Material from this share of the budget on",
            0.05,
            "share",
            "ASSUMPTION: 5 % is usual. Of the budget's revenue for volume, mix and price, of its "
            "GPU cost for efficiency and rate, of its other cost for that.",
            kind=_SHARE,
        ),
        number(
            "in_materiality_amount",
            "Material from this amount on",
            500,
            "money",
            "ASSUMPTION: an example. A variance is material when it reaches both thresholds.",
            kind=_AMOUNT,
        ),
    ]
