"""The decomposition on sheet Variance against one that replaces the budget's figures in turn."""

import datetime
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook.actuals.books import DAY, calculated, column, one, steps
from tests.workbook.prices.books import WORKBOOKS
from xlmodel.workbook.calc import Calculation, calculate

START, END = datetime.date(2026, 9, 1), datetime.date(2026, 9, 30)
DAYS = 30
PERIOD = {"period_start": START, "period_end": END, "currency": "USD", "source": "test"}
NAMES = ("Volume", "Mix of lines", "Mix of token classes", "Price of tokens", "Efficiency",
         "Price of GPU-hours", "Other cost", "Lines without a budget")  # fmt: skip
CLASSES = ("uncached", "cached", "output")

Line = Mapping[str, Any]


def planned(budget: Line) -> dict[str, Any]:
    """A line of the budget over the period: Mtok and price by class, hours, rate, other cost."""
    nodes = budget.get("nodes", 1)

    def figure(name: str, otherwise: float) -> float:
        return budget[name] if budget.get(name) is not None else otherwise

    tokens = figure("input_tokens", DAY["out_input_tokens_per_day"])
    share = figure("cached_share", DAY["in_cache_hit_rate"])
    own = budget.get("input_price")
    price = figure("input_price", DAY["out_input_price"])
    whole = {
        "uncached": tokens * (1 - share),
        "cached": tokens * share,
        "output": figure("output_tokens", DAY["out_output_tokens_per_day"]),
    }
    return {
        "mtok": {c: amount * nodes * DAYS / 1e6 for c, amount in whole.items()},
        "price": {
            "uncached": price,
            "cached": figure("cached_price", DAY["out_cached_input_price"] if own is None else own),
            "output": figure("output_price", DAY["out_output_price"]),
        },
        "hours": figure("gpu_hours", DAY["in_gpus"] * 24) * nodes * DAYS,
        "rate": figure("gpu_hour_price", DAY["out_gpu_hour_price"]),
        "other": figure("other_cost", DAY["in_other_cost_per_day"]) * nodes * DAYS,
    }


def was(rows: Sequence[Line], name: str) -> dict[str, Any]:
    """What came of a line."""

    def total(column: str) -> float:
        return sum(row.get(column) or 0 for row in rows if row["line"] == name)

    cached = total("cached_tokens")
    revenue = sum(
        map(total, ("input_revenue", "cached_revenue", "output_revenue", "unsplit_revenue"))
    )
    return {
        "mtok": {
            "uncached": (total("input_tokens") - cached) / 1e6,
            "cached": cached / 1e6,
            "output": total("output_tokens") / 1e6,
        },
        "revenue": revenue,
        "hours": total("gpu_hours"),
        "gpu_cost": total("gpu_cost"),
        "other": total("other_cost"),
    }


def oracle(budget: Sequence[Line], rows: Sequence[Line]) -> dict[str, float]:
    """The steps, by replacing one thing after the other and taking the margin each time."""
    plans = {line["line"]: planned(line) for line in budget}
    done = {name: was(rows, name) for name in plans}
    priced = [name for name, plan in plans.items() if sum(plan["mtok"].values()) > 0]
    mtok = {n: sum(plans[n]["mtok"].values()) for n in priced}
    actual_mtok = {n: sum(done[n]["mtok"].values()) for n in priced}
    total, actual_total = sum(mtok.values()), sum(actual_mtok.values())

    def margin(step: int) -> float:
        """After the first ``step`` things are the actual ones."""
        result = 0.0
        for name in priced:
            plan, did = plans[name], done[name]
            tokens = actual_total if step >= 1 else total
            share = mtok[name] / total
            if step >= 2 and actual_total:
                share = actual_mtok[name] / actual_total
            of_line = tokens * share
            mix = {c: plan["mtok"][c] / mtok[name] for c in CLASSES}
            revenue = sum(of_line * mix[c] * plan["price"][c] for c in CLASSES)
            if step >= 3:
                revenue = sum(did["mtok"][c] * plan["price"][c] for c in CLASSES)
            if step >= 4:
                revenue = did["revenue"]
            hours = did["hours"] if step >= 5 else of_line * plan["hours"] / mtok[name]
            cost = did["gpu_cost"] if step >= 6 else hours * plan["rate"]
            result += revenue - cost - (did["other"] if step >= 7 else plan["other"])
        return result

    margins = [margin(step) for step in range(8)]
    changes = [after - before for before, after in pairwise(margins)]
    alone = {row["line"] for row in rows} - set(priced)
    unplanned = sum(
        d["revenue"] - d["gpu_cost"] - d["other"] for d in (was(rows, name) for name in alone)
    )
    bare = [plan for name, plan in plans.items() if name not in priced]
    idle = sum(plan["hours"] * plan["rate"] + plan["other"] for plan in bare)
    first = margins[0] - idle
    found = dict(zip(NAMES, [*changes, unplanned + idle], strict=True))
    return {"Budget": first, **found, "Actual": first + sum(found.values())}


