"""Workbooks of the sheets Budget, Actuals and Variance alone, which are quick to calculate."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xlmodel.workbook.calc import Calculation, calculate
from xlmodel.workbook.template import actuals, variance
from xlmodel.workbook.template.editions import DEFAULT
from xlmodel.workbook.template.layout import plan
from xlmodel.workbook.template.parts import Beside, Sheet, line
from xlmodel.workbook.template.writer import write

DAY: Mapping[str, float] = {
    "out_input_tokens_per_day": 259.2e6,
    "out_output_tokens_per_day": 25.92e6,
    "out_input_price": 2.8,
    "out_cached_input_price": 1.4,
    "out_output_price": 2.8,
    "out_gpu_hour_price": 3.49,
    "out_margin": 128.256,
    "in_gpus": 8,
    "in_cache_hit_rate": 0,
    "in_other_cost_per_day": 0,
}
"""What the other sheets give these three: the founding case, with a price of cached input."""

GIVEN: Mapping[str, Any] = {
    **DAY,
    "in_variance_from": None,
    "in_variance_to": None,
    "in_materiality_share": 0.05,
    "in_materiality_amount": 500,
    "in_tolerance": 1e-9,
    "in_cent_tolerance": 0.005,
    "in_currency": "USD",
    "in_as_of": 45500,
    "scenario_label": "x",
    "currency_label": "USD",
    "status_text": "x",
    "check_master": True,
}

Row = Mapping[str, Any]


def calculated(
    folder: Path, budget: Sequence[Row], rows: Sequence[Row], **given: Any
) -> Calculation:
    """The three sheets with these rows, calculated."""
    stub = [
        line(name, value, "general", "", name=name, role="check" if "check" in name else "input")
        for name, value in (GIVEN | given).items()
    ]
    sheets = [
        Sheet("Inputs", "Inputs", "", {"A": 2}, stub),
        _with(actuals.budget_sheet(), budget),
        _with(actuals.actuals_sheet(), rows),
        variance.sheet(),
    ]
    path = folder / "small.xlsx"
    path.write_bytes(write(plan(sheets), DEFAULT, {}))
    found = calculate(path, {})
    assert not found.unsupported
    return found


def _with(sheet: Sheet, rows: Sequence[Row]) -> Sheet:
    (beside,) = sheet.items
    assert isinstance(beside, Beside)
    (table,) = beside.tables
    facts = [header for header in table.headers if header not in table.formulas]
    for row in rows:
        assert set(row) <= set(facts), row
    cells = [[row.get(header) for header in facts] for row in rows or [{}]]
    return sheet._replace(items=[Beside([table._replace(rows=cells)])])


def column(found: Calculation, name: str) -> list[Any]:
    return [row[0] for row in found.values(name) or []]


def steps(found: Calculation) -> dict[str, float]:
    """The bridge: label and value of each step, with the first and the last level."""
    return dict(zip(column(found, "variance_label"), column(found, "variance_value"), strict=True))


def one(found: Calculation, name: str) -> Any:
    return column(found, name)[0]
