"""Throughput and latencies between the measured points of a table, and never beyond them.

A table such as ``throughput_grid`` has rows of one measurement each: a model on a replica of some
GPUs, at so many input and output tokens a request and so many requests in flight (``batch``). The
rows of one replica are a ``Slice``: a grid over the three quantities, in which points may be
missing, as where the memory does not hold them. ``Slice.at`` answers for any operating point:

    log(value) is linear along each axis between two neighbouring nodes, over log of the axis

It is written as a sum over the nodes. The weight of a node along an axis is a hat: 1 at the node,
0 at its neighbours and beyond; a corner's weight is the product of three. So one code serves a
float and a NumPy array, and no NumPy is needed for a float.

An answer is ``inside`` only within the grid, and where each corner that has a weight is there.
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from xlmodel import tables
from xlmodel.elementwise import exp, larger, log, smaller, where

TOLERANCE: Final = 1e-9
"""A relative distance, or a weight, that counts as none: it is there by rounding."""

Key = tuple[str, str, float, str, str]
"""A replica: model, gpu, gpus, precision, kv_precision, in lower case (see ``key``)."""


class Point(NamedTuple):
    """One measured operating point: the replica's output tokens/s, and a request's latencies."""

    output_tps: float
    ttft_ms: float
    tpot_ms: float


class Answer(NamedTuple):
    """The quantities at an operating point; not a number where it is not ``inside``."""

    output_tps: float
    ttft_ms: float
    tpot_ms: float
    inside: bool


class Axis(NamedTuple):
    """The values of one quantity at which there are points, in ascending order."""

    nodes: tuple[float, ...]

    def holds(self, value: float) -> bool:
        """Whether the value is between the ends; with one node, whether it is that node."""
        low, high = self.nodes[0], self.nodes[-1]
        return (value >= low * (1 - TOLERANCE)) & (value <= high * (1 + TOLERANCE))

    def weights(self, value: float) -> list[tuple[float, float]]:
        """The nodes that have a weight at the value, each with it; at an end beyond the ends.

        >>> [(node, round(weight, 9)) for node, weight in Axis((1.0, 2.0, 8.0)).weights(4.0)]
        [(2.0, 0.5), (8.0, 0.5)]
        """
        at = log(larger(smaller(value, self.nodes[-1]), self.nodes[0]))
        steps = [math.log(node) for node in self.nodes]
        found = []
        for i, node in enumerate(self.nodes):
            rise = (at - steps[i - 1]) / (steps[i] - steps[i - 1]) if i else 1.0
            fall = (steps[i + 1] - at) / (steps[i + 1] - steps[i]) if node < self.nodes[-1] else 1.0
            weight = smaller(rise, fall)
            weight = where(weight > TOLERANCE, weight, 0.0)
            if not isinstance(weight, float) or weight:
                found.append((node, weight))
        return found


class Slice(NamedTuple):
    """The points of one replica, with the logarithm of each quantity."""

    inputs: Axis
    outputs: Axis
    batches: Axis
    logs: Mapping[tuple[float, float, float], Point]

    def at(self, input_tokens: float, output_tokens: float, batch: float) -> Answer:
        """The quantities at an operating point.

        >>> grid = of_points({(100, 10, 1): Point(10, 5, 90), (100, 10, 4): Point(40, 20, 100)})
        >>> [round(quantity, 6) for quantity in grid.at(100, 10, 2)[:3]]
        [20.0, 10.0, 94.86833]
        >>> grid.at(100, 10, 5).inside
        False
        """
        inside = (
            self.inputs.holds(input_tokens)
            & self.outputs.holds(output_tokens)
            & self.batches.holds(batch)
        )
        tps = ttft = tpot = 0.0
        for (i, over_i), (o, over_o), (b, over_b) in product(
            self.inputs.weights(input_tokens),
            self.outputs.weights(output_tokens),
            self.batches.weights(batch),
        ):
            weight = over_i * over_o * over_b
            point = self.logs.get((i, o, b))
            if point is None:
                inside = inside & (weight <= 0)
                continue
            tps = tps + weight * point.output_tps
            ttft = ttft + weight * point.ttft_ms
            tpot = tpot + weight * point.tpot_ms
        tps, ttft, tpot = (where(inside, exp(quantity), math.nan) for quantity in (tps, ttft, tpot))
        return Answer(tps, ttft, tpot, inside)


def of_points(points: Mapping[tuple[float, float, float], Point]) -> Slice:
    """The slice of points by input tokens, output tokens and batch."""
    inputs, outputs, batches = (
        Axis(tuple(sorted(set(axis)))) for axis in zip(*points, strict=True)
    )
    logs = {place: Point(*map(_log, point)) for place, point in points.items()}
    return Slice(inputs, outputs, batches, logs)


def key(model: str, gpu: str, gpus: float, precision: str, kv_precision: str) -> Key:
    """The key of a replica, with names in any case.

    >>> key("Llama-3.1-8B", "H100", 1, "FP8", "fp8")
    ('llama-3.1-8b', 'h100', 1.0, 'fp8', 'fp8')
    """
    model, gpu, precision, kv_precision = map(folded, (model, gpu, precision, kv_precision))
    return model, gpu, float(gpus), precision, kv_precision


def slices(rows: Iterable[Mapping[str, str | float]]) -> dict[Key, Slice]:
    """The slices of a table's rows, by ``key``; of two rows for one point the later counts.

    A row needs ``output_tps``; a latency may be blank, and is then not a number.
    """
    found: dict[Key, dict[tuple[float, float, float], Point]] = {}
    for row in rows:
        replica = key(
            *(str(row["model"]), str(row["gpu"]), float(row["gpus"])),
            *(str(row["precision"]), str(row["kv_precision"])),
        )
        place = (float(row["input_tokens"]), float(row["output_tokens"]), float(row["batch"]))
        quantities = (_number(row[column]) for column in ("output_tps", "ttft_ms", "tpot_ms"))
        found.setdefault(replica, {})[place] = Point(*quantities)
    return {replica: of_points(points) for replica, points in found.items()}


@cache
def shipped() -> dict[Key, Slice]:
    """The slices of the table ``throughput_grid``; none where that does not come along.

    >>> grid = shipped()[key("Llama-3.1-405B", "H100", 8, "FP8", "FP8")]
    >>> grid.at(3000, 300, 16).inside
    True
    """
    carried = tables.path("throughput_grid").exists()
    return slices(tables.rows("throughput_grid")) if carried else {}


def folded(name: str) -> str:
    """A name as keys spell it."""
    return name.strip().casefold()


def _number(cell: str | float) -> float:
    return float(cell) if cell != "" else math.nan


def _log(quantity: float) -> float:
    return math.log(quantity) if quantity > 0 else math.nan
