"""The sheet Founding case: the sceptic and the reply line by line, the bridge between them, and
the six things that the simple sum leaves out, each with its place in this workbook."""

from xlmodel.workbook.template import bridge, walk
from xlmodel.workbook.template.calls import LIVE, PUBLISHED, call
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
    remark,
)

_LAST = bridge.LAST
_ABSENT = "–"

_LINES: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    # line, form, sceptic, reply, this case, unit, note
    (
        "Output rate of one request",
        "rate",
        "",
        "in_request_tps",
        "",
        "tokens/s",
        "Llama 405B, one request alone.",
    ),
    (
        "Gain from batching",
        "factor",
        "",
        "in_batching_gain",
        "",
        "factor",
        "Many requests at once.",
    ),
    (
        "Output rate of the node",
        "rate",
        "in_sceptic_tokens_per_day/86400",
        "in_request_tps*in_batching_gain",
        "out_output_tps",
        "tokens/s",
        "Sceptic: what 26 million tokens a day come to per second.",
    ),
    (
        "Input tokens per output token",
        "ratio",
        "0",
        "in_published_ratio",
        "in_input_output_ratio",
        "ratio",
        "The sceptic's sum bills no input.",
    ),
    (
        "  of a usual chatbot request",
        "ratio",
        "",
        "in_request_input/in_request_output",
        "",
        "ratio",
        "2,048 input, 128 output tokens: 16 : 1. The reply takes 10 : 1, which bills less input.",
    ),
    (
        "Input rate",
        "rate",
        "0",
        "reply_output_tps*in_published_ratio",
        "out_output_tps*in_input_output_ratio",
        "tokens/s",
        "Processed beside the output.",
    ),
    (
        "Tokens billed a day",
        "whole",
        "in_sceptic_tokens_per_day",
        call("TOKENS_PER_DAY", PUBLISHED),
        "out_tokens_per_day",
        "tokens/day",
        "Reply: (300 + 3,000) tokens/s × 86,400 s.",
    ),
    (
        "Price of tokens",
        "price",
        "in_sceptic_price",
        "in_published_price",
        "out_blended_price",
        "USD/Mtok",
        "Reply: Lepton AI. This case: blended over input and output.",
    ),
    (
        "Revenue a day",
        "money3",
        "in_sceptic_tokens_per_day/10^6*in_sceptic_price",
        call("NODE_REVENUE", PUBLISHED),
        "out_revenue",
        "USD/day",
        "Reply: quoted as 798.34.",
    ),
    (
        "GPUs in the node",
        "count",
        "in_published_gpus",
        "in_published_gpus",
        "in_gpus",
        "GPUs",
        "Sceptic and reply: 8 × H100.",
    ),
    (
        "Price of a GPU-hour",
        "price",
        "in_sceptic_node_cost/24/in_published_gpus",
        "in_published_gpu_hour_price",
        "out_gpu_hour_price",
        "USD/GPU-hour",
        "Sceptic: what 1,000 USD a day come to. Reply: Lambda, on demand.",
    ),
    (
        "Cost a day",
        "money3",
        "in_sceptic_node_cost",
        call("NODE_COST", PUBLISHED),
        "out_cost",
        "USD/day",
        "All day, busy or idle.",
    ),
    (
        "Margin a day",
        "money3",
        "in_sceptic_tokens_per_day/10^6*in_sceptic_price-in_sceptic_node_cost",
        call("NODE_MARGIN", PUBLISHED),
        "out_margin",
        "USD/day",
        "Revenue less cost.",
    ),
    (
        "Margin rate",
        "share",
        "sceptic_margin/(in_sceptic_node_cost+sceptic_margin)",
        call("NODE_MARGIN_RATE", PUBLISHED),
        "out_margin_rate",
        "share of revenue",
        "",
    ),
)

_NAMED = {
    ("Output rate of the node", "D"): "reply_output_tps",
    ("Tokens billed a day", "D"): "reply_tokens_per_day",
    ("Revenue a day", "D"): "reply_revenue",
    ("Cost a day", "D"): "reply_cost",
    ("Margin a day", "D"): "reply_margin",
    ("Margin a day", "C"): "sceptic_margin",
}


