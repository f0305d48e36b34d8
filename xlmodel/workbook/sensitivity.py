"""How far each driver moves an output: one at a time (a tornado), or two together (a grid).

``swings`` and ``grid`` return plain data, which the command prints and a report may draw. A
workbook may state how far a driver moves: ``in_low_utilization`` and ``in_high_utilization`` are
the ends of ``in_utilization``, ``in_low_price`` and ``in_high_price`` those of the factor on prices
of tokens.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from xlmodel.workbook.drivers import Driver, behind
from xlmodel.workbook.names import INPUT
from xlmodel.workbook.untrusted import WorkbookError
from xlmodel.workbook.whatif import WhatIf, number

SHARE: Final = 0.1
"""How far a driver moves, down and up, where nobody states its low and high."""
LOW, HIGH = INPUT + "low_", INPUT + "high_"
"""What the names of the inputs begin with that state a driver's ends."""
_NOTHING = 1e-12
Progress = Callable[[Sequence[Any]], Iterable[Any]]
"""Passes items on one by one, and shows how far they have come."""


@dataclass(frozen=True)
class Swing:
    """One driver at its low and at its high end, all others as they are today.

    ``at_low`` and ``at_high`` are the output there, None where it is an error; ``base`` is the
    output today. A ``unit`` of "factor" multiplies today's values of several inputs.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    at_low: float | None
    at_high: float | None
    base: float
    stated: bool = False

    @property
    def size(self) -> float:
        """From the lowest to the highest of the three outputs, as far as they are numbers."""
        known = [value for value in (self.at_low, self.at_high, self.base) if value is not None]
        return max(known) - min(known)


@dataclass(frozen=True)
class Grid:
    """An output for each pair of values of two drivers; None where it is an error.

    ``values`` has one tuple per value of the row's driver; ``base`` is the output today.
    """

    row_name: str
    row_values: tuple[float, ...]
    column_name: str
    column_values: tuple[float, ...]
    values: tuple[tuple[float | None, ...], ...]
    base: float


def swings(
    trial: WhatIf,
    output: str,
    ranges: Sequence[tuple[Driver, float, float]],
    progress: Progress = iter,
) -> list[Swing]:
    """Each driver at its low and its high end; the widest swing first."""
    base = trial.today.outputs[output].value
    assert type(base) is float
    found = []
    for driver, low, high in progress(ranges):
        at_low, at_high = (number(trial.at(driver.changes(end), output)) for end in (low, high))
        found.append(
            Swing(driver.name, driver.label, driver.unit, low, high, at_low, at_high, base)
        )
    return sorted(found, key=lambda swing: -swing.size)


class Span(NamedTuple):
    """The ends between which a driver moves, and whether the workbook states one of them."""

    low: float
    high: float
    stated: bool = False


def tornado(
    trial: WhatIf, output: str, progress: Progress = iter
) -> tuple[list[Swing], list[Driver]]:
    """All drivers of an output by their ``span``; and those that are zero, so don't move."""
    moved, still, stated = [], [], set()
    for driver in behind(trial, output):
        span = stated_span(trial, driver) or (Span(*ends(driver)) if driver.base else None)
        if span:
            moved.append((driver, span.low, span.high))
            stated |= {driver.name} if span.stated else set()
        elif driver.base is not None:
            still.append(driver)
    found = [
        replace(swing, stated=swing.name in stated)
        for swing in swings(trial, output, moved, progress)
    ]
    return [swing for swing in found if swing.size > _NOTHING * abs(swing.base)], still


def span(trial: WhatIf, driver: Driver) -> Span:
    """The ends that the workbook states for a driver, or else ``ends``."""
    return stated_span(trial, driver) or Span(*ends(driver))


def stated_span(trial: WhatIf, driver: Driver) -> Span | None:
    """The ends that the workbook states; one that it doesn't is ``SHARE`` from today's value."""
    names = tuple(end + driver.name.lower().removeprefix(INPUT) for end in (LOW, HIGH))
    given = tuple(_stated(trial, name, driver) for name in names)
    if given == (None, None) or (None in given and driver.base is None):
        return None
    shares = ends(driver) if driver.base else (0.0, 0.0)
    low, high = (share if end is None else end for end, share in zip(given, shares, strict=True))
    if low > high:
        raise WorkbookError(
            f"the low end of {driver.name}, {low:g}, is above its high, {high:g}: "
            f"see {' and '.join(names)}"
        )
    return Span(low, high, True)  # fmt: skip


def _stated(trial: WhatIf, name: str, driver: Driver) -> float | None:
    if not trial.has(name):
        return None
    value = number(trial.held(trial.find(name)[1]))
    accepted = driver.accepted
    if value is not None and (value not in accepted or (accepted.whole and value % 1)):
        words = ("a whole number, " if accepted.whole else "") + accepted.words(driver.unit)
        raise WorkbookError(f"{name} is {value:g}, but {driver.name} takes {words}")
    return value


def ends(driver: Driver) -> tuple[float, float]:
    """Today's value less and plus ``SHARE``, as far as it is accepted; a whole number outwards."""
    base, accepted = driver.base, driver.accepted
    if base is None:
        raise WorkbookError(f"{driver.name} is blank, so it needs its low and high: LOW:HIGH")
    if not base:
        raise WorkbookError(
            f"{driver.name} is 0, of which a share is nothing; give its low and high: LOW:HIGH"
        )
    low, high = sorted((base * (1 - SHARE), base * (1 + SHARE)))
    if accepted.whole:
        low, high = float(math.floor(low)), float(math.ceil(high))
    return accepted.clipped(low), accepted.clipped(high)


def around(driver: Driver) -> list[float]:
    """Values for a grid where nobody states any: today's, and one and two shares to each side."""
    ends(driver)  # refuses what has no value that a share could be of
    base, accepted = driver.base or 0.0, driver.accepted
    found = {accepted.clipped(base * (1 + step * SHARE)) for step in (-2, -1, 0, 1, 2)}
    return sorted({float(round(value)) for value in found} if accepted.whole else found)


def grid(
    trial: WhatIf,
    output: str,
    rows: tuple[Driver, Sequence[float]],
    columns: tuple[Driver, Sequence[float]],
    progress: Progress = iter,
) -> Grid:
    """An output for each pair of values."""
    (row, down), (column, across) = rows, columns
    shared = {m.name for m in row.members} & {m.name for m in column.members}
    if shared:
        raise WorkbookError(f"a grid takes two different drivers, but both move {min(shared)}")
    base = trial.today.outputs[output].value
    assert type(base) is float
    pairs = [(one, other) for one in down for other in across]
    flat = [
        number(trial.at({**row.changes(one), **column.changes(other)}, output))
        for one, other in progress(pairs)
    ]
    width = len(across)
    values = tuple(tuple(flat[i : i + width]) for i in range(0, len(flat), width))
    return Grid(row.name, tuple(down), column.name, tuple(across), values, base)
