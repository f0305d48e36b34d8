"""The page: complete in itself, readable by people, screen readers and printers."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.report.fakes import founding
from xlmodel.report import write_report

CSS = Path(__file__).parents[2] / "xlmodel" / "report" / "templates" / "page.css"


@pytest.fixture
def page(tmp_path: Path) -> str:
    write_report(founding(tmp_path), tmp_path / "out", formats=["html"])
    return (tmp_path / "out" / "node_margin-report.html").read_text(encoding="utf-8")


def pictures(page: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg class=\"chart.*?</svg>", page)]


def test_nothing_is_loaded_and_nothing_runs(page: str) -> None:
    assert "http:" not in page
    assert "https:" not in page
    assert "@import" not in page
    assert set(re.findall(r"url\((.*?)\)", page)) == {"#dots", "#hatch"}
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_language_title_and_one_heading_of_the_first_level(page: str) -> None:
    assert '<html lang="en">' in page
    assert page.count("<h1>") == 1
    assert re.search(r"<title>node_margin\.xlsx: At 100 % utilization", page)
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_sections_stand_in_the_order_of_a_report(page: str) -> None:
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
    assert headings == [
        "Key figures",
        "Drivers",
        "Charts",
        "Checks",
        "Prices used, with their sources",
        "What could not be evaluated",
        "Provenance",
    ]


def test_every_picture_has_a_title_a_description_and_a_table_behind_it(page: str) -> None:
    drawn = pictures(page)
    assert len(drawn) == 14  # seven charts, each for a wide and a narrow column
    for picture in drawn:
        named = {child.get("id"): (child.text or "") for child in picture if child.get("id")}
        assert picture.get("role") == "img"
        assert picture.get("aria-labelledby", "").split() == list(named)
        assert all(named.values())
    assert page.count("<details>") == 7
    assert len(set(re.findall(r'id="(.*?)"', page))) == len(re.findall(r'id="(.*?)"', page))


def test_labels_refer_to_elements_that_exist(page: str) -> None:
    ids = set(re.findall(r' id="(.*?)"', page))
    for names in re.findall(r'aria-labelledby="(.*?)"', page):
        assert set(names.split()) <= ids


def test_pictures_stay_inside_their_frame(page: str) -> None:
    """By their coordinates; how wide a text comes out depends on the reader's font."""
    for picture in pictures(page):
        _, _, width, height = map(float, picture.attrib["viewBox"].split())
        for shape in picture.iter():
            for name, limit in (("x", width), ("x1", width), ("cx", width), ("y", height)):
                assert 0 <= float(shape.get(name, 0)) <= limit
            if shape.tag == "rect":
                assert float(shape.attrib["x"]) + float(shape.attrib["width"]) <= width
                assert float(shape.attrib["width"]) > 0


def test_break_even_and_bridge_are_in_the_pictures(page: str) -> None:
    words = [" ".join(picture.itertext()) for picture in pictures(page)]
    assert sum("break-even at 83.9 %" in text for text in words) == 2
    assert sum("+777.60" in text and "−57.02" in text for text in words) == 2
    assert "On this reading batching adds nothing to the difference." in page


def test_sources_and_ages_of_prices_are_told(page: str) -> None:
    assert "lambdalabs.com, on-demand price list" in page
    flat = re.sub(r"<[^>]*>", "", page)
    assert "Valid from 2024-07-27, the as-of date itself; checked 2024-07-27." in flat


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme by name: light, dark, print."""
    found = re.findall(r":root \{(.*?)\}", CSS.read_text(encoding="utf-8"), re.DOTALL)
    colors = [dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in found]
    return dict(zip(("light", "dark", "print"), colors, strict=True))


def luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("name", ["ink", "muted", "good", "bad", "level", "up", "down", "cost"])
def test_contrast_of_text_and_shapes(theme: str, name: str) -> None:
    colors = themes()[theme]
    assert contrast(colors[name], colors["paper"]) >= 4.5
    assert contrast(colors[name], colors["wash"]) >= 4.5
