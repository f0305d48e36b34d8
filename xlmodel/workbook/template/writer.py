"""From the plan of a workbook to the bytes of an .xlsx file, through XlsxWriter."""

import datetime
import io
import math
import re
from collections.abc import Mapping
from functools import cached_property
from string import ascii_uppercase
from typing import Any

import xlsxwriter

from xlmodel.registry import functions
from xlmodel.version import VERSION
from xlmodel.workbook.template import archive, look
from xlmodel.workbook.template.charts import add_chart
from xlmodel.workbook.template.editions import Edition
from xlmodel.workbook.template.entry import FOUNDING_DATE
from xlmodel.workbook.template.layout import Page, Placed, Plan, quoted
from xlmodel.workbook.template.parts import Heat, Table, Value, When
from xlmodel.workbook.words import words

Values = Mapping[tuple[str, str], Value | bool]
"""Results by sheet and address, to be stored with the formulas."""

_A4 = 9
_A3 = 8
_EXCEL_2019_CALC_ID = 191029
_ROW_HEIGHT = 16.5
_WRAPPED = ("source", "note")
_LINE = 15.0
_PROTECTION = {"format_columns": True, "format_rows": True, "autofilter": True, "objects": True}


_OURS = re.compile(rf"\b(?:{'|'.join(functions())})(?=\()")


_TITLE = "Margin of serving a large language model"
_SUBJECT = "Template workbook: the founding case of July 2024"
_DELIVERED = f"delivered as of {FOUNDING_DATE}; the date in use stands at the head"
_TIP = "Go to sheet"
TEXTS = (_TITLE, _SUBJECT, _DELIVERED, _TIP)
"""What the writer says beside the texts of the sheets; number formats have a few words more."""


def write(plan: Plan, edition: Edition, values: Values) -> bytes:
    """The workbook. Formulas without a value in ``values`` are stored with 0."""
    file = io.BytesIO()
    return _Writer(plan, edition, values, file).write()


class _Writer:
    """One workbook in the making."""

    def __init__(self, plan: Plan, edition: Edition, values: Values, file: io.BytesIO) -> None:
        self.plan, self.edition, self.values, self.file = plan, edition, values, file
        self.book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False})
        self.formats: dict[tuple[str, str], Any] = {}
        self.told = words(plan.language)

    def write(self) -> bytes:
        self._properties()
        for page in self.plan.pages:
            self.book.add_worksheet(page.sheet.name)
        for page in self.plan.pages:
            _PageWriter(self, page).write()
        for name, reference in self.plan.names.items():
            self.book.define_name(name, f"={self.edition.reference(name, reference)}")
        self.edition.install(self.book)
        self.book.close()
        used = {role: fmt._get_xf_index() for (role, _), fmt in self.formats.items()}
        return self.edition.finish(archive.repacked(self.file.getvalue(), used))

    def stored(self, formula: str) -> str:
        """The formula as this edition's file stores it."""
        spelled = _OURS.sub(lambda name: self.edition.spelled(name[0]), formula)
        return with_prefixes(spelled.replace("[#All]", self.edition.table))

    def is_dynamic(self, formula: str) -> bool:
        """Whether a formula is written as a dynamic array of one cell."""
        return self.edition.dynamic and (calls_ours(formula) or "INDEX(" in formula)

    def _properties(self) -> None:
        created = datetime.datetime.combine(FOUNDING_DATE, datetime.time())
        self.book.set_properties(
            {
                "title": self.told.text(_TITLE),
                "subject": self.told.text(_SUBJECT),
                "author": "xlmodel",
                "comments": f"xlmodel {VERSION}",
                "created": created,
            }
        )
        # Every formula is stored with its value, so nothing needs computing on opening. Asked to
        # compute all the same, an Excel without LAMBDA would show #NAME? instead of the values.
        self.book.set_calc_mode("auto", _EXCEL_2019_CALC_ID)
        self.book.calc_on_load = False
        self.book.set_size(2400, 1500)

    def format(self, role: str, form: str) -> Any:
        """The format of a role and number form, made once."""
        key = (role, form)
        if key not in self.formats:
            looks = look.properties(role, form)
            looks["num_format"] = self.told.form(looks["num_format"])
            made = self.book.add_format(looks)
            made.xf_id = archive.style_index(role)
            self.formats[key] = made
        return self.formats[key]

    @cached_property
    def lists(self) -> dict[str, str]:
        """The range of each one-column table, for drop-down lists."""
        found = {}
        for page in self.plan.pages:
            for row, table in page.tables:
                column = f"${table.column}${row + 1}:${table.column}${row + len(table.rows)}"
                found[table.name] = f"={quoted(page.sheet.name)}!{column}"
        return found


