"""Days of Excel's calendar: a date is a serial number, day 1 is 1 January 1900."""

import datetime
import re

from xlmodel.registry.convert import number_in

_DAY_ZERO = datetime.date(1899, 12, 30)
"""Counts right from 1 March 1900 on; before it Excel has a day that never was."""
_SHIFT_1904 = 1462
"""Days by which serial numbers are smaller where day 0 is 1 January 1904."""
LAST_DAY = 2_958_465
"""31 December 9999."""

_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def serial(value: object, date1904: bool = False) -> float | None:
    """The serial number of a date, of ISO text or of a number; None for anything else.

    A number is one already, whichever day the calendar (``date1904``) begins with.

    >>> serial("2024-07-27"), serial(datetime.date(2024, 7, 27)), serial(45500), serial(True)
    (45500.0, 45500.0, 45500.0, None)
    """
    if isinstance(value, str):
        if not _ISO.fullmatch(value.strip(" ")):
            return None
        try:
            value = datetime.date.fromisoformat(value.strip(" "))
        except ValueError:
            return None
    if value != value:  # pandas' NaT
        return None
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return float((value - _DAY_ZERO).days - (_SHIFT_1904 if date1904 else 0))
    return number_in(value) if isinstance(value, int | float) else None


def iso(day: float, date1904: bool = False) -> str:
    """The date as ISO text; OverflowError where the calendar has none.

    >>> iso(45500)
    '2024-07-27'
    """
    days = int(day) + (_SHIFT_1904 if date1904 else 0)
    return (_DAY_ZERO + datetime.timedelta(days=days)).isoformat()
