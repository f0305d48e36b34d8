"""The report as an .xlsx of values: no formula, no link, no macro; charts that Excel draws.

Sheets follow the order of the report: Summary, Charts, Chart data, Checks, Assumptions,
Provenance. The archive is stored uncompressed with fixed dates, so that the same facts give the
same bytes whatever the compression library at hand.
"""

import io
import zipfile
from collections.abc import Iterable

from xlmodel.report import bookcharts
from xlmodel.report.facts import Facts, Item, grouped
from xlmodel.report.sheets import Sheet, Styles
from xlmodel.workbook.checks import FAILED, UNKNOWN

_FOOTER_TEXT = 80  # of 255 characters that a footer may have
_ITEM_KINDS = ("text", "figure", "muted")
_TEXT_KINDS = ("text", "value", "muted")
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
            "created": facts.provenance.dated.replace(tzinfo=None),
        }
    )
    styles, footer = Styles(book), _footer(facts)
    _summary(Sheet(book, styles, "Summary", (52, 26, 30), footer), facts)
    bookcharts.add(book, styles, footer, facts)
    _checks(Sheet(book, styles, "Checks", (76, 26), footer), facts)
    _assumptions(Sheet(book, styles, "Assumptions", (28, 9, 15, 12, 11, 12, 36, 42), footer), facts)
    _provenance(Sheet(book, styles, "Provenance", (42, 68), footer), facts)
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
    told = facts.provenance
    setting = (told.scenario, told.as_of and f"as of {told.as_of}", told.currency)
    sheet.wide(", ".join(filter(None, setting)), "note")
    for warning in facts.warnings:
        sheet.wide(warning, "alert")
    if facts.answers:
        sheet.heading("What moves the margin")
        for answer in facts.answers:
            sheet.row((answer.topic, None, None), ("group",) * 3)
            sheet.wide(answer.text, "answer")
    main, others = facts.figures
    _items(sheet, "Key figures", (*main, *others))
    _items(sheet, "Drivers", facts.inputs)


def _items(sheet: Sheet, title: str, items: Iterable[Item]) -> None:
    sheet.heading(title)
    sheet.row(("Name", "Value", "Unit"), ("header", "header_right", "header_indent"))
    for heading, group in grouped(items):
        if heading:
            sheet.row((heading, None, None), ("group",) * 3)
        for item in group:
            label = f"{item.label} (set for this report)" if item.changed else item.label
            value = item.value if item.evaluated else item.shown
            kinds = _ITEM_KINDS if item.number is not None else _TEXT_KINDS
            sheet.row((label, value, item.unit), kinds, item.number_format)


def _checks(sheet: Sheet, facts: Facts) -> None:
    sheet.wide("Checks", "sheet")
    if not facts.checks:
        sheet.wide("The workbook names no checks.", "plain")
    else:
        sheet.row(("Check", "State"), ("header", "header"))
    for check in facts.checks:
        state = "alert" if check.state in (FAILED, UNKNOWN) else "text"
        told = check.state.upper() if check.state == FAILED else check.state
        sheet.row((check.label, told), ("text", state))
    sheet.heading("What could not be evaluated")
    if not facts.unsupported:
        sheet.wide("Nothing: every formula of the workbook was evaluated.", "plain")
    for item in facts.unsupported:
        sheet.row((item.cell, item.reason), ("text", "text"))


def _assumptions(sheet: Sheet, facts: Facts) -> None:
    sheet.wide("Prices used, with their sources", "sheet")
    if not facts.prices:
        sheet.wide("No input chooses a row of a price table by name (in_gpu, in_model).", "plain")
        return
    header = ("What", "Price", "Unit", "Valid from", "Age, days", "Checked", "Source", "Note")
    right, indent, center = "header_right", "header_indent", "header_center"
    sheet.row(header, ("header", right, indent, center, right, center, indent, indent))
    for row in facts.prices:
        cells = (row.what, row.price, row.unit, row.valid_from, row.age_days, row.checked)
        kinds = ("text", "figure", "muted", "date", "amount", "date", "indent", "indent")
        sheet.row((*cells, row.source, row.note), kinds)
    sheet.wide("Age is counted from valid from to the as-of date.", "note")


def _provenance(sheet: Sheet, facts: Facts) -> None:
    sheet.wide("Provenance", "sheet")
    told = facts.provenance
    rows = [
        ("Workbook", told.workbook),
        ("SHA-256", told.workbook_sha256),
        *(
            (f"Table {table.name}, {table.rows} rows, SHA-256", table.sha256)
            for table in told.tables
        ),
        ("Scenario", told.scenario),
        *(("Set for this report", f"{item.label} = {item.spoken}") for item in told.changed),
        ("As of", told.as_of),
        ("Currency", told.currency),
        ("Checks", told.checks),
        ("Calculated with", f"xlmodel {told.version}"),
    ]
    for name, value in rows:
        if value:
            sheet.row((name, value), ("text", "text"))
