"""The mix of a deal, on the sheet Deals: what each shape takes of the node, and what it earns.

Each shape has a rate of its own. A node's seconds add up over the shapes and its rates do not, so
the rate of the mix is its output over its time. Beside it stand the two sums that are easily made
instead: the mean of the rates, and the rate of one mean request.
"""

from xlmodel.workbook.template.calls import LIVE, REPLICA, call
from xlmodel.workbook.template.inputs_deals import SHAPES
from xlmodel.workbook.template.parts import (
    Cell,
    Gap,
    Item,
    Row,
    across,
    headers,
    heading,
    known,
    line,
)

LAST = "P"
_SHAPE = {
    **REPLICA,
    "input_tokens": "$D{row}",
    "output_tokens": "$E{row}",
    "cache_hit_rate": "$F{row}",
    "basis": "deal_basis",
}
_BILL = {
    "input_tokens": "$D{row}",
    "output_tokens": "$E{row}",
    "input_price": "deal_net_input",
    "output_price": "deal_net_output",
    "cache_hit_rate": "$F{row}",
    "cached_input_price": "deal_net_cached",
}
_UNUSED = "$C{row}=0"
_BY_TOKENS = "$C{row}*($D{row}+$E{row})"


def _where_used(formula: str, unused: str = "0") -> str:
    return f'=IF({_UNUSED},{unused},IFERROR({formula},"not known"))'


def _rate(number: int) -> str:
    typed = f"in_deal_tps_{number}"
    return _where_used(f"IF(N({typed})*$E{{row}}>0,{typed},$G{{row}}*deal_scale)")


_COLUMNS = (
    # column, title, name, form, formula
    ("G", "Rate alone,\ncomputed", "deal_computed", "rate",
     _where_used(call("NODE_TPS", _SHAPE), '"–"')),
    ("I", "Input rate\nof prefill", "deal_prefill", "rate",
     _where_used(f"{call('PREFILL_TPS', _SHAPE)}*$H{{row}}/$G{{row}}")),
    ("J", "Node-seconds\nof a request", "deal_seconds", "rate",
     _where_used("$E{row}/$H{row}")),
    ("K", "Share of\nnode's time", "deal_time", "share",
     _where_used("$C{row}*$J{row}/SUMPRODUCT(deal_share,deal_seconds)")),
    ("L", "Revenue\n(USD/day)", "deal_revenue", "money",
     _where_used(f"deal_requests*$C{{row}}*{call('REQUEST_REVENUE', _BILL)}")),
    ("M", "Cost\n(USD/day)", "deal_cost", "money",
     _where_used("deal_requests*$C{row}*$J{row}*out_cost/86400/in_utilization")),
    ("N", "Margin\n(USD/day)", "deal_margin", "money", _where_used("$L{row}-$M{row}")),
    ("O", "Margin\nrate", "deal_rate", "share", _where_used("$N{row}/$L{row}", '"–"')),
    ("P", "Cost\n(USD/Mtok)", "deal_mtok", "price",
     _where_used(f"$M{{row}}/(deal_requests*{_BY_TOKENS})*10^6", '"–"')),
)  # fmt: skip
_LOSING = (
    '=IF(ROWS($A${first}:$A{row})=1,"loses money: ",$Q{above})&IF(N($N{row})<0,'
    'IF(COUNTIF($N${first}:$N{row},"<0")>1,", ","")&$B{row},"")'
)


def _shape(number: int) -> Row:
    name = f'=IF(in_deal_shape_{number}="","Shape",in_deal_shape_{number})'
    typed = (("C", "share", "share"), ("D", "input", "whole"), ("E", "output", "whole"))
    cells = {"B": Cell(name, "general", "label", column="deal_shape")}
    for column, part, form in (*typed, ("F", "cached", "share")):
        cells[column] = Cell(f"=N(in_deal_{part}_{number})", form, column=f"deal_{part}")
    for column, _, range_name, form, formula in _COLUMNS:
        cells[column] = Cell(formula, form, "calculation_text", column=range_name)
    cells["H"] = Cell(_rate(number), "rate", "calculation_text", column="deal_rate_alone")
    cells["Q"] = Cell(_LOSING, "general", "note", column="deal_losing")
    return Row(dict(sorted(cells.items())))


