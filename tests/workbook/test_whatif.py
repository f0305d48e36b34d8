"""What is moved, and that a further calculation equals one from the file."""

import math
from datetime import datetime
from pathlib import Path

import pytest

from tests.workbook.made import make
from xlmodel.workbook import drivers
from xlmodel.workbook.calc import Calculation, calculate
from xlmodel.workbook.sensitivity import ends, grid, swings, tornado
from xlmodel.workbook.untrusted import WorkbookError
from xlmodel.workbook.whatif import Changes, WhatIf

TEMPLATE = Path(__file__).parents[2] / "workbooks" / "node_margin.xlsx"
NOW = datetime(2026, 11, 26)
CELLS = {
    "A1": "Price", "B1": 2.0, "C1": "USD/Mtok",
    "A2": "Volume", "B2": 30.0, "C2": "Mtok/day",
    "A3": "Cost", "B3": 50.0, "C3": "USD/day",
    "A4": "Margin", "B4": "=B1*B2-B3", "C4": "USD/day",
    "A5": "Name", "B5": "H100",
    "A6": "Day", "B6": (45500.0, "yyyy-mm-dd"),
    "A7": "Zero", "B7": 0.0,
    "A8": "Other", "B8": "=B4+B7+LEN(B5)+B6",
    "A9": "Error", "B9": "=1/B7",
    "A10": "Unused", "B10": 3.0,
    "A11": "Blank",
    "A12": "Rate", "B12": '=IF(B11="",7,B11)*B1', "C12": "x",
    "A13": "Blank", "B13": '=IF(B11="",7,B11)', "C13": "x",
}  # fmt: skip
NAMES = {
    "in_price": "=S!$B$1", "in_volume": "=S!$B$2", "in_cost": "=S!$B$3", "in_name": "=S!$B$5",
    "in_day": "=S!$B$6", "in_zero": "=S!$B$7", "in_unused": "=S!$B$10", "in_blank": "=S!$B$11",
    "in_computed": "=S!$B$4",
    "out_margin": "=S!$B$4", "out_other": "=S!$B$8", "out_error": "=S!$B$9",
    "out_rate": "=S!$B$12", "out_blank": "=S!$B$13", "out_name": "=S!$B$5",
}  # fmt: skip


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Calculation:
    return calculate(make(tmp_path_factory.mktemp("made") / "made.xlsx", {"S": CELLS}, NAMES))


@pytest.fixture(scope="module")
def template() -> Calculation:
    return calculate(TEMPLATE, now=NOW)


def assert_equal(one: Calculation, other: Calculation) -> None:
    """Every formula of two calculations, to 1e-12."""
    left, right = one.session.result, other.session.result
    assert left.extents == right.extents
    for sheet, columns in right.formulas.items():
        for column, rows in columns.items():
            for row, value in rows.items():
                found = left.formulas[sheet][column][row]
                where = f"{sheet} column {column} row {row}"
                if type(value) is float:
                    assert type(found) is float, where
                    assert math.isclose(found, value, rel_tol=1e-12, abs_tol=1e-12), where
                else:
                    assert getattr(found, "kind", found) == getattr(value, "kind", value), where


@pytest.mark.parametrize(
    "changes",
    [
        {"in_input_price": 1.7, "in_utilization": 0.6, "in_gpus": 4.0},
        {"in_model": "Llama-3.1-70B", "in_rate_from": "computed", "in_fleet_mode": "fixed"},
        {"in_decline": "algorithms-only", "in_mean_load": 12_000.0, "in_turns": 3.0},
        {"in_gpu_provider": None, "in_as_of": 46000.0, "in_cache_hit_rate": 0.5},
    ],
)
def test_a_further_calculation_equals_one_from_the_file(
    template: Calculation, changes: Changes
) -> None:
    fresh = calculate(TEMPLATE, {n: "" if v is None else v for n, v in changes.items()}, NOW)
    with WhatIf(template) as trial:
        trial.set({"in_utilization": 0.1, "in_load_profile": "flat", "in_gpu": "H200"})
        trial.set(changes)
        assert_equal(template, fresh)


