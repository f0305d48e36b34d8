"""The plan of the workbook in another language.

The sheets are described in English. ``translated`` replaces the texts of a finished plan by those
of the table of words: titles, labels, heads, units, notes, prompts, messages, charts, and the texts
within formulas. What formulas, ``--set`` and other programs read stays as it is: names of sheets,
cells and table columns, rows of tables, typed inputs and the choices of lists. The sentences of
sheet Explain stay as well: the functions say them, in English.
"""

from collections.abc import Iterator, Mapping

from xlmodel.workbook.template.layout import Page, Plan
from xlmodel.workbook.template.parts import Accepts, Cell, Chart, Heat, Table, When
from xlmodel.workbook.words import Words

_KEPT_ROLES = ("link", "explanation", "input", "input_text")


def translated(plan: Plan, told: Words) -> Plan:
    """The plan with its texts in another language; names and references stay."""
    told.sheets |= {page.sheet.name for page in plan.pages}
    told.choices |= set(_choices(plan))
    pages = [_page(page, plan.names, told) for page in plan.pages]
    return plan._replace(pages=pages)


def _choices(plan: Plan) -> Iterator[str]:
    """The texts that inputs let one choose from."""
    for page in plan.pages:
        for placed in page.cells:
            source = placed.cell.accepts.rule.get("source") if placed.cell.accepts else None
            if source and not isinstance(source, str):
                yield from map(str, source)


def _page(page: Page, names: Mapping[str, str], told: Words) -> Page:
    listed = _listed(page, told)
    cells = [placed._replace(cell=_cell(placed.cell, told, listed)) for placed in page.cells]
    charts = [(row, _chart(chart, names, told)) for row, chart in page.charts]
    tables = [(row, _table_of(table, told)) for row, table in page.tables]
    sheet = page.sheet._replace(
        title=told.text(page.sheet.title),
        about=told.text(page.sheet.about),
        marks=[_mark(mark, told) for mark in page.sheet.marks],
    )
    return page._replace(sheet=sheet, cells=cells, charts=charts, tables=tables)


def _mark(mark: Heat | When, told: Words) -> Heat | When:
    return mark._replace(formula=told.formula(mark.formula)) if isinstance(mark, When) else mark


def _table_of(table: Table, told: Words) -> Table:
    """The table with the texts of its calculated columns; its rows are data and stay."""
    formulas = {header: told.formula(formula) for header, formula in table.formulas.items()}
    return table._replace(formulas=formulas)


def _listed(page: Page, told: Words) -> set[str]:
    """The choices of inputs that a named range of the page lists: its formulas look them up."""
    ranges = (placed.cell for placed in page.cells if placed.cell.column or placed.cell.across)
    return {cell.value for cell in ranges if isinstance(cell.value, str)} & told.choices


def _cell(cell: Cell, told: Words, listed: set[str]) -> Cell:
    accepts = cell.accepts and _accepts(cell.accepts, told)
    if cell.formula:
        cell = cell._replace(value=told.formula(cell.formula))
    elif isinstance(cell.value, str) and cell.role not in _KEPT_ROLES and cell.value not in listed:
        cell = cell._replace(value=told.text(cell.value))
    return cell._replace(accepts=accepts)


def _accepts(accepts: Accepts, told: Words) -> Accepts:
    return accepts._replace(
        words=told.text(accepts.words),
        prompt=told.text(accepts.prompt),
        message=told.text(accepts.message),
    )


def _chart(chart: Chart, names: Mapping[str, str], told: Words) -> Chart:
    return chart._replace(
        title=chart.title if chart.title in names else told.text(chart.title),
        x_title=told.text(chart.x_title),
        y_title=told.text(chart.y_title),
        series=[one._replace(title=told.text(one.title)) for one in chart.series],
        alt_text=told.text(chart.alt_text),
    )
