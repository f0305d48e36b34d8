"""What differs between two workbooks, and the bridge between them, which sums."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.workbook.made import make
from xlmodel.workbook.bridge import GROUPS, OTHER, REST, Bridge, bridge
from xlmodel.workbook.calc import Calculation, calculate
from xlmodel.workbook.compare import Comparison, compare
from xlmodel.workbook.untrusted import WorkbookError

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
TEMPLATE = WORKBOOKS / "node_margin.xlsx"
NOW = datetime(2026, 11, 26)


@pytest.fixture(scope="module")
def template() -> Calculation:
    return calculate(TEMPLATE, now=NOW)


def bridged(before: Calculation, after: Calculation, output: str = "margin") -> Bridge:
    found = bridge(before, after, output)
    total = sum(step.effect for step in found.steps)
    assert total == pytest.approx(found.after - found.before, rel=1e-9, abs=1e-9)
    return found


def effects(found: Bridge) -> dict[str, float]:
    return {step.name: step.effect for step in found.steps if abs(step.effect) > 1e-9}


def test_a_workbook_and_itself(template: Calculation) -> None:
    again = calculate(TEMPLATE, now=NOW)
    found = compare(template, again)
    assert found.same
    assert min(found.compared) > 10
    assert not effects(bridged(template, again))


def test_two_editions(template: Calculation) -> None:
    other = calculate(WORKBOOKS / "node_margin_calc.xlsx", now=NOW)
    found = compare(template, other)
    assert not found.inputs
    assert not found.outputs
    assert not effects(bridged(template, other))


def test_each_group_has_its_own_step(template: Calculation) -> None:
    after = calculate(
        TEMPLATE,
        {
            "in_output_price": 3.0, "in_utilization": 0.9, "in_input_output_ratio": 8.0,
            "in_output_tps": 330.0, "in_gpu_hour_price": 3.0, "in_other_cost_per_day": 20.0,
            "in_scenario": "Mine",
        },
        NOW,
    )  # fmt: skip
    found = effects(bridged(template, after))
    revenue = 25.92 * 10 * 2.8 + 25.92 * 3.0
    assert list(found) == [*GROUPS]
    assert found["price"] == pytest.approx(25.92 * 0.2)
    assert found["volume"] == pytest.approx(-0.1 * revenue)
    assert found["mix"] == pytest.approx(-0.9 * 25.92 * 2 * 2.8)
    assert found["efficiency"] == pytest.approx(0.1 * 0.9 * 25.92 * (8 * 2.8 + 3.0))
    assert found["cost of GPUs"] == pytest.approx(8 * 24 * 0.49)
    assert found["other cost"] == pytest.approx(-20)


def test_a_price_that_another_seller_or_gpu_brings_is_in_its_own_step(
    template: Calculation,
) -> None:
    changes = {
        "in_model": "Llama-3.1-70B", "in_model_provider": "", "in_gpu": "A100-80GB",
        "in_as_of": "2026-11-20",
    }  # fmt: skip
    after = calculate(TEMPLATE, changes, NOW)
    prices = {name: after.outputs[f"out_{name}"].value for name in ("input_price", "output_price")}
    gpu = after.outputs["out_gpu_hour_price"].value
    assert prices != {"input_price": 2.8, "output_price": 2.8}
    assert gpu != 3.49
    found = effects(bridged(template, after))
    assert set(found) == {"price", "cost of GPUs"}
    assert found["cost of GPUs"] == pytest.approx(8 * 24 * (3.49 - gpu))
    assert found["price"] == pytest.approx(
        259.2 * (prices["input_price"] - 2.8) + 25.92 * (prices["output_price"] - 2.8)
    )


def test_the_bridge_there_and_back(template: Calculation) -> None:
    after = calculate(TEMPLATE, {"in_utilization": 0.5, "in_share_reserved": 0.0}, NOW)
    there, back = effects(bridged(template, after)), effects(bridged(after, template))
    assert there["volume"] == pytest.approx(-back["volume"])


CELLS = {"A1": "Price", "B1": 2.0, "A2": "Use", "B2": 0.5, "A3": "Profit", "B3": "=B1*B2*100"}
NAMES = {"in_input_price": "=S!$B$1", "in_utilization": "=S!$B$2", "out_margin": "=S!$B$3"}
TABLE = ("Prices", "S", "D1:F4", ("what", "usd", "double"))
ROWS = {
    "D2": "a", "E2": 1.0, "F2": "=E2*2", "D3": "b", "E3": 2.0, "F3": "=E3*2",
    "D4": "c", "E4": 3.0, "F4": "=E4*2",
}  # fmt: skip


def made(path: Path, cells: dict[str, object], names: dict[str, str] | None = None) -> Calculation:
    sheets = {"S": {**CELLS, **ROWS, **cells}}
    return calculate(make(path, sheets, {**NAMES, **(names or {})}, [TABLE]))


def test_inputs_outputs_and_names_of_one_alone(tmp_path: Path) -> None:
    before = made(tmp_path / "a.xlsx", {"B5": 1.0}, {"in_old": "=S!$B$5"})
    after = made(tmp_path / "b.xlsx", {"B1": 3.0, "B6": "=1"}, {"out_New": "=S!$B$6"})
    found: Comparison = compare(before, after)
    (price,) = found.inputs
    assert (price.name, price.change, price.share) == ("in_input_price", 1.0, 0.5)
    (margin,) = found.outputs
    assert (margin.name, margin.change, margin.share) == ("out_margin", 50.0, 0.5)
    assert (found.only_before, found.only_after) == (("in_old",), ("out_New",))
    assert found.compared == (2, 1, 1)
    assert not found.tables


def test_other_formulas_are_the_last_step(tmp_path: Path) -> None:
    before = made(tmp_path / "a.xlsx", {})
    after = made(tmp_path / "b.xlsx", {"B1": 3.0, "B3": "=B1*B2*100-7"})
    assert effects(bridged(before, after)) == {"price": pytest.approx(50), REST: pytest.approx(-7)}


def test_a_step_that_ends_in_an_error_is_told_with_the_next(tmp_path: Path) -> None:
    cells = {"B3": "=IF(AND(B1>2,B2<0.6),1/0,B1*B2*100)"}
    before = made(tmp_path / "a.xlsx", cells)
    after = made(tmp_path / "b.xlsx", {**cells, "B1": 3.0, "B2": 0.8})
    assert effects(bridged(before, after)) == {"price and volume": pytest.approx(140)}


def test_rows_of_tables(tmp_path: Path) -> None:
    before = made(tmp_path / "a.xlsx", {})
    after = made(tmp_path / "b.xlsx", {"D2": "x", "E3": 9.0})
    (table,) = compare(before, after).tables
    assert (table.name, table.rows) == ("Prices", (3, 3))
    assert (table.only_before, table.only_after) == (("a",), ("x",))
    assert table.changed == {"b": ("usd",)}


def test_an_unknown_input_of_ours_is_another_input(tmp_path: Path) -> None:
    names = {"in_mine": "=S!$B$5"}
    before = made(tmp_path / "a.xlsx", {"B5": 1.0, "B3": "=B1*B2*100+B5"}, names)
    after = made(tmp_path / "b.xlsx", {"B5": 5.0, "B3": "=B1*B2*100+B5"}, names)
    assert effects(bridged(before, after)) == {OTHER: pytest.approx(4)}


def test_no_bridge_through_what_is_no_number(tmp_path: Path) -> None:
    before = made(tmp_path / "a.xlsx", {})
    after = made(tmp_path / "b.xlsx", {"B3": "=1/0"})
    with pytest.raises(WorkbookError, match="out_margin is #DIV/0! in b"):
        bridge(before, after, "margin")


def test_every_input_of_a_group_is_one_of_the_template(template: Calculation) -> None:
    named = [f"in_{short}" for shorts in GROUPS.values() for short in shorts]
    assert len(named) == len(set(named))
    assert set(named) <= set(template.inputs)