def test_lifted_calls_are_calculated_again(tmp_path: Path) -> None:
    cells = {"A1": 8.0, "D1": "=SUM(C1:C60)"}
    for row in range(1, 61):
        cells |= {f"B{row}": float(row), f"C{row}": f"=NODE_COST($A$1,B{row})+1"}
    names = {"in_gpus": "=S!$A$1", "out_sum": "=S!$D$1"}
    path = make(tmp_path / "made.xlsx", {"S": cells}, names)
    with WhatIf(calculate(path)) as trial:
        for gpus in (4.0, 5.0, 4.0):
            assert trial.at({"in_gpus": gpus}, "out_sum") == pytest.approx(gpus * 24 * 1830 + 60)


def _fail_halfway(trial: WhatIf) -> None:
    trial.set({"in_utilization": 0.5, "in_model": None})
    trial.output("marign")


def test_what_was_changed_is_as_before_at_the_end(template: Calculation) -> None:
    fresh = calculate(TEMPLATE, now=NOW)
    with pytest.raises(WorkbookError, match="marign"), WhatIf(template) as trial:
        _fail_halfway(trial)
    assert_equal(template, fresh)
    assert template.values("in_utilization") == [[1.0]]


def test_inputs_that_are_not_named_are_as_today(today: Calculation) -> None:
    with WhatIf(today) as trial:
        assert trial.at({"in_price": 3.0}, "out_margin") == 40.0
        assert trial.at({"in_volume": 40.0}, "out_margin") == 30.0
        assert trial.at({}, "out_margin") == 10.0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("marign", "there is no output 'marign' in made.xlsx; did you mean out_margin?"),
        ("xyz", "there is no output 'xyz' in made.xlsx; the outputs are out_blank, out_error, "),
        ("error", "out_error is #DIV/0! in made.xlsx today, but must be a number"),
        ("name", "out_name is 'H100' in made.xlsx today, but must be a number"),
    ],
)
def test_outputs_that_can_not_be_watched(today: Calculation, asked: str, said: str) -> None:
    with WhatIf(today) as trial, pytest.raises(WorkbookError) as error:
        trial.output(asked)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("volum", "there is no input 'volum'; did you mean in_volume?"),
        ("name", "in_name is 'H100', but a driver must be a number"),
        ("day", "in_day is '2024-07-27', but a driver must be a number"),
        ("computed", "holds a formula"),
        ("volume+in_volume", "volume+in_volume names an input twice"),
        ("volume+", "there is no input ''"),
        ("volume+zeroo", "did you mean in_zero?"),
        ("", "there is no input ''"),
    ],
)
def test_drivers_that_can_not_be_moved(today: Calculation, asked: str, said: str) -> None:
    with WhatIf(today) as trial, pytest.raises(WorkbookError) as error:
        drivers.find(trial, asked, "out_margin")
    assert said in str(error.value)


def test_a_choice_is_no_driver(template: Calculation) -> None:
    with WhatIf(template) as trial:
        with pytest.raises(WorkbookError, match="in_fleet_mode is"):
            drivers.find(trial, "fleet_mode", "out_margin")
        with pytest.raises(WorkbookError, match="in_draft_model is"):
            drivers.find(trial, "draft_model", "out_margin")


def test_price_stands_for_all_prices_of_tokens(template: Calculation) -> None:
    with WhatIf(template) as trial:
        price = drivers.find(trial, "price", "out_margin")
        assert [m.name for m in price.members] == [*drivers.GROUPS["price"]]
        assert [m.value for m in price.members] == [2.8, 2.8, 2.8]
        assert price.accepted.low == 0
        assert "moved by one factor" in price.meaning
        assert trial.at(price.changes(2.0), "out_margin") == pytest.approx(2 * 798.336 - 670.08)


