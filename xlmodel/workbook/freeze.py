"""A copy of a workbook for mailing: values in place of the formulas that call our functions.

Whoever opens it needs no add-in, no macro and no LAMBDA. A formula that calls one of our functions,
by itself or through a name, becomes its value as a whole; all other formulas stay. Our LAMBDA names
go with them, and so do the list of formulas that Excel keeps (it makes a new one) and, where the
copy of an .xlsm is to be an .xlsx, the macros.
"""

import re
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import unescape

from xlmodel.hosts.engine import Value, function_name
from xlmodel.hosts.syntax import tokens
from xlmodel.registry import functions
from xlmodel.workbook.calc import Calculation, calculate
from xlmodel.workbook.files import writing
from xlmodel.workbook.package import Package, WorkbookError
from xlmodel.workbook.patch import Cells, patched_parts, refuse_existing, write_zip

STATE = "functions_state"
"""The name of the cell, if a workbook has one, that says whether the functions are at work."""
FROZEN = "Frozen copy: values stand in place of the functions"

_TYPES = "[Content_Types].xml"
_MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_NAME = re.compile(rb"<definedName\b([^>]*)>([^<]*)</definedName>")
_COLUMN_FORMULA = re.compile(rb"<calculatedColumnFormula\b[^>]*>([^<]*)</calculatedColumnFormula>")


def save(calculation: Calculation, out: Path, force: bool = False) -> Path:
    """Write the frozen copy; WorkbookError says in a sentence why it could not be."""
    source = calculation.path
    suffixes = {source.suffix.lower(), ".xlsx"}
    if out.suffix.lower() not in suffixes:
        raise WorkbookError(f"{out} must end in {' or '.join(sorted(suffixes))}")
    refuse_existing(out, force)
    cells = _cells(calculation)
    package = calculation.package
    new = patched_parts(calculation, cells)
    without_macros = out.suffix.lower() != source.suffix.lower()
    dropped = _dropped(package, without_macros)
    for part in _index_parts(package):
        new[part] = _without(new.get(part, package.parts[part]), dropped, without_macros)
    with writing(out) as file:
        write_zip(package, new, file, dropped)
        again = calculate(file)  # what reads the cell of the state now shows another text
        write_zip(again.package, patched_parts(again), file)
    return out


def _cells(calculation: Calculation) -> Cells:
    """The cells that are frozen, each with its value."""
    result = calculation.result
    unknown = {(cell.sheet, cell.row, cell.column): cell for cell in calculation.unsupported}
    found: dict[str, dict[tuple[int, int], Value]] = {}
    for block in result.callers:
        for row in range(block.first, block.last + 1):
            if cell := unknown.get((block.sheet, row, block.column)):
                raise WorkbookError(
                    f"{calculation.package.name} can't be frozen: {cell.cell} has no value, "
                    f"since {cell.reason}"
                )
            value = result.formulas[block.sheet][block.column][row]
            found.setdefault(block.sheet, {})[row, block.column] = value
    state = calculation.names.seen_from("", STATE)
    if state and (state.top, state.left) in found.get(state.sheet, {}):
        found[state.sheet][state.top, state.left] = FROZEN
    return found


def _dropped(package: Package, without_macros: bool) -> set[str]:
    """Excel's list of formulas, which it makes anew, and macros where none are wanted."""
    chains = package.relations(package.main, "calcChain").values()
    macros = [part for part in package.parts if without_macros and "vbaProject" in part]
    return {*chains, *macros}


def _index_parts(package: Package) -> list[str]:
    """The parts that name other parts, names or columns."""
    folder, _, name = package.main.rpartition("/")
    tables = (package.relations(sheet.part, "table").values() for sheet in package.sheets)
    wanted = [_TYPES, f"{folder}/_rels/{name}.rels", package.main, *chain(*tables)]
    return [part for part in wanted if part in package.parts]


def _without(content: bytes, dropped: set[str], without_macros: bool) -> bytes:
    """The part without mention of what is dropped, our LAMBDA names and calls in columns."""
    for part in dropped:
        name = re.escape(part.rpartition("/")[2].encode())
        entry = rb'<(?:Override|Relationship)\b[^>]*"(?:[^"]*/)?%s"[^>]*/>' % name
        content = re.sub(entry, b"", content)
    if without_macros:
        content = content.replace(_MACRO_TYPE, _PLAIN_TYPE)
    content = _NAME.sub(lambda found: b"" if _is_our_lambda(*found.groups()) else found[0], content)
    content = content.replace(b"<definedNames></definedNames>", b"")
    return _COLUMN_FORMULA.sub(lambda found: b"" if _calls_ours(found[1]) else found[0], content)


def _is_our_lambda(attributes: bytes, definition: bytes) -> bool:
    name = re.search(rb'\bname="([^"]*)"', attributes)
    is_lambda = definition.startswith(b"_xlfn.LAMBDA(")
    return is_lambda and name is not None and name[1].decode().upper() in functions()


def _calls_ours(formula: bytes) -> bool:
    words = tokens(unescape(formula.decode()))
    return any(word.kind == "call" and function_name(word.text) in functions() for word in words)