def amounts(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda x: round(x, 2))


TOKENS = st.integers(0, 10**10)


@st.composite
def budgets(draw: st.DrawFn) -> list[dict[str, Any]]:
    lines = []
    for name in ("Alpha", "Beta", "Gamma")[: draw(st.integers(1, 3))]:
        own: dict[str, Any] = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "nodes": st.integers(0, 9),
                    "input_tokens": TOKENS,
                    "cached_share": st.sampled_from([0, 0.25, 0.9, 1]),
                    "output_tokens": TOKENS,
                    "input_price": amounts(0, 20),
                    "cached_price": amounts(0, 5),
                    "output_price": amounts(0, 60),
                    "gpu_hours": amounts(0, 5000),
                    "gpu_hour_price": amounts(0, 12),
                    "other_cost": amounts(0, 900),
                },
            )
        )
        lines.append({"line": name, **own})
    return lines


@st.composite
def actual_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for name in ("Alpha", "Beta", "Delta")[: draw(st.integers(1, 3))]:
        tokens = draw(TOKENS)
        row = {
            **PERIOD,
            "line": name,
            "input_tokens": tokens,
            "cached_tokens": draw(st.integers(0, tokens)),
            "output_tokens": draw(TOKENS),
            "input_revenue": draw(amounts(-100, 90000)),
            "cached_revenue": draw(st.none() | amounts(0, 9000)),
            "output_revenue": draw(amounts(0, 90000)),
            "unsplit_revenue": draw(st.none() | amounts(0, 9000)),
            "gpu_hours": draw(amounts(0, 90000)),
            "gpu_cost": draw(amounts(0, 400000)),
            "other_cost": draw(st.none() | amounts(-50, 9000)),
        }
        rows.append(row)
    return rows


@settings(max_examples=25)
@given(budgets(), actual_rows())
def test_the_steps_are_those_of_replacing_one_thing_after_the_other(
    tmp_path_factory: pytest.TempPathFactory, budget: list[Any], rows: list[Any]
) -> None:
    found = calculated(tmp_path_factory.mktemp("law"), budget, rows)
    shown, told = steps(found), oracle(budget, rows)
    size = max(1.0, *map(abs, told.values()))
    assert shown == pytest.approx(told, rel=1e-9, abs=1e-9 * size)
    direct = sum(
        sum(row.get(c) or 0 for c in row if c.endswith("_revenue"))
        - row["gpu_cost"]
        - (row["other_cost"] or 0)
        for row in rows
    )
    assert one(found, "out_actual_margin") == pytest.approx(direct, rel=1e-9, abs=1e-6)
    assert sum([*shown.values()][:-1]) == pytest.approx(direct, rel=1e-9, abs=1e-9 * size)
    by_line = zip(column(found, "by_line_sum"), column(found, "by_line_gap"), strict=True)
    for total, gap in by_line:
        assert total == pytest.approx(gap, rel=1e-9, abs=1e-9 * size)
    classes = sum((found.values("class_price") or [])[0] + (found.values("class_mix") or [])[0])
    assert classes == pytest.approx(
        shown["Price of tokens"] + shown["Mix of token classes"], rel=1e-9, abs=1e-9 * size
    )


PLAN: tuple[Line, ...] = (
    {"line": "Alpha"},
    {"line": "Beta", "nodes": 2, "input_tokens": 8e8, "cached_share": 0.25, "output_tokens": 9e7,
     "input_price": 0.9, "cached_price": 0.2, "output_price": 2.7, "gpu_hours": 96,
     "gpu_hour_price": 2.1, "other_cost": 12},
)  # fmt: skip


