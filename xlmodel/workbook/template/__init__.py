"""The template workbook as data, and the writer that makes a file of it.

``about``, ``inputs`` (with ``entry`` and ``published``), ``prices``, ``margin`` (with ``used``),
``founding`` (with ``bridge``) and ``checks`` (with ``statements``) describe the sheets. ``parts``
is what they are made of, ``look`` how it looks, ``accept`` what inputs take, ``calls`` how formulas
call our functions. ``layout`` gives everything an address, ``writer`` and ``charts`` write it,
``archive`` packs the file, ``editions`` lists the forms in which it is delivered.

A new sheet is a module that returns a ``Sheet``, and a line in ``SHEETS``.
"""

from xlmodel.workbook.template import about, checks, founding, inputs, margin, prices
from xlmodel.workbook.template.layout import Plan, plan

SHEETS = (
    about.sheet,
    inputs.sheet,
    prices.gpu_sheet,
    prices.model_sheet,
    margin.sheet,
    founding.sheet,
    checks.sheet,
    about.log_sheet,
)


def workbook() -> Plan:
    """The whole workbook, every cell at its address."""
    return plan([sheet() for sheet in SHEETS])
