"""Axes and labels of charts, whatever the numbers are."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlmodel.report import bars, heatmap, lines, svg

amounts = st.floats(-1e300, 1e300, allow_nan=False)


@given(amounts, amounts)
@example(0.0, 0.0)
@example(1e15, 1e15)
@example(5e-324, 1e-323)
@example(-1e300, 1e300)
def test_ticks_cover_the_range_in_a_few_equal_steps(one: float, other: float) -> None:
    low, high = sorted((one, other))
    marks = svg.ticks(low, high)
    assert 2 <= len(marks) <= 12
    assert marks == sorted(marks)
    span = marks[-1] - marks[0]
    assert marks[0] - low <= 1e-6 * span
    assert high - marks[-1] <= 1e-6 * span
    assert len(set(svg.tick_labels(marks))) == len(marks)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-670.08, 128.26, ["−800", "−600", "−400", "−200", "0", "200"]),
        (0, 285_120_000, ["0", "100M", "200M", "300M"]),
        (0, 25_000, ["0", "5k", "10k", "15k", "20k", "25k"]),
        (0, 3e-9, ["0", "1e−09", "2e−09", "3e−09"]),
    ],
)
def test_tick_labels(low: float, high: float, labels: list[str]) -> None:
    assert svg.tick_labels(svg.ticks(low, high)) == labels


@given(st.text(max_size=200), st.floats(5, 400), st.integers(1, 4))
def test_wrapped_text_keeps_to_its_lines(words: str, room: float, most: int) -> None:
    rows = svg.wrap(words, room, 13, most)
    assert 1 <= len(rows) <= most
    assert all(len(row) <= max(int(room / 7.28), 2) for row in rows)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=8))
def test_bars_stay_in_the_frame(spans: list[tuple[float, float]]) -> None:
    rows = [bars.Bar("label", start, end, "up", "1") for start, end in spans]
    for kind in (bars.WIDE, bars.WIDER, bars.NARROW):
        drawn = bars.draw("k", "t", "a", rows, "USD", kind)
        assert "nan" not in drawn
        assert "inf" not in drawn


@given(st.lists(st.tuples(st.floats(0, 5), amounts | st.none()), min_size=2, max_size=9))
def test_lines_take_any_curve(points: list[tuple[float, float | None]]) -> None:
    line = lines.Line("margin", [at for at, _ in points], [margin for _, margin in points])
    axes = lines.Axes("Utilization", "USD", lines.shares)
    for kind in (lines.WIDE, lines.NARROW):
        drawn = lines.draw("k", "t", "a", [line], (), axes, kind)
        assert "nan" not in drawn
        assert "inf" not in drawn


@given(st.lists(st.lists(amounts, min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_heat_map_takes_any_figures(rows: list[list[float]]) -> None:
    shown = [["1"] * 3] * len(rows)
    grid = heatmap.Grid(["r"] * len(rows), ["a", "b", "c"], rows, shown, "R", "C", (0, 1))
    drawn = heatmap.draw("k", "t", "a", grid, 350.0)
    assert "nan" not in drawn
    assert "inf" not in drawn


@given(st.text("每百万token 的成本，ab ", max_size=80), st.floats(30, 400))
def test_chinese_is_wrapped_within_its_room(words: str, room: float) -> None:
    for row in svg.wrap(words, room, 13, 40):
        assert svg.width_of(row, 13) <= room + 2 * 13


def test_chinese_breaks_between_characters_and_latin_between_words() -> None:
    assert svg.wrap("每百万 token 的价，全天", 60, 13, 4) == ["每百万", "token 的", "价，全天"]
