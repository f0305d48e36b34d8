"""Published measurements, and what the model predicts for each."""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from xlmodel import tables
from xlmodel.elementwise import DomainError
from xlmodel.model.operating import by_physics
from xlmodel.model.requests import Point, Traffic
from xlmodel.registry.convert import OwnRow
from xlmodel.tables.specs import Ref

HERE = Path(__file__).parent
CASES = HERE.parent / "cases"


class Case(NamedTuple):
    """One published figure: output tokens/s, or for online runs ms per output token."""

    case: str
    model: str
    gpu: str
    gpus: float
    precision: str
    input_tokens: float
    output_tokens: float
    batch: float | None
    value: float
    latency: bool = False

    @property
    def is_dense_llama(self) -> bool:
        return self.model.startswith(("Llama-2", "Llama-3"))

    @property
    def architecture(self) -> str:
        """Llama 3, 3.1 and 3.3 of one size are one architecture."""
        return self.model.replace("Llama-3.1", "Llama-3").replace("Llama-3.3", "Llama-3")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def throughput() -> tuple[Case, ...]:
    """Published output rates of whole replicas at full load."""
    return tuple(
        Case(
            *(r["case"], r["model"], r["gpu"], float(r["gpus"]), r["precision"]),
            *(float(r["input_tokens"]), float(r["output_tokens"])),
            float(r["batch"]) if r["batch"] else None,
            float(r["output_tps"]),
        )
        for r in _rows(CASES / "throughput.csv")
    )


@cache
def first_token() -> tuple[tuple[Case, float], ...]:
    """The online runs again, each with its mean time to the first token in ms."""
    rows = _rows(CASES / "latency.csv")
    return tuple((case, float(r["ttft_ms"])) for case, r in zip(latency(), rows, strict=True))


@cache
def latency() -> tuple[Case, ...]:
    """Published times per output token at a low load.

    How many requests are in flight follows from Little's law: their rate × the time that each
    stays.
    """
    return tuple(
        Case(
            *(r["case"], r["model"], r["gpu"], float(r["gpus"]), r["precision"]),
            *(float(r["input_tokens"]), float(r["output_tokens"])),
            max(1.0, float(r["requests_per_s"]) * _stay_seconds(r)),
            float(r["tpot_ms"]),
            latency=True,
        )
        for r in _rows(CASES / "latency.csv")
    )


def _stay_seconds(row: dict[str, str]) -> float:
    return (float(row["ttft_ms"]) + float(row["output_tokens"]) * float(row["tpot_ms"])) / 1000


@cache
def _own_models() -> dict[str, OwnRow]:
    head, *rows = tables.grid_of_file(str(HERE / "models.csv"))
    return {str(row[0]): OwnRow(zip(head, row, strict=True)) for row in rows}


def predicted(case: Case, efficiencies: Sequence[float | None]) -> float:
    """What the physics gives for a published figure; NaN where it finds that it can't run."""
    found = point(case, efficiencies)
    if found is None:
        return float("nan")
    return found.tpot_ms if case.latency else found.output_tps


def point(case: Case, efficiencies: Sequence[float | None]) -> Point | None:
    """The operating point of a case by physics; None where it can't run."""
    model: Ref = _own_models().get(case.model, case.model)
    traffic = Traffic(case.input_tokens, case.output_tokens, case.batch, 0.0)
    try:
        return by_physics(
            "", model, case.gpu, case.gpus, traffic, case.precision, None, efficiencies
        )
    except DomainError:
        return None
