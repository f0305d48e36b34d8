"""``manifest.json``: which files belong together, what they were made from, what came before."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from xlmodel.registry import InputError
from xlmodel.report import text
from xlmodel.report.facts import Facts

NAME = "manifest.json"
_FORMAT = "xlmodel-report-manifest"
_LARGEST = 1_000_000  # bytes of a manifest of ours
_NO_NAMES = ("", ".", "..", NAME)
_SEPARATORS = frozenset("/\\:\0")


def render(facts: Facts, files: Mapping[str, bytes]) -> bytes:
    """The manifest of some files."""
    return text.dumps(
        {
            "format": _FORMAT,
            "format_version": 1,
            "headline": facts.headline,
            **text.provenance(facts.provenance),
            "files": [
                {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                for name, data in files.items()
            ],
        }
    )


def left_over(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """The files of the report before that the new one does not have, and that are to go.

    Only those that its manifest lists and that are still as it lists them; one that was changed
    since is an ``InputError``.
    """
    found = []
    for name, digest in _listed(folder / NAME):
        target = folder / name
        if name in files or not target.is_file() or _is_new(target, folder, files):
            continue
        if target.is_symlink() or hashlib.sha256(target.read_bytes()).hexdigest() != digest:
            raise InputError(
                f"{target} belongs to the report that is replaced, but was changed since; move it "
                "away, or name another folder with -o"
            )
        found.append(name)
    return found


def _is_new(target: Path, folder: Path, files: Mapping[str, bytes]) -> bool:
    """Whether it is a file of the new report by another spelling, where case does not count."""
    return any((folder / name).exists() and target.samefile(folder / name) for name in files)


def _listed(path: Path) -> Iterator[tuple[str, str]]:
    """Names and hashes in a manifest of ours; nothing where there is none that can be read."""
    if not path.is_file() or path.stat().st_size > _LARGEST:
        return
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        return
    entries = document.get("files")
    for entry in entries if isinstance(entries, list) else ():
        named = isinstance(entry, dict) and (entry.get("name"), entry.get("sha256"))
        if named and all(isinstance(part, str) for part in named) and _is_name(str(named[0])):
            yield str(named[0]), str(named[1])


def _is_name(name: str) -> bool:
    """Whether it names a file in the folder itself: a manifest can be anybody's."""
    return name not in _NO_NAMES and _SEPARATORS.isdisjoint(name)
