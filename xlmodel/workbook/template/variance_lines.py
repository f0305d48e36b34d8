"""Blocks of the sheet Variance, a row a line: its budget, its actuals, and what lies between.

A line is a row of table Budget. What actuals of other lines come to stands in a row of its own.
Which figures a block has stands in ``variance_columns``; here they get their rows.
"""

from collections.abc import Mapping

from xlmodel.workbook.template.parts import Break, Cell, Gap, Item, Row, headers, heading, remark
from xlmodel.workbook.template.variance_columns import (
    BLOCKS,
    LAST,
    LINE_NAME,
    LINES,
    OTHERS,
    TOTAL,
    Block,
    Rows,
    of_period,
)

_BREAK_BEFORE = ("day", "steps")


def _height(block: Block) -> int:
    return 2 + LINES + len(block.further) + bool(block.note) + 1


def starts(before: int) -> dict[str, int]:
    """The row of the first line in each block, when ``before`` is the last row above them."""
    found = {}
    for key, block in BLOCKS.items():
        found[key] = before + 3 + bool(block.note)
        before += _height(block)
    return found


def blocks(before: int) -> list[Item]:
    """All blocks; ``before`` is the last row above them."""
    first = starts(before)
    items: list[Item] = []
    for key, block in BLOCKS.items():
        items += [Break()] if key in _BREAK_BEFORE else []
        items.append(heading(block.title, LAST))
        items += [remark(block.note)] if block.note else []
        titles = {"B": "Line"} | {c: found.title for c, found in block.columns.items()}
        items.append(headers(titles, LAST, "B"))
        items += [_row(key, block, line, first) for line in range(LINES)]
        items += [_further(key, block, label, first) for label in block.further]
        items.append(Gap())
    return items


def _row(key: str, block: Block, line: int, first: Mapping[str, int]) -> Row:
    at = Rows(*(first[name] + line for name in Rows._fields))
    label = LINE_NAME if key == "day" else f"$B{at.day}"
    name = "variance_line" if key == "day" else f"{key}_line"
    formulas = {"B": label, **block.formulas(at)}
    for column, formula in formulas.items():
        formulas[column] = formula.replace("{top}", str(first["day"]))
    cells = {"B": Cell(f"={formulas.pop('B')}", "general", "label", column=name)}
    for column, formula in formulas.items():
        found = block.columns[column]
        role = "calculation_text" if '"' in formula else "calculation"
        cells[column] = Cell(f"={formula}", found.form, role, column=found.name)
    return Row(cells)


def _further(key: str, block: Block, label: str, first: Mapping[str, int]) -> Row:
    """A row below the lines: what stands beside the budget, or the sum over all."""
    top = first[key]
    role = "output" if label == TOTAL else "calculation"
    cells = {"B": Cell(label, role="label")}
    for column, formula in _sums(key, label, top, first).items():
        across = ("class_mix" if column > "F" else "class_price") if key == "classes" else ""
        cells[column] = Cell(f"={formula}", block.columns[column].form, role, across=across)
    return Row(cells)


def _sums(key: str, label: str, top: int, first: Mapping[str, int]) -> dict[str, str]:
    last = top + LINES - 1
    if key == "actual":
        return _actual_sums(label, top, first["earned"] + LINES)
    if key == "earned":
        revenue = ("input_revenue", "cached_revenue", "output_revenue", "unsplit_revenue")
        return dict(zip("CDEF", map(of_period, revenue), strict=True)) | {"G": "SUM(C{row}:F{row})"}
    if label == OTHERS:
        was = f"$K{first['actual'] + LINES}"
        return {"J": was, "K": "SUM(C{row}:J{row})", "L": was}
    rows = last + (key == "steps")
    columns = {"budget": "CDEFGHIJK", "steps": "CDEFGHIJKL", "classes": "CDEFGHI"}[key]
    return {column: f"SUM({column}{top}:{column}{rows})" for column in columns}


_SUMMED = "CDEGHIJ"


def _without_residue(total: str, lines: str) -> str:
    """What a total has beyond the lines; the rounding of a sum in another order is nothing."""
    return f"IF(ABS({total}-{lines})<=in_tolerance*ABS({total}),0,{total}-{lines})"


def _actual_sums(label: str, top: int, earned: int) -> dict[str, str]:
    """Sums over all rows of the period, and what of it is on no line of the budget."""
    if label == OTHERS:
        last = top + LINES - 1
        others = {
            c: _without_residue(f"{c}{last + 2}", f"SUM({c}{top}:{c}{last})") for c in _SUMMED
        }
        return {**others, "F": "C{row}+E{row}", "K": "G{row}-I{row}-J{row}"}
    return {
        "C": f"{of_period('input_tokens')}/10^6",
        "D": f"{of_period('cached_tokens')}/10^6",
        "E": f"{of_period('output_tokens')}/10^6",
        "F": "C{row}+E{row}",
        "G": f"$G{earned}",
        "H": of_period("gpu_hours"),
        "I": of_period("gpu_cost"),
        "J": of_period("other_cost"),
        "K": "G{row}-I{row}-J{row}",
    }
