"""The physics beside the measured grid, which took no part in the fit: rate and latencies.

The grid is an estimate too, put together from measured operators. What it and the physics agree on
was found in two ways; where they differ, by how much says how far either can be trusted.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from xlmodel import tables
from xlmodel.elementwise import DomainError
from xlmodel.model.configuration import AS_FITTED
from xlmodel.model.operating import by_physics
from xlmodel.model.requests import Traffic

QUANTITIES = ("output_tps", "ttft_ms", "tpot_ms")


class Compared(NamedTuple):
    """One point of the grid, and the physics over it, less 1."""

    model: str
    gpu: str
    precision: str
    batch: float
    quantity: str
    error: float

    @property
    def is_dense(self) -> bool:
        return self.model.startswith("Llama-3") or self.model == "Qwen3-32B"


@cache
def compared() -> tuple[Compared, ...]:
    """Every quantity of every point that the physics says is possible too."""
    return tuple(found for row in tables.rows("throughput_grid") for found in _of(row))


def _of(row: dict[str, str]) -> Iterator[Compared]:
    numbers = (float(row[c]) for c in ("input_tokens", "output_tokens", "batch"))
    place = (row["model"], row["gpu"], float(row["gpus"]))
    formats = (row["precision"], row["kv_precision"])
    try:
        point = by_physics("", *place, Traffic(*numbers, 0.0), *formats, AS_FITTED)
    except DomainError:
        return
    for quantity in QUANTITIES:
        error = getattr(point, quantity) / float(row[quantity]) - 1
        yield Compared(
            *(row["model"], row["gpu"], row["precision"]), float(row["batch"]), quantity, error
        )
