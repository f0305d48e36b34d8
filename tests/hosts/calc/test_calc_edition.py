"""The Calc edition of the template in a real LibreOffice with the real extension."""

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel

from tests.hosts.calc import office as offices
from tests.parity.hosts import same, shown
from xlmodel.hosts.syntax import address
from xlmodel.registry import CellError
from xlmodel.registry.errors import KINDS
from xlmodel.workbook import calc

EDITION = Path(__file__).parents[3] / "workbooks" / "node_margin_calc.xlsx"


def _as_calc_gives(value: object) -> object:
    """A stored value as Calc gives it: days and truth values are numbers, errors are errors."""
    if isinstance(value, str) and value in KINDS:
        return CellError(value)
    if isinstance(value, datetime.datetime | datetime.time):
        return float(to_excel(value))
    if isinstance(value, bool | int):
        return float(value)
    return None if value == "" else value


def _alike(found: object, stored: object) -> bool:
    """The same, but for what is left of a difference of equal numbers, which Calc makes 0."""
    if isinstance(found, float) and isinstance(stored, float) and abs(stored) < 1e-11:
        return abs(found) < 1e-11
    return found is stored or same(found, stored)


def test_every_formula_shows_the_value_that_is_stored_with_it() -> None:
    """The profile recalculates all on loading, so what is read is computed by LibreOffice."""
    formulas = openpyxl.load_workbook(EDITION)
    values = openpyxl.load_workbook(EDITION, data_only=True)
    areas = [
        f"{sheet.title}!A1:{address(sheet.max_row, sheet.max_column)}"
        for sheet in formulas.worksheets
    ]
    reads = [["read", area] for area in areas]
    _, *grids, _ = offices.shared().run([["open", EDITION.as_uri()], *reads, ["close"]])
    compared, differing = 0, []
    for sheet, grid in zip(formulas.worksheets, grids, strict=True):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type != "f":
                continue
            compared += 1
            stored = _as_calc_gives(values[sheet.title][cell.coordinate].value)
            found = grid[cell.row - 1][cell.column - 1]
            if not _alike(found, stored):
                differing.append(f"{sheet.title}!{cell.coordinate}: {shown(found)}, not {stored}")
    assert compared > 300
    assert not differing, "\n".join(differing)


CHANGES: dict[str, dict[str, Any]] = {
    "a changed input": {"in_utilization": 0.8},
    "blank optional inputs": {"in_gpu_provider": None, "in_model_provider": None},
    "no such GPU": {"in_gpu": "H1000"},
    "no such model": {"in_model": "GPT-9"},
    "a later day": {"in_as_of": 45900},
}


@pytest.mark.parametrize("inputs", CHANGES.values(), ids=CHANGES)
def test_outputs_equal_the_headless_engine(inputs: dict[str, Any]) -> None:
    """An error stays one; of which kind, Calc says only if it is none of a range."""
    cleared = {name: "" if value is None else value for name, value in inputs.items()}
    expected = calc.calculate(EDITION, cleared).outputs
    steps: list[list[Any]] = [["open", EDITION.as_uri()]]
    typed = {"in_utilization": "case_utilization"}  # a driver: into the first of its cases
    steps += [["put_name", typed.get(name, name), value] for name, value in inputs.items()]
    *_, found, _ = offices.shared().run([*steps, ["read_names", list(expected)], ["close"]])
    differing = [
        f"{name}: {shown(found[name])} instead of {shown(item.value)}"
        for name, item in expected.items()
        if not same(found[name], _as_calc_gives(item.value))
        and not (isinstance(found[name], CellError) and isinstance(item.value, CellError))
    ]
    assert expected
    assert not differing, "\n".join(differing)


def test_a_blank_input_is_the_default_and_not_zero() -> None:
    steps = [["open", EDITION.as_uri()], ["put_name", "case_utilization", None]]
    *_, found, _ = offices.shared().run([*steps, ["read_names", ["out_margin"]], ["close"]])
    assert found == {"out_margin": pytest.approx(128.256)}
