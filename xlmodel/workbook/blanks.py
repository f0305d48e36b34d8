"""Blank cells in a copy for LibreOffice, which tells an add-in 0 where a single cell is blank.

Of an area of one cell it tells the truth. So each name of one cell becomes such an area, unless the
cell holds a formula: of an error within an area LibreOffice does not tell which one it is. For
cells that formulas refer to themselves a note says where an area is needed.
"""

import re
from collections.abc import Iterator, Mapping

from xlmodel.hosts.calc.names import as_area
from xlmodel.hosts.engine import Table
from xlmodel.hosts.engine.structured import BadReferenceError, resolve
from xlmodel.hosts.syntax import Token, address, area, tokens
from xlmodel.workbook.elements import elements, text_of, with_text
from xlmodel.workbook.formulas import lone_arguments, mention
from xlmodel.workbook.names import Place, place_of
from xlmodel.workbook.package import Package
from xlmodel.workbook.sheetxml import canonical, rows_of, scan

_MOST_SHOWN = 5
_FILLED = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*(?<!/)>\s*<(f|v|is)\b')
_OTHER_FORM = re.compile(rb'<c\b(?! r=")')
_SINGLE = re.compile(r"[(,]\s*\$?([A-Z]{1,3})\$?([1-9][0-9]*)\s*(?=[,)])", re.IGNORECASE)

Cells = Mapping[str, Mapping[bytes, bytes]]
"""The cells that hold something, by sheet in lower case and address; b"f" for a formula."""


def filled(package: Package) -> Cells:
    return {s.name.lower(): _filled(s.name, package.text(s.part)) for s in package.sheets}


def _filled(sheet: str, xml: bytes) -> dict[bytes, bytes]:
    if rows_of(xml) is None or _OTHER_FORM.search(xml):
        xml = canonical(sheet, xml)
    return dict(_FILLED.findall(xml))


def with_areas(xml: bytes, cells: Cells) -> bytes:
    """The workbook's part with names of one cell as areas."""
    for element in reversed(elements(xml)):
        if element.path[-1] != "definedName" or element.attributes.get("name", "_xlnm.").startswith(
            "_xlnm."
        ):
            continue
        place = place_of(text := text_of(xml, element))
        if place is None or not place.is_cell or place.sheet.lower() not in cells:
            continue
        if cells[place.sheet.lower()].get(address(place.top, place.left).encode()) != b"f":
            xml = with_text(xml, element, as_area(text))
    return xml


def notes(package: Package, cells: Cells) -> Iterator[str]:
    """A sentence on optional arguments that are a reference to one blank cell."""
    found = [
        f"{as_area(reference)} for {reference} in {cell}"
        for cell, reference in _given_blank(package, cells)
    ]
    if found:
        rest = f" and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
        yield (
            "LibreOffice takes a blank cell for 0 in the place of an optional argument; write "
            f"{', '.join(found[:_MOST_SHOWN])}{rest}"
        )


def _given_blank(package: Package, cells: Cells) -> Iterator[tuple[str, str]]:
    """The cells with such a call, each with the reference."""
    tables = {table.name.lower(): table for table in package.tables}
    for sheet in package.sheets:
        formulas = scan(sheet.name, package.text(sheet.part)).formulas
        for column, (rows, texts) in formulas.columns.items():
            for row, text in zip(rows, texts, strict=True):
                if _may_be_given_blank(text, cells[sheet.name.lower()]):
                    place = Place(sheet.name, row, column, row, column)
                    words = tokens(text)
                    for parameter, i in lone_arguments(words):
                        reference = _blank(words[i], place, tables, cells)
                        if reference and not parameter.required:
                            yield str(place), reference


def _may_be_given_blank(formula: str, own: Mapping[bytes, bytes]) -> bool:
    """Without reading it word by word, which takes its time; never wrongly False."""
    if "!" in formula or "[" in formula:
        return mention(formula.encode())
    found = [letters + digits for letters, digits in _SINGLE.findall(formula)]
    return any(cell.upper().encode() not in own for cell in found) and mention(formula.encode())


def _blank(word: Token, place: Place, tables: Mapping[str, Table], cells: Cells) -> str:
    """The reference where it is to one blank cell, else ""."""
    text = word.text
    if word.kind == "struct":  # such as [@hours]
        try:
            text = resolve(text, tables, place.sheet, place.top, place.left).text
        except BadReferenceError:
            return ""
    if tokens(text)[0].kind != "ref" or ":" in text.rpartition("!")[2]:
        return ""
    found = area(text)
    where = address(found.top, found.left)
    known = cells.get(found.sheet(place.sheet).lower(), {where.encode(): b""})
    prefix = "" if found.sheet(place.sheet) == place.sheet else found.prefix
    return "" if where.encode() in known else prefix + where
