"""The calls on which every host must equal Python, derived from the registry.

A host writes a case into cells and a formula (or calls its function as the spreadsheet would) and
gives back what the cell shows. In ``Case.args``

* a number, text or bool is the content of a cell; the text "" is what the formula ``=""`` leaves;
* None is a blank cell, a ``CellError`` a cell with that error;
* ``OMITTED`` is nothing between two commas, as in ``NODE_COST(8,3.49,,100)``, or behind the last;
* a list of rows is a range; ``[[x]]`` is the range of one cell (A1:A1);
* arguments that are left out at the end are simply not there: the tuple is shorter.

A host is a module ``tests/parity/<host>.py`` with ``answers(cases)``, listed in ``hosts``. What it
can't answer as Python does it says in ``EXCEPT``: a function, a kind of case or the id of a case,
and the reason, with which it stands in ``matrix.md``. An exception without need fails the test.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from tests.parity.derived import derived
from tests.parity.samples import EXTRA, OMITTED, Args
from xlmodel.registry import Function, functions

__all__ = ["EXCEL_CALLS_NOT", "KINDS", "OMITTED", "Args", "Case", "cases"]


class Case(NamedTuple):
    """One call, and what Python answers."""

    id: str
    function: str
    kind: str
    args: Args
    expected: object


KINDS: Final = {
    "value": "good values",
    "limit": "every argument at the low or the high end of its range",
    "zero": "an argument that is zero, or all of them",
    "omitted": "an argument left out: at the end, or between two commas",
    "blank": "a blank cell, alone or in a range",
    "empty text": 'a cell that shows nothing, since its formula gives ""',
    "text form": "a name in other case, or with needless spaces",
    "wrong type": "text, a number as text, TRUE or FALSE where a number belongs; and the reverse",
    "too many": "one argument more than the function has, a blank cell",
    "out of range": "a number below or above what is accepted",
    "error in": "a cell that holds an error",
    "two bad": "two bad arguments: the first says which error it is",
    "miss": "nothing found under a name, or on a day",
    "no solution": "arguments that are fine each by itself, but not together",
    "table": "a table whose columns, rows or cells are out of order",
    "measured": "figures from the user's own benchmarks, or from the measured grid",
    "own row": "a model or a GPU by a header row and a row of the user's own table",
    "explained": "what is said of a call",
    "range": "a column or a row for one argument, or for all",
    "long range": "a column of more cells than are computed one by one",
    "grid": "a column against a row, or a block",
    "bad cell": "a range with one bad cell, which spoils its own result alone",
    "lengths": "ranges of different length: #N/A past the end of the shorter",
    "one cell": "a range of one cell",
}
"""The kinds of case, and what each of them tries."""
EXCEL_CALLS_NOT: Final = {"too many": "Excel calls no function with more than it declares"}
"""What hosts leave out whose calls Excel makes."""


def cases() -> list[Case]:
    """Every case of every function: always the same ones, in the same order."""
    return list(_cases())


@cache
def _cases() -> tuple[Case, ...]:
    return tuple(case for function in functions().values() for case in _of(function))


def _of(function: Function) -> Iterator[Case]:
    for kind, what, args in (*derived(function), *EXTRA.get(function.name, ())):
        given = [None if value is OMITTED else value for value in args]
        name = f"{function.name}/{kind}/{what}"
        yield Case(name, function.name, kind, args, function.call_cells(given))
