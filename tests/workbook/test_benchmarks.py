"""Result files of serving benchmarks give the runs that they hold, or a sentence on what is wrong.

The files in tests/cases/benchmarks have the shape that vLLM's and SGLang's tools write (an older
and a newer version of each; fields as in vllm/benchmarks/serve.py, benchmarks/benchmark_serving.py
and python/sglang/bench_serving.py); their numbers are invented.
"""

import datetime
import json
import os
from pathlib import Path
from typing import Any

import pytest

from xlmodel.tables import specs
from xlmodel.workbook import benchmarks
from xlmodel.workbook.benchmarks import BenchmarkError, known_model, runs

SAMPLES = Path(__file__).parents[1] / "cases" / "benchmarks"


def sample(name: str) -> dict[str, Any]:
    """The first run of a sample file."""
    found: dict[str, Any] = json.loads((SAMPLES / name).read_text().splitlines()[0])
    return found


def written(folder: Path, data: object, name: str = "result.json") -> Path:
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(BenchmarkError) as caught:
        runs(path)
    sentence = str(caught.value)
    assert path.name in sentence
    assert "\n" not in sentence
    return sentence


def test_an_older_run_of_vllm() -> None:
    (run,) = runs(SAMPLES / "vllm-old.json")
    assert run[:4] == ("vllm-old.json", ("meta-llama/Llama-3.1-70B-Instruct",), "vLLM", 999.0)
    assert (run.output_tokens, run.output_tps, run.ttft_ms, run.tpot_ms) == (272, 2125, 81.5, 24.2)
    # Little's law: 300 requests in 38.4 s, each 81.5 + 271 × 24.2 ms in flight
    assert run.batch == pytest.approx(300 / 38.4 * (81.5 + 271 * 24.2) / 1000)
    assert run.measured == datetime.date(2025, 5, 30)
    assert run.note == (
        "request rate 10/s; 300 prompts, 0 failed; meta-llama/Llama-3.1-70B-Instruct"
    )


def test_newer_runs_of_vllm_one_after_the_other() -> None:
    first, second = runs(SAMPLES / "vllm-append.json")
    assert (first.input_tokens, first.output_tokens) == (1024, 512)
    assert first.batch == pytest.approx(160 / 99.2 * 9.86302)
    assert second.output_tps == pytest.approx(327_680 / 161.6)
    assert second.note == (
        "request rate inf; 642 prompts, 2 failed; at most 64 at once; "
        "RedHatAI/Meta-Llama-3.1-70B-Instruct-FP8-dynamic"
    )


def test_an_older_run_of_sglang_has_neither_model_nor_date() -> None:
    (run,) = runs(SAMPLES / "sglang-old.jsonl")
    assert (run.model_ids, run.engine, run.measured) == ((), "SGLang", None)
    assert run.batch == pytest.approx(153.549, abs=0.001)
    assert run.note == "request rate inf; 256 requests completed"


def test_newer_runs_of_sglang_tell_of_their_server() -> None:
    first, second = runs(SAMPLES / "sglang-new.jsonl")
    assert first.engine == "SGLang 0.5.3"
    assert first.model_ids == ("/models/DeepSeek-R1-0528/", "deepseek-ai/DeepSeek-R1-0528")
    assert second.batch == pytest.approx(124.895, abs=0.001)
    assert "speculative, 2.43 tokens a step" in first.note


def test_the_batch_is_at_most_what_was_allowed_at_once(tmp_path: Path) -> None:
    run = sample("vllm-append.json") | {"max_concurrency": 12}
    assert runs(written(tmp_path, run))[0].batch == 12


def test_what_was_not_measured_stays_blank(tmp_path: Path) -> None:
    run = sample("vllm-old.json")
    for name in ("mean_ttft_ms", "mean_tpot_ms", "date"):
        del run[name]
    (found,) = runs(written(tmp_path, run))
    assert (found.batch, found.ttft_ms, found.tpot_ms, found.measured) == (None,) * 4
    whole = sample("sglang-new.jsonl") | {"mean_tpot_ms": 0.0, "mean_ttft_ms": 13642.1}
    (found,) = runs(written(tmp_path, whole))
    assert (found.ttft_ms, found.tpot_ms) == (None, None)  # the replies were not streamed


def test_the_engine_is_the_one_that_was_measured(tmp_path: Path) -> None:
    run = sample("sglang-old.jsonl") | {"backend": "vllm-chat"}
    assert runs(written(tmp_path, run))[0].engine == "vLLM"
    run = sample("vllm-old.json") | {"backend": "tensorrt-llm", "engine_version": "1.1.0"}
    assert runs(written(tmp_path, run))[0].engine == "TensorRT-LLM 1.1.0"
    routed = sample("sglang-new.jsonl")
    routed["server_info"] = {"prefill": [{}], "decode": [routed["server_info"]]}
    assert runs(written(tmp_path, routed))[0].engine == "SGLang 0.5.3"


def test_pretty_printed_files_and_blank_lines_are_read(tmp_path: Path) -> None:
    run = json.dumps(sample("vllm-old.json"), indent=2)
    assert len(runs(written(tmp_path, f"\ufeff\n{run}\n\n{run}\n"))) == 2


