"""Rules on formulas: short, plain, the same along a fill, and without typed figures."""

from collections.abc import Callable, Iterator

from xlmodel.workbook.check import neighbours
from xlmodel.workbook.check.book import Book
from xlmodel.workbook.check.circle import circles
from xlmodel.workbook.check.formula import ROUNDING, VOLATILE, Formula
from xlmodel.workbook.check.places import Place
from xlmodel.workbook.check.rule import Seen, Severity, Skip, rule

GROUP = "Formulas"
LONGEST = 215
"""Characters: "about 200", with room for a call whose arguments have long names."""
DEEPEST_IF = 2
_LONG_TEXT = 60


def _each(book: Book, saw: Callable[[Formula], str]) -> Iterator[Seen]:
    """What is wrong with each formula, asked once for all cells that hold it."""
    answers: dict[int, str] = {}
    for sheet, run in book.formulas():
        assert run.formula is not None
        number = id(run.formula)
        if number not in answers:
            answers[number] = saw(run.formula)
        if answers[number]:
            yield Seen(answers[number], sheet.name, run.place, same=run.formula.key)


@rule(
    GROUP, Severity.ERROR,
    what="No formula refers to a cell that is gone (#REF!)",
    why="it gives an error, or hides one",
    source="ICAEW principle 18; FP&A practice",
    mend="point it at the cell that was meant, or delete it",
)  # fmt: skip
def broken_reference(book: Book) -> Iterator[Seen]:
    yield from _each(
        book, lambda f: f"#REF! in {f.excerpt}" if any("#REF!" in w.text for w in f.words) else ""
    )
    for sheet in book.sheets:
        for validation in sheet.validations:
            if any("#REF!" in text for text in validation.formulas):
                for place in validation.places:
                    yield Seen("#REF! in its data validation", sheet.name, place)


@rule(
    GROUP, Severity.ERROR,
    what="No cell shows an error",
    why="it spreads to each figure that depends on it, and a report with #N/A is not signed off",
    source="FAST 3.03 Formula simplicity; FP&A practice",
    mend="follow the precedents to the first error and mend that; missing data is a blank or a "
    "message in words",
)  # fmt: skip
def error_value(book: Book) -> Iterator[Seen]:
    if not any(run.stored for _, run in book.formulas()) and any(book.formulas()):
        raise Skip("the file holds no results: open it in a spreadsheet program and save it")
    for sheet in book.sheets:
        for run in sheet.runs:
            if run.kind == "error":
                shown = run.value.decode(errors="replace")
                how = f" from {run.formula.excerpt}" if run.formula else ", typed"
                yield Seen(f"{shown}{how}", sheet.name, run.place, same=shown)


@rule(
    GROUP, Severity.ERROR,
    what="No formula depends on itself",
    why="the result depends on where the calculation began, or the program shows 0",
    source="FAST 1.01 General workbook design; ICAEW Financial Modelling Code",
    mend="take the figure of the period before, or solve for it outside the circle",
)  # fmt: skip
def circularity(book: Book) -> Iterator[Seen]:
    for sheet, place, text in circles(book):
        yield Seen(text, sheet, place)


@rule(
    GROUP, Severity.WARNING,
    what="The formula is the same along a row or column that is filled",
    why="one cell that differs among its neighbours is the commonest error in spreadsheets",
    source="FAST 3.02 Formula design; ICAEW principle 12; Excel's error checking",
    mend="fill the neighbour's formula over it; if it must differ, separate it by a blank cell and "
    "a label",
)  # fmt: skip
def same_formula(book: Book) -> Iterator[Seen]:
    for sheet in book.sheets:
        for odd in neighbours.odd(sheet):
            if odd.run.formula:
                text = f"{odd.run.formula.excerpt} between cells like {odd.pattern.excerpt}"
                yield Seen(text, sheet.name, odd.place, same=odd.run.formula.key)


@rule(
    GROUP, Severity.WARNING,
    what="No typed number stands in a row or column of formulas",
    why="somebody overwrote a formula, and the model no longer answers to its inputs there",
    source="FAST 3.02 Formula design; Excel's error checking",
    mend="fill the neighbour's formula over it; a figure to override by belongs to the inputs",
)  # fmt: skip
def overwritten_formula(book: Book) -> Iterator[Seen]:
    for sheet in book.sheets:
        for odd in neighbours.odd(sheet):
            if odd.run.formula is None and odd.run.kind == "number" and not sheet.is_input(odd.run):
                text = f"a typed number between cells like {odd.pattern.excerpt}"
                yield Seen(text, sheet.name, odd.place)


@rule(
    GROUP, Severity.WARNING,
    what=f"A formula has about 200 characters at most ({LONGEST})",
    why="nobody checks one that doesn't fit on a line",
    source="FAST 3.03-01; ICAEW principle 13",
    mend="split it into steps, each in a row of its own with a label",
)  # fmt: skip
def long_formula(book: Book) -> Iterator[Seen]:
    yield from _each(
        book,
        lambda f: f"{len(f.shown)} characters: {f.excerpt}" if len(f.shown) > LONGEST else "",
    )


@rule(
    GROUP, Severity.WARNING,
    what="A formula stands on one line",
    why="what needs lines needs steps",
    source="FAST 3.03-03",
    mend="split it into steps",
)  # fmt: skip
def one_line(book: Book) -> Iterator[Seen]:
    yield from _each(book, lambda f: f"line breaks in {f.excerpt}" if "\n" in f.text else "")


