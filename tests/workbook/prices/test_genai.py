"""Prices from genai-prices: names by a table, tiers and hours told, days where they are known."""

import datetime
import sys
from decimal import Decimal
from typing import Any

import genai_prices.data
import pytest
from genai_prices.types import (
    ClauseEquals,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    Provider,
    StartDateConstraint,
    Tier,
    TieredPrices,
    TimeOfDateConstraint,
)

from xlmodel.registry import InputError
from xlmodel.workbook.prices import genai, held
from xlmodel.workbook.prices.kinds import Price

TODAY = datetime.date(2026, 11, 26)
SEEN = datetime.date(2026, 10, 1)
PEAK = TimeOfDateConstraint(
    datetime.time(1, tzinfo=datetime.UTC), datetime.time(4, tzinfo=datetime.UTC)
)


def card(usd: str, **more: Any) -> ModelPrice:
    return ModelPrice(input_mtok=Decimal(usd), **more)


def since(day: str, prices: ModelPrice) -> ConditionalPrice:
    return ConditionalPrice(StartDateConstraint(datetime.date.fromisoformat(day)), prices=prices)


def found(
    monkeypatch: pytest.MonkeyPatch, prices: Any, hours: str = ""
) -> tuple[list[Price], list[str]]:
    """What becomes of one card, in data that know of a price of 1 October 2026."""
    models = [
        ModelInfo(name, ClauseEquals(name), prices=given)
        for name, given in (("m", prices), ("other", [since("2026-10-01", card("9"))]))
    ]
    monkeypatch.setattr(genai_prices.data, "providers", [Provider("p", "P", "", models=models)])
    monkeypatch.setattr(genai, "cards", lambda: (genai.Card("Ours", "Us", hours, "p", "m"),))
    return genai.prices(["Ours"], [], TODAY)


def test_every_card_of_our_table_is_in_the_package() -> None:
    """By identity, and the provider's id is one of the package's."""
    there = {(p.id, model.id) for p in genai_prices.data.providers for model in p.models}
    assert {card[3:] for card in genai.cards()} <= there
    keys = [card[:2] for card in genai.cards()]
    assert keys == sorted(set(keys))
    assert {card.hours for card in genai.cards()} == {"", "peak", "off-peak"}


def test_the_table_says_the_same_as_the_prices_of_this_package() -> None:
    """Where both have a price that did not change since, they agree: so the names fit."""
    ours = held.in_force(held.packaged().prices, TODAY)
    theirs = held.in_force(genai.prices([], ours.values(), TODAY)[0], TODAY)
    both = ours.keys() & theirs.keys()
    assert len(both) > 100
    same = [key for key in both if ours[key].costs_as_much_as(theirs[key])]
    assert len(same) > 0.9 * len(both)


def test_a_price_without_a_day_is_dated_by_the_newest_start_in_the_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (price,), notes = found(monkeypatch, card("2"))
    assert (price.what, price.price, price.valid_from) == ("Ours, Us, input", 2.0, SEEN)
    assert not price.is_start
    assert price.note == "price seen in this data; start of validity not published"
    assert price.source.startswith("genai-prices ")
    assert price.source.endswith(", p/m")
    assert notes == []


def test_each_kind_of_a_card_is_a_price(monkeypatch: pytest.MonkeyPatch) -> None:
    full = card(
        "2",
        output_mtok=Decimal(8),
        cache_read_mtok=Decimal("0.2"),
        cache_write_mtok=Decimal("2.5"),
        cache_write_1h_mtok=Decimal(4),
        input_audio_mtok=Decimal(50),
    )
    prices, _ = found(monkeypatch, full)
    kinds = {price.names[2]: price.price for price in prices}
    assert kinds == {"input": 2, "output": 8, "cache_read": 0.2, "cache_write": 2.5}
    assert prices[3].note.endswith("writes kept for an hour: 4")


def test_of_tiers_the_first_is_taken_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    tiers = TieredPrices(Decimal(2), [Tier(200_000, Decimal(4))])
    (price,), _ = found(monkeypatch, ModelPrice(input_mtok=tiers))
    assert price.price == 2.0
    assert "4 where a request has more than 200,000 input tokens" in price.note
    assert price.reading.startswith("the price up to 200,000 input tokens a request")


def test_prices_with_a_start_keep_their_day(monkeypatch: pytest.MonkeyPatch) -> None:
    base = ConditionalPrice(prices=card("1"))
    prices, _ = found(monkeypatch, [base, since("2026-05-01", card("2"))])
    assert [(p.price, str(p.valid_from), p.is_start) for p in prices] == [(2.0, "2026-05-01", True)]
    prices, _ = found(monkeypatch, [base, since("2027-01-01", card("2"))])
    assert [(p.price, str(p.valid_from), p.is_start) for p in prices] == [
        (1.0, "2026-10-01", False),
        (2.0, "2027-01-01", True),
    ]


def test_a_price_by_the_hour_needs_hours_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    by_hour = [ConditionalPrice(prices=card("1")), ConditionalPrice(PEAK, prices=card("3"))]
    prices, notes = found(monkeypatch, by_hour)
    assert (prices, notes) == ([], ["Ours, Us: left out, since its price depends on the hour"])
    ((peak,), _) = found(monkeypatch, by_hour, "peak")
    ((rest,), _) = found(monkeypatch, by_hour, "off-peak")
    assert (peak.price, rest.price) == (3.0, 1.0)
    assert "the hours that cost more" in peak.reading
    by_hour.append(ConditionalPrice(PEAK, prices=card("4")))
    assert found(monkeypatch, by_hour, "peak")[0] == []


def test_what_is_free_or_gone_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    prices, notes = found(monkeypatch, card("0"))
    assert prices == []
    assert notes == ["Ours, Us, input: left out, since it is free of charge there"]
    monkeypatch.setattr(genai, "cards", lambda: (genai.Card("Ours", "Us", "", "p", "gone"),))
    assert "has no p/gone any more" in genai.prices(["Ours"], [], TODAY)[1][0]


def test_models_are_chosen_by_name_or_in_words_of_the_package() -> None:
    prices, _ = genai.prices(["kimi-k3", "Mine=anthropic/claude-opus-5"], [], TODAY)
    assert {price.names[0] for price in prices} == {"Kimi-K3", "Mine"}
    assert {p.names[1] for p in prices if p.names[0] == "Mine"} == {"Anthropic"}
    assert len({price.names[:2] for price in genai.prices(["all"], [], TODAY)[0]}) > 100
    with pytest.raises(InputError, match='no price of "Kimi-K4" here; nearest: Kimi-K'):
        genai.prices(["Kimi-K4"], [], TODAY)
    for wrong in ("Mine=anthropic/claude-nine", "Mine=claude-opus-5", "=anthropic/claude-opus-5"):
        with pytest.raises(InputError, match="NAME=PROVIDER/MODEL must name a model"):
            genai.prices([wrong], [], TODAY)


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "genai_prices", None)
    monkeypatch.setitem(sys.modules, "genai_prices.data", None)
    with pytest.raises(InputError, match=r"pip install 'xlmodel\[prices\]', or name a CSV file"):
        genai.prices([], [], TODAY)
