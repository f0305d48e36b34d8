"""How long a recalculation takes, as a multiple of reading the file and computing with NumPy.

Run by hand: ``python -m tests.benchmarks.bench_calc [rows]``. The workbook has seven formulas a
row, six of them calls of our functions. Each figure is the median of three alternating runs.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xlsxwriter
from python_calamine import CalamineWorkbook

from xlmodel.workbook import calc

ROWS = 100_000
RUNS = 3
FORMULAS = (
    "=TOKENS_PER_DAY(A{r},B{r},G{r})",
    "=NODE_REVENUE(A{r},B{r},C{r},D{r},G{r})",
    "=NODE_COST(E{r},F{r})",
    "=NODE_MARGIN(A{r},B{r},C{r},D{r},E{r},F{r},G{r})",
    "=K{r}/I{r}",
    "=COST_PER_MTOK(J{r},H{r})",
    "=BREAKEVEN_UTILIZATION(A{r},B{r},C{r},D{r},E{r},F{r})",
)


def write(path: Path, rows: int) -> None:
    """Columns A to G hold inputs, H to N formulas."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        for r in range(rows):
            inputs = (300 + r % 7, 10, 2.8, 2.8 + r % 3 * 0.1, 8, 3.49, 0.5 + r % 50 * 0.01)
            sheet.write_row(r, 0, inputs)
            for column, formula in enumerate(FORMULAS, start=7):
                sheet.write_formula(r, column, formula.format(r=r + 1), None, 1)


def with_numpy(path: Path) -> float:
    """The same figures from a fast reader and NumPy."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("S").to_python()
    tps, ratio, price_in, price_out, gpus, hour, use = np.array([row[:7] for row in rows]).T
    tokens = tps * (1 + ratio) * 86_400 * use
    full = (tps * ratio * price_in + tps * price_out) * 86_400 / 1e6
    cost = gpus * hour * 24
    margin = full * use - cost
    results = (
        tokens,
        full * use,
        cost,
        margin,
        margin / (full * use),
        cost / tokens * 1e6,
        cost / full,
    )
    return float(sum(column.sum() for column in results))


def with_xlmodel(path: Path) -> float:
    columns = calc.calculate(path).result.formulas["S"]
    return sum(float(v) for rows in columns.values() for v in rows.values() if type(v) is float)


def seconds(action: Callable[[Path], float], path: Path) -> tuple[float, float]:
    start = time.perf_counter()
    total = action(path)
    return time.perf_counter() - start, total


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.xlsx"
        write(path, rows)
        with_xlmodel(path)
        times: dict[str, list[float]] = {"calamine and NumPy": [], "xlmodel calc": [], "saving": []}
        for _ in range(RUNS):
            base, expected = seconds(with_numpy, path)
            ours, total = seconds(with_xlmodel, path)
            assert abs(total - expected) <= 1e-9 * abs(expected)
            times["calamine and NumPy"].append(base)
            times["xlmodel calc"].append(ours)
            done = calc.calculate(path)
            saved, _ = seconds(
                lambda out: float(calc.save(done, out, force=True).stat().st_size),  # noqa: B023
                path.with_name("out.xlsx"),
            )
            times["saving"].append(saved)
    medians = {name: statistics.median(values) for name, values in times.items()}
    base = medians["calamine and NumPy"]
    for name, value in medians.items():
        print(f"{name:<20} {value:6.2f} s   {value / base:5.2f} times")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
