"""What sheet Variance says of a line, block by block: columns and formulas.

A formula has ``{row}`` for its own row, ``{top}`` for the first line's row in the block of the day,
and finds the same line in another block through ``Rows``.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

LAST: Final = "M"
LINES: Final = 6
"""Lines of the budget that the sheet has room for; a check fails when there are more."""

_NONE: Final = "–"
_PERIOD = "(Actuals[period_start]>=variance_from)*(Actuals[period_end]<=variance_to)"
_PLACE = "ROWS($A${top}:$A{row})"
"""Which row of table Budget."""

STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "volume": ("Volume", "G"),
    "line_mix": ("Mix of lines", "G"),
    "class_mix": ("Mix of token classes", "G"),
    "price": ("Price of tokens", "G"),
    "efficiency": ("Efficiency", "I"),
    "rate": ("Price of GPU-hours", "I"),
    "other": ("Other cost", "J"),
    "unplanned": ("Lines without a budget", ""),
}
"""The steps in the order in which they are taken: label, and the column of the budget block that
holds what a step is compared with."""


class Rows(NamedTuple):
    """The row of one line in each block."""

    day: int
    budget: int
    earned: int
    actual: int
    steps: int


_Formulas = Callable[[Rows], dict[str, str]]


class _Column(NamedTuple):
    title: str
    form: str
    name: str = ""


def of_period(column: str, condition: str = "") -> str:
    """The sum of a column of table Actuals over the rows in the period."""
    return f"SUMPRODUCT({condition}{_PERIOD},Actuals[{column}])"


def _of_line(column: str) -> str:
    return of_period(column, "(Actuals[line]=$B{row})*")


def _planned(column: str, otherwise: str) -> str:
    """A figure of the budget's row, or that of the day on sheet Margin."""
    cell = f"INDEX(Budget[{column}],{_PLACE})"
    return f'IF($C{{row}}=0,0,IF({cell}="",{otherwise},{cell}))'


LINE_NAME = (
    f'IF({_PLACE}>ROWS(Budget[line]),"{_NONE}",'
    f'IF(INDEX(Budget[line],{_PLACE})="","{_NONE}",INDEX(Budget[line],{_PLACE})))'
)
_NODES = (
    f'IF($B{{row}}="{_NONE}",0,'
    f'IF(INDEX(Budget[nodes],{_PLACE})="",1,INDEX(Budget[nodes],{_PLACE})))'
)
_CACHED_PRICE = (  # of a line that has an input price of its own that one
    f'$G{{row}}+(INDEX(Budget[input_price],{_PLACE})="")*(out_cached_input_price-$G{{row}})'
)

_DAY = {
    "C": _Column("Nodes", "count", "budget_nodes"),
    "D": _Column("Input tokens\n(tokens/day)", "whole"),
    "E": _Column("Share of it\ncached", "share"),
    "F": _Column("Output tokens\n(tokens/day)", "whole"),
    "G": _Column("Input price\n(USD/Mtok)", "price"),
    "H": _Column("Cached price\n(USD/Mtok)", "price"),
    "I": _Column("Output price\n(USD/Mtok)", "price"),
    "J": _Column("GPU-hours\n(GPU-hours/day)", "rate"),
    "K": _Column("Price of it\n(USD/GPU-hour)", "price"),
    "L": _Column("Other cost\n(USD/day)", "money"),
    "M": _Column("Margin\n(USD/day)", "money3", "budget_day_margin"),
}


def _day(_: Rows) -> dict[str, str]:
    return {
        "C": _NODES,
        "D": _planned("input_tokens", "out_input_tokens_per_day"),
        "E": _planned("cached_share", "in_cache_hit_rate"),
        "F": _planned("output_tokens", "out_output_tokens_per_day"),
        "G": _planned("input_price", "out_input_price"),
        "H": _planned("cached_price", _CACHED_PRICE),
        "I": _planned("output_price", "out_output_price"),
        "J": _planned("gpu_hours", "in_gpus*24"),
        "K": _planned("gpu_hour_price", "out_gpu_hour_price"),
        "L": _planned("other_cost", "in_other_cost_per_day"),
        "M": "(D{row}*((1-E{row})*G{row}+E{row}*H{row})+F{row}*I{row})/10^6-J{row}*K{row}-L{row}",
    }


