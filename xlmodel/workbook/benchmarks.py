"""Result files of serving benchmarks: each run's throughput, lengths and latencies.

Read are the files of ``vllm bench serve --save-result`` (before: ``benchmark_serving.py``) and of
``python -m sglang.bench_serving --output-file``. Both hold one JSON object a run, one after the
other. SGLang's has no date, and names the model only where it could ask the server.
"""

import datetime
import json
import math
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from xlmodel.registry import InputError
from xlmodel.tables.lookup import found_row

LARGEST_FILE = 50 * 1024**2

_TOLERANCE = 1.01
_LONGEST_TEXT = 120
_SPACE = re.compile(r"\s*")
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)")
_SGLANG = ("mean_e2e_latency_ms", "total_output_tokens_retokenized")
_SERVERS = {
    "sglang": "SGLang",
    "vllm": "vLLM",
    "lmdeploy": "LMDeploy",
    "tensorrt-llm": "TensorRT-LLM",
    "trt": "TensorRT-LLM",
    "tgi": "TGI",
}
"""The server that was measured, by the beginning of ``backend``; "openai" tells of none."""
_MADE_FROM = re.compile(
    r"[-_.: ](?:instruct|it|chat|base|thinking|reasoning|hf|gguf|quantized|dynamic|awq|gptq"
    r"|block|fp8|fp4|nvfp4|mxfp4|bf16|fp16|int8|int4|w\d+a\d+|[48]bit|v\d+(?:\.\d+)?|\d{4})\Z",
    re.IGNORECASE,
)
"""Endings of a checkpoint's name that do not change the architecture."""


class BenchmarkError(InputError):
    """A result file that can't be used; the message is one sentence."""


class Run(NamedTuple):
    """What a file says of one run; lengths are means of the requests that were completed."""

    source: str
    model_ids: tuple[str, ...]
    engine: str
    input_tokens: float
    output_tokens: float
    batch: float | None
    output_tps: float
    ttft_ms: float | None
    tpot_ms: float | None
    measured: datetime.date | None
    note: str


def runs(path: Path) -> list[Run]:
    """The runs in a result file, in its order."""
    found = list(_objects(path, _text(path)))
    if not found:
        raise BenchmarkError(f"{path} is empty")
    many = len(found) > 1
    return [
        _run(path.name, _Fields(f"{path}, run {i}" if many else str(path), data))
        for i, data in enumerate(found, 1)
    ]


def known_model(model_id: str) -> str:
    """The name in our table of a model as servers call it; "" where there is none.

    >>> known_model("meta-llama/Meta-Llama-3.1-70B-Instruct"), known_model("my/finetune")
    ('Llama-3.1-70B', '')
    >>> known_model("/hub/models--deepseek-ai--DeepSeek-R1-0528/snapshots/4236a6a")
    'DeepSeek-R1'
    """
    folders = [part for part in re.split(r"[/\\]+", model_id) if part]
    cached = [part for part in folders if part.startswith("models--")]
    name = cached[0].rpartition("--")[2] if cached else (folders or [""])[-1]
    for start in (name, re.sub(r"(?i)\Ameta[-_]", "", name)):
        shorter = start
        while shorter:
            row = found_row("model_specs", "model", shorter)
            if row is not None:
                return row["model"]
            longer, shorter = shorter, _MADE_FROM.sub("", shorter)
            if shorter == longer:
                break
    return ""


def plain(text: str) -> str:
    r"""A text from a file as one line without control characters, not too long.

    >>> plain(" a\x00b\n c ")
    'a b c'
    """
    words = "".join(c if c.isprintable() else " " for c in text[: 2 * _LONGEST_TEXT]).split()
    return " ".join(words)[:_LONGEST_TEXT]


