"""A cloud bill while it is read: each charge counted for its month and line, or left out.

FOCUS is the FinOps Open Cost and Usage Specification (focus.finops.org), whose columns these are.
"""

import datetime
from collections import defaultdict
from functools import lru_cache
from typing import Final, NamedTuple

from xlmodel.workbook.actuals.mapping import Mapped, Target
from xlmodel.workbook.benchmarks import plain
from xlmodel.workbook.csvrows import FIRST_DAY, Reader, iso_day, number
from xlmodel.workbook.delimited import folded

CATEGORIES: Final = ("Usage", "Purchase", "Tax", "Credit", "Adjustment")
OPTIONAL: Final = CATEGORIES[1:]
COSTS: Final = {"effective": "EffectiveCost", "billed": "BilledCost"}
PERIODS: Final = {
    "charge": ("ChargePeriodStart", "ChargePeriodEnd"),
    "billing": ("BillingPeriodStart", "BillingPeriodEnd"),
}
ESTIMATE: Final = "xlmodel-estimate"
"""The account under which our own reports write the cost of a modelled day."""

_QUANTITIES = (("consumedunit", "consumedquantity"), ("pricingunit", "pricingquantity"))
_HOURS: Final = {
    **dict.fromkeys(("hours", "hour", "hrs", "hr", "h"), 1.0),
    **dict.fromkeys(("minutes", "minute"), 1 / 60),
    **dict.fromkeys(("seconds", "second"), 1 / 3600),
}
_NAMED = ("servicename", "skuid", "chargedescription")
"""What names a charge that no rule takes, in the first of these columns that is not blank."""

_LARGEST = 1e15
_MOST_KEPT = 10_000
"""Names and cells kept at once: files may have millions of them."""


class Options(NamedTuple):
    """How a bill is read."""

    mapped: Mapped
    cost: str = "effective"
    period: str = "charge"
    include: frozenset[str] = frozenset()
    """Categories beside Usage that count, as other cost."""


class Sum:
    """How many charges, and what they cost."""

    __slots__ = ("cost", "count")

    def __init__(self) -> None:
        self.count, self.cost = 0, 0.0

    def add(self, cost: float) -> None:
        self.count += 1
        self.cost += cost

    def words(self, currency: str) -> str:
        return f"{self.count:,} for {self.cost:,.2f} {currency}"


