"""How long `xlmodel check` takes on a large workbook.

Run by hand: ``python -m tests.benchmarks.bench_check [MB]``. Two workbooks of that size: mostly
data, as an export with formulas beside it; and a model with a time axis, in which each row has a
formula of its own. Both are as XlsxWriter writes them, each formula written out.
"""

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter

from xlmodel.hosts.syntax import column_letters
from xlmodel.workbook.check.judge import check

MEGABYTES = 50
MONTHS = 60
_DATA_ROW, _MODEL_ROW = 91, 660  # bytes in the file, about


def data(path: Path, size: float) -> None:
    """Ten columns of figures and two of formulas."""
    rows = int(size * 1024**2 / _DATA_ROW)
    draw = random.Random(1)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        while rows > 0:
            sheet = book.add_worksheet()
            for r in range(min(rows, 1_000_000)):
                for column in range(10):
                    sheet.write_number(r, column, round(draw.random() * 1000, 3))
                sheet.write_formula(r, 10, f"=SUM(A{r + 1}:J{r + 1})", None, 5000)
                sheet.write_formula(r, 11, f"=K{r + 1}*rate", None, 50)
            rows -= 1_000_000
        book.define_name("rate", "=Sheet1!$A$1")


def model(path: Path, size: float) -> None:
    """Rows that read the row above and the month before."""
    rows = int(size * 1024**2 / _MODEL_ROW)
    draw = random.Random(2)
    letters = [column_letters(3 + month) for month in range(MONTHS + 1)]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Calculations")
        for r in range(rows):
            factor = r % 97 + 1
            for month in range(MONTHS):
                if r == 0:
                    sheet.write_number(r, 2 + month, draw.random())
                    continue
                before = f"+{letters[month - 1]}{r + 1}" if month else ""
                formula = f"={letters[month]}{r}*$B${factor}{before}"
                sheet.write_formula(r, 2 + month, formula, None, round(draw.random(), 6))


def main(megabytes: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for make in (data, model):
            path = Path(folder) / f"{make.__name__}.xlsx"
            make(path, megabytes)
            start = time.perf_counter()
            verdict = check(path)
            seconds = time.perf_counter() - start
            print(
                f"{make.__name__}: {path.stat().st_size / 1024**2:.0f} MB, "
                f"{verdict.cells:,} cells in {seconds:.1f} s, "
                f"{verdict.cells / seconds:,.0f} cells/s, {len(verdict.findings)} findings, "
                f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB of memory"
            )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES)
