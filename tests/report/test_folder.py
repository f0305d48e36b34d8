"""Files appear whole or not at all, and nothing of the user's is overwritten unasked."""

import errno
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from xlmodel.registry import InputError
from xlmodel.report import folder as folders

FILES = {"a.txt": b"alpha", "b.txt": b"beta"}


def nothing_else(_folder: Path, _files: Mapping[str, bytes]) -> list[str]:
    """The report before left no other file."""
    return []


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_and_those_above_it_are_made(tmp_path: Path) -> None:
    folder = tmp_path / "x" / "y"
    assert folders.write(folder, FILES) == [folder / "a.txt", folder / "b.txt"]
    assert contents(folder) == FILES
    assert names(tmp_path / "x") == ["y"]
    assert folder.stat().st_mode & 0o777 == (tmp_path / "x").stat().st_mode & 0o777


def test_identical_files_are_success_and_stay_untouched(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folders.write(folder, FILES)
    before = {path.name: path.stat().st_ino for path in folder.iterdir()}
    folders.write(folder, FILES)
    assert {path.name: path.stat().st_ino for path in folder.iterdir()} == before


def test_another_content_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "b.txt").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"b\.txt is there already .* --force"):
        folders.write(folder, FILES)
    assert contents(folder) == {"b.txt": b"mine"}


def test_force_replaces_and_leaves_other_files(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "b.txt").write_bytes(b"old")
    (folder / "other.txt").write_bytes(b"other")
    folders.write(folder, FILES, nothing_else)
    assert contents(folder) == {**FILES, "other.txt": b"other"}


def test_a_file_or_a_folder_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="is a file; name a folder"):
        folders.write(tmp_path / "file", FILES)
    with pytest.raises(InputError, match=r"cannot write the report to .*: "):
        folders.write(tmp_path / "file" / "below", FILES)
    (tmp_path / "out" / "a.txt").mkdir(parents=True)
    with pytest.raises(InputError, match="is a folder where a report file would go"):
        folders.write(tmp_path / "out", FILES, nothing_else)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that refuses")
def test_a_place_that_refuses_is_one_sentence() -> None:
    with pytest.raises(InputError, match=r"cannot write the report to /proc/xlmodel/out: \w"):
        folders.write(Path("/proc/xlmodel/out"), FILES)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "may not write"),
    ],
)
@pytest.mark.parametrize("exists", [True, False])
def test_a_failure_halfway_puts_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str, exists: bool
) -> None:
    folder = tmp_path / "out"
    if exists:
        folder.mkdir()
        (folder / "a.txt").write_bytes(b"old")
    real = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name in ("b.txt", "out"):
            raise OSError(number, os.strerror(number))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(InputError, match=words):
        folders.write(folder, FILES, nothing_else)
    assert names(tmp_path) == (["out"] if exists else [])
    assert not exists or contents(folder) == {"a.txt": b"old"}


FULL = """
import resource, sys
from pathlib import Path
from xlmodel.registry import InputError
from xlmodel.report import folder
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    folder.write(Path(sys.argv[1]) / "out", {"a": b"x" * 900, "b": b"x" * 2000})
except InputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_a_file_larger_than_the_limit_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert "the file is larger than allowed here" in done.stdout
    assert names(tmp_path) == []
