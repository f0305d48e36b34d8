"""The sheet Variance: from the budget's margin of a period to the actual one, in steps.

The decomposition is the classical one of standard costing, in this order. *Volume*: all tokens
change alike, at the budget's mix, prices and GPU-hours per Mtok. *Mix*: then the shares of the
lines, at the budget's margin per Mtok of each, and within a line the shares of input, cached input
and output, at the budget's prices. *Price*: then the prices, on actual tokens. *Efficiency*: the
GPU-hours that actual tokens should have taken, less those that they took, at the budget's price
of an hour; *price of GPU-hours*: on actual hours. Other cost is not flexed with tokens. What lines
without a budget earn is a step of its own. The steps sum exactly, and a check says so.
"""

from xlmodel.workbook.actuals.rows import EXAMPLE
from xlmodel.workbook.template import variance_lines, waterfall
from xlmodel.workbook.template.layout import HEAD_ROWS
from xlmodel.workbook.template.parts import (
    Break,
    Cell,
    Charts,
    Gap,
    Item,
    Row,
    Sheet,
    across,
    headers,
    heading,
    line,
    remark,
)
from xlmodel.workbook.template.variance_columns import LAST, LINES, STEPS, material, of_period

_UNIT = "USD"
_BARS = len(STEPS) + 2

_NOTES = {
    "volume": "All tokens, at the budget's mix, prices and GPU-hours per Mtok.",
    "line_mix": "Shares of the lines in all tokens, at the budget's margin per Mtok of each.",
    "class_mix": "Shares of input, cached input and output within a line, at budget prices.",
    "price": "Actual less budget prices, on actual tokens.",
    "efficiency": "GPU-hours per Mtok against the budget's, at its hourly price; idle ones, too.",
    "rate": "Budget's less actual price of an hour, on actual hours.",
    "other": "Budget less actual; not flexed with tokens.",
    "unplanned": "Margin of lines that stand in no budget, or in one without tokens.",
}

_CONVENTION = (
    "Each step moves one thing and holds those after it at the budget's, so that the steps sum "
    "exactly; what two do together counts in the later one.",
    "GPU-hours are flexed with tokens, so what volume saves is the budget's GPU cost of the "
    "missing tokens, and GPUs that idle for want of them are adverse under efficiency.",
)
_NOTE = '=variance_span&". Above 0 is favourable and adds to the margin, below 0 is adverse."'


def _iso(day: str) -> str:
    """A day as ISO text; TEXT with a date's form would depend on the program's language."""
    return f'YEAR({day})&"-"&TEXT(MONTH({day}),"00")&"-"&TEXT(DAY({day}),"00")'


def _signed(amount: str) -> str:
    return f'SUBSTITUTE(FIXED({amount},0),"-","−")'


def _words() -> list[Item]:
    """The answer, and the pieces it is made of, since a formula is not to be long."""
    most = "MATCH(MAX(step_size),step_size,0)"
    pieces = (
        ("variance_example", f'IF(COUNTIF(Actuals[source],"{EXAMPLE}*")>0,"EXAMPLE data. From",'
         'IF(variance_costless+variance_tokenless>0,"INCOMPLETE: cost, hours or tokens missing. '
         'From","From"))'),
        ("variance_first_day", _iso("variance_from")),
        ("variance_last_day", _iso("variance_to")),
        ("variance_span", 'variance_example&" "&variance_first_day&" to "&variance_last_day'),
        ("variance_margins", f'"margin "&{_signed("out_actual_margin")}&" USD against "'
         f'&{_signed("out_budget_margin")}&" budgeted"'),
        ("variance_sign", f'{_signed("ABS(out_margin_variance)")}'
         '&IF(out_margin_variance<0," adverse"," favourable")'),
        ("variance_told", 'variance_margins&", "&variance_sign'),
        ("variance_most", f"INDEX(variance_label,1+{most})"),
        ("variance_answer", 'IF(variance_rows=0,"No actuals in the period: fill table Actuals.",'
         'variance_span&": "&variance_told&". Most: “"&variance_most&"”, "&variance_moves&".")'),
        ("variance_moves", f'{_signed(f"INDEX(variance_value,1+{most})")}&" USD, "'
         f"&INDEX(step_verdict,{most})"),
    )  # fmt: skip
    return [
        heading("The sentence at the head, in parts", LAST),
        *(Row({"B": Cell(f"={formula}", "general", "note", name)}) for name, formula in pieces),
        Gap(),
    ]


