"""The form in which a file stores a twin's formula."""

from collections.abc import Iterable, Iterator

from xlmodel.hosts.syntax import Token, tokens

_PREFIXES = {
    "DROP": "_xlfn.",
    "FILTER": "_xlfn._xlws.",
    "HSTACK": "_xlfn.",
    "IFNA": "_xlfn.",
    "ISOMITTED": "_xlfn.",
    "LAMBDA": "_xlfn.",
    "LET": "_xlfn.",
    "MAP": "_xlfn.",
    "REDUCE": "_xlfn.",
    "SEQUENCE": "_xlfn.",
    "TOCOL": "_xlfn.",
    "XMATCH": "_xlfn.",
}
"""Functions newer than the file format, as far as twins use them: a file marks each one."""


def file_form(twin: str) -> str:
    """A twin's text as a file stores it: no leading "=", newer functions and variables marked.

    In twins functions are in upper case and variables in lower case; a parameter in brackets is
    optional.

    >>> file_form("=LAMBDA(price, [hours], IF(ISOMITTED(hours), price, price*hours))")
    '_xlfn.LAMBDA(_xlpm.price,_xlop.hours,IF(_xlfn.ISOMITTED(_xlpm.hours),_xlpm.price,\
_xlpm.price*_xlpm.hours))'
    """
    return "".join(_stored(tokens(twin.removeprefix("="))))


def _stored(words: Iterable[Token]) -> Iterator[str]:
    for kind, text in words:
        if kind == "struct":
            yield f"_xlop.{text[1:-1]}"
        elif kind in ("name", "call") and text.islower():
            yield f"_xlpm.{text}"
        elif kind != "space":
            yield _PREFIXES.get(text, "") + text
