"""From descriptions to addresses: where each cell stands, and what each name refers to.

Every sheet begins with the same three rows: title, what the sheet is for, and the state of the
model (scenario, as-of date, currency, master check). They repeat at the top of printed pages.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlmodel.hosts.syntax import column_number
from xlmodel.workbook.template.parts import (
    Beside,
    Break,
    Cell,
    Chart,
    Charts,
    Gap,
    Row,
    Sheet,
    Table,
    columns_to,
    height,
)

HEAD_ROWS = 4
"""Three rows of head and an empty one."""


class Placed(NamedTuple):
    """Something at a row (counted from 1) and a column letter."""

    row: int
    column: str
    cell: Cell

    @property
    def address(self) -> str:
        return f"{self.column}{self.row}"


class Page(NamedTuple):
    """A sheet with everything on it at its address."""

    sheet: Sheet
    cells: Sequence[Placed]
    heights: dict[int, float]
    tables: Sequence[tuple[int, Table]]
    charts: Sequence[tuple[int, Chart]]
    breaks: Sequence[int]


class Plan(NamedTuple):
    """The whole workbook: its pages, and each name with the range that it stands for."""

    pages: Sequence[Page]
    names: dict[str, str]
    language: str = "en"
    """That of the texts on the pages; the writer says its own in it."""


def plan(sheets: Sequence[Sheet]) -> Plan:
    """Place every sheet and collect the names."""
    pages = [_page(sheet) for sheet in sheets]
    names: dict[str, str] = {}
    for page in pages:
        for name, reference in _names(page):
            if name in names:
                raise ValueError(f"the name {name} is given twice")
            names[name] = reference
    return Plan([_resolved(page) for page in pages], names)


def _head(sheet: Sheet) -> list[Row]:
    scenario, as_of, currency, status = sheet.head
    state = {column: Cell(None, role="status") for column in columns_to(status)}
    state |= {
        scenario: Cell("=scenario_label", "general", "status"),
        as_of: Cell("=in_as_of", "as_of", "status"),
        currency: Cell("=currency_label", "general", "status"),
        status: Cell("=status_text", "general", "status"),
    }
    return [
        Row({"B": Cell(sheet.title, role="title")}, height=24),
        Row({"B": Cell(sheet.about, role="subtitle")}),
        Row(state),
    ]


def _page(sheet: Sheet) -> Page:
    cells: list[Placed] = []
    heights: dict[int, float] = {}
    tables: list[tuple[int, Table]] = []
    charts: list[tuple[int, Chart]] = []
    breaks: list[int] = []
    row = 1
    for item in (*_head(sheet), Gap(), *sheet.items):
        if isinstance(item, Row):
            cells += [Placed(row, column, cell) for column, cell in item.cells.items()]
            if item.height:
                heights[row] = item.height
        elif isinstance(item, Beside):
            tables += [(row, table) for table in item.tables]
        elif isinstance(item, Charts):
            charts += [(row, chart) for chart in item.charts]
        elif isinstance(item, Break):
            breaks.append(row - 1)
        row += height([item])
    return Page(sheet, cells, heights, tables, charts, breaks)


def _names(page: Page) -> Iterator[tuple[str, str]]:
    """Names of single cells, then of ranges down a column, along a row, and of rectangles."""
    sheet = quoted(page.sheet.name)
    for placed in page.cells:
        if placed.cell.name:
            yield placed.cell.name, f"{sheet}!${placed.column}${placed.row}"
    for name, members in _columns(page).items():
        first, last = members[0], members[-1]
        if len({m.column for m in members}) > 1 or last.row - first.row != len(members) - 1:
            raise ValueError(f"the cells of {name} do not stand in one column without a gap")
        yield name, f"{sheet}!${first.column}${first.row}:${last.column}${last.row}"
    for name, members in _rows(page).items():
        first, last = members[0], members[-1]
        if len({m.row for m in members}) > 1 or not _is_full(members):
            raise ValueError(f"the cells of {name} do not stand in one row without a gap")
        yield name, f"{sheet}!${first.column}${first.row}:${last.column}${last.row}"
    for name, members in _areas(page).items():
        first, last = members[0], members[-1]
        if not _is_full(members):
            raise ValueError(f"the cells of {name} do not form a rectangle")
        yield name, f"{sheet}!${first.column}${first.row}:${last.column}${last.row}"


def _is_full(members: Sequence[Placed]) -> bool:
    """Whether the cells fill the rectangle from the first to the last of them."""
    rows = [m.row for m in members]
    columns = [column_number(m.column) for m in members]
    size = (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)
    return size == len(members) == len({m.address for m in members})


def _rows(page: Page) -> dict[str, list[Placed]]:
    rows: dict[str, list[Placed]] = {}
    for placed in page.cells:
        if placed.cell.across:
            rows.setdefault(placed.cell.across, []).append(placed)
    return rows


def _areas(page: Page) -> dict[str, list[Placed]]:
    areas: dict[str, list[Placed]] = {}
    for placed in page.cells:
        if placed.cell.area:
            areas.setdefault(placed.cell.area, []).append(placed)
    return areas


def _columns(page: Page) -> dict[str, list[Placed]]:
    columns: dict[str, list[Placed]] = {}
    for placed in page.cells:
        if placed.cell.column:
            columns.setdefault(placed.cell.column, []).append(placed)
    return columns


def _resolved(page: Page) -> Page:
    """The page with ``{row}`` and its like in formulas replaced by row numbers."""
    columns = _columns(page)
    cells = []
    for placed in page.cells:
        column = columns.get(placed.cell.column, [placed])
        rows = {
            "row": placed.row,
            "above": placed.row - 1,
            "first": column[0].row,
            "last": column[-1].row,
        }
        formula = placed.cell.formula
        for word, row in rows.items():
            formula = formula.replace(f"{{{word}}}", str(row))
        cell = placed.cell._replace(value=formula) if formula else placed.cell
        cells.append(placed._replace(cell=cell))
    return page._replace(cells=cells)


def quoted(sheet: str) -> str:
    """A sheet's name as a formula writes it.

    >>> quoted("Inputs"), quoted("GPU prices")
    ('Inputs', "'GPU prices'")
    """
    return sheet if sheet.isalnum() else f"'{sheet}'"
