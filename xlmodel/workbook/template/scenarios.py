"""The sheet Scenarios: the same day in each case, side by side, and how the cases differ.

A case is a column of drivers on Inputs; ``case_number`` says which of them the whole workbook
takes. Here the day is worked out for every case at once, from the same functions, so that the
cases are compared without switching; a check holds the column of the case in use equal to Margin.
"""

from typing import NamedTuple

from xlmodel.workbook.template.calls import LIVE, REPLICA, call
from xlmodel.workbook.template.entry import CASES, NONE_TYPED
from xlmodel.workbook.template.layout import HEAD_ROWS
from xlmodel.workbook.template.parts import (
    Cell,
    Chart,
    Charts,
    Gap,
    Item,
    Row,
    Series,
    Sheet,
    across,
    headers,
    heading,
    line,
)

_CASE = dict(zip("CDEF", CASES, strict=True))
_IN_USE = "G"
_CHANGES = {"H": "D", "I": "E", "J": "F"}
"""Columns of the differences: the case less the base."""


class _Line(NamedTuple):
    """A line of the table; ``[key]`` in its formula is the line of that key in the same case."""

    key: str
    label: str
    unit: str
    form: str
    formula: str
    live: str
    role: str = "calculation_text"


def _driver(argument: str, label: str, unit: str, form: str, instead: str) -> _Line:
    return _Line(argument, label, unit, form, instead, f"in_{argument}")


_DRIVERS = (
    _driver("output_tps", "Output rate of the node, typed", "tokens/s", "rate", ""),
    _driver("input_output_ratio", "Input tokens per output token", "ratio", "ratio", "0"),
    _driver("utilization", "Utilization", "share", "share", "1"),
    _driver("input_price", "Input price, typed", "USD/Mtok", "price", ""),
    _driver("output_price", "Output price, typed", "USD/Mtok", "price", ""),
    _driver("cached_input_price", "Cached-input price, typed", "USD/Mtok", "price", ""),
    _driver("gpu_hour_price", "Main-term price, typed", "USD/GPU-hour", "price", ""),
    _driver("cache_hit_rate", "Share of input read from cache", "share", "share", "0"),
    _driver("other_cost_per_day", "Other cost of the node", "USD/day", "money", "0"),
)


def _or_listed(driver: str, listed: str) -> str:
    return f"IF(ISNUMBER([{driver}]),[{driver}],{listed})"


def _of_part(part: str) -> str:
    typed = f"COUNT(in_{part}_price,listed_{part}_price)>0"
    return f"IF({typed},use_{part}_price,[main])"


_HERE = {
    argument: f"[{argument}]"
    for argument in ("input_output_ratio", "utilization", "cache_hit_rate", "other_cost_per_day")
} | {
    "output_tps": "[rate]",
    "input_price": "[input]",
    "output_price": "[output]",
    "cached_input_price": "[cached]",
    "gpu_hour_price": "[hour]",
    "node_cost": "[cost]",
    "tokens_per_day": "[tokens]",
}
_DAY = {**LIVE, **_HERE}
_REPLICA = {**REPLICA, "cache_hit_rate": "[cache_hit_rate]"}

_WORKING = (
    _Line("input", "Input price", "USD/Mtok", "price",
          _or_listed("input_price", "listed_input_price"), "out_input_price"),
    _Line("output", "Output price", "USD/Mtok", "price",
          _or_listed("output_price", "listed_output_price"), "out_output_price"),
    _Line("cached", "Cached-input price", "USD/Mtok", "price",
          _or_listed("cached_input_price",
                     "IF(ISNUMBER(listed_cached_input_price),listed_cached_input_price,[input])"),
          "out_cached_input_price"),
    _Line("main", "GPU-hour, main term", "USD/GPU-hour", "price",
          _or_listed("gpu_hour_price", "listed_main_price"), "use_main_price"),
    _Line("reserved", "GPU-hour, reserved", "USD/GPU-hour", "price",
          _of_part("reserved"), "use_reserved_price"),
    _Line("spot", "GPU-hour, spot", "USD/GPU-hour", "price", _of_part("spot"), "use_spot_price"),
    _Line("hour", "Useful GPU-hour", "USD/GPU-hour", "price",
          call("MIXED_GPU_HOUR", {**LIVE, "prices": "[main]:[spot]"}), "out_gpu_hour_price"),
    _Line("computed", "Output rate, computed", "tokens/s", "rate",
          call("NODE_TPS", _REPLICA), "out_replica_tps"),
    _Line("plain", "Output rate that the day takes", "tokens/s", "rate",
          'IF(in_rate_from="computed",[computed],[output_tps])', "plain_output_tps"),
    _Line("batch", "Requests in flight", "sequences", "whole",
          f"IF(N(in_batch)>0,in_batch,{call('NODE_BATCH', _REPLICA)})", "out_replica_batch"),
    _Line("prefill", "Share of time that goes into input", "share", "share",
          "IF(COUNT(in_prefill_share)>0,in_prefill_share,IFERROR("
          f"{call('PREFILL_SHARE', _REPLICA, batch='[batch]')},0))", "used_prefill_share"),
    _Line("rate", "Output rate, with decoding gain", "tokens/s", "rate",
          "[plain]*NODE_DECODING_GAIN(in_decoding_gain,[prefill])", "out_output_tps"),
)  # fmt: skip

