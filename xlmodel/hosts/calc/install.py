"""Writing the extension to a file, and handing it to LibreOffice by its own ``unopkg``."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from xlmodel.hosts.calc import extension
from xlmodel.hosts.calc.names import IDENTIFIER
from xlmodel.registry import InputError
from xlmodel.version import VERSION

PATIENCE: Final = 300
"""Seconds after which ``unopkg`` is given up: a first start on a slow disk can take a minute."""
_UNOPKG: Final = "unopkg.com" if sys.platform == "win32" else "unopkg"
_PLACES: Final = {
    "win32": (
        "C:/Program Files/LibreOffice*/program/unopkg.com",
        "C:/Program Files (x86)/LibreOffice*/program/unopkg.com",
    ),
    "darwin": ("/Applications/LibreOffice*.app/Contents/MacOS/unopkg",),
    "linux": (
        "/usr/lib/libreoffice/program/unopkg",
        "/usr/lib64/libreoffice/program/unopkg",
        "/opt/libreoffice*/program/unopkg",
    ),
}


def addin(out: Path | None, install: bool, force: bool) -> list[str]:
    """Write the extension, or install it, or with a path both; returns what to tell the user."""
    if not install:
        path = out or Path(f"xlmodel-{VERSION}.oxt")
        write(path, force)
        return [
            f"wrote {path}",
            "next: open that file with LibreOffice, which asks whether to install it; or run this "
            "with --install",
        ]
    program = unopkg()
    with tempfile.TemporaryDirectory() as folder:
        path = out or Path(folder, f"xlmodel-{VERSION}.oxt")
        write(path, force)
        add(program, path)
    users = " for all users" if _for_all_users() else ""
    remove = " ".join(["remove", *_for_all_users(), IDENTIFIER])
    return [
        *([f"wrote {out}"] if out else []),
        f"installed in {program.parent}{users}",
        *_without_python(program.parent),
        "next: close LibreOffice if it is open, start it from the desktop (in a shell with an "
        "active virtual environment it opens no spreadsheet) and type =XLMODEL_VERSION() in Calc",
        f'to remove it: "{program}" {remove}',
    ]


def _without_python(folder: Path) -> list[str]:
    """What is missing where a Linux distribution packs LibreOffice's Python apart."""
    if not (folder / "soffice.bin").exists() or (folder / "pythonloader.py").exists():
        return []
    return [
        "this LibreOffice has no Python yet, which the functions need: install the package "
        "python3-uno (Debian, Ubuntu) or libreoffice-pyuno (Fedora, openSUSE)"
    ]


def write(path: Path, force: bool) -> None:
    """Write the extension, whole or not at all; the same file once more is nothing new."""
    if path.suffix != ".oxt":
        raise InputError(f"{path}: a LibreOffice extension is a file named *.oxt")
    content = extension.content()
    temporary = path.with_name(f".{path.stem[:40]}-{os.urandom(6).hex()}.tmp")
    try:
        if path.exists() and not force and path.read_bytes() != content:
            raise InputError(f"{path} exists; --force overwrites it")
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path} can't be written: {_said(error)}") from None
    finally:
        temporary.unlink(missing_ok=True)


def unopkg() -> Path:
    """LibreOffice's program for extensions."""
    for found in _candidates():
        if found.is_file():
            return found
    raise InputError(
        "LibreOffice's program unopkg is not where it usually is; put its folder into PATH, or "
        "open the .oxt file with LibreOffice"
    )


def _candidates() -> Iterator[Path]:
    """Where unopkg may be: beside LibreOffice itself, in the usual places, in the PATH."""
    for name in ("soffice", "libreoffice"):
        if command := shutil.which(name):
            yield Path(os.path.realpath(command)).with_name(_UNOPKG)
    for pattern in _PLACES.get(sys.platform, ()):
        root = Path(pattern).anchor
        found = Path(root).glob(pattern.removeprefix(root))
        yield from sorted(found, key=_version, reverse=True)
    if command := shutil.which(_UNOPKG):
        yield Path(command)


def _version(path: Path) -> list[int]:
    """The numbers in a path, which tell a newer version from an older one.

    >>> _version(Path("/opt/libreoffice24.8/program/unopkg"))
    [24, 8]
    """
    return [int(digits) for digits in re.findall(r"\d+", str(path))]


def add(program: Path, extension_file: Path, options: Sequence[str] = ()) -> None:
    """Install the extension, over an older version if there is one.

    ``options`` go to unopkg, such as ``-env:UserInstallation=…`` for another profile.
    """
    command = [str(program), "add", "--force", *_for_all_users(), *options, str(extension_file)]
    try:
        done = subprocess.run(  # noqa: S603 (LibreOffice's own program, no shell)
            command, capture_output=True, text=True, errors="replace", timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise InputError(f"{program} did not finish within {PATIENCE} seconds") from None
    except OSError as error:
        raise InputError(f"{program} can't be started: {_said(error)}") from None
    if done.returncode:
        raise InputError(_why(done.stdout + done.stderr))


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _for_all_users() -> list[str]:
    """Root may install for all users only."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--shared"] if is_root else []


def _why(output: str) -> str:
    """The reason that unopkg gives, on one line."""
    lines = [" ".join(line.split()) for line in output.splitlines() if line.strip()]
    told = [line.partition("ERROR:")[2].strip() for line in lines if line.startswith("ERROR:")]
    reason = told[0] if told else " ".join(lines) or "it gave no reason"
    if "lock file" in reason or "already running" in reason:
        return "LibreOffice is running: close all its windows, then run the command again"
    return f"LibreOffice did not take the extension: {reason}"
