"""Inputs of speculative decoding: what is drafted, by what, and how much of it is accepted."""

from xlmodel.units import Quantity
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number, row
from xlmodel.workbook.template.parts import Row, heading

METHODS = (
    *("DSV4-MTP", "DSV4-MTP-off", "GLM-MTP", "Kimi-EAGLE", "Kimi-EAGLE-off", "MiniMax-EAGLE"),
    *("Qwen-MTP", "Qwen-MTP-off"),
)
"""Short names of the measured methods: Excel takes 255 characters of a list."""

_GAIN = Quantity(
    "factor",
    "rate of decode steps with the decoding method over that without it, measured on this traffic "
    "at this batch size",
    0,
    100,
    open_low=True,
)


def gain() -> list[Row]:
    """What the day on sheet Margin takes."""
    return [
        number(
            "in_decoding_gain",
            "Gain of decode steps from decoding methods",
            1,
            "factor",
            "Such as from speculative decoding: measured, not promised. Sheet Decoding estimates "
            "it; the time that goes into input stays.",
            kind=_GAIN,
        ),
        number(
            "in_prefill_share",
            "Share of the node's time that goes into input",
            None,
            "share",
            "It does not become quicker. Without effect at a gain of 1.",
            blank="as the physics gives it; 0 where model or GPU is in no table",
        ),
    ]


def rows() -> list[Row]:
    return [
        heading("Decoding: what speculative decoding would gain (sheet Decoding)", LAST),
        row(
            "in_draft_method",
            "Draft method whose accepted lengths are taken",
            "DSV4-MTP",
            "text",
            "name",
            accept.one_of(
                METHODS,
                "A method whose accepted lengths were measured on coding requests (InferenceX, "
                "2026); “off” is without thinking.",
            ),
            "ASSUMPTION: a model that was measured stands for yours. Lengths of another pair, or "
            "of other work, differ: type your own below.",
        ),
        number(
            "in_draft_tokens",
            "Tokens drafted in a step",
            4,
            "count",
            "ASSUMPTION. Longer drafts are accepted less and less.",
        ),
        number(
            "in_accepted_length",
            "Tokens a step yields, if not as measured there",
            None,
            "rate",
            "From 1 to one more than is drafted.",
            blank="as measured with the method above",
        ),
        row(
            "in_draft_model",
            "Draft model",
            "Llama-3.1-8B",
            "text",
            "name",
            accept.text(
                "Model that drafts, on the same GPUs; blank: no model, the cost below."
            )._replace(rule={"validate": "length", "criteria": "<=", "value": 60}),
            "ASSUMPTION. Its weights and cache take memory. Blank for a head or for n-grams.",
        ),
        number(
            "in_draft_cost",
            "Time of one draft token, where no model drafts",
            None,
            "rate",
            "DRAFT_HEAD_COST estimates it for a head such as MTP or EAGLE.",
            blank="0, as for n-grams",
        ),
    ]
