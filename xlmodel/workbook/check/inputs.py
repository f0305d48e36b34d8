"""Rules on inputs: apart from formulas, validated, labelled, with a unit, named."""

import re
from collections.abc import Iterator

from xlmodel.workbook.check.book import Book, SheetFacts, Validation
from xlmodel.workbook.check.places import Place
from xlmodel.workbook.check.rule import Seen, Severity, Skip, rule
from xlmodel.workbook.check.runs import Run
from xlmodel.workbook.check.styles import CALCULATION, INPUT, OUTPUT

GROUP = "Inputs"
_NO_INPUTS = (
    "nothing marks a cell as an input: no cell style Input, no unlocked cell on a protected sheet, "
    "no sheet named Inputs or Assumptions"
)
_MONEY = re.compile(r"price|cost|rate|usd|eur|gbp|cny", re.IGNORECASE)
_DATE = re.compile(r"date|valid|as.of|checked|since|from|month|year|period", re.IGNORECASE)
_SOURCE = re.compile(r"source|reference|url|link|origin|provider|note", re.IGNORECASE)
_UNIT_IN_LABEL = re.compile(r"[(\[%,]|\bdate\b|\bin \w+$|\bper\b", re.IGNORECASE)
_SIGNS = "%$€£¥"
_MOST_CASES = 12
_MOST_ROWS = 200  # a longer column is data, not inputs of one number each


def _inputs(book: Book) -> list[tuple[SheetFacts, Run]]:
    if not book.inputs:
        raise Skip(_NO_INPUTS)
    return book.inputs


@rule(
    GROUP, Severity.NOTE,
    what="Inputs, calculations and outputs are told apart by named cell styles",
    why="who may type where is seen at once, and a style changes all cells together",
    source="FAST Appendix A; ICAEW principle 10",
    mend="give the cells Excel's own styles Input, Calculation and Output (Home, Cell Styles)",
)  # fmt: skip
def cell_styles(book: Book) -> Iterator[Seen]:
    if not any(book.formulas()):
        raise Skip("the workbook holds no formula")
    used = {sheet.style(run).role for sheet in book.sheets for run in sheet.runs}
    wanted = {INPUT: "Input", CALCULATION: "Calculation", OUTPUT: "Output"}
    missing = [name for role, name in wanted.items() if role not in used]
    if missing:
        yield Seen(f"no cell has the style {' or '.join(missing)}, or one named like it")


@rule(
    GROUP, Severity.WARNING,
    what="An input holds no formula",
    why="typing over it loses the formula, and a reader takes a result for an assumption",
    source="FAST 2.04 Input sheets; ICAEW principle 10",
    mend="move the formula to a calculation, or take the input's style or the unlocking away",
)  # fmt: skip
def formula_in_input(book: Book) -> Iterator[Seen]:
    for sheet, run in _inputs(book):
        if run.formula:
            yield Seen(run.formula.excerpt, sheet.name, run.place, same=run.formula.key)


@rule(
    GROUP, Severity.WARNING,
    what="A calculation or output holds no typed number",
    why="the figure depends on nothing, and nobody looks for it there",
    source="FAST 2.01 Universal design; ICAEW principles 10 and 14",
    mend="move the number to the inputs and refer to it, or compute it",
)  # fmt: skip
def typed_number(book: Book) -> Iterator[Seen]:
    judged = False
    for sheet in book.sheets:
        for run in sheet.runs:
            if sheet.is_calculation(run):
                judged = True
                if run.is_constant and run.kind == "number":
                    yield Seen("a typed number in a calculation", sheet.name, run.place)
    if not judged:
        raise Skip(
            "nothing marks a cell as calculated: no cell style Calculation or Output, no sheet "
            "named Calculations or Outputs"
        )


def _validated(sheet: SheetFacts, run: Run) -> Iterator[tuple[Place, Validation | None]]:
    """The cells of a run with the validation that is on them."""
    for column in range(run.left, run.right + 1):
        row = run.top
        while row <= run.bottom:
            bottom = run.bottom
            found = None
            for validation in sheet.validations:
                for place in validation.places:
                    if not place.left <= column <= place.right:
                        continue
                    if place.top <= row <= place.bottom:
                        found = validation
                        bottom = min(bottom, place.bottom)
                    elif row < place.top:
                        bottom = min(bottom, place.top - 1)
            yield Place(row, column, bottom, column), found
            row = bottom + 1


@rule(
    GROUP, Severity.WARNING,
    what="Each input has a data validation that refuses what can't be",
    why="85 typed for 85 % is the costliest mistake of a model, and nothing else catches it",
    source="FAST 4.04 Data validation; ICAEW principle 19",
    mend="Data, Data Validation: allow a list, or numbers between bounds, with the style Stop",
)  # fmt: skip
def input_validation(book: Book) -> Iterator[Seen]:
    for sheet, run in _inputs(book):
        for place, validation in _validated(sheet, run):
            if validation is None:
                yield Seen("an input without a data validation", sheet.name, place)
            elif not validation.refuses:
                yield Seen("its data validation refuses nothing", sheet.name, place)


