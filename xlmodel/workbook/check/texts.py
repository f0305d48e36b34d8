"""The shared texts of a workbook, and texts that read as a number."""

import re
from collections.abc import Iterator
from typing import NamedTuple

VALUE = re.compile(rb"<(?:v|t)(?:\s[^>]*)?>([^<]*)</(?:v|t)>")
_TEXT_ITEM = re.compile(rb"<si\b[^>]*>(.*?)</si>|<si\b[^>]*/>", re.DOTALL)
_PHONETIC = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_MOST_TEXTS = 500_000
_NUMERIC = re.compile(r"\s*[-+]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:[eE][-+]?\d+)?\s*%?\s*")


class Texts(NamedTuple):
    """The shared texts of a workbook: the first of them, and which read as a number."""

    texts: list[str]
    numeric: set[bytes]


def shared_texts(xml: bytes | None) -> Texts:
    """The shared texts; of very many only the first are kept as labels."""
    found = Texts([], set())
    if xml is None:
        return found
    for i, item in enumerate(_items(xml)):
        text = b"".join(VALUE.findall(item)).decode(errors="replace")
        if i < _MOST_TEXTS:
            found.texts.append(text[:200])
        if is_number(text):
            found.numeric.add(b"%d" % i)
    return found


def is_number(text: str) -> bool:
    """Whether a text reads as a number.

    >>> [is_number(text) for text in ("12", " -1,234.5 %", "2024-07-27", "H100", "")]
    [True, True, False, False, False]
    """
    return len(text) < 40 and text[:1] in "+-.0123456789 " and bool(_NUMERIC.fullmatch(text))


def _items(xml: bytes) -> Iterator[bytes]:
    for match in _TEXT_ITEM.finditer(xml):
        item = match[1] or b""
        yield _PHONETIC.sub(b"", item) if b"<rPh" in item else item
