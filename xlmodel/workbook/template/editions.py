"""The editions of the workbook: one description, several ways in which its functions get there.

The sheets are the same in each, and the same cell holds the same call. What differs stands here:
how a file spells a call, what is added to the file, and what the sheet About says of it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from xlmodel.hosts import native
from xlmodel.registry import functions


def _nothing(_book: Any) -> None:
    """Nothing is added to the file."""


def _as_written(content: Any) -> Any:
    return content


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
    install: Callable[[Any], None] = _nothing
    """What is added to the XlsxWriter workbook."""
    finish: Callable[[bytes], bytes] = _as_written
    """What is done with the finished file."""


def _lambda_names(book: Any) -> None:
    """Every function that has a spreadsheet-native twin, as a defined name."""
    for function in functions().values():
        if native.has_twin(function):
            book.define_name(function.name, native.defined_name(function))


DEFAULT = Edition(
    "lambda",
    "node_margin.xlsx",
    "Excel 365 or 2024, or any viewer: the functions are LAMBDA names in the file",
    (
        "In this edition they live in the file itself, as LAMBDA names (Formulas, Name Manager): "
        "no macro, no add-in.",
        "Excel 365 or Excel 2024 is needed to recalculate. Excel before 2024 and LibreOffice 7.4 "
        "cannot recalculate this edition; LibreOffice shows errors in place of results.",
    ),
    python=False,
    install=_lambda_names,
)

EDITIONS = {edition.name: edition for edition in (DEFAULT,)}
