"""The tables are facts with a source: every row of every CSV keeps the contract of the tables."""

import csv
import datetime
import io
import pathlib
import re

import pytest

import xlmodel.tables
from xlmodel.model.sizes import active_params, sizes, total_params
from xlmodel.tables import specs

FOLDER = pathlib.Path(xlmodel.tables.__file__).parent
PROVENANCE = ["valid_from", "checked", "source", "note"]

GPU_SPEC_NUMBERS = [
    "hbm_gb",
    "hbm_gib",
    "hbm_gb_per_s",
    "bf16_dense_tflops",
    "fp8_dense_tflops",
    "fp4_dense_tflops",
    "tdp_w",
    "scaleup_gb_per_s",
    "scaleup_gpus",
    "all_in_kw_per_gpu",
]
MODEL_SPEC_NUMBERS = [
    "layers",
    "hidden_dim",
    "query_heads",
    "kv_heads",
    "head_dim",
    "mla_kv_lora_rank",
    "mla_rope_dim",
    "mla_q_lora_rank",
    "mla_nope_dim",
    "mla_value_dim",
    "ffn_dim",
    "experts",
    "experts_per_token",
    "shared_experts",
    "dense_layers",
    "dense_ffn_dim",
    "window_layers",
    "window_tokens",
    "linear_attention_layers",
    "vocab",
    "tied_embeddings",
    "max_context_tokens",
    "params_total_b",
    "params_active_b",
    "params_total_vendor_b",
    "params_active_vendor_b",
    "kv_elements_per_token",
]
EFFICIENCY_NUMBERS = [
    "mfu",
    "mbu",
    "layer_overhead_us",
    "sequence_overhead_us",
    "allreduce_latency_us",
    "link_efficiency",
    "points",
    "median_error",
    "p90_error",
    "tpot_points",
    "tpot_p90_error",
]
CNN_NUMBERS = ["year", "params_m", "file_mb", "top1_percent", "top5_percent", "gmacs"]
LLM_NUMBERS = ["year", "params_total_b", "params_active_b", "mmlu_5shot_percent"]
MAY_BE_ZERO = {"shared_experts", "dense_layers", "tied_embeddings"}