def _sentence() -> Row:
    told = '=IFERROR(variance_answer,"Not known: a price or an input of the budget is missing.")'
    return Row({"B": Cell(told, "general", "remark", "answer_actuals")})


def _period() -> list[Item]:
    period = of_period("period_start").partition(",")[0].removeprefix("SUMPRODUCT(")
    touched = "(Actuals[period_start]<=variance_to)*(Actuals[period_end]>=variance_from)"
    named = '*(Actuals[line]<>"")'
    return [
        heading("The period", LAST),
        line(
            "First day",
            "=IF(COUNT(in_variance_from)>0,in_variance_from,MIN(Actuals[period_start]))",
            "date_or_none",
            "date",
            "From Inputs, or the first in table Actuals.",
            name="variance_from",
            role="calculation_text",
        ),
        line(
            "Last day",
            "=IF(COUNT(in_variance_to)>0,in_variance_to,MAX(Actuals[period_end]))",
            "date_or_none",
            "date",
            "From Inputs, or the last in table Actuals.",
            name="variance_to",
            role="calculation_text",
        ),
        line(
            "Days",
            "=IF(variance_to>0,MAX(0,variance_to-variance_from+1),0)",
            "days",
            "days",
            "The budget's day counts so many times.",
            name="variance_days",
        ),
        line(
            "Rows of actuals in it",
            f"=SUMPRODUCT({period}{named})",
            "whole",
            "rows",
            name="variance_rows",
        ),
        line(
            "Rows that lie partly in it",
            f"=SUMPRODUCT({touched}{named})-variance_rows",
            "whole",
            "rows",
            "They do not count.",
            name="variance_rows_cut",
        ),
        line(
            "Tokens of the budget",
            "=SUM(budget_mtok)",
            "rate",
            "Mtok",
            name="mtok_budget",
        ),
        line(
            "Actual tokens of its lines",
            '=SUMIF(budget_mtok,">0",actual_mtok)',
            "rate",
            "Mtok",
            name="mtok_actual",
        ),
        line(
            "Lines with tokens but no GPU cost",
            "=SUMPRODUCT((budget_gpu_cost>0)*(actual_mtok>0)*(actual_gpu_cost=0))",
            "whole",
            "lines",
            "Their efficiency is overstated until the cost is there, too.",
            name="variance_costless",
        ),
        line(
            "Lines with GPU cost but no tokens or hours",
            "=SUMPRODUCT((actual_gpu_cost>0)*((actual_mtok=0)+(actual_gpu_hours=0)>0))",
            "whole",
            "lines",
            "Their volume or efficiency is off until these are there, too.",
            name="variance_tokenless",
        ),
        line(
            "Figures typed in the first line of the budget",
            "=IF(INDEX(budget_nodes,1)>0,INDEX(Budget[figures_typed],1),1)",
            "whole",
            "figures",
            "0: its day is that of sheet Margin, and a check compares the two.",
            name="budget_first_typed",
        ),
        Gap(),
    ]


def _result(totals: dict[str, int]) -> list[Item]:
    return [
        heading("Result of the period", LAST),
        line(
            "Margin of the period, budget",
            f"=K{totals['budget']}",
            "money",
            _UNIT,
            name="out_budget_margin",
            role="output",
        ),
        line(
            "Margin of the period, actual",
            f"=K{totals['actual']}",
            "money",
            _UNIT,
            "All rows of the period, with a budget or without.",
            name="out_actual_margin",
            role="output",
        ),
        line(
            "Variance of the margin",
            "=out_actual_margin-out_budget_margin",
            "change2",
            _UNIT,
            "Above 0 is favourable.",
            name="out_margin_variance",
            role="output",
        ),
        Gap(),
    ]


