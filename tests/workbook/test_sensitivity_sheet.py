"""Sheet Sensitivity: what it works out by formulas is what recalculating the workbook gives."""

import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from xlmodel.workbook import build, drivers, sensitivity
from xlmodel.workbook.calc import Calculation, calculate
from xlmodel.workbook.template.entry import NONE_TYPED
from xlmodel.workbook.template.inputs_sensitivity import OUTPUTS
from xlmodel.workbook.template.moved import LABEL, MOVED, TOKEN_PRICES, WATCHED
from xlmodel.workbook.whatif import WhatIf

Inputs = Mapping[str, str | float]
MIXED = {"share_main": "0.5", "share_reserved": "0.3", "share_spot": "0.2", "loss_spot": "0.1"}
BASES: tuple[Inputs, ...] = (
    {},
    {"case": "Downside"},
    {"rate_from": "computed", "cache_hit_rate": "0.3", "cached_input_price": "0.4"},
    {**MIXED, "decoding_gain": "1.3", "utilization": "0.8", "low_utilization": ""},
    {"input_price": "2", "output_price": "8", "other_cost_per_day": "35", "high_price": "1.5"},
)
PAIRS = (
    ("gpu_hour_price", "utilization"),
    ("price", "utilization"),
    ("output_tps", "cache_hit_rate"),
    ("cache_hit_rate", "cached_input_price"),
    ("input_price", "cached_input_price"),
    ("input_price", "output_price"),
    ("other_cost_per_day", "input_output_ratio"),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.new(tmp_path_factory.mktemp("sensitivity") / "template.xlsx")


def column(found: Calculation, name: str) -> list[object]:
    return [row[0] for row in found.values(name)]


def row(found: Calculation, name: str) -> list[object]:
    return list(found.values(name)[0])


def cell(found: Calculation, name: str) -> object:
    return found.values(name)[0][0]


def ours(found: Calculation) -> set[object]:
    """The results of the checks of this sheet."""
    names = ("day_in_use", "use_grid", "batch_grid", "pair_grid", "lows")
    return {found.checks[f"check_{name}"].value for name in names}


def some(rows: int, columns: int) -> list[tuple[int, int]]:
    """A third of the places of a grid, with each row and column among them, and two corners."""
    places = [(i, j) for i in range(rows) for j in range(columns) if (i + j) % 3 == 0]
    return [*places, (rows - 2, columns - 2)]


def close(one: object, other: object) -> bool:
    """Equal to 1e-9; a dash on the sheet where recalculating gives no number."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return (one, other) == (NONE_TYPED, None)


def changes(trial: WhatIf, key: str, value: float) -> dict[str, float]:
    """What the inputs are when a driver has that value; ``price`` is a factor on what is in use."""
    if key != "price":
        return {f"in_{key}": value}
    used = {price: trial.today.outputs[f"out_{price}"].value for price in TOKEN_PRICES}
    return {f"in_{price}": value * float(used[price]) for price in TOKEN_PRICES}  # type: ignore[arg-type]


def recalculated(trial: WhatIf, output: str, moved: Mapping[str, float]) -> float | None:
    together: dict[str, float] = {}
    for key, value in moved.items():
        together |= changes(trial, key, value)
    value = trial.at(together, output)
    return value if isinstance(value, float) else None


@pytest.mark.parametrize("base", BASES, ids=str)
def test_each_driver_alone_is_the_workbook_with_it_set(template: Path, base: Inputs) -> None:
    found = calculate(template, base)
    ends = {end: column(found, f"driver_{end}") for end in ("low", "high")}
    shown = {end: column(found, f"driver_at_{end}") for end in ("low", "high")}
    with WhatIf(found) as trial:
        for place, one in enumerate(MOVED):
            for end, values in ends.items():
                value = values[place]
                assert isinstance(value, float), (one.key, end)
                wanted = recalculated(trial, "out_margin", {one.key: value})
                assert close(shown[end][place], wanted), (one.key, end)
    assert ours(found) <= {True, "n/a"}


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
@pytest.mark.parametrize("base", [BASES[0], BASES[2]], ids=str)
def test_a_pair_is_the_workbook_with_both_set(
    template: Path, base: Inputs, pair: tuple[str, str]
) -> None:
    down, across = pair
    chosen = {"pair_down": LABEL[down], "pair_across": LABEL[across]}
    found = calculate(template, {**base, **chosen})
    values = found.values("pair_grid_values")
    rows, columns = column(found, "pair_grid_down"), row(found, "pair_grid_across")
    assert len([one for one in rows if isinstance(one, float)]) >= 5
    with WhatIf(found) as trial:
        for i, j in some(len(rows), len(columns)):
            one, other = rows[i], columns[j]
            if isinstance(one, float) and isinstance(other, float):
                moved = {down: one, across: other}
                assert close(values[i][j], recalculated(trial, "out_margin", moved)), moved
            else:
                assert values[i][j] == NONE_TYPED
    assert found.checks["check_pair_grid"].value is True


@pytest.mark.parametrize(("label", "key"), [*zip(OUTPUTS, WATCHED, strict=True)])
def test_another_result_may_be_watched(template: Path, label: str, key: str) -> None:
    found = calculate(template, {"watched": label})
    today = found.outputs[f"out_{key}"]
    assert cell(found, "today_watched") == today.value
    assert str(cell(found, "watched_unit")) == today.unit
    with WhatIf(found) as trial:
        for place, one in enumerate(MOVED):
            high = column(found, "driver_high")[place]
            assert isinstance(high, float)
            wanted = recalculated(trial, f"out_{key}", {one.key: high})
            assert close(column(found, "driver_at_high")[place], wanted), one.key
    assert ours(found) <= {True, "n/a"}


def test_price_and_utilization(template: Path) -> None:
    found = calculate(template, {"utilization": "0.93", "cache_hit_rate": "0.2"})
    values = found.values("use_grid_values")
    factors, shares = column(found, "use_grid_down"), row(found, "use_grid_across")
    assert 0.93 in shares
    assert 1.0 in factors
    with WhatIf(found) as trial:
        for i, j in some(7, 8):
            factor, share = factors[i], shares[j]
            assert isinstance(factor, float)
            assert isinstance(share, float)
            moved = {"price": factor, "utilization": share}
            assert close(values[i][j], recalculated(trial, "out_margin", moved)), moved


def test_the_rate_follows_the_requests_in_flight_where_it_is_computed(template: Path) -> None:
    found = calculate(template, {"rate_from": "computed", "decoding_gain": "1.2"})
    values, batches = found.values("batch_grid_values"), column(found, "batch_grid_down")
    factors = row(found, "batch_grid_across")
    assert cell(found, "out_replica_batch") in batches
    with WhatIf(found) as trial:
        for i, j in some(8, 7):
            batch, factor = batches[i], factors[j]
            assert isinstance(batch, float)
            assert isinstance(factor, float)
            moved = {"batch": batch, "price": factor}
            assert close(values[i][j], recalculated(trial, "out_margin", moved)), moved
    assert found.checks["check_batch_grid"].value is True
    assert "follows the requests" in str(cell(found, "batch_note"))
    typed = calculate(template)
    assert "typed and does not follow" in str(cell(typed, "batch_note"))
    assert typed.checks["check_batch_grid"].value == "n/a"


def test_the_sheet_is_what_the_command_says(template: Path) -> None:
    found = calculate(template)
    labels = column(found, "driver_label")
    with WhatIf(found) as trial:
        told = {s.name: s for s in sensitivity.tornado(trial, "out_margin")[0]}
        for one in MOVED:
            name = one.key if one.key == "price" else f"in_{one.key}"
            if name in told:
                place = labels.index(one.label)
                for end in ("low", "high"):
                    shown = column(found, f"driver_{end}")[place]
                    assert shown == pytest.approx(getattr(told[name], end), rel=1e-12)
                    result = column(found, f"driver_at_{end}")[place]
                    assert close(result, getattr(told[name], f"at_{end}"))
                assert close(column(found, "driver_swing")[place], told[name].size)
    assert {"price", "in_utilization", "in_gpu_hour_price"} <= told.keys()


@pytest.mark.parametrize("base", BASES, ids=str)
def test_drivers_are_sorted_and_none_is_lost_in_a_tie(template: Path, base: Inputs) -> None:
    found = calculate(template, base)
    assert sorted(column(found, "driver_rank")) == [float(n + 1) for n in range(len(MOVED))]  # type: ignore[type-var]
    assert set(column(found, "sorted_label")) == {one.label for one in MOVED}
    swings = column(found, "sorted_swing")
    assert swings == sorted(swings, reverse=True)  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("down", "across"),
    [("utilization", "utilization"), ("price", "input_price"), ("output_price", "price")],
)
def test_two_that_move_one_figure_show_nothing(template: Path, down: str, across: str) -> None:
    chosen = {"pair_down": LABEL[down], "pair_across": LABEL[across]}
    found = calculate(template, chosen)
    assert {value for line in found.values("pair_grid_values") for value in line} == {NONE_TYPED}
    assert "Choose two others" in str(cell(found, "pair_note"))
    assert found.checks["check_pair_grid"].value == "n/a"
    assert ours(found) <= {True, "n/a"}


def test_a_blank_end_is_a_tenth_from_the_figure_in_use(template: Path) -> None:
    found = calculate(template, {"low_utilization": "", "high_utilization": "", "gpus": "8"})
    place = [one.key for one in MOVED].index("utilization")
    assert column(found, "driver_low")[place] == pytest.approx(0.9)
    assert column(found, "driver_high")[place] == 1
    assert column(found, "driver_how")[place] == "10 % each way"
    other = calculate(template, {"utilization": "0.6"})
    assert column(other, "driver_how")[place] == "in use is outside"
    assert 0.6 in row(other, "use_grid_across")
    assert ours(other) <= {True, "n/a"}


def test_a_low_above_its_high_fails_a_check(template: Path) -> None:
    found = calculate(template, {"low_utilization": "0.9", "high_utilization": "0.8"})
    assert found.checks["check_lows"].value is False
    with (
        WhatIf(found) as trial,
        pytest.raises(sensitivity.WorkbookError, match="in_low_utilization and in_high"),
    ):
        sensitivity.tornado(trial, "out_margin")


def test_the_answer_names_the_driver_that_moves_most(template: Path) -> None:
    told = calculate(template).answers["answer_sensitivity"]
    assert "“Main-term GPU-hour: from 2.10 to 4.92 USD/GPU-hour”" in str(told)
    assert "from 395.14 USD/day to −145.54 USD/day; in use it is 128.26 USD/day." in str(told)


def test_a_factor_keeps_to_the_ends_that_are_stated(template: Path) -> None:
    with WhatIf(calculate(template, {"low_price": "0.6", "high_price": ""})) as trial:
        price = drivers.find(trial, "price", "out_margin")
        assert sensitivity.span(trial, price) == (0.6, pytest.approx(1.1), True)
        gpus = drivers.find(trial, "gpus", "out_margin")
        assert sensitivity.span(trial, gpus) == (pytest.approx(7.2), pytest.approx(8.8), False)
