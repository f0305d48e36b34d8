"""LibreOffice Calc with the extension: all cases in one workbook file, as the Calc edition is.

Calc tells an add-in less than is in the cells, and takes some errors upon itself. What it does is
written down in ``told`` and ``foreseen``; a case in which that changes the answer is an exception,
with the rule as its reason. ``tests/hosts/calc/test_calc_rules.py`` holds that exactly these
answers are given.
"""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from tests.hosts.calc import office
from tests.parity.cases import OMITTED, Case, cases
from tests.parity.hosts import same
from tests.parity.layout import SHEET, Layout, Placed, lay_out, spills, write_cells
from xlmodel.hosts.calc import adapter, values
from xlmodel.hosts.calc.names import stored_call
from xlmodel.hosts.syntax import address
from xlmodel.registry import CellError, Parameter, functions
from xlmodel.registry.convert import flat
from xlmodel.units import Table

BLANK: Final = "a blank cell as one argument reaches an add-in as 0 (one in a range does not)"
ZERO: Final = "a 0 where none is accepted counts as that of a blank cell, which means the default"
LOGICAL: Final = "TRUE and FALSE reach an add-in as 1 and 0"
ERROR: Final = "an error is the result without a call, whatever else is wrong"
ERROR_IN_RANGE: Final = "a range with an error cell makes the whole result Err:504 (#VALUE!)"


def answers(asked: Sequence[Case]) -> list[object]:
    """All cases in one document."""
    layout = lay_out(asked)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cases.xlsx")
        _write(layout, path)
        area = f"{SHEET}!A1:{address(*layout.end)}"
        _, grid, _ = office.shared().run([["open", path.as_uri()], ["read", area], ["close"]])
    found = {placed.case.id: _answer(placed, grid) for placed in layout.placed}
    return [found[case.id] for case in asked]


def _write(layout: Layout, path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        write_cells(sheet, layout)
        for placed in layout.placed:
            _write_formula(sheet, placed)


def _write_formula(sheet: Any, placed: Placed) -> None:
    """A formula as the Calc edition stores it.

    What spills elsewhere is an array formula over the cells of the result that is expected; beside
    it stands how many rows and columns the result has.
    """
    case, formula, row, column, height, width = placed
    formula = formula.replace(case.function, stored_call(case.function), 1)
    if not placed.spills:
        sheet.write_formula(row - 1, column - 1, formula, None, 0)
        return
    right = column + width - 2
    sheet.write_array_formula(row - 1, column - 1, row + height - 3, right - 1, formula, None, 0)
    call = formula.removeprefix("=")
    size = f"{{=ROWS({call})+COLUMNS({call})/1000}}"
    sheet.write_array_formula(row - 1, right, row - 1, right, size)


def _answer(placed: Placed, grid: list[list[Any]]) -> object:
    """One value, or the rows of a result; none if its size is another than expected."""
    top, left = placed.row - 1, placed.column - 1
    if not placed.spills:
        return grid[top][left]
    *rows, _ = [row[left : left + placed.width] for row in grid[top : top + placed.height]]
    size = rows[0][-1]
    expected = len(rows) + (placed.width - 1) / 1000
    return [row[:-1] for row in rows] if size == expected or isinstance(size, CellError) else size


def foreseen(case: Case) -> object:
    """What Calc answers by its rules."""
    if case.kind == "too many":
        return CellError("#VALUE!")  # without a call
    errors = [error for p, value in reversed(_pairs(case)) for error in _errors(p, value)]
    if not errors:
        return _called(case.function, [told(value) for value in case.args])
    if not spills(case):
        return errors[0]
    assert isinstance(case.expected, list)
    return [[errors[0]] * len(row) for row in case.expected]


def told(value: object) -> Any:
    """What Calc tells the add-in of an argument."""
    if value is OMITTED:
        return None
    if isinstance(value, list):
        return tuple(tuple("" if v is None else _number(v) for v in row) for row in value)
    if isinstance(value, CellError):  # in a cell where a table is wanted
        return value
    return 0.0 if value is None else _number(value)


def _number(value: object) -> object:
    if isinstance(value, CellError):
        return values.error_number(value.kind)
    return float(value) if isinstance(value, bool) else value


def _pairs(case: Case) -> list[tuple[Parameter, Any]]:
    """The arguments of a case, each with its parameter."""
    own = functions()[case.function].parameters
    return [(own[min(i, len(own) - 1)], value) for i, value in enumerate(case.args)]


def _errors(p: Parameter, value: object) -> Iterable[CellError]:
    """The error that Calc makes of an argument without asking the add-in.

    It hands over a table, unless that may be left out (see ``hosts/calc/idl``).
    """
    if isinstance(p.kind, Table) and p.required:
        return
    if isinstance(value, CellError):
        yield value
    if isinstance(value, list) and any(isinstance(v, CellError) for row in value for v in row):
        yield CellError("#VALUE!")


def _called(name: str, given: list[Any]) -> object:
    parameters = functions()[name].parameters
    given += [None] * (len(parameters) - len(given))
    if parameters and parameters[-1].repeated:
        last = len(parameters) - 1
        given[last:] = [tuple(given[last:])]
    rows = [[values.in_range(v) for v in row] for row in adapter.caller(name)(*given)]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def _reason(case: Case) -> str:
    """Which rule makes the answer another than Python's; the sharpest first."""
    cells = [v for value in case.args for v in flat(value)]
    if any(isinstance(value, CellError) for value in cells):
        return ERROR if any(isinstance(a, CellError) for a in case.args) else ERROR_IN_RANGE
    if any(isinstance(value, bool) for value in cells):
        return LOGICAL
    if None in case.args:
        return BLANK
    if any(value == 0 and values.zero_is_blank(p) for p, value in _pairs(case)):
        return ZERO
    raise AssertionError(f"{case.id}: no rule makes this answer another than Python's")


EXCEPT: dict[str, str] = {
    case.id: _reason(case) for case in cases() if not same(foreseen(case), case.expected)
}
"""Cases that the host can't answer as Python does, by id: why."""