class _Fields:
    """The fields of one run, each looked at before it counts."""

    def __init__(self, where: str, data: object) -> None:
        if not isinstance(data, dict):
            raise BenchmarkError(f"{where} holds no benchmark run, but a JSON {_kind(data)}")
        self.where = where
        self.data: Mapping[str, Any] = data

    def number(self, name: str) -> float | None:
        """A number from 0 on, None where the field is missing or null."""
        value = self.data.get(name)
        if value is None:
            return None
        known = isinstance(value, int | float) and not isinstance(value, bool)
        number = _float(value) if known else math.nan
        if not 0 <= number < math.inf:
            raise BenchmarkError(
                f"{self.where}: {name} is {plain(json.dumps(value))}, but must be a number, "
                "0 or more"
            )
        return number

    def positive(self, name: str) -> float:
        """A number above 0, which must be there."""
        value = self.number(name)
        if value is None:
            raise BenchmarkError(f"{self.where} has no {name}, which a run that writes text has")
        if not value:
            raise BenchmarkError(f"{self.where}: {name} is 0, so nothing was measured")
        return value

    def time(self, *names: str) -> float | None:
        """A mean time in ms by the first name that is there, None where it was not measured."""
        for name in names:
            value = self.number(name)
            if value and value > 1000 * self.positive("duration") * _TOLERANCE:
                raise BenchmarkError(
                    f"{self.where}: {name} is {value:g} ms, longer than the whole run "
                    f"(duration is {self.positive('duration'):g} s)"
                )
            if value:
                return value
        return None

    def text(self, *names: str) -> str:
        """A text by the first name that is there, "" for none."""
        found = (self.data.get(name) for name in names)
        return next((plain(value) for value in found if isinstance(value, str) and value), "")


def _text(path: Path) -> str:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise BenchmarkError(f"{path} is not a regular file")
        if found.st_size > LARGEST_FILE:
            raise BenchmarkError(
                f"{path} has {found.st_size / 1024**2:,.0f} MB; at most "
                f"{LARGEST_FILE // 1024**2} MB can be read, and a result without the details of "
                "each request has a few kB"
            )
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise BenchmarkError(f"there is no file {path}") from None
    except UnicodeDecodeError:
        raise BenchmarkError(f"{path} is no benchmark result: it is not in UTF-8") from None
    except (OSError, ValueError) as error:
        if isinstance(error, BenchmarkError):
            raise
        reason = getattr(error, "strerror", None) or error  # a ValueError: a path with a NUL in it
        raise BenchmarkError(f"{path} can't be read: {reason}".replace("\0", "\\0")) from None


def _objects(path: Path, text: str) -> Iterator[object]:
    """The JSON values of a text, one after the other."""
    decoder = json.JSONDecoder()
    at = _after_space(text, 0)
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            line = text.count("\n", 0, at) + 1
            raise BenchmarkError(
                f"{path} is no benchmark result: what begins in line {line} is cut short or no JSON"
            ) from None
        yield value
        at = _after_space(text, at)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _run(source: str, fields: _Fields) -> Run:
    """One run, once its numbers agree with each other."""
    tool = _tool(fields)
    completed, duration = fields.positive("completed"), fields.positive("duration")
    total, rate = fields.positive("total_output_tokens"), fields.positive("output_throughput")
    if not 1 / _TOLERANCE < rate * duration / total < _TOLERANCE:
        raise BenchmarkError(
            f"{fields.where}: output_throughput is {rate:g}, but total_output_tokens over "
            f"duration is {total / duration:g}"
        )
    output_tokens = total / completed
    ttft_ms, tpot_ms = fields.time("mean_ttft_ms"), fields.time("mean_tpot_ms")
    if tpot_ms is None and output_tokens > 1 and fields.number("mean_tpot_ms") == 0:
        ttft_ms = None  # the replies came whole, not token by token
    server = _server_info(fields)
    version = server.text("version") or fields.text("vllm_version", "engine_version", "version")
    return Run(
        source=plain(source),
        model_ids=_model_ids(fields, server),
        engine=f"{_engine(fields, tool)} {version}".rstrip(),
        input_tokens=fields.positive("total_input_tokens") / completed,
        output_tokens=output_tokens,
        batch=_batch(fields, completed / duration, output_tokens),
        output_tps=rate,
        ttft_ms=ttft_ms,
        tpot_ms=tpot_ms,
        measured=_date(fields.text("date")),
        note=_note(fields),
    )


