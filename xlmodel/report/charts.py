"""The charts of a report as inline SVG, each with the figures behind it as a table.

Two drawings of each chart are made, for a wide and for a narrow column; the style sheet shows
the one that fits, since text in a picture that is scaled down cannot be read. Bars differ by
pattern and by the sign of their figure, points by shape: nothing rests on colour alone.
"""

from itertools import pairwise

from xlmodel.report import bars, charts_price, charts_time, headline, lines
from xlmodel.report.chart import MONEY, Chart, Table, of_bars, of_lines
from xlmodel.report.facts import Bridge, Curve, Facts
from xlmodel.report.language import say
from xlmodel.report.numfmt import fixed, percent, show

_LONGEST = 60  # characters of a label in a title

__all__ = ["Chart", "Table", "breakeven", "draw", "marks"]


def draw(facts: Facts) -> list[Chart]:
    """The charts that the facts allow."""
    unit = headline.unit_of_margin(facts.outputs, facts.provenance.currency)
    charts = [
        _day(facts, unit),
        charts_price.stack(facts, facts.stack) if facts.stack else None,
        _curve(facts, facts.curve, unit) if facts.curve else None,
        charts_price.heat(facts, facts.heat, unit) if facts.heat else None,
        charts_price.tornado(facts.swings, unit) if facts.swings else None,
        charts_time.tradeoff(facts, facts.tradeoff) if facts.tradeoff else None,
        charts_time.decay(facts, facts.decay, unit) if facts.decay else None,
        _bridge("bridge", facts.bridge, unit) if facts.bridge else None,
        _bridge("walk", facts.walk, unit) if facts.walk else None,
        *(
            _bridge(name, bridge, of_period)
            for name, bridge, of_period in facts.bridges
            if name == "variance"
        ),
    ]
    return [chart for chart in charts if chart]


def _day(facts: Facts, unit: str) -> Chart | None:
    """Revenue and cost as bars, and what lies between them."""
    revenue, cost = facts.number("out_revenue"), facts.number("out_cost")
    if revenue is None or cost is None:
        return None
    names = [item.label if (item := facts.output(n)) else n for n in ("out_revenue", "out_cost")]
    title = day_title(revenue, cost, unit)
    rows = (
        bars.Bar(names[0], 0.0, revenue, "level", show(revenue, MONEY)),
        *_parts(facts, "revenue", "level part"),
        bars.Bar(names[1], 0.0, cost, "cost", show(cost, MONEY)),
        *_parts(facts, "cost", "cost part"),
        bars.Bar(
            say("Revenue less cost"),
            cost,
            revenue,
            "up" if revenue >= cost else "down",
            bars.signed(revenue - cost),
        ),
    )
    return of_bars("day", title, rows, unit)


def day_title(revenue: float, cost: float, unit: str) -> str:
    """Which of revenue and cost is more, and by how much."""
    gap = fixed(abs(revenue - cost), 2)
    if gap == "0.00":
        return say("Revenue just covers cost")
    if revenue >= cost:
        return say("Revenue exceeds cost by {gap} {unit}", gap=gap, unit=unit).strip()
    return say("Cost exceeds revenue by {gap} {unit}", gap=gap, unit=unit).strip()


def _parts(facts: Facts, of: str, kind: str) -> list[bars.Bar]:
    """Thinner bars below a bar, one after the other: what it is made of."""
    drawn: list[bars.Bar] = []
    for part in facts.parts:
        if part.of == of:
            start = drawn[-1].end if drawn else 0.0
            figure = show(part.value, MONEY)
            drawn.append(
                bars.Bar(
                    say("of which {part}", part=say(part.label)),
                    start,
                    start + part.value,
                    kind,
                    figure,
                )
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
            show(step.end, MONEY) if step.level else bars.signed(step.change),
        )
        for step in bridge.steps
    )
    title = bridge_title(bridge, unit)
    return of_bars(key, title, rows, unit, bridge.note, bars.WIDER)


def bridge_title(bridge: Bridge, unit: str) -> str:
    """From where to where, and the step that moves most."""
    first, last = (show(step.end, MONEY) for step in (bridge.steps[0], bridge.steps[-1]))
    told = {"first": first, "last": last, "unit": unit}
    changes = [step for step in bridge.steps if not step.level and step.label]
    if not changes:
        return " ".join(say("What leads from {first} to {last} {unit}", **told).split())
    most = max(changes, key=lambda step: abs(step.change))
    label = most.label if len(most.label) <= _LONGEST else f"{most.label[: _LONGEST - 1]}…"
    return say(
        "From {first} to {last} {unit}: “{label}” moves most, by {change}",
        **told,
        label=label,
        change=bars.signed(most.change),
    ).replace(" :", ":")


def _curve(facts: Facts, curve: Curve, unit: str) -> Chart:
    """Margin against utilization."""
    amounts = {"Revenue": curve.revenue, "Cost": curve.cost, "Margin": curve.margin}
    columns = [(say(name), cells) for name, cells in amounts.items() if cells]
    table = Table(
        (say("Utilization"), *(f"{name}, {unit}".rstrip(", ") for name, _ in columns)),
        tuple(
            (
                percent(at),
                *(show(cells[row], MONEY) or say("not a number") for _, cells in columns),
            )
            for row, at in enumerate(curve.utilization)
        ),
    )
    even = breakeven(facts, curve)
    about = say(
        "Margin in {unit} from {low} to {high}.",
        unit=unit or say("money"),
        low=_point(curve, 0),
        high=_point(curve, -1),
    )
    margin = say("Margin")
    drawn = (lines.Line(margin, curve.utilization, curve.margin),)
    axes = lines.Axes(say("Utilization"), f"{margin}, {unit}".rstrip(", "), lines.shares)
    title = curve_title(curve, even)
    return of_lines("curve", title, about, drawn, marks(facts, curve, even, unit), axes, table)


def _point(curve: Curve, at: int) -> str:
    margin = curve.margin[at]
    amount = say("an error") if margin is None else show(margin, MONEY)
    return say(
        "{amount} at {share} utilization", amount=amount, share=percent(curve.utilization[at])
    )


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


def curve_title(curve: Curve, breakeven: float | None) -> str:
    """The answer of the curve."""
    known = [margin for margin in curve.margin if margin is not None]
    most = max(curve.utilization)
    if max(known) < 0:
        return say("The node loses money at any utilization up to {share}", share=percent(most))
    if min(known) >= 0 and breakeven is None:
        return say("The node covers its cost at every utilization shown")
    if breakeven is not None and breakeven <= most:
        return say("The node earns above {share} utilization", share=percent(breakeven))
    return say("Margin against utilization")


def marks(facts: Facts, curve: Curve, breakeven: float | None, unit: str) -> tuple[lines.Mark, ...]:
    """The points to look at: the break-even, and where the workbook stands."""
    low, high = min(curve.utilization), max(curve.utilization)
    found = []
    if breakeven is not None:
        words = say("break-even at {share}", share=percent(breakeven))
        words = words if low <= breakeven <= high else say("{words}, beyond", words=words)
        found.append(lines.Mark("diamond", breakeven, 0.0, words))
    here, margin = facts.number("in_utilization"), facts.number("out_margin")
    if here is not None and margin is not None and low <= here <= high:
        amount = f"{show(margin, MONEY)} {unit}".strip()
        words = say("this workbook: {share}, {amount}", share=percent(here), amount=amount)
        found.append(lines.Mark("dot", here, margin, words))
    return tuple(found)
