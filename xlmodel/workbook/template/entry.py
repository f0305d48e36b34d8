"""Rows of the sheet Inputs: label, value, unit, what is accepted, note.

Unit, accepted range and prompt of an input that feeds an argument of a function come from that
argument's declaration in ``units``.
"""

import datetime
import math

from xlmodel.units import Quantity, Series, Text
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.parts import Accepts, Cell, Row, Value

FOUNDING_SCENARIO = "Founding case, July 2024"
FOUNDING_DATE = datetime.date(2024, 7, 27)

LAST = "F"
_NOTE_WIDTH = 82


def row(name: str, label: str, value: Value, form: str, unit: str, a: Accepts, note: str) -> Row:
    role = "input_text" if form in ("text", "date") else "input"
    cells = {
        "B": Cell(label, role="label"),
        "C": Cell(value, form, role, name, accepts=a),
        "D": Cell(unit, role="unit"),
        "E": Cell(a.words, role="note"),
        "F": Cell(note, role="wrapped_note"),
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
    kind = kind or accept.argument(name.removeprefix("in_"))
    quantity = kind.item if isinstance(kind, Series) else kind
    assert isinstance(quantity, Quantity), name
    return row(name, label, value, form, quantity.unit, accept.quantity(quantity, blank), note)


def pick(name: str, label: str, value: str, table: str, note: str, *, kind: str = "") -> Row:
    """An input that is a name from a list on one of the price sheets."""
    declared = accept.argument(kind or name.removeprefix("in_"))
    assert isinstance(declared, Text), name
    return row(name, label, value, "text", "name", accept.choice(table, declared.about), note)
