"""Operating points that were measured: in the user's own benchmarks, or in the shipped grid.

Between measured points figures are interpolated (``tables/throughput``), never beyond them. They
hold for traffic without cache hits.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from xlmodel.elementwise import larger, largest, where
from xlmodel.model.configuration import weight_precision
from xlmodel.model.requests import Point, Traffic, within
from xlmodel.registry import CellError, InputError
from xlmodel.registry.convert import OwnRow, number_in, shown
from xlmodel.registry.errors import VALUE
from xlmodel.tables import specs, throughput
from xlmodel.tables.lookup import found_row
from xlmodel.tables.specs import Ref
from xlmodel.tables.throughput import Key, Slice
from xlmodel.units import HUGE

OWN: Final = "your own benchmarks"
GRID: Final = "the measured grid"

_BITS: Final = 10
"""Enough for a batch of the grid."""

Columns = Mapping[str, Sequence[Any]]
NAMES: Final = ("model", "gpu", "precision", "kv_precision")
Names = tuple[str, str, str, str]
"""Model, GPU, precision and precision of the cache, as tables spell them."""


def names_of(
    where: str, model: Ref, gpu: Ref, precision: str | None, kv_precision: str | None
) -> Names:
    """The names of a configuration; what is in no table keeps the name that it has."""
    if precision is None:
        known = isinstance(gpu, OwnRow) or found_row("gpu_specs", "gpu", gpu)
        precision = weight_precision(where, specs.gpu(where, gpu), None).precision if known else ""
    weights = _precision(precision)
    return (
        _name("model_specs", "model", model),
        _name("gpu_specs", "gpu", gpu),
        weights,
        _precision(kv_precision or _usual_cache(weights)),
    )


def _name(table: str, key: str, ref: Ref) -> str:
    text = str(dict(ref.cells).get(key, "")) if isinstance(ref, OwnRow) else ref
    row = found_row(table, key, text)
    return throughput.folded(row[key] if row else text)


def _precision(name: str) -> str:
    return _name("precisions", "precision", name)


def _usual_cache(weights: str) -> str:
    row = found_row("precisions", "precision", weights)
    return row["cache_precision"] if row else weights


def own_slices(where: str, table: Columns, names: Names) -> dict[Key, Slice]:
    """The user's benchmarks of one configuration; what other rows hold does not matter."""
    rows = _rows_of(where, table, names)
    return throughput.slices(_checked(where, number, row, names) for number, row in rows)


