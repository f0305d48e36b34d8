"""The XML of a worksheet, read with regular expressions.

An XML parser takes seconds for what these take tenths of a second for, on a sheet of a million
cells. They hold for the form in which Excel, LibreOffice, openpyxl and XlsxWriter write sheets; a
sheet in another form (prefixed tags, other attribute order, comments) is first brought into it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from xlmodel.hosts.engine import SheetFormulas, Spread
from xlmodel.hosts.syntax import (
    LAST_COLUMN,
    LAST_ROW,
    Pattern,
    address,
    column_number,
    moved,
    pattern,
)
from xlmodel.workbook.package import children, local
from xlmodel.workbook.untrusted import WorkbookError, reference, refuse_unsafe, whole

_VALUE = rb"(?:\s*<v[^>]*?(?:/>|>[^<]*</v>))?"
FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"([^>]*)>\s*<f([^>]*?)(?:/>|>([^<]*)</f>)'
    + _VALUE
    + rb"\s*</c>"
)
_GROUPS = 5
_FAR = re.compile(rb'<c r="([A-Z]{4,}|[A-Z]{1,3}[0-9]{7,})')
_PLAIN_TEXT = re.compile(
    rb'(<c r="[A-Z]+[0-9]+"[^>]*?) t="str"([^>]*)>\s*<v[^>]*>([^<]*_x[^<]*)</v>\s*</c>'
)
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_KINDS = {"n": "number", "b": "boolean", "e": "error", "d": "number"}
_ENTITY = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|amp|lt|gt|quot|apos);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Scanned(NamedTuple):
    """The formulas of a sheet, and its cells without them for the engine to load."""

    formulas: SheetFormulas
    values: bytes


def rows_of(xml: bytes) -> tuple[int, int] | None:
    """Where the rows of a sheet begin and end, if they are in the form expected here."""
    start, end = xml.find(b"<sheetData>"), xml.rfind(b"</sheetData>")
    if start < 0 or end < 0 or xml.find(b"<!", start, end) >= 0:
        return None
    return start, end + len(b"</sheetData>")


def formula_count(xml: bytes, start: int, end: int) -> int:
    return xml.count(b"<f", start, end)  # among rows no other tag begins with an f


def scan(name: str, xml: bytes, form: bool = False) -> Scanned:
    """All formulas of a sheet; ``form`` when it has been brought into the form expected here."""
    place = rows_of(xml)
    if place is not None:
        pieces = FORMULA_CELL.split(xml[place[0] : place[1]])
        if len(pieces) // (_GROUPS + 1) == formula_count(xml, *place):
            columns = [pieces[group :: _GROUPS + 1] for group in range(_GROUPS + 1)]
            values = _values(name, b"".join(columns[0]))
            return Scanned(_formulas(name, *columns[1:]), values)
    if form:
        raise WorkbookError(f"the sheet {name} is damaged: a cell of it can't be read")
    return scan(name, canonical(name, xml), form=True)


def _values(name: str, rows: bytes) -> bytes:
    """The cells without a formula, as the engine reads them."""
    for found in _FAR.finditer(rows):
        column = found[1].rstrip(b"0123456789")
        if len(column) > 3 or int(found[1][len(column) :][:9]) > LAST_ROW:
            raise WorkbookError(_past(name, found[1].decode()))
    if b't="str"' in rows and b"_x" in rows:  # it knows coded characters in other texts only
        text = rb'\1 t="inlineStr"\2><is><t xml:space="preserve">\3</t></is></c>'
        rows = _PLAIN_TEXT.sub(text, rows)
    return rows


def _past(name: str, cell: str) -> str:
    return f"the sheet {name} is damaged: its cell {cell[:20]} is past the last row or column"


def _formulas(
    name: str,
    letters: list[bytes],
    digits: list[bytes],
    heads: list[bytes],
    attributes: list[bytes],
    stored: list[bytes | None],
) -> SheetFormulas:
    sheet = SheetFormulas(name)
    if not stored:
        return sheet
    joined = b"\0".join([text or b"" for text in stored]).decode()  # no XML holds a NUL
    texts = (unescape(joined) if "&" in joined else joined).split("\0")
    rows = list(map(int, digits))
    if any(attributes):
        shared = _Shared()
        for i, given in enumerate(attributes):
            if not given:
                continue
            column = column_number(letters[i].decode())
            own = b' t="array" ref="%s%s"' % (letters[i], digits[i])
            if given == own and b' cm="' in heads[i]:
                sheet.singles.setdefault(column, set()).add(rows[i])
            else:
                texts[i] = _special(sheet, shared, rows[i], column, heads[i], given, texts[i])
    for letter, numbers, formulas in _by_column(letters, rows, texts):
        column = column_number(letter.decode())
        sheet.columns[column] = _in_order(numbers, formulas)
        last = sheet.columns[column][0][-1]
        if column > LAST_COLUMN or last > LAST_ROW:
            raise WorkbookError(_past(name, address(last, column)))
    return sheet


def _by_column(
    letters: list[bytes], rows: list[int], texts: list[str]
) -> Iterator[tuple[bytes, list[int], list[str]]]:
    """The cells column by column."""
    width = len(set(letters))
    if width and letters == letters[:width] * (len(letters) // width):  # a plain table of formulas
        for i in range(width):
            yield letters[i], rows[i::width], texts[i::width]
        return
    columns: dict[bytes, tuple[list[int], list[str]]] = {}
    for letter, row, text in zip(letters, rows, texts, strict=True):
        if letter not in columns:
            columns[letter] = [], []
        columns[letter][0].append(row)
        columns[letter][1].append(text)
    for letter, (numbers, formulas) in columns.items():
        yield letter, numbers, formulas


class StoredCell(NamedTuple):
    """How a cell stands in the file: its style, and a blank, number, text, boolean or error."""

    style: int = 0
    kind: str = "blank"


def stored_cell(name: str, xml: bytes, row: int, column: int) -> StoredCell:
    """One cell of a sheet."""
    if rows_of(xml) is None:
        xml = canonical(name, xml)
    cell = re.compile(rb'<c r="%s"([^>]*?)(/?)>\s*(</c>)?' % address(row, column).encode())
    found = cell.search(xml)
    if found is None:
        return StoredCell()
    given = dict(_ATTRIBUTE.findall(found[1].decode()))
    style = whole(given.get("s"), 0, f"the sheet {name}")
    if found[2] or found[3]:
        return StoredCell(style)
    return StoredCell(style, _KINDS.get(given.get("t", "n"), "text"))


def _in_order(rows: list[int], texts: list[str]) -> tuple[list[int], list[str]]:
    if all(map(int.__lt__, rows, rows[1:])):
        return rows, texts
    pairs = sorted(dict(zip(rows, texts, strict=True)).items())
    return [row for row, _ in pairs], [text for _, text in pairs]


def _special(
    sheet: SheetFormulas,
    shared: "_Shared",
    row: int,
    column: int,
    cell: bytes,
    attributes: bytes,
    formula: str,
) -> str:
    """A formula that is shared, fills a range, or is a data table."""
    given = dict(_ATTRIBUTE.findall(attributes.decode()))
    kind = given.get("t")
    if kind == "shared":
        return shared.formula(given.get("si", ""), row, column, formula)
    if kind == "array":
        place = reference(given.get("ref") or address(row, column), f"the sheet {sheet.name}")
        dynamic = b' cm="' in cell
        if dynamic and place.is_cell:
            sheet.singles.setdefault(column, set()).add(row)
        else:
            sheet.spreads[row, column] = Spread(dynamic, place.bottom, place.right)
    if kind == "dataTable":
        sheet.problems[row, column] = "what-if data tables are not supported"
        return formula or "TABLE()"
    return formula


class _Shared:
    """Formulas that are stored once for a range, and written out for each of its cells."""

    def __init__(self) -> None:
        self._masters: dict[str, tuple[str, int, int]] = {}
        self._patterns: dict[tuple[str, int], Pattern] = {}

    def formula(self, number: str, row: int, column: int, text: str) -> str:
        if text:
            self._masters[number] = text, row, column
            return text
        if number not in self._masters:
            return "#REF!"
        if (number, column) not in self._patterns:
            master, first, left = self._masters[number]
            self._patterns[number, column] = pattern(moved(master, 0, column - left), first)
        return self._patterns[number, column].at([row])[0]


def unescape(text: str) -> str:
    """XML's entities, and no others."""
    return _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    entity = match[1]
    if entity in _ENTITIES:
        return _ENTITIES[entity]
    code = int(entity[2:][:9], 16) if entity[1] == "x" else int(entity[1:][:9])
    if not 9 <= code < 0x110000:
        raise WorkbookError(f"a formula is damaged: &{entity[:20]}; is no character")
    return chr(code)


