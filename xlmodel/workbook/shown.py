"""Which texts of a formula a reader sees, and which are only compared or looked up."""

from collections.abc import Sequence
from typing import Final

from xlmodel.hosts.syntax import Token

_SHOWING: Final = {"", "IF", "IFERROR", "IFNA", "SUBSTITUTE"}
"""Calls, and plain brackets, that hand a text on; any other call reads it."""
_COMPARING: Final = {"=", "<>", "<", ">", "<=", ">="}


def places(words: Sequence[Token]) -> list[int]:
    """The places of the texts that are shown, among the words of a formula.

    >>> from xlmodel.hosts.syntax import tokens
    >>> words = tokens('=IF(a="b","c ",SUBSTITUTE("d","-","−"))&F("e")&"f"')
    >>> [inside(words[i]) for i in places(words)]
    ['c ', 'd', 'f']
    """
    found: list[int] = []
    open_calls: list[tuple[str, int]] = []  # each with the number of the argument, from 0
    for i, word in enumerate(words):
        if word.kind == "open":
            called = words[i - 1].text.upper() if i and words[i - 1].kind == "call" else ""
            open_calls.append((called, 0))
        elif word.kind == "close" and open_calls:
            open_calls.pop()
        elif word.kind == "comma" and open_calls:
            called, argument = open_calls[-1]
            open_calls[-1] = called, argument + 1
        elif word.kind == "text" and inside(word) and all(_hands_on(*c) for c in open_calls):
            found.append(i)
    return [i for i in found if not _compared(words, i)]


def inside(word: Token) -> str:
    """The text that a literal stands for."""
    return word.text[1:-1].replace('""', '"')


def literal(text: str) -> Token:
    """A text as a formula writes it."""
    return Token("text", '"' + text.replace('"', '""') + '"')


def _hands_on(called: str, argument: int) -> bool:
    return called in _SHOWING and not (called == "SUBSTITUTE" and argument)


def _compared(words: Sequence[Token], i: int) -> bool:
    """Whether a comparison stands beside a text; the sign that begins a formula is none."""
    before = i > 1 and words[i - 1].text in _COMPARING
    return before or (i + 1 < len(words) and words[i + 1].text in _COMPARING)
