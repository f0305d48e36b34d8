"""A grid of figures, shaded by their size: the margin by change of price and by utilization.

Every cell has its figure, so that the shade only helps; a heavy line parts gain from loss and the
cell of today has a frame, so that the picture reads without colour.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from xlmodel.report.svg import element, picture, text, width_of

_HIGH = 30.0  # of a row
_TOP = 26.0
_TICK = 12.0
_AXIS = 40.0
_DEEPEST = 0.3  # opacity of the largest figure's shade: text on it stays readable


class Grid(NamedTuple):
    """The figures with the names of their rows and columns."""

    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float]]
    shown: Sequence[Sequence[str]]
    row_name: str
    column_name: str
    today: tuple[int, int] | None  # the cell that the workbook stands at


def draw(key: str, title: str, about: str, grid: Grid, width: float) -> str:
    """The picture of a grid."""
    left = max(width_of(name, _TICK) for name in grid.rows) + 14
    wide = (width - left - 4) / len(grid.columns)
    deepest = max((abs(value) for row in grid.values for value in row), default=0.0) or 1.0
    parts = [text(grid.row_name, 0, 12, class_="axis")]
    for at, name in enumerate(grid.rows):
        parts.append(text(name, left - 8, _TOP + (at + 0.5) * _HIGH + 4, class_="tick end"))
    for down, across, value in _cells(grid):
        x, y = left + across * wide, _TOP + down * _HIGH
        parts += _cell(x, y, wide, value / deepest, grid.shown[down][across])
    parts += _frontier(grid, left, wide)
    if grid.today:
        down, across = grid.today
        place = {"x": left + across * wide + 2, "y": _TOP + down * _HIGH + 2}
        size = {"width": wide - 4, "height": _HIGH - 4}
        parts.append(element("rect", **place, **size, class_="today"))
    bottom = _TOP + len(grid.rows) * _HIGH
    for at, name in enumerate(grid.columns):
        parts.append(text(name, left + (at + 0.5) * wide, bottom + 16, class_="tick middle"))
    middle = left + wide * len(grid.columns) / 2
    parts.append(text(grid.column_name, middle, bottom + 34, class_="axis middle"))
    return picture(key, width, bottom + _AXIS, title, about, parts)


def _cells(grid: Grid) -> Iterator[tuple[int, int, float]]:
    for down, row in enumerate(grid.values):
        for across, value in enumerate(row):
            yield down, across, value


def _cell(x: float, y: float, wide: float, depth: float, shown: str) -> list[str]:
    """One figure on its shade."""
    kind = "gain" if depth >= 0 else "loss"
    shade = {"fill_opacity": round(abs(depth) * _DEEPEST, 3)}
    size = {"width": wide, "height": _HIGH}
    return [
        element("rect", x=x, y=y, **size, class_=f"cell {kind}", **shade),
        text(shown, x + wide / 2, y + _HIGH / 2 + 4, class_="cell-figure middle"),
    ]


def _frontier(grid: Grid, left: float, wide: float) -> list[str]:
    """The line between gain and loss."""
    parts = []
    for down, row in enumerate(grid.values):
        for across, (one, other) in enumerate(pairwise(row), start=1):
            if (one >= 0) != (other >= 0):
                x, y = left + across * wide, _TOP + down * _HIGH
                parts.append(element("line", x1=x, x2=x, y1=y, y2=y + _HIGH, class_="frontier"))
    for down, (upper, lower) in enumerate(pairwise(grid.values), start=1):
        for across, (one, other) in enumerate(zip(upper, lower, strict=True)):
            if (one >= 0) != (other >= 0):
                x, y = left + across * wide, _TOP + down * _HIGH
                parts.append(element("line", x1=x, x2=x + wide, y1=y, y2=y, class_="frontier"))
    return parts
