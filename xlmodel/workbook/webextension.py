"""Puts files for xlwings Lite into a workbook, and leaves everything else in it as it was.

What an Office add-in keeps with a workbook are named values in a part of its own, the web
extension ([MS-OWEXML] 2.2.7), to which the package refers through its task panes. xlwings Lite
keeps its files there: the name is that of the file, the value its text in JSON. A workbook without
that extension gets one, and a pane that opens with the workbook; in one that has it only the given
files change. Other add-ins, other files and every other part keep their bytes.
"""

import io
import json
import posixpath
import uuid
from collections.abc import Collection, Mapping
from itertools import chain, count
from typing import Final

from xlmodel.workbook.elements import (
    Element,
    elements,
    empty,
    local_name,
    replaced,
    with_child,
    without,
)
from xlmodel.workbook.package import Package
from xlmodel.workbook.patch import write_zip
from xlmodel.workbook.untrusted import WorkbookError

STORE_ID: Final = "wa200008175"
"""xlwings Lite in the Office add-in store; a workbook names an add-in by this."""

_FOLDER: Final = "xl/webextensions/"
_TYPES: Final = "[Content_Types].xml"
_DECLARED: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.microsoft.com/office/"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PANES: Final = "webextensiontaskpanes"
_EXTENSION: Final = "webextension"
"""Kinds of parts: they end the type of a relation and are in the type of the content."""
_BAG: Final = ("webextension", "properties")

_NEW_EXTENSION: Final = (
    f'{_DECLARED}<we:webextension xmlns:we="{_OFFICE}webextensions/webextension/2010/11" id="%s">'
    f'<we:reference id="{STORE_ID}" version="1.0.0.0" store="en-US" storeType="OMEX"/>'
    "<we:alternateReferences/><we:properties>"
    # Microsoft's name for: open this add-in's pane with the workbook.
    '<we:property name="Office.AutoShowTaskpaneWithDocument" value="true"/>'
    f'</we:properties><we:bindings/><we:snapshot xmlns:r="{_R}"/>'
    "<we:extLst>"
    '<a:ext xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'uri="{D87F86FE-615C-45B5-9D79-34F1136793EB}"><we:containsCustomFunctions/></a:ext>'
    "</we:extLst></we:webextension>"
)
_NEW_PANES: Final = (
    f'{_DECLARED}<wetp:taskpanes xmlns:wetp="{_OFFICE}webextensions/taskpanes/2010/11">'
    "</wetp:taskpanes>"
)
_NEW_RELATIONS: Final = f'{_DECLARED}<Relationships xmlns="{_RELATIONS}"></Relationships>'


def stored_file(package: Package, name: str) -> str | None:
    """The text of a file that xlwings Lite keeps in the workbook; None where there is none."""
    part = _lite_part(package)
    element = _property(package.text(part), name) if part else None
    if element is None:
        return None
    try:
        text = json.loads(element.attributes.get("value", ""))
    except ValueError:
        text = None
    if not isinstance(text, str):
        raise WorkbookError(f"{package.name} is damaged: {name} of its xlwings Lite can't be read")
    return text


def embed(
    package: Package, files: Mapping[str, str], others: Mapping[str, bytes] | None = None
) -> bytes:
    """The workbook with these files; files of other names that are in it stay.

    ``others`` are parts of the workbook that change as well.
    """
    part = _lite_part(package)
    new = {} if part else _with_extension(package)
    part = part or next(iter(new))
    xml = new.get(part) or package.text(part)
    if not any(element.path == _BAG for element in elements(xml)):
        raise WorkbookError(f"{package.name} is damaged: {part} has no list of properties")
    for name, text in files.items():
        xml = _with_property(xml, name, json.dumps(text, ensure_ascii=False))
    packed = io.BytesIO()
    write_zip(package, {**(others or {}), **new, part: xml}, packed)
    return packed.getvalue()


def without_lite(package: Package) -> tuple[set[str], dict[str, bytes]]:
    """The parts that go with xlwings Lite, and the lists of panes without the one of its own."""
    lite = _lite_part(package)
    dropped, changed = {lite} - {""}, {}
    for panes in package.relations("", _PANES).values():
        extensions = package.relations(panes, _EXTENSION)
        its = {number for number, part in extensions.items() if part == lite}
        if its and its == extensions.keys():
            dropped.add(panes)
        elif its:
            changed[panes] = _without_panes(package, panes, its)
    return dropped, changed


def _without_panes(package: Package, part: str, relations: Collection[str]) -> bytes:
    found = _elements(package, part)
    its = [
        element.start
        for element in found
        if element.path[-1] == "webextensionref"
        and any(local_name(k) == "id" and v in relations for k, v in element.attributes.items())
    ]
    panes = (e for e in found if e.path == ("taskpanes", "taskpane"))
    return without(package.text(part), (e for e in panes if any(e.start < i < e.end for i in its)))


