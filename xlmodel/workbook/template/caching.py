"""The sheet Caching: from a conversation to its hit rate, its bill, and the margin of the node.

The hit rate is a result of turns, prefix and retention. The node then gives up revenue on what is
read from the cache, and serves more because it skips that prefill: the rate is that of the day on
sheet Margin, scaled by the fitted physics from the traffic on Inputs to the conversation's, without
hits and with them. Nothing here changes the day on sheet Margin.
"""

from typing import NamedTuple

from xlmodel.workbook.template import caching_curve, caching_turns, caching_words
from xlmodel.workbook.template.caching_curve import DAY_TPS, day, tps
from xlmodel.workbook.template.calls import CONVERSATION, call
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
    known,
    line,
    remark,
)

_LAST = "G"


def _conversation() -> list[Item]:
    def of(function: str) -> str:
        return f"={call(function, CONVERSATION)}"

    return [
        heading("A conversation of the turns on Inputs", _LAST),
        line(
            "Input tokens of a conversation",
            of("CONVERSATION_INPUT"),
            "whole",
            "tokens",
            "Each turn sends the history again.",
            name="conv_input",
        ),
        line(
            "Output tokens of a conversation",
            of("CONVERSATION_OUTPUT"),
            "whole",
            "tokens",
            name="conv_output",
        ),
        line(
            "Input tokens per output token, conversation",
            "=conv_input/conv_output",
            "ratio",
            "ratio",
            "The longer the conversation, the more input.",
            name="out_conversation_input_output_ratio",
            role="output",
        ),
        line(
            "Chance that the history is still cached",
            "=RETAINED_SHARE(in_retention_seconds,in_think_seconds)",
            "share",
            "share",
            "Retention against exponential gaps between turns.",
            name="conv_retained",
        ),
        line(
            "Share of input found in the cache",
            of("CONVERSATION_HIT_RATE"),
            "share",
            "share",
            "A result; whole blocks and a full cache lower it.",
            name="out_conversation_hit_rate",
            role="output",
        ),
        line(
            "Share of input written to the cache",
            of("CONVERSATION_WRITE_RATE"),
            "share",
            "share",
            "What is not found.",
            name="conv_write_rate",
        ),
        Gap(),
    ]


class _Term(NamedTuple):
    label: str
    name: str
    typed: str
    term: str
    otherwise: str
    form: str
    unit: str


_TERMS = (
    _Term("Cached read", "conv_read_multiplier", "in_read_multiplier", "cache_read", "1", "share",
          "of input price"),
    _Term("Cache write", "conv_write_multiplier", "in_write_multiplier", "=in_write_term", "1",
          "share", "of input price"),
    _Term("Long card above", "conv_threshold", "in_threshold_tokens", "long_context_threshold",
          "0", "whole", "tokens"),
    _Term("Long card, input", "conv_long_input", "in_long_input_factor", "long_context_input", "1",
          "factor", "factor"),
    _Term("Long card, output", "conv_long_output", "in_long_output_factor", "long_context_output",
          "1", "factor", "factor"),
    _Term("Batch discount", "conv_batch_discount", "in_batch_discount", "batch_discount", "0",
          "share", "off the price"),
)  # fmt: skip


def _term(term: _Term) -> Row:
    found = "BILLING_TERM(BillingTerms[#All],in_terms_vendor,$F{row},in_terms_as_of"
    used = f"IF(ISNUMBER($E{{row}}),$E{{row}},{term.otherwise})"
    return Row(
        {
            "B": Cell(term.label, role="label"),
            "C": Cell(
                f"=IF(ISNUMBER({term.typed}),{term.typed},{used})", term.form, name=term.name
            ),
            "D": Cell(term.unit, role="unit"),
            "E": Cell(
                f'=IFERROR({found},in_terms_model),IFERROR({found}),"none"))',
                term.form,
                "calculation_text",
            ),
            "F": Cell(term.term, "general", "calculation_text"),
        }
    )


def _terms() -> list[Item]:
    titles = across("Term", "In use", "Unit", "In the table", "Row of the table")
    return [
        heading("Terms in use, and one conversation billed", _LAST),
        headers(titles, texts="BD", last=_LAST),
        *(_term(term) for term in _TERMS),
        line(
            "Revenue of a conversation, nothing cached",
            "=SUM(turn_plain_revenue)",
            "price",
            "USD",
            "At the prices in use on sheet Margin, less batch.",
            name="conv_plain_revenue",
        ),
        line(
            "Revenue of a conversation with the cache",
            "=SUM(turn_revenue)",
            "price",
            "USD",
            "Reads and writes at the terms above.",
            name="conv_revenue",
        ),
        line(
            "Reads that pay for a write, seen by the buyer",
            known("CACHE_BREAKEVEN_READS(conv_write_multiplier,conv_read_multiplier)", '"never"'),
            "rate",
            "reads",
            name="conv_breakeven_reads",
        ),
        Gap(),
    ]


