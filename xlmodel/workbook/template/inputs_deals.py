"""The inputs of a deal: the margin wanted, the customer's mix of requests, the API beside it."""

from typing import NamedTuple

from xlmodel.units.kinds import PERCENT, Quantity, share
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number, row
from xlmodel.workbook.template.parts import Row, heading


class Shape(NamedTuple):
    """A shape of request as delivered."""

    name: str
    share: float
    input: float
    output: float
    cached: float
    source: str


_GUESS = "ASSUMPTION: an example, as on sheet Benchmarks"
_CACHED = "ASSUMPTION: an agent sends most of its history again."
SHAPES = (
    Shape("Chat", 0.5, 2048, 128, 0, "Y. Jia, July 2024: a usual chatbot request"),
    Shape("Even chat", 0.2, 500, 500, 0, _GUESS),
    Shape("Retrieval", 0.2, 8000, 500, 0, _GUESS),
    Shape("Agent", 0.08, 20000, 1000, 0.6, _GUESS),
    Shape("Reasoning", 0.02, 1000, 8000, 0, _GUESS),
)
"""What a mixed customer may ask for: all shares are guesses."""

_TARGET = Quantity(
    "share", "margin wanted, as a share of revenue", 0, 1, open_high=True, hint=PERCENT
)
_TOKENS = Quantity("tokens/day", "tokens of the customer a day, input and output", open_low=True)
_LADDER = share("discount at the end of the ladder", open_low=True, open_high=True)
_HEADROOM = share(
    "highest mean utilization at which own nodes still carry the peaks of a day", open_low=True
)
_NODES = Quantity("nodes", "own nodes up to which the curve runs", 1, 1000)
_TABLE = "the price table's"


def _quote() -> list[Row]:
    return [
        heading("Deals: a quote, a customer's mix, API or own node", LAST),
        number(
            "in_deal_target",
            "Margin rate wanted",
            0.2,
            "share",
            "ASSUMPTION: an example.",
            kind=_TARGET,
        ),
        number(
            "in_deal_discount",
            "Discount asked for",
            0.05,
            "share",
            "ASSUMPTION: an example. On all prices in use on sheet Margin, which are the list.",
            kind=accept.argument("discount", "QUOTE_PRICE"),
        ),
        number(
            "in_deal_ladder_end",
            "Greatest discount of the ladder",
            0.5,
            "share",
            "Ten steps lead to it.",
            kind=_LADDER,
        ),
        number(
            "in_deal_tokens_per_day",
            "Tokens of the customer a day",
            300e6,
            "tokens",
            "ASSUMPTION: an example, near what one founding node serves.",
            kind=_TOKENS,
        ),
    ]


def _shape(number_of: int, shape: Shape) -> list[Row]:
    label = f"Shape {number_of}"
    return [
        row(
            f"in_deal_shape_{number_of}",
            f"{label}: name",
            shape.name,
            "text",
            "text",
            accept.text("What this kind of request is called on sheet Deals.", 20),
            "As it shall be called on sheet Deals.",
        ),
        number(
            f"in_deal_share_{number_of}",
            f"{label}: share of the requests",
            shape.share,
            "share",
            "ASSUMPTION: an example. The five shares sum to 1; 0 leaves the shape out.",
            kind=accept.argument("shares", "MIX_TPS"),
            blank="0",
        ),
        number(
            f"in_deal_input_{number_of}",
            f"{label}: input tokens",
            shape.input,
            "whole",
            f"{shape.source}. Cached ones included.",
            kind=accept.argument("input_tokens", "MIX_RATIO"),
            blank="0",
        ),
        number(
            f"in_deal_output_{number_of}",
            f"{label}: output tokens",
            shape.output,
            "whole",
            f"{shape.source}. Reasoning included.",
            kind=accept.argument("output_tokens", "MIX_TPS"),
            blank="0",
        ),
        number(
            f"in_deal_cached_{number_of}",
            f"{label}: share of input from cache",
            shape.cached,
            "share",
            _CACHED if shape.cached else "ASSUMPTION: nothing is cached.",
            kind=accept.argument("cache_hit_rate", "NODE_TPS"),
            blank="0",
        ),
        number(
            f"in_deal_tps_{number_of}",
            f"{label}: output rate, if measured",
            None,
            "rate",
            "Of the node with this shape alone; it wins over what is computed.",
            kind=accept.argument("node_tps", "MIX_TPS"),
            blank="computed, or scaled from the rate in use",
        ),
    ]


def _api() -> list[Row]:
    sold = ("input", "output", "cached_input")
    return [
        row(
            "in_deal_api_model",
            "Model of the API, if another",
            None,
            "text",
            "name",
            accept.choice("ModelList", "model that the customer would call through an API"),
            "Blank: the model of the node.",
        ),
        row(
            "in_deal_api_provider",
            "Seller of the API",
            None,
            "text",
            "name",
            accept.choice("ModelProviderList", "who sells the API"),
            "Blank: the median over the providers that have a price on the as-of date.",
        ),
        *(
            number(
                f"in_deal_api_{part}_price",
                f"API: {part.replace('_', ' ')} price, if quoted",
                None,
                "price",
                "Fill in to use a quote instead of the price table.",
                kind=accept.argument(f"{part}_price", "BLENDED_PRICE"),
                blank=f"{_TABLE}, or the input price" if part == sold[-1] else _TABLE,
            )
            for part in sold
        ),
        number(
            "in_deal_max_utilization",
            "Highest mean use of own nodes",
            0.8,
            "share",
            "ASSUMPTION: about what the fleet on sheet Traffic reaches; the rest is for peaks.",
            kind=_HEADROOM,
        ),
        number(
            "in_deal_curve_nodes",
            "Own nodes that the curve shows",
            4,
            "count",
            "The customer's own volume is marked where it lies within.",
            kind=_NODES,
        ),
    ]


def rows() -> list[Row]:
    shapes = [_shape(i, shape) for i, shape in enumerate(SHAPES, start=1)]
    return [*_quote(), *(one for shape in shapes for one in shape), *_api()]
