"""The sheet Margin: from inputs and price tables to margin and break-even, with three charts."""

from xlmodel.workbook.template import margin_mtok, used
from xlmodel.workbook.template.calls import REPLICA, call
from xlmodel.workbook.template.parts import (
    Break,
    Cell,
    Chart,
    Charts,
    Gap,
    Item,
    Row,
    Series,
    Sheet,
    across,
    headers,
    heading,
    line,
)

_LAST = used.LAST
_STEPS = 20
_PREFILL = call("PREFILL_SHARE", REPLICA, batch="out_replica_batch")


def _token_block() -> list[Item]:
    return [
        heading("Throughput and tokens", _LAST),
        line(
            "Share of time that goes into input",
            f"=IF(COUNT(in_prefill_share)>0,in_prefill_share,IFERROR({_PREFILL},0))",
            "share",
            "share",
            "Not quicker by a decoding gain. Typed, or by the physics; 0 where that is not known.",
            name="used_prefill_share",
        ),
        line(
            "Output rate, with decoding gain",
            "=plain_output_tps*NODE_DECODING_GAIN(in_decoding_gain,used_prefill_share)",
            "rate",
            "tokens/s",
            "Typed or computed: sheet Throughput. At this ratio, hit rate, latency only.",
            name="out_output_tps",
            role="output",
        ),
        line(
            "Input rate that comes with it",
            "=out_output_tps*in_input_output_ratio",
            "rate",
            "tokens/s",
        ),
        line(
            "Output tokens a day",
            f"={call('TOKENS_PER_DAY', input_output_ratio='0')}",
            "tokens",
            "tokens/day",
            name="out_output_tokens_per_day",
        ),
        line(
            "Input tokens a day",
            "=out_tokens_per_day-out_output_tokens_per_day",
            "tokens",
            "tokens/day",
            name="out_input_tokens_per_day",
        ),
        line(
            "Tokens a day",
            f"={call('TOKENS_PER_DAY')}",
            "tokens",
            "tokens/day",
            "Billed tokens, input and output.",
            name="out_tokens_per_day",
            role="output",
        ),
        Gap(),
    ]


def _day_block() -> list[Item]:
    return [
        heading("Result of a day", _LAST),
        line(
            "Revenue a day",
            f"={call('NODE_REVENUE')}",
            "money",
            "USD/day",
            name="out_revenue",
            role="output",
        ),
        line(
            "Cost a day",
            f"={call('NODE_COST')}",
            "money",
            "USD/day",
            "All day, busy or idle.",
            name="out_cost",
            role="output",
        ),
        line(
            "Margin a day",
            f"={call('NODE_MARGIN')}",
            "money",
            "USD/day",
            "Revenue less cost.",
            name="out_margin",
            role="output",
        ),
        line(
            "Margin rate",
            f"={call('NODE_MARGIN_RATE')}",
            "share",
            "share of revenue",
            name="out_margin_rate",
            role="output",
        ),
        line(
            "Cost of idle time",
            "=IF(ISNUMBER(out_margin),out_cost*(1-in_utilization),out_margin)",
            "money",
            "USD/day",
            "Part of the cost.",
            name="out_idle_cost",
        ),
        Gap(),
        Break(),
        heading("Per million tokens (Mtok)", _LAST),
        line(
            "Blended price",
            f"={call('BLENDED_PRICE')}",
            "price",
            "USD/Mtok",
            "Mean over input and output at this ratio and hit rate.",
            name="out_blended_price",
            role="output",
        ),
        line(
            "Cost per million tokens",
            f"={call('COST_PER_MTOK')}",
            "price",
            "USD/Mtok",
            "Input and output alike; the same figure as the break-even price.",
            name="out_cost_per_mtok",
            role="output",
        ),
        Gap(),
        heading("Break-even: where margin is zero, all else equal", _LAST),
        line(
            "Break-even price",
            f"={call('BREAKEVEN_PRICE')}",
            "price",
            "USD/Mtok",
            "One price for input and output; the same figure as the cost per million tokens.",
            name="out_breakeven_price",
            role="output",
        ),
        line(
            "Break-even utilization",
            f"={call('BREAKEVEN_UTILIZATION')}",
            "share",
            "share",
            "Above 100 %: a loss even when full.",
            name="out_breakeven_utilization",
            role="output",
        ),
        line(
            "Break-even output rate",
            f"={call('BREAKEVEN_TPS')}",
            "rate",
            "tokens/s",
            name="out_breakeven_tps",
            role="output",
        ),
        line(
            "Margin at break-even utilization",
            "=out_breakeven_utilization*MAX(curve_revenue)-out_cost",
            "money",
            "USD/day",
            "Zero; it marks the point in the chart.",
            name="breakeven_margin",
        ),
        line(
            "Title of the chart below",
            '="Margin against utilization: break-even at "'
            '&ROUND(out_breakeven_utilization*100,1)&" %"',
            "general",
            "",
            name="curve_title",
            role="label",
        ),
        Gap(),
    ]


