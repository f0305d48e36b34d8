"""The LAMBDA twins, as the template's file holds them, in ironcalc: an engine without Python."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import ironcalc

from tests.hosts.native_cases import WITHOUT_TWIN
from tests.parity.cases import Case
from tests.parity.layout import lay_out, read, write
from xlmodel.hosts import native
from xlmodel.registry import CellError
from xlmodel.registry.errors import KINDS

EXCEPT = {
    **WITHOUT_TWIN,
    "NODE_TPS/measured/the grid": "the measured grid is too large for a workbook: #N/A",
}


def answers(cases: Sequence[Case]) -> list[object]:
    """All cases in one workbook file."""
    layout = lay_out(cases)
    names = {name: f"={formula}" for name, formula in native.defined_names().items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cases.xlsx")
        write(layout, path, names)
        model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    return read(layout, cases, lambda row, column: _value(model.get_cell_value(0, row, column)))


def _value(found: object) -> object:
    return CellError(found) if isinstance(found, str) and found in KINDS else found
