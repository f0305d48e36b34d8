"""What tokens earn: rate cards, cache discounts, revenue of a request and of a node.

Prices are per million tokens (Mtok), input and output apart. A cache hit lowers what an input
token earns to the cached price. It also lets the node serve more, but that shows only through a
higher ``output_tps``: the two effects are separate inputs.
"""

from xlmodel.elementwise import only_if
from xlmodel.registry import function
from xlmodel.units import (
    SECONDS_PER_DAY,
    TOKENS_PER_MTOK,
    BillableShare,
    CachedInputPrice,
    CacheHitRate,
    CacheWritePrice,
    CacheWriteRate,
    InputOutputRatio,
    InputPrice,
    OutputPrice,
    OutputTps,
    ReadMultiplier,
    ReasoningTokens,
    RequestInputTokens,
    RequestOutputTokens,
    TokensPerSecond,
    UsdPerDay,
    UsdPerMtok,
    UsdPerRequest,
    Utilization,
    same_as,
)


@function
def blended_price(
    input_price: InputPrice,
    output_price: OutputPrice,
    input_output_ratio: InputOutputRatio,
    cache_hit_rate: CacheHitRate = 0.0,
    cached_input_price: CachedInputPrice = same_as("input_price"),
) -> UsdPerMtok:
    """Mean price of a million tokens over input and output at the traffic's ratio.

    Equation:
        blended = (ratio × (input_price × (1 − h) + cached_input_price × h) + output_price)
        ÷ (ratio + 1), h the cache hit rate

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.blended_price(3, 15, 4), 9)
        5.4
        >>> round(xlmodel.blended_price(3, 15, 4, 0.5, 0.3), 9)
        4.32
    """
    effective_input_price: UsdPerMtok = (
        input_price * (1 - cache_hit_rate) + cached_input_price * cache_hit_rate
    )
    return (input_output_ratio * effective_input_price + output_price) / (input_output_ratio + 1)


@function
def cached_input_price(input_price: InputPrice, read_multiplier: ReadMultiplier) -> UsdPerMtok:
    """Price of a cached input token from a vendor's read multiplier.

    Equation:
        cached_input_price = input_price × read_multiplier

    Source:
        Definition. Published multipliers run from 0.1 to 0.5 (see the model price table).

    Example:
        >>> import xlmodel
        >>> round(xlmodel.cached_input_price(3, 0.1), 9)
        0.3
    """
    return input_price * read_multiplier


@function
def request_revenue(
    input_tokens: RequestInputTokens,
    output_tokens: RequestOutputTokens,
    input_price: InputPrice,
    output_price: OutputPrice,
    cache_hit_rate: CacheHitRate = 0.0,
    cached_input_price: CachedInputPrice = same_as("input_price"),
    cache_write_rate: CacheWriteRate = 0.0,
    cache_write_price: CacheWritePrice = same_as("input_price"),
    reasoning_tokens: ReasoningTokens = 0.0,
) -> UsdPerRequest:
    """Revenue of one request.

    Hits and writes are shares of all input and sum to 1 at most; the rest is charged at the
    input price. Reasoning tokens are charged as output, beside ``output_tokens``.

    Equation:
        revenue = (input × (p_in × (1 − h − w) + p_cached × h + p_write × w)
        + (output + reasoning) × p_out) ÷ 10⁶

    Errors:
        #NUM! when hit rate and write rate sum to more than 1.

    Source:
        Definition; rate cards as in the model price table.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.request_revenue(2048, 128, 2.8, 2.8), 10)
        0.0060928
    """
    uncached_share: CacheHitRate = only_if(
        cache_hit_rate + cache_write_rate <= 1,
        1 - cache_hit_rate - cache_write_rate,
        "cache_hit_rate and cache_write_rate are shares of all input and must sum to 1 at most",
    )
    effective_input_price: UsdPerMtok = (
        input_price * uncached_share
        + cached_input_price * cache_hit_rate
        + cache_write_price * cache_write_rate
    )
    charged_output: RequestOutputTokens = output_tokens + reasoning_tokens
    return (input_tokens * effective_input_price + charged_output * output_price) / TOKENS_PER_MTOK


@function
def node_revenue(
    output_tps: OutputTps,
    input_output_ratio: InputOutputRatio,
    input_price: InputPrice,
    output_price: OutputPrice,
    utilization: Utilization = 1.0,
    cache_hit_rate: CacheHitRate = 0.0,
    cached_input_price: CachedInputPrice = same_as("input_price"),
    billable_share: BillableShare = 1.0,
) -> UsdPerDay:
    """Revenue of a node in a day.

    Equation:
        revenue = output_tps × (ratio × effective input price + output_price) × 86,400
        × utilization × billable_share ÷ 10⁶, where the effective input price is
        input_price × (1 − h) + cached_input_price × h

    Source:
        Founding case (Y. Jia, July 2024): 285.12 million tokens at 2.80 USD/Mtok.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.node_revenue(300, 10, 2.8, 2.8), 9)
        798.336
    """
    input_tps: TokensPerSecond = output_tps * input_output_ratio
    effective_input_price: UsdPerMtok = (
        input_price * (1 - cache_hit_rate) + cached_input_price * cache_hit_rate
    )
    billed_seconds = SECONDS_PER_DAY * utilization * billable_share
    mtok_per_unit_rate = billed_seconds / TOKENS_PER_MTOK
    return (input_tps * effective_input_price + output_tps * output_price) * mtok_per_unit_rate
