"""The formulas of a workbook's XML, wherever they stand, and the calls of our functions in them.

Cells, table columns, conditional formats, data validations, the limits of colour scales and names
hold formulas. They are found in the bytes of a part, so that all other bytes can stay.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from xml.sax.saxutils import escape

from xlmodel.hosts.engine import function_name
from xlmodel.hosts.syntax import Token, calls, tokens
from xlmodel.registry import Parameter, functions
from xlmodel.workbook.package import Package
from xlmodel.workbook.sheetxml import unescape
from xlmodel.workbook.untrusted import WorkbookError

_REST = rb"""\b(?:[^>"']|"[^"]*"|'[^']*')*"""
_ELEMENTS = rb"f|formula[12]?|calculatedColumnFormula|totalsRowFormula|definedName"
_TEXT = re.compile(rb"(<(?:\w+:)?(?:" + _ELEMENTS + rb")" + _REST + rb"(?<!/)>)([^<]*)(?=<(.))")
_LIMIT = re.compile(rb"(<(?:\w+:)?cfvo" + _REST + rb'?\bval=)("[^"]*"|' + rb"'[^']*')")
_OURS = re.compile("|".join(functions()).encode(), re.IGNORECASE)
_IN_ATTRIBUTE = {'"': "&quot;", "'": "&apos;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def parts(package: Package) -> list[str]:
    """The parts that hold formulas, the workbook's own part last."""
    tables = [
        table
        for sheet in package.sheets
        for table in package.relations(sheet.part, "table").values()
    ]
    return [*(sheet.part for sheet in package.sheets), *tables, package.main]


def mention(formula: bytes) -> bool:
    """Whether a formula may hold a call of ours: quick, and never wrongly False."""
    return _OURS.search(formula) is not None


def rewritten(xml: bytes, new: Callable[[str], str], where: str) -> bytes:
    """The part with other formulas in the place of those that may call our functions."""

    def text(found: re.Match[bytes]) -> bytes:
        if found[3] in b"!?":
            raise WorkbookError(
                f"{where} holds a formula in an unusual form (with CDATA or a comment); open the "
                "workbook in Excel, save it, and try again"
            )
        if not mention(found[2]):
            return found[0]
        return found[1] + escape(new(unescape(found[2].decode())), {"\r": "&#13;"}).encode()

    def limit(found: re.Match[bytes]) -> bytes:
        if not mention(found[2]):
            return found[0]
        formula = new(unescape(found[2][1:-1].decode()))
        return found[1] + b'"' + escape(formula, _IN_ATTRIBUTE).encode() + b'"'

    return _LIMIT.sub(limit, _TEXT.sub(text, xml))


def ours(word: Token) -> str:
    """The function of ours that a word of a formula calls, "" for any other word."""
    name = function_name(word.text) if word.kind == "call" else ""
    return name if name in functions() else ""


def called(formula: str) -> set[str]:
    """The functions of ours that a formula calls.

    >>> called('_xldudf_NODE_COST(1,2)&"GPU_SPEC(1)"')
    {'NODE_COST'}
    """
    return {ours(word) for word in tokens(formula)} - {""}


def lone_arguments(words: Sequence[Token]) -> Iterator[tuple[Parameter, int]]:
    """The arguments of our calls that are one word and nothing else: what it is for, and where."""
    for call in calls(words):
        function = functions().get(ours(words[call.start]))
        given = zip(function.parameters if function else (), call.arguments, strict=False)
        for parameter, (start, end) in given:
            argument = [i for i in range(start, end) if words[i].kind != "space"]
            if len(argument) == 1:
                yield parameter, argument[0]


def called_in(xml: bytes, where: str) -> set[str]:
    """The functions of ours that the formulas of a part call."""
    found: set[str] = set()

    def note(formula: str) -> str:
        found.update(called(formula))
        return formula

    rewritten(xml, note, where)
    return found


def names_that_call(package: Package) -> set[str]:
    """The names, in lower case, whose formulas reach a call of ours, by other names too."""
    words = [(name.name.lower(), tokens(name.formula)) for name in package.names]
    found = {name for name, formula in words if any(map(ours, formula))}
    while more := {name for name, formula in words if uses(formula, found)} - found:
        found |= more
    return found


def uses(formula: Sequence[Token], names: set[str]) -> bool:
    """Whether a formula uses one of these names, as a value or as a function."""
    return any(
        word.text.rpartition("!")[2].lower() in names
        for word in formula
        if word.kind in {"name", "call"}
    )
