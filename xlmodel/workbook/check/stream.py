"""A sheet's XML read in pieces that end with a row, so that its size doesn't matter.

What is not in the form that Excel, LibreOffice, openpyxl and XlsxWriter write is read again by the
slower, general way.
"""

import re
from collections.abc import Callable, Generator, Iterator
from itertools import chain
from typing import NamedTuple

from xlmodel.workbook.check.runs import Builder, Cells, Unusual
from xlmodel.workbook.check.texts import Texts
from xlmodel.workbook.package import Package
from xlmodel.workbook.sheetxml import canonical
from xlmodel.workbook.untrusted import refuse_unsafe

_ROW_END, _ROWS_END = b"</row>", b"</sheetData>"
_LARGEST_HEAD = 16 * 1024**2

Tick = Callable[[int], None]
"""Told how many bytes have been read since the last time."""


class Read(NamedTuple):
    """A sheet: its cells, and the XML before and after them."""

    cells: Cells
    rest: bytes


def read(package: Package, name: str, part: str, texts: Texts, tick: Tick) -> Read:
    """The cells of a sheet and the rest of its XML."""
    try:
        return _streamed(package, name, part, texts, tick)
    except Unusual:
        xml = package.text(part)
        builder = Builder(name, texts)
        builder.add(canonical(name, xml))
        return Read(builder.done(), _without_rows(xml))


def _streamed(package: Package, name: str, part: str, texts: Texts, tick: Tick) -> Read:
    builder = Builder(name, texts)
    chunks = _counted(package.parts.chunks(part), tick)
    head, rows = _head(chunks)
    refuse_unsafe(head, f"{package.name} is not safe to read: {part}")
    blocks = _blocks(rows, chunks)
    while True:
        try:
            builder.add(next(blocks))
        except StopIteration as stop:
            tail: bytes = stop.value
            break
    return Read(builder.done(), b"".join((head, b"<sheetData/>", tail, *chunks)))


def _counted(chunks: Iterator[bytes], tick: Tick) -> Iterator[bytes]:
    for chunk in chunks:
        tick(len(chunk))
        yield chunk


def _head(chunks: Iterator[bytes]) -> tuple[bytes, bytes]:
    """What stands before the rows, and what was read of the rest."""
    buffer = b""
    for chunk in chunks:
        buffer += chunk
        found = re.search(rb"<sheetData\s*(/?)>", buffer)
        if found is not None:
            rows = buffer[found.end() :]
            return buffer[: found.start()], _ROWS_END + rows if found[1] else rows
        if len(buffer) > _LARGEST_HEAD:
            break
    raise Unusual


def _blocks(first: bytes, chunks: Iterator[bytes]) -> Generator[bytes, None, bytes]:
    """The rows in pieces that end with one; returns what follows the last in the same piece."""
    waiting: list[bytes] = []
    for chunk in chain([first], chunks):
        seam = (waiting[-1][-16:] if waiting else b"") + chunk
        waiting.append(chunk)
        if _ROW_END not in seam and _ROWS_END not in seam:
            continue
        buffer = b"".join(waiting)
        end = buffer.find(_ROWS_END)
        if end >= 0:
            yield buffer[:end]
            return buffer[end + len(_ROWS_END) :]
        cut = buffer.rfind(_ROW_END) + len(_ROW_END)
        yield buffer[:cut]
        waiting = [buffer[cut:]]
    raise Unusual


def _without_rows(xml: bytes) -> bytes:
    """The XML of a sheet in an unusual form, with its cells taken out where that is easy."""
    start, end = xml.find(b"<sheetData>"), xml.rfind(_ROWS_END)
    if 0 <= start < end:
        return xml[:start] + b"<sheetData/>" + xml[end + len(_ROWS_END) :]
    return xml
