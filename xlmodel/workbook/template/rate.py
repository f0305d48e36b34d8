"""The inputs that say where the output rate comes from, and for which traffic it is computed."""

from xlmodel.units import Quantity
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number, row
from xlmodel.workbook.template.parts import Row, heading

FOUNDING_SHAPE = "Founding, 2,048 + 128"

_REQUESTS = Quantity("sequences", "requests in flight that count as reasonable", 1, 1e6)
_LIMIT = "no limit"


def rows() -> list[Row]:
    return [
        heading("Throughput: the output rate from model, GPU and traffic", LAST),
        row(
            "in_rate_from",
            "Where the output rate comes from",
            "typed",
            "text",
            "choice",
            accept.one_of(
                ("typed", "computed"),
                "typed: the rate above. computed: what sheet Throughput gives for the model, GPU, "
                "precision and traffic chosen here.",
            ),
            "Computed follows the cache hit rate, too. Set the ratio under 1 to that of the "
            "traffic: a check holds it.",
        ),
        row(
            "in_precision",
            "Precision of the weights",
            "FP8",
            "text",
            "name",
            accept.one_of(
                ("BF16", "FP8", "FP4", "MXFP4", "INT8", "INT4"),
                "Number format of the weights. The GPU must compute in it: A100 has no FP8, only "
                "Blackwell and CDNA4 have FP4.",
            ),
            "The KV cache has the format that is usual beside it: FP8 beside FP8 and FP4.",
        ),
        row(
            "in_traffic_shape",
            "Shape of a request",
            FOUNDING_SHAPE,
            "text",
            "name",
            accept.choice("TrafficShapes", "lengths of input and output of a request"),
            "Input + output tokens, from the table on sheet Benchmarks, which takes your own.",
        ),
        number(
            "in_shape_input",
            "Input tokens, if not those of the shape",
            None,
            "whole",
            "Fill in both to use lengths of your own.",
            kind=accept.argument("input_tokens", "NODE_TPS"),
            blank="those of the shape",
        ),
        number(
            "in_shape_output",
            "Output tokens, if not those of the shape",
            None,
            "whole",
            "Fill in both to use lengths of your own.",
            kind=accept.argument("output_tokens", "NODE_TPS"),
            blank="those of the shape",
        ),
        number(
            "in_batch",
            "Requests in flight, if not the most",
            None,
            "whole",
            "Fill in to see another operating point.",
            kind=accept.argument("batch", "NODE_TPS"),
            blank="the most that memory and the limits below allow",
        ),
        number(
            "in_max_tpot_ms",
            "Longest time per output token",
            100,
            "rate",
            "ASSUMPTION: 100 ms, 10 tokens/s for each user, quicker than one reads.",
            blank=_LIMIT,
        ),
        number(
            "in_max_ttft_ms",
            "Longest time to the first token",
            None,
            "whole",
            "Indicative: a wait for a place in the batch comes on top.",
            blank=_LIMIT,
        ),
        row(
            "in_throughput_basis",
            "What the computed rate rests on",
            "auto",
            "text",
            "choice",
            accept.one_of(
                ("auto", "physics", "grid"),
                "auto: your benchmarks where they cover the case, else the fitted physics. grid: "
                "the measured grid of the package, which needs an edition with Python.",
            ),
            "Benchmarks of your own stand on sheet Benchmarks.",
        ),
    ]


def published() -> list[Row]:
    """What the published argument leaves open, to compute it anew."""
    return [
        row(
            "in_published_model",
            "Reply: model",
            "Llama-3.1-405B",
            "text",
            "name",
            accept.text("Model of the published argument."),
            "Llama 405B.",
        ),
        row(
            "in_published_gpu",
            "Reply: GPU",
            "H100",
            "text",
            "name",
            accept.text("GPU of the published argument."),
            "H100.",
        ),
        row(
            "in_published_precision",
            "Reply: precision (our assumption)",
            "FP8",
            "text",
            "name",
            accept.text("Precision of the weights; the argument names none."),
            "ASSUMPTION: not named in the argument; in BF16 the model does not fit on 8 × H100.",
        ),
        number(
            "in_reasonable_requests",
            "Reasonable concurrency (our assumption)",
            32,
            "whole",
            "ASSUMPTION: the argument says “reasonable concurrency” and gives no number.",
            kind=_REQUESTS,
        ),
    ]
