"""New prices of models from the data in the package genai-prices (MIT); nothing is downloaded.

Its names of models become ours by ``genai_models.csv`` or as the user says, never by likeness. Of
a price in tiers by the length of a request the first is taken, with the others in the note; of one
that depends on the hour, as ``hours`` in that file says; both are told. Its other variants (batch,
flex and the like) are no list prices and are left out.

Most of its prices have no date. Such a price is dated by the newest start of a price in the same
data, of which it is thus known that it was still listed on about that day.
"""

import csv
import datetime
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from xlmodel.registry import InputError
from xlmodel.workbook.delimited import folded, one_line
from xlmodel.workbook.prices.held import chosen
from xlmodel.workbook.prices.kinds import MODELS, TOKEN_KINDS, Price

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, Provider

NAME = "genai-prices"
_ALL = "all"
_SEEN = "price seen in this data; start of validity not published"


class Card(NamedTuple):
    """Which card of genai-prices has the prices of one of our models at one provider."""

    model: str
    provider: str
    hours: str
    """Of a price by the hour: "peak" for the hours that cost more, "off-peak" for the others."""
    genai_provider: str
    genai_model: str


class _Dated(NamedTuple):
    """The prices of a card from a day on; ``is_start`` is False for one that was seen then."""

    day: datetime.date
    is_start: bool
    prices: "ModelPrice"
    reading: str
    """Which hours they are of, if the price depends on the hour."""


