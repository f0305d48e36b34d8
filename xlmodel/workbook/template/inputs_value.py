"""The inputs of what a model is worth over time: how fast it fades, and what it cost upfront."""

from xlmodel import tables
from xlmodel.units import Quantity
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number, row
from xlmodel.workbook.template.parts import Row, heading

_CHANGE = Quantity(
    "factor/year", "utilization of a year over that of the year before", 0, 100, open_low=True
)
_GAIN = Quantity("share/year", "growth of the output rate of the same node in a year", 0, 100)
_UPFRONT = Quantity("USD", "part of training, data and launch that this one node has to earn back")


def rows() -> list[Row]:
    scenarios = [line["scenario"] for line in tables.rows("price_declines")]
    return [
        heading("Model value: how long it earns", LAST),
        row(
            "in_decline",
            "How the price of tokens falls",
            "tenfold",
            "text",
            "name",
            accept.one_of(
                scenarios,
                "Published decline. A model that stays as it is earns by “held quality”; the "
                "price of a vendor's best model (“held tier”) falls far less: see sheet Model "
                "value.",
            )._replace(words="a name on sheet Model value"),
            "tenfold: the price of a fixed quality fell tenfold a year, 2021 to 2024.",
        ),
        number(
            "in_fold_per_year",
            "Fall a year, if not the published one",
            None,
            "factor",
            "10 is a tenth after a year; 1.43 is a fall by 30 %.",
            blank="that of the decline above",
        ),
        number(
            "in_cost_half_life_days",
            "Half-life of the node's cost",
            None,
            "whole",
            "Rent is fixed unless this says so. A fall by a quarter a year is a half-life of 879 "
            "days.",
            blank="it never falls",
        ),
        number(
            "in_hazard_per_year",
            "Risk to be superseded at once",
            0,
            "factor",
            "The turkey: at 1 a year, 37 % of models outlive the year. Figures are then expected.",
        ),
        number(
            "in_next_release_day",
            "Day of a known successor",
            None,
            "whole",
            "Counted from the as-of date.",
            blank="none is known",
        ),
        number(
            "in_value_kept",
            "Share of revenue kept after it",
            0,
            "share",
            "What is left when the successor is out.",
        ),
        number(
            "in_delay_days",
            "Days by which the launch is late",
            7,
            "whole",
            "What is lost by that, on sheet Model value.",
        ),
        number(
            "in_model_upfront",
            "Upfront cost that this node earns back",
            1000,
            "money",
            "ASSUMPTION: an example; also the cost of each further release.",
            kind=_UPFRONT,
        ),
        number(
            "in_value_discount_rate",
            "Discount rate of the model's margins",
            0.1,
            "share",
            "ASSUMPTION: 10 % a year, effective.",
            kind=accept.argument("discount_rate"),
        ),
        number(
            "in_utilization_change",
            "Utilization over that of a year before",
            1,
            "factor",
            "In P&Ls by month only; utilization stays at 100 % at most.",
            kind=_CHANGE,
        ),
        number(
            "in_efficiency_gain",
            "Gain in output rate a year",
            0,
            "share",
            "In P&Ls by month only: what engineers add to the rate of the same node.",
            kind=_GAIN,
        ),
        number(
            "in_training_params",
            "Training: parameters",
            405e9,
            "tokens",
            "Llama 3.1 405B (arXiv:2407.21783); of experts the active ones.",
            kind=accept.argument("params", "TRAINING_COST"),
        ),
        number(
            "in_training_tokens",
            "Training: tokens",
            15.6e12,
            "tokens",
            "Llama 3.1 405B: 15.6 trillion.",
            kind=accept.argument("tokens", "TRAINING_COST"),
        ),
        number(
            "in_training_mfu",
            "Training: share of the BF16 peak (MFU)",
            0.41,
            "share",
            "Llama 3.1 405B: 38 to 43 %. On the GPU and at the price of the node above.",
            kind=accept.argument("mfu", "TRAINING_COST"),
        ),
    ]
