"""Horizontal bars from one amount to another: revenue and cost of a day, or a bridge.

Each bar has its label and its figure in a place of their own, so that no text can run into
another whatever the amounts are.
"""

from collections.abc import Sequence
from typing import NamedTuple

from xlmodel.report.numfmt import MINUS, fixed, show
from xlmodel.report.svg import element, picture, text, tick_labels, ticks, width_of, wrap

_SIZE = 13.0  # of the text, in pixels
_BOLD = 14.5  # a size at which figures, which are bold, are about as wide as plain text
_WIDEST = 16.0  # a size at which no font's figures are wider than reckoned, at a plot's edges
_LINE = 16.0
_BAR = 18.0
_GAP = 14.0
_AXIS = 44.0
_THIN = 8.0
_LINES = 3  # of a label at most


class Piece(NamedTuple):
    """A piece of a bar, from one amount to another."""

    start: float
    end: float
    kind: str


class Bar(NamedTuple):
    """A bar: what it is, where it starts and ends, which kind, and its figure as text."""

    label: str
    start: float
    end: float
    kind: str  # level, cost, up or down: the class that gives fill and pattern; "… part" is thin
    figure: str
    more: tuple["Piece", ...] = ()  # further pieces beside the first
    base: float | None = None  # a level to compare with, drawn across the bar

    @property
    def ends(self) -> list[float]:
        """All the amounts that it shows."""
        pieces = [amount for piece in self.more for amount in piece[:2]]
        return [self.start, self.end, *pieces, *([] if self.base is None else [self.base])]

    @property
    def thin(self) -> bool:
        """Whether the bar is a part of the one above it."""
        return self.kind.endswith("part")


class Kind(NamedTuple):
    """A drawing for a width of column; with no room for labels they stand above their bars."""

    name: str
    width: float
    labels: float


WIDE = Kind("wide", 540.0, 176.0)
WIDER = Kind("wide", 720.0, 240.0)
NARROW = Kind("narrow", 350.0, 0.0)


class _Place(NamedTuple):
    """From amounts to pixels."""

    left: float
    right: float
    low: float
    high: float

    def x(self, amount: float) -> float:
        return self.left + (self.right - self.left) * ((amount - self.low) / (self.high - self.low))


def signed(change: float) -> str:
    """A change, with its sign.

    >>> signed(777.6), signed(-57.024)
    ('+777.60', '−57.02')
    """
    shown = show(change, "#,##0.00")
    return shown if shown.startswith(MINUS) or fixed(change, 2) == "0.00" else f"+{shown}"


def draw(key: str, title: str, about: str, rows: Sequence[Bar], unit: str, kind: Kind) -> str:
    """The picture of some bars."""
    figures = max(width_of(row.figure, _BOLD) for row in rows) + 16
    right = kind.width - (figures if kind.labels else 8.0)
    marks = ticks(*_span(rows), wanted=5 if kind.labels else 4)
    place = _Place(kind.labels + 8.0, right, marks[0], marks[-1])
    parts: list[str] = []
    top = 4.0
    for row in rows:
        drawn, top = _row(row, place, marks, top, kind)
        parts += drawn
    grid = _grid(place, marks, 0.0, top) if kind.labels else []
    axis = _axis(place, marks, top, unit)
    return picture(key, kind.width, top + _AXIS, title, about, [*grid, *parts, *axis])


def _span(rows: Sequence[Bar]) -> tuple[float, float]:
    ends = [amount for row in rows for amount in row.ends]
    return min(0.0, *ends), max(0.0, *ends)


def _row(
    row: Bar, place: _Place, marks: list[float], top: float, kind: Kind
) -> tuple[list[str], float]:
    """One bar with its label and figure, and where the next begins."""
    room = kind.labels - 12 if kind.labels else kind.width - width_of(row.figure, _BOLD) - 24
    label = wrap(row.label, room, _SIZE, _LINES)
    beside = bool(kind.labels)
    thick = _THIN if row.thin else _BAR
    height = max(len(label) * _LINE, thick) if beside else len(label) * _LINE + thick + 2
    bar = top + ((height - thick) / 2 if beside else height - thick)
    first = top + (height - len(label) * _LINE) / 2 + 12 if beside else top + 12
    figure_y = bar + thick / 2 + 4.5 if beside else first
    indent = 12.0 if row.thin else 0.0
    parts = [
        # A label above its bar would be crossed by grid lines that run all the way.
        *([] if beside else _grid(place, marks, bar - 2, bar + thick + 2)),
        *(text(line, indent, first + at * _LINE, class_="label") for at, line in enumerate(label)),
        *_rectangles(row, place, bar, thick),
        text(
            row.figure,
            kind.width - 2,
            figure_y,
            class_="figure thin" if row.thin else "figure",
        ),
    ]
    return parts, top + height + _GAP


def _rectangles(row: Bar, place: _Place, top: float, thick: float) -> list[str]:
    """The pieces of a bar, and the level that it is compared with."""
    parts = []
    for piece in (Piece(row.start, row.end, row.kind), *row.more):
        x, end = sorted((place.x(piece.start), place.x(piece.end)))
        size = {"width": max(end - x, 1.0), "height": thick}
        parts.append(element("rect", x=x, y=top, **size, class_=f"bar {piece.kind}"))
    if row.base is not None:
        x = place.x(row.base)
        parts.append(element("line", x1=x, x2=x, y1=top - 4, y2=top + thick + 4, class_="zero"))
    return parts


def _grid(place: _Place, marks: list[float], top: float, bottom: float) -> list[str]:
    return [
        element(
            "line",
            x1=place.x(mark),
            x2=place.x(mark),
            y1=top,
            y2=bottom,
            class_="zero" if mark == 0 else "grid",
        )
        for mark in marks
    ]


def _axis(place: _Place, marks: list[float], bottom: float, unit: str) -> list[str]:
    parts = []
    for mark, label in zip(marks, tick_labels(marks), strict=True):
        at = place.x(mark)
        half = width_of(label, _WIDEST) / 2
        inside = min(max(at, half), place.right + 6 - half)
        parts.append(text(label, inside, bottom + 15, class_="tick middle"))
    middle = (place.left + place.right) / 2
    return [*parts, text(unit, middle, bottom + 34, class_="axis middle")]
