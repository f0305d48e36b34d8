"""The sheet Scenarios: the same day in each case, side by side, and how the cases differ.

A case is a column of drivers on Inputs; ``case_number`` says which of them the whole workbook
takes. Here the day is worked out for every case at once, from the same functions, so that the
cases are compared without switching; a check holds the column of the case in use equal to Margin.
"""

from xlmodel.workbook.template.day import DRIVERS, RESULTS, WORKING, Line
from xlmodel.workbook.template.entry import CASES, NONE_TYPED
from xlmodel.workbook.template.layout import HEAD_ROWS
from xlmodel.workbook.template.parts import (
    Cell,
    Chart,
    Charts,
    Gap,
    Item,
    Row,
    Series,
    Sheet,
    across,
    headers,
    heading,
    line,
)

_CASE = dict(zip("CDEF", CASES, strict=True))
_IN_USE = "G"
_CHANGES = {"H": "D", "I": "E", "J": "F"}
"""Columns of the differences: the case less the base."""


def _driver_formula(driver: Line, column: str) -> str:
    """The base as typed, or what a blank one stands for; a case that is blank, as the base."""
    place = f"COLUMNS($A{{row}}:{chr(ord(column) - 2)}{{row}})"  # a range with itself is a circle
    typed = f"INDEX(case_{driver.key},{place})"
    blank = driver.formula or f'"{NONE_TYPED}"'
    return f'=IF({typed}="",{blank if column == "C" else "$C{row}"},{typed})'


def _row(one: Line, rows: dict[str, int]) -> Row:
    cells = {"B": Cell(one.label, role="label"), "K": Cell(one.unit, role="unit")}
    for column, case in _CASE.items():
        if one in DRIVERS:
            formula = _driver_formula(one, column)
        else:
            formula = f'=IFERROR({one.formula},"{NONE_TYPED}")'
            for key, row in rows.items():
                formula = formula.replace(f"[{key}]", f"{column}{row}")
        name = f"{case.lower()}_margin" if one.key == "margin" else ""
        cells[column] = Cell(formula, one.form, one.role, name, across=f"by_case_{one.key}")
    live = f'=IFERROR({one.live},"{NONE_TYPED}")'
    cells[_IN_USE] = Cell(live, one.form, "calculation_text", f"live_{one.key}")
    # The form of tokens has a section for millions, which would drop the sign of a fall.
    form = "whole" if one.form == "tokens" else one.form
    for column, case in _CHANGES.items():
        changed = f'=IFERROR({case}{{row}}-$C{{row}},"{NONE_TYPED}")'
        cells[column] = Cell(changed, form, "calculation_text")
    return Row(cells)


def _table(before: int) -> list[Item]:
    """The blocks of the table; ``before`` is the last row above them."""
    blocks = (("Drivers", DRIVERS), ("Prices and rate", WORKING), ("The day", RESULTS))
    titles = across("", *CASES, "In use", "Upside\nless base", "Downside\nless base")
    titles |= {"J": "Own\nless base", "K": "Unit"}
    places: list[tuple[str, Line | None]] = []
    for title, lines in blocks:
        places += [(title, None), *((title, one) for one in lines)]
    rows = {one.key: before + i for i, (_, one) in enumerate(places, start=2) if one}
    named = dict(headers(titles, texts="BK", last="K").cells)
    for column in _CASE:
        named[column] = named[column]._replace(across="case_names")
    items: list[Item] = [Row(named, height=33)]
    items += [_row(one, rows) if one else heading(title, "K") for title, one in places]
    return items


def _words() -> Row:
    """The margins in words, apart, since a formula is not to be long."""
    told = (f'{case} "&IFERROR(FIXED({case.lower()}_margin,0),"–")' for case in CASES)
    formula = '"' + '&", '.join(told)
    shown = f'=SUBSTITUTE({formula},"-","−")'
    return Row({"B": Cell(shown, "general", "note", "scenario_margins")})


def _sentence() -> Row:
    """Said too where the cases are not what they are called: the examples fit one node only."""
    wrong = "OR(downside_margin>base_margin,upside_margin<base_margin)"
    told = (
        '="Margin of a day by case, in USD: "&scenario_margins&". In use: "&in_case&"."'
        f'&IF({wrong}," Out of order: type cases of your own on Inputs.","")'
    )
    return Row({"B": Cell(told, "general", "remark", "answer_scenarios")})


_CHART = Charts(
    [
        Chart(
            kind="stacked",
            column="B",
            title="What does the node earn in each case?",
            x_title="Case",
            y_title="Margin (USD/day)",
            series=[Series("Margin", "case_names", "by_case_margin", "light")],
            alt_text="Columns of the margin of a day in USD in the cases Base, Upside, Downside "
            "and Own. The figures stand in the table above, line Margin.",
            size=(760, 320),
            legend=False,
        )
    ],
    rows=17,
)


def sheet() -> Sheet:
    """The description of the sheet."""
    head: list[Item] = [_sentence(), Gap()]
    number = line(
        "Place of the case in use",
        "=MATCH(in_case,case_list,0)",
        "whole",
        "column",
        "Among the columns of cases on Inputs.",
        name="case_number",
    )
    above: list[Item] = [*head, number, Gap()]
    return Sheet(
        name="Scenarios",
        title="Scenarios side by side",
        about="The day of the node in each case of the drivers on Inputs. The case in use is "
        "chosen there; all other sheets follow it.",
        widths={"A": 2, **across(38, 15, 15, 15, 15, 15, 15, 15, 15, 17)},
        items=[*above, *_table(HEAD_ROWS + len(above)), Gap(), _CHART, _words()],
        frozen_rows=4,
        one_page=True,
    )
