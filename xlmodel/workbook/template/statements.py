"""What the sheet Checks tests: comparisons and conditions, by group."""

from xlmodel.workbook.template import prices
from xlmodel.workbook.template.actuals_checks import ACTUALS
from xlmodel.workbook.template.caveat_checks import (
    CACHING,
    DECODING,
    SIZE,
    SOURCING,
    TRAFFIC,
    VALUE,
)
from xlmodel.workbook.template.checked import Comparison, Condition
from xlmodel.workbook.template.deals_checks import DEALS
from xlmodel.workbook.template.pnl_checks import PNL


def _in_use(grid: str, down: str, along: str) -> str:
    """The cell of a grid on sheet Sensitivity that holds the day in use."""
    row, column = (
        f"MATCH(axis_{axis}_in_use,{grid}_{side},0)"
        for axis, side in ((down, "down"), (along, "across"))
    )
    return f"INDEX({grid}_values,{row},{column})"


_FUNCTIONS = (
    Comparison(
        "check_tokens",
        "Tokens a day",
        "out_tokens_per_day",
        "out_output_tps*(1+in_input_output_ratio)*86400*in_utilization",
        "tokens/day",
        "TOKENS_PER_DAY against plain arithmetic.",
        "whole",
    ),
    Comparison(
        "check_revenue",
        "Revenue",
        "out_revenue",
        "out_output_tps*(in_input_output_ratio*effective_input_price+out_output_price)"
        "*86400*in_utilization/10^6",
        "USD/day",
        "NODE_REVENUE against plain arithmetic.",
    ),
    Comparison(
        "check_cost",
        "Cost",
        "out_cost",
        "in_gpus*out_gpu_hour_price*24+in_other_cost_per_day",
        "USD/day",
        "NODE_COST against plain arithmetic.",
    ),
    Comparison(
        "check_gpu_hour",
        "Useful GPU-hour",
        "out_gpu_hour_price",
        "SUMPRODUCT(mix_share,mix_price)/SUMPRODUCT(mix_share,1-mix_loss)",
        "USD/GPU-hour",
        "MIXED_GPU_HOUR against plain arithmetic.",
        "price",
    ),
    Comparison(
        "check_blank",
        "A blank cell means the default",
        "NODE_COST(in_gpus,out_gpu_hour_price,blank_cell)",
        "NODE_COST(in_gpus,out_gpu_hour_price)",
        "USD/day",
        "Some programs hand a blank cell on as 0, which would be taken for hours a day here.",
    ),
)

_BALANCES = (
    Comparison(
        "check_balance",
        "Revenue − cost = margin",
        "out_revenue-out_cost",
        "out_margin",
        "USD/day",
        "NODE_MARGIN against NODE_REVENUE and NODE_COST.",
    ),
    Comparison(
        "check_margin_rate",
        "Margin rate × revenue = margin",
        "out_margin_rate*out_revenue",
        "out_margin",
        "USD/day",
        "NODE_MARGIN_RATE.",
    ),
    Comparison(
        "check_bridge",
        "Sum of the bridge = margin",
        "bridge_total",
        "out_margin",
        "USD/day",
        "Sheet Founding case.",
    ),
    Comparison(
        "check_blended_price",
        "Blended price × tokens = revenue",
        "out_blended_price*out_tokens_per_day/10^6",
        "out_revenue",
        "USD/day",
        "BLENDED_PRICE.",
    ),
    Comparison(
        "check_breakeven_price",
        "Break-even price × tokens = cost",
        "out_breakeven_price*out_tokens_per_day/10^6",
        "out_cost",
        "USD/day",
        "BREAKEVEN_PRICE.",
    ),
    Comparison(
        "check_breakeven_utilization",
        "Break-even utilization × full revenue = cost",
        "out_breakeven_utilization*MAX(curve_revenue)",
        "out_cost",
        "USD/day",
        "BREAKEVEN_UTILIZATION; revenue is proportional to utilization.",
    ),
    Comparison(
        "check_case_margin",
        "Margin of the case in use, sheet Scenarios = Margin",
        "INDEX(by_case_margin,case_number)",
        "out_margin",
        "USD/day",
        "Worked out for every case beside the model's own day.",
    ),
    Comparison(
        "check_day_in_use",
        "Day in use, sheet Sensitivity days = Margin",
        "today_margin",
        "out_margin",
        "USD/day",
        "All other days of that sheet differ from it by one driver, or two.",
    ),
    Comparison(
        "check_use_grid",
        "Price × utilization, in use = Margin",
        _in_use("use_grid", "price", "use"),
        "out_margin",
        "USD/day",
        "The cell of the day in use, sheet Sensitivity.",
    ),
    Comparison(
        "check_batch_grid",
        "Requests in flight × price, in use = Margin",
        _in_use("batch_grid", "batch", "price"),
        "out_margin",
        "USD/day",
        "Where the output rate is computed; a typed one does not follow.",
        applies='in_rate_from="computed"',
    ),
    Comparison(
        "check_pair_grid",
        "Two drivers, in use = the result watched",
        _in_use("pair_grid", "down", "along"),
        "today_watched",
        "its own",
        "Where the two drivers chosen on Inputs move different figures.",
        applies="NOT(pair_clash)",
    ),
    Comparison(
        "check_breakeven_tps",
        "Revenue at break-even rate = cost",
        "out_breakeven_tps/out_output_tps*out_revenue",
        "out_cost",
        "USD/day",
        "BREAKEVEN_TPS; revenue is proportional to the rate.",
    ),
)

