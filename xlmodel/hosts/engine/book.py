"""What the engine is given: the formulas, names and tables of one workbook.

``workbook.package`` fills it from a file; the engine knows nothing of files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xlmodel.registry import CellError

Value = float | str | bool | CellError | None
"""What a cell holds; None is a blank. Dates are Excel serial numbers."""


class Spread(NamedTuple):
    """A formula that fills several cells: a dynamic array, or a fixed one entered with Ctrl+Shift.

    ``bottom`` and ``right`` are the last row and column that it filled when the file was saved.
    """

    dynamic: bool
    bottom: int
    right: int


@dataclass
class SheetFormulas:
    """The formulas of one sheet, column by column: rows in rising order, beside their texts.

    ``spreads`` are the arrays of several cells, and the fixed ones.
    """

    name: str
    columns: dict[int, tuple[list[int], list[str]]] = field(default_factory=dict)
    spreads: dict[tuple[int, int], Spread] = field(default_factory=dict)
    singles: dict[int, set[int]] = field(default_factory=dict)
    """Dynamic arrays that filled one cell when saved, rows by column: any formula with a LAMBDA."""
    problems: dict[tuple[int, int], str] = field(default_factory=dict)


class Table(NamedTuple):
    """An Excel table: where it lies, headers and totals included, and its columns."""

    name: str
    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    columns: tuple[str, ...]
    header_rows: int = 1
    totals_rows: int = 0

    @property
    def first_data_row(self) -> int:
        return self.top + self.header_rows

    @property
    def last_data_row(self) -> int:
        return self.bottom - self.totals_rows


@dataclass
class Book:
    """A workbook, as far as calculation needs it.

    ``values`` is a package that the engine loads: the sheets with their constants and without
    formulas. ``names`` are by (sheet or "", name), both in lower case; each holds a formula.
    """

    values: bytes
    sheets: Sequence[SheetFormulas]
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    date1904: bool = False
