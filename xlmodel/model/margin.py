"""Margin and break-even of a node.

Margin is revenue less cost, in USD a day; a loss is negative. Cost runs all day, busy or idle, so
utilization moves revenue alone and there is a utilization, a price and a throughput at which the
node breaks even.
"""

from xlmodel.elementwise import only_if
from xlmodel.model.cost import cost_per_mtok, node_cost
from xlmodel.model.price import blended_price, node_revenue
from xlmodel.model.serving import tokens_per_day
from xlmodel.registry import function
from xlmodel.units import (
    HOURS_PER_DAY,
    TOKENS_PER_MTOK,
    BilledTokensPerDay,
    BreakevenUtilization,
    CachedInputPrice,
    CacheHitRate,
    GpuCount,
    GpuHourPrice,
    InputOutputRatio,
    InputPrice,
    MarginRate,
    NoUtilization,
    OtherCostPerDay,
    OutputPrice,
    OutputTps,
    PriceFactor,
    TargetMarginRate,
    TokensPerSecond,
    UsdPerDay,
    UsdPerMtok,
    Utilization,
    same_as,
)

_NO_REVENUE = "there is no price at which the tokens earn anything, so no break-even"


@function
def node_margin(
    output_tps: OutputTps,
    input_output_ratio: InputOutputRatio,
    input_price: InputPrice,
    output_price: OutputPrice,
    gpus: GpuCount,
    gpu_hour_price: GpuHourPrice,
    utilization: Utilization = 1.0,
    cache_hit_rate: CacheHitRate = 0.0,
    cached_input_price: CachedInputPrice = same_as("input_price"),
    other_cost_per_day: OtherCostPerDay = 0.0,
) -> UsdPerDay:
    """Margin of a node in a day: revenue less cost.

    Equation:
        margin = NODE_REVENUE − NODE_COST

    Source:
        Founding case (Y. Jia, July 2024): 798.336 − 670.08 USD.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.node_margin(300, 10, 2.8, 2.8, 8, 3.49), 9)
        128.256
        >>> xlmodel.node_margin(300, 10, 2.8, [2.0, 2.8], 8, 3.49).round(3).tolist()
        [107.52, 128.256]
    """
    revenue: UsdPerDay = node_revenue(
        output_tps,
        input_output_ratio,
        input_price,
        output_price,
        utilization,
        cache_hit_rate,
        cached_input_price,
        1.0,
    )
    cost: UsdPerDay = node_cost(gpus, gpu_hour_price, HOURS_PER_DAY, other_cost_per_day)
    return revenue - cost


@function
def node_margin_rate(
    output_tps: OutputTps,
    input_output_ratio: InputOutputRatio,
    input_price: InputPrice,
    output_price: OutputPrice,
    gpus: GpuCount,
    gpu_hour_price: GpuHourPrice,
    utilization: Utilization = 1.0,
    cache_hit_rate: CacheHitRate = 0.0,
    cached_input_price: CachedInputPrice = same_as("input_price"),
    other_cost_per_day: OtherCostPerDay = 0.0,
) -> MarginRate:
    """Margin of a node as a share of its revenue.

    Equation:
        margin rate = (NODE_REVENUE − NODE_COST) ÷ NODE_REVENUE

    Errors:
        #DIV/0! without revenue.

    Source:
        Founding case (Y. Jia, July 2024): 16.07 %.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.node_margin_rate(300, 10, 2.8, 2.8, 8, 3.49), 6)
        0.160654
    """
    revenue: UsdPerDay = node_revenue(
        output_tps,
        input_output_ratio,
        input_price,
        output_price,
        utilization,
        cache_hit_rate,
        cached_input_price,
        1.0,
    )
    cost: UsdPerDay = node_cost(gpus, gpu_hour_price, HOURS_PER_DAY, other_cost_per_day)
    return (revenue - cost) / revenue


@function
def breakeven_price(
    output_tps: OutputTps,
    input_output_ratio: InputOutputRatio,
    gpus: GpuCount,
    gpu_hour_price: GpuHourPrice,
    utilization: Utilization = 1.0,
    other_cost_per_day: OtherCostPerDay = 0.0,
) -> UsdPerMtok:
    """Price per million tokens, the same for input and output, at which margin is zero.

    Equation:
        price = NODE_COST ÷ TOKENS_PER_DAY × 10⁶

    Errors:
        #DIV/0! when no token is served.

    Source:
        Definition; founding case: 670.08 USD over 285.12 Mtok.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.breakeven_price(300, 10, 8, 3.49), 6)
        2.350168
    """
    cost: UsdPerDay = node_cost(gpus, gpu_hour_price, HOURS_PER_DAY, other_cost_per_day)
    tokens: BilledTokensPerDay = tokens_per_day(output_tps, input_output_ratio, utilization)
    return cost_per_mtok(cost, tokens)


