"""Sixty months of profit and loss on the sheet Model value, each driver on its own curve.

A month runs from the day of the as-of date to the same day of the next month. Price, GPU price,
utilization and efficiency are those of its first day; from there revenue and cost fall within the
month as on all days, so that the months sum up to the closed form of LIFETIME_MARGIN. The node is
given back on the day on which revenue no longer covers cost.
"""

from xlmodel.workbook.template.calls import LIVE, call
from xlmodel.workbook.template.parts import (
    Break,
    Cell,
    Gap,
    Item,
    Row,
    across,
    headers,
    heading,
    known,
)

LAST = "S"
MONTHS = 60
_PLACE = "ROWS($A${first}:$A{row})"
_YEARS = f"(({_PLACE}-1)/12)"

_REVENUE = {
    **LIVE,
    "output_tps": "out_output_tps*$H{row}",
    "input_price": "out_input_price*$E{row}",
    "output_price": "out_output_price*$E{row}",
    "cached_input_price": "out_cached_input_price*$E{row}",
    "utilization": "$G{row}",
}
_COST = {
    "gpus": "in_gpus",
    "gpu_hour_price": "$I{row}",
    "hours_per_day": "24",
    "other_cost_per_day": "MODEL_VALUE(in_other_cost_per_day,cost_half_life,$C{row})",
}
_COVERED = (
    "IFERROR(LAST_PROFITABLE_DAY({revenue},$K{{row}},out_half_life_days,cost_half_life),$D{{row}})"
)
_DAYS_THAT_PAY = f"MIN($D{{row}},{_COVERED.format(revenue='$J{row}')})"
_SERVED = (
    "MIN($L{row},IF($C{row}<successor_day,"
    f"MAX(successor_day-$C{{row}},{_COVERED.format(revenue='$J{row}*in_value_kept')}),$D{{row}}))"
)
_SUCCESSOR = "IF($C{row}<successor_day,successor_day-$C{row},far_away),in_value_kept"
"""Counted from the first day of the month; a price that has met it already is lower by itself."""

_COLUMNS = (
    ("Month to", "period_end", "date", f"EDATE(in_as_of,{_PLACE})"),
    ("First day", "first_day", "whole", f"EDATE(in_as_of,{_PLACE}-1)-in_as_of"),
    ("Days", "days", "whole", "$B{row}-in_as_of-$C{row}"),
    (
        "Price\n(factor)",
        "price",
        "price",
        "MODEL_VALUE(1,out_half_life_days,$C{row},0,successor_day,in_value_kept)",
    ),
    (
        "Chance to be\nstill in use",
        "chance",
        "share",
        "MODEL_VALUE(1,far_away,$C{row},in_hazard_per_year)",
    ),
    (
        "Utilization\n(share)",
        "utilization",
        "share",
        f"MIN(1,in_utilization*in_utilization_change^{_YEARS})",
    ),
    ("Efficiency\n(factor)", "efficiency", "factor", f"(1+in_efficiency_gain)^{_YEARS}"),
    (
        "GPU-hour\n(USD)",
        "gpu_hour",
        "price",
        "MODEL_VALUE(out_gpu_hour_price,cost_half_life,$C{row})",
    ),
    ("Revenue\n(USD/day)", "revenue_day", "money", call("NODE_REVENUE", _REVENUE)),
    ("Cost\n(USD/day)", "cost_day", "money", call("NODE_COST", _COST)),
    (
        "Days that\npay",
        "covered",
        "rate",
        _DAYS_THAT_PAY,
    ),
    ("Days\nserved", "served", "rate", _SERVED),
    (
        "Tokens\n(expected)",
        "tokens",
        "tokens",
        "TOKENS_PER_DAY(out_output_tps*$H{row},in_input_output_ratio,$G{row})*$M{row}*$F{row}",
    ),
    (
        "Revenue\n(USD)",
        "revenue",
        "money",
        "$F{row}*LIFETIME_REVENUE($J{row},out_half_life_days,$M{row},in_hazard_per_year,,"
        f"{_SUCCESSOR})",
    ),
    (
        "Cost\n(USD)",
        "cost",
        "money",
        "$F{row}*LIFETIME_REVENUE($K{row},cost_half_life,$M{row},in_hazard_per_year)",
    ),
    ("Margin\n(USD)", "margin", "money", "$O{row}-$P{row}"),
    (
        "Cumulative\n(USD)",
        "cumulative",
        "money",
        "IF(ISNUMBER($Q{row}),SUM($Q${first}:$Q{row})-in_model_upfront,$Q{row})",
    ),
    (
        "Discounted\n(USD)",
        "discounted",
        "money",
        f"$Q{{row}}/(1+in_value_discount_rate)^({_PLACE}/12)",
    ),
)
"""Heading, name, form and formula of each column, from B on."""


def _row(index: int) -> Row:
    cells = {}
    for column, (_, name, form, formula) in across(*_COLUMNS).items():
        if name == "covered" and index:  # given back once, the node does not come again
            formula = f"IF($L{{above}}<$D{{above}},0,{formula})"
        cells[column] = Cell(known(formula), form, column=f"month_{name}")
    return Row(cells)


def rows() -> list[Item]:
    """The block: one row a month."""
    return [
        Break(),
        heading("Sixty months of profit and loss of the node", LAST),
        headers(across(*(title for title, *_ in _COLUMNS)), texts="", last=LAST),
        *(_row(index) for index in range(MONTHS)),
        Gap(),
    ]
