"""Monthly P&L of ten models over five years recalculates in the headless engine."""

from pathlib import Path

import pytest

from tests.benchmarks import bench_portfolio as portfolio


def test_ten_models_over_five_years_recalculate(tmp_path: Path) -> None:
    """600 rows of formulas: every column sums up as in Python's calls and in plain NumPy."""
    path = tmp_path / "portfolio.xlsx"
    models = portfolio.drivers(portfolio.MODELS)
    portfolio.write(path, models)
    found = portfolio.with_engine(path)
    assert found.keys() == {*portfolio.FORMULAS, *portfolio.SUMMARY}
    assert found == pytest.approx(portfolio.with_calls(models), rel=1e-12)
    assert found == pytest.approx(portfolio.with_numpy(models), rel=1e-9)
