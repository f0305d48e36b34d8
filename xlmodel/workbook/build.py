"""Builds the template workbook: every edition for the repository, or a fresh copy for a user.

The workbook is written twice. The first copy has formulas and no results; the headless engine
calculates it; the second copy is the same with each result stored beside its formula, so that a
viewer, a phone or Excel's Protected View shows numbers. Both come from the description in
``template``; the same description gives the same bytes on every machine.
"""

import argparse
import tempfile
from pathlib import Path

from xlmodel.registry import InputError
from xlmodel.workbook import calc, template
from xlmodel.workbook import language as languages
from xlmodel.workbook.files import refuse_lock, writing
from xlmodel.workbook.language import ENGLISH
from xlmodel.workbook.template.editions import DEFAULT, EDITIONS, Edition
from xlmodel.workbook.template.parts import Value
from xlmodel.workbook.template.writer import Values, write

_STORED_DIGITS = 13
_RESIDUE = 1e-10


def build(folder: Path) -> list[Path]:
    """Write every edition into a folder; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for edition in EDITIONS.values():
        path = folder / edition.file
        with writing(path) as temporary:
            temporary.write_bytes(contents(edition))
        written.append(path)
    return written


def check(folder: Path) -> list[str]:
    """The files in a folder that are missing or differ from a fresh build."""
    return [
        f"{folder.name}/{edition.file}"
        for edition in EDITIONS.values()
        if not (path := folder / edition.file).exists() or path.read_bytes() != contents(edition)
    ]


def new(path: str | Path, edition: str = "", force: bool = False, language: str = ENGLISH) -> Path:
    """Write a fresh copy of the template; an existing file is replaced only with ``force``.

    Without an edition it is the first one whose files end as the path does. In another
    ``language`` it is the same workbook with other texts.
    """
    path = Path(path)
    spoken = languages.chosen(language, "workbook")
    chosen = edition_for(path, edition)
    suffix = Path(chosen.file).suffix
    if path.suffix.lower() != suffix:
        raise InputError(f"{path}: the name of a workbook of this edition must end in {suffix}")
    if path.exists() and not force:
        raise InputError(f"{path} exists already; --force overwrites it")
    refuse_lock(path)
    with writing(path) as temporary:
        temporary.write_bytes(contents(chosen, spoken))
    return path


def command(args: argparse.Namespace) -> int:
    """``xlmodel new``: write a fresh copy and say which edition it is."""
    path = new(args.path, edition=args.edition, force=args.force, language=args.lang)
    print(f"wrote {path}: {edition_for(path, args.edition).about}")
    return 0


def edition_for(path: Path, name: str = "") -> Edition:
    """The edition of that name or, without a name, for a file that ends so."""
    if not name:
        endings = (e for e in EDITIONS.values() if e.file.endswith(path.suffix.lower() or "-"))
        return next(endings, DEFAULT)
    if name not in EDITIONS:
        raise InputError(
            f"there is no edition {name!r}; an edition is one of: {', '.join(EDITIONS)}"
        )
    return EDITIONS[name]


def contents(edition: Edition, language: str = ENGLISH) -> bytes:
    """The bytes of an edition, every formula with its result."""
    plan = template.workbook(edition, language)
    return write(plan, edition, results(write(plan, edition, {}), edition.file))


def results(workbook: bytes, name: str) -> Values:
    """The result of each formula of a workbook, calculated without a spreadsheet program."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(workbook)
        calculation = calc.calculate(path, {})
    if calculation.unsupported:
        first = calculation.unsupported[0]
        raise RuntimeError(f"the engine could not calculate {first.cell}: {first.reason}")
    values = calculation.formulas
    if broken := [f"{sheet}!{cell}" for (sheet, cell), v in values.items() if not _storable(v)]:
        raise RuntimeError(f"the template has no number or text in {', '.join(broken[:5])}")
    return {cell: _steady(value) for cell, value in values.items()}  # type: ignore[arg-type]  # seen


def _steady(value: Value | bool) -> Value | bool:
    """A result as every machine stores it: powers of arrays are computed by what the processor has,
    and differ between two processors in the last digit, and so does what is left of a balance."""
    if not isinstance(value, float) or value.is_integer():
        return value
    return float(f"{value:.{_STORED_DIGITS}g}") if abs(value) > _RESIDUE else 0.0


def _storable(value: object) -> bool:
    """Whether a result is a number, a text or a truth value; the template as delivered has no
    blank result and no error."""
    return isinstance(value, float | str | bool)
