"""The editions of the workbook: one description, several ways in which its functions get there."""

from collections.abc import Callable
from typing import Any, NamedTuple

from xlmodel.hosts import native
from xlmodel.registry import functions


class Edition(NamedTuple):
    """An edition: its file, whom it is for, and what brings the functions into the workbook."""

    name: str
    file: str
    about: str
    install: Callable[[Any], None]


def _lambda_names(book: Any) -> None:
    """Every function that has a spreadsheet-native twin, as a defined name."""
    for function in functions().values():
        if native.has_twin(function):
            book.define_name(function.name, native.defined_name(function))


EDITIONS = {
    edition.name: edition
    for edition in (
        Edition(
            "lambda",
            "node_margin.xlsx",
            "Excel 365 or 2024, or any viewer: the functions are LAMBDA names in the file",
            _lambda_names,
        ),
    )
}
