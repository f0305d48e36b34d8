"""Computes the points of the grid with aiconfigurator-core, one estimate a point.

A ``Slice`` below is one replica: a model on GPUs in a precision, whose points are the product of
``INPUTS``, ``OUTPUTS`` and ``BATCHES``. A point is left out where it does not fit into the memory,
or where an operator that takes time was not measured.

How an estimate comes about. The engine runs steps; each generates a token for the requests in
flight and takes in prompts beside. A step takes as many whole prompts as requests end in it (batch
÷ output tokens, rounded up), within the ``STEP_TOKENS`` that TensorRT-LLM allows by default. The
package gives the time of a step with prompts and of one without, and from them throughput, TPOT
and TTFT. All prompts are processed in full (no prefix cache); attention of prompts is in BF16.
Where prompts cannot be taken in as fast as requests end, more requests only wait for longer, and
the package's TTFT leaves that wait out: such a point is left out too.
"""

import csv
import io
import logging
import math
import os
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import xlmodel.tables

TABLE = Path(xlmodel.tables.__file__).with_name("throughput_grid.csv")
VALID_FROM = "2026-08-31"  # the newest date of collection in the package's sidecars
CHECKED = "2026-11-25"
PACKAGE = "aiconfigurator-core"
VERSION = "0.12.0"
SOURCE = f"{PACKAGE} {VERSION} silicon"

INPUTS = (128, 1024, 4096, 16384)
OUTPUTS = (128, 512, 2048)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
STEP_TOKENS = 8192

COLUMNS = (
    *("model", "gpu", "gpus", "precision", "kv_precision"),
    *("input_tokens", "output_tokens", "batch", "engine"),
    *("output_tps", "ttft_ms", "tpot_ms", "valid_from", "checked", "source"),
)


class Model(NamedTuple):
    """A model as the package knows it; ``fp8`` is how its published FP8 weights are scaled."""

    path: str
    fp8: str = "fp8"
    moe: bool = False
    engine: str = "trtllm"


MODELS = {
    "Llama-3.1-8B": Model("meta-llama/Meta-Llama-3.1-8B"),
    "Llama-3.1-70B": Model("meta-llama/Meta-Llama-3.1-70B"),
    "Llama-3.1-405B": Model("meta-llama/Meta-Llama-3.1-405B"),
    "Qwen3-32B": Model("Qwen/Qwen3-32B", "fp8_block"),
    "Qwen3-30B-A3B": Model("Qwen/Qwen3-30B-A3B", "fp8_block", moe=True),
    "Qwen3-235B-A22B": Model("Qwen/Qwen3-235B-A22B", "fp8_block", moe=True),
    "DeepSeek-V3": Model("deepseek-ai/DeepSeek-V3", "fp8_block", moe=True),
    # TensorRT-LLM's experts in MXFP4 are not measured on Hopper.
    "gpt-oss-120b": Model("openai/gpt-oss-120b", moe=True, engine="vllm"),
}
GPUS = {
    "A100-80GB": "a100_sxm",
    "L40S": "l40s",
    "H100": "h100_sxm",
    "H200": "h200_sxm",
    "B200": "b200_sxm",
    "B300": "b300_sxm",
    "GB200": "gb200",
}
ENGINES = {"trtllm": "TensorRT-LLM", "vllm": "vLLM"}
KV_PRECISIONS = {"BF16": "BF16", "FP8": "FP8", "FP4": "FP8", "MXFP4": "BF16"}


class Slice(NamedTuple):
    """One replica: ``gpus`` GPUs, tensor parallel; "EP8" in ``engine`` spreads experts over 8."""

    model: str
    gpu: str
    gpus: int
    precision: str


