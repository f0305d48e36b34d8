"""New values in the XML of a sheet, byte for byte the same everywhere else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from xlmodel.hosts.engine import Value
from xlmodel.hosts.syntax import address, area, column_letters, column_number
from xlmodel.registry import CellError
from xlmodel.workbook.sheetxml import FORMULA_CELL, formula_count, rows_of
from xlmodel.workbook.untrusted import WorkbookError, reference
from xlmodel.workbook.xmltext import LONGEST, length, xml_text

_FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"([^>]*)>(\s*<f[^>]*?(?:/>|>[^<]*</f>))'
    rb"(?:\s*<v[^>]*?(?:/>|>([^<]*)</v>))?\s*</c>"
)
_CELL = re.compile(rb'<c r="([A-Z]+)[0-9]+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_ROW = re.compile(rb'<row\b[^>]*?\br="([0-9]{1,7})"[^>]*?(/?)>')
_METADATA = re.compile(rb'\s+[cv]m="[^"]*"')
_TYPE = re.compile(rb'\s+t="([^"]*)"')
_REF = re.compile(rb'\bref="[^"]*"')
_SPANS = re.compile(rb'\bspans="([0-9]+):([0-9]+)"')
_CORNER = rb"[A-Z]{1,3}[1-9][0-9]{0,6}"
_DIMENSION = re.compile(rb'<dimension ref="(%s(?::%s)?)"/>' % (_CORNER, _CORNER))


@dataclass
class Changes:
    """What the calculation says about the cells of one sheet."""

    formulas: Mapping[int, Mapping[int, Value]]
    """By column and row."""
    unknown: set[tuple[int, int]]
    """Formulas without a value."""
    spilled: Mapping[tuple[int, int], Value]
    extents: Mapping[tuple[int, int], tuple[int, int]]
    inputs: Mapping[tuple[int, int], Value]
    frozen: Mapping[tuple[int, int], Value] = field(default_factory=dict)
    """Formulas in whose place a value is to stand."""


def patched_sheet(name: str, xml: bytes, changes: Changes) -> bytes:
    """The sheet with the new values."""
    if not (changes.formulas or changes.unknown or changes.inputs):
        return xml
    if changes.inputs:
        xml = xml.replace(b"<sheetData/>", b"<sheetData></sheetData>", 1)
    place = rows_of(xml)
    if place is None or len(FORMULA_CELL.findall(xml, *place)) != formula_count(xml, *place):
        raise WorkbookError(
            f"the sheet {name} is stored in an unusual form that can't be changed in place; "
            "open the workbook in Excel, save it, and try again"
        )
    rows = xml[place[0] : place[1]]
    edits, extents = _edits(rows, changes)
    patched = _with_cells(rows, edits) if edits else rows
    columns = {column_letters(c).encode(): by_row for c, by_row in changes.formulas.items()}
    unknown = {address(*cell).encode() for cell in changes.unknown}
    frozen = {address(*cell).encode(): value for cell, value in changes.frozen.items()}

    def new_cell(match: re.Match[bytes]) -> bytes:
        letters, digits, attributes, formula, old = match.groups()
        if letters + digits in frozen:
            plain = _METADATA.sub(b"", attributes)
            return _cell(letters + digits, plain, b"", frozen[letters + digits])
        if letters + digits in unknown:
            return _cell(letters + digits, attributes, formula, None)
        value = columns[letters][int(digits)]
        formula_now = extents.get(letters + digits, formula)
        if formula_now == formula and _is_same(attributes, old, value):
            return match[0]
        return _cell(letters + digits, attributes, formula_now, value)

    patched = _FORMULA_CELL.sub(new_cell, patched)
    head = _with_dimension(xml[: place[0]], edits)
    return head + patched + xml[place[1] :]


def _edits(rows: bytes, changes: Changes) -> tuple[dict[int, dict[int, Value]], dict[bytes, bytes]]:
    """Cells without a formula that get a value or lose it; formulas whose range is another."""
    edits: dict[int, dict[int, Value]] = {}
    formulas: dict[bytes, bytes] = {}
    for (top, left), (bottom, right) in changes.extents.items():
        where = address(top, left)
        found = re.search(rb'<c r="%s"[^>]*>(\s*<f[^>]*?>)' % where.encode(), rows)
        old = _REF.search(found[1]) if found else None
        if found is None or old is None:
            continue
        before = reference(old[0][5:-1].decode(), "an array")
        for row in range(top, before.bottom + 1):
            for column in range(left, before.right + 1):
                edits.setdefault(row, {})[column] = None
        if (before.bottom, before.right) != (bottom, right):
            formulas[where.encode()] = b'ref="%s"' % f"{where}:{address(bottom, right)}".encode()
    for (row, column), value in (*changes.spilled.items(), *changes.inputs.items()):
        edits.setdefault(row, {})[column] = value
    for top, left in changes.extents:
        edits.get(top, {}).pop(left, None)
    return edits, _with_refs(rows, formulas)


def _with_refs(rows: bytes, refs: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """The formula elements of arrays that now fill another range."""
    done = {}
    for where, ref in refs.items():
        found = re.search(rb'<c r="%s"[^>]*>(\s*<f[^>]*?(?:/>|>[^<]*</f>))' % where, rows)
        assert found is not None
        done[where] = _REF.sub(ref, found[1], count=1)
    return done


def _with_cells(rows: bytes, edits: dict[int, dict[int, Value]]) -> bytes:
    """The rows with some cells set, which hold no formula."""
    pieces: list[bytes] = []
    at = rows.index(b">") + 1
    pieces.append(rows[:at])
    waiting = sorted(edits)
    for match in _ROW.finditer(rows):
        number = int(match[1])
        while waiting and waiting[0] < number:
            new = waiting.pop(0)
            pieces += [rows[at : match.start()], _new_row(new, edits[new])]
            at = match.start()
        if waiting and waiting[0] == number:
            waiting.pop(0)
            end = match.end() if match[2] else rows.index(b"</row>", match.end())
            pieces.append(rows[at : match.start()])
            inner = b"" if match[2] else rows[match.end() : end]
            pieces.append(_row(match[0], inner, number, edits[number]))
            at = end if match[2] else end + len(b"</row>")
    close = len(rows) - len(b"</sheetData>")
    pieces.append(rows[at:close])
    pieces += [_new_row(number, edits[number]) for number in waiting]
    return b"".join((*pieces, rows[close:]))


def _row(tag: bytes, inner: bytes, number: int, edits: Mapping[int, Value]) -> bytes:
    cells: dict[int, bytes] = {}
    for match in _CELL.finditer(inner):
        column = column_number(match[1].decode())
        cells[column] = match[0]
        if column in edits:
            body = match[3] or b""
            old = re.search(rb"<v[^>]*>([^<]*)</v>", body)
            stored = old[1] if old else body or None
            if not _is_same(match[2], stored, edits[column]):
                where = match[1] + str(number).encode()
                cells[column] = _cell(where, match[2], b"", edits[column])
    for column, value in edits.items():
        if column not in cells and value is not None:
            cells[column] = _cell(address(number, column).encode(), b"", b"", value)
    spans = _SPANS.search(tag)
    if spans and cells:
        low, high = min(int(spans[1]), *cells), max(int(spans[2]), *cells)
        tag = tag.replace(spans[0], b'spans="%d:%d"' % (low, high))
    if not cells:
        return tag + (b"" if tag.endswith(b"/>") else inner + b"</row>")
    open_tag = tag[:-2] + b">" if tag.endswith(b"/>") else tag
    return b"".join((open_tag, *(cells[column] for column in sorted(cells)), b"</row>"))


def _new_row(number: int, edits: Mapping[int, Value]) -> bytes:
    if all(value is None for value in edits.values()):
        return b""
    return _row(b'<row r="%d">' % number, b"", number, edits)


def _cell(where: bytes, attributes: bytes, formula: bytes, value: Value) -> bytes:
    """A cell; its style and other attributes stay, its type becomes that of the value."""
    rest = _TYPE.sub(b"", attributes.rstrip(b"/ "))
    kind, text = _stored(value)
    if value is None and not formula:
        return b'<c r="%s"%s/>' % (where, rest)
    if kind == "str" and not formula:
        inner = b'<is><t xml:space="preserve">%s</t></is>' % text
        return b'<c r="%s"%s t="inlineStr">%s</c>' % (where, rest, inner)
    kind_attribute = b"" if kind == "n" else b' t="%s"' % kind.encode()
    shown = b"" if value is None else b"<v>%s</v>" % text
    return b'<c r="%s"%s%s>%s%s</c>' % (where, rest, kind_attribute, formula, shown)


def _stored(value: Value) -> tuple[str, bytes]:
    """The type and the text of a value in XML."""
    if isinstance(value, bool):
        return "b", b"1" if value else b"0"
    if isinstance(value, CellError):
        return "e", value.kind.encode()
    if isinstance(value, str):
        if length(value) > LONGEST:
            return "e", b"#VALUE!"  # what Excel makes of it; a longer text would not open
        return "str", xml_text(value).encode()
    return "n", number_text(value).encode() if value is not None else b""


def number_text(value: float) -> str:
    """The shortest text that gives the number back, a whole number without a point."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _is_same(attributes: bytes, old: bytes | None, value: Value) -> bool:
    """Whether the cell already holds the value."""
    if old is None:
        return value is None
    if type(value) is float and b' t="' not in attributes and old:
        try:
            return float(old) == value
        except ValueError:
            return False
    found = _TYPE.search(attributes)
    kind = found[1] if found else b"n"
    new_kind, text = _stored(value)
    return value is not None and kind.decode() == new_kind and old == text


def _with_dimension(head: bytes, edits: Mapping[int, Mapping[int, Value]]) -> bytes:
    """The sheet's stated extent, grown to where values now are."""
    found = _DIMENSION.search(head)
    cells = [(r, c) for r, row in edits.items() for c, value in row.items() if value is not None]
    if found is None or not cells:
        return head
    old = area(found[1].decode())
    top, bottom = min(old.top, min(r for r, _ in cells)), max(old.bottom, max(r for r, _ in cells))
    left, right = min(old.left, min(c for _, c in cells)), max(old.right, max(c for _, c in cells))
    if (top, left, bottom, right) == old[1:5]:
        return head
    new = f'<dimension ref="{address(top, left)}:{address(bottom, right)}"/>'
    return head.replace(found[0], new.encode())
