"""The editions of the workbook: one description, several ways in which its functions get there.

The sheets are the same in each, and the same cell holds the same call. What differs stands here:
how a file spells a call, what is added to the file, and what the sheet About says of it.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from xlmodel.hosts import native
from xlmodel.hosts.calc import names as calc
from xlmodel.hosts.excel import project
from xlmodel.hosts.lite import bundle
from xlmodel.workbook import package, webextension


def _nothing(_book: Any) -> None:
    """Nothing is added to the file."""


def _as_written(content: Any) -> Any:
    return content


def _unchanged(_name: str, reference: str) -> str:
    return reference


BLANK = ("in_", "blank_cell")
"""What the names of cells that may be blank begin with."""


class Edition(NamedTuple):
    """An edition: its file, whom it is for, and what brings the functions into the workbook."""

    name: str
    file: str
    about: str
    words: tuple[str, ...]
    """What the sheet About says of it."""
    python: bool = True
    """Whether the functions that no formula can express are there as well."""
    dynamic: bool = True
    """Whether a call is stored as a dynamic array of one cell, as Excel itself stores it."""
    spelled: Callable[[str], str] = _as_written
    """The name of a function as the file stores it."""
    table: str = "[#All]"
    """A whole table with its headers, behind the table's name."""
    reference: Callable[[str, str], str] = _unchanged
    """What a name refers to, as the file stores it, from the name and the reference."""
    install: Callable[[Any], None] = _nothing
    """What is added to the XlsxWriter workbook."""
    finish: Callable[[bytes], bytes] = _as_written
    """What is done with the finished file."""


def _lambda_names(book: Any) -> None:
    """Every function that has a spreadsheet-native twin, and what these call, as defined names."""
    for name, formula in native.defined_names().items():
        book.define_name(name, formula)


def _vba_project(book: Any) -> None:
    """xlwings' own VBA project, and the sheet that tells it which module holds the functions."""
    settings = book.add_worksheet(project.SHEET)
    settings.set_column("A:A", 18)
    settings.set_column("B:B", 40)
    for row, entry in enumerate(project.settings()):
        settings.write_row(row, 0, entry)
    book.add_vba_project(io.BytesIO(project.vba_project()), is_stream=True)
    book.set_vba_name(project.BOOK_CODE_NAME)
    sheets = [sheet.get_name() for sheet in book.worksheets()]
    for sheet, name in project.code_names(sheets).items():
        book.get_worksheet_by_name(sheet).set_vba_name(name)


def _with_lite_code(workbook: bytes) -> bytes:
    """The workbook with the files that xlwings Lite runs."""
    return webextension.embed(package.from_bytes(Path("template"), workbook), bundle.files())


def _inputs_as_areas(name: str, reference: str) -> str:
    """A cell that may be blank as an area of one.

    Results stay single cells: of an error within an area Calc does not tell which one it is.
    """
    return calc.as_area(reference) if name.startswith(BLANK) else reference


DEFAULT = Edition(
    "lambda",
    "node_margin.xlsx",
    "Excel 365 or 2024: the functions are LAMBDA names in the file",
    (
        "As delivered they live in the file itself, as LAMBDA names (Formulas, Name Manager): "
        "no macro, no add-in.",
        "Excel 365 or Excel 2024 is needed to recalculate. Excel before 2024 and LibreOffice 7.4 "
        "cannot recalculate this edition; LibreOffice shows errors in place of results.",
    ),
    python=False,
    install=_lambda_names,
)

EDITIONS = {
    edition.name: edition
    for edition in (
        DEFAULT,
        Edition(
            "com",
            "node_margin.xlsm",
            "Excel for Windows with Python: the functions come through xlwings",
            (
                "As delivered they are computed by Python on this computer, through xlwings. "
                "Set it up with “xlmodel addin excel”,",
                "then press Import Functions on the xlwings tab, once in this workbook and again "
                "after each update of xlmodel. Macros must be enabled.",
            ),
            install=_vba_project,
        ),
        Edition(
            "lite",
            "node_margin_lite.xlsx",
            "Excel for Windows, Mac and the web: the functions run in the add-in xlwings Lite",
            (
                "As delivered they are computed by the add-in xlwings Lite, from the code that "
                "this file carries. Where the add-in is not installed:",
                "Home, Add-ins, search for xlwings Lite, Add. Then choose Trust and Continue in "
                "its pane. It loads Python from the internet and runs the code inside Excel.",
            ),
            spelled=bundle.stored_call,
            finish=_with_lite_code,
        ),
        Edition(
            "calc",
            "node_margin_calc.xlsx",
            "LibreOffice Calc: the functions come from the xlmodel extension",
            (
                "As delivered they are computed by the xlmodel extension for LibreOffice: "
                "“xlmodel addin calc --install” builds and installs it.",
                "Start Calc anew afterwards. In LibreOffice a formula reads =NODE_MARGIN(…); the "
                "file spells it XLMODEL.NODE_MARGIN, which Excel does not know.",
            ),
            dynamic=False,
            spelled=calc.stored_call,
            table="[[#Headers],[#Data]]",  # LibreOffice 7.4 does not know [#All]
            reference=_inputs_as_areas,
        ),
    )
}
