"""What the sheets Sensitivity and Sensitivity days move: each driver, and all token prices at once.

The drivers are those of the day (``day.DRIVERS``); each starts from the figure in use, whether that
was typed or looked up.
"""

from typing import NamedTuple

from xlmodel.units import Quantity
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.day import DRIVERS

PRICE = "price"
TOKEN_PRICES = ("input_price", "output_price", "cached_input_price")
_FACTOR = Quantity("factor", "factor on all token prices; 1 is as today", 0, 1000)


class Moved(NamedTuple):
    """A driver as the sheets know it; ``in_use`` is where its figure of today stands."""

    key: str
    label: str
    unit: str
    form: str
    in_use: str
    kind: Quantity


def _kind(argument: str) -> Quantity:
    kind = accept.argument(argument)
    assert isinstance(kind, Quantity), argument
    return kind


_LABELS = {
    "output_tps": "Typed output rate",
    "input_output_ratio": "Input per output token",
    "utilization": "Utilization",
    "input_price": "Input price",
    "output_price": "Output price",
    "cached_input_price": "Cached-input price",
    "gpu_hour_price": "Main-term GPU-hour",
    "cache_hit_rate": "Cache hit rate",
    "other_cost_per_day": "Other cost of the node",
}
"""Picked from a list, whose texts hold no comma and are 255 characters in all at most (Excel)."""

_LOOKED_UP = {
    **{price: f"out_{price}" for price in TOKEN_PRICES},
    "gpu_hour_price": "use_main_price",
}

MOVED = (
    Moved(PRICE, "All token prices", "factor", "factor", "1", _FACTOR),
    *(
        Moved(
            one.key,
            _LABELS[one.key],
            one.unit,
            one.form,
            _LOOKED_UP.get(one.key, one.live),
            _kind(one.key),
        )
        for one in DRIVERS
    ),
)
LABEL = {one.key: one.label for one in MOVED}

WATCHED = ("margin", "margin_rate", "cost_per_mtok", "breakeven_price")
"""The results of the day that a user may watch."""
