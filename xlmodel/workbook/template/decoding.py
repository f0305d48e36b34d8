"""The sheet Decoding: what speculative decoding gains, and from how many requests on it loses."""

from xlmodel.workbook.template.calls import LIVE, REPLICA, call
from xlmodel.workbook.template.parts import (
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
)

_LAST = "L"
_STEPS = 16
_HERE = {
    **REPLICA,
    "batch": "decoding_batch",
    "context_tokens": "decoding_context",
    "draft_model": "in_draft_model",
    "draft_tokens": "in_draft_tokens",
    "accepted_length": "decoding_length",
    "draft_cost": "decoding_draft_cost",
    "verify_cost": "decoding_verify_cost",
    "decoding_gain": "out_decoding_gain",
    "prefill_share": "decoding_input_share",
    "basis": '"physics"',
    "table": "",
    "max_tpot_ms": "",
    "max_ttft_ms": "",
}
"""By the physics: nobody benchmarks a replica with and without for the workbook."""


def _at(**cells: str) -> dict[str, str]:
    """The same for a row of the table along the batch."""
    columns = {
        "batch": "B",
        "verify_cost": "C",
        "draft_cost": "D",
        "decoding_gain": "E",
        "prefill_share": "F",
    }
    return {**_HERE, **{name: f"${column}{{row}}" for name, column in columns.items()}, **cells}


def _chosen() -> list[Item]:
    first = "MEASURED_ACCEPTED_LENGTH(in_draft_method,1)-1"
    return [
        Row({"B": Cell("=answer_words_gain&answer_words_effect", "general", "output",
                       "answer_decoding")}),
        Gap(),
        heading("What is drafted and accepted", _LAST),
        line("A draft model is in memory", '=TRIM(in_draft_model)<>""', "general", "",
             "Chosen on Inputs, as are the method and the drafted tokens.",
             name="has_draft", role="calculation_text"),
        line("Tokens a step yields",
             known(f"IF(COUNT(in_accepted_length)>0,in_accepted_length,"
                   f"{call('MEASURED_ACCEPTED_LENGTH', {'method': 'in_draft_method', **_HERE})})"),
             "rate", "tokens/step", "As measured with the method chosen, or typed.",
             name="decoding_length"),
        line("Tokens a step would yield by a constant acceptance",
             known(f"ACCEPTED_LENGTH({first},in_draft_tokens)"), "rate", "tokens/step",
             "The first token's acceptance for all of the draft: it overstates long drafts.",
             name="constant_length"),
        line("Mean context of a request", "=AVERAGE(shape_input,shape_input+shape_output)",
             "whole", "tokens", name="decoding_context"),
        line("Most requests at once",
             known(f"IF(has_draft,{call('SPECULATIVE_BATCH', _HERE, batch='')},most_requests)"),
             "whole", "sequences", "Weights and cache of the draft model take memory.",
             name="decoding_most"),
        Gap(),
    ]  # fmt: skip


def _result() -> list[Item]:
    return [
        heading("At the operating point", _LAST),
        line("Requests in flight", known("MIN(out_replica_batch,decoding_most)"), "whole",
             "sequences", "Those of sheet Throughput, as far as they fit.", name="decoding_batch"),
        line("Cost of verifying a draft", known(call("VERIFY_COST", _HERE)), "rate", "steps",
             "1 while reading the weights decides, more as the batch grows.",
             name="decoding_verify_cost"),
        line("Cost of one draft token",
             known(f"IF(has_draft,{call('DRAFT_COST', _HERE)},N(in_draft_cost))"), "rate",
             "steps", name="decoding_draft_cost"),
        line("Gain of decode steps", known(call("SPECULATIVE_GAIN", _HERE)), "rate", "factor",
             "Type it on Inputs, 4, to let the day on sheet Margin follow.",
             name="out_decoding_gain", role="output"),
        line("Share of the node's time that goes into input",
             known(call("PREFILL_SHARE", _HERE)), "share", "share",
             "Not quicker by it.", name="decoding_input_share"),
        line("Output rate without",
             known(call("NODE_TPS", _HERE, batch="out_replica_batch")), "rate", "tokens/s",
             "By the fitted physics.", name="rate_without_drafts"),
        line("Output rate with speculation", _with("decoding_batch", "rate_without_drafts",
                                                    _HERE),
             "rate", "tokens/s", "With a draft model its own work on input is counted.",
             name="rate_with_drafts"),
        line("Gain of the node", known("rate_with_drafts/rate_without_drafts"), "rate", "factor",
             "Below 1: a loss.", name="out_node_decoding_gain", role="output"),
        line("Cost per million tokens without", known(_cost("rate_without_drafts")), "price",
             "USD/Mtok", "Input and output alike, all hours full.", name="cost_without_drafts"),
        line("Cost per million tokens with speculation", known(_cost("rate_with_drafts")),
             "price", "USD/Mtok", name="cost_with_drafts"),
        line("Effect on the margin of a day",
             known(f"{call('NODE_MARGIN', LIVE, output_tps='rate_if_speculating')}-"
                   f"{call('NODE_MARGIN', LIVE, output_tps='plain_output_tps')}"),
             "change", "USD/day", "Against the day without any decoding gain.",
             name="out_decoding_effect", role="output"),
        Gap(),
    ]  # fmt: skip


def _with(batch: str, plain: str, names: dict[str, str]) -> str:
    drafting = call("SPECULATIVE_TPS", {**names, "batch": batch})
    return known(f"IF(has_draft,{drafting},{plain}*{call('NODE_DECODING_GAIN', names)})")


