"""The data behind the charts, from the named ranges of the workbook.

``curve_utilization`` with ``curve_margin`` (or ``curve_revenue`` and ``curve_cost``) is the
margin against utilization; ``bridge_label`` with ``bridge_value`` is the way from one figure to
another, ``bridge_note`` a sentence about it; ``walk_…`` is a second one, ``variance_…`` one from
budget to actual; ``part_input``,
``part_output``, ``part_gpus`` and ``part_other`` are what revenue and cost of a day are made of.
A range that is absent leaves its chart out; ranges that do not fit together leave it out with a
warning.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from xlmodel.report.facts import Bridge, Curve, Part, Step
from xlmodel.report.language import noted, say
from xlmodel.report.values import Value, number, text_of, value_of

Lookup = Callable[[str], Sequence[Sequence[object]] | None]
Amounts = tuple[float | None, ...]

_PARTS = (
    ("part_input", noted("input tokens"), "revenue"),
    ("part_output", noted("output tokens"), "revenue"),
    ("part_gpus", noted("GPUs"), "cost"),
    ("part_other", noted("other cost"), "cost"),
)
BRIDGES = (noted("bridge"), noted("walk"), noted("variance"))
"""The names of the ways from one figure to another, as a warning says them."""

_TOLERANCE = 1e-6  # relative: a closing bar this near the sum of the steps is their total


def curve(lookup: Lookup) -> tuple[Curve | None, str]:
    """The curve, or why a curve that the workbook seems to hold is left out."""
    where = _cells(lookup, "curve_utilization")
    named = {name: _cells(lookup, f"curve_{name}") for name in ("margin", "revenue", "cost")}
    amounts = {name: tuple(map(number, cells)) for name, cells in named.items() if cells}
    if not where or not amounts:
        return None, ""
    odd = [name for name, cells in amounts.items() if len(cells) != len(where)]
    if odd:
        return None, say(
            "The curve is left out: {one} has {n} cells and {other} {m}.",
            one=f"curve_{odd[0]}",
            n=len(amounts[odd[0]]),
            other="curve_utilization",
            m=len(where),
        )
    points = [at for at, value in enumerate(where) if number(value) is not None]
    kept = {name: tuple(cells[at] for at in points) for name, cells in amounts.items()}
    margin = kept.get("margin") or _differences(kept.get("revenue", ()), kept.get("cost", ()))
    known = sum(value is not None for value in margin)
    if known < 2:
        return None, say("The curve is left out: fewer than two of its points are numbers.")
    missing = len(where) - known
    warning = say(
        "Not all points of the curve are numbers: {missing} of {all} are left out.",
        missing=missing,
        all=len(where),
    )
    utilization = tuple(number(where[at]) or 0.0 for at in points)
    found = Curve(utilization, margin, kept.get("revenue", ()), kept.get("cost", ()))
    return found, warning if missing else ""


def bridge(lookup: Lookup, name: str) -> tuple[Bridge | None, str]:
    """The bridge, or why a bridge that the workbook seems to hold is left out.

    The first value is the level that it starts from and each further one a change; a last value
    that equals the sum of all before it is the closing level.
    """
    labels, cells = _cells(lookup, f"{name}_label"), _cells(lookup, f"{name}_value")
    if not labels or not cells:
        return None, ""
    if len(labels) != len(cells):
        return None, say(
            "The {bridge} is left out: {one} has {n} cells and {other} {m}.",
            bridge=say(name),
            one=f"{name}_label",
            n=len(labels),
            other=f"{name}_value",
            m=len(cells),
        )
    pairs = [
        (" ".join(text_of(label).split()), cell)
        for label, cell in zip(labels, cells, strict=True)
        if label is not None or cell is not None
    ]
    values = [number(cell) for _, cell in pairs]
    known = [value for value in values if value is not None]
    if len(known) < len(values) or len(known) < 2:
        return None, say(
            "The {bridge} is left out: not all of its values are numbers.", bridge=name
        )
    if not any(known):  # as where there are no actuals yet
        return None, ""
    note = _cells(lookup, f"{name}_note")
    return Bridge(
        _steps([label for label, _ in pairs], known), text_of(note[0] if note else "")
    ), ""


def parts(lookup: Lookup, totals: Mapping[str, float | None]) -> tuple[Part, ...]:
    """The parts of revenue and of cost, where they are two or more and sum to the total."""
    found = [
        Part(label, math.fsum(known), of)
        for name, label, of in _PARTS
        if (known := [n for cell in _cells(lookup, name) if (n := number(cell))])
    ]
    kept = []
    for of, total in totals.items():
        own = [part for part in found if part.of == of]
        if total is None or len(own) < 2 or min(part.value for part in own) < 0:
            continue
        if abs(math.fsum(part.value for part in own) - total) <= _TOLERANCE * abs(total):
            kept += own
    return tuple(kept)


def _cells(lookup: Lookup, name: str) -> list[Value]:
    """The cells of a named range, row by row."""
    grid = lookup(name)
    return [value_of(cell) for row in grid for cell in row] if grid else []


def _differences(revenue: Amounts, cost: Amounts) -> Amounts:
    return tuple(
        None if earned is None or spent is None else earned - spent
        for earned, spent in zip(revenue, cost, strict=False)
    )


def _steps(labels: list[str], values: list[float]) -> tuple[Step, ...]:
    size = max(map(abs, values)) or 1.0
    total = math.fsum(values[:-1])
    closed = len(values) > 2 and abs(values[-1] - total) <= _TOLERANCE * size
    steps = [Step(labels[0], 0.0, values[0], level=True)]
    for label, change in zip(labels[1:], values[1:], strict=True):
        steps.append(Step(label, steps[-1].end, steps[-1].end + change))
    if closed:
        steps[-1] = Step(labels[-1], 0.0, values[-1], level=True)
    else:
        steps.append(Step(say("Result"), 0.0, steps[-1].end, level=True))
    return tuple(steps)
