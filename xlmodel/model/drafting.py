"""A replica that drafts and verifies: two models on the same GPUs, step by step.

A cycle drafts ``draft_tokens`` tokens for each sequence, one step of the draft model each, and
verifies them in one step of the target, which yields ``accepted_length`` tokens. Weights and caches
of both take memory; both process the input of new requests. Hence

    time per output token (TPOT) = cycle ÷ accepted length + batch × both prefills ÷ output

The draft model runs on all GPUs of the replica, all-reduces among them included.
"""

from typing import Any, NamedTuple

from xlmodel.elementwise import larger, largest, only_if, smaller, whole
from xlmodel.model.configuration import CACHE_SHARE, context_within, memory
from xlmodel.model.replica import (
    GIGA,
    MILLI,
    MOST_SEQUENCES,
    PREFILL_CHUNK,
    Replica,
    cache_bytes,
    prefill_seconds,
    step_seconds,
    weight_bytes,
)
from xlmodel.model.requests import Traffic, within
from xlmodel.tables.specs import Gpu

_BITS = 12
"""Enough for MOST_SEQUENCES."""


class Drafts(NamedTuple):
    """What is drafted in a cycle, and what a cycle yields."""

    draft_tokens: float
    accepted_length: float


class Speculating(NamedTuple):
    """An operating point with speculation."""

    batch: float
    output_tps: float

    def __str__(self) -> str:
        return f"{self.batch:,.0f} requests in flight, {self.output_tps:,.1f} tokens/s"


def cycle_seconds(
    target: Replica, draft: Replica, batch: float, context: float, draft_tokens: float
) -> float:
    """Drafting for each sequence of the batch, and verifying."""
    drafting = draft_tokens * step_seconds(draft, batch, context)
    return drafting + step_seconds(target, batch, context, 1 + draft_tokens)


def most_with_draft(target: Replica, draft: Replica, gpu: Gpu, context: float) -> float:
    """How many sequences fit beside the weights of both models; at least one must."""
    context = context_within(draft.model, context_within(target.model, context))
    free = memory(gpu, target.gpus) - weight_bytes(target) - weight_bytes(draft)
    each = cache_bytes(target, context) + cache_bytes(draft, context)
    fitting = whole(free * CACHE_SHARE / each)
    return only_if(
        fitting >= 1,
        fitting,
        lambda: (
            f"{target.gpus:g} × {gpu.gpu} have {memory(gpu, target.gpus) / GIGA:,.1f} GB for the "
            f"{weight_bytes(target) / GIGA:,.1f} GB of the model, the "
            f"{weight_bytes(draft) / GIGA:,.1f} GB of the draft model and the caches of a "
            "sequence: take more GPUs or fewer bits"
        ),
    )


def fitting_with_draft(
    target: Replica, draft: Replica, gpu: Gpu, context: float, batch: float
) -> float:
    """The batch, which must fit into memory with the draft model's weights and caches."""
    room = most_with_draft(target, draft, gpu, context)
    return only_if(
        batch <= room,
        batch,
        lambda: (
            f"beside the draft model a batch of {batch:g} sequences of {context:,.0f} tokens does "
            f"not fit into memory, {room:g} do"
        ),
    )


def speculating(
    target: Replica, draft: Replica, gpu: Gpu, traffic: Traffic, drafts: Drafts
) -> Speculating:
    """The rate at the batch that is given, or at the largest one that is allowed."""
    drafts = _possible(drafts)
    batch = _batch(target, draft, gpu, traffic, drafts)
    time = tpot_ms(target, draft, traffic, batch, drafts)
    return Speculating(batch, batch / (time * MILLI))


def tpot_ms(
    target: Replica, draft: Replica, traffic: Traffic, batch: float, drafts: Drafts
) -> float:
    """The mean time between the tokens of a request."""
    cycle = cycle_seconds(target, draft, batch, traffic.mean_context, drafts.draft_tokens)
    prefill = _prefill_seconds(target, traffic, batch) + _prefill_seconds(draft, traffic, batch)
    return (cycle / drafts.accepted_length + batch * prefill / traffic.output_tokens) / MILLI


def _prefill_seconds(one: Replica, traffic: Traffic, batch: float) -> float:
    arriving = larger(1.0, batch / traffic.output_tokens)  # requests that begin in one step
    together = smaller(PREFILL_CHUNK, traffic.uncached * arriving)
    return prefill_seconds(one, traffic.uncached, traffic.cached, batch, together)


def _possible(drafts: Drafts) -> Drafts:
    """A step yields the model's own token, and the drafted ones at most."""
    most = drafts.draft_tokens + 1
    length = only_if(
        (drafts.accepted_length >= 1) & (drafts.accepted_length <= most),
        drafts.accepted_length,
        lambda: (
            f"a step with {drafts.draft_tokens:g} drafted tokens yields from 1 to {most:g} tokens, "
            f"not {drafts.accepted_length:g}"
        ),
    )
    return drafts._replace(accepted_length=length)


def _batch(target: Replica, draft: Replica, gpu: Gpu, traffic: Traffic, drafts: Drafts) -> float:
    if traffic.batch is not None:
        return fitting_with_draft(target, draft, gpu, traffic.peak_context, traffic.batch)
    most = smaller(most_with_draft(target, draft, gpu, traffic.peak_context), MOST_SEQUENCES)
    if traffic.max_tpot_ms is None:
        return most

    def quick(batch: float) -> Any:
        return within(tpot_ms(target, draft, traffic, batch, drafts), traffic.max_tpot_ms)

    batch = largest(quick, most, _BITS)
    return only_if(
        batch >= 1,
        batch,
        lambda: (
            f"one request alone takes {tpot_ms(target, draft, traffic, 1.0, drafts):,.1f} ms for "
            "each token, more than is allowed"
        ),
    )
