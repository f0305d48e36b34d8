"""From names to a replica: the tables' rows joined, and what does not go together refused.

What can't be is an error that says what can, so that nobody prices FP4 on a GPU without it, a
model on too few GPUs, or a context that the model has not got.
"""

from collections.abc import Sequence
from typing import Final

from xlmodel.elementwise import DomainError, only_if, where, whole
from xlmodel.model.replica import (
    GIGA,
    MICRO,
    TERA,
    Replica,
    cache_bytes,
    weight_bytes,
)
from xlmodel.model.sizes import Sizes, sizes
from xlmodel.registry import NA, InputError
from xlmodel.tables import specs
from xlmodel.tables.specs import Architecture, Efficiency, Gpu, Precision, Ref

RESERVED_BYTES: Final = 3.5 * 2**30
"""Memory of each GPU for activations and the runtime: aiconfigurator's figure (other_mem)."""
CACHE_SHARE: Final = 0.95
"""Share of what the weights leave for the KV cache, as in TensorRT-LLM's published runs."""
USUAL_SERVER: Final = 8.0
"""GPUs in a server of which nothing is known (ASSUMPTION, as in DGX and HGX systems)."""
GPU_COUNTS: Final = tuple(2.0**k for k in range(11))
"""Sizes of a tensor-parallel group: powers of two, which divide heads and the layers' widths."""

AS_FITTED: Final = (None,) * 6
"""No efficiency given: mfu, mbu, overheads of layer and sequence, latency and rate of the link."""


def replica(
    where: str,
    model: Ref,
    gpu: Ref,
    gpus: float,
    precision: str | None = None,
    kv_precision: str | None = None,
    efficiencies: Sequence[float | None] = AS_FITTED,
) -> Replica:
    """The replica of a model on GPUs; InputError or DomainError where it can't be."""
    shape = specs.architecture(where, model)
    part = specs.gpu(where, gpu)
    weights = weight_precision(where, part, precision)
    cache = specs.precision(where, "kv_precision", kv_precision or weights.cache_precision)
    mfu, mbu, layer_us, sequence_us, hop_us, link_share = _filled(
        specs.efficiency(part.family, weights.precision), efficiencies
    )
    model_sizes = sizes(shape)
    count = _group(part, gpus, model_sizes.query_heads)
    link = part.scaleup_gb_per_s * GIGA * link_share
    return Replica(
        model=model_sizes,
        gpus=count,
        bytes_per_param=weights.bytes_per_param,
        bytes_per_element=cache.bytes_per_param,
        flops=count * (getattr(part, weights.compute) * TERA * mfu),
        head_flops=count * (part.bf16_dense_tflops * TERA * mfu),
        bandwidth=count * (part.hbm_gb_per_s * GIGA * mbu),
        link_seconds_per_byte=1 / link if part.scaleup_gb_per_s else 0.0,
        hop_seconds=hop_us * MICRO,
        layer_overhead=layer_us * MICRO,
        sequence_overhead=sequence_us * MICRO,
    )


def _filled(fitted: Efficiency, given: Sequence[float | None]) -> tuple[float, ...]:
    known = (
        *(fitted.mfu, fitted.mbu, fitted.layer_overhead_us, fitted.sequence_overhead_us),
        *(fitted.allreduce_latency_us, fitted.link_efficiency),
    )
    return tuple(k if g is None else g for k, g in zip(known, given, strict=True))


def _group(gpu: Gpu, gpus: float, query_heads: float) -> float:
    """The number of GPUs, which must be able to work as one tensor-parallel group."""
    most = most_gpus(gpu)
    reason = (
        f"{gpu.gpu} has {most:g} GPUs on one fast link, and replicas beyond it are not covered: "
        "serve several replicas"
        if gpu.scaleup_gb_per_s
        else f"no rate of a link between GPUs is known for {gpu.gpu}, so only 1 GPU is covered"
    )
    count = only_if(gpus <= most, gpus, reason)
    return only_if(
        (whole(count) == count) & (whole(query_heads / count) * count == query_heads),
        count,
        lambda: f"gpus is {gpus:g}, but must divide the {query_heads:g} attention heads among them",
    )


