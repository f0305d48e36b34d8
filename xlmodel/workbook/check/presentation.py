"""Rules on presentation: charts, alternative text, colours, number formats, print."""

import re
from collections.abc import Iterator

from xlmodel.workbook.check.book import Book, SheetFacts
from xlmodel.workbook.check.rule import Seen, Severity, Skip, rule
from xlmodel.workbook.check.styles import Style

GROUP = "Presentation"
_LEAST_CONTRAST = 4.5
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[\$[^\]]*\]')
_DAY = re.compile(r"(?<!m)m{1,2}[/.\- ]+d{1,2}(?!d)|(?<!d)d{1,2}[/.\- ]+m{1,2}(?!m)")
_NO_CHART = "no sheet has a chart"


@rule(
    GROUP, Severity.WARNING,
    what="Each chart, picture and shape has alternative text",
    why="who doesn't see it gets nothing else",
    source="Microsoft accessibility checker; WCAG 2.2, 1.1.1",
    mend="right click on it, View Alt Text: say in a sentence what it shows; mark ornaments as "
    "decorative",
)  # fmt: skip
def alternative_text(book: Book) -> Iterator[Seen]:
    if not any(sheet.drawn for sheet in book.sheets):
        raise Skip("no sheet has a chart, picture or shape")
    for sheet in book.sheets:
        for one in sheet.drawn:
            if not (one.alternative or one.decorative):
                yield Seen(f"a {one.kind} without alternative text", sheet.name, what=one.name)


@rule(
    GROUP, Severity.WARNING,
    what="Each chart has a title",
    why="a chart copied into a presentation must say what it shows",
    source="Microsoft accessibility guidance; FAST 2.05 Presentation sheets",
    mend="Chart Design, Add Chart Element, Chart Title",
)  # fmt: skip
def chart_title(book: Book) -> Iterator[Seen]:
    _need_charts(book)
    for sheet in book.sheets:
        for one, chart in sheet.charts:
            if not chart.title:
                yield Seen("a chart without a title", sheet.name, what=one.name)


@rule(
    GROUP, Severity.WARNING,
    what="Each axis of figures has a title, with the unit",
    why="a curve from 0 to 5 is no statement",
    source="Microsoft accessibility guidance; FP&A practice",
    mend="Chart Design, Add Chart Element, Axis Titles",
)  # fmt: skip
def axis_title(book: Book) -> Iterator[Seen]:
    _need_charts(book)
    for sheet in book.sheets:
        for one, chart in sheet.charts:
            if chart.titled_axes < chart.axes:
                text = f"{chart.axes - chart.titled_axes} of {chart.axes} axes without a title"
                yield Seen(text, sheet.name, what=one.name)


@rule(
    GROUP, Severity.WARNING,
    what="Bars begin at zero",
    why="the eye compares lengths: cut bars turn 2 % into double",
    source="FP&A practice (IBCS)",
    mend="Format Axis, Bounds, Minimum: 0",
)  # fmt: skip
def bars_from_zero(book: Book) -> Iterator[Seen]:
    _need_charts(book)
    for sheet in book.sheets:
        for one, chart in sheet.charts:
            for least in chart.bars_from:
                yield Seen(f"bars begin at {least:g}", sheet.name, what=one.name)


@rule(
    GROUP, Severity.WARNING,
    what="Lines are not smoothed",
    why="a smoothed line shows values that nobody computed, beyond the points too",
    source="FP&A practice (IBCS)",
    mend="Format Data Series, Line: clear Smoothed line",
)  # fmt: skip
def smoothed_line(book: Book) -> Iterator[Seen]:
    _need_charts(book)
    for sheet in book.sheets:
        for one, chart in sheet.charts:
            if chart.smoothed:
                yield Seen("a smoothed line", sheet.name, what=one.name)


def _need_charts(book: Book) -> None:
    if not any(sheet.charts for sheet in book.sheets):
        raise Skip(_NO_CHART)


@rule(
    GROUP, Severity.WARNING,
    what="A negative number is not told by red alone",
    why="one man in twelve doesn't see it, and no black-and-white print shows it",
    source="Microsoft accessibility checker; WCAG 2.2, 1.4.1",
    mend="use a number format with a sign or brackets, such as #,##0;-#,##0",
)  # fmt: skip
def red_negative(book: Book) -> Iterator[Seen]:
    for style, seen in _styled(book):
        negative = style.number_format.split(";")[1:2]
        plain = _QUOTED.sub("", negative[0]) if negative else ""
        coloured = re.search(r"\[(?:red|color ?\d+)\]", plain, re.IGNORECASE)
        if coloured and not re.search(r"[-−(]", negative[0]):
            yield seen._replace(seen=f"number format {style.number_format}")


