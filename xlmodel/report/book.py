"""The report as an .xlsx of values: no formula, no link, no macro; charts that Excel draws.

Sheets follow the order of the report: Summary, Charts, Chart data, Checks, Assumptions,
Provenance. The archive is stored uncompressed with fixed dates, so that the same facts give the
same bytes whatever the compression library at hand.
"""

import io
import zipfile
from collections.abc import Iterable

from xlmodel.report import bookcharts, provenance
from xlmodel.report.facts import Facts, Item, grouped
from xlmodel.report.language import say
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
            "title": say("Report on {workbook}", workbook=facts.provenance.workbook)[:255],
            "comments": facts.headline,
            "created": facts.provenance.dated.replace(tzinfo=None),
        }
    )
    styles, footer = Styles(book), _footer(facts)
    _summary(Sheet(book, styles, say("Summary"), (52, 26, 30), footer), facts)
    bookcharts.add(book, styles, footer, facts)
    _checks(Sheet(book, styles, say("Checks"), (76, 26), footer), facts)
    _assumptions(
        Sheet(book, styles, say("Assumptions"), (28, 9, 15, 12, 11, 12, 36, 42), footer), facts
    )
    _provenance(Sheet(book, styles, say("Provenance"), (42, 68), footer), facts)
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
    told = say("{workbook}, as of {day}", workbook=name, day=as_of) if as_of else name
    return f"&L&8{_apart(told)}&C&8xlmodel {facts.provenance.version}&R&8&P / &N"


def _apart(text: str) -> str:
    """A text whose first digit is not read as part of the font size before it."""
    return f" {text}"


def _summary(sheet: Sheet, facts: Facts) -> None:
    sheet.wide(facts.headline, "title")
    told = facts.provenance
    setting = (told.scenario, told.as_of and say("as of {day}", day=told.as_of), told.currency)
    sheet.wide(say(", ").join(filter(None, setting)), "note")
    for warning in facts.warnings:
        sheet.wide(warning, "alert")
    if facts.answers:
        sheet.heading(say("What moves the margin"))
        for answer in facts.answers:
            sheet.row((answer.topic, None, None), ("group",) * 3)
            sheet.wide(answer.text, "answer")
    main, others = facts.figures
    _items(sheet, say("Key figures"), (*main, *others))
    _items(sheet, say("Drivers"), facts.inputs)


def _items(sheet: Sheet, title: str, items: Iterable[Item]) -> None:
    sheet.heading(title)
    sheet.row((say("Name"), say("Value"), say("Unit")), ("header", "header_right", "header_indent"))
    for heading, group in grouped(items):
        if heading:
            sheet.row((heading, None, None), ("group",) * 3)
        for item in group:
            label = (
                say("{label} (set for this report)", label=item.label)
                if item.changed
                else item.label
            )
            value = item.value if item.evaluated else item.shown
            kinds = _ITEM_KINDS if item.number is not None else _TEXT_KINDS
            sheet.row((label, value, item.unit), kinds, item.number_format)


def _checks(sheet: Sheet, facts: Facts) -> None:
    sheet.wide(say("Checks"), "sheet")
    if not facts.checks:
        sheet.wide(say("The workbook names no checks."), "plain")
    else:
        sheet.row((say("Check"), say("State")), ("header", "header"))
    for check in facts.checks:
        state = "alert" if check.state in (FAILED, UNKNOWN) else "text"
        told = say(check.state)
        told = told.upper() if check.state == FAILED else told
        sheet.row((check.label, told), ("text", state))
    sheet.heading(say("What could not be evaluated"))
    if not facts.unsupported:
        sheet.wide(say("Nothing: every formula of the workbook was evaluated."), "plain")
    for item in facts.unsupported:
        sheet.row((item.cell, item.reason), ("text", "text"))


def _assumptions(sheet: Sheet, facts: Facts) -> None:
    sheet.wide(say("Prices used, with their sources"), "sheet")
    if not facts.prices:
        told = say("No input chooses a row of a price table by name (in_gpu, in_model).")
        sheet.wide(told, "plain")
        return
    header = (
        say("What"),
        say("Price"),
        say("Unit"),
        say("Valid from"),
        say("Age, days"),
        say("Checked"),
        say("Source"),
        say("Note"),
    )
    right, indent, center = "header_right", "header_indent", "header_center"
    sheet.row(header, ("header", right, indent, center, right, center, indent, indent))
    for row in facts.prices:
        cells = (row.what, row.price, row.unit, row.valid_from, row.age_days, row.checked)
        kinds = ("text", "figure", "muted", "date", "amount", "date", "indent", "indent")
        sheet.row((*cells, row.source, row.note), kinds)
    sheet.wide(say("Age is counted from valid from to the as-of date."), "note")


def _provenance(sheet: Sheet, facts: Facts) -> None:
    sheet.wide(say("Provenance"), "sheet")
    for row in provenance.rows(facts.provenance):
        sheet.row(row, ("text", "text"))