def most_gpus(gpu: Gpu) -> float:
    """The GPUs that one fast link joins; where that is not known, those of a usual server."""
    if not gpu.scaleup_gb_per_s:
        return 1.0
    return gpu.scaleup_gpus or USUAL_SERVER


def weight_precision(where: str, gpu: Gpu, name: str | None) -> Precision:
    """The precision of that name, which the GPU must compute in; without one, FP8 or BF16."""
    if name is None:
        name = "FP8" if gpu.fp8_dense_tflops else "BF16"
    wanted = specs.precision(where, "precision", name)
    if not getattr(gpu, wanted.compute):
        able = [p.precision for p in specs.precisions() if getattr(gpu, p.compute)]
        others = f"but has {', '.join(able)}" if able else "nor a rate of any other precision"
        raise DomainError(f"{gpu.gpu} has no {wanted.precision}, {others}")
    return wanted


def published_error(where: str, shape: Architecture, gpu: Gpu, precision: Precision) -> float:
    """The error on published runs of a family; InputError where there were none to fit."""
    if shape.experts:
        raise InputError(
            f"{where}: {shape.model} is a mixture of experts, and nothing was fitted to those: "
            "see their errors in tests/calibration/errors.md",
            NA,
        )
    fitted = specs.efficiency(gpu.family, precision.precision)
    if not fitted.p90_error:
        raise InputError(
            f"{where}: no figures of {gpu.gpu} in {precision.precision} were published to compare "
            f"with; its efficiencies are {fitted.kind}: {fitted.note}",
            NA,
        )
    return fitted.p90_error


def memory(gpu: Gpu, gpus: float) -> float:
    """The bytes for weights and KV cache: what the driver reports, else the nominal size."""
    reported = gpu.hbm_gib * 2**30 or gpu.hbm_gb * GIGA
    return gpus * (reported - RESERVED_BYTES)


def context_within(model: Sizes, tokens: float) -> float:
    """The context, which must not be longer than the model's."""
    most = model.max_context_tokens
    if not most:
        return tokens
    return only_if(
        tokens <= most,
        tokens,
        lambda: f"a context of {tokens:,.0f} tokens is longer than the {most:,.0f} of the model",
    )


def most_sequences(one: Replica, gpu: Gpu, context: float) -> float:
    """How many sequences of so many tokens fit beside the weights; at least one must.

    The sentence where none does says how many GPUs would do.
    """
    free = memory(gpu, one.gpus) - weight_bytes(one)
    fitting = whole(free * CACHE_SHARE / cache_bytes(one, context))
    return only_if(fitting >= 1, fitting, lambda: _too_small(one, gpu, context))


def fitting_batch(one: Replica, gpu: Gpu, context: float, batch: float) -> float:
    """The batch, which must fit into memory at that context."""
    room = most_sequences(one, gpu, context)
    return only_if(
        batch <= room,
        batch,
        lambda: (
            f"a batch of {batch:g} sequences of {context:,.0f} tokens does not fit into memory, "
            f"{room:g} do"
        ),
    )


def _too_small(one: Replica, gpu: Gpu, context: float) -> str:
    needed = weight_bytes(one) + cache_bytes(one, context)
    most = most_gpus(gpu)
    enough = fewest_gpus(one, gpu, context, 1.0)
    advice = (
        f"{enough:g} GPUs would hold it"
        if enough <= most
        else f"the {most:g} GPUs of one group do not hold it, take a larger GPU or fewer bits"
    )
    return (
        f"weights and one sequence of {context:,.0f} tokens take {needed / GIGA:,.1f} GB, and "
        f"{one.gpus:g} × {gpu.gpu} have {memory(gpu, one.gpus) / GIGA:,.1f} GB for them: {advice}"
    )


def fewest_gpus(one: Replica, gpu: Gpu, context: float, batch: float) -> float:
    """The smallest group that holds weights and cache; infinite where none does."""
    found = float("inf")
    for count in reversed(GPU_COUNTS):
        cache = batch * cache_bytes(one._replace(gpus=count), context) / CACHE_SHARE
        needed = weight_bytes(one) + cache
        found = where(needed <= memory(gpu, count), count, found)
    return found