_RESULTS = (
    _Line("tokens", "Tokens a day", "tokens/day", "tokens",
          call("TOKENS_PER_DAY", _DAY), "out_tokens_per_day"),
    _Line("revenue", "Revenue", "USD/day", "money", call("NODE_REVENUE", _DAY), "out_revenue"),
    _Line("cost", "Cost", "USD/day", "money",
          call("NODE_COST", _DAY), "out_cost"),
    _Line("margin", "Margin", "USD/day", "money3",
          call("NODE_MARGIN", _DAY), "out_margin", "output"),
    _Line("margin_rate", "Margin rate", "share of revenue", "share",
          call("NODE_MARGIN_RATE", _DAY), "out_margin_rate"),
    _Line("cost_per_mtok", "Cost per million tokens", "USD/Mtok", "price",
          call("COST_PER_MTOK", _DAY), "out_cost_per_mtok"),
    _Line("breakeven_price", "Break-even price", "USD/Mtok", "price",
          call("BREAKEVEN_PRICE", _DAY), "out_breakeven_price"),
    _Line("breakeven_utilization", "Break-even utilization", "share", "share",
          call("BREAKEVEN_UTILIZATION", _DAY), "out_breakeven_utilization"),
)  # fmt: skip

LINES = (*_DRIVERS, *_WORKING, *_RESULTS)


def _driver_formula(driver: _Line, column: str) -> str:
    """The base as typed, or what a blank one stands for; a case that is blank, as the base."""
    place = f"COLUMNS($A{{row}}:{chr(ord(column) - 2)}{{row}})"  # a range with itself is a circle
    typed = f"INDEX(case_{driver.key},{place})"
    blank = driver.formula or f'"{NONE_TYPED}"'
    return f'=IF({typed}="",{blank if column == "C" else "$C{row}"},{typed})'


def _row(one: _Line, rows: dict[str, int]) -> Row:
    cells = {"B": Cell(one.label, role="label"), "K": Cell(one.unit, role="unit")}
    for column, case in _CASE.items():
        if one in _DRIVERS:
            formula = _driver_formula(one, column)
        else:
            formula = f'=IFERROR({one.formula},"{NONE_TYPED}")'
            for key, row in rows.items():
                formula = formula.replace(f"[{key}]", f"{column}{row}")
        name = f"{case.lower()}_margin" if one.key == "margin" else ""
        cells[column] = Cell(formula, one.form, one.role, name, across=f"by_case_{one.key}")
    live = f'=IFERROR({one.live},"{NONE_TYPED}")'
    cells[_IN_USE] = Cell(live, one.form, "calculation_text", f"live_{one.key}")
    # The form of tokens has a section for millions, which would drop the sign of a fall.
    form = "whole" if one.form == "tokens" else one.form
    for column, case in _CHANGES.items():
        changed = f'=IFERROR({case}{{row}}-$C{{row}},"{NONE_TYPED}")'
        cells[column] = Cell(changed, form, "calculation_text")
    return Row(cells)


def _table(before: int) -> list[Item]:
    """The blocks of the table; ``before`` is the last row above them."""
    blocks = (("Drivers", _DRIVERS), ("Prices and rate", _WORKING), ("The day", _RESULTS))
    titles = across("", *CASES, "In use", "Upside\nless base", "Downside\nless base")
    titles |= {"J": "Own\nless base", "K": "Unit"}
    places: list[tuple[str, _Line | None]] = []
    for title, lines in blocks:
        places += [(title, None), *((title, one) for one in lines)]
    rows = {one.key: before + i for i, (_, one) in enumerate(places, start=2) if one}
    named = dict(headers(titles, texts="BK", last="K").cells)
    for column in _CASE:
        named[column] = named[column]._replace(across="case_names")
    items: list[Item] = [Row(named, height=33)]
    items += [_row(one, rows) if one else heading(title, "K") for title, one in places]
    return items


def _words() -> Row:
    """The margins in words, apart, since a formula is not to be long."""
    told = (f'{case} "&IFERROR(FIXED({case.lower()}_margin,0),"–")' for case in CASES)
    formula = '"' + '&", '.join(told)
    shown = f'=SUBSTITUTE({formula},"-","−")'
    return Row({"B": Cell(shown, "general", "note", "scenario_margins")})


def _sentence() -> Row:
    told = '="Margin of a day by case, in USD: "&scenario_margins&". In use: "&in_case&"."'
    return Row({"B": Cell(told, "general", "remark", "answer_scenarios")})


_CHART = Charts(
    [
        Chart(
            kind="stacked",
            column="B",
            title="What does the node earn in each case?",
            x_title="Case",
            y_title="Margin (USD/day)",
            series=[Series("Margin", "case_names", "by_case_margin", "light")],
            alt_text="Columns of the margin of a day in USD in the cases Base, Upside, Downside "
            "and Own. The figures stand in the table above, line Margin.",
            size=(760, 320),
            legend=False,
        )
    ],
    rows=17,
)


def sheet() -> Sheet:
    """The description of the sheet."""
    head: list[Item] = [_sentence(), Gap()]
    number = line(
        "Place of the case in use",
        "=MATCH(in_case,case_list,0)",
        "whole",
        "column",
        "Among the columns of cases on Inputs.",
        name="case_number",
    )
    above: list[Item] = [*head, number, Gap()]
    return Sheet(
        name="Scenarios",
        title="Scenarios side by side",
        about="The day of the node in each case of the drivers on Inputs. The case in use is "
        "chosen there; all other sheets follow it.",
        widths={"A": 2, **across(38, 15, 15, 15, 15, 15, 15, 15, 15, 17)},
        items=[*above, *_table(HEAD_ROWS + len(above)), Gap(), _CHART, _words()],
        frozen_rows=4,
        one_page=True,
    )
