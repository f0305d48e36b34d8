"""Throughput: published values, textbook limits, laws, and what can't be."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlmodel
from tests.registry.test_laws import same
from xlmodel import tables
from xlmodel.registry import InputError

IDEAL = {
    "mfu": 1.0,
    "mbu": 1.0,
    "layer_overhead_us": 0.0,
    "sequence_overhead_us": 0.0,
    "allreduce_latency_us": 0.0,
    "link_efficiency": 1.0,
}
FOUNDING = ("Llama-3.1-405B", "H100", 8, 2048, 128, "FP8")
MODELS = ("Llama-3.1-8B", "Llama-3.1-70B", "Mixtral-8x7B", "gpt-oss-120b", "DeepSeek-V3")
GPUS = ("H100", "H200", "B200", "MI300X")


def scaling_book() -> list[dict[str, str]]:
    path = Path(__file__).parents[1] / "cases" / "scaling_book.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Published values


@pytest.mark.parametrize("row", scaling_book(), ids=lambda r: f"{r['kv_gb']}-{r['batch']}")
def test_steps_of_the_scaling_book(row: dict[str, str]) -> None:
    """26 GB of weights (13 × 10⁹ in BF16) on 8 chips of 820 GB/s and 200 TFLOP/s."""
    batch = float(row["batch"])
    step = xlmodel.roofline_step(batch, 13, 26, float(row["kv_gb"]), 8 * 200, 8 * 820)
    assert round(step, 2) == float(row["step_ms"])
    assert round(batch / step * 1000, 2) == float(row["tokens_per_s"])


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("Llama-3.1-8B", 131_072),
        ("Llama-3.1-70B", 327_680),
        ("Llama-3.1-405B", 516_096),
        ("DeepSeek-V3", 70_272),
    ],
)
def test_kv_bytes_per_token(model: str, expected: float) -> None:
    """Vendors' configurations; 516,096 as inferencebench.io lists it."""
    assert xlmodel.kv_bytes_per_token(model, "BF16") == expected
    assert xlmodel.kv_bytes_per_token(model, "FP8") == expected / 2


def test_layers_with_a_window_keep_no_more_than_that() -> None:
    """gpt-oss-120b: 18 of 36 layers keep 128 tokens; Llama 4: 36 of 48 keep 8,192."""
    whole = xlmodel.kv_bytes_per_token("gpt-oss-120b", "BF16", 100)
    long = xlmodel.kv_bytes_per_token("gpt-oss-120b", "BF16", 128_000)
    assert long == pytest.approx(whole / 2 * (1 + 128 / 128_000))
    scout = [xlmodel.kv_bytes_per_token("Llama-4-Scout", "BF16", n) for n in (8_192, 81_920)]
    assert scout[1] == pytest.approx(scout[0] * (12 + 36 / 10) / 48)


def test_mean_accepted_lengths_that_were_measured() -> None:
    """A constant chance overstates long drafts: SPEC-01, DeepSeek-V4-Pro MTP (InferenceX, 2026)."""
    assert xlmodel.accepted_length(0.79, 1) == pytest.approx(1.79)
    assert round(xlmodel.accepted_length(0.79, 8), 2) == 4.19  # measured: 2.58


# The founding case


def test_founding_case() -> None:
    """Quoted: 30 tokens/s alone, and 10 times that or more with many requests."""
    alone = xlmodel.node_tps(*FOUNDING, 1)
    assert alone == pytest.approx(30, rel=xlmodel.throughput_error("Llama-3.1-405B", "H100", "FP8"))
    assert xlmodel.node_tps(*FOUNDING, 10) / alone < 10
    assert xlmodel.node_tps(*FOUNDING, 32) / alone == pytest.approx(10, rel=0.05)


def test_founding_model_needs_fp8_on_that_node() -> None:
    assert xlmodel.min_gpus("Llama-3.1-405B", "H100", "FP8") == 8
    with pytest.raises(InputError, match="take a larger GPU or fewer bits"):
        xlmodel.max_batch("Llama-3.1-405B", "H100", 8, 2176, "BF16")