REPLICAS = """
Llama-3.1-8B     A100-80GB BF16 1 | L40S FP8 1 | H100 FP8 1 | H200 FP8 1 | B200 FP8 1, FP4 1
Llama-3.1-8B     B300 FP8 1 | GB200 FP8 1
Llama-3.1-70B    A100-80GB BF16 8 | L40S FP8 8 | H100 FP8 4 8 | H200 FP8 2 8
Llama-3.1-70B    B200 FP8 1 8, FP4 1 | B300 FP8 8 | GB200 FP8 4, FP4 1
Llama-3.1-405B   H100 FP8 8 | H200 FP8 8 | B200 FP8 8, FP4 4 | B300 FP8 8 | GB200 FP4 4
Qwen3-32B        A100-80GB BF16 4 | L40S FP8 4 | H100 FP8 1 8 | H200 FP8 1 | B200 FP8 1
Qwen3-32B        B300 FP8 1 | GB200 FP8 1
Qwen3-30B-A3B    L40S FP8 2 | H100 FP8 1 | H200 FP8 1 | B200 FP8 1 | B300 FP8 1 | GB200 FP8 1
Qwen3-235B-A22B  A100-80GB BF16 8 | L40S FP8 8 | H100 FP8 8 | H200 FP8 8 | B200 FP8 4, FP4 4
Qwen3-235B-A22B  B300 FP8 4 | GB200 FP8 4
DeepSeek-V3      H200 FP8 8 | B200 FP8 8, FP4 8 | B300 FP8 8 | GB200 FP4 4
gpt-oss-120b     L40S MXFP4 4 | H100 MXFP4 2 8 | H200 MXFP4 1 | B200 MXFP4 1 8 | B300 MXFP4 1
gpt-oss-120b     GB200 MXFP4 1
"""
"""What the table covers: a model, then for each GPU the precisions, each with its GPU counts."""


def replicas() -> Iterator[Slice]:
    """The replicas of the table, in its order."""
    for line in REPLICAS.strip().splitlines():
        model, rest = line.split(maxsplit=1)
        for part in rest.split("|"):
            gpu, configurations = part.split(maxsplit=1)
            for configuration in configurations.split(","):
                precision, *counts = configuration.split()
                yield from (Slice(model, gpu, int(count), precision) for count in counts)


class Estimate(NamedTuple):
    """Output tokens/s of the replica, and the latencies of a request in ms."""

    output_tps: float
    ttft_ms: float
    tpot_ms: float


class Session(NamedTuple):
    """What the estimates of one replica share."""

    backend: Any
    model: Any
    database: Any
    engine: str
    bandwidth_bound: frozenset[str]
    """Operators that the package computes from the bandwidth: norms, activations, embedding."""


def quantization(one: Slice) -> tuple[str, str, str]:
    """The package's names for the precision of matrix products, experts and KV cache."""
    # TensorRT-LLM has no block-scaled experts on Ada.
    fp8 = "fp8" if one.gpu == "L40S" else MODELS[one.model].fp8
    return {
        "BF16": ("bfloat16", "bfloat16", "bfloat16"),
        "FP8": (fp8, fp8, "fp8"),
        "FP4": ("nvfp4", "nvfp4", "fp8"),
        "MXFP4": ("bfloat16", "w4a16_mxfp4", "bfloat16"),
    }[one.precision]


def expert_split(one: Slice) -> tuple[int, int]:
    """Into how many GPUs each expert's layers are cut, and over how many the experts are spread.

    The experts are spread, except gpt-oss's, which vLLM cuts by default.
    """
    model = MODELS[one.model]
    if not model.moe:
        return 1, 1
    return (one.gpus, 1) if model.engine == "vllm" else (1, one.gpus)


