"""The description of the template workbook keeps the workbook standard, before any file is made."""

import re
from collections.abc import Iterator

import pytest

from xlmodel import tables
from xlmodel.hosts import native
from xlmodel.hosts.syntax import tokens
from xlmodel.registry import functions
from xlmodel.units import Quantity, Series
from xlmodel.workbook import template
from xlmodel.workbook.check import formula as rules
from xlmodel.workbook.check.formulas import DEEPEST_IF, LONGEST
from xlmodel.workbook.template import accept, calls, entry, layout, look, parts
from xlmodel.workbook.template.editions import EDITIONS
from xlmodel.workbook.template.layout import Page, Placed
from xlmodel.workbook.template.writer import calls_ours

PLAN = template.workbook(EDITIONS["com"])  # it has every formula that an edition has
CELLS = [(page, placed) for page in PLAN.pages for placed in page.cells]
FORMULAS = [(page, placed) for page, placed in CELLS if placed.cell.formula]
NAMED = [placed for _, placed in CELLS if placed.cell.name.startswith("in_")]
DRIVERS = [placed for placed in NAMED if placed.cell.formula]
CASES = [p for _, p in CELLS if p.cell.across.startswith("case_") and p.cell.accepts]
INPUTS = [*(placed for placed in NAMED if not placed.cell.formula), *CASES]


def told_apart(placed: Placed) -> str:
    return placed.cell.name or f"{placed.cell.across}-{placed.column}"


# Literals of the standard's list: 0 and 1, parts of a year and of a day, 10^6, percent.
LITERALS = {"0", "1", "10", "6", "12", "24", "365", "86400", "100", "1000"}
NO_BREAK_SPACE = "160"  # its number as a character
# LibreOffice 7.4 has none of these; the test-only copy must compute there.
NEWER = {"LET", "LAMBDA", "XLOOKUP", "FILTER", "SEQUENCE", "SORT", "UNIQUE", "MAP"}
WITH_TYPED_NUMBERS = {"Inputs", "Log"}


def where(page: Page, placed: Placed) -> str:
    return f"{page.sheet.name}!{placed.address}"


def called(formula: str) -> set[str]:
    return set(re.findall(r"([A-Z][A-Z0-9_.]*)\(", formula))


def neighbours(page: Page, placed: Placed) -> tuple[object, object]:
    """The text left of a cell and the text right of it."""
    row = {other.column: other.cell.value for other in page.cells if other.row == placed.row}
    return row.get(chr(ord(placed.column) - 1)), row.get(chr(ord(placed.column) + 1))


def test_sheets_run_from_inputs_to_checks() -> None:
    assert [page.sheet.name for page in PLAN.pages] == [
        "About",
        "Inputs",
        "GPU prices",
        "Model prices",
        "Billing terms",
        "Fleet plan",
        "Exchange rates",
        "Benchmarks",
        "Margin",
        "Scenarios",
        "Sensitivity",
        "Sensitivity days",
        "Throughput",
        "Traffic",
        "Caching",
        "Decoding",
        "GPU sourcing",
        "Deals",
        "Model value",
        "P&L months",
        "P&L",
        "Big or small",
        "Size history",
        "Budget",
        "Actuals",
        "Variance",
        "Founding case",
        "Explain",
        "Checks",
        "Log",
    ]


def test_names_of_the_contract_are_there() -> None:
    wanted = (
        "in_scenario in_as_of in_currency in_gpu in_gpu_provider in_gpu_term in_gpus in_output_tps "
        "in_input_output_ratio in_utilization in_model in_model_provider in_gpu_hour_price "
        "in_input_price in_output_price in_cached_input_price in_decoding_gain in_cache_hit_rate "
        "in_other_cost_per_day out_tokens_per_day out_revenue out_cost out_margin out_margin_rate "
        "out_breakeven_price out_breakeven_utilization out_breakeven_tps out_cost_per_mtok "
        "out_blended_price out_input_price out_output_price out_gpu_hour_price check_master "
        "curve_utilization curve_revenue curve_cost curve_margin bridge_label bridge_value"
    )
    assert set(wanted.split()) <= PLAN.names.keys()


