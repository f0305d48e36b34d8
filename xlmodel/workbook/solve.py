"""Goal seek: which value of a driver brings an output to a target.

The range is looked over first, at ``_points`` that are denser around today's value; between two
neighbours on either side of the target a bracketing search then closes in. Each step halves the
bracket or does better, so it ends. A target that an output steps over (whole nodes, say) is a jump,
not a solution; what lies between two points on one side of the target is not seen.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from xlmodel.hosts.engine import Value
from xlmodel.registry import CellError
from xlmodel.workbook.drivers import Driver, Range
from xlmodel.workbook.sensitivity import Progress
from xlmodel.workbook.untrusted import WorkbookError
from xlmodel.workbook.whatif import WhatIf, number

LINEAR: Final = 16
_DOUBLINGS: Final = 10
_NEAR: Final = (0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.35, 1.5, 1.7)
_FAR: Final = 1e4
"""A range that goes so many times further than today's value is not cut into equal parts."""
_MOST_STEPS: Final = 200
_CLOSE = 1e-12
_JUMP = 1e-7


@dataclass(frozen=True)
class Point:
    """A value of the driver and the output there, which may be an error."""

    at: float
    output: Value


@dataclass(frozen=True)
class Jump:
    """Two neighbours, as near as numbers (or whole numbers) come, on either side of the target."""

    before: Point
    after: Point


@dataclass(frozen=True)
class Solved:
    """What was found: the nearest to today's value first.

    ``plateaus`` are spans in which every point that was looked at gives the target.
    ``searched`` are the first and the last point, ``known`` those where the output is a number;
    ``flat`` says that it is the same at all. ``errors`` are what it is at the others.
    """

    output: str
    target: float
    driver: Driver
    answers: tuple[Point, ...]
    jumps: tuple[Jump, ...]
    plateaus: tuple[tuple[float, float], ...]
    searched: tuple[Point, Point]
    known: tuple[Point, ...]
    flat: bool
    points: int
    errors: tuple[str, ...]


def solve(
    trial: WhatIf,
    output: str,
    target: float,
    driver: Driver,
    between: tuple[float, float] | None = None,
    progress: Progress = iter,
) -> Solved:
    """Every value of a driver, as far as the look over the range shows, that gives the target."""
    span = _span(driver, between)
    points = [
        Point(at, trial.at(driver.changes(at), output)) for at in progress(_points(span, driver))
    ]
    known = [p for p in points if type(p.output) is float]
    errors = tuple(_kind(p.output) for p in points if type(p.output) is not float)
    values = [_float(p) for p in known]
    scale = max([abs(target), *map(abs, values)], default=0.0)
    flat = bool(values) and max(values) - min(values) <= _CLOSE * scale
    answers, jumps = [], []

    def off(at: float) -> float | None:
        value = number(trial.at(driver.changes(at), output))
        return None if value is None else value - target

    near = driver.base if driver.base is not None else span.low
    plateaus = []
    if not flat:
        for run in _on_target(points, target):
            answers.append(min(run, key=lambda p: abs(p.at - near)))
            plateaus += [(run[0].at, run[-1].at)] if len(run) > 1 else []
        for left, right in _crossings(points, target):
            found = _close_in(off, left, right, target, span.whole)
            if isinstance(found, Jump):
                jumps.append(found)
            else:
                answers.append(found)
    answers.sort(key=lambda p: abs(p.at - near))
    jumps.sort(key=lambda j: abs(j.before.at - near))
    ends = points[0], points[-1]
    return Solved(
        output,
        target,
        driver,
        tuple(answers),
        tuple(jumps),
        tuple(plateaus),
        ends,
        tuple(known),
        flat,
        len(points),
        errors,
    )


def _on_target(points: Sequence[Point], target: float) -> list[list[Point]]:
    """The points that hit the target as they are, neighbours together."""
    grouped = groupby(points, key=lambda p: p.output == target)
    return [list(run) for hit, run in grouped if hit]


def _kind(value: Value) -> str:
    return value.kind if isinstance(value, CellError) else repr(value)


def _float(point: Point) -> float:
    assert type(point.output) is float
    return point.output


