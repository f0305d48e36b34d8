"""STAND-INS for pywin32 and for Excel's objects, so that the real xlwings COM code runs anywhere.

Nothing here is pywin32 or Excel. The stand-ins for pywin32 exist to be imported; those for Excel
(``Sheet``, ``Range``, ``Workbook``) answer what xlwings and xlmodel ask, as their documentation and
source say that the real ones do. What runs on top is real: ``xlwings/__init__``, ``udfs``,
``com_server``, ``conversion``, ``_xlwindows``, and ours.

They change ``sys.modules`` and ``ctypes``: only for a process of its own, see ``server.py``.
"""

import ctypes
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

SCODE = 0x800A0000 - 2**32
NUMBERS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#SPILL!": 2045,
    "#CALC!": 2050,
}
"""From Microsoft's reference of XlCVError, apart from the table in the code under test."""
MISSING = -2147352572
"""What pywin32 makes of an argument that VBA was not given (DISP_E_PARAMNOTFOUND)."""
PYWIN32 = (
    *("pythoncom", "pywintypes", "win32api", "win32con", "win32event", "win32gui"),
    *("win32process", "win32timezone", "win32com", "win32com.client", "win32com.client.gencache"),
    *("win32com.server", "win32com.server.util", "win32com.server.policy"),
    "win32com.server.dispatcher",
)
_RANGE = "{00020846-0000-0000-C000-000000000046}"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class _Anything:
    """An attribute of a stand-in module that is imported, and never used."""

    def __getattr__(self, name: str) -> Any:
        return _Anything()

    def __getitem__(self, key: object) -> Any:
        return _Anything

    def __call__(self, *_: object, **__: object) -> Any:
        return _Anything()


class _Module(ModuleType):
    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything()


class ComError(Exception):
    """``pywintypes.com_error``."""


def _unwrap(_value: object) -> Any:
    """No object here is one that Python wrapped before."""
    raise TypeError


def install() -> None:
    """Put the stand-ins in place and import xlwings as on Windows."""
    import asyncio  # noqa: F401 (these look at sys.platform, so they come first)

    import pandas  # noqa: F401

    for name in PYWIN32:
        sys.modules[name] = _Module(name)
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, sys.modules[name])
    types: Any = sys.modules["pywintypes"]
    types.com_error = ComError
    types.TimeType = type("TimeType", (), {})
    types.IID = str
    client: Any = sys.modules["win32com.client"]
    for name in ("CDispatch", "DispatchBaseClass"):
        setattr(client, name, type(name, (), {}))
    client.Dispatch = lambda value, **_: value
    com: Any = sys.modules["pythoncom"]
    com.__file__ = None
    com.ole_error = ComError
    process: Any = sys.modules["win32process"]
    process.GetWindowThreadProcessId = lambda _: (0, 1)
    server: Any = sys.modules["win32com.server.util"]
    server.unwrap = _unwrap
    windows: Any = ctypes
    windows.windll = windows.oledll = _Anything()
    windows.PyDLL, real = (lambda _: _Anything()), ctypes.PyDLL
    platform, sys.platform = sys.platform, "win32"
    try:
        import xlwings
    finally:
        sys.platform = platform
        ctypes.PyDLL = real  # type: ignore[misc]
    assert xlwings.has_pywin32, "xlwings did not take the stand-ins for Windows"
    assert xlwings.func.__name__ == "xlfunc"


def variant(value: object) -> Any:
    """A value as pywin32 hands it to Python: numbers as floats, errors as SCODEs."""
    kind = getattr(value, "kind", None)
    if kind is not None:
        return SCODE + NUMBERS[kind]
    if isinstance(value, list):
        return tuple(tuple(variant(cell) for cell in row) for row in value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Sheet:
    """An Excel ``Worksheet`` with these values from cell A1 on; ``read`` counts cells read."""

    def __init__(self, rows: Sequence[Sequence[object]] = ((None,),)) -> None:
        self.rows = [list(row) for row in rows]
        self.Name = "Sheet1"
        self.read = 0
        self.Parent = Workbook("Book1.xlsm")

    @property
    def UsedRange(self) -> "Range":
        return Range(self, 1, 1, len(self.rows), max(map(len, self.rows)))

    def Cells(self, row: int, column: int) -> "Range":
        return Range(self, row, column)

    def Range(self, first: "Range", last: "Range") -> "Range":
        rows, columns = last.Row - first.Row + 1, last.Column - first.Column + 1
        return Range(self, first.Row, first.Column, rows, columns)

    def content(self, row: int, column: int) -> object:
        self.read += 1
        line = self.rows[row - 1] if row <= len(self.rows) else []
        return line[column - 1] if column <= len(line) else None


class Range:
    """An Excel ``Range``, which xlwings knows by its type's identity."""

    def __init__(
        self, sheet: Sheet, row: int, column: int, rows: int = 1, columns: int = 1, areas: int = 1
    ) -> None:
        self.Worksheet, self.Row, self.Column = sheet, row, column
        self.Rows, self.Columns = SimpleNamespace(Count=rows), SimpleNamespace(Count=columns)
        self.Areas = SimpleNamespace(Count=areas)
        attributes = SimpleNamespace(iid=_RANGE)
        info = SimpleNamespace(GetTypeAttr=lambda: attributes)
        self._oleobj_ = SimpleNamespace(GetTypeInfo=lambda: info)

    @property
    def Value2(self) -> Any:
        cells = [
            [
                self.Worksheet.content(self.Row + r, self.Column + c)
                for c in range(self.Columns.Count)
            ]
            for r in range(self.Rows.Count)
        ]
        return variant(cells if len(cells) > 1 or len(cells[0]) > 1 else cells[0][0])

    @property
    def Value(self) -> Any:
        raise AssertionError("Value rounds currency and turns formats into dates: read Value2")


class Reference:
    """The part of xlwings' own COM Range that xlmodel reads, where no xlwings runs on COM."""

    def __init__(self, cells: Range) -> None:
        self.xl = cells

    @property
    def coords(self) -> tuple[Any, ...]:
        xl = self.xl
        return xl.Worksheet, xl.Row, xl.Column, xl.Rows.Count, xl.Columns.Count


class Workbook:
    """An Excel ``Workbook`` that keeps the VBA imported into it and the calls of MacroOptions."""

    def __init__(self, name: str) -> None:
        self.Name = name
        self.vba = ""
        self.options: list[dict[str, Any]] = []
        self.Application = SimpleNamespace(
            Version="16.0", Hwnd=1, MacroOptions=self._options, Parent=None
        )
        self.VBProject = SimpleNamespace(VBComponents=_Components(self))
        self.Worksheets: list[object] = []

    def _options(self, macro: str, **options: Any) -> None:
        self.options.append({"Macro": macro, **options})


class _Components:
    def __init__(self, book: Workbook) -> None:
        self.book = book

    def __call__(self, name: str) -> None:
        raise ComError(name)  # there is none of that name yet

    def Remove(self, component: object) -> None:
        raise AssertionError(component)

    def Import(self, path: str) -> None:
        self.book.vba = Path(path).read_text()
