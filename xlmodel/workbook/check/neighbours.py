"""Cells that differ from two neighbours which agree: Excel's own test for a broken fill.

A cell is odd when the cells left and right of it, or above and below it, hold one formula as
filled, and it holds another one or a typed number. It is not odd when it agrees with a neighbour
the other way: then it belongs to another fill, which only crosses. Down a column only a long fill
counts: the rows of a short block are line items, each with a formula of its own.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from xlmodel.workbook.check.book import SheetFacts
from xlmodel.workbook.check.formula import Formula
from xlmodel.workbook.check.places import Place
from xlmodel.workbook.check.runs import Run

_TALLEST = 3
"""A longer run is a column of its own, not a slip in a fill along rows."""
_LEAST_FILL = 8
"""Cells of one formula above and below that make a column a list."""


class Odd(NamedTuple):
    """A cell that breaks the pattern of its neighbours."""

    run: Run
    place: Place
    pattern: Formula


class _Grid:
    def __init__(self, runs: list[Run]) -> None:
        self._columns: dict[int, list[Run]] = {}
        for run in runs:
            if run.kind != "blank" or run.formula:
                self._columns.setdefault(run.column, []).append(run)
        self._tops = {c: [run.top for run in found] for c, found in self._columns.items()}

    def formula(self, row: int, column: int) -> Formula | None:
        run = self.run(row, column)
        return run.formula if run else None

    def run(self, row: int, column: int) -> Run | None:
        tops = self._tops.get(column)
        if not tops:
            return None
        i = bisect_right(tops, row) - 1
        run = self._columns[column][i] if i >= 0 else None
        return run if run and run.bottom >= row else None

    def length(self, row: int, column: int) -> int:
        run = self.run(row, column)
        return run.bottom - run.top + 1 if run else 0


def odd(sheet: SheetFacts) -> list[Odd]:
    """The odd cells of a sheet, found once."""
    known = sheet.__dict__.get("_odd")
    if known is None:
        known = sheet.__dict__["_odd"] = list(_odd(sheet))
    found: list[Odd] = known
    return found


def _odd(sheet: SheetFacts) -> Iterator[Odd]:
    if not any(run.formula for run in sheet.runs):
        return
    grid = _Grid(sheet.runs)
    for run in sheet.runs:
        if not (run.formula or run.kind == "number") or run.bottom - run.top >= _TALLEST:
            continue
        for row in range(run.top, run.bottom + 1):
            pattern = _broken(grid, run, row)
            if pattern:
                yield Odd(run, Place(row, run.column, row, run.column), pattern)


def _broken(grid: _Grid, run: Run, row: int) -> Formula | None:
    own = run.formula
    left, right = grid.formula(row, run.column - 1), grid.formula(row, run.column + 1)
    above, below = grid.formula(run.top - 1, run.column), grid.formula(run.bottom + 1, run.column)
    around = {id(f) for f in (left, right, above, below) if f}
    if own and (id(own) in around or run.top != run.bottom):
        return None
    if left and left is right and _is_fill(left):
        return left
    if above and above is below and _is_fill(above):
        length = grid.length(run.top - 1, run.column) + grid.length(run.bottom + 1, run.column)
        return above if length >= _LEAST_FILL else None
    return None


def _is_fill(formula: Formula) -> bool:
    """A formula without a reference that moves, such as =name, is repeated, not filled."""
    return "[" in formula.key
