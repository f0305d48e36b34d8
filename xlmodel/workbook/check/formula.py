"""What a formula is made of, as the rules ask: its key when filled, its calls, its literals.

Two cells hold "the same formula" when it reads the same relative to the cell, as it does after a
fill. ``relative`` is that reading. It is one pass of one expression, because a large workbook has
millions of formulas; everything else is asked once for each different reading.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from xlmodel.hosts.syntax import Token, calls, column_letters, column_number, tokens

_REFERENCE = re.compile(
    r"""
    "(?:[^"]|"")*" | '(?:[^']|'')*'!?
  | (?<![\w.$\[@])(?:
        (\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})(?![\w.(\[!])
      | (\$?)([A-Z]{1,3}):(\$?)([A-Z]{1,3})(?![\w.(\[!])
    )
    """,
    re.VERBOSE,
)
_MARKS = re.compile(r"_xlfn\.|_xlws\.|_xlpm\.|_xlop\.|_xludf\.|_xldudf_|\bXLMODEL\.(?=[A-Z])")

_THIS_ROW = re.compile(r"[^\W\d][\w.]*\[\[#This Row\],\[([^\[\]']*)\]\]")

LITERALS = {
    "0": "nothing, FALSE",
    "1": "one, TRUE, the whole",
    "6": "the six of 10^6",
    "7": "days of a week",
    "10": "the ten of 10^6",
    "12": "months of a year",
    "24": "hours of a day",
    "60": "minutes and seconds",
    "100": "per cent",
    "365": "days of a year",
    "1000": "thousands",
    "3600": "seconds of an hour",
    "8760": "hours of a year",
    "86400": "seconds of a day",
    "1000000": "millions",
}
"""Numbers that a formula may hold, since none of them is ever changed, and what they stand for."""

_LATER = tuple(range(1, 12))
_FIRST_IS_FIGURE = (
    "ROUND", "ROUNDUP", "ROUNDDOWN", "FIXED", "LEFT", "RIGHT", "MID", "REPT",
    "SUBSTITUTE", "TRUNC", "WEEKDAY", "EDATE", "EOMONTH", "QUARTILE", "FIND", "SEARCH",
    "CHOOSE", "XLOOKUP", "XMATCH", "YEARFRAC",
)  # fmt: skip
STRUCTURAL = {
    **dict.fromkeys(_FIRST_IS_FIGURE, _LATER),
    **dict.fromkeys(("CHAR", "UNICHAR", "SUBTOTAL"), (0,)),
    **dict.fromkeys(("CEILING", "FLOOR", "MROUND", "LARGE", "SMALL", "LOG"), (1,)),
    "AGGREGATE": (0, 1), "INDEX": (1, 2), "MATCH": (2,), "VLOOKUP": (2, 3), "HLOOKUP": (2, 3),
}  # fmt: skip
"""Arguments where a number is part of the call (digits, a position), by function."""

VOLATILE = {
    "OFFSET": "INDEX",
    "INDIRECT": "INDEX, or CHOOSE over the sheets",
    "NOW": "an as-of date on the inputs",
    "TODAY": "an as-of date on the inputs",
    "RAND": "random numbers stored as inputs",
    "RANDBETWEEN": "random numbers stored as inputs",
    "RANDARRAY": "random numbers stored as inputs",
    "CELL": "a typed label",
    "INFO": "a typed label",
}
"""Functions that compute anew at every change, or whose references no tool can follow, and what
does their work."""

ROUNDING = {"ROUND", "ROUNDUP", "ROUNDDOWN", "MROUND", "CEILING", "FLOOR", "TRUNC", "INT"}


def relative(text: str, row: int, column: int) -> str:
    """The formula as it reads from its cell: equal in all cells of a fill.

    >>> relative('B2*$C$1+"A1"', 2, 3) == relative('B9*$C$1+"A1"', 9, 3)
    True
    >>> relative("SUM(A1:A3)", 4, 1)
    'SUM(R[-3]C[0]:R[-1]C[0])'
    """

    def told(found: re.Match[str]) -> str:
        _, letters, fixed, digits, _, first, _, last = found.groups()
        if letters:
            across = f"C{letters}" if found[1] else f"C[{column_number(letters) - column}]"
            return f"R{digits}{across}" if fixed else f"R[{int(digits) - row}]{across}"
        if first:
            left = first if found[5] else f"[{column_number(first) - column}]"
            right = last if found[7] else f"[{column_number(last) - column}]"
            return f"C{left}:C{right}"
        return found[0]

    return _REFERENCE.sub(told, text)


_Hole = tuple[bool, int, bool, int, str]
"""A reference: whether its column moves and which, whether its row does, and what follows it."""


class Fill:
    """A formula with holes for the references that move: how it reads in any cell.

    >>> Fill("B2*$C$1+C1", 2, 3).at(9, 4)
    'C9*$C$1+D8'
    """

    def __init__(self, text: str, row: int, column: int) -> None:
        self.is_known = True
        self._row = 0
        self._written = ""
        self._steps: list[int] = []
        holes: list[_Hole] = []
        first, at = "", 0
        for found in _REFERENCE.finditer(text):
            if found[6]:  # whole columns are left to the slower way
                self.is_known = False
            if not found[2]:
                continue
            before = text[at : found.start()]
            first, holes = _followed(first, holes, before)
            number = column_number(found[2])
            moves, falls = not found[1], not found[3]
            hole = moves, number - column * moves, falls, int(found[4]) - row * falls, ""
            holes.append(hole)
            at = found.end()
        self._first, self._holes = _followed(first, holes, text[at:])

    def at(self, row: int, column: int) -> str:
        """The formula in a cell; cells of one row, one after the other, are quick."""
        if row != self._row:
            self._row = row
            self._written = self._first.replace("%", "%%") + "".join(
                f"{'%s' if moves else '$' + column_letters(across)}"
                f"{row + down if falls else f'${down}'}" + after.replace("%", "%%")
                for moves, across, falls, down, after in self._holes
            )
            self._steps = [across for moves, across, *_ in self._holes if moves]
        try:
            return self._written % tuple([column_letters(column + step) for step in self._steps])
        except (ValueError, IndexError):
            return ""


def _followed(first: str, holes: list[_Hole], text: str) -> tuple[str, list[_Hole]]:
    """The text after the last hole, or before the first."""
    if not holes:
        return first + text, holes
    return first, [*holes[:-1], (*holes[-1][:4], text)]


class Formula:
    """A formula that stands in one cell or, filled, in many; ``text`` is that of the first."""

    def __init__(self, text: str, key: str, row: int, column: int) -> None:
        self.text = text
        self.key = key
        self.row = row
        self.column = column

    @cached_property
    def shown(self) -> str:
        """The formula as people read it, without the marks of the file format.

        >>> Formula("_xlfn.XLOOKUP(T[[#This Row],[a b]],T[key],T[x])", "", 1, 1).shown
        '=XLOOKUP([@[a b]],T[key],T[x])'
        """
        plain = _MARKS.sub("", self.text).replace("[[#Headers],[#Data]]", "[#All]")
        return "=" + _THIS_ROW.sub(_own_row, plain)

    @property
    def excerpt(self) -> str:
        """What of it is shown in a finding."""
        plain = " ".join(self.shown.split())
        return plain if len(plain) <= 70 else plain[:69] + "…"

    @cached_property
    def fill(self) -> Fill:
        return Fill(self.text, self.row, self.column)

    @cached_property
    def words(self) -> tuple[Token, ...]:
        return tokens(self.text)

    @cached_property
    def called(self) -> set[str]:
        """The functions that it calls, in upper case."""
        return {_plain(word) for word in self.words if word.kind == "call"}

    @cached_property
    def depth_of_if(self) -> int:
        return depth_of_if(self.words)

    @cached_property
    def literals(self) -> list[str]:
        """Numbers in it that are neither on the list nor part of a call such as ROUND(x, 2)."""
        return sorted(set(_literals(self.words)) - LITERALS.keys(), key=float)


def depth_of_if(words: tuple[Token, ...]) -> int:
    """How many IF stand within one another.

    >>> depth_of_if(tokens("IF(A1,IF(A2,1,0),IF(A3,1,0))"))
    2
    """
    around: list[bool] = []
    deepest = 0
    for i, word in enumerate(words):
        if word.kind == "open":
            around.append(i > 0 and words[i - 1].kind == "call" and _plain(words[i - 1]) == "IF")
        elif word.kind == "close" and around:
            around.pop()
        deepest = max(deepest, sum(around))
    return deepest


def _literals(words: tuple[Token, ...]) -> Iterator[str]:
    held = _structural(words)
    braces = 0
    for i, word in enumerate(words):
        braces += (word.text == "{") - (word.text == "}")
        if word.kind == "number" and not braces and i not in held:
            yield _number(word.text)


def _number(text: str) -> str:
    """
    >>> _number("1e6"), _number("0.50"), _number("1.0")
    ('1000000', '0.5', '1')
    """
    value = float(text)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _structural(words: tuple[Token, ...]) -> set[int]:
    """The words that are alone an argument in which a number is part of the call."""
    held: set[int] = set()
    for call in calls(words):
        places = STRUCTURAL.get(_plain(words[call.start]), ())
        for start, end in (call.arguments[i] for i in places if i < len(call.arguments)):
            numbers = [i for i in range(start, end) if words[i].kind == "number"]
            others = {words[i].kind for i in range(start, end)} - {"number", "space", "op"}
            if len(numbers) == 1 and not others:
                held.add(numbers[0])
    return held


def _own_row(found: re.Match[str]) -> str:
    column = found[1]
    return f"[@{column}]" if column.replace("_", "").isalnum() else f"[@[{column}]]"


def _plain(word: Token) -> str:
    return _MARKS.sub("", word.text).rpartition("!")[2].upper()