def _steps(totals: dict[str, int]) -> list[Item]:
    titles = across("Step", "Change", "Unit", "Budget of it\n(USD)", "Share of that", "Verdict")
    titles |= {"H": "What it is", "M": "Size\n(USD)"}
    columns = dict(zip(STEPS, "CDEFGHIJ", strict=True))
    rows = []
    for key, (label, basis) in STEPS.items():
        made = waterfall.step("variance", label, f"{columns[key]}{totals['steps']}", "", unit=_UNIT)
        amount = f"{basis}{totals['budget']}" if basis else "0*C{row}"
        rows.append(_judged(made, amount, _NOTES[key]))
    first = waterfall.step("variance", "Budget", "out_budget_margin", "", unit=_UNIT)
    last = waterfall.total("variance", "Actual", "", unit=_UNIT)
    return [
        heading("From the budget's margin to the actual one", LAST),
        headers(titles, LAST, "BDGHIJKL"),
        _noted(first, "Sum over the lines of table Budget."),
        *rows,
        _noted(last, "Sum of the steps; a check compares it with the actual margin."),
        *map(remark, _CONVENTION),
        Row({"B": Cell(_NOTE, "general", "remark", "variance_note")}),
        Gap(),
    ]


def _noted(made: Row, note: str) -> Row:
    return made._replace(cells={**made.cells, "E": Cell(), "H": Cell(note, role="note")})


def _judged(made: Row, basis: str, note: str) -> Row:
    verdict = (
        '=IF(ABS(C{row})<in_cent_tolerance,"none",IF(C{row}<0,"adverse","favourable")&'
        f'IF(AND({material("C{row}", "ABS(E{row})")}),", material",""))'
    )
    more = {
        "E": Cell(f"={basis}", "money"),
        "F": Cell("=IF(E{row}>0,C{row}/E{row},0)", "share"),
        "G": Cell(verdict, "general", "unit", column="step_verdict"),
        "H": Cell(note, role="note"),
        "M": Cell("=ABS(C{row})", "money", column="step_size"),
    }
    return made._replace(cells={**made.cells, **more})


def _chart() -> Charts:
    return waterfall.chart(
        "variance",
        "Which variances lead from the budget's margin to the actual one?",
        "Bridge in USD from the budget's margin of the period over volume, mix, price, efficiency, "
        "price of GPU-hours and other cost to the actual margin. The figures stand in the table "
        "above.",
        _BARS,
        _UNIT,
    )


def sheet() -> Sheet:
    """The description of the sheet."""
    unplaced = dict.fromkeys(("budget", "actual", "steps"), 0)
    above = sum(map(_height, _head(unplaced)))
    first = variance_lines.starts(HEAD_ROWS + above)
    further = {"budget": 0, "actual": 1, "steps": 1}
    totals = {key: first[key] + LINES + place for key, place in further.items()}
    return Sheet(
        name="Variance",
        title="Budget against actual",
        about="From the budget's margin of a period to the actual one by volume, mix, price and "
        "efficiency. Budget and Actuals are the sheets before this one; thresholds on Inputs.",
        widths={"A": 2, **across(34, *[16] * 12)},
        items=[*_head(totals), *variance_lines.blocks(HEAD_ROWS + above)],
        frozen_rows=4,
    )


def _height(item: Item) -> int:
    if isinstance(item, Charts | Gap):
        return item.rows
    return int(isinstance(item, Row))


def _head(totals: dict[str, int]) -> list[Item]:
    """What stands above the lines."""
    return [
        _sentence(),
        Gap(),
        *_period(),
        *_result(totals),
        *_steps(totals),
        Break(),
        _chart(),
        *waterfall.bars("variance", _BARS, _UNIT),
        *_words(),
    ]
