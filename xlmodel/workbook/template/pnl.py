"""The sheet P&L: a period with the one before it, the calendar years, own or rent by month.

Every figure comes from the months of sheet P&L months. A period is a range of months, first to
last, so that a day, a month and a year have one formula; a day is the mean day of its month, and
has no balances.
"""

import re
from collections.abc import Callable

from xlmodel.workbook.template import pnl_words
from xlmodel.workbook.template.layout import HEAD_ROWS
from xlmodel.workbook.template.parts import (
    Break,
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
)
from xlmodel.workbook.template.pnl_lines import CLOSING, FLOW, OPENING, SHOWN, Line

_LAST = "H"
_NONE = '"–"'
_YEARS = "CDEF"
"""36 months lie in four calendar years at most."""
_REPORTED = ("revenue", "margin", "ebit", "own_ebit")
_TEXT = "calculation_text"
_KEY = re.compile(r"\[(\w+)\]")


def _of(line: Line, column: str, rows: dict[str, int]) -> str:
    """The formula of a rate, from the lines in the same column."""
    return _KEY.sub(lambda found: f"{column}{rows[found[1]]}", line.formula)


def _role(line: Line) -> str:
    return "output_text" if line.role == "output" else _TEXT


# The period: months from first to last, and by how many days a mean day divides

_RANGE = (
    ("first", "First month", "whole", "month of the plan"),
    ("last", "Last month", "whole", "month of the plan"),
    ("divisor", "Divided by", "whole", "days, or 1"),
    ("from", "From", "date", "date"),
    ("to", "To", "date", "date"),
)
_PERIOD = {
    "first": "IF(AND(in_pnl_date>=MIN(pnl_first_day),in_pnl_date<=MAX(pnl_end)),"
    f'IF(in_pnl_period="year",MATCH(YEAR(in_pnl_date),pnl_year,0),MATCH(in_pnl_date,pnl_first_day,1)),{_NONE})',
    "last": 'IF(in_pnl_period="year",[first]+COUNTIF(pnl_year,YEAR(in_pnl_date))-1,[first])',
}
_BEFORE = {
    "last": f"IF(C{{first}}>1,C{{first}}-1,{_NONE})",
    "first": 'IF(in_pnl_period="year",MATCH(INDEX(pnl_year,[last]),pnl_year,0),[last])',
}
_BOTH = {
    "divisor": f'IF(ISNUMBER([first]),IF(in_pnl_period="day",INDEX(pnl_days,[first]),1),{_NONE})',
    "from": "INDEX(pnl_first_day,[first])",
    "to": "INDEX(pnl_end,[last])",
}


def _range(key: str, label: str, form: str, unit: str, rows: dict[str, int]) -> Row:
    def formula(column: str, own: dict[str, str]) -> str:
        text = {**_BOTH, **own}[key].replace("{first}", str(rows["first"]))
        found = _KEY.sub(lambda match: f"{column}{rows[match[1]]}", text)
        return f"=IFERROR({found},{_NONE})"

    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(formula("C", _PERIOD), form, _TEXT, f"pnl_{key}"),
            "D": Cell(unit, role="unit"),
            "E": Cell(formula("E", _BEFORE), form, _TEXT),
        }
    )


def _sum(name: str, first: str, last: str) -> str:
    """Not SUMIFS, in which not every program shows the error of a month."""
    return f"SUMPRODUCT((pnl_number>={first})*(pnl_number<={last})*{name})"


def _in_period(line: Line, column: str, rows: dict[str, int]) -> str:
    """A line in the months from the first to the last row of the column."""
    first, last, divisor = (f"{column}${rows[key]}" for key in ("first", "last", "divisor"))
    name = f"pnl_{line.key}"
    formulas = {
        FLOW: f"{_sum(name, first, last)}/{divisor}",
        OPENING: f'IF(in_pnl_period="day",{_NONE},INDEX({name},{first}))',
        CLOSING: f'IF(in_pnl_period="day",{_NONE},INDEX({name},{last}))',
    }
    found = formulas.get(line.kind) or _of(line, column, rows)
    return f"=IFERROR({found},{_NONE})"


def _reported(line: Line, months: str) -> str:
    """A sum of months, each at its own rate; an error where one of these months has none."""
    missing = f"SUMPRODUCT({months}pnl_no_rate)"
    return f"SUMPRODUCT({months}pnl_{line.key},pnl_units)/({missing}=0)"


