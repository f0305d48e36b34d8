"""The table of efficiencies follows from the published figures, with the errors that it states."""

import csv
import io
import re
from pathlib import Path

import pytest

from tests.calibration import report, table
from tests.calibration.crossvalidation import Held, held_out, summary

NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
EXACT = ("family", "precision", "kind", "points", "tpot_points", "source", "note")


def test_table_is_what_the_fit_gives() -> None:
    """To 2 %: the last digit of a fit may differ between machines."""
    fresh = list(csv.DictReader(io.StringIO(table.text())))
    committed = list(csv.DictReader(io.StringIO(table.PATH.read_text(encoding="utf-8"))))
    assert [row.keys() for row in fresh] == [row.keys() for row in committed]
    for new, old in zip(fresh, committed, strict=True):
        for column in new:
            if column in EXACT or not new[column] or column in ("valid_from", "checked"):
                assert new[column] == old[column], column
            else:
                assert float(new[column]) == pytest.approx(float(old[column]), rel=0.02), column


def test_report_is_current() -> None:
    """Words to the letter; figures to two units, since fits differ a little between machines."""
    fresh, committed = report.text(), report.PATH.read_text(encoding="utf-8")
    assert NUMBER.sub("#", fresh) == NUMBER.sub("#", committed)
    for new, old in zip(NUMBER.findall(fresh), NUMBER.findall(committed), strict=True):
        assert float(new) == pytest.approx(float(old), rel=0.02, abs=2.0)


def test_the_readme_states_these_errors() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    stated = re.findall(
        r"^\| (\S+), (\w+) \| (\d+) \| (.*) % \| (.*) % \| (.*) % \|$", readme, re.M
    )
    assert len(stated) == 5
    for gpu, precision, points, *figures in stated:
        found = summary(_of("one model left out", gpu, precision=precision))
        assert found.points == int(points)
        expected = (found.median, found.p90, found.within)
        for figure, value in zip(figures, expected, strict=True):
            assert float(figure) == pytest.approx(100 * value, abs=0.6)


def _of(left_out: str, *gpus: str, precision: str) -> list[Held]:
    return [
        h
        for h in held_out()
        if h.left_out == left_out
        and h.case.gpu in gpus
        and h.case.precision == precision
        and not h.case.latency
    ]


@pytest.mark.parametrize(
    ("gpu", "precision", "median"),
    [
        ("H100", "FP8", 0.10),
        ("H200", "FP8", 0.10),
        ("B200", "FP4", 0.10),
        ("A100-80GB", "BF16", 0.10),
        ("L40S", "FP8", 0.15),
    ],
)
def test_error_on_models_left_out(gpu: str, precision: str, median: float) -> None:
    """Dense Llama models that took no part in the fit: the median, and the share within 25 %."""
    found = summary(_of("one model left out", gpu, precision=precision))
    assert found.points >= 29
    assert found.median < median
    assert found.within >= 0.90


@pytest.mark.parametrize(("gpu", "precision"), [("H100", "FP8"), ("H200", "FP8"), ("B200", "FP4")])
def test_error_on_gpus_left_out(gpu: str, precision: str) -> None:
    found = summary(_of("one GPU left out", gpu, precision=precision))
    assert found.median < 0.10
    assert found.within >= 0.90


def test_error_on_latencies_left_out() -> None:
    found = [h for h in held_out() if h.case.latency and h.left_out == "one model left out"]
    assert summary(found).median < 0.05
    assert summary(found).within == 1
