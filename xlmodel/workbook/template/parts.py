"""What a sheet is made of: cells, rows, charts and tables, as plain data.

A sheet module (``inputs``, ``margin`` …) describes what stands on the sheet from top to bottom and
never an address. Cells that others refer to carry a name; ``layout`` finds the addresses, and
formulas are written with names alone. Within a grid a formula may say ``{row}`` for its own row,
``{above}`` for the one before, ``{first}`` and ``{last}`` for the ends of the named column that it
belongs to. Column A is empty on every sheet: counting its rows gives a place without typing it.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from xlmodel.hosts.syntax import column_letters, column_number

Value = str | float | datetime.date | None


class Accepts(NamedTuple):
    """What an input accepts: the rule for the spreadsheet, and the same in words."""

    rule: Mapping[str, Any]
    words: str
    prompt: str
    message: str
    kind: str = "stop"


class Cell(NamedTuple):
    """One cell: its value or formula (text that begins with "="), and how it is shown.

    ``name`` is that of the cell; ``column`` and ``across`` name a range, down a column or along a
    row, ``area`` a rectangle, which all cells with that word form.
    """

    value: Value = None
    form: str = "text"
    role: str = "calculation"
    name: str = ""
    column: str = ""
    accepts: Accepts | None = None
    link: str = ""
    across: str = ""
    area: str = ""

    @property
    def formula(self) -> str:
        """The formula, or an empty text for a typed value."""
        return self.value if isinstance(self.value, str) and self.value.startswith("=") else ""


class Row(NamedTuple):
    """One row: cells by column letter."""

    cells: Mapping[str, Cell]
    height: float | None = None


class Gap(NamedTuple):
    """Empty rows."""

    rows: int = 1


class Break(NamedTuple):
    """A page break in print."""


class Table(NamedTuple):
    """An Excel table; the forms give each column's number format.

    The last columns may be calculated: ``formulas`` gives them by header, where ``[@name]`` is the
    cell of that column in the same row. Excel fills them in when a row is added.
    """

    name: str
    column: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]
    forms: Sequence[str]
    formulas: Mapping[str, str] = {}


class Beside(NamedTuple):
    """Tables that begin in the same row, left to right."""

    tables: Sequence[Table]


class Series(NamedTuple):
    """One series of a chart: names of the ranges that hold its title, x and y values.

    Each range is a name of the workbook. ``style`` and ``totals`` (of the first and the last
    point) are keys of ``look.SERIES``; ``hidden`` keeps a series out of the legend.
    """

    title: str
    categories: str
    values: str
    style: str
    labelled: bool = False
    totals: str = ""
    hidden: bool = False


class Chart(NamedTuple):
    """A chart, placed with its left edge in a column.

    A title that is a name of the workbook is read from that cell. ``tornado`` has lying bars, with
    the categories down and the amounts of the y axis along the foot. ``label_form`` is the number
    form of labels on the bars.
    """

    kind: str
    column: str
    title: str
    x_title: str
    y_title: str
    series: Sequence[Series]
    alt_text: str
    x_form: str = ""
    y_form: str = "whole"
    x_range: tuple[float, float] | None = None
    size: tuple[int, int] = (600, 350)
    legend: bool = True
    points: int = 0
    label_form: str = "#,##0;-#,##0;;"


class Charts(NamedTuple):
    """Charts side by side, over a number of empty rows."""

    charts: Sequence[Chart]
    rows: int


Item = Row | Gap | Break | Beside | Charts


class Heat(NamedTuple):
    """Shades the numbers of a range, from light (the lowest) to dark (the highest)."""

    area: str


class When(NamedTuple):
    """A look of the cells of a range for which a formula holds.

    The formula is that of the first cell: ``{row}`` is its row, ``{head}`` the one above, and an
    address without ``$`` moves along. ``look`` is a key of ``look.WHEN``.
    """

    area: str
    formula: str
    look: str


class Sheet(NamedTuple):
    """A sheet: what it is called, how wide its columns are, and what stands on it.

    ``head`` are the columns of the head's third row: scenario, as-of date, currency, checks.
    ``marks`` are its conditional formats.
    ``one_page`` prints the sheet on one page rather than as many as its width asks for; ``wide``
    prints it on A3, for a time axis along the row.
    """

    name: str
    title: str
    about: str
    widths: Mapping[str, float]
    items: Sequence[Item]
    protected: bool = True
    frozen_rows: int = 0
    print_columns: tuple[str, str] | None = None
    head: tuple[str, str, str, str] = ("B", "C", "D", "E")
    one_page: bool = False
    marks: Sequence[Heat | When] = ()
    frozen_columns: int = 0
    wide: bool = False


def line(
    label: str,
    value: Value,
    form: str,
    unit: str,
    note: str = "",
    *,
    name: str = "",
    role: str = "calculation",
) -> Row:
    """The usual row: label, value, unit, note. Reports read the label left of a named cell."""
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(value, form, role, name),
            "D": Cell(unit, role="unit"),
            "E": Cell(note, role="note"),
        }
    )


def height(items: Sequence[Item]) -> int:
    """How many rows the items take."""
    return sum(_rows_of(item) for item in items)


def _rows_of(item: Item) -> int:
    if isinstance(item, Row):
        return 1
    if isinstance(item, Break):
        return 0
    if isinstance(item, Beside):
        return max(len(table.rows) for table in item.tables) + 1
    return item.rows


UNKNOWN = '"not known"'


def known(formula: str, otherwise: str = UNKNOWN) -> str:
    """A formula whose error shows as words, where figures may well not exist."""
    return f"=IFERROR({formula},{otherwise})"


def heading(text: str, last: str) -> Row:
    """A section heading with a rule as far as the last column."""
    cells = {c: Cell(text if c == "B" else None, role="heading") for c in columns_to(last)}
    return Row(cells, height=20)


def across(*values: Any) -> dict[str, Any]:
    """Values by column letter, from B on."""
    return {after("B", i): value for i, value in enumerate(values)}


def columns_to(last: str) -> list[str]:
    """The columns from B on."""
    return [column_letters(number) for number in range(2, column_number(last) + 1)]


def after(column: str, steps: int) -> str:
    """The column so many steps to the right.

    >>> after("B", 1), after("Z", 1), after("AA", -1)
    ('C', 'AA', 'Z')
    """
    return column_letters(column_number(column) + steps)


def headers(titles: Mapping[str, str], last: str = "", texts: str = "BD", centred: str = "") -> Row:
    """Column headers of a grid: right over numbers, left over texts; filled as far as ``last``."""
    lines = max(text.count("\n") for text in titles.values()) + 1
    cells = {}
    for column in columns_to(last or max(titles, key=column_number)):
        role = "header_centre" if column in centred else "header"
        if column in texts:
            role = "header_left" if column == "B" else "header_text"
        cells[column] = Cell(titles.get(column), role=role)
    return Row(cells, height=15.75 * lines + 2)


def remark(text: str, name: str = "") -> Row:
    """A sentence on a row of its own; it runs over the empty cells to its right."""
    return Row({"B": Cell(text, role="remark", name=name)})
