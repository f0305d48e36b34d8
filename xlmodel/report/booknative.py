"""Parts of the native charts: axes, series, patterns, and the block of data behind each.

Colours come with patterns and dashes, so that the charts read in greyscale.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlmodel.report.language import say
from xlmodel.report.lines import Mark
from xlmodel.report.sheets import Sheet

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart

MONEY, PRICE, SHARE = "#,##0.00", "#,##0.0000", "0.0%"
SIZE = {"width": 620, "height": 380}
INK, RULE = "#17212B", "#CDD4DA"
LEVEL, COST, UP, DOWN = "#1D4F70", "#7A5C12", "#1F6B4F", "#9C3D1F"
FONT = {"color": "#53606C", "size": 9}
_SOLID = {
    kind: {"fill": {"color": color}, "border": {"color": color}}
    for kind, color in {"level": LEVEL, "up": UP}.items()
}
PATTERNS: dict[str, dict[str, Any]] = {
    **_SOLID,
    "cost": {
        "pattern": {"pattern": "percent_50", "fg_color": COST, "bg_color": "white"},
        "border": {"color": COST},
    },
    "down": {
        "pattern": {"pattern": "wide_upward_diagonal", "fg_color": DOWN, "bg_color": "white"},
        "border": {"color": DOWN},
    },
}
HEADERS = ("header", *("header_right",) * 4, "header_indent")


def plain(text: str) -> str:
    """Words of a chart as words: XlsxWriter takes a text like Sheet!A1 for a reference."""
    return text.replace("!", "! ")


def axis(name: str, **more: object) -> dict[str, Any]:
    return {
        "name": plain(name),
        "name_font": {**FONT, "bold": False},
        "num_font": FONT,
        "label_position": "low",
        "major_gridlines": {"visible": False},
        **more,
    }


def amounts(unit: str, **more: object) -> dict[str, Any]:
    """An axis of money."""
    return axis(
        f"{say('Amount')}, {unit}" if unit else say("Amount"),
        **{
            "num_format": "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": RULE}},
            **more,
        },
    )


def block(data: Sheet, title: str, columns: Sequence[str]) -> int:
    """A heading and a header row; gives the first row of the data."""
    data.heading(title)
    data.row(columns, HEADERS)
    return data.next


def cells(data: Sheet, first: int, column: int) -> list[str | int]:
    return [data.name, first, column, data.next - 1, column]


def add_line(
    chart: "Chart", name: str, data: Sheet, first: int, shape: str | None, column: int = 1
) -> None:
    """A line, or one marked point, of a scatter chart; a second line is dashed."""
    types = {"diamond": "diamond", "dot": "circle"}
    marker: dict[str, Any] = {"type": "none"}
    if shape:
        fill = {"fill": {"color": DOWN if shape == "diamond" else INK}}
        marker = {"type": types[shape], "size": 10, **fill, "border": {"color": INK}}
    dash = {"color": COST, "dash_type": "dash"} if column > 1 else {"color": LEVEL}
    chart.add_series(
        {
            "name": plain(name),
            "categories": cells(data, first, 0),
            "values": cells(data, first, column),
            "line": {"none": True} if shape else {"width": 2.25, **dash},
            "marker": marker,
            "smooth": False,
        }
    )


def add_mark(chart: "Chart", mark: Mark, data: Sheet, formats: tuple[str, str]) -> None:
    """One marked point of a scatter chart, with a row of its own in the data."""
    figures = (mark.x, "figure", formats[0]), (mark.y, "figure", formats[1])
    at = data.formatted([*figures, *((None, "text", ""),) * 3, (mark.words, "indent", "")])
    add_line(chart, mark.words, data, at, mark.shape)
