"""What the sheet Checks tests of the caveats: traffic, caching, decoding, buying, value, size."""

from xlmodel.workbook.template.checked import Comparison, Condition

DECODING = (
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

SOURCING = (
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

SIZE = (
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

TRAFFIC = (
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

VALUE = (
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

CACHING = (
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
