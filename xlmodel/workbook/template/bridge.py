"""Block of the sheet Founding case: the bridge from the sceptic to this case, and its chart."""

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
    heading,
    remark,
)

LAST = "K"

_BRIDGE = (
    ("Sceptic's margin", "sceptic_margin", "78 less 1,000 USD, as quoted."),
    (
        "Output tokens served",
        "(out_output_tokens_per_day-in_sceptic_tokens_per_day)/10^6*in_sceptic_price",
        "At the founding inputs only his rounding: 25.92, not 26 million tokens.",
    ),
    (
        "Input tokens billed",
        "out_input_tokens_per_day/10^6*in_sceptic_price",
        "At the sceptic's price.",
    ),
    (
        "Price of tokens",
        "out_revenue-out_tokens_per_day/10^6*in_sceptic_price",
        "All tokens, from his price to this case's.",
    ),
    (
        "Cost of the node",
        "in_sceptic_node_cost-out_cost",
        "From his 1,000 USD a day to this case's.",
    ),
)


def _step(
    label: str,
    formula: str,
    note: str,
    form: str = "change",
    role: str = "calculation",
    name: str = "",
) -> Row:
    return Row(
        {
            "B": Cell(label, role="label", column="bridge_label"),
            "C": Cell(f"={formula}", form, role, name, column="bridge_value"),
            "D": Cell("USD/day", role="unit"),
            "E": Cell(note, role="note"),
        }
    )


def rows() -> list[Item]:
    titles = across("Step", "Change", "Unit", "What it is")
    return [
        heading("The bridge from the sceptic's margin to the margin of this case", LAST),
        headers(titles, LAST, "BDEFGHIJK"),
        *(_step(label, formula, note) for label, formula, note in _BRIDGE),
        _step(
            "Margin of this case",
            "SUM(C{first}:C{above})",
            "Sum of the steps; a check compares it with the margin.",
            "money3",
            "output",
            "bridge_total",
        ),
        remark(
            "As published, batching adds nothing to the difference: the sceptic's 26 million "
            "tokens a day are about 300 output tokens/s, batching included (the article gives no "
            "derivation). What his sum left out is input.",
            name="bridge_note",
        ),
        Gap(),
        _CHART,
        *_bars(),
    ]


def _bar(index: int) -> Row:
    """One bar of the bridge chart, cut at zero: an invisible space, then the rise or the fall."""
    label, value = (
        f"INDEX(bridge_{what},ROWS($A${{first}}:$A{{row}}))" for what in ("label", "value")
    )
    low, high = "MIN($C{row},$D{row})", "MAX($C{row},$D{row})"
    above, below = f"(MAX(0,{high})-MAX(0,{low}))", f"(MIN(0,{low})-MIN(0,{high}))"
    formulas = {
        "bar_from": "0" if index in (0, len(_BRIDGE)) else "$D{above}",
        "bar_to": f"$C{{row}}+{value}",
        "bar_space_above": f"MAX(0,{low})",
        "bar_space_below": f"MIN(0,{high})",
        "bar_rise_above": f"IF($D{{row}}>=$C{{row}},{above},0)",
        "bar_rise_below": f"IF($D{{row}}>=$C{{row}},{below},0)",
        "bar_fall_above": f"IF($D{{row}}<$C{{row}},{above},0)",
        "bar_fall_below": f"IF($D{{row}}<$C{{row}},{below},0)",
    }
    cells = {
        "B": Cell(
            f'={label}&": "&SUBSTITUTE(FIXED({value}),"-","−")',
            "general",
            "label",
            column="bar_label",
        )
    }
    for column, (name, formula) in zip("CDEFGHIJ", formulas.items(), strict=True):
        cells[column] = Cell(f"={formula}", "part", column=name)
    return Row(cells)


def _bars() -> list[Item]:
    titles = across("Bars of the chart (USD/day)", "From", "To")
    titles |= {"E": "Space above 0", "F": "Space below 0", "G": "Rise above 0"}
    titles |= {"H": "Rise below 0", "I": "Fall above 0", "J": "Fall below 0"}
    rows = [_bar(index) for index in range(len(_BRIDGE) + 1)]
    return [headers(titles, texts="B"), *rows, Gap()]


_BAR_STYLES = (
    ("Space above 0", "bar_space_above", "nothing"),
    ("Space below 0", "bar_space_below", "nothing"),
    ("Rise above 0", "bar_rise_above", "rise"),
    ("Rise below 0", "bar_rise_below", "rise"),
    ("Fall above 0", "bar_fall_above", "fall"),
    ("Fall below 0", "bar_fall_below", "fall"),
)

_CHART = Charts(
    [
        Chart(
            kind="stacked",
            column="B",
            title="From the sceptic's margin to this case (light: gain, hatched: loss)",
            x_title="",
            y_title="USD/day",
            series=[
                Series(title, "bar_label", name, style, totals="" if style == "nothing" else "dark")
                for title, name, style in _BAR_STYLES
            ],
            alt_text="Bridge in USD a day from the sceptic's margin over output tokens, input "
            "tokens, price and cost to the margin of this case. The figures stand in the table "
            "above.",
            size=(1000, 330),
            legend=False,
            points=len(_BRIDGE) + 1,
        )
    ],
    rows=16,
)
