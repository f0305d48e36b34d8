"""All rules of the workbook standard, and where our own workbooks depart from them.

Both the list that ``xlmodel check --rules`` prints and ``xlmodel/standard.md`` come from here.
"""

from xlmodel.workbook.check import control, formulas, inputs, presentation, structure
from xlmodel.workbook.check.rule import Rule, registered

_ORDER = [module.GROUP for module in (structure, inputs, formulas, control, presentation)]
RULES: dict[str, Rule] = {
    number: one
    for group in _ORDER
    for number, one in registered().items()
    if one.group == group
}

DEPARTURES: dict[str, str] = {}
"""Rules that our four editions don't keep everywhere, and why not."""
