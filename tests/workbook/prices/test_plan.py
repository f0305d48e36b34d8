"""Which new prices become rows, and which are no news, or contradict a row."""

import datetime

import pytest

from xlmodel.registry import InputError
from xlmodel.workbook.prices.kinds import GPUS, Price
from xlmodel.workbook.prices.plan import MOST_ADDED, plan


def price(
    day: str, usd: float, gpu: str = "H100", currency: str = "USD", seen: bool = False
) -> Price:
    names = (gpu, "Lambda", "on-demand")
    return Price(
        GPUS, names, usd, currency, datetime.date.fromisoformat(day), None, "x", is_start=not seen
    )


HELD = [price("2026-01-01", 3.0), price("2026-03-01", 2.0)]


def test_a_later_price_is_added_with_its_change() -> None:
    (change,) = plan(HELD, [price("2026-06-01", 1.5)]).changes
    assert (change.old, change.percent, change.is_late) == (HELD[1], -25.0, False)


def test_names_meet_in_any_case_and_with_any_spaces() -> None:
    (change,) = plan(HELD, [price("2026-06-01", 1.5, "  h100\u00a0")]).changes
    assert change.old == HELD[1]


def test_an_equal_newest_price_adds_no_row() -> None:
    done = plan(HELD, [price("2026-06-01", 2.0), price("2026-03-01", 2.0)])
    assert (done.changes, done.conflicts, done.present) == ([], [], 2)


def test_a_price_that_returns_is_news_each_time() -> None:
    done = plan(HELD, [price("2026-07-01", 2.0), price("2026-06-01", 3.0)])
    assert [(c.new.price, c.old and c.old.price) for c in done.changes] == [(3.0, 2.0), (2.0, 3.0)]


def test_another_price_on_the_same_day_is_a_conflict() -> None:
    done = plan(HELD, [price("2026-03-01", 2.5)])
    assert done.changes == []
    assert done.conflicts[0].sentence == (
        "H100, Lambda, on-demand, 2026-03-01: 2.5 USD/GPU-hour (x) against 2 USD/GPU-hour (x)"
    )


def test_of_new_prices_that_contradict_each_other_none_is_added() -> None:
    done = plan(HELD, [price("2026-06-01", 1.5), price("2026-06-01", 1.6)])
    assert (done.changes, len(done.conflicts)) == ([], 1)


def test_the_same_price_in_another_currency_is_another_price() -> None:
    (change,) = plan(HELD, [price("2026-06-01", 2.0, currency="EUR")]).changes
    assert change.percent is None
    assert plan(HELD, [price("2026-03-01", 2.0, currency="EUR")]).conflicts


def test_an_older_price_is_added_and_said_to_be_late() -> None:
    (change,) = plan(HELD, [price("2026-02-01", 2.5)]).changes
    assert (change.old, change.is_late) == (HELD[0], True)


def test_what_was_only_seen_or_only_later_is_wanted_changes_no_past() -> None:
    assert plan(HELD, [price("2026-02-01", 2.5, seen=True)]).changes == []
    assert plan(HELD, [price("2026-02-01", 2.5), price("2026-01-01", 9.0)], True).changes == []
    assert plan(HELD, [price("2026-01-01", 9.0)], True).conflicts == []
    assert plan([], [price("2026-02-01", 2.5), price("2026-01-01", 9.0)], True).changes[1:]


def test_too_many_rows_are_refused() -> None:
    new = [price("2026-06-01", 1.5, f"G{number}") for number in range(MOST_ADDED + 1)]
    assert len(plan(HELD, new[:-1]).changes) == MOST_ADDED
    with pytest.raises(InputError, match="5,001 rows would be added, but at most 5,000"):
        plan(HELD, new)