def test_no_name_is_a_cell_a_function_or_a_parameter() -> None:
    parameters = {p.name for function in functions().values() for p in function.parameters}
    for name in PLAN.names:
        assert not re.fullmatch(r"[A-Za-z]{1,3}[0-9]+|[rR][0-9]*[cC][0-9]*", name)
        assert name.upper() not in functions()
        assert name not in parameters


def test_formulas_are_short_plain_and_steady() -> None:
    for page, placed in FORMULAS:
        formula = placed.cell.formula
        assert len(formula) <= LONGEST, where(page, placed)
        assert "\n" not in formula
        assert not called(formula) & (rules.VOLATILE.keys() | NEWER), where(page, placed)
        assert "ROUND(" not in formula or placed.cell.form == "general"  # in a label only


def test_formulas_hold_no_literal_beyond_the_list() -> None:
    assert rules.LITERALS.keys() >= LITERALS
    for page, placed in FORMULAS:
        bare = re.sub(r'"[^"]*"|\$?[A-Z]{1,2}\$?[0-9]+|[A-Za-z_][\w.]*', " ", placed.cell.formula)
        found = set(re.findall(r"\d+(?:\.\d+)?", bare))
        assert found <= LITERALS, where(page, placed)


def depth_of_if(formula: str) -> int:
    return rules.depth_of_if(tokens(formula.removeprefix("=")))


def test_if_is_nested_once_at_most() -> None:
    for page, placed in FORMULAS:
        assert depth_of_if(placed.cell.formula) <= DEEPEST_IF, where(page, placed)


def test_calculated_columns_keep_the_same_rules() -> None:
    found = [table for page in PLAN.pages for _, table in page.tables if table.formulas]
    assert [table.name for table in found] == [
        "GpuPrices", "ModelPrices", "FleetPlan", "Budget", "Actuals",
    ]  # fmt: skip
    for table in found:
        assert list(table.headers[-len(table.formulas) :]) == list(table.formulas)
        for formula in table.formulas.values():
            assert len(formula) <= 200, formula
            assert not called(formula) & (rules.VOLATILE.keys() | NEWER), formula
            assert depth_of_if(formula) <= DEEPEST_IF, formula
            bare = re.sub(r'"[^"]*"|[A-Za-z_][\w.]*', " ", formula)
            assert set(re.findall(r"\d+", bare)) <= LITERALS | {NO_BREAK_SPACE}, formula
            assert set(re.findall(r"\[@?(\w+)\]", formula)) <= set(table.headers), formula


def test_every_name_in_a_formula_is_defined() -> None:
    known = {*PLAN.names, *functions(), "GpuPrices", "ModelPrices", "TRUE", "FALSE"}
    known |= {"Throughput", "TrafficShapes", "CnnHistory", "LlmHistory"}
    known |= {"Throughput", "TrafficShapes", "BillingTerms", "FleetPlan", "FxRates"}
    known |= {"Budget", "Actuals"}
    for page, placed in FORMULAS:
        bare = re.sub(r"'[^']*'!|\[\[.*?\]\]", " ", placed.cell.formula)
        bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\$?[A-Z]{1,2}\$?[0-9]+', " ", bare)
        words = set(re.findall(r"[A-Za-z_]\w*(?![\w(])", bare))
        assert words <= known, where(page, placed)


def test_functions_without_a_twin_are_called_on_one_sheet_only() -> None:
    """An edition without Python can do without that sheet's sentences and specifications."""
    ours: dict[str, set[str]] = {}
    for page, placed in FORMULAS:
        for name in called(placed.cell.formula) & {*functions()}:
            ours.setdefault(name, set()).add(page.sheet.name)
    assert ours.keys() >= {"NODE_MARGIN", "GPU_PRICE", "MODEL_PRICE", "MIXED_GPU_HOUR"}
    for name, sheets in ours.items():
        assert native.has_twin(functions()[name]) or sheets == {"Explain"}, name


def test_only_inputs_and_price_tables_hold_typed_numbers() -> None:
    for page, placed in CELLS:
        if isinstance(placed.cell.value, str) or placed.cell.value is None:
            continue
        assert page.sheet.name in WITH_TYPED_NUMBERS, where(page, placed)


