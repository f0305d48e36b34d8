"""Writes a calculation into a copy of its workbook, and leaves everything else as it was.

Only the XML of cells changes: the inputs that were set, the cached value and type of formulas
whose value is another one, the cells that arrays fill, and the points that charts keep of such
cells. All other parts (styles, comments, macros, unknown ones) keep their bytes and their order.
A formula that could not be evaluated loses its cached value, for an old one might be wrong.
"""

import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from xlmodel.hosts.engine import Value
from xlmodel.workbook.charts import patched_chart
from xlmodel.workbook.files import refuse_lock, writing
from xlmodel.workbook.package import Package
from xlmodel.workbook.patchxml import Changes, patched_sheet
from xlmodel.workbook.untrusted import WorkbookError

if TYPE_CHECKING:
    from xlmodel.workbook.calc import Calculation

_CHART = "xl/charts/chart"


class Written(NamedTuple):
    """A copy that was written, and what its user should know."""

    path: Path
    notes: list[str]


def save(calculation: "Calculation", out: Path, force: bool = False) -> Path:
    """Write the copy; WorkbookError says in a sentence why it could not be."""
    refuse_target(out, calculation.path, force)
    new = patched_parts(calculation)
    with writing(out) as file:
        write_zip(calculation.package, new, file)
    return out


def beside(workbook: Path, mark: str) -> Path:
    """The name of a copy beside a workbook.

    >>> beside(Path("node.xlsx"), "lite").name
    'node-lite.xlsx'
    """
    if not workbook.name:
        raise WorkbookError("give the name of a workbook")
    return workbook.with_name(f"{workbook.stem}-{mark}{workbook.suffix}")


def refuse_target(out: Path, source: Path, force: bool, *also: str) -> None:
    """WorkbookError where no copy of a workbook can go; ``also``: other endings that it may have.

    The ending says what is in a file; Excel does not open one with another.
    """
    if out.suffix.lower() not in {source.suffix.lower(), *also}:
        endings = " or ".join(dict.fromkeys((source.suffix.lower(), *also)))
        raise WorkbookError(f"{out} must end in {endings}, since it is a copy of {source.name}")
    refuse_existing(out, force)


def refuse_existing(out: Path, force: bool) -> None:
    """WorkbookError for a file that can't be written, or would be overwritten without consent."""
    refuse_lock(out)
    if out.is_dir():
        raise WorkbookError(f"{out} is a folder; give the name of a file")
    if out.exists() and not force:
        raise WorkbookError(f"{out} exists already; --force overwrites it")


Cells = Mapping[str, Mapping[tuple[int, int], Value]]
"""Values by sheet, row and column."""


def patched_parts(calculation: "Calculation", frozen: Cells | None = None) -> dict[str, bytes]:
    """The parts that differ from those of the workbook; ``frozen`` values replace formulas."""
    package, result = calculation.package, calculation.result
    new: dict[str, bytes] = {}
    for sheet in package.sheets:
        changes = Changes(
            result.formulas.get(sheet.name, {}),
            {(u.row, u.column) for u in result.unsupported if u.sheet == sheet.name},
            result.spilled.get(sheet.name, {}),
            {(r, c): end for (name, r, c), end in result.extents.items() if name == sheet.name},
            {
                (place.top, place.left): value
                for place, value in calculation.set_values.values()
                if place.sheet.lower() == sheet.name.lower()
            },
            (frozen or {}).get(sheet.name, {}),
        )
        new[sheet.part] = patched_sheet(sheet.name, package.text(sheet.part), changes)
    for part in package.parts:
        if part.startswith(_CHART) and part.endswith(".xml"):
            new[part] = patched_chart(package.text(part), calculation.values_of)
    return {part: data for part, data in new.items() if data != package.parts[part]}


def write_zip(
    package: Package,
    new: Mapping[str, bytes],
    file: Path | IO[bytes],
    dropped: Collection[str] = (),
) -> None:
    """The package with some parts replaced, added or left out, the others as they were."""
    if package.relations("", "origin"):
        raise WorkbookError(
            f"{package.name} has a digital signature, which any change breaks; remove it in Excel "
            "(File, Info) and try again"
        )
    with zipfile.ZipFile(file, "w") as archive:
        archive.comment = package.comment
        for old in package.order:
            if old.filename in dropped:
                continue
            info = zipfile.ZipInfo(old.filename, old.date_time)
            info.compress_type = old.compress_type
            info.external_attr = old.external_attr
            info.create_system = old.create_system
            info.comment = old.comment
            data = b"" if old.is_dir() else new.get(old.filename)
            archive.writestr(info, package.parts[old.filename] if data is None else data)
        pattern = package.order[0]
        for part in (name for name in new if name not in package.parts):
            info = zipfile.ZipInfo(part, pattern.date_time)
            info.compress_type = pattern.compress_type
            info.create_system = pattern.create_system
            archive.writestr(info, new[part])