def canonical(name: str, xml: bytes) -> bytes:
    """The cells of a sheet in the form that the expressions expect."""
    refuse_unsafe(xml, f"the sheet {name} is not safe to read: it")
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 (no document type, so no entities)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise WorkbookError(f"the sheet {name} is damaged: it is not well-formed XML") from None
    rows = "".join(_canonical_rows(name, children(root, "sheetData", "row")))
    return f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()


def _canonical_rows(name: str, rows: list[ElementTree.Element]) -> list[str]:
    done = []
    number = 0
    for row in rows:
        number = whole(row.get("r"), number + 1, f"the sheet {name}")
        column = 0
        cells = []
        for cell in children(row, "c"):
            where = cell.get("r")
            column = reference(where, f"the sheet {name}").left if where else column + 1
            if not (0 < number <= LAST_ROW and column <= LAST_COLUMN):
                raise WorkbookError(_past(name, address(number, column)))
            cells.append(_canonical_cell(cell, address(number, column)))
        hidden = ' hidden="1"' if row.get("hidden") in {"1", "true"} else ""
        done.append(f'<row r="{number}"{hidden}>{"".join(cells)}</row>')
    return done


def _canonical_cell(cell: ElementTree.Element, where: str) -> str:
    kept = "".join(f" {k}={quoteattr(v)}" for k, v in cell.attrib.items() if k in {"s", "t", "cm"})
    inner = ""
    for child in sorted(cell, key=lambda child: local(child.tag)):
        tag = local(child.tag)
        if tag in {"f", "v"}:
            attributes = "".join(f" {k}={quoteattr(v)}" for k, v in child.attrib.items())
            inner += f"<{tag}{attributes}>{escape(child.text or '')}</{tag}>"
        elif tag == "is":
            text = "".join(part.text or "" for part in child.iter() if local(part.tag) == "t")
            inner += f'<is><t xml:space="preserve">{escape(text)}</t></is>'
    return f'<c r="{where}"{kept}>{inner}</c>'
