"""Rows added to an Excel table of a user's workbook, in the XML of its sheet and of the table.

Blank rows at the end of the table are filled first, then the table grows downwards over cells that
must be empty. New cells look like those above them, and columns that the table calculates go on.
Two parts change, and in them only rows that get cells, the table's extent and the sheet's; every
other byte stays.
"""

import datetime
import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from xml.sax.saxutils import escape

from xlmodel.hosts.engine import Table
from xlmodel.hosts.syntax import LAST_ROW, Area, address, column_number, moved
from xlmodel.registry import dates
from xlmodel.workbook.elements import elements, text_of
from xlmodel.workbook.formats import Formats, is_date
from xlmodel.workbook.package import Package, Sheet
from xlmodel.workbook.patchxml import number_text
from xlmodel.workbook.sheetxml import rows_of, unescape
from xlmodel.workbook.storedvalues import STORED, StoredValues, Value
from xlmodel.workbook.untrusted import WorkbookError, reference
from xlmodel.workbook.xmltext import LONGEST, length, xml_text

Content = str | float | datetime.date | None
"""What a cell is to hold; a date is a serial number where the cell shows dates, else ISO text."""

_ROW_TAG = re.compile(rb"<row[\s/>]")
_ROW = re.compile(rb'<row\b[^>]*?\sr="([1-9][0-9]{0,6})"[^>]*?(/?)>')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})[1-9][0-9]{0,6}"([^>]*?)(?:/>|>(.*?)</c>)\s*', re.DOTALL)
_STYLE = re.compile(rb'\ss="([0-9]{1,6})"')
_FORMULA = re.compile(rb"<f[\s/>]")
_PLAIN_FORMULA = re.compile(rb"<f>([^<]*)</f>")
_SPANS = re.compile(rb'\sspans="[^"]*"')
_LOOK = re.compile(rb'\s(?:ht|customHeight|s|customFormat)="[^"]*"')
_REF = re.compile(rb"""(\sref\s*=\s*)(["'])[^"']*\2""")
_CORNER = rb"[A-Z]{1,3}[1-9][0-9]{0,6}"
_DIMENSION = re.compile(rb'(<dimension ref=)"(%s(?::%s)?)"' % (_CORNER, _CORNER))
_MERGED = re.compile(rb'<mergeCell\b[^>]*?\sref="([^"]*)"')