def relations_of(part: str) -> str:
    """The part that holds the relations of a part, "" for those of the package.

    >>> relations_of("xl/workbook.xml"), relations_of("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _lite_part(package: Package) -> str:
    """The part of xlwings Lite's extension, "" where there is none.

    A self-hosted Lite has another identity in the store, but keeps a main.py as well.
    """
    parts = [
        part
        for panes in package.relations("", _PANES).values()
        for part in package.relations(panes, _EXTENSION).values()
    ]
    known = [part for part in parts if _is_lite(_elements(package, part))]
    likely = (part for part in parts if _property(package.text(part), "main.py"))
    return next(chain(known, likely), "")


def _is_lite(found: list[Element]) -> bool:
    return any(
        element.path == ("webextension", "reference")
        and element.attributes.get("id", "").lower() == STORE_ID
        for element in found
    )


def _elements(package: Package, part: str) -> list[Element]:
    package.xml(part)  # says in a sentence what is wrong with it, if anything is
    return elements(package.text(part))


def _property(xml: bytes, name: str) -> Element | None:
    return next(
        (
            element
            for element in elements(xml)
            if element.path == (*_BAG, "property") and element.attributes.get("name") == name
        ),
        None,
    )


def _with_property(xml: bytes, name: str, value: str) -> bytes:
    bag = next(e for e in elements(xml) if e.path == _BAG)
    new = empty(f"{bag.prefix}property", {"name": name, "value": value})
    old = _property(xml, name)
    return replaced(xml, old, new) if old else with_child(xml, bag, new)


def _with_extension(package: Package) -> dict[str, bytes]:
    """The parts of the package that a new extension adds or changes, its own part first."""
    identity = str(uuid.uuid5(uuid.NAMESPACE_OID, package.sha256)).upper()
    part = _free(package, "webextension", "1")
    new = {part: _NEW_EXTENSION.replace("%s", f"{{{identity}}}").encode()}
    added = {part: f"application/vnd.ms-office.{_EXTENSION}+xml"}
    panes = next(iter(package.relations("", _PANES).values()), "")
    if panes:
        package.xml(panes)  # says in a sentence what is wrong with it, if anything is
        new[panes] = package.text(panes)
    else:
        panes = _free(package, "taskpanes", "")
        new[panes] = _NEW_PANES.encode()
        added[panes] = f"application/vnd.ms-office.{_PANES}+xml"
        new["_rels/.rels"] = _related(package.text("_rels/.rels"), _PANES, panes)[0]
    relations = relations_of(panes)
    old = package.text(relations) if relations in package.parts else _NEW_RELATIONS.encode()
    target = posixpath.relpath(part, posixpath.dirname(panes))
    new[relations], number = _related(old, _EXTENSION, target)
    new[panes] = _with_pane(new[panes], number)
    new[_TYPES] = _with_types(package.text(_TYPES), added)
    return new


def _free(package: Package, stem: str, first: str) -> str:
    """A name that no part has yet, in the way in which Excel names these parts."""
    taken = {part.lower() for part in package.parts}
    names = (f"{_FOLDER}{stem}{number}.xml" for number in chain((first,), count(2)))
    return next(name for name in names if name.lower() not in taken)


def _related(xml: bytes, kind: str, target: str) -> tuple[bytes, str]:
    """The relations of a part with one more, and its id."""
    root, *relations = elements(xml)
    taken = {element.attributes.get("Id", "").lower() for element in relations}
    number = next(name for n in count(1) if (name := f"rId{n}").lower() not in taken)
    new = {"Id": number, "Type": f"{_OFFICE}2011/relationships/{kind}", "Target": target}
    return with_child(xml, root, empty(f"{root.prefix}Relationship", new)), number


def _with_pane(xml: bytes, relation: str) -> bytes:
    """The task panes with one more, at the right, beside those that are there."""
    root, *others = elements(xml)
    row = sum(element.path == ("taskpanes", "taskpane") for element in others)
    reference = empty(f"{root.prefix}webextensionref", {"xmlns:r": _R, "r:id": relation})
    pane = f'<{root.prefix}taskpane dockstate="right" visibility="1" width="420" row="{row}">'
    return with_child(xml, root, f"{pane}{reference}</{root.prefix}taskpane>")


def _with_types(xml: bytes, added: Mapping[str, str]) -> bytes:
    """The list of content types with those of new parts."""
    for part, content in added.items():
        root = elements(xml)[0]
        new = empty(f"{root.prefix}Override", {"PartName": f"/{part}", "ContentType": content})
        xml = with_child(xml, root, new)
    return xml
