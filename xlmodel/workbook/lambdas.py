"""Our functions as LAMBDA names in the part of a workbook that holds its names.

What the edition without an add-in has in the template, any workbook can have: Excel 365 and 2024
then know ``=NODE_MARGIN(…)`` in it. A LAMBDA that is there already under such a name gives way to
ours; ``others`` finds those that are not this version's. A name of another kind is never touched.
"""

import re
from xml.sax.saxutils import escape

from xlmodel.hosts import native
from xlmodel.hosts.syntax import tokens
from xlmodel.registry import functions
from xlmodel.workbook.elements import Element, elements, text_of, with_child, without
from xlmodel.workbook.untrusted import WorkbookError

_NAMES = ("workbook", "definedNames")
_LAMBDA = re.compile(r"=?\s*(?:_xlfn\.)?LAMBDA\(", re.IGNORECASE)
_MOST_SHOWN = 5
_BEFORE = (
    ("workbook", "sheets"),
    ("workbook", "functionGroups"),
    ("workbook", "externalReferences"),
)
"""What stands before the names in the workbook's part."""


def is_lambda(formula: str) -> bool:
    return _LAMBDA.match(formula) is not None


def without_names(xml: bytes) -> bytes:
    """The workbook's part without LAMBDA names of our functions, whoever wrote them."""
    return _without_empty_list(without(xml, (e for e in _ours(xml) if is_lambda(text_of(xml, e)))))


def with_names(where: str, xml: bytes) -> bytes:
    """The workbook's part with a name for each function that a formula can express.

    And for what these call. WorkbookError where the workbook has a name of its own that is spelled
    like one of them.
    """
    for element in _ours(xml):
        if not is_lambda(text_of(xml, element)):
            raise WorkbookError(
                f"{where} has a name {element.attributes['name']} of its own, which stands for "
                f"{text_of(xml, element)}; rename it and try again"
            )
    xml = _with_list(without_names(xml))
    names = next(e for e in elements(xml) if e.path == _NAMES)
    tag = f"{names.prefix}definedName"
    new = (
        f'<{tag} name="{name}">{escape(formula)}</{tag}>'
        for name, formula in native.defined_names().items()
    )
    return with_child(xml, names, "".join(new))


def others(xml: bytes) -> str:
    """The LAMBDA names spelled like our functions that are not this version's, "" for none."""
    found = [
        f"{element.attributes['name']} ({text[:40]}{'…' if len(text) > 40 else ''})"
        for element in _ours(xml)
        if is_lambda(text := text_of(xml, element)) and not _is_current(element, text)
    ]
    rest = f" and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    return ", ".join(found[:_MOST_SHOWN]) + rest


def _is_current(element: Element, text: str) -> bool:
    """Whether a LAMBDA is the one that this version writes, blanks aside."""
    current = native.defined_names().get(element.attributes["name"].upper())
    return current is not None and _compact(text) == _compact(current)


def _compact(formula: str) -> str:
    words = tokens(formula.removeprefix("="))
    return "".join(word.text for word in words if word.kind != "space")


def _ours(xml: bytes) -> list[Element]:
    """The names that are spelled like a function of ours, or like what these call."""
    ours = functions().keys() | native.helper_names().keys()
    return [
        element
        for element in elements(xml)
        if element.path == (*_NAMES, "definedName")
        and element.attributes.get("name", "").upper() in ours
    ]


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
