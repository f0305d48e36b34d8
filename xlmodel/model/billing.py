"""How rate cards bill: long context, batch, what a prompt cache costs its buyer.

Each function gives a price or a cost that feeds the others: ``REQUEST_REVENUE`` takes prices that
``LONG_CONTEXT_PRICE`` and ``BATCH_PRICE`` have worked out, one call for each kind of token. What
vendors charge stands in the table of billing terms, which ``BILLING_TERM`` reads.
"""

from xlmodel.elementwise import larger, only_if, where
from xlmodel.registry import function
from xlmodel.units import (
    TOKENS_PER_MTOK,
    ReadMultiplier,
    RequestInputTokens,
    Usd,
    UsdPerMtok,
)
from xlmodel.units.billing import (
    BatchDiscount,
    BatchShare,
    CachedTokens,
    CacheReads,
    CardPrice,
    LongPrice,
    StorageHours,
    StoragePrice,
    ThresholdTokens,
    WriteMultiplier,
)


@function
def long_context_price(
    input_tokens: RequestInputTokens,
    list_price: CardPrice,
    threshold_tokens: ThresholdTokens,
    long_price: LongPrice,
) -> UsdPerMtok:
    """Price of a million tokens of a request when long requests have a card of their own.

    Past the threshold the long card holds for all tokens of the request: not only for those
    beyond it, and for cached input and output too. One call for each kind of token, with the
    request's own input tokens. A card of three steps is a call within a call.

    Equation:
        long_price where input_tokens > threshold_tokens, else list_price

    Source:
        Rule of genai-prices (MIT), class TieredPrices, for the cards of Anthropic, Google and
        OpenAI.

    Example:
        >>> import xlmodel
        >>> xlmodel.long_context_price([200000, 200001], 3, 200000, 6).tolist()
        [3.0, 6.0]
    """
    return where(input_tokens > threshold_tokens, long_price, list_price)


@function
def batch_price(
    list_price: CardPrice, batch_share: BatchShare, batch_discount: BatchDiscount
) -> UsdPerMtok:
    """Mean price of a million tokens when a part of them is sold by batch, at a discount.

    Equation:
        mean price = list_price × (1 − batch_share × batch_discount)

    Source:
        Definition. Half price is usual (see the table of billing terms).

    Example:
        >>> import xlmodel
        >>> round(xlmodel.batch_price(2.8, 0.4, 0.5), 9)
        2.24
    """
    return list_price * (1 - batch_share * batch_discount)


@function
def cache_storage_cost(
    cached_tokens: CachedTokens, hours: StorageHours, storage_price: StoragePrice
) -> Usd:
    """What keeping tokens in a prompt cache costs the buyer, where storage is billed by the hour.

    Equation:
        cost = cached_tokens × hours × storage_price ÷ 10⁶

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.cache_storage_cost(200000, 6, 1), 9)
        1.2
    """
    return cached_tokens * hours * storage_price / TOKENS_PER_MTOK


@function
def cache_breakeven_reads(
    write_multiplier: WriteMultiplier, read_multiplier: ReadMultiplier
) -> CacheReads:
    """Reads of a cached prefix after which writing it has paid for itself, seen by the buyer.

    Reads for each write, within the cache's retention. It takes the next whole number of them
    for one prefix; over many, their mean must be above this. Zero where writing costs no more than
    plain input. Storage by the hour comes on top (``CACHE_STORAGE_COST``).

    Equation:
        (write_multiplier − 1) ÷ (1 − read_multiplier), at least 0: then
        write_multiplier + reads × read_multiplier = 1 + reads

    Errors:
        #NUM! when a read costs as much as plain input or more: it never pays.

    Source:
        Definition. 1.25 to write and 0.1 to read pays from the first read on, 2 and 0.1 from the
        second.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.cache_breakeven_reads(1.25, 0.1), 6)
        0.277778
    """
    saved_by_read: ReadMultiplier = only_if(
        read_multiplier < 1,
        1 - read_multiplier,
        "a cached token costs as much as plain input or more, so writing to the cache never pays",
    )
    return larger(write_multiplier - 1, 0.0) / saved_by_read
