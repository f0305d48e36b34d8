"""The page in headless Chromium: nothing complains, nothing leaves it, everyone can use it.

axe-core looks for what keeps people out (contrast, names, order); the rest is measured in the
page itself. The pictures' texts are measured too: whether one sticks out or runs into another.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import missing
from tests.report.fakes import founding
from tests.report.pictured import SWINGS
from xlmodel.report import write_report

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("XLMODEL_NODE") or HERE.parents[1] / ".node") / "node_modules"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module", params=LANGUAGES)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a browser meets on the page of the founding case."""
    node = shutil.which("node")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    packages = [MODULES / name for name in ("playwright-core", "axe-core")]
    if node is None or browser is None or not all(path.exists() for path in packages):
        missing(
            "Chromium, Node.js or its packages playwright-core and axe-core are not installed; "
            "tests/run.sh installs them"
        )
    folder = tmp_path_factory.mktemp("browser")
    write_report(founding(folder), folder / "out", swings=SWINGS, language=request.param)
    page = folder / "out" / "node_margin-report.html"
    command = [node, str(HERE / "browser.mjs"), str(MODULES), browser, str(page)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_the_console_is_silent_and_no_request_leaves_the_page(seen: Any) -> None:
    for visit in seen["seen"]:
        assert visit["console"] == []
        assert visit["asked"] == []


def test_axe_finds_nothing_in_either_scheme(seen: Any) -> None:
    assert {visit["colorScheme"] for visit in seen["seen"]} == {"light", "dark"}
    assert len({visit["background"] for visit in seen["seen"]}) == 2
    for visit in seen["seen"]:
        assert visit["passed"] > 25  # it did look
        assert visit["findings"] == []


def test_nothing_is_wider_than_the_window_nor_sticks_out_of_its_picture(seen: Any) -> None:
    for visit in seen["seen"]:
        assert visit["overflow"] <= 0
        assert visit["clipped"] == []
    assert seen["printed"] == []


def test_the_keyboard_goes_from_top_to_bottom_with_its_place_seen(seen: Any) -> None:
    for visit in seen["seen"]:
        tabs = visit["tabs"]
        assert tabs[0]["tag"] == "A"  # the way past the contents comes first
        assert len([tab for tab in tabs if tab["tag"] == "SUMMARY"]) == 8
        tops = [tab["top"] for tab in tabs[1:] if tab["tag"] != "SUMMARY"]
        assert tops == sorted(tops)
        assert all(tab["ring"] for tab in tabs)