# The textbook's limits


def test_an_ideal_machine_reads_its_weights_once_a_step() -> None:
    """At batch 1 the step is weights and cache over bandwidth; the input embedding is not read."""
    read = (8.03e9 - 128_256 * 4096) * 2 + 131_072 * 1000
    step = 1 / xlmodel.decode_tps("Llama-3.1-8B", "H100", 1, 1, 1000, "BF16", **IDEAL)
    assert step == pytest.approx(read / 3350e9, rel=1e-3)


def test_an_ideal_machine_computes_two_flops_per_parameter() -> None:
    """At a large batch and a short context the peak rate decides."""
    flops = 2 * (8.03e9 - 2 * 128_256 * 4096)
    rate = xlmodel.prefill_tps(
        "Llama-3.1-8B", "H100", 1, 1, "BF16", 1.0, layer_overhead_us=0.0, allreduce_latency_us=0.0
    )
    assert rate == pytest.approx(989e12 / flops, rel=1e-3)


def test_colocated_and_disaggregated_serving_agree_on_the_work() -> None:
    """Without fixed costs a node's time is that of its prefill and its decode."""
    call = ("Llama-3.1-70B", "H100", 4)
    together = xlmodel.node_tps(*call, 1000, 500, "FP8", 64, **IDEAL)
    prefill = xlmodel.prefill_tps(
        *call, 1000, "FP8", 1, layer_overhead_us=0, allreduce_latency_us=0, link_efficiency=1
    )
    decode = xlmodel.decode_tps(*call, 64, 1250, "FP8", **IDEAL)
    assert xlmodel.disaggregated_nodes(2 * together, together, prefill, decode) == pytest.approx(1)


def test_verifying_costs_more_as_the_batch_grows() -> None:
    costs = xlmodel.verify_cost("Llama-70B", "H100", 4, [1, 16, 64, 256, 512], 1000, 4, "FP8")
    assert costs[0] < 1.05
    assert (np.diff(costs) > 0).all()
    gains = xlmodel.speculative_gain(xlmodel.accepted_length(0.7, 4), 4, 0.05, costs)
    assert gains[0] > 2
    assert gains[-1] < 1


# Laws

batches = st.floats(1, 40)
tokens = st.floats(16, 8000)
models = st.sampled_from(MODELS)
gpus = st.sampled_from(GPUS)


@settings(max_examples=60, deadline=None)
@given(models, gpus, tokens, tokens, batches, st.floats(0, 0.9))
def test_laws(
    model: str, gpu: str, inputs: float, outputs: float, batch: float, hits: float
) -> None:
    """More requests wait longer; hits, more bandwidth and more compute never serve less."""
    if gpu == "H100" and model == "DeepSeek-V3":
        gpu = "H200"  # it does not fit
    call = (model, gpu, 8, inputs, outputs, None)
    rate = xlmodel.node_tps(*call, batch)
    assert xlmodel.tpot(*call, batch * 1.5) >= xlmodel.tpot(*call, batch)
    assert xlmodel.node_tps(*call, batch, hits) >= rate * (1 - 1e-12)
    assert xlmodel.node_tps(*call, batch, mbu=1.0) >= rate
    assert xlmodel.node_tps(*call, batch, mfu=1.0) >= rate
    assert rate * xlmodel.tpot(*call, batch) / 1000 == pytest.approx(batch)


@settings(max_examples=25, deadline=None)
@given(models, st.lists(st.tuples(batches, tokens), min_size=1, max_size=4))
def test_range_equals_scalar(model: str, points: list[tuple[float, float]]) -> None:
    """Names and numbers as columns; long enough for the path with arrays."""
    rows = [(model, batch, inputs) for batch, inputs in points] * 20
    rows[3] = ("no such model", *rows[3][1:])
    names, batch, inputs = ([[row[i]] for row in rows] for i in range(3))
    together = xlmodel.node_tps.call_cells([names, "H200", 8, inputs, 200, None, batch])  # type: ignore[attr-defined]
    singly = [
        xlmodel.node_tps.call_cells([n, "H200", 8, i, 200, None, b])  # type: ignore[attr-defined]
        for n, b, i in rows
    ]
    assert all(same(a[0], b) for a, b in zip(together, singly, strict=True))


