"""A user's own workbook for another spreadsheet program: a copy whose calls that program reads.

The functions are the same everywhere; files spell their calls differently (``NODE_COST`` in Excel,
``XLMODEL.NODE_COST`` for LibreOffice, ``_xldudf_NODE_COST`` in xlwings Lite). Only formulas that
call them change, and the list of names; every other byte stays.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, unescape

from xlmodel.hosts.engine import function_name
from xlmodel.hosts.native import has_twin
from xlmodel.hosts.syntax import tokens
from xlmodel.registry import functions
from xlmodel.workbook import lambdas, package
from xlmodel.workbook.elements import elements, text_of, with_text
from xlmodel.workbook.files import writing
from xlmodel.workbook.names import place_of
from xlmodel.workbook.package import Package, WorkbookError
from xlmodel.workbook.patch import refuse_existing, write_zip
from xlmodel.workbook.template.editions import EDITIONS, Edition

_FORMULA = re.compile(
    rb"(<(?:\w+:)?(?:f|formula[12]?|calculatedColumnFormula|definedName)\b[^>]*(?<!/)>)([^<]+)(?=</)"
)
_OURS = re.compile("|".join(functions()).encode(), re.IGNORECASE)
_WHOLE_TABLE = re.compile(r"\[(?:#All|\[#Headers\],\s*\[#Data\])\]", re.IGNORECASE)


class Copy(NamedTuple):
    """The copy that was written, and what its user should know."""

    path: Path
    notes: list[str]


def copy(workbook: Path, edition: str, out: Path | None = None, force: bool = False) -> Copy:
    """Write a copy for the host of an edition: "lambda", with the names in it, or "calc"."""
    target = out or workbook.with_name(f"{workbook.stem}-{edition}{workbook.suffix}")
    if target.suffix.lower() != workbook.suffix.lower():
        raise WorkbookError(f"{target} must end in {workbook.suffix}, as {workbook.name} does")
    refuse_existing(target, force)
    source = package.read(workbook)
    new = dict(_parts(source, EDITIONS[edition]))
    with writing(target) as file:
        write_zip(source, new, file)
    return Copy(target, [] if EDITIONS[edition].python else list(_absent(new)))


def _absent(parts: Mapping[str, bytes]) -> Iterator[str]:
    """A sentence on calls of functions that no formula can express."""
    called = {
        word.text.upper()
        for xml in parts.values()
        for found in _FORMULA.finditer(xml)
        if _OURS.search(found[2])
        for word in tokens(unescape(found[2].decode()))
        if word.kind == "call"
    }
    needing = [f.name for f in functions().values() if f.name in called and not has_twin(f)]
    if needing:
        yield (
            f"formulas call {', '.join(needing)}, which only Python can compute: Excel shows "
            "#NAME? there once it recalculates"
        )


def _parts(source: Package, edition: Edition) -> Iterator[tuple[str, bytes]]:
    for part in source.parts:
        if part.startswith(("xl/worksheets/sheet", "xl/tables/")) and part.endswith(".xml"):
            yield part, _respelled_part(source.text(part), edition)
    main = source.text(source.main)
    if edition.python:
        main = _with_references(_respelled_part(lambdas.without_names(main), edition), edition)
    else:
        main = lambdas.with_names(source.name, _respelled_part(main, edition))
    yield source.main, main


def _respelled_part(xml: bytes, edition: Edition) -> bytes:
    def new(found: re.Match[bytes]) -> bytes:
        if not _OURS.search(found[2]):
            return found[0]
        return found[1] + escape(respelled(unescape(found[2].decode()), edition)).encode()

    return _FORMULA.sub(new, xml)


def respelled(formula: str, edition: Edition) -> str:
    """A formula with our calls as the files of that edition spell them.

    >>> respelled("1+_xldudf_GPU_PRICE(GpuPrices[#All],A1)+SUM(T[#All])", EDITIONS["calc"])
    '1+XLMODEL.GPU_PRICE(GpuPrices[[#Headers],[#Data]],A1)+SUM(T[[#Headers],[#Data]])'
    """
    words = (
        edition.spelled(name)
        if word.kind == "call" and (name := function_name(word.text)) in functions()
        else _WHOLE_TABLE.sub(edition.table, word.text)
        if word.kind == "struct"
        else word.text
        for word in tokens(formula)
    )
    return "".join(words)


def _with_references(xml: bytes, edition: Edition) -> bytes:
    """The names of cells as the edition writes them."""
    for element in reversed(elements(xml)):
        if element.path[-1] == "definedName" and place_of(text := text_of(xml, element)):
            new = edition.reference(element.attributes["name"], text)
            xml = with_text(xml, element, new)
    return xml
