"""``xlmodel addin lite``: the functions for xlwings Lite, in a copy of a user's workbook.

Nothing of the user's is lost or changed. In a ``main.py`` that is there already our part follows
the user's code, or replaces our part of an earlier run; a ``requirements.txt`` stays as it is.
Calls are spelled as the add-in's, but for those that the workbook resolves itself: LAMBDA names of
the same functions keep their meaning, and so do calls where a VBA project may bring the functions.
"""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from xlmodel.hosts.lite import bundle
from xlmodel.registry import functions
from xlmodel.workbook import lambdas, webextension
from xlmodel.workbook.files import writing
from xlmodel.workbook.package import Package, read
from xlmodel.workbook.patch import Written, beside, refuse_target
from xlmodel.workbook.respell import Spelling
from xlmodel.workbook.template.editions import EDITIONS
from xlmodel.workbook.untrusted import WorkbookError

NEXT: Final = (
    "Open it in Excel. If xlwings Lite is not installed: Home, Add-ins, search for xlwings Lite, "
    "Add. Choose Trust and Continue in its pane."
)

_OUR_PART: Final = re.compile(
    rf"^{re.escape(bundle.BEGIN)}.*?^{re.escape(bundle.END)}[^\n]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)


def lite(workbook: Path, out: Path | None = None, force: bool = False) -> Written:
    """Write a copy with the functions in it, beside the workbook unless told."""
    target = out or beside(workbook, "lite")
    refuse_target(target, workbook, force)
    package = read(workbook)
    named = _lambda_names(package)
    data = webextension.embed(package, files_for(package), _respelled(package, named))
    with writing(target) as file:
        file.write_bytes(data)
    return Written(target, list(_notes(named, lambdas.others(package.text(package.main)))))


def _lambda_names(package: Package) -> set[str]:
    """The functions of ours that are LAMBDA names in the workbook."""
    found = {item.name.upper() for item in package.names if lambdas.is_lambda(item.formula)}
    return found & functions().keys()


def _respelled(package: Package, named: Collection[str]) -> dict[str, bytes]:
    """The parts whose formulas call our functions, with those calls as the add-in's."""
    if package.relations(package.main, "vbaProject"):
        return {}
    spelling = Spelling(EDITIONS["lite"], functions().keys() - named)
    new = spelling.parts(package)
    new[package.main] = spelling.part(package.text(package.main), package.name)
    return {part: xml for part, xml in new.items() if xml != package.parts[part]}


def _notes(named: Collection[str], others: str) -> Iterator[str]:
    stay = "LAMBDA names of functions in this workbook stay"
    if others:
        yield f"{stay}; these are not this version's: {others}"
    elif named:
        yield f"{stay} ({len(named)}): the same values, with or without the add-in"


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
    theirs, count = _OUR_PART.subn("", main)
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
        return _OUR_PART.sub(lambda _: ours, main)
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
