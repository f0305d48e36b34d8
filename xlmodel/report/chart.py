"""A chart of a report: its title, its pictures for two widths, and the figures behind it."""

from collections.abc import Sequence
from typing import NamedTuple

from xlmodel.report import bars, lines
from xlmodel.report.language import say

MONEY = "#,##0.00"
PRICE = "#,##0.0000"


class Table(NamedTuple):
    """The figures behind a chart."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Chart(NamedTuple):
    """A chart as the page shows it."""

    key: str
    title: str
    about: str
    wide: str
    narrow: str
    table: Table
    note: str = ""


def of_bars(
    key: str,
    title: str,
    rows: tuple[bars.Bar, ...],
    unit: str,
    note: str = "",
    most: bars.Kind = bars.WIDE,
    table: Table | None = None,
) -> Chart:
    """A chart of bars; told in words, the bars are their labels and figures."""
    about = "; ".join(f"{row.label} {row.figure}" for row in rows)
    table = table or Table(
        (say("Item"), unit or say("Amount")), tuple((row.label, row.figure) for row in rows)
    )
    wide, narrow = (
        bars.draw(f"{key}-{kind.name}", title, about, rows, unit, kind)
        for kind in (most, bars.NARROW)
    )
    return Chart(key, title, about, wide, narrow, table, note)


def of_lines(
    key: str,
    title: str,
    about: str,
    drawn: Sequence[lines.Line],
    marks: Sequence[lines.Mark],
    axes: lines.Axes,
    table: Table,
    note: str = "",
) -> Chart:
    """A chart of lines."""
    wide, narrow = (
        lines.draw(f"{key}-{kind.name}", title, about, drawn, marks, axes, kind)
        for kind in (lines.WIDE, lines.NARROW)
    )
    return Chart(key, title, about, wide, narrow, table, note)
