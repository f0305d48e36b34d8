"""A model's architecture as the sums that throughput depends on: parameters, KV cache, attention.

Every token passes the attention of each layer, the dense feed-forward part, and, in a mixture of
experts, the few experts that it is routed to. It leaves a key and a value in the KV cache of each
layer that attends. Norms and biases are left out (below 0.1 % of the parameters).

- MHA, GQA: a layer keeps ``2 × kv_heads × head_dim`` numbers per token.
- MLA (DeepSeek): a layer keeps one compressed vector, ``kv_lora_rank + rope_dim`` numbers.
- Sliding-window or chunked layers keep the last ``window_tokens`` tokens only.
- Linear-attention layers keep a state of constant size, which is left out.

References: Vaswani et al. 2017 (attention); Ainslie et al. 2023, arXiv:2305.13245 (GQA);
DeepSeek-AI 2024, arXiv:2405.04434 (MLA).
"""

from typing import NamedTuple

from xlmodel.elementwise import larger, only_if, smaller, whole
from xlmodel.tables.specs import Architecture


class Sizes(NamedTuple):
    """What a step of a model consists of; parameters and cache elements in numbers, not bytes."""

    always_params: float
    """Parameters of layers that every token passes."""
    expert_params: float
    """Parameters of one expert, over all layers that have experts."""
    experts: float
    experts_per_token: float
    head_params: float
    """The output head, which turns a hidden state into a token."""
    embedding_params: float
    """The input embedding, which is looked up, and the output head, unless they are one."""
    full_cache: float
    """Cache elements for each token of the context."""
    window_cache: float
    """Cache elements for each token in the window."""
    window_tokens: float
    full_attention: float
    """FLOPs for each pair of a token and one that it attends to, in layers that see all."""
    window_attention: float
    flops_per_element: float
    """FLOPs of a decoded token's attention for each cache element: a head serves many queries."""
    layers: float
    hidden_dim: float
    query_heads: float
    cache_heads: float
    """Into how many parts the cache can be split over GPUs; 0 where it is split by sequence."""
    max_context_tokens: float


def sizes(shape: Architecture) -> Sizes:
    """The sizes of an architecture.

    >>> from xlmodel.tables import specs
    >>> llama = sizes(specs.architecture("", "Llama-3.1-405B"))
    >>> llama.full_cache * 2, round(total_params(llama) / 1e9, 1)
    (516096.0, 405.8)
    """
    shape = consistent(shape)
    dense_layers = shape.dense_layers if shape.experts else shape.layers
    expert_layers = shape.layers - dense_layers
    dense_dim = shape.dense_ffn_dim if shape.experts else shape.ffn_dim
    feed_forward = 3 * shape.hidden_dim * shape.ffn_dim  # gate, up and down projection
    shared = shape.shared_experts * feed_forward
    router = shape.hidden_dim * shape.experts
    attention, cache, pair, per_element = _mla(shape) if shape.mla_kv_lora_rank else _gqa(shape)
    full_layers = shape.layers - shape.window_layers - shape.linear_attention_layers
    head = shape.vocab * shape.hidden_dim
    return Sizes(
        always_params=shape.layers * attention
        + dense_layers * 3 * shape.hidden_dim * dense_dim
        + expert_layers * (shared + router),
        expert_params=expert_layers * feed_forward,
        experts=shape.experts,
        experts_per_token=shape.experts_per_token,
        head_params=head,
        embedding_params=head if shape.tied_embeddings else 2 * head,
        full_cache=full_layers * cache,
        window_cache=shape.window_layers * cache,
        window_tokens=shape.window_tokens,
        full_attention=full_layers * pair,
        window_attention=shape.window_layers * pair,
        flops_per_element=per_element,
        layers=shape.layers,
        hidden_dim=shape.hidden_dim,
        query_heads=shape.query_heads,
        cache_heads=0.0 if shape.mla_kv_lora_rank else _kv_heads(shape),
        max_context_tokens=shape.max_context_tokens,
    )


