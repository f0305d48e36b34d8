"""The sheet Checks: what must hold for the figures to be trusted, each check with its tolerance.

A check is TRUE when it passes. An error in what it tests makes it FALSE, never an error, so that
the master check at the head of every sheet always says something. A comparison shows both figures,
their difference and the tolerance, which is relative to the figure and absolute below 1.
"""

from typing import NamedTuple

from xlmodel.workbook.template.parts import (
    Break,
    Cell,
    Gap,
    Item,
    Row,
    Sheet,
    across,
    headers,
    heading,
    line,
)

_LAST = "J"
_UNIT = "TRUE = pass"


class _Comparison(NamedTuple):
    """Two ways to the same figure; they differ by the tolerance at most."""

    name: str
    label: str
    one: str
    other: str
    unit: str
    note: str
    form: str = "money3"
    tolerance: str = ""
    applies: str = ""


class _Condition(NamedTuple):
    """A statement that is true or false."""

    name: str
    label: str
    formula: str
    note: str = ""


_FUNCTIONS = (
    _Comparison(
        "check_tokens",
        "Tokens a day",
        "out_tokens_per_day",
        "out_output_tps*(1+in_input_output_ratio)*86400*in_utilization",
        "tokens/day",
        "TOKENS_PER_DAY against plain arithmetic.",
        "whole",
    ),
    _Comparison(
        "check_revenue",
        "Revenue",
        "out_revenue",
        "out_output_tps*(in_input_output_ratio*effective_input_price+out_output_price)"
        "*86400*in_utilization/10^6",
        "USD/day",
        "NODE_REVENUE against plain arithmetic.",
    ),
    _Comparison(
        "check_cost",
        "Cost",
        "out_cost",
        "in_gpus*out_gpu_hour_price*24+in_other_cost_per_day",
        "USD/day",
        "NODE_COST against plain arithmetic.",
    ),
    _Comparison(
        "check_gpu_hour",
        "Useful GPU-hour",
        "out_gpu_hour_price",
        "SUMPRODUCT(mix_share,mix_price)/SUMPRODUCT(mix_share,1-mix_loss)",
        "USD/GPU-hour",
        "MIXED_GPU_HOUR against plain arithmetic.",
        "price",
    ),
)

_BALANCES = (
    _Comparison(
        "check_balance",
        "Revenue − cost = margin",
        "out_revenue-out_cost",
        "out_margin",
        "USD/day",
        "NODE_MARGIN against NODE_REVENUE and NODE_COST.",
    ),
    _Comparison(
        "check_margin_rate",
        "Margin rate × revenue = margin",
        "out_margin_rate*out_revenue",
        "out_margin",
        "USD/day",
        "NODE_MARGIN_RATE.",
    ),
    _Comparison(
        "check_bridge",
        "Sum of the bridge = margin",
        "bridge_total",
        "out_margin",
        "USD/day",
        "Sheet Founding case.",
    ),
    _Comparison(
        "check_blended_price",
        "Blended price × tokens = revenue",
        "out_blended_price*out_tokens_per_day/10^6",
        "out_revenue",
        "USD/day",
        "BLENDED_PRICE.",
    ),
    _Comparison(
        "check_breakeven_price",
        "Break-even price × tokens = cost",
        "out_breakeven_price*out_tokens_per_day/10^6",
        "out_cost",
        "USD/day",
        "BREAKEVEN_PRICE.",
    ),
    _Comparison(
        "check_breakeven_utilization",
        "Break-even utilization × full revenue = cost",
        "out_breakeven_utilization*MAX(curve_revenue)",
        "out_cost",
        "USD/day",
        "BREAKEVEN_UTILIZATION; revenue is proportional to utilization.",
    ),
    _Comparison(
        "check_breakeven_tps",
        "Revenue at break-even rate = cost",
        "out_breakeven_tps/out_output_tps*out_revenue",
        "out_cost",
        "USD/day",
        "BREAKEVEN_TPS; revenue is proportional to the rate.",
    ),
)

