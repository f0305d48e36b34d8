"""The sheet P&L months: 36 calendar months along the row, from fleet and prices to book value."""

import re

from xlmodel.workbook.template.layout import HEAD_ROWS
from xlmodel.workbook.template.parts import (
    Cell,
    Gap,
    Item,
    Row,
    Sheet,
    across,
    after,
    columns_to,
    heading,
    remark,
)
from xlmodel.workbook.template.pnl_lines import BLOCKS, LINES, Line

MONTHS = 36
_FIRST = "D"
COLUMNS = tuple(after(_FIRST, step) for step in range(MONTHS))
_LAST = COLUMNS[-1]
_HEADER = HEAD_ROWS + 1
"""The row of the months' ends, at the head of each column and in sight while scrolling."""

_KEY = re.compile(r"(?<!\w)\[(<?)(\w+)\]")


def _header() -> Row:
    cells = {
        "B": Cell("Month to", role="header_left"),
        "C": Cell("Unit", role="header_text"),
    }
    for column in COLUMNS:
        place = f"COLUMNS(${_FIRST}$1:{column}$1)"
        end = f"=EOMONTH(in_pnl_start,{place}-1)"
        cells[column] = Cell(end, "date", "header", across="pnl_end")
    return Row(cells, height=17.75)


def _items() -> list[Item | Line]:
    found: list[Item | Line] = [_header()]
    for block in BLOCKS:
        found.append(heading(block.title, _LAST))
        found += [remark(block.remark)] if block.remark else []
        found += [*block.lines, Gap()]
    return found[:-1]


def _row(line: Line, rows: dict[str, int]) -> Row:
    cells = {"B": Cell(line.label, role="label"), "C": Cell(line.unit, role="unit")}

    def formula(column: str) -> str:
        def cell(found: re.Match[str]) -> str:
            return f"{after(column, -1) if found[1] else column}{rows[found[2]]}"

        return _KEY.sub(cell, line.formula)

    for column in COLUMNS:
        written = formula(column)
        if line.key.endswith("margin_rate"):
            written = f'IFERROR({written},"–")'
        role = "calculation_text" if line.key.endswith("margin_rate") else line.role
        cells[column] = Cell(f"={written}", line.form, role, across=f"pnl_{line.key}")
    return Row(cells)


def sheet() -> Sheet:
    """The description of the sheet."""
    items = _items()
    rows = {
        item.key: HEAD_ROWS + place
        for place, item in enumerate(items, start=1)
        if isinstance(item, Line)
    }
    assert rows.keys() == LINES.keys()
    rows["end"] = _HEADER
    widths = {"A": 2, **across(46, 18), **dict.fromkeys(columns_to(_LAST)[2:], 11.5)}
    return Sheet(
        name="P&L months",
        title="P&L by calendar month",
        about="The fleet of Inputs and Fleet plan through 36 calendar months, in USD; all GPUs "
        "rented, and all bought. Summed up on sheet P&L.",
        widths=widths,
        items=[_row(item, rows) if isinstance(item, Line) else item for item in items],
        frozen_rows=_HEADER,
        frozen_columns=3,
        wide=True,
    )
