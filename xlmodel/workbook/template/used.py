"""Blocks of the sheet Margin: which prices are in use, and what a useful GPU-hour costs.

Each price is typed on Inputs, or else looked up in a price table as of the day, or else, for the
parts that may do without a row, that of its neighbour. The sheet says which of these it was.
"""

from typing import NamedTuple

from xlmodel.workbook.template.calls import call
from xlmodel.workbook.template.parts import Cell, Gap, Item, Row, across, headers, heading, line

LAST = "K"
_NO_PRICE = "NA()"


class _Price(NamedTuple):
    """One price in use: where it is looked up, typed, and what stands in when there is none."""

    label: str
    name: str
    term: str
    typed: str
    weight: str
    tokens: bool = False
    instead: str = _NO_PRICE
    words: str = "no row in the price table"


_PRICES = (
    _Price(
        "Price of a GPU-hour, main term",
        "use_main_price",
        "=in_gpu_term",
        "in_gpu_hour_price",
        "in_share_main",
    ),
    _Price(
        "Price of a GPU-hour, reserved",
        "use_reserved_price",
        "=in_reserved_term",
        "in_reserved_price",
        "in_share_reserved",
        instead="use_main_price",
        words="no row: main-term price",
    ),
    _Price(
        "Price of a GPU-hour, spot",
        "use_spot_price",
        "spot",
        "in_spot_price",
        "in_share_spot",
        instead="use_main_price",
        words="no row: main-term price",
    ),
    _Price(
        "Price of input tokens",
        "out_input_price",
        "input",
        "in_input_price",
        "in_input_output_ratio",
        tokens=True,
    ),
    _Price(
        "Price of output tokens",
        "out_output_price",
        "output",
        "in_output_price",
        "in_output_tps",
        tokens=True,
    ),
    _Price(
        "Price of cached input tokens",
        "out_cached_input_price",
        "cache_read",
        "in_cached_input_price",
        "in_cache_hit_rate",
        tokens=True,
        instead="out_input_price",
        words="no row: input price",
    ),
)


def _price_row(price: _Price) -> Row:
    table, key, sellers, unit = (
        ("ModelPrices", "model", "model_sellers", "USD/Mtok")
        if price.tokens
        else ("GpuPrices", "gpu", "gpu_sellers", "USD/GPU-hour")
    )
    function = "MODEL_PRICE" if price.tokens else "GPU_PRICE"
    provider = "in_model_provider" if price.tokens else "in_gpu_provider"
    found = f"{function}({table}[#All],in_{key},{provider},$E{{row}},in_as_of)"
    rows = f'{table}[valid_from],{table}[key],TRIM(in_{key})&"|"&{sellers}&"|"&TRIM($E{{row}})'
    newest = f'MAXIFS({rows},{table}[valid_from],"<="&in_as_of)'
    oldest = f'IF($H{{row}}=0,0,MINIFS({rows},{table}[replaced_on],">"&in_as_of))'
    age = f'IF(OR($H{{row}}=0,ISNUMBER($G{{row}}),{price.weight}=0),"–",in_as_of-$I{{row}})'
    source = f'IF(ISNUMBER($F{{row}}),"price table","{price.words}")'
    used = f"IF(ISNUMBER($F{{row}}),$F{{row}},{price.instead})"
    role = "output" if price.name.startswith("out_") else "calculation"
    return Row(
        {
            "B": Cell(price.label, role="label"),
            "C": Cell(f"=IF(ISNUMBER($G{{row}}),$G{{row}},{used})", "price", role, price.name),
            "D": Cell(unit, role="unit"),
            "E": Cell(price.term, "general", "calculation_text"),
            "F": Cell(
                f'=IFNA({found},"none")',
                "price",
                "calculation_text",
                f"listed_{price.name.removeprefix('use_').removeprefix('out_')}",
            ),
            "G": Cell(f'=IF({price.typed}="","–",{price.typed})', "price", "calculation_text"),
            "H": Cell(f"={newest}", "date_or_none", "calculation_text"),
            "I": Cell(f"={oldest}", "date_or_none", "calculation_text"),
            "J": Cell(
                f"={age}",
                "days",
                "calculation_text",
                column="token_price_age" if price.tokens else "gpu_price_age",
            ),
            "K": Cell(f'=IF(ISNUMBER($G{{row}}),"typed on Inputs",{source})', "general", "note"),
        }
    )


def prices() -> list[Item]:
    titles = across(
        "Price",
        "In use",
        "Unit",
        "Term or kind",
        "In the table",
        "Typed on Inputs",
        "Newest row,\nvalid from",
        "Oldest row,\nvalid from",
        "Age of oldest\n(days)",
        "Where it comes from",
    )
    return [
        heading("Prices in use on the as-of date", LAST),
        headers(titles, texts="BDK"),
        *(_price_row(price) for price in _PRICES),
        line(
            "Effective input price",
            "=out_input_price*(1-in_cache_hit_rate)+out_cached_input_price*in_cache_hit_rate",
            "price",
            "USD/Mtok",
            "Cached and uncached input at this hit rate.",
            name="effective_input_price",
        ),
        line(
            "Providers looked at, GPUs",
            '=IF(TRIM(in_gpu_provider)="","*",TRIM(in_gpu_provider))',
            "general",
            "name",
            "* stands for all: the price is the median of each one's newest row; the age is that "
            "of the oldest of these rows.",
            name="gpu_sellers",
            role="calculation_text",
        ),
        line(
            "Providers looked at, tokens",
            '=IF(TRIM(in_model_provider)="","*",TRIM(in_model_provider))',
            "general",
            "name",
            name="model_sellers",
            role="calculation_text",
        ),
        Gap(),
    ]


def _mix_row(label: str, part: str) -> Row:
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(f"=in_share_{part}", "share", column="mix_share"),
            "D": Cell("share of hours paid", role="unit"),
            "E": Cell(f"=use_{part}_price", "price", column="mix_price"),
            "F": Cell(f"=in_loss_{part}", "share", column="mix_loss"),
        }
    )


def gpu_mix() -> list[Item]:
    titles = across("GPUs bought", "Share", "Unit", "USD/GPU-hour", "Hours lost")
    return [
        heading("Price of a useful GPU-hour", LAST),
        headers(titles),
        _mix_row("Main term", "main"),
        _mix_row("Reserved", "reserved"),
        _mix_row("Spot", "spot"),
        line(
            "Price of a useful GPU-hour",
            f"={call('MIXED_GPU_HOUR')}",
            "price",
            "USD/GPU-hour",
            "Paid hours over useful hours: lost hours make it dearer.",
            name="out_gpu_hour_price",
            role="output",
        ),
        Gap(),
    ]
