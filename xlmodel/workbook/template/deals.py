"""The sheet Deals: a price to quote, a customer's mix of requests, and API or own nodes.

From the mix (``deals_mix``) comes what a million tokens cost on the node of sheet Margin; from cost
and the margin wanted the price to quote and the discount that it bears; from the customer's volume
whether an API or own nodes are cheaper for the customer (``deals_own``), which bounds the quote.
"""

from xlmodel.workbook.template import deals_mix, deals_own, deals_words
from xlmodel.workbook.template.calls import LIVE, call
from xlmodel.workbook.template.parts import (
    UNKNOWN,
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
    known,
)

_LAST = deals_mix.LAST
_STEPS = 10
_NODE = {
    **LIVE,
    "output_tps": "out_deal_tps",
    "input_output_ratio": "out_deal_ratio",
    "cache_hit_rate": "deal_hit_rate",
    "prefill_tps": "deal_prefill_tps",
}
_TARGET = {"target_margin_rate": "in_deal_target"}
_ROOM = '=IF(ISNUMBER(deal_unit_cost@+deal_list_price@),IFERROR({0},"none"),{1})'


def _line(
    label: str, form: str, unit: str, both: str, sides: tuple[str, str], note: str, name: str
) -> Row:
    """A figure of the mix as a whole, of its input and of its output."""
    role = "output" if name.startswith("out_") else "calculation_text"
    plain = name.removeprefix("out_")
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(both, form, role, name),
            "D": Cell(unit, role="unit"),
            "E": Cell(sides[0], form, "calculation_text", f"{plain}_input"),
            "F": Cell(sides[1], form, "calculation_text", f"{plain}_output"),
            "G": Cell(note, role="note"),
        }
    )


def _each(formula: str, shown: str = "=IFERROR({0},{1})") -> tuple[str, tuple[str, str]]:
    """One formula for the mix, its input and its output; ``@`` is what ends the names of each."""
    whole = shown.format(formula, UNKNOWN)
    made = [whole.replace("@", end) for end in ("", "_input", "_output")]
    return made[0], (made[1], made[2])


def _costs() -> Row:
    return _line(
        "Cost",
        "price",
        "USD/Mtok",
        known("deal_mtok_cost"),
        (
            known(call("INPUT_COST_PER_MTOK", _NODE)),
            known(call("OUTPUT_COST_PER_MTOK", _NODE)),
        ),
        "Of the node on sheet Margin at its utilization; input and output by the node's time.",
        "deal_unit_cost",
    )


def _quote() -> list[Item]:
    titles = across("A quote, per million tokens", "Mix", "Unit", "Input", "Output", "Note")
    card = "out_{0}_price*out_deal_quote/deal_list_price"
    quote = call("QUOTE_PRICE", _TARGET, cost_per_mtok="deal_unit_cost@")
    bearing = call(
        "QUOTE_PRICE", _TARGET, cost_per_mtok="deal_unit_cost@", discount="in_deal_discount"
    )
    room = call(
        "DISCOUNT_AT_TARGET",
        _TARGET,
        list_price="deal_list_price@",
        cost_per_mtok="deal_unit_cost@",
    )
    listed = call("BLENDED_PRICE", {**_NODE, **_LIST})
    return [
        headers(titles, texts="BDG", last=_LAST),
        _costs(),
        _line("Price to quote, at the margin wanted", "price", "USD/Mtok", *_each(quote),
              "By its own cost. Input and output at these prices give the same for the mix.",
              "out_deal_quote"),
        _line("List price", "price", "USD/Mtok", known(listed),
              (known("out_input_price"), known("out_output_price")),
              "The prices in use on sheet Margin; of the mix, cached input as well.",
              "deal_list_price"),
        _line("Rate card that reaches the margin", "price", "USD/Mtok", known("out_deal_quote"),
              (known(card.format("input")), known(card.format("output"))),
              "The list moved by one factor: input and output keep their relation.",
              "deal_card"),
        _line("Greatest discount at the margin wanted", "share", "share", *_each(room, _ROOM),
              "none: even the list price misses it.", "out_deal_discount"),
        _line("Price after the discount asked for", "price", "USD/Mtok",
              *_each("deal_list_price@*(1-in_deal_discount)"), "", "deal_asked_price"),
        _line("Margin rate at that price", "share", "share of revenue",
              *_each("1-deal_unit_cost@/deal_asked_price@"),
              "A side below zero is carried by the other.", "deal_asked_rate"),
        _line("List price that would bear this discount", "price", "USD/Mtok", *_each(bearing),
              "To announce, where a discount is expected.", "deal_bearing_price"),
        _line("Ceiling: what the API asks", "price", "USD/Mtok", known("deal_api_price"),
              (known("deal_api_input"), known("deal_api_output")),
              "The customer's other offer; the floor is the cost.", "deal_ceiling"),
        _verdict(),
        Gap(),
    ]  # fmt: skip


