"""CSV files as people and programs save them: rows by header, each with its line, read as a stream.

A file is read line by line, so that one of millions of rows needs no more memory than one of ten.
Commas, semicolons or tabs delimit; UTF-8 with or without a byte order mark, or UTF-16. The first
fault is an error that names file, line, column and value. Texts are only texts here, whatever they
begin with.
"""

import csv
import datetime
import io
import re
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from xlmodel.registry import InputError
from xlmodel.workbook.benchmarks import plain
from xlmodel.workbook.delimited import one_line

FIRST_DAY = datetime.date(2000, 1, 1)

_MB = 1024**2
_SHOWN_FROM = 20 * _MB
"""From this size on a bar shows how far the file has been read."""

_HEAD = 64 * 1024
_LONGEST_LINE = 16 * _MB

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"[-−]?\d*,\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class CsvError(InputError):
    """A file that can't be used; the message is one sentence."""


class Row(NamedTuple):
    """A row of a file by header, and where it stands."""

    path: Path
    line: int
    cells: Mapping[str, str]
    decimal_comma: bool

    @property
    def where(self) -> str:
        return f"{self.path}, line {self.line}"

    def fault(self, column: str, accepted: str) -> CsvError:
        """The error of a cell that is not what is accepted."""
        given = plain(self.cells[column])
        return CsvError(f'{self.where}: {column} is "{given}", but {accepted}')

    def words(self, column: str, longest: int, each: str) -> str:
        """A text of limited length; where each row needs one, ``each`` says what such a row is."""
        text = one_line(self.cells.get(column, ""))
        if each and not text:
            raise CsvError(f"{self.where}: {column} is blank, but each {each} needs one")
        if len(text) > longest:
            raise CsvError(
                f"{self.where}: {column} has {len(text):,} characters, but at most {longest:,} are "
                "taken"
            )
        return text

    def number(self, column: str, accepts: Callable[[float], bool], accepted: str) -> float:
        """A number, with a comma for the point where semicolons delimit."""
        text = self.cells[column].strip()
        found = number(text, self.decimal_comma)
        if found is None or not accepts(found):
            raise self.fault(column, accepted)
        return found

    def day(self, column: str, last: datetime.date, beyond: str) -> datetime.date:
        """A date in ISO form, not before the year 2000 and not after ``last``."""
        day = iso_day(self.cells[column].strip())
        if day is None:
            raise self.fault(column, "must be a date such as 2026-11-01")
        if day < FIRST_DAY:
            raise self.fault(column, f"must be a date from {FIRST_DAY} on")
        if day > last:
            raise CsvError(f"{self.where}: {column} is {day}, which {beyond}")
        return day


