"""Writing files: whole or not at all, never over one that Excel holds, with a reason in words."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from xlmodel.workbook.untrusted import WorkbookError

_DENIED = "you may not write there, or another program holds the file"
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than allowed here",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.ENAMETOOLONG: "a name is too long",
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "there is no such folder",
}


class Lock(NamedTuple):
    """The file that a program leaves beside a workbook for as long as it has it open."""

    name: str
    program: str


_LOCKS = (("~$%s", "Excel"), (".~lock.%s#", "LibreOffice"))


def lock_of(path: Path) -> Lock | None:
    """The sign that a program has the workbook open, if there is one."""
    for place in (path, Path(os.path.realpath(path))):
        for pattern, program in _LOCKS:
            lock = Lock(pattern % place.name, program)
            if place.name and place.with_name(lock.name).exists():
                return lock
    return None


def refuse_lock(path: Path) -> None:
    """Refuse a file that a program has open."""
    if lock := lock_of(path):
        raise WorkbookError(
            f"{path} is open in {lock.program} ({lock.name} says so); close it there first"
        )


@contextlib.contextmanager
def writing(out: Path) -> Iterator[Path]:
    """A temporary file beside the target, which takes its place when all went well.

    A link stays a link; a file that was there keeps its mode.
    """
    temporary = None
    try:
        target = Path(os.path.realpath(out))
        temporary = _temporary(target)
        yield temporary
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
        temporary = None
    except OSError as error:
        raise WorkbookError(f"{out} can't be written: {reason(error)}") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _temporary(target: Path) -> Path:
    """A new file beside the target, with the mode that new files get here."""
    name = f".{target.stem[:40]}-{os.urandom(6).hex()}.tmp"
    path = target.with_name(name)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    return path


def source_date_epoch() -> datetime | None:
    """The moment that SOURCE_DATE_EPOCH sets for reproducible files; None when it sets none."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not text:
        return None
    try:
        if text.isascii() and text.isdecimal():
            return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise WorkbookError(
        f"SOURCE_DATE_EPOCH is {text!r}, but must be a whole number of seconds since 1970"
    )


def reason(error: OSError) -> str:
    """Why a file can't be written, in words."""
    return _REASONS.get(error.errno or 0, (error.strerror or str(error)).lower())
