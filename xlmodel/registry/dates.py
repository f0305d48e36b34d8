"""Days of Excel's calendar: a date is a serial number, day 1 is 1 January 1900."""

import datetime
import re

_DAY_ZERO = datetime.date(1899, 12, 30)
"""Counts right from 1 March 1900 on; before it Excel has a day that never was."""

_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def serial(value: object) -> float | None:
    """The serial number of a date, of ISO text or of a number; None for anything else.

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
        return float((value - _DAY_ZERO).days)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return None


def iso(day: float) -> str:
    """
    >>> iso(45500)
    '2024-07-27'
    """
    return (_DAY_ZERO + datetime.timedelta(days=int(day))).isoformat()
