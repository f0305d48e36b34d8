"""Long context, batch and cache terms: exact values, and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlmodel

prices = st.floats(0, 1e3)
shares = st.floats(0, 1)
tokens = st.integers(0, 10**7)


def test_the_long_card_holds_above_the_threshold_for_every_token() -> None:
    """Rule of genai-prices (MIT), class TieredPrices: 200,000 base, 200,001 the long card."""
    at, above = xlmodel.long_context_price(np.array([200_000.0, 200_001.0]), 3, 200_000, 6)
    assert (at, above) == (3, 6)
    revenue = xlmodel.request_revenue(200_001, 0, above, 22.5)
    assert revenue == pytest.approx(200_001 * 6 / 1e6, rel=1e-12)


def test_a_card_of_three_steps_is_a_call_within_a_call() -> None:
    def price(input_tokens: int) -> float:
        first = xlmodel.long_context_price(input_tokens, 1, 1000, 2)
        return xlmodel.long_context_price(input_tokens, first, 5000, 4)

    assert [price(n) for n in (1000, 1001, 5000, 5001)] == [1, 2, 2, 4]


def test_batch_takes_its_discount_off_its_share() -> None:
    assert xlmodel.batch_price(10, 0.4, 0.5) == pytest.approx(8, rel=1e-12)
    assert xlmodel.batch_price(10, 0, 0.5) == 10
    assert xlmodel.batch_price(10, 1, 1) == 0


def test_storage_is_paid_by_tokens_and_hours() -> None:
    """Gemini 2.5 Flash: 1 USD/Mtok-hour (table of billing terms)."""
    assert xlmodel.cache_storage_cost(1e6, 24, 1) == 24


@pytest.mark.parametrize(
    ("write", "read", "reads"),
    [(1.25, 0.1, 0.25 / 0.9), (2, 0.1, 1 / 0.9), (1.25, 0.025, 0.25 / 0.975), (1, 0.5, 0)],
)
def test_breakeven_reads(write: float, read: float, reads: float) -> None:
    """Multipliers of Anthropic's cards, for five minutes and for an hour (billing terms)."""
    assert xlmodel.cache_breakeven_reads(write, read) == pytest.approx(reads, rel=1e-12)


def test_a_read_as_dear_as_input_never_pays_for_a_write() -> None:
    with pytest.raises(xlmodel.InputError, match="never pays") as caught:
        xlmodel.cache_breakeven_reads(1.25, 1)
    assert caught.value.kind == "#NUM!"


@given(st.floats(1, 5), st.floats(0, 0.99), st.floats(0, 20))
def test_past_the_breakeven_the_cache_is_cheaper(write: float, read: float, more: float) -> None:
    reads = xlmodel.cache_breakeven_reads(write, read) + more
    assert write + reads * read <= 1 + reads + 1e-9 * (1 + reads)


@given(tokens, tokens, prices, shares, shares, shares, prices)
def test_more_hits_never_raise_what_a_buyer_pays(
    input_tokens: int,
    output_tokens: int,
    price: float,
    discount: float,
    fewer: float,
    more: float,
    output_price: float,
) -> None:
    low, high = sorted((fewer, more))
    card = (input_tokens, output_tokens, price, output_price)
    cached = price * discount
    paid = xlmodel.request_revenue(*card, low, cached)
    assert xlmodel.request_revenue(*card, high, cached) <= paid * (1 + 1e-12)


@given(prices, prices, tokens, tokens, tokens)
def test_a_longer_request_is_never_on_a_cheaper_card(
    price: float, premium: float, threshold: int, one: int, other: int
) -> None:
    low, high = sorted((one, other))
    card = (price, threshold, price + premium)
    assert xlmodel.long_context_price(low, *card) <= xlmodel.long_context_price(high, *card)
