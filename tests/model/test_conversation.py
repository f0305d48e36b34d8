"""Conversations: closed forms against a loop over the turns, and laws of the hit rate."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import xlmodel

turns = st.integers(1, 60)
tokens = st.integers(0, 50_000)
shares = st.floats(0, 1)


def turn_by_turn(
    count: int, prefix: int, user: int, answer: int, kept: float, shared: float, own: float
) -> Iterator[tuple[float, float]]:
    """Input and expected hits of each turn, with the history kept as a list of messages."""
    messages: list[int] = []
    for turn in range(count):
        messages.append(user)
        sent = prefix + sum(messages)
        earlier = prefix + sum(messages[:-1]) - ((1 - own) * messages[-2] if turn else 0)
        chance = kept if turn else 0.0
        yield sent, chance * earlier + (1 - chance) * shared * prefix
        messages.append(answer)


@given(turns, tokens, tokens, tokens, shares, shares, shares)
def test_sums_equal_a_loop_over_the_turns(
    count: int, prefix: int, user: int, answer: int, kept: float, shared: float, own: float
) -> None:
    loop = list(turn_by_turn(count, prefix, user, answer, kept, shared, own))
    sent = math.fsum(one for one, _ in loop)
    assert xlmodel.conversation_input(count, prefix, user, answer) == pytest.approx(sent)
    assert xlmodel.conversation_output(count, answer) == count * answer
    assume(sent > 0)
    size = (count, prefix, user, answer)
    rate = xlmodel.conversation_hit_rate(*size, kept, shared, own)
    assert rate * sent == pytest.approx(math.fsum(hits for _, hits in loop), rel=1e-9, abs=1e-6)
    written = xlmodel.conversation_write_rate(*size, kept, shared, own)
    assert 0 <= rate <= 1
    assert 0 <= written <= 1
    assert rate + written == 1
    paid = xlmodel.request_revenue(sent, 0, 3, 15, rate, 0.3, written, 3.75)
    assert paid == pytest.approx(sent * (0.3 * rate + 3.75 * written) / 1e6)


def test_a_conversation_worked_by_hand() -> None:
    """1,000 + 100; 1,300 + 100; 1,600 + 100: 4,200 sent, of which 1,300 + 1,600 are found."""
    assert xlmodel.conversation_input(3, 1000, 100, 200) == 4200
    assert xlmodel.conversation_hit_rate(3, 1000, 100, 200) == pytest.approx(2900 / 4200)
    unkept = xlmodel.conversation_hit_rate(3, 1000, 100, 200, 1, 0, 0)
    assert unkept == pytest.approx(2500 / 4200)
    shared = xlmodel.conversation_hit_rate(3, 1000, 100, 200, 0, 0.5)
    assert shared == pytest.approx(1500 / 4200)


@given(
    turns,
    tokens,
    st.integers(1, 50_000),
    tokens,
    st.tuples(shares, st.just(0.0)) | st.tuples(st.just(1.0), shares),
)
def test_the_hit_rate_rises_with_turns(
    count: int, prefix: int, user: int, answer: int, found: tuple[float, float]
) -> None:
    """Without hits through a shared prefix, or with a history that is always kept."""
    size = (prefix, user, answer, *found)
    fewer = xlmodel.conversation_hit_rate(count, *size)
    assert xlmodel.conversation_hit_rate(count + 1, *size) >= fewer - 1e-12


@given(turns, tokens, st.integers(1, 50_000), tokens, shares, st.tuples(shares, shares))
def test_the_hit_rate_rises_with_retention(
    count: int, prefix: int, user: int, answer: int, shared: float, kept: tuple[float, float]
) -> None:
    size = (count, prefix, user, answer)
    low, high = sorted(kept)
    rate = xlmodel.conversation_hit_rate(*size, low, shared)
    assert xlmodel.conversation_hit_rate(*size, high, shared) >= rate - 1e-12
    assert xlmodel.conversation_hit_rate(*size, shared, high) >= (
        xlmodel.conversation_hit_rate(*size, shared, low) - 1e-12
    )


@given(turns, tokens, st.integers(1, 50_000), tokens, st.tuples(shares, shares), shares)
def test_better_retention_never_raises_what_a_buyer_pays(
    count: int,
    prefix: int,
    user: int,
    answer: int,
    kept: tuple[float, float],
    read_multiplier: float,
) -> None:
    size = (count, prefix, user, answer)
    sent = xlmodel.conversation_input(*size)
    low, high = sorted(kept)
    paid = [
        xlmodel.request_revenue(
            sent, 0, 3, 15, xlmodel.conversation_hit_rate(*size, share), 3 * read_multiplier
        )
        for share in (low, high)
    ]
    assert paid[1] <= paid[0] * (1 + 1e-9)


def test_retention_against_exponential_gaps() -> None:
    assert xlmodel.retained_share(300, 300) == pytest.approx(1 - 1 / math.e, rel=1e-15)
    gaps = np.random.default_rng(5).exponential(60, 200_000)
    assert xlmodel.retained_share(90, 60) == pytest.approx((gaps <= 90).mean(), abs=0.005)
    assert xlmodel.retained_share(0, 60) == 0
    assert xlmodel.retained_share(1e15, 1e-6) == 1


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(1e-3, 1e6))
def test_longer_retention_keeps_more(one: float, other: float, think: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= xlmodel.retained_share(low, think) <= xlmodel.retained_share(high, think) <= 1


@pytest.mark.parametrize("count", [1.5, 2.999])
def test_turns_are_whole(count: float) -> None:
    with pytest.raises(xlmodel.InputError, match="whole number") as caught:
        xlmodel.conversation_input(count, 1000, 100, 200)
    assert caught.value.kind == "#NUM!"


def test_no_input_is_no_hit_rate() -> None:
    with pytest.raises(xlmodel.InputError) as caught:
        xlmodel.conversation_hit_rate(2, 0, 0, 0)
    assert caught.value.kind == "#DIV/0!"


def test_a_column_of_turns_equals_its_cells() -> None:
    counts = np.arange(1.0, 9.0)
    together = xlmodel.conversation_hit_rate(counts, 1000, 100, 200, 0.9, 0.5)
    singly = [xlmodel.conversation_hit_rate(n, 1000, 100, 200, 0.9, 0.5) for n in counts]
    assert together.tolist() == singly