@rule(
    GROUP, Severity.WARNING,
    what="An input's validation says what is accepted: a prompt, and a message when it refuses",
    why="Excel's own words, \"This value doesn't match\", help nobody",
    source="Microsoft accessibility guidance; WCAG 2.2, 3.3.1 and 3.3.2",
    mend="fill in the tabs Input Message and Error Alert of the data validation",
)  # fmt: skip
def input_message(book: Book) -> Iterator[Seen]:
    for sheet, run in _inputs(book):
        for place, validation in _validated(sheet, run):
            if validation is None or not validation.refuses:
                continue
            lacks = [
                name
                for name, text in (("prompt", validation.prompt), ("message", validation.message))
                if not text.strip()
            ]
            if lacks:
                text = f"its data validation has no {' and no '.join(lacks)}"
                yield Seen(text, sheet.name, place)


def _scalars(book: Book) -> Iterator[tuple[SheetFacts, int, int, Run]]:
    """Inputs of one number, beside which nothing but words stand: sheet, row, column."""
    for sheet, run in _inputs(book):
        if run.kind != "number" or run.formula or run.left != run.right:
            continue
        if run.bottom - run.top > _MOST_ROWS or _in_table(book, sheet, run):
            continue
        beside = [
            other
            for other in sheet.runs
            if other.kind == "number" and other.top <= run.bottom and other.bottom >= run.top
        ]
        for row in range(run.top, run.bottom + 1):
            if sum(o.right - o.left + 1 for o in beside if o.top <= row <= o.bottom) == 1:
                yield sheet, row, run.left, run


def _in_table(book: Book, sheet: SheetFacts, run: Run) -> bool:
    return any(
        table.sheet == sheet.name
        and table.left <= run.left <= table.right
        and table.top <= run.top <= table.bottom
        for table in book.tables
    )


@rule(
    GROUP, Severity.WARNING,
    what="Each input has a label left of it",
    why="a number without a name is changed by mistake",
    source="FAST 3.05 Labelling conventions",
    mend="type what it is into the cell left of it",
)  # fmt: skip
def input_label(book: Book) -> Iterator[Seen]:
    for sheet, row, column, _ in _scalars(book):
        if not sheet.label_left(row, column):
            yield Seen("no label left of it", sheet.name, Place(row, column, row, column))


@rule(
    GROUP, Severity.WARNING,
    what="Each numeric input has a unit beside it",
    why="a price per thousand tokens in a cell that means per million is off by a thousand",
    source="FAST 3.05 Labelling conventions; FP&A practice",
    mend="type the unit into the cell right of it, such as USD/Mtok, or show it in the number "
    "format",
)  # fmt: skip
def input_unit(book: Book) -> Iterator[Seen]:
    ends = _cases(book)
    for sheet, row, column, run in _scalars(book):
        if any(sign in sheet.style(run).number_format for sign in _SIGNS):
            continue
        start = ends.get((sheet.name, row, column), column)
        label = sheet.label_left(row, start)
        right = [sheet.cells.labels.get((row, column + step), "").strip() for step in (1, 2)]
        nearest = sheet.cells.labels.get((row, start - 1), "").strip()
        further = sheet.label_left(row, start - 1) if nearest else ""
        if any(right) or (nearest and further) or _UNIT_IN_LABEL.search(label):
            continue
        yield Seen("no unit beside it", sheet.name, Place(row, column, row, column))


def _cases(book: Book) -> dict[tuple[str, int, int], int]:
    """The first column of a few cells along a row that have one name, as cases of one input."""
    return {
        (place.sheet, place.top, column): place.left
        for place in book.names.places.values()
        if place.top == place.bottom and place.right - place.left < _MOST_CASES
        for column in range(place.left, place.right + 1)
    }


@rule(
    GROUP, Severity.NOTE,
    what="Each input of one number has a name",
    why="=in_gpus*in_gpu_hour_price is read without looking at two other sheets",
    source="FP&A practice (FAST 4.03 would have no names at all)",
    mend="select the cell and type the name, such as in_gpus, into the name box",
)  # fmt: skip
def input_name(book: Book) -> Iterator[Seen]:
    named = _cases(book)
    for sheet, row, column, _ in _scalars(book):
        if (sheet.name, row, column) not in named:
            yield Seen("has no name", sheet.name, Place(row, column, row, column))


@rule(
    GROUP, Severity.WARNING,
    what="A table of prices or costs says for each row its date and its source",
    why="a price without a date can't be checked, and not be brought up to date",
    source="FP&A practice; ICAEW Financial Modelling Code",
    mend="add the columns valid_from (or date) and source to the table",
)  # fmt: skip
def price_source(book: Book) -> Iterator[Seen]:
    tables = [table for table in book.tables if _is_of_prices(table.name)]
    if not tables:
        raise Skip("no table has a name with the word price, rate or cost")
    for table in tables:
        lacks = [
            word
            for word, wanted in (("a date", _DATE), ("a source", _SOURCE))
            if not any(wanted.search(column) for column in table.columns)
        ]
        if lacks and any(_MONEY.search(column) for column in table.columns):
            yield Seen(
                f"no column for {' or '.join(lacks)}", table.sheet, what=f"table {table.name}"
            )


def _is_of_prices(name: str) -> bool:
    return re.search(r"price|tariff|ratecard|costs?$", name, re.IGNORECASE) is not None
