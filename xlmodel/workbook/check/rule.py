"""What a rule of the workbook standard is, and what it finds.

A rule is one decorated function, ``judge``, that looks at a ``Book`` and yields what it saw. All
else about it is data in the decorator: what it asks, why, who asks it, and how to mend what breaks
it. A rule that can't judge this workbook (no cell is marked as an input, say) raises ``Skip`` with
the reason: no finding would be a claim, and many would be noise.
"""

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import NamedTuple

from xlmodel.workbook.check.book import Book
from xlmodel.workbook.check.places import Place


class Severity(IntEnum):
    """How much a finding matters; a higher one includes the lower ones' threshold."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Skip(Exception):  # noqa: N818 (no error: the rule has no say in this workbook)
    """Why a rule can't judge this workbook, as a sentence."""


class Seen(NamedTuple):
    """What a rule saw, before it is grouped: where, what, and what makes two of them the same."""

    seen: str
    sheet: str = ""
    place: Place | None = None
    what: str = ""
    """The name, table, chart or part that is meant, where no cell is."""
    same: str = ""
    """Things seen in adjoining cells with the same text here are one finding."""


class Rule(NamedTuple):
    """One rule of the standard."""

    id: str
    group: str
    severity: Severity
    what: str
    why: str
    source: str
    mend: str
    judge: Callable[[Book], Iterable[Seen]]


class Finding(NamedTuple):
    """One departure of a workbook from a rule."""

    rule: Rule
    sheet: str
    cells: str
    what: str
    seen: str
    number: int
    """How many cells, names or parts it is about."""

    @property
    def where(self) -> str:
        """
        >>> Finding(None, "My sheet", "B2:B9", "", "", 8).where
        "'My sheet'!B2:B9"
        """
        plain = self.sheet.replace("_", "").isalnum() and not self.sheet[:1].isdigit()
        sheet = self.sheet if plain else "'" + self.sheet.replace("'", "''") + "'"
        if self.cells:
            return f"{sheet}!{self.cells}"
        if self.sheet and self.what:
            return f"{sheet}, {self.what}"
        return self.what or (sheet if self.sheet else "workbook")


_RULES: dict[str, Rule] = {}
Judge = Callable[[Book], Iterable[Seen]]


def rule(
    group: str, severity: Severity, *, what: str, why: str, source: str, mend: str
) -> Callable[[Judge], Judge]:
    """Register a rule; its id is the function's name."""

    def register(judge: Judge) -> Judge:
        number = judge.__name__.replace("_", "-")
        if number in _RULES:
            raise ValueError(f"the rule {number} is there twice")
        _RULES[number] = Rule(number, group, severity, what, why, source, mend, judge)
        return judge

    return register


def registered() -> dict[str, Rule]:
    """The rules that have been declared so far, by id."""
    return dict(_RULES)
