"""Names under which Calc knows the add-in, and how files spell its calls."""

from typing import Final

SERVICE: Final = "XLMODEL"
"""The UNO service. Calc's own name of a function is ``XLMODEL.NODE_COST``: .ods files hold it."""
MODULE: Final = "xlmodel"
INTERFACE: Final = "XFunctions"
IMPLEMENTATION: Final = "xlmodel.calc.AddIn"
IDENTIFIER: Final = "xlmodel.calc"
"""Of the extension: a newer version replaces an older one under the same identifier."""
MIN_LIBREOFFICE: Final = "7.4"
"""The oldest LibreOffice on which the extension has been tried."""


def stored_call(name: str) -> str:
    """How a function is spelt in the formulas of a stored .xlsx workbook.

    >>> stored_call("NODE_COST")
    'XLMODEL.NODE_COST'
    """
    return f"{SERVICE}.{name}"


def as_area(reference: str) -> str:
    """A cell as an area of one: of a single cell Calc tells an add-in 0 where it is blank.

    >>> as_area("Inputs!$C$7"), as_area("Margin!$B$7:$B$9")
    ('Inputs!$C$7:$C$7', 'Margin!$B$7:$B$9')
    """
    cell = reference.rpartition("!")[2]
    return reference if ":" in cell else f"{reference}:{cell}"
