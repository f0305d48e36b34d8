"""Values of cells as Calc hands them to an add-in, and results as Calc wants them.

Calc tells an add-in less than what is in the cells: a blank cell comes as the number 0 where it is
one argument, and as the text "" within a range; TRUE comes as 1. So a 0 counts as blank where the
number 0 could not be meant (``zero_is_blank``), and a "" in a range does as well.
"""

import struct
from typing import Final

from xlmodel.hosts.cells import rows
from xlmodel.registry import CellError, Parameter
from xlmodel.units import Anything, Quantity, Series

CODES: Final = {
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#VALUE!": 519,
    "#REF!": 524,
    "#NAME?": 525,
    "#NUM!": 503,
    "#N/A": 32767,
}
"""Calc's own numbers of Excel's errors."""
_KINDS: Final = {code: kind for kind, code in CODES.items()}
_NAN: Final = 0x7FF8_0000_0000_0000


def error_number(kind: str) -> float:
    """The number that Calc shows as an error: a NaN that holds Calc's code."""
    code = CODES.get(kind, CODES["#VALUE!"])
    number: float = struct.unpack("<d", struct.pack("<Q", _NAN | code))[0]
    return number


def error_of(code: int) -> CellError:
    """The error with one of Calc's codes; those that Excel lacks are ``#VALUE!`` there."""
    return CellError(_KINDS.get(code, "#VALUE!"))


def argument(p: Parameter, value: object) -> object:
    """An argument as ``Function.call_cells`` takes it."""
    if type(value) is tuple:
        return [[in_range(cell) for cell in row] for row in value]
    return None if value == 0 and zero_is_blank(p) else value


def zero_is_blank(p: Parameter) -> bool:
    """Whether a 0 can only be that of a blank cell, since no such argument could be meant."""
    if isinstance(p.kind, Quantity):
        low, high = p.kind.bounds
        return not p.required and not low <= 0 <= high
    if isinstance(p.kind, Series):
        return not p.required
    return not isinstance(p.kind, Anything)


def in_range(cell: object) -> object:
    """A cell of a range; an error in an array is a number that is none."""
    if isinstance(cell, float) and cell != cell:
        return error_of(struct.unpack("<Q", struct.pack("<d", cell))[0] & 0xFFFF)
    return None if cell == "" else cell


def result(answer: object) -> tuple[tuple[object, ...], ...]:
    """What ``Function.call_cells`` gave, as rows of numbers and texts, which UNO has as tuples."""
    return tuple(map(tuple, rows(answer, _single)))


def _single(value: object) -> object:
    if isinstance(value, CellError):
        return error_number(value.kind)
    return float(value) if isinstance(value, int) else value
