"""Which price rows a report names, and how old they are."""

from pathlib import Path
from typing import Any

import pytest

from tests.report.fakes import GPU_HEADER, Fake, Named, founding
from xlmodel.report.source import gather

SEPTEMBER = 45536


def told(case: Fake) -> list[tuple[str, Any, int | None]]:
    return [(row.what, row.price, row.age_days) for row in gather(case).prices]


@pytest.fixture
def case(tmp_path: Path) -> Fake:
    return founding(tmp_path)


def test_the_rows_that_the_inputs_choose(case: Fake) -> None:
    assert told(case) == [
        ("H100, Lambda, on-demand", 3.49, 0),
        ("Llama-3.1-405B, Lepton, input", 2.8, 0),
        ("Llama-3.1-405B, Lepton, output", 2.8, 0),
    ]


def test_age_counts_from_valid_from_to_the_as_of_date(case: Fake) -> None:
    case.inputs["in_as_of"].value = SEPTEMBER
    assert {age for _, _, age in told(case)} == {36}
    case.inputs["in_as_of"].value = 46100  # by now the newer row is valid
    assert told(case)[0] == ("H100, Lambda, on-demand", 2.99, 100)
    case.inputs["in_as_of"].value = 45000  # nothing is valid yet
    assert told(case) == []


def test_without_a_provider_each_has_its_newest_row(case: Fake) -> None:
    del case.inputs["in_gpu_provider"]
    case.tables["GpuPrices"].append(["h100", "AWS", "On-Demand", 12.29, "USD", "2024-07-01", None])
    assert told(case)[:2] == [
        ("H100, Lambda, on-demand", 3.49, 0),
        ("h100, AWS, On-Demand", 12.29, 26),
    ]


def test_a_typed_price_stands_in_for_the_row(case: Fake) -> None:
    case.inputs["in_gpu_hour_price"] = Named(2.5, "Quote", "USD/GPU-hour", "0.00")
    row = gather(case).prices[0]
    assert (row.what, row.price, row.unit, row.valid_from) == ("Quote", 2.5, "USD/GPU-hour", None)
    assert row.source == "typed into the workbook, without a source"


def test_reserved_spot_and_cached_prices_count_with_their_weight(case: Fake) -> None:
    case.tables["GpuPrices"] += [
        ["H100", "Lambda", "spot", 1.5, "USD", 45500],
        ["H100", "Lambda", "reserved-3y", 1.9, "USD", 45500],
    ]
    case.inputs["in_reserved_term"] = Named("reserved-3y")
    case.inputs["in_share_spot"] = Named(0.0)
    case.inputs["in_share_reserved"] = Named(0.4)
    assert [price for _, price, _ in told(case)] == [3.49, 1.9, 2.8, 2.8]
    case.inputs["in_share_spot"] = Named(0.2)
    case.inputs["in_share_main"] = Named(0.0)
    assert [price for _, price, _ in told(case)] == [1.9, 1.5, 2.8, 2.8]


@pytest.mark.parametrize(
    "grid", [[], [[]], [["gpu", "x"], ["H100", 1]], [GPU_HEADER], [GPU_HEADER, []]]
)
def test_odd_tables_give_no_rows(case: Fake, grid: list[list[Any]]) -> None:
    case.tables = {"GpuPrices": grid}
    assert told(case) == []


def test_a_date_that_is_none_and_a_price_that_is_none_are_told(case: Fake) -> None:
    case.tables = {"GpuPrices": [GPU_HEADER, ["H100", "Lambda", "on-demand", "?", None, "soon"]]}
    assert told(case) == []
    case.tables["GpuPrices"][1][5] = 45500
    assert told(case) == [("H100, Lambda, on-demand", "?", 0)]
