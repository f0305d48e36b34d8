"""Facts with a source: prices and specifications as CSV, one row a fact.

``gpu_prices``, ``model_prices`` and ``billing_terms`` are dated: a new price is a new row, never an
edit, so that a closed month keeps its prices. ``gpu_specs`` and ``model_specs`` hold one row per
GPU or model, with the unit of each value in its column's name; ``gpu_capex`` and ``gpu_power`` what
GPUs were sold for and what they were measured to draw. ``price_declines`` says how fast prices
fell; ``cnn`` and ``llm_history`` date how models grew and shrank; ``load_profiles`` is the load of
a day or a week; ``accepted_lengths`` what drafts were measured to yield; ``fx_rates`` what a unit
of a currency was in USD on a day.
Files are read on first use.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

NAMES = (
    "gpu_prices",
    "model_prices",
    "billing_terms",
    "gpu_specs",
    "gpu_capex",
    "gpu_power",
    "model_specs",
    "precisions",
    "efficiency",
    "throughput_grid",
    "cnn",
    "llm_history",
    "price_declines",
    "accepted_lengths",
    "load_profiles",
    "fx_rates",
)


def path(name: str) -> "Path":
    """The CSV file of a table."""
    from pathlib import Path

    if name not in NAMES:
        from xlmodel.registry import InputError

        raise InputError(f"there is no table {name!r}; the tables are {', '.join(NAMES)}")
    return Path(__file__).with_name(f"{name}.csv")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table as text, by column.

    >>> [row["usd_per_gpu_hour"] for row in rows("gpu_prices")
    ...  if (row["gpu"], row["provider"], row["valid_from"]) == ("H100", "Lambda", "2024-07-27")]
    ['3.49']
    """
    import csv

    with path(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


Grid = tuple[tuple[str | float, ...], ...]


def grid(name: str) -> Grid:
    """A table as a spreadsheet holds it: the header row, then rows with numbers as numbers."""
    return grid_of_file(str(path(name)))


def frame(name: str) -> "pd.DataFrame":
    """A table as a pandas DataFrame, with numbers as numbers and dates as dates.

    >>> prices = frame("gpu_prices")
    >>> bool((prices["usd_per_gpu_hour"] > 0).all()), prices["valid_from"].min().year
    (True, 2023)
    """
    import pandas as pd

    head = rows(name)[0]
    dates: list[str] = [column for column in ("valid_from", "checked") if column in head]
    return pd.read_csv(path(name), parse_dates=dates, keep_default_na=False, na_values=[""])


@cache
def grid_of_file(file_name: str) -> Grid:
    """A CSV file as a spreadsheet holds it."""
    import csv

    with open(file_name, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123
        return tuple(tuple(cell(text) for text in row) for row in csv.reader(file))


def cell(text: str) -> str | float:
    """A cell of a CSV file: a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text