_LIST = {
    "input_price": "out_input_price",
    "output_price": "out_output_price",
    "cached_input_price": "out_cached_input_price",
}


def _verdict() -> Row:
    words = known(
        'IF(out_deal_quote>deal_ceiling,"above what the API asks",'
        'IF(deal_asked_price<deal_unit_cost,"the price asked for is below cost",'
        '"between cost and what the API asks"))'
    )
    return Row(
        {
            "B": Cell("Where the quote stands", role="label"),
            "C": Cell(words, "general", "note", "deal_verdict"),
        }
    )


def _step() -> Row:
    share = "(ROWS($A${first}:$A{row})-1)/(ROWS($A${first}:$A${last})-1)"
    words = (
        'IF($E{row}<0,"loss",IF($E{row}<in_deal_target-in_tolerance,"below the margin wanted",'
        '"margin reached"))'
    )
    price, rate = "deal_list_price*(1-$B{row})", "1-deal_unit_cost/$C{row}"
    day = "($C{row}-deal_unit_cost)*in_deal_tokens_per_day/10^6"
    text = "calculation_text"
    return Row(
        {
            "B": Cell(f"={share}*in_deal_ladder_end", "share", column="ladder_discount"),
            "C": Cell(known(price), "price", text, column="ladder_net_price"),
            "D": Cell(known("$C{row}-deal_unit_cost"), "price", text),
            "E": Cell(known(rate), "share", text, column="ladder_rate"),
            "F": Cell(known(day), "money", text, column="ladder_day"),
            "G": Cell("=in_deal_target", "share", column="ladder_target"),
            "H": Cell(known(words), "general", "note"),
        }
    )


def _ladder() -> list[Item]:
    titles = across(
        "Ladder of discounts",
        "Price\n(USD/Mtok)",
        "Margin\n(USD/Mtok)",
        "Margin rate",
        "Margin\n(USD/day)",
        "Margin rate\nwanted",
        "Verdict",
    )
    return [headers(titles, texts="H"), *(_step() for _ in range(_STEPS + 1)), Gap()]


_CHARTS = Charts(
    [
        Chart(
            kind="scatter",
            column="B",
            title="deal_ladder_title",
            x_title="Discount on the list price",
            y_title="Margin rate (share of revenue)",
            series=[
                Series("Margin rate", "ladder_discount", "ladder_rate", "line"),
                Series("Wanted", "ladder_discount", "ladder_target", "marker"),
                Series("Discount asked for", "in_deal_discount", "deal_asked_rate", "here"),
            ],
            alt_text="Falling line of the margin rate over the discount on the list price, with "
            "the margin rate wanted and the discount asked for marked. The figures stand in the "
            "table “Ladder of discounts” on this sheet.",
            x_form="share",
            y_form="share",
            size=(640, 350),
        ),
        deals_own.CHART,
    ],
    rows=17,
)


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="Deals",
        title="Deals: what to quote, for which mix, and against which alternative",
        about="The node of sheet Margin for a customer's mix of requests. Example data on Inputs; "
        "nothing here changes the day on sheet Margin.",
        widths={"A": 2, **across(44, 15, 17, 14, 14, *[13] * 10, 34)},
        items=[
            Row({"B": Cell(deals_words.ANSWER, "general", "remark", "answer_deals")}),
            Gap(),
            *_quote(),
            _CHARTS,
            *_ladder(),
            Break(),
            *deals_mix.blocks(),
            *deals_own.blocks(),
            Break(),
            *deals_own.curve(),
            Break(),
            *deals_words.rows(_LAST),
        ],
        frozen_rows=4,
        print_columns=("A", _LAST),
    )
