"""``--force`` replaces the report before as a whole, and nothing of the user's."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.report.fakes import Fake, founding
from xlmodel.registry import InputError
from xlmodel.report import write_report


@pytest.fixture
def case(tmp_path: Path) -> Fake:
    return founding(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


CSV_ONLY = ["manifest.json", "node_margin-report.csv"]


def test_files_of_the_report_before_go_with_it(case: Fake, tmp_path: Path) -> None:
    write_report(case, out := tmp_path / "out")
    (out / "mine.txt").write_bytes(b"mine")
    (out / "node_margin-report.json").unlink()
    case.changed = ["in_utilization"]
    write_report(case, out, force=True, formats=["csv"])
    assert sorted(contents(out)) == sorted([*CSV_ONLY, "mine.txt"])
    write_report(case, tmp_path / "fresh", formats=["csv"])
    assert contents(out) == {**contents(tmp_path / "fresh"), "mine.txt": b"mine"}


def test_without_force_nothing_goes(case: Fake, tmp_path: Path) -> None:
    write_report(case, out := tmp_path / "out")
    before = contents(out)
    with pytest.raises(InputError, match=r"manifest\.json is there already"):
        write_report(case, out, formats=["csv"])
    assert contents(out) == before


def test_a_file_of_another_workbook_goes_too(case: Fake, tmp_path: Path) -> None:
    write_report(case, out := tmp_path / "out", formats=["csv"])
    case.path = case.path.rename(tmp_path / "b.xlsx")
    write_report(case, out, force=True, formats=["csv"])
    assert sorted(contents(out)) == ["b-report.csv", "manifest.json"]


def test_a_file_that_the_user_changed_is_refused(case: Fake, tmp_path: Path) -> None:
    write_report(case, out := tmp_path / "out")
    (out / "node_margin-report.html").write_bytes(b"my own words")
    before = contents(out)
    case.changed = ["in_utilization"]
    with pytest.raises(InputError, match=r"report\.html belongs to .* changed since; move it away"):
        write_report(case, out, force=True, formats=["csv"])
    assert contents(out) == before


def test_a_failure_halfway_brings_back_what_went(
    case: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(case, out := tmp_path / "out")
    before = contents(out)
    real = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.parent.name == "before" and target.suffix == ".json":
            raise OSError(28, os.strerror(28))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    case.changed = ["in_utilization"]
    with pytest.raises(InputError, match="the disk is full"):
        write_report(case, out, force=True, formats=["csv"])
    assert contents(out) == before


def listing(*files: Any) -> str:
    return json.dumps({"format": "xlmodel-report-manifest", "files": list(files)})


MINE = hashlib.sha256(b"mine").hexdigest()


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[" * 100_000,
        "[]",
        '{"files": [{"name": "mine.txt"}]}',
        listing("mine.txt", None, 3, {"name": 3, "sha256": MINE}, {"name": "mine.txt"}),
        listing(*({"name": name, "sha256": MINE} for name in ("../mine.txt", "..", "", "a\\b"))),
        json.dumps({"format": "xlmodel-report-manifest", "files": {"name": "mine.txt"}}),
    ],
    ids=["empty", "deep", "list", "other", "odd", "outside", "no list"],
)
def test_a_manifest_of_somebody_else_removes_nothing(
    case: Fake, tmp_path: Path, manifest: str
) -> None:
    (tmp_path / "mine.txt").write_bytes(b"mine")
    (out := tmp_path / "out").mkdir()
    (out / "mine.txt").write_bytes(b"mine")
    (out / "manifest.json").write_text(manifest)
    write_report(case, out, force=True, formats=["csv"])
    assert sorted(contents(out)) == sorted([*CSV_ONLY, "mine.txt"])
    assert (tmp_path / "mine.txt").exists()
