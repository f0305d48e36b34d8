"""The charts of a report as inline SVG, each with the figures behind it as a table.

Two drawings of each chart are made, for a wide and for a narrow column; the style sheet shows
the one that fits, since text in a picture that is scaled down cannot be read. Bars differ by
pattern and by the sign of their figure, points by shape: nothing rests on colour alone.
"""

from itertools import pairwise
from typing import NamedTuple

from xlmodel.report import bars, headline, lines
from xlmodel.report.facts import Bridge, Curve, Facts
from xlmodel.report.numfmt import fixed, percent, show

_MONEY = "#,##0.00"


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


def draw(facts: Facts) -> list[Chart]:
    """The charts that the facts allow."""
    unit = headline.unit_of_margin(facts.outputs, facts.provenance.currency)
    charts = [
        _day(facts, unit),
        _curve(facts, facts.curve, unit) if facts.curve else None,
        _bridge("bridge", facts.bridge, unit) if facts.bridge else None,
        _bridge("walk", facts.walk, unit) if facts.walk else None,
    ]
    return [chart for chart in charts if chart]


def _day(facts: Facts, unit: str) -> Chart | None:
    """Revenue and cost as bars, and what lies between them."""
    revenue, cost = facts.number("out_revenue"), facts.number("out_cost")
    if revenue is None or cost is None:
        return None
    names = [item.label if (item := facts.output(n)) else n for n in ("out_revenue", "out_cost")]
    gap = abs(revenue - cost)
    more, less = ("Revenue", "cost") if revenue >= cost else ("Cost", "revenue")
    title = f"{more} exceeds {less} by {fixed(gap, 2)} {unit}".strip()
    title = title if fixed(gap, 2) != "0.00" else "Revenue just covers cost"
    rows = (
        bars.Bar(names[0], 0.0, revenue, "level", show(revenue, _MONEY)),
        *_parts(facts, "revenue", "level part"),
        bars.Bar(names[1], 0.0, cost, "cost", show(cost, _MONEY)),
        *_parts(facts, "cost", "cost part"),
        bars.Bar(
            "Revenue less cost",
            cost,
            revenue,
            "up" if revenue >= cost else "down",
            bars.signed(revenue - cost),
        ),
    )
    about = "; ".join(f"{row.label} {row.figure}" for row in rows)
    return _as_bars("day", title, about, rows, unit, "", bars.WIDE)


def _parts(facts: Facts, of: str, kind: str) -> list[bars.Bar]:
    """Thinner bars below a bar, one after the other: what it is made of."""
    drawn: list[bars.Bar] = []
    for part in facts.parts:
        if part.of == of:
            start = drawn[-1].end if drawn else 0.0
            figure = show(part.value, _MONEY)
            drawn.append(
                bars.Bar(f"of which {part.label}", start, start + part.value, kind, figure)
            )
    return drawn


def _bridge(key: str, bridge: Bridge, unit: str) -> Chart:
    """A level, what changes it, and the level that results."""
    rows = tuple(
        bars.Bar(
            step.label,
            step.start,
            step.end,
            "level" if step.level else "up" if step.change >= 0 else "down",
            show(step.end, _MONEY) if step.level else bars.signed(step.change),
        )
        for step in bridge.steps
    )
    first, last = rows[0].figure, rows[-1].figure
    title = f"What leads from {first} to {last} {unit}".strip()
    about = "; ".join(f"{row.label} {row.figure}" for row in rows)
    return _as_bars(key, title, about, rows, unit, bridge.note, bars.WIDER)


def _as_bars(
    key: str,
    title: str,
    about: str,
    rows: tuple[bars.Bar, ...],
    unit: str,
    note: str,
    most: bars.Kind,
) -> Chart:
    table = Table(("Item", unit or "Amount"), tuple((row.label, row.figure) for row in rows))
    wide, narrow = (
        bars.draw(f"{key}-{kind.name}", title, about, rows, unit, kind)
        for kind in (most, bars.NARROW)
    )
    return Chart(key, title, about, wide, narrow, table, note)


def _curve(facts: Facts, curve: Curve, unit: str) -> Chart:
    """Margin against utilization."""
    amounts = {"Revenue": curve.revenue, "Cost": curve.cost, "Margin": curve.margin}
    columns = [(name, cells) for name, cells in amounts.items() if cells]
    table = Table(
        ("Utilization", *(f"{name}, {unit}".rstrip(", ") for name, _ in columns)),
        tuple(
            (percent(at), *(show(cells[row], _MONEY) or "not a number" for _, cells in columns))
            for row, at in enumerate(curve.utilization)
        ),
    )
    even = breakeven(facts, curve)
    title = _curve_title(curve, even)
    about = f"Margin in {unit or 'money'} from {_point(curve, 0)} to {_point(curve, -1)}."
    points = marks(facts, curve, even, unit)
    wide, narrow = (
        lines.draw(f"curve-{kind.name}", title, about, curve, points, unit, kind)
        for kind in (lines.WIDE, lines.NARROW)
    )
    return Chart("curve", title, about, wide, narrow, table)


def _point(curve: Curve, at: int) -> str:
    margin = curve.margin[at]
    amount = "an error" if margin is None else show(margin, _MONEY)
    return f"{amount} at {percent(curve.utilization[at])} utilization"


def breakeven(facts: Facts, curve: Curve) -> float | None:
    """The utilization of no margin: as the workbook has it, else where the curve crosses 0."""
    own = facts.number("out_breakeven_utilization")
    if own is not None:
        return own
    points = [
        (at, m) for at, m in zip(curve.utilization, curve.margin, strict=True) if m is not None
    ]
    for (left, below), (right, above) in pairwise(points):
        if below < 0 <= above:
            return left + (right - left) * -below / (above - below)
    return None


def _curve_title(curve: Curve, breakeven: float | None) -> str:
    known = [margin for margin in curve.margin if margin is not None]
    most = max(curve.utilization)
    if max(known) < 0:
        return f"The node loses money at any utilization up to {percent(most)}"
    if min(known) >= 0 and breakeven is None:
        return "The node covers its cost at every utilization shown"
    if breakeven is not None and breakeven <= most:
        return f"The node earns above {percent(breakeven)} utilization"
    return "Margin against utilization"


def marks(facts: Facts, curve: Curve, breakeven: float | None, unit: str) -> tuple[lines.Mark, ...]:
    """The points to look at: the break-even, and where the workbook stands."""
    low, high = min(curve.utilization), max(curve.utilization)
    found = []
    if breakeven is not None:
        words = f"break-even at {percent(breakeven)}"
        inside = low <= breakeven <= high
        found.append(lines.Mark("diamond", breakeven, 0.0, words if inside else f"{words}, beyond"))
    here, margin = facts.number("in_utilization"), facts.number("out_margin")
    if here is not None and margin is not None and low <= here <= high:
        words = f"this workbook: {percent(here)}, {show(margin, _MONEY)} {unit}".strip()
        found.append(lines.Mark("dot", here, margin, words))
    return tuple(found)
