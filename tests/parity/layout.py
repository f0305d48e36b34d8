"""The cases on one sheet: the values of cells, the formula of each case, where its result shows.

From left to right: arguments, a row for each case; results of one cell, in the same row; ranges;
results that spill, each with a free row below and a free column beside it, so that a result of
another size shows as one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from tests.parity.cases import OMITTED, Case
from tests.parity.samples import Cell, Grid
from xlmodel.hosts.syntax import address
from xlmodel.registry import CellError, Parameter, functions
from xlmodel.registry.convert import own_rows
from xlmodel.units import Named

SHEET = "Cases"
RESULTS, RANGES, SPILLS = 24, 26, 50
"""The first column of each part; arguments begin in the first of all."""


class Placed(NamedTuple):
    """A case on the sheet: its formula, where that stands, how many cells are its own."""

    case: Case
    formula: str
    row: int
    column: int
    height: int
    width: int

    @property
    def spills(self) -> bool:
        return self.column == SPILLS


@dataclass
class Layout:
    """What is on the sheet: cells by row and column, and the cases."""

    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    _ranges: dict[str, str] = field(default_factory=dict)
    _last_rows: dict[int, int] = field(default_factory=dict)

    @property
    def end(self) -> tuple[int, int]:
        """The last row and column in use."""
        return (
            max(placed.row + placed.height for placed in self.placed),
            max(placed.column + placed.width for placed in self.placed),
        )

    def add(self, case: Case) -> None:
        """Put a case below the others."""
        row = self._below(1, 1)
        texts = [self._argument(row, i, value) for i, value in enumerate(case.args, start=1)]
        formula = f"={case.function}({','.join(texts)})"
        if not spills(case):
            self.placed.append(Placed(case, formula, row, RESULTS, 1, 1))
            return
        rows = case.expected if isinstance(case.expected, list) else [[case.expected]]
        height, width = len(rows) + 1, len(rows[0]) + 1
        top = self._below(SPILLS, height)
        self.placed.append(Placed(case, formula, top, SPILLS, height, width))

    def _argument(self, row: int, column: int, value: Cell) -> str:
        if value is OMITTED:
            return ""
        if isinstance(value, list):
            return self._range(value)
        assert column < RESULTS, "more arguments than this layout has columns"
        self.cells[row, column] = value
        return address(row, column)

    def _range(self, grid: Grid) -> str:
        """The address of a range; it stands there once, however many cases use it."""
        key = repr(grid)
        if key not in self._ranges:
            top = self._below(RANGES, len(grid))
            for r, row in enumerate(grid, start=top):
                self.cells.update({(r, c): value for c, value in enumerate(row, start=RANGES)})
            right = RANGES + len(grid[0]) - 1
            assert right < SPILLS, "a wider range than this layout has columns"
            self._ranges[key] = f"{address(top, RANGES)}:{address(top + len(grid) - 1, right)}"
        return self._ranges[key]

    def _below(self, part: int, rows: int) -> int:
        """The first of so many new rows in a part of the sheet."""
        first = self._last_rows.get(part, 0) + 1
        self._last_rows[part] = first + rows - 1
        return first


def spills(case: Case) -> bool:
    """Whether the call stands for several: a range of several cells where one is wanted."""
    takers = zip(functions()[case.function].parameters, case.args, strict=False)
    return any(_several(p, value) for p, value in takers)


def _several(p: Parameter, value: object) -> bool:
    if not (p.broadcasts and isinstance(value, list)):
        return False
    own = own_rows(p.kind, value) if isinstance(p.kind, Named) else None
    return len(own) > 1 if own else (len(value), len(value[0])) != (1, 1)


def lay_out(cases: Sequence[Case]) -> Layout:
    """All cases; formulas that read alike stand one below the other, as in a filled column."""
    layout = Layout()
    for case in sorted(cases, key=form):
        layout.add(case)
    return layout


def form(case: Case) -> tuple[str, ...]:
    """What the formula of a case looks like but for the addresses in it."""
    return (case.function, *("," if v is OMITTED else type(v).__name__[:4] for v in case.args))


def write(layout: Layout, path: Path, names: Mapping[str, str] | None = None) -> None:
    """The sheet as a workbook file, with defined names if any."""
    book = xlsxwriter.Workbook(path)
    for name, formula in (names or {}).items():
        book.define_name(name, formula)
    sheet = book.add_worksheet(SHEET)
    write_cells(sheet, layout)
    for formula, row, column in (placed[1:4] for placed in layout.placed):
        if column == SPILLS:
            place = (row - 1, column - 1, row - 1, column - 1)
            sheet.write_dynamic_array_formula(*place, formula, None, 0)
        else:
            sheet.write_formula(row - 1, column - 1, formula, None, 0)
    book.close()


def write_cells(sheet: Any, layout: Layout) -> None:
    """What the calls read."""
    for (row, column), value in layout.cells.items():
        if isinstance(value, CellError):
            sheet.write_formula(row - 1, column - 1, f"={value.kind}", None, value.kind)
        elif value == "":
            sheet.write_formula(row - 1, column - 1, '=""', None, "")
        elif value is not None:
            writer = sheet.write_string if isinstance(value, str) else sheet.write
            writer(row - 1, column - 1, value)


def read(layout: Layout, cases: Sequence[Case], cell: Callable[[int, int], Cell]) -> list[object]:
    """The answers, in the order of the cases, from the values of a sheet that was calculated."""
    found = {placed.case.id: _answer(placed, cell) for placed in layout.placed}
    return [found[case.id] for case in cases]


def _answer(placed: Placed, cell: Callable[[int, int], Cell]) -> object:
    """One value, or the rows that a result fills; no result holds a blank."""
    rows = [
        [cell(placed.row + r, placed.column + c) for c in range(placed.width)]
        for r in range(placed.height)
    ]
    if not placed.spills:
        return rows[0][0]
    filled = [[value for value in row if value is not None] for row in rows]
    return [row for row in filled if row]