COLUMNS = {
    "gpu_prices": ["gpu", "provider", "term", "usd_per_gpu_hour", "currency", *PROVENANCE],
    "model_prices": ["model", "provider", "kind", "usd_per_mtok", "currency", *PROVENANCE],
    "billing_terms": ["vendor", "model", "term", "value", "unit", *PROVENANCE],
    "gpu_specs": [
        "gpu",
        "family",
        *GPU_SPEC_NUMBERS[:7],
        "scaleup_link",
        *GPU_SPEC_NUMBERS[7:],
        "aliases",
        *PROVENANCE,
    ],
    "gpu_capex": ["gpu", "scope", "usd_per_gpu", "currency", *PROVENANCE],
    "gpu_power": ["gpu", "system", "workload", "gpus", "system_kw", "output_tps", *PROVENANCE],
    "model_specs": [
        "model",
        "type",
        *MODEL_SPEC_NUMBERS[:5],
        "attention",
        *MODEL_SPEC_NUMBERS[5:],
        "aliases",
        *PROVENANCE,
    ],
    "precisions": [
        *("precision", "aliases", "bytes_per_param", "compute", "cache_precision"),
        *PROVENANCE,
    ],
    "efficiency": [
        *("family", "precision", *EFFICIENCY_NUMBERS[:6], "kind", *EFFICIENCY_NUMBERS[6:]),
        *PROVENANCE,
    ],
    "cnn": ["model", *CNN_NUMBERS, *PROVENANCE],
    "llm_history": ["model", *LLM_NUMBERS, *PROVENANCE],
    "price_declines": [
        *("scenario", "basis", "fold_per_year", "held_from", "held_until"),
        *PROVENANCE,
    ],
    "accepted_lengths": [
        *("method", "model", "drafter", "mode", "workload", "output_tokens"),
        *("draft_tokens", "accepted_length", "gpu", "software", "aliases"),
        *PROVENANCE,
    ],
    "load_profiles": ["profile", "hour", "load", "unit", *PROVENANCE],
    "fx_rates": ["currency", "usd_per_unit", *PROVENANCE],
}
NUMBERS = {
    "gpu_prices": ["usd_per_gpu_hour"],
    "model_prices": ["usd_per_mtok"],
    "billing_terms": ["value"],
    "gpu_specs": GPU_SPEC_NUMBERS,
    "gpu_capex": ["usd_per_gpu"],
    "gpu_power": ["gpus", "system_kw", "output_tps"],
    "model_specs": MODEL_SPEC_NUMBERS,
    "precisions": ["bytes_per_param"],
    "efficiency": EFFICIENCY_NUMBERS,
    "cnn": CNN_NUMBERS,
    "llm_history": LLM_NUMBERS,
    "price_declines": ["fold_per_year"],
    "accepted_lengths": ["output_tokens", "draft_tokens", "accepted_length"],
    "load_profiles": ["load"],
    "fx_rates": ["usd_per_unit"],
}
KEYS = {
    "gpu_prices": ["gpu", "provider", "term", "valid_from"],
    "model_prices": ["model", "provider", "kind", "valid_from"],
    "billing_terms": ["vendor", "model", "term", "valid_from"],
    "gpu_specs": ["gpu", "valid_from"],
    "gpu_capex": ["gpu", "scope", "valid_from"],
    "gpu_power": ["gpu", "system", "workload", "valid_from"],
    "model_specs": ["model", "valid_from"],
    "precisions": ["precision", "valid_from"],
    "efficiency": ["family", "precision", "valid_from"],
    "cnn": ["model", "valid_from"],
    "llm_history": ["model", "valid_from"],
    "price_declines": ["scenario", "valid_from"],
    "accepted_lengths": ["method", "draft_tokens", "valid_from"],
    "load_profiles": ["profile", "hour", "valid_from"],
    "fx_rates": ["currency", "valid_from"],
}
TERMS = {
    "on-demand",
    "spot",
    "reserved-1y",
    "reserved-3y",
    "capacity-block",
    "index",
    "assumed",
    "tco-own-hyperscaler",
    "tco-own-neocloud",
}
NOT_LIST_PRICES = {"index", "assumed", "tco-own-hyperscaler", "tco-own-neocloud"}
KINDS = {"input", "output", "cache_read", "cache_write"}
SCHEDULED_AHEAD = datetime.timedelta(days=92)
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.|crates\.io|proxy\.golang\.org|rubygems\.org|anaconda\.org"
)
MACHINE_PATH = re.compile(
    r"(?<![\w.-])/(?:home|root|tmp|work|mnt|var|opt|usr|Users)/|\b[A-Z]:\\|file://"
)

every_table = pytest.mark.parametrize("table", sorted(COLUMNS))
price_tables = pytest.mark.parametrize("table", ["gpu_prices", "model_prices"])


def text_of(table: str) -> str:
    return (FOLDER / f"{table}.csv").read_bytes().decode("utf-8")


def rows_of(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(table), newline="")))


def key_of(table: str, row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[column] for column in KEYS[table])


def test_every_csv_is_known() -> None:
    """The measured grid has a test of its own (``test_throughput_grid``)."""
    assert {path.stem for path in FOLDER.glob("*.csv")} == {*COLUMNS, "throughput_grid"}


@every_table
def test_file_is_plain_and_minimal(table: str) -> None:
    text = text_of(table)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == COLUMNS[table]
    assert {len(row) for row in rows} == {len(COLUMNS[table])}
    again = io.StringIO(newline="")
    csv.writer(again, lineterminator="\n").writerows(rows)
    assert again.getvalue() == text
    assert all(cell == cell.strip() for row in rows for cell in row)


