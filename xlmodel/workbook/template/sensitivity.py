"""The sheet Sensitivity: which driver moves the result most, and what two do together.

Each driver alone, by its low and its high on Inputs, widest first, with the chart that is called a
tornado; then the margin by price and utilization, by price and batch, and the result watched by any
two drivers. All is formulas; the days behind them stand on sheet Sensitivity days.
"""

from xlmodel.workbook.template import grids
from xlmodel.workbook.template.entry import NONE_TYPED
from xlmodel.workbook.template.layout import HEAD_ROWS
from xlmodel.workbook.template.moved import MOVED
from xlmodel.workbook.template.parts import (
    Cell,
    Chart,
    Charts,
    Gap,
    Item,
    Row,
    Series,
    Sheet,
    When,
    across,
    columns_to,
    headers,
    heading,
    height,
    line,
    remark,
)

_LAST = "N"
_NONE = f'"{NONE_TYPED}"'
_PLACE = "ROWS($A${first}:$A{row})"

# Each driver alone.


def _watched() -> list[Item]:
    return [
        line("Result watched", "=in_watched", "general", "name", "Chosen on Inputs.",
             role="calculation_text"),
        line("Unit of the result", "=INDEX(watched_units,watched_place)", "general", "unit",
             name="watched_unit", role="calculation_text"),
        line("Place of the result", "=MATCH(in_watched,watched_titles,0)", "whole", "column",
             "Among the results of a day on sheet Sensitivity days.", name="watched_place"),
    ]  # fmt: skip


_ALONE = (
    ("Driver, widest swing first", "label", "label", "general"),
    ("Low", "low", "calculation_text", "price"),
    ("High", "high", "calculation_text", "price"),
    ("Unit", "unit", "unit", "general"),
    ("Result\nat low", "at_low", "calculation_text", "price"),
    ("Result\nin use", "base", "calculation_text", "price"),
    ("Result\nat high", "at_high", "calculation_text", "price"),
    ("Swing", "swing", "output_text", "price"),
    ("Low and high", "how", "note", "general"),
)


def _alone_row() -> Row:
    cells = {}
    for column, (_, what, role, form) in across(*_ALONE).items():
        formula = f"=INDEX(driver_{what},MATCH({_PLACE},driver_rank,0))"
        cells[column] = Cell(formula, form, role, column=f"sorted_{what}")
    return Row(cells)


def _alone() -> list[Item]:
    titles = across(*(title for title, *_ in _ALONE))
    return [
        heading("Each driver alone, from its low to its high", _LAST),
        headers(titles, last=_LAST, texts="BEJ"),
        *(_alone_row() for _ in MOVED),
        remark("Lows and highs stand on Inputs; a blank one is 10 % from the figure in use. All "
               "token prices move by one factor. “xlmodel sensitivity” moves every input."),
        Gap(),
    ]  # fmt: skip


_SHARE = 'watched_unit="share of revenue"'
_OF_RESULT = {"share": _SHARE, "money": 'watched_unit="USD/day"'}
"""When the result watched has which number form; else it shows as a price."""


def _marks() -> list[When]:
    ends = [
        When(f"sorted_{end}", f'$E{{row}}="{unit}"', form)
        for end in ("low", "high")
        for unit, form in grids.UNITS.items()
    ]
    results = [
        When(f"sorted_{what}", holds, form)
        for what in ("at_low", "base", "at_high", "swing")
        for form, holds in _OF_RESULT.items()
    ]
    return [*ends, *results]


def _words() -> list[Item]:
    """The words of the sentence and the chart, apart, since a formula is not to be long."""

    def told(label: str, figure: str, name: str) -> Row:
        amount = f'FIXED({figure})&" "&watched_unit'
        text = f'SUBSTITUTE(IF({_SHARE},FIXED(100*{figure},1)&" %",{amount}),"-","−")'
        return line(label, f"=IFERROR({text},{_NONE})", "general", "", name=name, role="label")

    ends = "INDEX(driver_at_{},MATCH(1,driver_rank,0))"
    return [
        heading("Words of this sheet", _LAST),
        told("Result in use, in words", "today_watched", "said_in_use"),
        told("At the low of the widest driver, in words", ends.format("low"), "said_low"),
        told("At the high of the widest driver, in words", ends.format("high"), "said_high"),
        line("Title of the tornado",
             '="What moves the "&LOWER(in_watched)&" most? "&INDEX(sorted_label,1)&"."',
             "general", "", name="tornado_title", role="label"),
        line("Axis of the tornado",
             '="Change of the "&LOWER(in_watched)&" from "&said_in_use&" in use ("'
             '&watched_unit&")"',
             "general", "", name="tornado_axis", role="label"),
    ]  # fmt: skip


def _answer() -> Row:
    told = (
        '="The "&LOWER(in_watched)&" is moved most by “"&INDEX(driver_words,MATCH(1,driver_rank,0))'
        '&"”: from "&said_low&" to "&said_high&"; in use it is "&said_in_use&"."'
    )
    return Row({"B": Cell(told, "general", "remark", "answer_sensitivity")})


_CHART = Charts(
    [
        Chart(
            kind="tornado",
            column="B",
            title="tornado_title",
            x_title="",
            y_title="tornado_axis",
            series=[
                Series("At the low", "tornado_text", "tornado_low", "cost"),
                Series("At the high", "tornado_text", "tornado_high", "dark"),
            ],
            alt_text="Lying bars: for each driver how far the result changes from the one in use "
            "when the driver is at its low (hatched) and at its high (solid), the widest on top. "
            "The figures stand in the table “Each driver alone” on this sheet.",
            y_form="general",
            size=(1060, 400),
        )
    ],
    rows=20,
)


def sheet() -> Sheet:
    """The description of the sheet."""
    above: list[Item] = [_answer(), Gap(), *_watched(), Gap(), *_alone(), _CHART, Gap()]
    made = grids.rows(HEAD_ROWS + height(above), _LAST)
    widths = {"A": 2, **dict.fromkeys(columns_to(_LAST), 13.0), "B": 43, "C": 17}
    return Sheet(
        name="Sensitivity",
        title="Sensitivity of the day",
        about="Which driver moves the result most, and what two do together. Lows and highs are "
        "chosen on Inputs; the days behind the figures stand on sheet Sensitivity days.",
        widths=widths,
        items=[*above, *made, *_words()],
        frozen_rows=4,
        marks=[*_marks(), *grids.marks(_OF_RESULT)],
    )
