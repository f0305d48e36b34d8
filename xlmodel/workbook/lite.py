"""``xlmodel addin lite``: the functions for xlwings Lite, in a copy of a user's workbook.

Nothing of the user's is lost or changed. In a ``main.py`` that is there already our part follows
the user's code, or replaces our part of an earlier run; a ``requirements.txt`` stays as it is.
Formulas stay as they are too: LAMBDA names of the same functions keep their meaning, and for plain
calls that nothing resolves a note says what to do.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from xlmodel.hosts.lite import bundle
from xlmodel.registry import functions
from xlmodel.workbook import webextension
from xlmodel.workbook.files import writing
from xlmodel.workbook.package import Package, WorkbookError, read
from xlmodel.workbook.patch import refuse_existing

NEXT: Final = (
    "Open it in Excel. If xlwings Lite is not installed: Home, Add-ins, search for xlwings, Add. "
    "Choose Trust and Continue in its pane."
)

_OURS: Final = re.compile(
    rf"^{re.escape(bundle.BEGIN)}.*?^{re.escape(bundle.END)}[^\n]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_FORMULA: Final = re.compile(rb"<f\b[^>]*>([^<]*)</f>")


class Embedded(NamedTuple):
    """The workbook that was written, and what its user should know."""

    path: Path
    notes: list[str]


def lite(workbook: Path, out: Path | None = None, force: bool = False) -> Embedded:
    """Write a copy with the functions in it, beside the workbook unless told."""
    package = read(workbook)
    target = out or workbook.with_name(f"{workbook.stem}-lite{workbook.suffix}")
    if target.suffix.lower() != workbook.suffix.lower():
        raise WorkbookError(f"{target} must end in {workbook.suffix}, as {workbook.name} does")
    refuse_existing(target, force)
    data = webextension.embed(package, files_for(package))
    with writing(target) as file:
        file.write_bytes(data)
    return Embedded(target, list(_notes(package)))


def files_for(package: Package) -> dict[str, str]:
    """The files to embed: ours, joined with those that xlwings Lite keeps there already."""
    files = bundle.files()
    main = webextension.stored_file(package, bundle.MAIN)
    if main is not None:
        files[bundle.MAIN] = _joined(package.name, main, files[bundle.MAIN])
    if webextension.stored_file(package, bundle.REQUIREMENTS) is not None:
        del files[bundle.REQUIREMENTS]
    return files


def _joined(where: str, main: str, ours: str) -> str:
    """The user's ``main.py`` with our part in it, once."""
    theirs, count = _OURS.subn("", main)
    if bundle.BEGIN in theirs or bundle.END in theirs or count > 1:
        raise WorkbookError(
            f"{where}: a part of main.py that xlmodel wrote earlier was changed; delete it in "
            f'xlwings Lite, with its lines "{bundle.BEGIN}" and "{bundle.END}", and try again'
        )
    if clash := sorted(_defined(theirs) & functions().keys()):
        raise WorkbookError(
            f"{where}: its main.py defines {', '.join(clash)}, which would be there twice; rename "
            "that in xlwings Lite and try again"
        )
    if count:
        return _OURS.sub(lambda _: ours, main)
    return f"{main.rstrip()}\n\n\n{ours}" if main.strip() else ours


def _defined(code: str) -> set[str]:
    """The functions of a module by their names in Excel."""
    try:
        statements = ast.parse(code).body
    except (SyntaxError, ValueError):  # for xlwings Lite to report; its Python may be newer
        return set()
    return {
        statement.name.upper()
        for statement in statements
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _notes(package: Package) -> Iterator[str]:
    named = {item.name.upper() for item in package.names} & functions().keys()
    if named:
        yield (
            f"{len(named)} functions are LAMBDA names in this workbook and stay so: they give the "
            "same values, with or without the add-in"
        )
    if package.relations(package.main, "vbaProject"):
        return  # plain calls may be those of its VBA functions
    called = _plain_calls(package) - named
    if called:
        yield (
            f"formulas call {', '.join(sorted(called))} by a name that is not the add-in's; once "
            "xlwings Lite runs, enter them anew: Find & Select, Replace = by =, in formulas"
        )


def _plain_calls(package: Package) -> set[str]:
    """Functions of ours that formulas call as if no add-in brought them."""
    names = b"|".join(name.encode() for name in functions())
    call = re.compile(rb"(?<![A-Z0-9_.])(%s)\(" % names, re.IGNORECASE)
    return {
        found.decode().upper()
        for sheet in package.sheets
        for formula in _FORMULA.findall(package.text(sheet.part))
        for found in call.findall(formula)
    }
