"""The charts of the .xlsx report: native, over constant values on a sheet of their own.

Colours come with patterns and data labels, so that the charts read in greyscale; each has a
title, axis titles with units and an alternative text.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from xlmodel.report import bars, bookmore, charts, headline
from xlmodel.report import booknative as native
from xlmodel.report.charts_price import stack_rows, stack_unit
from xlmodel.report.facts import Bridge, Facts
from xlmodel.report.language import say
from xlmodel.report.numfmt import show
from xlmodel.report.sheets import Sheet, Styles

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.workbook import Workbook

_ROWS, _COLUMNS = 20, 10  # cells that a chart covers
_SCALE = 75  # percent at which two charts fill the width of a page


def add(book: "Workbook", styles: Styles, footer: str, facts: Facts) -> None:
    """The sheets Charts and Chart data, where there is something to draw."""
    drawn = [chart for chart in charts.draw(facts) if chart.key in _BUILDERS]
    if not drawn:
        return
    unit = headline.unit_of_margin(facts.outputs, facts.provenance.currency)
    front = Sheet(book, styles, say("Charts"), (), footer)
    if facts.heat:
        bookmore.heat(book, styles, footer, facts, unit)
    data = Sheet(book, styles, say("Chart data"), (46, 18, 18, 18, 18, 46), footer)
    for at, chart in enumerate(drawn):
        made = _BUILDERS[chart.key](book, data, facts, unit)
        title = {"size": 12, "color": native.INK}
        made.set_title({"name": native.plain(chart.title), "name_font": title})
        made.set_size(native.SIZE)
        options = {"description": f"{chart.title}. {chart.about}"[:2000]}
        front.worksheet.insert_chart(_ROWS * (at // 2), _COLUMNS * (at % 2), made, options)
    # Two rows of charts a page: fitted to a page's width alone, a chart would be cut in two.
    front.worksheet.set_print_scale(_SCALE)
    front.worksheet.set_h_pagebreaks([*range(2 * _ROWS, _ROWS * (len(drawn) // 2 + 1), 2 * _ROWS)])
    below = _ROWS * ((len(drawn) + 1) // 2)
    for at, line in enumerate(filter(None, (chart.note for chart in drawn))):
        front.cell(below + at, 0, line, "note")


def _day(book: "Workbook", data: Sheet, facts: Facts, unit: str) -> "Chart":
    """Revenue, cost and their difference as columns from zero."""
    revenue, cost = facts.number("out_revenue") or 0.0, facts.number("out_cost") or 0.0
    first = native.block(data, say("Revenue and cost"), (say("Item"), unit or say("Amount")))
    rows = (
        (say("Revenue"), revenue),
        (say("Cost"), cost),
        (say("Revenue less cost"), revenue - cost),
    )
    for row in rows:
        data.row(row, ("text", "figure"), native.MONEY)
    last = "up" if revenue >= cost else "down"
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": say("Amount"),
            "categories": native.cells(data, first, 0),
            "values": native.cells(data, first, 1),
            "points": [native.PATTERNS["level"], native.PATTERNS["cost"], native.PATTERNS[last]],
            "data_labels": {
                "value": True,
                "num_format": native.MONEY,
                "font": {"color": native.INK},
            },
            "gap": 60,
        }
    )
    chart.set_legend({"none": True})
    floor = {} if min(amount for _, amount in rows) < 0 else {"min": 0}
    chart.set_y_axis(native.amounts(unit, **floor))
    chart.set_x_axis(native.axis(""))
    return chart


def _curve(book: "Workbook", data: Sheet, facts: Facts, unit: str) -> "Chart":
    """The margin as a line, the break-even and the workbook's own point as marks."""
    curve = facts.curve
    assert curve is not None
    amounts = {"Margin": curve.margin, "Revenue": curve.revenue, "Cost": curve.cost}
    columns = {say(name): cells for name, cells in amounts.items() if cells}
    first = native.block(data, say("Margin against utilization"), (say("Utilization"), *columns))
    for row in zip(curve.utilization, *columns.values(), strict=True):
        data.formatted(
            [(row[0], "share", native.SHARE), *((cell, "figure", native.MONEY) for cell in row[1:])]
        )
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    native.add_line(chart, say("Margin"), data, first, None)
    for mark in charts.marks(facts, curve, charts.breakeven(facts, curve), unit):
        native.add_mark(chart, mark, data, (native.SHARE, native.MONEY))
    low, high = min(curve.utilization), max(curve.utilization)
    chart.set_x_axis(native.axis(say("Utilization"), num_format="0%", min=low, max=high))
    chart.set_y_axis(native.amounts(unit))
    chart.set_legend({"position": "bottom", "font": native.FONT})
    chart.show_blanks_as("gap")
    return chart


