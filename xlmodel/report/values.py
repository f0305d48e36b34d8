"""One kind of cell value and one kind of text, so that no file of a report meets a surprise.

A workbook is somebody else's: it can hold NaN, huge integers, control characters, or text written
to deceive. ``value_of`` and ``text_of`` reduce what a cell holds to a few plain types on the way
in, so that the writers of HTML, .xlsx, CSV and JSON need only escape for their own format.
"""

import datetime
import math
import re
from numbers import Integral, Real

from xlmodel.registry import NUM, CellError
from xlmodel.registry.errors import KINDS

Value = float | int | str | bool | datetime.date | CellError | None

# XML 1.0 and UTF-8 cannot carry these (controls, lone surrogates, non-characters); the marks that
# reverse the direction of text could make a label read as another one.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LONGEST = 32_767  # characters that a spreadsheet cell can hold
_EXACT = 2**53  # integers above this are no longer exact as a spreadsheet's number
DAY_ZERO = datetime.date(1899, 12, 30)
DAY_ZERO_1904 = datetime.date(1904, 1, 1)
_LAST_DAY = 2_950_000  # in the year 9976: no later day is meant


def text_of(raw: object) -> str:
    """Text that every file format can carry, cut at what a cell can hold.

    >>> text_of("a\\x00b"), text_of(None)
    ('a\N{REPLACEMENT CHARACTER}b', '')
    """
    if raw is None:
        return ""
    text = str(raw).replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)[:_LONGEST]


def value_of(raw: object) -> Value:
    """What a cell holds, as one of the types of ``Value``.

    >>> value_of(float("nan")), value_of("#N/A"), value_of(2.5)
    (CellError(kind='#NUM!', reason=''), CellError(kind='#N/A', reason=''), 2.5)
    """
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, CellError):
        return CellError(text_of(raw.kind), text_of(raw.reason))
    if isinstance(raw, datetime.datetime):
        return raw.date()
    if isinstance(raw, datetime.date):
        return raw
    if isinstance(raw, Integral):
        return int(raw) if abs(int(raw)) <= _EXACT else _finite(raw)
    if isinstance(raw, Real):
        return _finite(raw)
    text = text_of(raw)
    return CellError(text) if text in KINDS else text


def _finite(raw: Real) -> Value:
    try:
        number = float(raw)
    except OverflowError:
        return CellError(NUM)
    return number if math.isfinite(number) else CellError(NUM)


def number(value: Value) -> float | None:
    """The number that a value is, or None: text, booleans, dates and errors are none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return None


def day(value: Value, day_zero: datetime.date = DAY_ZERO) -> datetime.date | None:
    """The day that a value is: a date, a serial number, or ISO text.

    >>> day(45500), day("2024-07-27"), day("soon")
    (datetime.date(2024, 7, 27), datetime.date(2024, 7, 27), None)
    """
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value.strip()[:10])
        except ValueError:
            return None
    serial = number(value)
    if serial is not None and 1 <= serial <= _LAST_DAY:
        return day_zero + datetime.timedelta(days=int(serial))
    return None
