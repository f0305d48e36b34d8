"""The chart of the sheet GPU sourcing, rent or own by the share of hours in use, and its table."""

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
)

_STEPS = 10

CHARTS = Charts(
    [
        Chart(
            kind="scatter",
            column="H",
            title="sourcing_title",
            x_title="Share of hours in use",
            y_title="USD per GPU and hour held",
            series=[
                Series("Rented on demand", "use_share", "use_rented", "line"),
                Series("Owned", "use_share", "use_owned", "second_line"),
                Series("Reserved", "use_share", "use_reserved", "third_line"),
                Series("Break-even", "out_own_breakeven_use", "out_owned_gpu_hour", "breakeven"),
                Series("This case", "in_own_used_share", "out_owned_gpu_hour", "here"),
            ],
            alt_text="Lines of the cost of having a GPU for an hour over the share of hours in "
            "use: rented on demand rising from zero, owned and reserved level, with the break-even "
            "and this case marked. The figures stand in the table “Cost of having a GPU for an "
            "hour” on this sheet.",
            x_form="share",
            y_form="money",
            x_range=(0, 1),
            size=(640, 330),
        )
    ],
    rows=0,
)


def _curve_row() -> Row:
    share = "(ROWS($A${first}:$A{row})-1)/(ROWS($A${first}:$A${last})-1)"
    return Row(
        {
            "B": Cell(f"={share}", "share", column="use_share"),
            "C": Cell("=use_main_price*$B{row}", "price", column="use_rented"),
            "D": Cell("=out_owned_gpu_hour", "price", column="use_owned"),
            "E": Cell("=reserved_paid", "price", column="use_reserved"),
        }
    )


def rows(last: str) -> list[Item]:
    titles = across(
        "Share of hours in use",
        "Rented as needed\n(USD/hour held)",
        "Owned\n(USD/hour held)",
        "Reserved\n(USD/hour held)",
    )
    return [
        heading("Cost of having a GPU for an hour, by the share of hours in use", last),
        headers(titles, texts=""),
        *(_curve_row() for _ in range(_STEPS + 1)),
        Gap(),
    ]
