"""What the sheet Model value says in words: its answer in parts, and the figures behind them."""

from xlmodel.workbook.template import months
from xlmodel.workbook.template.calls import FADING, call
from xlmodel.workbook.template.parts import Cell, Gap, Item, Row, heading, known, line

NEVER = '"never"'

_TEXTS = (
    ("Fall of the price", "out_fold_per_year,1", "value_text_fold"),
    ("Day of the end", "value_end_day,1", "value_text_day"),
    ("Margin", "out_margin", "value_text_margin"),
    ("Lifetime margin", "out_lifetime_margin,0", "value_text_lifetime"),
    ("The sum that forgets the rent", "naive_lifetime_margin,0", "value_text_naive"),
    ("Cost of a day's delay", "out_delay_cost_per_day", "value_text_delay"),
)
"""Figures as they stand in a sentence."""


def or_word(formula: str, none: str) -> str:
    """A figure of the node's life, or a word for none; what the node earns must be known."""
    return f'=IF(ISNUMBER(out_margin+out_half_life_days),IFERROR({formula},{none}),"not known")'


def answer() -> list[Item]:
    """The sentence at the head of the sheet."""
    whole = (
        '=IF(ISNUMBER(out_lifetime_margin),"At a price that falls "&value_text_fold&"-fold a year, '
        '"&value_says_end&"; "&value_says_sum&"; "&value_says_delay&".",'
        '"Not known: a price or an input is missing.")'
    )
    return [_sentence(whole, "answer_value"), Gap()]


def _sentence(formula: str, name: str) -> Row:
    return Row({"B": Cell(formula, "general", "remark", name)})


def words() -> list[Item]:
    """The parts of the sentence, and of the title of the chart."""

    def part(label: str, formula: str, name: str) -> Row:
        return line(label, formula, "general", "text", name=name, role="calculation_text")

    return [
        heading("The sentence above, in its parts", months.LAST),
        *(
            part(f"{label} in words", known(f'SUBSTITUTE(FIXED({figure}),"-","−")'), name)
            for label, figure, name in _TEXTS
        ),
        _sentence(
            '=IF(N(out_last_profitable_day)=value_end_day,"revenue covers cost until day ",'
            '"a successor ends its use on day ")',
            "value_says_how",
        ),
        _sentence(
            known(
                'IF(out_margin<=0,"the node makes a loss from the first day",'
                'IF(value_end_day>=far_away,"revenue never falls below cost",'
                "value_says_how&value_text_day))"
            ),
            "value_says_end",
        ),
        _sentence(
            '=IF(out_lifetime_margin>0,"today\'s margin of "&value_text_margin&" USD a day adds up '
            'to "&value_text_lifetime&" USD, not to the "&value_text_naive&" of a rent that falls '
            'too","there is nothing to earn")',
            "value_says_sum",
        ),
        _sentence(
            '=IF(ISNUMBER(out_delay_cost_per_day),IF(out_delay_cost_per_day>0,"a day of delay '
            'costs "&value_text_delay&" USD","waiting costs nothing"),"waiting may pay, since cost '
            'falls faster than revenue")',
            "value_says_delay",
        ),
        _sentence(
            '="Revenue and cost a day: "&IF(value_end_day<far_away,'
            '"the last profitable day is day "&value_text_day,"no last profitable day")',
            "value_chart_title",
        ),
        line(
            "Last day without a successor, as a number",
            "=IF(ISNUMBER(out_last_profitable_day),out_last_profitable_day,far_away)",
            "tokens",
            "days",
            name="value_last_day",
        ),
        line(
            "Last day with what a successor leaves",
            "=IFERROR(LAST_PROFITABLE_DAY(out_revenue*in_value_kept,out_cost,out_half_life_days,"
            "cost_half_life),far_away)",
            "tokens",
            "days",
            name="value_kept_day",
        ),
        line(
            "Day on which the node is given back",
            "=IF(value_last_day<=successor_day,value_last_day,MAX(successor_day,value_kept_day))",
            "tokens",
            "days",
            "The last profitable day, or that of the successor.",
            name="value_end_day",
        ),
        line(
            "Payback, were there no successor",
            or_word(call("PAYBACK_DAYS", FADING), NEVER),
            "rate",
            "days",
            name="value_payback",
            role="calculation_text",
        ),
        line("Never", f"={NEVER}", "general", "text", name="value_never", role="calculation_text"),
        line(
            "Day that the chart marks",
            "=IF(value_end_day<far_away,value_end_day,0)",
            "rate",
            "days",
            name="value_mark_day",
        ),
        line(
            "Revenue on it",
            known("MODEL_VALUE(out_revenue,out_half_life_days,value_mark_day)"),
            "money",
            "USD/day",
            "Equal to the cost of that day, unless it is the first or a successor ends the use.",
            name="value_mark",
        ),
        line(
            "Cost on it",
            known("MODEL_VALUE(out_cost,cost_half_life,value_mark_day)"),
            "money",
            "USD/day",
            name="value_mark_cost",
        ),
        line(
            "A time so long that it does not end",
            "=10^10*1000",
            "tokens",
            "days",
            "Stands for a half-life or a day that Inputs leave blank.",
            name="far_away",
        ),
        line(
            "Half-life of cost, as a number",
            "=IF(N(in_cost_half_life_days)>0,in_cost_half_life_days,far_away)",
            "tokens",
            "days",
            "So long that it never falls, where Inputs leave it blank.",
            name="cost_half_life",
        ),
        line(
            "Day of the successor, as a number",
            "=IF(ISNUMBER(in_next_release_day),in_next_release_day,far_away)",
            "tokens",
            "days",
            "So late that it never comes, where Inputs leave it blank.",
            name="successor_day",
        ),
        Gap(),
    ]