@every_table
def test_rows_are_sorted_and_keys_unique(table: str) -> None:
    keys = [key_of(table, row) for row in rows_of(table)]
    assert keys == sorted(set(keys))
    assert all(all(key) for key in keys)


@every_table
def test_every_row_has_source_and_dates(table: str) -> None:
    for row in rows_of(table):
        assert row["source"], row
        checked = datetime.date.fromisoformat(row["checked"])
        valid_from = datetime.date.fromisoformat(row["valid_from"])
        assert row["checked"] == checked.isoformat(), row
        assert row["valid_from"] == valid_from.isoformat(), row
        assert valid_from <= checked + SCHEDULED_AHEAD, row


@every_table
def test_numbers_are_plain_and_positive(table: str) -> None:
    for row in rows_of(table):
        for column in NUMBERS[table]:
            if row[column]:
                assert re.fullmatch(r"\d+(\.\d*[1-9])?", row[column]), (column, row)
                assert float(row[column]) > 0 or column in MAY_BE_ZERO, (column, row)


@every_table
def test_nothing_is_from_memory_or_from_a_machine(table: str) -> None:
    for row in rows_of(table):
        text = " ".join(row.values())
        assert not REGISTRY.search(text), row
        assert not MACHINE_PATH.search(text), row
        if "recalled" in text.lower():
            assert not all(row[column] for column in NUMBERS[table]), row


@price_tables
def test_every_price_has_value_and_currency(table: str) -> None:
    (column,) = NUMBERS[table]
    for row in rows_of(table):
        assert float(row[column]) > 0, row
        assert re.fullmatch(r"[A-Z]{3}", row["currency"]), row
        assert column.startswith(row["currency"].lower() + "_per_"), row


def test_gpu_terms() -> None:
    for row in rows_of("gpu_prices"):
        assert row["term"] in TERMS, row
        if row["term"] in NOT_LIST_PRICES:
            assert "not a list price" in row["note"], row


def test_model_kinds_and_pairs() -> None:
    kinds: dict[tuple[str, str], set[str]] = {}
    for row in rows_of("model_prices"):
        assert row["kind"] in KINDS, row
        kinds.setdefault((row["model"], row["provider"]), set()).add(row["kind"])
    assert [pair for pair, found in kinds.items() if not {"input", "output"} <= found] == []


def test_breadth_of_gpu_prices() -> None:
    rows = [row for row in rows_of("gpu_prices") if row["term"] in {"on-demand", "spot"}]
    assert len({row["provider"] for row in rows}) >= 10
    assert len({row["valid_from"] for row in rows}) >= 2


@pytest.mark.parametrize(
    ("table", "key", "column", "price"),
    [
        ("gpu_prices", ("H100", "Lambda", "on-demand"), "usd_per_gpu_hour", "3.49"),
        ("model_prices", ("Llama-3.1-405B", "Lepton AI", "input"), "usd_per_mtok", "2.8"),
        ("model_prices", ("Llama-3.1-405B", "Lepton AI", "output"), "usd_per_mtok", "2.8"),
    ],
)
def test_founding_prices(table: str, key: tuple[str, ...], column: str, price: str) -> None:
    found = [row for row in rows_of(table) if key_of(table, row) == (*key, "2024-07-27")]
    assert [row[column] for row in found] == [price]


@pytest.mark.parametrize(
    ("table", "key"), [("gpu_specs", "gpu"), ("model_specs", "model"), ("precisions", "precision")]
)
def test_names_and_aliases_are_unambiguous(table: str, key: str) -> None:
    rows = rows_of(table)
    names = [row[key] for row in rows]
    names += [alias for row in rows for alias in row["aliases"].split("; ") if alias]
    assert len({name.casefold() for name in names}) == len(names)


