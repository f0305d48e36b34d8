"""Good calls of the functions of speculative decoding, for ``samples``."""

from typing import Any, Final

_MODEL_ON_GPU = ("Llama-3.1-70B", "H100")
_DRAFTED = (4.0, 3.0)
_HEAD: Final[list[list[Any]]] = [
    ["model", "layers", "hidden_dim", "query_heads", "kv_heads", "ffn_dim", "vocab"],
    ["a head", 1.0, 8192.0, 64.0, 8.0, 28672.0, 128256.0],
]


def _of_traffic(*middle: Any, other: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
    """Good calls of a replica under traffic that drafts."""
    traffic = (4.0, 2048.0, 256.0, "Llama-3.1-8B", *_DRAFTED)
    return (
        (*_MODEL_ON_GPU, *traffic, "FP8", *middle, "FP8", "BF16"),
        (
            *("Qwen3-235B-A22B", "B200", 4.0, 1024.0, 512.0, "Qwen3-0.6B", 2.0, 1.5),
            *("FP8", *other, "BF16", "FP8"),
        ),
        (
            *_MODEL_ON_GPU,
            8.0,
            512.0,
            128.0,
            "Llama-3.1-8B",
            3.0,
            2.5,
            "BF16",
            *middle,
            *("FP8",) * 2,
        ),
    )


CALLS: Final[dict[str, tuple[tuple[Any, ...], ...]]] = {
    "MEASURED_ACCEPTED_LENGTH": (
        ("DeepSeek-V4-Pro MTP thinking on", 8.0),
        ("Kimi-EAGLE", 2.5),
        ("qwen mtp off", 0.0),
    ),
    "DRAFT_COST": (
        (*_MODEL_ON_GPU[:1], "Llama-3.1-8B", "H100", 4.0, 16.0, 4096.0, "FP8", "BF16", "BF16"),
        ("Qwen3-235B-A22B", "Qwen3-0.6B", "B200", 4.0, 64.0, 2048.0, "FP4", "FP8", "FP8"),
        ("DeepSeek-V3", "Llama-3.1-8B", "H200", 8.0, 32.0, 4096.0, "FP8", "FP8", "BF16"),
    ),
    "DRAFT_HEAD_COST": (("DeepSeek-V3", 1.0), ("Llama-3.1-70B", 2.0), ("Kimi-K2", 0.0)),
    "SPECULATIVE_TPS": _of_traffic(*(16.0, 0.25, 100.0), other=(8.0, 0.5, 200.0)),
    "SPECULATIVE_BATCH": _of_traffic(*(0.25, 60.0), other=(0.5, 100.0)),
    "PREFILL_SHARE": (
        (*_MODEL_ON_GPU, 4.0, 2048.0, 256.0, "FP8", 16.0, 0.25, "BF16"),
        ("Mixtral-8x7B", "B200", 2.0, 1024.0, 512.0, "FP8", 8.0, 0.5, "BF16"),
        ("Llama-3.1-405B", "H100", 8.0, 2048.0, 128.0, "FP8", 48.0, 0.0, "FP8"),
    ),
}
"""Good calls with every argument given; the first is what the other cases vary."""

EXTRA: Final[dict[str, tuple[tuple[str, str, tuple[Any, ...]], ...]]] = {
    "MEASURED_ACCEPTED_LENGTH": (
        ("miss", "more than was measured", ("GLM-MTP", 8.5)),
        ("miss", "no such method", ("n-gram", 2.0)),
    ),
    "DRAFT_COST": (
        (
            "no solution",
            "no memory for both",
            ("Llama-3.1-70B", "Llama-3.1-70B", "H100", 1.0, 1.0, 100.0, "FP8"),
        ),
        (
            "no solution",
            "a batch too large",
            (*_MODEL_ON_GPU[:1], "Llama-8B", "H100", 2.0, 1e4, 1e3),
        ),
        ("own row", "of a head", (*_MODEL_ON_GPU[:1], _HEAD, "H100", 4.0, 8.0, 1e3)),
    ),
    "SPECULATIVE_TPS": (
        (
            "no solution",
            "more accepted than drafted",
            (*_MODEL_ON_GPU, 4.0, 1e3, 1e2, "Llama-8B", 2.0, 3.5),
        ),
        (
            "no solution",
            "less than one a step",
            (*_MODEL_ON_GPU, 4.0, 1e3, 1e2, "Llama-8B", 2.0, 0.5),
        ),
        ("value", "the largest batch", (*_MODEL_ON_GPU, 4.0, 1e3, 1e2, "Llama-8B", 2.0, 2.5)),
        (
            "value",
            "the largest that is quick enough",
            (*_MODEL_ON_GPU, 4.0, 1e3, 1e2, "Llama-8B", 2.0, 2.5, "FP8", None, 0.0, 60.0),
        ),
        (
            "no solution",
            "too slow alone",
            (*_MODEL_ON_GPU, 4.0, 1e3, 1e2, "Llama-8B", 2.0, 2.5, "FP8", None, 0.0, 1.0),
        ),
        ("own row", "of a head", (*_MODEL_ON_GPU, 4.0, 1e3, 1e2, _HEAD, 2.0, 2.5, "FP8", 8.0)),
    ),
    "SPECULATIVE_BATCH": (
        ("value", "no limit", (*_MODEL_ON_GPU, 4.0, 1e3, 1e2, "Llama-8B", 2.0, 2.5)),
    ),
    "PREFILL_SHARE": (("value", "the largest batch", (*_MODEL_ON_GPU, 4.0, 1e3, 1e2)),),
}
"""What kinds of arguments can't tell: kind, what is special, arguments."""
