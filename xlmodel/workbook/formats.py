"""Number formats of cells, and dates as serial numbers."""

import datetime
import re

from xlmodel.workbook.package import Package, children

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
_EPOCH = datetime.datetime(1899, 12, 30)
_SHIFT_1904 = 1462  # days by which serial numbers of the 1904 system are smaller


class Formats:
    """The number format behind each style number of a workbook."""

    def __init__(self, package: Package) -> None:
        self._codes: list[str] = []
        if not package.styles:
            return
        root = package.xml(package.styles)
        own = {
            int(element.get("numFmtId", "0")): element.get("formatCode", "General")
            for element in children(root, "numFmts", "numFmt")
        }
        for element in children(root, "cellXfs", "xf"):
            number = int(element.get("numFmtId", "0"))
            self._codes.append(own.get(number, _BUILT_IN.get(number, "General")))

    def code(self, style: int) -> str:
        return self._codes[style] if style < len(self._codes) else "General"


def is_date(code: str) -> bool:
    """Whether a number format shows a calendar date.

    >>> is_date("yyyy-mm-dd"), is_date('0.0" days"'), is_date("[h]:mm")
    (True, False, False)
    """
    plain = _NOT_CODES.sub("", code).lower()
    return "y" in plain or "d" in plain


def to_iso(serial: float, date1904: bool) -> str:
    """
    >>> to_iso(45500, False)
    '2024-07-27'
    """
    days = serial + (_SHIFT_1904 if date1904 else 0)
    moment = _EPOCH + datetime.timedelta(seconds=round(days * 86_400))
    return moment.date().isoformat() if moment.time() == datetime.time() else moment.isoformat(" ")


def from_iso(text: str, date1904: bool) -> float | None:
    """The serial number of an ISO date, None for any other text.

    >>> from_iso("2024-07-27", False), from_iso("July", False)
    (45500.0, None)
    """
    if not _ISO.fullmatch(text.strip()):
        return None
    try:
        moment = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    days = (moment - _EPOCH) / datetime.timedelta(days=1)
    return days - (_SHIFT_1904 if date1904 else 0)
