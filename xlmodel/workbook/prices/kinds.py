"""What a price is, and the two kinds of price tables: of GPU-hours and of tokens."""

import datetime
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from xlmodel.workbook.delimited import folded
from xlmodel.workbook.tablerows import Content

ACCEPTED_AGE = 92
"""Days after which a price is called old, unless the workbook or the user says otherwise."""

TOKEN_KINDS = ("input", "output", "cache_read", "cache_write")


class Kind(NamedTuple):
    """One kind of price table; its columns are found by header."""

    table: str
    """The name of the template's table."""
    packaged: str
    """The name of this package's table."""
    keys: tuple[str, str, str]
    """The columns whose texts say what is priced."""
    price: str
    per: str
    lists: Mapping[str, str]
    """The template's lists for drop-downs, each with the column whose names it holds."""

    @property
    def required(self) -> tuple[str, ...]:
        """Columns without which a table holds no dated prices."""
        return (*self.keys, self.price, "valid_from")


KINDS = (
    Kind(
        "GpuPrices",
        "gpu_prices",
        ("gpu", "provider", "term"),
        "usd_per_gpu_hour",
        "GPU-hour",
        MappingProxyType({"GpuList": "gpu", "GpuProviderList": "provider", "GpuTermList": "term"}),
    ),
    Kind(
        "ModelPrices",
        "model_prices",
        ("model", "provider", "kind"),
        "usd_per_mtok",
        "Mtok",
        MappingProxyType({"ModelList": "model", "ModelProviderList": "provider"}),
    ),
)
GPUS, MODELS = KINDS

Key = tuple[str, ...]


class Price(NamedTuple):
    """One dated price with its source."""

    kind: Kind
    names: tuple[str, str, str]
    price: float
    currency: str
    valid_from: datetime.date
    checked: datetime.date | None
    source: str
    note: str = ""
    is_start: bool = True
    """Whether the price began on that day; else it was seen then, and began some day before."""
    reading: str = ""
    """What a user should know about how its source was read."""

    @property
    def key(self) -> Key:
        """What is priced, in any case and with any spaces."""
        return (self.kind.table, *(folded(name) for name in self.names))

    @property
    def what(self) -> str:
        return ", ".join(self.names)

    @property
    def unit(self) -> str:
        return f"{self.currency}/{self.kind.per}"

    def costs_as_much_as(self, other: "Price") -> bool:
        same = math.isclose(self.price, other.price, rel_tol=1e-9)
        return same and self.currency.casefold() == other.currency.casefold()

    def row(self) -> dict[str, Content]:
        """The price as a row of its table."""
        return {
            **dict(zip(self.kind.keys, self.names, strict=True)),
            self.kind.price: self.price,
            "currency": self.currency,
            "valid_from": self.valid_from,
            "checked": self.checked,
            "source": self.source,
            "note": self.note or None,
        }
