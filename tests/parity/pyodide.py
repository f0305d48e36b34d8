"""xlwings Lite: the embedded ``main.py`` in Pyodide in Node, with the real wheel of xlwings.

What Lite itself does is played by a stand-in, ``tests/hosts/lite/office.py``.
"""

from collections.abc import Sequence
from typing import Any, Final

from tests.hosts.lite import node
from tests.hosts.lite.office import ERRORS
from tests.parity.cases import EXCEL_CALLS_NOT, OMITTED, Case
from xlmodel.hosts.lite import bundle
from xlmodel.registry import CellError, functions

EXCEPT = {
    **EXCEL_CALLS_NOT,
    "NODE_TPS/measured/the grid": "the measured grid is too large for an embedded text",
}
_KINDS: Final = {office: kind for kind, office in ERRORS.items()}


def answers(cases: Sequence[Case]) -> list[object]:
    """What the cell shows for each case; one process for all."""
    calls = [(case.function, passed(case.function, case.args)) for case in cases]
    _, found = node.run(bundle.code(), calls)
    return [_shown(grid) for grid in found]


def passed(name: str, args: Sequence[object]) -> list[Any]:
    """The arguments of a call as Office.js passes them to a custom function, in JSON."""
    given = [None if value is OMITTED else _range(value) for value in args]
    parameters = functions()[name].parameters
    if parameters and parameters[-1].repeated:
        single = len(parameters) - 1
        return [*given[:single], given[single:]]
    return given + [None] * (len(parameters) - len(given))


def _range(value: object) -> list[list[object]]:
    rows = value if isinstance(value, list) else [[value]]
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(cell: object) -> object:
    if isinstance(cell, CellError):
        return {"type": "Error", "basicType": "Error", "basicValue": cell.kind}
    return cell


def _shown(grid: list[list[Any]]) -> object:
    rows = [
        [CellError(_KINDS[v["errorType"]]) if isinstance(v, dict) else v for v in row]
        for row in grid
    ]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows
