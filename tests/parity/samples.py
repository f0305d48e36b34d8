"""Good calls of the functions whose values the kinds of their arguments don't tell.

Those are functions of texts, dates, tables and series; ``cases`` varies the calls given here.
"""

from enum import Enum
from typing import Final

from tests.parity import (
    samples_billing,
    samples_deals,
    samples_decoding,
    samples_size,
    samples_sourcing,
    samples_traffic,
    samples_value,
)
from xlmodel.registry import CellError


class Omitted(Enum):
    """The type of ``OMITTED``; an enumeration, so that ``is`` holds in another process too."""

    OMITTED = "omitted"


OMITTED: Final = Omitted.OMITTED

Cell = object
Args = tuple[Cell, ...]
Grid = list[list[Cell]]


GPU_PRICES: Final[Grid] = [
    ["gpu", "provider", "term", "usd_per_gpu_hour", "valid_from"],
    ["H100", "Lambda", "on-demand", 3.49, "2024-07-27"],
    ["H100", "Lambda", "on-demand", 3.99, 46305.0],
    ["H100", "Lepton AI", "on-demand", 2.8, 45500.0],
    ["H100", "Lambda", "spot", 1.75, "2024-08-01"],
    ["H200", "Lambda", "on-demand", 4.5, "2025-01-01"],
]
MODEL_PRICES: Final[Grid] = [
    ["model", "provider", "kind", "usd_per_mtok", "valid_from"],
    ["Llama-3.1-405B", "Lepton AI", "output", 2.8, "2024-07-27"],
    ["Llama-3.1-405B", "Lepton AI", "input", 2.75, 45500.0],
    ["Llama-3.1-405B", "Together AI", "output", 3.5, 45841.0],
    ["DeepSeek-R1", "DeepSeek", "output", 2.19, "2025-01-20"],
]

OWN_MODELS: Final[Grid] = [
    ["model", "layers", "hidden_dim", "query_heads", "kv_heads", "ffn_dim", "vocab"],
    ["Next-7B", 32.0, 4096.0, 32.0, 8.0, 14336.0, 128256.0],
]
OWN_GPUS: Final[Grid] = [
    ["gpu", "hbm_gb", "hbm_gb_per_s", "bf16_dense_tflops", "scaleup_gb_per_s"],
    ["Next", 288.0, 20000.0, 4000.0, 1800.0],
]
BENCHMARKS: Final[Grid] = [
    [
        *("model", "gpu", "gpus", "precision", "input_tokens", "output_tokens", "batch"),
        *("output_tps", "ttft_ms", "tpot_ms"),
    ],
    ["Llama-3.1-70B", "H200", 4.0, "FP8", 1000.0, 500.0, 32.0, 1200.0, 150.0, 26.0],
    ["Llama-3.1-70B", "H200", 4.0, "FP8", 1000.0, 500.0, 64.0, 2000.0, 200.0, 31.5],
]

_MODEL_ON_GPU = ("Llama-3.1-8B", "H100")
_OTHER_MODEL = ("Mixtral-8x7B", "B200")
_EFFICIENCIES = (0.6, 0.8, 60.0, 4.0, 12.0, 0.7)
_OTHERS = (0.5, 0.9, 30.0, 8.0, 10.0, 0.8)


def _of_traffic(*middle: Cell, other: Args) -> tuple[Args, ...]:
    """Good calls of a function of a replica under traffic."""
    behind = ("FP8", "auto", BENCHMARKS, *_EFFICIENCIES)
    return (
        (*_MODEL_ON_GPU, 2.0, 2048.0, 256.0, "FP8", *middle, *behind),
        (*_OTHER_MODEL, 1.0, 1024.0, 512.0, "FP8", *other, "BF16", "physics", BENCHMARKS, *_OTHERS),
        (*_MODEL_ON_GPU, 1.0, 512.0, 128.0, "BF16", *middle, *behind),
    )


CALLS: Final[dict[str, tuple[Args, ...]]] = {
    **samples_sourcing.CALLS,
    **samples_value.CALLS,
    **samples_billing.CALLS,
    **samples_deals.CALLS,
    **samples_decoding.CALLS,
    "GPU_PRICE": (
        (GPU_PRICES, "H100", "Lambda", "on-demand", "2024-12-31"),
        (GPU_PRICES, "H100", "Lambda", "spot", 46400.0),
        (GPU_PRICES, "H200", "Lambda", "on-demand", 46000.5),
    ),
    "MODEL_PRICE": (
        (MODEL_PRICES, "Llama-3.1-405B", "Lepton AI", "output", "2024-12-31"),
        (MODEL_PRICES, "Llama-3.1-405B", "Lepton AI", "input", 45500.0),
        (MODEL_PRICES, "DeepSeek-R1", "DeepSeek", "output", 46000.0),
    ),
    "GPU_SPEC": (("H100", "hbm_gb"), ("H200", "tdp_w"), ("H100", "source")),
    "MODEL_SPEC": (
        ("Llama-3.1-405B", "layers"),
        ("Llama-3.1-405B", "params_total_b"),
        ("Llama-3.1-405B", "source"),
    ),
    "MIXED_GPU_HOUR": (
        ([[3.49], [1.5]], [[0.6], [0.4]], [[0.0], [0.1]]),
        ([[3.49, 2.5, 1.5]], [[0.5, 0.25, 0.25]], [[0.0, 0.0, 0.2]]),
        ([[3.49], [1.5]], [[0.3, 0.7]], [[0.05], [0.1]]),
    ),
    "KV_BYTES_PER_TOKEN": (
        ("Llama-3.1-8B", "FP8", 4096.0),
        ("DeepSeek-V3", "BF16", 1.0),
        ("gpt-oss-20b", "BF16", 100000.0),
    ),
    "MIN_GPUS": (
        (*_MODEL_ON_GPU, "FP8", 4096.0, 8.0, "BF16"),
        (*_OTHER_MODEL, "FP4", 2048.0, 64.0, "FP8"),
        ("Llama-3.1-405B", "H200", "BF16", 100000.0, 4.0, "BF16"),
    ),
    "MAX_BATCH": (
        (*_MODEL_ON_GPU, 2.0, 4096.0, "FP8", "BF16"),
        (*_OTHER_MODEL, 1.0, 2048.0, "FP4", "FP8"),
        ("Qwen3-235B-A22B", "H200", 8.0, 10000.0, "FP8", "FP8"),
    ),
    "DECODE_TPS": (
        (*_MODEL_ON_GPU, 2.0, 16.0, 4096.0, "FP8", "BF16", *_EFFICIENCIES),
        (*_OTHER_MODEL, 1.0, 64.0, 2048.0, "FP4", "FP8", *_OTHERS),
        ("gpt-oss-120b", "MI300X", 2.0, 4.0, 8192.0, "BF16", "BF16", *_EFFICIENCIES),
    ),
    "PREFILL_TPS": (
        (*_MODEL_ON_GPU, 2.0, 4096.0, "FP8", 0.6, 60.0, 12.0, 0.7),
        (*_OTHER_MODEL, 1.0, 2048.0, "FP4", 0.5, 30.0, 10.0, 0.8),
        ("Llama-3.1-70B", "A100-80GB", 4.0, 512.0, "BF16", 0.7, 40.0, 15.0, 0.5),
    ),
    "VERIFY_COST": (
        (*_MODEL_ON_GPU, 2.0, 16.0, 4096.0, 4.0, "FP8", "BF16"),
        (*_OTHER_MODEL, 1.0, 64.0, 2048.0, 2.0, "FP4", "FP8"),
        ("DeepSeek-V3", "H200", 8.0, 32.0, 4096.0, 1.0, "FP8", "BF16"),
    ),
    "NODE_TPS": _of_traffic(*(16.0, 0.25, 100.0, 5000.0), other=(8.0, 0.5, 200.0, 4000.0)),
    "NODE_BATCH": _of_traffic(*(0.25, 30.0, 5000.0), other=(0.5, 60.0, 4000.0)),
    "TTFT": _of_traffic(*(16.0, 0.25), other=(8.0, 0.5)),
    "TPOT": _of_traffic(*(16.0, 0.25), other=(8.0, 0.5)),
    "THROUGHPUT_ERROR": (
        ("Llama-3.1-8B", "H100", "FP8"),
        ("Llama-3.1-70B", "L40S", "FP8"),
        ("Qwen3-32B", "B200", "FP4"),
    ),
    **samples_size.CALLS,
    "ACTIVE_EXPERT_SHARE": ((256.0, 8.0, 64.0), (128.0, 1.0, 4.0), (8.0, 2.0, 1.5)),
    **samples_traffic.CALLS,
    "XLMODEL_VERSION": ((),),
    "XLMODEL_EXPLAIN": (("NODE_COST", 8.0, 3.49), ("TOKENS_PER_DAY", 300.0, 10.0)),
}
"""Good calls with every argument given; the first is what the other cases vary.

Each number of the others must also be good in the first one, for ranges are made of them.
"""


