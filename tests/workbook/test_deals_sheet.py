"""The sheet Deals: its figures are those of the functions, and words stand where none are."""

from pathlib import Path
from typing import Any

import pytest

import xlmodel
from xlmodel.registry import CellError
from xlmodel.workbook import build, calc
from xlmodel.workbook.template.inputs_deals import SHAPES
from xlmodel.workbook.template.statements import GROUPS

REPLICA = ("Llama-3.1-405B", "H100", 8)
LIMITS = {"max_tpot_ms": 100, "basis": "physics"}
COST, LIST = 670.08, 2.8
ONLY_CHAT = {f"deal_share_{i}": 0 for i in range(2, 6)} | {"deal_share_1": 1}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.new(tmp_path_factory.mktemp("deals") / "template.xlsx")


_seen: dict[str, Any] = {}


def calculated(template: Path, **inputs: str | float) -> Any:
    """The workbook with these inputs, recalculated once for all tests that ask for them."""
    key = repr(sorted(inputs.items()))
    if key not in _seen:
        _seen[key] = calc.calculate(template, inputs)
        assert not _seen[key].unsupported
    return _seen[key]


def outputs(template: Path, **inputs: str | float) -> dict[str, Any]:
    found = calculated(template, **inputs)
    return {name: output.value for name, output in found.outputs.items()}


def one(found: Any, name: str) -> Any:
    return found.values(name)[0][0]


def column(found: Any, name: str) -> list[Any]:
    return [row[0] for row in found.values(name)]


def rates() -> list[float]:
    """The typed 300 tokens/s at 10 : 1, carried to each shape by the physics."""
    own = xlmodel.node_tps(*REPLICA, 1280, 128, "FP8", **LIMITS)
    return [
        300 / own * xlmodel.node_tps(*REPLICA, s.input, s.output, "FP8", None, s.cached, **LIMITS)
        for s in SHAPES
    ]


SHARES = [s.share for s in SHAPES]
INPUT, OUTPUT = [s.input for s in SHAPES], [s.output for s in SHAPES]


def test_figures_as_delivered_are_those_of_the_functions(template: Path) -> None:
    found = outputs(template)
    tps = xlmodel.mix_tps(SHARES, OUTPUT, rates())
    ratio = xlmodel.mix_ratio(SHARES, INPUT, OUTPUT)
    cost = xlmodel.cost_per_mtok(COST, xlmodel.tokens_per_day(tps, ratio))
    assert found["out_deal_tps"] == pytest.approx(tps, rel=1e-12)
    assert found["out_deal_ratio"] == pytest.approx(ratio, rel=1e-12)
    assert found["out_deal_quote"] == pytest.approx(xlmodel.quote_price(cost, 0.2), rel=1e-12)
    room = xlmodel.discount_at_target(LIST, cost, 0.2)
    assert found["out_deal_discount"] == pytest.approx(room, rel=1e-9)
    assert found["out_deal_margin_rate"] == pytest.approx(1 - cost / 0.95 / LIST, rel=1e-12)
    assert found["out_deal_breakeven"] == pytest.approx(COST / LIST * 1e6, rel=1e-12)
    assert found["out_margin"] == pytest.approx(128.256)


def test_shapes_sum_up_to_the_deal_and_one_loses(template: Path) -> None:
    found = calculated(template)
    assert sum(column(found, "deal_revenue")) == pytest.approx(300 * LIST * 0.95, rel=1e-12)
    assert column(found, "deal_rate_alone") == pytest.approx(rates(), rel=1e-12)
    assert [margin < 0 for margin in column(found, "deal_margin")] == [False] * 4 + [True]
    assert sum(column(found, "deal_time")) == pytest.approx(1, rel=1e-12)


def test_the_sums_that_leave_the_shapes_out_promise_more(template: Path) -> None:
    found = calculated(template)
    means = sum(s * rate for s, rate in zip(SHARES, rates(), strict=True))
    assert one(found, "means_deal_tps") == pytest.approx(means, rel=1e-12)
    wrong = one(found, "means_deal_margin_rate"), one(found, "mean_deal_margin_rate")
    assert all(rate > one(found, "out_deal_margin_rate") for rate in wrong)


