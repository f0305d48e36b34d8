"""Rules on control: checks, names, locks, and how the workbook calculates."""

import re
from collections.abc import Iterator

from xlmodel.hosts.syntax import tokens
from xlmodel.workbook.check.book import Book
from xlmodel.workbook.check.rule import Seen, Severity, Skip, rule
from xlmodel.workbook.check.styles import CHECK, INPUT
from xlmodel.workbook.checks import MASTER
from xlmodel.workbook.names import CHECK as CHECK_PREFIX

GROUP = "Control"
_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[rR][0-9]*[cC][0-9]*")
_BUILT_IN = re.compile(r"_xlnm\.|_xlfn", re.IGNORECASE)
_HASHES = ("password", "hashValue")


@rule(
    GROUP, Severity.WARNING,
    what="The workbook checks itself",
    why="a model without checks is right until somebody looks",
    source="ICAEW principle 19; FAST 2.06 Control sheets",
    mend="add a sheet Checks with balances, signs and ranges, each TRUE or FALSE with a tolerance, "
    "and name them check_…",
)  # fmt: skip
def checks(book: Book) -> Iterator[Seen]:
    if not any(book.formulas()):
        raise Skip("the workbook holds no formula")
    named = any(name.lower().startswith("check") for name in book.names.chosen)
    sheets = any(sheet.kind == "checks" for sheet in book.sheets)
    styled = any(sheet.style(run).role == CHECK for sheet, run in book.formulas())
    if not (named or sheets or styled):
        yield Seen("no sheet Checks, no name check_… and no cell of the style Check Cell")


@rule(
    GROUP, Severity.NOTE,
    what="One master check says whether all checks pass, where every reader sees it",
    why="nobody opens the sheet of checks before a meeting",
    source="FAST 2.06 Control sheets; ICAEW principle 19",
    mend=f"name one cell {MASTER} that is TRUE when all checks are, and show it on each sheet",
)  # fmt: skip
def master_check(book: Book) -> Iterator[Seen]:
    if not any(name.startswith(CHECK_PREFIX) for name in book.names.chosen):
        raise Skip("no cell has a name that begins with check_")
    if MASTER not in book.names.chosen:
        yield Seen(f"there are checks, but none is named {MASTER}")


@rule(
    GROUP, Severity.ERROR,
    what="All checks pass",
    why="figures beside a failed check are not to be used",
    source="ICAEW principle 19; FP&A practice",
    mend="follow the check to the figure that is off",
)  # fmt: skip
def failed_check(book: Book) -> Iterator[Seen]:
    places = {
        name: place
        for name, place in book.names.places.items()
        if name.lower().startswith(CHECK_PREFIX) and place.is_cell
    }
    if not places:
        raise Skip("no cell has a name that begins with check_")
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for name, place in places.items():
        for run in sheets[place.sheet].runs:
            is_false = run.kind == "boolean" and run.value == b"0"
            if is_false and run.place.holds(place.top, place.left):
                yield Seen(f"{name} is FALSE", place.sheet, run.place, what=name)


@rule(
    GROUP, Severity.ERROR,
    what="Iterative calculation is off",
    why="it hides circular references, and the result depends on how often it was calculated",
    source="FAST 1.01 General workbook design",
    mend="File, Options, Formulas: clear Enable iterative calculation; then mend what is circular",
)  # fmt: skip
def iteration(book: Book) -> Iterator[Seen]:
    if book.calculation.get("iterate") in {"1", "true"}:
        yield Seen("iterative calculation is on")


@rule(
    GROUP, Severity.WARNING,
    what="The workbook calculates by itself",
    why="in manual mode figures are old, and nothing says so; the mode spreads to other open files",
    source="FP&A practice",
    mend="Formulas, Calculation Options, Automatic",
)  # fmt: skip
def manual_calculation(book: Book) -> Iterator[Seen]:
    if book.calculation.get("calcMode") in {"manual"}:
        yield Seen("calculation is manual")


@rule(
    GROUP, Severity.ERROR,
    what="Figures keep their full precision",
    why="\"Precision as displayed\" rounds every stored number for good",
    source="FP&A practice",
    mend="File, Options, Advanced: clear Set precision as displayed",
)  # fmt: skip
def precision(book: Book) -> Iterator[Seen]:
    if book.calculation.get("fullPrecision") in {"0", "false"}:
        yield Seen("precision is as displayed")


