"""API or own nodes, on the sheet Deals: what the customer's tokens cost by either, and both.

An API is paid by the token, own nodes by the day and in whole nodes. One node is cheaper from its
break-even on, until it is full; then the next one begins empty. With the rest beyond full nodes
sent to the API, the cost is never above either.
"""

from xlmodel.workbook.template.calls import LIVE, call
from xlmodel.workbook.template.parts import (
    Cell,
    Chart,
    Gap,
    Item,
    Row,
    Series,
    across,
    headers,
    heading,
    known,
    line,
)

_STEPS = 48
_LISTED = 'MODEL_PRICE(ModelPrices[#All],deal_model_sold,in_deal_api_provider,"{kind}",in_as_of)'
_ROWS = (
    "ModelPrices[valid_from],ModelPrices[key],TRIM(deal_model_sold)"
    '&"|"&IF(TRIM(in_deal_api_provider)="","*",TRIM(in_deal_api_provider))&"|*"'
)
_API = {
    "input_price": "deal_api_input",
    "output_price": "deal_api_output",
    "api_input_price": "deal_api_input",
    "api_output_price": "deal_api_output",
    "input_output_ratio": "out_deal_ratio",
    "cache_hit_rate": "deal_hit_rate",
    "cached_input_price": "deal_api_cached",
    "gpus": "in_gpus",
    "gpu_hour_price": "out_gpu_hour_price",
    "other_cost_per_day": "in_other_cost_per_day",
}
_NODE = {**LIVE, "output_tps": "out_deal_tps", "input_output_ratio": "out_deal_ratio"}


def _price(label: str, name: str, typed: str, kind: str, otherwise: str, note: str = "") -> Row:
    found = f"IFERROR({_LISTED.format(kind=kind)},{otherwise})"
    return line(
        label,
        f"=IF(ISNUMBER({typed}),{typed},{found})",
        "price",
        "USD/Mtok",
        note,
        name=name,
        role="calculation_text",
    )


def _prices() -> list[Item]:
    none = '"not known"'
    return [
        heading("API or own nodes, for the customer's tokens", "P"),
        line(
            "Model of the API",
            '=IF(TRIM(in_deal_api_model)="",in_model,in_deal_api_model)',
            "general",
            "name",
            name="deal_model_sold",
            role="calculation_text",
        ),
        _price("API's input price", "deal_api_input", "in_deal_api_input_price", "input", none,
               "Typed, or of the price table."),
        _price("API's output price", "deal_api_output", "in_deal_api_output_price", "output", none),
        _price("API's cached-input price", "deal_api_cached", "in_deal_api_cached_input_price",
               "cache_read", "deal_api_input", "Without a row in the table: the input price."),
        line("Newest of these prices in the table",
             f'=MAXIFS({_ROWS},ModelPrices[valid_from],"<="&in_as_of)', "date_or_none",
             "valid from", "Of the seller, or of all; typed prices have no date here.",
             name="deal_api_from", role="calculation_text"),
        line("API's price of the mix", known(call("BLENDED_PRICE", _API)), "price", "USD/Mtok",
             "At the mix's ratio and share from cache.", name="deal_api_price",
             role="calculation_text"),
    ]  # fmt: skip


def _node() -> list[Item]:
    return [
        line(
            "Tokens a day that one own node serves",
            known(call("TOKENS_PER_DAY", _NODE, utilization="in_deal_max_utilization")),
            "tokens",
            "tokens/day",
            "Of the mix, at the highest mean use on Inputs.",
            name="deal_capacity",
            role="calculation_text",
        ),
        line(
            "One own node is cheaper from",
            known(call("SELF_HOST_BREAKEVEN", _API)),
            "tokens",
            "tokens/day",
            "As on sheet Margin: GPUs and other cost of a day, busy or idle.",
            name="out_deal_breakeven",
            role="output",
        ),
        line(
            "Use of the node at that volume",
            known(f"out_deal_breakeven/{call('TOKENS_PER_DAY', _NODE, utilization='1')}"),
            "share",
            "share",
            "Above the highest mean use on Inputs no number of own nodes is cheaper.",
            name="deal_breakeven_use",
            role="calculation_text",
        ),
        line(
            "Own nodes are cheaper at every volume from",
            '=IF(N(out_deal_breakeven)*N(deal_capacity)=0,"not known",IF(out_deal_breakeven'
            '<deal_capacity,deal_sure_nodes*out_deal_breakeven,"never"))',
            "tokens",
            "tokens/day",
            "Below it, a node that has just begun to fill is dearer than the API.",
            name="deal_sure_tokens",
            role="calculation_text",
        ),
        line(
            "Nodes at that volume",
            known("-INT(-1/(1-MIN(1,out_deal_breakeven/deal_capacity)))-1", '"never"'),
            "whole",
            "nodes",
            "The last node n whose break-even, n × that of one, is beyond n − 1 full nodes.",
            name="deal_sure_nodes",
            role="calculation_text",
        ),
    ]


