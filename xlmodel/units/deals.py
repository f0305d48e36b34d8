"""Deals: prices to quote, discounts, and a customer's mix of request shapes."""

from typing import Annotated, Any

from xlmodel.units.kinds import Quantity, Series, share

CostPerMtok = Annotated[
    float, Quantity("USD/Mtok", "cost of a million tokens: of input, of output or of both together")
]
ListPrice = Annotated[
    float, Quantity("USD/Mtok", "list price of the same tokens, before any discount")
]
Discount = Annotated[float, share("discount that comes off the list price", open_high=True)]
DiscountAtTarget = Annotated[float, share("discount on the list price")]
RequestShares = Annotated[
    Any, Series(share("share of each shape in the number of requests; they sum to 1"))
]
ShapeInputTokens = Annotated[
    Any, Series(Quantity("tokens", "input tokens of a request of each shape, cached ones included"))
]
ShapeOutputTokens = Annotated[
    Any, Series(Quantity("tokens", "output tokens of a request of each shape"))
]
ShapeTps = Annotated[
    Any,
    Series(
        Quantity(
            "tokens/s",
            "output tokens per second of the node when it serves that shape alone, such as "
            "NODE_TPS; of a shape with share 0 it may be 0",
        )
    ),
]