def _cost(rate: str) -> str:
    return f"COST_PER_MTOK(out_cost,TOKENS_PER_DAY({rate},shape_ratio))"


def _words() -> list[Item]:
    """The sentence in two parts, for a formula has its length."""
    return [
        heading("In words", _LAST),
        line("Output rate of the day with that gain",
             known("plain_output_tps*out_node_decoding_gain"), "rate", "tokens/s",
             name="rate_if_speculating"),
        line("Most requests in the table at which the node gains", "=MAX(gains_up_to)", "whole",
             "sequences", "0: nowhere.", name="decoding_breakeven"),
        line("Answer, first part",
             '=IFERROR("At "&FIXED(decoding_batch,0)&" requests in flight speculation makes decode '
             'steps "&FIXED(out_decoding_gain,2)&" × and the node "'
             '&FIXED(out_node_decoding_gain,2)&" × as quick: ","")',
             "general", "", name="answer_words_gain", role="note"),
        line("Answer, second part",
             '=IFERROR(FIXED(ABS(out_decoding_effect),2)&" USD of margin a day "'
             '&IF(out_decoding_effect<0,"lost","gained")&". It gains up to about "'
             '&FIXED(decoding_breakeven,0)&" requests.",'
             '"What speculative decoding gains is not known for this choice.")',
             "general", "", name="answer_words_effect", role="note"),
        line("Title of the chart",
             '=IF(decoding_breakeven>0,"Speculation gains up to about "'
             '&FIXED(decoding_breakeven,0)&" requests in flight",'
             '"Speculation gains at no number of requests")',
             "general", "", name="decoding_title", role="label"),
        Gap(),
    ]  # fmt: skip


def _curve_row() -> Row:
    share = "(ROWS($A${first}:$A{row})-1)/(ROWS($A${first}:$A${last})-1)"
    at = _at()
    draft = f"IF(has_draft,{call('DRAFT_COST', at)},N(in_draft_cost))"
    return Row(
        {
            "B": Cell(f"=MAX(1,N(decoding_most))^({share})", "ratio", column="decoding_requests"),
            "C": Cell(known(call("VERIFY_COST", at)), "rate", column="verify_costs"),
            "D": Cell(known(draft), "rate", column="draft_costs"),
            "E": Cell(known(call("SPECULATIVE_GAIN", at)), "rate", column="step_gains"),
            "F": Cell(known(call("PREFILL_SHARE", at)), "share", column="input_shares"),
            "G": Cell(known(call("NODE_TPS", at)), "rate", column="rates_without"),
            "H": Cell(_with("$B{row}", "$G{row}", at), "rate", column="rates_with"),
            "I": Cell(known("$H{row}/$G{row}"), "rate", column="node_gains"),
            "J": Cell(known(_cost("$G{row}")), "price", column="costs_without"),
            "K": Cell(known(_cost("$H{row}")), "price", column="costs_with"),
            "L": Cell("=IF(N($I{row})>=1,$B{row},0)", "ratio", column="gains_up_to"),
        }
    )


def _even_row(label: str, batch: str) -> Row:
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(f"={batch}", "whole", column="even_requests"),
            "D": Cell("=1", "rate", column="even_gain"),
        }
    )


def _curve() -> list[Item]:
    titles = across(
        "Requests in flight,\nin the mean",
        "Verifying\n(steps)",
        "A draft token\n(steps)",
        "Gain of decode\nsteps (factor)",
        "Time for input\n(share)",
        "Rate without\n(tokens/s)",
        "Rate with\n(tokens/s)",
        "Gain of the\nnode (factor)",
        "Cost without\n(USD/Mtok)",
        "Cost with\n(USD/Mtok)",
        "Gains at\n(requests)",
    )
    even = across("Line in the chart", "Requests", "Gain\n(factor)")
    return [
        heading("Along the batch, without latency limits", _LAST),
        headers(titles, texts="", last=_LAST),
        *(_curve_row() for _ in range(_STEPS + 1)),
        Gap(),
        headers(even, texts="B"),
        _even_row("Neither gain nor loss, from", "MIN(decoding_requests)"),
        _even_row("Neither gain nor loss, to", "MAX(decoding_requests)"),
    ]


_CHART = Charts(
    [
        Chart(
            kind="scatter",
            column="B",
            title="decoding_title",
            x_title="Requests in flight",
            y_title="Gain (factor; below 1 a loss)",
            series=[
                Series("Gain of the node", "decoding_requests", "node_gains", "line"),
                Series("Gain of decode steps", "decoding_requests", "step_gains", "second"),
                Series("Neither gain nor loss", "even_requests", "even_gain", "marker"),
                Series("Operating point", "decoding_batch", "out_node_decoding_gain", "here"),
            ],
            alt_text="Lines of the gain by speculative decoding over the requests in flight, of "
            "the node and of its decode steps, with a line at 1 and the operating point. The "
            "figures stand in the table “Along the batch” on this sheet.",
            y_form="factor",
            size=(900, 300),
        )
    ],
    rows=15,
)


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="Decoding",
        title="Decoding: does speculation pay?",
        about="A draft is verified in one step. That gains while few requests are in flight, and "
        "costs where computing decides. Estimates, by the fitted physics.",
        widths={"A": 2, **across(44, 15, 15, 17, 15, 15, 15, 15, 15, 15, 13)},
        items=[*_chosen(), *_result(), _CHART, *_words(), *_curve()],
        frozen_rows=4,
    )
