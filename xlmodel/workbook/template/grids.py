"""The grids of sheet Sensitivity: a result for each pair of values of two drivers.

The day in use stands in one cell of each grid: words beside both axes say where, and the cell is
bold and boxed. Darker is more, in greyscale too.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from xlmodel.hosts.syntax import column_letters, column_number
from xlmodel.workbook.template import axes
from xlmodel.workbook.template.calls import LIVE, REPLICA, call
from xlmodel.workbook.template.entry import NONE_TYPED
from xlmodel.workbook.template.moved import TOKEN_PRICES
from xlmodel.workbook.template.parts import (
    Break,
    Cell,
    Gap,
    Heat,
    Item,
    Row,
    When,
    heading,
    height,
    remark,
)

_NONE = f'"{NONE_TYPED}"'
_FIRST = "D"
"""Column of the first value across."""
_TITLES = {
    "L": "Rate with\ndecoding gain\n(tokens/s)",
    "M": "Output rate\ncomputed\n(tokens/s)",
    "N": "Time spent\non input\n(share)",
}
"""Beside the batches."""


class _Grid(NamedTuple):
    """A grid: what it is, its axes, and the formula of a cell.

    The formula is made from the addresses of the two values and the column. ``forms`` are the
    number forms of the axes and of the cells.
    """

    name: str
    title: str
    note: Row
    down: str
    along: str
    places: int
    formula: Callable[[str, str, str], str]
    forms: tuple[str, str, str]


def _margin(factor: str, **instead: str) -> str:
    """The margin with all token prices times a factor, and with other arguments instead."""
    prices = {price: f"{factor}*{LIVE[price]}" for price in TOKEN_PRICES}
    return f"IFERROR({call('NODE_MARGIN', LIVE, **prices, **instead)},{_NONE})"


def _of_pair(down: str, along: str, column: str) -> str:
    """One of the days of the pair, which stand one after the other on sheet Sensitivity days."""
    head = along.rpartition("$")[2]
    place = (
        f"(ROWS($A${head}:$A{{above}})-1)*COLUMNS(pair_grid_across)+COLUMNS(${_FIRST}$1:{column}$1)"
    )
    clear = f"AND(NOT(pair_clash),ISNUMBER({down}),ISNUMBER({along}))"
    return f"IF({clear},INDEX(day_pair_watched,{place}),{_NONE})"


def _told(name: str, formula: str) -> Row:
    return Row({"B": Cell(f"={formula}", "general", "remark", name)})


_FOLLOWS = (
    'IF(in_rate_from="computed","The output rate follows the requests in flight.",'
    '"The output rate in use is typed and does not follow the requests in flight; here it is the '
    'computed one: column L.")'
)
_CHOSEN = (
    'IF(pair_clash,"Nothing to show: both move the same figure. Choose two others on Inputs.",'
    'in_watched&" ("&watched_unit&"), all other drivers as in use.")'
)

_GRIDS = (
    _Grid(
        "use_grid",
        "Margin by price and utilization (USD/day)",
        remark("Cost and output rate as in use. Boxed: the day in use. Darker is more."),
        "price",
        "use",
        axes.PLACES,
        lambda down, along, _: _margin(down, utilization=along),
        ("factor", "share", "money"),
    ),
    _Grid(
        "batch_grid",
        "Margin by requests in flight and price (USD/day)",
        _told("batch_note", _FOLLOWS),
        "batch",
        "price",
        axes.PLACES,
        lambda _, along, __: _margin(along, output_tps="$L{row}"),
        ("whole", "factor", "money"),
    ),
    _Grid(
        "pair_grid",
        "The result watched by two drivers chosen on Inputs",
        _told("pair_note", _CHOSEN),
        "down",
        "along",
        axes.PAIR_PLACES,
        _of_pair,
        ("price", "price", "price"),
    ),
)


def _rates() -> dict[str, Cell]:
    """Beside a batch: the rate that comes out for it, and what it is made of."""
    computed = call("NODE_TPS", REPLICA, batch="$C{row}")
    prefill = f"IFERROR({call('PREFILL_SHARE', REPLICA, batch='$C{row}')},0)"
    cells = {
        "L": ("rate", "$M{row}*NODE_DECODING_GAIN(in_decoding_gain,$N{row})"),
        "M": ("rate", computed),
        "N": ("share", f"IF(COUNT(in_prefill_share)>0,in_prefill_share,{prefill})"),
    }
    return {
        column: Cell(f"=IFERROR({formula},{_NONE})", form, "calculation_text",
                     column=f"batch_rate_{column.lower()}")
        for column, (form, formula) in cells.items()
    }  # fmt: skip


def _columns(grid: _Grid) -> list[str]:
    first = column_number(_FIRST)
    return [column_letters(first + place) for place in range(grid.places)]


def _heads(grid: _Grid, row: int) -> list[Row]:
    """The words that mark the figure in use, and below them the values across in that row."""

    def told(side: str, axis: str) -> dict[str, Cell]:
        text = f'="{side}: "&axis_{axis}_label&" ("&axis_{axis}_unit&")"'
        return {"B": Cell(text, "general", "header_left"), "C": Cell(None, role="header")}

    words, values = told("Across", grid.along), told("Down", grid.down)
    for column in _columns(grid):
        words[column] = Cell(axes.mark(grid.along, f"{column}{row}"), "general", "header")
        place = f"COLUMNS(${_FIRST}$1:{column}$1)"
        values[column] = Cell(
            axes.place(grid.along, place), grid.forms[1], "header", across=f"{grid.name}_across"
        )
    if grid.name == "batch_grid":
        words |= {column: Cell(None, role="header") for column in _TITLES}
        values |= {column: Cell(title, role="header") for column, title in _TITLES.items()}
    return [Row(words), Row(values, height=50 if grid.name == "batch_grid" else None)]


def _row(grid: _Grid, heads: int) -> Row:
    down = axes.place(grid.down, "ROWS($A${first}:$A{row})")
    cells = {
        "B": Cell(axes.mark(grid.down, "$C{row}"), "general", "calculation_text"),
        "C": Cell(down, grid.forms[0], "axis", column=f"{grid.name}_down"),
    }
    for column in _columns(grid):
        formula = grid.formula("$C{row}", f"{column}${heads}", column)
        cells[column] = Cell(
            f"={formula}", grid.forms[2], "calculation_text", area=f"{grid.name}_values"
        )
    return Row(cells | (_rates() if grid.name == "batch_grid" else {}))


def rows(before: int, last: str) -> list[Item]:
    """The grids; ``before`` is the last row above them."""
    items: list[Item] = [Break()]
    for grid in _GRIDS:
        items += [Break()] if grid.name == "pair_grid" else []
        items += [heading(grid.title, last), grid.note]
        heads = before + height(items) + 2
        items += [*_heads(grid, heads), *(_row(grid, heads) for _ in range(grid.places)), Gap()]
    return items


UNITS = {"share": "share", "USD/day": "money", "factor": "factor", "tokens/s": "rate"}
"""Number forms of drivers by unit; what is not listed shows as a price."""


def marks(of_result: Mapping[str, str]) -> list[Heat | When]:
    """The shades, the box around the day in use, and the forms of the pair's figures.

    ``of_result`` has the condition of each number form of the result watched.
    """
    found: list[Heat | When] = []
    for grid in _GRIDS:
        values = f"{grid.name}_values"
        here = f"$C{{row}}=axis_{grid.down}_in_use,{_FIRST}${{head}}=axis_{grid.along}_in_use"
        if grid.name == "pair_grid":
            for form, holds in of_result.items():
                found.append(When(values, f"AND({holds},{here})", f"base_{form}"))
        found.append(When(values, f"AND({here})", "base"))
        if grid.name == "pair_grid":
            found += [When(values, holds, form) for form, holds in of_result.items()]
        found.append(Heat(values))
    for side, axis in (("down", "down"), ("across", "along")):
        for unit, form in UNITS.items():
            found.append(When(f"pair_grid_{side}", f'axis_{axis}_unit="{unit}"', form))
    return found
