"""The grid of serving throughput: what is in the file, and what is answered between its points."""

import itertools
import math
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.grid import build
from xlmodel import tables
from xlmodel.tables.throughput import Axis, Point, key, of_points, shipped, slices

ROWS = tables.rows("throughput_grid")
REPLICA = ("model", "gpu", "gpus", "precision", "kv_precision")
PLACE = ("input_tokens", "output_tokens", "batch")
QUANTITIES = ("output_tps", "ttft_ms", "tpot_ms")


def numbers(row: dict[str, str], columns: tuple[str, ...]) -> tuple[float, ...]:
    return tuple(float(row[column]) for column in columns)


def replica(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[column] for column in REPLICA)


POINTS = {(replica(row), numbers(row, PLACE)): Point(*numbers(row, QUANTITIES)) for row in ROWS}


def test_every_row_is_a_point_of_its_own_with_its_source():
    assert list(ROWS[0]) == list(build.COLUMNS)
    assert len(POINTS) == len(ROWS)
    for row in ROWS:
        assert all(value > 0 and math.isfinite(value) for value in numbers(row, QUANTITIES)), row
        assert all(row[column] for column in build.COLUMNS), row
        assert row["source"] == build.SOURCE
        assert row["valid_from"] <= row["checked"]


def test_models_gpus_and_precisions_are_known():
    for column, table in (("model", "model_specs"), ("gpu", "gpu_specs")):
        known = {row[column] for row in tables.rows(table)}
        assert {row[column] for row in ROWS} <= known
    assert {(row["precision"], row["kv_precision"]) for row in ROWS} == set(
        build.KV_PRECISIONS.items()
    )


def test_replicas_are_those_that_the_builder_computes():
    built = {(*map(str, one), build.KV_PRECISIONS[one.precision]) for one in build.replicas()}
    assert {replica(row) for row in ROWS} == built
    assert len(list(build.replicas())) == len(built)
    for column, axis in zip(PLACE, (build.INPUTS, build.OUTPUTS, build.BATCHES), strict=True):
        assert {row[column] for row in ROWS} == set(map(str, axis))


def test_the_table_is_large_enough_for_six_models_on_six_gpus():
    """Six models on six GPUs, each with four workloads of nine batches that have values."""
    batches: dict[tuple[tuple[str, ...], tuple[float, ...]], int] = {}
    for one, (*workload, _) in POINTS:
        batches[one, tuple(workload)] = batches.get((one, tuple(workload)), 0) + 1
    workloads: dict[tuple[str, ...], int] = {}
    for (one, _), count in batches.items():
        workloads[one] = workloads.get(one, 0) + (count >= 9)
    full = {one[:2] for one, count in workloads.items() if count >= 4}
    gpus = sorted({gpu for _, gpu in full})
    shared = [
        {model for model, gpu in full if gpu in six}
        & set.intersection(*({m for m, gpu in full if gpu == one} for one in six))
        for six in itertools.combinations(gpus, 6)
    ]
    assert max(map(len, shared)) >= 6


def test_the_file_stays_small():
    assert build.TABLE.stat().st_size < 1_000_000


def steps(axis: str, quantity: str) -> list[tuple[tuple[str, ...], float]]:
    """Each replica, with the ratio of a quantity from one node of an axis to the next."""
    moved, measured = PLACE.index(axis), QUANTITIES.index(quantity)
    lines: dict[tuple[object, ...], list[tuple[float, float]]] = {}
    for (one, place), point in POINTS.items():
        rest = place[:moved] + place[moved + 1 :]
        lines.setdefault((one, rest), []).append((place[moved], point[measured]))
    return [
        (one, after / before)
        for (one, _), line in lines.items()
        for (_, before), (_, after) in itertools.pairwise(sorted(line))
    ]


def test_longer_inputs_cost_throughput_and_time():
    assert all(ratio < 1.02 for _, ratio in steps("input_tokens", "output_tps"))
    assert all(ratio > 0.98 for _, ratio in steps("input_tokens", "tpot_ms"))
    assert all(ratio > 1 for _, ratio in steps("input_tokens", "ttft_ms"))


def test_more_requests_in_flight_bring_more_throughput():
    """Not on L40S, whose all-reduce over PCIe has a jump in the measurements."""
    ratios = [ratio for one, ratio in steps("batch", "output_tps") if one[1] != "L40S"]
    assert all(ratio > 0.92 for ratio in ratios)
    assert sum(ratio > 1 for ratio in ratios) > 0.99 * len(ratios)


