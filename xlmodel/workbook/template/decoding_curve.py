"""Gains by speculation along the batch, for the sheet Decoding: a table and its chart."""

from xlmodel.workbook.template.calls import REPLICA, call
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
)

_STEPS = 16
HERE = {
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
    return {**HERE, **{name: f"${column}{{row}}" for name, column in columns.items()}, **cells}


def rate_with(drafting: str, plain: str, names: dict[str, str]) -> str:
    return known(f"IF(has_draft,{drafting},{plain}*{call('NODE_DECODING_GAIN', names)})")


def cost(rate: str) -> str:
    return f"COST_PER_MTOK(out_cost,TOKENS_PER_DAY({rate},shape_ratio))"


def _curve_row() -> Row:
    share = "(ROWS($A${first}:$A{row})-1)/(ROWS($A${first}:$A${last})-1)"
    at = _at()
    draft = f"IF(has_draft,{call('DRAFT_COST', at)},N(in_draft_cost))"
    crossing = (
        "IFERROR(IF(N($J{above})>=1,$B{above}"
        "+($B{row}-$B{above})*($J{above}-1)/($J{above}-$J{row}),0),0)"
    )
    return Row(
        {
            "B": Cell(f"=MAX(1,N(decoding_most))^({share})", "ratio", column="decoding_requests"),
            "C": Cell(known(call("VERIFY_COST", at)), "rate", column="verify_costs"),
            "D": Cell(known(draft), "rate", column="draft_costs"),
            "E": Cell(known(call("SPECULATIVE_GAIN", at)), "rate", column="step_gains"),
            "F": Cell(known(call("PREFILL_SHARE", at)), "share", column="input_shares"),
            "G": Cell(known(call("NODE_TPS", at)), "rate", column="rates_without"),
            "H": Cell(known(call("SPECULATIVE_TPS", at), '"–"'), "rate", column="rates_with_model"),
            "I": Cell(rate_with("$H{row}", "$G{row}", at), "rate", column="rates_with"),
            "J": Cell(known("$I{row}/$G{row}"), "rate", column="node_gains"),
            "K": Cell(known(cost("$G{row}")), "price", column="costs_without"),
            "L": Cell(known(cost("$I{row}")), "price", column="costs_with"),
            "M": Cell(f"=IF(N($J{{row}})>=1,$B{{row}},{crossing})", "ratio", column="gains_up_to"),
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


def rows(last: str) -> list[Item]:
    """The table along the batch, and the ends of the line in the chart."""
    titles = across(
        "Requests in flight,\nin the mean",
        "Verifying\n(steps)",
        "A draft token\n(steps)",
        "Gain of decode\nsteps (factor)",
        "Time for input\n(share)",
        "Rate without\n(tokens/s)",
        "With a draft\nmodel (tokens/s)",
        "Rate with\n(tokens/s)",
        "Gain of the\nnode (factor)",
        "Cost without\n(USD/Mtok)",
        "Cost with\n(USD/Mtok)",
        "Gains up to\n(requests)",
    )
    even = across("Line in the chart", "Requests", "Gain\n(factor)")
    return [
        heading("Along the batch, without latency limits", last),
        headers(titles, texts="", last=last),
        *(_curve_row() for _ in range(_STEPS + 1)),
        Gap(),
        headers(even, texts="B"),
        _even_row("Neither gain nor loss, from", "MIN(decoding_requests)"),
        _even_row("Neither gain nor loss, to", "MAX(decoding_requests)"),
    ]


CHART = Charts(
    [
        Chart(
            kind="scatter",
            column="B",
            title="decoding_title",
            x_title="Requests in flight",
            y_title="Gain (factor; below 1 a loss)",
            series=[
                Series("Gain of the node", "decoding_requests", "node_gains", "line"),
                Series("Gain of decode steps", "decoding_requests", "step_gains", "third_line"),
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
