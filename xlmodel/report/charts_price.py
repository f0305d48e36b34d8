"""The charts of prices: the cost stack per million tokens, the heat map, the tornado."""

from collections.abc import Iterator, Sequence

from xlmodel.report import bars, heatmap
from xlmodel.report.chart import MONEY, PRICE, Chart, Table, of_bars
from xlmodel.report.facts import Facts
from xlmodel.report.language import say
from xlmodel.report.numfmt import NBSP, fixed, percent, show
from xlmodel.report.shapes import Heat, Stack
from xlmodel.workbook.sensitivity import Swing
from xlmodel.workbook.words import english

_BARE = ("factor", "share")  # units that are shown as a per cent
_UNIT = 16  # characters of a unit beside a bar; the tables of the report have it whole
_MOST = 10  # bars of a tornado: the drivers that matter
_NARROWEST = 5  # columns that a narrow heat map has room for


def stack_unit(facts: Facts) -> str:
    """The unit of a price of tokens, in the workbook's currency."""
    item = facts.output("out_cost")
    currency = facts.provenance.currency or (item.unit.split("/")[0].strip() if item else "")
    return f"{currency}/Mtok" if currency else "Mtok"


def stack_rows(stack: Stack) -> tuple[tuple[str, float, float, str], ...]:
    """The bars of the stack: label, start, end, kind."""
    rows: list[tuple[str, float, float, str]] = []
    if stack.gpus is not None and stack.other is not None:
        rows.append((say("GPUs"), 0.0, stack.gpus, "cost"))
        if stack.other:
            rows.append((say("Other cost"), stack.gpus, stack.gpus + stack.other, "cost"))
    rows.append((say("Cost of a million tokens"), 0.0, stack.cost, "cost"))
    if stack.idle:
        rows.append((say("of which {part}", part=say("idle time")), 0.0, stack.idle, "cost part"))
    rows.append((say("Revenue of a million tokens"), 0.0, stack.revenue, "level"))
    rows.append((say("Margin"), stack.cost, stack.revenue, "up" if stack.margin >= 0 else "down"))
    return tuple(rows)


def stack(facts: Facts, made_of: Stack) -> Chart:
    """What a million tokens cost, part by part, beside what they bring."""
    unit = stack_unit(facts)
    told = {"cost": fixed(made_of.cost, 4), "revenue": fixed(made_of.revenue, 4), "unit": unit}
    title = say("A million tokens cost {cost} and bring {revenue} {unit}", **told)
    rows = []
    for label, start, end, kind in stack_rows(made_of):
        figure = show(end - start, PRICE)
        rows.append(bars.Bar(label, start, end, kind, figure))
    return of_bars("stack", title, tuple(rows), unit)


def heat_title(facts: Facts) -> str:
    """How far prices can fall, or must rise, for a margin of nil."""
    revenue, cost = facts.number("out_revenue"), facts.number("out_cost")
    if not revenue or revenue <= 0 or cost is None:
        return say("Margin by change of all prices and by utilization")
    fall = 1 - cost / revenue
    told = {"share": percent(abs(fall))}
    if fall >= 0:
        return say("Prices can fall by {share} before the margin is gone", **told)
    return say("Prices would have to rise by {share} before a margin is left", **told)


def heat_rows(heat: Heat) -> tuple[str, ...]:
    """The changes of price in words."""
    return tuple(
        say("as today") if change == 0 else f"{'+' if change > 0 else ''}{percent(change)}"
        for change in heat.changes
    )


def heat_note() -> str:
    """What the heat map holds still."""
    return say(
        "All prices change by the same share; cost, rate and demand stay. The heavy line parts "
        "gain from loss; the framed cell is the workbook as it stands."
    )


