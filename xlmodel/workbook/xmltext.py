"""Texts of cells as XML has them, and back.

XML has no control characters and turns a carriage return into a line feed, so a workbook writes
such a character as ``_x000D_``, and a text that reads like that with its first ``_`` so written.
"""

import re
from xml.sax.saxutils import escape

LONGEST = 32_767
"""The characters that a cell holds at most, in UTF-16 units."""

_UNFIT = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def xml_text(text: str) -> str:
    r"""
    >>> xml_text("a\r\x01<b> _x0041_")
    'a_x000D__x0001_&lt;b&gt; _x005F_x0041_'
    """
    if "_x" in text or not text.isprintable():
        text = _UNFIT.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text)


def from_xml(text: str) -> str:
    r"""
    >>> from_xml("a_x000D__x0001_ _x005F_x0041_")
    'a\r\x01 _x0041_'
    """
    return _CODED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def length(text: str) -> int:
    """How many characters a text has for Excel."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