@cache
def cards() -> tuple[Card, ...]:
    """The cards whose models we know."""
    with Path(__file__).with_name("genai_models.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Card(**row) for row in csv.DictReader(file))


def prices(
    wanted: Sequence[str], held: Iterable[Price], today: datetime.date
) -> tuple[list[Price], list[str]]:
    """The prices of the wanted models, and what a user should know about them.

    ``wanted`` are names of ours, ``NAME=PROVIDER/MODEL`` in genai-prices' words, or "all"; with
    none it is what is ``held`` already: each model at each of its providers.
    """
    providers = _data()
    seen = _newest_start(providers.values(), today)
    found: list[Price] = []
    notes: list[str] = []
    for card in _cards(wanted, held, providers):
        info = _model(providers, card)
        if info is None:
            notes.append(
                f"{NAME} has no {card.genai_provider}/{card.genai_model} any more: "
                f"{card.model}, {card.provider} left out"
            )
            continue
        try:
            dated = _dated(card, info, seen, today)
        except InputError as reason:
            notes.append(f"{card.model}, {card.provider}: left out, since {reason}")
            continue
        for price in (price for entry in dated for price in _of_card(card, entry)):
            if price.price > 0:
                found.append(price)
            else:
                notes.append(f"{price.what}: left out, since it is free of charge there")
    return found, list(dict.fromkeys(notes))


def _data() -> dict[str, "Provider"]:
    try:
        from genai_prices.data import providers
    except ModuleNotFoundError as error:
        if error.name not in ("genai_prices", "genai_prices.data"):
            raise
        raise InputError(
            f"{NAME} is not installed here: pip install 'xlmodel[prices]', or name a CSV file "
            "with --from"
        ) from None
    return {provider.id: provider for provider in providers}


def _source(card: Card) -> str:
    from importlib.metadata import version

    return f"{NAME} {version(NAME)}, {card.genai_provider}/{card.genai_model}"


def _cards(
    wanted: Sequence[str], held: Iterable[Price], providers: dict[str, "Provider"]
) -> Iterator[Card]:
    if not wanted:
        pairs = {price.key[1:3] for price in held if price.kind is MODELS}
        yield from (c for c in cards() if (folded(c.model), folded(c.provider)) in pairs)
        return
    own = [word for word in wanted if "=" in word]
    plain = [word for word in wanted if "=" not in word]
    names = {folded(card.model) for card in cards()}
    if _ALL not in map(str.lower, plain):
        names = chosen(plain, (card.model for card in cards()))
    yield from (card for card in cards() if folded(card.model) in names)
    yield from (_own_card(word, providers) for word in own)


def _own_card(word: str, providers: dict[str, "Provider"]) -> Card:
    """A card as the user names it, at the provider's name here."""
    name, _, where = word.partition("=")
    provider, slash, model = where.strip().partition("/")
    card = Card(one_line(name), "", "", provider, model)
    if not card.model or not slash or _model(providers, card) is None:
        raise InputError(
            f'--models has "{one_line(word)}", but NAME=PROVIDER/MODEL must name a model of '
            f"{NAME}, such as claude-opus-5=anthropic/claude-opus-5"
        )
    known = (c.provider for c in cards() if c.genai_provider == provider and not c.hours)
    return card._replace(provider=next(known, providers[provider].name))


def _model(providers: dict[str, "Provider"], card: Card) -> "ModelInfo | None":
    provider = providers.get(card.genai_provider)
    models = provider.models if provider else []
    return next((model for model in models if model.id == card.genai_model), None)


def _newest_start(providers: Iterable["Provider"], today: datetime.date) -> datetime.date:
    """The newest day on which a price of the data began: the data are not older."""
    starts = (
        day
        for provider in providers
        for model in provider.models
        for day in map(_start, _conditional(model))
        if day and day <= today
    )
    return max(starts, default=today)


def _conditional(info: "ModelInfo") -> list[Any]:
    return info.prices if isinstance(info.prices, list) else []


def _start(entry: Any) -> datetime.date | None:
    return getattr(entry.constraint, "start_date", None)


def _is_hourly(entry: Any) -> bool:
    return hasattr(entry.constraint, "start_time")


def _dated(
    card: Card, info: "ModelInfo", seen: datetime.date, today: datetime.date
) -> list[_Dated]:
    """The prices of a card with their days; InputError with the reason where there are none."""
    if not isinstance(info.prices, list):
        return [_Dated(seen, False, info.prices, "")]
    hourly = [entry.prices for entry in info.prices if _is_hourly(entry)]
    flat = [entry for entry in info.prices if not _is_hourly(entry)]
    if hourly and not card.hours:
        raise InputError("its price depends on the hour")
    if card.hours == "peak" and hourly:
        if any(prices != hourly[0] for prices in hourly):
            raise InputError("it has several prices by the hour")
        return [_Dated(seen, False, hourly[0], "the price of the hours that cost more")]
    reading = "the price of the hours that cost less" if hourly else ""
    started = [_Dated(day, True, entry.prices, reading) for entry in flat if (day := _start(entry))]
    if any(entry.day <= today for entry in started):
        return started
    return [_Dated(seen, False, flat[0].prices, reading), *started]


def _of_card(card: Card, entry: _Dated) -> Iterator[Price]:
    """The prices of each kind on a card; one of 0 has the reason why it is none."""
    for kind in TOKEN_KINDS:
        value = getattr(entry.prices, f"{kind}_mtok", None)
        if value is None:
            continue
        tiers = getattr(value, "tiers", ())
        hour = getattr(entry.prices, "cache_write_1h_mtok", None) if kind == "cache_write" else None
        notes = [
            *([] if entry.is_start else [_SEEN]),
            *([entry.reading] if entry.reading else []),
            *(f"{t.price} where a request has more than {t.start:,} input tokens" for t in tiers),
            *([] if hour is None else [f"writes kept for an hour: {getattr(hour, 'base', hour)}"]),
        ]
        reading = entry.reading
        if tiers:
            reading = (
                f"the price up to {tiers[0].start:,} input tokens a request; note has the rest"
            )
        yield Price(
            MODELS, (card.model, card.provider, kind), float(getattr(value, "base", value)), "USD",
            entry.day, None, _source(card), "; ".join(notes), entry.is_start, reading,
        )  # fmt: skip