def _rows_of(where: str, table: Columns, names: Names) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a configuration, each with its number, counted from the one below the header.

    An error in a name is passed on: nobody knows what it is a row of.
    """
    columns = [table.get(name, [None] * len(table["model"])) for name in NAMES]
    for number, cells in enumerate(zip(*columns, strict=True), start=1):
        if cells[0] in (None, ""):
            continue
        for name, cell in zip(NAMES, cells, strict=True):
            if isinstance(cell, CellError):
                raise InputError(
                    f"{where}: {name} is the error {cell.kind} in row {number} of the table of "
                    "benchmarks",
                    cell.kind,
                )
        if _spelled(*("" if cell is None else str(cell) for cell in cells)) == names:
            yield number, {name: column[number - 1] for name, column in table.items()}


@lru_cache(maxsize=1024)
def _spelled(model: str, gpu: str, precision: str, cache: str) -> Names:
    """The names in a row as our tables spell them."""
    weights = _precision(precision)
    return (
        _name("model_specs", "model", model),
        _name("gpu_specs", "gpu", gpu),
        weights,
        _precision(cache or _usual_cache(weights)),
    )


def _checked(
    where: str, number: int, row: Mapping[str, Any], names: Names
) -> dict[str, str | float]:
    """One row with numbers that are numbers."""
    checked: dict[str, str | float] = dict(zip(NAMES, names, strict=True))
    for column in ("gpus", "input_tokens", "output_tokens", "batch", "output_tps"):
        value = number_in(row[column])
        if value is None or not 0 < value <= HUGE:
            raise InputError(
                f"{where}: {column} is {shown(row[column])} in row {number} of the table of "
                "benchmarks, but must be a number above 0",
                VALUE,
            )
        checked[column] = value
    for column in ("ttft_ms", "tpot_ms"):
        checked[column] = number_in(row[column]) or ""
    return checked


def measured_point(
    slices: Mapping[Key, Slice], names: Names, gpus: float, traffic: Traffic, basis: str
) -> tuple[Point, Any]:
    """The point, and where (of the values, if there are several) it is between measured ones."""
    inside: Any = gpus < 0  # nowhere yet
    batch = output_tps = ttft = tpot = 0.0 * gpus
    for count, found in _of(slices, names):
        at_batch, answer, covered = _at(found, traffic, finer=basis == GRID)
        here = covered & (gpus == count) & (traffic.cache_hit_rate == 0)
        batch = where(here, at_batch, batch)
        output_tps = where(here, answer.output_tps, output_tps)
        ttft = where(here, answer.ttft_ms, ttft)
        tpot = where(here, answer.tpot_ms, tpot)
        inside = inside | here
    return Point(batch, output_tps, ttft, tpot, basis), inside


def _of(slices: Mapping[Key, Slice], names: Names) -> list[tuple[float, Slice]]:
    """What was measured of a configuration, by the number of GPUs."""
    return [
        (count, found)
        for (model, gpu, count, precision, cache_precision), found in slices.items()
        if (model, gpu, precision, cache_precision) == names
    ]


def _at(found: Slice, traffic: Traffic, finer: bool) -> tuple[float, throughput.Answer, Any]:
    """The batch, what was measured at it, and whether it was.

    Of the user's benchmarks the largest measured batch counts; the grid is fine enough to look
    between its points.
    """
    inputs, outputs = traffic.input_tokens, traffic.output_tokens
    if traffic.batch is not None:
        answer = found.at(inputs, outputs, traffic.batch)
        return traffic.batch, answer, answer.inside

    def quick(batch: float) -> Any:
        answer = found.at(inputs, outputs, batch)
        return (
            answer.inside
            & within(answer.tpot_ms, traffic.max_tpot_ms)
            & within(answer.ttft_ms, traffic.max_ttft_ms)
        )

    chosen = 0.0 * inputs
    for node in found.batches.nodes:
        chosen = where(quick(node), node, chosen)
    batch = larger(chosen, found.batches.nodes[0])
    if finer:
        batch = batch + largest(lambda more: quick(batch + more), found.batches.nodes[-1], _BITS)
    answer = found.at(inputs, outputs, batch)
    return batch, answer, answer.inside & (chosen > 0)


def not_covered(names: Names, gpus: float) -> str:
    """The sentence that says what the grid covers instead."""
    model, gpu, precision, cache_precision = names
    grid = throughput.shipped()
    if not grid:
        return "the measured grid is too large to come with the functions here"
    wanted = f"{model} in {precision} with a cache in {cache_precision} on {gpus:g} × {gpu}"
    counts = [count for count, _ in _of(grid, names)]
    if gpus in counts:
        found = dict(_of(grid, names))[gpus]
        ends = " and ".join(
            f"{axis.nodes[0]:,.0f} to {axis.nodes[-1]:,.0f} {what}"
            for axis, what in (
                (found.inputs, "input tokens"),
                (found.outputs, "output tokens"),
                (found.batches, "requests in flight"),
            )
        )
        return f"the grid covers {wanted} for {ends}, as far as memory holds them, without hits"
    if counts:
        return f"the grid has no {wanted}, but has {', '.join(f'{n:g}' for n in counts)} GPUs"
    kinds = sorted({f"{k[1]} in {k[3]}" for k in grid if k[0] == model})
    models = sorted({k[0] for k in grid})
    return f"the grid has no {wanted}; of it there is: {', '.join(kinds) or 'nothing'}" + (
        "" if kinds else f"; its models are {', '.join(models)}"
    )
