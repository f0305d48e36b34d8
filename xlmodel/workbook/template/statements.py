"""What the sheet Checks tests: comparisons and conditions, by group."""

from typing import NamedTuple

from xlmodel.workbook.template import prices


class Comparison(NamedTuple):
    """Two ways to the same figure; they differ by the tolerance at most."""

    name: str
    label: str
    one: str
    other: str
    unit: str
    note: str
    form: str = "money3"
    tolerance: str = ""
    applies: str = ""


class Condition(NamedTuple):
    """A statement that is true or false."""

    name: str
    label: str
    formula: str
    note: str = ""


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

_DECODING = (
    Condition(
        "check_accepted_length",
        "A step yields 1 token, or what is drafted and 1",
        "IF(ISNUMBER(decoding_length),AND(decoding_length>=1,decoding_length<=in_draft_tokens+1),"
        '"n/a")',
        "Typed or measured: a step yields its own token and the drafted ones at most.",
    ),
    Condition(
        "check_node_gain",
        "The node gains no more than its decode steps",
        "IF(N(out_decoding_gain)>=1,"
        'out_node_decoding_gain<=out_decoding_gain*(1+in_tolerance),"n/a")',
        "The time that goes into input is not quicker.",
    ),
    Condition(
        "check_prefill_share",
        "Time for input is known where decoding gains",
        'IF(in_decoding_gain=1,"n/a",COUNT(in_prefill_share,physics_tps)>0)',
        "Else the gain of decode steps is taken for one of the whole node: type the share.",
    ),
)

_SOURCING = (
    Comparison(
        "check_sourced_price",
        "Useful GPU-hour of the mix compared",
        "out_sourced_gpu_hour_price",
        "SUMPRODUCT(way_share,way_paid)/SUMPRODUCT(way_share,1-way_lost)",
        "USD/GPU-hour",
        "MIXED_GPU_HOUR against plain arithmetic.",
        "price",
    ),
    Comparison(
        "check_sourcing_effect",
        "Effect of the mix = saving on GPU-hours",
        "out_sourcing_effect",
        "(INDEX(way_useful,1)-out_sourced_gpu_hour_price)*in_gpus*24",
        "USD/day",
        "NODE_MARGIN against plain arithmetic.",
    ),
    Comparison(
        "check_own_breakeven",
        "At the break-even use both cost the same",
        "out_own_breakeven_use*use_main_price",
        "out_owned_gpu_hour",
        "USD/GPU-hour",
        "OWN_BREAKEVEN_USE against OWNED_GPU_HOUR.",
        "price",
    ),
    Condition(
        "check_sourcing_shares",
        "Shares of the mix compared sum to 1 at most",
        "MIN(way_share)>=0",
        "What is left is bought at the main term.",
    ),
)

_SIZE = (
    Comparison(
        "check_size_cost",
        "Ladder: cost ÷ price = break-even utilization ÷ utilization",
        "MAX(ladder_cost_share)",
        "MAX(ladder_breakeven)/in_utilization",
        "share",
        "BREAKEVEN_PRICE against BREAKEVEN_UTILIZATION; sheet Big or small.",
        "share",
    ),
    Condition(
        "check_size_best",
        "Best price earns no less than the market price",
        'IF(ISNUMBER(out_optimal_profit),out_optimal_profit>=out_demand_profit*(1-in_tolerance),"n/a")',
        "Sheet Big or small; n/a where no price is best.",
    ),
)

_TRAFFIC = (
    Comparison(
        "check_fleet_nodes",
        "Nodes × idle share = nodes less full ones",
        "out_fleet_nodes*(1-out_fleet_utilization)",
        "out_fleet_nodes-in_mean_load/out_output_tps",
        "nodes",
        "FLEET_UTILIZATION and FLEET_NODES against the mean load.",
        "rate",
    ),
    Comparison(
        "check_fixed_fleet",
        "Cost of the fixed fleet",
        "fixed_fleet_cost",
        "fixed_fleet_nodes*in_gpus*out_gpu_hour_price*24",
        "USD/day",
        "FLEET_COST against plain arithmetic.",
    ),
)