def test_inputs_hold_no_formula_but_the_head_and_the_choice_of_a_case() -> None:
    chosen = {placed.address for placed in DRIVERS}
    for page, placed in FORMULAS:
        if page.sheet.name == "Inputs":
            assert placed.row < layout.HEAD_ROWS or placed.address in chosen


def test_each_driver_has_a_typed_cell_for_each_case() -> None:
    assert len(DRIVERS) == 9
    cases = PLAN.names["case_list"].rpartition("!")[2].replace("$", "").split(":")
    for driver in DRIVERS:
        typed = [p for p in CASES if p.cell.across == "case_" + driver.cell.name[3:]]
        assert [p.row for p in typed] == [driver.row] * len(entry.CASES)
        assert [typed[0].column, typed[-1].column] == [cell[0] for cell in cases]
        assert "case_number" in driver.cell.formula
        assert all("as in the base case" in p.cell.accepts.prompt for p in typed[1:])  # type: ignore[union-attr]


def test_every_named_number_has_a_label_and_a_unit() -> None:
    for page, placed in CELLS:
        name = placed.cell.name
        if name.startswith(("in_", "out_", "check_")):
            label, unit = neighbours(page, placed)
            assert isinstance(label, str), name
            assert isinstance(unit, str), name
            assert label.strip(), name
            assert unit.strip(), name


def test_labels_of_results_are_told_apart() -> None:
    labels = [
        neighbours(page, placed)[0]
        for page, placed in CELLS
        if placed.cell.name.startswith(("in_", "out_"))
    ]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("placed", INPUTS, ids=told_apart)
def test_input_says_what_it_accepts_within_excels_limits(placed: Placed) -> None:
    accepts = placed.cell.accepts
    assert accepts is not None
    assert placed.cell.role.startswith("input")
    assert len(told_apart(placed)) <= 32
    assert 0 < len(accepts.prompt) <= accept.PROMPT_LIMIT
    assert 0 < len(accepts.message) <= accept.PROMPT_LIMIT
    assert accepts.words


@pytest.mark.parametrize("placed", INPUTS, ids=told_apart)
def test_delivered_value_is_accepted(placed: Placed) -> None:
    accepts, value = placed.cell.accepts, placed.cell.value
    assert accepts is not None
    rule = accepts.rule
    if rule["validate"] == "decimal" and value is not None:
        assert isinstance(value, float | int)
        low = rule.get("minimum", rule.get("value"))
        assert value > low if rule["criteria"] == ">" else value >= low
        assert value <= rule.get("maximum", value)


def test_ranges_follow_the_declared_arguments() -> None:
    for argument in ("utilization", "gpus", "cache_hit_rate", "input_output_ratio", "output_tps"):
        kind = accept.argument(argument)
        assert isinstance(kind, Quantity)
        names = (f"in_{argument}", f"case_{argument}")
        placed = next(p for p in INPUTS if {p.cell.name, p.cell.across} & {*names})
        assert placed.cell.accepts
        blank = {"ignore_blank": placed.cell.accepts.rule["ignore_blank"]}
        assert placed.cell.accepts.rule == accept.quantity(kind).rule | blank


def test_lists_to_pick_from_are_the_names_of_offers() -> None:
    lists = {table.name: table for page in PLAN.pages for _, table in page.tables}
    terms = {"on-demand", "spot", "capacity-block", "reserved-3y"}
    offers = [row for row in tables.rows("gpu_prices") if row["term"] in terms]
    sold = [row for row in offers if row["provider"] != "SemiAnalysis"]
    for name, rows, field in (
        ("GpuList", sold, "gpu"),
        ("GpuProviderList", sold, "provider"),
        ("GpuTermList", sold, "term"),
        ("ModelList", tables.rows("model_prices"), "model"),
        ("ModelProviderList", tables.rows("model_prices"), "provider"),
    ):
        assert {row[0] for row in lists[name].rows} == {row[field] for row in rows}
    for name in ("Epoch (Erdil)", "llm-analysis / Cursor", "DeepSeek", "SemiAnalysis"):
        assert [name] not in lists["GpuProviderList"].rows


