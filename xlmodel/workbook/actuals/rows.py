"""What a row of table Actuals holds: a period and a line, with tokens, revenue, hours and cost."""

import datetime
from collections.abc import Mapping
from typing import Final, NamedTuple

from xlmodel.workbook.delimited import folded

TABLE: Final = "Actuals"
EXAMPLE: Final = "EXAMPLE, no real data"
"""How the source of a row of example data begins; an import takes such rows out."""

EXAMPLES: Final[tuple[tuple[datetime.date | str | float | None, ...], ...]] = (
    (datetime.date(2024, 8, 1), datetime.date(2024, 8, 31), "Llama-3.1-405B",
     7.42e9, 0, 765e6, 20034, 0, 2142, None, 5952, 20176.8, 240, "USD", EXAMPLE),
    (datetime.date(2024, 8, 1), datetime.date(2024, 8, 31), "Llama-3.1-70B",
     29.1e9, 3.4e9, 2.93e9, 19789, 1360, 2344, None, 6180, 21012, None, "USD", EXAMPLE),
)  # fmt: skip
"""The rows that the table is delivered with, by ``COLUMNS``."""

KEYS: Final = ("period_start", "period_end", "line")
COUNTS: Final = ("input_tokens", "cached_tokens", "output_tokens")
REVENUES: Final = ("input_revenue", "cached_revenue", "output_revenue", "unsplit_revenue")
COSTS: Final = ("gpu_cost", "other_cost")
AMOUNTS: Final = (*COUNTS, *REVENUES, "gpu_hours", *COSTS)
COLUMNS: Final = (*KEYS, *AMOUNTS, "currency", "source")

MOST_ROWS: Final = 5_000
"""Rows at once; the table's formulas compare each row with all others."""

Key = tuple[datetime.date, datetime.date, str]


class Actual(NamedTuple):
    """One row; an amount that is not known is left out of ``amounts``."""

    start: datetime.date
    end: datetime.date
    line: str
    amounts: Mapping[str, float]
    currency: str
    source: str

    @property
    def key(self) -> Key:
        """Period and line, in any case and with any spaces."""
        return self.start, self.end, folded(self.line)

    @property
    def what(self) -> str:
        return f"{self.start} to {self.end}, {self.line}"


class Found(NamedTuple):
    """The rows of a file, and what a user should know about how they were read."""

    rows: list[Actual]
    notes: list[str]


def shown(amount: float) -> str:
    """An amount to the hundredth, without zeros at its end.

    >>> shown(25e9), shown(20176.8)
    ('25,000,000,000', '20,176.8')
    """
    return f"{amount:,.2f}".rstrip("0").rstrip(".")
