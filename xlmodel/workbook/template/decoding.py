"""The sheet Decoding: what speculative decoding gains, and from how many requests on it loses."""

from xlmodel.workbook.template import decoding_curve
from xlmodel.workbook.template.calls import LIVE, call
from xlmodel.workbook.template.decoding_curve import HERE, cost, rate_with
from xlmodel.workbook.template.parts import Gap, Item, Sheet, across, heading, known, line, remark

_LAST = "M"


def _chosen() -> list[Item]:
    first = "MEASURED_ACCEPTED_LENGTH(in_draft_method,1)-1"
    return [
        remark(_ANSWER, "answer_decoding"),
        Gap(),
        heading("What is drafted and accepted", _LAST),
        line(
            "A draft model is in memory",
            '=TRIM(in_draft_model)<>""',
            "general",
            "",
            "Chosen on Inputs, as are the method and the drafted tokens.",
            name="has_draft",
            role="calculation_text",
        ),
        line(
            "Tokens a step yields",
            known(
                f"IF(COUNT(in_accepted_length)>0,in_accepted_length,"
                f"{call('MEASURED_ACCEPTED_LENGTH', {'method': 'in_draft_method', **HERE})})"
            ),
            "rate",
            "tokens/step",
            "As measured with the method chosen, or typed.",
            name="decoding_length",
        ),
        line(
            "Tokens a step would yield by a constant acceptance",
            known(f"ACCEPTED_LENGTH({first},in_draft_tokens)"),
            "rate",
            "tokens/step",
            "The first token's acceptance for all of the draft: it overstates long drafts.",
            name="constant_length",
        ),
        line(
            "Mean context of a request",
            "=AVERAGE(shape_input,shape_input+shape_output)",
            "whole",
            "tokens",
            name="decoding_context",
        ),
        line(
            "Most requests at once",
            known(f"IF(has_draft,{call('SPECULATIVE_BATCH', HERE)},most_requests)"),
            "whole",
            "sequences",
            "Weights and cache of the draft model take memory.",
            name="decoding_most",
        ),
        Gap(),
    ]


def _result() -> list[Item]:
    return [
        heading("At the operating point", _LAST),
        line(
            "Requests in flight",
            known("MIN(out_replica_batch,decoding_most)"),
            "whole",
            "sequences",
            "Those of sheet Throughput, as far as they fit.",
            name="decoding_batch",
        ),
        line(
            "Cost of verifying a draft",
            known(call("VERIFY_COST", HERE)),
            "rate",
            "steps",
            "1 while reading the weights decides, more as the batch grows.",
            name="decoding_verify_cost",
        ),
        line(
            "Cost of one draft token",
            known(f"IF(has_draft,{call('DRAFT_COST', HERE)},N(in_draft_cost))"),
            "rate",
            "steps",
            name="decoding_draft_cost",
        ),
        line(
            "Gain of decode steps",
            known(call("SPECULATIVE_GAIN", HERE)),
            "rate",
            "factor",
            "Type it on Inputs, 4, to let the day on sheet Margin follow.",
            name="out_decoding_gain",
            role="output",
        ),
        line(
            "Share of time that goes into input",
            known(call("PREFILL_SHARE", HERE)),
            "share",
            "share",
            "Not quicker by it.",
            name="decoding_input_share",
        ),
        line(
            "Output rate without",
            known(call("NODE_TPS", HERE, batch="out_replica_batch")),
            "rate",
            "tokens/s",
            "By the fitted physics.",
            name="rate_without_drafts",
        ),
        line(
            "Output rate with a draft model",
            known(call("SPECULATIVE_TPS", HERE), '"–"'),
            "rate",
            "tokens/s",
            "Its own work on input is counted.",
            name="rate_with_model",
        ),
        line(
            "Output rate with speculation",
            rate_with("rate_with_model", "rate_without_drafts", HERE),
            "rate",
            "tokens/s",
            "With a draft model the one above.",
            name="rate_with_drafts",
        ),
        line(
            "Gain of the node",
            known("rate_with_drafts/rate_without_drafts"),
            "rate",
            "factor",
            "Below 1: a loss.",
            name="out_node_decoding_gain",
            role="output",
        ),
        line(
            "Cost per million tokens without",
            known(cost("rate_without_drafts")),
            "price",
            "USD/Mtok",
            "Input and output alike, all hours full.",
            name="cost_without_drafts",
        ),
        line(
            "Cost per million tokens with speculation",
            known(cost("rate_with_drafts")),
            "price",
            "USD/Mtok",
            name="cost_with_drafts",
        ),
        line(
            "Margin of a day without",
            known(call("NODE_MARGIN", LIVE, output_tps="plain_output_tps")),
            "money",
            "USD/day",
            "At the rate of the day, without any decoding gain.",
            name="margin_without_drafts",
        ),
        line(
            "Margin of a day with speculation",
            known(call("NODE_MARGIN", LIVE, output_tps="rate_if_speculating")),
            "money",
            "USD/day",
            "At that rate × the gain of the node.",
            name="margin_with_drafts",
        ),
        line(
            "Effect on the margin of a day",
            known("margin_with_drafts-margin_without_drafts"),
            "change",
            "USD/day",
            name="out_decoding_effect",
            role="output",
        ),
        Gap(),
    ]


