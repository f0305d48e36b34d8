"""Texts for delimited files such as CSV, which spreadsheets open."""

import re
from functools import lru_cache

# Spreadsheets run a text that opens with one of these signs (full-width twins too) as a formula.
# Where the list separator is a semicolon, a text may also be split at one, so what follows a
# separator counts as an opening.
_PIECES = re.compile(r"([;\t\r\n|])")
_FORMULA = re.compile(r"""[\s"']*[=+\-@＝＋－＠]""")


def defused(text: str) -> str:
    """A text that no spreadsheet runs.

    >>> defused("=1+1"), defused("a - b"), defused("x;=1+1;")
    ("'=1+1", 'a - b', "x;'=1+1;")
    """
    pieces = _PIECES.split(text)
    guarded = "".join(f"'{piece}" if _FORMULA.match(piece) else piece for piece in pieces)
    return f"'{guarded}" if text.startswith(("\t", "\r")) else guarded


@lru_cache(maxsize=100_000)
def one_line(text: str) -> str:
    r"""A text without control characters and with single spaces.

    >>> one_line(" a\x00b\t=c\u00a0\n")
    'a b =c'
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


@lru_cache(maxsize=100_000)
def folded(name: str) -> str:
    return one_line(name).casefold()