_INPUTS = (
    Condition(
        "check_signs",
        "No rate, price or cost is negative",
        "MIN(in_output_tps,in_input_output_ratio,in_other_cost_per_day,in_gpu_hour_price,"
        "in_reserved_price,in_spot_price,in_input_price,in_output_price,"
        "in_cached_input_price)>=0",
        "Cost is positive in this workbook.",
    ),
    Condition(
        "check_node", "GPUs and decoding gain are above zero", "MIN(in_gpus,in_decoding_gain)>0"
    ),
    Condition(
        "check_shares",
        "Every share is between 0 and 1",
        "AND(MIN(in_utilization,in_cache_hit_rate,mix_share,mix_loss)>=0,"
        "MAX(in_utilization,in_cache_hit_rate,mix_share,mix_loss)<=1)",
        "Shares are fractions: 85 % is 0.85.",
    ),
    Condition(
        "check_lows",
        "No driver's low is above its high",
        "SUMPRODUCT(--(driver_low>driver_high))=0",
        "Stated on Inputs for sheet Sensitivity.",
    ),
    Comparison(
        "check_mix_sum",
        "Shares of the GPU mix sum to 1",
        "SUM(mix_share)",
        "1",
        "share",
        "Main term, reserved and spot.",
        "share",
    ),
    Condition(
        "check_mix_priced",
        "Each part of the mix has a price of its own",
        "AND(OR(in_share_reserved=0,COUNT(listed_reserved_price,in_reserved_price)>0),"
        "OR(in_share_spot=0,COUNT(listed_spot_price,in_spot_price)>0))",
        "Else that part is reckoned at the main-term price.",
    ),
)

_PRICES = (
    Condition(
        "check_prices_found",
        "Every price in use was found or typed",
        "AND(ISNUMBER(out_gpu_hour_price),ISNUMBER(out_input_price),"
        "ISNUMBER(out_output_price),ISNUMBER(out_cached_input_price))",
        "Else the tables have no row for that name, provider and date.",
    ),
    Condition(
        "check_currency",
        "The currency on sheet Inputs is USD",
        'in_currency="USD"',
        "Units, titles and tables of this edition are in USD.",
    ),
    Comparison(
        "check_gpu_currency",
        "GPU prices in another currency",
        'COUNTIFS(GpuPrices[key],TRIM(in_gpu)&"|"&gpu_sellers&"|*",'
        'GpuPrices[currency],"<>"&in_currency)',
        "0",
        "rows",
        "Nothing is converted.",
        "whole",
    ),
    Comparison(
        "check_model_currency",
        "Model prices in another currency",
        'COUNTIFS(ModelPrices[key],TRIM(in_model)&"|"&model_sellers&"|*",'
        'ModelPrices[currency],"<>"&in_currency)',
        "0",
        "rows",
        "Nothing is converted.",
        "whole",
    ),
    Comparison(
        "check_gpu_price_age",
        "Age of the oldest GPU price in use",
        "MAX(gpu_price_age)",
        "0",
        "days",
        "At the as-of date; accepted age on Inputs.",
        "whole",
        "in_accepted_price_age",
    ),
    Comparison(
        "check_model_price_age",
        "Age of the oldest model price in use",
        "MAX(token_price_age)",
        "0",
        "days",
        "At the as-of date; accepted age on Inputs.",
        "whole",
        "in_accepted_price_age",
    ),
    Condition(
        "check_outputs",
        "Every result is a number",
        "AND(ISNUMBER(out_revenue),ISNUMBER(out_cost),ISNUMBER(out_margin),"
        "ISNUMBER(out_margin_rate),ISNUMBER(out_breakeven_utilization))",
        "An input out of range or a missing price shows here first.",
    ),
)


