"""The charts of speed and of time: the throughput trade-off, and how value decays."""

from xlmodel.report.chart import MONEY, PRICE, Chart, Table, of_lines
from xlmodel.report.facts import Facts
from xlmodel.report.language import say
from xlmodel.report.lines import Axes, Line, Mark
from xlmodel.report.numfmt import fixed, show
from xlmodel.report.shapes import Decay, Tradeoff

_RATE = "#,##0.0"


def tradeoff_title(made_of: Tradeoff) -> str:
    """What more requests at once do to all and to each."""
    told = {
        "batch": fixed(made_of.batch[-1], 0),
        "rate": fixed(made_of.rate[-1], 0),
        "speed": fixed(made_of.speed[-1], 1),
        "alone": fixed(made_of.speed[0], 1),
    }
    return say(
        "{batch} requests at once get {rate} tokens/s together but {speed} each; one alone gets "
        "{alone}",
        **told,
    )


def tradeoff_axes() -> tuple[str, str]:
    """What the axes of the trade-off measure."""
    return say("Speed for each user, tokens/s"), say("Output rate of all, tokens/s")


def tradeoff_marks(facts: Facts) -> tuple[Mark, ...]:
    """Where the workbook stands."""
    batch, rate, wait = map(facts.number, ("out_replica_batch", "out_replica_tps", "out_tpot_ms"))
    if batch is None or rate is None or not wait or wait <= 0:
        return ()
    speed = 1000 / wait
    words = say(
        "this workbook: {batch} requests, {speed} tokens/s each, {rate} together",
        batch=fixed(batch, 0),
        speed=fixed(speed, 1),
        rate=fixed(rate, 0),
    )
    return (Mark("dot", speed, rate, words),)


def tradeoff(facts: Facts, made_of: Tradeoff) -> Chart:
    """The rate of all against the speed of each."""
    across, up = tradeoff_axes()
    costs = any(cost is not None for cost in made_of.cost)
    names = (say("Requests at once"), across, up, *([say("Cost per Mtok")] if costs else []))
    table = Table(
        names,
        tuple(
            (
                show(batch, _RATE),
                show(speed, _RATE),
                show(rate, _RATE),
                *([show(cost, PRICE) or say("not a number")] if costs else []),
            )
            for batch, speed, rate, cost in zip(
                made_of.batch, made_of.speed, made_of.rate, made_of.cost, strict=True
            )
        ),
    )
    about = say("One line: the more requests at once, the faster all together, the slower each.")
    line = Line(up, made_of.speed, made_of.rate)
    marks = tradeoff_marks(facts)
    title = tradeoff_title(made_of)
    return of_lines("tradeoff", title, about, (line,), marks, Axes(across, up), table)


def decay_title(facts: Facts, made_of: Decay) -> str:
    """Until which day the node earns, and how fast revenue halves."""
    last, half = facts.number("out_last_profitable_day"), facts.number("out_half_life_days")
    halves = "" if half is None else fixed(half, 0)
    if last is not None and 0 < last <= made_of.day[-1]:
        return (
            say(
                "The node earns until day {day}; its revenue halves every {half} days",
                day=fixed(last, 0),
                half=halves,
            )
            if halves
            else say("The node earns until day {day}", day=fixed(last, 0))
        )
    if all(earned < spent for earned, spent in zip(made_of.revenue, made_of.cost, strict=True)):
        return say("Revenue is below cost on every day shown")
    if halves:
        return say("Revenue halves every {half} days", half=halves)
    return say("Revenue and cost as days pass")


def decay_marks(facts: Facts, made_of: Decay) -> tuple[Mark, ...]:
    """The last day that pays."""
    last = facts.number("out_last_profitable_day")
    if last is None or not 0 < last <= made_of.day[-1]:
        return ()
    at = min(range(len(made_of.day)), key=lambda row: abs(made_of.day[row] - last))
    words = say("last profitable day: {day}", day=fixed(last, 1))
    return (Mark("diamond", last, made_of.revenue[at], words),)


def decay(facts: Facts, made_of: Decay, unit: str) -> Chart:
    """Revenue and cost of a day, as days pass."""
    revenue, cost = say("Revenue"), say("Cost")
    rows = zip(made_of.day, made_of.revenue, made_of.cost, strict=True)
    table = Table(
        (say("Day"), *(f"{name}, {unit}".rstrip(", ") for name in (revenue, cost))),
        tuple((show(day, _RATE), *(show(cell, MONEY) for cell in cells)) for day, *cells in rows),
    )
    about = say(
        "Revenue of a day from {first} on the first day to {last} on day {day}; cost from "
        "{cost_first} to {cost_last}.",
        first=show(made_of.revenue[0], MONEY),
        last=show(made_of.revenue[-1], MONEY),
        day=fixed(made_of.day[-1], 0),
        cost_first=show(made_of.cost[0], MONEY),
        cost_last=show(made_of.cost[-1], MONEY),
    )
    drawn = (
        Line(revenue, made_of.day, made_of.revenue),
        Line(cost, made_of.day, made_of.cost, "curve second"),
    )
    axes = Axes(say("Days from the as-of date"), unit or say("Amount"))
    title = decay_title(facts, made_of)
    return of_lines("decay", title, about, drawn, decay_marks(facts, made_of), axes, table)
