"""Cells as xlwings' COM server passes them, in and out.

In: an argument that is a reference arrives as a Range, of which we read ``Value2``: ``Value``,
which xlwings reads, would round a cell in a currency format to four decimals and make a date of a
number that is formatted as one. pywin32 gives a number as a float, an error as an int (Excel's
SCODE), a blank cell as None, a block as a tuple of rows, a row that isn't a reference as one flat
tuple. VBA code that calls a function may pass an Integer, a Currency (a Decimal) or a Date: an int
that is no SCODE is a number.

Out: numbers as floats, texts, booleans. An error goes out as its name: pywin32 discards the code of
a ``VARIANT(VT_ERROR, code)`` and sends "missing argument" instead (``MakeObjToVariant`` in its
oleargs.cpp), so that only VBA can make the true error of it; see ``vba``.

Unconfirmed in Excel: how long a whole column takes.
"""

from decimal import Decimal
from typing import Any, Final

from xlmodel.hosts.syntax import LAST_COLUMN, LAST_ROW
from xlmodel.registry import CellError
from xlmodel.registry.errors import VALUE

ERRORS: Final = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
"""Excel's number for each error: its XlCVError, what VBA's ``CVErr`` takes."""
_KINDS: Final = {number: kind for kind, number in ERRORS.items()}
SCODE: Final = 0x800A0000 - 2**32
"""What COM adds to the number, read as the signed integer that pywin32 makes of it."""
SEVERAL_AREAS: Final = CellError(
    VALUE, "a reference of several areas is given, but must be one block of cells"
)


def content(reference: Any) -> Any:
    """The raw values of a reference (xlwings' ``Range`` of COM).

    A reference that goes to the sheet's last row or column, as A:A does, is read to the end of
    what the sheet uses, so that a whole column costs what it holds and not a million cells.
    """
    sheet, row, column, rows, columns = reference.coords
    cells = reference.xl
    if cells.Areas.Count > 1:  # Value2 would silently be that of the first
        return SEVERAL_AREAS
    down = row + rows > LAST_ROW
    right = column + columns > LAST_COLUMN
    if down or right:
        used = sheet.UsedRange
        bottom = max(row, used.Row + used.Rows.Count - 1) if down else row + rows - 1
        edge = max(column, used.Column + used.Columns.Count - 1) if right else column + columns - 1
        cells = sheet.Range(sheet.Cells(row, column), sheet.Cells(bottom, edge))
    return cells.Value2


def from_excel(value: Any) -> Any:
    """An argument as ``Function.call_cells`` takes it.

    >>> from_excel(((8.0, None), ("x", SCODE + 2042)))
    [[8.0, None], ['x', CellError(kind='#N/A', reason='')]]
    >>> from_excel((1.0, 2.0)), from_excel(8), from_excel(True)
    ([[1.0, 2.0]], 8.0, True)
    """
    if type(value) is not tuple:
        return _cell(value)
    rows = value if value and type(value[0]) is tuple else (value,)
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(value: Any) -> Any:
    kind = type(value)
    if kind is int and 0 <= value - SCODE <= 0xFFFF:
        return CellError(_KINDS.get(value - SCODE, VALUE))
    return float(value) if kind is int or kind is Decimal else value


def to_excel(cell: Any) -> object:
    """A cell of a result as COM takes it: a float, a text, a boolean, the name of an error.

    >>> to_excel(CellError("#NUM!", "reason")), to_excel(1), to_excel(True)
    ('#NUM!', 1.0, True)
    """
    if isinstance(cell, CellError):
        return cell.kind
    return cell if isinstance(cell, str | bool) else float(cell)