def _with(table: Grid, row: int, column: int, value: Cell) -> Grid:
    """The table with one cell changed."""
    changed = [list(line) for line in table]
    changed[row][column] = value
    return changed


def _of_prices(table: Grid) -> tuple[tuple[str, str, Args], ...]:
    """Look-ups in a price table (key, provider, way, price, valid_from), from its first row on."""
    key, provider, way = table[1][:3]
    day = 45600.0  # the first row's price is the one that counts

    def first_row(column: int, value: Cell) -> Args:
        return (_with(table, 1, column, value), key, provider, way, day)

    div0 = CellError("#DIV/0!")
    days: Grid = [[45600.0], [None], ["soon"], [46400.0]]
    return (
        ("value", "median of providers", (table, key)),
        ("value", "median of providers on a day", (table, key, OMITTED, OMITTED, 45900.0)),
        ("miss", "day before the first row", (table, key, provider, way, 45000.0)),
        ("miss", "table without rows", (table[:1], key)),
        ("table", "columns in another order", ([row[::-1] for row in table], key, provider)),
        ("table", "one more column", ([["x", *row] for row in table], key, provider)),
        ("table", "header in capitals", (_with(table, 0, 0, f" {table[0][0]} ".upper()), key)),
        ("table", "two blank columns", ([[*row, None, None] for row in table], key, provider)),
        ("table", "two notes", ([["note", *row, "note"] for row in table], key, provider)),
        ("table", "blank row", ([*table, [None] * 5], key, provider)),
        ("table", "error in another row's price", (_with(table, 4, 3, div0), key, provider)),
        ("table", "error in another row's provider", (_with(table, 4, 1, div0), key, provider)),
        ("table", "a provider is an error", (_with(table, 3, 1, div0), key)),
        (
            "table",
            "a provider is an error, in a later row",
            (_with(table, 3, 1, div0), key, None, None, 45500.0),
        ),
        ("table", "error in another row's name", (_with(table, 4, 0, div0), key, provider)),
        ("table", "price is text", first_row(3, "free")),
        ("table", "price is zero", first_row(3, 0.0)),
        ("table", "price is blank", first_row(3, None)),
        ("table", "price is TRUE", first_row(3, True)),
        ("table", "price is an error", first_row(3, div0)),
        ("table", "date is text", first_row(4, "soon")),
        ("table", "date is blank", first_row(4, None)),
        ("table", "date is an error", first_row(4, div0)),
        ("table", "date with spaces", first_row(4, " 2024-07-27 ")),
        ("grid", "names by providers", (table, [[key], [f" {key} "], ["x"]], [[provider, None]])),
        (
            "grid",
            "names and days by providers",
            (table, [[key], [None], [key], [7.0]], [[provider, None, div0]], None, days),
        ),
    )


def _own(**cells: Cell) -> Grid:
    """A model of one's own with some cells added or changed."""
    row = {**dict(zip(OWN_MODELS[0], OWN_MODELS[1], strict=True)), **cells}
    return [list(row), list(row.values())]