def _curve_row() -> Row:
    share = "(ROWS($A${first}:$A{row})-1)/(ROWS($A${first}:$A${last})-1)"
    return Row(
        {
            "B": Cell(f"={share}", "share", column="curve_utilization"),
            "C": Cell(
                f"={call('NODE_REVENUE', utilization='$B{row}')}", "money", column="curve_revenue"
            ),
            "D": Cell(f"={call('NODE_COST')}", "money", column="curve_cost"),
            "E": Cell(
                f"={call('NODE_MARGIN', utilization='$B{row}')}", "money", column="curve_margin"
            ),
        }
    )


def _marker_row(label: str, margin: str) -> Row:
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell("=out_breakeven_utilization", "share", column="marker_x"),
            "D": Cell(f"={margin}", "money", column="marker_y"),
        }
    )


def _curve_block() -> list[Item]:
    titles = across(
        "Utilization (share)", "Revenue\n(USD/day)", "Cost\n(USD/day)", "Margin\n(USD/day)"
    )
    return [
        Break(),
        heading("Margin against utilization", _LAST),
        headers(titles, texts=""),
        *(_curve_row() for _ in range(_STEPS + 1)),
        Gap(),
        headers(
            across("Break-even line in the chart", "Utilization\n(share)", "Margin\n(USD/day)"),
            texts="B",
        ),
        _marker_row("Foot", "MIN(curve_margin)"),
        _marker_row("Head", "breakeven_margin"),
    ]


_PARTS = {
    "C": ("Input tokens\n(USD/day)", "part_input"),
    "D": ("Output tokens\n(USD/day)", "part_output"),
    "E": ("GPUs\n(USD/day)", "part_gpus"),
    "F": ("Other cost\n(USD/day)", "part_other"),
    "G": ("Margin\n(USD/day)", "part_margin"),
}


def _part_row(label: str, formulas: dict[str, str]) -> Row:
    cells = {"B": Cell(label, role="label", column="part_label")}
    for column, (_, name) in _PARTS.items():
        cells[column] = Cell(f"={formulas.get(column, '0')}", "part", column=name)
    return Row(cells)


def _part_block() -> list[Item]:
    return [
        heading("Revenue and cost a day, by part", _LAST),
        headers({"B": "Part", **{c: title for c, (title, _) in _PARTS.items()}}, texts="B"),
        _part_row(
            "Revenue",
            {
                "C": call("NODE_REVENUE", output_price="0"),
                "D": call("NODE_REVENUE", input_price="0", cached_input_price="0"),
            },
        ),
        _part_row(
            "Cost", {"E": call("NODE_COST", other_cost_per_day="0"), "F": "in_other_cost_per_day"}
        ),
        _part_row("Margin", {"G": "out_margin"}),
        Gap(),
    ]


_CHARTS = Charts(
    [
        Chart(
            kind="stacked",
            column="B",
            title="What does a day earn, and what does it cost?",
            x_title="",
            y_title="USD/day",
            series=[
                Series("Input tokens", "part_label", "part_input", "dark", labelled=True),
                Series("Output tokens", "part_label", "part_output", "light", labelled=True),
                Series("GPUs", "part_label", "part_gpus", "cost", labelled=True),
                Series("Other cost", "part_label", "part_other", "other", labelled=True),
                Series("Margin", "part_label", "part_margin", "margin", labelled=True),
            ],
            alt_text="Stacked columns in USD a day: revenue by input and output tokens, cost by "
            "GPUs and other cost, and the margin between them. The figures stand in the table "
            "“Revenue and cost a day, by part” on this sheet.",
        ),
        Chart(
            kind="scatter",
            column="F",
            title="curve_title",
            x_title="Utilization (share of the sustained output rate)",
            y_title="USD/day",
            series=[
                Series("Margin", "curve_utilization", "curve_margin", "line"),
                Series("Break-even", "out_breakeven_utilization", "breakeven_margin", "breakeven"),
                Series("This case", "in_utilization", "out_margin", "here"),
                Series("Break-even line", "marker_x", "marker_y", "marker", hidden=True),
            ],
            alt_text="Line of the margin in USD a day over utilization from 0 to 100 %, with the "
            "break-even and this case marked. The figures stand in the table “Margin against "
            "utilization” on this sheet.",
            x_form="share",
            x_range=(0, 1),
        ),
    ],
    rows=17,
)


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="Margin",
        title="Margin of a node",
        about="One node, one day, from the inputs and the price tables. All figures are formulas; "
        "amounts in USD.",
        widths={"A": 2, **across(36, 17, 20, 16, 16, 16, 13, 13, 14, 25)},
        items=[
            *used.prices(),
            *used.gpu_mix(),
            *_token_block(),
            *_day_block(),
            _CHARTS,
            *_part_block(),
            *margin_mtok.rows(_LAST),
            margin_mtok.CHART,
            *_curve_block(),
        ],
        frozen_rows=4,
    )