def _table_checks(table: str, what: str, sheet: str, first: str) -> tuple[Comparison, ...]:
    return (
        Comparison(
            f"check_{what}_table_clean",
            f"Rows with a fault, or twice: {sheet}",
            f'ROWS({table}[key])-COUNTIF({table}[row_check],"ok")'
            f'+COUNTIF({table}[rows_alike],">1")',
            "0",
            "rows",
            f"Sheet {sheet}: where row_check is not ok, or rows_alike is above 1.",
            "whole",
        ),
        Comparison(
            f"check_{what}_table_whole",
            f"Cells filled below the table {sheet}",
            f"COUNTA({prices.area(sheet)})-COUNTA({table}[[{first}]:[note]])",
            "0",
            "cells",
            "They are not read: drag the corner of the table down over them.",
            "whole",
        ),
    )


_TABLES = (
    *_table_checks("GpuPrices", "gpu", "GPU prices", "gpu"),
    *_table_checks("ModelPrices", "model", "Model prices", "model"),
)

_FOUNDING = tuple(
    Comparison(f"check_founding_{what}", f"{label} as published", f"out_{name}",
                f"in_published_{name}", unit, "n/a unless the inputs are the founding case.", form,
                "in_cent_tolerance", "founding_case")
    for what, label, name, unit, form in (
        ("tokens", "Tokens a day", "tokens_per_day", "tokens/day", "whole"),
        ("revenue", "Revenue", "revenue", "USD/day", "money3"),
        ("cost", "Cost", "cost", "USD/day", "money3"),
        ("margin", "Margin", "margin", "USD/day", "money3"),
    )
)  # fmt: skip


_THROUGHPUT = (
    Condition(
        "check_traffic_ratio",
        "Ratio is that of the traffic",
        'IF(in_rate_from="computed",'
        'ABS(in_input_output_ratio-shape_ratio)<=in_tolerance*MAX(1,shape_ratio),"n/a")',
        "Where the rate is computed, revenue must count the same input tokens per output token.",
    ),
    Condition(
        "check_computed_rate",
        "Computed rate is known",
        'IF(in_rate_from="computed",ISNUMBER(out_replica_tps),"n/a")',
        "Else the model, GPUs, precision and limits chosen do not go together.",
    ),
    Condition(
        "check_benchmark_used",
        "A benchmark of this configuration is used",
        "IF(SUMPRODUCT((Throughput[model]=in_model)*(Throughput[gpu]=in_gpu)"
        "*(Throughput[gpus]=in_gpus)*(Throughput[precision]=in_precision))>0,"
        'out_replica_basis="benchmark","n/a")',
        "It holds for its own lengths, requests in flight and limits, and without cache hits.",
    ),
    Condition(
        "check_latency_limits",
        "Latency limits are kept",
        "IF(ISNUMBER(out_replica_tps),AND(IF(N(in_max_tpot_ms)>0,out_tpot_ms<=in_max_tpot_ms,TRUE),"
        'IF(N(in_max_ttft_ms)>0,out_ttft_ms<=in_max_ttft_ms,TRUE)),"n/a")',
        "A number of requests that is typed may be more than the limits allow.",
    ),
    Comparison(
        "check_requests",
        "Rate × time per token = requests",
        "out_replica_tps*out_tpot_ms/1000",
        "out_replica_batch",
        "sequences",
        "NODE_TPS against TPOT; benchmarks and the grid keep it only nearly.",
        "rate",
        applies='AND(in_throughput_basis<>"grid",COUNTA(Throughput[model])=0,'
        "ISNUMBER(out_replica_tps))",
    ),
)
GROUPS: tuple[tuple[str, str, tuple[Comparison | Condition, ...]], ...] = (
    ("group_functions", "Functions against plain arithmetic", _FUNCTIONS),
    ("group_balances", "Balances", _BALANCES),
    ("group_inputs", "Signs and ranges of the inputs", _INPUTS),
    ("group_throughput", "Throughput", _THROUGHPUT),
    ("group_decoding", "Decoding", DECODING),
    ("group_sourcing", "Buying GPUs", SOURCING),
    ("group_deals", "Deals", DEALS),
    ("group_size", "Big or small", SIZE),
    ("group_traffic", "Traffic", TRAFFIC),
    ("group_value", "Model value", VALUE),
    ("group_caching", "Caching", CACHING),
    ("group_pnl", "P&L of the fleet", PNL),
    ("group_actuals", "Budget against actual", ACTUALS),
    ("group_prices", "Prices and results", _PRICES),
    ("group_tables", "Price tables", _TABLES),
    ("group_founding", "Published figures", _FOUNDING),
)