def test_a_mix_of_one_shape_is_that_shape(template: Path) -> None:
    found = calculated(template, **ONLY_CHAT)
    assert one(found, "out_deal_tps") == pytest.approx(rates()[0], rel=1e-12)
    assert one(found, "out_deal_ratio") == 16
    for way in ("means", "mean"):
        rate = one(found, f"{way}_deal_margin_rate")
        assert rate == pytest.approx(one(found, "out_deal_margin_rate"), rel=1e-9)
    assert column(found, "deal_time")[1:] == [0] * 4


def test_the_founding_day_as_a_deal(template: Path) -> None:
    """One shape at the day's own 10 : 1, no discount: its margin rate is the day's."""
    shape = {**ONLY_CHAT, "deal_input_1": 1280, "deal_output_1": 128, "deal_discount": 0}
    found = outputs(template, **shape)
    assert found["out_deal_tps"] == pytest.approx(300, rel=1e-12)
    assert found["out_deal_margin_rate"] == pytest.approx(found["out_margin_rate"], rel=1e-12)
    assert found["out_deal_discount"] == "none"


def test_a_computed_rate_is_that_of_the_shape(template: Path) -> None:
    inputs = {"rate_from": "computed", "input_output_ratio": 16}
    found = outputs(template, **ONLY_CHAT, **inputs)
    assert found["out_deal_tps"] == pytest.approx(found["out_output_tps"], rel=1e-12)


def test_a_measured_rate_wins(template: Path) -> None:
    found = calculated(template, **ONLY_CHAT, deal_tps_1=250)
    assert one(found, "out_deal_tps") == pytest.approx(250, rel=1e-12)
    known = calculated(template, **ONLY_CHAT, deal_tps_1=250, precision="FP4")
    assert one(known, "out_deal_quote") == one(found, "out_deal_quote")
    assert one(known, "deal_unit_cost_input") == "not known"
    assert one(known, "check_master") is True


@pytest.mark.parametrize(
    ("tokens", "most", "nodes", "cheapest"),
    [
        (100e6, 0.8, 1, "the API"),
        (240e6, 0.8, 1, "own nodes"),
        (300e6, 0.8, 2, "full own nodes and the API for the rest"),
        (300e6, 0.5, 2, "the API"),
        (1212e6, 0.8, 5, "own nodes"),
    ],
)
def test_own_nodes_come_whole(
    template: Path, tokens: float, most: float, nodes: int, cheapest: str
) -> None:
    found = calculated(template, deal_tokens_per_day=tokens, deal_max_utilization=most)
    assert one(found, "out_deal_own_cost") == pytest.approx(nodes * COST, rel=1e-12)
    assert one(found, "out_deal_api_cost") == pytest.approx(tokens * LIST / 1e6, rel=1e-12)
    assert one(found, "deal_cheapest") == cheapest
    capacity = one(found, "deal_capacity")
    assert one(found, "out_deal_own_use") == pytest.approx(most * tokens / capacity / nodes)
    full = tokens // capacity
    rest = min(COST, (tokens - full * capacity) * LIST / 1e6)
    both = min(tokens * LIST / 1e6, full * COST + rest)
    assert one(found, "out_deal_both_cost") == pytest.approx(both, rel=1e-12)


