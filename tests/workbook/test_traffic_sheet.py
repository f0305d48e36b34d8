"""The sheet Traffic: its figures are those of the functions, and words stand where none are."""

from pathlib import Path
from typing import Any

import pytest

import xlmodel
from xlmodel.workbook import build, calc

FLEET = {"min_nodes": 1, "lag_hours": 0.25, "target_utilization": 0.85, "mean_load": 3000}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.new(tmp_path_factory.mktemp("traffic") / "template.xlsx")


def values(template: Path, *names: str, **inputs: str | float) -> list[Any]:
    found = calc.calculate(template, inputs)
    assert not found.unsupported
    return [grid[0][0] for name in names if (grid := found.values(name))]


def test_three_fleets_are_those_of_the_functions(template: Path) -> None:
    names = ("fleet_cost", "fleet_idle_cost", "fleet_nodes", "fleet_utilization")
    wanted = [f"{which}_{name}" for which in ("out", "fixed", "following") for name in names]
    load, price = ("deepseek-day", 300), (8, 3.49)
    expected: list[float] = []
    for reserved, mode in ((4, "autoscaled"), (0, "fixed"), (0, "autoscaled")):
        how: dict[str, Any] = {**FLEET, "fleet_mode": mode, "reserved_nodes": reserved}
        paid = {**how, "reserved_price": 2.5}
        expected += [
            xlmodel.fleet_cost(*load, *price, **paid),
            xlmodel.fleet_idle_cost(*load, *price, **paid),
            xlmodel.fleet_nodes(*load, **how),
            xlmodel.fleet_utilization(*load, **how),
        ]
    assert values(template, *wanted) == pytest.approx(expected, rel=1e-12)
    saving = xlmodel.autoscaling_saving(*load, **FLEET)
    assert values(template, "out_autoscaling_saving") == pytest.approx([saving], rel=1e-12)


def test_hours_are_those_of_the_fleet(template: Path) -> None:
    found = calc.calculate(template)
    nodes, loads = found.values("day_nodes"), found.values("day_load")
    assert nodes
    assert loads
    mean = sum(row[0] for row in nodes) / len(nodes)  # type: ignore[misc]
    assert mean == pytest.approx(found.outputs["out_fleet_nodes"].value, rel=1e-12)
    assert sum(row[0] for row in loads) / len(loads) == pytest.approx(3000, rel=1e-12)  # type: ignore[misc]


def test_deepseek_day_on_the_sheet(template: Path) -> None:
    """Its nodes as a load of a node each: 226.75 of 278, 87,072 USD at 2 USD per GPU-hour."""
    found = calc.calculate(
        template,
        {
            "load_profile": "deepseek-nodes",
            "mean_load": 226.75,
            "output_tps": 1,
            "fleet_mode": "elastic",
            "min_nodes": 0,
            "lag_hours": 0,
            "target_utilization": 1,
            "reserved_nodes": 0,
            "gpu_hour_price": 2,
        },
    )
    assert found.outputs["out_fleet_nodes"].value == 226.75
    assert found.outputs["out_fleet_cost"].value == pytest.approx(87_072, rel=1e-12)
    assert found.outputs["out_autoscaling_saving"].value == pytest.approx(0.18435, abs=1e-5)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (
            {},
            "cost 22.1 % less than a fixed fleet, at one price. As chosen the fleet is 80.3 % used",
        ),
        ({"fleet_mode": "fixed"}, "cost 22.1 % less"),
        ({"mean_load": 300}, "USD margin a day; fixed −"),
        ({"load_profile": "office-hours"}, "% less than a fixed fleet"),
        ({"rate_from": "computed", "precision": "FP4"}, "is not known."),
    ],
)
def test_the_answer_says_it_in_words(
    template: Path, inputs: dict[str, str | float], words: str
) -> None:
    (answer,) = values(template, "answer_traffic", **inputs)
    assert words in answer


def test_no_error_stands_where_the_rate_is_not_known(template: Path) -> None:
    found = calc.calculate(template, {"rate_from": "computed", "precision": "FP4"})
    wrong = [
        place
        for place, value in found.formulas.items()
        if place[0] == "Traffic" and type(value).__name__ == "CellError"
    ]
    assert wrong == []
