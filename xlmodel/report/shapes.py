"""What the pictures of a report show beside the day, the curve and the bridges, as plain data.

Each is worked out once (``derived``) and drawn by every writer alike.
"""

from dataclasses import dataclass

Amounts = tuple[float | None, ...]


@dataclass(frozen=True)
class Stack:
    """What a million tokens cost, part by part, beside what they bring."""

    gpus: float | None  # None where the workbook does not part its cost
    other: float | None
    cost: float
    idle: float | None  # of the cost, what is paid for hours without work
    revenue: float

    @property
    def margin(self) -> float:
        """What a million tokens leave."""
        return self.revenue - self.cost


@dataclass(frozen=True)
class Heat:
    """The margin for each change of all prices (a row each) and each utilization."""

    changes: tuple[float, ...]
    utilization: tuple[float, ...]
    margin: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Tradeoff:
    """Requests in flight against the rate of all, the speed of each, and the cost per Mtok."""

    batch: tuple[float, ...]
    speed: tuple[float, ...]
    rate: tuple[float, ...]
    cost: Amounts


@dataclass(frozen=True)
class Decay:
    """Revenue and cost of a day, as days pass and prices fall."""

    day: tuple[float, ...]
    revenue: tuple[float, ...]
    cost: tuple[float, ...]
