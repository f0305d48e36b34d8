"""A package → what the engine is given: formulas, names, tables, and a package of values only."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import quoteattr

from xlmodel.hosts.engine import Book
from xlmodel.workbook.package import Package, Sheet
from xlmodel.workbook.sheetxml import Scanned, scan
from xlmodel.workbook.untrusted import WorkbookError

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def load(package: Package) -> Book:
    """The formulas, names and tables of a workbook, and a package of its values.

    The engine gets a package with nothing but sheets of constants: no styles (with them dates
    would arrive as dates, not as numbers), no names and no links, which it would have to trust.
    """
    scanned = [_scanned(package, sheet) for sheet in package.sheets]
    names = {
        (name.sheet.lower(), name.name.lower()): name.formula
        for name in package.names
        if name.formula
    }
    return Book(
        _values_only(package.sheets, [s.values for s in scanned], package.shared_strings),
        [s.formulas for s in scanned],
        names,
        {table.name.lower(): table for table in package.tables},
        package.date1904,
    )


def _scanned(package: Package, sheet: Sheet) -> Scanned:
    data = package.text(sheet.part)
    try:
        return scan(sheet.name, data)
    except WorkbookError as error:
        raise WorkbookError(f"{package.name}: {error}") from None


def _values_only(sheets: list[Sheet], rows: list[bytes], strings: bytes | None) -> bytes:
    ids = range(1, len(sheets) + 1)
    parts = {f"xl/worksheets/sheet{i}.xml": "worksheet" for i in ids}
    if strings is not None:
        parts["xl/sharedStrings.xml"] = "sharedStrings"
    tabs = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{i}" r:id="r{i}"/>'
        for i, sheet in zip(ids, sheets, strict=True)
    )
    types = "".join(
        f'<Override PartName="/{part}" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in {"xl/workbook.xml": "sheet.main", **parts}.items()
    )
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/{kind}" Target="/{part}"/>'
        for i, (part, kind) in enumerate(parts.items(), start=1)
    )
    content: dict[str, bytes | str] = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
        f'Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{tabs}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relations}</Relationships>",
    }
    for i, data in zip(ids, rows, strict=True):
        content[f"xl/worksheets/sheet{i}.xml"] = b"".join(
            (_XML.encode(), f'<worksheet xmlns="{_MAIN}">'.encode(), data, b"</worksheet>")
        )
    if strings is not None:
        content["xl/sharedStrings.xml"] = strings
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part, text in content.items():
            archive.writestr(part, text)
    return buffer.getvalue()
