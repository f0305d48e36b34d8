"""Block of the sheet Founding case: the bridge from the sceptic to this case, and its chart."""

from xlmodel.workbook.template import waterfall
from xlmodel.workbook.template.parts import Gap, Item, across, headers, heading, remark

LAST = "K"

_BRIDGE = (
    ("Sceptic's margin", "sceptic_margin", "78 less 1,000 USD, as quoted."),
    (
        "Output tokens served",
        "(out_output_tokens_per_day-in_sceptic_tokens_per_day)/10^6*in_sceptic_price",
        "At the founding inputs only his rounding: 25.92, not 26 million tokens.",
    ),
    (
        "Input tokens billed",
        "out_input_tokens_per_day/10^6*in_sceptic_price",
        "At the sceptic's price.",
    ),
    (
        "Price of tokens",
        "out_revenue-out_tokens_per_day/10^6*in_sceptic_price",
        "All tokens, from his price to this case's.",
    ),
    (
        "Cost of the node",
        "in_sceptic_node_cost-out_cost",
        "From his 1,000 USD a day to this case's.",
    ),
)
_STEPS = len(_BRIDGE) + 1


def rows() -> list[Item]:
    """The steps, their chart, and the bars that it rests on."""
    titles = across("Step", "Change", "Unit", "What it is")
    return [
        heading("The bridge from the sceptic's margin to the margin of this case", LAST),
        headers(titles, LAST, "BDEFGHIJK"),
        *(waterfall.step("bridge", *entry) for entry in _BRIDGE),
        waterfall.total(
            "bridge",
            "Margin of this case",
            "Sum of the steps; a check compares it with the margin.",
        ),
        remark(
            "As published, batching adds nothing to the difference: the sceptic's 26 million "
            "tokens a day are about 300 output tokens/s, batching included (the article gives no "
            "derivation). What his sum left out is input.",
            name="bridge_note",
        ),
        Gap(),
        waterfall.chart(
            "bridge",
            "From the sceptic's margin to this case (light: gain, hatched: loss)",
            "Bridge in USD a day from the sceptic's margin over output tokens, input tokens, price "
            "and cost to the margin of this case. The figures stand in the table above.",
            _STEPS,
        ),
        *waterfall.bars("bridge", _STEPS),
    ]
