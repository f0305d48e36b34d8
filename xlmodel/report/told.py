"""A calculation whose texts are said in the language of the report, for reports to be read.

Labels, units, headings and topics that the workbook's table of words has are said in its words;
whatever the table lacks stays as the workbook has it, and so do names, tables, inputs and numbers.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from xlmodel.report.language import language
from xlmodel.report.source import Calculation, NamedValue
from xlmodel.workbook.language import ENGLISH
from xlmodel.workbook.sensitivity import Swing
from xlmodel.workbook.words import Words, language_of, words


def spoken(calculation: Calculation) -> str:
    """The language of the workbook: that of most labels of its outputs."""
    found = Counter(language_of(entry.label) for entry in calculation.outputs.values())
    return max(found, key=found.__getitem__, default=ENGLISH)


def in_words(
    calculation: Calculation, swings: Iterable[Swing]
) -> tuple[Calculation, tuple[Swing, ...]]:
    """The calculation and the swings in the language spoken now."""
    if language() == ENGLISH:
        return calculation, tuple(swings)
    told = words(language())
    said = (replace(s, label=told.text(s.label), unit=told.text(s.unit)) for s in swings)
    return cast("Calculation", _Told(calculation, told)), tuple(said)


@dataclass(frozen=True)
class _Entry:
    """A named cell in other words; what is not said here is the cell's own."""

    own: NamedValue
    label: str
    unit: str
    value: object
    sheet: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.own, name)


class _Told:
    """The calculation in other words; what is not said here is its own."""

    def __init__(self, calculation: Calculation, told: Words) -> None:
        self._own, self._told = calculation, told
        self.outputs = {
            n: self._entry(e, self._said(e.value)) for n, e in calculation.outputs.items()
        }
        self.inputs = {n: self._entry(e, e.value) for n, e in calculation.inputs.items()}
        self.checks = {n: self._entry(e, e.value) for n, e in calculation.checks.items()}
        self.answers = {n: self._answer(e) for n, e in calculation.answers.items()}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def values(self, name: str) -> Sequence[Sequence[object]] | None:
        """The values of a named range, its texts in other words."""
        grid = self._own.values(name)
        return grid and [[self._said(value) for value in row] for row in grid]

    def cell(self, sheet: str, ref: str) -> object:
        """The value of one cell, a text in other words."""
        return self._said(self._own.cell(sheet, ref))

    def _entry(self, own: NamedValue, value: object) -> _Entry:
        return _Entry(own, self._told.text(own.label), self._told.text(own.unit), value, own.sheet)

    def _answer(self, own: NamedValue) -> _Entry:
        value = self._told.sentence(own.value) if isinstance(own.value, str) else own.value
        return replace(self._entry(own, value), sheet=self._told.text(own.sheet))

    def _said(self, value: object) -> object:
        return self._told.text(value) if isinstance(value, str) else value
