"""Puts new rows into the price tables of a workbook, recalculates it, and keeps the one before.

Only the sheets with new rows, their tables and print areas, and the stored values of formulas
change; every other part keeps its bytes. Names that are new go into the template's lists for
drop-downs, too.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from xlmodel.hosts.engine import Table
from xlmodel.hosts.syntax import column_number
from xlmodel.workbook import package as packages
from xlmodel.workbook import tablerows
from xlmodel.workbook.files import refuse_lock, source_date_epoch, writing
from xlmodel.workbook.names import OUTPUT, Names
from xlmodel.workbook.package import Package, WorkbookError
from xlmodel.workbook.patch import patched_parts, write_zip
from xlmodel.workbook.prices.held import of_workbook
from xlmodel.workbook.prices.kinds import KINDS, Price, folded
from xlmodel.workbook.storedvalues import StoredValues, Value

if TYPE_CHECKING:
    from xlmodel.workbook.calc import Calculation

_PRINTED = re.compile(rb"('?[^!]+'?!\$[A-Z]+\$[0-9]+:\$([A-Z]+)\$)([0-9]+)")
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


def with_prices(package: Package, new: Sequence[Price]) -> Package:
    """The workbook with new rows in its price tables, and new names in its lists."""
    tables = of_workbook(package).tables
    for kind in KINDS:
        rows = [price.row() for price in new if price.kind is kind]
        if not rows:
            continue
        package = _changed(package, tables[kind.table].place.name, rows)
        for name, column in kind.lists.items():
            place = kind.keys.index(column)
            package = _listed(package, name, (price.names[place] for price in new
                                              if price.kind is kind))  # fmt: skip
    return package


def _listed(package: Package, name: str, texts: Iterable[str]) -> Package:
    """The workbook with the names that a list for drop-downs has not got yet, if it has one."""
    table = tablerows.find(package, name)
    if table is None or len(table.place.columns) != 1:
        return package
    header = table.place.columns[0].lower()
    known = {folded(str(row[header])) for row in table.rows if row[header] is not None}
    fresh = {folded(text): text for text in texts if folded(text) not in known}
    return _changed(package, name, [{header: text} for text in fresh.values()])


def _changed(
    package: Package, table: str, rows: Sequence[Mapping[str, tablerows.Content]]
) -> Package:
    if not rows:
        return package
    found = tablerows.find(package, table)
    assert found is not None
    grown = _rebuilt(package, found.with_rows(rows))
    now = next(place for place in grown.tables if place.name == found.place.name)
    return _rebuilt(grown, _around(grown, found.place, now.bottom))


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


def _ends(area: re.Match[bytes], table: Table) -> bool:
    """Whether an area ends in the last row of a table, and in one of its columns."""
    return int(area[3]) == table.bottom and table.left <= column_number(area[2].decode()) <= (
        table.right
    )


def save(package: Package, new: Sequence[Price], out: Path | None) -> Written:
    """Write the workbook with new prices: to ``out``, or in its place with the old one kept."""
    notes: list[str] = []
    changed = with_prices(package, new)
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
    return Written(target, kept, results, notes)


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
        if name.lower().startswith(OUTPUT) and before != after:
            yield Result(name, before, after, item.unit)


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
