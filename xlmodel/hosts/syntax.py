"""The words of a spreadsheet formula, its calls, and how it reads when moved to another cell.

A scanner is enough for what the hosts need: it tells references, names, calls and structured
references apart and never looks into texts or quoted sheet names.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_PREFIX = r"(?:'(?:[^']|'')+'|\[\d+\][\w.]*|[^\W\d][\w.]*(?::[^\W\d][\w.]*)?)!"
_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_AREA = rf"(?:{_CELL}(?::{_CELL})?|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?\d+:\$?\d+)"
_ERRORS = "REF!|DIV/0!|N/A|NAME\\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA"
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*")
  | (?P<ref>(?:{_PREFIX})?{_AREA}(?![\w.(\[!]))
  | (?P<error>(?:{_PREFIX})?\#(?:{_ERRORS}))
  | (?P<call>(?:{_PREFIX})?[^\W\d][\w.]*(?=\())
  | (?P<name>(?:{_PREFIX})?(?:[^\W\d]|\\)[\w.?\\]*(?![\w(\[!]))
  | (?P<struct>(?:[^\W\d][\w.]*)?\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\])
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<space>\s+)
  | (?P<op><=|>=|<>|[-+*/^&=<>%:@\#])
  | (?P<open>\()
  | (?P<close>\))
  | (?P<comma>,)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PARTS = re.compile(rf"(?P<prefix>{_PREFIX})?(?P<first>[^:]+)(?::(?P<last>.+))?", re.DOTALL)
_CORNER = re.compile(r"(\$?)([A-Za-z]*)(\$?)(\d*)")


class Token(NamedTuple):
    """One word: text, ref, error, call, name, struct, number, space, op, open, close, comma."""

    kind: str
    text: str


class Area(NamedTuple):
    """The cells that a reference names, with which of its rows move with the formula."""

    prefix: str
    top: int
    left: int
    bottom: int
    right: int
    top_moves: bool
    bottom_moves: bool

    @property
    def is_cell(self) -> bool:
        return self.top == self.bottom and self.left == self.right

    def sheet(self, own: str) -> str:
        """The sheet that it is on, for a formula on sheet ``own``."""
        return sheet_name(self.prefix) if self.prefix else own


@lru_cache(maxsize=16384)
def tokens(formula: str) -> tuple[Token, ...]:
    """
    >>> [word.text for word in tokens("SUM('My sheet'!A$1:B2,T[[#This Row],[a]])*LOG10(x)")]
    ['SUM', '(', "'My sheet'!A$1:B2", ',', 'T[[#This Row],[a]]', ')', '*', 'LOG10', '(', 'x', ')']
    """
    return tuple(_tokens(formula))


def _tokens(formula: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(formula):
        kind = match.lastgroup or "other"
        text = match.group()
        if kind == "ref" and not _on_sheet(text):
            kind = "name"  # such as TPD1: past column XFD
        yield Token(kind, text)


def _on_sheet(text: str) -> bool:
    found = area(text)
    return found.right <= LAST_COLUMN and found.bottom <= LAST_ROW


@lru_cache(maxsize=65536)
def area(text: str) -> Area:
    """
    >>> area("S!$A2:B$3")
    Area(prefix='S!', top=2, left=1, bottom=3, right=2, top_moves=True, bottom_moves=False)
    """
    parts = _PARTS.fullmatch(text)
    assert parts is not None
    first = _CORNER.fullmatch(parts["first"])
    last = _CORNER.fullmatch(parts["last"] or parts["first"])
    assert first is not None
    assert last is not None
    rows = sorted(
        (int(c[4] or limit), bool(c[4]) and _moves(c))
        for c, limit in ((first, 1), (last, LAST_ROW))
    )
    columns = sorted(
        column_number(c[2]) if c[2] else limit for c, limit in ((first, 1), (last, LAST_COLUMN))
    )
    (top, top_moves), (bottom, bottom_moves) = rows
    return Area(parts["prefix"] or "", top, columns[0], bottom, columns[1], top_moves, bottom_moves)


def _moves(corner: re.Match[str]) -> bool:
    """Whether the row of a corner is relative; a whole row has its dollar sign in front."""
    return not (corner[3] or (corner[1] and not corner[2]))


def sheet_name(prefix: str) -> str:
    """
    >>> sheet_name("'Bob''s sheet'!")
    "Bob's sheet"
    """
    name = prefix.removesuffix("!")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def quoted(sheet: str) -> str:
    """The sheet's name as it stands in front of a reference."""
    return "'" + sheet.replace("'", "''") + "'!"


@lru_cache(maxsize=LAST_COLUMN)
def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=LAST_COLUMN)
def column_letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"


def cell_of(reference: str) -> tuple[int, int]:
    """Row and column of an A1 address."""
    found = area(reference)
    return found.top, found.left


