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

_LARGEST = 3
"""Rows or columns: what is larger was meant so, and is no slip in a fill."""
_LEAST_FILL = 8
"""Cells of one formula above and below that make a column a list."""


class Odd(NamedTuple):
    """A cell that breaks the pattern of its neighbours."""

    run: Run
    place: Place
    pattern: Formula


class _Grid:
    """The runs of a sheet by column and row."""

    def __init__(self, runs: list[Run]) -> None:
        self._columns: dict[int, list[Run]] = {}
        for run in runs:  # in the order of their first rows
            if run.kind != "blank" or run.formula:
                for column in range(run.left, run.right + 1):
                    self._columns.setdefault(column, []).append(run)
        self._tops = {c: [run.top for run in found] for c, found in self._columns.items()}

    def run(self, row: int, column: int) -> Run | None:
        tops = self._tops.get(column)
        i = bisect_right(tops, row) - 1 if tops else -1
        run = self._columns[column][i] if i >= 0 else None
        return run if run and run.bottom >= row else None


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
        if not (run.formula or run.kind == "number"):
            continue
        if run.bottom - run.top >= _LARGEST or run.right - run.left >= _LARGEST:
            continue
        for row in range(run.top, run.bottom + 1):
            for column in range(run.left, run.right + 1):
                broken = _broken(grid, run, row, column)
                if broken:
                    yield Odd(run, Place(row, column, row, column), broken)


def _broken(grid: _Grid, run: Run, row: int, column: int) -> Formula | None:
    own = run.formula
    left, right = grid.run(row, run.left - 1), grid.run(row, run.right + 1)
    above, below = grid.run(run.top - 1, column), grid.run(run.bottom + 1, column)
    if own and any(other and other.formula is own for other in (left, right, above, below)):
        return None
    if own and run.place.cells > 1:
        return None
    across, down = _fill(left, right), _fill(above, below)
    if across:
        return across
    if down and above and below:
        length = above.bottom - above.top + below.bottom - below.top + 2
        return down if length >= _LEAST_FILL else None
    return None


def _fill(one: Run | None, other: Run | None) -> Formula | None:
    """The formula that both hold, if they hold one that was filled."""
    if one and other and one.formula and one.formula is other.formula:
        return one.formula if _is_fill(one.formula) else None
    return None


def _is_fill(formula: Formula) -> bool:
    """A formula without a reference that moves, such as =name, is repeated, not filled."""
    return "[" in formula.key