def _measured() -> tuple[tuple[str, str, Args], ...]:
    """Calls that the user's own benchmarks or the grid answer."""
    mine = ("Llama-3.1-70B", "H200", 4.0, 1000.0, 500.0, "FP8")

    na = CellError("#N/A")
    other: list[Cell] = [
        "Llama-3.1-8B",
        "H200",
        4.0,
        "FP8",
        1000.0,
        500.0,
        64.0,
        "soon",
        None,
        None,
    ]

    def call(batch: Cell, basis: Cell, hit_rate: Cell = 0.0, table: Grid = BENCHMARKS) -> Args:
        return (*mine, batch, hit_rate, None, None, None, basis, table)

    def of_grid(input_tokens: float) -> Args:
        place = ("Llama-3.1-70B", "H200", 2.0, input_tokens, 512.0, "FP8", 32.0, 0.0)
        return (*place, None, None, None, "grid")

    return (
        ("measured", "own benchmark", call(64.0, None)),
        ("measured", "between own benchmarks", call(48.0, "auto")),
        ("measured", "the largest of the own", call(None, "auto")),
        ("measured", "own, but physics wanted", call(64.0, "physics")),
        ("measured", "own, but with cache hits", call(64.0, "auto", 0.5)),
        (
            "measured",
            "the grid",
            of_grid(2048.0),
        ),
        (
            "measured",
            "beyond the grid",
            of_grid(2e6),
        ),
        ("measured", "no such basis", call(64.0, "guess")),
        (
            "measured",
            "a bad row of the same",
            call(64.0, "auto", table=_with(BENCHMARKS, 2, 7, "x")),
        ),
        (
            "measured",
            "a blank in the same",
            call(64.0, "auto", table=_with(BENCHMARKS, 2, 6, None)),
        ),
        ("measured", "a bad row of another", call(64.0, "auto", table=[*BENCHMARKS, other])),
        (
            "measured",
            "another number of GPUs",
            call(64.0, "auto", table=_with(BENCHMARKS, 2, 2, 8.0)),
        ),
        ("measured", "an error in a name", call(64.0, "auto", table=_with(BENCHMARKS, 2, 1, na))),
        (
            "measured",
            "an error in another name",
            call(64.0, "auto", table=[*BENCHMARKS, [na, *other[1:]]]),
        ),
        ("measured", "an error in a rate", call(64.0, "auto", table=_with(BENCHMARKS, 2, 7, na))),
        (
            "measured",
            "an error in another rate",
            call(64.0, "auto", table=[*BENCHMARKS, [*other[:7], na, None, None]]),
        ),
        (
            "measured",
            "an error in another count",
            call(64.0, "auto", table=[*BENCHMARKS, [*other[:2], na, *other[3:]]]),
        ),
        ("measured", "no latency", call(None, "auto", table=_with(BENCHMARKS, 2, 8, None))),
        (
            "measured",
            "no latency, but a limit",
            (
                *call(None, "auto", table=_with(BENCHMARKS, 2, 9, None))[:8],
                50.0,
                None,
                None,
                "auto",
                _with(BENCHMARKS, 2, 9, None),
            ),
        ),
        (
            "measured",
            "a long column",
            (
                *mine[:5],
                "FP8",
                [[32.0 + i % 40] for i in range(59)] + [[None]],
                0.0,
                None,
                None,
                None,
                "auto",
                BENCHMARKS,
            ),
        ),
        (
            "measured",
            "a model of one's own on the grid",
            (OWN_MODELS, "H200", 2.0, 2048.0, 512.0, "FP8", 32.0, 0.0, None, None, None, "grid"),
        ),
        ("measured", "a blank row", call(64.0, "auto", table=[*BENCHMARKS, [None] * 10])),
    )