_COST_OF_REST = "MIN(out_cost,({volume}-INT({nodes})*deal_capacity)*deal_api_price/10^6)"
_BOTH = "MIN({api},INT({nodes})*out_cost+" + _COST_OF_REST + ")"


def _volume() -> list[Item]:
    both = _BOTH.format(
        api="out_deal_api_cost", nodes="deal_full_nodes", volume="in_deal_tokens_per_day"
    )
    return [
        line(
            "API, at the customer's volume",
            known("in_deal_tokens_per_day*deal_api_price/10^6"),
            "money",
            "USD/day",
            name="out_deal_api_cost",
            role="output",
        ),
        line(
            "Volume in full nodes",
            known("in_deal_tokens_per_day/deal_capacity"),
            "factor",
            "nodes",
            name="deal_full_nodes",
            role="calculation_text",
        ),
        line(
            "Own nodes for it",
            known("MAX(1,-INT(-deal_full_nodes))"),
            "whole",
            "nodes",
            "Whole nodes, one at least.",
            name="deal_nodes",
            role="calculation_text",
        ),
        line(
            "Own nodes, at the customer's volume",
            known("deal_nodes*out_cost"),
            "money",
            "USD/day",
            name="out_deal_own_cost",
            role="output",
        ),
        line(
            "Use of these nodes",
            known("deal_full_nodes*in_deal_max_utilization/deal_nodes"),
            "share",
            "share",
            name="out_deal_own_use",
            role="output",
        ),
        line(
            "Full own nodes, the rest at the lower cost",
            known(both),
            "money",
            "USD/day",
            "Never above the two above.",
            name="out_deal_both_cost",
            role="output",
        ),
        Row(
            {
                "B": Cell("Cheapest", role="label"),
                "C": Cell(
                    known(
                        'IF(out_deal_own_cost<=out_deal_both_cost,"own nodes",'
                        'IF(out_deal_api_cost<=out_deal_both_cost,"the API",'
                        '"full own nodes and the API for the rest"))'
                    ),
                    "general",
                    "note",
                    "deal_cheapest",
                ),
            }
        ),
        Gap(),
    ]


CHART = Chart(
    kind="scatter",
    column="G",
    title="deal_own_title",
    x_title="Tokens of the customer a day",
    y_title="USD/day",
    series=[
        Series("API", "deal_volume", "deal_volume_api", "line"),
        Series("Own nodes", "deal_volume", "deal_volume_own", "second_line"),
        Series("Full own nodes and API", "deal_volume", "deal_volume_both", "third_line"),
        Series("Break-even", "out_deal_breakeven", "out_cost", "breakeven"),
        Series("This customer", "in_deal_tokens_per_day", "out_deal_both_cost", "here"),
    ],
    alt_text="Cost in USD a day over the customer's tokens a day: a straight line for the API, "
    "steps for own nodes, and the lower of both, with the break-even of one node and this customer "
    "marked. The figures stand in the table “Cost over the volume” on this sheet.",
    x_form="tokens",
    size=(640, 350),
)


def _step() -> Row:
    share = "(ROWS($A${first}:$A{row})-1)/(ROWS($A${first}:$A${last})-1)"
    both = _BOTH.format(api="$D{row}", nodes="$B{row}", volume="$C{row}")
    return Row(
        {
            "B": Cell(f"={share}*in_deal_curve_nodes", "factor", column="deal_volume_nodes"),
            "C": Cell(
                known("$B{row}*deal_capacity"), "tokens", "calculation_text", column="deal_volume"
            ),
            "D": Cell(
                known("$C{row}*deal_api_price/10^6"),
                "money",
                "calculation_text",
                column="deal_volume_api",
            ),
            "E": Cell("=MAX(1,-INT(-$B{row}))", "whole", column="deal_volume_count"),
            "F": Cell(
                known("$E{row}*out_cost"), "money", "calculation_text", column="deal_volume_own"
            ),
            "G": Cell(known(both), "money", "calculation_text", column="deal_volume_both"),
            "H": Cell(
                "=$B{row}/$E{row}*in_deal_max_utilization", "share", column="deal_volume_use"
            ),
        }
    )


def curve() -> list[Item]:
    """Cost over the volume, the table beneath the chart."""
    titles = across(
        "Cost over the volume:\nfull nodes",
        "Tokens\na day",
        "API\n(USD/day)",
        "Own\nnodes",
        "Own nodes\n(USD/day)",
        "Both\n(USD/day)",
        "Use of\nown nodes",
    )
    return [headers(titles, texts=""), *(_step() for _ in range(_STEPS + 1)), Gap()]


def blocks() -> list[Item]:
    """Prices of the API, break-even of a node, cost at the customer's volume."""
    return [*_prices(), *_node(), *_volume()]
