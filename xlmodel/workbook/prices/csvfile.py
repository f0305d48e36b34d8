"""New prices from a CSV file with a price table's own headers.

A file is taken as a whole or not at all: the first fault is an error that names line, column and
value. Texts are only texts here, whatever they begin with.
"""

import csv
import datetime
import io
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from xlmodel.registry import InputError
from xlmodel.workbook.benchmarks import plain
from xlmodel.workbook.prices.kinds import KINDS, MODELS, TOKEN_KINDS, Kind, Price, one_line

LARGEST_FILE = 200 * 1024**2
LARGEST_PRICE = 1e6
FIRST_DAY = datetime.date(2000, 1, 1)
AHEAD = datetime.timedelta(days=366)
"""How far ahead a price may be announced; a date beyond that is taken for a typing error."""

_OPTIONAL = ("checked", "note")
_LONGEST_NAME, _LONGEST_TEXT = 100, 2000
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"\d*,\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CURRENCY = re.compile(r"[A-Za-z]{3}")


class PriceFileError(InputError):
    """A file of prices that can't be used; the message is one sentence."""


class _Row(NamedTuple):
    """A row of a file by header, and where it stands."""

    path: Path
    line: int
    cells: Mapping[str, str]
    decimal_comma: bool

    @property
    def where(self) -> str:
        return f"{self.path}, line {self.line}"


def prices(path: Path, today: datetime.date) -> tuple[list[Price], list[str]]:
    """The prices in a file, and what a user should know about how they were read."""
    text = _text(path)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = _rows(path, reader)
    _, head = next(rows, (1, [""]))
    header = [one_line(name).lower() for name in head]
    kind = _kind(path, header, delimiter)
    notes = _notes(path, kind, header, delimiter, text)
    comma = delimiter == ";"
    found = [
        _price(kind, _Row(path, line, dict(zip(header, row, strict=True)), comma), today)
        for line, row in rows
        if _is_whole(path, line, row, header)
    ]
    if not found:
        raise PriceFileError(f"{path} has headers, but no price below them")
    return found, notes


def _text(path: Path) -> str:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise PriceFileError(f"{path} is not a regular file")
        if found.st_size > LARGEST_FILE:
            raise PriceFileError(
                f"{path} has {found.st_size / 1024**2:,.0f} MB; at most "
                f"{LARGEST_FILE // 1024**2} MB can be read"
            )
        data = path.read_bytes()
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except FileNotFoundError:
        raise PriceFileError(f"there is no file {path}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PriceFileError(
            f"{path}, line {line}: the text is not in UTF-8; save the file as CSV UTF-8"
        ) from None
    except (OSError, ValueError) as error:
        if isinstance(error, PriceFileError):
            raise
        reason = getattr(error, "strerror", None) or error  # a ValueError: a path with a NUL in it
        raise PriceFileError(f"{path} can't be read: {reason}".replace("\0", "\\0")) from None
    if text.startswith("PK\x03\x04") or "\0" in text:
        raise PriceFileError(f"{path} is no text file; save the prices as CSV UTF-8")
    return text


