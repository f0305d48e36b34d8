"""The two kinds of checks: a comparison of two figures, and a statement."""

from typing import NamedTuple


class Comparison(NamedTuple):
    """Two ways to the same figure; they differ by the tolerance at most."""

    name: str
    label: str
    one: str
    other: str
    unit: str
    note: str
    form: str = "money3"
    tolerance: str = ""
    applies: str = ""


class Condition(NamedTuple):
    """A statement that is true or false."""

    name: str
    label: str
    formula: str
    note: str = ""