def test_throughput_times_latency_is_the_requests_in_flight():
    """Little's law, which the estimates of throughput and latencies keep without sharing it."""
    shares = sorted(
        point.output_tps / outputs * (point.ttft_ms + point.tpot_ms * (outputs - 1)) / 1e3 / batch
        for (_, (_, outputs, batch)), point in POINTS.items()
    )
    assert 0.98 < shares[len(shares) // 2] < 1.02
    assert sum(0.9 < share < 1.1 for share in shares) > 0.94 * len(shares)


@pytest.mark.parametrize("one", sorted(shipped()))
def test_at_a_node_the_answer_is_the_row(one):
    grid = shipped()[one]
    for row in ROWS:
        if key(*replica(row)) != one:
            continue
        *found, inside = grid.at(*numbers(row, PLACE))
        assert inside is True
        assert found == pytest.approx(numbers(row, QUANTITIES), rel=1e-12, abs=0)


LLAMA = shipped()[key("llama-3.1-70b", "h100", 8, "FP8", "FP8")]


@given(
    st.floats(128, 16384),
    st.floats(128, 2048),
    st.floats(1, 512),
)
def test_between_nodes_the_answer_is_between_the_neighbours(inputs, outputs, batch):
    answer = LLAMA.at(inputs, outputs, batch)
    corners = [
        LLAMA.logs.get(place)
        for place in itertools.product(
            *(
                [node for node, _ in axis.weights(value)]
                for axis, value in zip(LLAMA[:3], (inputs, outputs, batch), strict=True)
            )
        )
    ]
    assert answer.inside is (None not in corners)
    if not answer.inside:
        assert all(map(math.isnan, answer[:3]))
        return
    for value, *ends in zip(answer[:3], *corners, strict=True):
        assert min(ends) - 1e-6 <= math.log(value) <= max(ends) + 1e-6


@pytest.mark.parametrize("place", [(127, 512, 8), (1024, 2049, 8), (1024, 512, 513), (1024, 0, 8)])
def test_outside_is_refused(place):
    answer = LLAMA.at(*place)
    assert answer.inside is False
    assert all(map(math.isnan, answer[:3]))


def test_not_a_number_is_outside():
    assert LLAMA.at(math.nan, 512, 8).inside is False


def test_a_missing_corner_is_refused_but_its_neighbours_are_not():
    place = {(i, 10, b): Point(i * b, 1, 1) for i in (100, 200) for b in (1, 2, 4)}
    grid = of_points({at: point for at, point in place.items() if at != (200, 10, 4)})
    assert grid.at(200, 10, 2).inside
    assert grid.at(100, 10, 4).inside
    assert not grid.at(200, 10, 4).inside
    assert not grid.at(199, 10, 3).inside
    assert not grid.at(100.001, 10, 4).inside


def test_the_same_for_arrays_as_for_numbers():
    inputs = np.geomspace(100, 20000, 41)[:, None]
    batches = np.geomspace(0.9, 600, 37)[None, :]
    answer = LLAMA.at(inputs, 700, batches)
    for (row, column), inside in np.ndenumerate(answer.inside):
        alone = LLAMA.at(float(inputs[row, 0]), 700, float(batches[0, column]))
        assert alone.inside is bool(inside)
        for many, one in zip(answer[:3], alone[:3], strict=True):
            assert many[row, column] == pytest.approx(one, rel=1e-12, nan_ok=True)


def test_nodes_are_inside_in_an_array_too():
    nodes = np.array(LLAMA.batches.nodes)
    answer = LLAMA.at(np.array([1024.0]), np.array([512.0]), nodes)
    assert answer.inside.all()


def own(**cells: str | float) -> dict[str, str | float]:
    row: dict[str, str | float] = {"model": "Mine", "gpu": "H100", "gpus": 8, "precision": "FP8"}
    row |= {"kv_precision": "FP8", "input_tokens": 1000, "output_tokens": 100, "batch": 16}
    return row | {"output_tps": 900, "ttft_ms": "", "tpot_ms": 15} | cells


def test_ones_own_single_measurement_holds_at_its_point_alone():
    (grid,) = slices([own()]).values()
    answer = grid.at(1000, 100, 16)
    assert answer.inside
    assert answer.output_tps == pytest.approx(900, rel=1e-12)
    assert math.isnan(answer.ttft_ms)
    assert grid.at(1000 * (1 + 1e-10), 100, 16).inside
    assert not grid.at(1000.1, 100, 16).inside
    assert not grid.at(1000, 100, 17).inside
    assert grid.at(np.array([1000.0, 1001.0]), 100, 16).inside.tolist() == [True, False]


def test_ones_own_batches_at_one_workload():
    (grid,) = slices([own(), own(batch=64, output_tps=1800)]).values()
    assert grid.at(1000, 100, 32).output_tps == pytest.approx(900 * math.sqrt(2))


def test_of_two_rows_for_one_point_the_later_counts_whatever_the_case_of_its_names():
    found = slices([own(), own(model="MINE", gpu="h100 ", output_tps=1000)])
    assert list(found) == [key("mine", "H100", 8, "fp8", "fp8")]
    assert found[key("Mine", "H100", 8, "FP8", "FP8")].at(1000, 100, 16).output_tps > 999


def test_hats_sum_to_one():
    axis = Axis((1.0, 3.0, 4.0, 100.0))
    for value in np.geomspace(0.5, 200, 99):
        assert sum(weight for _, weight in axis.weights(float(value))) == pytest.approx(1)


WITHOUT = """
import importlib.metadata, runpy, sys
def missing(name): raise importlib.metadata.PackageNotFoundError(name)
importlib.metadata.version = missing
runpy.run_module("tests.grid", run_name="__main__")
"""


def test_the_builder_says_what_it_lacks():
    run = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.count("\n") == 1
    assert "aiconfigurator-core 0.12.0" in run.stderr


@pytest.mark.skipif(
    find_spec("aiconfigurator_core") is None, reason="the extra grid has no wheel for this system"
)
def test_the_builder_finds_the_same_again():
    for row in ROWS[::331]:
        one = build.Slice(row["model"], row["gpu"], int(row["gpus"]), row["precision"])
        found = build.estimate(*one, *(int(row[column]) for column in PLACE))
        assert found
        assert list(map(build.rounded, found)) == [row[column] for column in QUANTITIES]
