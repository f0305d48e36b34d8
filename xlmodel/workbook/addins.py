"""``xlmodel addin HOST``: what each spreadsheet program needs, and what its user is told."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from xlmodel.hosts.calc import install
from xlmodel.hosts.excel import setup
from xlmodel.registry import InputError
from xlmodel.workbook import lite, respell


def _copy(edition: str, args: argparse.Namespace) -> list[str]:
    copy = respell.copy(Path(args.workbook), edition, _path(args.out), args.force)
    return [f"wrote {copy.path}", *copy.notes]


def _lambda(args: argparse.Namespace) -> list[str]:
    return _copy("lambda", args)


def _lite(args: argparse.Namespace) -> list[str]:
    written = lite.lite(Path(args.workbook), _path(args.out), args.force)
    return [f"wrote {written.path}", *written.notes, f"next: {lite.NEXT}"]


def _excel(args: argparse.Namespace) -> list[str]:
    return setup.addin(_path(args.workbook))


def _calc(args: argparse.Namespace) -> list[str]:
    if args.workbook is None:
        return install.addin(_path(args.out), args.install, args.force)
    if args.install:
        raise InputError("--install is for the extension itself: leave out WORKBOOK, or --install")
    return _copy("calc", args)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


_HOSTS: Mapping[str, Callable[[argparse.Namespace], list[str]]] = {
    "lambda": _lambda,
    "excel": _excel,
    "lite": _lite,
    "calc": _calc,
}


def command(args: argparse.Namespace) -> int:
    """Do what the host needs, and say what was done and what is left to do."""
    print("\n".join(_HOSTS[args.host](args)))
    return 0