def _tool(fields: _Fields) -> str:
    """Which tool wrote the run."""
    if any(name in fields.data for name in _SGLANG):
        return "SGLang"
    if "model_id" in fields.data:
        return "vLLM"
    raise BenchmarkError(
        f"{fields.where} is no result of `vllm bench serve` or `sglang.bench_serving`: it has "
        f"neither model_id nor {_SGLANG[0]}"
    )


def _engine(fields: _Fields, tool: str) -> str:
    backend = fields.text("backend", "endpoint_type").lower()
    return next((name for start, name in _SERVERS.items() if backend.startswith(start)), tool)


def _server_info(fields: _Fields) -> _Fields:
    """What SGLang's server said of itself; of several, the one that decodes."""
    info = fields.data.get("server_info")
    decoding = info.get("decode") if isinstance(info, dict) else None
    if isinstance(decoding, list) and decoding:
        info = decoding[0]
    return _Fields(fields.where, info if isinstance(info, dict) else {})


def _model_ids(fields: _Fields, server: _Fields) -> tuple[str, ...]:
    found = (fields.text("model_id"), server.text("model_path"), server.text("served_model_name"))
    return tuple(dict.fromkeys(name for name in found if name))


def _batch(fields: _Fields, requests_per_s: float, output_tokens: float) -> float | None:
    """The mean number of requests in flight: as stated, else by Little's law."""
    in_flight = fields.number("concurrency")
    if not in_flight:
        time = fields.time("mean_e2el_ms", "mean_e2e_latency_ms")
        ttft_ms, tpot_ms = fields.time("mean_ttft_ms"), fields.time("mean_tpot_ms")
        if time is None and ttft_ms and (tpot_ms or output_tokens <= 1):
            time = ttft_ms + (output_tokens - 1) * (tpot_ms or 0)
        if time is None:
            return None
        in_flight = requests_per_s * time / 1000
    most = fields.number("max_concurrency")
    return min(in_flight, most) if most else in_flight


def _date(text: str) -> datetime.date | None:
    """The day of a run, which vLLM writes as 20250530-203806.

    >>> _date("20250530-203806"), _date("")
    (datetime.date(2025, 5, 30), None)
    """
    found = _DATE.match(text)
    try:
        return datetime.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _note(fields: _Fields) -> str:
    """How the requests came, how many failed, and which model by its own name."""
    prompts, failed = fields.number("num_prompts"), fields.number("failed")
    completed = fields.positive("completed")
    if failed is None and prompts is not None:
        failed = max(prompts - completed, 0)
    requests = f"{prompts:,.0f} prompts" if prompts else f"{completed:,.0f} requests completed"
    rate = fields.data.get("request_rate")
    per_s = "/s" if isinstance(rate, int | float) and 0 <= _float(rate) < math.inf else ""
    most = fields.number("max_concurrency")
    accepted = fields.number("spec_decode_acceptance_length") or fields.number("accept_length")
    parts = (
        f"request rate {_rate(rate)}{per_s}" if rate is not None else "",
        requests + (f", {failed:,.0f} failed" if failed is not None else ""),
        f"at most {most:g} at once" if most else "",
        f"speculative, {accepted:.3g} tokens a step" if accepted else "",
        *_model_ids(fields, _server_info(fields))[:1],
    )
    return "; ".join(part for part in parts if part)


def _rate(rate: object) -> str:
    """A request rate: a number, "inf" for all at once, or a word such as "trace"."""
    return f"{_float(rate):g}" if isinstance(rate, int | float) else plain(str(rate))[:20]


def _float(value: float) -> float:
    """The number; infinity for a whole number that is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _kind(data: object) -> str:
    """What JSON calls a value."""
    kinds = {list: "array", str: "string", bool: "literal", int: "number", float: "number"}
    return kinds.get(type(data), "null")
