"""The sheet GPU sourcing: what a useful GPU-hour costs by way of buying, and rent or own.

On demand, reserved, spot and owned side by side, and a mix of them, with the margin of the node
that each would give; from which use, rental price and life owning pays; the published costs of
owning beside ours. Nothing here changes the day on sheet Margin.
"""

from xlmodel.workbook.template import sourcing_curve, sourcing_words
from xlmodel.workbook.template.calls import OWNED, call
from xlmodel.workbook.template.parts import (
    Cell,
    Gap,
    Item,
    Row,
    Sheet,
    across,
    headers,
    heading,
    known,
    line,
    remark,
)

_LAST = "J"
_PUBLISHED = (
    ("Hyperscaler, owned", "tco-own-hyperscaler", "out_owned_gpu_hour"),
    ("Neocloud, owned", "tco-own-neocloud", "out_owned_gpu_hour"),
    ("Rented for 3 years, 25 % upfront", "reserved-3y", "reserved_paid"),
)


def _or(typed: str, example: str, used: str = "") -> str:
    """What Inputs and tables say under 3 where they do, else the example."""
    return f"IF({typed},{used},{example})"


_RESERVED = _or(
    "COUNT(in_reserved_price,listed_reserved_price)>0",
    "in_example_reserved_price",
    "use_reserved_price",
)
_SPOT = _or("COUNT(in_spot_price,listed_spot_price)>0", "in_example_spot_price", "use_spot_price")
_IDLE, _LOST = (
    _or(f"in_loss_{way}>0", f"in_example_{way}_loss", f"in_loss_{way}")
    for way in ("reserved", "spot")
)


_RESERVATION = {
    "reserved_price": _RESERVED,
    "upfront": "in_reserved_upfront",
    "term_years": "in_reserved_term_years",
    "used_share": "1",
    "discount_rate": "in_own_discount_rate",
}
_IN_USE = {"reserved_price": "$C{row}", "used_share": "1-$D{row}"}

_WAYS = (
    # way, price paid, hours lost or idle, useful hour, share of the mix, where it comes from
    (
        "On demand (main term)",
        "use_main_price",
        "in_loss_main",
        "SPOT_GPU_HOUR($C{row},$D{row})",
        "1-SUM(in_example_share_reserved,in_example_share_spot,in_example_share_owned)",
        "The price in use on sheet Margin.",
    ),
    (
        "Reserved",
        call("RESERVED_GPU_HOUR", _RESERVATION),
        _IDLE,
        call("RESERVED_GPU_HOUR", _IN_USE),
        "in_example_share_reserved",
        "Paid when idle, too; what is paid upfront, spread over the term.",
    ),
    (
        "Spot",
        _SPOT,
        _LOST,
        "SPOT_GPU_HOUR($C{row},$D{row})",
        "in_example_share_spot",
        "Interrupted hours and work done again are lost.",
    ),
    (
        "Owned",
        call("OWNED_GPU_HOUR", OWNED),
        "1-in_own_used_share",
        call("OWN_BREAKEVEN_RENT", OWNED),
        "in_example_share_owned",
        "Capital, power and operation by usable hour; paid when idle, too.",
    ),
)


def _way(way: tuple[str, str, str, str, str, str]) -> Row:
    label, paid, lost, useful, share, note = way
    name = "reserved_paid" if label == "Reserved" else ""
    margin = call("NODE_MARGIN", gpu_hour_price="$E{row}")
    return Row(
        {
            "B": Cell(label, role="label", column="way_label"),
            "C": Cell(f"={paid}", "price", name=name, column="way_paid"),
            "D": Cell(f"={lost}", "share", column="way_lost"),
            "E": Cell(f"={useful}", "price", column="way_useful"),
            "F": Cell(f"={call('NODE_COST', gpu_hour_price='$E{row}')}", "money"),
            "G": Cell(f"={margin}", "money", column="way_margin"),
            "H": Cell("=$G{row}-INDEX(way_margin,1)", "change"),
            "I": Cell(f"={share}", "share", column="way_share"),
            "J": Cell(note, role="note"),
        }
    )


def _ways() -> list[Item]:
    titles = across(
        "Way of buying",
        "Hour paid\n(USD/GPU-hour)",
        "Hours lost or\nidle (share)",
        "Useful hour\n(USD/GPU-hour)",
        "Node cost\n(USD/day)",
        "Node margin\n(USD/day)",
        "Against on\ndemand (USD/day)",
        "Share of\nthe mix",
        "What is counted",
    )
    mix = Row(
        {
            "B": Cell("The mix", role="label"),
            "C": Cell("=SUMPRODUCT(way_share,way_paid)", "price"),
            "D": Cell("=SUMPRODUCT(way_share,way_lost)", "share"),
            "E": Cell("=out_sourced_gpu_hour_price", "price"),
            "F": Cell(f"={_of_mix('NODE_COST')}", "money"),
            "G": Cell(f"={_of_mix('NODE_MARGIN')}", "money", name="sourced_margin"),
            "H": Cell("=$G{row}-INDEX(way_margin,1)", "change"),
            "I": Cell("=SUM(way_share)", "share"),
            "J": Cell("Shares are of the hours paid: see Inputs.", role="note"),
        }
    )
    return [
        heading("A useful hour of a GPU, by way of buying", _LAST),
        headers(titles, texts="BJ", last=_LAST),
        *(_way(way) for way in _WAYS),
        mix,
        Gap(),
    ]


