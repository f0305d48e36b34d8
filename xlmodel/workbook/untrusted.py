"""What is refused of a workbook file before it is unpacked, parsed or believed.

Sizes are limited before anything is unpacked; XML that declares a document type, or hides one in
another encoding than UTF-8, is refused, so that no entity can expand; an attribute that must be a
number or a reference to cells is one. Each refusal is one sentence.
"""

import re
import stat
import zipfile
from pathlib import Path

from xlmodel.hosts.syntax import LAST_COLUMN, LAST_ROW, Area, area
from xlmodel.registry import InputError

LARGEST_FILE = 512 * 1024**2
LARGEST_CONTENT = 2 * 1024**3
MOST_PARTS = 20_000
_DENSEST = 500  # times; sheets of one repeated number reach about 200
_SMALL = 64 * 1024**2
_ENCODING = re.compile(
    rb"""\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"'>]*)""", re.IGNORECASE
)
_UTF8 = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_AREA = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?")
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER_KINDS = {".ods", ".xls", ".xlsb", ".csv", ".numbers"}


class WorkbookError(InputError):
    """A workbook that can't be read or written; the message is one sentence."""


def refuse_kind(path: Path) -> None:
    """Refuse what is no file, and a file too large."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise WorkbookError(f"{path} is a folder, not a workbook")
    if not stat.S_ISREG(found.st_mode):
        raise WorkbookError(f"{path} is not a regular file")
    if path.suffix.lower() in _OTHER_KINDS:
        raise WorkbookError(f"{path} is no .xlsx or .xlsm workbook: open it and save it as .xlsx")
    if found.st_size > LARGEST_FILE:
        raise WorkbookError(
            f"{path} has {found.st_size / 1024**2:,.0f} MB; at most "
            f"{LARGEST_FILE // 1024**2} MB can be read"
        )


def refuse_ole(path: Path, data: bytes) -> None:
    """Refuse an encrypted workbook and one of Excel before 2007."""
    if not data.startswith(_OLE):
        return
    if _ENCRYPTED in data:
        raise WorkbookError(
            f"{path} is encrypted: remove its password in Excel (File, Info, Protect "
            "Workbook) and try again"
        )
    raise WorkbookError(f"{path} is in the old .xls format; save it as .xlsx and try again")


def refuse_bomb(path: Path, order: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse a package that would unpack to more than a workbook needs."""
    if len({info.filename for info in order}) < len(order):
        raise WorkbookError(f"{path} is damaged: it holds two parts of one name")
    total = sum(info.file_size for info in order)
    dense = any(_is_dense(info.file_size, info.compress_size) for info in order)
    if len(order) > MOST_PARTS or total > LARGEST_CONTENT or dense or _is_dense(total, size):
        raise WorkbookError(
            f"{path} is too large to read: {len(order):,} parts that unpack to "
            f"{total / 1024**2:,.0f} MB"
        )


def _is_dense(size: int, packed: int) -> bool:
    return size > _SMALL and size > _DENSEST * max(packed, 1)


def refuse_unsafe(data: bytes, where: str) -> None:
    """Refuse XML that declares a document type, and one that is not UTF-8, where it may hide."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise WorkbookError(f"{where} declares entities")
    declared = _ENCODING.match(data)
    if b"\0" in data or (declared and declared[1].strip().lower() not in _UTF8):
        raise WorkbookError(f"{where} is not in UTF-8")
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            raise WorkbookError(f"{where} is not in UTF-8") from None


def whole(text: str | None, default: int, where: str) -> int:
    """An attribute that is a whole number, never negative."""
    if text is None:
        return default
    if not _WHOLE.fullmatch(text.strip()):
        raise WorkbookError(f"{where} is damaged: {text[:40]!r} stands where a number must be")
    return int(text)


def reference(text: str, where: str) -> Area:
    """An attribute that is a reference to cells, such as A1:B2."""
    plain = text.replace("$", "").upper()
    found = area(plain) if _AREA.fullmatch(plain) else None
    if found is None or found.bottom > LAST_ROW or found.right > LAST_COLUMN:
        raise WorkbookError(f"{where} is damaged: {text[:40]!r} stands where cells must be")
    return found