def consistent(shape: Architecture) -> Architecture:
    """The architecture, if its parts go together; a row of the user's own may be wrong."""
    special = shape.window_layers + shape.linear_attention_layers
    layers = only_if(
        (special < shape.layers) | (shape.window_layers == shape.layers),
        shape.layers,
        "window_layers and linear_attention_layers are more than the layers, or all are linear",
    )
    layers = only_if(
        ((shape.window_layers > 0) & (shape.window_tokens > 0))
        | ((shape.window_layers == 0) & (shape.window_tokens == 0)),
        layers,
        "window_layers is given without window_tokens, or the reverse",
    )
    layers = only_if(
        (shape.dense_layers <= shape.layers)
        & ((shape.experts == 0) | (shape.dense_layers == 0) | (shape.dense_ffn_dim > 0)),
        layers,
        "dense_layers are more than the layers, or given without dense_ffn_dim",
    )
    used = shape.experts_per_token
    experts = only_if(
        ((shape.experts == 0) & (used == 0))
        | ((shape.experts > 0) & (used > 0) & (used <= shape.experts)),
        shape.experts,
        "experts_per_token must be above 0 and no more than experts, or both be blank",
    )
    rank = only_if(
        (shape.mla_kv_lora_rank == 0)
        | ((shape.mla_nope_dim > 0) & (shape.mla_value_dim > 0) & (shape.mla_rope_dim > 0)),
        shape.mla_kv_lora_rank,
        "mla_kv_lora_rank is given without mla_rope_dim, mla_nope_dim and mla_value_dim",
    )
    heads = only_if(
        (shape.kv_heads == 0)
        | (
            whole(shape.query_heads / larger(shape.kv_heads, 1.0)) * shape.kv_heads
            == shape.query_heads
        ),
        shape.kv_heads,
        "kv_heads must divide query_heads",
    )
    return shape._replace(layers=layers, experts=experts, mla_kv_lora_rank=rank, kv_heads=heads)


def _kv_heads(shape: Architecture) -> float:
    return shape.kv_heads or shape.query_heads  # none named: each query head has its own (MHA)


def _gqa(shape: Architecture) -> tuple[float, float, float, float]:
    """Of a layer's attention: parameters, cache elements, FLOPs per pair and per element."""
    head_dim = shape.head_dim or shape.hidden_dim / shape.query_heads
    query, key = shape.query_heads * head_dim, _kv_heads(shape) * head_dim
    return 2 * shape.hidden_dim * (query + key), 2 * key, 4 * query, 2 * query / key


def _mla(shape: Architecture) -> tuple[float, float, float, float]:
    """The same of multi-head latent attention, which decodes on the compressed vectors."""
    query = shape.mla_nope_dim + shape.mla_rope_dim
    cache = shape.mla_kv_lora_rank + shape.mla_rope_dim
    queries = shape.query_heads * query
    if shape.mla_q_lora_rank:
        to_queries = shape.mla_q_lora_rank * (shape.hidden_dim + queries)
    else:
        to_queries = shape.hidden_dim * queries
    up = shape.mla_kv_lora_rank * shape.query_heads * (shape.mla_nope_dim + shape.mla_value_dim)
    out = shape.query_heads * shape.mla_value_dim * shape.hidden_dim
    pair = 2 * shape.query_heads * (query + shape.mla_value_dim)
    on_compressed = 2 * shape.query_heads * (2 * shape.mla_kv_lora_rank + shape.mla_rope_dim)
    params = to_queries + shape.hidden_dim * cache + up + out
    return params, cache, pair, on_compressed / cache


def total_params(model: Sizes) -> float:
    """All parameters, embeddings included."""
    return layer_params(model) + model.embedding_params


def layer_params(model: Sizes) -> float:
    """The parameters that quantisation makes smaller: all but embeddings and head."""
    return model.always_params + model.experts * model.expert_params


def active_params(model: Sizes) -> float:
    """The parameters of layers that one token uses."""
    return model.always_params + model.experts_per_token * model.expert_params


def cache_elements(model: Sizes, context: float) -> float:
    """Elements in the KV cache of a sequence of so many tokens."""
    return model.full_cache * context + model.window_cache * smaller(context, model.window_tokens)


def attention_flops(model: Sizes, tokens: float, before: float) -> float:
    """FLOPs of attention of new tokens to each other and to those before them.

    A token sees, in the mean, all before and half of the new ones.
    """
    seen = before + tokens / 2
    window = smaller(seen, model.window_tokens)
    return tokens * (model.full_attention * seen + model.window_attention * window)
