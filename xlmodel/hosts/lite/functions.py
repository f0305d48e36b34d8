"""Every registered function as a custom function of xlwings Lite.

Lite hands on what Office.js gives, and arguments are asked for as they come (the converter "raw"):
one cell as a value, one row as a list, more rows as a list of lists. A blank cell is null, an error
or a formatted number a ``dict``, a date a serial number. xlwings' own conversion would make an
error a blank, for which a function takes its default: a wrong number without a word.

On the way back xlwings turns the text of an error into a true error, for the seven kinds of
``ERRORS``.
"""

from typing import Any, Final

from xlmodel.hosts import wizard
from xlmodel.hosts.publish import published
from xlmodel.registry import CellError, functions
from xlmodel.registry.errors import KINDS, VALUE

ERRORS: Final = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"),
)
"""The errors that a custom function can return; text of any other would stay text."""


def publish(module: dict[str, Any]) -> None:
    """Put each function, under its name in a cell, into the module in which Lite looks for them."""
    import xlwings

    for function in functions().values():
        made = published(function, from_office, to_office)
        made.__module__ = module["__name__"]
        for p in function.parameters:
            made = xlwings.arg(p.name, convert="raw", doc=wizard.argument_help(p))(made)
        module[function.name] = xlwings.func(made)


def from_office(value: Any) -> object:
    """An argument as ``Function.call_cells`` takes it.

    >>> from_office(3.49), from_office({"type": "Error", "basicValue": "#N/A"})
    (3.49, CellError(kind='#N/A', reason=''))
    >>> from_office([1.0, None]), from_office([[1.0], [2.0]])
    ([[1.0, None]], [[1.0], [2.0]])
    """
    if not isinstance(value, list | tuple):
        return _cell(value)
    rows = value if value and isinstance(value[0], list | tuple) else [value]
    return [[_cell(item) for item in row] for row in rows]


def _cell(value: Any) -> object:
    if isinstance(value, dict):
        return _typed_cell(value)
    if type(value).__name__ == "JsNull":  # what Pyodide makes of null since 0.28
        return None
    if isinstance(value, str) and value in KINDS:  # an Excel without typed values
        return CellError(value)
    return value


def _typed_cell(cell: dict[str, Any]) -> object:
    """A cell as Office.js describes one that is more than a number or a text."""
    value, kinds = cell.get("basicValue"), (cell.get("type"), cell.get("basicType"))
    if "Error" in kinds:
        return CellError(value if value in KINDS else VALUE)
    return None if "Empty" in kinds else _cell(value)


def to_office(cell: Any) -> object:
    """A cell of a result as xlwings writes it.

    >>> to_office(1), to_office(CellError("#NUM!", "why")), to_office(CellError("#SPILL!"))
    (1.0, '#NUM!', '#VALUE!')
    """
    if isinstance(cell, CellError):
        return cell.kind if cell.kind in ERRORS else VALUE
    if isinstance(cell, str | bool):
        return cell
    return float(cell)  # a whole number of Python may become a BigInt, which Excel does not take