def _total() -> Row:
    cells = {"B": Cell("All", role="label")}
    for column, name, form in (
        ("C", "deal_share", "share"),
        ("K", "deal_time", "share"),
        ("L", "deal_revenue", "money"),
        ("M", "deal_cost", "money"),
        ("N", "deal_margin", "money"),
    ):
        total = f"deal_total_{name.removeprefix('deal_')}"
        summed = f'=IF(COUNT({name})=ROWS({name}),SUM({name}),"not known")'
        cells[column] = Cell(summed, form, "output_text", total)
    return Row(cells)


def _shapes() -> list[Item]:
    titles = across("Shape of request", "Share of\nrequests", "Input\ntokens", "Output\ntokens",
                    "Input from\ncache")  # fmt: skip
    titles |= {column: title for column, title, *_ in _COLUMNS}
    titles |= {"H": "Rate in use\n(tokens/s)", "Q": "So far"}
    return [
        heading("The mix, shape by shape, after the discount asked for", LAST),
        headers(dict(sorted(titles.items())), texts="BQ"),
        *(_shape(number) for number in range(1, len(SHAPES) + 1)),
        _total(),
        Gap(),
    ]


_MEAN_REQUEST = {
    **_SHAPE,
    "input_tokens": "deal_mean_input",
    "output_tokens": "deal_mean_output",
    "cache_hit_rate": "deal_hit_rate",
}


def _compared(label: str, form: str, unit: str, formulas: tuple[str, str, str], name: str) -> Row:
    """A figure of the mix, and the same by the two sums that leave the shapes out."""
    mix, means, request = formulas
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(mix, form, "output" if name.startswith("out_") else "calculation_text", name),
            "D": Cell(unit, role="unit"),
            "E": Cell(means, form, "calculation_text", f"means_{name.removeprefix('out_')}"),
            "F": Cell(request, form, "calculation_text", f"mean_{name.removeprefix('out_')}"),
        }
    )


def _three(formula: str) -> tuple[str, str, str]:
    """The same formula on the figures of each way; ``[name]`` is the figure of that way."""
    ways = ("", "means_", "mean_")
    out = {"tps", "ratio"}
    made = []
    for way in ways:
        text = formula
        for name in ("tps", "ratio", "hit_rate", "mtok_cost", "mtok_price"):
            first = "out_" if name in out and not way else ""
            text = text.replace(f"[{name}]", f"{first}{way}deal_{name}")
        made.append(known(text))
    return made[0], made[1], made[2]


