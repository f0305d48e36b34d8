"""Write a folder of files as a whole or not at all.

A new folder is made complete under another name and then renamed. In a folder that exists the
files are first written to a scratch folder; then each takes its place in one step, and what is
to go is moved out. When a step fails, what was there before is put back.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from xlmodel.registry import InputError
from xlmodel.workbook.files import reason

LeftOver = Callable[[Path, Mapping[str, bytes]], Iterable[str]]


def write(
    folder: Path, files: Mapping[str, bytes], replacing: LeftOver | None = None
) -> list[Path]:
    """Write the files into the folder, which is made if need be.

    Files that are there with the same content count as written. One with another content is an
    ``InputError`` and nothing is changed, unless what is there is replaced: ``replacing`` then
    names the other files of the folder that go.
    """
    try:
        _refuse(folder, files, replacing is not None)
        gone = list(replacing(folder, files)) if replacing else []
        stale = {name: data for name, data in files.items() if not _same(folder / name, data)}
        if not folder.exists():
            _make(folder, files)
        elif stale or gone:
            with _scratch(folder) as scratch:
                _fill(scratch, stale)
                _place(folder, scratch, stale, gone)
    except OSError as error:
        raise InputError(f"cannot write the report to {folder}: {reason(error)}") from None
    return [folder / name for name in files]


def _refuse(folder: Path, files: Mapping[str, bytes], force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name a folder for the report")
    for name, data in files.items():
        target = folder / name
        if target.is_dir():
            raise InputError(f"{target} is a folder where a report file would go")
        if target.exists() and not force and not _same(target, data):
            raise InputError(
                f"{target} is there already with another content; --force replaces it, or name "
                "another folder with -o"
            )


def _same(target: Path, data: bytes) -> bool:
    return target.is_file() and target.stat().st_size == len(data) and target.read_bytes() == data


def _make(folder: Path, files: Mapping[str, bytes]) -> None:
    with _made(folder.parent), _scratch(folder.parent) as scratch:
        # The scratch folder is private to the user; the report's own gets the usual permissions.
        whole = scratch / "report"
        whole.mkdir()
        _fill(whole, files)
        whole.replace(folder)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        with (folder / name).open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    """The folder and those above it; those that were made are removed when something fails."""
    made = []
    try:
        for part in reversed([folder, *folder.parents]):
            if not part.is_dir():
                part.mkdir()
                made.append(part)
        yield
    except BaseException:
        for part in reversed(made):
            with contextlib.suppress(OSError):
                part.rmdir()
        raise


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder on the same disk, gone afterwards."""
    scratch = Path(tempfile.mkdtemp(prefix=".xlmodel-", dir=folder))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _place(folder: Path, scratch: Path, files: Iterable[str], gone: list[str]) -> None:
    before = scratch / "before"
    before.mkdir()
    placed: list[str] = []
    try:
        for name in files:
            if (folder / name).exists():
                shutil.copy2(folder / name, before / name)
            placed.append(name)
            (scratch / name).replace(folder / name)
        for name in gone:
            (folder / name).replace(before / name)
    except BaseException:
        _put_back(folder, before, placed, gone)
        raise


def _put_back(folder: Path, before: Path, placed: Iterable[str], gone: Iterable[str]) -> None:
    for name in gone:
        with contextlib.suppress(OSError):
            (before / name).replace(folder / name)
    for name in placed:
        with contextlib.suppress(OSError):
            if (before / name).exists():
                (before / name).replace(folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