def _converted(line: Line, column: str, rows: dict[str, int]) -> str:
    first, last, divisor = (f"{column}${rows[key]}" for key in ("first", "last", "divisor"))
    months = f"(pnl_number>={first})*(pnl_number<={last})*"
    return f'=IFERROR({_reported(line, months)}/{divisor},IF(ISNUMBER({first}),"no rate",{_NONE}))'


def _statement_row(line: Line, rows: dict[str, int]) -> Row:
    cells = {"B": Cell(line.label, role="label"), "D": Cell(line.unit, role="unit")}
    for column in "CE":
        cells[column] = Cell(_in_period(line, column, rows), line.form, _role(line))
    cells["F"] = Cell(f"=IFERROR(C{{row}}-E{{row}},{_NONE})", line.form, _TEXT)
    if line.kind == FLOW and line.unit == "USD":
        for column, source in (("G", "C"), ("H", "E")):
            cells[column] = Cell(_converted(line, source, rows), line.form, _TEXT)
    return Row(cells)


def _statement_titles() -> Row:
    titles = across("Line", "Period", "Unit", "Period before", "Change", "Period", "Before")
    cells = dict(headers(titles, texts="BD", last=_LAST).cells)
    for column, words in (("G", "Period in "), ("H", "Before in ")):
        cells[column] = cells[column]._replace(
            value=f'="{words}"&in_report_currency', form="general"
        )
    return Row(cells, height=17.75)


# The calendar years, and all months


def _in_year(line: Line, column: str, rows: dict[str, int]) -> str:
    months, first, last = (f"{column}${rows[key]}" for key in ("months", "first", "last"))
    name = f"pnl_{line.key}"
    formulas = {
        FLOW: _sum(name, first, last),
        OPENING: f"INDEX({name},{first})",
        CLOSING: f"INDEX({name},{last})",
    }
    if line.kind in formulas:
        return f"IF({months}=0,0,{formulas[line.kind]})"
    return f"IFERROR({_of(line, column, rows)},{_NONE})"


def _in_all(line: Line, rows: dict[str, int]) -> str:
    name = f"pnl_{line.key}"
    formulas = {
        FLOW: f"SUM({name})",
        OPENING: f"INDEX({name},1)",
        CLOSING: f"INDEX({name},COUNT(pnl_number))",
    }
    return formulas.get(line.kind) or f"IFERROR({_of(line, 'G', rows)},{_NONE})"


def _year_row(line: Line, rows: dict[str, int]) -> Row:
    cells = {"B": Cell(line.label, role="label"), "H": Cell(line.unit, role="unit")}
    for column in _YEARS:
        formula = f"={_in_year(line, column, rows)}"
        cells[column] = Cell(formula, line.form, _role(line), across=f"year_{line.key}")
    cells["G"] = Cell(f"={_in_all(line, rows)}", line.form, _role(line))
    return Row(cells)


def _or_no_rate(line: Line, months: str) -> str:
    return f'=IFERROR({_reported(line, months)},"no rate")'


def _reported_row(line: Line, rows: dict[str, int]) -> Row:
    cells = {
        "B": Cell(line.label, role="label"),
        "H": Cell("=in_report_currency", "general", "unit"),
        "G": Cell(_or_no_rate(line, "1*"), line.form, _TEXT),
    }
    for column in _YEARS:
        year = f"(pnl_year={column}${rows['year']})*"
        cells[column] = Cell(
            _or_no_rate(line, year), line.form, _TEXT, across=f"year_{line.key}_reported"
        )
    return Row(cells)


def _year_titles() -> Row:
    titles = across("Line", "", "", "", "", "All months", "Unit")
    cells = dict(headers(titles, texts="BH", last=_LAST).cells)
    for column in _YEARS:
        year = f"=YEAR(in_pnl_start)+COLUMNS($C$1:{column}$1)-1"
        cells[column] = Cell(year, "general", "header", across="pnl_years")
    return Row(cells, height=17.75)


_YEAR_MONTHS = (
    ("Months in it", "months", "COUNT(pnl_number)", "COUNTIF(pnl_year,{year})"),
    ("First month", "month of the plan", "1", f"IFERROR(MATCH({{year}},pnl_year,0),{_NONE})"),
    ("Last month", "month of the plan", "COUNT(pnl_number)",
     f"IFERROR({{first}}+{{months}}-1,{_NONE})"),
)  # fmt: skip