_INPUTS = (
    _Condition(
        "check_signs",
        "No rate, price or cost is negative",
        "MIN(in_output_tps,in_input_output_ratio,in_other_cost_per_day,in_gpu_hour_price,"
        "in_reserved_price,in_spot_price,in_input_price,in_output_price,"
        "in_cached_input_price)>=0",
        "Cost is positive in this workbook.",
    ),
    _Condition(
        "check_node", "GPUs and decoding gain are above zero", "MIN(in_gpus,in_decoding_gain)>0"
    ),
    _Condition(
        "check_shares",
        "Every share is between 0 and 1",
        "AND(MIN(in_utilization,in_cache_hit_rate,mix_share,mix_loss)>=0,"
        "MAX(in_utilization,in_cache_hit_rate,mix_share,mix_loss)<=1)",
        "Shares are fractions: 85 % is 0.85.",
    ),
    _Comparison(
        "check_mix_sum",
        "Shares of the GPU mix sum to 1",
        "SUM(mix_share)",
        "1",
        "share",
        "Main term, reserved and spot.",
        "share",
    ),
    _Condition(
        "check_mix_priced",
        "Each part of the mix has a price of its own",
        "AND(OR(in_share_reserved=0,COUNT(listed_reserved_price,in_reserved_price)>0),"
        "OR(in_share_spot=0,COUNT(listed_spot_price,in_spot_price)>0))",
        "Else that part is reckoned at the main-term price.",
    ),
)

_PRICES = (
    _Condition(
        "check_prices_found",
        "Every price in use was found or typed",
        "AND(ISNUMBER(out_gpu_hour_price),ISNUMBER(out_input_price),"
        "ISNUMBER(out_output_price),ISNUMBER(out_cached_input_price))",
        "Else the tables have no row for that name, provider and date.",
    ),
    _Comparison(
        "check_gpu_currency",
        "GPU prices in another currency",
        "COUNTIFS(GpuPrices[gpu],in_gpu,GpuPrices[provider],gpu_sellers,"
        'GpuPrices[currency],"<>"&in_currency)',
        "0",
        "rows",
        "Nothing is converted.",
        "whole",
    ),
    _Comparison(
        "check_model_currency",
        "Model prices in another currency",
        "COUNTIFS(ModelPrices[model],in_model,ModelPrices[provider],model_sellers,"
        'ModelPrices[currency],"<>"&in_currency)',
        "0",
        "rows",
        "Nothing is converted.",
        "whole",
    ),
    _Comparison(
        "check_gpu_price_age",
        "Age of the GPU prices in use",
        "MAX(gpu_price_age)",
        "0",
        "days",
        "At the as-of date; accepted age on Inputs.",
        "whole",
        "in_accepted_price_age",
    ),
    _Comparison(
        "check_model_price_age",
        "Age of the model prices in use",
        "MAX(token_price_age)",
        "0",
        "days",
        "At the as-of date; accepted age on Inputs.",
        "whole",
        "in_accepted_price_age",
    ),
    _Condition(
        "check_outputs",
        "Every result is a number",
        "AND(ISNUMBER(out_revenue),ISNUMBER(out_cost),ISNUMBER(out_margin),"
        "ISNUMBER(out_margin_rate),ISNUMBER(out_breakeven_utilization))",
        "An input out of range or a missing price shows here first.",
    ),
)

_FOUNDING = tuple(
    _Comparison(f"check_founding_{what}", f"{label} as published", f"out_{name}",
                f"in_published_{name}", unit, "Only while the inputs are the founding case.", form,
                "in_cent_tolerance", "founding_case")
    for what, label, name, unit, form in (
        ("tokens", "Tokens a day", "tokens_per_day", "tokens/day", "whole"),
        ("revenue", "Revenue", "revenue", "USD/day", "money3"),
        ("cost", "Cost", "cost", "USD/day", "money3"),
        ("margin", "Margin", "margin", "USD/day", "money3"),
    )
)  # fmt: skip


_GROUPS: tuple[tuple[str, str, tuple[_Comparison | _Condition, ...]], ...] = (
    ("checks_functions", "Functions against plain arithmetic", _FUNCTIONS),
    ("checks_balances", "Balances", _BALANCES),
    ("checks_inputs", "Signs and ranges of the inputs", _INPUTS),
    ("checks_prices", "Prices and results", _PRICES),
    ("checks_founding", "Published figures", _FOUNDING),
)


_NEXT_PAGE = "checks_prices"


