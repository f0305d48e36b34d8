"""What throughput follows from: a model's architecture, a GPU, a precision, efficiencies.

Each is a record of numbers, found by name in a shipped table or read from a row of the user's own
table (the same column names; a blank is 0, "not known" or "does not apply").
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from xlmodel import tables
from xlmodel.registry import NA, NUM, VALUE, CellError, InputError
from xlmodel.registry.convert import OwnRow, number_in, shown
from xlmodel.tables.lookup import found_row

Ref = str | OwnRow
"""A name, or a row of the user's own table."""


class Architecture(NamedTuple):
    """A model's shape, in the words of its config.json."""

    model: str
    layers: float
    hidden_dim: float
    query_heads: float
    ffn_dim: float
    vocab: float
    kv_heads: float = 0.0
    head_dim: float = 0.0
    mla_kv_lora_rank: float = 0.0
    mla_rope_dim: float = 0.0
    mla_q_lora_rank: float = 0.0
    mla_nope_dim: float = 0.0
    mla_value_dim: float = 0.0
    experts: float = 0.0
    experts_per_token: float = 0.0
    shared_experts: float = 0.0
    dense_layers: float = 0.0
    dense_ffn_dim: float = 0.0
    window_layers: float = 0.0
    window_tokens: float = 0.0
    linear_attention_layers: float = 0.0
    tied_embeddings: float = 0.0
    max_context_tokens: float = 0.0


class Gpu(NamedTuple):
    """One GPU: its memory, its dense compute rates, its link to the others."""

    gpu: str
    hbm_gb: float
    hbm_gb_per_s: float
    bf16_dense_tflops: float
    fp8_dense_tflops: float = 0.0
    fp4_dense_tflops: float = 0.0
    hbm_gib: float = 0.0
    scaleup_gb_per_s: float = 0.0
    scaleup_gpus: float = 0.0
    family: str = ""


class Precision(NamedTuple):
    """A number format: the bytes of a weight, the GPU's rate that it computes at, its cache."""

    precision: str
    bytes_per_param: float
    compute: str
    cache_precision: str


class Efficiency(NamedTuple):
    """How far a family of GPUs stays below its peaks in a precision (``tests/calibration``)."""

    family: str
    precision: str
    mfu: float
    mbu: float
    layer_overhead_us: float
    sequence_overhead_us: float
    allreduce_latency_us: float
    link_efficiency: float
    kind: str = "borrowed"
    note: str = ""
    p90_error: float = 0.0


_MOST: Final = 1e12
"""More than any size or rate in a row."""

Record = TypeVar("Record", Architecture, Gpu, Precision, Efficiency)


def architecture(where: str, ref: Ref) -> Architecture:
    """The architecture of a model.

    >>> architecture("MAX_BATCH", "llama 405b").layers
    126.0
    """
    return _known(Architecture, where, "model_specs", ref)


def gpu(where: str, ref: Ref) -> Gpu:
    """A GPU.

    >>> gpu("MAX_BATCH", "H100").hbm_gb
    80.0
    """
    return _known(Gpu, where, "gpu_specs", ref)


@lru_cache(maxsize=1024)
def precision(where: str, argument: str, name: str) -> Precision:
    """A number format; InputError with ``#N/A`` where there is none of that name.

    >>> precision("MAX_BATCH", "precision", "fp16").precision
    'BF16'
    """
    row = found_row("precisions", "precision", name)
    if row is None:
        known = ", ".join(row["precision"] for row in tables.rows("precisions"))
        raise InputError(f'{where}: {argument} is "{name}", but must be one of {known}', NA)
    return _record(Precision, where, _from_file(row))


