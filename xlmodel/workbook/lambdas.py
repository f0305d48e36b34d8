"""Our functions as LAMBDA names in a user's own workbook, with nothing else changed.

What the edition without an add-in has in the template, any workbook can have: Excel 365 and 2024
then know ``=NODE_MARGIN(…)`` in it. Names of ours that are there already become those of this
version; a name of the user's own that is spelled like a function is never touched.
"""

import re
from pathlib import Path
from xml.sax.saxutils import escape

from xlmodel.hosts import native
from xlmodel.registry import functions
from xlmodel.workbook import package as packages
from xlmodel.workbook.files import writing
from xlmodel.workbook.package import WorkbookError
from xlmodel.workbook.patch import refuse_existing, write_zip

_NAME = re.compile(rb"<definedName\b([^>]*)>([^<]*)</definedName>")
_BEFORE = re.compile(
    rb"</sheets>(?:\s*<(functionGroups|externalReferences)\b(?:[^>]*/>|.*?</\1>))*", re.DOTALL
)
_LAMBDA = b"_xlfn.LAMBDA("


def embed(workbook: Path, out: Path, force: bool = False) -> Path:
    """Write a copy of the workbook that holds the functions; WorkbookError says why not."""
    if out.suffix.lower() != workbook.suffix.lower():
        raise WorkbookError(f"{out} must end in {workbook.suffix}, as {workbook.name} does")
    refuse_existing(out, force)
    package = packages.read(workbook)
    new = {package.main: with_names(package.name, package.text(package.main))}
    with writing(out) as file:
        write_zip(package, new, file)
    return out


def with_names(where: str, xml: bytes) -> bytes:
    """The workbook's own part with a name for each function that a formula can express."""
    ours = {f.name: native.defined_name(f) for f in functions().values() if native.has_twin(f)}

    def kept(found: re.Match[bytes]) -> bytes:
        name = re.search(rb'\bname="([^"]*)"', found[1])
        if name is None or name[1].decode().upper() not in ours:
            return found[0]
        if not found[2].startswith(_LAMBDA):
            raise WorkbookError(
                f"{where} has a name {name[1].decode()} of its own, which stands for "
                f"{found[2].decode()}; rename it and try again"
            )
        return b""

    xml = _NAME.sub(kept, xml)
    names = "".join(
        f'<definedName name="{name}">{escape(formula)}</definedName>'
        for name, formula in ours.items()
    ).encode()
    if b"</definedNames>" in xml:
        return xml.replace(b"</definedNames>", names + b"</definedNames>", 1)
    place = _BEFORE.search(xml)
    if place is None:
        raise WorkbookError(
            f"{where} is stored in an unusual form that can't be changed in place; open it in "
            "Excel, save it, and try again"
        )
    added = b"<definedNames>" + names + b"</definedNames>"
    return xml[: place.end()] + added + xml[place.end() :]
