"""A copy of a workbook for mailing: values in place of the formulas that call our functions.

Whoever opens it needs no add-in, no macro and no LAMBDA. A formula that calls one of our functions,
by itself or through a name, becomes its value as a whole; all other formulas stay, but for those
that read the array of such a formula. Our LAMBDA names go with them, and so do xlwings Lite's code,
the list of formulas that Excel keeps (it makes a new one) and, where the copy of an .xlsm is to be
an .xlsx, the macros.
"""

import posixpath
import re
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

from xlmodel.hosts.engine import Value
from xlmodel.hosts.syntax import tokens
from xlmodel.workbook import formulas, lambdas, webextension
from xlmodel.workbook.calc import Calculation, recalculated
from xlmodel.workbook.elements import Element, elements, text_of, without
from xlmodel.workbook.files import writing
from xlmodel.workbook.package import Package, from_bytes
from xlmodel.workbook.patch import Cells, patched_parts, refuse_target, write_zip
from xlmodel.workbook.untrusted import WorkbookError
from xlmodel.workbook.webextension import relations_of
from xlmodel.workbook.words import language_of, words

STATE = "functions_state"
"""The name of the cell, if a workbook has one, that says whether the functions are at work."""
FROZEN = "Frozen copy: values stand in place of the functions"

_TYPES = "[Content_Types].xml"
_MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_CODE_TYPE = "application/vnd.ms-office.vbaProject"
_PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SIGNATURES = ("vbaProjectSignature", "vbaProjectSignatureAgile", "vbaProjectSignatureV3")
_MACRO_SHEETS = ("xlMacrosheet", "xlIntlMacrosheet")
_COLUMN_FORMULAS = ("calculatedColumnFormula", "totalsRowFormula")
_TOTAL = re.compile(rb"""\s+totalsRowFunction=["']custom["']""")


def save(calculation: Calculation, out: Path, force: bool = False) -> Path:
    """Write the frozen copy; WorkbookError says in a sentence why it could not be."""
    source = calculation.path
    refuse_target(out, source, force, ".xlsx")
    if out.resolve() == source.resolve():
        raise WorkbookError(
            f"{out} is the workbook itself, whose formulas would be lost; give the frozen copy "
            "another name"
        )
    freezing = _Freezing(calculation, out.suffix.lower() != source.suffix.lower())
    copy = freezing.copy()
    notes = list(_left_calls(copy.package))
    with writing(out) as file:
        write_zip(copy.package, patched_parts(copy), file)
    calculation.notes += notes
    return out


class _Freezing:
    """The way to a frozen copy: which cells become values, and what else changes."""

    def __init__(self, calculation: Calculation, without_macros: bool) -> None:
        self._calculation = calculation
        self._names = formulas.names_that_call(calculation.package)
        self._dropped, self._changed = _index(calculation.package, self._names, without_macros)

    def copy(self) -> Calculation:
        """The frozen copy, recalculated.

        With values in place of our calls nothing else may change. What does read an array that is
        none any more (``A1#``), and is frozen as well; only then the state tells what the copy is.
        """
        self._refuse_unknown()
        cells = self._cells()
        copy = self._frozen(cells)
        while changed := list(self._differences(copy, cells)):
            for sheet, row, column, value in changed:
                cells.setdefault(sheet, {})[row, column] = value
            copy = self._frozen(cells)
        state = self._calculation.names.seen_from("", STATE)
        if state and self._is_formula(state.sheet, state.top, state.left):
            spoken = language_of(self._calculation.named_value(state).label)
            told = words(spoken).text(FROZEN)
            cells.setdefault(state.sheet, {})[state.top, state.left] = told
            copy = self._frozen(cells)
        return copy

    def _refuse_unknown(self) -> None:
        """Refuse formulas that need our functions and have no value."""
        calling = self._calculation.result.callers
        called = {(b.sheet, b.column, row) for b in calling for row in range(b.first, b.last + 1)}
        for cell in self._calculation.unsupported:
            if "data table" in cell.reason or "MULTIPLE.OPERATIONS(" in cell.formula.upper():
                reason = f"{cell.cell} is part of a what-if data table, all of whose rows could"
                reason += " show the same; put values in its place (Paste Special, Values)"
            elif (cell.sheet, cell.column, cell.row) in called or formulas.uses(
                tokens(cell.formula), self._names
            ):
                reason = f"{cell.cell} has no value, since {cell.reason}"
            else:
                continue
            raise WorkbookError(f"{self._calculation.package.name} can't be frozen: {reason}")

    def _cells(self) -> dict[str, dict[tuple[int, int], Value]]:
        """The cells that call our functions, each with its value."""
        found: dict[str, dict[tuple[int, int], Value]] = {}
        for block in self._calculation.result.callers:
            values = self._calculation.result.formulas[block.sheet][block.column]
            for row in range(block.first, block.last + 1):
                found.setdefault(block.sheet, {})[row, block.column] = values[row]
        return found

    def _frozen(self, cells: Cells) -> Calculation:
        """The copy with these cells as values, recalculated at the same moment."""
        before = self._calculation
        packed = BytesIO()
        parts = {**patched_parts(before, cells), **self._changed}
        write_zip(before.package, parts, packed, self._dropped)
        return recalculated(from_bytes(before.path, packed.getvalue()), before.now)

    def _differences(
        self, copy: Calculation, cells: Cells
    ) -> Iterator[tuple[str, int, int, Value]]:
        """The formulas that now give something else, with the value that they had."""
        for sheet, columns in self._calculation.result.formulas.items():
            others = copy.result.formulas.get(sheet, {})
            frozen = cells.get(sheet, {})
            for column, rows in columns.items():
                now = others.get(column, {})
                for row, value in rows.items():
                    if (row not in now or now[row] != value) and (row, column) not in frozen:
                        yield sheet, row, column, value

    def _is_formula(self, sheet: str, row: int, column: int) -> bool:
        result = self._calculation.result
        known = row in result.formulas.get(sheet, {}).get(column, {})
        return known or (sheet, row, column) in {u[:3] for u in result.unsupported}


