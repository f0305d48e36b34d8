"""What cells of a workbook hold as it was saved, without calculating: of a formula its last value.

For commands that read a few cells or one table; ``calc`` reads whole workbooks.
"""

import re
from functools import cached_property

from xlmodel.hosts.syntax import address
from xlmodel.workbook.names import Place
from xlmodel.workbook.package import Package, children, local
from xlmodel.workbook.sheetxml import unescape
from xlmodel.workbook.xmltext import from_xml

Value = str | float | None
"""What a cell holds; of a formula the stored value."""

STORED = re.compile(rb"<v[^>]*>([^<]*)</v>")
_TYPE = re.compile(rb'\st="([^"]*)"')
_TEXT = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t>")


class StoredValues:
    """The values that the cells of one workbook hold."""

    def __init__(self, package: Package) -> None:
        self._package = package

    def at(self, place: Place) -> Value:
        """The value of a cell by its place; None where it is blank."""
        part = next(s.part for s in self._package.sheets if s.name.lower() == place.sheet.lower())
        where = address(place.top, place.left).encode()
        cell = re.compile(rb'<c r="%s"(?:[^>]*/>|.*?</c>)' % where, re.DOTALL)
        found = cell.search(self._package.text(part))
        return self.of(found[0]) if found else None

    def of(self, cell: bytes) -> Value:
        """What a cell, given as XML, holds; None where it is blank."""
        kind = _TYPE.search(cell.partition(b">")[0])
        stored = STORED.search(cell)
        if kind and kind[1] == b"inlineStr":
            return _decoded(b"".join(_TEXT.findall(cell))) or None
        if stored is None or not stored[1]:
            return None
        if kind and kind[1] == b"s":
            number = int(stored[1]) if stored[1].isdigit() else -1
            return self._strings[number] if 0 <= number < len(self._strings) else None
        if kind and kind[1] != b"n":
            return _decoded(stored[1])
        try:
            return float(stored[1])
        except ValueError:
            return None

    @cached_property
    def _strings(self) -> list[str]:
        part = next(iter(self._package.relations(self._package.main, "sharedStrings").values()), "")
        items = children(self._package.xml(part), "si") if part in self._package.parts else []
        return [
            from_xml(
                "".join(
                    text.text or ""
                    for element in item
                    if local(element.tag) in {"t", "r"}
                    for text in element.iter()
                    if local(text.tag) == "t"
                )
            )
            for item in items
        ]


def _decoded(text: bytes) -> str:
    return from_xml(unescape(text.decode()))
