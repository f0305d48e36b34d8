"""The charts of the .xlsx report: native, over constant values on a sheet of their own.

Colours come with patterns and data labels, so that the charts read in greyscale; each has a
title, axis titles with units and an alternative text.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlmodel.report import bars, charts, headline
from xlmodel.report.facts import Bridge, Facts, Step
from xlmodel.report.numfmt import show
from xlmodel.report.sheets import Sheet, Styles

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.workbook import Workbook

_MONEY, _SHARE = "#,##0.00", "0.0%"
_SIZE = {"width": 620, "height": 380}
_INK, _RULE = "#17212B", "#CDD4DA"
_LEVEL, _COST, _UP, _DOWN = "#1D4F70", "#7A5C12", "#1F6B4F", "#9C3D1F"
_FONT = {"color": "#53606C", "size": 9}
_SOLID = {
    kind: {"fill": {"color": color}, "border": {"color": color}}
    for kind, color in {"level": _LEVEL, "up": _UP}.items()
}
_PATTERNS: dict[str, dict[str, Any]] = {
    **_SOLID,
    "cost": {
        "pattern": {"pattern": "percent_50", "fg_color": _COST, "bg_color": "white"},
        "border": {"color": _COST},
    },
    "down": {
        "pattern": {"pattern": "wide_upward_diagonal", "fg_color": _DOWN, "bg_color": "white"},
        "border": {"color": _DOWN},
    },
}
_HEADERS = ("header", *("header_right",) * 4, "header_indent")


def add(book: "Workbook", styles: Styles, footer: str, facts: Facts) -> None:
    """The sheets Charts and Chart data, where there is something to draw."""
    drawn = charts.draw(facts)
    if not drawn:
        return
    unit = headline.unit_of_margin(facts.outputs, facts.provenance.currency)
    front = Sheet(book, styles, "Charts", (), footer)
    data = Sheet(book, styles, "Chart data", (46, 18, 18, 18, 18, 46), footer)
    builders = {"day": _day, "curve": _curve, "bridge": _bridge, "walk": _walk}
    for at, chart in enumerate(drawn):
        native = builders[chart.key](book, data, facts, unit)
        native.set_title({"name": _words(chart.title), "name_font": {"size": 12, "color": _INK}})
        native.set_size(_SIZE)
        options = {"description": f"{chart.title}. {chart.about}"[:2000]}
        front.worksheet.insert_chart(20 * (at // 2), 10 * (at % 2), native, options)
    for line in filter(None, (chart.note for chart in drawn)):
        front.cell(20 * ((len(drawn) + 1) // 2), 0, line, "note")


def _words(text: str) -> str:
    """Words of a chart as words: XlsxWriter takes a text like Sheet!A1 for a reference."""
    return text.replace("!", "! ")


def _axis(name: str, **more: object) -> dict[str, Any]:
    return {
        "name": _words(name),
        "name_font": {**_FONT, "bold": False},
        "num_font": _FONT,
        "label_position": "low",
        "major_gridlines": {"visible": False},
        **more,
    }


def _amounts(unit: str, **more: object) -> dict[str, Any]:
    """An axis of money."""
    return _axis(
        f"Amount, {unit}" if unit else "Amount",
        num_format="#,##0",
        **{"major_gridlines": {"visible": True, "line": {"color": _RULE}}, **more},
    )


def _block(data: Sheet, title: str, columns: Sequence[str]) -> int:
    """A heading and a header row; gives the first row of the data."""
    data.heading(title)
    data.row(columns, _HEADERS)
    return data.next


def _range(data: Sheet, first: int, column: int) -> list[str | int]:
    return [data.name, first, column, data.next - 1, column]


def _day(book: "Workbook", data: Sheet, facts: Facts, unit: str) -> "Chart":
    """Revenue, cost and their difference as columns from zero."""
    revenue, cost = facts.number("out_revenue") or 0.0, facts.number("out_cost") or 0.0
    first = _block(data, "Revenue and cost", ("Item", unit or "Amount"))
    rows = (("Revenue", revenue), ("Cost", cost), ("Revenue less cost", revenue - cost))
    for row in rows:
        data.row(row, ("text", "figure"), _MONEY)
    last = "up" if revenue >= cost else "down"
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "Amount",
            "categories": _range(data, first, 0),
            "values": _range(data, first, 1),
            "points": [_PATTERNS["level"], _PATTERNS["cost"], _PATTERNS[last]],
            "data_labels": {"value": True, "num_format": _MONEY, "font": {"color": _INK}},
            "gap": 60,
        }
    )
    chart.set_legend({"none": True})
    floor = {} if min(amount for _, amount in rows) < 0 else {"min": 0}
    chart.set_y_axis(_amounts(unit, **floor))
    chart.set_x_axis(_axis(""))
    return chart


def _curve(book: "Workbook", data: Sheet, facts: Facts, unit: str) -> "Chart":
    """The margin as a line, the break-even and the workbook's own point as marks."""
    curve = facts.curve
    assert curve is not None
    amounts = {"Margin": curve.margin, "Revenue": curve.revenue, "Cost": curve.cost}
    columns = {name: cells for name, cells in amounts.items() if cells}
    first = _block(data, "Margin against utilization", ("Utilization", *columns))
    for row in zip(curve.utilization, *columns.values(), strict=True):
        data.formatted([(row[0], "share", _SHARE), *((cell, "figure", _MONEY) for cell in row[1:])])
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    _line(chart, "Margin", data, first, None)
    for mark in charts.marks(facts, curve, charts.breakeven(facts, curve), unit):
        cells = (mark.utilization, "share", _SHARE), (mark.margin, "figure", _MONEY)
        at = data.formatted([*cells, *((None, "text", ""),) * 3, (mark.words, "indent", "")])
        _line(chart, mark.words, data, at, mark.shape)
    low, high = min(curve.utilization), max(curve.utilization)
    chart.set_x_axis(_axis("Utilization", num_format="0%", min=low, max=high))
    chart.set_y_axis(_amounts(unit))
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.show_blanks_as("gap")
    return chart