def _fixed(figure: str) -> str:
    """A figure in words, with the sign for minus."""
    return f'SUBSTITUTE(FIXED({figure}),"-","−")'


_MOST = "decoding_breakeven,0"
_ANSWER = (
    "=IF(ISNUMBER(out_decoding_effect),decoding_words_1&decoding_words_2&decoding_words_3,"
    '"What speculative decoding gains is not known for this choice.")'
)
_PARTS = {
    1: f'"At "&{_fixed("decoding_batch,0")}&" requests in flight speculation makes decode steps "'
    f'&{_fixed("out_decoding_gain")}&" × as quick"',
    2: f'" and the node "&{_fixed("out_node_decoding_gain")}&" ×: "'
    f'&{_fixed("ABS(out_decoding_effect)")}&" USD of margin a day "'
    '&IF(out_decoding_effect<0,"lost.","gained.")',
    3: f'IF(decoding_breakeven>0," It gains up to about "&{_fixed(_MOST)}&" requests.",'
    '" It gains at no number of requests.")',
}
"""In parts, for a formula has its length."""


def _words() -> list[Item]:
    """What the answer and the chart say."""
    return [
        heading("In words", _LAST),
        line(
            "Output rate of the day with that gain",
            known("plain_output_tps*out_node_decoding_gain"),
            "rate",
            "tokens/s",
            name="rate_if_speculating",
        ),
        line(
            "Most requests at which the node gains",
            "=MAX(gains_up_to)",
            "whole",
            "sequences",
            "Between rows of the table below in a straight line; 0: nowhere.",
            name="decoding_breakeven",
        ),
        *(
            line(
                f"Answer, part {place}",
                known(formula),
                "general",
                "",
                name=f"decoding_words_{place}",
                role="note",
            )
            for place, formula in _PARTS.items()
        ),
        line(
            "Title of the chart",
            f'=IF(decoding_breakeven>0,"Speculation gains up to about "&{_fixed(_MOST)}'
            '&" requests in flight","Speculation gains at no number of requests")',
            "general",
            "",
            name="decoding_title",
            role="label",
        ),
        Gap(),
    ]


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="Decoding",
        title="Decoding: does speculation pay?",
        about="A draft is verified in one step. That gains while few requests are in flight, and "
        "costs where computing decides. Estimates, by the fitted physics.",
        widths={"A": 2, **across(44, 15, 15, 17, 15, 15, 17, 15, 15, 15, 15, 13)},
        items=[
            *_chosen(),
            *_result(),
            decoding_curve.CHART,
            *_words(),
            *decoding_curve.rows(_LAST),
        ],
        frozen_rows=4,
    )
