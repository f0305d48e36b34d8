"""Our revenue of a request against genai-prices (MIT), which calculates it from its own cards.

The prices of a card are read from the data in the package's wheel, and nothing is downloaded. Each
of the models is billed for the same ten requests on a fixed day.
"""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

import genai_prices
import pytest
from genai_prices import data
from genai_prices.types import ModelPrice, TieredPrices

import xlmodel

NOON = datetime.datetime(2026, 11, 25, 12, 0, tzinfo=datetime.UTC)
PEAK = datetime.datetime(2026, 11, 25, 7, 0, tzinfo=datetime.UTC)

MODELS = (
    ("anthropic", "claude-opus-5"),
    ("anthropic", "claude-haiku-5-5"),
    ("anthropic", "claude-sonnet-4-5"),
    ("anthropic", "claude-fable-5-2"),
    ("openai", "gpt-4o"),
    ("openai", "gpt-5.4-pro"),
    ("openai", "gpt-5.5"),
    ("openai", "gpt-6-sol"),
    ("google", "gemini-2.5-pro"),
    ("google", "gemini-3.8-flash"),
    ("google", "gemini-pro-1.5"),
    ("deepseek", "deepseek-flash"),
    ("deepseek", "deepseek-v4-pro"),
    ("x-ai", "grok-4.3"),
    ("moonshotai", "kimi-k3"),
    ("mistral", "mistral-large-2512"),
    ("groq", "openai/gpt-oss-120b"),
    ("zai", "GLM-4.5"),
    ("together", "moonshotai/Kimi-K3"),
    ("minimax", "minimax-m3"),
    ("aws", "global.openai.gpt-5.6-sol"),
)


class Request(NamedTuple):
    """Tokens of a request; those read and written are part of the input."""

    input: int
    output: int
    read: int = 0
    written: int = 0
    for_an_hour: bool = False


REQUESTS = (
    Request(2048, 128),
    Request(100_000, 500, read=99_000),
    Request(100_001, 500, read=50_000, written=50_001),
    Request(50_000, 1_000, written=50_000),
    Request(7_777, 0, read=3_333, written=1_111),
    Request(0, 10_000),
    Request(200_000, 4_096, read=123_456),
    Request(200_001, 4_096, read=123_456, written=70_000),
    Request(600_000, 30_000, read=580_000, written=20_000),
    Request(272_001, 8_000, read=200_000, written=60_000, for_an_hour=True),
)


def on_card(price: object, input_tokens: int) -> float:
    """A price of the card for a request of that length."""
    if isinstance(price, Decimal):
        return float(price)
    assert isinstance(price, TieredPrices)
    found = float(price.base)
    for tier in price.tiers:
        found = xlmodel.long_context_price(input_tokens, found, tier.start, float(tier.price))
    return found


def revenue(card: ModelPrice, request: Request) -> float:
    def price(kind: str) -> float | None:
        value = getattr(card, f"{kind}_mtok")
        return None if value is None else on_card(value, request.input)

    written = price("cache_write")
    if request.for_an_hour:
        written = price("cache_write_1h") or written
    whole = request.input or 1
    input_price, output_price = price("input"), price("output")
    assert input_price is not None
    assert output_price is not None
    return xlmodel.request_revenue(
        request.input,
        request.output,
        input_price,
        output_price,
        request.read / whole,
        price("cache_read"),
        request.written / whole,
        written,
    )


def usage(request: Request) -> genai_prices.Usage:
    tokens: Mapping[str, int] = {
        "input_tokens": request.input,
        "output_tokens": request.output,
        "cache_read_tokens": request.read,
        "cache_write_tokens": request.written,
        "cache_write_1h_tokens": request.written if request.for_an_hour else 0,
    }
    return genai_prices.Usage(**tokens)


def card_of(provider: str, model: str, when: datetime.datetime) -> ModelPrice:
    providers = {p.id: p for p in data.providers}
    found = next(m for m in providers[provider].models if m.id == model)
    return found.get_prices(when)


@pytest.mark.parametrize(("provider", "model"), MODELS)
@pytest.mark.parametrize("when", [NOON, PEAK], ids=["noon", "peak"])
def test_revenue_equals_genai_prices(provider: str, model: str, when: datetime.datetime) -> None:
    card = card_of(provider, model, when)
    for request in REQUESTS:
        theirs = genai_prices.calc_price(
            usage(request), model, provider_id=provider, genai_request_timestamp=when
        )
        assert theirs.model.id == model
        assert theirs.total_price > 0
        assert revenue(card, request) == pytest.approx(float(theirs.total_price), rel=1e-9)


def test_cards_of_each_kind_are_among_them() -> None:
    """Cached reads, writes at one and at two prices, long-context cards, prices by the hour."""
    cards = [card_of(*model, NOON) for model in MODELS]
    assert sum(card.cache_read_mtok is not None for card in cards) >= 15
    assert sum(card.cache_write_mtok is not None for card in cards) >= 6
    assert sum(card.cache_write_1h_mtok is not None for card in cards) >= 4
    assert sum(isinstance(card.input_mtok, TieredPrices) for card in cards) >= 6
    assert sum(card_of(*model, PEAK) != card_of(*model, NOON) for model in MODELS) >= 2
    assert len({provider for provider, _ in MODELS}) >= 10
    assert len(MODELS) >= 20