@function
def breakeven_utilization(
    output_tps: OutputTps,
    input_output_ratio: InputOutputRatio,
    input_price: InputPrice,
    output_price: OutputPrice,
    gpus: GpuCount,
    gpu_hour_price: GpuHourPrice,
    utilization: NoUtilization = None,  # noqa: ARG001 (keeps the order of NODE_MARGIN)
    cache_hit_rate: CacheHitRate = 0.0,
    cached_input_price: CachedInputPrice = same_as("input_price"),
    other_cost_per_day: OtherCostPerDay = 0.0,
) -> BreakevenUtilization:
    """Utilization at which margin is zero; above 1 the node loses even when full.

    The arguments stand as in NODE_MARGIN. The slot of ``utilization`` stays blank.

    Equation:
        utilization = NODE_COST ÷ NODE_REVENUE at utilization 1

    Errors:
        #NUM! without positive revenue; #VALUE! for a value in the slot of ``utilization``.

    Source:
        Definition; founding case: 670.08 ÷ 798.336.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.breakeven_utilization(300, 10, 2.8, 2.8, 8, 3.49), 6)
        0.839346
    """
    full_revenue: UsdPerDay = node_revenue(
        output_tps,
        input_output_ratio,
        input_price,
        output_price,
        1.0,
        cache_hit_rate,
        cached_input_price,
        1.0,
    )
    cost: UsdPerDay = node_cost(gpus, gpu_hour_price, HOURS_PER_DAY, other_cost_per_day)
    return cost / only_if(full_revenue > 0, full_revenue, _NO_REVENUE)


@function
def breakeven_tps(
    input_output_ratio: InputOutputRatio,
    input_price: InputPrice,
    output_price: OutputPrice,
    gpus: GpuCount,
    gpu_hour_price: GpuHourPrice,
    utilization: Utilization = 1.0,
    cache_hit_rate: CacheHitRate = 0.0,
    cached_input_price: CachedInputPrice = same_as("input_price"),
    other_cost_per_day: OtherCostPerDay = 0.0,
) -> TokensPerSecond:
    """Output tokens per second at which margin is zero.

    Equation:
        output_tps = NODE_COST ÷ NODE_REVENUE of one output token per second

    Errors:
        #NUM! without positive revenue.

    Source:
        Definition; founding case: 251.80 tokens/s, that is 8.4 requests of 30 tokens/s.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.breakeven_tps(10, 2.8, 2.8, 8, 3.49), 4)
        251.8038
    """
    revenue_of_one_tps: UsdPerDay = node_revenue(
        1.0,
        input_output_ratio,
        input_price,
        output_price,
        utilization,
        cache_hit_rate,
        cached_input_price,
        1.0,
    )
    cost: UsdPerDay = node_cost(gpus, gpu_hour_price, HOURS_PER_DAY, other_cost_per_day)
    return cost / only_if(revenue_of_one_tps > 0, revenue_of_one_tps, _NO_REVENUE)


@function
def price_for_margin(
    target_margin_rate: TargetMarginRate,
    output_tps: OutputTps,
    input_output_ratio: InputOutputRatio,
    input_price: InputPrice,
    output_price: OutputPrice,
    gpus: GpuCount,
    gpu_hour_price: GpuHourPrice,
    utilization: Utilization = 1.0,
    cache_hit_rate: CacheHitRate = 0.0,
    cached_input_price: CachedInputPrice = same_as("input_price"),
    other_cost_per_day: OtherCostPerDay = 0.0,
) -> PriceFactor:
    """Factor on the whole rate card that brings the margin rate to the target.

    1.2 means that every price must rise by 20 %; 0.9 that there is room for a 10 % discount.

    Equation:
        factor = NODE_COST ÷ (1 − target_margin_rate) ÷ NODE_REVENUE

    Errors:
        #NUM! without positive revenue, or for a target of 1 or more.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.price_for_margin(0, 300, 10, 2.8, 2.8, 8, 3.49), 6)
        0.839346
        >>> round(xlmodel.price_for_margin(0.4, 300, 10, 2.8, 2.8, 8, 3.49), 6)
        1.39891
    """
    revenue: UsdPerDay = node_revenue(
        output_tps,
        input_output_ratio,
        input_price,
        output_price,
        utilization,
        cache_hit_rate,
        cached_input_price,
        1.0,
    )
    cost: UsdPerDay = node_cost(gpus, gpu_hour_price, HOURS_PER_DAY, other_cost_per_day)
    return cost / (1 - target_margin_rate) / only_if(revenue > 0, revenue, _NO_REVENUE)


@function
def self_host_breakeven(
    api_input_price: InputPrice,
    api_output_price: OutputPrice,
    input_output_ratio: InputOutputRatio,
    gpus: GpuCount,
    gpu_hour_price: GpuHourPrice,
    cache_hit_rate: CacheHitRate = 0.0,
    cached_input_price: CachedInputPrice = same_as("api_input_price"),
    other_cost_per_day: OtherCostPerDay = 0.0,
) -> BilledTokensPerDay:
    """Tokens a day, input and output, above which one's own node is cheaper than an API.

    It assumes that the node can serve that many: compare with TOKENS_PER_DAY of the node. The
    last arguments are the API's hit rate and price of cached input, and what the node costs beside
    its GPUs.

    Equation:
        tokens = NODE_COST ÷ BLENDED_PRICE × 10⁶

    Errors:
        #NUM! when the API is free.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.self_host_breakeven(2.8, 2.8, 10, 8, 3.49))
        239314286
    """
    price: UsdPerMtok = blended_price(
        api_input_price, api_output_price, input_output_ratio, cache_hit_rate, cached_input_price
    )
    cost: UsdPerDay = node_cost(gpus, gpu_hour_price, HOURS_PER_DAY, other_cost_per_day)
    return (
        cost / only_if(price > 0, price, "an API that is free is always cheaper") * TOKENS_PER_MTOK
    )