class Reader:
    """The rows of a CSV file below its header, whose names are in lower case.

    ``semicolons`` tells whether semicolons delimit: then a comma may stand for the point.
    """

    def __init__(self, path: Path, largest: int, what: str, bar: bool = False) -> None:
        self.path = path
        lines = _lines(path, largest, what, bar)
        above = list(_to_first(lines))
        self.delimiter = max(_DELIMITERS, key=(above or [""])[-1].count)
        self.semicolons = self.delimiter == ";"
        self.decimal_commas = False
        """Whether a number with a comma was seen so far."""
        self._csv = csv.reader(chain(above, lines), delimiter=self.delimiter, strict=True)
        _, names = next(self._rows(), (1, [""]))
        self.header = [one_line(name).lower() for name in names]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of each row that is not blank; each has as many as the header."""
        for line, row in self._rows():
            if len(row) != len(self.header):
                raise CsvError(
                    f"{self.path}, line {line} has {len(row)} cells, but the header has "
                    f'{len(self.header)}; a text with the delimiter in it must stand in "quotes"'
                )
            if self.semicolons and not self.decimal_commas:
                self.decimal_commas = any(map(_COMMA.search, row))
            yield line, row

    def row(self, line: int, cells: Sequence[str]) -> Row:
        return Row(self.path, line, dict(zip(self.header, cells, strict=True)), self.semicolons)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        try:
            for row in self._csv:
                if any(map(str.strip, row)):
                    yield self._csv.line_num, row
        except csv.Error as error:
            where = f"{self.path}, line {self._csv.line_num}"
            raise CsvError(f"{where}: no CSV here ({error})") from None

    def refuse_twice(self) -> None:
        """Refuse a header that stands twice."""
        twice = [name for name in self.header if name and self.header.count(name) > 1]
        if twice:
            raise CsvError(f'{self.path} has the header "{plain(twice[0])}" twice')


def number(text: str, decimal_comma: bool) -> float | None:
    """The number that a text is, or None.

    >>> number("3.49", False), number("3,49", True), number("3,49", False), number("1_0", True)
    (3.49, 3.49, None, None)
    """
    if decimal_comma and _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    sign, digits = (-1, text[1:]) if text[:1] in ("-", "−") else (1, text)
    return sign * float(digits) if digits.isascii() and _NUMBER.fullmatch(digits) else None


def iso_day(text: str) -> datetime.date | None:
    """The day of a text such as 2026-11-01, or None."""
    try:
        return datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _to_first(lines: Iterator[str]) -> Iterator[str]:
    """The lines as far as the first that is not blank."""
    for line in lines:
        yield line
        if line.strip("\r\n"):
            return


def _lines(path: Path, largest: int, what: str, bar: bool) -> Iterator[str]:
    """The lines of a file, decoded one by one."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise CsvError(f"{path} is not a regular file")
        if found.st_size > largest:
            raise CsvError(
                f"{path} has {found.st_size / _MB:,.0f} MB; at most {largest // _MB} MB can be read"
            )
        with path.open("rb") as file, _shown(file, path, found.st_size, bar) as source:
            yield from _decoded(path, source, what)
    except FileNotFoundError:
        raise CsvError(f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        if isinstance(error, CsvError):
            raise
        reason = getattr(error, "strerror", None) or error  # a ValueError: a path with a NUL in it
        raise CsvError(f"{path} can't be read: {reason}".replace("\0", "\\0")) from None


@contextmanager
def _shown(file: BinaryIO, path: Path, size: int, bar: bool) -> Iterator[BinaryIO]:
    """The file, with a bar on a terminal that shows how far it has been read."""
    if not bar or size < _SHOWN_FROM or not sys.stderr.isatty():
        yield file
        return
    from rich.console import Console
    from rich.progress import wrap_file

    words, console = f"reading {path.name}", Console(stderr=True)
    with wrap_file(file, size, description=words, console=console, transient=True) as shown:
        yield shown


def _decoded(path: Path, file: BinaryIO, what: str) -> Iterator[str]:
    head = file.read(_HEAD)
    file.seek(0)
    no_text = CsvError(f"{path} is no text file; save the {what} as CSV UTF-8")
    if head.startswith(b"PK\x03\x04"):
        raise no_text
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\r" in head and b"\n" not in head):
        yield from _whole(path, file.read(), no_text)
        return
    for line, raw in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 1):
        if b"\0" in raw:
            raise no_text
        try:
            yield raw.decode("utf-8-sig" if line == 1 else "utf-8")
        except UnicodeDecodeError:
            raise _not_utf8(path, line) from None


def _whole(path: Path, data: bytes, no_text: CsvError) -> Iterator[str]:
    """The lines of a file in UTF-16, as Excel saves it, or with the line ends of old Macs."""
    try:
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data.count(b"\n", 0, error.start) + 1) from None
    if "\0" in text:
        raise no_text
    yield from io.StringIO(text, newline="")


def _not_utf8(path: Path, line: int) -> CsvError:
    return CsvError(f"{path}, line {line}: the text is not in UTF-8; save the file as CSV UTF-8")
