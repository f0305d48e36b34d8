"""The report as an .xlsx of values: no formula, no link, no macro; charts that Excel draws.

Sheets follow the order of the report: Summary, Charts, Chart data, Checks, Assumptions,
Provenance. The archive is stored uncompressed with fixed dates, so that the same facts give the
same bytes whatever the compression library at hand.
"""

import io
import zipfile
from collections.abc import Iterable

from xlmodel.report import bookcharts
from xlmodel.report.facts import FAILED, PASSED, Facts, Item
from xlmodel.report.sheets import Sheet, Styles

_FOOTER_TEXT = 80  # of 255 characters that a footer may have
_ITEM_KINDS = ("text", "figure", "muted")
_NO_FORMULAS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def render(facts: Facts) -> bytes:
    """The workbook."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    book = Workbook(buffer, _NO_FORMULAS)
    book.set_properties(
        {
            "title": f"Report on {facts.provenance.workbook}"[:255],
            "comments": facts.headline,
            "created": facts.provenance.created.replace(tzinfo=None),
        }
    )
    styles, footer = Styles(book), _footer(facts)
    _summary(Sheet(book, styles, "Summary", (60, 30, 32), footer), facts)
    bookcharts.add(book, styles, footer, facts)
    _checks(Sheet(book, styles, "Checks", (60, 30), footer), facts)
    _assumptions(
        Sheet(book, styles, "Assumptions", (34, 12, 16, 12, 12, 12, 40, 40), footer), facts
    )
    _provenance(Sheet(book, styles, "Provenance", (34, 74), footer), facts)
    book.close()
    return _stored(buffer)


def _stored(buffer: io.BytesIO) -> bytes:
    """The archive again, uncompressed: deflate differs between compression libraries."""
    stored = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(stored, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.create_system = 3
            part.external_attr = 0o600 << 16
            new.writestr(part, old.read(name))
    return stored.getvalue()


def _footer(facts: Facts) -> str:
    """Version and as-of date on each page; an ampersand in a text is doubled, or it commands."""
    name = facts.provenance.workbook[:_FOOTER_TEXT].replace("&", "&&")
    as_of = facts.provenance.as_of
    told = f"{name}, as of {as_of}" if as_of else name
    return f"&L&8{_apart(told)}&C&8xlmodel {facts.provenance.version}&R&8&P / &N"


def _apart(text: str) -> str:
    """A text whose first digit is not read as part of the font size before it."""
    return f" {text}"


def _summary(sheet: Sheet, facts: Facts) -> None:
    sheet.wide(facts.headline, "title")
    for warning in facts.warnings:
        sheet.wide(warning, "alert")
    main, others = facts.figures
    _items(sheet, "Key figures", (*main, *others))
    _items(sheet, "Drivers", facts.inputs)


def _items(sheet: Sheet, title: str, items: Iterable[Item]) -> None:
    sheet.heading(title)
    sheet.row(("Name", "Value", "Unit"), ("header", "header_right", "header_indent"))
    for item in items:
        label = f"{item.label} (set for this report)" if item.changed else item.label
        sheet.row((label, item.value, item.unit), _ITEM_KINDS, item.number_format)


def _checks(sheet: Sheet, facts: Facts) -> None:
    sheet.wide("Checks", "title")
    if not facts.checks:
        sheet.wide("The workbook names no checks.", "text")
    else:
        sheet.row(("Check", "State"), ("header", "header"))
    for check in facts.checks:
        state = "text" if check.state == PASSED else "alert"
        told = check.state.upper() if check.state == FAILED else check.state
        sheet.row((check.label, told), ("text", state))
    sheet.heading("What could not be evaluated")
    if not facts.unsupported:
        sheet.wide("Nothing: every formula of the workbook was evaluated.", "text")
    for item in facts.unsupported:
        sheet.row((item.cell, item.reason), ("text", "text"))


def _assumptions(sheet: Sheet, facts: Facts) -> None:
    sheet.wide("Prices used, with their sources", "title")
    if not facts.prices:
        sheet.wide("No row of a price table matches the inputs by name.", "text")
        return
    header = ("What", "Price", "Unit", "Valid from", "Age, days", "Checked", "Source", "Note")
    right, indent = "header_right", "header_indent"
    sheet.row(header, ("header", right, indent, right, right, right, indent, indent))
    for row in facts.prices:
        cells = (row.what, row.price, row.unit, row.valid_from, row.age_days, row.checked)
        kinds = ("text", "figure", "muted", "value", "value", "value", "indent", "indent")
        sheet.row((*cells, row.source, row.note), kinds)
    sheet.wide("Age is counted from valid from to the as-of date.", "muted")


def _provenance(sheet: Sheet, facts: Facts) -> None:
    sheet.wide("Provenance", "title")
    told = facts.provenance
    rows = [
        ("Workbook", told.workbook),
        ("SHA-256", told.workbook_sha256),
        *(
            (f"Table {table.name}, {table.rows} rows, SHA-256", table.sha256)
            for table in told.tables
        ),
        ("Scenario", told.scenario),
        ("As of", told.as_of),
        ("Currency", told.currency),
        ("Checks", told.checks),
        ("Calculated with", f"xlmodel {told.version}"),
    ]
    for name, value in rows:
        if value:
            sheet.row((name, value), ("text", "text"))
