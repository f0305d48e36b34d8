"""The sheet Sensitivity days: the day worked out anew for each driver, and for pairs of two.

A row is a day: which driver is moved to what (a pair moves two), then the chain of the day from
left to right, as ``day`` declares it. The first row is the day in use; a check holds it equal to
sheet Margin. The sheet Sensitivity shows what comes of it, and takes its axes from here.
"""

from typing import NamedTuple

from xlmodel.hosts.syntax import column_letters
from xlmodel.workbook.template import axes
from xlmodel.workbook.template.day import DRIVERS, RESULTS, WORKING, Line
from xlmodel.workbook.template.entry import NONE_TYPED
from xlmodel.workbook.template.layout import HEAD_ROWS
from xlmodel.workbook.template.moved import LABEL, MOVED, PRICE, TOKEN_PRICES, WATCHED, Moved
from xlmodel.workbook.template.parts import (
    Break,
    Cell,
    Gap,
    Item,
    Row,
    Sheet,
    across,
    columns_to,
    headers,
    heading,
    height,
    remark,
)

_PLACE = "ROWS($A${first}:$A{row})"
_NONE = f'"{NONE_TYPED}"'


def _or_none(formula: str) -> str:
    return f"=IFERROR({formula},{_NONE})"


# What is moved, and how far.


def _range_row(one: Moved) -> Row:
    low, high = (f"in_{end}_{one.key}" for end in ("low", "high"))
    above = "$D{row}*(1+10/100)"
    above = f"MIN(1,{above})" if one.unit == "share" else above
    said = 'IF($C{{row}}="share",FIXED(100*{0},1)&" %",FIXED({0}))'

    def told(word: str, column: str) -> str:
        text = f'SUBSTITUTE({said.format(f"${column}{{row}}")},"-","−")'
        return f'=IFERROR("{word} "&{text},{_NONE})'

    group = "token prices" if one.key in (PRICE, *TOKEN_PRICES) else one.label
    outside = "OR($D{row}<$E{row},$D{row}>$F{row})"
    stated = f'CHOOSE(1+COUNT({low},{high}),"10 % each way","one end stated","stated")'
    figures = across(
        Cell(one.label, role="label", column="driver_label"),
        Cell(one.unit, role="unit", column="driver_unit"),
        Cell(_or_none(one.in_use), one.form, column="driver_in_use"),
        Cell(_or_none(f"IF(ISNUMBER({low}),{low},$D{{row}}*(1-10/100))"), one.form,
             column="driver_low"),
        Cell(_or_none(f"IF(ISNUMBER({high}),{high},{above})"), one.form, column="driver_high"),
        Cell(f"=IFERROR(INDEX(day_low_watched,{_PLACE}),{_NONE})", "general",
             column="driver_at_low"),
        Cell("=today_watched", "general", column="driver_base"),
        Cell(f"=IFERROR(INDEX(day_high_watched,{_PLACE}),{_NONE})", "general",
             column="driver_at_high"),
        Cell(_or_none("MAX($G{row}:$I{row})-MIN($G{row}:$I{row})"), "general",
             column="driver_swing"),
        Cell("=SUMPRODUCT(--(driver_swing>$J{row}))"
             "+SUMPRODUCT(--($J${first}:$J{row}=$J{row}))", "whole", column="driver_rank"),
        Cell(told("from", "E"), "general", column="driver_low_text"),
        Cell(told("to", "F"), "general", column="driver_high_text"),
    )  # fmt: skip
    words = {
        "N": Cell(f'=IF({outside},"in use is outside",{stated})', "general", "note",
                  column="driver_how"),
        "P": Cell('=$B{row}&": "&$L{row}&" "&$M{row}&'
                  'IF(OR($C{row}="share",$C{row}="factor",$C{row}="ratio"),""," "&$C{row})',
                  "general", "note", column="driver_words"),
        "U": Cell(group, "general", "note", column="driver_group"),
    }  # fmt: skip
    return Row(_texts(figures) | words)


def _texts(cells: dict[str, Cell]) -> dict[str, Cell]:
    """Figures that may be a dash stand at the right like the others."""
    return {
        column: cell._replace(role="calculation_text") if cell.role == "calculation" else cell
        for column, cell in cells.items()
    }


def _ranges() -> list[Item]:
    titles = across(
        "Driver", "Unit", "In use", "Low", "High", "Result\nat low", "Result\nin use",
        "Result\nat high", "Swing", "Rank", "Low\nin words", "High\nin words", "Low and high",
    )  # fmt: skip
    titles |= {"P": "In words", "U": "Moves with"}
    return [
        heading("How far each driver moves, and what comes of it", _LAST),
        remark("Unit of the results and swings: that of the result watched, see Inputs."),
        headers(titles, last=_LAST, texts="BCNPU"),
        *(_range_row(one) for one in MOVED),
        Gap(),
    ]


