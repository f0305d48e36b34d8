"""How far each driver moves an output: one at a time (a tornado), or two together (a grid).

``swings`` and ``grid`` return plain data, which the command prints and a report may draw.
"""

from dataclasses import dataclass


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
