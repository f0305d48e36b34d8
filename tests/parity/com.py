"""Excel for Windows by xlwings' COM server, on stand-ins for pywin32 and Excel.

The server, its import of our module and its conversion of values are those of xlwings; see
``tests/hosts/excel/server.py`` for what plays Excel.
"""

from collections.abc import Sequence

from tests.hosts.excel import server
from tests.parity.cases import EXCEL_CALLS_NOT, Case

EXCEPT = EXCEL_CALLS_NOT


def answers(cases: Sequence[Case]) -> list[object]:
    """Every argument in cells."""
    return server.run(cases).from_cells


def answers_of_constants(cases: Sequence[Case]) -> list[object]:
    """Every argument written into the formula, or computed in it: no reference to cells."""
    return server.run(cases).from_constants
