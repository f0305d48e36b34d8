"""The table of the sheet Caching that goes through a conversation turn by turn.

Plain arithmetic, beside which the sums of the functions stand in the checks; and the bill, since
each turn may be on another rate card.
"""

from xlmodel.workbook.template.inputs_billing import MOST_TURNS
from xlmodel.workbook.template.parts import Cell, Gap, Item, Row, across, headers, heading

_LAST = "I"
_IS_TURN = "$B{row}<=in_turns"
_BILL = (
    "REQUEST_REVENUE($C{row},in_answer_tokens,$F{row}*conv_input_price,$G{row}*conv_output_price"
)
_CACHED = ",$E{row},$F{row}*conv_cached_price,1-$E{row},$F{row}*conv_write_price"


def _turn() -> Row:
    sent = "in_prefix_tokens+$B{row}*in_user_tokens+($B{row}-1)*in_answer_tokens"
    chance = "($B{row}>1)*conv_retained"
    earlier = "$C{row}-in_user_tokens-(1-in_answer_cached_share)*in_answer_tokens"
    prefix = f"(1-{chance})*in_prefix_hit_rate*in_prefix_tokens"
    return Row(
        {
            "B": Cell("=ROWS($A${first}:$A{row})", "whole", column="turn_number"),
            "C": Cell(f"=IF({_IS_TURN},{sent},0)", "whole", column="turn_input"),
            "D": Cell(
                f"=IF({_IS_TURN},{chance}*({earlier})+{prefix},0)", "whole", column="turn_hits"
            ),
            "E": Cell("=IF($C{row}>0,MIN(1,$D{row}/$C{row}),0)", "share", column="turn_hit_rate"),
            "F": Cell(
                "=LONG_CONTEXT_PRICE($C{row},1,conv_threshold,conv_long_input)",
                "factor",
                column="turn_long_input",
            ),
            "G": Cell(
                "=LONG_CONTEXT_PRICE($C{row},1,conv_threshold,conv_long_output)",
                "factor",
                column="turn_long_output",
            ),
            "H": Cell(f"=IF({_IS_TURN},{_BILL}),0)", "residual", column="turn_plain_revenue"),
            "I": Cell(f"=IF({_IS_TURN},{_BILL}{_CACHED}),0)", "residual", column="turn_revenue"),
        }
    )


def rows() -> list[Item]:
    titles = across(
        "Turn",
        "Input\n(tokens)",
        "Found in the\ncache (tokens)",
        "Found in the\ncache (share)",
        "Card of this length\nover the short, input",
        "The same,\noutput",
        "Revenue, nothing\ncached (USD)",
        "Revenue with\nthe cache (USD)",
    )
    return [
        heading("Turn by turn; zero past the last turn", _LAST),
        headers(titles, texts=""),
        *(_turn() for _ in range(MOST_TURNS)),
        Gap(),
    ]
