"""The version of xlwings that the hosts know is the one that is asked for and installed."""

import tomllib
from importlib.metadata import version
from pathlib import Path

from xlmodel.hosts.publish import XLWINGS


def test_one_version_of_xlwings_everywhere() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    (pin,) = (name for name in project["project"]["dependencies"] if name.startswith("xlwings"))
    assert pin.partition(";")[0] == f"xlwings=={XLWINGS}"
    assert version("xlwings") == XLWINGS
