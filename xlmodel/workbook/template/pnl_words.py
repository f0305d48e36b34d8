"""What the sheet P&L says in a sentence, the results that reports read, and what a node costs."""

from xlmodel.workbook.template.parts import Cell, Gap, Item, Row, heading, line

_LAST = "H"

_RESULTS = (
    ("P&L revenue of the period", "revenue", "out_pnl_revenue"),
    ("P&L gross margin, all GPUs rented", "margin", "out_pnl_gross_margin"),
    ("P&L EBIT, all GPUs rented", "ebit", "out_pnl_ebit"),
    ("P&L EBIT, all GPUs bought", "own_ebit", "out_pnl_own_ebit"),
)
"""Results by label, line and name."""


def _text(formula: str, name: str) -> Row:
    return Row({"B": Cell(formula, "general", "remark", name)})


def answer() -> list[Item]:
    told = (
        '=IF(ISNUMBER(out_pnl_ebit),pnl_says_period&": "&pnl_says_rented&pnl_says_bought&"; "'
        '&pnl_says_own&".",'
        '"Not known: the date is not within the 36 months, or a price or an input is missing.")'
    )
    return [_text(told, "answer_pnl"), Gap()]


def results(period: dict[str, str]) -> list[Item]:
    """The figures that reports read; ``period`` is the cell of each line in the statement."""
    return [
        heading("Results of the period chosen on Inputs", _LAST),
        *(
            line(label, f"={period[key]}", "whole", "USD", name=name, role="output")
            for label, key, name in _RESULTS
        ),
        line(
            "Month from which owning is ahead in cash",
            '=IF(MAX(pnl_behind)<COUNT(pnl_number),MAX(pnl_behind)+1,"never")',
            "whole",
            "month of the plan",
            "And stays so to the end of the plan; never: not within it.",
            name="out_pnl_overtaking_month",
            role="output",
        ),
        Gap(),
    ]


def node() -> list[Item]:
    """What a node costs, from inputs that stand under GPU sourcing and Model value."""
    return [
        heading("What the months take", _LAST),
        line(
            "Change of token prices a month",
            "=IF(ISNUMBER(in_pnl_price_change),in_pnl_price_change,"
            "MODEL_VALUE(1,out_half_life_days,365/12)-1)",
            "share",
            "share/month",
            "Inputs, or the decline of sheet Model value.",
            name="used_price_change",
        ),
        line(
            "Change of the GPU rent a month",
            "=IF(ISNUMBER(in_pnl_rent_change),in_pnl_rent_change,"
            "MODEL_VALUE(1,cost_half_life,365/12)-1)",
            "share",
            "share/month",
            "Inputs, or the half-life of the node's cost.",
            name="used_rent_change",
        ),
        line(
            "Purchase price of a node",
            "=in_gpus*in_own_capex/in_own_availability",
            "whole",
            "USD",
            "With the spare GPUs that stand in while others are down.",
            name="pnl_capex_node",
        ),
        line(
            "Life",
            "=MAX(1,INT(in_own_life_years*12))",
            "whole",
            "months",
            "Whole months.",
            name="pnl_life",
        ),
        line(
            "Depreciation of a node",
            "=pnl_capex_node*(1-in_own_residual_share)/pnl_life",
            "money",
            "USD/month",
            "Straight line, down to the resale value.",
            name="pnl_depreciation_node",
        ),
        line(
            "Power and colocation of an own node",
            "=in_gpus*(24*in_own_power_kw*in_own_pue*in_own_electricity_price"
            "+in_own_opex_per_year/365)/in_own_availability",
            "money",
            "USD/day",
            "As OWNED_GPU_HOUR counts them.",
            name="pnl_own_day",
        ),
        line(
            "Owning ahead: month in the chart",
            "=IF(ISNUMBER(out_pnl_overtaking_month),out_pnl_overtaking_month,0)",
            "whole",
            "month",
            "0: never.",
            name="pnl_mark_month",
        ),
        line(
            "Cash since the start in that month",
            "=IF(pnl_mark_month>0,INDEX(pnl_own_cash,MAX(1,pnl_mark_month)),0)",
            "whole",
            "USD",
            name="pnl_mark_cash",
        ),
        Gap(),
    ]


def sentence() -> list[Item]:
    """The sentence above, in its parts, since a formula is not to be long."""

    def amount(name: str) -> str:
        return f'IFERROR(SUBSTITUTE(FIXED({name},0),"-","−"),"–")'

    return [
        heading("The sentence above, in its parts", _LAST),
        _text(
            '=IFERROR(IF(in_pnl_period="year","Calendar year "&YEAR(pnl_to),'
            'IF(in_pnl_period="month","Month ","Mean day of month ")&MONTH(pnl_to)&" of "'
            '&YEAR(pnl_to)),"Not within the 36 months")',
            "pnl_says_period",
        ),
        _text(
            f'="revenue "&{amount("out_pnl_revenue")}&" USD, EBIT "&{amount("out_pnl_ebit")}',
            "pnl_says_rented",
        ),
        _text(
            f'=" USD with all GPUs rented, "&{amount("out_pnl_own_ebit")}&" with all bought"',
            "pnl_says_bought",
        ),
        _text(
            '=IFERROR("in cash, owning is ahead from month "&out_pnl_overtaking_month&'
            '" of the plan on ("&YEAR(INDEX(pnl_end,out_pnl_overtaking_month))&")",'
            '"in cash, owning is not ahead at the end of the plan")',
            "pnl_says_own",
        ),
    ]