class _Row(NamedTuple):
    """One bar of a chart of steps."""

    label: str
    start: float
    end: float
    kind: str
    shown: str


def _bridge(book: "Workbook", data: Sheet, facts: Facts, unit: str) -> "Chart":
    assert facts.bridge is not None
    return _steps(book, data, say("Bridge"), _rows(facts.bridge), unit)


def _walk(book: "Workbook", data: Sheet, facts: Facts, unit: str) -> "Chart":
    assert facts.walk is not None
    return _steps(book, data, say("Walk"), _rows(facts.walk), unit)


def _variance(book: "Workbook", data: Sheet, facts: Facts, _: str) -> "Chart":
    bridge, unit = next((b, unit) for name, b, unit in facts.bridges if name == "variance")
    return _steps(book, data, say("Variance"), _rows(bridge), unit)


def _stack(book: "Workbook", data: Sheet, facts: Facts, _: str) -> "Chart":
    """What a million tokens cost, part by part, beside what they bring."""
    assert facts.stack is not None
    rows = [
        _Row(label, start, end, kind.split()[0], show(end - start, native.PRICE))
        for label, start, end, kind in stack_rows(facts.stack)
    ]
    title = say("Cost of a million tokens")
    return _steps(book, data, title, rows, stack_unit(facts), native.PRICE)


def _rows(bridge: Bridge) -> list[_Row]:
    found = []
    for step in bridge.steps:
        kind = "level" if step.level else "up" if step.change >= 0 else "down"
        shown = show(step.end, native.MONEY) if step.level else bars.signed(step.change)
        found.append(_Row(step.label, step.start, step.end, kind, shown))
    return found


def _steps(
    book: "Workbook",
    data: Sheet,
    title: str,
    rows: Iterable[_Row],
    unit: str,
    number_format: str = native.MONEY,
) -> "Chart":
    """Bars from level to level: an unseen part up to where a bar begins, then what is seen."""
    names = (say("Unseen"), say("Above zero"), say("Below zero"))
    first = native.block(data, title, (say("Step"), say("Value"), *names, say("In the chart")))
    kinds = []
    for row in rows:
        cells = (row.label, row.end - row.start, *_parts(row.start, row.end))
        told = (*cells, f"{row.label}: {row.shown}")
        kind = ("text", "figure", "amount", "amount", "amount", "indent")
        data.row(told, kind, number_format)
        kinds.append(native.PATTERNS[row.kind])
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, points in ((2, None), (3, kinds), (4, kinds)):
        unseen = {"fill": {"none": True}, "border": {"none": True}}
        chart.add_series(
            {
                "name": names[column - 2],
                "categories": native.cells(data, first, 5),
                "values": native.cells(data, first, column),
                "gap": 40,
                **({"points": points} if points else unseen),
            }
        )
    chart.set_legend({"none": True})
    chart.set_y_axis(native.axis("", reverse=True))
    # The steps run downwards, so the low end of their axis is at the top, the high one below.
    small = {"num_format": "#,##0.00"} if number_format == native.PRICE else {}
    chart.set_x_axis(native.amounts(unit, label_position="high", **small))
    return chart


def _parts(start: float, end: float) -> tuple[float, float | None, float | None]:
    """The bar as stacked parts: unseen, above zero, below zero.

    >>> _parts(-20.0, 30.0), _parts(100.0, 70.0)
    ((0.0, 30.0, -20.0), (70.0, 30.0, None))
    """
    low, high = sorted((start, end))
    if low >= 0:
        return low, high - low, None
    if high <= 0:
        return high, None, low - high
    return 0.0, high, low


_BUILDERS: Mapping[str, Callable[["Workbook", Sheet, Facts, str], "Chart"]] = {
    "day": _day,
    "stack": _stack,
    "curve": _curve,
    "bridge": _bridge,
    "walk": _walk,
    "variance": _variance,
    "tornado": bookmore.tornado,
    "tradeoff": bookmore.tradeoff,
    "decay": bookmore.decay,
}
