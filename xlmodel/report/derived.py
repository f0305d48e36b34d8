"""The figures behind the pictures that no sheet holds ready-made, from named cells and ranges.

The cost stack takes ``part_gpus``, ``part_other`` and ``out_idle_cost`` per million tokens. The
heat map takes the curve: with all prices changed by one share, revenue changes by that share and
cost does not, so no recalculation is needed. ``curve_batch`` with ``curve_tps`` and
``curve_speed`` is the throughput trade-off, ``fade_day`` with ``fade_revenue`` and ``fade_cost``
the decay of value. What is absent, or not all numbers, leaves its picture out.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from xlmodel.report.facts import Curve
from xlmodel.report.shapes import Decay, Heat, Stack, Tradeoff
from xlmodel.report.values import number, value_of

Lookup = Callable[[str], Sequence[Sequence[object]] | None]

CHANGES = (-0.5, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2)
"""Of all prices: the falls that a finance team asks for, and two rises."""

_COLUMNS = 7  # of the heat map at most: more would not be read
_MTOK = 1e6
_TOLERANCE = 1e-6


def stack(lookup: Lookup, numbers: Mapping[str, float | None]) -> Stack | None:
    """What a million tokens cost and bring."""
    names = ("out_revenue", "out_cost", "out_tokens_per_day")
    revenue, cost, tokens = (numbers.get(name) for name in names)
    if revenue is None or cost is None or not tokens or tokens <= 0:
        return None
    per = _MTOK / tokens
    gpus, other = _sum(lookup, "part_gpus"), _sum(lookup, "part_other")
    idle = numbers.get("out_idle_cost")
    known = gpus is not None and other is not None and min(gpus, other) >= 0
    if not known or abs((gpus or 0.0) + (other or 0.0) - cost) > _TOLERANCE * abs(cost):
        gpus = other = None
    amounts = (gpus, other, cost, idle, revenue)
    scaled = [None if amount is None else amount * per for amount in amounts]
    if not all(math.isfinite(amount) for amount in scaled if amount is not None):
        return None
    return Stack(scaled[0], scaled[1], cost * per, scaled[3], revenue * per)


def heat(curve: Curve | None) -> Heat | None:
    """The margin by change of price and by utilization, where the curve has revenue and cost."""
    if curve is None or not curve.revenue or not curve.cost:
        return None
    points = [
        (at, earned, spent)
        for at, earned, spent in zip(curve.utilization, curve.revenue, curve.cost, strict=True)
        if earned is not None and spent is not None
    ]
    chosen = points[:: -max(math.ceil(len(points) / _COLUMNS), 1)][::-1]
    if len(chosen) < 2 or not any(earned for _, earned, _ in chosen):
        return None
    margin = tuple(
        tuple(earned * (1 + change) - spent for _, earned, spent in chosen) for change in CHANGES
    )
    return Heat(CHANGES, tuple(at for at, _, _ in chosen), margin)


def tradeoff(lookup: Lookup) -> Tradeoff | None:
    """The rate of all requests against the speed of each."""
    batch, speed, rate = (_cells(lookup, f"curve_{name}") for name in ("batch", "speed", "tps"))
    cost = _cells(lookup, "curve_cost_per_mtok") or [None] * len(batch)
    if not len(batch) == len(speed) == len(rate) == len(cost):
        return None
    rows = [
        (b, s, r, c)
        for b, s, r, c in zip(batch, speed, rate, cost, strict=True)
        if b is not None and s is not None and r is not None
    ]
    if len(rows) < 2:
        return None
    return Tradeoff(*(tuple(column) for column in zip(*rows, strict=True)))


def decay(lookup: Lookup) -> Decay | None:
    """Revenue and cost of a day, as days pass."""
    columns = [_cells(lookup, f"fade_{name}") for name in ("day", "revenue", "cost")]
    if len({len(column) for column in columns}) != 1:
        return None
    rows = [row for row in zip(*columns, strict=True) if None not in row]
    if len(rows) < 2 or rows[0][0] == rows[-1][0]:
        return None
    return Decay(*(tuple(column) for column in zip(*rows, strict=True)))


def _cells(lookup: Lookup, name: str) -> list[float | None]:
    grid = lookup(name)
    return [number(value_of(cell)) for row in grid for cell in row] if grid else []


def _sum(lookup: Lookup, name: str) -> float | None:
    known = [cell for cell in _cells(lookup, name) if cell is not None]
    return math.fsum(known) if known else None
