"""The sheets GPU prices and Model prices: dated facts as Excel tables, and lists to pick from.

The sheets are not protected: Excel grows a table as one types below it, but not on a protected
sheet. The last columns of a table are calculated and say about each row what the checks need.
The lists for the drop-downs on Inputs stand right of each table, as small tables of their own, so
that they grow in the same way.
"""

import datetime
from collections.abc import Mapping

from xlmodel import tables
from xlmodel.workbook.template.layout import HEAD_ROWS
from xlmodel.workbook.template.parts import Beside, Sheet, Table, Value, across

_FORMS = {
    "usd_per_gpu_hour": "price",
    "usd_per_mtok": "price",
    "valid_from": "date",
    "checked": "date",
    "replaced_on": "replaced",
}
_NEVER = "10^6"
"""A day after all others, for a price that none has replaced."""

_CALCULATED = {
    "key": '=SUBSTITUTE(TRIM([@{name}])&"|"&TRIM([@provider])&"|"&TRIM([@{way}]),UNICHAR(160),"")',
    "replaced_on": "=MINIFS({T}[valid_from],{T}[key],[@key],{T}[valid_from],"
    f'">"&[@valid_from])+{_NEVER}*(COUNTIFS({{T}}[key],[@key],{{T}}[valid_from],">"&[@valid_from])=0)',
    "rows_alike": "=COUNTIFS({T}[key],[@key],{T}[valid_from],[@valid_from])",
    "row_check": "=IF(MIN(N([@valid_from]),N([@{price}]),LEN([@currency]),LEN([@{name}]),"
    'LEN([@provider]),LEN([@{way}]))<=0,"gap or no number",'
    'IF([@key]=[@{name}]&"|"&[@provider]&"|"&[@{way}],"ok","space in a name"))',
}
"""Columns that are calculated: the names of a row as look-ups read them, trimmed; the day from
which a newer row of the same names holds; how many rows have these names and this day; and whether
names, price, currency and date are such that every look-up and check reads the row alike."""

_WAYS_TO_BUY = ("on-demand", "spot", "capacity-block", "reserved-")
_SELLS_NOTHING = ("SemiAnalysis",)
"""Providers of rows with a real term that sell no GPU-hours: the figure is a model's."""


def _table(name: str, table: str) -> Table:
    header, *rows = tables.grid(table)
    facts = [str(column) for column in header]
    forms = [_FORMS.get(column, "general") for column in (*facts, *_CALCULATED)]
    values = [[dated(v, form) for v, form in zip(row, forms, strict=False)] for row in rows]
    words = {"T": name, "name": facts[0], "way": facts[2], "price": facts[3]}
    formulas = {column: formula.format(**words) for column, formula in _CALCULATED.items()}
    return Table(name, "B", [*facts, *_CALCULATED], values, forms, formulas)


def dated(value: Value, form: str) -> Value:
    """A cell of a table of facts: a date where its form is one."""
    return datetime.date.fromisoformat(str(value)) if form == "date" else value


def _buys(row: Mapping[str, str]) -> bool:
    """Whether a row is an offer to buy: not an index, an assumption or a cost of owning."""
    return "term" not in row or (
        row["term"].startswith(_WAYS_TO_BUY) and row["provider"] not in _SELLS_NOTHING
    )


def _list(name: str, column: str, title: str, table: str, field: str) -> Table:
    """The distinct names of a column in rows that are offers, for a drop-down."""
    names = sorted({row[field] for row in tables.rows(table) if _buys(row)}, key=str.casefold)
    return Table(name, column, [title], [[item] for item in names], ["general"])


def gpu_sheet() -> Sheet:
    """The description of the sheet GPU prices."""
    lists = [
        _list("GpuList", "P", "GPUs to pick", "gpu_prices", "gpu"),
        _list("GpuProviderList", "R", "Providers to pick", "gpu_prices", "provider"),
        _list("GpuTermList", "T", "Terms to pick", "gpu_prices", "term"),
    ]
    return Sheet(
        name="GPU prices",
        title="GPU prices",
        about="Price of one GPU-hour, a row a fact. Add new prices below, with their date; change "
        "no old row. Excel adds the formulas in columns K to N; row_check must say ok.",
        widths={
            "A": 2,
            **across(14, 34, 17, 17, 10, 12, 12, 50, 60, 40, 13, 13, 20, 3, 16, 3, 34, 3, 22),
        },
        items=[Beside([_table("GpuPrices", "gpu_prices"), *lists])],
        protected=False,
        frozen_rows=5,
        print_columns=("A", "J"),
        head=("B", "E", "F", "I"),
    )


def model_sheet() -> Sheet:
    """The description of the sheet Model prices."""
    lists = [
        _list("ModelList", "P", "Models to pick", "model_prices", "model"),
        _list("ModelProviderList", "R", "Providers to pick", "model_prices", "provider"),
    ]
    return Sheet(
        name="Model prices",
        title="Model prices",
        about="Price of a million tokens (Mtok) by kind: input, output, cache_read, cache_write. "
        "Add new prices below, with their date; change no old row. Excel adds the formulas in "
        "columns K to N; row_check must say ok.",
        widths={
            "A": 2,
            **across(20, 34, 13, 15, 10, 12, 12, 50, 60, 48, 13, 13, 20, 3, 22, 3, 40),
        },
        items=[Beside([_table("ModelPrices", "model_prices"), *lists])],
        protected=False,
        frozen_rows=5,
        print_columns=("A", "J"),
        head=("B", "E", "F", "I"),
    )


def area(sheet: str) -> str:
    """The cells from the first row of the table downwards, in the columns of its facts.

    As far down as any table is likely to reach; the whole column would be slow in some engines.
    """
    return f"'{sheet}'!$B${HEAD_ROWS + 2}:$J$9999"
