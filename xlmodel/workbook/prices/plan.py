"""Which new prices become rows: decided before anything is written.

A row is only added, never changed. A price that equals the one before it is no news. Another price
for the same thing on the same day is a conflict: it is told, and neither becomes a row.
"""

import datetime
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from xlmodel.registry import InputError
from xlmodel.workbook.prices.kinds import Key, Price

MOST_ADDED = 5_000
"""Rows at once; formulas of the tables compare each row with all others."""


class Change(NamedTuple):
    """A price that becomes a row, and the one before it, if any."""

    new: Price
    old: Price | None
    is_late: bool
    """Whether the table holds a later price already: months that are closed may change."""

    @property
    def percent(self) -> float | None:
        """The change in percent; None without an old price in the same currency."""
        if self.old is None or self.old.currency != self.new.currency:
            return None
        return 100 * (self.new.price / self.old.price - 1)


class Conflict(NamedTuple):
    """Two prices of one thing on one day."""

    new: Price
    other: Price

    @property
    def sentence(self) -> str:
        return (
            f"{self.new.what}, {self.new.valid_from}: {self.new.price:.10g} {self.new.unit} "
            f"({self.new.source}) against {self.other.price:.10g} {self.other.unit} "
            f"({self.other.source or 'no source'})"
        )


class Plan(NamedTuple):
    """What becomes of new prices."""

    changes: list[Change]
    conflicts: list[Conflict]
    present: int
    """How many say what the table says already."""

    def and_then(self, other: "Plan") -> "Plan":
        """Both plans as one."""
        return Plan(
            [*self.changes, *other.changes],
            [*self.conflicts, *other.conflicts],
            self.present + other.present,
        )


def plan(held: Iterable[Price], new: Iterable[Price], only_later: bool = False) -> Plan:
    """Compare new prices with those held; ``only_later`` leaves the past as it is.

    So does a price of which only the day is known when it was seen.
    """
    known: dict[Key, list[Price]] = defaultdict(list)
    for price in sorted(held, key=_day):
        known[price.key].append(price)
    done = Plan([], [], 0)
    present = 0
    for (key, day), group in groupby(sorted(new, key=_order), key=_order):
        first, *others = group
        line = known[key]
        at = bisect_left(line, day, key=_day)
        there = line[at] if at < len(line) and line[at].valid_from == day else None
        rivals = [*([there] if there else []), *others]
        rival = next((other for other in rivals if not first.costs_as_much_as(other)), None)
        before = line[at - 1] if at else None
        is_late = bool(line) and line[-1].valid_from > day
        is_past = is_late and (only_later or not first.is_start)
        if rival and not is_past:
            done.conflicts.append(Conflict(first, rival))
        elif is_past or there or (before and first.costs_as_much_as(before)):
            present += 1 + len(others)
        else:
            done.changes.append(Change(first, before, is_late))
            line.insert(at, first)
            present += len(others)
    if len(done.changes) > MOST_ADDED:
        raise InputError(
            f"{len(done.changes):,} rows would be added, but at most {MOST_ADDED:,} can be at "
            "once, since formulas compare each row with all others; choose some with --models"
        )
    return done._replace(present=present)


def _day(price: Price) -> datetime.date:
    return price.valid_from


def _order(price: Price) -> tuple[Key, datetime.date]:
    return price.key, price.valid_from
