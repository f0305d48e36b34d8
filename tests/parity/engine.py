"""The headless engine: all cases in one workbook file, recalculated as ``xlmodel calc`` does."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.parity.cases import Case
from tests.parity.layout import SHEET, form, lay_out, read, write
from xlmodel.hosts.engine.hoist import FEWEST_ROWS
from xlmodel.workbook import calc


def answers(cases: Sequence[Case]) -> list[object]:
    """Columns of calls become one call each."""
    return _answers(cases, hoist=True)


def answers_cell_by_cell(cases: Sequence[Case]) -> list[object]:
    """Each cell is a call of its own."""
    return _answers(cases, hoist=False)


def _answers(cases: Sequence[Case], hoist: bool) -> list[object]:
    layout = lay_out([*cases, *(_filling(cases) if hoist else [])])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cases.xlsx")
        write(layout, path)
        calculation = calc.calculate(path, hoist=hoist)
    assert not calculation.unsupported, calculation.unsupported[:3]
    grid = calculation.result.grid(SHEET, 1, 1, *layout.end)
    return read(layout, cases, lambda row, column: grid[row - 1][column - 1])


def _filling(cases: Sequence[Case]) -> list[Case]:
    """Copies of cases, for columns of one formula that are long enough to become one call.

    Columns with every argument in them, and columns that leave some out.
    """
    times = Counter(map(form, cases))
    chosen = {form(case): case for case in cases if case.kind in {"value", "omitted"}}
    return [
        case._replace(id=f"{key} {k}")
        for key, case in chosen.items()
        for k in range(times[key], FEWEST_ROWS)
    ]
