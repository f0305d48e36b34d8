"""A workbook file as a package of parts, read without trust and without openpyxl's delay.

An .xlsx or .xlsm file is a zip of XML parts. Everything that can be wrong with one is said in a
sentence; sizes are limited before anything is unpacked, and XML that declares a document type is
refused, so that no entity can expand.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

from xlmodel.hosts.engine import Table
from xlmodel.hosts.syntax import area
from xlmodel.registry import InputError

LARGEST_FILE = 512 * 1024**2
LARGEST_CONTENT = 2 * 1024**3
MOST_PARTS = 20_000
_DENSEST = 500  # times; sheets of one repeated number reach about 200
_SMALL = 64 * 1024**2

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class WorkbookError(InputError):
    """A workbook that can't be read or written; the message is one sentence."""


class Sheet(NamedTuple):
    """A worksheet: its name and the part that holds it."""

    name: str
    part: str


class DefinedName(NamedTuple):
    """A defined name; ``sheet`` is "" for one of the whole workbook."""

    name: str
    sheet: str
    formula: str


class Package:
    """The parts of a workbook file, in their order, and the workbook's own part."""

    def __init__(
        self, path: Path, parts: Mapping[str, bytes], order: list[zipfile.ZipInfo]
    ) -> None:
        self.path = path
        self.parts = parts
        self.order = order
        self._main = self._main_part()
        self._workbook = self.xml(self._main)

    @property
    def name(self) -> str:
        return self.path.name

    def xml(self, part: str) -> ElementTree.Element:
        """A part as a tree."""
        data = self.parts.get(part)
        if data is None:
            raise WorkbookError(f"{self.name} is damaged: it has no part {part}")
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise WorkbookError(f"{self.name} is not safe to read: {part} declares entities")
        try:
            return ElementTree.fromstring(data)  # noqa: S314 (no document type, so no entities)
        except (ElementTree.ParseError, ValueError):
            raise WorkbookError(f"{self.name} is damaged: {part} is not well-formed XML") from None

    def relations(self, part: str, kind: str) -> dict[str, str]:
        """The parts that a part refers to, of one kind (such as "table"), by relation id."""
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if rels not in self.parts:
            return {}
        return {
            relation.get("Id", ""): _joined(folder, relation.get("Target", ""))
            for relation in self.xml(rels)
            if relation.get("Type", "").endswith("/" + kind)
            and relation.get("TargetMode") != "External"
        }

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets, in order; chart sheets hold no cells."""
        parts = self.relations(self._main, "worksheet")
        found = []
        for element in children(self._workbook, "sheets", "sheet"):
            relation = next((v for k, v in element.attrib.items() if local(k) == "id"), "")
            if parts.get(relation) in self.parts:
                found.append(Sheet(element.get("name", ""), parts[relation]))
        if not found:
            raise WorkbookError(f"{self.name} is not a workbook: it has no worksheet")
        return found

    @cached_property
    def names(self) -> list[DefinedName]:
        tabs = [e.get("name", "") for e in children(self._workbook, "sheets", "sheet")]
        found = []
        for element in children(self._workbook, "definedNames", "definedName"):
            scope = element.get("localSheetId")
            sheet = tabs[int(scope)] if scope and int(scope) < len(tabs) else ""
            found.append(DefinedName(element.get("name", ""), sheet, element.text or ""))
        return found

    @cached_property
    def tables(self) -> list[Table]:
        return [
            self._table(sheet.name, part)
            for sheet in self.sheets
            for part in self.relations(sheet.part, "table").values()
        ]

    @property
    def date1904(self) -> bool:
        settings = next(iter(children(self._workbook, "workbookPr")), None)
        return settings is not None and settings.get("date1904") in {"1", "true"}

    @property
    def shared_strings(self) -> bytes | None:
        part = next(iter(self.relations(self._main, "sharedStrings").values()), "")
        return self.parts.get(part)

    @property
    def styles(self) -> str:
        """The part of the styles, "" where there is none."""
        part = next(iter(self.relations(self._main, "styles").values()), "")
        return part if part in self.parts else ""

    def _main_part(self) -> str:
        main = next(iter(self.relations("", "officeDocument").values()), "")
        if main.endswith(".bin"):
            raise WorkbookError(
                f"{self.name} is a binary workbook (.xlsb); save it as .xlsx and try again"
            )
        if main not in self.parts or not main.endswith(".xml"):
            raise WorkbookError(f"{self.name} is not an Excel workbook (.xlsx or .xlsm)")
        return main

    def _table(self, sheet: str, part: str) -> Table:
        root = self.xml(part)
        place = area(root.get("ref", "A1").replace("$", ""))
        columns = tuple(c.get("name", "") for c in children(root, "tableColumns", "tableColumn"))
        return Table(
            root.get("displayName", root.get("name", "")),
            sheet,
            *place[1:5],
            columns,
            int(root.get("headerRowCount", "1")),
            int(root.get("totalsRowCount", "0")),
        )


def read(path: str | Path) -> Package:
    """The package of a workbook file; WorkbookError says in a sentence why there is none."""
    path = Path(path)
    try:
        if path.is_dir():
            raise WorkbookError(f"{path} is a folder, not a workbook")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise WorkbookError(
                f"{path.name} has {size / 1024**2:,.0f} MB; at most "
                f"{LARGEST_FILE // 1024**2} MB can be read"
            )
        with path.open("rb") as file:
            _refuse_ole(path, file.read(64 * 1024))
            return _read_zip(path)
    except FileNotFoundError:
        raise WorkbookError(f"there is no file {path}") from None
    except PermissionError:
        raise WorkbookError(
            f"{path} can't be read: no permission, or another program holds it"
        ) from None
    except OSError as error:
        raise WorkbookError(f"{path} can't be read: {error.strerror or error}") from None


def _refuse_ole(path: Path, head: bytes) -> None:
    if not head.startswith(_OLE):
        return
    if _ENCRYPTED in head or _ENCRYPTED in path.read_bytes():
        raise WorkbookError(
            f"{path.name} is encrypted: remove its password in Excel (File, Info, Protect "
            "Workbook) and try again"
        )
    raise WorkbookError(f"{path.name} is in the old .xls format; save it as .xlsx and try again")


def _read_zip(path: Path) -> Package:
    try:
        with zipfile.ZipFile(path) as archive:
            order = archive.infolist()
            _refuse_bomb(path, order)
            parts = {info.filename: archive.read(info) for info in order if not info.is_dir()}
    except WorkbookError:
        raise
    except zipfile.BadZipFile as error:
        reason = "is damaged" if zipfile.is_zipfile(path) else "is not an Excel workbook"
        raise WorkbookError(f"{path.name} {reason}: {str(error).lower()}") from None
    except (zlib.error, EOFError, NotImplementedError, ValueError):
        raise WorkbookError(f"{path.name} is damaged: a part of it can't be unpacked") from None
    except RuntimeError:  # what zipfile raises for a password
        raise WorkbookError(f"{path.name} is encrypted: remove its password") from None
    return Package(path, parts, order)


def _refuse_bomb(path: Path, order: list[zipfile.ZipInfo]) -> None:
    names = {info.filename for info in order}
    if len(names) < len(order):
        raise WorkbookError(f"{path.name} is damaged: it holds two parts of one name")
    total = sum(info.file_size for info in order)
    dense = any(
        info.file_size > _SMALL and info.file_size > _DENSEST * max(info.compress_size, 1)
        for info in order
    )
    if len(order) > MOST_PARTS or total > LARGEST_CONTENT or dense:
        raise WorkbookError(
            f"{path.name} is too large to read: {len(order):,} parts that unpack to "
            f"{total / 1024**2:,.0f} MB"
        )


def _joined(folder: str, target: str) -> str:
    target = unquote(target)
    if target.startswith("/"):
        return posixpath.normpath(target[1:])
    return posixpath.normpath(posixpath.join(folder, target))


def local(tag: str) -> str:
    """A tag or attribute without its namespace: workbooks come in two (transitional, strict)."""
    return tag.rpartition("}")[2]


def children(root: ElementTree.Element, *path: str) -> list[ElementTree.Element]:
    """The elements at a path below an element, whatever their namespace."""
    found = [root]
    for name in path:
        found = [child for element in found for child in element if local(child.tag) == name]
    return found
