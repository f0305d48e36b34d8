"""What is generated and committed equals a fresh build, byte for byte."""

from pathlib import Path

from xlmodel.workbook import generated

ROOT = Path(__file__).parent.parent


def test_generated_files_are_current() -> None:
    assert generated.differences(ROOT) == [], "run `xlmodel build` and commit"


def test_top_level_holds_what_it_should() -> None:
    expected = {"pyproject.toml", "xlmodel", "workbooks", "tests", "README.md"}
    ignored = {"build", "dist", "xlmodel.egg-info"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert expected <= found
    assert {name for name in found - expected - ignored if not name.endswith("-report")} == set()