def _index(
    package: Package, names: set[str], without_macros: bool
) -> tuple[set[str], dict[str, bytes]]:
    """The parts that go, and what changes in those that list parts, names and columns."""
    lite, changed = webextension.without_lite(package)
    gone = {*package.relations(package.main, "calcChain").values(), *lite}
    if without_macros:
        gone |= _macros(package)
    dropped = {part for part in gone | set(map(relations_of, gone)) if part in package.parts}
    for part in ("", package.main, *changed):
        relations = relations_of(part)
        if relations in package.parts:
            found = package.text(relations)
            changed = {**changed, relations: _without_links(found, part, dropped)}
    changed[_TYPES] = _without_links(package.text(_TYPES), "", dropped)
    if without_macros:
        changed[_TYPES] = _without_macro_types(changed[_TYPES])
    changed[package.main] = lambdas.without_names(package.text(package.main))
    for sheet in package.sheets:
        for table in package.relations(sheet.part, "table").values():
            changed[table] = _without_calls(package.text(table), names)
    return dropped, changed


def _macros(package: Package) -> set[str]:
    """The parts of a VBA project and of what calls its macros from the ribbon."""
    if any(package.relations(package.main, kind) for kind in _MACRO_SHEETS):
        raise WorkbookError(
            f"{package.name} has macro sheets, which no .xlsx can hold; give the frozen copy a "
            f"name that ends in {package.path.suffix}"
        )
    code = {*package.relations(package.main, "vbaProject").values()}
    signatures = {
        signature
        for part in code
        for kind in _SIGNATURES
        for signature in package.relations(part, kind).values()
    }
    return code | signatures | {*package.relations("", "ui/extensibility").values()}


def _without_links(xml: bytes, part: str, dropped: Collection[str]) -> bytes:
    """A list of relations of a part, or of content types, without what is dropped."""
    gone = {f"/{name}".lower() for name in dropped}
    start = posixpath.join("/", posixpath.dirname(part))

    def is_gone(element: Element) -> bool:
        named = element.attributes.get("Target", element.attributes.get("PartName", ""))
        return posixpath.normpath(posixpath.join(start, unquote(named))).lower() in gone

    return without(xml, (element for element in elements(xml) if is_gone(element)))


def _without_macro_types(xml: bytes) -> bytes:
    """The list of content types of a workbook without macros."""
    xml = xml.replace(_MACRO_TYPE, _PLAIN_TYPE)
    return without(xml, (e for e in elements(xml) if e.attributes.get("ContentType") == _CODE_TYPE))


def _without_calls(xml: bytes, names: set[str]) -> bytes:
    """A table whose columns keep no formula that calls our functions."""
    found = elements(xml)
    calling = [
        element
        for element in found
        if element.path[-1] in _COLUMN_FORMULAS
        and (formulas.called(text := text_of(xml, element)) or formulas.uses(tokens(text), names))
    ]
    columns = [element for element in found if element.path[-1] == "tableColumn"]
    attributes = []
    for element in calling:
        column = next((c for c in columns if c.start < element.start < c.end), element)
        mark = _TOTAL.search(xml, column.start, element.start)
        if mark and element.path[-1] == "totalsRowFormula":
            attributes.append(element._replace(start=mark.start(), end=mark.end()))
    return without(xml, [*calling, *attributes])


def _left_calls(package: Package) -> Iterator[str]:
    """A sentence on calls that are no cell's, and so have no value to stand in their place."""
    parts = formulas.parts(package)
    left = set[str]().union(*(formulas.called_in(package.text(p), package.name) for p in parts))
    if left:
        yield (
            "conditional formats, data validations and names that call "
            f"{', '.join(sorted(left))} do nothing in the copy"
        )