_TOKENS = {
    "C": _Column("Input tokens\n(Mtok)", "rate"),
    "D": _Column("of which cached\n(Mtok)", "rate"),
    "E": _Column("Output tokens\n(Mtok)", "rate"),
}
_AMOUNTS = {
    "G": _Column("Revenue\n(USD)", "money"),
    "H": _Column("GPU-hours\n(GPU-hours)", "rate"),
    "I": _Column("Cost of GPUs\n(USD)", "money"),
    "J": _Column("Other cost\n(USD)", "money"),
    "K": _Column("Margin\n(USD)", "money"),
    "L": _Column("GPU-hours\nper Mtok", "price"),
}
_BUDGET = {
    **_TOKENS,
    "F": _Column("Tokens\n(Mtok)", "rate", "budget_mtok"),
    **_AMOUNTS,
    "I": _AMOUNTS["I"]._replace(name="budget_gpu_cost"),
    "M": _Column("Margin per Mtok\n(USD, less other)", "price"),
}


def _budget(at: Rows) -> dict[str, str]:
    return {
        "C": f"D{at.day}*$C{at.day}*variance_days/10^6",
        "D": f"C{{row}}*E{at.day}",
        "E": f"F{at.day}*$C{at.day}*variance_days/10^6",
        "F": "C{row}+E{row}",
        "G": _at_budget_prices(at, at.budget),
        "H": f"J{at.day}*$C{at.day}*variance_days",
        "I": f"H{{row}}*K{at.day}",
        "J": f"L{at.day}*$C{at.day}*variance_days",
        "K": "G{row}-I{row}-J{row}",
        "L": "IF(F{row}>0,H{row}/F{row},0)",
        "M": "IF(F{row}>0,(G{row}-I{row})/F{row},0)",
    }


def _at_budget_prices(at: Rows, row: int) -> str:
    """Revenue of a block's tokens at the budget's prices."""
    return f"($C{row}-$D{row})*$G{at.day}+$D{row}*$H{at.day}+$E{row}*$I{at.day}"


_EARNED = {
    "C": _Column("Input revenue\n(USD)", "money"),
    "D": _Column("Cached input\n(USD)", "money"),
    "E": _Column("Output revenue\n(USD)", "money"),
    "F": _Column("Not split\n(USD)", "money"),
    "G": _Column("Revenue\n(USD)", "money"),
    "H": _Column("Input price\n(USD/Mtok)", "price"),
    "I": _Column("Cached price\n(USD/Mtok)", "price"),
    "J": _Column("Output price\n(USD/Mtok)", "price"),
}


def _earned(at: Rows) -> dict[str, str]:
    row = at.actual
    return {
        "C": _of_line("input_revenue"),
        "D": _of_line("cached_revenue"),
        "E": _of_line("output_revenue"),
        "F": _of_line("unsplit_revenue"),
        "G": "SUM(C{row}:F{row})",
        "H": f'IF(C{row}>D{row},C{{row}}/(C{row}-D{row}),"{_NONE}")',
        "I": f'IF(D{row}>0,D{{row}}/D{row},"{_NONE}")',
        "J": f'IF(E{row}>0,E{{row}}/E{row},"{_NONE}")',
    }


_ACTUAL = {
    **_TOKENS,
    "F": _Column("Tokens\n(Mtok)", "rate", "actual_mtok"),
    **_AMOUNTS,
    "H": _AMOUNTS["H"]._replace(name="actual_gpu_hours"),
    "I": _AMOUNTS["I"]._replace(name="actual_gpu_cost"),
    "M": _Column("Days with\nactuals (days)", "days", "actual_days"),
}


def _actual(at: Rows) -> dict[str, str]:
    line = "(Actuals[line]=$B{row})*"
    return {
        "C": f"{_of_line('input_tokens')}/10^6",
        "D": f"{_of_line('cached_tokens')}/10^6",
        "E": f"{_of_line('output_tokens')}/10^6",
        "F": "C{row}+E{row}",
        "G": f"G{at.earned}",
        "H": _of_line("gpu_hours"),
        "I": _of_line("gpu_cost"),
        "J": _of_line("other_cost"),
        "K": "G{row}-I{row}-J{row}",
        "L": "IF(F{row}>0,H{row}/F{row},0)",
        "M": f"SUMPRODUCT({line}{_PERIOD},Actuals[period_end]-Actuals[period_start]+1)",
    }


_VARIANCE = {
    column: _Column(f"{label.replace(' of ', chr(10) + 'of ', 1)}", "change2", f"by_line_{key}")
    for column, (key, (label, _)) in zip("CDEFGHIJ", STEPS.items(), strict=True)
} | {
    "K": _Column("Sum\n(USD)", "change2", "by_line_sum"),
    "L": _Column("Actual less\nbudget (USD)", "change2", "by_line_gap"),
}


