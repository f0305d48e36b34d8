"""The operating point of a replica: how many requests are in flight, and how quick it then is.

Colocated serving: requests enter and leave all the time, so that every step decodes the whole
batch and processes a share of a new request's input. A request of ``input`` and ``output`` tokens
takes ``prefill + output × step ÷ batch`` of the replica's time; hence

    time per output token (TPOT) = step + batch × prefill ÷ output
    output rate = batch ÷ TPOT

Steps are timed at the mean context, memory is kept for the longest. Figures come from the fitted
physics (``replica``), from the user's own benchmarks, or from the measured grid.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

from xlmodel.elementwise import larger, largest, only_if, smaller, where
from xlmodel.model.configuration import (
    context_within,
    fitting_batch,
    most_sequences,
    replica,
    weight_precision,
)
from xlmodel.model.measured import (
    GRID,
    OWN,
    Columns,
    Names,
    measured_point,
    names_of,
    not_covered,
    own_slices,
)
from xlmodel.model.replica import (
    MILLI,
    MOST_SEQUENCES,
    PREFILL_CHUNK,
    Replica,
    first_token_seconds,
    prefill_seconds,
    step_seconds,
)
from xlmodel.model.requests import Point, Traffic, within
from xlmodel.registry import NA, InputError
from xlmodel.registry.convert import OwnRow
from xlmodel.tables import specs, throughput
from xlmodel.tables.specs import Gpu, Ref

BASES: Final = ("auto", "physics", "grid")
NOWHERE: Final = (Point(0.0, 0.0, 0.0, 0.0, ""), False)

PHYSICS: Final = "the fitted physics"

_BITS: Final = 12
"""Enough for MOST_SEQUENCES."""


def tpot_ms(one: Replica, traffic: Traffic, batch: float) -> float:
    """The mean time between the tokens of a request."""
    arriving = larger(1.0, batch / traffic.output_tokens)  # requests that begin in one step
    together = smaller(PREFILL_CHUNK, traffic.uncached * arriving)
    prefill = prefill_seconds(one, traffic.uncached, traffic.cached, batch, together)
    step = step_seconds(one, batch, traffic.mean_context)
    return (step + batch * prefill / traffic.output_tokens) / MILLI


def ttft_ms(one: Replica, traffic: Traffic, batch: float) -> float:
    """The time to the first token, with no wait for a place in the batch."""
    seconds = first_token_seconds(
        one, traffic.uncached, traffic.cached, batch, traffic.mean_context
    )
    return seconds / MILLI


def operating_point(
    name: str,
    model: Ref,
    gpu: Ref,
    gpus: float,
    traffic: Traffic,
    precision: str | None,
    kv_precision: str | None,
    basis: str,
    table: Columns | None,
    efficiencies: Sequence[float | None],
) -> Point:
    """The point on the basis that is asked for."""
    wanted = basis.strip().casefold()
    if wanted not in BASES:
        raise InputError(f'{name}: basis is "{basis}", but must be {" or ".join(BASES)}', NA)
    names = names_of(name, model, gpu, precision, kv_precision)
    if wanted == "grid":
        if isinstance(model, OwnRow) or isinstance(gpu, OwnRow):
            raise InputError(f"{name}: the measured grid has no models or GPUs of your own", NA)
        return _from_grid(name, names, gpus, traffic)
    own, inside = NOWHERE
    if wanted == "auto" and table is not None:
        own, inside = measured_point(own_slices(name, table, names), names, gpus, traffic, OWN)
    if inside is True:
        return own
    computed = by_physics(name, model, gpu, gpus, traffic, precision, kv_precision, efficiencies)
    if inside is False:
        return computed._replace(basis=_grounds(name, model, gpu, precision))
    return Point(*(where(inside, a, b) for a, b in zip(own[:4], computed[:4], strict=True)), OWN)


def _grounds(name: str, model: Ref, gpu: Ref, precision: str | None) -> str:
    """What the physics rests on, in words: whose efficiencies, and how sure they are."""
    part = specs.gpu(name, gpu)
    fitted = specs.efficiency(part.family, weight_precision(name, part, precision).precision)
    note = "" if fitted.kind == "fitted" else f": {fitted.note.removeprefix('GUESS: ')}"
    experts = specs.architecture(name, model).experts
    less = "; mixtures of experts are less sure" if experts else ""
    return f"{PHYSICS} (efficiencies {fitted.kind}{note}{less})"


def _from_grid(name: str, names: Names, gpus: float, traffic: Traffic) -> Point:
    point, inside = measured_point(throughput.shipped(), names, gpus, traffic, GRID)
    if inside is False:
        raise InputError(f"{name}: {not_covered(names, gpus)}", NA)
    return point._replace(output_tps=where(inside, point.output_tps, math.nan))


def by_physics(
    name: str,
    model: Ref,
    gpu: Ref,
    gpus: float,
    traffic: Traffic,
    precision: str | None,
    kv_precision: str | None,
    efficiencies: Sequence[float | None],
) -> Point:
    """The point that the fitted physics gives."""
    one = replica(name, model, gpu, gpus, precision, kv_precision, efficiencies)
    context = context_within(one.model, traffic.peak_context)
    batch = _batch(one, specs.gpu(name, gpu), traffic, context)
    time = tpot_ms(one, traffic, batch)
    return Point(batch, batch / (time * MILLI), ttft_ms(one, traffic, batch), time, PHYSICS)


def _batch(one: Replica, part: Gpu, traffic: Traffic, context: float) -> float:
    """The batch that was given, which must fit, or else the largest one that is allowed."""
    if traffic.batch is not None:
        return fitting_batch(one, part, context, traffic.batch)
    most = smaller(most_sequences(one, part, context), MOST_SEQUENCES)
    if traffic.max_tpot_ms is None and traffic.max_ttft_ms is None:
        return most

    def quick(batch: float) -> Any:
        return within(tpot_ms(one, traffic, batch), traffic.max_tpot_ms) & within(
            ttft_ms(one, traffic, batch), traffic.max_ttft_ms
        )

    batch = largest(quick, most, _BITS)
    return only_if(batch >= 1, batch, lambda: _too_slow(one, traffic))


def _too_slow(one: Replica, traffic: Traffic) -> str:
    return (
        f"one request alone takes {ttft_ms(one, traffic, 1.0):,.0f} ms to its first token and "
        f"{tpot_ms(one, traffic, 1.0):,.1f} ms for each token after it, more than is allowed"
    )
