"""NPV and IRR, held against numpy_financial."""

from typing import Any

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlmodel
from xlmodel.registry import InputError

margins = st.lists(st.floats(-1e5, 1e6), min_size=1, max_size=60)
earning = st.lists(st.floats(1, 1e6), min_size=1, max_size=60)


@given(
    upfront=st.floats(0, 1e7),
    margins=margins,
    rate=st.floats(0, 3),
    periods=st.sampled_from([1, 4, 12, 52]),
)
def test_npv_equals_numpy_financial(
    upfront: float, margins: list[float], rate: float, periods: float
) -> None:
    of_period = (1 + rate) ** (1 / periods) - 1
    expected = npf.npv(of_period, [-upfront, *margins])
    found = xlmodel.model_npv(upfront, margins, rate, periods)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(upfront=st.floats(1, 1e6), margins=earning, periods=st.sampled_from([1, 4, 12]))
def test_npv_at_the_irr_is_zero(upfront: float, margins: list[float], periods: float) -> None:
    growth = sum(margins) / upfront
    if not 1e-2 < growth < 1e2:
        return
    rate = xlmodel.model_irr(upfront, margins, 1)
    v = 1 / (1 + rate)
    worth = sum(m * v**j for j, m in enumerate(margins, start=1))
    assert worth == pytest.approx(upfront, rel=1e-9)
    yearly = xlmodel.model_irr(upfront, margins, periods)
    assert 1 + yearly == pytest.approx((1 + rate) ** periods, rel=1e-9)


@pytest.mark.parametrize(
    "flows",
    [
        (1000, [300, 420, 680]),
        (100, [39, 59, 55, 20]),
        (1e6, [1e5] * 24),
        (1728, [0, 0, 2000]),
        (1e6, [1e4] * 24),
    ],
)
def test_irr_equals_numpy_financial(flows: tuple[float, list[float]]) -> None:
    upfront, margins = flows
    expected = npf.irr([-upfront, *margins])
    assert xlmodel.model_irr(upfront, margins, 1) == pytest.approx(expected, rel=1e-8)
    yearly = (1 + expected) ** 12 - 1
    assert xlmodel.model_irr(upfront, margins) == pytest.approx(yearly, rel=1e-8)


def test_npv_with_timing_as_documented() -> None:
    """110 at the end of the year, and 100 at its start, at 10 %."""
    assert xlmodel.model_npv(100, [110], 0.1, 1) == pytest.approx(0, abs=1e-12)
    assert xlmodel.model_npv(100, [0] * 11 + [110], 0.1) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("flows", "why"),
    [
        ((100, [230, -132]), "change it 2 times"),
        ((100, [-1, -2]), "change it 0 times"),
        ((0, [1, 2]), "change it 0 times"),
        ((0, [0]), "change it 0 times"),
        ((0, [1, -2]), "begin with earning"),
    ],
)
def test_irr_needs_exactly_one_change_of_sign(flows: Any, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        xlmodel.model_irr(*flows)
    assert caught.value.kind == "#NUM!"


def test_irr_of_what_comes_back_exactly_is_zero_and_of_nearly_nothing_nearly_minus_one() -> None:
    assert xlmodel.model_irr(100, [50, 50], 1) == pytest.approx(0, abs=1e-15)
    assert xlmodel.model_irr(1e6, [1], 1) == pytest.approx(-1 + 1e-6, rel=1e-12)


def test_a_blank_among_the_margins_is_an_error_of_its_own() -> None:
    with pytest.raises(InputError, match=r"margins\[2\] is blank"):
        xlmodel.model_npv(1, [1, None, 2], 0.1)


def test_a_column_and_a_row_are_the_same_margins() -> None:
    column = np.array([[300.0], [420.0], [680.0]])
    assert xlmodel.model_npv(1000, column, 0.1, 1) == xlmodel.model_npv(1000, column.T, 0.1, 1)
