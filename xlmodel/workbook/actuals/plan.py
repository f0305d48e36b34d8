"""What becomes of new actuals: decided before anything is written.

A row of the table is one period of one line. New amounts go into blank cells of the row of that
period and line, or make a new row. Another amount in a cell, and a period that overlaps another of
the same line, are conflicts: then nothing is written, unless amounts are to be replaced. Rows of
example data give way to the first real ones, as long as nobody has typed amounts over theirs.
"""

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xlmodel.registry import InputError, dates
from xlmodel.workbook.actuals.rows import (
    AMOUNTS,
    COLUMNS,
    EXAMPLE,
    EXAMPLES,
    MOST_ROWS,
    TABLE,
    Actual,
    shown,
)
from xlmodel.workbook.delimited import folded, one_line
from xlmodel.workbook.growing import with_rows
from xlmodel.workbook.package import Package
from xlmodel.workbook.storedvalues import Value
from xlmodel.workbook.tablerows import Content, ExcelTable, find
from xlmodel.workbook.untrusted import WorkbookError

_LONGEST_SOURCE = 2000
_NEW = -1


class Held(NamedTuple):
    """A row that the table holds: its place from 0, and what stands in it."""

    place: int
    start: datetime.date
    end: datetime.date
    line: str
    cells: Mapping[str, Value]

    @property
    def says_example(self) -> bool:
        return str(self.cells.get("source") or "").startswith(EXAMPLE)

    @property
    def is_example(self) -> bool:
        """As it was delivered: one with amounts of the user's own is theirs."""
        facts = (self.start, self.end, self.line, *map(self.cells.get, AMOUNTS))
        return self.says_example and any(facts == row[: len(facts)] for row in EXAMPLES)


class Change(NamedTuple):
    """A row that is added (``place`` is None) or gets amounts, with what stood there before."""

    new: Actual
    place: int | None
    amounts: Mapping[str, float]
    before: Mapping[str, float]

    @property
    def what(self) -> str:
        if self.place is None:
            return "new"
        return "replaced" if self.before else "filled in"


class Plan(NamedTuple):
    """What becomes of new rows."""

    changes: list[Change]
    conflicts: list[str]
    present: int
    """How many rows say what the table says already."""
    examples: list[Held]
    """Rows of example data that go."""


def table_of(package: Package) -> ExcelTable:
    """The table of actuals of a workbook."""
    table = find(package, TABLE)
    if table is None:
        raise WorkbookError(
            f"{package.name} has no table named {TABLE}; a workbook from `xlmodel new` has one"
        )
    headers = {header.lower() for header in table.place.columns}
    missing = [column for column in COLUMNS if column not in headers]
    if missing:
        raise WorkbookError(
            f"{package.name}: the table {TABLE} has no column {', '.join(missing)}; one from "
            "`xlmodel new` has all"
        )
    return table


def held(table: ExcelTable, date1904: bool) -> list[Held]:
    """The rows of the table that have a period and a line."""
    found = []
    for place, cells in enumerate(table.rows):
        start, end = (_day(cells[name], date1904) for name in ("period_start", "period_end"))
        line = one_line(str(cells["line"] or ""))
        if start and end and line:
            found.append(Held(place, start, end, line, cells))
    return found


def plan(rows: Iterable[Held], new: Sequence[Actual], replace: bool) -> Plan:
    """Compare new rows with those of the table."""
    there = list(rows)
    of_line: dict[str, list[Held]] = defaultdict(list)
    for row in there:
        if not row.is_example:
            of_line[folded(row.line)].append(row)
    done = Plan([], [], 0, [row for row in there if row.is_example])
    present = 0
    for actual in new:
        mine = of_line[folded(actual.line)]
        same, clash = _near(actual, mine)
        if clash:
            done.conflicts.append(
                f"{actual.what} overlaps the row {clash.start} to {clash.end} of that line"
            )
            continue
        change = _change(actual, same)
        if same is None:
            mine.append(Held(_NEW, actual.start, actual.end, actual.line, {}))
        if change.before and not replace:
            done.conflicts.extend(_sentence(change, column) for column in change.before)
        elif same and _more_cached(change, same):
            done.conflicts.append(f"{actual.what}: cached_tokens would be more than input_tokens")
        elif change.amounts:
            done.changes.append(change)
        else:
            present += 1
    if len(done.changes) > MOST_ROWS:
        raise InputError(
            f"{len(done.changes):,} rows would be written, but at most {MOST_ROWS:,} can be at "
            "once, since formulas compare each row with all others"
        )
    return done._replace(present=present, examples=done.examples if done.changes else [])


def _near(actual: Actual, rows: Iterable[Held]) -> tuple[Held | None, Held | None]:
    """Of a line's rows that of the same period, and one that overlaps it otherwise."""
    clash = [row for row in rows if row.start <= actual.end and actual.start <= row.end]
    same = [row for row in clash if (row.start, row.end) == (actual.start, actual.end)]
    return next(iter(same), None), next((row for row in clash if row not in same), None)


def _change(actual: Actual, same: Held | None) -> Change:
    if same is None:
        return Change(actual, None, actual.amounts, {})
    amounts, before = {}, {}
    for column, amount in actual.amounts.items():
        there = same.cells.get(column)
        if isinstance(there, float) and math.isclose(there, amount, rel_tol=1e-9, abs_tol=1e-9):
            continue
        amounts[column] = amount
        if there is not None:
            before[column] = there if isinstance(there, float) else math.nan
    return Change(actual, same.place, amounts, before)


def _more_cached(change: Change, same: Held) -> bool:
    """Whether a row would hold more cached tokens than input, of which they are part."""
    cells = {**same.cells, **change.amounts}
    cached, all_input = (cells.get(name) for name in ("cached_tokens", "input_tokens"))
    return isinstance(cached, float) and isinstance(all_input, float) and cached > all_input


def _sentence(change: Change, column: str) -> str:
    return (
        f"{change.new.what}: {column} is {shown(change.amounts[column])} in {change.new.source}, "
        f"but {shown(change.before[column])} in the table"
    )


def written(package: Package, done: Plan) -> Package:
    """The workbook with all changes; rows of examples are taken by new ones, or emptied."""
    table = table_of(package)
    fresh = [_row(change.new) for change in done.changes if change.place is None]
    edits: dict[int, Mapping[str, Content]] = {
        change.place: {**change.amounts, "source": _source(table, change)}
        for change in done.changes
        if change.place is not None
    }
    for example in done.examples:
        edits[example.place] = fresh.pop(0) if fresh else dict.fromkeys(COLUMNS)
    return with_rows(package, TABLE, fresh, edits)


def _row(actual: Actual) -> dict[str, Content]:
    amounts = {column: actual.amounts.get(column) for column in AMOUNTS}
    return {
        "period_start": actual.start,
        "period_end": actual.end,
        "line": actual.line,
        **amounts,
        "currency": actual.currency,
        "source": actual.source,
    }


def _source(table: ExcelTable, change: Change) -> str:
    """The sources of a row, the new one last."""
    assert change.place is not None
    old = str(table.rows[change.place]["source"] or "")
    both = (
        old
        if change.new.source in old.split("; ")
        else "; ".join(filter(None, (old, change.new.source)))
    )
    return both[-_LONGEST_SOURCE:]


def _day(value: Value, date1904: bool) -> datetime.date | None:
    day = dates.serial(value, date1904)
    if day is None or not 1 <= day <= dates.LAST_DAY:
        return None
    return datetime.date.fromisoformat(dates.iso(day, date1904))
