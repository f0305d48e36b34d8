"""Values for named inputs, as ``--set NAME=VALUE`` gives them, checked before they are used."""

import difflib
import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from xlmodel.hosts.engine import Book, Value
from xlmodel.hosts.syntax import LAST_COLUMN, LAST_ROW, address, area, sheet_name, tokens
from xlmodel.workbook.formats import from_iso, is_date
from xlmodel.workbook.package import WorkbookError

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_TRUTH = {"TRUE": True, "FALSE": False}
PREFIX = "in_"


class Place(NamedTuple):
    """The cells that a defined name stands for."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_cell(self) -> bool:
        return self.top == self.bottom and self.left == self.right

    def __str__(self) -> str:
        return f"{self.sheet}!{address(self.top, self.left)}"


def place_of(formula: str) -> Place | None:
    """The cells behind a name; None when it holds something else."""
    words = tokens(formula.removeprefix("="))
    if len(words) != 1 or words[0].kind != "ref":
        return None
    found = area(words[0].text)
    if not found.prefix or "[" in found.prefix:
        return None
    if found.bottom == LAST_ROW or found.right == LAST_COLUMN:
        return None
    return Place(sheet_name(found.prefix), *found[1:5])


class Inputs:
    """The single cells of a workbook that have names, by name in lower case."""

    def __init__(self, book: Book, names: Mapping[str, str]) -> None:
        """``names`` are the workbook's names as spelled, with their formulas."""
        self._names = {name.lower(): (name, place_of(formula)) for name, formula in names.items()}
        self._sheets = {sheet.name.lower(): sheet for sheet in book.sheets}

    def find(self, name: str) -> tuple[str, Place]:
        """The name as the workbook spells it, and its cell."""
        for key in (name.lower(), PREFIX + name.lower()):
            if key in self._names:
                return self._checked(*self._names[key])
        known = [spelled for spelled, place in self._names.values() if place and place.is_cell]
        inputs = [spelled for spelled in known if spelled.lower().startswith(PREFIX)]
        raise WorkbookError(f"there is no input {name!r}" + _hint(name, inputs or known))

    def _checked(self, name: str, place: Place | None) -> tuple[str, Place]:
        if place is None or place.sheet.lower() not in self._sheets:
            raise WorkbookError(f"{name} is not the name of a cell, so it can't be set")
        if not place.is_cell:
            raise WorkbookError(f"{name} is a range of cells, so it can't be set to one value")
        rows, _ = self._sheets[place.sheet.lower()].columns.get(place.left, ((), ()))
        if place.top in rows:
            raise WorkbookError(f"{name} ({place}) holds a formula, so it can't be set")
        return name, place


def _hint(name: str, known: list[str]) -> str:
    short = {spelled.lower().removeprefix(PREFIX): spelled for spelled in known}
    close = difflib.get_close_matches(name.lower().removeprefix(PREFIX), short, n=1)
    if close:
        return f"; did you mean {short[close[0]]}?"
    return f"; the inputs are {', '.join(sorted(known))}" if known else "; it has no named inputs"


def parse(name: str, given: str | float, kind: str, number_format: str, date1904: bool) -> Value:
    """What to put into a cell: the type stays that of what the cell holds (``kind``) now."""
    if not isinstance(given, str):
        value: Value = given if isinstance(given, bool) else float(given)
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


def _read(text: str, date_wanted: bool, date1904: bool) -> Value:
    plain = text.strip()
    if plain.upper() in _TRUTH:
        return _TRUTH[plain.upper()]
    if _NUMBER.fullmatch(plain):
        return float(plain)
    serial = from_iso(plain, date1904) if date_wanted else None
    return text if serial is None else serial
