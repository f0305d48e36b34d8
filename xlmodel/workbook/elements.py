"""Where the elements of an XML part stand in its bytes, so that one can be changed in place.

A part that is parsed and written anew comes out with other prefixes and other spaces; here every
byte outside of a change stays what it was.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

from xlmodel.workbook.package import local
from xlmodel.workbook.sheetxml import unescape
from xlmodel.workbook.untrusted import WorkbookError

_START_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")


class Element(NamedTuple):
    """An element: its tag, its attributes as read, and its place in the bytes."""

    tag: str
    path: tuple[str, ...]
    """Local names from the root down to this element."""
    attributes: dict[str, str]
    start: int
    close: int
    """Where its end tag begins; that of an element without one is its own end."""
    end: int

    @property
    def prefix(self) -> str:
        """What stands before the local name, with the colon."""
        return self.tag[: -len(local_name(self.tag))]


def local_name(tag: str) -> str:
    """A tag or an attribute without its prefix.

    >>> local_name("we:property"), local_name("Types")
    ('property', 'Types')
    """
    return local(tag.replace(":", "}"))


def elements(xml: bytes) -> list[Element]:
    """The elements of a part that is known to be safe, in the order in which they begin."""
    found: list[Element] = []
    open_: list[int] = []
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        path = (*(found[open_[-1]].path if open_ else ()), local_name(tag))
        open_.append(len(found))
        found.append(Element(tag, path, attributes, parser.CurrentByteIndex, 0, 0))

    def end(_tag: str) -> None:
        place = open_.pop()
        element = found[place]
        tag = _START_TAG.match(xml, element.start)
        assert tag is not None
        close = tag.end() if tag[0].endswith(b"/>") else parser.CurrentByteIndex
        after = close if tag[0].endswith(b"/>") else xml.index(b">", close) + 1
        found[place] = element._replace(close=close, end=after)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise WorkbookError(f"a part of the workbook is not well-formed XML: {error}") from None
    return found


def with_child(xml: bytes, parent: Element, child: str) -> bytes:
    """The part with one more element at the end of ``parent``."""
    if parent.close < parent.end:
        return xml[: parent.close] + child.encode() + xml[parent.close :]
    tag = xml[parent.start : parent.end].removesuffix(b"/>").rstrip()
    opened = tag + b">" + child.encode() + f"</{parent.tag}>".encode()
    return xml[: parent.start] + opened + xml[parent.end :]


def replaced(xml: bytes, element: Element, new: str) -> bytes:
    """The part with another element in the place of one."""
    return xml[: element.start] + new.encode() + xml[element.end :]


def empty(tag: str, attributes: Mapping[str, str]) -> str:
    """An element without content.

    >>> empty("we:property", {"name": "a<b", "value": '"'})
    '<we:property name="a&lt;b" value="&quot;"/>'
    """
    texts = (f' {key}="{escape(v, {chr(34): "&quot;"})}"' for key, v in attributes.items())
    return f"<{tag}{''.join(texts)}/>"


def text_of(xml: bytes, element: Element) -> str:
    """The text of an element that holds no others.

    >>> xml = b'<n><d a="&gt;">1&lt;2</d><d/></n>'
    >>> [text_of(xml, element) for element in elements(xml)[1:]]
    ['1<2', '']
    """
    content = xml[_content(xml, element) : element.close]
    if b"<" in content:
        raise WorkbookError(
            f"the workbook holds a {local_name(element.tag)} in an unusual form (with CDATA or a "
            "comment); open it in Excel, save it, and try again"
        )
    return unescape(content.decode())


def with_text(xml: bytes, element: Element, text: str) -> bytes:
    """The part with another text in an element that has one.

    >>> xml = b'<d a="1">2</d>'
    >>> with_text(xml, elements(xml)[0], "3<4")
    b'<d a="1">3&lt;4</d>'
    """
    return xml[: _content(xml, element)] + escape(text).encode() + xml[element.close :]


def _content(xml: bytes, element: Element) -> int:
    """Where the content of an element begins."""
    tag = _START_TAG.match(xml, element.start)
    assert tag is not None
    return tag.end()


def without(xml: bytes, unwanted: Iterable[Element]) -> bytes:
    """The part without some of its elements."""
    for element in sorted(unwanted, key=lambda e: e.start, reverse=True):
        xml = xml[: element.start] + xml[element.end :]
    return xml
