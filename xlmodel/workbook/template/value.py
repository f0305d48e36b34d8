"""The sheet Model value: for how long the node earns, and how much until then.

Revenue falls with the price of tokens, rent does not: the sheet says until which day one covers the
other, what comes in by then, and what a late launch loses. Below: the same under each published
decline, and sixty months of profit and loss (``months``). Where a figure can't be, it is a word.
"""

from xlmodel import tables
from xlmodel.workbook.template import months, value_words
from xlmodel.workbook.template.calls import FADING, call
from xlmodel.workbook.template.parts import (
    UNKNOWN,
    Break,
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
    known,
    line,
    remark,
)
from xlmodel.workbook.template.value_words import NEVER, or_word

_LAST = months.LAST
_STEPS = 24


def _result(label: str, formula: str, form: str, unit: str, note: str = "", name: str = "") -> Row:
    return line(label, formula, form, unit, note, name=name, role="output")


def _life() -> list[Item]:
    return [
        heading("How long, and how much", _LAST),
        _result(
            "Fall of the price in a year",
            f"=IF(N(in_fold_per_year)>0,in_fold_per_year,{_declines('in_decline')})",
            "factor",
            "fold/year",
            "Typed, or of the published decline chosen on Inputs: see below.",
            "out_fold_per_year",
        ),
        _result(
            "Half-life of the price",
            known(call("HALF_LIFE_DAYS", FADING)),
            "rate",
            "days",
            "Revenue falls with it; the node's cost has a half-life of its own, or none.",
            "out_half_life_days",
        ),
        _result(
            "Last profitable day",
            or_word(call("LAST_PROFITABLE_DAY", FADING), NEVER),
            "rate",
            "days",
            "From the as-of date; 0: a loss from the first day; never: no such day comes.",
            "out_last_profitable_day",
        ),
        _result(
            "Lifetime margin",
            known(call("LIFETIME_MARGIN", FADING)),
            "money",
            "USD",
            "Until the last profitable day; the node is given back then.",
            "out_lifetime_margin",
        ),
        line(
            "Today's margin, if rent fell with the price",
            known(f"out_margin*{call('LIFETIME_REVENUE', FADING, revenue_per_day='1')}"),
            "money",
            "USD",
            "The sum that forgets that rent stays: margin × days of LIFETIME_REVENUE.",
            name="naive_lifetime_margin",
        ),
        _result(
            "Lifetime revenue",
            known(call("LIFETIME_REVENUE", FADING)),
            "money",
            "USD",
            "All days to come, at a loss or not.",
            "out_lifetime_revenue",
        ),
        _result(
            "Payback of the upfront cost",
            "=IF(N(value_payback)>value_end_day,value_never,value_payback)",
            "rate",
            "days",
            "never: the lifetime margin is less than the upfront cost on Inputs.",
            "out_payback_days",
        ),
        _result(
            "Best interval between releases",
            or_word(call("BEST_RELEASE_INTERVAL", FADING), '"none pays"'),
            "rate",
            "days",
            "Each release costs the upfront cost again, and restores the price.",
            "out_best_release_interval",
        ),
        _result(
            "Cost of the delay on Inputs",
            known(call("LAUNCH_DELAY_COST", FADING)),
            "money",
            "USD",
            "The first days are the best ones, and they are what a late launch loses.",
            "out_launch_delay_cost",
        ),
        _result(
            "Cost of a day's delay",
            known(call("LAUNCH_DELAY_COST", FADING, delay_days="1")),
            "money",
            "USD/day",
            "Of the first day.",
            "out_delay_cost_per_day",
        ),
        _result(
            "Net present value",
            known(call("MODEL_NPV", FADING, discount_rate="in_value_discount_rate")),
            "money",
            "USD",
            "Of the sixty months below: upfront cost at the start, margins at months' ends.",
            "out_model_npv",
        ),
        _result(
            "Internal rate of return",
            or_word(call("MODEL_IRR", FADING), '"none"'),
            "share",
            "share/year",
            "Effective. Where payback takes days it is huge, and says little.",
            "out_model_irr",
        ),
        _result(
            "Month of payback",
            '=IF(ISNUMBER(out_model_npv),IF(COUNTIF(month_cumulative,"<0")<ROWS(month_cumulative),'
            f'COUNTIF(month_cumulative,"<0")+1,"never"),{UNKNOWN})',
            "count",
            "month",
            "Of the sixty below.",
            "out_payback_month",
        ),
        _result(
            "Training cost of such a model",
            known(call("TRAINING_COST", FADING)),
            "tokens",
            "USD",
            "GPU-hours of one run, at the node's GPU and price.",
            "out_training_cost",
        ),
        line(
            "Nodes like this one that earn it back",
            known("out_training_cost/out_lifetime_margin", NEVER),
            "tokens",
            "nodes",
            name="nodes_for_training",
        ),
        Gap(),
    ]