_VALUE = (
    Comparison(
        "check_value_months",
        "Months of the P&L = lifetime margin",
        "SUM(month_margin)",
        "LIFETIME_MARGIN(out_revenue,out_cost,out_half_life_days,in_cost_half_life_days,"
        "SUM(month_days),in_hazard_per_year,,in_next_release_day,in_value_kept)",
        "USD",
        "Sheet Model value: LIFETIME_MARGIN against the sum of LIFETIME_REVENUE by month.",
        "money",
        applies="AND(in_utilization_change=1,in_efficiency_gain=0)",
    ),
    Comparison(
        "check_last_profitable_day",
        "Revenue = cost on the last profitable day",
        "MODEL_VALUE(out_revenue,out_half_life_days,N(out_last_profitable_day))",
        "MODEL_VALUE(out_cost,cost_half_life,N(out_last_profitable_day))",
        "USD/day",
        "LAST_PROFITABLE_DAY and MODEL_VALUE.",
        "money3",
        applies="N(out_last_profitable_day)>0",
    ),
    Comparison(
        "check_delay",
        "Delay until the last profitable day costs it all",
        "LAUNCH_DELAY_COST(out_revenue,out_half_life_days,value_mark_day,out_cost,"
        "in_cost_half_life_days,in_hazard_per_year,,in_next_release_day,in_value_kept)",
        "out_lifetime_margin",
        "USD",
        "LAUNCH_DELAY_COST against LIFETIME_MARGIN.",
        "money",
        applies="AND(value_mark_day>0,ISNUMBER(out_launch_delay_cost))",
    ),
    Comparison(
        "check_npv",
        "Discounted months − upfront cost = NPV",
        "SUM(month_discounted)-in_model_upfront",
        "out_model_npv",
        "USD",
        "MODEL_NPV against the months' own discounting.",
        "money",
    ),
)

_CACHING = (
    Comparison(
        "check_conversation_input",
        "Input of a conversation",
        "conv_input",
        "SUM(turn_input)",
        "tokens",
        "CONVERSATION_INPUT against the turns, one by one.",
        "whole",
    ),
    Comparison(
        "check_conversation_hits",
        "Input found in the cache",
        "out_conversation_hit_rate*conv_input",
        "SUM(turn_hits)",
        "tokens",
        "CONVERSATION_HIT_RATE against the turns, one by one.",
        "money3",
    ),
    Comparison(
        "check_caching_revenue",
        "Revenue a day with the cache",
        "NODE_REVENUE(conv_tps,out_conversation_input_output_ratio,conv_input_price,"
        "conv_output_price,in_utilization,out_conversation_hit_rate,conv_cached_price)",
        "conv_day",
        "USD/day",
        "NODE_REVENUE against REQUEST_REVENUE, where writes cost plain input and no turn is long.",
        applies="AND(ISNUMBER(out_caching_effect),conv_write_multiplier=1,MAX(turn_long_input)=1,"
        "MAX(turn_long_output)=1)",
    ),
)

GROUPS: tuple[tuple[str, str, tuple[Comparison | Condition, ...]], ...] = (
    ("group_functions", "Functions against plain arithmetic", _FUNCTIONS),
    ("group_balances", "Balances", _BALANCES),
    ("group_inputs", "Signs and ranges of the inputs", _INPUTS),
    ("group_throughput", "Throughput", _THROUGHPUT),
    ("group_decoding", "Decoding", _DECODING),
    ("group_sourcing", "Buying GPUs", _SOURCING),
    ("group_size", "Big or small", _SIZE),
    ("group_traffic", "Traffic", _TRAFFIC),
    ("group_value", "Model value", _VALUE),
    ("group_caching", "Caching", _CACHING),
    ("group_prices", "Prices and results", _PRICES),
    ("group_tables", "Price tables", _TABLES),
    ("group_founding", "Published figures", _FOUNDING),
)