@pytest.mark.parametrize(("field", "value", "said"), [
    ("completed", 0, "completed is 0, so nothing was measured"),
    ("duration", -1.0, "duration is -1.0, but must be a number, 0 or more"),
    ("output_throughput", float("nan"), "output_throughput is NaN"),
    ("output_throughput", 2.125, "but total_output_tokens over duration is 2125"),
    ("total_input_tokens", "299700", 'total_input_tokens is "299700"'),
    ("total_output_tokens", None, "has no total_output_tokens"),
    ("total_output_tokens", True, "total_output_tokens is true"),
    ("mean_ttft_ms", 81_500, "longer than the whole run"),
    ("mean_tpot_ms", float("inf"), "mean_tpot_ms is Infinity"),
    ("max_concurrency", -4, "max_concurrency is -4"),
    ("failed", 10**400, "failed is 1000"),
])  # fmt: skip
def test_a_field_that_makes_no_sense_is_named(
    tmp_path: Path, field: str, value: object, said: str
) -> None:
    assert said in refusal(written(tmp_path, sample("vllm-old.json") | {field: value}))


def test_the_run_is_named_where_a_file_has_several(tmp_path: Path) -> None:
    run = sample("sglang-new.jsonl")
    bad = run | {"completed": 0}
    text = f"{json.dumps(run)}\n{json.dumps(bad)}\n"
    assert "result.json, run 2: completed is 0" in refusal(written(tmp_path, text))


@pytest.mark.parametrize(("text", "said"), [
    ("", "is empty"),
    (" \n", "is empty"),
    ("[1, 2]", "holds no benchmark run, but a JSON array"),
    ("null", "but a JSON null"),
    ('{"a": 1}\n{"b": ', "what begins in line 2 is cut short or no JSON"),
    ("P50 latency: 3 ms", "line 1 is cut short or no JSON"),
    ("[" * 100_000, "cut short or no JSON"),
    ('{"a": ' + "9" * 5000 + "}", "cut short or no JSON"),
    ('{"average latency": 3}', "neither model_id nor mean_e2e_latency_ms"),
    ('{"model_id": "m"}', "has no completed"),
])  # fmt: skip
def test_another_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(written(tmp_path, text))


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    assert "is not a regular file" in refusal(tmp_path)
    assert "there is no file" in refusal(tmp_path / "missing.json")
    (tmp_path / "utf16.json").write_bytes("{}".encode("utf-16"))
    assert "is not in UTF-8" in refusal(tmp_path / "utf16.json")
    huge = tmp_path / "huge.json"
    huge.touch()
    os.truncate(huge, benchmarks.LARGEST_FILE + 1)
    assert "at most 50 MB can be read" in refusal(huge)


def test_texts_of_a_file_become_one_short_line(tmp_path: Path) -> None:
    run = sample("vllm-old.json") | {
        "model_id": "=cmd\x00\ud800" + "x" * 999,
        "request_rate": "a\nb",
    }
    (found,) = runs(written(tmp_path, run))
    assert found.note.startswith("request rate a b; 300 prompts")
    assert found.model_ids[0].startswith("=cmd xxx")
    assert len(found.note) < 300


@pytest.mark.parametrize(("model_id", "name"), [
    ("meta-llama/Llama-3.1-8B-Instruct", "Llama-3.1-8B"),
    ("meta-llama/Meta-Llama-3.1-405B-Instruct-FP8", "Llama-3.1-405B"),
    ("RedHatAI/Meta-Llama-3.1-70B-Instruct-quantized.w8a8", "Llama-3.1-70B"),
    ("meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8", "Llama-4-Maverick"),
    ("Qwen/Qwen3-235B-A22B-Instruct-2507-FP8", "Qwen3-235B-A22B"),
    ("mistralai/Mixtral-8x7B-Instruct-v0.1", "Mixtral-8x7B"),
    ("nvidia/DeepSeek-R1-0528-FP4-v2", "DeepSeek-R1"),
    ("zai-org/GLM-5-FP8", "GLM-5-FP8"),
    ("openai/gpt-oss-120b", "gpt-oss-120b"),
    ("moonshotai/Kimi-K2-Instruct-0905", "Kimi-K2"),
    (r"C:\models\Qwen3-32B-AWQ", "Qwen3-32B"),
    ("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", ""),
    ("deepseek-ai/DeepSeek-V3.1", ""),
    ("meta-llama/Llama-2-70b-chat-hf", ""),
    ("Qwen/Qwen3-32B-Instruct-mine", ""),
    ("///", ""),
    ("", ""),
])  # fmt: skip
def test_models_are_known_by_what_servers_call_them(model_id: str, name: str) -> None:
    assert known_model(model_id) == name


def test_each_model_of_the_table_is_known_by_its_names() -> None:
    for name, aliases in specs.names("model_specs").items():
        for known in (name, *filter(None, map(str.strip, aliases.split(";")))):
            assert known_model(f"org/{known}") == name
