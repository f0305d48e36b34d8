"""Big or small: what demand, distillation and open weights do, by definition and by law."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import xlmodel
from xlmodel.registry import InputError

prices = st.floats(0.01, 100)
demands = st.floats(1e3, 1e12)
elasticities = st.floats(0, 5)
elastic = st.floats(1.05, 5)
shares = st.floats(0, 1)
money = st.floats(0, 1e6)
factors = st.floats(0.01, 100)

NODE = ("Llama-3.1-405B", "H100", 8, 2048, 128)
LADDER = (
    ("Llama-3.1-8B", 1),
    ("Llama-3.1-70B", 2),
    ("Llama-3.1-405B", 8),
    ("gpt-oss-120b", 2),
)


# Demand


@given(prices, demands, elasticities)
def test_demand_at_the_reference_price_is_the_reference_demand(
    price: float, demand: float, elasticity: float
) -> None:
    assert xlmodel.demand_at_price(price, price, demand, elasticity) == demand


@given(prices, prices, demands, elasticities)
def test_price_one_per_cent_higher_loses_elasticity_per_cent(
    price: float, reference: float, demand: float, elasticity: float
) -> None:
    before = xlmodel.demand_at_price(price, reference, demand, elasticity)
    after = xlmodel.demand_at_price(price * math.exp(0.01), reference, demand, elasticity)
    assert math.isclose(math.log(before / after), 0.01 * elasticity, abs_tol=1e-9)


@given(prices, prices, demands)
def test_revenue_is_the_same_at_every_price_at_an_elasticity_of_1(
    price: float, reference: float, demand: float
) -> None:
    revenue = xlmodel.demand_profit(price, 0, reference, demand, 1)
    assert math.isclose(revenue, reference * demand / 1e6, rel_tol=1e-9)


@given(prices, elastic, prices, demands, st.floats(1.001, 3))
def test_optimum_beats_its_neighbours(
    cost: float, elasticity: float, reference: float, demand: float, step: float
) -> None:
    def profit(price: float) -> float:
        return float(xlmodel.demand_profit(price, cost, reference, demand, elasticity))

    best = xlmodel.optimal_price(cost, elasticity)
    rounding = 1e-9 * best * xlmodel.demand_at_price(best, reference, demand, elasticity) / 1e6
    assert profit(best) >= profit(best * step) - rounding
    assert profit(best) >= profit(best / step) - rounding


@given(prices, elastic)
def test_margin_at_the_optimum_is_one_over_elasticity(cost: float, elasticity: float) -> None:
    """Lerner 1934."""
    price = xlmodel.optimal_price(cost, elasticity)
    assert math.isclose((price - cost) / price, 1 / elasticity, rel_tol=1e-9)


@pytest.mark.parametrize("elasticity", [0, 0.5, 1])
def test_no_price_is_best_at_an_elasticity_of_1_or_less(elasticity: float) -> None:
    with pytest.raises(InputError, match="no price is best at an elasticity of 1 or less") as error:
        xlmodel.optimal_price(2.3, elasticity)
    assert error.value.kind == "#NUM!"


def test_no_price_is_best_where_a_token_more_costs_nothing() -> None:
    with pytest.raises(InputError, match="costs nothing: profit rises as the price falls"):
        xlmodel.optimal_price(0, 2)


@pytest.mark.parametrize(
    "call",
    [
        lambda e: xlmodel.demand_at_price(1.4, 2.8, 1e9, e),
        lambda e: xlmodel.demand_profit(1.4, 1, 2.8, 1e9, e),
        lambda e: xlmodel.optimal_price(1, e),
    ],
)
def test_negative_elasticity_is_an_error_that_says_so(call: object) -> None:
    with pytest.raises(InputError, match="write elasticity as a positive number"):
        call(-1.5)  # type: ignore[operator]


@given(prices, prices, prices, demands, elasticities)
def test_profit_rises_as_cost_falls(
    price: float, cost: float, reference: float, demand: float, elasticity: float
) -> None:
    dear = xlmodel.demand_profit(price, cost, reference, demand, elasticity)
    cheap = xlmodel.demand_profit(price, cost / 2, reference, demand, elasticity)
    assert cheap >= dear


# A ladder of models


@pytest.mark.parametrize(("model", "gpus"), LADDER)
def test_size_margin_is_node_margin_at_the_computed_rate(model: str, gpus: float) -> None:
    replica = (model, "H100", gpus, 2048, 128)
    for batch, hit_rate, cached in ((None, 0.0, 1.0), (8, 0.4, 0.5)):
        tps = xlmodel.node_tps(*replica, "FP8", batch, hit_rate, 100)
        by_hand = xlmodel.node_margin(
            tps, 16, 1.0, 2.0, gpus, 3.49, 0.7, hit_rate, cached, other_cost_per_day=5
        )
        margin = xlmodel.size_margin(
            *replica, 1.0, 2.0, 3.49, "FP8", batch, 0.7, hit_rate, cached, 5, 100
        )
        assert margin == by_hand


@given(st.sampled_from(LADDER), prices, prices, st.floats(1.01, 10))
def test_size_margin_rises_with_price(
    rung: tuple[str, float], input_price: float, output_price: float, factor: float
) -> None:
    model, gpus = rung
    replica = (model, "H100", gpus, 2048, 128)
    rest = (3.49, "FP8", 16)
    margin = xlmodel.size_margin(*replica, input_price, output_price, *rest)
    assert xlmodel.size_margin(*replica, input_price * factor, output_price, *rest) > margin
    assert xlmodel.size_margin(*replica, input_price, output_price * factor, *rest) > margin


def test_hits_raise_the_rate_and_lower_what_input_earns() -> None:
    plain = xlmodel.size_margin(*NODE, 2.8, 2.8, 3.49, "FP8", 64)
    full_price = xlmodel.size_margin(*NODE, 2.8, 2.8, 3.49, "FP8", 64, cache_hit_rate=0.5)
    discount = xlmodel.size_margin(*NODE, 2.8, 2.8, 3.49, "FP8", 64, 1, 0.5, 0.28)
    assert full_price > plain
    assert discount < full_price


def test_model_that_does_not_fit_says_how_many_gpus_it_takes() -> None:
    with pytest.raises(InputError, match="8 GPUs would hold it") as error:
        xlmodel.size_margin("Llama-3.1-405B", "H100", 4, 2048, 128, 2.8, 2.8, 3.49, "FP8")
    assert error.value.kind == "#NUM!"


def test_margin_is_nil_at_the_price_where_a_rung_stops() -> None:
    tps = xlmodel.node_tps(*NODE, "FP8", max_tpot_ms=100)
    stop = xlmodel.breakeven_price(tps, 16, 8, 3.49)
    margin = xlmodel.size_margin(*NODE, stop, stop, 3.49, "FP8", max_tpot_ms=100)
    assert margin == pytest.approx(0, abs=1e-9)


def test_scalar_equals_range() -> None:
    models = [model for model, _ in LADDER]
    gpus = [count for _, count in LADDER]
    column = xlmodel.size_margin(models, "H100", gpus, 2048, 128, 0.9, 0.9, 3.49, "FP8", 16)
    single = [xlmodel.size_margin(m, "H100", n, 2048, 128, 0.9, 0.9, 3.49, "FP8", 16)
              for m, n in LADDER]  # fmt: skip
    assert column.tolist() == single
    elasticity = np.array([0.5, 1.0, 2.0])
    profit = xlmodel.demand_profit(1.4, 1.0, 2.8, 1e9, elasticity)
    assert profit.tolist() == [xlmodel.demand_profit(1.4, 1.0, 2.8, 1e9, e) for e in elasticity]


# Distillation


@given(money, money, st.floats(1e6, 1e15), shares, money, money)
def test_what_is_paid_once_is_paid_back_by_the_students_tokens(
    cost: float, teacher: float, tokens: float, share: float, teaching: float, run: float
) -> None:
    per_mtok = xlmodel.distilled_cost_per_mtok(cost, teacher, tokens, share, teaching, run)
    total = per_mtok * tokens / 1e6
    once = teacher * share + teaching + run
    assert total == pytest.approx(cost * tokens / 1e6 + once, rel=1e-9)
    assert per_mtok >= cost


@given(st.floats(1, 1e9), prices, st.floats(0.01, 0.99))
def test_at_the_breakeven_the_student_costs_what_its_teacher_does(
    once: float, teacher: float, part: float
) -> None:
    tokens = xlmodel.distillation_breakeven(once, teacher, teacher * part)
    assume(tokens <= 1e15)
    student = xlmodel.distilled_cost_per_mtok(teacher * part, once, tokens)
    assert student == pytest.approx(teacher, rel=1e-9)


def test_student_that_saves_nothing_has_no_breakeven() -> None:
    with pytest.raises(InputError, match="the student saves nothing"):
        xlmodel.distillation_breakeven(1e6, 2, 2)


def test_student_that_serves_nothing_has_no_cost_per_token() -> None:
    with pytest.raises(InputError) as error:
        xlmodel.distilled_cost_per_mtok(0.1, 1e6, 0)
    assert error.value.kind == "#DIV/0!"


# Open weights, customers


@given(money, money)
def test_open_weights_that_change_nothing_change_nothing(revenue: float, cost: float) -> None:
    assert xlmodel.open_weights_margin(revenue, cost, 1, 1) == pytest.approx(revenue - cost)


@given(money, factors, factors, shares, shares)
def test_maker_earns_what_others_do_not_keep(
    revenue: float, demand: float, price: float, own: float, fee: float
) -> None:
    whole = revenue * demand * price
    earned = xlmodel.open_weights_revenue(revenue, demand, price, own, fee)
    assert whole - earned == pytest.approx(whole * (1 - own) * (1 - fee), abs=1e-6 + 1e-9 * whole)


@given(money, money, factors, factors, shares, shares)
def test_licence_fee_never_lowers_the_margin(
    revenue: float, cost: float, demand: float, price: float, own: float, fee: float
) -> None:
    free = xlmodel.open_weights_margin(revenue, cost, demand, price, own)
    paid = xlmodel.open_weights_margin(revenue, cost, demand, price, own, fee)
    assert paid >= free - 1e-9 * abs(free)


@given(factors, elasticities)
def test_lower_price_raises_revenue_where_demand_is_elastic(
    price: float, elasticity: float
) -> None:
    """The article's claim: the price per unit falls, units may rise by more."""
    demand = xlmodel.demand_at_price(price, 1, 1, elasticity)
    revenue = xlmodel.open_weights_revenue(1000, demand, price)
    gains = (1 - elasticity) * math.log(price)
    assert math.isclose(math.log(revenue / 1000), gains, abs_tol=1e-9)


def test_revenue_of_a_customer() -> None:
    assert xlmodel.revenue_per_customer(1_000_000, 2.8) == 2.8
    assert xlmodel.revenue_per_customer(1_000_000, 2.8, 0.5) == 1.4
