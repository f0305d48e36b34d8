"""Rows put into the tables of a workbook, which is recalculated, with the one before kept.

Only the sheets with new rows, their tables and print areas, and the stored values of formulas
change; every other part keeps its bytes.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, unescape

from xlmodel.hosts.engine import Table
from xlmodel.hosts.syntax import column_number
from xlmodel.workbook import package as packages
from xlmodel.workbook import tablerows
from xlmodel.workbook.files import refuse_lock, source_date_epoch, writing
from xlmodel.workbook.names import OUTPUT, Names
from xlmodel.workbook.package import Package
from xlmodel.workbook.patch import patched_parts, write_zip
from xlmodel.workbook.storedvalues import StoredValues, Value
from xlmodel.workbook.untrusted import WorkbookError

if TYPE_CHECKING:
    from xlmodel.workbook.calc import Calculation

_SAME = 1e-9
_PRINTED = re.compile(rb"('?[^!]+'?!\$[A-Z]+\$[0-9]+:\$([A-Z]+)\$)([0-9]+)")
_PICKED = re.compile(
    rb">((?:'|&apos;)?([^<>!]+?)(?:'|&apos;)?!\$([A-Z]+)\$([0-9]+):\$([A-Z]+)\$)([0-9]+)"
    rb"(</(?:\w+:)?(?:formula1|f)>)"
)
"""The area of a drop-down, in a data validation of today's kind or of an extension."""
_LOOK = re.compile(
    rb'(<conditionalFormatting\b[^>]*?\ssqref="[A-Z]+[0-9]+:([A-Z]+))([0-9]+)(")',
)


class Result(NamedTuple):
    """A named output before and after."""

    name: str
    before: Value
    after: Value
    unit: str


class Written(NamedTuple):
    """What was written: the file, the one as it was, and what a user should know."""

    path: Path
    kept: Path | None
    results: list[Result]
    notes: list[str]
    calculation: "Calculation | None"
    """The workbook as recalculated; None where it has no formulas or they could not be."""


def with_rows(
    package: Package,
    table: str,
    rows: Sequence[Mapping[str, tablerows.Content]],
    edits: Mapping[int, Mapping[str, tablerows.Content]] | None = None,
) -> Package:
    """The workbook with more rows in a table, and other contents in some that it has.

    ``edits`` are by the place of a row in the table, from 0; None empties a cell.
    """
    if not rows and not edits:
        return package
    found = tablerows.find(package, table)
    assert found is not None
    grown = _rebuilt(package, found.with_rows(rows, edits or {}))
    now = next(place for place in grown.tables if place.name == found.place.name)
    grown = _rebuilt(grown, _around(grown, found.place, now.bottom))
    return _rebuilt(grown, _picked(grown, found.place, now.last_data_row))


def _rebuilt(package: Package, parts: Mapping[str, bytes]) -> Package:
    file = BytesIO()
    write_zip(package, parts, file)
    return packages.from_bytes(package.path, file.getvalue())


def _around(package: Package, old: Table, bottom: int) -> dict[str, bytes]:
    """The parts in which what ended with the table's last row is to end with its new one.

    That is the sheet's print area and the looks that depend on values, as when Excel grows a table.
    """
    part = next(sheet.part for sheet in package.sheets if sheet.name == old.sheet)

    def look(found: re.Match[bytes]) -> bytes:
        return b"%s%d%s" % (found[1], bottom, found[4]) if _ends(found, old) else found[0]

    parts = {part: _LOOK.sub(look, package.text(part))}
    for name in package.names:
        area = _PRINTED.fullmatch(name.formula.encode())
        if name.name != "_xlnm.Print_Area" or name.sheet != old.sheet or area is None:
            continue
        if _ends(area, old):
            before, after = escape(name.formula), escape(f"{area[1].decode()}{bottom}")
            xml = package.text(package.main)
            parts[package.main] = xml.replace(f">{before}<".encode(), f">{after}<".encode(), 1)
    return parts


