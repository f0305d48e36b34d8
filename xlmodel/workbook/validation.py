"""Data validation: what a cell accepts, checked for values that are set from outside.

A cell's custom rule is Excel's to evaluate; every other kind is checked here.
"""

import math
import re
from collections.abc import Callable
from typing import NamedTuple
from xml.etree import ElementTree

from xlmodel.hosts.engine import Value
from xlmodel.hosts.syntax import tokens
from xlmodel.registry import CellError
from xlmodel.workbook.formats import to_iso
from xlmodel.workbook.package import local
from xlmodel.workbook.untrusted import WorkbookError, reference

_SECTION = re.compile(rb"<(?:x14:)?dataValidations[\s>].*?</(?:x14:)?dataValidations>", re.DOTALL)
_PREFIX = re.compile(rb"(</?)(?:x14|xm|xr|mc|x14ac):")
_ATTRIBUTE_PREFIX = re.compile(rb"\s[\w]+:[\w]+=\"[^\"]*\"")

Look = Callable[[str], list[Value] | None]


class Rule(NamedTuple):
    """One validation: the cells it is for, its kind and operator, and its limits as formulas.

    One that is not ``strict`` only warns; ``blank`` says whether a blank cell is accepted.
    """

    cells: str
    kind: str
    operator: str
    first: str
    last: str
    strict: bool
    blank: bool


def rules(sheet: bytes) -> list[Rule]:
    """The validations of a sheet."""
    found = []
    for section in _SECTION.findall(sheet):
        plain = _PREFIX.sub(rb"\1", _ATTRIBUTE_PREFIX.sub(b"", section))
        try:
            root = ElementTree.fromstring(plain)  # noqa: S314 (part of a sheet, no document type)
        except ElementTree.ParseError:
            continue
        found += [_rule(element) for element in root if local(element.tag) == "dataValidation"]
    return found


def _rule(element: ElementTree.Element) -> Rule:
    texts = {local(child.tag): "".join(child.itertext()) for child in element}
    return Rule(
        element.get("sqref", texts.get("sqref", "")),
        element.get("type", "none"),
        element.get("operator", "between"),
        texts.get("formula1", ""),
        texts.get("formula2", ""),
        element.get("errorStyle", "stop") == "stop",
        element.get("allowBlank") in {"1", "true"},
    )


def rule_for(found: list[Rule], row: int, column: int) -> Rule | None:
    """The validation of a cell."""
    for rule in found:
        for part in rule.cells.split():
            try:
                place = reference(part, "")
            except WorkbookError:
                continue
            if place.top <= row <= place.bottom and place.left <= column <= place.right:
                return rule
    return None


def fault(name: str, value: Value, rule: Rule, look: Look, date1904: bool) -> str:
    """Why a cell with this rule does not accept the value; "" when it does.

    ``look`` gives the values of a reference or a name.
    """
    if value is None and (rule.blank or rule.kind not in {"list", *_KINDS}):
        return ""
    if rule.kind == "list":
        allowed = [_text(item) for item in _listed(rule.first, look)]
        if not allowed or _text(value).casefold() in {item.casefold() for item in allowed}:
            return ""
        shown = ", ".join(allowed[:20]) + (", …" if len(allowed) > 20 else "")
        given = "blank" if value is None else repr(_text(value))
        return f"{name} is {given}, but must be one of: {shown}"
    if rule.kind not in _KINDS:
        return ""
    number = value
    if rule.kind == "textLength" and value is not None:
        number = float(len(_text(value)))
    limits = [_limit(formula, look) for formula in (rule.first, rule.last)]
    if isinstance(number, float) and _within(number, rule, limits):
        return ""
    shown = "blank" if value is None else _shown(value, rule, date1904)
    first, last = (_shown(limit, rule, date1904) for limit in limits)
    words = _WORDS.get(rule.operator, "").format(first, last)
    return f"{name} is {shown}, but must be {_KINDS[rule.kind]} {words}"


def limits(rule: Rule, look: Look) -> tuple[float, float]:
    """The smallest and the largest number that a rule accepts; infinite where it sets no limit.

    A rule with a hole ("not between", "not equal") limits nothing here.
    """
    first, last = (_limit(formula, look) for formula in (rule.first, rule.last))
    low, high = -math.inf, math.inf
    if rule.kind not in {"whole", "decimal"} or (first is None and rule.operator != "between"):
        return low, high
    one = first or 0.0
    return {
        "between": (low if first is None else first, high if last is None else last),
        "equal": (one, one),
        "greaterThan": (math.nextafter(one, high), high),
        "greaterThanOrEqual": (one, high),
        "lessThan": (low, math.nextafter(one, low)),
        "lessThanOrEqual": (low, one),
    }.get(rule.operator, (low, high))


def _shown(value: Value, rule: Rule, date1904: bool) -> str:
    if type(value) is not float:
        return "…" if value is None else repr(value)
    text = to_iso(value, date1904) if rule.kind == "date" else None
    return text or f"{value:.15g}"


def _listed(formula: str, look: Look) -> list[Value]:
    if formula.startswith('"'):
        return [item.strip() for item in formula.strip('"').replace('""', '"').split(",")]
    return [value for value in look(formula) or () if value is not None]


def _limit(formula: str, look: Look) -> float | None:
    """A limit as a number, None where there is none that could be read."""
    if not formula:
        return None
    try:
        return float(formula)
    except ValueError:
        words = tokens(formula)
    found = look(formula) if len(words) == 1 and words[0].kind in {"ref", "name"} else []
    return found[0] if found and type(found[0]) is float else None


def _within(number: float, rule: Rule, limits: list[float | None]) -> bool:
    """Whether a number is accepted; a limit that could not be read limits nothing."""
    first, last = limits
    if rule.kind == "whole" and not number.is_integer():
        return False
    if rule.operator == "between":
        low = -math.inf if first is None else first
        return low <= number <= (math.inf if last is None else last)
    if first is None or (last is None and rule.operator == "notBetween"):
        return True
    return {
        "notBetween": last is None or not first <= number <= last,
        "equal": number == first,
        "notEqual": number != first,
        "greaterThan": number > first,
        "lessThan": number < first,
        "greaterThanOrEqual": number >= first,
        "lessThanOrEqual": number <= first,
    }.get(rule.operator, True)


_WORDS = {
    "between": "between {} and {}",
    "notBetween": "outside of {} to {}",
    "equal": "equal to {}",
    "notEqual": "different from {}",
    "greaterThan": "greater than {}",
    "lessThan": "less than {}",
    "greaterThanOrEqual": "{} or more",
    "lessThanOrEqual": "{} or less",
}
_KINDS = {
    "whole": "a whole number",
    "decimal": "a number",
    "date": "a date",
    "time": "a time",
    "textLength": "a text of a length",
}


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    return value.kind if isinstance(value, CellError) else value or ""
