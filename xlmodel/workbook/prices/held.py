"""The prices that a workbook's tables hold, or this package's, and the day they are looked at."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xlmodel import tables
from xlmodel.registry import InputError, dates
from xlmodel.workbook import tablerows
from xlmodel.workbook.delimited import one_line
from xlmodel.workbook.names import Names
from xlmodel.workbook.package import Package
from xlmodel.workbook.prices.kinds import KINDS, Key, Kind, Price
from xlmodel.workbook.storedvalues import StoredValues, Value
from xlmodel.workbook.untrusted import WorkbookError

AS_OF, AGE, CURRENCY = "in_as_of", "in_accepted_price_age", "in_currency"
_MOST_NAMED = 3


class Held(NamedTuple):
    """The prices at hand and what could not be read; ``tables`` are the workbook's, by kind."""

    prices: list[Price]
    notes: list[str]
    tables: Mapping[str, tablerows.ExcelTable]


def packaged() -> Held:
    """The prices of this package."""
    rows = (
        (kind, row | {kind.price: float(row[kind.price])})
        for kind in KINDS
        for row in tables.rows(kind.packaged)
    )
    return Held([price for kind, row in rows if (price := _price(kind, row, False))], [], {})


def of_workbook(package: Package) -> Held:
    """The prices in the tables of a workbook that have a price table's headers."""
    found = {kind.table: table for kind in KINDS if (table := _table(package, kind))}
    if not found:
        wanted = " nor ".join(f"{kind.table} ({', '.join(kind.required)})" for kind in KINDS)
        raise WorkbookError(
            f"{package.name} has no price table: neither one with the headers of {wanted}"
        )
    prices: list[Price] = []
    notes: list[str] = []
    for kind in (kind for kind in KINDS if kind.table in found):
        faulty: list[str] = []
        table = found[kind.table]
        for number, row in enumerate(table.rows, table.place.top + 1):
            price = _price(kind, row, package.date1904)
            if price:
                prices.append(price)
            elif any(row.get(column) is not None for column in kind.required):
                faulty.append(str(number))
        if faulty:
            more = f" and {len(faulty) - _MOST_NAMED} more" if len(faulty) > _MOST_NAMED else ""
            notes.append(
                f"table {table.place.name}, row {', '.join(faulty[:_MOST_NAMED])}{more} of the "
                "sheet: left out, since names, price above 0 or date are missing there"
            )
    return Held(prices, notes, found)


def _table(package: Package, kind: Kind) -> tablerows.ExcelTable | None:
    """The one table with these headers, or of several the one with the template's name."""
    fit = [
        table.name
        for table in package.tables
        if set(kind.required) <= {header.strip().lower() for header in table.columns}
    ]
    named = [name for name in fit if name.lower() == kind.table.lower()]
    if len(fit) > 1 and not named:
        raise WorkbookError(
            f"{package.name} has several tables with the headers of {kind.table}: "
            f"{', '.join(fit)}; give one of them that name"
        )
    return tablerows.find(package, (named or fit)[0]) if fit else None


def _price(kind: Kind, row: Mapping[str, Value], date1904: bool) -> Price | None:
    """A row of a table as a price; None where it is none."""
    names = [_text(row.get(column)) for column in kind.keys]
    price = row.get(kind.price)
    since = _day(row.get("valid_from"), date1904)
    if not all(names) or not isinstance(price, float) or price <= 0 or since is None:
        return None
    return Price(
        kind,
        (names[0], names[1], names[2]),
        price,
        _text(row.get("currency")) or "USD",
        since,
        _day(row.get("checked"), date1904),
        _text(row.get("source")),
        _text(row.get("note")),
    )


def _day(value: Value, date1904: bool) -> datetime.date | None:
    day = dates.serial(value, date1904)
    if day is None or not 1 <= day <= dates.LAST_DAY:
        return None
    return datetime.date.fromisoformat(dates.iso(day, date1904))


def _text(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.15g}"
    return one_line(value or "")


def in_force(prices: Iterable[Price], as_of: datetime.date) -> dict[Key, Price]:
    """Of each thing priced the newest price that is valid on a day."""
    newest: dict[Key, Price] = {}
    for price in prices:
        known = newest.get(price.key)
        if price.valid_from <= as_of and (known is None or known.valid_from <= price.valid_from):
            newest[price.key] = price
    return newest


def as_of(package: Package | None) -> datetime.date | None:
    """The day that the workbook itself looks at; None where it says none."""
    value = _named(package, AS_OF)
    return _day(value, package.date1904) if package and value is not None else None


def accepted_age(package: Package | None) -> int | None:
    """The age in days that the workbook itself accepts."""
    value = _named(package, AGE)
    return int(value) if isinstance(value, float) and 0 <= value <= dates.LAST_DAY else None


def currency(package: Package) -> str:
    """The currency of the workbook's figures; nothing where it says none."""
    return _text(_named(package, CURRENCY))


def _named(package: Package | None, name: str) -> Value:
    if package is None:
        return None
    place = {known.lower(): place for known, place in Names(package).places.items()}.get(name)
    return StoredValues(package).at(place) if place and place.is_cell else None


def chosen(names: Sequence[str], known: Iterable[str]) -> set[str]:
    """The names that were asked for, folded; InputError with the nearest for one that is not."""
    from difflib import get_close_matches

    choices = {one_line(name).casefold(): name for name in known}
    for name in names:
        if one_line(name).casefold() not in choices:
            near = get_close_matches(one_line(name).casefold(), choices, n=3, cutoff=0.4)
            hint = ", ".join(choices[item] for item in near) or "no name is near"
            raise InputError(f'there is no price of "{one_line(name)}" here; nearest: {hint}')
    return {one_line(name).casefold() for name in names}
