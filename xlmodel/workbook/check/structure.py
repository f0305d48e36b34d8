"""Rules on how a workbook is built: sheets, what is hidden, what it depends on."""

import re
from collections.abc import Iterator
from itertools import pairwise

from xlmodel.workbook.check.book import Book
from xlmodel.workbook.check.places import Place, merged
from xlmodel.workbook.check.rule import Seen, Severity, Skip, rule
from xlmodel.workbook.package import children

GROUP = "Structure"
_SHEETS = "About → Inputs → Calculations → Outputs → Checks → Log"
_TEXT = re.compile('"[^"]*"')
_OTHER_FILE = re.compile(r"\[([^\[\]]+\.xl\w+)\][^\[\]!]*!", re.IGNORECASE)
_MANY_ROWS, _MANY_COLUMNS = 40, 15  # about one screen


@rule(
    GROUP, Severity.NOTE,
    what=f"Sheets run {_SHEETS}",
    why="who opens a model reads from left to right: what it is, what goes in, what comes out",
    source="FAST 1.02 Sheet organisation; ICAEW principle 10",
    mend="drag the sheet to its place in that order",
)  # fmt: skip
def sheet_order(book: Book) -> Iterator[Seen]:
    known = [sheet for sheet in book.sheets if sheet.kind]
    if len({sheet.kind for sheet in known}) < 2:
        raise Skip("fewer than two sheets have a name that says what they are for")
    for before, after in pairwise(known):
        if book.order(after) < book.order(before):
            yield Seen(f"stands after {before.name}", after.name)


@rule(
    GROUP, Severity.NOTE,
    what="A sheet says what the workbook is for, by whom, as of when, and what it can't do",
    why="a model outlives the memory of who made it",
    source="ICAEW principle 7",
    mend="add a first sheet named About with purpose, owner, as-of date, contents and limits",
)  # fmt: skip
def about_sheet(book: Book) -> Iterator[Seen]:
    if not any(sheet.kind == "about" for sheet in book.sheets):
        yield Seen("no sheet is named About, Cover, Contents or the like")


@rule(
    GROUP, Severity.NOTE,
    what="A log says what changed in which version",
    why="a figure that moved since last month must be explained",
    source="ICAEW principle 17",
    mend="add a last sheet named Log with version, date, change and which figures moved",
)  # fmt: skip
def change_log(book: Book) -> Iterator[Seen]:
    if not any(sheet.kind == "log" for sheet in book.sheets):
        yield Seen("no sheet is named Log, Changes, Versions or the like")


@rule(
    GROUP, Severity.NOTE,
    what="Sheets have names that say what they hold",
    why="a screen reader announces the name; a contents list and a formula are read by it",
    source="Microsoft accessibility checker; WCAG 2.2, 2.4.2",
    mend="rename the sheet",
)  # fmt: skip
def sheet_names(book: Book) -> Iterator[Seen]:
    for sheet in book.sheets:
        word = sheet.name.rstrip("0123456789 ()")
        if word.lower() in {"sheet", "tabelle", "feuil", "hoja", "foglio", "blad", "planilha"}:
            yield Seen("has the name that the program gave it", sheet.name)


@rule(
    GROUP, Severity.WARNING,
    what="No sheet is hidden",
    why="what a reader can't see he can't check",
    source="FAST 1.02 Sheet organisation; FP&A practice",
    mend="unhide it (right click on any sheet's tab, Unhide); if it is not needed, delete it",
)  # fmt: skip
def hidden_sheet(book: Book) -> Iterator[Seen]:
    for name, state in book.states.items():
        if state == "veryHidden":
            yield Seen("is hidden so that Excel's menu doesn't list it (veryHidden)", name)
        elif state != "visible":
            yield Seen("is hidden", name)


@rule(
    GROUP, Severity.WARNING,
    what="No row or column is hidden",
    why="a sum over hidden rows can't be followed; group and collapse them instead",
    source="FAST 2.01 Universal design; Microsoft accessibility checker",
    mend="select around it and unhide, or use Data, Group, which shows that there is more",
)  # fmt: skip
def hidden_cells(book: Book) -> Iterator[Seen]:
    for sheet in book.sheets:
        used = sheet.used
        if used is None:
            continue
        rows = [row for row in sheet.cells.hidden_rows if row <= used.bottom]
        for place in merged(Place(row, used.left, row, used.right) for row in rows):
            yield Seen(f"rows {place.top} to {place.bottom} are hidden", sheet.name, place)
        for first, last in sheet.hidden_columns:
            if first <= used.right:
                place = Place(used.top, first, used.bottom, min(last, used.right))
                yield Seen("columns are hidden", sheet.name, place)