def _line(chart: "Chart", name: str, data: Sheet, first: int, shape: str | None) -> None:
    types = {"diamond": "diamond", "dot": "circle"}
    marker: dict[str, Any] = {"type": "none"}
    if shape:
        fill = {"fill": {"color": _DOWN if shape == "diamond" else _INK}}
        marker = {"type": types[shape], "size": 10, **fill, "border": {"color": _INK}}
    chart.add_series(
        {
            "name": _words(name),
            "categories": _range(data, first, 0),
            "values": _range(data, first, 1),
            "line": {"none": True} if shape else {"color": _LEVEL, "width": 2.25},
            "marker": marker,
            "smooth": False,
        }
    )


def _bridge(book: "Workbook", data: Sheet, facts: Facts, unit: str) -> "Chart":
    assert facts.bridge is not None
    return _steps(book, data, "Bridge", facts.bridge, unit)


def _walk(book: "Workbook", data: Sheet, facts: Facts, unit: str) -> "Chart":
    assert facts.walk is not None
    return _steps(book, data, "Walk", facts.walk, unit)


def _steps(book: "Workbook", data: Sheet, title: str, bridge: Bridge, unit: str) -> "Chart":
    """Bars from level to level: an unseen part up to where a bar begins, then what is seen."""
    first = _block(
        data, title, ("Step", "Value", "Unseen", "Above zero", "Below zero", "In the chart")
    )
    kinds = []
    for step in bridge.steps:
        kind = "level" if step.level else "up" if step.change >= 0 else "down"
        shown = show(step.end, _MONEY) if step.level else bars.signed(step.change)
        cells = (step.label, step.change, *_parts(step), f"{step.label}: {shown}")
        data.row(cells, ("text", "figure", "amount", "amount", "amount", "indent"), _MONEY)
        kinds.append(_PATTERNS[kind])
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, points in ((2, None), (3, kinds), (4, kinds)):
        unseen = {"fill": {"none": True}, "border": {"none": True}}
        chart.add_series(
            {
                "name": ("Unseen", "Above zero", "Below zero")[column - 2],
                "categories": _range(data, first, 5),
                "values": _range(data, first, column),
                "gap": 40,
                **({"points": points} if points else unseen),
            }
        )
    chart.set_legend({"none": True})
    chart.set_y_axis(_axis("", reverse=True))
    # The steps run downwards, so the low end of their axis is at the top, the high one below.
    chart.set_x_axis(_amounts(unit, label_position="high"))
    return chart


def _parts(step: Step) -> tuple[float, float | None, float | None]:
    """The bar as stacked parts: unseen, above zero, below zero.

    >>> _parts(Step("", -20.0, 30.0)), _parts(Step("", 100.0, 70.0))
    ((0.0, 30.0, -20.0), (70.0, 30.0, None))
    """
    low, high = sorted((step.start, step.end))
    if low >= 0:
        return low, high - low, None
    if high <= 0:
        return high, None, low - high
    return 0.0, high, low
