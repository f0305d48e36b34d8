"""Write one sheet of an .xlsx row by row: styles by kind of cell, and never a formula.

A thin layer over XlsxWriter, which ``book`` fills: it chooses the writing method by the type of
the value, so that no text can be read as a formula, a link or a number.
"""

import datetime
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from xlmodel.registry import CellError
from xlmodel.report.numfmt import GENERAL, safe
from xlmodel.report.values import Value

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

_DATE = "yyyy-mm-dd"
_INK, _MUTED, _RULE = "#17212B", "#53606C", "#B4BCC3"
_TOP = {"valign": "top", "text_wrap": True}
_LINE = {"bottom": 1, "bottom_color": _RULE}

KINDS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "font_color": _INK, **_TOP},
    "heading": {"bold": True, "font_size": 12, "font_color": _INK, "bottom": 2},
    "header": {"bold": True, "font_color": _MUTED, "bottom": 1, **_TOP},
    "header_right": {
        "bold": True,
        "font_color": _MUTED,
        "bottom": 1,
        "align": "right",
        "indent": 1,
        **_TOP,
    },
    "header_indent": {"bold": True, "font_color": _MUTED, "bottom": 1, "indent": 1, **_TOP},
    "text": {**_LINE, **_TOP},
    "indent": {"indent": 1, **_LINE, **_TOP},
    "muted": {"font_color": _MUTED, "indent": 1, **_LINE, **_TOP},
    "value": {"align": "right", "indent": 1, **_LINE, **_TOP},
    "share": {"align": "left", **_LINE, **_TOP},
    "figure": {"align": "right", "indent": 1, "bold": True, **_LINE, **_TOP},
    "note": {"font_color": _MUTED},
    "alert": {"bold": True, "font_color": "#9C2F16", **_TOP},
}
_MOST_LINES = 20
_HEIGHT = 15.0  # of a line, in points


class Styles:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[tuple[str, str], Format] = {}

    def __call__(self, kind: str, number_format: str = GENERAL) -> "Format":
        key = (kind, safe(number_format))
        if key not in self._made:
            self._made[key] = self._book.add_format({**KINDS[kind], "num_format": key[1]})
        return self._made[key]


class Sheet:
    """A sheet that grows downwards."""

    def __init__(
        self, book: "Workbook", styles: Styles, name: str, widths: Iterable[float], footer: str
    ) -> None:
        self.name = name
        self.worksheet = book.add_worksheet(name)
        self.next = 0
        self._styles = styles
        self._widths = list(widths)
        for column, width in enumerate(self._widths):
            self.worksheet.set_column(column, column, width)
        self.worksheet.hide_gridlines(2)
        self.worksheet.set_landscape()
        self.worksheet.set_paper(9)
        self.worksheet.fit_to_pages(1, 0)
        self.worksheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.8)
        self.worksheet.set_footer(footer)

    def row(self, cells: Iterable[Value], kinds: Iterable[str], number_format: str = "") -> int:
        """Write a row and go to the next; ``number_format`` holds for its numbers."""
        return self.formatted(
            [(cell, kind, number_format) for cell, kind in zip(cells, kinds, strict=False)]
        )

    def formatted(self, cells: Sequence[tuple[Value, str, str]]) -> int:
        """Write a row of values with their kinds and number formats; it is as high as need be."""
        at = self.next
        lines = max(self._lines(column, cell, kind) for column, (cell, kind, _) in enumerate(cells))
        if lines > 1:
            self.worksheet.set_row(at, lines * _HEIGHT)
        for column, (cell, kind, number_format) in enumerate(cells):
            self.cell(at, column, cell, kind, number_format)
        self.next += 1
        return at

    def wide(self, text: str, kind: str) -> None:
        """A text on a row of its own, in the first column and as high as it needs to be."""
        large = kind == "title"
        self.worksheet.set_row(self.next, self._lines(0, text, kind) * (19 if large else _HEIGHT))
        self.cell(self.next, 0, text, kind)
        self.next += 1

    def _lines(self, column: int, value: Value, kind: str) -> int:
        """How many lines a text takes in its column, as far as can be told without its font."""
        if not isinstance(value, str) or column >= len(self._widths):
            return 1
        room = self._widths[column] / (1.4 if kind == "title" else 1.05)
        return min(max(len(wrap(value, int(room))), 1), _MOST_LINES)

    def heading(self, text: str) -> None:
        """A heading, with a line of space above."""
        self.next += 1
        self.row([text, *[None] * (len(self._widths) - 1)], ["heading"] * len(self._widths))

    def cell(self, row: int, column: int, value: Value, kind: str, number_format: str = "") -> None:
        """One cell, written as what it is."""
        style = self._styles(kind, number_format or GENERAL)
        if value is None or value == "":
            self.worksheet.write_blank(row, column, None, style)
        elif isinstance(value, bool):
            self.worksheet.write_boolean(row, column, value, style)
        elif isinstance(value, CellError):
            self.worksheet.write_string(row, column, value.kind, style)
        elif isinstance(value, datetime.date):
            self.worksheet.write_datetime(row, column, value, self._styles(kind, _DATE))
        elif isinstance(value, str):
            self.worksheet.write_string(row, column, value, style)
        else:
            self.worksheet.write_number(row, column, value, style)
