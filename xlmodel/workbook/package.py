"""A workbook file as a package of parts, read without trust and without openpyxl's delay.

An .xlsx or .xlsm file is a zip of XML parts. Everything that can be wrong with one is said in a
sentence; ``untrusted`` refuses what is too large or unsafe.
"""

import hashlib
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

from xlmodel.hosts.engine import Table
from xlmodel.workbook.untrusted import (
    WorkbookError,
    reference,
    refuse_bomb,
    refuse_kind,
    refuse_ole,
    refuse_unsafe,
    whole,
)
from xlmodel.workbook.xmltext import from_xml

_PIECE = 4 * 1024**2
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_KEPT = (".xml", ".rels", ".vml")
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, EOFError, struct.error),
    *(NotImplementedError, ValueError, OverflowError),
)


class Sheet(NamedTuple):
    """A worksheet: its name and the part that holds it."""

    name: str
    part: str


class DefinedName(NamedTuple):
    """A defined name; ``sheet`` is "" for one of the whole workbook."""

    name: str
    sheet: str
    formula: str


class Parts(Mapping[str, bytes]):
    """The parts of a package by name, unpacked when asked for; only XML is kept after that."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self._name = name
        self._archive = archive
        self._infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}
        self._kept: dict[str, bytes] = {}

    def __getitem__(self, part: str) -> bytes:
        if part in self._kept:
            return self._kept[part]
        data = self._unpacked(self._infos[part])
        if part.lower().endswith(_KEPT):
            self._kept[part] = data
        return data

    def chunks(self, part: str) -> Iterator[bytes]:
        """A part piece by piece, for one too large to be held whole."""
        try:
            with self._opened(self._infos[part]) as stream:
                while piece := stream.read(_PIECE):
                    yield piece
        except _BROKEN_ZIP:
            raise WorkbookError(f"{self._name} is damaged: {part} can't be unpacked") from None

    def size(self, part: str) -> int:
        """How many bytes a part unpacks to, as the package says."""
        return self._infos[part].file_size

    def __contains__(self, part: object) -> bool:
        return part in self._infos

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)

    def _unpacked(self, info: zipfile.ZipInfo) -> bytes:
        try:
            with self._opened(info) as stream:
                return stream.read()
        except _BROKEN_ZIP:
            pass
        raise WorkbookError(f"{self._name} is damaged: {info.filename} can't be unpacked")

    def _opened(self, info: zipfile.ZipInfo) -> IO[bytes]:
        try:
            if info.compress_type in _PACKINGS:
                return self._archive.open(info)
        except RuntimeError as error:  # what zipfile raises for a password
            if not isinstance(error, NotImplementedError):
                raise WorkbookError(f"{self._name} is encrypted: remove its password") from None
        except _BROKEN_ZIP:
            pass
        raise WorkbookError(f"{self._name} is damaged: {info.filename} can't be unpacked")


class Package:
    """The parts of a workbook file, in their order, and the workbook's own part.

    All of it, the SHA-256 too, is of the bytes that were read once.
    """

    def __init__(self, path: Path, data: bytes, archive: zipfile.ZipFile) -> None:
        self.path = path
        self.parts = Parts(self.name, archive)
        self.order = archive.infolist()
        self.comment = archive.comment
        self._data = data
        self.main = self._main_part()
        self.workbook = self.xml(self.main)

    @property
    def name(self) -> str:
        """The path as it was given."""
        return str(self.path)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self._data).hexdigest()

    def text(self, part: str) -> bytes:
        """The bytes of a part that is XML, safe to be read."""
        if part not in self.parts:
            raise WorkbookError(f"{self.name} is damaged: it has no part {part}")
        data = self.parts[part]
        refuse_unsafe(data, f"{self.name} is not safe to read: {part}")
        return data

    def xml(self, part: str) -> ElementTree.Element:
        """A part as a tree."""
        data = self.text(part)
        try:
            return ElementTree.fromstring(data)  # noqa: S314 (no document type, so no entities)
        except (ElementTree.ParseError, ValueError, LookupError):
            raise WorkbookError(f"{self.name} is damaged: {part} is not well-formed XML") from None

    def relations(self, part: str, kind: str) -> dict[str, str]:
        """The parts that a part refers to, of one kind (such as "table"), by relation id."""
        return {
            number: target
            for number, (found, target) in self._relations(part).items()
            if found.endswith("/" + kind)
        }

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The kind and the target of each relation of a part."""
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if rels not in self.parts:
            return {}
        return {
            relation.get("Id", ""): (
                relation.get("Type", ""),
                _joined(folder, relation.get("Target", "")),
            )
            for relation in self.xml(rels)
            if relation.get("TargetMode") != "External"
        }

    def external_target(self, part: str) -> str:
        """What a part refers to outside of the file, "" where it refers to nothing there."""
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        relations = self.xml(rels) if rels in self.parts else ()
        outside = (e.get("Target", "") for e in relations if e.get("TargetMode") == "External")
        return next(outside, "")

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets, in order; chart sheets hold no cells."""
        relations = self._relations(self.main)
        found = []
        for element in children(self.workbook, "sheets", "sheet"):
            name = element.get("name", "")
            relation = next((v for k, v in element.attrib.items() if local(k) == "id"), "")
            kind, part = relations.get(relation, ("", ""))
            if part not in self.parts:
                raise WorkbookError(f"{self.name} is damaged: it has no part for the sheet {name}")
            if kind.endswith("/worksheet"):
                found.append(Sheet(name, part))
        if not found:
            raise WorkbookError(f"{self.name} is not a workbook: it has no worksheet")
        return found

    @cached_property
    def names(self) -> list[DefinedName]:
        tabs = [e.get("name", "") for e in children(self.workbook, "sheets", "sheet")]
        found = []
        for element in children(self.workbook, "definedNames", "definedName"):
            scope = whole(element.get("localSheetId"), len(tabs), self.name)
            sheet = tabs[scope] if scope < len(tabs) else ""
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
        settings = next(iter(children(self.workbook, "workbookPr")), None)
        return settings is not None and settings.get("date1904") in {"1", "true"}

    @property
    def shared_strings(self) -> bytes | None:
        part = next(iter(self.relations(self.main, "sharedStrings").values()), "")
        return self.text(part) if part in self.parts else None

    @property
    def styles(self) -> str:
        """The part of the styles, "" where there is none."""
        part = next(iter(self.relations(self.main, "styles").values()), "")
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
        place = reference(root.get("ref", ""), self.name)
        columns = tuple(
            from_xml(c.get("name", "")) for c in children(root, "tableColumns", "tableColumn")
        )
        return Table(
            root.get("displayName", root.get("name", "")),
            sheet,
            *place[1:5],
            columns,
            whole(root.get("headerRowCount"), 1, self.name),
            whole(root.get("totalsRowCount"), 0, self.name),
        )


def read(path: str | Path) -> Package:
    """The package of a workbook file; WorkbookError says in a sentence why there is none."""
    if not str(path):
        raise WorkbookError("give the name of a workbook")
    path = Path(path)
    try:
        refuse_kind(path)
        data = path.read_bytes()
    except WorkbookError:
        raise
    except FileNotFoundError:
        raise WorkbookError(f"there is no file {path}") from None
    except PermissionError:
        raise WorkbookError(
            f"{path} can't be read: no permission, or another program holds it"
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        reason = getattr(error, "strerror", None) or error
        raise WorkbookError(f"{path} can't be read: {reason}".replace("\0", "\\0")) from None
    return from_bytes(path, data)


def from_bytes(path: Path, data: bytes) -> Package:
    """The package of a workbook whose bytes are at hand; ``path`` is its name in messages."""
    refuse_ole(path, data)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except _BROKEN_ZIP:
        reason = "damaged or not an" if data.startswith(b"PK") else "not an"
        raise WorkbookError(f"{path} is {reason} Excel workbook (.xlsx or .xlsm)") from None
    refuse_bomb(path, archive.infolist(), len(data))
    return Package(path, data, archive)


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
