"""The sheet Throughput: what the chosen GPUs make of the chosen model and traffic.

Memory, batch, rate, latencies and cost per million tokens at the operating point; the same along
the batch, as the curve that operators argue about; and the published 30 tokens/s and × 10 beside
what comes out for them. Where the choice can't be (too little memory, no such precision), the
figures say so in words, since the day on sheet Margin may rest on a typed rate.
"""

from xlmodel.workbook.template import quoted
from xlmodel.workbook.template.calls import REPLICA, call
from xlmodel.workbook.template.parts import (
    UNKNOWN,
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

_LAST = "I"
_STEPS = 16
_CURVE = {**REPLICA, "basis": "curve_basis", "table": "", "max_tpot_ms": "", "max_ttft_ms": ""}
"""The curves rest on one source all along, and know no limits."""
_SIZE = (600, 325)
_BASIS = (
    '=IF(in_throughput_basis="grid","grid",IFERROR(IF('
    'ABS(physics_tps/out_replica_tps-1)<in_tolerance,"physics","benchmark"),without_physics))'
)
"""A benchmark answers where the rate is not that of the physics; it may be all that is known."""


def _choice() -> list[Item]:
    def shown(label: str, formula: str, note: str = "") -> Row:
        return line(label, formula, "general", "", note, role="calculation_text")

    shape = (
        "=IF(N(in_shape_{0})>0,in_shape_{0},"
        "INDEX(TrafficShapes[{0}_tokens],MATCH(in_traffic_shape,TrafficShapes[shape],0)))"
    )
    return [
        heading("Chosen on Inputs", _LAST),
        shown("Model served", "=in_model", "Precision of its weights: see Inputs."),
        shown("GPUs that serve it", '=in_gpus&" × "&in_gpu'),
        line(
            "Input tokens of a request",
            shape.format("input"),
            "whole",
            "tokens",
            "Typed on Inputs, or of the shape chosen there.",
            name="shape_input",
        ),
        line(
            "Output tokens of a request",
            shape.format("output"),
            "whole",
            "tokens",
            name="shape_output",
        ),
        line(
            "Input tokens per output token",
            "=shape_input/shape_output",
            "ratio",
            "ratio",
            name="shape_ratio",
        ),
        Gap(),
    ]


def _memory() -> list[Item]:
    return [
        heading("What fits into memory", _LAST),
        line(
            "KV cache of a token, BF16",
            known("KV_BYTES_PER_TOKEN(in_model)"),
            "whole",
            "bytes/token",
        ),
        line(
            "Fewest GPUs for one such request",
            known(call("MIN_GPUS", REPLICA, batch="1")),
            "count",
            "GPUs",
            "A power of two.",
        ),
        line(
            "Most requests at once",
            known(call("NODE_BATCH", _CURVE)),
            "whole",
            "sequences",
            "At input + output tokens each; engines schedule 2,048 at most.",
            name="most_requests",
        ),
        Gap(),
    ]


def _figure(
    label: str, formula: str, form: str, unit: str, note: str = "", name: str = "", role: str = ""
) -> Row:
    """An estimate with its note right of the columns for its ends."""
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(formula, form, role or "calculation", name),
            "D": Cell(unit, role="unit"),
            "G": Cell(note, role="note"),
        }
    )


def _with_ends(row: Row, low: str, high: str, form: str) -> Row:
    ends = {"E": Cell(low, form, "calculation_text"), "F": Cell(high, form, "calculation_text")}
    return Row({**row.cells, **ends})


def _point() -> list[Item]:
    titles = across("Figure", "Estimate", "Unit", "Low", "High", "Note")
    return [
        heading("At the operating point", _LAST),
        headers(titles, texts="BDG", last=_LAST),
        _figure(
            "Requests in flight",
            f"=IF(N(in_batch)>0,in_batch,IFERROR({call('NODE_BATCH', REPLICA)},{UNKNOWN}))",
            "whole",
            "sequences",
            "The most that memory and the latency limits allow, unless typed.",
            "out_replica_batch",
        ),
        _figure(
            "Output rate by the fitted physics",
            known(call("NODE_TPS", REPLICA, basis='"physics"', table="")),
            "rate",
            "tokens/s",
            "Beside the one below, where that rests on the grid or on a benchmark.",
            "physics_tps",
        ),
        _figure(
            "What the rate rests on",
            _BASIS,
            "general",
            "source",
            "physics: fitted; grid: measured operators; benchmark: a row of sheet Benchmarks.",
            "out_replica_basis",
            "calculation_text",
        ),
        _figure(
            "9 in 10 such estimates were off by less than",
            f'=IF(out_replica_basis="physics",IFERROR({call("THROUGHPUT_ERROR", REPLICA)},'
            f'{UNKNOWN}),"measured")',
            "share",
            "share",
            "On published runs left out of the fit; “not known”: experts, or nothing published.",
            "rate_error",
        ),
        _with_ends(
            _figure(
                "Output rate",
                known(call("NODE_TPS", REPLICA)),
                "rate",
                "tokens/s",
                "All requests together, with the input of new ones processed beside.",
                "out_replica_tps",
                "output",
            ),
            known("out_replica_tps/(1+rate_error)"),
            known("out_replica_tps/(1-rate_error)"),
            "rate",
        ),
        _with_ends(
            _figure(
                "Time per output token (TPOT)",
                known(call("TPOT", REPLICA, batch="out_replica_batch")),
                "rate",
                "ms",
                "At these requests in flight it is off by as much as the rate.",
                "out_tpot_ms",
                "output",
            ),
            known("out_tpot_ms*(1-rate_error)"),
            known("out_tpot_ms*(1+rate_error)"),
            "rate",
        ),
        _with_ends(
            _figure(
                "Time to the first token (TTFT)",
                known(call("TTFT", REPLICA, batch="out_replica_batch")),
                "whole",
                "ms",
                "9 in 10 published runs within 17 %; the measured grid has about twice as much.",
                "out_ttft_ms",
                "output",
            ),
            "indicative",
            "indicative",
            "general",
        ),
        _with_ends(
            _figure(
                "Speed for each user",
                known("1000/out_tpot_ms"),
                "rate",
                "tokens/s",
                name="replica_speed",
            ),
            known("1000/out_tpot_ms/(1+rate_error)"),
            known("1000/out_tpot_ms/(1-rate_error)"),
            "rate",
        ),
        _with_ends(
            _figure(
                "Cost per million tokens at this rate",
                known(_cost_per_mtok("out_replica_tps")),
                "price",
                "USD/Mtok",
                "Input and output alike, all hours full.",
                "out_replica_cost_per_mtok",
                "output",
            ),
            known("out_replica_cost_per_mtok*(1-rate_error)"),
            known("out_replica_cost_per_mtok*(1+rate_error)"),
            "price",
        ),
        _figure(
            "Output rate that the day on sheet Margin takes",
            '=IF(in_rate_from="computed",out_replica_tps,in_output_tps)',
            "rate",
            "tokens/s",
            "The one above, or the one typed, as Inputs say where the rate comes from.",
            "plain_output_tps",
        ),
        Gap(),
    ]


