"""Small workbooks for tests, written by XlsxWriter from a description."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from xlmodel.workbook import calc
from xlmodel.workbook.calc import Calculation

Sheets = Mapping[str, Mapping[str, Any]]


def make(
    path: Path,
    sheets: Sheets,
    names: Mapping[str, str] | None = None,
    tables: Sequence[tuple[str, str, str, Sequence[str]]] = (),
) -> Path:
    """Write a workbook: cells by address.

    "=…" is a formula, "{=…}" a fixed array over the address's range, "#=…" a dynamic array; a
    tuple is (value, number format). Tables are (name, sheet, range with headers, headers).
    """
    book = xlsxwriter.Workbook(path)
    pages = {name: book.add_worksheet(name) for name in sheets}
    for name, sheet, place, headers in tables:
        columns = [{"header": header} for header in headers]
        pages[sheet].add_table(place, {"name": name, "columns": columns})
    for name, cells in sheets.items():
        for address, content in cells.items():
            _write(book, pages[name], address, content)
    for name, formula in (names or {}).items():
        book.define_name(name, formula)
    book.close()
    return path


def _write(book: Any, page: Any, address: str, content: Any) -> None:
    if isinstance(content, tuple):
        value, number_format = content
        page.write(address, value, book.add_format({"num_format": number_format}))
    elif isinstance(content, str) and content.startswith("#="):
        first = address.partition(":")[0]
        place = address if ":" in address else f"{first}:{first}"
        page.write_dynamic_array_formula(place, content[1:], None, 0)
    elif isinstance(content, str) and content.startswith("{="):
        place = address if ":" in address else f"{address}:{address}"
        page.write_array_formula(place, content, None, 0)
    elif isinstance(content, str) and content.startswith("="):
        page.write_formula(address, content, None, 0)
    elif isinstance(content, datetime.date):
        page.write_datetime(address, content, book.add_format({"num_format": "yyyy-mm-dd"}))
    else:
        page.write(address, content)


def calculated(
    folder: Path,
    cells: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
    *,
    sheets: Sheets | None = None,
    tables: Sequence[tuple[str, str, str, Sequence[str]]] = (),
    hoist: bool = True,
    **inputs: str | float,
) -> Calculation:
    """A workbook with these cells on sheet S (and others), recalculated."""
    path = make(folder / "made.xlsx", {"S": cells, **(sheets or {})}, names, tables)
    return calc.calculate(path, inputs, hoist=hoist)