def test_an_open_end_is_shown_as_it_is_tested() -> None:
    accepts = accept.quantity(Quantity("share", "hours lost", 0, 1, open_high=True))
    assert accepts.rule["maximum"] == 0.999
    assert accepts.words == "0 to 0.999"
    assert "0 to 0.999" in accepts.prompt
    assert "0 to 0.999" in accepts.message
    losses = [p.cell.accepts for p in INPUTS if p.cell.name.startswith("in_loss_")]
    assert {a.words for a in losses if a} == {"0 to 0.999"}


def test_one_figure_under_two_names_says_so() -> None:
    for name in ("out_breakeven_price", "out_cost_per_mtok"):
        page, placed = next(item for item in CELLS if item[1].cell.name == name)
        row = [str(p.cell.value) for p in page.cells if p.row == placed.row]
        assert any("the same figure as" in text for text in row)


def test_texts_have_the_sign_for_minus() -> None:
    for page, placed in CELLS:
        if isinstance(placed.cell.value, str) and not placed.cell.formula:
            assert not re.search(r"(?<![\w-])-\d", placed.cell.value), where(page, placed)
        assert "FIXED(" not in placed.cell.formula or "−" in placed.cell.formula


def test_currency_is_one() -> None:
    placed = next(p for p in INPUTS if p.cell.name == "in_currency")
    assert placed.cell.accepts
    assert placed.cell.accepts.rule == {"validate": "list", "source": ["USD"]}
    heads = [p.cell.formula for _, p in CELLS if p.row < layout.HEAD_ROWS]
    assert "=in_currency" not in heads
    assert heads.count("=currency_label") == len(PLAN.pages)


def test_curve_runs_from_0_to_1_in_21_steps() -> None:
    assert PLAN.names["curve_utilization"].count("$") == 4
    first, last = (int(part) for part in re.findall(r"\$B\$(\d+)", PLAN.names["curve_utilization"]))
    assert last - first == 20


def test_calls_keep_the_blank_slot_of_breakeven_utilization() -> None:
    assert ",out_gpu_hour_price,,in_cache_hit_rate," in calls.call("BREAKEVEN_UTILIZATION")


