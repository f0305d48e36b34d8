"""Goal seek: the answer put back gives the target; and what is said where there is none."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workbook.made import make
from xlmodel.workbook import drivers
from xlmodel.workbook.calc import Calculation, calculate
from xlmodel.workbook.solve import Solved, solve
from xlmodel.workbook.untrusted import WorkbookError
from xlmodel.workbook.whatif import WhatIf

CELLS = {
    "A1": 2.0,
    "B1": "=A1*30-50",
    "B2": "=(A1-1)*(A1-3)*(A1-50)",
    "B3": "=CEILING(A1,1)",
    "B4": "=7+0*A1",
    "B5": "=SQRT(A1)-1",
    "B6": "=A1^2+1",
    "B7": "=IF(A1>5,\"large\",A1)",
    "B8": "=MIN(A1,1.5)",
    "B9": "=1/(A1-4)",
    "B10": "=A1^9",
    "B11": "=EXP(-A1)-0.001",
}  # fmt: skip
NAMES = {"in_x": "=S!$A$1"} | {f"out_{i}": f"=S!$B${i}" for i in range(1, 12)}


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Calculation:
    return calculate(make(tmp_path_factory.mktemp("made") / "made.xlsx", {"S": CELLS}, NAMES))


def solved(
    today: Calculation, output: str, target: float, between: tuple[float, float] | None = None
) -> Solved:
    with WhatIf(today) as trial:
        return solve(trial, output, target, drivers.find(trial, "x", output), between)


@given(
    output=st.sampled_from(["out_1", "out_5", "out_10", "out_11"]),
    x=st.floats(1e-2, 100.0),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_answer_put_back_gives_the_target(today: Calculation, output: str, x: float) -> None:
    with WhatIf(today) as trial:
        target = trial.at({"in_x": x}, output)
        assert type(target) is float
        found = solve(trial, output, target, drivers.find(trial, "x", output))
        if found.flat:
            return
        assert found.answers
        for answer in found.answers:
            assert trial.at({"in_x": answer.at}, output) == pytest.approx(target, rel=1e-9)


def test_several_answers_the_nearest_to_today_first(today: Calculation) -> None:
    found = solved(today, "out_2", 0.0)
    assert [p.at for p in found.answers] == pytest.approx([1.0, 3.0, 50.0])


def test_a_target_that_is_stepped_over_is_a_jump(today: Calculation) -> None:
    found = solved(today, "out_3", 2.5)
    assert not found.answers
    (jump,) = found.jumps
    assert (jump.before.output, jump.after.output) == (2.0, 3.0)
    assert jump.before.at == pytest.approx(2.0)
    assert jump.before.at <= 2.0 < jump.after.at


def test_a_pole_is_no_answer(today: Calculation) -> None:
    found = solved(today, "out_9", 0.0)
    assert not found.answers


def test_an_input_that_moves_nothing(today: Calculation) -> None:
    found = solved(today, "out_4", 0.0)
    assert found.flat
    assert not found.answers


def test_no_answer_in_the_range_with_both_ends(today: Calculation) -> None:
    found = solved(today, "out_1", 1000.0, (1.0, 2.0))
    assert not found.answers
    low, high = found.searched
    assert (low.at, low.output, high.at, high.output) == (1.0, -20.0, 2.0, 10.0)


def test_errors_and_texts_in_the_range_are_counted(today: Calculation) -> None:
    found = solved(today, "out_5", 0.5, (-4.0, 4.0))
    assert found.answers[0].at == pytest.approx(2.25)
    assert set(found.errors) == {"#NUM!"}
    assert set(solved(today, "out_7", 4.0).errors) == {"'large'"}


def test_a_plateau_on_the_target(today: Calculation) -> None:
    found = solved(today, "out_8", 1.5)
    assert found.answers[0].at == 2.0
    assert found.plateaus


def test_a_target_that_is_met_today(today: Calculation) -> None:
    assert solved(today, "out_1", 10.0).answers[0].at == 2.0


@pytest.mark.parametrize("between", [(2.0, 1.0), (1.0, 1.0)])
def test_a_range_that_is_none(today: Calculation, between: tuple[float, float]) -> None:
    with pytest.raises(WorkbookError, match="--between takes a low and a higher number"):
        solved(today, "out_1", 0.0, between)


def test_a_whole_number_is_answered_whole(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.worksheet.datavalidation import DataValidation

    path = make(tmp_path / "made.xlsx", {"S": CELLS}, NAMES)
    book = openpyxl.load_workbook(path)
    rule = DataValidation(type="whole", operator="between", formula1="1", formula2="64")
    rule.add("A1")
    book["S"].add_data_validation(rule)
    book.save(path)
    today = calculate(path)
    assert solved(today, "out_1", 160.0).answers[0].at == 7.0
    (jump,) = solved(today, "out_1", 170.0).jumps
    assert (jump.before.at, jump.after.at) == (7.0, 8.0)
    with pytest.raises(WorkbookError, match="can't be 65; it is from 1 to 64"):
        solved(today, "out_1", 0.0, (1.0, 65.0))
    with pytest.raises(WorkbookError, match="no whole number lies"):
        solved(today, "out_1", 0.0, (1.2, 1.8))


def test_a_blank_input_without_a_range_needs_one(tmp_path: Path) -> None:
    cells = {"B1": "=A1*2", "A2": 1.0}
    names = {"in_x": "=S!$A$1", "out_1": "=S!$B$1"}
    today = calculate(make(tmp_path / "made.xlsx", {"S": cells}, names))
    with pytest.raises(WorkbookError, match="in_x is blank and has no range of its own"):
        solved(today, "out_1", 4.0)
    assert solved(today, "out_1", 4.0, (0.0, 10.0)).answers[0].at == pytest.approx(2.0)