def test_price_declines_say_what_was_held() -> None:
    rows = rows_of("price_declines")
    assert {row["basis"] for row in rows} == {"held quality", "held tier"}
    for row in rows:
        assert float(row["fold_per_year"]) > 1, row
        if "made yearly here" in row["note"]:
            held = [datetime.date.fromisoformat(row[c]) for c in ("held_from", "held_until")]
            fold, days = re.findall(r"here: ([\d.]+)\^\(365 / (\d+)\)", row["note"])[0]
            assert (held[1] - held[0]).days == int(days), row
            yearly = float(fold) ** (365 / int(days))
            assert yearly == pytest.approx(float(row["fold_per_year"]), rel=5e-3), row


def test_accepted_lengths_are_whole_curves() -> None:
    """From one drafted token on without a gap; each from 1 to one more than was drafted."""
    curves: dict[str, dict[int, float]] = {}
    aliases: dict[str, str] = {}
    for row in rows_of("accepted_lengths"):
        assert row["method"] == f"{row['model']} {row['drafter']} {row['mode']}"
        drafted = int(row["draft_tokens"])
        curves.setdefault(row["method"], {})[drafted] = float(row["accepted_length"])
        for alias in row["aliases"].split("; "):
            assert aliases.setdefault(alias.casefold(), row["method"]) == row["method"]
    assert len(curves) == 8
    for curve in curves.values():
        assert sorted(curve) == list(range(1, len(curve) + 1))
        assert all(1 <= length <= drafted + 1 for drafted, length in curve.items())
    assert aliases.keys().isdisjoint(name.casefold() for name in curves)


def test_rented_gpus_have_specs() -> None:
    known = {row["gpu"] for row in rows_of("gpu_specs")}
    unknown = {row["gpu"] for row in rows_of("gpu_prices")} - known
    assert unknown == {"H800"}


def test_owned_gpus_have_specs() -> None:
    known = {row["gpu"] for row in rows_of("gpu_specs")}
    assert {row["gpu"] for table in ("gpu_capex", "gpu_power") for row in rows_of(table)} <= known


def test_measured_draw_is_below_the_modelled_one() -> None:
    """What a node was seen to draw, a GPU, is less than the all-in figure of a data-centre model,
    which holds network, storage and losses too."""
    modelled = {row["gpu"]: row["all_in_kw_per_gpu"] for row in rows_of("gpu_specs")}
    for row in rows_of("gpu_power"):
        measured = float(row["system_kw"]) / float(row["gpus"])
        assert 0.4 < measured / float(modelled[row["gpu"]]) < 0.65, row


def test_families_of_gpus_have_efficiencies() -> None:
    known = {row["family"] for row in rows_of("efficiency")}
    assert {row["family"] for row in rows_of("gpu_specs")} - known == {"TPU"}


@pytest.mark.parametrize("row", rows_of("model_specs"), ids=lambda row: str(row["model"]))
def test_parameters_follow_from_the_architecture(row: dict[str, str]) -> None:
    """To the table's own digits, and within 1.5 % of what the vendor states or equal as rounded."""
    model = sizes(specs.architecture("", row["model"]))
    total = total_params(model) / 1e9
    assert total == pytest.approx(float(row["params_total_b"]), abs=6e-4)
    active = (active_params(model) + model.embedding_params) / 1e9
    assert active == pytest.approx(float(row["params_active_b"]), abs=6e-4)
    if row["params_total_vendor_b"]:
        stated = float(row["params_total_vendor_b"])
        assert abs(total / stated - 1) <= 0.015 or round(total / 1000) * 1000 == stated


@pytest.mark.parametrize("row", rows_of("model_specs"), ids=lambda row: str(row["model"]))
def test_kv_elements_follow_from_the_architecture(row: dict[str, str]) -> None:
    if row["attention"] == "MLA":
        per_layer = int(row["mla_kv_lora_rank"]) + int(row["mla_rope_dim"])
    else:
        per_layer = 2 * int(row["kv_heads"]) * int(row["head_dim"])
    layers, rest = divmod(int(row["kv_elements_per_token"]), per_layer)
    assert rest == 0
    if "hybrid" in row["note"]:
        assert f"{layers} full-attention layers of {row['layers']}" in row["note"]
    else:
        assert layers == int(row["layers"])