def _line(label: str, form: str, sceptic: str, reply: str, here: str, unit: str, note: str) -> Row:
    role = "output" if label == "Margin a day" else "calculation"
    cells = {"B": Cell(label, role="label")}
    for column, formula in (("C", sceptic), ("D", reply), ("E", here)):
        name = _NAMED.get((label, column), "")
        cells[column] = (
            Cell(f"={formula}", form, role, name)
            if formula
            else Cell(_ABSENT, "general", "calculation_text")
        )
    cells |= {"F": Cell(unit, role="unit"), "G": Cell(note, role="note")}
    return Row(cells)


def _sides() -> list[Item]:
    titles = across("Line of the argument", "Sceptic", "Reply", "This case")
    titles |= {"F": "Unit", "G": "Note"}
    return [
        heading("The two sides", _LAST),
        headers(titles, _LAST, "BFGHIJK"),
        *(_line(*entry) for entry in _LINES),
        Gap(),
    ]


_CAVEATS = (
    (
        "1  How steady the traffic is",
        "in_utilization",
        "share",
        "share",
        {"utilization": "1"},
        "Utilization. Effect: against a node that is always full.",
    ),
    (
        "2  Billing: price of input",
        "out_input_price",
        "price",
        "USD/Mtok",
        {"input_price": "out_output_price"},
        "Input price. Effect: against input sold at the output price.",
    ),
    (
        "    Billing: price of output",
        "out_output_price",
        "price",
        "USD/Mtok",
        None,
        "Output price. Input is processed much faster than output: each has its own price.",
    ),
    (
        "3  Buying GPUs: useful GPU-hour",
        "out_gpu_hour_price",
        "price",
        "USD/GPU-hour",
        {"gpu_hour_price": "use_main_price"},
        "Shares, prices and lost hours of reserved and spot. Effect: against the main term alone.",
    ),
    (
        "4  Decoding",
        "in_decoding_gain",
        "factor",
        "factor",
        {"output_tps": "plain_output_tps"},
        "Gain of decode steps by decoding methods. Effect: against none; see sheet Decoding.",
    ),
    (
        "5  Prompt caching",
        "in_cache_hit_rate",
        "share",
        "share",
        {"cache_hit_rate": "0"},
        "Share of input read from cache. Effect: on price alone; see Throughput for the rate.",
    ),
    (
        "6  Other",
        "in_other_cost_per_day",
        "money",
        "USD/day",
        {"other_cost_per_day": "0"},
        "Other cost of the node. Effect: against none.",
    ),
)


def _caveat(
    label: str, name: str, form: str, unit: str, neutral: dict[str, str] | None, where: str
) -> Row:
    cells = {
        "B": Cell(label, role="label"),
        "C": Cell(f"={name}", form),
        "D": Cell(unit, role="unit"),
        "F": Cell("USD/day" if neutral else "", role="unit"),
        "G": Cell(where, role="note"),
    }
    if neutral:
        cells["E"] = Cell(f"=out_margin-{call('NODE_MARGIN', LIVE, **neutral)}", "change")
    return Row(cells)


def _caveats() -> list[Item]:
    titles = across(
        "What the simple sum leaves out",
        "Present value",
        "Unit",
        "Effect on margin",
        "Unit",
        "Input on sheet Inputs; what the effect is measured against",
    )
    return [
        heading("The six caveats, and where each stands on sheet Inputs", _LAST),
        headers(titles, _LAST, "BDFGHIJK"),
        *(_caveat(*entry) for entry in _CAVEATS),
        remark("Each effect is taken alone, all else as it is now; together they interact."),
        Gap(),
    ]


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="Founding case",
        title="Founding case: can serving Llama 405B make money?",
        about="A public argument of July 2024. The column “This case” follows the inputs; as "
        "delivered they are those of the reply.",
        widths={"A": 2, **across(36, 17, 17, 17, 18, 17, 17, 14, 14, 14, 14, 14, 14)},
        items=[
            walk.sentence(),
            Gap(),
            *_sides(),
            *_caveats(),
            Break(),
            *bridge.rows(),
            *walk.rows(),
        ],
        frozen_rows=4,
    )