@pytest.mark.parametrize(
    ("function", "instead", "message"),
    [
        ("NODE_COST", {"rate": "1"}, "has no argument rate"),
        ("REQUEST_REVENUE", {}, "needs input_tokens"),
    ],
)
def test_a_call_that_no_longer_fits_the_signature_fails(
    function: str, instead: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        calls.call(function, calls.LIVE, **instead)


def sheet_of(*rows: parts.Item) -> parts.Sheet:
    return parts.Sheet("Some", "Some", "", {"A": 2}, rows)


def test_a_name_given_twice_is_refused() -> None:
    row = parts.line("a", 1, "general", "unit", name="in_twice")
    with pytest.raises(ValueError, match="in_twice is given twice"):
        layout.plan([sheet_of(row, row)])


def test_a_column_with_a_gap_is_refused() -> None:
    row = parts.Row({"B": parts.Cell(1, column="curve")})
    with pytest.raises(ValueError, match="without a gap"):
        layout.plan([sheet_of(row, parts.Gap(), row)])


def test_an_area_that_is_no_rectangle_is_refused() -> None:
    whole = parts.Row({"B": parts.Cell(1, area="grid"), "C": parts.Cell(1, area="grid")})
    assert layout.plan([sheet_of(whole, whole)]).names["grid"] == "Some!$B$5:$C$6"
    with pytest.raises(ValueError, match="grid do not form a rectangle"):
        layout.plan([sheet_of(whole, parts.Row({"B": parts.Cell(1, area="grid")}))])


def test_lists_to_pick_from_survive_their_commas() -> None:
    """A list in a rule is one text, which a comma cuts and 255 characters end."""
    for placed in INPUTS:
        source = placed.cell.accepts.rule.get("source") if placed.cell.accepts else None
        if isinstance(source, list):
            assert not any("," in value for value in source), told_apart(placed)
            assert len(",".join(source)) <= 255, told_apart(placed)


CHARTS = [(page, chart) for page in PLAN.pages for _, chart in page.charts]


def titled(item: tuple[Page, parts.Chart]) -> str:
    return f"{item[0].sheet.name}: {item[1].title}"


def read(text: str) -> str:
    """A title as it stands, or the formula of the cell that holds it."""
    return next((p.cell.formula for _, p in CELLS if p.cell.name == text), text)


def greyscale(style: str) -> tuple[object, ...]:
    """What tells a series apart without colour: pattern, lightness, dashes, mark."""
    made = look.SERIES[style]
    colour = made.get("fill", {}).get("color", "#FFFFFF")
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    light = round((0.299 * red + 0.587 * green + 0.114 * blue) / 51)
    drawn, mark = made.get("line", {}), made.get("marker", {})
    pattern = made.get("pattern", {}).get("pattern")
    return pattern, light, drawn.get("dash_type"), drawn.get("none"), mark.get("type")


@pytest.mark.parametrize("item", CHARTS, ids=titled)
def test_a_chart_answers_its_question_with_units(item: tuple[Page, parts.Chart]) -> None:
    _, chart = item
    assert len(re.findall(r"\w+", read(chart.title))) >= 5
    units = r"USD|[Tt]okens|Nodes|[Ss]hare|factor|unit"
    assert re.search(units, read(chart.y_title)), read(chart.y_title)
    assert chart.x_title or chart.kind != "scatter"
    assert len(chart.alt_text) > 80
    assert re.search(r"stand in the tables? ", chart.alt_text)


@pytest.mark.parametrize("item", CHARTS, ids=titled)
def test_series_of_a_chart_are_told_apart_in_greyscale(item: tuple[Page, parts.Chart]) -> None:
    styles = {series.style for series in item[1].series}
    assert len({greyscale(style) for style in styles}) == len(styles)


def test_the_pictures_that_are_wanted_are_there() -> None:
    drawn = {name for _, chart in CHARTS for s in chart.series for name in (s.values, chart.title)}
    wanted = (
        "mtok_busy curve_margin tornado_low bridge_bar_rise_above curve_cost_per_mtok fade_revenue"
    )
    assert set(wanted.split()) <= drawn
    heat = {
        mark.area
        for page in PLAN.pages
        for mark in page.sheet.marks
        if isinstance(mark, parts.Heat)
    }
    assert heat == {"use_grid_values", "batch_grid_values", "pair_grid_values"}


def test_heat_is_lighter_for_less_in_greyscale_too() -> None:
    low, high = (look.HEAT[f"{end}_color"].lstrip("#") for end in ("min", "max"))
    assert all(int(low[i : i + 2], 16) > int(high[i : i + 2], 16) for i in (0, 2, 4))


def test_a_row_goes_on_beyond_column_z() -> None:
    def named(*columns: str) -> parts.Sheet:
        return sheet_of(parts.Row({column: parts.Cell(1, across="months") for column in columns}))

    assert layout.plan([named("Y", "Z", "AA")]).names["months"] == "Some!$Y$5:$AA$5"
    with pytest.raises(ValueError, match="months do not stand in one row without a gap"):
        layout.plan([named("Z", "AB")])


def test_inputs_checks_and_outputs_differ_by_more_than_colour() -> None:
    seen = []
    for role in ("input", "calculation", "output", "check"):
        style = look.ROLES[role]
        seen.append({key: style.get(key) for key in ("bold", "border", "top", "bottom", "align")})
    assert all(seen.count(style) == 1 for style in seen)


def kinds() -> Iterator[Quantity]:
    for function in functions().values():
        for parameter in function.parameters:
            kind = parameter.kind.item if isinstance(parameter.kind, Series) else parameter.kind
            if isinstance(kind, Quantity):
                yield kind


def test_every_argument_could_be_an_input() -> None:
    for kind in kinds():
        accepts = accept.quantity(kind)
        assert len(accepts.prompt) <= accept.PROMPT_LIMIT
        assert len(accepts.message) <= accept.PROMPT_LIMIT


def test_formulas_that_call_functions_are_found() -> None:
    assert sum(calls_ours(placed.cell.formula) for _, placed in FORMULAS) > 80
