"""What the sheet Caching says in words: its answer, put together from parts, and a title."""

from xlmodel.workbook.template.parts import Item, heading, line

_WORDS = (
    (
        "Title of the chart",
        "caching_title",
        '=IF(ISNUMBER(out_caching_effect),IF(out_caching_effect<0,"The discount costs more than '
        'the rate brings","Skipped prefill brings more than the discount costs"),'
        '"Margin against hit rate")',
    ),
    (
        "Hits",
        "caching_says_hits",
        '=SUBSTITUTE(FIXED(100*out_conversation_hit_rate,1),"-","−")&" % of the input of a "'
        '&"conversation is found in the cache (turns: "&in_turns&")"',
    ),
    (
        "Terms",
        "caching_says_terms",
        '=IF(AND(conv_read_multiplier=1,NOT(ISNUMBER(in_read_multiplier))),". No price of cached '
        'input is known for "&in_terms_vendor&" on that day: the full price is taken. ",". ")',
    ),
    (
        "Bill",
        "caching_says_bill",
        '="A conversation earns "'
        '&SUBSTITUTE(FIXED(100*ABS(1-conv_revenue/conv_plain_revenue),1),"-","−")'
        '&IF(conv_revenue>conv_plain_revenue," % more"," % less")',
    ),
    (
        "Rate",
        "caching_says_rate",
        '=", and the node serves "&SUBSTITUTE(FIXED(out_cache_rate_factor),"-","−")'
        '&" times the output: "',
    ),
    (
        "Effect",
        "caching_says_effect",
        '=IF(out_caching_effect<0,"caching lowers","caching raises")&" the node margin by "'
        '&SUBSTITUTE(FIXED(ABS(out_caching_effect)),"-","−")&" USD a day"',
    ),
    (
        "Margins",
        "caching_says_margins",
        '=", from "&SUBSTITUTE(FIXED(conv_plain_margin),"-","−")&" to "'
        '&SUBSTITUTE(FIXED(conv_margin),"-","−")&", if the added output finds buyers."',
    ),
)


def rows(last: str) -> list[Item]:
    return [
        heading("Parts of the sentences on this sheet", last),
        *(
            line(label, formula, "general", "", name=name, role="note")
            for label, name, formula in _WORDS
        ),
    ]


ANSWER = (
    "=IFERROR(caching_says_hits&caching_says_terms&caching_says_bill&caching_says_rate"
    '&caching_says_effect&caching_says_margins,"Not known: the model, GPUs and limits chosen do '
    'not go together.")'
)