def _picked(package: Package, old: Table, bottom: int) -> dict[str, bytes]:
    """The other sheets whose drop-downs list a whole column of the table, with its new rows."""

    def grown(found: re.Match[bytes]) -> bytes:
        sheet = unescape(found[2].decode()).replace("''", "'")
        left, right = (column_number(found[place].decode()) for place in (3, 5))
        rows = (int(found[4]), int(found[6]))
        whole = (sheet, rows) == (old.sheet, (old.first_data_row, old.last_data_row))
        if not whole or left != right or not old.left <= left <= old.right:
            return found[0]
        return b">%s%d%s" % (found[1], bottom, found[7])

    parts = {}
    for sheet in package.sheets:
        text = package.text(sheet.part)
        if b"dataValidation" in text and (changed := _PICKED.sub(grown, text)) != text:
            parts[sheet.part] = changed
    return parts


def _ends(area: re.Match[bytes], table: Table) -> bool:
    """Whether an area ends in the last row of a table, and in one of its columns."""
    return int(area[3]) == table.bottom and table.left <= column_number(area[2].decode()) <= (
        table.right
    )


def save(package: Package, changed: Package, out: Path | None) -> Written:
    """Write a changed workbook: to ``out``, or in its place with the old one kept."""
    notes: list[str] = []
    calculation = None
    results: list[Result] = []
    parts: Mapping[str, bytes] = {}
    if has_formulas(changed):
        try:
            calculation = _recalculated(changed)
        except WorkbookError as error:
            notes.append(
                f"formulas still show what they did before, since {error}; Ctrl+Alt+F9 in Excel "
                "recalculates"
            )
        else:
            parts = patched_parts(calculation)
            results = list(_results(package, calculation))
            notes += _left_blank(calculation)
    target = out or package.path
    refuse_lock(target)
    kept = None if out else _kept(package)
    with writing(target) as file:
        write_zip(changed, parts, file)
    return Written(target, kept, results, notes, calculation)


def _recalculated(package: Package) -> "Calculation":
    from xlmodel.workbook import calc

    return calc.recalculated(package, source_date_epoch() or datetime.now())


def _left_blank(calculation: "Calculation") -> Iterator[str]:
    cells = [cell.cell for cell in calculation.unsupported]
    if cells:
        more = f" and {len(cells) - 3} more" if len(cells) > 3 else ""
        yield (
            f"{', '.join(cells[:3])}{more} could not be evaluated here and show a value again once "
            "a spreadsheet program recalculates; `xlmodel calc` says why"
        )


def _results(package: Package, calculation: "Calculation") -> Iterator[Result]:
    """The named outputs whose stored value is another one now."""
    stored = StoredValues(package)
    places = {name.lower(): place for name, place in Names(package).places.items()}
    for name, item in calculation.outputs.items():
        place = places.get(name.lower())
        before = stored.at(place) if place else None
        after = item.value if isinstance(item.value, str | float) else None
        if name.lower().startswith(OUTPUT) and not _same(before, after):
            yield Result(name, before, after, item.unit)


def _same(before: Value, after: Value) -> bool:
    """Whether two results are the same but for the digits that a stored one has not got."""
    if isinstance(before, float) and isinstance(after, float):
        return isclose(before, after, rel_tol=_SAME)
    return before == after


def has_formulas(package: Package) -> bool:
    """Whether any sheet has a formula."""
    parts = (package.text(sheet.part) for sheet in package.sheets)
    return any(b"<f>" in xml or b"<f " in xml for xml in parts)


def _kept(package: Package) -> Path:
    """A copy of the workbook as it is, beside it; an error where it is another one by now."""
    data = packages.read(package.path)
    if data.sha256 != package.sha256:
        raise WorkbookError(f"{package.path} was changed while you were asked; try again")
    place = next(path for path in _names(package.path) if not path.exists())
    with writing(place) as file:
        file.write_bytes(package.path.read_bytes())
    if hashlib.sha256(place.read_bytes()).hexdigest() != package.sha256:
        place.unlink()
        raise WorkbookError(f"{package.path} was changed while it was copied; try again")
    return place


def _names(path: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.stem}-before{path.suffix}")
    number = 2
    while True:
        yield path.with_name(f"{path.stem}-before-{number}{path.suffix}")
        number += 1