def test_an_input_of_that_name_goes_before_the_group(today: Calculation) -> None:
    with WhatIf(today) as trial:
        assert drivers.find(trial, "price", "out_margin").name == "in_price"


def test_a_blank_input_starts_from_what_it_overrides(today: Calculation) -> None:
    with WhatIf(today) as trial:
        assert drivers.find(trial, "blank", "out_rate").base == 7.0
        assert trial.value("out_rate") == 14.0


def test_a_blank_input_that_may_not_be_typed_in_has_no_value_today(tmp_path: Path) -> None:
    cells = {"A1": None, "A2": '=IF(A1="",7,A1*2)', "A3": "=A2"}
    names = {"in_x": "=S!$A$1", "out_x": "=S!$A$2", "out_y": "=S!$A$3", "in_z": "=S!$A$4"}
    today = calculate(make(tmp_path / "made.xlsx", {"S": {**cells, "A4": 1.0}}, names))
    with WhatIf(today) as trial:
        driver = drivers.find(trial, "x", "out_y")
        assert driver.base is None
        with pytest.raises(WorkbookError, match="in_x is blank, so it needs its low and high"):
            ends(driver)
        with pytest.raises(WorkbookError, match="typing in the figures of today changes out_y"):
            drivers.find(trial, "x+z", "out_y")


def test_the_accepted_range_is_that_of_the_cell(template: Calculation) -> None:
    with WhatIf(template) as trial:
        found = {
            name: drivers.find(trial, name, "out_margin").accepted
            for name in ("utilization", "input_price", "decoding_gain")
        }
    assert found["utilization"][:2] == (0.0, 1.0)
    assert found["input_price"][:2] == (0.0, math.inf)
    assert found["decoding_gain"][:2] == (1e-6, 100.0)


def test_a_tornado_has_what_moves_the_output_widest_first(today: Calculation) -> None:
    with WhatIf(today) as trial:
        found, still = tornado(trial, "out_margin")
    assert [(s.name, s.at_low, s.at_high) for s in found] == [
        ("in_price", pytest.approx(4.0), pytest.approx(16.0)),
        ("in_volume", pytest.approx(4.0), pytest.approx(16.0)),
        ("in_cost", pytest.approx(15.0), pytest.approx(5.0)),
    ]
    assert {s.base for s in found} == {10.0}
    assert not still


def test_a_driver_that_is_zero_is_told_not_moved(today: Calculation) -> None:
    with WhatIf(today) as trial:
        found, still = tornado(trial, "out_other")
        assert [driver.name for driver in still] == ["in_zero"]
        with pytest.raises(WorkbookError, match="in_zero is 0, of which a share is nothing"):
            ends(still[0])
    assert "in_zero" not in [s.name for s in found]


def test_swings_have_none_where_the_output_is_an_error(tmp_path: Path) -> None:
    cells = {"A1": 4.0, "A2": "=SQRT(A1)"}
    names = {"in_x": "=S!$A$1", "out_y": "=S!$A$2"}
    with WhatIf(calculate(make(tmp_path / "made.xlsx", {"S": cells}, names))) as trial:
        driver = drivers.find(trial, "x", "out_y")
        (swing,) = swings(trial, "out_y", [(driver, -1.0, 9.0)])
    assert (swing.at_low, swing.at_high, swing.size) == (None, 3.0, 1.0)


def test_a_grid_is_each_pair(today: Calculation) -> None:
    with WhatIf(today) as trial:
        price, volume = (drivers.find(trial, name, "out_margin") for name in ("price", "volume"))
        found = grid(trial, "out_margin", (price, [1.0, 2.0]), (volume, [10.0, 20.0, 30.0]))
        assert found.values == ((-40.0, -30.0, -20.0), (-30.0, -10.0, 10.0))
        assert found.base == 10.0
        with pytest.raises(WorkbookError, match="both move in_price"):
            grid(trial, "out_margin", (price, [1.0]), (price, [1.0]))
