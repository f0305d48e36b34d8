"""The time of a step: a model on the GPUs of one replica, at the efficiencies that GPUs reach.

A replica splits each layer over its GPUs (tensor parallelism). In one step it produces a token for
each of ``batch`` sequences (decode); new requests have their input processed beside it (prefill).
A step takes, one after the other,

- the layers: the larger of computing (2 FLOPs per active parameter and token, at MFU × the peak)
  and reading the weights (at MBU × the peak bandwidth). In a mixture of experts only the experts
  that the batch touches are read;
- the output head, in BF16, in the same way;
- attention: the larger of reading the KV cache of all sequences and computing on it (latent
  attention computes much for each byte);
- two all-reduces per layer;
- an overhead for each layer (launching kernels, norms) and for each sequence (scheduling,
  sampling).

References: Williams et al. 2009, "Roofline" (the larger of compute and memory time); Austin et al.
2025, "How to Scale Your Model", chapter 7 (KV cache and weights of a decode step); Pope et al.
2022, arXiv:2211.05102 (two all-reduces per layer); Thakur, Rabenseifner, Gropp 2005, "Optimization
of Collective Communication Operations in MPICH" (cost of an all-reduce); Kwon et al. 2023,
arXiv:2309.06180, and Agrawal et al. 2023, arXiv:2308.16369 (prefill in chunks beside decode).
"""

from typing import Final, NamedTuple

from xlmodel.elementwise import larger, smaller
from xlmodel.model.sizes import (
    Sizes,
    active_params,
    attention_flops,
    cache_elements,
    layer_params,
)

TERA: Final = 1e12
GIGA: Final = 1e9
MICRO: Final = 1e-6
MILLI: Final = 1e-3
HEAD_BYTES: Final = 2.0
"""Embeddings and output head stay in BF16 when the layers are quantised."""
ACTIVATION_BYTES: Final = 2.0
PREFILL_CHUNK: Final = 8192.0
"""Input tokens that are processed together: TensorRT-LLM's default of max_num_tokens."""
MOST_SEQUENCES: Final = 2048.0
"""Sequences that an engine schedules at most: TensorRT-LLM's default of max_batch_size."""


class Replica(NamedTuple):
    """A model in a precision on ``gpus`` GPUs, as rates of the whole replica in SI units.

    ``gpus`` and the rates that follow from it may be arrays.
    """

    model: Sizes
    gpus: float
    bytes_per_param: float
    bytes_per_element: float
    """Of the KV cache."""
    flops: float
    head_flops: float
    """In BF16, as head and attention compute."""
    bandwidth: float
    link_seconds_per_byte: float
    hop_seconds: float
    layer_overhead: float
    sequence_overhead: float


def weight_bytes(replica: Replica) -> float:
    """The memory that the weights take."""
    model = replica.model
    return layer_params(model) * replica.bytes_per_param + model.embedding_params * HEAD_BYTES


def cache_bytes(replica: Replica, context: float) -> float:
    """The memory of one sequence's KV cache.

    Over more GPUs than there are key-value heads, heads are kept more than once.
    """
    heads = replica.model.cache_heads
    copies = larger(1.0, replica.gpus / heads) if heads else 1.0
    return cache_elements(replica.model, context) * replica.bytes_per_element * copies


def touched_share(experts: float, experts_per_token: float, batch: float) -> float:
    """The share of the experts that at least one of ``batch`` tokens is routed to."""
    untouched: float = (1 - experts_per_token / experts) ** batch
    return 1 - untouched


def roofline_seconds(flops: float, read: float, flop_rate: float, bandwidth: float) -> float:
    """The larger of the time to compute and the time to read."""
    return larger(flops / flop_rate, read / bandwidth)


def allreduce_seconds(replica: Replica, tokens: float) -> float:
    """All all-reduces of a pass over the layers, the quicker of two ways each time.

    Every GPU sends its part to every other at once, or parts go around in a ring.
    """
    size = tokens * replica.model.hidden_dim * ACTIVATION_BYTES * replica.link_seconds_per_byte
    others = replica.gpus - 1
    at_once = replica.hop_seconds + others * size
    ring = 2 * others * replica.hop_seconds + 2 * others / replica.gpus * size
    return 2 * replica.model.layers * smaller(at_once, ring)


def layer_seconds(replica: Replica, tokens: float) -> float:
    """The matrix products of all layers for so many tokens at once."""
    model = replica.model
    experts = model.expert_params * model.experts
    if model.experts:
        experts *= touched_share(model.experts, model.experts_per_token, tokens)
    read = (model.always_params + experts) * replica.bytes_per_param
    return roofline_seconds(
        2 * tokens * active_params(model), read, replica.flops, replica.bandwidth
    )


def head_seconds(replica: Replica, tokens: float) -> float:
    """The output head for so many tokens."""
    params = replica.model.head_params
    return roofline_seconds(
        2 * tokens * params, params * HEAD_BYTES, replica.head_flops, replica.bandwidth
    )


def _pass_overhead(replica: Replica) -> float:
    """What a pass over the layers takes beside its work: launching kernels, norms, gaps."""
    return replica.model.layers * replica.layer_overhead


def step_seconds(
    replica: Replica,
    batch: float,
    context: float,
    tokens_per_sequence: float = 1.0,
    prefill_tokens: float = 0.0,
) -> float:
    """One step: tokens for each sequence in the batch, with so much context each.

    Input of new requests may share the step.
    """
    decoded = batch * tokens_per_sequence
    tokens = decoded + prefill_tokens
    attention = roofline_seconds(
        decoded * cache_elements(replica.model, context) * replica.model.flops_per_element,
        batch * cache_bytes(replica, context),
        replica.head_flops,
        replica.bandwidth,
    )
    compute = layer_seconds(replica, tokens) + head_seconds(replica, decoded)
    overhead = _pass_overhead(replica) + batch * replica.sequence_overhead
    return compute + attention + allreduce_seconds(replica, tokens) + overhead


def prefill_seconds(
    replica: Replica,
    tokens: float,
    before: float,
    batch: float = 0.0,
    together: float = PREFILL_CHUNK,
) -> float:
    """What a request's input adds to the work of a replica that decodes a batch.

    ``together`` input tokens, of one request or several, share a step with the batch. Its weights
    are read anyhow; input only adds the experts that the batch alone does not touch.
    """
    model = replica.model
    more = 0.0
    if model.experts:
        alone = touched_share(model.experts, model.experts_per_token, batch)
        shared = touched_share(model.experts, model.experts_per_token, batch + together)
        more = (shared - alone) * model.experts * model.expert_params * replica.bytes_per_param
    per_step = roofline_seconds(
        2 * together * active_params(model), more, replica.flops, replica.bandwidth
    )
    fixed = allreduce_seconds(replica, PREFILL_CHUNK) + _pass_overhead(replica)
    return (
        tokens / together * per_step
        + attention_flops(model, tokens, before) / replica.head_flops
        + tokens / PREFILL_CHUNK * fixed
    )


def first_token_seconds(
    replica: Replica, tokens: float, before: float, batch: float, context: float
) -> float:
    """From a request's arrival to its first token, without waiting for a place in the batch.

    Where others are decoded, it first waits for a step of theirs; then each chunk of its input
    shares a step with them.
    """
    chunk = smaller(tokens, PREFILL_CHUNK)
    wait = smaller(batch - 1, 1.0) * step_seconds(replica, batch - 1, context)
    step = step_seconds(replica, batch - 1, context, 1.0, chunk)
    attention = attention_flops(replica.model, tokens, before) / replica.head_flops
    return wait + tokens / chunk * step + attention