def as_planned(line: Line, tokens: float = 1, price: float = 1, hours: float = 1,
               rate: float = 1, other: float = 0) -> dict[str, Any]:  # fmt: skip
    """A row that comes out as the budget of a line, but for what is moved by a factor."""
    plan = planned(line)
    mtok = {c: amount * tokens for c, amount in plan["mtok"].items()}
    revenue = {c: mtok[c] * plan["price"][c] * price for c in CLASSES}
    used = plan["hours"] * tokens * hours
    return {
        **PERIOD,
        "line": line["line"],
        "input_tokens": (mtok["uncached"] + mtok["cached"]) * 1e6,
        "cached_tokens": mtok["cached"] * 1e6,
        "output_tokens": mtok["output"] * 1e6,
        "input_revenue": revenue["uncached"],
        "cached_revenue": revenue["cached"],
        "output_revenue": revenue["output"],
        "gpu_hours": used,
        "gpu_cost": used * plan["rate"] * rate,
        "other_cost": plan["other"] + other,
    }


@pytest.mark.parametrize(
    ("moved", "step", "sign"),
    [
        ({}, "", 0),
        ({"tokens": 1.2}, "Volume", 1),
        ({"tokens": 0.7}, "Volume", -1),
        ({"price": 0.9}, "Price of tokens", -1),
        ({"hours": 1.1}, "Efficiency", -1),
        ({"rate": 0.8}, "Price of GPU-hours", 1),
        ({"other": 40}, "Other cost", -1),
    ],
)
def test_what_moves_alone_is_the_only_variance(
    tmp_path: Path, moved: dict[str, float], step: str, sign: int
) -> None:
    found = calculated(tmp_path, PLAN, [as_planned(line, **moved) for line in PLAN])
    shown = steps(found)
    for name in NAMES:
        if name == step:
            assert shown[name] * sign > 1
        else:
            assert shown[name] == pytest.approx(0, abs=1e-6)
    verdicts = column(found, "step_verdict")
    assert sum(verdict != "none" for verdict in verdicts) == (1 if step else 0)


def test_tokens_that_move_between_lines_or_classes_are_mix(tmp_path: Path) -> None:
    alpha, beta = (as_planned(line) for line in PLAN)
    total = [planned(line)["mtok"] for line in PLAN]
    moved = sum(total[0].values()) * 0.1 / sum(total[1].values())
    between = calculated(
        tmp_path, PLAN, [as_planned(PLAN[0], tokens=0.9), as_planned(PLAN[1], tokens=1 + moved)]
    )
    shown = steps(between)
    assert abs(shown["Mix of lines"]) > 1
    assert sum(abs(shown[name]) for name in NAMES) == pytest.approx(abs(shown["Mix of lines"]))
    alpha["input_tokens"] += 1e8
    alpha["output_tokens"] -= 1e8
    beta["cached_tokens"] -= 1e8
    beta["cached_revenue"] -= 20
    beta["input_revenue"] += 90
    within = steps(calculated(tmp_path, PLAN, [alpha, beta]))
    assert within["Mix of token classes"] == pytest.approx(70)
    assert within["Volume"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("share", "amount", "verdict"),
    [
        (0.05, 500, "adverse, material"),
        (0.3, 500, "adverse"),
        (0.05, 1e6, "adverse"),
        (0, 0, "adverse, material"),
    ],
)
def test_a_variance_is_material_at_both_thresholds(
    tmp_path: Path, share: float, amount: float, verdict: str
) -> None:
    rows = [as_planned(line, price=0.9) for line in PLAN]
    thresholds = {"in_materiality_share": share, "in_materiality_amount": amount}
    found = calculated(tmp_path, PLAN, rows, **thresholds)
    assert column(found, "step_verdict")[3] == verdict
    flags = column(found, "flag_price")[:2]
    assert flags == (["adverse"] * 2 if "material" in verdict else ["–"] * 2)


def test_a_period_is_chosen_and_rows_beside_it_do_not_count(tmp_path: Path) -> None:
    october = {
        "period_start": datetime.date(2026, 10, 1),
        "period_end": datetime.date(2026, 10, 31),
    }
    rows = [as_planned(PLAN[0]), {**as_planned(PLAN[0], tokens=3), **october}]
    both = calculated(tmp_path, PLAN[:1], rows)
    assert (one(both, "variance_days"), one(both, "variance_rows")) == (61, 2)
    start, end = 46266, 46295  # 1 and 30 September 2026
    september = calculated(tmp_path, PLAN[:1], rows, in_variance_from=start, in_variance_to=end)
    assert one(september, "variance_days") == DAYS
    assert steps(september)["Volume"] == pytest.approx(0, abs=1e-6)
    part = calculated(tmp_path, PLAN[:1], rows, in_variance_from=start, in_variance_to=end + 9)
    assert one(part, "variance_rows_cut") == 1