def _declines(name: str) -> str:
    return f"PRICE_DECLINE({name})"


def _chart() -> list[Item]:
    return [
        Charts(
            [
                Chart(
                    kind="scatter",
                    column="B",
                    title="value_chart_title",
                    x_title="Days from the as-of date",
                    y_title="USD/day",
                    series=[
                        Series("Revenue", "fade_day", "fade_revenue", "line"),
                        Series("Cost", "fade_day", "fade_cost", "marker"),
                        Series("Last profitable day", "value_mark_day", "value_mark", "breakeven"),
                    ],
                    alt_text="Falling line of revenue and flat line of cost in USD a day over the "
                    "days from the as-of date, with the last profitable day marked where they "
                    "meet. The figures stand in the table “Revenue and cost over the days” on "
                    "this sheet.",
                    y_form="whole",
                    size=(900, 340),
                ),
            ],
            rows=16,
        ),
    ]


def _scenario_rows() -> list[Item]:
    found: list[Item] = []
    for row in tables.rows("price_declines"):
        half_life = "HALF_LIFE_DAYS($D{row})"
        found.append(
            Row(
                {
                    "B": Cell(row["scenario"], role="label"),
                    "C": Cell(row["basis"], role="calculation_text"),
                    "D": Cell(f"={_declines('$B{row}')}", "factor", column="decline_fold"),
                    "E": Cell(f"={half_life}", "rate", column="decline_half_life"),
                    "F": Cell(
                        known(call("LAST_PROFITABLE_DAY", FADING, half_life_days="$E{row}"), NEVER),
                        "rate",
                        "calculation_text",
                    ),
                    "G": Cell(
                        known(call("LIFETIME_MARGIN", FADING, half_life_days="$E{row}")),
                        "money",
                        column="decline_margin",
                    ),
                    "H": Cell(row["note"], role="note"),
                }
            )
        )
    return found


def _scenarios() -> list[Item]:
    titles = across(
        "Published decline",
        "What was held",
        "Fall a year\n(fold)",
        "Half-life\n(days)",
        "Last profitable\nday",
        "Lifetime margin\n(USD)",
        "What it is",
    )
    return [
        Break(),
        heading("This node under each published decline of prices", _LAST),
        remark(
            "Held quality: the price of a fixed capability, which is what a model that stays as it "
            "is can ask. Held tier: the price of the vendor's best model of the day, which needs a "
            "new model each time. Sources: table price_declines of the package."
        ),
        headers(titles, texts="BH", last=_LAST),
        *_scenario_rows(),
        Gap(),
    ]


def _curve_row() -> Row:
    share = "(ROWS($A${first}:$A{row})-1)/(ROWS($A${first}:$A${last})-1)"
    end = "IF(value_mark_day>0,value_mark_day+value_mark_day,out_half_life_days)"
    fading = call(
        "MODEL_VALUE", FADING, value_now="out_revenue", days="$B{row}", hazard_per_year=""
    )
    return Row(
        {
            "B": Cell(known(f"{share}*{end}"), "rate", column="fade_day"),
            "C": Cell(known(fading), "money", column="fade_revenue"),
            "D": Cell(
                known("MODEL_VALUE(out_cost,cost_half_life,$B{row})"),
                "money",
                column="fade_cost",
            ),
        }
    )


def _curve() -> list[Item]:
    titles = across("Day", "Revenue\n(USD/day)", "Cost\n(USD/day)")
    return [
        Break(),
        heading("Revenue and cost over the days", _LAST),
        headers(titles, texts=""),
        *(_curve_row() for _ in range(_STEPS + 1)),
    ]


def sheet() -> Sheet:
    """The description of the sheet."""
    widths = {
        "A": 2,
        **across(40, 15, 14, 15, 15, 16, 15, 15, 13, 13, 11, 13, 14, 14, 14, 14, 15, 14),
    }
    return Sheet(
        name="Model value",
        title="Model value",
        about="Prices of tokens fall and rent stays: for how long one node earns, what it earns "
        "until then, and what a late launch loses.",
        widths=widths,
        items=[
            *value_words.answer(),
            *_life(),
            *_chart(),
            *_scenarios(),
            *months.rows(),
            *value_words.words(),
            *_curve(),
        ],
        frozen_rows=4,
    )
