"""The pictures' figures and titles: what each says follows from the cells, and can be checked."""

import dataclasses
import io
import json
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

import xlmodel
from tests.report.fakes import Fake, founding
from tests.report.pictured import SWINGS
from xlmodel.report import book, charts, derived, page, source, text
from xlmodel.report.facts import Facts
from xlmodel.workbook.sensitivity import Swing

KEYS = ["day", "stack", "curve", "heat", "tornado", "tradeoff", "decay", "bridge"]


def facts_of(case: Fake) -> Facts:
    return source.gather(case, SWINGS)


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    return facts_of(founding(tmp_path))


def titles(facts: Facts) -> dict[str, str]:
    return {chart.key: chart.title for chart in charts.draw(facts)}


def test_all_pictures_are_there_and_each_title_is_an_answer_with_its_figure(facts: Facts) -> None:
    told = titles(facts)
    assert list(told) == KEYS
    assert told["stack"] == "A million tokens cost 2.3502 and bring 2.8000 USD/Mtok"
    assert told["heat"] == "Prices can fall by 16.1 % before the margin is gone"
    assert told["tornado"] == ("GPU-hour moves the margin most: from −161.66 to 414.34 USD a day")
    assert told["tradeoff"] == (
        "64 requests at once get 320 tokens/s together but 5.0 each; one alone gets 30.0"
    )
    assert told["bridge"] == (
        "From −922.00 to 128.26 USD a day: “Input tokens are billed too” moves most, by +777.60"
    )


def test_the_heat_map_is_what_the_function_gives_for_each_pair(facts: Facts) -> None:
    assert facts.heat is not None
    for change, row in zip(facts.heat.changes, facts.heat.margin, strict=True):
        price = 2.8 * (1 + change)
        for utilization, margin in zip(facts.heat.utilization, row, strict=True):
            own = xlmodel.node_margin(300, 10, price, price, 8, 3.49, utilization)
            assert margin == pytest.approx(own, abs=1e-9)


def test_the_heat_title_is_the_change_at_which_the_margin_is_nil(facts: Facts) -> None:
    price = 2.8 * (1 - 0.160654)
    assert xlmodel.node_margin(300, 10, price, price, 8, 3.49) == pytest.approx(0, abs=1e-3)


def test_a_loss_is_told_as_the_rise_that_ends_it(tmp_path: Path) -> None:
    told = titles(facts_of(founding(tmp_path, utilization=0.5)))["heat"]
    assert told == "Prices would have to rise by 67.9 % before a margin is left"


def test_the_stack_sums_to_cost_and_revenue_of_a_million_tokens(facts: Facts) -> None:
    stack = facts.stack
    assert stack is not None
    assert stack.gpus is not None
    assert stack.other is not None
    assert stack.gpus + stack.other == pytest.approx(stack.cost, rel=1e-12)
    assert stack.cost == pytest.approx(xlmodel.breakeven_price(300, 10, 8, 3.49), rel=1e-12)
    assert stack.revenue == pytest.approx(2.8, rel=1e-12)


def test_parts_that_do_not_sum_to_the_cost_are_not_drawn(tmp_path: Path) -> None:
    case = founding(tmp_path)
    case.ranges["part_gpus"] = [[600.0]]
    stack = facts_of(case).stack
    assert stack is not None
    assert stack.gpus is None


def test_the_tornado_is_sorted_and_an_error_is_told(facts: Facts) -> None:
    chart = next(chart for chart in charts.draw(facts) if chart.key == "tornado")
    assert [row[0].split(":")[0] for row in chart.table.rows] == [
        "GPU-hour",
        "Utilization",
        "All prices",
    ]  # a driver that moves nothing is no bar
    broken = dataclasses.replace(SWINGS[0], at_low=None)
    chart = charts.charts_price.tornado((broken,), "USD a day")  # type: ignore[assignment]
    assert chart.table.rows[0][1:] == ("an error", "−161.66")


@pytest.mark.parametrize("swings", [(), (Swing("in_x", "X", "", 0, 1, None, None, 5.0),)])
def test_without_a_swing_there_is_no_tornado(tmp_path: Path, swings: tuple[Swing, ...]) -> None:
    told = titles(source.gather(founding(tmp_path), swings))
    assert "tornado" not in told


@pytest.mark.parametrize("name", ["curve_batch", "curve_speed", "fade_day", "curve_revenue"])
@pytest.mark.parametrize("cells", [[], [["#N/A"]], [["text"]] * 3, [[1.0]] * 2, [[None]] * 21])
def test_ranges_that_are_no_figures_leave_a_picture_out(
    tmp_path: Path, name: str, cells: list[list[object]]
) -> None:
    case = founding(tmp_path)
    case.ranges[name] = cells
    told = titles(facts_of(case))
    lost = {"curve_batch": "tradeoff", "curve_speed": "tradeoff", "fade_day": "decay"}
    assert lost.get(name, "heat") not in told


def test_derived_ranges_take_a_workbook_without_any() -> None:
    assert derived.stack(lambda _: None, {}) is None
    assert derived.heat(None) is None
    assert derived.tradeoff(lambda _: None) is None
    assert derived.decay(lambda _: None) is None


def test_every_native_chart_has_a_title_and_an_alternative_text(facts: Facts) -> None:
    with ZipFile(io.BytesIO(book.render(facts))) as pack:
        names = [name for name in pack.namelist() if name.startswith("xl/charts/chart")]
        assert len(names) == len(KEYS) - 1  # the heat map is cells
        drawing = ElementTree.fromstring(pack.read("xl/drawings/drawing1.xml"))
        told = [node.get("descr", "") for node in drawing.iter() if node.tag.endswith("cNvPr")]
        assert len(told) == len(names)
        assert all(len(words) > 30 for words in told)
        sheets = pack.read("xl/workbook.xml").decode()
        assert "Price and utilization" in sheets


def test_the_figures_of_the_pictures_are_in_json_and_csv(facts: Facts) -> None:
    told = json.loads(text.as_json(facts))
    assert told["heat"]["margin"][4][-1] == pytest.approx(128.256)
    assert told["swings"][0]["at_low"] == 414.336
    assert told["tradeoff"]["cost"][-1] is None
    lines = text.as_csv(facts).decode()
    for start in ("stack,cost,", "heat,price change -0.5,", "swing,in_gpus,", "decay_revenue,day"):
        assert f"\n{start}" in lines


def test_a_page_has_each_picture_twice_with_its_own_names(facts: Facts) -> None:
    told = page.render(facts).decode()
    for key in KEYS:
        assert f'<figure class="{key}">' in told
        for width in ("wide", "narrow"):
            assert told.count(f'id="{key}-{width}-title"') == 1
