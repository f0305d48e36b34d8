"""The P&L of a fleet: every plan gives what a day-by-day reckoning gives, and the sums balance."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.workbook import inlined
from tests.workbook.fleet import Change, Plan, first_days, months, nodes_by_day
from xlmodel.registry import CellError, dates
from xlmodel.workbook import build, calc, template
from xlmodel.workbook.template import plans
from xlmodel.workbook.template.editions import DEFAULT
from xlmodel.workbook.template.layout import HEAD_ROWS

PLAN = template.workbook()
ROOM = 8
"""Rows of the fleet plan that the tests fill in."""
EXAMPLE = tuple(Change(row[0], row[1] or 0, row[2] or 0) for row in plans._CHANGES)  # type: ignore[arg-type]
Convert = Callable[[Path, str], Path]


class Sheets:
    """The workbook in the engine, with inputs and rows of the plan set again and again."""

    def __init__(self, path: Path) -> None:
        self.calculation = calc.calculate(path)
        assert not self.calculation.unsupported
        self.session = self.calculation.session

    def place(self, name: str) -> tuple[str, int, int]:
        sheet, row, column = self.calculation.names.places[name][:3]
        return (
            (sheet, row, column + 2) if f"case_{name[3:]}" in PLAN.names else (sheet, row, column)
        )

    def with_inputs(
        self, inputs: Mapping[str, Any], changes: Sequence[Sequence[Any]] = ()
    ) -> "Sheets":
        cells = {self.place(f"in_{name}"): _held(value) for name, value in inputs.items()}
        for index in range(ROOM):
            row = changes[index] if index < len(changes) else (None, None, None)
            for step, value in enumerate(row):
                cells["Fleet plan", HEAD_ROWS + 2 + index, 2 + step] = _held(value)
        self.session.recalculate(cells)
        return self

    def plan(self, plan: Plan, **more: Any) -> "Sheets":
        inputs = {name: value for name, value in vars(plan).items() if name != "changes"}
        return self.with_inputs(inputs | more, plan.changes)

    def row(self, name: str) -> list[Any]:
        sheet, _, area = PLAN.names[name].rpartition("!")
        cells = area.replace("$", "")
        first, _, last = cells.partition(":")
        top, left = _address(first)
        bottom, right = _address(last or first)
        (grid,) = self.session.result.grid(sheet.strip("'"), top, left, bottom, right)
        return list(grid)

    def one(self, name: str) -> Any:
        (value,) = self.row(name)
        return value

    @property
    def failing(self) -> set[str]:
        names = [
            name for name in PLAN.names if name.startswith("check_") and name != "check_master"
        ]
        return {name for name in names if self.one(name) not in (True, "n/a")}


def _address(cell: str) -> tuple[int, int]:
    row, column = openpyxl.utils.cell.coordinate_to_tuple(cell)
    return row, column


def _held(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return dates.serial(value)
    return float(value) if isinstance(value, int) else value


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with room for changes of the fleet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "_CHANGES", ((None,) * 5,) * ROOM)
        made = tmp_path_factory.mktemp("pnl") / "room.xlsx"
        made.write_bytes(build.contents(DEFAULT))
    return made


@pytest.fixture(scope="module")
def sheets(path: Path) -> Sheets:
    return Sheets(path)


SAME = (
    *("days", "closing", "node_days", "revenue", "other", "rent", "margin", "ebit", "own_ebitda"),
    *("own_depreciation", "own_ebit", "capex", "book_closing", "cash", "own_cash"),
)


def agrees(sheets: Sheets, plan: Plan) -> None:
    """Every line of every month and year is that of the reckoning by day."""
    want = months(plan)
    ends = [dates.serial(day) for day in want["end"]]
    assert sheets.row("pnl_end") == ends
    for line in SAME:
        assert sheets.row(f"pnl_{line}") == pytest.approx(list(want[line]), rel=1e-9, abs=1e-5), (
            line
        )
    by_year = want.groupby("year")
    sums, last = by_year.sum(numeric_only=True), by_year.last()
    years = [int(year) for year in sheets.row("pnl_years")]
    assert set(sums.index) <= set(years)
    for line in SAME:
        by = dict(zip(years, sheets.row(f"year_{line}"), strict=True))
        balance = line in {"closing", "book_closing", "cash", "own_cash"}
        for year, value in (last if balance else sums)[line].items():
            assert by[year] == pytest.approx(value, rel=1e-9, abs=1e-5), (line, year)


def past_life(plan: Plan) -> set[str]:
    """The check that fails where a node serves beyond its life."""
    return {"check_pnl_life"} if any(months(plan)["past_life"]) else set()


@st.composite
def plans_of_fleets(draw: st.DrawFn) -> Plan:
    start = draw(st.dates(datetime.date(2023, 1, 1), datetime.date(2032, 12, 31)))
    first = first_days(start)
    days = st.integers(0, (first[-1] - first[0]).days + 27)
    change = st.builds(
        lambda day, came, gone: Change(first[0] + datetime.timedelta(day), came, gone),
        days, st.integers(0, 4), st.integers(0, 3),
    )  # fmt: skip
    plan = Plan(
        pnl_start=start,
        pnl_opening_nodes=draw(st.integers(0, 5)),
        pnl_price_change=draw(st.floats(-0.2, 0.1)),
        pnl_rent_change=draw(st.floats(-0.1, 0.1)),
        utilization=draw(st.floats(0.1, 1)),
        utilization_change=draw(st.floats(0.5, 1.5)),
        efficiency_gain=draw(st.floats(0, 0.5)),
        other_cost_per_day=draw(st.floats(0, 100)),
        pnl_host_cost=draw(st.floats(0, 1000)),
        pnl_egress_cost=draw(st.floats(0, 0.1)),
        pnl_support_share=draw(st.floats(0, 0.2)),
        pnl_rnd_cost=draw(st.floats(0, 10_000)),
        pnl_admin_cost=draw(st.floats(0, 10_000)),
        own_life_years=draw(st.sampled_from([0.05, 0.5, 1, 1.3, 2.75, 4, 8])),
        own_residual_share=draw(st.floats(0, 0.9)),
        changes=tuple(draw(st.lists(change, max_size=ROOM))),
    )
    assume(min(nodes_by_day(plan)) >= 0)
    return plan


@given(plans_of_fleets())
@settings(max_examples=25)
def test_every_plan_gives_what_days_and_nodes_sum_up_to(sheets: Sheets, plan: Plan) -> None:
    agrees(sheets.plan(plan, report_currency="USD", pnl_date=plan.pnl_start), plan)
    whole = plan.own_life_years * 12 % 1 == 0
    assert sheets.failing == past_life(plan)
    if whole:
        assert sheets.one("check_pnl_own_day") is True


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    "plan",
    [
        Plan(changes=EXAMPLE),
        Plan(pnl_start=day("2027-12-17"), changes=(Change(day("2028-02-29"), 3, 0),)),
        Plan(
            pnl_opening_nodes=0,
            own_life_years=0.25,
            changes=(
                Change(day("2024-08-31"), 5, 0),
                Change(day("2024-09-01"), 2, 4),
                Change(day("2024-09-01"), 0, 1),
                Change(day("2027-07-31"), 0, 2),
            ),
        ),
        Plan(pnl_opening_nodes=3, changes=(Change(day("2024-08-01"), 0, 3),)),
        Plan(pnl_opening_nodes=0),
    ],
    ids=["delivered", "leap day", "bought and sold in a month", "closed at once", "no fleet"],
)
def test_plans_with_corners(sheets: Sheets, plan: Plan) -> None:
    agrees(sheets.plan(plan, report_currency="USD", pnl_date=plan.pnl_start), plan)
    assert sheets.failing == past_life(plan)


def test_a_leap_february_has_29_days(sheets: Sheets) -> None:
    sheets.plan(Plan(pnl_start=day("2027-12-17")), pnl_date=day("2028-02-10"))
    assert sheets.row("pnl_days")[:4] == [31, 31, 29, 31]
    assert sheets.row("pnl_node_days")[2] == 58
    assert sheets.row("pnl_years") == [2027, 2028, 2029, 2030]


def test_first_month_is_the_day_of_sheet_margin(sheets: Sheets) -> None:
    for start in ("2024-02-29", "2025-01-31"):
        sheets.plan(Plan(pnl_start=day(start), pnl_opening_nodes=1), pnl_date=day(start))
        month = {line: sheets.row(f"pnl_{line}")[0] for line in ("revenue", "rent", "node_days")}
        assert month["revenue"] == pytest.approx(798.336 * month["node_days"])
        assert month["rent"] == pytest.approx(670.08 * month["node_days"])


@pytest.mark.parametrize(
    ("period", "date", "first", "last", "divisor", "before"),
    [
        ("day", "2025-02-14", 6, 6, 28, (5, 5, 31)),
        ("month", "2025-02-28", 6, 6, 1, (5, 5, 1)),
        ("year", "2025-12-31", 5, 16, 1, (0, 4, 1)),
        ("year", "2027-01-01", 29, 35, 1, (17, 28, 1)),
        ("month", "2024-08-31", 0, 0, 1, None),
        ("year", "2024-08-01", 0, 4, 1, None),
    ],
)
def test_the_period_and_the_one_before(
    sheets: Sheets, period: str, date: str, first: int, last: int, divisor: int, before: Any
) -> None:
    plan = Plan(changes=EXAMPLE)
    sheets.plan(plan, pnl_period=period, pnl_date=day(date), report_currency="EUR")
    assert sheets.failing == set()
    want = months(plan)
    euros = [1 / rate for rate in sheets.row("pnl_rate")]
    shown = statement(sheets)
    for label, line in (("Revenue", "revenue"), ("EBIT, bought", "own_ebit"), ("Capex", "capex")):
        now = want[line][first : last + 1]
        assert shown[label][0] == pytest.approx(now.sum() / divisor)
        told = sum(value * rate for value, rate in zip(now, euros[first : last + 1], strict=True))
        assert shown[label][3] == pytest.approx(told / divisor)
        if before is None:
            assert shown[label][1:3] == ["–", "–"]
            assert shown[label][4] == "–"
            continue
        then = want[line][before[0] : before[1] + 1].sum() / before[2]
        assert shown[label][1] == pytest.approx(then)
        assert shown[label][2] == pytest.approx(now.sum() / divisor - then)
    book = "–" if period == "day" else pytest.approx(want["book_closing"][last])
    assert shown["Net book value, closing"][0] == book


def statement(sheets: Sheets) -> dict[str, list[Any]]:
    """Period, period before, change, both in the reporting currency, by the label of the line."""
    page = next(page for page in PLAN.pages if page.sheet.name == "P&L")
    labels = {p.row: str(p.cell.value) for p in page.cells if p.column == "B"}
    first = sheets.place("pnl_to")[1]
    rows: dict[str, list[Any]] = {}
    for row in sorted(labels):
        if row > first and labels[row] not in rows:
            (values,) = sheets.session.result.grid("P&L", row, 3, row, 8)
            rows[labels[row]] = [values[0], *values[2:]]
    return rows


GOOD = {"pnl_date": day("2025-06-30"), "report_currency": "EUR", "as_of": day("2024-07-27")}


@pytest.mark.parametrize(
    ("inputs", "changes", "failing"),
    [
        ({}, [(day("2024-07-31"), 1, None)], {"check_pnl_plan"}),
        ({}, [(day("2027-08-01"), None, 1)], {"check_pnl_plan"}),
        ({}, [(day("2024-07-31"), 1, None), (day("2027-08-01"), None, 1)], {"check_pnl_plan"}),
        ({}, [(None, 1, None)], {"check_pnl_plan", "check_fleet_plan_clean"}),
        ({}, [("2025-01-01", 1, None)], {"check_pnl_plan", "check_fleet_plan_clean"}),
        ({}, [(day("2025-01-01"), "one", None)], {"check_fleet_plan_clean"}),
        ({}, [(day("2025-01-01"), -1, None)], {"check_fleet_plan_clean"}),
        ({"pnl_date": day("2024-07-31")}, [], {"check_pnl_date"}),
        ({"pnl_date": day("2027-08-01")}, [], {"check_pnl_date"}),
        ({"report_currency": "GBP"}, [], {"check_fx_found", "check_fx_age"}),
        ({"pnl_start": day("2024-05-01")}, [], {"check_fx_found", "check_fx_age"}),
        ({"own_life_years": 1}, [], {"check_pnl_life"}),
    ],
)
def test_what_is_wrong_is_a_check(
    sheets: Sheets, inputs: dict[str, Any], changes: list[Any], failing: set[str]
) -> None:
    sheets.plan(Plan(), **GOOD)
    assert sheets.failing == set()
    given = vars(Plan()) | GOOD | inputs
    sheets.with_inputs({name: value for name, value in given.items() if name != "changes"}, changes)
    assert sheets.failing == failing
    assert not sheets.one("check_master")
    wrong = [
        place
        for place, value in sheets.calculation.formulas.items()
        if place[0] in {"P&L", "P&L months", "Fleet plan"} and isinstance(value, CellError)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "changes",
    [
        [(day("2025-01-01"), None, 3)],
        [(day("2025-01-02"), None, 3), (day("2025-01-03"), 5, None)],
    ],
    ids=["for good", "for a day"],
)
def test_more_nodes_out_than_there_are(sheets: Sheets, changes: list[Any]) -> None:
    sheets.plan(Plan(), **GOOD)
    assert "check_pnl_fleet_sign" in sheets.with_inputs({}, changes).failing
    sheets.with_inputs({"pnl_opening_nodes": 3}, changes)
    assert sheets.failing == set()
    assert sheets.row("pnl_closing")[5] == 3 + sum((c[1] or 0) - (c[2] or 0) for c in changes)


def test_currencies_convert_at_the_newest_rate_and_no_rate_is_said(sheets: Sheets) -> None:
    sheets.plan(Plan(), **GOOD)
    rates = sheets.row("pnl_rate")
    assert rates[:3] == [1.0745, 1.0745, 1.1086]
    assert rates[-1] == 1.1298
    sheets.plan(Plan(), **GOOD | {"report_currency": "GBP"})
    assert set(sheets.row("pnl_units")) == {"no rate"}
    assert set(sheets.row("year_revenue_reported")) == {"no rate"}
    assert statement(sheets)["Revenue"][3] == "no rate"


def test_months_without_a_rate_take_none_from_the_others(sheets: Sheets) -> None:
    sheets.plan(Plan(), **GOOD | {"pnl_start": day("2024-05-01")})
    revenue, units = sheets.row("pnl_revenue"), sheets.row("pnl_units")
    assert units[0] == "no rate"
    assert units[8:20] == [value for value in units[8:20] if isinstance(value, float)]
    by_month = [r * u for r, u in zip(revenue[8:20], units[8:20], strict=True)]
    assert statement(sheets)["Revenue"][3] == pytest.approx(sum(by_month))
    first, second, *_ = sheets.row("year_revenue_reported")
    assert first == "no rate"
    assert second == pytest.approx(sum(by_month))


def test_nodes_that_are_replaced_at_the_end_of_their_life_are_no_fault(sheets: Sheets) -> None:
    nodes = Plan().pnl_opening_nodes
    changes = [(day(f"{year}-08-01"), nodes, nodes) for year in (2025, 2026)]
    sheets.plan(Plan(), **GOOD)
    sheets.with_inputs({"own_life_years": 1}, changes)
    assert sheets.failing == set()


@pytest.mark.parametrize(("as_of", "fails"), [("2026-11-26", False), ("2027-03-31", True)])
def test_an_old_rate_is_a_check(sheets: Sheets, as_of: str, fails: bool) -> None:
    sheets.plan(Plan(), **GOOD | {"as_of": day(as_of)})
    assert ("check_fx_age" in sheets.failing) == fails


def test_two_rates_of_one_day_are_no_rate(sheets: Sheets) -> None:
    place = ("Exchange rates", HEAD_ROWS + 3, 4)  # the second row's date, of the first's currency
    sheets.plan(Plan(), **GOOD | {"report_currency": "CNY"})
    held = sheets.session.cell(*place)
    sheets.session.recalculate({place: dates.serial(day("2024-07-01"))})
    assert sheets.row("pnl_units")[0] == "no rate"
    assert "check_fx_found" in sheets.failing
    sheets.session.recalculate({place: held})


def test_blank_changes_follow_sheet_model_value(sheets: Sheets) -> None:
    sheets.plan(Plan(), **GOOD | {"pnl_price_change": None, "cost_half_life_days": 365.0})
    price, rent = sheets.row("pnl_price"), sheets.row("pnl_rent_price")
    assert price[12] == pytest.approx(0.1, rel=1e-4)
    sheets.with_inputs({"pnl_rent_change": None})
    assert sheets.row("pnl_rent_price")[12] == pytest.approx(0.5)
    assert rent[12] == 1
    sheets.with_inputs(
        {"cost_half_life_days": None, "pnl_price_change": -0.02, "pnl_rent_change": 0}
    )


def test_the_answer_says_it_in_words(sheets: Sheets) -> None:
    sheets.plan(Plan(changes=EXAMPLE), **GOOD | {"pnl_period": "year"})
    assert sheets.one("answer_pnl") == (
        "Calendar year 2025: revenue 1,372,005 USD, EBIT −130,122 USD with all GPUs rented, "
        "765,639 with all bought; in cash, owning is ahead from month 23 of the plan on (2026)."
    )
    sheets.with_inputs({"pnl_period": "day"}, EXAMPLE)
    assert sheets.one("answer_pnl").startswith("Mean day of month 6 of 2025: revenue 2,")
    sheets.with_inputs({"pnl_date": day("2024-01-01")})
    assert sheets.one("answer_pnl").startswith("Not known: the date")
    sheets.plan(Plan(pnl_rent_change=-0.3), **GOOD)
    assert "owning is not ahead at the end of the plan" in sheets.one("answer_pnl")


def test_libreoffice_computes_the_same(path: Path, libreoffice: Convert, tmp_path: Path) -> None:
    inputs = {
        "own_life_years": 0.75,
        "own_residual_share": 0.2,
        "report_currency": "CNY",
        "pnl_start": "2027-12-17",
        "pnl_period": "day",
        "pnl_date": "2028-02-29",
    }
    changed = calc.save(calc.calculate(path, inputs), tmp_path / "changed.xlsx")
    inlined.write_copy(changed, tmp_path / "copy.xlsx")
    ours = openpyxl.load_workbook(changed, data_only=True)
    theirs = openpyxl.load_workbook(libreoffice(tmp_path / "copy.xlsx", "xlsx"), data_only=True)
    compared = 0
    for name in ("P&L months", "P&L", "Fleet plan"):
        for row in ours[name].iter_rows():
            for cell in row:
                other = theirs[name][cell.coordinate].value
                if isinstance(cell.value, float | int) and not isinstance(cell.value, bool):
                    assert other == pytest.approx(cell.value, rel=1e-9, abs=1e-9), cell.coordinate
                    compared += 1
                else:
                    assert (other or "") == (cell.value or ""), cell.coordinate
    assert compared > 2000
