"""The pictures in the README: ``python -m tests.pictures`` draws them all, or those named.

A sheet is drawn by LibreOffice from the copy that it can calculate (see ``workbook.inlined``), the
report from its PDF, and a session from LibreOffice's window on a virtual screen. Each picture
carries the fingerprint of what it shows: the cells and charts of its sheet, or the bytes of the
PDF. A test compares it with what would be drawn now, so that no picture stays behind.
"""

import contextlib
import hashlib
import io
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import openpyxl

from tests.conftest import converter
from tests.workbook import inlined
from xlmodel.cli import main
from xlmodel.workbook.package import read

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "workbooks" / "pictures"
WORKBOOK = ROOT / "workbooks" / "node_margin.xlsx"
CALC = ROOT / "workbooks" / "node_margin_calc.xlsx"
_KEY = b"xlmodel-shows\0"
_START = b"\x89PNG\r\n\x1a\n"
_TRIM = ["-trim", "+repage", "-bordercolor", "white", "-border", "12", "-colors", "64"]
_PLAIN = ["-strip", "-define", "png:exclude-chunks=date,time"]


class Sheet(NamedTuple):
    """A picture of a sheet's first page, without its footer."""

    name: str


class Session(NamedTuple):
    """A picture of LibreOffice's window after a step of the session in ``hosts.calc.session``."""

    step: str
    sheet: str
    crop: str
    """What of the window is shown, as ImageMagick writes it."""


class Board(NamedTuple):
    """A picture of the report's one-page PDF."""


Subject = Sheet | Session | Board

PICTURES: dict[str, Subject] = {
    "margin": Sheet("Margin"),
    "scenarios": Sheet("Scenarios"),
    "throughput": Sheet("Throughput"),
    "libreoffice": Session("changed", "Margin", "1280x800+0+0"),
    "libreoffice_error": Session("bad", "Log", "1220x500+0+0"),
    "report": Board(),
}


def fingerprint(subject: Subject) -> str:
    """What a picture of it would show now."""
    if isinstance(subject, Board):
        return hashlib.sha256(_board()).hexdigest()
    book = WORKBOOK if isinstance(subject, Sheet) else CALC
    seen = hashlib.sha256()
    sheet = subject.name if isinstance(subject, Sheet) else subject.sheet
    for part in _shown(book, sheet):
        seen.update(part)
    return seen.hexdigest()


def _shown(book: Path, name: str) -> Iterator[bytes]:
    """The values and forms of a sheet's cells and its charts."""
    sheet = openpyxl.load_workbook(book, data_only=True)[name]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                yield f"{cell.coordinate} {cell.value} {cell.number_format}\n".encode()
    package = read(book)
    (part,) = (one.part for one in package.sheets if one.name == name)
    for drawing in package.relations(part, "drawing").values():
        for chart in package.relations(drawing, "chart").values():
            yield package.parts[chart]


def _board() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        _quietly(["report", str(WORKBOOK), "--format", "pdf", "-o", folder, "--force"])
        return next(Path(folder).glob("*.pdf")).read_bytes()


def _quietly(words: list[str]) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(words) == 0


def carried(picture: Path) -> str:
    """The fingerprint that a picture carries, or nothing."""
    for kind, data in _chunks(picture.read_bytes()):
        if kind == b"tEXt" and data.startswith(_KEY):
            return data.removeprefix(_KEY).decode()
    return ""


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_START)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += length + 12


def _mark(picture: Path, shows: str) -> None:
    """Write the fingerprint into a picture, before its last chunk."""
    png, text = picture.read_bytes(), b"tEXt" + _KEY + shows.encode()
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    picture.write_bytes(png[:-12] + chunk + png[-12:])


def draw(names: list[str], folder: Path) -> None:
    """Draw the pictures of these names into a folder."""
    wanted = {name: PICTURES[name] for name in names}
    with tempfile.TemporaryDirectory(prefix="xlmodel-pictures-") as scratch:
        for kind, drawn in ((Sheet, _sheets), (Session, _session), (Board, _report)):
            chosen = {name: one for name, one in wanted.items() if isinstance(one, kind)}
            if chosen:
                drawn(chosen, Path(scratch), folder)
    for name, subject in wanted.items():
        _mark(folder / f"{name}.png", fingerprint(subject))


def _sheets(wanted: dict[str, Subject], scratch: Path, folder: Path) -> None:
    inlined.write_copy(WORKBOOK, scratch / "plain.xlsx")
    pdf = converter(scratch)(scratch / "plain.xlsx", "pdf")
    titles = _titles(WORKBOOK)
    pages = _output("pdftotext", "-layout", str(pdf), "-").split("\f")
    for name, subject in wanted.items():
        assert isinstance(subject, Sheet)
        title = titles[subject.name]
        page = next(i for i, text in enumerate(pages, 1) if text.strip().startswith(title))
        _page(pdf, page, folder / f"{name}.png", ["-gravity", "south", "-chop", "0x60"])


def _titles(book: Path) -> dict[str, str]:
    return {sheet.title: str(sheet["B1"].value) for sheet in openpyxl.load_workbook(book)}


def _report(wanted: dict[str, Subject], scratch: Path, folder: Path) -> None:
    (scratch / "board.pdf").write_bytes(_board())
    for name in wanted:
        _page(scratch / "board.pdf", 1, folder / f"{name}.png", [])


def _page(pdf: Path, page: int, target: Path, cut: list[str]) -> None:
    place = ["-f", str(page), "-l", str(page), "-r", "110", "-png", "-singlefile"]
    _output("pdftoppm", *place, str(pdf), str(pdf.with_suffix("")))
    _output("convert", str(pdf.with_suffix(".png")), *cut, *_TRIM, *_PLAIN, str(target))


def _session(wanted: dict[str, Subject], scratch: Path, folder: Path) -> None:
    from tests.hosts.calc.session import play

    play(scratch)
    for name, subject in wanted.items():
        assert isinstance(subject, Session)
        crop = ["-crop", subject.crop, "+repage", "-colors", "128", *_PLAIN]
        _output("convert", str(scratch / f"{subject.step}.png"), *crop, str(folder / f"{name}.png"))


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    draw(sys.argv[1:] or list(PICTURES), FOLDER)
