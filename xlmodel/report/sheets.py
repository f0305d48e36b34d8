"""Write one sheet of an .xlsx row by row: styles by kind of cell, and never a formula.

A thin layer over XlsxWriter, which ``book`` fills: it chooses the writing method by the type of
the value, so that no text can be read as a formula, a link or a number.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from xlmodel.registry import CellError
from xlmodel.report.numfmt import GENERAL, fitting, safe
from xlmodel.report.values import Value

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

_DATE = "yyyy-mm-dd"
_INK, _MUTED, _RULE = "#17212B", "#53606C", "#B4BCC3"
_TOP = {"valign": "top", "text_wrap": True}
_HEADER = {"bold": True, "font_color": _MUTED, "bottom": 1, **_TOP}
_LINE = {"bottom": 1, "bottom_color": _RULE}

KINDS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "font_color": _INK, **_TOP},
    "sheet": {"bold": True, "font_size": 14, "font_color": _INK},
    "heading": {"bold": True, "font_size": 12, "font_color": _INK},
    "header": _HEADER,
    "header_right": {**_HEADER, "align": "right", "indent": 1},
    "header_share": {**_HEADER, "align": "right", "indent": 1, "text_wrap": False},
    "header_indent": {**_HEADER, "indent": 1},
    "header_center": {**_HEADER, "align": "center"},
    "text": {**_LINE, **_TOP},
    "indent": {"indent": 1, **_LINE, **_TOP},
    "muted": {"font_color": _MUTED, "indent": 1, **_LINE, **_TOP},
    "value": {"align": "right", "indent": 1, **_LINE, **_TOP},
    "amount": {"align": "right", "indent": 1, "valign": "top", **_LINE},
    "share": {"align": "left", **_LINE, **_TOP},
    "figure": {"align": "right", "indent": 1, "valign": "top", "bold": True, **_LINE},
    "date": {"align": "center", "valign": "top", **_LINE},
    "group": {"bold": True, "font_color": _MUTED, "valign": "bottom", **_LINE},
    "plain": {},
    "answer": _TOP,
    "note": {"font_color": _MUTED},
    "alert": {"bold": True, "font_color": "#9C2F16", **_TOP},
}
_A4 = 9
_MOST_LINES = 20
_HEIGHT, _LARGE = 14.4, 18.6  # of a line, in points
_HEADING = 12
_SPACE = 0.45
_NARROW, _BROAD = frozenset("iljtfrI.,:;'|!()[]-/"), frozenset("mwMW@%")
_CJK = 0x2E80
_UPRIGHT = 110  # characters that a page held upright has room for


def lines_of(text: str, room: float) -> int:
    """How many lines a text takes where ``room`` digits fit beside each other.

    >>> lines_of("one two three", 8), lines_of("one two three", 30), lines_of("", 8)
    (2, 1, 1)
    """
    lines = 0
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0.0
        for word in paragraph.split():
            size = sum(map(_width, word))
            used += size + _SPACE
            if used - _SPACE > room and used > size + _SPACE:
                lines, used = lines + 1, size + _SPACE
            if size > room:  # a word that is cut
                lines, used = lines + int(size / room), size % room
    return min(lines, _MOST_LINES)


def _width(letter: str) -> float:
    """The width of a letter in digits."""
    if letter in _NARROW:
        return 0.55
    if letter in _BROAD:
        return 1.6
    return 2.0 if ord(letter) >= _CJK else 1.2 if letter.isupper() else 0.98


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
    """A sheet that grows downwards.

    Rows are given their height, since not every program fits rows to wrapped text. The sheet
    prints upright where its columns fit, else on the long side, and is as wide as the page.
    """

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
        if 0 < sum(self._widths) <= _UPRIGHT:
            self.worksheet.set_portrait()
        else:
            self.worksheet.set_landscape()
        self.worksheet.set_paper(_A4)
        self.worksheet.fit_to_pages(1, 0)
        self.worksheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.8)
        self.worksheet.set_footer(footer)

    def row(self, cells: Iterable[Value], kinds: Iterable[str], number_format: str = "") -> int:
        """Write a row and go to the next; ``number_format`` holds for its numbers."""
        return self.formatted(
            [(cell, kind, number_format) for cell, kind in zip(cells, kinds, strict=False)]
        )

    def formatted(self, cells: Sequence[tuple[Value, str, str]]) -> int:
        """Write a row of values with their kinds and number formats."""
        at = self.next
        lines = max(self._lines(column, cell, kind) for column, (cell, kind, _) in enumerate(cells))
        if lines > 1:
            self.worksheet.set_row(at, lines * _HEIGHT)
        for column, (cell, kind, number_format) in enumerate(cells):
            self.cell(at, column, cell, kind, number_format)
        self.next += 1
        return at

    def wide(self, text: str, kind: str) -> None:
        """A text on a row of its own, in the first column."""
        height = _LARGE if KINDS[kind].get("font_size", 0) > _HEADING else _HEIGHT
        self.worksheet.set_row(self.next, self._lines(0, text, kind) * height)
        self.cell(self.next, 0, text, kind)
        self.next += 1

    def _lines(self, column: int, value: Value, kind: str) -> int:
        """How many lines a text takes in its column, as far as can be told without its font."""
        style = KINDS[kind]
        if not isinstance(value, str) or column >= len(self._widths) or "text_wrap" not in style:
            return 1
        scale = style.get("font_size", 11) / 11 * (1.03 if "bold" in style else 1.0)
        return lines_of(value, (self._widths[column] - 1 - 1.5 * style.get("indent", 0)) / scale)

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
            style = self._styles(kind, fitting(value, number_format))
            self.worksheet.write_number(row, column, value, style)
