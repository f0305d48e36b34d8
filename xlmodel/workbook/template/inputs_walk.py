"""The inputs of the walk on sheet Founding case, where no other sheet has them."""

from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number
from xlmodel.workbook.template.parts import Row, heading


def rows() -> list[Row]:
    price = accept.argument("input_price")
    return [
        heading("From the reply's margin through the six caveats (sheet Founding case)", LAST),
        number(
            "in_walk_ratio",
            "Walk: input tokens per output token",
            16,
            "ratio",
            "EXAMPLE: the usual chatbot request of the argument, 2,048 : 128; the reply took 10.",
            kind=accept.argument("input_output_ratio"),
        ),
        number(
            "in_walk_input_price",
            "Walk: price of input",
            2.5,
            "price",
            "EXAMPLE: with the next one, 2.80 in the mean of the reply's 10 : 1, as published.",
            kind=price,
        ),
        number(
            "in_walk_output_price",
            "Walk: price of output",
            5.8,
            "price",
            "EXAMPLE: output dearer than input, as on most rate cards.",
            kind=accept.argument("output_price"),
        ),
        number(
            "in_walk_other_cost",
            "Walk: other cost of the node",
            50,
            "money",
            "GUESS: host, storage, network, support.",
            kind=accept.argument("other_cost_per_day"),
        ),
    ]
