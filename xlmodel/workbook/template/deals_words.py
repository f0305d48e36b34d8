"""What the sheet Deals says in words: its answer in parts, and the titles of its charts."""

from xlmodel.workbook.template.parts import Item, heading, known, line

_FIGURES = (
    ("Price to quote", "out_deal_quote", "quote"),
    ("List price", "deal_list_price", "list"),
    ("Margin rate wanted", "100*in_deal_target,1", "target"),
    ("Greatest discount", "100*out_deal_discount,1", "discount"),
    ("Discount asked for", "100*in_deal_discount,1", "asked"),
    ("Margin rate", "100*out_deal_margin_rate,1", "rate"),
    ("Volume, million tokens", "in_deal_tokens_per_day/10^6,0", "volume"),
    ("Break-even, million tokens", "out_deal_breakeven/10^6,0", "breakeven"),
    ("Cost by API", "out_deal_api_cost,0", "api"),
    ("Cost by own nodes", "out_deal_own_cost,0", "own"),
    ("Cost by both", "out_deal_both_cost,0", "both"),
)

_SENTENCES = (
    (
        "Quote",
        "deal_says_quote",
        '="For a margin of "&deal_text_target&" % quote "&deal_text_quote&" USD/Mtok on this mix '
        '(list "&deal_text_list&"): "&IF(ISNUMBER(out_deal_discount),deal_text_discount&" % off '
        'at most","the list is too low")',
    ),
    (
        "Discount",
        "deal_says_asked",
        '="the "&deal_text_asked&" % asked leaves "&deal_text_rate&" %, "'
        '&IF(N(out_deal_margin_rate)>=in_deal_target-in_tolerance,"enough","too little")',
    ),
    (
        "Mix",
        "deal_says_mix",
        '=IF(COUNTIF(deal_margin,"<0")=0,"no shape loses money",'
        "INDEX(deal_losing,ROWS(deal_losing)))",
    ),
    (
        "What the seller should know",
        "deal_says_seller",
        '=deal_says_quote&"; "&deal_says_asked&"; "&deal_says_mix&". "',
    ),
    (
        "Volume",
        "deal_says_volume",
        '="At "&deal_text_volume&" million tokens a day: API "&deal_text_api&", own nodes "'
        '&deal_text_own&", cheapest "&deal_cheapest&", "&deal_text_both&" USD a day"',
    ),
    (
        "Break-even",
        "deal_says_breakeven",
        '=IF(N(deal_breakeven_use)>in_deal_max_utilization,"no own node pays at the highest use",'
        '"a node pays from "&deal_text_breakeven&" million on")',
    ),
    (
        "Title of the chart on discounts",
        "deal_ladder_title",
        '=IF(ISNUMBER(out_deal_discount),"How much discount does the margin bear? "'
        '&deal_text_discount&" %","How much discount does the margin bear? None")',
    ),
    (
        "Title of the chart on volume",
        "deal_own_title",
        '="From how many tokens a day is an own node cheaper? "'
        '&IF(N(deal_breakeven_use)>in_deal_max_utilization,"None",deal_text_breakeven&" million")',
    ),
)

ANSWER = (
    "=IF(ISNUMBER(out_deal_margin_rate+out_deal_both_cost),deal_says_seller&deal_says_volume"
    '&"; "&deal_says_breakeven&".",'
    '"Not known: a rate, a price or a share of the mix is missing.")'
)


def rows(last: str) -> list[Item]:
    return [
        heading("Parts of the sentences on this sheet", last),
        *(
            line(
                f"{label} in words",
                known(f'SUBSTITUTE(FIXED({figure}),"-","−")'),
                "general",
                "text",
                name=f"deal_text_{name}",
                role="calculation_text",
            )
            for label, figure, name in _FIGURES
        ),
        *(
            line(label, formula, "general", "", name=name, role="note")
            for label, name, formula in _SENTENCES
        ),
    ]