def test_latency_limits_are_kept_and_used_up() -> None:
    for limit in (40.0, 60.0, 120.0):
        call = (*FOUNDING[:3], 1000, 500, "FP8")
        batch = xlmodel.node_batch(*call, max_tpot_ms=limit)
        assert xlmodel.tpot(*call, batch) <= limit < xlmodel.tpot(*call, batch + 1)


# Names and own rows


@pytest.mark.parametrize("name", ["llama-3.1-405b", " Llama 3.1 405B", "LLAMA-405B"])
def test_usual_spellings(name: str) -> None:
    assert xlmodel.kv_bytes_per_token(name) == 516_096


def test_own_rows_equal_the_shipped_ones() -> None:
    """The shipped tables, handed over as tables of one's own."""
    models, gpus = tables.grid("model_specs"), tables.grid("gpu_specs")
    names = [row[0] for row in models[1:]]
    expected = xlmodel.min_gpus(names, "H200", "FP8")
    assert (xlmodel.min_gpus(models, "H200", "FP8") == expected).all()
    parts = [row[0] for row in gpus[1:]]
    expected = xlmodel.min_gpus("Llama-70B", parts, "BF16")
    assert (xlmodel.min_gpus("Llama-70B", gpus, "BF16") == expected).all()
    one = dict(zip(models[0], models[1], strict=True))
    assert xlmodel.min_gpus(one, "H200", "FP8") == xlmodel.min_gpus(names[0], "H200", "FP8")