def _rates() -> list[Item]:
    return [
        heading("What caching does to the node", _LAST),
        line(
            "Output rate, nothing cached",
            known("out_output_tps*conv_physics_tps/day_physics_tps"),
            "rate",
            "tokens/s",
            "The day's rate, scaled to a mean turn: workings below.",
            name="conv_plain_tps",
        ),
        line(
            "Factor on the output rate from skipped prefill",
            known(f"{tps('out_conversation_hit_rate')}/conv_physics_tps"),
            "factor",
            "factor",
            "Within the latency limits; if the cache has room.",
            name="out_cache_rate_factor",
            role="output",
        ),
    ]


def _node() -> list[Item]:
    return [
        *_rates(),
        line(
            "Margin a day, nothing cached",
            known("conv_plain_day-out_cost"),
            "money",
            "USD/day",
            "Same hardware, same share of it in use.",
            name="conv_plain_margin",
        ),
        line(
            "  revenue given up on cached input",
            known(f"{day('conv_plain_tps', 'conv_revenue')}-conv_plain_day"),
            "change",
            "USD/day",
            "At the same output rate.",
            name="conv_discount",
        ),
        line(
            "  revenue gained by serving more",
            known("conv_day-conv_plain_day-conv_discount"),
            "change",
            "USD/day",
            "Only if there is demand for it.",
            name="conv_gain",
        ),
        line(
            "Margin a day with the cache",
            known("conv_day-out_cost"),
            "money",
            "USD/day",
            name="conv_margin",
        ),
        line(
            "What caching adds to the margin",
            known("conv_margin-conv_plain_margin"),
            "change",
            "USD/day",
            name="out_caching_effect",
            role="output",
        ),
        Gap(),
    ]


def _workings() -> list[Item]:
    """What the figures above rest on."""
    return [
        Break(),
        heading("Workings: prices, and revenue of a day", _LAST),
        line(
            "Input price after batch",
            "=BATCH_PRICE(out_input_price,in_batch_share,conv_batch_discount)",
            "price",
            "USD/Mtok",
            name="conv_input_price",
        ),
        line(
            "Output price after batch",
            "=BATCH_PRICE(out_output_price,in_batch_share,conv_batch_discount)",
            "price",
            "USD/Mtok",
            name="conv_output_price",
        ),
        line(
            "Price of a cached input token",
            "=CACHED_INPUT_PRICE(conv_input_price,conv_read_multiplier)",
            "price",
            "USD/Mtok",
            "By the terms above, not the price table's.",
            name="conv_cached_price",
        ),
        line(
            "Price of an input token written to the cache",
            "=conv_input_price*conv_write_multiplier",
            "price",
            "USD/Mtok",
            name="conv_write_price",
        ),
        line(
            "Input tokens of the mean turn",
            "=conv_input/in_turns",
            "whole",
            "tokens",
            "Its length stands for all turns in the output rate.",
            name="conv_turn_input",
        ),
        line(
            "Output rate by the fitted physics, nothing cached",
            known(tps("0")),
            "rate",
            "tokens/s",
            "For scaling only: see sheet Throughput.",
            name="conv_physics_tps",
        ),
        line(
            "The same for the traffic of the day on sheet Margin",
            known(DAY_TPS),
            "rate",
            "tokens/s",
            "Outputs of the shape on Inputs, input by the ratio there.",
            name="day_physics_tps",
        ),
        line(
            "Output rate with the cache",
            known("conv_plain_tps*out_cache_rate_factor"),
            "rate",
            "tokens/s",
            name="conv_tps",
        ),
        line(
            "Revenue a day, nothing cached",
            known(day("conv_plain_tps", "conv_plain_revenue")),
            "money",
            "USD/day",
            name="conv_plain_day",
        ),
        line(
            "Revenue a day with the cache",
            known(day("conv_tps", "conv_revenue")),
            "money",
            "USD/day",
            name="conv_day",
        ),
        Gap(),
    ]


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="Caching",
        title="Prompt caching in conversations",
        about="The hit rate that turns and retention bring, what it does to the bill, and to the "
        "margin of the node. A comparison: the day on sheet Margin keeps its own hit rate.",
        widths={"A": 2, **across(44, 17, 17, 17, 25, 17, 17, 19)},
        items=[
            remark(caching_words.ANSWER, "answer_caching"),
            Gap(),
            caching_curve.CHARTS,
            *_conversation(),
            *_terms(),
            *_node(),
            *_workings(),
            *caching_turns.rows(),
            *caching_curve.rows(),
            *caching_words.rows(_LAST),
        ],
        frozen_rows=4,
    )