def _of_mix(function: str) -> str:
    return call(function, gpu_hour_price="out_sourced_gpu_hour_price")


def _results() -> list[Item]:
    return [
        heading("The mix, and rent or own", "F"),
        line(
            "Useful GPU-hour of the mix",
            f"={call('MIXED_GPU_HOUR', prices='way_paid', shares='way_share', losses='way_lost')}",
            "price",
            "USD/GPU-hour",
            "To use it, type it as the main-term price.",
            name="out_sourced_gpu_hour_price",
            role="output",
        ),
        line(
            "  without its idle hours",
            '=SUMPRODUCT(way_share,way_paid)/(1-SUMPRODUCT((way_label="Spot")*way_share*way_lost))',
            "price",
            "USD/GPU-hour",
            "Interruptions of spot are counted; idle hours stand on sheet Traffic.",
            name="sourced_paid_hour",
        ),
        line(
            "What the mix adds to the margin",
            "=sourced_margin-INDEX(way_margin,1)",
            "change",
            "USD/day",
            "Against all on demand, all else equal.",
            name="out_sourcing_effect",
            role="output",
        ),
        line(
            "Use from which owning is cheaper",
            f"={call('OWN_BREAKEVEN_USE', OWNED)}",
            "share",
            "share of usable hours",
            "Above 100 %: at no use.",
            name="out_own_breakeven_use",
            role="output",
        ),
        line(
            "Rental price from which owning is cheaper",
            f"={call('OWN_BREAKEVEN_RENT', OWNED)}",
            "price",
            "USD/GPU-hour",
            "At the use on Inputs; the rent held.",
            name="out_own_breakeven_rent",
            role="output",
        ),
        line(
            "Life from which owning is cheaper",
            known(call("OWN_PAYBACK_YEARS", OWNED), '"never"'),
            "rate",
            "years",
            "Payback, discounted; without resale.",
            name="out_own_payback_years",
            role="output",
        ),
        line(
            "Usable hour of an owned GPU",
            f"={call('OWNED_GPU_HOUR', OWNED)}",
            "price",
            "USD/GPU-hour",
            "In use or idle.",
            name="out_owned_gpu_hour",
            role="output",
        ),
        line(
            "  of it depreciation, as the P&L books it",
            f"={call('DEPRECIATION_GPU_HOUR', OWNED)}",
            "price",
            "USD/GPU-hour",
            "Straight line, without interest.",
        ),
        Gap(),
    ]


def _published_row(label: str, term: str, ours: str) -> Row:
    key = f'TRIM(in_gpu)&"|SemiAnalysis|{term}"'
    price = f'GPU_PRICE(GpuPrices[#All],in_gpu,"SemiAnalysis","{term}")'
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(known(price, '"none"'), "price", "calculation_text"),
            "D": Cell(f"={ours}", "price"),
            "E": Cell('=IFERROR($D{row}/$C{row}-1,"–")', "share", "calculation_text"),
            "F": Cell(
                f"=MAXIFS(GpuPrices[valid_from],GpuPrices[key],{key})",
                "date_or_none",
                "calculation_text",
            ),
        }
    )


def _published() -> list[Item]:
    titles = across(
        "Price of an hour paid",
        "Published\n(USD/GPU-hour)",
        "Ours\n(USD/GPU-hour)",
        "Ours against\npublished",
        "Published on",
    )
    return [
        heading("Published beside ours (SemiAnalysis, 4 years; newest row of GPU prices)", "F"),
        headers(titles, texts="B", last="F"),
        *(_published_row(*row) for row in _PUBLISHED),
        Gap(),
    ]


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="GPU sourcing",
        title="Buying GPUs: rent or own",
        about="What a useful GPU-hour costs by way of buying, and the margin it would give. A "
        "comparison: the day on sheet Margin keeps its price.",
        widths={"A": 2, **across(42, 17, 21, 17, 17, 17, 19, 12, 64)},
        items=[
            remark(sourcing_words.ANSWER, "answer_sourcing"),
            Gap(),
            *_ways(),
            sourcing_curve.CHARTS,
            *_results(),
            *_published(),
            *sourcing_curve.rows(_LAST),
            *sourcing_words.rows(_LAST),
        ],
        frozen_rows=4,
        one_page=True,
    )
