"""The last blocks of the sheet Inputs: figures of the published argument, tolerances of the checks.

The figures are facts of July 2024 that the sheets Founding case and Checks compare with; a user
changes them only to tell another argument.
"""

from xlmodel.units import Quantity
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import FOUNDING_SCENARIO, LAST, number, row
from xlmodel.workbook.template.parts import Row, heading

_AGE = Quantity("days", "age of a price at the as-of date that a check lets pass", 0, 3650)
_CENTS = Quantity("USD/day", "difference from a published figure that a check lets pass", 0, 1)
_TOLERANCE = Quantity("share", "difference relative to the figure that a check lets pass", 0, 1)
_FACTOR = Quantity("factor", "output rate of the node over that of one request alone")


def rows() -> list[Row]:
    tokens, price = accept.argument("tokens_per_day"), accept.argument("output_price")
    cost, tps = accept.argument("node_cost"), accept.argument("output_tps")
    return [
        heading("The published argument (facts; used on sheets Founding case and Checks)", LAST),
        row(
            "in_published_scenario",
            "Scenario of the published figures",
            FOUNDING_SCENARIO,
            "text",
            "text",
            accept.text("Scenario whose name calls for the published inputs.", 40),
            "While the scenario has this name, changed inputs are pointed out beside it.",
        ),
        number(
            "in_sceptic_node_cost",
            "Sceptic: cost of the node",
            1000,
            "money",
            "8 × H100, “about 1,000 USD a day”.",
            kind=cost,
        ),
        number(
            "in_sceptic_tokens_per_day",
            "Sceptic: tokens a day",
            26e6,
            "whole",
            "“About 26 million”; the article gives no derivation.",
            kind=tokens,
        ),
        number(
            "in_sceptic_price",
            "Sceptic: price of Llama 405B",
            3,
            "price",
            "USD per million tokens.",
            kind=price,
        ),
        number(
            "in_request_tps",
            "Reply: output rate of one request",
            30,
            "rate",
            "Llama 405B, one request alone.",
            kind=tps,
        ),
        number(
            "in_batching_gain",
            "Reply: gain from batching",
            10,
            "factor",
            "“Ten times or more” at reasonable concurrency; he reckons with 10.",
            kind=_FACTOR,
        ),
        number(
            "in_request_input",
            "Usual request: input",
            2048,
            "whole",
            "A usual chatbot request.",
            kind=accept.argument("input_tokens"),
        ),
        number(
            "in_request_output",
            "Usual request: output",
            128,
            "whole",
            "16 input tokens per output token.",
            kind=accept.argument("output_tokens"),
        ),
        number(
            "in_published_ratio",
            "Reply: input tokens per output token",
            10,
            "ratio",
            "He takes 10 : 1, below the usual 16 : 1.",
            kind=accept.argument("input_output_ratio"),
        ),
        number(
            "in_published_price",
            "Reply: price of tokens",
            2.8,
            "price",
            "Lepton AI, input and output alike.",
            kind=price,
        ),
        number(
            "in_published_gpus",
            "Reply: GPUs in the node",
            8,
            "count",
            "8 × H100.",
            kind=accept.argument("gpus"),
        ),
        number(
            "in_published_gpu_hour_price",
            "Reply: price of a GPU-hour",
            3.49,
            "price",
            "Lambda, on demand.",
            kind=accept.argument("gpu_hour_price"),
        ),
        number(
            "in_published_tokens_per_day",
            "Reply: tokens a day",
            285120000,
            "whole",
            "Input and output.",
            kind=tokens,
        ),
        number(
            "in_published_revenue",
            "Reply: revenue a day",
            798.34,
            "money",
            "As quoted; 798.336 unrounded.",
            kind=accept.result("NODE_REVENUE"),
        ),
        number(
            "in_published_cost", "Reply: cost a day", 670.08, "money", "8 × 3.49 × 24.", kind=cost
        ),
        number(
            "in_published_margin",
            "Reply: margin a day",
            128.256,
            "money3",
            "16.07 % of revenue.",
            kind=accept.result("NODE_MARGIN"),
        ),
    ]


def tolerances() -> list[Row]:
    return [
        heading("Tolerances of the checks", LAST),
        number(
            "in_tolerance",
            "Tolerance of identities",
            1e-9,
            "small",
            "Relative to the figure; absolute below 1.",
            kind=_TOLERANCE,
        ),
        number(
            "in_cent_tolerance",
            "Tolerance of published figures",
            0.005,
            "money3",
            "To the cent.",
            kind=_CENTS,
        ),
        number(
            "in_accepted_price_age",
            "Accepted age of a price",
            92,
            "days",
            "At the as-of date; about a quarter.",
            kind=_AGE,
        ),
    ]