class _PageWriter:
    """One sheet in the making."""

    def __init__(self, writer: _Writer, page: Page) -> None:
        self.writer, self.page = writer, page
        self.sheet = writer.book.get_worksheet_by_name(page.sheet.name)

    def write(self) -> None:
        self._view()
        self._print_setup()
        for row, height in self.page.heights.items():
            self.sheet.set_row(row - 1, height)
        for placed in self.page.cells:
            self._cell(placed)
        for row, table in self.page.tables:
            self._table(row, table)
        for mark in self.page.sheet.marks:
            self._mark(mark)
        for row, chart in self.page.charts:
            made = add_chart(self.writer.book, chart, self.writer.plan.names)
            options = {"description": chart.alt_text, "object_position": 2, "y_offset": 6}
            self.sheet.insert_chart(f"{chart.column}{row}", made, options)
        if self.page.sheet.protected:
            self.sheet.protect(options=_PROTECTION)

    def _view(self) -> None:
        for column, width in self.page.sheet.widths.items():
            self.sheet.set_column(f"{column}:{column}", width)
        self.sheet.hide_gridlines(2)
        self.sheet.set_default_row(_ROW_HEIGHT)
        if self.page.sheet.frozen_rows:
            self.sheet.freeze_panes(self.page.sheet.frozen_rows, self.page.sheet.frozen_columns)
        status = self.page.sheet.head[3]
        self._state_colours(f"{status}3", "formula", "=check_master", "=NOT(check_master)")

    def _print_setup(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(_A3 if self.page.sheet.wide else _A4)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.fit_to_pages(1, 1 if self.page.sheet.one_page else 0)
        self.sheet.set_h_pagebreaks(list(self.page.breaks))
        self.sheet.repeat_rows(0, max(self.page.sheet.frozen_rows, 4) - 1)
        self.sheet.set_footer(
            f"&L&8xlmodel {VERSION} · &A&C&8{self.writer.told.text(_DELIVERED)}&R&8&P / &N"
        )
        if columns := self.page.sheet.print_columns:
            last = max(
                *(placed.row for placed in self.page.cells),
                *(len(table.rows) + row for row, table in self.page.tables),
            )
            self.sheet.print_area(f"{columns[0]}1:{columns[1]}{last}")

    def _cell(self, placed: Placed) -> None:
        cell, address = placed.cell, placed.address
        style = self.writer.format(cell.role, cell.form)
        if cell.link:
            tip = self.writer.told.text(_TIP)
            place = f"internal:{quoted(cell.link)}!A1"
            self.sheet.write_url(address, place, style, str(cell.value), tip)
        elif cell.formula:
            self._formula(address, cell.formula, style)
        elif isinstance(cell.value, datetime.date):
            self.sheet.write_datetime(address, cell.value, style)
        elif cell.value is None:
            self.sheet.write_blank(address, None, style)
        elif isinstance(cell.value, str):
            self.sheet.write_string(address, cell.value, style)
        else:
            self.sheet.write_number(address, cell.value, style)
        if cell.accepts:
            self._validation(placed)
        if cell.role == "explanation":
            self._explanation(placed)
        if cell.role == "check":
            self._state_colours(address, "cell", "TRUE", "FALSE")

    def _formula(self, address: str, formula: str, style: Any) -> None:
        """A formula with its value.

        A plain formula that calls a LAMBDA name or a user-defined function is shown by Excel with
        the sign of implicit intersection, =@NODE_MARGIN(…), and so is INDEX: they could return a
        range. Excel itself stores such a formula as a dynamic array of one cell, and XlsxWriter's
        documentation asks for the same, so these formulas are written in that form.
        """
        value = self.writer.values.get((self.page.sheet.name, address), 0)
        stored = self.writer.stored(formula)
        if not self.writer.is_dynamic(formula):
            self.sheet.write_formula(address, stored, style, value)
            return
        if isinstance(value, bool):
            raise TypeError(f"{address}: XlsxWriter stores no truth value in an array formula")
        self.sheet.write_dynamic_array_formula(f"{address}:{address}", stored, style, value)

    def _explanation(self, placed: Placed) -> None:
        """Give the row the height that the sentence needs, and half a line to spare."""
        sentence = self.writer.values.get((self.page.sheet.name, placed.address), placed.cell.value)
        width = self.page.sheet.widths[placed.column]
        self.sheet.set_row(placed.row - 1, _LINE * (math.ceil(len(str(sentence)) / width) + 0.5))

    def _validation(self, placed: Placed) -> None:
        accepts = placed.cell.accepts
        assert accepts is not None
        rule = dict(accepts.rule)
        if rule["validate"] == "list" and isinstance(rule["source"], str):
            rule["source"] = self.writer.lists[rule["source"]]
        self.sheet.data_validation(
            placed.address,
            {
                **rule,
                "input_title": placed.cell.name or placed.cell.across,
                "input_message": accepts.prompt,
                "error_title": placed.cell.name or placed.cell.across,
                "error_message": accepts.message,
                "error_type": accepts.kind,
            },
        )

    def _state_colours(self, address: str, kind: str, passes: str, fails: str) -> None:
        for criteria, colours in ((passes, look.PASS), (fails, look.FAIL)):
            rule = {"type": kind, "format": self.writer.book.add_format(colours)}
            test = (
                {"criteria": criteria}
                if kind == "formula"
                else {"criteria": "==", "value": criteria}
            )
            self.sheet.conditional_format(address, rule | test)

    def _mark(self, mark: Heat | When) -> None:
        area = self.writer.plan.names[mark.area].rpartition("!")[2].replace("$", "")
        if isinstance(mark, Heat):
            self.sheet.conditional_format(area, dict(look.HEAT))
            return
        first_row = area.partition(":")[0].lstrip(ascii_uppercase)
        formula = mark.formula.replace("{row}", first_row)
        rule = {"type": "formula", "criteria": formula.replace("{head}", str(int(first_row) - 1))}
        shown = {"format": self.writer.book.add_format(look.WHEN[mark.look])}
        self.sheet.conditional_format(area, rule | shown)

    def _table(self, row: int, table: Table) -> None:
        column = ord(table.column) - ord("A")
        widths = [self.page.sheet.widths.get(chr(ord("A") + column + i), 10) for i in range(26)]
        columns = [
            {
                "header": header,
                "header_format": self.writer.format("header_left", "general"),
                "format": self.writer.format(_table_role(table, header, form), form),
                "formula": _in_table(table, header),
            }
            for header, form in zip(table.headers, table.forms, strict=True)
        ]
        last_row, last_column = row - 1 + len(table.rows), column + len(table.headers) - 1
        options = {
            "name": table.name,
            "columns": columns,
            "data": table.rows,
            "style": "Table Style Light 1",
        }
        self.sheet.add_table(row - 1, column, last_row, last_column, options)
        self._calculated_columns(row, table, columns)
        for offset, record in enumerate(table.rows):
            texts = zip(table.headers, record, widths, strict=False)
            lines = max((_lines(v, width) for h, v, width in texts if h in _WRAPPED), default=1)
            if lines > 1:
                self.sheet.set_row(row + offset, 12.5 * lines + 4)

    def _calculated_columns(self, row: int, table: Table, columns: list[dict[str, Any]]) -> None:
        """The cells of the calculated columns again, each with its value."""
        for index, column in enumerate(columns):
            if not column["formula"]:
                continue
            letter = chr(ord(table.column) + index)
            cells = [f"{letter}{row + offset}" for offset in range(1, len(table.rows) + 1)]
            for address in cells:
                value = self.writer.values.get((self.page.sheet.name, address), 0)
                self.sheet.write_formula(address, column["formula"], column["format"], value)
            if column["header"] == table.headers[-1]:
                rule = {"type": "cell", "criteria": "!=", "value": '"ok"'}
                look_of = {"format": self.writer.book.add_format(look.FAIL)}
                self.sheet.conditional_format(f"{cells[0]}:{cells[-1]}", rule | look_of)


def _in_table(table: Table, header: str) -> str | None:
    """The formula of a calculated column as a file stores it, None for a column of facts."""
    if header not in table.formulas:
        return None
    row = rf"{table.name}[[#This Row],[\1]]"
    return with_prefixes(re.sub(r"\[@(\w+)\]", row, table.formulas[header]))


def _table_role(table: Table, header: str, form: str) -> str:
    if header in table.formulas:
        return "table_calculation"
    if header in _WRAPPED:
        return "table_wrapped"
    if form == "date" or header == "currency":
        return "table_centre"
    return "table_text" if form == "general" else "table_number"


def _lines(value: Value, width: float) -> int:
    """Lines that a text takes in small print; a little is left over for words that do not break."""
    return math.ceil(len(str(value)) / (width * 1.28))


def calls_ours(formula: str) -> bool:
    """Whether a formula calls a function of xlmodel.

    >>> calls_ours("=NODE_COST(8,3.49)"), calls_ours("=SUM(A1:A3)")
    (True, False)
    """
    return bool(_OURS.search(formula))


def with_prefixes(formula: str) -> str:
    """The formula as a file stores it: newer functions of Excel carry a prefix there.

    >>> with_prefixes("=IFNA(MAXIFS(A:A,B:B,1),0)")
    '=_xlfn.IFNA(_xlfn.MAXIFS(A:A,B:B,1),0)'
    """
    return re.sub(r"\b(IFNA|MAXIFS|MINIFS|UNICHAR)\(", r"_xlfn.\1(", formula)
