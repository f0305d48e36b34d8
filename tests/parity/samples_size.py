"""Good calls of the functions of module ``size`` that take names."""

from typing import Final

Args = tuple[object, ...]

_BENCHMARKS: Final = [
    [
        *("model", "gpu", "gpus", "precision", "input_tokens", "output_tokens", "batch"),
        *("output_tps", "ttft_ms", "tpot_ms"),
    ],
    ["Llama-3.1-70B", "H200", 4.0, "FP8", 1000.0, 500.0, 64.0, 2000.0, 200.0, 31.5],
]
_OWN_MODELS: Final = [
    ["model", "layers", "hidden_dim", "query_heads", "kv_heads", "ffn_dim", "vocab"],
    ["Next-7B", 32.0, 4096.0, 32.0, 8.0, 14336.0, 128256.0],
]
_NODE = ("Llama-3.1-8B", "H100", 2.0, 2048.0, 256.0)
_RULES = (0.5, 0.25, 0.1, 50.0, 100.0, 5000.0, "FP8", "auto", _BENCHMARKS)

CALLS: Final[dict[str, tuple[Args, ...]]] = {
    "DISTILLATION_BREAKEVEN": ((1e6, 2.0, 0.5), (5e5, 3.0, 0.25), (0.0, 1.5, 1.0)),
    "SIZE_MARGIN": (
        (*_NODE, 0.2, 0.4, 3.49, "FP8", 16.0, *_RULES),
        (
            *("Mixtral-8x7B", "B200", 1.0, 1024.0, 512.0, 0.5, 0.6, 6.0, "FP8", 8.0),
            *(0.9, 0.5, 0.05, 10.0, 200.0, 4000.0, "BF16", "physics", _BENCHMARKS),
        ),
        ("Llama-3.1-8B", "H100", 1.0, 512.0, 128.0, 0.1, 0.1, 2.0, "BF16", 32.0, *_RULES),
    ),
}

EXTRA: Final[dict[str, tuple[tuple[str, str, Args], ...]]] = {
    "SIZE_MARGIN": (
        ("value", "the largest batch", (*_NODE, 0.2, 0.4, 3.49)),
        ("value", "hits at the input price", (*_NODE, 0.2, 0.4, 3.49, "FP8", 16.0, 1.0, 0.5)),
        ("no solution", "too few GPUs", ("Llama-3.1-405B", "H100", 4.0, *_NODE[3:], 3.0, 3.0, 3.0)),
        ("own row", "of a model", (_OWN_MODELS, "H100", 1.0, *_NODE[3:], 0.2, 0.2, 3.49)),
        (
            "bad cell",
            "prices of which one is no number, hits by default at the same",
            (*_NODE, [[0.2], ["x"], [0.4]], 0.4, 3.49, "FP8", 16.0, 1.0, 0.5),
        ),
        (
            "measured",
            "own benchmark",
            (
                *("Llama-3.1-70B", "H200", 4.0, 1000.0, 500.0, 0.9, 0.9, 4.0, "FP8", 64.0),
                *(1.0, None, None, None, None, None, None, None, _BENCHMARKS),
            ),
        ),
    ),
    "OPTIMAL_PRICE": (
        ("no solution", "elasticity of 1", (2.0, 1.0)),
        ("no solution", "elasticity below 1", (2.0, 0.5)),
        ("no solution", "no marginal cost", (0.0, 2.0)),
    ),
    "DISTILLATION_BREAKEVEN": (("no solution", "student as dear", (1e6, 2.0, 2.0)),),
}
