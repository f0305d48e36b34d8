"""Native charts of the drivers, of speed and of time, and the heat map as a sheet of figures.

A spreadsheet has no chart that is a heat map; cells with a colour scale are one, and can be read
and copied as figures.
"""

from typing import TYPE_CHECKING

from xlmodel.report import booknative as native
from xlmodel.report import charts_price, charts_time
from xlmodel.report.facts import Facts
from xlmodel.report.language import say
from xlmodel.report.numfmt import show
from xlmodel.report.sheets import Sheet, Styles

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.workbook import Workbook

_RATE = "#,##0.0"
_LOW, _MIDDLE, _HIGH = "#F3C9B8", "#FFFFFF", "#B9D3E4"  # ink on each is read easily
_FIRST, _WIDTH = 24, 13
_NAME = 30  # characters of a driver that a native chart has room for; the data have it whole


def tornado(book: "Workbook", data: Sheet, facts: Facts, unit: str) -> "Chart":
    """What each driver, at its low and at its high, changes of today's margin."""
    swings = charts_price.chosen(facts.swings)
    names = (say("Change at low"), say("Change at high"))
    columns = (say("Driver, low to high"), *names, "", "", say("In the chart"))
    first = native.block(data, say("Drivers"), columns)
    for swing in swings:
        ends = [None if at is None else at - swing.base for at in (swing.at_low, swing.at_high)]
        shown = " – ".join(
            say("an error") if at is None else show(at, native.MONEY)
            for at in (swing.at_low, swing.at_high)
        )
        label = charts_price.swing_label(swing)
        kinds = ("text", "figure", "figure", "text", "text", "indent")
        name = swing.label if len(swing.label) <= _NAME else f"{swing.label[: _NAME - 1]}…"
        data.row((label, *ends, None, None, f"{name}: {shown}"), kinds, native.MONEY)
    chart = book.add_chart({"type": "bar"})
    for column, kind in ((1, "down"), (2, "level")):
        chart.add_series(
            {
                "name": names[column - 1],
                "categories": native.cells(data, first, 5),
                "values": native.cells(data, first, column),
                "gap": 40,
                "overlap": 100,
                **native.PATTERNS[kind],
            }
        )
    chart.set_legend({"position": "bottom", "font": native.FONT})
    chart.set_y_axis(native.axis("", reverse=True))
    chart.set_x_axis(native.amounts(unit, label_position="high"))
    return chart


def tradeoff(book: "Workbook", data: Sheet, facts: Facts, _: str) -> "Chart":
    """The rate of all requests against the speed of each."""
    made_of = facts.tradeoff
    assert made_of is not None
    across, up = charts_time.tradeoff_axes()
    columns = (across, up, say("Requests at once"), say("Cost per Mtok"))
    first = native.block(data, say("Throughput"), columns)
    for row in zip(made_of.speed, made_of.rate, made_of.batch, made_of.cost, strict=True):
        formats = (*(_RATE,) * 3, native.PRICE)
        data.formatted([(cell, "figure", f) for cell, f in zip(row, formats, strict=True)])
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    native.add_line(chart, up, data, first, None)
    for mark in charts_time.tradeoff_marks(facts):
        native.add_mark(chart, mark, data, (_RATE, _RATE))
    chart.set_x_axis(native.axis(across, num_format="#,##0", min=0))
    rates = {"major_gridlines": {"visible": True, "line": {"color": native.RULE}}}
    chart.set_y_axis(native.axis(up, num_format="#,##0", min=0, **rates))
    chart.set_legend({"position": "bottom", "font": native.FONT})
    return chart


def decay(book: "Workbook", data: Sheet, facts: Facts, unit: str) -> "Chart":
    """Revenue and cost of a day, as days pass."""
    made_of = facts.decay
    assert made_of is not None
    names = (say("Revenue"), say("Cost"))
    first = native.block(data, say("Value over time"), (say("Day"), *names))
    for row in zip(made_of.day, made_of.revenue, made_of.cost, strict=True):
        formats = (_RATE, native.MONEY, native.MONEY)
        data.formatted([(cell, "figure", f) for cell, f in zip(row, formats, strict=True)])
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    for column, name in enumerate(names, start=1):
        native.add_line(chart, name, data, first, None, column)
    for mark in charts_time.decay_marks(facts, made_of):
        native.add_mark(chart, mark, data, (_RATE, native.MONEY))
    chart.set_x_axis(native.axis(say("Days from the as-of date"), num_format="#,##0", min=0))
    chart.set_y_axis(native.amounts(unit))
    chart.set_legend({"position": "bottom", "font": native.FONT})
    return chart


def heat(book: "Workbook", styles: Styles, footer: str, facts: Facts, unit: str) -> None:
    """The sheet with the margin by change of all prices and by utilization."""
    made_of = facts.heat
    assert made_of is not None
    widths = (_FIRST, *(_WIDTH,) * len(made_of.utilization))
    sheet = Sheet(book, styles, say("Price and utilization"), widths, footer)
    sheet.worksheet.set_row(0, 20)
    sheet.cell(0, 0, charts_price.heat_title(facts), "sheet")
    sheet.cell(
        1,
        0,
        say(
            "Rows: change of all prices; columns: utilization; margin in {unit}",
            unit=unit or say("money"),
        ),
        "note",
    )
    sheet.next = 3
    shares = [(share, "header_share", native.SHARE) for share in made_of.utilization]
    sheet.formatted([(say("Change of all prices"), "header", ""), *shares])
    first = sheet.next
    names = charts_price.heat_rows(made_of)
    for name, row in zip(names, made_of.margin, strict=True):
        sheet.formatted([(name, "text", ""), *((cell, "amount", native.MONEY) for cell in row)])
    last = (sheet.next - 1, len(made_of.utilization))
    sheet.worksheet.conditional_format(
        first,
        1,
        *last,
        {
            "type": "3_color_scale",
            "min_color": _LOW,
            "mid_type": "num",
            "mid_value": 0,
            "mid_color": _MIDDLE,
            "max_color": _HIGH,
        },
    )
    told = say("All prices change by the same share; cost, rate and demand stay.")
    sheet.cell(sheet.next + 1, 0, told, "note")
