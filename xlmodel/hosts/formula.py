"""The words of a spreadsheet formula, and the form in which a file stores one.

A scanner is enough for what the hosts need: it finds function calls and variables without
looking into texts, quoted sheet names or structured references such as ``GpuPrices[[#All],[gpu]]``.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<text>"(?:[^"]|"")*")
  | (?P<sheet>'(?:[^']|'')*')
  | (?P<bracket>\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\])
  | (?P<error>\#(?:N/A|[A-Z0-9/_]+[!?]))
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
  | (?P<name>[^\W\d][\w.]*|\\[\w.]+)
  | (?P<space>\s+)
  | (?P<other>.)
    """,
    re.VERBOSE,
)

_PREFIXES = {
    "FILTER": "_xlfn._xlws.",
    "IFNA": "_xlfn.",
    "ISOMITTED": "_xlfn.",
    "LAMBDA": "_xlfn.",
    "LET": "_xlfn.",
    "MAP": "_xlfn.",
    "TOCOL": "_xlfn.",
}
"""Functions newer than the file format, as far as twins use them: a file marks each one."""


class Token(NamedTuple):
    """A word of a formula: text, sheet, bracket, error, number, name, space or other."""

    kind: str
    text: str


def tokens(formula: str) -> list[Token]:
    """
    >>> [token.text for token in tokens('=SUM(T[#All],"a,b")')]
    ['=', 'SUM', '(', 'T', '[#All]', ',', '"a,b"', ')']
    """
    return [Token(m.lastgroup or "", m.group()) for m in _TOKEN.finditer(formula)]


def file_form(twin: str) -> str:
    """A twin's text as a file stores it: no leading "=", newer functions and variables marked.

    In twins functions are in upper case and variables in lower case; a parameter in brackets is
    optional.

    >>> file_form("=LAMBDA(price, [hours], IF(ISOMITTED(hours), price, price*hours))")
    '_xlfn.LAMBDA(_xlpm.price,_xlop.hours,IF(_xlfn.ISOMITTED(_xlpm.hours),_xlpm.price,\
_xlpm.price*_xlpm.hours))'
    """
    return "".join(_stored(tokens(twin.removeprefix("="))))


def _stored(words: list[Token]) -> Iterator[str]:
    for kind, text in words:
        if kind == "bracket":
            yield f"_xlop.{text[1:-1]}"
        elif kind == "name" and text.islower():
            yield f"_xlpm.{text}"
        elif kind != "space":
            yield _PREFIXES.get(text, "") + text
