"""The walk on sheet Founding case: from the reply's margin through the six caveats."""

from collections.abc import Callable
from pathlib import Path

import pytest

import xlmodel
from xlmodel.workbook.calc import calculate

TEMPLATE = Path(__file__).parents[2] / "workbooks" / "node_margin.xlsx"
Cells = Callable[[str], list[float]]


def cells(**inputs: str) -> Cells:
    calculation = calculate(TEMPLATE, inputs)

    def of(name: str) -> list[float]:
        grid = calculation.values(name)
        assert grid is not None, name
        return [cell for row in grid for cell in row]  # type: ignore[misc]

    return of


@pytest.fixture(scope="module")
def delivered() -> Cells:
    return cells()


def margin_after_all(of: Cells) -> float:
    """The last row, from the functions in Python and what the sheets say of each caveat."""
    (utilization,), (hour,), (gain,), (hits,), (multiplier,), (other,) = map(
        of,
        (
            *("out_fleet_utilization", "sourced_paid_hour", "out_decoding_gain"),
            *("out_conversation_hit_rate", "conv_read_multiplier", "in_walk_other_cost"),
        ),
    )
    (ratio,), (p_in,), (p_out,) = map(
        of, ("in_walk_ratio", "in_walk_input_price", "in_walk_output_price")
    )
    node = ("Llama-3.1-405B", "H100", 8)
    tpot = xlmodel.tpot(*node, 10 * 128, 128, "FP8", 32)
    reply = xlmodel.node_tps(*node, 10 * 128, 128, "FP8", max_tpot_ms=tpot)
    batch = xlmodel.node_batch(*node, ratio * 128, 128, "FP8", hits, tpot)
    rate = 300 * xlmodel.node_tps(*node, ratio * 128, 128, "FP8", batch, hits) / reply
    prefill = xlmodel.prefill_share(*node, ratio * 128, 128, "FP8", batch, hits)
    rate *= xlmodel.node_decoding_gain(gain, prefill)
    return xlmodel.node_margin(
        *(rate, ratio, p_in, p_out, 8, hour, utilization, hits, p_in * multiplier, other)
    )


def test_it_begins_with_the_reply_and_ends_after_all_six(delivered: Cells) -> None:
    assert delivered("walk_value")[0] == pytest.approx(128.256, abs=1e-9)
    assert delivered("walk_total")[0] == pytest.approx(margin_after_all(delivered), rel=1e-9)
    assert delivered("walk_margin")[-1] == pytest.approx(delivered("walk_total")[0], rel=1e-9)


def test_traffic_alone_scales_revenue_by_the_utilization(delivered: Cells) -> None:
    lost = 798.336 * (1 - delivered("out_fleet_utilization")[0])
    assert delivered("walk_value")[1] == pytest.approx(-lost, rel=1e-9)


def test_hits_that_earn_next_to_nothing_can_lower_the_margin() -> None:
    """Cached input at full price gains the more; the sign is not fixed."""
    cheap, dear = cells(in_read_multiplier="0.01"), cells(in_read_multiplier="1")
    assert cheap("walk_value")[5] < dear("walk_value")[5]
    assert margin_after_all(cheap) == pytest.approx(cheap("walk_total")[0], rel=1e-9)


def test_a_sheet_without_a_figure_leaves_the_node_as_it_was() -> None:
    of = cells(in_output_tps="0")
    assert of("walk_value")[1] == 0
    assert "traffic 0" in str(of("answer_founding")[0])
