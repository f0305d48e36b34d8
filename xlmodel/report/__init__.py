"""From a recalculated workbook to report files.

``write_report`` gathers the facts of a calculation once (``source``, ``prices``, ``series``,
``headline`` → ``facts``) and hands them to a writer per format: ``page`` (HTML, with ``charts``),
``pdf`` (one page), ``book`` (.xlsx), ``text`` (CSV and JSON), ``focus`` (CSV for cost tools).
``folder`` puts the files in place, all or none. Their own words are said in the reader's
``language``. The same input gives the same bytes: no clock, no path, no order of chance enters a
file.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlmodel.registry import InputError
from xlmodel.report import folder as folders
from xlmodel.report import language as languages
from xlmodel.report import manifest, source, text, told
from xlmodel.report.facts import Facts
from xlmodel.report.source import Calculation
from xlmodel.workbook.sensitivity import Swing


@dataclass(frozen=True)
class Report:
    """What was written: the files, and what a terminal shows of them."""

    folder: Path
    paths: tuple[Path, ...]
    headline: str
    checks: str
    warnings: tuple[str, ...]
    facts: Facts


def _page(facts: Facts) -> bytes:
    from xlmodel.report import page

    return page.render(facts)


def _book(facts: Facts) -> bytes:
    from xlmodel.report import book

    return book.render(facts)


def _board(facts: Facts) -> bytes:
    from xlmodel.report import pdf

    return pdf.render(facts)


def _focus(facts: Facts) -> bytes:
    from xlmodel.report import focus

    return focus.as_csv(facts)


WRITERS: Mapping[str, Callable[[Facts], bytes]] = {
    "html": _page,
    "pdf": _board,
    "xlsx": _book,
    "csv": text.as_csv,
    "json": text.as_json,
    "focus": _focus,
}
FORMATS = tuple(WRITERS)
_READ = ("html", "pdf", "xlsx")
"""What people read; the others are for programs and keep the workbook's own texts."""
_EXTENSIONS = {"focus": "focus.csv"}  # where it is not the name of the format


def write_report(
    calculation: Calculation,
    folder: str | Path,
    force: bool = False,
    formats: Iterable[str] | None = None,
    swings: Iterable[Swing] = (),
    language: str | None = None,
) -> Report:
    """Write the report files of a recalculated workbook, and a manifest, into a folder.

    ``formats`` is some of html, pdf, xlsx, csv, json and focus; left out, all. ``swings`` are how
    far each driver moves the margin, for the tornado; ``language`` is that of the report's own
    words, and of the texts of the template's cells; left out, the workbook's.

    An existing file with another content, a folder that cannot be written, or a workbook without
    named outputs raises ``InputError`` and leaves everything as it was. With ``force`` the report
    that is in the folder is replaced as a whole: files of its manifest that the new one lacks go
    with it.
    """
    chosen = _chosen(formats)
    with languages.speaking(told.spoken(calculation) if language is None else language):
        swings = tuple(swings)
        facts = source.gather(calculation, swings)
        read = source.gather(*told.in_words(calculation, swings))
        stem = Path(facts.provenance.workbook).stem or "workbook"
        files = {
            f"{stem}-report.{_EXTENSIONS.get(name, name)}": WRITERS[name](
                read if name in _READ else facts
            )
            for name in chosen
        }
    files[manifest.NAME] = manifest.render(facts, files)
    paths = folders.write(Path(folder), files, manifest.left_over if force else None)
    return Report(
        Path(folder),
        tuple(paths),
        read.headline,
        read.provenance.checks,
        read.warnings,
        facts,
    )


def _chosen(formats: Iterable[str] | None) -> list[str]:
    """The formats asked for, in the order of the pack."""
    if formats is None:
        return list(FORMATS)
    wanted = {name.strip().casefold().removeprefix(".") for name in formats}
    unknown = sorted(wanted - set(FORMATS))
    if unknown or not wanted:
        named = f"there is no report format {unknown[0]!r}" if unknown else "no report format given"
        raise InputError(f"{named}; known: {', '.join(FORMATS)}")
    return [name for name in FORMATS if name in wanted]