def test_what_lacks_is_said(tmp_path: Path) -> None:
    empty = calculated(tmp_path, PLAN, [])
    assert one(empty, "answer_actuals").startswith("No actuals in the period")
    assert set(steps(empty).values()) == {0}
    bare = as_planned(PLAN[0]) | {"gpu_hours": None, "gpu_cost": None}
    costless = calculated(tmp_path, PLAN[:1], [bare])
    assert one(costless, "variance_costless") == 1
    assert one(costless, "answer_actuals").startswith("INCOMPLETE")
    bare = as_planned(PLAN[0]) | {"gpu_hours": None}
    assert one(calculated(tmp_path, PLAN[:1], [bare]), "variance_tokenless") == 1


@pytest.mark.parametrize("name", ["=1+1", "*", "?lpha", "<>", "Alpha ", "ALPHA", "'", "4"])
def test_a_line_is_found_by_its_whole_name_in_any_case(tmp_path: Path, name: str) -> None:
    row = as_planned(PLAN[0]) | {"line": name}
    own = calculated(tmp_path, [{"line": name}, {"line": "Alphabet"}], [row])
    shown = steps(own)
    assert shown["Lines without a budget"] == 0
    other = steps(calculated(tmp_path, [{"line": "Alpha"}], [row]))
    assert (other["Lines without a budget"] == 0) == (name.upper() == "ALPHA")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "ok"),
        ({"period_end": None}, "gap wrong"),
        ({"line": None}, "gap wrong"),
        ({"period_start": "2026-09-01"}, "gap wrong"),
        ({"currency": "EUR"}, "currency wrong"),
        ({"cached_tokens": 1e12}, "cached>input wrong"),
    ],
)
def test_a_row_says_what_is_wrong_with_it(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    found = calculated(tmp_path, PLAN, [as_planned(PLAN[0]) | change, as_planned(PLAN[1])])
    column_of_checks = "T"
    assert found.cell("Actuals", f"{column_of_checks}6") == said
    assert found.cell("Actuals", f"{column_of_checks}7") == "ok"


COUNTED = {"Budget": (*range(3, 12),), "Actuals": (5, 6, 7, 12)}
"""The columns of each table that are counts or prices, none of which is ever below 0."""


@pytest.mark.parametrize(
    ("sheet", "column"), [(sheet, column) for sheet in COUNTED for column in COUNTED[sheet]]
)
def test_each_count_and_price_below_zero_fails_a_check(
    whole: Calculation, sheet: str, column: int
) -> None:
    name = f"check_{sheet.lower()}_signs"
    place = (sheet, 7, column)
    held = whole.session.cell(*place)
    whole.session.recalculate({place: -1.0})
    assert whole.session.cell(*whole.names.places[name][:3]) is False
    whole.session.recalculate({place: held})
    assert whole.session.cell(*whole.names.places[name][:3]) is True


@pytest.fixture(scope="module")
def whole() -> Calculation:
    return calculate(WORKBOOKS / "node_margin.xlsx")


def test_periods_that_overlap_are_wrong_on_both_rows(tmp_path: Path) -> None:
    week = {"period_start": END, "period_end": END + datetime.timedelta(days=6)}
    rows = [as_planned(PLAN[0]), as_planned(PLAN[0]) | week, as_planned(PLAN[1])]
    found = calculated(tmp_path, PLAN, rows)
    said = [found.cell("Actuals", f"T{row}") for row in (6, 7, 8)]
    assert said == ["overlap wrong", "overlap wrong", "ok"]


def test_without_a_budget_all_actuals_are_a_step_of_their_own(tmp_path: Path) -> None:
    found = calculated(tmp_path, [], [as_planned(PLAN[0])])
    shown = steps(found)
    assert shown["Budget"] == 0
    assert shown["Lines without a budget"] == pytest.approx(shown["Actual"])
    assert shown["Actual"] == pytest.approx(128.256 * DAYS)


def test_a_price_that_is_missing_is_said(tmp_path: Path) -> None:
    found = calculated(tmp_path, PLAN, [as_planned(PLAN[0])], out_input_price="=NA()")
    assert one(found, "answer_actuals").startswith("Not known: a price")