# The bars of the tornado.


def _bar_row() -> Row:
    def of(column: str) -> str:
        return f"INDEX({column},MATCH({_PLACE},driver_rank,0))"

    low, high = (f"=IFERROR({of(f'driver_at_{end}')}-today_watched,0)" for end in ("low", "high"))
    cells = across(
        Cell(f"={of('driver_label')}", "general", "label", column="tornado_driver"),
        Cell(low, "change", column="tornado_low"),
        Cell(high, "change", column="tornado_high"),
        Cell(f"={of('driver_words')}", "general", "note", column="tornado_text"),
    )
    return Row(cells)


def _bars() -> list[Item]:
    titles = across(
        "Bars of the chart, widest first", "Change\nat low", "Change\nat high", "In the chart"
    )
    return [headers(titles, last=_LAST, texts="BE"), *(_bar_row() for _ in MOVED), Gap()]


# The days themselves.


class _Column(NamedTuple):
    """A column of the table of days: its key in the chain, title, unit, form, formula."""

    key: str
    title: str
    unit: str
    form: str
    formula: str


_MOVES = ("B", "C", "D", "E")
"""First driver, its value, second driver, its value."""
_KEPT = ("tokens", "cost", *WATCHED)
_RESULTS = tuple(one for one in RESULTS if one.key in _KEPT)
_CHAIN = (*DRIVERS, *WORKING, *_RESULTS)
_FIRST = len(_MOVES) + 2
_COLUMN = {key: column_letters(_FIRST + place) for place, key in
           enumerate((PRICE, *(one.key for one in _CHAIN), "watched"))}  # fmt: skip
_LAST = _COLUMN["watched"]
_ONLY_HITS = ("computed", "batch", "prefill")
"""Lines that only the hit rate moves; where it is as in use, they are too, and cost no time."""
_IN_EFFECT = dict(zip(TOKEN_PRICES, ("input", "output", "cached"), strict=True))


def _moved(key: str, titles: int, base: int) -> str:
    """A driver: the value of the day's first or second move if it is that one, else as in use."""
    column = _COLUMN[key]
    name, as_in_use = f"{column}${titles}", f"{column}${base}"
    if key in TOKEN_PRICES:
        factor = f"${_COLUMN[PRICE]}{{row}}"
        scaled = f"{factor}*${_COLUMN[_IN_EFFECT[key]]}${base}"
        as_in_use = f"IF({factor}=1,{as_in_use},{scaled})"
    pick = f"IF($B{{row}}={name},$C{{row}},$E{{row}})"
    return f"=IF(OR($B{{row}}={name},$D{{row}}={name}),{pick},{as_in_use})"


def _along_the_row(formula: str) -> str:
    """The mix of GPUs as it stands on this sheet: along the row, as the prices of a day do."""
    return formula.replace("mix_share", "tried_share").replace("mix_loss", "tried_loss")


def _worked(one: Line, base: int) -> str:
    """A line of the chain in the same row."""
    formula = _along_the_row(one.formula)
    if one.key in _ONLY_HITS:
        hits, own = _COLUMN["cache_hit_rate"], _COLUMN[one.key]
        formula = f"IF(${hits}{{row}}=${hits}${base},${own}${base},{formula})"
    return _or_none(_placed(formula))


def _placed(formula: str) -> str:
    for key, column in _COLUMN.items():
        formula = formula.replace(f"[{key}]", f"${column}{{row}}")
    return formula


def _watched() -> str:
    return f"=CHOOSE(watched_place,{','.join(f'${_COLUMN[key]}{{row}}' for key in WATCHED)})"


def _day(block: str, moves: dict[str, Cell], titles: int, base: int) -> Row:
    cells = dict(moves)
    formulas = {PRICE: _moved(PRICE, titles, base)}
    formulas |= {one.key: _moved(one.key, titles, base) for one in DRIVERS}
    formulas |= {one.key: _worked(one, base) for one in (*WORKING, *_RESULTS)}
    forms = {PRICE: "factor", **{one.key: one.form for one in _CHAIN}, "watched": "general"}
    for key, column in _COLUMN.items():
        formula = formulas.get(key, _watched())
        name = f"day_{block}_{key}" if key == "watched" else ""
        cells[column] = Cell(formula, forms[key], "calculation_text", column=name)
    return Row(cells)


