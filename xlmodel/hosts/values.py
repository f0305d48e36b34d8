"""What a part of a Python body stands for in a formula: a number, a record, a few values, a body.

A record (a ``NamedTuple``) is a row of cells in a formula, one for each field, those of a record in
it among them. Where one row holds it whole, a field is ``INDEX(row, place)``.
"""

import ast
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, get_type_hints

ATOM = 4
"""How tightly a word or a call binds: see ``translate``."""
SIGN = 1
_INFINITE = "1E+308"
"""Larger than any number that occurs."""
_WORD = re.compile(r'[\w.]+([+-]\d+)?|"[^"]*"')


class NotDerivable(Exception):  # noqa: N818 - an answer, not a failure
    """The body holds something that has no twin; the message names it."""


class Expr(NamedTuple):
    """Formula text, and how tightly its outermost operator binds."""

    text: str
    level: int = ATOM

    def within(self, level: int) -> str:
        """The text, in parentheses where it stands beside an operator that binds as tightly."""
        return self.text if self.level > level else f"({self.text})"

    @property
    def atom(self) -> str:
        """The text, in parentheses unless it is one word or one call."""
        return self.within(ATOM - 1)

    @property
    def is_word(self) -> bool:
        """Whether it is a name or a constant, which needs no name of its own."""
        return _WORD.fullmatch(self.text) is not None


class Record:
    """A ``NamedTuple`` of that kind: its fields as far as they are known, the row for the rest."""

    def __init__(self, kind: type, fields: Mapping[str, "Value"], row: str = "") -> None:
        self.kind = kind
        self.fields = fields
        self.row = row

    def get(self, name: str) -> "Value":
        """A field, taken from the row unless it is known."""
        if name in self.fields:
            return self.fields[name]
        field = columns(self.kind)[name]
        if field.kind is None:
            return Expr(f"INDEX({self.row},{field.start})")
        rest = self.row if field.start == 1 else f"DROP({self.row},,{field.start - 1})"
        return Record(field.kind, {}, rest)

    def replaced(self, fields: Mapping[str, "Value"]) -> "Record":
        known = {name: self.get(name) for name in columns(self.kind)}
        return Record(self.kind, {**known, **fields})


class Items(NamedTuple):
    """A tuple of values."""

    values: tuple[Any, ...]


class Body(NamedTuple):
    """A function that is defined within a body, the names that it sees, and that body."""

    parameters: tuple[str, ...]
    statements: Sequence[ast.stmt]
    names: Mapping[str, Any]
    within: Any


class Unsaid(NamedTuple):
    """Words for people, which no formula needs."""

    why: NotDerivable


Value = Expr | Record | Items | Body | Unsaid


class Column(NamedTuple):
    """The place of a field in a record's row, from 1; the kind of record that it is, if it is one.

    A record within a record takes as many places as it has fields.
    """

    start: int
    kind: type | None


@cache
def columns(kind: type) -> Mapping[str, Column]:
    """Where each field of a record is in its row.

    >>> from xlmodel.model.replica import Replica
    >>> columns(Replica)["model"].start, columns(Replica)["gpus"].start
    (1, 18)
    """
    found: dict[str, Column] = {}
    start = 1
    for name, hint in get_type_hints(kind).items():
        inner = hint if is_record(hint) else None
        found[name] = Column(start, inner)
        start += width(inner) if inner else 1
    return found


def width(kind: type) -> int:
    """How many cells a record's row has."""
    return sum(width(c.kind) if c.kind else 1 for c in columns(kind).values())


def is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")


def row(value: Value) -> str:
    """A value as one formula: itself, or a row of cells."""
    cells = list(_cells(value))
    return cells[0] if len(cells) == 1 else f"HSTACK({','.join(cells)})"


def _cells(value: Value) -> Iterator[str]:
    match value:
        case Expr():
            yield value.text
        case Record() if value.row and not value.fields:
            yield value.row
        case Record():
            for name in columns(value.kind):
                yield from _cells(value.get(name))
        case Items():
            for item in value.values:
                yield from _cells(item)
        case _:
            raise NotDerivable("a function is no value")


def constant(value: object) -> Value:
    """A constant; None is the text "", as a blank argument without a default."""
    if isinstance(value, tuple):
        return Items(tuple(constant(item) for item in value))
    if isinstance(value, bool):
        return Expr(str(value).upper())
    return Expr('""') if value is None else literal(value)


def literal(value: object) -> Expr:
    """A number or a text.

    >>> literal(24.0).text, literal(1e-9).text, literal("a").text
    ('24', '1E-09', '"a"')
    """
    if isinstance(value, str):
        return Expr('"' + value.replace('"', '""') + '"')
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotDerivable(f"{value!r} is neither a number nor a text")
    if value == math.inf:
        return Expr(_INFINITE)
    exact, short = repr(value).removesuffix(".0"), f"{value:G}"
    text = short if abs(value) >= 1e9 and float(short) == value else exact.upper()
    return Expr(text, ATOM if value >= 0 else SIGN)


def array(rows: Sequence[Sequence[object]]) -> str:
    """An array constant.

    >>> array([["a", 1.0], ["b", 2.5]])
    '{"a",1;"b",2.5}'
    """
    return "{" + ";".join(",".join(literal(cell).text for cell in line) for line in rows) + "}"
