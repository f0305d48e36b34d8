"""Fit anew and write the table of efficiencies and the report of errors.

    python -m tests.calibration

It takes about half a minute, and needs the test extra (SciPy).
"""

from tests.calibration import report, table

if __name__ == "__main__":
    table.PATH.write_text(table.text(), encoding="utf-8", newline="")
    from xlmodel.tables import rows, specs

    rows.cache_clear()
    specs.efficiency.cache_clear()
    report.PATH.write_text(report.text(), encoding="utf-8", newline="")