def _span(driver: Driver, between: tuple[float, float] | None) -> Range:
    """Where to look: the range asked for, or all that is accepted."""
    accepted = driver.accepted
    if between is None:
        if driver.base is None and math.inf in (-accepted.low, accepted.high):
            raise WorkbookError(
                f"{driver.name} is blank and has no range of its own; say where to look with "
                "--between LOW HIGH"
            )
        return _own_side(accepted, driver.base or 0.0)
    low, high = between
    if low >= high:
        raise WorkbookError(f"--between takes a low and a higher number, not {low:g} and {high:g}")
    for end in between:
        if end not in accepted:
            raise WorkbookError(
                f"--between: {driver.name} can't be {end:g}; it is {accepted.words(driver.unit)}"
            )
    if accepted.whole and math.ceil(low) > math.floor(high):
        raise WorkbookError(f"--between: no whole number lies between {low:g} and {high:g}")
    if accepted.whole:
        low, high = float(math.ceil(low)), float(math.floor(high))
    return Range(low, high, accepted.whole)


def _own_side(accepted: Range, base: float) -> Range:
    """Without a limit of its own an input is not looked at beyond zero; --between goes there."""
    low, high, whole = accepted
    if base > 0 and math.isinf(low):
        return Range(0.0, high, whole)
    return Range(low, 0.0, whole) if base < 0 and math.isinf(high) else accepted


def _points(span: Range, driver: Driver) -> list[float]:
    """Where to look first, in rising order: around today's value, and over the whole range."""
    base = driver.base if driver.base is not None else 0.0
    size = abs(base) or 1.0
    found = {base, *_around(size)}
    if span.low < 0:
        found |= {-at for at in _around(size)}
    ends = [end for end in (span.low, span.high) if math.isfinite(end)]
    if len(ends) == 2 and max(map(abs, ends)) <= _FAR * size:
        step = (span.high - span.low) / LINEAR
        found |= {span.low + i * step for i in range(1, LINEAR)}
    found = {at for at in found if span.low <= at <= span.high} | set(ends)
    if span.whole:
        found = {float(round(at)) for at in found}
    return sorted(found)


def _around(size: float) -> Iterator[float]:
    yield size
    for factor in (*_NEAR, *(2.0**k for k in range(-_DOUBLINGS, _DOUBLINGS + 1))):
        yield size * factor


def _crossings(points: Sequence[Point], target: float) -> Iterator[tuple[Point, Point]]:
    """Neighbours with the target between them; an error among them hides what is there."""
    for left, right in pairwise(points):
        one, other = number(left.output), number(right.output)
        if one is not None and other is not None and (one - target) * (other - target) < 0:
            yield left, right


def _close_in(
    off: Callable[[float], float | None], left: Point, right: Point, target: float, whole: bool
) -> Point | Jump:
    """What lies between two points: false position, and halving where that gains little."""
    bracket = (left.at, _float(left) - target), (right.at, _float(right) - target)
    start = min(abs(value) for _, value in bracket)
    enough = _CLOSE * 1e-2 * max(start, abs(target))
    last = math.inf
    for _ in range(_MOST_STEPS):
        (a, at_a), (b, at_b) = bracket
        if (b - a <= 1) if whole else b - a <= _CLOSE * max(abs(a), abs(b)):
            break
        nearest = min(abs(at_a), abs(at_b))
        x = b - at_b * (b - a) / (at_b - at_a) if nearest < last / 2 and not whole else math.nan
        x = x if a < x < b else (a + b) / 2
        x = float(math.floor(x)) if whole else x
        last = nearest
        value = off(x)
        if value is None:
            break
        if value == 0 or (not whole and abs(value) <= enough):
            return Point(x, value + target)
        bracket = (
            ((x, value), bracket[1]) if (value > 0) == (at_a > 0) else (bracket[0], (x, value))
        )
    best, value = min(bracket, key=lambda pair: abs(pair[1]))
    if not whole and abs(value) <= _JUMP * start:
        return Point(best, value + target)
    before, after = (Point(at, value + target) for at, value in bracket)
    return Jump(before, after)
