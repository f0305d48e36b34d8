"""Block of the sheet Founding case: from the reply's margin on, through each of the six caveats.

The table holds the inputs of the node after each step; a step changes its own and leaves the
others. What a caveat is worth comes from its sheet (Traffic, GPU sourcing, Decoding, Caching).
Where the ratio of input or the hits change, the reply's 300 tokens/s are scaled by what NODE_TPS
computes there over what it computes for the reply's own traffic, each at the time per token that
the reply's traffic has with a reasonable number of requests: users wait as long after each step.
"""

from xlmodel.workbook.template import waterfall
from xlmodel.workbook.template.calls import FOUNDING_REPLICA, call
from xlmodel.workbook.template.parts import (
    Break,
    Cell,
    Gap,
    Item,
    Row,
    across,
    headers,
    heading,
    line,
    remark,
)

LAST = "N"

_COLUMNS = {
    "C": ("Utilization", "share", "1"),
    "D": ("Input per\noutput token", "ratio", "in_published_ratio"),
    "E": ("Input price\n(USD/Mtok)", "price", "in_published_price"),
    "F": ("Output price\n(USD/Mtok)", "price", "in_published_price"),
    "G": ("GPU price\n(USD/GPU-hour)", "price", "in_published_gpu_hour_price"),
    "H": ("Decode steps\n(gain)", "factor", "1"),
    "I": ("Cache hits\n(share)", "share", "0"),
    "J": ("Other cost\n(USD/day)", "money", "0"),
}
"""The inputs of the node: title, number form, and what the reply has."""

_STEPS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("Reply's margin", {}, "As published: always full, 300 tokens/s, one price."),
    ("1 Traffic", {"C": "out_fleet_utilization"}, "Utilization of the fleet on sheet Traffic."),
    (
        "2 Billing",
        {"D": "in_walk_ratio", "E": "in_walk_input_price", "F": "in_walk_output_price"},
        "The usual request and its prices (Inputs); the rate falls as input per output rises.",
    ),
    (
        "3 Buying GPUs",
        {"G": "sourced_paid_hour"},
        "Hour of the mix on sheet GPU sourcing; idle hours are counted in step 1.",
    ),
    (
        "4 Decoding",
        {"H": "out_decoding_gain"},
        "Gain of decode steps, sheet Decoding; input is processed no faster.",
    ),
    (
        "5 Prompt caching",
        {"I": "out_conversation_hit_rate"},
        "Hits and read multiplier of sheet Caching: input earns less, and the rate rises.",
    ),
    ("6 Other", {"J": "in_walk_other_cost"}, "Other cost of the node (Inputs)."),
)


def _at(function: str, ratio: str, hits: str, **more: str) -> str:
    """A call for the reply's model and GPUs at another ratio and hit rate."""
    return call(
        function,
        FOUNDING_REPLICA,
        input_tokens=f"{ratio}*in_request_output",
        output_tokens="in_request_output",
        cache_hit_rate=hits,
        **more,
    )


def _state(index: int, label: str, changed: dict[str, str]) -> Row:
    """The node after a step; a caveat whose sheet has no figure leaves its input as it was."""
    cells = {"B": Cell(label, role="label")}
    for column, (_, form, start) in _COLUMNS.items():
        name = changed.get(column)
        before = f"${column}{{above}}"
        formula = f"IF(ISNUMBER({name}),{name},{before})" if name else before
        cells[column] = Cell(f"={formula if index else start}", form)
    here = ("$D{row}", "$I{row}")
    batch = _at("NODE_BATCH", *here, max_tpot_ms="walk_tpot_ms")
    cells["K"] = Cell(f"={batch}", "rate", column="walk_batch")
    computed = _at("NODE_TPS", *here, batch="$K{row}")
    share = _at("PREFILL_SHARE", *here, batch="$K{row}")
    cells["L"] = Cell(f"={share}", "share", column="walk_input_share")
    gain = "NODE_DECODING_GAIN($H{row},$L{row})"
    cells["M"] = Cell(
        f"=reply_output_tps*{computed}/walk_reply_tps*{gain}", "rate", column="walk_rate"
    )
    margin = call(
        "NODE_MARGIN",
        {},
        output_tps="$M{row}",
        input_output_ratio="$D{row}",
        input_price="$E{row}",
        output_price="$F{row}",
        gpus="in_published_gpus",
        gpu_hour_price="$G{row}",
        utilization="$C{row}",
        cache_hit_rate="$I{row}",
        cached_input_price="CACHED_INPUT_PRICE($E{row},conv_read_multiplier)",
        other_cost_per_day="$J{row}",
    )
    cells["N"] = Cell(f"={margin}", "money3", column="walk_margin")
    return Row(cells)