class ExcelTable:
    """A table on a sheet of a workbook, with the rows that it holds."""

    def __init__(self, package: Package, sheet: Sheet, part: str, place: Table) -> None:
        self.place = place
        self._package, self._sheet, self._part = package, sheet, part
        self._refuse_kind()
        self._cells = _SheetRows(sheet.name, package.text(sheet.part))

    @property
    def rows(self) -> list[dict[str, Value]]:
        """The values of the table's rows by header, in lower case; blank rows too."""
        return [
            {
                header.lower(): self._values.of(cells.get(column, b""))
                for column, header in enumerate(self.place.columns, self.place.left)
            }
            for cells in map(self._cells.row, self._numbers)
        ]

    def with_rows(
        self,
        rows: Sequence[Mapping[str, Content]],
        changed: Mapping[int, Mapping[str, Content]] | None = None,
    ) -> dict[str, bytes]:
        """The parts that change when the table gets these rows, by header in lower case.

        ``changed`` are new contents of rows that it has, by their place from 0; None empties a
        cell that is not calculated.
        """
        places = [*self._blank, *range(self.place.bottom + 1, LAST_ROW + 1)][: len(rows)]
        if len(places) < len(rows):
            raise WorkbookError(f"the sheet {self._sheet.name} has no room for {len(rows)} rows")
        bottom = max([self.place.bottom, *places])
        self._refuse_occupied(bottom)
        edits = {
            number: self._filled(number, {key.lower(): item for key, item in row.items()})
            for number, row in zip(places, rows, strict=True)
        }
        for place, row in (changed or {}).items():
            edits[self._numbers[place]] = self._filled(self._numbers[place], row)
        extent = self._area(self.place.top, bottom)
        like = self._cells.tag(self._numbers[-1]) if self._numbers else b""
        return {
            self._sheet.part: self._cells.changed(edits, like, extent),
            self._part: self._grown(bottom),
        }

    @property
    def _numbers(self) -> range:
        """The numbers of the rows below the headers."""
        return range(self.place.top + 1, self.place.bottom + 1)

    @cached_property
    def _blank(self) -> list[int]:
        """The blank rows at the end of the table; what a column calculates by itself is none."""
        found: list[int] = []
        for number in reversed(self._numbers):
            if any(
                not _is_empty(cell)
                for column, cell in self._cells.row(number).items()
                if self.place.left <= column <= self.place.right
                and not (column in self._calculated and _FORMULA.search(cell))
            ):
                break
            found.append(number)
        return found[::-1]

    @cached_property
    def _calculated(self) -> dict[int, str]:
        """The formulas of columns that the table calculates; "" where one is of another kind."""
        xml = self._package.text(self._part)
        found = elements(xml)
        columns = [e for e in found if e.path == ("table", "tableColumns", "tableColumn")]
        formulas: dict[int, str] = {}
        for element in found:
            if element.path[-1] == "calculatedColumnFormula":
                number = sum(column.start < element.start for column in columns) - 1
                plain = "array" not in element.attributes
                formulas[self.place.left + number] = text_of(xml, element) if plain else ""
        return formulas

    def _filled(self, number: int, row: Mapping[str, Content]) -> dict[int, bytes]:
        """The cells of a row that get a content, or the look of those above."""
        own = self._cells.row(number)
        above = self._cells.row(self._numbers[-1]) if self._numbers else {}
        cells = {}
        for column, header in enumerate(self.place.columns, self.place.left):
            where = address(number, column)
            style = _style(own.get(column, b"")) or _style(above.get(column, b""))
            item = row.get(header.lower())
            if item is not None:
                cells[column] = self._cell(where, style, item)
            elif column in self._calculated:
                if not _FORMULA.search(own.get(column, b"")):
                    formula = self._formula(number, column, above.get(column, b""))
                    cells[column] = _formula_cell(where, style, formula)
            elif (style and column not in own) or (column in own and header.lower() in row):
                cells[column] = _blank_cell(where, style)
        return cells

    def _formula(self, number: int, column: int, above: bytes) -> str:
        """The formula of a calculated column as it stands above, or as the table has it."""
        found = _PLAIN_FORMULA.search(above)
        if found is None:
            return self._calculated[column]
        return moved(unescape(found[1].decode()), number - self.place.bottom, 0)

    def _cell(self, where: str, style: bytes, item: str | float | datetime.date) -> bytes:
        start = b'<c r="%s"%s' % (where.encode(), style)
        if isinstance(item, datetime.date):
            item = self._date(style, item)
        if isinstance(item, str):
            if length(item) > LONGEST:
                raise WorkbookError(f"a text for {where} is longer than a cell holds")
            text = xml_text(item).encode()
            return start + b' t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % text
        return start + b"><v>%s</v></c>" % number_text(float(item)).encode()

    def _date(self, style: bytes, day: datetime.date) -> str | float:
        found = _STYLE.search(style)
        shows_dates = found is not None and is_date(self._formats.code(int(found[1])))
        serial = dates.serial(day, self._package.date1904) if shows_dates else None
        return day.isoformat() if serial is None else serial

    @cached_property
    def _formats(self) -> Formats:
        return Formats(self._package)

    @cached_property
    def _values(self) -> StoredValues:
        return StoredValues(self._package)

    def _grown(self, bottom: int) -> bytes:
        """The table's part, with another last row."""
        xml = self._package.text(self._part)
        for element in reversed(elements(xml)):
            ref = element.attributes.get("ref", "")
            if ref and element.path in {("table",), ("table", "autoFilter")}:
                new = _ref(reference(ref, self._package.name)._replace(bottom=bottom)).encode()
                found = _REF.search(xml, element.start)
                assert found is not None
                attribute = found[1] + found[2] + new + found[2]
                xml = xml[: found.start()] + attribute + xml[found.end() :]
        return xml

    def _refuse_kind(self) -> None:
        """Refuse a table that can't grow downwards, or that something else fills."""
        reason = ""
        if self.place.totals_rows:
            reason = "has a row of totals: switch it off (Table Design, Total Row)"
        elif self.place.header_rows != 1:
            reason = "shows no header row: switch it on (Table Design, Header Row)"
        elif self._package.xml(self._part).get("tableType", "worksheet") != "worksheet":
            reason = "is filled by a query, which would drop new rows"
        if reason:
            raise WorkbookError(f"{self._package.name}: the table {self.place.name} {reason}")

    def _refuse_occupied(self, bottom: int) -> None:
        """Refuse to grow over what stands below the table."""
        if bottom == self.place.bottom:
            return
        new = self._area(self.place.bottom + 1, bottom)
        taken = next(self._occupied(new), "")
        if taken:
            raise WorkbookError(
                f"{self._package.name}: the table {self.place.name} needs the cells {_ref(new)} of "
                f"the sheet {self._sheet.name}, but {taken}; move that and try again"
            )

    def _occupied(self, new: Area) -> Iterator[str]:
        """What stands in cells that the table is to take."""
        for number in range(new.top, new.bottom + 1):
            for column, cell in sorted(self._cells.row(number).items()):
                if new.left <= column <= new.right and not _is_empty(cell):
                    yield f"{address(number, column)} is not empty"
        for other in self._package.tables:
            if other.sheet == self._sheet.name and _meet(new, other):
                yield f"the table {other.name} is there"
        for ref in self._cells.merged:
            if _meet(new, reference(ref, self._package.name)):
                yield f"{ref} are merged"

    def _area(self, top: int, bottom: int) -> Area:
        return Area("", top, self.place.left, bottom, self.place.right, True, True)


