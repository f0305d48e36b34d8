"""Erlang C and the wait for a slot, against exact fractions and scipy's Poisson distribution."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import xlmodel
from xlmodel.registry import InputError

queues = st.integers(1, 300).flatmap(
    lambda servers: st.tuples(
        st.just(float(servers)), st.floats(0.01, 0.999).map(lambda r: r * servers)
    )
)
times = st.floats(0.1, 100)
quantiles = st.floats(0.5, 0.999)


def exact(servers: int, offered: Fraction) -> Fraction:
    """The textbook's sums, in whole numbers."""
    terms = [Fraction(1)]
    for k in range(1, servers + 1):
        terms.append(terms[-1] * offered / k)
    last = terms[-1] * servers / (servers - offered)
    return last / (sum(terms[:-1]) + last)


@pytest.mark.parametrize(
    ("servers", "offered", "published"), [(10, 8, 0.40918), (100, 90, 0.21694)]
)
def test_published_values(servers: int, offered: int, published: float) -> None:
    found = xlmodel.erlang_c(servers, offered)
    assert round(found, 5) == published
    assert found == pytest.approx(float(exact(servers, Fraction(offered))), rel=1e-13)


@pytest.mark.parametrize("servers", [1, 2, 7, 50, 400])
@pytest.mark.parametrize("part", ["1/100", "1/2", "9/10", "999/1000"])
def test_exact_fractions_agree(servers: int, part: str) -> None:
    offered = servers * Fraction(part)
    found = xlmodel.erlang_c(servers, float(offered))
    assert found == pytest.approx(float(exact(servers, Fraction(float(offered)))), rel=1e-11)


@pytest.mark.parametrize(
    ("servers", "offered"), [(10_000, 9_900), (10_000, 9_999), (100_000, 1e5 - 50)]
)
def test_many_servers_do_not_overflow(servers: float, offered: float) -> None:
    blocked = stats.poisson.pmf(servers, offered) / stats.poisson.cdf(servers, offered)
    expected = blocked / (1 - offered / servers * (1 - blocked))
    assert xlmodel.erlang_c(servers, offered) == pytest.approx(expected, rel=1e-8)
    assert xlmodel.erlang_c(servers, 1) == 0  # too small for a number


def test_one_server_waits_as_often_as_it_is_busy() -> None:
    """M/M/1: C = ρ, mean wait = ρ ÷ (1 − ρ) × service time."""
    assert xlmodel.erlang_c(1, 0.75) == pytest.approx(0.75, rel=1e-15)
    assert xlmodel.wait_time(1, 0.25, 3) == pytest.approx(9, rel=1e-12)


@pytest.mark.parametrize(("servers", "offered"), [(10, 10), (10, 11), (10.5, 8), (1, 1)])
def test_no_answer_without_spare_slots(servers: float, offered: float) -> None:
    with pytest.raises(InputError, match=r"whole number of slots|grows without end") as caught:
        xlmodel.erlang_c(servers, offered)
    assert caught.value.kind == "#NUM!"


@given(queues, times, quantiles)
def test_as_many_wait_longer_as_the_quantile_says(
    queue: tuple[float, float], service: float, quantile: float
) -> None:
    servers, offered = queue
    wait = xlmodel.wait_time(servers, offered / service, service, quantile)
    offered = offered / service * service
    longer = xlmodel.erlang_c(servers, offered) * math.exp(-(servers - offered) * wait / service)
    assert longer <= (1 - quantile) * (1 + 1e-9)
    if wait > 0:
        assert longer == pytest.approx(1 - quantile, rel=1e-9)


@given(queues, times)
def test_the_mean_is_that_of_the_distribution(queue: tuple[float, float], service: float) -> None:
    """By Little's law the requests that wait in the mean are arrival rate × mean wait."""
    servers, offered = queue
    waiting = xlmodel.wait_time(servers, offered / service, service) * offered / service
    share = offered / servers
    expected = xlmodel.erlang_c(servers, offered) * share / (1 - share)
    assert waiting == pytest.approx(expected, rel=1e-9)


@given(queues)
def test_another_server_never_waits_longer(queue: tuple[float, float]) -> None:
    servers, offered = queue
    assert xlmodel.erlang_c(servers + 1, offered) <= xlmodel.erlang_c(servers, offered)


@settings(deadline=None)
@given(st.floats(0, 100), times, st.floats(1e-3, 100), st.none() | quantiles)
def test_fewest_slots_keep_the_promise(
    rate: float, service: float, longest: float, quantile: float | None
) -> None:
    slots = xlmodel.slots_for_wait(rate, service, longest, quantile)
    assert xlmodel.wait_time(slots, rate, service, quantile) <= longest * (1 + 1e-9)
    if slots - 1 > rate * service:
        assert xlmodel.wait_time(slots - 1, rate, service, quantile) > longest * (1 - 1e-9)


@pytest.mark.parametrize(("rate", "service"), [(1e5, 1), (1e4, 1e3)])
def test_more_slots_than_can_be_counted(rate: float, service: float) -> None:
    with pytest.raises(InputError, match="more than 100,000 slots"):
        xlmodel.slots_for_wait(rate, service, 1)