def _variance(at: Rows) -> dict[str, str]:
    day, plan, was = at.day, at.budget, at.actual
    at_prices = _at_budget_prices(at, was)
    formulas = {
        "C": f"(mtok_actual/mtok_budget-1)*$F{plan}*$M{plan}",
        "D": f"($F{was}-mtok_actual*$F{plan}/mtok_budget)*$M{plan}",
        "E": f"{at_prices}-$F{was}*$G{plan}/$F{plan}",
        "F": f"$G{was}-({at_prices})",
        "G": f"($F{was}*$L{plan}-$H{was})*$K{day}",
        "H": f"$H{was}*$K{day}-$I{was}",
        "I": f"$J{plan}-$J{was}",
    }
    return {
        **{column: f"IF($F{plan}>0,{formula},0)" for column, formula in formulas.items()},
        "J": f"IF($F{plan}>0,0,$K{was}-$K{plan})",
        "K": "SUM(C{row}:J{row})",
        "L": f"$K{was}-$K{plan}",
    }


_CLASSES = {
    "C": _Column("Price: input\n(USD)", "change2"),
    "D": _Column("Price: cached\n(USD)", "change2"),
    "E": _Column("Price: output\n(USD)", "change2"),
    "F": _Column("Price: not split\n(USD)", "change2"),
    "G": _Column("Mix: input\n(USD)", "change2"),
    "H": _Column("Mix: cached\n(USD)", "change2"),
    "I": _Column("Mix: output\n(USD)", "change2"),
}


def _classes(at: Rows) -> dict[str, str]:
    day, plan, was, got = at.day, at.budget, at.actual, at.earned
    tokens = {"G": "($C{0}-$D{0})", "H": "$D{0}", "I": "$E{0}"}
    split = f"AND($F{plan}>0,$F{got}=0)"
    prices = {
        column: f"IF({split},{column}{got}-{tokens[price].format(was)}*${price}{day},0)"
        for column, price in zip("CDE", "GHI", strict=True)
    }
    unsplit = f"IF(AND($F{plan}>0,$F{got}<>0),$G{got}-({_at_budget_prices(at, was)}),0)"
    mixes = {
        column: f"IF($F{plan}>0,({share.format(was)}-$F{was}*{share.format(plan)}/$F{plan})"
        f"*${column}{day},0)"
        for column, share in tokens.items()
    }
    return {**prices, "F": unsplit, **mixes}


_FLAGS = {
    column: _Column(found.title.removesuffix("\n(USD)"), "general", f"flag_{found.name[8:]}")
    for column, found in _VARIANCE.items()
    if column <= "K"
}


def _flags(at: Rows) -> dict[str, str]:
    columns = [*(basis for _, basis in STEPS.values()), "K"]
    return {
        column: flagged(f"{column}{at.steps}", f"ABS(${basis}{at.budget})" if basis else "0")
        for column, basis in zip("CDEFGHIJK", columns, strict=True)
    }


def flagged(amount: str, basis: str) -> str:
    """Whether a variance is material, in words."""
    return f'IF(AND({material(amount, basis)}),IF({amount}<0,"adverse","favourable"),"{_NONE}")'


def material(amount: str, basis: str) -> str:
    """The conditions under which a variance is material, as arguments of AND."""
    return (
        f"{amount}<>0,ABS({amount})>=in_materiality_amount,"
        f"ABS({amount})>=in_materiality_share*{basis}"
    )


class Block(NamedTuple):
    title: str
    columns: Mapping[str, _Column]
    formulas: _Formulas
    further: tuple[str, ...] = ()
    note: str = ""


OTHERS, TOTAL = "Lines without a budget", "All lines"
BLOCKS = {
    "day": Block(
        "Budget: a day of one node, by line",
        _DAY,
        _day,
        note="From table Budget; what is blank there is the figure of sheet Margin.",
    ),
    "budget": Block("Budget of the period", _BUDGET, _budget, (TOTAL,)),
    "earned": Block(
        "Actual revenue of the period, by token class, and what a Mtok earned",
        _EARNED,
        _earned,
        (TOTAL,),
        note="Revenue that is not split counts in full; its line then has one price variance.",
    ),
    "actual": Block("Actuals of the period", _ACTUAL, _actual, (OTHERS, TOTAL)),
    "steps": Block(
        "Variance by line, in USD: above 0 is favourable, below 0 adverse",
        _VARIANCE,
        _variance,
        (OTHERS, TOTAL),
    ),
    "classes": Block("Price and mix by token class, in USD", _CLASSES, _classes, (TOTAL,)),
    "flags": Block(
        "Which of them are material: at or above both thresholds on Inputs",
        _FLAGS,
        _flags,
        note="Sum: against the budget's margin of the line.",
    ),
}
