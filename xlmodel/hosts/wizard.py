"""What a function wizard shows, from the declaration, within what Excel takes.

Excel cuts a description and the help of an argument after 255 characters; LibreOffice and xlwings
Lite show the same texts.
"""

from typing import Final

from xlmodel.registry import Function, Parameter, docs
from xlmodel.units import Quantity

CATEGORY: Final = "xlmodel"
LIMIT: Final = 255


def description(function: Function) -> str:
    """What the function gives, and in which unit.

    >>> from xlmodel.registry import find
    >>> description(find("NODE_COST"))
    'Cost of a node in a day. Result in USD/day.'
    """
    result = function.result
    unit = f" Result in {result.unit}." if isinstance(result, Quantity) else ""
    return _cut(docs.parts(function)["Summary"] + unit)


def argument_help(p: Parameter) -> str:
    """What an argument means, its unit, range and default.

    >>> from xlmodel.registry import find
    >>> argument_help(find("NODE_COST").parameters[2])
    'hours paid in a day [hours/day; from 0 to 24]. Default: 24.'
    """
    return _cut(docs.describe(p))


def _cut(text: str) -> str:
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"