@rule(
    GROUP, Severity.NOTE,
    what="Days count from 1900",
    why="dates copied between files of 1904 and of 1900 are off by four years and a day",
    source="FP&A practice",
    mend="File, Options, Advanced: clear Use 1904 date system, then mend the dates",
)  # fmt: skip
def dates_from_1904(book: Book) -> Iterator[Seen]:
    if book.package.date1904:
        yield Seen("days count from 1904")


@rule(
    GROUP, Severity.WARNING,
    what="Each name stands for something that is there",
    why="a formula that uses it gives #REF! or #NAME?",
    source="FAST 4.03 Excel names; FP&A practice",
    mend="Formulas, Name Manager: delete it or give it its cells",
)  # fmt: skip
def broken_name(book: Book) -> Iterator[Seen]:
    for name in book.package.names:
        if any("#REF!" in word.text for word in tokens(name.formula)):
            yield Seen(f"stands for {name.formula[:60]}", name.sheet, what=f"name {name.name}")


@rule(
    GROUP, Severity.WARNING,
    what="No name looks like a cell",
    why="TAX2024 is a cell of a sheet, and R1C1 another: a program may read the one for the other",
    source="FP&A practice; Microsoft's rules for names",
    mend="put an underscore or a word into it, such as tax_2024",
)  # fmt: skip
def name_like_cell(book: Book) -> Iterator[Seen]:
    for name in book.package.names:
        if _CELL.fullmatch(name.name) and not _BUILT_IN.match(name.name):
            yield Seen("looks like a cell", name.sheet, what=f"name {name.name}")


@rule(
    GROUP, Severity.WARNING,
    what="A name stands for one thing in the whole workbook",
    why="a formula moved to another sheet takes another figure without a word",
    source="FP&A practice",
    mend="Formulas, Name Manager: keep the one of the workbook; copied sheets bring such names",
)  # fmt: skip
def double_name(book: Book) -> Iterator[Seen]:
    found: dict[str, dict[str, str]] = {}
    for name in book.package.names:
        if not _BUILT_IN.match(name.name) and not name.name.lower().startswith("_filter"):
            found.setdefault(name.name.lower(), {})[name.sheet] = name.formula
    for key, formulas in found.items():
        if len(set(formulas.values())) > 1:
            shown = ", ".join(sorted(set(formulas.values()))[:3])
            yield Seen(f"stands for different things: {shown[:100]}", what=f"name {key}")


@rule(
    GROUP, Severity.NOTE,
    what="A sheet with formulas is protected, so that nobody types over one by mistake",
    why="a formula that was overwritten looks like all others",
    source="ICAEW principle 20",
    mend="unlock the inputs (Format Cells, Protection), then Review, Protect Sheet, no password",
)  # fmt: skip
def unprotected_sheet(book: Book) -> Iterator[Seen]:
    for sheet in book.sheets:
        if sheet.formulas and not sheet.protection:
            yield Seen("has formulas and is not protected", sheet.name)


@rule(
    GROUP, Severity.WARNING,
    what="Formulas on a protected sheet are locked",
    why="the protection promises what it doesn't keep",
    source="ICAEW principle 20",
    mend="Format Cells, Protection, Locked",
)  # fmt: skip
def unlocked_formula(book: Book) -> Iterator[Seen]:
    _need_protection(book)
    for sheet, run in book.formulas():
        if sheet.protection and not sheet.style(run).locked:
            yield Seen("a formula that is not locked", sheet.name, run.place)


@rule(
    GROUP, Severity.WARNING,
    what="Inputs on a protected sheet are unlocked",
    why="who may not type there takes the protection away, and it stays away",
    source="ICAEW principle 20; FP&A practice",
    mend="Format Cells, Protection, clear Locked",
)  # fmt: skip
def locked_input(book: Book) -> Iterator[Seen]:
    _need_protection(book)
    for sheet, run in book.inputs:
        style = sheet.style(run)
        if sheet.protection and style.role == INPUT and style.locked and run.formula is None:
            yield Seen("an input that is locked", sheet.name, run.place)


@rule(
    GROUP, Severity.WARNING,
    what="No password on a sheet",
    why="it stops the reviewer and not the attacker, and it is lost when its owner leaves",
    source="FP&A practice",
    mend="protect the sheet without a password; keep secrets out of the workbook",
)  # fmt: skip
def sheet_password(book: Book) -> Iterator[Seen]:
    for sheet in book.sheets:
        if any(sheet.protection.get(name) for name in _HASHES):
            yield Seen("is protected with a password", sheet.name)


def _need_protection(book: Book) -> None:
    if not any(sheet.protection for sheet in book.sheets):
        raise Skip("no sheet is protected")