class _SheetRows:
    """The rows of a sheet's part, of which some can be changed."""

    def __init__(self, name: str, xml: bytes) -> None:
        self._name, self._xml = name, xml
        place = rows_of(xml)
        if place is None:
            raise self._unusual()
        self._start, self._end = place[0] + len(b"<sheetData>"), place[1] - len(b"</sheetData>")
        self._places: dict[int, tuple[int, int, int]] = {}
        """Where each row begins, where its start tag ends, and where it ends."""
        for found in _ROW.finditer(xml, self._start, self._end):
            close = found.end() if found[2] else xml.index(b"</row>", found.end()) + len(b"</row>")
            self._places[int(found[1])] = found.start(), found.end(), close
        tags = len(_ROW_TAG.findall(xml, self._start, self._end))
        if tags != len(self._places) or list(self._places) != sorted(self._places):
            raise self._unusual()

    @property
    def merged(self) -> list[str]:
        return [ref.decode() for ref in _MERGED.findall(self._xml, self._end)]

    def tag(self, number: int) -> bytes:
        """The start tag of a row, b"" where the sheet has no such row."""
        if number not in self._places:
            return b""
        start, opened, _ = self._places[number]
        return self._xml[start:opened]

    def row(self, number: int) -> dict[int, bytes]:
        """The cells of a row by column; none where the sheet has no such row."""
        if number not in self._places:
            return {}
        _, opened, close = self._places[number]
        inner = self._xml[opened : close - len(b"</row>")] if opened < close else b""
        found = list(_CELL.finditer(inner))
        if sum(len(cell[0]) for cell in found) != len(inner.lstrip()):
            raise self._unusual()
        return {column_number(cell[1].decode()): cell[0].rstrip() for cell in found}

    def changed(self, edits: Mapping[int, Mapping[int, bytes]], like: bytes, extent: Area) -> bytes:
        """The sheet with new cells in some rows; new rows are as high as the one with tag ``like``.

        ``extent`` is the area that the sheet's stated one must hold.
        """
        pieces, at = [_with_dimension(self._xml[: self._start], extent)], self._start
        known = list(self._places)
        for number in sorted(edits):
            start, end = self._place(number, known)
            pieces += [self._xml[at:start], self._with_cells(number, edits[number], like)]
            at = end
        return b"".join((*pieces, self._xml[at:]))

    def _place(self, number: int, known: Sequence[int]) -> tuple[int, int]:
        """Where a row begins and ends, or where it would."""
        if number in self._places:
            start, _, end = self._places[number]
            return start, end
        before = bisect(known, number)
        where = self._places[known[before - 1]][2] if before else self._start
        return where, where

    def _with_cells(self, number: int, cells: Mapping[int, bytes], like: bytes) -> bytes:
        merged = {**self.row(number), **cells}
        tag = self.tag(number)
        if not tag:
            tag = b'<row r="%d"%s>' % (number, b"".join(_LOOK.findall(like)))
        opened = _SPANS.sub(b"", tag).removesuffix(b"/>").removesuffix(b">") + b">"
        return b"".join((opened, *(merged[column] for column in sorted(merged)), b"</row>"))

    def _unusual(self) -> WorkbookError:
        return WorkbookError(
            f"the sheet {self._name} is stored in an unusual form that can't be changed in place; "
            "open the workbook in Excel, save it, and try again"
        )