@rule(
    GROUP, Severity.WARNING,
    what="No cells are merged",
    why="a merged cell breaks filling, sorting and selecting, and a screen reader loses its place",
    source="Microsoft accessibility checker; FAST 4.02 Formatting features",
    mend="unmerge; to centre a heading: Format Cells, Alignment, Center Across Selection",
)  # fmt: skip
def merged_cells(book: Book) -> Iterator[Seen]:
    for sheet in book.sheets:
        for place in sheet.merged:
            yield Seen("cells are merged", sheet.name, place)


@rule(
    GROUP, Severity.ERROR,
    what="No formula reads another file",
    why="the other file moves, changes or stays behind when this one is mailed",
    source="FAST 1.03 Multiple workbook models; FP&A practice",
    mend="paste the values into an input sheet with source and date; Data, Edit Links, Break Link",
)  # fmt: skip
def external_link(book: Book) -> Iterator[Seen]:
    for part in book.package.relations(book.package.main, "externalLink").values():
        yield Seen(f"is read: {book.package.external_target(part)}", what=part)
    for sheet, run in book.formulas():
        # Excel lists the files that it reads as parts; other programs may only name them.
        if run.formula and (found := _OTHER_FILE.search(_TEXT.sub("", run.formula.text))):
            yield Seen(f"reads {found[1]}", sheet.name, run.place)


@rule(
    GROUP, Severity.WARNING,
    what="No figure comes from a connection to a database or the web",
    why="the same workbook would show other figures tomorrow, and none without the network",
    source="FP&A practice",
    mend="load the data into a table with its date and source, and remove the connection",
)  # fmt: skip
def data_connection(book: Book) -> Iterator[Seen]:
    for part in book.package.relations(book.package.main, "connections").values():
        for element in children(book.package.xml(part), "connection"):
            yield Seen("is a data connection", what=element.get("name", part))


@rule(
    GROUP, Severity.NOTE,
    what="The workbook holds no macros",
    why="a macro can do what no formula shows; many firms block such files",
    source="ICAEW principle 16; FAST 4.06 Macros",
    mend="if formulas can do the work, save as .xlsx; if not, document what each macro does",
)  # fmt: skip
def macros(book: Book) -> Iterator[Seen]:
    for part in book.package.parts:
        if part.lower().endswith("vbaproject.bin"):
            yield Seen("holds macros, which were not read or run", what=part)


@rule(
    GROUP, Severity.NOTE,
    what="No sheet is empty",
    why="a reader looks for what is missing",
    source="FAST 1.02 Sheet organisation",
    mend="delete the sheet",
)  # fmt: skip
def empty_sheet(book: Book) -> Iterator[Seen]:
    for sheet in book.sheets:
        if sheet.used is None and not sheet.drawn:
            yield Seen("is empty", sheet.name)


@rule(
    GROUP, Severity.NOTE,
    what="A long sheet keeps its headings in sight (frozen panes)",
    why="in row 300 nobody knows what column H is",
    source="FAST 2.03 Header design; WCAG 2.2, 1.3.1",
    mend="select the first cell below the headings; View, Freeze Panes",
)  # fmt: skip
def frozen_panes(book: Book) -> Iterator[Seen]:
    for sheet in book.sheets:
        used = sheet.used
        pane = sheet.element("sheetViews", "sheetView", "pane")
        frozen = pane is not None and pane.get("state", "").startswith("frozen")
        if used and not frozen and (used.bottom > _MANY_ROWS or used.right > _MANY_COLUMNS):
            yield Seen(f"runs to {used} and no pane is frozen", sheet.name)


@rule(
    GROUP, Severity.NOTE,
    what="The file names no folder of its author's computer",
    why="the path tells customers and investors names of people and projects",
    source="Microsoft Document Inspector",
    mend="File, Info, Inspect Document, remove document properties and personal information",
)  # fmt: skip
def author_path(book: Book) -> Iterator[Seen]:
    for element in book.package.workbook.iter():
        if element.tag.endswith("}absPath") and element.get("url"):
            yield Seen(f"the file says that it lay in {element.get('url')}")
