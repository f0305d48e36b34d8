"""A copy of a workbook for mailing: values in place of the formulas that call our functions.

Whoever opens it needs no add-in, no macro and no LAMBDA. A formula that calls one of our functions,
by itself or through a name, becomes its value as a whole; all other formulas stay. Our LAMBDA names
go with them, and so do xlwings Lite's code, the list of formulas that Excel keeps (it makes a new
one) and, where the copy of an .xlsm is to be an .xlsx, the macros.
"""

from itertools import chain
from pathlib import Path

from xlmodel.hosts.engine import Value, function_name
from xlmodel.hosts.syntax import tokens
from xlmodel.registry import functions
from xlmodel.workbook import lambdas, webextension
from xlmodel.workbook.calc import Calculation, calculate
from xlmodel.workbook.elements import Element, elements, text_of, without
from xlmodel.workbook.files import writing
from xlmodel.workbook.package import Package, WorkbookError
from xlmodel.workbook.patch import Cells, patched_parts, refuse_existing, write_zip

STATE = "functions_state"
"""The name of the cell, if a workbook has one, that says whether the functions are at work."""
FROZEN = "Frozen copy: values stand in place of the functions"

_TYPES = "[Content_Types].xml"
_MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_CODE_TYPE = "application/vnd.ms-office.vbaProject"
_PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


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
    """The parts that go: Excel's list of formulas, code for the functions, unwanted macros."""
    chains = package.relations(package.main, "calcChain").values()
    macros = [part for part in package.parts if without_macros and "vbaProject" in part]
    return {*chains, *macros, *webextension.only_lite(package)}


def _index_parts(package: Package) -> list[str]:
    """The parts that name other parts, names or columns."""
    folder, _, name = package.main.rpartition("/")
    tables = (package.relations(sheet.part, "table").values() for sheet in package.sheets)
    wanted = [_TYPES, "_rels/.rels", f"{folder}/_rels/{name}.rels", package.main, *chain(*tables)]
    return [part for part in wanted if part in package.parts]


def _without(xml: bytes, dropped: set[str], without_macros: bool) -> bytes:
    """The part without mention of what is dropped, our LAMBDA names and calls in columns."""
    endings = tuple(f"/{part.rpartition('/')[2]}" for part in dropped)
    xml = without(xml, (e for e in elements(xml) if endings and _names(e, endings)))
    xml = without(xml, (e for e in elements(xml) if _is_calling_column(xml, e)))
    if without_macros:
        xml = xml.replace(_MACRO_TYPE, _PLAIN_TYPE)
        code = (e for e in elements(xml) if e.attributes.get("ContentType") == _CODE_TYPE)
        xml = without(xml, code)
    return lambdas.without_names(xml)


def _names(element: Element, endings: tuple[str, ...]) -> bool:
    """Whether an entry of an index is that of a part with such an ending."""
    named = element.attributes.get("Target", element.attributes.get("PartName"))
    return named is not None and f"/{named}".endswith(endings)


def _is_calling_column(xml: bytes, element: Element) -> bool:
    if element.path[-1] != "calculatedColumnFormula":
        return False
    words = tokens(text_of(xml, element))
    return any(word.kind == "call" and function_name(word.text) in functions() for word in words)
