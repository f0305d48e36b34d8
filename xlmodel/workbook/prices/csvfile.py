"""New prices from a CSV file with a price table's own headers.

A file is taken as a whole or not at all: the first fault is an error that names line, column and
value. Texts are only texts here, whatever they begin with.
"""

import datetime
import re
from pathlib import Path

from xlmodel.workbook.benchmarks import plain
from xlmodel.workbook.csvrows import CsvError, Reader, Row
from xlmodel.workbook.prices.kinds import KINDS, MODELS, TOKEN_KINDS, Kind, Price

LARGEST_FILE = 200 * 1024**2
LARGEST_PRICE = 1e6
AHEAD = datetime.timedelta(days=366)
"""How far ahead a price may be announced; a date beyond that is taken for a typing error."""

_OPTIONAL = ("checked", "note")
_LONGEST_NAME, _LONGEST_TEXT = 100, 2000
_CURRENCY = re.compile(r"[A-Za-z]{3}")


def prices(path: Path, today: datetime.date) -> tuple[list[Price], list[str]]:
    """The prices in a file, and what a user should know about how they were read."""
    reader = Reader(path, LARGEST_FILE, "prices")
    kind = _kind(reader)
    found = [_price(kind, reader.row(line, cells), today) for line, cells in reader.rows()]
    if not found:
        raise CsvError(f"{path} has headers, but no price below them")
    return found, _notes(kind, reader)


def _needed(kind: Kind) -> tuple[str, ...]:
    return (*kind.keys, kind.price, "currency", "valid_from", "source")


def _kind(reader: Reader) -> Kind:
    """Which table the headers are of, once none that is needed is missing."""
    path, header = reader.path, reader.header
    reader.refuse_twice()
    near = max(KINDS, key=lambda kind: len({kind.keys[0], kind.price} & set(header)))
    missing = [name for name in _needed(near) if name not in header]
    if {near.keys[0], near.price}.isdisjoint(header):
        wanted = " or ".join(",".join(_needed(kind)) for kind in KINDS)
        raise CsvError(
            f'{path} begins with "{plain(reader.delimiter.join(header))}", but must begin with the '
            f"headers of a price table: {wanted}"
        )
    if missing:
        raise CsvError(
            f"{path} has no column {', '.join(missing)}; needed are {', '.join(_needed(near))}, "
            f"and {' and '.join(_OPTIONAL)} can be added"
        )
    return near


def _notes(kind: Kind, reader: Reader) -> list[str]:
    notes = []
    ignored = [plain(name) for name in reader.header if name not in (*_needed(kind), *_OPTIONAL)]
    if ignored:
        notes.append(f"{reader.path}: left out the column {', '.join(ignored)}")
    if reader.decimal_commas:
        notes.append(
            f"{reader.path} is delimited by semicolons: a price such as 3,49 is read as 3.49"
        )
    return notes


def _price(kind: Kind, row: Row, today: datetime.date) -> Price:
    names = [_name(row, column) for column in kind.keys]
    if kind is MODELS and names[2] not in TOKEN_KINDS:
        raise row.fault("kind", f"must be one of {', '.join(TOKEN_KINDS)}")
    price = row.number(
        kind.price,
        lambda found: 0 < found <= LARGEST_PRICE,
        f"must be a number above 0, at most {LARGEST_PRICE:,.0f}",
    )
    currency = row.cells["currency"].strip()
    if not _CURRENCY.fullmatch(currency):
        raise row.fault("currency", "must be a code of three letters, such as USD")
    since = row.day("valid_from", today + AHEAD, "is more than a year ahead")
    checked = row.cells.get("checked", "").strip()
    return Price(
        kind,
        (names[0], names[1], names[2]),
        price,
        currency.upper(),
        since,
        row.day("checked", today, "has not come yet") if checked else None,
        row.words("source", _LONGEST_TEXT, "price"),
        row.words("note", _LONGEST_TEXT, ""),
    )


def _name(row: Row, column: str) -> str:
    name = row.words(column, _LONGEST_NAME, "price")
    return name.lower() if name.lower() in TOKEN_KINDS and column == MODELS.keys[2] else name
