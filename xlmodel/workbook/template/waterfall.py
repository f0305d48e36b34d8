"""A bridge from one amount to another: its steps, the bars of its chart, and the chart.

The first step is a level, each further one a change, the last one the sum. A chart has no bars that
float and may cross zero, so each bar is cut at zero: an invisible space, then the rise or the fall.
``name`` tells the bridges of a workbook apart; reports look for ``bridge_…``, ``walk_…`` and
``variance_…``.
"""

from xlmodel.workbook.template.parts import (
    Cell,
    Chart,
    Charts,
    Gap,
    Item,
    Row,
    Series,
    across,
    headers,
)

_STYLES = (
    ("Space above 0", "space_above", "nothing"),
    ("Space below 0", "space_below", "nothing"),
    ("Rise above 0", "rise_above", "rise"),
    ("Rise below 0", "rise_below", "rise"),
    ("Fall above 0", "fall_above", "fall"),
    ("Fall below 0", "fall_below", "fall"),
)


_UNIT = "USD/day"


def step(
    name: str, label: str, formula: str, note: str, cell: str = "", *, unit: str = _UNIT
) -> Row:
    """One step and what it adds, in a cell of that name."""
    return _line(name, label, formula, note, Cell(form="change", name=cell), unit)


def total(name: str, label: str, note: str, *, unit: str = _UNIT) -> Row:
    """The sum of the steps, named ``…_total``."""
    shown = Cell(form="money3", role="output", name=f"{name}_total")
    return _line(name, label, "SUM(C{first}:C{above})", note, shown, unit)


def _line(name: str, label: str, formula: str, note: str, shown: Cell, unit: str) -> Row:
    return Row(
        {
            "B": Cell(label, role="label", column=f"{name}_label"),
            "C": shown._replace(value=f"={formula}", column=f"{name}_value"),
            "D": Cell(unit, role="unit"),
            "E": Cell(note, role="note"),
        }
    )


def bars(name: str, steps: int, unit: str = _UNIT) -> list[Item]:
    """The table that the chart rests on, for so many rows with the sum among them."""
    titles = across(f"Bars of the chart ({unit})", "From", "To")
    titles |= dict(zip("EFGHIJ", (title for title, *_ in _STYLES), strict=True))
    return [headers(titles, texts="B"), *(_bar(name, i, steps - 1) for i in range(steps)), Gap()]


def _bar(name: str, index: int, last: int) -> Row:
    label, value = (
        f"INDEX({name}_{what},ROWS($A${{first}}:$A{{row}}))" for what in ("label", "value")
    )
    low, high = "MIN($C{row},$D{row})", "MAX($C{row},$D{row})"
    above, below = f"(MAX(0,{high})-MAX(0,{low}))", f"(MIN(0,{low})-MIN(0,{high}))"
    formulas = {
        "from": "0" if index in (0, last) else "$D{above}",
        "to": f"$C{{row}}+{value}",
        "space_above": f"MAX(0,{low})",
        "space_below": f"MIN(0,{high})",
        "rise_above": f"IF($D{{row}}>=$C{{row}},{above},0)",
        "rise_below": f"IF($D{{row}}>=$C{{row}},{below},0)",
        "fall_above": f"IF($D{{row}}<$C{{row}},{above},0)",
        "fall_below": f"IF($D{{row}}<$C{{row}},{below},0)",
    }
    text = f'={label}&": "&SUBSTITUTE(FIXED({value}),"-","−")'
    cells = {"B": Cell(text, "general", "label", column=f"{name}_bar_label")}
    for column, (part, formula) in zip("CDEFGHIJ", formulas.items(), strict=True):
        cells[column] = Cell(f"={formula}", "part", column=f"{name}_bar_{part}")
    return Row(cells)


def chart(name: str, title: str, alt_text: str, steps: int, unit: str = _UNIT) -> Charts:
    """The chart of the bars."""
    series = [
        Series(
            title,
            f"{name}_bar_label",
            f"{name}_bar_{part}",
            style,
            totals="" if style == "nothing" else "dark",
        )
        for title, part, style in _STYLES
    ]
    drawn = Chart(
        kind="stacked",
        column="B",
        title=title,
        x_title="",
        y_title=unit,
        series=series,
        alt_text=alt_text,
        size=(1000, 330),
        legend=False,
        points=steps,
    )
    return Charts([drawn], rows=16)
