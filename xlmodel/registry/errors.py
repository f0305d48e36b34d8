"""Errors as a sentence (Python, command line) and as a value (one cell).

A spreadsheet error is a *kind* such as ``#NUM!``; the sentence says what is wrong, where, which
value, and what is accepted.
"""

from typing import NamedTuple

NUM = "#NUM!"  # out of range, or no solution
VALUE = "#VALUE!"  # wrong type
NA = "#N/A"  # look-up miss
DIV0 = "#DIV/0!"  # a rate over nothing
KINDS = (NUM, VALUE, NA, DIV0, "#REF!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!")


class InputError(ValueError):
    """An input that a function cannot take; the message is one sentence for the user.

    ``kind`` is the spreadsheet error that a cell shows for it.
    """

    def __init__(self, sentence: str, kind: str = VALUE) -> None:
        super().__init__(sentence)
        self.kind = kind


class CellError(NamedTuple):
    """A true error value in one cell, with the reason that ``XLMODEL_EXPLAIN`` tells."""

    kind: str
    reason: str = ""

    def __str__(self) -> str:
        return self.kind