def _cost_per_mtok(rate: str) -> str:
    return f"COST_PER_MTOK(out_cost,TOKENS_PER_DAY({rate},shape_ratio))"


def _curve_row() -> Row:
    """Batches from 1 to the most, each the same factor above the last."""
    share = "(ROWS($A${first}:$A{row})-1)/(ROWS($A${first}:$A${last})-1)"
    batch = "$B{row}"
    return Row(
        {
            "B": Cell(f"=MAX(1,N(most_requests))^({share})", "ratio", column="curve_batch"),
            "C": Cell(known(call("NODE_TPS", _CURVE, batch=batch)), "rate", column="curve_tps"),
            "D": Cell(known(call("TPOT", _CURVE, batch=batch)), "rate", column="curve_tpot"),
            "E": Cell(known("1000/$D{row}"), "rate", column="curve_speed"),
            "F": Cell(known(call("TTFT", _CURVE, batch=batch)), "whole", column="curve_ttft"),
            "G": Cell(known(_cost_per_mtok("$C{row}")), "price", column="curve_cost_per_mtok"),
        }
    )


def _curve() -> list[Item]:
    titles = across(
        "Requests in flight,\nin the mean",
        "Output rate\n(tokens/s)",
        "TPOT\n(ms)",
        "Speed for each\nuser (tokens/s)",
        "TTFT\n(ms)",
        "Cost\n(USD/Mtok)",
    )
    return [
        heading("Along the batch, without latency limits", _LAST),
        line(
            "What the curves rest on",
            '=IF(in_throughput_basis="grid","grid","physics")',
            "general",
            "source",
            "One source all along; a benchmark of yours is the operating point alone.",
            name="curve_basis",
            role="calculation_text",
        ),
        line(
            "What a rate rests on that the physics does not know",
            '=IF(ISNUMBER(out_replica_tps),"benchmark","not known")',
            "general",
            "source",
            "Used above where the model or GPU is in no table.",
            name="without_physics",
            role="calculation_text",
        ),
        headers(titles, texts="", last=_LAST),
        *(_curve_row() for _ in range(_STEPS + 1)),
        Gap(),
    ]


_CHARTS = Charts(
    [
        Chart(
            kind="scatter",
            column="B",
            title="More requests at once: more tokens, up to a limit",
            x_title="Requests in flight",
            y_title="Output tokens/s of the node",
            series=[
                Series("Output rate", "curve_batch", "curve_tps", "line"),
                Series("Operating point", "out_replica_batch", "out_replica_tps", "here"),
            ],
            alt_text="Line of the output rate of the node over the requests in flight, with the "
            "operating point marked. The figures stand in the table “Along the batch” on this "
            "sheet.",
            size=_SIZE,
        ),
        Chart(
            kind="scatter",
            column="F",
            title="Cheap or quick: cost against speed for each user",
            x_title="Output tokens/s for each user",
            y_title="USD/Mtok",
            series=[
                Series("Cost per Mtok", "curve_speed", "curve_cost_per_mtok", "line"),
                Series("Operating point", "replica_speed", "out_replica_cost_per_mtok", "here"),
            ],
            alt_text="Line of the cost of a million tokens over the output tokens a second that "
            "each user gets, with the operating point marked. The figures stand in the table "
            "“Along the batch” on this sheet.",
            y_form="money",
            size=_SIZE,
        ),
    ],
    rows=16,
)


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="Throughput",
        title="Throughput of a node",
        about="From model, GPU, precision and traffic to tokens per second, latency and cost. "
        "Estimates, with their error; “not known” where the choice can't be.",
        widths={"A": 2, **across(43, 17, 17, 27, 17, 17, 13, 52)},
        items=[*_choice(), *_memory(), *_point(), _CHARTS, *quoted.rows(_LAST), *_curve()],
        frozen_rows=4,
    )
