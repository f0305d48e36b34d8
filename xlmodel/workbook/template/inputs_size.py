"""The inputs of the sheet Big or small: the ladder of models, and what is assumed of demand."""

import datetime

from xlmodel.units import Quantity
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number, pick, row
from xlmodel.workbook.template.parts import Row, heading

RUNGS = (
    "Llama-3.1-8B",
    "gpt-oss-120b",
    "Llama-3.1-70B",
    "Qwen3-235B-A22B",
    "Llama-4-Maverick",
    "Llama-3.1-405B",
)
"""Models with a market price and a known architecture that one node of H100 holds."""

_HOURS = Quantity("GPU-hours", "GPU-hours of a training run", 0, 1e12)
_TOKENS = Quantity("tokens", "tokens that the large model writes for the small one to learn from")


def _model(name: str, label: str, value: str, note: str) -> Row:
    return pick(name, label, value, "ModelList", note, kind="model")


def _ladder() -> list[Row]:
    return [
        heading("Big or small: a ladder of models at their market prices", LAST),
        row(
            "in_ladder_as_of",
            "Day of the ladder's prices",
            datetime.date(2025, 8, 31),
            "date",
            "date",
            accept.day("Day for which the ladder's prices of models and GPUs are wanted."),
            "Its own date: on the as-of date above few of these models existed. Median of the "
            "sellers; most open-model prices in the table were seen in July and August 2025.",
        ),
        pick(
            "in_ladder_gpu",
            "GPU of the ladder",
            "H100",
            "GpuList",
            "The same for all; provider and term as for the node.",
            kind="gpu",
        ),
        number(
            "in_ladder_requests",
            "Requests that a replica must hold",
            32,
            "whole",
            "Sets the fewest GPUs of each rung. ASSUMPTION: as the reasonable concurrency.",
            kind=Quantity("sequences", "requests in flight that a replica must hold", 1, 1e6),
        ),
        *(
            _model(f"in_rung_{i}", f"Rung {i}", model, "A model with a price and an architecture.")
            for i, model in enumerate(RUNGS, start=1)
        ),
    ]


def _large() -> list[Row]:
    return [
        _model("in_large_model", "Large model of the ladder", RUNGS[-1], "One of the rungs."),
        number(
            "in_reference_demand",
            "Tokens sold a day at its price",
            1e9,
            "tokens",
            "ASSUMPTION: an example.",
        ),
        number(
            "in_elasticity",
            "Price elasticity of demand",
            2,
            "factor",
            "ASSUMPTION: not measured. 2: a price 1 % higher loses 2 % of demand.",
        ),
        number(
            "in_open_places_factor",
            "Open weights: buyers at an equal price",
            1.5,
            "factor",
            "ASSUMPTION: more places to deploy, over those with closed weights.",
            kind=accept.argument("demand_factor"),
        ),
        number(
            "in_open_price_factor",
            "Open weights: price kept",
            0.7,
            "factor",
            "ASSUMPTION: other hosts press the price.",
            kind=accept.argument("price_factor"),
        ),
        number(
            "in_open_own_share",
            "Open weights: tokens still sold by oneself",
            0.6,
            "share",
            "ASSUMPTION: the rest is sold by other hosts.",
            kind=accept.argument("own_share"),
        ),
        number(
            "in_licence_fee_share",
            "Open weights: licence fee",
            0.05,
            "share",
            "ASSUMPTION: of the other hosts' revenue.",
        ),
    ]


def _small() -> list[Row]:
    return [
        _model("in_small_model", "Small model, distilled from it", RUNGS[0], "One of the rungs."),
        number(
            "in_teacher_gpu_hours",
            "Training of the large model",
            30_840_000,
            "whole",
            "Llama 3.1's model card, at the ladder's price per GPU-hour.",
            kind=_HOURS,
        ),
        number(
            "in_teacher_share",
            "Share of it that the small model bears",
            0.1,
            "share",
            "ASSUMPTION: the large model earns the rest itself.",
        ),
        number(
            "in_teaching_tokens",
            "Tokens written to teach the small one",
            1e10,
            "tokens",
            "ASSUMPTION: at the large model's cost per token.",
            kind=_TOKENS,
        ),
        number(
            "in_student_gpu_hours",
            "Training of the small model",
            1_460_000,
            "whole",
            "Llama 3.1's model card for 8B, which was not distilled: an upper bound.",
            kind=_HOURS,
        ),
        number(
            "in_student_tokens",
            "Tokens that it serves over its life",
            1e14,
            "tokens",
            "ASSUMPTION: about 55 GPUs for a year at 100 % of the computed rate.",
        ),
        number(
            "in_customer_tokens",
            "Tokens of one customer a day",
            1e6,
            "tokens",
            "ASSUMPTION: an example, the same at every size.",
            kind=accept.argument("customer_tokens_per_day"),
        ),
    ]


def rows() -> list[Row]:
    return [*_ladder(), *_large(), *_small()]