def _passes(check: _Comparison | _Condition, formula: str, group: str) -> dict[str, Cell]:
    return {
        "B": Cell(check.label, role="label"),
        "C": Cell(f"={formula}", "general", "check", check.name, column=group),
        "D": Cell(_UNIT, role="unit"),
        "J": Cell(check.note, role="note"),
    }


def _compared(c: _Comparison, group: str) -> Row:
    passes = "AND(ISNUMBER($G{row}),$G{row}<=$H{row})"
    difference = 'IFERROR(ABS($E{row}-$F{row}),"error")'
    if c.applies:
        passes = f"OR(NOT({c.applies}),{passes})"
        difference = f'IF({c.applies},{difference},"–")'
    tolerance = c.tolerance or "in_tolerance*MAX(1,ABS($F{row}))"
    whole = c.form == "whole" and not c.applies
    form = "small" if not c.tolerance else "whole" if whole else "money3"
    shown = {
        "E": Cell(f'=IFERROR({c.one},"error")', c.form, "calculation_text"),
        "F": Cell(f'=IFERROR({c.other},"error")', c.form, "calculation_text"),
        "G": Cell(f"={difference}", "whole" if whole else "residual", "calculation_text"),
        "H": Cell(f"=IFERROR({tolerance},0)", form, "calculation_text"),
        "I": Cell(c.unit, role="unit"),
    }
    return Row(_passes(c, passes, group) | shown)


def _row(check: _Comparison | _Condition, group: str) -> Row:
    if isinstance(check, _Comparison):
        return _compared(check, group)
    return Row(_passes(check, f"IFERROR({check.formula},FALSE)", group))


def _master() -> list[Item]:
    groups = ",".join(name for name, _, _ in _GROUPS)
    status = '"All checks pass","A check fails: see sheet Checks"'
    changed = "AND(in_scenario=in_published_scenario,NOT(founding_case))"
    return [
        heading("All checks", _LAST),
        Row(
            {
                "B": Cell("Master check", role="label"),
                "C": Cell(f"=AND({groups})", "general", "check", "check_master"),
                "D": Cell(_UNIT, role="unit"),
                "E": Cell(f"=IF(check_master,{status})", "general", "note", "status_text"),
            }
        ),
        line(
            "Scenario at the head of each sheet",
            f'=in_scenario&IF({changed},", inputs changed","")',
            "general",
            "",
            name="scenario_label",
            role="note",
        ),
        Gap(),
    ]


def _state() -> list[Item]:
    """Whether the inputs still are those of the founding case."""
    same = (
        ("Traffic", "founding_traffic",
         "AND(out_output_tps=reply_output_tps,in_input_output_ratio=in_published_ratio,"
         "in_utilization=1,in_cache_hit_rate=0)"),
        ("Prices", "founding_prices",
         "AND(out_input_price=in_published_price,out_output_price=in_published_price)"),
        ("Node", "founding_node",
         "AND(in_gpus=in_published_gpus,out_gpu_hour_price=in_published_gpu_hour_price,"
         "in_other_cost_per_day=0)"),
        ("All three", "founding_case", "AND(founding_traffic,founding_prices,founding_node)"),
    )  # fmt: skip
    return [
        heading("Are the inputs still those of the founding case?", _LAST),
        *(
            line(f"{label} as published", f"=IFERROR({formula},FALSE)", "general", "TRUE = yes",
                 name=name, role="calculation_text")
            for label, name, formula in same
        ),
        Gap(),
    ]  # fmt: skip


def sheet() -> Sheet:
    """The description of the sheet."""
    titles = across(
        "Check",
        "Result",
        "Unit",
        "Figure",
        "Compared with",
        "Difference",
        "Tolerance",
        "Unit",
        "What it tests",
    )
    items: list[Item] = [*_master(), *_state()]
    for group, label, checks in _GROUPS:
        items += [Break()] if group == _NEXT_PAGE else []
        items += [heading(label, _LAST), headers(titles, texts="BDIJ", centred="C")]
        items += [*(_row(check, group) for check in checks), Gap()]
    return Sheet(
        name="Checks",
        title="Checks",
        about="Every check must be TRUE. An error in what a check tests makes it FALSE.",
        widths={"A": 2, **across(42, 16, 14, 16, 16, 15, 14, 15, 62)},
        items=items,
        frozen_rows=4,
    )
