"""The inputs of the sheet GPU sourcing: reserved, spot and owned GPUs beside those on demand.

Prices and losses under 3 on the sheet come first; what stands here as an example takes their place
where there are none. No figure here changes the day on sheet Margin.
"""

from typing import NamedTuple

from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number, pick
from xlmodel.workbook.template.parts import Row, heading


class _Input(NamedTuple):
    name: str
    label: str
    value: float
    form: str
    argument: str
    note: str


_USED = 0.816
"""DeepSeek's published day: 226.75 nodes in the mean over 278 at the peak."""

_INPUTS = (
    _Input(
        "in_example_reserved_price",
        "Reserved price, where 3 has none",
        2.1,
        "price",
        "reserved_price",
        "Example: long-term rate assumed by Epoch (Erdil), 2024-09, 2/3 of on demand.",
    ),
    _Input(
        "in_reserved_upfront",
        "Paid upfront for a reservation",
        0,
        "money",
        "upfront",
        "On top of the price by the hour. A GUESS: none; some contracts ask for 25 %.",
    ),
    _Input(
        "in_reserved_term_years",
        "Term of the reservation",
        3,
        "count",
        "term_years",
        "A GUESS: 3 years. What is paid upfront is spread over it at the cost of capital.",
    ),
    _Input(
        "in_example_reserved_loss",
        "Idle hours, reserved, where 3 has none",
        round(1 - _USED, 3),
        "share",
        "loss",
        "A fleet for DeepSeek's published day (226.75 of 278 nodes in use). A base load has less.",
    ),
    _Input(
        "in_example_spot_price",
        "Spot price, where 3 has none",
        2.4638,
        "price",
        "spot_price",
        "Example: CoreWeave, 2026-10-10 (sheet GPU prices).",
    ),
    _Input(
        "in_example_spot_loss",
        "Hours lost, spot, where 3 has none",
        0.1,
        "share",
        "loss",
        "A GUESS. AWS gives 10 to 20 % of H100 instances interrupted a month (thundercompute.com, "
        "2026-02), no hours.",
    ),
    _Input(
        "in_own_capex",
        "Purchase price of a GPU",
        33750,
        "money",
        "capex",
        "Example: DGX H100 at 270,000 / 8 (SemiAnalysis 2023-05, in Epoch's notebook); "
        "50,000 in a training cluster (E. Cheah, 2024-10).",
    ),
    _Input(
        "in_own_life_years",
        "Life until it is sold or retired",
        4,
        "count",
        "life_years",
        "As in SemiAnalysis' published costs of owning.",
    ),
    _Input(
        "in_own_residual_share",
        "Resale value at the end",
        0,
        "share",
        "residual_share",
        "A GUESS on the cautious side: nothing.",
    ),
    _Input(
        "in_own_discount_rate",
        "Cost of capital",
        0.08,
        "share",
        "discount_rate",
        "A GUESS. With it our sum meets a published hyperscaler's cost within 3 %, at the "
        "published power and no other cost.",
    ),
    _Input(
        "in_own_power_kw",
        "Measured draw of a GPU, with its server",
        1.05,
        "rate",
        "power_kw",
        "Example: the most seen in training, 8.4 kW for 8 (Latif et al., IEEE Access "
        "2025). Rated: 10.2.",
    ),
    _Input(
        "in_own_pue",
        "PUE of the data centre",
        1.3,
        "rate",
        "pue",
        "Most AI data centres aim lower (SemiAnalysis); the mean of all was 1.58 in 2023 (Uptime "
        "Institute).",
    ),
    _Input(
        "in_own_electricity_price",
        "Price of electricity",
        0.08,
        "price",
        "electricity_price",
        "US industry, blended (aiinframap.com, 2026).",
    ),
    _Input(
        "in_own_opex_per_year",
        "Colocation and operation",
        1890,
        "money",
        "opex_per_year",
        "A GUESS: 150 USD a month for each kW drawn (low end of 150 to 250 on a web page), nothing "
        "for staff and repairs.",
    ),
    _Input(
        "in_own_availability",
        "Share of the year in which it can be used",
        0.97,
        "share",
        "availability",
        "A GUESS.",
    ),
    _Input(
        "in_own_used_share",
        "Share of these hours in use, owned",
        _USED,
        "share",
        "used_share",
        "As for reserved: DeepSeek's day. Idle nodes of a fleet, not idle time within a node.",
    ),
    _Input(
        "in_example_share_reserved",
        "Share reserved in the mix compared",
        0.6,
        "share",
        "shares",
        "Example data. Of the GPU-hours paid; what is left of 1 is bought at the main term.",
    ),
    _Input(
        "in_example_share_spot",
        "Share of spot in the mix compared",
        0.2,
        "share",
        "shares",
        "Example data.",
    ),
    _Input(
        "in_example_share_owned",
        "Share owned in the mix compared",
        0,
        "share",
        "shares",
        "Example data.",
    ),
)


def rows() -> list[Row]:
    return [
        heading("Buying GPUs in other ways, compared on sheet GPU sourcing", LAST),
        pick(
            "in_example_gpu",
            "GPU of the figures below",
            "H100",
            "GpuList",
            "The sheet says so when the node has another one: then replace them.",
            kind="gpu",
        ),
        *(
            number(i.name, i.label, i.value, i.form, i.note, kind=accept.argument(i.argument))
            for i in _INPUTS
        ),
    ]
