"""The day of a node as a chain of lines: drivers, prices and rate, results.

The sheets that work the day out for other inputs than those in use (Scenarios, Sensitivity days)
take the chain from here, so that it is written once. A formula names another line of the same day
as ``[key]``; each sheet puts the address in.
"""

from typing import NamedTuple

from xlmodel.workbook.template.calls import LIVE, REPLICA, call


class Line(NamedTuple):
    """A line of the day. ``live`` is where the workbook has it for the inputs in use."""

    key: str
    label: str
    unit: str
    form: str
    formula: str
    live: str
    role: str = "calculation_text"


def _driver(argument: str, label: str, unit: str, form: str, instead: str) -> Line:
    return Line(argument, label, unit, form, instead, f"in_{argument}")


DRIVERS = (
    _driver("output_tps", "Output rate of the node, typed", "tokens/s", "rate", ""),
    _driver("input_output_ratio", "Input tokens per output token", "ratio", "ratio", "0"),
    _driver("utilization", "Utilization", "share", "share", "1"),
    _driver("input_price", "Input price, typed", "USD/Mtok", "price", ""),
    _driver("output_price", "Output price, typed", "USD/Mtok", "price", ""),
    _driver("cached_input_price", "Cached-input price, typed", "USD/Mtok", "price", ""),
    _driver("gpu_hour_price", "Main-term price, typed", "USD/GPU-hour", "price", ""),
    _driver("cache_hit_rate", "Share of input read from cache", "share", "share", "0"),
    _driver("other_cost_per_day", "Other cost of the node", "USD/day", "money", "0"),
)


def _or_listed(driver: str, listed: str) -> str:
    return f"IF(ISNUMBER([{driver}]),[{driver}],{listed})"


def _of_part(part: str) -> str:
    typed = f"COUNT(in_{part}_price,listed_{part}_price)>0"
    return f"IF({typed},use_{part}_price,[main])"


_HERE = {
    argument: f"[{argument}]"
    for argument in ("input_output_ratio", "utilization", "cache_hit_rate", "other_cost_per_day")
} | {
    "output_tps": "[rate]",
    "input_price": "[input]",
    "output_price": "[output]",
    "cached_input_price": "[cached]",
    "gpu_hour_price": "[hour]",
    "node_cost": "[cost]",
    "tokens_per_day": "[tokens]",
}
_DAY = {**LIVE, **_HERE}
_REPLICA = {**REPLICA, "cache_hit_rate": "[cache_hit_rate]"}

WORKING = (
    Line("input", "Input price", "USD/Mtok", "price",
          _or_listed("input_price", "listed_input_price"), "out_input_price"),
    Line("output", "Output price", "USD/Mtok", "price",
          _or_listed("output_price", "listed_output_price"), "out_output_price"),
    Line("cached", "Cached-input price", "USD/Mtok", "price",
          _or_listed("cached_input_price",
                     "IF(ISNUMBER(listed_cached_input_price),listed_cached_input_price,[input])"),
          "out_cached_input_price"),
    Line("main", "GPU-hour, main term", "USD/GPU-hour", "price",
          _or_listed("gpu_hour_price", "listed_main_price"), "use_main_price"),
    Line("reserved", "GPU-hour, reserved", "USD/GPU-hour", "price",
          _of_part("reserved"), "use_reserved_price"),
    Line("spot", "GPU-hour, spot", "USD/GPU-hour", "price", _of_part("spot"), "use_spot_price"),
    Line("hour", "Useful GPU-hour", "USD/GPU-hour", "price",
          call("MIXED_GPU_HOUR", {**LIVE, "prices": "[main]:[spot]"}), "out_gpu_hour_price"),
    Line("computed", "Output rate, computed", "tokens/s", "rate",
          call("NODE_TPS", _REPLICA), "out_replica_tps"),
    Line("plain", "Output rate that the day takes", "tokens/s", "rate",
          'IF(in_rate_from="computed",[computed],[output_tps])', "plain_output_tps"),
    Line("batch", "Requests in flight", "sequences", "whole",
          f"IF(N(in_batch)>0,in_batch,{call('NODE_BATCH', _REPLICA)})", "out_replica_batch"),
    Line("prefill", "Share of time that goes into input", "share", "share",
          "IF(COUNT(in_prefill_share)>0,in_prefill_share,IFERROR("
          f"{call('PREFILL_SHARE', _REPLICA, batch='[batch]')},0))", "used_prefill_share"),
    Line("rate", "Output rate, with decoding gain", "tokens/s", "rate",
          "[plain]*NODE_DECODING_GAIN(in_decoding_gain,[prefill])", "out_output_tps"),
)  # fmt: skip

RESULTS = (
    Line("tokens", "Tokens a day", "tokens/day", "tokens",
          call("TOKENS_PER_DAY", _DAY), "out_tokens_per_day"),
    Line("revenue", "Revenue", "USD/day", "money", call("NODE_REVENUE", _DAY), "out_revenue"),
    Line("cost", "Cost", "USD/day", "money",
          call("NODE_COST", _DAY), "out_cost"),
    Line("margin", "Margin", "USD/day", "money3",
          call("NODE_MARGIN", _DAY), "out_margin", "output"),
    Line("margin_rate", "Margin rate", "share of revenue", "share",
          call("NODE_MARGIN_RATE", _DAY), "out_margin_rate"),
    Line("cost_per_mtok", "Cost per million tokens", "USD/Mtok", "price",
          call("COST_PER_MTOK", _DAY), "out_cost_per_mtok"),
    Line("breakeven_price", "Break-even price", "USD/Mtok", "price",
          call("BREAKEVEN_PRICE", _DAY), "out_breakeven_price"),
    Line("breakeven_utilization", "Break-even utilization", "share", "share",
          call("BREAKEVEN_UTILIZATION", _DAY), "out_breakeven_utilization"),
)  # fmt: skip

LINES = (*DRIVERS, *WORKING, *RESULTS)
