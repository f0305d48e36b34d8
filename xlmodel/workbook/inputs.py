"""Values for named inputs, as ``--set NAME=VALUE`` gives them, checked before they are used.

An input with a value for each case (``case_utilization``, in the order of ``case_list``) shows that
of the case chosen (``in_case``) by a formula: to set it is to set that case's cell, or the base's.
"""

import difflib
import math
import re

from xlmodel.hosts.engine import Book, Value
from xlmodel.workbook.cases import OF_CASE
from xlmodel.workbook.formats import from_iso, is_date
from xlmodel.workbook.names import INPUT, Names, Place, place_of
from xlmodel.workbook.untrusted import WorkbookError
from xlmodel.workbook.xmltext import LONGEST, length

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_PERCENT = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*%", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
PREFIX = INPUT
_MOST_NAMED = 8
_TRUTH = {"TRUE": True, "FALSE": False}


class Inputs:
    """The single cells of a workbook that have names, by name in lower case.

    ``case`` is the place of the case chosen among the columns of cases, counted from 0.
    """

    def __init__(self, book: Book, names: Names, case: int = 0) -> None:
        self._case = case
        self._names = {
            key: (name.name, place_of(name.formula)) for key, name in names.chosen.items()
        }
        self._ambiguous = names.ambiguous
        self._sheets = {sheet.name.lower(): sheet for sheet in book.sheets}

    def find(self, name: str) -> tuple[str, Place]:
        """The name as the workbook spells it, and its cell."""
        keys = (name.lower(), INPUT + name.lower())
        # A function of the workbook may have the short name of an input.
        for key in sorted(keys, key=lambda key: self._names.get(key, ("", None))[1] is None):
            if key in self._ambiguous:
                raise WorkbookError(f"{self._ambiguous[key]}, so it can't be set")
            if key in self._names:
                return self._checked(*self._names[key])
        known = [spelled for spelled, place in self._names.values() if place and place.is_cell]
        inputs = [spelled for spelled in known if spelled.lower().startswith(INPUT)]
        raise WorkbookError(f"there is no input {name!r}" + hint(name, inputs or known))

    def _checked(self, name: str, place: Place | None) -> tuple[str, Place]:
        if place is None or place.sheet.lower() not in self._sheets:
            raise WorkbookError(f"{name} is not the name of a cell, so it can't be set")
        if not place.is_cell:
            raise WorkbookError(f"{name} is a range of cells, so it can't be set to one value")
        rows, _ = self._sheets[place.sheet.lower()].columns.get(place.left, ((), ()))
        if place.top not in rows:
            return name, place
        cell = self._cell_of_case(name)
        if cell is None:
            raise WorkbookError(f"{name} ({place}) holds a formula, so it can't be set")
        return name, cell

    def _cell_of_case(self, name: str) -> Place | None:
        """The typed cell of a driver in the case chosen."""
        key = OF_CASE + name.lower().removeprefix(INPUT)
        _, place = self._names.get(key, ("", None))
        if place is None or place.top != place.bottom or place.left + self._case > place.right:
            return None
        column = place.left + self._case
        return place._replace(left=column, right=column)


def hint(name: str, known: list[str], prefix: str = INPUT, what: str = "inputs") -> str:
    """The nearest of the known names, or the first of them and where the others are."""
    short = {spelled.lower().removeprefix(prefix): spelled for spelled in known}
    close = difflib.get_close_matches(name.lower().removeprefix(prefix), short, n=1)
    if close:
        return f"; did you mean {short[close[0]]}?"
    if not known:
        return f"; it has no named {what}"
    first, more = sorted(known)[:_MOST_NAMED], len(known) - _MOST_NAMED
    rest = f" and {more} more, which `xlmodel calc --json` lists" if more > 0 else ""
    return f"; the {what} are {', '.join(first)}{rest}"


def parse(name: str, given: str | float, kind: str, number_format: str, date1904: bool) -> Value:
    """What to put into a cell: the type stays that of what the cell holds (``kind``) now.

    An empty text clears the cell.
    """
    if isinstance(given, str):
        _refuse_text(name, given)
        if not (given if kind == "text" else given.strip()):
            return None
    if not isinstance(given, str):
        value = _as_number(given)
    elif kind == "text":
        value = given
    else:
        value = _read(given, is_date(number_format) or kind == "number", date1904)
    if kind == "boolean" and not isinstance(value, bool):
        raise WorkbookError(f"{name} is {given!r}, but must be TRUE or FALSE")
    if kind == "number" and (isinstance(value, bool) or not isinstance(value, float)):
        wanted = "a date such as 2024-07-27" if is_date(number_format) else "a number such as 0.85"
        raise WorkbookError(f"{name} is {given!r}, but must be {wanted}")
    if isinstance(value, float) and not math.isfinite(value):
        raise WorkbookError(f"{name} is {given!r}, but must be a finite number")
    return value


def _refuse_text(name: str, text: str) -> None:
    if length(text) > LONGEST:
        raise WorkbookError(
            f"{name} has {length(text):,} characters, but a cell holds {LONGEST:,} at most"
        )
    if _SURROGATE.search(text):
        raise WorkbookError(f"{name} is not readable text: a part of it is no character")


def _as_number(given: float) -> Value:
    try:
        return given if isinstance(given, bool) else float(given)
    except OverflowError:
        return math.inf


def read_number(text: str) -> float | None:
    """A number, or a share such as 85 %, as a word of the command line; None for anything else."""
    value = _read(text, False, False)
    return value if type(value) is float and math.isfinite(value) else None


def _read(text: str, date_wanted: bool, date1904: bool) -> Value:
    plain = text.strip()
    if plain.upper() in _TRUTH:
        return _TRUTH[plain.upper()]
    if _NUMBER.fullmatch(plain):
        return float(plain)
    if percent := _PERCENT.fullmatch(plain):
        return float(f"{percent[1]}e-2")
    serial = from_iso(plain, date1904) if date_wanted else None
    return text if serial is None else serial
