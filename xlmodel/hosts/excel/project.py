"""What a workbook needs for xlwings' VBA functions: its VBA project, and a sheet of settings.

The project is xlwings' own, byte for byte, out of the ``quickstart.xlsm`` in its wheel: the one
with a reference to the xlwings add-in, whose ribbon holds "Import Functions". (The other one,
``quickstart_standalone.xlsm``, is for those who work without the add-in; it carries a copy of
xlwings' code and has no such button.) Excel matches the sheets to the project by code names.
"""

import io
import zipfile
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from xlmodel.hosts.excel.vba import MODULE

BOOK_CODE_NAME: Final = "ThisWorkbook"
SHEET: Final = "xlwings.conf"
"""The name by which xlwings finds its settings; they begin in cell A1, key beside value."""
_FIRST_CODE_NAME: Final = "Sheet1"
_SETTINGS_CODE_NAME: Final = "Sheet2"


def vba_project() -> bytes:
    """xlwings' ``vbaProject.bin``."""
    template = files("xlwings").joinpath("quickstart.xlsm").read_bytes()
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        return archive.read("xl/vbaProject.bin")


def settings() -> list[tuple[str, str]]:
    """The rows of the sheet: which module "Import Functions" imports.

    Which Python runs it is a matter of the computer, not of the workbook: ``setup`` puts it into
    the user's own settings. A row ``Interpreter_Win`` here would go before those.
    """
    return [("UDF Modules", MODULE)]


def code_names(sheets: Sequence[str]) -> dict[str, str]:
    """The code name of each sheet, in the order of the workbook.

    >>> code_names(["About", "Inputs", "Log", "xlwings.conf"])
    {'About': 'Sheet1', 'Inputs': 'Sheet3', 'Log': 'Sheet4', 'xlwings.conf': 'Sheet2'}
    """
    names = {SHEET: _SETTINGS_CODE_NAME, sheets[0]: _FIRST_CODE_NAME}
    for sheet in sheets:
        names.setdefault(sheet, f"Sheet{len(names) + 1}")
    return {sheet: names[sheet] for sheet in sheets}
