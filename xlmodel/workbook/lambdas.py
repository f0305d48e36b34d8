"""Our functions as LAMBDA names in the part of a workbook that holds its names.

What the edition without an add-in has in the template, any workbook can have: Excel 365 and 2024
then know ``=NODE_MARGIN(…)`` in it. A name of the user's own that is spelled like a function is
never touched.
"""

from xml.sax.saxutils import escape

from xlmodel.hosts import native
from xlmodel.registry import functions
from xlmodel.workbook.elements import Element, elements, text_of, with_child, without
from xlmodel.workbook.package import WorkbookError

_NAMES = ("workbook", "definedNames")
_LAMBDA = "_xlfn.LAMBDA("
_BEFORE = (
    ("workbook", "sheets"),
    ("workbook", "functionGroups"),
    ("workbook", "externalReferences"),
)
"""What stands before the names in the workbook's part."""


def without_names(xml: bytes) -> bytes:
    """The workbook's part without LAMBDA names of our functions, of whichever version."""
    return _without_empty_list(without(xml, (e for e in _ours(xml) if _is_lambda(xml, e))))


def with_names(where: str, xml: bytes) -> bytes:
    """The workbook's part with a name for each function that a formula can express.

    WorkbookError where the workbook has a name of its own that is spelled like a function.
    """
    for element in _ours(xml):
        if not _is_lambda(xml, element):
            raise WorkbookError(
                f"{where} has a name {element.attributes['name']} of its own, which stands for "
                f"{text_of(xml, element)}; rename it and try again"
            )
    xml = _with_list(without_names(xml))
    for function in functions().values():
        if native.has_twin(function):
            names = next(e for e in elements(xml) if e.path == _NAMES)
            tag = f"{names.prefix}definedName"
            meaning = escape(native.defined_name(function))
            xml = with_child(xml, names, f'<{tag} name="{function.name}">{meaning}</{tag}>')
    return xml


def _ours(xml: bytes) -> list[Element]:
    """The names that are spelled like a function of ours."""
    return [
        element
        for element in elements(xml)
        if element.path == (*_NAMES, "definedName")
        and element.attributes.get("name", "").upper() in functions()
    ]


def _is_lambda(xml: bytes, element: Element) -> bool:
    return text_of(xml, element).startswith(_LAMBDA)


def _with_list(xml: bytes) -> bytes:
    found = elements(xml)
    if any(element.path == _NAMES for element in found):
        return xml
    last = [element for element in found if element.path in _BEFORE][-1]
    tag = f"{last.prefix}definedNames"
    return xml[: last.end] + f"<{tag}></{tag}>".encode() + xml[last.end :]


def _without_empty_list(xml: bytes) -> bytes:
    found = elements(xml)
    if any(element.path == (*_NAMES, "definedName") for element in found):
        return xml
    return without(xml, (element for element in found if element.path == _NAMES))
