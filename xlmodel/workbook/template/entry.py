"""Rows of the sheet Inputs: label, value, unit, cases, what is accepted, note.

Unit, accepted range and prompt of an input that feeds an argument of a function come from that
argument's declaration in ``units``.

A driver has a value for each case, typed beside it; its own cell shows that of the case chosen.
"""

import datetime
import math
from collections.abc import Sequence

from xlmodel.registry import find
from xlmodel.units import Quantity, Series, Text
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.parts import Accepts, Cell, Row, Value

FOUNDING_SCENARIO = "Founding case, July 2024"
FOUNDING_DATE = datetime.date(2024, 7, 27)

LAST = "J"
_NOTE_WIDTH = 82

CASES = ("Base", "Upside", "Downside", "Own")
CASE_COLUMNS = dict(zip("EFGH", CASES, strict=True))
NONE_TYPED = "–"


def row(name: str, label: str, value: Value, form: str, unit: str, a: Accepts, note: str) -> Row:
    role = "input_text" if form in ("text", "date") else "input"
    cells = {
        "B": Cell(label, role="label"),
        "C": Cell(value, form, role, name, accepts=a),
        "D": Cell(unit, role="unit"),
        "I": Cell(a.words, role="note"),
        "J": Cell(note, role="wrapped_note"),
    }
    return Row(cells, height=16.5 * max(math.ceil(len(note) / _NOTE_WIDTH), 1))


def number(
    name: str,
    label: str,
    value: float | None,
    form: str,
    note: str,
    *,
    kind: object = None,
    blank: str = "",
) -> Row:
    """An input that is a number; without a kind it is that of the argument of its name."""
    quantity = _quantity(name, kind)
    return row(name, label, value, form, quantity.unit, accept.quantity(quantity, blank), note)


def _quantity(name: str, kind: object = None) -> Quantity:
    kind = kind or accept.argument(name.removeprefix("in_"))
    quantity = kind.item if isinstance(kind, Series) else kind
    assert isinstance(quantity, Quantity), name
    return quantity


def driver(
    name: str,
    label: str,
    values: Sequence[float | None],
    form: str,
    note: str,
    *,
    blank: str = "",
) -> Row:
    """A number with a value for each case: the first for the base, a blank one is as the base.

    What a blank base stands for is the default of the argument in NODE_MARGIN; a price without one
    is taken from its table, and shows as a dash.
    """
    argument = name.removeprefix("in_")
    quantity = _quantity(name)
    defaults = {p.name: p.default for p in find("NODE_MARGIN").parameters if not p.required}
    instead = defaults.get(argument)
    fixed = f"{instead:g}" if isinstance(instead, int | float) else ""
    otherwise, words = fixed or f'"{NONE_TYPED}"', blank or fixed
    base, case = "$E{row}", "INDEX($E{row}:$H{row},case_number)"
    live = f'=IF({case}="",IF({base}="",{otherwise},{base}),{case})'
    made = row(name, label, live, form, quantity.unit, accept.quantity(quantity, words), note)
    cells = {**made.cells, "C": Cell(live, form, "output_text", name)}
    for (column, title), value in zip(CASE_COLUMNS.items(), values, strict=True):
        accepts = accept.quantity(quantity, words if title == CASES[0] else "as in the base case")
        cells[column] = Cell(value, form, "input", accepts=accepts, across=f"case_{argument}")
    return Row(cells, made.height)


def pick(name: str, label: str, value: str, table: str, note: str, *, kind: str = "") -> Row:
    """An input that is a name from a list on one of the price sheets."""
    declared = accept.argument(kind or name.removeprefix("in_"))
    assert isinstance(declared, Text), name
    return row(name, label, value, "text", "name", accept.choice(table, declared.about), note)
