"""The chart of the sheet Caching, margin against hit rate, and the table that it rests on."""

from xlmodel.workbook.template.calls import CONVERSATION, REPLICA, call
from xlmodel.workbook.template.parts import (
    Cell,
    Chart,
    Charts,
    Gap,
    Item,
    Row,
    Series,
    across,
    headers,
    heading,
    known,
    line,
)

_LAST = "G"
_STEPS = 20
_REPLICA = {
    **REPLICA,
    "input_tokens": "conv_turn_input",
    "output_tokens": "in_answer_tokens",
    "basis": '"physics"',
    "table": "",
}
"""One basis with hits and without: a benchmark of one's own holds without them only."""


def tps(hit_rate: str) -> str:
    """The output rate for the mean turn of a conversation, at a hit rate."""
    return call("NODE_TPS", _REPLICA, cache_hit_rate=hit_rate)


DAY_TPS = call(
    "NODE_TPS",
    _REPLICA,
    input_tokens="MAX(1,in_input_output_ratio*shape_output)",
    output_tokens="shape_output",
)
"""The same for the day on sheet Margin, whose rate is that of its own ratio and hit rate."""


def day(rate: str, revenue: str) -> str:
    """Revenue of a day at an output rate, from that of one conversation."""
    return f"{rate}*86400*in_utilization/conv_output*{revenue}"


CHARTS = Charts(
    [
        Chart(
            kind="scatter",
            column="H",
            title="caching_title",
            x_title="Share of input found in the cache",
            y_title="Margin (USD/day)",
            series=[
                Series("Margin, output rate recomputed", "hit_rate_step", "hit_margin", "line"),
                Series("At the same output rate", "hit_rate_step", "hit_same_rate", "second_line"),
                Series("This case", "out_conversation_hit_rate", "conv_margin", "here"),
            ],
            alt_text="Two lines of the margin a day over the share of input found in the cache: "
            "with the output rate recomputed, and at the same output rate, with this case marked. "
            "The figures stand in the table “Margin against hit rate” on this sheet.",
            x_form="share",
            size=(640, 400),
        )
    ],
    rows=0,
)


def _step() -> Row:
    share = "(ROWS($A${first}:$A{row})-1)/(ROWS($A${first}:$A${last})-1)"
    bill = (
        "REQUEST_REVENUE(conv_input,conv_output,conv_mean_input,conv_mean_output,$B{row},"
        "conv_mean_input*conv_read_multiplier,1-$B{row},conv_mean_input*conv_write_multiplier)"
    )
    return Row(
        {
            "B": Cell(f"=conv_most_hits*{share}", "share", column="hit_rate_step"),
            "C": Cell(
                known(f"conv_plain_tps*{tps('$B{row}')}/conv_physics_tps"), "rate",
                column="hit_rate_tps",
            ),
            "D": Cell(f"={bill}", "price", column="hit_revenue"),
            "E": Cell(known(f"{day('$C{row}', '$D{row}')}-out_cost"), "money", column="hit_margin"),
            "F": Cell(
                known(f"{day('conv_plain_tps', '$D{row}')}-out_cost"),
                "money",
                column="hit_same_rate",
            ),
        }
    )  # fmt: skip


def rows() -> list[Item]:
    titles = across(
        "Found in the cache (share)",
        "Output rate\n(tokens/s)",
        "Revenue of a\nconversation (USD)",
        "Margin\n(USD/day)",
        "Margin at the same\nrate (USD/day)",
    )
    most = {**CONVERSATION, "retained_share": "1", "prefix_hit_rate": "1"}
    mean_output = "SUMPRODUCT((turn_number<=in_turns)*turn_long_output)/in_turns"
    return [
        heading("Margin against hit rate", _LAST),
        line(
            "Most that could be found in the cache",
            f"={call('CONVERSATION_HIT_RATE', most)}",
            "share",
            "share",
            "All but what is new at each turn.",
            name="conv_most_hits",
        ),
        line(
            "Input price, mean of the cards in use",
            "=conv_input_price*SUMPRODUCT(turn_input,turn_long_input)/SUM(turn_input)",
            "price",
            "USD/Mtok",
            "Turns on the long card count as such.",
            name="conv_mean_input",
        ),
        line(
            "Output price, mean of the cards in use",
            f"=conv_output_price*{mean_output}",
            "price",
            "USD/Mtok",
            name="conv_mean_output",
        ),
        headers(titles, texts="", last=_LAST),
        *(_step() for _ in range(_STEPS + 1)),
        Gap(),
    ]
