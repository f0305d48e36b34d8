"""A line against utilization, with the points to look at marked and named above the plot.

The names stand in a key above the plot, each beside the shape of its mark, rather than at the
point: a curve can run anywhere, and there a text could cross it.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from xlmodel.report.facts import Curve
from xlmodel.report.numfmt import percent
from xlmodel.report.svg import element, picture, text, tick_labels, ticks, width_of

_TICK_SIZE = 12.0
_KEY_LINE = 20.0
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
    utilization: float
    margin: float
    words: str


class _Place(NamedTuple):
    """From utilization and margin to pixels."""

    left: float
    right: float
    top: float
    bottom: float
    x_marks: list[float]
    y_marks: list[float]

    def x(self, utilization: float) -> float:
        low, high = self.x_marks[0], self.x_marks[-1]
        return self.left + (self.right - self.left) * (utilization - low) / (high - low)

    def y(self, margin: float) -> float:
        low, high = self.y_marks[0], self.y_marks[-1]
        return self.bottom - (self.bottom - self.top) * (margin - low) / (high - low)

    def holds(self, mark: Mark) -> bool:
        return self.x_marks[0] <= mark.utilization <= self.x_marks[-1] and (
            self.y_marks[0] <= mark.margin <= self.y_marks[-1]
        )


def draw(
    key: str, title: str, about: str, curve: Curve, marks: Sequence[Mark], unit: str, kind: Kind
) -> str:
    """The picture of the margin against utilization."""
    place = _place(curve, marks, kind)
    parts = [
        *_key(marks),
        *_y_axis(place, unit),
        *_x_axis(place),
        *_line(curve, place),
        *(_drop(mark, place) for mark in marks if mark.shape == "diamond" and place.holds(mark)),
        *(
            _shape(mark.shape, place.x(mark.utilization), place.y(mark.margin))
            for mark in marks
            if place.holds(mark)
        ),
    ]
    about = " ".join((about, *(f"{mark.words[:1].upper()}{mark.words[1:]}." for mark in marks)))
    return picture(key, kind.width, place.bottom + _BOTTOM, title, about, parts)


def _place(curve: Curve, marks: Sequence[Mark], kind: Kind) -> _Place:
    known = [0.0, *(margin for margin in curve.margin if margin is not None)]
    known += [mark.margin for mark in marks]
    y_marks = ticks(min(known), max(known), kind.ticks)
    x_marks = ticks(min(curve.utilization), max(curve.utilization), kind.ticks)
    left = max(width_of(label, _TICK_SIZE) for label in tick_labels(y_marks)) + 12
    top = len(marks) * _KEY_LINE + 32
    return _Place(left, kind.width - 24, top, top + kind.plot, x_marks, y_marks)


def _key(marks: Sequence[Mark]) -> list[str]:
    """The names of the marks, one a line."""
    parts = []
    for at, mark in enumerate(marks):
        y = at * _KEY_LINE + 10
        parts += [_shape(mark.shape, 8, y), text(mark.words, 22, y + 4.5, class_="label")]
    return parts


def _y_axis(place: _Place, unit: str) -> list[str]:
    parts = []
    for mark, label in zip(place.y_marks, tick_labels(place.y_marks), strict=True):
        y, style = place.y(mark), "zero" if mark == 0 else "grid"
        parts.append(element("line", x1=place.left, x2=place.right, y1=y, y2=y, class_=style))
        parts.append(text(label, place.left - 6, y + 4, class_="tick end"))
    words = f"Margin, {unit}" if unit else "Margin"
    return [*parts, text(words, 0, place.top - 12, class_="axis")]


def _x_axis(place: _Place) -> list[str]:
    parts = []
    for mark in place.x_marks:
        x = place.x(mark)
        parts.append(
            element("line", x1=x, x2=x, y1=place.bottom, y2=place.bottom + 4, class_="grid")
        )
        parts.append(text(percent(mark), x, place.bottom + 18, class_="tick middle"))
    middle = (place.left + place.right) / 2
    return [*parts, text("Utilization", middle, place.bottom + 38, class_="axis middle")]


def _line(curve: Curve, place: _Place) -> list[str]:
    """The curve; an error cell breaks it."""
    points = [
        "" if margin is None else f"{place.x(at):.2f},{place.y(margin):.2f}"
        for at, margin in zip(curve.utilization, curve.margin, strict=True)
    ]
    return [
        element("polyline", points=" ".join(run), class_="curve")
        for known, run in groupby(points, key=bool)
        if known
    ]


def _drop(mark: Mark, place: _Place) -> str:
    """A dashed line from a mark down to the axis."""
    x = place.x(mark.utilization)
    return element("line", x1=x, x2=x, y1=place.y(mark.margin), y2=place.bottom, class_="drop")


def _shape(shape: str, x: float, y: float) -> str:
    if shape == "dot":
        return element("circle", cx=x, cy=y, r=5.0, class_="dot")
    corners = ((x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y))
    path = "M" + "L".join(f"{round(a, 2):g} {round(b, 2):g}" for a, b in corners) + "Z"
    return element("path", d=path, class_="diamond")
