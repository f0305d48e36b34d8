"""Everything in the repository that is generated: ``xlmodel build`` writes it, a test holds it.

The function reference and the type stub come from the registry, the
workbooks from the template, the page on the workbook standard from its rules.
"""

import argparse
from pathlib import Path

import xlmodel
from xlmodel.registry import InputError, reference
from xlmodel.workbook import build
from xlmodel.workbook.check import standard


def command(args: argparse.Namespace) -> int:
    """Write what is out of date, or with ``--check`` only name it; exit status 1 if any is."""
    root = _checkout()
    stale = differences(root)
    for path in stale:
        print(f"differs from a fresh build: {path}")
    if args.check:
        return 1 if stale else 0
    for path, text in _texts().items():
        (root / path).write_text(text, encoding="utf-8", newline="\n")
    build.build(root / "workbooks")
    print("rebuilt" if stale else "everything was current")
    return 0


def differences(root: Path) -> list[str]:
    """Generated files that are missing or differ from what would be written now."""
    stale = [
        path
        for path, text in _texts().items()
        if not (root / path).exists() or (root / path).read_text(encoding="utf-8") != text
    ]
    return stale + build.check(root / "workbooks")


def _texts() -> dict[str, str]:
    return {
        "xlmodel/reference.md": reference.reference(),
        "xlmodel/__init__.pyi": reference.stub(),
        "xlmodel/standard.md": standard.document(),
    }


def _checkout() -> Path:
    root = Path(xlmodel.__file__).parent.parent
    if not (root / "pyproject.toml").exists():
        raise InputError(
            "`xlmodel build` works in a checkout of the source, installed with pip install -e"
        )
    return root
