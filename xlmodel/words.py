"""The words of ``xlmodel fn`` as values that a function takes.

A word is read as a cell would hold it: a number, a share such as 85%, TRUE, a text where the
argument is one, a range in brackets, a table by its name or from a CSV file. What can be read in
two ways is asked about.
"""

from collections.abc import Sequence
from typing import Any

from xlmodel.registry import Function, InputError
from xlmodel.units import Named, Table, Text


def arguments(function: Function, words: Sequence[str]) -> tuple[list[Any], dict[str, Any]]:
    """Values by position, then ``name=value``."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    kinds = {p.name: p.kind for p in function.parameters}
    order = [p.kind for p in function.parameters]
    for word in words:
        name, equals, text = word.partition("=")
        if equals and name.isidentifier():
            named[name.lower()] = _value(text, kinds.get(name.lower()))
        elif named:
            raise InputError(f"{word!r} stands after a name=value; give it before, or by name")
        else:
            i = len(positional)
            positional.append(_value(word, order[i] if i < len(order) else None))
    return positional, named


def _value(text: str, kind: object) -> Any:
    """A word of the command line as a cell would hold it."""
    if isinstance(kind, Table):
        return _table(text)
    if isinstance(kind, Named):
        return _table(text) if text.lower().endswith(".csv") else text
    if isinstance(kind, Text):
        return text
    if not text:
        return None
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    in_brackets = text.startswith("[") and text.endswith("]")
    items = [_number(item) for item in (text[1:-1] if in_brackets else text).split(",")]
    if any(isinstance(item, str) for item in items):
        return text
    if len(items) == 1 and not in_brackets:
        return items[0]
    _reject_separators(text)
    return items


def _reject_separators(text: str) -> None:
    """``285,120,000`` and ``3,49`` could be a number or a range: ask."""
    import re

    for pattern, plain in ((r"\d{1,3}(,\d{3})+", ""), (r"\d+,\d+", ".")):
        if re.fullmatch(pattern, text):
            number = text.replace(",", plain)
            raise InputError(
                f"{text} can be read in two ways: write {number}, or [{text}] for a range"
            )


def _number(text: str) -> float | str:
    digits = text.removesuffix("%")
    try:
        number = float(digits)
    except ValueError:
        return text
    if digits != text:
        return number / 100
    if "_" in text:  # Python reads 1_0 as 10
        return text
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _table(text: str) -> Any:
    """A table of the package by name, or a CSV file."""
    from xlmodel import tables

    if text in tables.NAMES:
        return tables.grid(text)
    try:
        found = tables.grid_of_file(text)
        if not found:
            raise InputError(f"{text} is empty: the first row of a table names its columns")
        return found
    except (OSError, UnicodeDecodeError):
        known = ", ".join(tables.NAMES[:3])
        raise InputError(f"{text!r} is no readable CSV file and no table here ({known})") from None
