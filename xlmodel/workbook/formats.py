"""Number formats of cells, and dates as serial numbers."""

import datetime
import re

from xlmodel.registry import dates
from xlmodel.workbook.package import Package, children
from xlmodel.workbook.untrusted import whole

_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 37: "#,##0;(#,##0)", 38: "#,##0;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_NOT_CODES = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")
_SECONDS = 86_400
_FIRST = "1900-03-01"  # the first day that Excel's calendar has right


class Formats:
    """The number format behind each style number of a workbook."""

    def __init__(self, package: Package) -> None:
        self._codes: list[str] = []
        if not package.styles:
            return
        root = package.xml(package.styles)
        own = {
            whole(element.get("numFmtId"), 0, package.name): element.get("formatCode", "General")
            for element in children(root, "numFmts", "numFmt")
        }
        for element in children(root, "cellXfs", "xf"):
            number = whole(element.get("numFmtId"), 0, package.name)
            self._codes.append(own.get(number, _BUILT_IN.get(number, "General")))

    def code(self, style: int) -> str:
        return self._codes[style] if style < len(self._codes) else "General"


def is_date(code: str) -> bool:
    """Whether a number format shows a calendar date, with or without a time.

    >>> is_date("yyyy-mm-dd h:mm"), is_date("h:mm:ss"), is_date('0.0" days"'), is_date("[h]:mm")
    (True, False, False, False)
    """
    plain = _NOT_CODES.sub("", code).lower()
    return "y" in plain or "d" in plain or "mmm" in plain


def to_iso(serial: float, date1904: bool) -> str | None:
    """A date, with its time if it has one, as ISO text; None where no date exists.

    >>> to_iso(45500, False), to_iso(45500.5, False), to_iso(99999999, False)
    ('2024-07-27', '2024-07-27T12:00:00', None)
    """
    try:
        days, seconds = divmod(round(serial * _SECONDS), _SECONDS)
        text = dates.iso(days, date1904)
    except (OverflowError, ValueError):
        return None
    if text < _FIRST:
        return None
    return f"{text}T{datetime.timedelta(seconds=seconds)!s:0>8}" if seconds else text


def from_iso(text: str, date1904: bool) -> float | None:
    """The serial number of an ISO date, None for any other text.

    >>> from_iso("2024-07-27", False), from_iso("2024-07-27 12:00", False), from_iso("July", False)
    (45500.0, 45500.5, None)
    """
    plain = text.strip()
    if not _ISO.fullmatch(plain) or plain < _FIRST:
        return None
    try:
        time = datetime.time.fromisoformat(plain[11:] or "00:00")
    except ValueError:
        return None
    days = dates.serial(plain[:10], date1904)
    seconds = time.hour * 3600 + time.minute * 60 + time.second
    return None if days is None else days + seconds / _SECONDS