# What can't be


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (("Llama-3.1-405B", "H100", 4, 2048), "#NUM!", "4 × H100 have .* 8 GPUs would hold it"),
        (("Llama-3.1-70B", "A100-80GB", 8, 2048, "FP8"), "#NUM!", "has no FP8, but has BF16"),
        (("Llama-3.1-8B", "H100", 1, 131_073), "#NUM!", "longer than the 131,072 of the model"),
        (("Llama-3.1-8B", "H100", 16, 2048), "#NUM!", "has 8 GPUs on one fast link"),
        (("Llama-3.1-8B", "TPU-v5e", 4, 2048), "#NUM!", "only 1 GPU is covered"),
        (("Llama-3.1-8B", "H100", 3, 2048), "#NUM!", "must divide the 32 attention heads"),
        (("Llama-3.1-8", "H100", 1, 2048), "#N/A", "nearest: Llama-3.1-8B"),
        (("Llama-3.1-8B", "H1000", 1, 2048), "#N/A", "nearest: H100"),
        (("Llama-3.1-8B", "H100", 1, 2048, "FP7"), "#N/A", "must be one of BF16"),
        ((7.0, "H100", 1, 2048), "#VALUE!", "in quotes"),
    ],
)
def test_impossible_requests_say_what_is_possible(
    call: tuple[object, ...], kind: str, words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        xlmodel.max_batch(*call)
    assert caught.value.kind == kind


def test_a_misspelt_heading_of_an_own_row_is_refused() -> None:
    mine = {"model": "Mine", "layers": 96, "hidden_dim": 9216, "query_heads": 72}
    mine |= {"ffn_dim": 24576, "vocab": 128000}
    with pytest.raises(InputError, match='"kv_headz": is kv_heads meant'):
        xlmodel.node_tps(mine | {"kv_headz": 8}, "B200", 8, 2048, 512)
    wanted = xlmodel.node_tps(mine | {"kv_heads": 8}, "B200", 8, 2048, 512)
    remarks = mine | {"kv_heads": 8, "kv_heads_2": 9, "params_total_b": 1, "my remark": "-"}
    assert xlmodel.node_tps(remarks, "B200", 8, 2048, 512) == wanted


def test_an_own_row_that_lacks_something_says_what() -> None:
    row = {"model": "Mine", "layers": 32, "hidden_dim": 4096, "ffn_dim": 14336, "vocab": 128_256}
    with pytest.raises(InputError, match="the row of model Mine has no query_heads"):
        xlmodel.kv_bytes_per_token(row)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("Llama-3.1-70B", "H200", 2, 1e6, 512), "covers .* for 128 to 16,384 input tokens"),
        (("Llama-3.1-70B", "H200", 4, 2048, 512), "but has 2, 8 GPUs"),
        (("Mixtral-8x7B", "H200", 2, 2048, 512), "its models are"),
        (("Llama-3.1-70B", "A100-80GB", 8, 2048, 512, "BF16", 16, 0.5), "without hits"),
    ],
)
def test_the_grid_is_never_extrapolated(place: tuple[object, ...], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        xlmodel.node_tps(*place, basis="grid")
    assert caught.value.kind == "#N/A"


def test_explain_says_where_a_figure_is_from() -> None:
    call = ("NODE_TPS", "Llama-3.1-70B", "H200", 2, 2048, 512, "FP8", 32, 0, None, None, None)
    assert "from the fitted physics" in xlmodel.xlmodel_explain(*call)
    assert "from the measured grid" in xlmodel.xlmodel_explain(*call, "grid")
    benchmarks = [
        [
            *("model", "gpu", "gpus", "precision", "input_tokens", "output_tokens", "batch"),
            *("output_tps", "ttft_ms", "tpot_ms"),
        ],
        ["llama 70b", "H200 SXM", 2, "fp8", 2048, 512, 32, 1000, 100, 30],
    ]
    assert "from your own benchmarks" in xlmodel.xlmodel_explain(*call, "auto", benchmarks)
    assert xlmodel.node_tps(*call[1:], "auto", benchmarks) == pytest.approx(1000)
    assert xlmodel.node_tps(*call[1:], "physics", benchmarks) != pytest.approx(1000)


def test_arrays_of_names_say_where_they_are_wrong() -> None:
    with pytest.raises(InputError, match=r'no gpu "H999" here.*\(at index 1\)'):
        xlmodel.max_batch("Llama-3.1-8B", ["H100", "H999"], 1, 2048)
    with pytest.raises(InputError, match=r"4000 tokens|does not fit.*\(at index 1\)"):
        xlmodel.decode_tps("Llama-3.1-8B", ["H100", "H100"], 1, [1, 1e5], 4000)
    with pytest.raises(InputError, match=r"batch is 0.*\(at index 2\)"):
        xlmodel.node_tps(*FOUNDING, [1.0, 2.0, 0.0], table=_benchmarks(1000))


def _benchmarks(*rates: object) -> list[list[object]]:
    head: list[object] = [
        *("model", "gpu", "gpus", "precision", "input_tokens", "output_tokens", "batch"),
        *("output_tps", "ttft_ms", "tpot_ms"),
    ]
    rows = (
        [*FOUNDING[:3], "FP8", 2048, 128, 2.0**i, rate, None, 30] for i, rate in enumerate(rates)
    )
    return [head, *rows]


def test_benchmarks_as_a_data_frame() -> None:
    """A blank is NaN there, and still a blank here."""
    head, *rows = _benchmarks(100, 150)
    frame = pd.DataFrame(rows, columns=head)  # type: ignore[arg-type]
    frame["kv_precision"] = [None, np.nan]
    assert xlmodel.node_tps(*FOUNDING, 2, table=frame) == pytest.approx(150)
    assert xlmodel.node_tps(*FOUNDING, table=frame) == pytest.approx(150)
    with pytest.raises(InputError, match="has no ttft_ms"):
        xlmodel.ttft(*FOUNDING, 2, table=frame)
    with pytest.raises(InputError, match="output_tps is blank in row 2 of the table"):
        xlmodel.node_tps(*FOUNDING, 2, table=_benchmarks(100, None))


def test_no_answer_depends_on_an_earlier_one() -> None:
    """True equals 1 to Python, but is no number in a cell."""
    row = {"model": "Mine", "layers": 32, "hidden_dim": 4096, "query_heads": 32}
    row |= {"ffn_dim": 14336, "vocab": 128_256}
    for _ in range(2):
        assert xlmodel.kv_bytes_per_token(row | {"tied_embeddings": 1}) > 0
        with pytest.raises(InputError, match="tied_embeddings is the logical value TRUE"):
            xlmodel.kv_bytes_per_token(row | {"tied_embeddings": True})
        assert xlmodel.node_tps(*FOUNDING, 1, table=_benchmarks(100.0)) == pytest.approx(100)
        with pytest.raises(InputError, match="output_tps is the logical value TRUE"):
            xlmodel.node_tps(*FOUNDING, 1, table=_benchmarks(True))


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"window_layers": 60, "window_tokens": 512}, "more than the layers"),
        ({"linear_attention_layers": 32}, "all are linear"),
        ({"window_layers": 4}, "without window_tokens"),
        ({"experts": 8}, "experts_per_token must be above 0"),
        ({"experts": 8, "experts_per_token": 9}, "no more than experts"),
        ({"dense_layers": 40}, "dense_layers are more"),
        ({"mla_kv_lora_rank": 512}, "without mla_rope_dim"),
        ({"query_heads": 0}, "query_heads is 0 in the row, but must be above 0"),
        ({"layers": "many"}, "layers is the text"),
    ],
)
def test_own_rows_that_contradict_themselves(cells: dict[str, object], words: str) -> None:
    row = {"model": "Mine", "layers": 32, "hidden_dim": 4096, "query_heads": 32}
    row |= {"ffn_dim": 14336, "vocab": 128_256, **cells}
    with pytest.raises(InputError, match=words):
        xlmodel.node_tps(row, "H100", 1, 2048, 128)


