"""Facts with a source: prices and specifications as CSV, one row a fact.

``gpu_prices`` and ``model_prices`` are dated: a new price is a new row, never an edit, so that a
closed month keeps its prices. ``gpu_specs`` and ``model_specs`` hold one row per GPU or model,
with the unit of each value in its column's name. Files are read on first use.
"""

import csv
from functools import cache
from pathlib import Path

NAMES = ("gpu_prices", "model_prices", "gpu_specs", "model_specs")


def path(name: str) -> Path:
    """The CSV file of a table."""
    return Path(__file__).with_name(f"{name}.csv")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table as text, by column.

    >>> [row["usd_per_gpu_hour"] for row in rows("gpu_prices")
    ...  if (row["gpu"], row["provider"], row["valid_from"]) == ("H100", "Lambda", "2024-07-27")]
    ['3.49']
    """
    with path(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def grid(name: str) -> tuple[tuple[str | float, ...], ...]:
    """A table as a spreadsheet holds it: the header row, then rows with numbers as numbers."""
    table = rows(name)
    return (tuple(table[0]), *(tuple(_cell(v) for v in row.values()) for row in table))


def _cell(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
