"""What ``xlmodel prices`` prints: tables for people, data for programs."""

import datetime
from collections.abc import Sequence
from typing import Any

from xlmodel.workbook.growing import Result
from xlmodel.workbook.prices.kinds import Price
from xlmodel.workbook.prices.plan import Change, Conflict

OLD = "old"
_RIGHT = {"price", "old", "new", "change", "age"}


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns; numbers to the right, and the last column as long as it is."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if name in _RIGHT else cell.ljust(width)
            for cell, width, name in zip(row, widths, header, strict=True)
        ).rstrip()
        for row in (header, *rows)
    ]


def amount(price: float) -> str:
    return f"{price:,.10g}"


def prices(found: Sequence[Price], as_of: datetime.date, oldest: int) -> list[str]:
    """The prices that hold on a day, with their age in words."""
    rows = [
        (
            price.what,
            amount(price.price),
            price.unit,
            str(price.valid_from),
            f"{age(price, as_of):,} days",
            OLD if age(price, as_of) > oldest else "",
            price.source or "no source",
        )
        for price in found
    ]
    return table(("what", "price", "unit", "valid from", "age", "", "source"), rows)


def age(price: Price, as_of: datetime.date) -> int:
    return (as_of - price.valid_from).days


def history(line: Sequence[tuple[Price, Price | None]]) -> list[str]:
    """All prices of one name, each with the change from the one before."""
    rows = [
        (
            price.what,
            str(price.valid_from),
            amount(price.price),
            price.unit,
            _percent(Change(price, before, False).percent),
            price.source or "no source",
        )
        for price, before in line
    ]
    return table(("what", "valid from", "price", "unit", "change", "source"), rows)


def changes(planned: Sequence[Change]) -> list[str]:
    """What would be added."""
    rows = [
        (
            change.new.what,
            amount(change.old.price) if change.old else "none",
            amount(change.new.price),
            change.new.unit,
            _percent(change.percent),
            str(change.new.valid_from),
            change.new.source,
        )
        for change in planned
    ]
    return table(("what", "old", "new", "unit", "change", "valid from", "source"), rows)


def results(found: Sequence[Result]) -> list[str]:
    """The results that changed."""
    return [
        f"{item.name}: {_value(item.before)} → {_value(item.after)} {item.unit}".rstrip()
        for item in found
    ]


def price_data(price: Price) -> dict[str, Any]:
    return {
        "table": price.kind.table,
        **dict(zip(price.kind.keys, price.names, strict=True)),
        "price": price.price,
        "unit": price.unit,
        "valid_from": price.valid_from.isoformat(),
        "checked": price.checked.isoformat() if price.checked else None,
        "source": price.source,
        "note": price.note,
    }


def change_data(change: Change) -> dict[str, Any]:
    return {
        **price_data(change.new),
        "old_price": change.old.price if change.old else None,
        "old_unit": change.old.unit if change.old else None,
        "change_percent": change.percent,
        "before_a_later_row": change.is_late,
    }


def conflict_data(conflict: Conflict) -> dict[str, Any]:
    return {"new": price_data(conflict.new), "other": price_data(conflict.other)}


def _percent(change: float | None) -> str:
    return "" if change is None else f"{change:+,.1f} %"


def _value(value: str | float | None) -> str:
    if value is None:
        return "blank"
    return f"{value:,.10g}" if isinstance(value, float) else value
