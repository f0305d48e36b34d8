"""The table of billing terms: its words and units, and that its ratios are those of its source."""

import re

import pytest
from genai_prices import data
from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

import xlmodel
from xlmodel import tables
from xlmodel.tables import grid

ROWS = tables.rows("billing_terms")
UNITS = {
    "cache_read": "share of input price",
    "cache_write": "share of input price",
    "cache_write_5m": "share of input price",
    "cache_write_1h": "share of input price",
    "cache_storage": "USD/Mtok-hour",
    "batch_discount": "share off the price",
    "long_context_threshold": "tokens",
    "long_context_input": "factor on the price",
    "long_context_output": "factor on the price",
    "off_peak": "factor on the price",
}
DERIVED = [row for row in ROWS if row["note"].startswith("from ")]


def model_of(row: dict[str, str]) -> ModelInfo:
    match = re.match(r"(?:from|in the comment on) ([\w.-]+):([^;:]+)", row["note"])
    assert match
    provider = next(p for p in data.providers if p.id == match[1])
    return next(m for m in provider.models if m.id == match[2])


def standard(model: ModelInfo) -> ModelPrice:
    """The latest card, without off-peak hours."""
    return model.prices if isinstance(model.prices, ModelPrice) else model.prices[-1].prices


def base(price: object) -> float:
    return float(price.base if isinstance(price, TieredPrices) else price)  # type: ignore[arg-type]


def term_in_source(row: dict[str, str]) -> float:
    model = model_of(row)
    card = standard(model)
    match row["term"]:
        case "cache_read":
            return base(card.cache_read_mtok) / base(card.input_mtok)
        case "cache_write" | "cache_write_5m":
            return base(card.cache_write_mtok) / base(card.input_mtok)
        case "cache_write_1h":
            return base(card.cache_write_1h_mtok) / base(card.input_mtok)
        case "batch_discount":
            assert model.price_variants
            batch = next(v for v in model.price_variants if v.when.get("processing") == "batch")
            return 1 - base(batch.prices.input_mtok) / base(card.input_mtok)
        case "off_peak":
            assert isinstance(model.prices, list)
            off_peak, peak = model.prices[-3], model.prices[-1]
            return base(off_peak.prices.output_mtok) / base(peak.prices.output_mtok)
    price = card.output_mtok if row["term"] == "long_context_output" else card.input_mtok
    assert isinstance(price, TieredPrices)
    (tier,) = price.tiers
    if row["term"] == "long_context_threshold":
        return tier.start
    return float(tier.price / price.base)


def test_units_follow_from_terms() -> None:
    assert {row["term"] for row in ROWS} == set(UNITS)
    assert [row for row in ROWS if row["unit"] != UNITS[row["term"]]] == []


def test_long_context_terms_come_together() -> None:
    long = [row for row in ROWS if row["term"].startswith("long_context")]
    models = {(row["vendor"], row["model"]) for row in long}
    assert len(long) == 3 * len(models)


def test_breadth() -> None:
    assert len({row["vendor"] for row in ROWS}) >= 10
    assert len(DERIVED) >= 40


@pytest.mark.parametrize(
    "row", DERIVED, ids=lambda row: f"{row['vendor']}, {row['model']}, {row['term']}"
)
def test_terms_are_ratios_of_their_source(row: dict[str, str]) -> None:
    assert float(row["value"]) == pytest.approx(term_in_source(row), rel=2e-5)


def test_storage_prices_are_in_the_comments_of_their_source() -> None:
    found = [row for row in ROWS if row["note"].startswith("in the comment on")]
    assert len(found) == 2
    for row in found:
        comment = model_of(row).price_comments or ""
        assert f"cache storage price (${float(row['value']):.2f} per 1M tokens per hour)" in comment


def test_shipped_terms_are_looked_up() -> None:
    table = [list(row) for row in grid("billing_terms")]
    assert xlmodel.billing_term(table, "Anthropic", "cache_read") == 0.1
    assert xlmodel.billing_term(table, "anthropic", "cache_read", model="Claude-Opus-5-5") == 0.05
    assert xlmodel.billing_term(table, "DeepSeek", "off_peak", "2026-11-25") == 0.5
    with pytest.raises(xlmodel.InputError, match="2026-07-29"):
        xlmodel.billing_term(table, "Anthropic", "cache_read", "2024-07-27")
    with pytest.raises(xlmodel.InputError, match="claude-opus-5-5"):
        xlmodel.billing_term(table, "Anthropic", "cache_read", model="claude-opus-55")