@cache
def session(one: Slice) -> Session:
    """The package's model and database of a replica; it is slow the first time for a GPU."""
    from aiconfigurator_core.sdk.backends.factory import get_backend
    from aiconfigurator_core.sdk.config_builders import build_model_config
    from aiconfigurator_core.sdk.models import get_model
    from aiconfigurator_core.sdk.perf_database import get_database_view

    logging.disable(logging.WARNING)  # it logs at length which tables it reads
    model = MODELS[one.model]
    database = get_database_view(
        *(GPUS[one.gpu], model.engine, "current"), database_mode="SILICON", transfer_policy="off"
    )
    products, experts, cached = quantization(one)
    tp, ep = expert_split(one)
    config = build_model_config(
        *(one.gpus, 1, 1, tp, ep), products, cached, "bfloat16", experts, "half"
    )
    built = get_model(model.path, config, model.engine)
    name = f"{ENGINES[model.engine]} {database.version}"
    return Session(
        backend=get_backend(model.engine),
        model=built,
        database=database,
        engine=name + (f" EP{ep}" if ep > 1 else ""),
        bandwidth_bound=frozenset(
            operator._name
            for operator in (*built.context_ops, *built.generation_ops)
            if type(operator).__name__ in ("ElementWise", "Embedding")
        ),
    )


def estimate(
    model: str,
    gpu: str,
    gpus: int,
    precision: str,
    input_tokens: int,
    output_tokens: int,
    batch: int,
) -> Estimate | None:
    """One estimate; None where it does not fit or is not measured."""
    from aiconfigurator_core.sdk.config import RuntimeConfig
    from aiconfigurator_core.sdk.errors import PerfDataNotAvailableError

    one = session(Slice(model, gpu, gpus, precision))
    runtime = RuntimeConfig(batch_size=batch, isl=input_tokens, osl=output_tokens)
    step_tokens = tokens_a_step(input_tokens, output_tokens, batch)
    if input_tokens * batch > output_tokens * step_tokens:
        return None  # more requests than prefill keeps up with
    try:
        summary = one.backend.run_agg(one.model, one.database, runtime, ctx_tokens=step_tokens)
    except PerfDataNotAvailableError:
        return None
    if summary.check_oom() or summary.check_kv_cache_oom() or not measured(one, summary):
        return None
    result = summary.get_result_dict()
    return Estimate(*(float(result[key]) for key in ("tokens/s", "ttft", "tpot")))


def tokens_a_step(input_tokens: int, output_tokens: int, batch: int) -> int:
    """How many tokens of prompts a step takes in.

    The only request in flight takes one step, as the package counts one step for it whatever its
    length.

    >>> tokens_a_step(1024, 512, 64), tokens_a_step(1024, 128, 512), tokens_a_step(16384, 128, 64)
    (1024, 4096, 8192)
    """
    if batch == 1:
        return input_tokens
    return min(STEP_TOKENS, input_tokens * math.ceil(batch / output_tokens))


def measured(one: Session, summary: Any) -> bool:
    """Whether each operator that takes time is measured, or is bound by bandwidth alone.

    A "mixed" operator is a measured one with a bandwidth-bound part.
    """
    times = summary.get_per_ops_data()
    return all(
        source in ("silicon", "mixed") or name in one.bandwidth_bound or not times[step].get(name)
        for step, sources in summary.get_per_ops_source().items()
        for name, source in sources.items()
    )


def rows(one: Slice) -> Iterator[list[str]]:
    """The rows of a replica."""
    head = [one.model, one.gpu, f"{one.gpus}", one.precision, KV_PRECISIONS[one.precision]]
    tail = [VALID_FROM, CHECKED, SOURCE]
    for inputs, outputs, batch in product(INPUTS, OUTPUTS, BATCHES):
        found = estimate(*one, inputs, outputs, batch)
        if found:
            point = [f"{inputs}", f"{outputs}", f"{batch}", session(one).engine]
            yield [*head, *point, *map(rounded, found), *tail]


def rounded(value: float) -> str:
    """To 4 significant digits.

    >>> rounded(12345.6), rounded(0.123456)
    ('12350', '0.1235')
    """
    return f"{float(f'{value:.4g}'):.12g}"


def write(lines: list[list[str]]) -> None:
    """Replaces the table in one step."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([list(COLUMNS), *lines])
    new = TABLE.with_suffix(".new")
    new.write_text(text.getvalue(), encoding="utf-8", newline="")
    os.replace(new, TABLE)  # noqa: PTH105
