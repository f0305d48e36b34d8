"""Actuals from a CSV file with the table's own headers.

A file is taken as a whole or not at all: the first fault is an error that names line, column and
value.
"""

import datetime
from typing import Final

from xlmodel.workbook.actuals.rows import (
    AMOUNTS,
    COLUMNS,
    COUNTS,
    KEYS,
    Actual,
    Found,
    Key,
)
from xlmodel.workbook.benchmarks import plain
from xlmodel.workbook.csvrows import CsvError, Reader, Row

ALIASES: Final = {"model": "line", "revenue": "unsplit_revenue"}
"""Headers that are taken for one of the table's, which is said."""

_NOT_NEGATIVE = (*COUNTS, "gpu_hours")
_LONGEST_NAME, _LONGEST_TEXT, _LARGEST = 100, 2000, 1e15


def is_own(header: list[str]) -> bool:
    """Whether the headers are the table's own rather than those of FOCUS."""
    return bool({*KEYS, *AMOUNTS, *ALIASES} & set(header))


def actuals(reader: Reader, currency: str, today: datetime.date) -> Found:
    """The rows of a file; ``currency`` is the one that the workbook reckons in."""
    renamed = [name for name in reader.header if name in ALIASES]
    reader.header = [ALIASES.get(name, name) for name in reader.header]
    reader.refuse_twice()
    _refuse_missing(reader)
    seen: dict[Key, int] = {}
    rows = []
    for line, cells in reader.rows():
        actual = _actual(reader.row(line, cells), currency, today)
        if actual.key in seen:
            raise CsvError(
                f"{reader.path}, line {line}: {actual.what} stands in line {seen[actual.key]}, too"
            )
        seen[actual.key] = line
        rows.append(actual)
    if not rows:
        raise CsvError(f"{reader.path} has headers, but no row below them")
    return Found(rows, _notes(reader, renamed, currency))


def _refuse_missing(reader: Reader) -> None:
    missing = [name for name in KEYS if name not in reader.header]
    if missing or not set(AMOUNTS) & set(reader.header):
        lacks = ", ".join(missing) or "of amounts"
        raise CsvError(
            f"{reader.path} has no column {lacks}; needed are {', '.join(KEYS)} and one or more "
            f"of {', '.join(AMOUNTS)}; currency and source can be added"
        )


def _actual(row: Row, currency: str, today: datetime.date) -> Actual:
    start = row.day("period_start", today, "has not come yet")
    end = row.day("period_end", today, "has not come yet")
    if end < start:
        raise row.fault("period_end", f"must be {start}, the period_start, or later")
    amounts = {name: _amount(row, name) for name in AMOUNTS if row.cells.get(name, "").strip()}
    if amounts.get("cached_tokens", 0.0) > amounts.get("input_tokens", float("inf")):
        raise row.fault("cached_tokens", "must be input_tokens at most, of which they are part")
    given = row.cells.get("currency", "").strip().upper() or currency
    if given != currency:
        raise row.fault("currency", f"the workbook reckons in {currency}; nothing is converted")
    source = row.words("source", _LONGEST_TEXT, "") or row.path.name
    line = row.words("line", _LONGEST_NAME, "row")
    return Actual(start, end, line, amounts, currency, source)


def _amount(row: Row, column: str) -> float:
    lowest = 0.0 if column in _NOT_NEGATIVE else -_LARGEST
    words = "must be a number, 0 or more" if lowest == 0 else "must be a number"
    return row.number(column, lambda found: lowest <= found <= _LARGEST, words)


def _notes(reader: Reader, renamed: list[str], currency: str) -> list[str]:
    notes = [f"{reader.path}: the column {name} is taken as {ALIASES[name]}" for name in renamed]
    ignored = [plain(name) for name in reader.header if name not in COLUMNS]
    if ignored:
        notes.append(f"{reader.path}: left out the column {', '.join(ignored)}")
    if "currency" not in reader.header:
        notes.append(f"{reader.path} has no column currency: taken as {currency}, the workbook's")
    if reader.decimal_commas:
        notes.append(f"{reader.path} is delimited by semicolons: 3,49 is read as 3.49")
    return notes