def _year_months(rows: dict[str, int]) -> list[Row]:
    """Which months of the plan a year has."""
    found = []
    for label, unit, all_months, formula in _YEAR_MONTHS:
        cells = {"B": Cell(label, role="label"), "G": Cell(f"={all_months}", "whole")}
        for column in _YEARS:
            places = {key: f"{column}${rows[key]}" for key in ("year", "months", "first")}
            cells[column] = Cell(f"={formula.format(**places)}", "whole", _TEXT)
        found.append(Row(cells | {"H": Cell(unit, role="unit")}))
    return found


_CHARTS = Charts(
    [
        Chart(
            kind="scatter",
            column="B",
            title="In which month does owning overtake renting?",
            x_title="Month of the plan",
            y_title="Cash since the start (USD)",
            series=[
                Series("All GPUs rented", "pnl_number", "pnl_cash", "line"),
                Series("All GPUs bought", "pnl_number", "pnl_own_cash", "second_line"),
                Series("Owning ahead", "pnl_mark_month", "pnl_mark_cash", "breakeven"),
            ],
            alt_text="Two lines of the cash since the start in USD over the months of the plan, "
            "with all GPUs rented and with all bought; the month from which owning is ahead is "
            "marked. The figures stand in the table of sheet P&L months.",
            size=(540, 330),
        ),
        Chart(
            kind="scatter",
            column="E",
            title="What does the fleet earn by month?",
            x_title="Month of the plan",
            y_title="EBIT (USD/month)",
            series=[
                Series("All GPUs rented", "pnl_number", "pnl_ebit", "line"),
                Series("All GPUs bought", "pnl_number", "pnl_own_ebit", "second_line"),
            ],
            alt_text="Two lines of the EBIT of each month in USD over the months of the plan, with "
            "all GPUs rented and with all bought. "
            "The figures stand in the table of sheet P&L months.",
            size=(540, 330),
        ),
    ],
    rows=16,
)


def _placed(above: int) -> dict[str, int]:
    """The row of each line below a given one, where each block begins with its heading."""
    places = [key for title, lines in SHOWN for key in (title, *(line.key for line in lines))]
    return {key: above + place for place, key in enumerate(places, start=1)}


def _blocks(row: Callable[[Line, dict[str, int]], Row], rows: dict[str, int]) -> list[Item]:
    found: list[Item] = []
    for title, lines in SHOWN:
        found += [heading(title, _LAST), *(row(line, rows) for line in lines)]
    return found


def _items() -> list[Item]:
    keys = _placed(0)
    above = [*pnl_words.answer(), *pnl_words.results(dict.fromkeys(keys, "")), _CHARTS]
    titles = HEAD_ROWS + sum(_rows_of(item) for item in above) + 2
    ranges = {key: titles + place for place, (key, *_) in enumerate(_RANGE, start=1)}
    rows = ranges | _placed(titles + len(_RANGE))
    year = titles + len(rows) + 3  # after an empty row and the heading
    head = {key: year + place for place, key in enumerate(("year", "months", "first", "last"))}
    years = head | _placed(year + len(_YEAR_MONTHS))
    reported = [line for _, lines in SHOWN for line in lines if line.key in _REPORTED]
    return [
        *pnl_words.answer(),
        *pnl_words.results({key: f"C{row}" for key, row in rows.items()}),
        _CHARTS,
        heading("The period, and the one before it", _LAST),
        _statement_titles(),
        *(_range(*one, rows) for one in _RANGE),
        *_blocks(_statement_row, rows),
        Gap(),
        Break(),
        heading("Calendar years", _LAST),
        _year_titles(),
        *_year_months(years),
        *_blocks(_year_row, years),
        heading("In the reporting currency", _LAST),
        *(_reported_row(line, years) for line in reported),
        Gap(),
        *pnl_words.node(),
        *pnl_words.sentence(),
    ]


def _rows_of(item: Item) -> int:
    return item.rows if isinstance(item, Gap | Charts) else 1


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="P&L",
        title="P&L of the fleet",
        about="By day, calendar month or year, with all GPUs rented and with all bought, in USD "
        "and in the reporting currency. The months stand on sheet P&L months.",
        widths={"A": 2, **across(50, 18, 20, 18, 18, 18, 18)},
        items=_items(),
        frozen_rows=4,
    )
