"""Writing files: whole or not at all, never over one that Excel holds, with a reason in words."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from xlmodel.workbook.package import WorkbookError

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


def refuse_lock(path: Path) -> None:
    """Refuse a file that Excel has open: Excel leaves a lock file beside it."""
    lock = path.with_name(f"~${path.name}")
    if lock.exists():
        raise WorkbookError(f"{path} is open in Excel ({lock.name} says so); close it there first")


@contextlib.contextmanager
def writing(out: Path) -> Iterator[Path]:
    """A temporary file beside the target, which takes its place when all went well."""
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.stem}-", suffix=".tmp")
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(out)
        temporary = None
    except OSError as error:
        raise WorkbookError(f"{out} can't be written: {reason(error)}") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def reason(error: OSError) -> str:
    """Why a file can't be written, in words."""
    return _REASONS.get(error.errno or 0, (error.strerror or str(error)).lower())