def test_latent_attention_computes_more_than_it_reads() -> None:
    """DeepSeek-V3 at a long context: the compressed cache is small, work on it is not."""
    short, long = xlmodel.decode_tps("DeepSeek-V3", "H200", 8, 16, [2000, 128_000], "FP8")
    read = 16 * 126_000 * 35_136 / (8 * 4800e9)
    assert 16 / long - 16 / short > 2 * read


def test_input_beside_few_requests_reads_more_experts() -> None:
    """Of a mixture of experts, a step with input touches experts that decoding alone does not."""
    call = ("DeepSeek-V3", "H200", 8, 64, 1, "FP8", 1)
    assert 1000 / xlmodel.node_tps(*call) == pytest.approx(xlmodel.ttft(*call), rel=0.5)


def test_what_cannot_be_is_refused_in_ranges_too() -> None:
    """Also where the batch follows from memory, with and without limits."""
    for call in (
        ("Llama-3.1-405B", "H100", [2, 8], 1500, 300, "FP8"),
        ("Llama-3.1-405B", "H100", 8, [1500, 150_000], 300, "FP8"),
    ):
        for limits in ({}, {"max_tpot_ms": 100.0}):
            for function in (xlmodel.node_tps, xlmodel.node_batch):
                with pytest.raises(InputError, match="at index"):
                    function(*call, **limits)
        for latency in (xlmodel.ttft, xlmodel.tpot):
            with pytest.raises(InputError, match="at index"):
                latency(*call)
    cells = xlmodel.node_tps.call_cells(  # type: ignore[attr-defined]
        ["Llama-3.1-405B", "H100", [[2], [8]] * 40, 1500, 300, "FP8"]
    )
    assert {type(row[0]).__name__ for row in cells[::2]} == {"CellError"}
    assert {type(row[0]).__name__ for row in cells[1::2]} == {"float"}
