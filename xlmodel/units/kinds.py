"""The kinds of values: a number with unit and range, a text, a date, a table, a series, a load."""

import math
from typing import Any, NamedTuple

HUGE = 1e15
"""Above this no input is plausible; it also keeps every product of inputs far from overflow."""


class Quantity(NamedTuple):
    """A number: its unit, what it means, and the closed or half-open range that is accepted."""

    unit: str
    about: str
    low: float = 0.0
    high: float = HUGE
    open_low: bool = False
    open_high: bool = False
    hint: str = ""

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest float accepted: an open end is the next float inside."""
        low = math.nextafter(self.low, math.inf) if self.open_low else self.low
        high = math.nextafter(self.high, -math.inf) if self.open_high else self.high
        return low, high

    @property
    def accepted(self) -> str:
        """The range in words, for messages and documents."""
        low, high = _plain(self.low), _plain(self.high)
        above = f"above {low}" if self.open_low else f"{low} or more"
        below = f"below {high}" if self.open_high else f"{high} at most"
        if self.low == -HUGE:
            return "any number" if self.high == HUGE else below
        if self.high == HUGE:
            return above
        if not (self.open_low or self.open_high):
            return f"from {low} to {high}"
        return f"{above} and {below}"


def _plain(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1e4 else f"{number:g}"


class Text(NamedTuple):
    """A text, such as the name of a GPU: what it names, and an example for error messages."""

    about: str
    example: str


class Named(NamedTuple):
    """A thing by its name in a shipped table, or by a row of the user's own table.

    In a cell: a text, or a range whose first row is a header that holds ``key``, and whose other
    rows are one thing each.
    """

    about: str
    example: str
    key: str
    columns: tuple[str, ...]


class Date(NamedTuple):
    """A day: an Excel date (a serial number) or ISO text such as 2024-07-27."""

    about: str


class Table(NamedTuple):
    """A whole table range with its header row; it never broadcasts."""

    about: str
    columns: tuple[str, ...]


class Series(NamedTuple):
    """A whole range of numbers taken together, such as the shares of a mix; never broadcasts."""

    item: Quantity


class Load(NamedTuple):
    """The load of a day or a week hour by hour: a range of numbers, or the name of a profile.

    It never broadcasts. What a name stands for, the look-up in the tables says.
    """

    item: Quantity
    example: str
    counts: tuple[int, ...] = (24, 168)
    """How many hours a range may have."""


class MustBeBlank(NamedTuple):
    """A slot that keeps the argument order of a sister function and takes no value."""

    about: str
    why: str


class Anything(NamedTuple):
    """Any cell value; used where a function hands its arguments on."""

    about: str


Kind = Quantity | Text | Named | Date | Table | Series | Load | MustBeBlank | Anything


class SameAs(NamedTuple):
    """A default that is the value of another argument."""

    argument: str


def same_as(argument: str) -> Any:
    """The default "equals that argument", usable as the default of a typed parameter."""
    return SameAs(argument)


PERCENT = "shares are fractions: write 85 % as 0.85"


def share(about: str, **limits: Any) -> Quantity:
    return Quantity("share", about, **{"high": 1.0, "hint": PERCENT, **limits})