@rule(
    GROUP, Severity.WARNING,
    what="An IF holds at most one other IF",
    why="each level doubles the cases that a reader must follow",
    source="FAST 3.03-07 (which allows none)",
    mend="use a flag (0 or 1) in a row of its own, INDEX over the cases, or MIN and MAX",
)  # fmt: skip
def nested_if(book: Book) -> Iterator[Seen]:
    yield from _each(
        book,
        lambda f: (
            f"{f.depth_of_if} IF within one another: {f.excerpt}"
            if f.depth_of_if > DEEPEST_IF
            else ""
        ),
    )


@rule(
    GROUP, Severity.WARNING,
    what="A formula holds no figure that could change, only such as 0, 1, 12, 24, 3600, 10^6",
    why="a rate typed into a formula is found by nobody and changed in some places only",
    source="FAST 3.02 Formula design; ICAEW principle 14",
    mend="give the figure a cell of its own on the inputs, with label, unit and source",
)  # fmt: skip
def literal(book: Book) -> Iterator[Seen]:
    yield from _each(
        book, lambda f: f"{', '.join(f.literals)} in {f.excerpt}" if f.literals else ""
    )


@rule(
    GROUP, Severity.WARNING,
    what=f"No volatile or untraceable function: {', '.join(VOLATILE)}",
    why="figures change without an input, or no tool can tell what they depend on",
    source="FAST 4.01 Excel functions; ICAEW principle 16",
    mend="use what takes its place: "
    + "; ".join(f"for {name}, {use}" for name, use in list(VOLATILE.items())[:4]),
)  # fmt: skip
def volatile(book: Book) -> Iterator[Seen]:
    def saw(formula: Formula) -> str:
        found = sorted(formula.called & VOLATILE.keys())
        return f"{', '.join(found)} in {formula.excerpt}" if found else ""

    yield from _each(book, saw)


@rule(
    GROUP, Severity.WARNING,
    what="Figures are rounded by their number format, not by a formula",
    why="rounded parts don't add up to the rounded sum, and the error grows along the way",
    source="FAST 3.03 Formula simplicity; FP&A practice",
    mend="take the function away and set the decimals in the number format; whole things "
    "(nodes, people) may be rounded up where a label says so",
)  # fmt: skip
def rounding(book: Book) -> Iterator[Seen]:
    numeric = {
        id(run.formula) for _, run in book.formulas() if run.kind == "number" or not run.stored
    }

    def saw(formula: Formula) -> str:
        found = sorted(formula.called & ROUNDING) if id(formula) in numeric else []
        is_whole = set(found) <= {"ROUNDUP", "CEILING", "INT", "FLOOR", "TRUNC"}
        return f"{', '.join(found)} in {formula.excerpt}" if found and not is_whole else ""

    yield from _each(book, saw)


@rule(
    GROUP, Severity.NOTE,
    what="No look-up counts columns (VLOOKUP, HLOOKUP)",
    why="a column inserted in the table changes the answer without an error",
    source="FAST 4.01 Excel functions",
    mend="use INDEX with MATCH, or XLOOKUP",
)  # fmt: skip
def counted_lookup(book: Book) -> Iterator[Seen]:
    def saw(formula: Formula) -> str:
        return f"in {formula.excerpt}" if formula.called & {"VLOOKUP", "HLOOKUP"} else ""

    yield from _each(book, saw)


@rule(
    GROUP, Severity.NOTE,
    what="An input or a table is read from where it is, not by a range of whole columns",
    why="a million rows are read for a dozen, and a stray figure far below counts in silence",
    source="FAST 3.04 Formula clarity; Microsoft's guidance on slow calculation",
    mend="name the range, or make it a table",
)  # fmt: skip
def whole_column(book: Book) -> Iterator[Seen]:
    def saw(formula: Formula) -> str:
        found = [
            word.text
            for word in formula.words
            if word.kind == "ref" and not any(c.isdigit() for c in word.text.rpartition("!")[2])
        ]
        return f"{found[0]} in {formula.excerpt}" if found else ""

    yield from _each(book, saw)


@rule(
    GROUP, Severity.WARNING,
    what="Numbers are stored as numbers, not as text",
    why="SUM passes over a text without a word",
    source="Excel's error checking; FP&A practice",
    mend="select the cells and choose Convert to Number, or multiply by 1 with Paste Special; what "
    "is a name (an account number) gets the format Text",
)  # fmt: skip
def number_as_text(book: Book) -> Iterator[Seen]:
    for sheet in book.sheets:
        for row, column, style in sheet.cells.numbers_as_text:
            known = book.styles[style] if style < len(book.styles) else book.styles[0]
            if known.number_format != "@":
                yield Seen(
                    "a number is stored as text", sheet.name, Place(row, column, row, column)
                )


@rule(
    GROUP, Severity.NOTE,
    what="Each formula's result is stored with it",
    why="a mail preview, a phone and Protected View show stored results only",
    source="FP&A practice",
    mend="open the workbook in a spreadsheet program and save it, or run xlmodel calc -o",
)  # fmt: skip
def stored_results(book: Book) -> Iterator[Seen]:
    for sheet, run in book.formulas():
        if not run.stored:
            yield Seen("no result is stored", sheet.name, run.place)