def _compare() -> list[Item]:
    titles = across(
        "The mix, and the sums that leave its shapes out",
        "Mix, by the\nnode's time",
        "Unit",
        "Means of the\nshapes' figures",
        "One mean\nrequest",
    )
    priced = {
        "input_price": "deal_net_input",
        "output_price": "deal_net_output",
        "input_output_ratio": "[ratio]",
        "cache_hit_rate": "[hit_rate]",
        "cached_input_price": "deal_net_cached",
    }
    tokens = call("TOKENS_PER_DAY", LIVE, output_tps="[tps]", input_output_ratio="[ratio]")
    return [
        headers(titles, texts="BD"),
        _compared(
            "Output rate of a node that serves the mix",
            "rate",
            "tokens/s",
            (
                known("MIX_TPS(deal_share,deal_output,deal_rate_alone)"),
                known("SUMPRODUCT(deal_share,deal_rate_alone)"),
                known(f"{call('NODE_TPS', _MEAN_REQUEST)}*deal_scale"),
            ),
            "out_deal_tps",
        ),
        _compared(
            "Input tokens per output token of the mix",
            "ratio",
            "ratio",
            (
                known("MIX_RATIO(deal_share,deal_input,deal_output)"),
                known("SUMPRODUCT(deal_share,deal_input/(deal_output+(deal_output=0)))"),
                known("MIX_RATIO(deal_share,deal_input,deal_output)"),
            ),
            "out_deal_ratio",
        ),
        _compared(
            "Share of the mix's input from cache",
            "share",
            "share",
            (
                known(
                    "IF(deal_mean_input=0,0,"
                    "SUMPRODUCT(deal_share,deal_input,deal_cached)/deal_mean_input)"
                ),
                known("SUMPRODUCT(deal_share,deal_cached)"),
                known("deal_hit_rate"),
            ),
            "deal_hit_rate",
        ),
        _compared(
            "Cost per million tokens of the mix",
            "price",
            "USD/Mtok",
            _three(f"COST_PER_MTOK(out_cost,{tokens})"),
            "deal_mtok_cost",
        ),
        _compared(
            "Price after the discount asked for",
            "price",
            "USD/Mtok",
            _three(call("BLENDED_PRICE", priced)),
            "deal_mtok_price",
        ),
        _compared(
            "Margin rate after the discount asked for",
            "share",
            "share of revenue",
            _three("1-[mtok_cost]/[mtok_price]"),
            "out_deal_margin_rate",
        ),
        Gap(),
    ]


def _workings() -> list[Item]:
    gained = "out_output_tps/plain_output_tps"
    return [
        line(
            "Input tokens of a mean request",
            "=SUMPRODUCT(deal_share,deal_input)",
            "whole",
            "tokens",
            name="deal_mean_input",
        ),
        line(
            "Output tokens of a mean request",
            "=SUMPRODUCT(deal_share,deal_output)",
            "whole",
            "tokens",
            name="deal_mean_output",
        ),
        line(
            "What the rates of the shapes rest on",
            '=IF(in_rate_from="computed",in_throughput_basis,"physics")',
            "general",
            "source",
            "A typed rate holds for its own traffic; the physics carries it to the shapes.",
            name="deal_basis",
            role="calculation_text",
        ),
        line(
            "Rate in use over the rate computed for its traffic",
            known(f'IF(in_rate_from="computed",{gained},out_output_tps/day_physics_tps)'),
            "factor",
            "factor",
            "Typed: over that of sheet Caching, workings. Computed: the decoding gain.",
            name="deal_scale",
            role="calculation_text",
        ),
        line(
            "Input rate of a node that only processes the mix's input",
            known(
                "SUMPRODUCT(deal_share,deal_input,1-deal_cached)/"
                "SUMPRODUCT(deal_share,deal_input*(1-deal_cached)/(deal_prefill+(deal_prefill=0)))"
            ),
            "rate",
            "tokens/s",
            "Uncached input over its time, as the rate of the mix.",
            name="deal_prefill_tps",
            role="calculation_text",
        ),
        line(
            "Requests of the customer a day",
            known("in_deal_tokens_per_day/(deal_mean_input+deal_mean_output)"),
            "tokens",
            "requests/day",
            name="deal_requests",
            role="calculation_text",
        ),
        line(
            "Input price after the discount",
            known("out_input_price*(1-in_deal_discount)"),
            "price",
            "USD/Mtok",
            name="deal_net_input",
        ),
        line(
            "Output price after the discount",
            known("out_output_price*(1-in_deal_discount)"),
            "price",
            "USD/Mtok",
            name="deal_net_output",
        ),
        line(
            "Cached-input price after the discount",
            known("out_cached_input_price*(1-in_deal_discount)"),
            "price",
            "USD/Mtok",
            name="deal_net_cached",
        ),
        Gap(),
    ]


def blocks() -> list[Item]:
    """The mix, shape by shape and as a whole, with what it rests on."""
    return [*_shapes(), *_compare(), *_workings()]