@rule(
    GROUP, Severity.NOTE,
    what="Dates with a day are shown so that they can't be misread (2026-03-04)",
    why="3/4/2026 is March in New York and April in London",
    source="ISO 8601; FP&A practice",
    mend="number format yyyy-mm-dd",
)  # fmt: skip
def date_format(book: Book) -> Iterator[Seen]:
    for style, seen in _styled(book):
        plain = re.sub(r"\[[^\]]*\]", "", _QUOTED.sub(" ", style.number_format.lower()))
        if _DAY.search(plain) and not re.search(r"y[/.\- ]+m", plain):
            yield seen._replace(seen=f"number format {style.number_format}")


@rule(
    GROUP, Severity.WARNING,
    what="Text stands out from its fill, by a contrast of 4.5 to 1 at least",
    why="grey on yellow can't be read by many, on a projector by nobody",
    source="Microsoft accessibility checker; WCAG 2.2, 1.4.3",
    mend="a darker font or a lighter fill",
)  # fmt: skip
def contrast(book: Book) -> Iterator[Seen]:
    for style, seen in _styled(book):
        if style.ink and style.paper:
            found = contrast_of(style.ink, style.paper)
            if found < _LEAST_CONTRAST:
                text = f"#{style.ink} on #{style.paper} is {found:.1f} to 1"
                yield seen._replace(seen=text)


def contrast_of(one: str, other: str) -> float:
    """The contrast of two colours as WCAG defines it.

    >>> round(contrast_of("000000", "FFFFFF"), 3), contrast_of("777777", "777777")
    (21.0, 1.0)
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    try:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    except ValueError:
        return 0.0
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _styled(book: Book) -> Iterator[tuple[Style, Seen]]:
    """Cells that hold something, with their style."""
    for sheet in book.sheets:
        for run in sheet.filled:
            yield sheet.style(run), Seen("", sheet.name, run.place)


def _printed(book: Book) -> list[SheetFacts]:
    return [sheet for sheet in book.sheets if sheet.used]


@rule(
    GROUP, Severity.NOTE,
    what="Pages are printed landscape",
    why="a model is wider than high; in portrait its years fall onto a second page",
    source="FP&A practice",
    mend="Page Layout, Orientation, Landscape",
)  # fmt: skip
def print_landscape(book: Book) -> Iterator[Seen]:
    for sheet in _printed(book):
        setup = sheet.element("pageSetup")
        if setup is None or setup.get("orientation") != "landscape":
            yield Seen("is printed in portrait", sheet.name)


@rule(
    GROUP, Severity.NOTE,
    what="A page holds the sheet's whole width",
    why="columns on a second page are read without their labels",
    source="FP&A practice",
    mend="Page Layout, Width: 1 page, Height: Automatic",
)  # fmt: skip
def print_width(book: Book) -> Iterator[Seen]:
    for sheet in _printed(book):
        fit = sheet.element("sheetPr", "pageSetUpPr")
        setup = sheet.element("pageSetup")
        fits = fit is not None and fit.get("fitToPage") in {"1", "true"}
        if not fits or (setup is not None and setup.get("fitToWidth", "1") != "1"):
            yield Seen("is not fitted to the width of a page", sheet.name)


@rule(
    GROUP, Severity.NOTE,
    what="Headings are repeated on each printed page",
    why="page 3 must be understood without page 1",
    source="FP&A practice",
    mend="Page Layout, Print Titles, Rows to repeat at top",
)  # fmt: skip
def print_titles(book: Book) -> Iterator[Seen]:
    titled = {n.sheet for n in book.package.names if n.name.lower() == "_xlnm.print_titles"}
    for sheet in _printed(book):
        if sheet.name not in titled:
            yield Seen("has no print titles", sheet.name)


@rule(
    GROUP, Severity.NOTE,
    what="A footer names what was printed: workbook or version, sheet, date, page",
    why="a page found on the printer must say from which version it is",
    source="FP&A practice",
    mend="Page Layout, Print Titles, Header/Footer",
)  # fmt: skip
def print_footer(book: Book) -> Iterator[Seen]:
    for sheet in _printed(book):
        texts = [sheet.element("headerFooter", name) for name in ("oddFooter", "oddHeader")]
        if not any(e is not None and (e.text or "").strip() for e in texts):
            yield Seen("has neither footer nor header", sheet.name)
