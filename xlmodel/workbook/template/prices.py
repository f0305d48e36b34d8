"""The sheets GPU prices and Model prices: dated facts as Excel tables, and lists to pick from.

The sheets are not protected: Excel grows a table as one types below it, but not on a protected
sheet. The lists for the drop-downs on Inputs stand right of each table, as small tables of their
own, so that they grow in the same way.
"""

import datetime

from xlmodel import tables
from xlmodel.workbook.template.parts import Beside, Sheet, Table, Value, across

_FORMS = {
    "usd_per_gpu_hour": "price",
    "usd_per_mtok": "price",
    "valid_from": "date",
    "checked": "date",
}


def _table(name: str, table: str) -> Table:
    header, *rows = tables.grid(table)
    forms = [_FORMS.get(str(column), "general") for column in header]
    values = [[_value(v, form) for v, form in zip(row, forms, strict=True)] for row in rows]
    return Table(name, "B", [str(column) for column in header], values, forms)


def _value(value: Value, form: str) -> Value:
    return datetime.date.fromisoformat(str(value)) if form == "date" else value


def _list(name: str, column: str, title: str, table: str, field: str) -> Table:
    """The distinct names of a column, for a drop-down."""
    names = sorted({row[field] for row in tables.rows(table)}, key=str.casefold)
    return Table(name, column, [title], [[item] for item in names], ["general"])


def gpu_sheet() -> Sheet:
    """The description of the sheet GPU prices."""
    lists = [
        _list("GpuList", "L", "GPUs to pick", "gpu_prices", "gpu"),
        _list("GpuProviderList", "N", "Providers to pick", "gpu_prices", "provider"),
        _list("GpuTermList", "P", "Terms to pick", "gpu_prices", "term"),
    ]
    return Sheet(
        name="GPU prices",
        title="GPU prices",
        about="Price of one GPU-hour, a row a fact. Add new prices below, with their date; change "
        "no old row. This sheet is not protected, so that the table can grow.",
        widths={"A": 2, **across(14, 34, 17, 17, 10, 12, 12, 50, 60, 3, 16, 3, 40, 3, 22)},
        items=[Beside([_table("GpuPrices", "gpu_prices"), *lists])],
        protected=False,
        frozen_rows=5,
        print_columns=("A", "J"),
        head=("B", "E", "F", "I"),
    )


def model_sheet() -> Sheet:
    """The description of the sheet Model prices."""
    lists = [
        _list("ModelList", "L", "Models to pick", "model_prices", "model"),
        _list("ModelProviderList", "N", "Providers to pick", "model_prices", "provider"),
    ]
    return Sheet(
        name="Model prices",
        title="Model prices",
        about="Price of a million tokens (Mtok) by kind: input, output, cache_read, cache_write. "
        "Add new prices below, with their date; change no old row.",
        widths={"A": 2, **across(20, 34, 13, 15, 10, 12, 12, 50, 60, 3, 22, 3, 40)},
        items=[Beside([_table("ModelPrices", "model_prices"), *lists])],
        protected=False,
        frozen_rows=5,
        print_columns=("A", "J"),
        head=("B", "E", "F", "I"),
    )