def heat(facts: Facts, made_of: Heat, unit: str) -> Chart:
    """The margin by change of all prices and by utilization."""
    changes = heat_rows(made_of)
    columns = tuple(map(percent, made_of.utilization))
    shown = tuple(tuple(show(value, "#,##0") for value in row) for row in made_of.margin)
    exact = tuple(tuple(show(value, MONEY) for value in row) for row in made_of.margin)
    title = heat_title(facts)
    about = say(
        "Margin in {unit} for {rows} changes of all prices and {columns} utilizations: {low} at "
        "the lowest, {high} at the highest.",
        unit=unit or say("money"),
        rows=len(changes),
        columns=len(columns),
        low=show(min(map(min, made_of.margin)), MONEY),
        high=show(max(map(max, made_of.margin)), MONEY),
    )
    here = facts.number("in_utilization")
    today = next((at for at, share in enumerate(made_of.utilization) if share == here), None)
    first = max(len(columns) - _NARROWEST, 0)
    wide, narrow = (
        heatmap.draw(
            f"heat-{name}",
            title,
            about,
            heatmap.Grid(
                changes,
                columns[start:],
                [row[start:] for row in made_of.margin],
                [row[start:] for row in shown],
                say("Change of all prices; margin in {unit}", unit=unit or say("money")),
                say("Utilization"),
                (made_of.changes.index(0.0), today - start)
                if today is not None and today >= start
                else None,
            ),
            width,
        )
        for name, width, start in (("wide", 540.0, 0), ("narrow", 350.0, first))
    )
    table = Table(
        (say("Change of all prices"), *columns),
        tuple((change, *row) for change, row in zip(changes, exact, strict=True)),
    )
    return Chart("heat", title, about, wide, narrow, table, heat_note())


def swing_label(swing: Swing) -> str:
    """A driver with its low and its high."""
    unit = swing.unit if len(swing.unit) <= _UNIT else ""
    low, high = swing_ends(swing)
    if english(swing.unit).casefold() not in _BARE:
        high = f"{high} {unit}".strip()
    return say("{label}: {low} to {high}", label=swing.label, low=low, high=high)


def swing_ends(swing: Swing) -> tuple[str, str]:
    """A driver's low and its high, without their unit."""
    kind = english(swing.unit).casefold()
    ends = (swing.low, swing.high)
    if kind == "factor":
        low, high = (f"{'+' if end >= 1 else ''}{percent(end - 1)}" for end in ends)
    elif kind == "share":
        low, high = map(percent, ends)
    else:
        low, high = (f"{end:g}" for end in ends)
    return low.replace(" %", f"{NBSP}%"), high.replace(" %", f"{NBSP}%")


def chosen(swings: Sequence[Swing]) -> tuple[Swing, ...]:
    """The drivers that move the margin most, the first first."""
    moving = [swing for swing in swings if swing.size > 0]
    return tuple(sorted(moving, key=lambda swing: (-swing.size, swing.name))[:_MOST])


def tornado_title(swings: Sequence[Swing], unit: str) -> str:
    """The driver that moves most, and between which margins."""
    most = swings[0]
    ends = [end for end in (most.at_low, most.at_high, most.base) if end is not None]
    return say(
        "{label} moves the margin most: from {low} to {high} {unit}",
        label=most.label,
        low=show(min(ends), MONEY),
        high=show(max(ends), MONEY),
        unit=unit,
    ).strip()


def _tornado_notes(drawn: Sequence[Swing], unit: str) -> Iterator[str]:
    """What the bars start from, and who says how far the drivers move."""
    yield say(
        "Each driver alone from its low to its high; today the margin is {base}.",
        base=f"{show(drawn[0].base, MONEY)} {unit}".strip(),
    )
    if any(swing.stated for swing in drawn):
        yield say("Lows and highs are those that the workbook states, or else 10 % from today's.")


def tornado(swings: Sequence[Swing], unit: str) -> Chart | None:
    """Each driver at its low and its high, the widest first."""
    drawn = chosen(swings)
    if not drawn:
        return None
    error = say("an error")
    rows, table = [], []
    for swing in drawn:
        ends = [swing.base if end is None else end for end in (swing.at_low, swing.at_high)]
        pieces = [bars.Piece(swing.base, end, "up" if end > swing.base else "down") for end in ends]
        low, high = (
            error if end is None else show(end, MONEY) for end in (swing.at_low, swing.at_high)
        )
        first = pieces[0]
        label = swing_label(swing)
        rows.append(
            bars.Bar(
                label,
                first.start,
                first.end,
                first.kind,
                f"{low} – {high}",
                (pieces[1],),
                swing.base,
            )
        )
        table.append((label, low, high))
    columns = (say("Driver, low to high"), say("Margin at low"), say("Margin at high"))
    return of_bars(
        "tornado",
        tornado_title(drawn, unit),
        tuple(rows),
        unit,
        " ".join(_tornado_notes(drawn, unit)),
        bars.WIDE,
        Table(columns, tuple(table)),
    )