def moved(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads when copied so many rows down and columns to the right.

    >>> moved("A1+$A1+A$1+SUM(B:B,S!2:2)+LOG10(1)", 1, 1)
    'B2+$A2+B$1+SUM(C:C,S!3:3)+LOG10(1)'
    """
    if not rows and not columns:
        return formula
    return "".join(
        _moved(word.text, rows, columns) if word.kind == "ref" else word.text
        for word in tokens(formula)
    )


def _moved(text: str, rows: int, columns: int) -> str:
    parts = _PARTS.fullmatch(text)
    assert parts is not None
    corners = [corner for corner in (parts["first"], parts["last"]) if corner]
    try:
        done = [_moved_corner(corner, rows, columns) for corner in corners]
    except ValueError:
        return "#REF!"
    return (parts["prefix"] or "") + ":".join(done)


def _moved_corner(text: str, rows: int, columns: int) -> str:
    corner = _CORNER.fullmatch(text)
    assert corner is not None
    letters, digits = corner[2], corner[4]
    if letters and not corner[1]:
        column = column_number(letters) + columns
        if not 1 <= column <= LAST_COLUMN:
            raise ValueError(text)
        letters = column_letters(column)
    if digits and _moves(corner):
        row = int(digits) + rows
        if not 1 <= row <= LAST_ROW:
            raise ValueError(text)
        digits = str(row)
    return corner[1] + letters + corner[3] + digits


class Pattern(NamedTuple):
    """A formula with holes for the rows that move when it is filled down.

    Cells of one column hold the same formula exactly when their patterns are equal.
    """

    pieces: tuple[str, ...]
    offsets: tuple[int, ...]

    def at(self, rows: Iterable[int]) -> list[str]:
        """The formula in each of these rows.

        >>> pattern("A2+A1", 2).at([7, 8])
        ['A7+A6', 'A8+A7']
        """
        pieces, offsets = self.pieces, self.offsets
        if not any(offsets):
            return [number.join(pieces) for number in map(str, rows)]
        first, rest = pieces[0], tuple(zip(offsets, pieces[1:], strict=True))
        return [
            first + "".join([f"{row + offset}{piece}" for offset, piece in rest]) for row in rows
        ]


def pattern(formula: str, row: int) -> Pattern:
    """
    >>> pattern("A2*B$1+C1", 2)
    Pattern(pieces=('A', '*B$1+C', ''), offsets=(0, -1))
    """
    pieces, offsets = [""], []
    for word in tokens(formula):
        if word.kind != "ref":
            pieces[-1] += word.text
            continue
        for before, digits in _rows(word.text):
            pieces[-1] += before
            if digits:
                offsets.append(int(digits) - row)
                pieces.append("")
    return Pattern(tuple(pieces), tuple(offsets))


@lru_cache(maxsize=65536)
def _rows(text: str) -> tuple[tuple[str, str], ...]:
    """A reference cut at each row number that moves: (text before it, number) …"""
    parts = _PARTS.fullmatch(text)
    assert parts is not None
    cut: list[tuple[str, str]] = []
    before = parts["prefix"] or ""
    for i, corner_text in enumerate(filter(None, (parts["first"], parts["last"]))):
        corner = _CORNER.fullmatch(corner_text)
        assert corner is not None
        before += (":" if i else "") + corner[1] + corner[2] + corner[3]
        if corner[4] and _moves(corner):
            cut.append((before, corner[4]))
            before = ""
        else:
            before += corner[4]
    return (*cut, (before, ""))


class Call(NamedTuple):
    """A function call: where its name is among the words, its arguments, and where it ends.

    ``arguments`` are (start, end) positions; ``end`` is just past the closing parenthesis.
    """

    start: int
    arguments: tuple[tuple[int, int], ...]
    end: int


def calls(words: Sequence[Token]) -> list[Call]:
    """The calls of a formula, inner ones before outer ones.

    >>> calls(tokens("F(1,,G())"))
    [Call(start=5, arguments=(), end=8), Call(start=0, arguments=((2, 3), (4, 4), (5, 8)), end=9)]
    """
    found: list[Call] = []
    stack: list[tuple[int, list[int]]] = []
    braces = 0
    for i, word in enumerate(words):
        braces += (word.text == "{") - (word.text == "}")
        if word.kind == "open":
            is_call = i > 0 and words[i - 1].kind == "call"
            stack.append((i - 1 if is_call else -1, [i + 1]))
        elif word.kind == "comma" and stack and not braces:
            stack[-1][1].append(i + 1)
        elif word.kind == "close" and stack:
            start, marks = stack.pop()
            if start >= 0:
                spans = zip(marks, [mark - 1 for mark in marks[1:]] + [i], strict=True)
                arguments = tuple(spans) if len(marks) > 1 or marks[0] < i else ()
                found.append(Call(start, arguments, i + 1))
    return found