def _change(index: int, label: str, note: str) -> Row:
    place = "ROWS($A${first}:$A{row})"
    after, before = f"INDEX(walk_margin,{place})", f"INDEX(walk_margin,{place}-1)"
    cell = f"walk_{index}" if index else ""
    return waterfall.step("walk", label, f"{after}-{before}" if index else after, note, cell)


def _words() -> Row:
    """The steps in words, apart, since a formula is not to be long."""
    names = [label[2:].lower().replace("gpus", "GPUs") for label, *_ in _STEPS[1:]]
    told = (f'{name} "&FIXED(walk_{i},0)' for i, name in enumerate(names, start=1))
    formula = '"' + '&", '.join(told)
    return Row({"B": Cell(f'=SUBSTITUTE({formula},"-","−")', "general", "label", "walk_words")})


def _unknown() -> Row:
    """Says so when a sheet has no figure for its step, which then counts as 0."""
    figures = "+".join(
        name
        for _, changed, _ in _STEPS
        for name in changed.values()
        if name.startswith(("out_", "sourced_"))
    )
    formula = (
        f'=IF(ISNUMBER({figures}),"Each step has a figure.",'
        '"A step whose sheet has no figure counts as 0.")'
    )
    return Row({"B": Cell(formula, "general", "label", "walk_unknown")})


def sentence() -> Row:
    """What the six caveats make of the reply's margin."""
    told = (
        '="The six caveats, one after the other, take the reply\'s margin of "&'
        'FIXED(reply_margin)&" USD a day to "&FIXED(walk_total)&": "&walk_words'
        '&". "&walk_unknown'
    )
    shown = f'=SUBSTITUTE(IFERROR({told[1:]},"The walk has no figure."),"-","−")'
    return Row({"B": Cell(shown, "general", "remark", "answer_founding")})


def rows() -> list[Item]:
    """The node after each step, the steps, their chart, and the bars that it rests on."""
    titles = {"B": "The node after", **{c: title for c, (title, *_) in _COLUMNS.items()}}
    titles |= {"K": "Requests\nin flight", "L": "Input's share\nof time"}
    titles |= {"M": "Output rate\n(tokens/s)", "N": "Margin\n(USD/day)"}
    count = len(_STEPS) + 1
    return [
        Break(),
        heading("On from the reply's margin, through the six caveats one after the other", LAST),
        line(
            "Time per token of the reply's traffic",
            f"={_at('TPOT', 'in_published_ratio', '0', batch='in_reasonable_requests')}",
            "rate",
            "ms",
            "Computed, at the reasonable concurrency of Inputs; kept through all steps.",
            name="walk_tpot_ms",
        ),
        line(
            "Computed rate of the reply's traffic",
            f"={_at('NODE_TPS', 'in_published_ratio', '0', max_tpot_ms='walk_tpot_ms')}",
            "rate",
            "tokens/s",
            "The rates below are the reply's 300 tokens/s, scaled by this one.",
            name="walk_reply_tps",
        ),
        headers(titles, LAST, "B"),
        *(_state(i, label, changed) for i, (label, changed, _) in enumerate(_STEPS)),
        Gap(),
        headers(across("Step", "Change", "Unit", "What it is"), LAST, "BDEFGHIJKLMN"),
        *(_change(i, label, note) for i, (label, _, note) in enumerate(_STEPS)),
        waterfall.total("walk", "After all six", "Sum of the steps."),
        _words(),
        _unknown(),
        remark(
            "Each step changes its own inputs and keeps those before; in another order the steps "
            "differ and the sum does not. The figures of the steps are the examples of the sheets.",
            name="walk_note",
        ),
        Gap(),
        waterfall.chart(
            "walk",
            "What do the six caveats do to the reply's margin? (light: gain, hatched: loss)",
            "Bridge in USD a day from the reply's margin over traffic, billing, buying of GPUs, "
            "decoding, prompt caching and other cost to the margin after all six. The figures "
            "stand in the table above.",
            count,
        ),
        *waterfall.bars("walk", count),
    ]
