"""The axes of the grids on sheet Sensitivity: even steps from low to high, and the figure in use.

The figure in use takes a place of its own among the steps unless one of them is that figure, so
that a grid always has the day in use in one of its cells. An axis has a place more than there are
steps; where that is not needed, the last one is a dash.
"""

from typing import NamedTuple

from xlmodel.hosts.syntax import column_letters
from xlmodel.workbook.template.entry import NONE_TYPED
from xlmodel.workbook.template.moved import LABEL, PRICE
from xlmodel.workbook.template.parts import (
    Cell,
    Gap,
    Item,
    Row,
    across,
    headers,
    heading,
    line,
)

PLACES = 8
"""Of the grids of fixed drivers: seven steps and the figure in use."""
PAIR_PLACES = 6
"""Of the grid of any two drivers, which takes a day of its own for each of its cells."""
_FIRST = 7
_NONE = f'"{NONE_TYPED}"'


class Axis(NamedTuple):
    """An axis: its name, what it is called, and how many places it has.

    ``of`` is the formula of one of the driver's figures, such as its unit, with ``{}`` for which.
    """

    name: str
    label: str
    of: str
    places: int


def _driver(label: str) -> str:
    return f"INDEX(driver_{{}},MATCH({label},driver_label,0))"


AXES = (
    Axis("price", f'="{LABEL[PRICE]}"', _driver(f'"{LABEL[PRICE]}"'), PLACES),
    Axis("use", f'="{LABEL["utilization"]}"', _driver(f'"{LABEL["utilization"]}"'), PLACES),
    Axis("down", "=in_pair_down", _driver("in_pair_down"), PAIR_PLACES),
    Axis("along", "=in_pair_across", _driver("in_pair_across"), PAIR_PLACES),
)


def place(axis: str, position: str) -> str:
    """The formula of an axis's value at a position counted from 1: the steps in rising order."""
    return f"=IFERROR(SMALL(steps_{axis},{position}),{_NONE})"


def mark(axis: str, cell: str) -> str:
    """The formula of the word beside an axis's value, so that the figure in use is marked."""
    over = f"{cell}-axis_{axis}_in_use"
    return f'=IFERROR(IF({over}=0,"in use",IF({over}<0,"lower","higher")),{_NONE})'


def _steps(axis: str, places: int, step: str) -> dict[str, Cell]:
    """The candidates of an axis: its steps, then the figure in use if it is none of them."""
    first, last = column_letters(_FIRST), column_letters(_FIRST + places - 2)
    known = f"SUMPRODUCT(--(${first}{{row}}:${last}{{row}}=$D{{row}}))>0"
    cells = {}
    for number in range(places - 1):
        column = column_letters(_FIRST + number)
        done = f"(COLUMNS(${first}$1:{column}$1)-1)"
        share = f"({done}/(COLUMNS(${first}$1:${last}$1)-1))"
        formula = f"=IFERROR({step.format(share=share, done=done)},{_NONE})"
        cells[column] = Cell(formula, "general", "calculation_text", across=f"steps_{axis}")
    own = f"=IFERROR(IF({known},{_NONE},$D{{row}}),{_NONE})"
    cells[column_letters(_FIRST + places - 1)] = Cell(
        own, "general", "calculation_text", across=f"steps_{axis}"
    )
    return cells


def _row(axis: Axis) -> Row:
    step = "$E{{row}}+{share}*($F{{row}}-$E{{row}})"
    near = f"ABS({step}-$D{{{{row}}}})<=in_tolerance"
    even = f"IF($E{{{{row}}}}=$F{{{{row}}}},{_NONE},IF({near},$D{{{{row}}}},{step}))"
    figures = {
        "D": Cell(f"=IFERROR({axis.of.format('in_use')},{_NONE})", "general", "calculation_text",
                  f"axis_{axis.name}_in_use"),
        "E": Cell(f"=IFERROR({axis.of.format('low')},{_NONE})", "general", "calculation_text"),
        "F": Cell(f"=IFERROR({axis.of.format('high')},{_NONE})", "general", "calculation_text"),
    }  # fmt: skip
    return Row(
        {
            "B": Cell(axis.label, "general", "label", f"axis_{axis.name}_label"),
            "C": Cell(f"=IFERROR({axis.of.format('unit')},{_NONE})", "general", "unit",
                      f"axis_{axis.name}_unit"),
            **figures,
            **_steps(axis.name, axis.places, even),
        }
    )  # fmt: skip


def _batches() -> Row:
    """Whole batches from one request to the most, each about the same factor above the last."""
    here = "INT($F{{row}}^{share})"
    before = "INT($F{{row}}^(({done}-1)/(COLUMNS($G$1:$M$1)-1)))"
    step = f"IF({here}={before},{_NONE},{here})"
    most = f"=IFERROR(MAX(1,most_requests),{_NONE})"
    return Row(
        {
            "B": Cell("Requests in flight", role="label", name="axis_batch_label"),
            "C": Cell("sequences", role="unit", name="axis_batch_unit"),
            "D": Cell(f"=IFERROR(out_replica_batch*1,{_NONE})", "general", "calculation_text",
                      "axis_batch_in_use"),
            "E": Cell("=1", "general", "calculation_text"),
            "F": Cell(most, "general", "calculation_text"),
            **_steps("batch", PLACES, step),
        }
    )  # fmt: skip


def rows(last: str) -> list[Item]:
    """The block: a row for each axis."""
    titles = across("Axis of a grid", "Unit", "In use", "Low", "High", "Steps, then the")
    titles |= {column_letters(_FIRST + 1): "figure in use"}
    group = "=IFERROR(INDEX(driver_group,MATCH({},driver_label,0)),{})"
    both = f'OR(in_pair_down="{LABEL[PRICE]}",in_pair_across="{LABEL[PRICE]}")'
    return [
        heading("Axes of the grids", last),
        headers(titles, last=last, texts="BC"),
        *(_row(axis) for axis in AXES),
        _batches(),
        line("What the pair's first moves", group.format("in_pair_down", _NONE), "general", "",
             name="pair_down_group", role="calculation_text"),
        line("What the pair's second moves", group.format("in_pair_across", _NONE), "general", "",
             name="pair_across_group", role="calculation_text"),
        line("Both move one figure",
             f"=OR(in_pair_down=in_pair_across,AND(pair_down_group=pair_across_group,{both}))",
             "general", "TRUE = yes", name="pair_clash", role="calculation_text"),
        Gap(),
    ]  # fmt: skip
