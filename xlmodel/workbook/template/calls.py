"""Calls of our functions on the names of this workbook.

Which name stands for which argument is written once, here; ``call`` puts them in the function's own
order. A change of a signature thus reaches every formula, or fails when the workbook is built.
"""

from collections.abc import Mapping
from typing import Final

from xlmodel.registry import find
from xlmodel.units import MustBeBlank

LIVE: Final[Mapping[str, str]] = {
    "output_tps": "out_output_tps",
    "input_output_ratio": "in_input_output_ratio",
    "input_price": "out_input_price",
    "output_price": "out_output_price",
    "gpus": "in_gpus",
    "gpu_hour_price": "out_gpu_hour_price",
    "utilization": "in_utilization",
    "cache_hit_rate": "in_cache_hit_rate",
    "cached_input_price": "out_cached_input_price",
    "other_cost_per_day": "in_other_cost_per_day",
    "hours_per_day": "24",
    "node_cost": "out_cost",
    "tokens_per_day": "out_tokens_per_day",
    "prices": "mix_price",
    "shares": "mix_share",
    "losses": "mix_loss",
}

PUBLISHED: Final[Mapping[str, str]] = {
    "output_tps": "reply_output_tps",
    "input_output_ratio": "in_published_ratio",
    "input_price": "in_published_price",
    "output_price": "in_published_price",
    "gpus": "in_published_gpus",
    "gpu_hour_price": "in_published_gpu_hour_price",
}

REPLICA: Final[Mapping[str, str]] = {
    "model": "in_model",
    "gpu": "in_gpu",
    "gpus": "in_gpus",
    "input_tokens": "shape_input",
    "output_tokens": "shape_output",
    "context_tokens": "shape_input+shape_output",
    "precision": "in_precision",
    "batch": "in_batch",
    "cache_hit_rate": "in_cache_hit_rate",
    "max_tpot_ms": "in_max_tpot_ms",
    "max_ttft_ms": "in_max_ttft_ms",
    "basis": "in_throughput_basis",
    "table": "Throughput[#All]",
}

OWNED: Final[Mapping[str, str]] = {
    "rent_price": "use_main_price",
    **{
        argument: f"in_own_{argument}"
        for argument in (
            *("capex", "life_years", "residual_share", "discount_rate", "power_kw", "pue"),
            *("electricity_price", "opex_per_year", "availability", "used_share"),
        )
    },
}

FADING: Final[Mapping[str, str]] = {
    "fold_per_year": "out_fold_per_year",
    "revenue_per_day": "out_revenue",
    "cost_per_day": "out_cost",
    "half_life_days": "out_half_life_days",
    "cost_half_life_days": "in_cost_half_life_days",
    "hazard_per_year": "in_hazard_per_year",
    "next_release_day": "in_next_release_day",
    "value_kept": "in_value_kept",
    "delay_days": "in_delay_days",
    "upfront_cost": "in_model_upfront",
    "development_cost": "in_model_upfront",
    "margins": "month_margin",
    "params": "in_training_params",
    "tokens": "in_training_tokens",
    "gpu": "in_gpu",
    "mfu": "in_training_mfu",
    "gpu_hour_price": "out_gpu_hour_price",
}

FOUNDING_REPLICA: Final[Mapping[str, str]] = {
    "model": "in_published_model",
    "gpu": "in_published_gpu",
    "gpus": "in_published_gpus",
    "input_tokens": "in_request_input",
    "output_tokens": "in_request_output",
    "precision": "in_published_precision",
}


def call(function: str, names: Mapping[str, str] = LIVE, **instead: str) -> str:
    """The call without "="; trailing arguments that have no name are left out.

    >>> call("TOKENS_PER_DAY")
    'TOKENS_PER_DAY(out_output_tps,in_input_output_ratio,in_utilization)'
    >>> call("TOKENS_PER_DAY", input_output_ratio="0")
    'TOKENS_PER_DAY(out_output_tps,0,in_utilization)'
    """
    parameters = find(function).parameters
    if unknown := instead.keys() - {p.name for p in parameters}:
        raise ValueError(f"{function} has no argument {', '.join(sorted(unknown))}")
    given = {**names, **instead}
    slots = ["" if isinstance(p.kind, MustBeBlank) else given.get(p.name, "") for p in parameters]
    while slots and not slots[-1]:
        slots.pop()
    missing = [
        p.name for p, slot in zip(parameters, slots, strict=False) if p.required and not slot
    ]
    if missing:
        raise ValueError(f"{function} needs {', '.join(missing)}")
    return f"{function}({','.join(slots)})"


def explanation(function: str, names: Mapping[str, str] = LIVE) -> str:
    """The call of ``XLMODEL_EXPLAIN`` with the arguments of that call.

    >>> explanation("TOKENS_PER_DAY")
    'XLMODEL_EXPLAIN("TOKENS_PER_DAY",out_output_tps,in_input_output_ratio,in_utilization)'
    """
    return f'XLMODEL_EXPLAIN("{function}",{call(function, names).removeprefix(function + "(")}'