EXTRA: Final[dict[str, tuple[tuple[str, str, Args], ...]]] = {
    **samples_sourcing.EXTRA,
    **samples_value.EXTRA,
    **samples_billing.EXTRA,
    **samples_deals.EXTRA,
    **samples_decoding.EXTRA,
    **samples_traffic.EXTRA,
    "GPU_PRICE": _of_prices(GPU_PRICES),
    "MODEL_PRICE": _of_prices(MODEL_PRICES),
    "GPU_SPEC": (("miss", "not published", ("A100-80GB", "fp8_dense_tflops")),),
    "MODEL_SPEC": (("miss", "does not apply", ("Llama-3.1-405B", "experts")),),
    "MIXED_GPU_HOUR": (
        ("value", "single numbers", (3.49, 1.0, 0.5)),
        ("value", "a column beside rows", ([[3.49], [1.5]], [[0.6, 0.4]], [[0.0, 0.1]])),
        ("value", "no losses", ([[3.49, 1.5]], [[0.6, 0.4]])),
        ("value", "a single number and no losses", (3.49, 1.0, None)),
        ("no solution", "shares below 1", ([[3.49, 1.5]], [[0.6, 0.3]])),
        ("no solution", "shares above 1", ([[3.49, 1.5]], [[0.6, 0.5]])),
        ("wrong type", "fewer prices than shares", ([[3.49, 1.5]], [[0.6, 0.3, 0.1]])),
        ("wrong type", "fewer losses than prices", ([[3.49, 1.5]], [[0.6, 0.4]], [[0.1]])),
    ),
    "MAX_BATCH": (
        ("no solution", "too few GPUs", ("Llama-3.1-405B", "H100", 4.0, 2048.0, "FP8")),
        (
            "no solution",
            "no such precision on it",
            ("Llama-3.1-8B", "A100-80GB", 1.0, 2048.0, "FP8"),
        ),
        ("no solution", "context too long", (*_MODEL_ON_GPU, 1.0, 200000.0)),
        ("no solution", "beyond the fast link", (*_MODEL_ON_GPU, 16.0, 2048.0)),
        ("no solution", "half a GPU more", (*_MODEL_ON_GPU, 1.5, 2048.0)),
        ("own row", "of a model", (OWN_MODELS, "H100", 1.0, 2048.0)),
        ("own row", "of a GPU", ("Llama-3.1-8B", OWN_GPUS, 2.0, 2048.0, "BF16")),
        (
            "own row",
            "more window layers than layers",
            (_own(window_layers=60.0, window_tokens=512.0), "H100", 1.0, 2048.0),
        ),
        ("own row", "all layers linear", (_own(linear_attention_layers=32.0), "H100", 1.0, 2048.0)),
        ("own row", "experts, but none used", (_own(experts=8.0), "H100", 1.0, 2048.0)),
        (
            "own row",
            "more experts used than there are",
            (_own(experts=8.0, experts_per_token=16.0), "H100", 1.0, 2048.0),
        ),
        ("own row", "experts", (_own(experts=8.0, experts_per_token=2.0), "H200", 1.0, 2048.0)),
        (
            "own row",
            "a window",
            (_own(window_layers=16.0, window_tokens=512.0), "H100", 1.0, 2048.0),
        ),
        ("own row", "a window of no length", (_own(window_layers=16.0), "H100", 1.0, 2048.0)),
        (
            "own row",
            "dense layers of no width",
            (_own(experts=8.0, experts_per_token=2.0, dense_layers=2.0), "H100", 1.0, 2048.0),
        ),
        (
            "own row",
            "key-value heads that do not divide",
            (_own(kv_heads=7.0), "H100", 1.0, 2048.0),
        ),
        ("own row", "a window without layers", (_own(window_tokens=512.0), "H100", 1.0, 2048.0)),
        ("own row", "a latent rank alone", (_own(mla_kv_lora_rank=512.0), "H100", 1.0, 2048.0)),
        ("own row", "no heads", (_own(query_heads=0.0), "H100", 1.0, 2048.0)),
        (
            "own row",
            "no bandwidth",
            ("Llama-3.1-8B", _with(OWN_GPUS, 1, 2, 0.0), 1.0, 2048.0, "BF16"),
        ),
        ("no solution", "GPUs that do not divide the heads", (*_MODEL_ON_GPU, 3.0, 2048.0)),
        ("own row", "a number as text", (_with(OWN_MODELS, 1, 1, "32"), "H100", 1.0, 2048.0)),
        ("own row", "below zero", (_with(OWN_MODELS, 1, 1, -1.0), "H100", 1.0, 2048.0)),
        ("own row", "a blank layer", (_with(OWN_MODELS, 1, 1, None), "H100", 1.0, 2048.0)),
        (
            "own row",
            "an error",
            (_with(OWN_MODELS, 1, 1, CellError("#DIV/0!")), "H100", 1.0, 2048.0),
        ),
    ),
    "NODE_TPS": (
        (
            "no solution",
            "slower than allowed",
            (*_MODEL_ON_GPU, 1.0, 2048.0, 128.0, "FP8", None, 0.0, 1.0),
        ),
        ("value", "the largest batch", (*_MODEL_ON_GPU, 1.0, 2048.0, 128.0)),
        ("value", "a latency limit", (*_MODEL_ON_GPU, 1.0, 2048.0, 128.0, "FP8", None, 0.0, 20.0)),
        (
            "bad cell",
            "GPUs of which some are too few",
            ("Llama-3.1-405B", "H100", [[1.0], [8.0]] * 30, 2048.0, 128.0),
        ),
        (
            "bad cell",
            "contexts of which some are too long",
            (*_MODEL_ON_GPU, 1.0, [[2048.0], [2e5]] * 30, 128.0, "FP8", None, 0.0, 100.0),
        ),
        *_measured(),
        ("own row", "of a model", (OWN_MODELS, "H100", 1.0, 2048.0, 128.0)),
        ("own row", "of a GPU", ("Llama-3.1-8B", OWN_GPUS, 2.0, 2048.0, 128.0, "BF16", 8.0)),
        ("own row", "two models", ([*OWN_MODELS, *OWN_MODELS[1:]], "H100", 1.0, 2048.0, 128.0)),
    ),
    "THROUGHPUT_ERROR": (
        ("miss", "borrowed", ("Llama-3.1-8B", "MI300X", "FP8")),
        ("miss", "nothing published in it", ("Llama-3.1-8B", "H100", "INT4")),
        ("miss", "experts", ("Mixtral-8x7B", "H100", "FP8")),
    ),
    **samples_size.EXTRA,
    "ACTIVE_EXPERT_SHARE": (("no solution", "more than all", (8.0, 9.0, 4.0)),),
    "XLMODEL_EXPLAIN": (
        ("explained", "throughput", ("NODE_TPS", *_MODEL_ON_GPU, 1.0, 2048.0, 128.0)),
        ("explained", "out of range", ("NODE_MARGIN", 300.0, 10.0, 2.8, 2.8, 8.0, 3.49, 85.0)),
        ("explained", "wrong type", ("NODE_COST", "8", True)),
        ("explained", "division by zero", ("COST_PER_MTOK", 670.08, 0.0)),
        ("explained", "error in", ("NODE_COST", CellError("#DIV/0!"), 3.49)),
        ("explained", "blank", ("NODE_COST", None, 3.49)),
        ("explained", "default", ("NODE_COST", 8.0, 3.49, None, 100.0)),
        ("explained", "left out", ("NODE_COST", 8.0, 3.49, OMITTED, 100.0)),
        ("explained", "too few", ("NODE_COST",)),
        ("explained", "too many", ("NODE_COST", 8.0, 3.49, 24.0, 0.0, 1.0)),
        ("explained", "column", ("NODE_COST", [[8.0], [16.0]], 3.49)),
        ("explained", "row", ("NODE_COST", [[8.0, 16.0]], 3.49)),
        ("explained", "table", ("GPU_PRICE", GPU_PRICES, "H100", "Lambda")),
        ("explained", "miss", ("GPU_SPEC", "H1000", "hbm_gb")),
        ("explained", "series", ("MIXED_GPU_HOUR", [[3.49], [1.5]], [[0.6], [0.3]])),
    ),
}
"""What kinds of arguments can't tell: kind, what is special, arguments."""
