"""What the sheet GPU sourcing says in words: its answer, put together from parts, and titles."""

from xlmodel.workbook.template.parts import Item, heading, line

_WORDS = (
    (
        "Title of the chart",
        "sourcing_title",
        '=IF(out_own_breakeven_use>1,"Rent: owning is dearer at any use",'
        '"Own above "&ROUND(out_own_breakeven_use*100,1)&" % of hours in use, rent below")',
    ),
    (
        "GPU",
        "sourcing_says_gpu",
        '=in_example_gpu&": "',
    ),
    (
        "Price",
        "sourcing_says_price",
        '="in the mix a useful hour of a GPU costs "&'
        'SUBSTITUTE(FIXED(out_sourced_gpu_hour_price),"-","−")&" USD instead of "'
        '&FIXED(INDEX(way_useful,1))&" on demand"',
    ),
    (
        "Effect",
        "sourcing_says_effect",
        '=IF(ABS(out_sourcing_effect)<1/100," and leaves the margin as it is",'
        '" and "&IF(out_sourcing_effect<0,"lowers","raises")&" the node margin by "'
        '&SUBSTITUTE(FIXED(ABS(out_sourcing_effect)),"-","−")&" USD a day")&". "',
    ),
    (
        "Rent or own",
        "sourcing_says_use",
        '=IF(out_own_breakeven_use>1,"Owning is dearer than renting on demand at any use",'
        '"Owning is cheaper than renting on demand from "'
        '&SUBSTITUTE(FIXED(100*out_own_breakeven_use,1),"-","−")&" % of hours in use")',
    ),
    (
        "Payback",
        "sourcing_says_payback",
        "=IF(ISNUMBER(out_own_payback_years),IF(out_own_payback_years>in_own_life_years,"
        '"; it pays back only after ","; it pays back in ")'
        '&SUBSTITUTE(FIXED(out_own_payback_years,1),"-","−")&" years","; it never pays back")',
    ),
    (
        "Use",
        "sourcing_says_used",
        '=" at "&SUBSTITUTE(FIXED(100*in_own_used_share,1),"-","−")&" % in use."',
    ),
    (
        "All parts",
        "sourcing_says_all",
        "=sourcing_says_gpu&sourcing_says_price&sourcing_says_effect&sourcing_says_use"
        "&sourcing_says_payback&sourcing_says_used",
    ),
    (
        "Two GPUs",
        "sourcing_says_two",
        '="No comparison: the figures on Inputs are those of "&in_example_gpu&", and the node has "'
        '&in_gpu&"."',
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
    "=IF(TRIM(in_example_gpu)<>TRIM(in_gpu),sourcing_says_two,IFERROR(sourcing_says_all,"
    '"Not known: a price or an input of buying GPUs is missing or out of range."))'
)
