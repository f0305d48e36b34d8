"""Structured references such as ``GpuPrices[[#All],[gpu]]``, written as plain references.

The engine evaluates them unreliably (``[@col]`` can stop a whole evaluation), so none reaches it.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from xlmodel.hosts.engine.book import Table
from xlmodel.hosts.syntax import LAST_ROW, column_letters, quoted

_SPEC = re.compile(r"(?P<table>[^\[]*)\[(?P<inner>.*)\]", re.DOTALL)
_ITEM = re.compile(r"\[((?:'.|[^\[\]'])*)\]")
_ROWS = {"#all", "#data", "#headers", "#totals", "#this row"}


class Place(NamedTuple):
    """A plain reference, and the rows of the formula's cell for which it stays the right one."""

    text: str
    first_row: int = 1
    last_row: int = LAST_ROW


class BadReferenceError(ValueError):
    """A structured reference to a table or column that is not there."""


def resolve(text: str, tables: Mapping[str, Table], sheet: str, row: int, column: int) -> Place:
    """What a structured reference, or a bare table name, means in the cell at this place."""
    spec = _SPEC.fullmatch(text)
    name = spec["table"] if spec else text
    table = _table(name, tables, sheet, row, column)
    marks, first, last = _parts(spec["inner"]) if spec else (set[str](), "", "")
    left = _column(table, first) if first else table.left
    right = _column(table, last) if last else left if first else table.right
    if "#this row" in marks:
        return _this_row(table, left, right, row)
    rows = _rows(table, marks or {"#data"})
    if rows is None:
        return Place("#REF!")
    (top, bottom), prefix = rows, quoted(table.sheet)
    start = f"${column_letters(left)}${top}"
    end = f"${column_letters(right)}${bottom}"
    return Place(prefix + (start if start == end else f"{start}:{end}"))


def _table(name: str, tables: Mapping[str, Table], sheet: str, row: int, column: int) -> Table:
    if name:
        if name.lower() not in tables:
            raise BadReferenceError(f"there is no table {name}")
        return tables[name.lower()]
    for table in tables.values():
        inside = table.top <= row <= table.bottom and table.left <= column <= table.right
        if inside and table.sheet.lower() == sheet.lower():
            return table
    raise BadReferenceError("it stands outside of any table")


def _parts(inner: str) -> tuple[set[str], str, str]:
    """The rows named (#All …), and the first and last column, unescaped."""
    inner = inner.strip()
    marks: set[str] = set()
    if inner.startswith("@"):
        marks.add("#this row")
        inner = inner[1:].strip()
    if inner.lower() in _ROWS:
        return {inner.lower()}, "", ""
    if not inner.startswith("["):
        return marks, _plain(inner), _plain(inner)
    items = [item.strip() for item in _ITEM.findall(inner)]
    marks |= {item.lower() for item in items if item.lower() in _ROWS}
    columns = [_plain(item) for item in items if item.lower() not in _ROWS]
    loose = inner.rpartition(",")[2].strip()
    if not columns and loose and not loose.startswith("["):
        columns = [_plain(loose)]
    return marks, columns[0] if columns else "", columns[-1] if columns else ""


def _plain(text: str) -> str:
    return re.sub(r"'(.)", r"\1", text)


def _column(table: Table, header: str) -> int:
    for i, name in enumerate(table.columns):
        if name.lower() == header.lower():
            return table.left + i
    raise BadReferenceError(f"the table {table.name} has no column {header}")


def _this_row(table: Table, left: int, right: int, row: int) -> Place:
    if not table.first_data_row <= row <= table.last_data_row:
        return Place("#VALUE!", row, row)
    start, end = f"${column_letters(left)}{row}", f"${column_letters(right)}{row}"
    area = start if left == right else f"{start}:{end}"
    return Place(quoted(table.sheet) + area, table.first_data_row, table.last_data_row)


def _rows(table: Table, marks: set[str]) -> tuple[int, int] | None:
    spans = {
        "#all": (table.top, table.bottom),
        "#headers": (table.top, table.first_data_row - 1),
        "#data": (table.first_data_row, table.last_data_row),
        "#totals": (table.last_data_row + 1, table.bottom),
    }
    chosen = [spans[mark] for mark in marks]
    top, bottom = min(top for top, _ in chosen), max(bottom for _, bottom in chosen)
    return (top, bottom) if top <= bottom else None