@pytest.mark.parametrize("price", [2.8, 3.2, 4, 8])
def test_from_the_sure_volume_on_own_nodes_are_always_cheaper(template: Path, price: float) -> None:
    """Beyond it at every volume; just below it the API is cheaper once more."""
    prices = {"deal_api_input_price": price, "deal_api_output_price": price}
    found = calculated(template, **prices)
    capacity, sure = one(found, "deal_capacity"), one(found, "deal_sure_tokens")

    def own_is_cheaper(tokens: float) -> bool:
        return -(-tokens // capacity) * COST <= tokens * price / 1e6

    assert all(own_is_cheaper(sure * (1 + step / 50)) for step in range(1, 200))
    assert not own_is_cheaper(sure * 0.9999)


def test_the_curve_has_its_steps_where_a_node_is_full(template: Path) -> None:
    found = calculated(template)
    nodes, counts = column(found, "deal_volume_nodes"), column(found, "deal_volume_count")
    assert [counts[12 * k] for k in range(1, 5)] == [1, 2, 3, 4]
    assert nodes[-1] == 4
    own, api = column(found, "deal_volume_own"), column(found, "deal_volume_api")
    both = column(found, "deal_volume_both")
    assert all(b <= min(o, a) + 1e-9 for o, a, b in zip(own, api, both, strict=True))


def test_the_api_may_be_another_model(template: Path) -> None:
    found = calculated(
        template, as_of="2025-07-03", deal_api_model="Llama-3.1-405B",
        deal_api_provider="Together AI",
    )  # fmt: skip
    assert one(found, "deal_api_price") == pytest.approx(3.5)
    quoted = calculated(template, deal_api_input_price=1, deal_api_output_price=4)
    assert one(quoted, "deal_api_cached") == 1


def test_the_ladder_reaches_the_target_up_to_the_greatest_discount(template: Path) -> None:
    found = calculated(template, deal_target=0.1)
    room = one(found, "out_deal_discount")
    ladder, kept = column(found, "ladder_discount"), column(found, "ladder_rate")
    assert ladder == pytest.approx([0.05 * step for step in range(11)])
    assert [rate >= 0.1 for rate in kept] == [step <= room for step in ladder]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "20.0 % quote 2.76 USD/Mtok on this mix (list 2.80): 1.3 % off at most"),
        ({}, "5.0 % asked leaves 16.9 %, too little; loses money: Reasoning. At 300 million"),
        ({}, "API 840, own nodes 1,340, cheapest full own nodes and the API for the rest, 831"),
        ({"deal_target": 0.4}, "(list 2.80): the list is too low"),
        ({"deal_discount": 0.013}, "asked leaves 20.0 %, enough"),
        ({"deal_discount": 0.3}, "asked leaves −12.8 %, too little; loses money: Chat, Even chat"),
        ({"deal_share_1": 0.52, "deal_share_5": 0}, "no shape loses money"),
        ({"deal_max_utilization": 0.5}, "no own node pays at the highest use."),
        ({"deal_share_1": 0.9}, "Not known: a rate, a price or a share"),
        ({"deal_output_3": 0}, "Not known: a rate, a price or a share"),
    ],
)
def test_the_answer_says_it_in_words(
    template: Path, inputs: dict[str, str | float], words: str
) -> None:
    assert words in one(calculated(template, **inputs), "answer_deals")


@pytest.mark.parametrize(
    "inputs",
    [
        {"rate_from": "computed", "precision": "FP4"},
        {"precision": "FP4"},
        {"deal_share_1": 0.9},
        {"model_provider": "Nobody"},
        {"deal_api_model": "No such model"},
        {"deal_share_1": 0, "deal_share_2": 0, "deal_share_3": 0, "deal_share_4": 0},
        {f"deal_cached_{i}": 1 for i in range(1, 6)},
        {f"deal_input_{i}": 0 for i in range(1, 6)},
        {"utilization": 0},
    ],
)
def test_words_stand_where_there_is_no_figure(
    template: Path, inputs: dict[str, str | float]
) -> None:
    found = calculated(template, **inputs)
    wrong = [
        place
        for place, value in found.formulas.items()
        if place[0] == "Deals" and isinstance(value, CellError)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("inputs", "failing"),
    [
        ({"deal_share_1": 0.9}, "check_deal_shares"),
        ({"deal_discount": 0.5}, ""),
        ({"deal_tokens_per_day": 1}, ""),
        ({"cache_hit_rate": 0.5, "other_cost_per_day": 50}, ""),
        ({"utilization": 0.6, "decoding_gain": 1.5}, ""),
        ({f"deal_cached_{i}": 0.7 for i in range(1, 6)}, ""),
        ({"precision": "FP4"}, ""),
    ],
)
def test_checks_hold(template: Path, inputs: dict[str, str | float], failing: str) -> None:
    found = calculated(template, **inputs)
    checks = [check.name for name, _, group in GROUPS if name == "group_deals" for check in group]
    failed = [name for name in checks if one(found, name) is False]
    assert failed == ([failing] if failing else [])
    assert len(checks) == 11