class Bill:
    """A bill while it is read: sums by month and line, and what is left out."""

    def __init__(
        self, reader: Reader, options: Options, currency: str, today: datetime.date
    ) -> None:
        self.reader, self.options, self.currency, self.today = reader, options, currency, today
        self.place = {name: at for at, name in enumerate(reader.header)}
        self.cost_column = COSTS[options.cost]
        self.start_column, self.end_column = PERIODS[options.period]
        self.cost_at = self.place[self.cost_column.lower()]
        self.category_at = self.place["chargecategory"]
        self.currency_at = self.place["billingcurrency"]
        self.period_at = (
            self.place[self.start_column.lower()],
            self.place[self.end_column.lower()],
        )
        self.quantities = [
            (self.place[unit], self.place[quantity])
            for unit, quantity in _QUANTITIES
            if unit in self.place and quantity in self.place
        ]
        rules = options.mapped.columns
        self.mapped_at = [(name, self.place[name]) for name in rules if name in self.place]
        self.targets: dict[tuple[str, ...], Target | None] = {}
        self.lines: dict[str, str] = {}
        self.amounts: dict[tuple[datetime.date, str], dict[str, float]] = {}
        self.spans: dict[datetime.date, list[datetime.date]] = {}
        self.left_out: dict[tuple[str, str], Sum] = defaultdict(Sum)
        self.unmapped: dict[str, Sum] = defaultdict(Sum)
        self.other_units: dict[str, Sum] = defaultdict(Sum)
        self.corrections = Sum()
        self.class_at = self.place.get("chargeclass")
        self.account_at = self.place.get("billingaccountid")
        self.is_estimate = False

    def take(self, line: int, cells: list[str]) -> None:
        """Count one charge."""
        category = cells[self.category_at].strip()
        if category not in CATEGORIES:
            words = f"must be one of {', '.join(CATEGORIES)}"
            raise self.reader.row(line, cells).fault("chargecategory", words)
        cost = self._number(line, cells, self.cost_at)
        currency = cells[self.currency_at].strip().upper()
        usage = category == "Usage"
        if not usage and category not in self.options.include:
            self.left_out[category, plain(currency)].add(cost)
            return
        if currency != self.currency:
            raise self.reader.row(line, cells).fault(
                "billingcurrency", f"the workbook reckons in {self.currency}; nothing is converted"
            )
        target = self._target(cells)
        if target is None:
            _bounded(self.unmapped, self._name(cells)).add(cost)
            return
        if self.class_at is not None and cells[self.class_at].strip() == "Correction":
            self.corrections.add(cost)
        if self.account_at is not None and cells[self.account_at].strip() == ESTIMATE:
            self.is_estimate = True
        sums = self._sums(self._month(line, cells), target)
        hours = self._gpu_hours(line, cells, target, cost) if usage else None
        if hours is None:
            sums["other_cost"] = sums.get("other_cost", 0.0) + cost
        else:
            sums["gpu_hours"] = sums.get("gpu_hours", 0.0) + hours
            sums["gpu_cost"] = sums.get("gpu_cost", 0.0) + cost

    def _number(self, line: int, cells: list[str], at: int) -> float:
        found = number(cells[at].strip(), self.reader.semicolons)
        if found is None or not -_LARGEST <= found <= _LARGEST:
            name = self.reader.header[at]
            raise self.reader.row(line, cells).fault(name, "must be a number")
        return found

    def _target(self, cells: list[str]) -> Target | None:
        key = tuple(cells[at] for _, at in self.mapped_at)
        if key not in self.targets:
            if len(self.targets) >= _MOST_KEPT:
                self.targets.clear()
            named = dict(zip((name for name, _ in self.mapped_at), key, strict=True))
            self.targets[key] = self.options.mapped.target(named)
        return self.targets[key]

    def _name(self, cells: list[str]) -> str:
        texts = (cells[self.place[name]].strip() for name in _NAMED if name in self.place)
        return plain(next(filter(None, texts), "no name"))

    def _month(self, line: int, cells: list[str]) -> datetime.date:
        """The month of a charge, whose span it is noted in."""
        first, after = (_moment(cells[at].strip()) for at in self.period_at)
        for found, at in ((first, self.period_at[0]), (after, self.period_at[1])):
            if found is None or found[0] < FIRST_DAY:
                words = "must be a moment such as 2026-11-01T00:00:00Z"
                raise self.reader.row(line, cells).fault(self.reader.header[at], words)
        assert first is not None
        assert after is not None
        start = first[0]
        if start > self.today:
            raise self.reader.row(line, cells).fault(
                self.start_column.lower(), f"must be {self.today}, today, or before"
            )
        end = after[0] if after[1] else after[0] - datetime.timedelta(days=1)
        month = start.replace(day=1)
        if end < start or end.replace(day=1) != month:
            raise self.reader.row(line, cells).fault(
                self.reader.header[self.period_at[1]],
                f"must be after {self.start_column}, and in the same month or at its end",
            )
        span = self.spans.setdefault(month, [start, end])
        span[0], span[1] = min(span[0], start), max(span[1], end)
        return month

    def _sums(self, month: datetime.date, target: Target) -> dict[str, float]:
        line = self.lines.setdefault(folded(target.line), target.line)
        return self.amounts.setdefault((month, line), {})

    def _gpu_hours(self, line: int, cells: list[str], target: Target, cost: float) -> float | None:
        """GPU-hours of a charge; None where it is not one of GPUs."""
        for unit_at, quantity_at in self.quantities:
            unit = cells[unit_at].strip()
            if not unit:
                continue
            factor = _per_unit(unit, target.gpus)
            if factor is not None:
                return factor * self._number(line, cells, quantity_at)
            _bounded(self.other_units, plain(unit)).add(cost)
            return None
        return None


def _bounded(sums: dict[str, Sum], name: str) -> Sum:
    """The sum of a name, or of all other names once there are too many to keep apart."""
    return sums[name if name in sums or len(sums) < _MOST_KEPT else "others"]


@lru_cache(maxsize=10_000)
def _per_unit(unit: str, gpus: float | None) -> float | None:
    """GPU-hours in one of a unit.

    >>> _per_unit("GPU-Hours", None), _per_unit("Hours", 8), _per_unit("Hours", None)
    (1.0, 8.0, None)
    """
    words = unit.lower().replace("-", " ").replace("_", " ").split()
    if words[:1] == ["gpu"]:
        return _HOURS.get(" ".join(words[1:]))
    hours = _HOURS.get(" ".join(words))
    return None if hours is None or gpus is None else hours * gpus


@lru_cache(maxsize=100_000)
def _moment(text: str) -> tuple[datetime.date, bool] | None:
    """The day of a moment, and whether it is later than the day's beginning."""
    day = iso_day(text[:10])
    if day is None:
        return None
    if len(text) == len("2026-11-01"):
        return day, False
    try:
        time = datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).time()
    except ValueError:
        return None
    return day, time != datetime.time()