def find(package: Package, name: str) -> ExcelTable | None:
    """The table of that name, in any case; None where the workbook has none."""
    for sheet in package.sheets:
        for part in package.relations(sheet.part, "table").values():
            root = package.xml(part)
            if root.get("displayName", root.get("name", "")).lower() == name.lower():
                place = next(t for t in package.tables if t.name.lower() == name.lower())
                return ExcelTable(package, sheet, part, place)
    return None


def _is_empty(cell: bytes) -> bool:
    """Whether a cell holds nothing but its look."""
    stored = STORED.search(cell)
    return not (_FORMULA.search(cell) or b"<is>" in cell or (stored and stored[1]))


def _style(cell: bytes) -> bytes:
    """The attribute with a cell's style, b"" for the usual one."""
    found = _STYLE.search(cell.partition(b">")[0])
    return found[0] if found and found[1].strip(b"0") else b""


def _blank_cell(where: str, style: bytes) -> bytes:
    return b'<c r="%s"%s/>' % (where.encode(), style)


def _formula_cell(where: str, style: bytes, formula: str) -> bytes:
    """A formula without a value, or no more than its look where there is none."""
    if not formula:
        return _blank_cell(where, style)
    return b'<c r="%s"%s><f>%s</f></c>' % (where.encode(), style, escape(formula).encode())


def _ref(place: Area) -> str:
    return f"{address(place.top, place.left)}:{address(place.bottom, place.right)}"


def _meet(one: Area, other: Area | Table) -> bool:
    return (
        one.top <= other.bottom
        and other.top <= one.bottom
        and one.left <= other.right
        and other.left <= one.right
    )


def _with_dimension(head: bytes, extent: Area) -> bytes:
    """The sheet's stated extent, grown to where cells now are."""
    found = _DIMENSION.search(head)
    if found is None:
        return head
    old = reference(found[2].decode(), "the sheet")
    new = extent._replace(
        top=min(old.top, extent.top),
        left=min(old.left, extent.left),
        bottom=max(old.bottom, extent.bottom),
        right=max(old.right, extent.right),
    )
    if new[1:5] == old[1:5]:
        return head
    return head.replace(found[0], b'%s"%s"' % (found[1], _ref(new).encode()))
