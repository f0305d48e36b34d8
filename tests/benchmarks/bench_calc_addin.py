"""Recalculating our functions against native formulas that do the same arithmetic.

Run by hand: ``python -m tests.benchmarks.bench_calc_addin [rows]``. NODE_MARGIN in each of so many
rows: as a call in each cell, as one call over the columns, as arithmetic in each cell; in
LibreOffice with the real extension (``calculateAll``, best of five) and in the headless engine
(the whole calculation less that of a file with nothing but the inputs, best of three). A call of
the engine is measured as it is by default, where a column of like calls becomes one, and cell by
cell. Ratios are to the native formulas of the same program in the same run.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from tests.hosts.calc import office
from xlmodel.hosts.calc.names import stored_call
from xlmodel.workbook import calc

ROWS = 10_000
NAME: Final = "NODE_MARGIN"
NATIVE: Final = "=(A{r}*B{r}*C{r}+A{r}*D{r})*86400/1000000-E{r}*F{r}*24"
CELLS: Final = "=NODE_MARGIN(A{r},B{r},C{r},D{r},E{r},F{r})"
RANGE: Final = "=NODE_MARGIN(A1:A{n},B1:B{n},C1:C{n},D1:D{n},E1:E{n},F1:F{n})"
Write = Callable[[Any, int], None]


def _inputs(sheet: Any, rows: int) -> None:
    for r in range(rows):
        sheet.write_row(r, 0, (300 + r % 7, 10, 2.8, 2.8 + r % 3 * 0.1, 8, 3 + r % 50 * 0.01))


def _each_row(formula: str) -> Write:
    def write(sheet: Any, rows: int) -> None:
        for r in range(rows):
            sheet.write_formula(r, 6, formula.format(r=r + 1), None, 1)

    return write


def _calc_array(sheet: Any, rows: int) -> None:
    formula = RANGE.format(n=rows).replace(NAME, stored_call(NAME))
    sheet.write_array_formula(0, 6, rows - 1, 6, f"{{{formula}}}", None, 1)


def _spill(sheet: Any, rows: int) -> None:
    sheet.write_dynamic_array_formula("G1", RANGE.format(n=rows), None, 1)


IN_CALC: Final[Mapping[str, Write]] = {
    "native formulas": _each_row(NATIVE),
    "a call in each cell": _each_row(CELLS.replace(NAME, stored_call(NAME))),
    "one call over the columns": _calc_array,
}
IN_ENGINE: Final[Mapping[str, tuple[Write, bool]]] = {
    "inputs only": (lambda _sheet, _rows: None, True),
    "native formulas": (_each_row(NATIVE), True),
    "a call in each cell": (_each_row(CELLS), True),
    "the same, cell by cell": (_each_row(CELLS), False),
    "one call over the columns": (_spill, True),
}


def file_with(folder: Path, rows: int, write: Write) -> Path:
    path = folder / "bench.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        _inputs(sheet, rows)
        write(sheet, rows)
    return path


def in_calc(path: Path, rows: int) -> tuple[float, float]:
    """Seconds of a recalculation, and the sum of the results."""
    steps = [["open", path.as_uri()], ["recalculate", 5], ["read", f"G1:G{rows}"], ["close"]]
    _, times, grid, _ = office.shared().run(steps)
    return min(times), sum(value for (value,) in grid)


def in_engine(path: Path, rows: int, hoist: bool) -> tuple[float, float]:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        result = calc.calculate(path, hoist=hoist).result
        times.append(time.perf_counter() - start)
    grid = result.grid("S", 1, 7, rows, 7)
    return min(times), sum(row[0] or 0.0 for row in grid)


def show(title: str, found: Mapping[str, float]) -> None:
    print(title)
    for name, seconds in found.items():
        ratio = seconds / found["native formulas"]
        print(f"  {name:<27} {seconds * 1e3:8.1f} ms   {ratio:7.1f} times native formulas")


def main(rows: int) -> None:
    sums = []
    with tempfile.TemporaryDirectory() as name:
        calc_times = {}
        for label, write in IN_CALC.items():
            calc_times[label], total = in_calc(file_with(Path(name), rows, write), rows)
            sums.append(total)
        engine_times = {}
        for label, (write, hoist) in IN_ENGINE.items():
            path = file_with(Path(name), rows, write)
            engine_times[label], total = in_engine(path, rows, hoist)
            sums += [total] if total else []
    reading = engine_times.pop("inputs only")
    print(f"{rows:,} rows of {NAME}; all sums within {max(sums) - min(sums):.1e}")
    show("LibreOffice Calc", calc_times)
    show("headless engine", {k: seconds - reading for k, seconds in engine_times.items()})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