def _delimiter(text: str) -> str:
    head = text.lstrip("\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=head.count)


def _rows(path: Path, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with its line."""
    try:
        for row in reader:
            if any(map(str.strip, row)):
                yield reader.line_num, row
    except csv.Error as error:
        raise PriceFileError(f"{path}, line {reader.line_num}: no CSV here ({error})") from None


def _is_whole(path: Path, line: int, row: Sequence[str], header: Sequence[str]) -> bool:
    """True; an error where a row has not as many cells as the header."""
    if len(row) != len(header):
        raise PriceFileError(
            f"{path}, line {line} has {len(row)} cells, but the header has {len(header)}; a text "
            'with the delimiter in it must stand in "quotes"'
        )
    return True


def _needed(kind: Kind) -> tuple[str, ...]:
    return (*kind.keys, kind.price, "currency", "valid_from", "source")


def _kind(path: Path, header: Sequence[str], delimiter: str) -> Kind:
    """Which table the headers are of, once none that is needed is missing."""
    twice = [name for name in header if name and header.count(name) > 1]
    if twice:
        raise PriceFileError(f'{path} has the header "{plain(twice[0])}" twice')
    near = max(KINDS, key=lambda kind: len({kind.keys[0], kind.price} & set(header)))
    missing = [name for name in _needed(near) if name not in header]
    if {near.keys[0], near.price}.isdisjoint(header):
        wanted = " or ".join(",".join(_needed(kind)) for kind in KINDS)
        raise PriceFileError(
            f'{path} begins with "{plain(delimiter.join(header))}", but must begin with the '
            f"headers of a price table: {wanted}"
        )
    if missing:
        raise PriceFileError(
            f"{path} has no column {', '.join(missing)}; needed are {', '.join(_needed(near))}, "
            f"and {' and '.join(_OPTIONAL)} can be added"
        )
    return near


def _notes(path: Path, kind: Kind, header: Sequence[str], delimiter: str, text: str) -> list[str]:
    notes = []
    ignored = [plain(name) for name in header if name not in (*_needed(kind), *_OPTIONAL)]
    if ignored:
        notes.append(f"{path}: left out the column {', '.join(ignored)}")
    if delimiter == ";" and _COMMA.search(text):
        notes.append(f"{path} is delimited by semicolons: a price such as 3,49 is read as 3.49")
    return notes


def _price(kind: Kind, row: _Row, today: datetime.date) -> Price:
    names = [_name(row, column) for column in kind.keys]
    if kind is MODELS and names[2] not in TOKEN_KINDS:
        raise _fault(row, "kind", f"must be one of {', '.join(TOKEN_KINDS)}")
    price, currency = _number(row, kind.price), row.cells["currency"].strip()
    if not _CURRENCY.fullmatch(currency):
        raise _fault(row, "currency", "must be a code of three letters, such as USD")
    since = _date(row, "valid_from", today + AHEAD, "is more than a year ahead")
    checked = row.cells.get("checked", "").strip()
    return Price(
        kind,
        (names[0], names[1], names[2]),
        price,
        currency.upper(),
        since,
        _date(row, "checked", today, "has not come yet") if checked else None,
        _words(row, "source", _LONGEST_TEXT),
        _words(row, "note", _LONGEST_TEXT, needed=False),
    )


def _name(row: _Row, column: str) -> str:
    name = _words(row, column, _LONGEST_NAME)
    return name.lower() if name.lower() in TOKEN_KINDS and column == MODELS.keys[2] else name


def _words(row: _Row, column: str, longest: int, needed: bool = True) -> str:
    text = one_line(row.cells.get(column, ""))
    if needed and not text:
        raise PriceFileError(f"{row.where}: {column} is blank, but each price needs one")
    if len(text) > longest:
        raise PriceFileError(
            f"{row.where}: {column} has {len(text):,} characters, but at most {longest:,} are taken"
        )
    return text


def _number(row: _Row, column: str) -> float:
    text = row.cells[column].strip()
    if row.decimal_comma and _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    number = float(text) if text.isascii() and _NUMBER.fullmatch(text) else 0.0
    if not 0 < number <= LARGEST_PRICE:
        raise _fault(row, column, f"must be a number above 0, at most {LARGEST_PRICE:,.0f}")
    return number


def _date(row: _Row, column: str, last: datetime.date, beyond: str) -> datetime.date:
    text = row.cells[column].strip()
    try:
        day = datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise _fault(row, column, "must be a date such as 2026-11-01")
    if day < FIRST_DAY:
        raise _fault(row, column, f"must be a date from {FIRST_DAY} on")
    if day > last:
        raise PriceFileError(f"{row.where}: {column} is {day}, which {beyond}")
    return day


def _fault(row: _Row, column: str, accepted: str) -> PriceFileError:
    given = plain(row.cells[column])
    return PriceFileError(f'{row.where}: {column} is "{given}", but {accepted}')
