"""Lines over two axes, with the points to look at marked and named above the plot.

The names stand in a key above the plot, each beside the shape of its mark or a piece of its line,
rather than at the point: a curve can run anywhere, and there a text could cross it. Lines differ
by their dashes, points by their shape.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from xlmodel.report.numfmt import percent
from xlmodel.report.svg import element, picture, text, tick_labels, ticks, width_of, wrap

_TICK_SIZE = 12.0
_SIZE = 13.0
_KEY_LINE = 20.0
_WRAPPED = 16.0
_BOTTOM = 46.0


class Kind(NamedTuple):
    """A drawing for a width of column."""

    name: str
    width: float
    plot: float  # height of the plot
    ticks: int


WIDE = Kind("wide", 540.0, 220.0, 5)
NARROW = Kind("narrow", 350.0, 200.0, 4)


class Mark(NamedTuple):
    """A point to look at: its shape, its place, and the words that name it."""

    shape: str  # diamond or dot
    x: float
    y: float
    words: str


class Line(NamedTuple):
    """A line; a missing amount breaks it."""

    name: str
    x: Sequence[float]
    y: Sequence[float | None]
    kind: str = "curve"  # or "curve second", which is dashed


class Axes(NamedTuple):
    """What the axes measure, and how the marks of the lower one are written."""

    x: str
    y: str
    labels: Callable[[list[float]], list[str]] = tick_labels


def shares(marks: list[float]) -> list[str]:
    """Marks of an axis as shares.

    >>> shares([0.0, 0.5])
    ['0 %', '50 %']
    """
    return [percent(mark) for mark in marks]


class _Place(NamedTuple):
    """From amounts to pixels."""

    left: float
    right: float
    top: float
    bottom: float
    x_marks: list[float]
    y_marks: list[float]

    def x(self, amount: float) -> float:
        low, high = self.x_marks[0], self.x_marks[-1]
        return self.left + (self.right - self.left) * (amount - low) / (high - low)

    def y(self, amount: float) -> float:
        low, high = self.y_marks[0], self.y_marks[-1]
        return self.bottom - (self.bottom - self.top) * (amount - low) / (high - low)

    def holds(self, mark: Mark) -> bool:
        return self.x_marks[0] <= mark.x <= self.x_marks[-1] and (
            self.y_marks[0] <= mark.y <= self.y_marks[-1]
        )


def draw(
    key: str,
    title: str,
    about: str,
    drawn: Sequence[Line],
    marks: Sequence[Mark],
    axes: Axes,
    kind: Kind,
) -> str:
    """The picture of some lines."""
    legend, top = _key(drawn, marks, kind)
    place = _place(drawn, marks, kind, top)
    parts = [
        *legend,
        *_y_axis(place, axes),
        *_x_axis(place, axes),
        *(part for line in drawn for part in _line(line, place)),
        *(_drop(mark, place) for mark in marks if mark.shape == "diamond" and place.holds(mark)),
        *(
            _shape(mark.shape, place.x(mark.x), place.y(mark.y))
            for mark in marks
            if place.holds(mark)
        ),
    ]
    about = " ".join((about, *(f"{mark.words[:1].upper()}{mark.words[1:]}." for mark in marks)))
    return picture(key, kind.width, place.bottom + _BOTTOM, title, about, parts)


def _place(drawn: Sequence[Line], marks: Sequence[Mark], kind: Kind, top: float) -> _Place:
    known = [0.0, *(amount for line in drawn for amount in line.y if amount is not None)]
    known += [mark.y for mark in marks]
    across = [amount for line in drawn for amount in line.x]
    y_marks = ticks(min(known), max(known), kind.ticks)
    x_marks = ticks(min(across), max(across), kind.ticks)
    left = max(width_of(label, _TICK_SIZE) for label in tick_labels(y_marks)) + 12
    return _Place(left, kind.width - 24, top, top + kind.plot, x_marks, y_marks)


def _key(drawn: Sequence[Line], marks: Sequence[Mark], kind: Kind) -> tuple[list[str], float]:
    """The names of lines, where there are several, and of marks; and where the plot begins."""
    parts: list[str] = []
    y = 10.0
    samples = [(line.kind, line.name) for line in drawn] if len(drawn) > 1 else []
    for shape, words in (*samples, *((mark.shape, mark.words) for mark in marks)):
        rows = wrap(words, kind.width - 34, _SIZE, 3)
        curve = element("line", x1=0.0, x2=17.0, y1=y, y2=y, class_=shape)
        parts.append(curve if shape.startswith("curve") else _shape(shape, 8, y))
        parts += [
            text(row, 22, y + 4.5 + at * _WRAPPED, class_="label") for at, row in enumerate(rows)
        ]
        y += _KEY_LINE + (len(rows) - 1) * _WRAPPED
    return parts, y + 22


def _y_axis(place: _Place, axes: Axes) -> list[str]:
    parts = []
    for mark, label in zip(place.y_marks, tick_labels(place.y_marks), strict=True):
        y, style = place.y(mark), "zero" if mark == 0 else "grid"
        parts.append(element("line", x1=place.left, x2=place.right, y1=y, y2=y, class_=style))
        parts.append(text(label, place.left - 6, y + 4, class_="tick end"))
    return [*parts, text(axes.y, 0, place.top - 12, class_="axis")]


def _x_axis(place: _Place, axes: Axes) -> list[str]:
    parts = []
    for mark, label in zip(place.x_marks, axes.labels(place.x_marks), strict=True):
        x = place.x(mark)
        parts.append(
            element("line", x1=x, x2=x, y1=place.bottom, y2=place.bottom + 4, class_="grid")
        )
        parts.append(text(label, x, place.bottom + 18, class_="tick middle"))
    middle = (place.left + place.right) / 2
    return [*parts, text(axes.x, middle, place.bottom + 38, class_="axis middle")]


def _line(line: Line, place: _Place) -> list[str]:
    """The line; an error cell breaks it."""
    points = [
        "" if amount is None else f"{place.x(at):.2f},{place.y(amount):.2f}"
        for at, amount in zip(line.x, line.y, strict=True)
    ]
    return [
        element("polyline", points=" ".join(run), class_=line.kind)
        for known, run in groupby(points, key=bool)
        if known
    ]


def _drop(mark: Mark, place: _Place) -> str:
    """A dashed line from a mark down to the axis."""
    x = place.x(mark.x)
    return element("line", x1=x, x2=x, y1=place.y(mark.y), y2=place.bottom, class_="drop")


def _shape(shape: str, x: float, y: float) -> str:
    if shape == "dot":
        return element("circle", cx=x, cy=y, r=5.0, class_="dot")
    corners = ((x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y))
    path = "M" + "L".join(f"{round(a, 2):g} {round(b, 2):g}" for a, b in corners) + "Z"
    return element("path", d=path, class_="diamond")