def _base_row() -> Row:
    cells = {"B": Cell("In use", role="label")}
    cells |= {column: Cell(NONE_TYPED, role="calculation_text") for column in _MOVES[1:]}
    cells[_COLUMN[PRICE]] = Cell("=1", "factor", "calculation_text")
    for one in DRIVERS:
        live = f"=live_{one.key}"
        cells[_COLUMN[one.key]] = Cell(live, one.form, "calculation_text")
    for one in (*WORKING, *_RESULTS):
        formula = _along_the_row(one.formula)
        cells[_COLUMN[one.key]] = Cell(
            _or_none(_placed(formula)), one.form, "output_text" if one.key == "margin" else
            "calculation_text", f"today_{one.key}"
        )  # fmt: skip
    cells[_LAST] = Cell(_watched(), "general", "calculation_text", "today_watched")
    return Row(cells)


def _alone(end: str, row: int) -> dict[str, Cell]:
    """A driver at one end; it stands in that row of the ranges above."""
    none = Cell(NONE_TYPED, role="calculation_text")
    value = {"low": "E", "high": "F"}[end]
    return across(
        Cell(f"=$B{row}", "general", "label"),
        Cell(f"=${value}{row}", "general", "calculation_text"),
        none,
        none,
    )


def _together() -> dict[str, Cell]:
    """Two drivers at a place of their grid, row by row."""
    size = "COLUMNS(pair_grid_across)"
    place = f"({_PLACE}-1)"
    down, along = f"1+INT({place}/{size})", f"1+MOD({place},{size})"
    return across(
        Cell("=in_pair_down", "general", "label"),
        Cell(axes.place("down", down), "general", "calculation_text", column="day_pair_down"),
        Cell("=in_pair_across", "general", "label"),
        Cell(axes.place("along", along), "general", "calculation_text", column="day_pair_along"),
    )


def _mix_row(what: str, label: str) -> Row:
    """The mix along the row, as the prices of a day stand."""
    cells = {"B": Cell(label, role="label"), "C": Cell("share", role="unit")}
    for key in ("main", "reserved", "spot"):
        column = _COLUMN[key]
        place = f"COLUMNS(${_COLUMN['main']}$1:{column}$1)"
        formula = f"=INDEX(mix_{what},{place})"
        cells[column] = Cell(formula, "share", across=f"tried_{what}")
    return Row(cells)


def _days(before: int) -> list[Item]:
    """The table; ``before`` is the last row above it."""
    named = {PRICE: (LABEL[PRICE], "factor"), "watched": ("Result watched", "see Inputs")}
    named |= {one.key: (LABEL.get(one.key, one.label), one.unit) for one in _CHAIN}
    titles = across("First driver moved", "to", "Second driver moved", "to")
    titles |= {column: named[key][0] for key, column in _COLUMN.items()}
    units = {column: Cell(named[key][1], role="unit_right") for key, column in _COLUMN.items()}
    units |= {"B": Cell("Unit", role="unit")}
    units |= {c: Cell("its own", role="unit_right") for c in ("C", "E")}
    above: list[Item] = [
        Break(),
        heading("The days: one row each, worked out from left to right", _LAST),
        remark("One driver is moved and all others are as in use; the last rows move two."),
        _mix_row("share", "Shares of the GPU mix"),
        _mix_row("loss", "Hours lost"),
    ]
    title_row = before + height(above) + 1
    base = title_row + 2
    shown = headers(titles, last=_LAST, texts="BD")
    cells = {c: cell._replace(role="header_left") if c == "D" else cell
             for c, cell in shown.cells.items()}  # fmt: skip
    for key in WATCHED:
        column = _COLUMN[key]
        cells[column] = cells[column]._replace(across="watched_titles")
        units[column] = units[column]._replace(across="watched_units")
    first = HEAD_ROWS + height(_ranges()) - len(MOVED)  # a gap below the drivers
    days = [
        _day(end, _alone(end, first + place), title_row, base)
        for end in ("low", "high")
        for place in range(len(MOVED))
    ]
    size = axes.PAIR_PLACES
    pairs = [_day("pair", _together(), title_row, base) for _ in range(size * size)]
    return [*above, Row(cells, 98), Row(units, 33), _base_row(), Gap(), *days, *pairs]


def sheet() -> Sheet:
    """The description of the sheet."""
    above: list[Item] = [*_ranges(), *_bars(), *axes.rows(_LAST)]
    widths = dict.fromkeys(columns_to(_LAST), 8.8) | {"A": 2, "B": 27, "C": 17, "D": 18, "E": 11}
    return Sheet(
        name="Sensitivity days",
        title="The days behind sheet Sensitivity",
        about="Working: the day of the node with one driver, or two, moved. Nothing is typed here; "
        "lows and highs stand on Inputs.",
        widths=widths,
        items=[*above, *_days(HEAD_ROWS + height(above))],
        frozen_rows=4,
    )