@cache
def efficiency(family: str, precision: str) -> Efficiency:
    """The efficiencies of a family of GPUs in a precision, or those that come closest.

    Of another precision or family no error was published: ``p90_error`` is 0 there.
    """
    known = {(r["family"].casefold(), r["precision"]): r for r in tables.rows("efficiency")}
    own, other = family.casefold(), "other"
    for key in ((own, precision), (own, "BF16"), (other, precision), (other, "BF16")):
        if row := known.get(key):
            found = _record(Efficiency, "efficiency", _from_file(row))
            if key == (own, precision):
                return found
            note = f"those of {found.family} in {found.precision}"
            return found._replace(kind="borrowed", note=note, p90_error=0.0)
    raise LookupError(f"no efficiencies of {family} in {precision}")


def _known(record: type[Record], where: str, table: str, ref: Ref) -> Record:
    """A row of the user's own is read each time: what is in it is theirs to change."""
    if isinstance(ref, OwnRow):
        _refuse_misspelt(record, where, table, ref)
        return _record(record, where, ref.cells)
    key: Any = record  # a class is hashable, though mypy does not see it
    found: Record = _shipped(key, where, table, ref)
    return found


def _refuse_misspelt(record: Any, where: str, table: str, row: OwnRow) -> None:
    """Left out, most columns have a meaning: a misspelt one would change the result unseen."""
    given = {name for name, _ in row.cells}
    for name in given:
        meant = _meant(record, table, name)
        if meant and meant not in given:
            raise InputError(f'{where}: your row has "{name}": is {meant} meant?', VALUE)


@lru_cache(maxsize=1024)
def _meant(record: Any, table: str, heading: str) -> str:
    """The field that a heading comes close to; empty where it is one of ours, or far off."""
    from difflib import get_close_matches

    if heading in record._fields or heading in tables.rows(table)[0]:
        return ""
    return next(iter(get_close_matches(heading, record._fields, n=1, cutoff=0.8)), "")


@lru_cache(maxsize=1024)
def _shipped(record: Any, where: str, table: str, name: str) -> Any:
    row = found_row(table, record._fields[0], name, where)
    assert row is not None
    return _record(record, where, _from_file(row))


def _record(record: type[Record], where: str, cells: Iterable[tuple[str, object]]) -> Record:
    """A record from the cells of a row; columns that it has not got do not matter."""
    given = {name: cell for name, cell in cells if cell not in (None, "")}
    optional = record._field_defaults
    values: dict[str, Any] = {
        name: _value(where, name, given[name], annotation, above_zero=name not in optional)
        for name, annotation in record.__annotations__.items()
        if name in given
    }
    missing = [name for name in record._fields if name not in values and name not in optional]
    if missing:
        raise InputError(
            f"{where}: the row of {record._fields[0]} {next(iter(values.values()), '')} has no "
            f"{', '.join(missing)}",
            VALUE,
        )
    return record(**values)


def _value(where: str, column: str, cell: object, annotation: object, *, above_zero: bool) -> Any:
    if isinstance(cell, CellError):
        raise InputError(f"{where}: {column} is the error {cell.kind} in your row", cell.kind)
    if annotation is str:
        return str(cell).strip()
    number = number_in(cell)
    if number is None:
        raise InputError(f"{where}: {column} is {shown(cell)} in the row, but must be a number")
    if not (number > 0 if above_zero else number >= 0) or not number <= _MOST:
        accepted = "above 0" if above_zero else "0 or more"
        raise InputError(f"{where}: {column} is {number:g} in the row, but must be {accepted}", NUM)
    return number


def _from_file(row: Mapping[str, str]) -> Iterable[tuple[str, object]]:
    """The cells of a row of our own files, in which numbers are text."""
    return ((name, tables.cell(text)) for name, text in row.items())


def names(table: str) -> Mapping[str, str]:
    """The names of a specification table and what each is short for."""
    key = next(iter(tables.rows(table)[0]))
    return {row[key]: row.get("aliases", "") for row in tables.rows(table)}


@cache
def precisions() -> tuple[Precision, ...]:
    """All number formats."""
    return tuple(precision("", "precision", row["precision"]) for row in tables.rows("precisions"))
