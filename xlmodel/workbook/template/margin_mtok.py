"""Block of the sheet Margin: what a million tokens bring and cost, part by part, and its chart."""

from xlmodel.workbook.template.calls import call
from xlmodel.workbook.template.parts import (
    Break,
    Cell,
    Chart,
    Charts,
    Gap,
    Item,
    Row,
    Series,
    headers,
    heading,
    line,
)

_PARTS = {
    "C": ("Input tokens\n(USD/Mtok)", "mtok_input", "dark"),
    "D": ("Output tokens\n(USD/Mtok)", "mtok_output", "light"),
    "E": ("GPUs in use\n(USD/Mtok)", "mtok_busy", "cost"),
    "F": ("GPUs idle\n(USD/Mtok)", "mtok_idle", "idle"),
    "G": ("Other cost\n(USD/Mtok)", "mtok_other", "other"),
    "H": ("Margin\n(USD/Mtok)", "mtok_margin", "margin"),
}
_GPUS = f"COST_PER_MTOK({call('NODE_COST', other_cost_per_day='0')},out_tokens_per_day)"
_ROWS = {
    "Price": {
        "C": "INDEX(part_input,1)/out_tokens_per_day*10^6",
        "D": "INDEX(part_output,1)/out_tokens_per_day*10^6",
    },
    "Cost": {
        "E": f"{_GPUS}*in_utilization",
        "F": f"{_GPUS}*(1-in_utilization)",
        "G": "COST_PER_MTOK(in_other_cost_per_day,out_tokens_per_day)",
    },
    "Margin": {"H": "out_blended_price-out_cost_per_mtok"},
}


def _row(label: str) -> Row:
    cells = {"B": Cell(label, role="label", column="mtok_label")}
    for column, (_, name, _) in _PARTS.items():
        formula = _ROWS[label].get(column, "0")
        cells[column] = Cell(f"={formula}", "mtok_part", column=name)
    return Row(cells)


def rows(last: str) -> list[Item]:
    """The table behind the chart."""
    titles = {"B": "Part", **{column: title for column, (title, *_) in _PARTS.items()}}
    words = 'SUBSTITUTE(FIXED(out_cost_per_mtok)&" and bring "&FIXED(out_blended_price),"-","−")'
    return [
        Break(),
        heading("Price and cost of a million tokens, by part", last),
        headers(titles, texts="B"),
        *(_row(label) for label in _ROWS),
        line("Title of its chart",
             f'=IFERROR("A million tokens cost "&{words}&" USD","Cost and price of Mtok")',
             "general", "", name="mtok_title", role="label"),
        Gap(),
    ]  # fmt: skip


CHART = Charts(
    [
        Chart(
            kind="stacked",
            column="B",
            title="mtok_title",
            x_title="",
            y_title="USD/Mtok",
            series=[
                Series(title.partition("\n")[0], "mtok_label", name, style, labelled=True)
                for title, name, style in _PARTS.values()
            ],
            alt_text="Stacked columns in USD per million tokens: the price by input and output "
            "tokens, the cost by GPUs in use, GPUs idle and other cost, and the margin between "
            "them. The figures stand in the table “Price and cost of a million tokens, by part”.",
            y_form="money",
            label_form="0.00;-0.00;;",
        )
    ],
    rows=17,
)
