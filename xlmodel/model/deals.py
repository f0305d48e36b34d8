"""Deals: the price to quote for a margin, the discount that leaves it, and a customer's mix.

A margin rate is a share of what is earned after the discount. The mix of a customer is given by
shapes of requests with their shares in the number of requests; what a node makes of the mix follows
from the time that each shape takes on it.
"""

from collections.abc import Sequence

from xlmodel.elementwise import only_if
from xlmodel.model.cost import SHARES_TOLERANCE
from xlmodel.registry import InputError, function
from xlmodel.units import InputOutputRatio, TargetMarginRate, TokensPerSecond, UsdPerMtok
from xlmodel.units.deals import (
    CostPerMtok,
    Discount,
    DiscountAtTarget,
    ListPrice,
    RequestShares,
    ShapeInputTokens,
    ShapeOutputTokens,
    ShapeTps,
)


@function
def quote_price(
    cost_per_mtok: CostPerMtok,
    target_margin_rate: TargetMarginRate,
    discount: Discount = 0.0,
) -> UsdPerMtok:
    """List price at which the target margin rate is reached after the discount.

    Without a discount it is the price to quote. Input, output and both together have each a cost
    and so a price of their own: INPUT_COST_PER_MTOK, OUTPUT_COST_PER_MTOK, COST_PER_MTOK.

    Equation:
        price = cost_per_mtok ÷ (1 − target_margin_rate) ÷ (1 − discount)

    Source:
        Definition (gross margin: price less cost, over price).

    Example:
        >>> import xlmodel
        >>> round(xlmodel.quote_price(2.1, 0.3), 9)
        3.0
        >>> round(xlmodel.quote_price(2.1, 0.3, 0.25), 9)
        4.0
    """
    return cost_per_mtok / (1 - target_margin_rate) / (1 - discount)


@function
def discount_at_target(
    list_price: ListPrice, cost_per_mtok: CostPerMtok, target_margin_rate: TargetMarginRate
) -> DiscountAtTarget:
    """Greatest discount on the list price that still leaves the target margin rate.

    Equation:
        discount = 1 − cost_per_mtok ÷ (1 − target_margin_rate) ÷ list_price

    Errors:
        #NUM! when even the list price does not reach the target; #DIV/0! when price and cost are
        zero.

    Source:
        Definition; the inverse of QUOTE_PRICE.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.discount_at_target(4, 2.1, 0.3), 9)
        0.25
    """
    lowest_price: UsdPerMtok = cost_per_mtok / (1 - target_margin_rate)
    enough: ListPrice = only_if(
        cost_per_mtok <= list_price * (1 - target_margin_rate),
        list_price,
        "even the list price does not reach the target margin rate, so there is no room for a "
        "discount: QUOTE_PRICE gives the price that does",
    )
    return 1 - lowest_price / enough


_MIX_RATIO = f"""LET(
    shares_column_, TOCOL(shares_),
    count_, ROWS(shares_column_),
    input_column_, TOCOL(input_tokens_),
    output_column_, TOCOL(output_tokens_),
    IF((ROWS(input_column_)<>count_)+(ROWS(output_column_)<>count_),#VALUE!,
    IF(ABS(SUM(shares_)-1)>{SHARES_TOLERANCE:.0E},#NUM!,
    SUM(shares_column_*input_column_)/SUM(shares_column_*output_column_))))"""


@function(twin=_MIX_RATIO)
def mix_ratio(
    shares: RequestShares, input_tokens: ShapeInputTokens, output_tokens: ShapeOutputTokens
) -> InputOutputRatio:
    """Input tokens per output token of a mix of request shapes.

    Give share, input and output for each shape, in the same order. It is not the mean of the
    shapes' ratios: a shape with little output has a high ratio and little weight.

    Equation:
        ratio = Σ share × input_tokens ÷ Σ share × output_tokens

    Errors:
        #VALUE! when the ranges differ in length; #NUM! when the shares do not sum to 1 (within
        0.000001); #DIV/0! without output.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.mix_ratio([0.75, 0.25], [1000, 2000], [100, 900]), 9)
        4.166666667
    """
    _one_each("MIX_RATIO", shares, input_tokens=input_tokens, output_tokens=output_tokens)
    taken = sum(s * tokens for s, tokens in zip(shares, input_tokens, strict=True))
    made = sum(s * tokens for s, tokens in zip(shares, output_tokens, strict=True))
    return float(taken / made)


_MIX_TPS = f"""LET(
    shares_column_, TOCOL(shares_),
    count_, ROWS(shares_column_),
    output_column_, TOCOL(output_tokens_),
    rates_column_, TOCOL(node_tps_),
    made_, shares_column_*output_column_,
    IF((ROWS(output_column_)<>count_)+(ROWS(rates_column_)<>count_),#VALUE!,
    IF(ABS(SUM(shares_)-1)>{SHARES_TOLERANCE:.0E},#NUM!,
    SUM(made_)/SUM(IF(made_>0,made_/rates_column_,0)))))"""


@function(twin=_MIX_TPS)
def mix_tps(
    shares: RequestShares, output_tokens: ShapeOutputTokens, node_tps: ShapeTps
) -> TokensPerSecond:
    """Output tokens per second of a node that serves a mix of request shapes.

    The node's time adds up, its rates do not: a request with o output tokens takes o ÷ rate of
    the node's seconds. The rate of the mix is its output over that time, the harmonic mean of the
    rates weighted by each shape's share of the output. The plain mean, weighted alike, is never
    lower: it would sell time that the node does not have. It holds for shapes in turn, on
    nodes of their own, or in one batch as far as they leave each other's rate as it is.

    Equation:
        rate = Σ share × output_tokens ÷ Σ (share × output_tokens ÷ node_tps)

    Errors:
        #VALUE! when the ranges differ in length; #NUM! when the shares do not sum to 1 (within
        0.000001); #DIV/0! without output, or for a shape with output and no rate.

    Source:
        Definition (work over time).

    Example:
        >>> import xlmodel
        >>> round(xlmodel.mix_tps([0.5, 0.5], [100, 100], [300, 100]), 9)
        150.0
        >>> round(xlmodel.mix_tps([0.9, 0.1], [100, 900], [400, 100]), 9)
        160.0
    """
    _one_each("MIX_TPS", shares, output_tokens=output_tokens, node_tps=node_tps)
    made = [s * tokens for s, tokens in zip(shares, output_tokens, strict=True)]
    seconds = sum(part / rate for part, rate in zip(made, node_tps, strict=True) if part > 0)
    return float(sum(made) / seconds)


def _one_each(function: str, shares: Sequence[float], **others: Sequence[float]) -> None:
    """Each shape has its values, and the shares are all of the requests."""
    counts = {"shares": len(shares), **{name: len(values) for name, values in others.items()}}
    if len(set(counts.values())) > 1:
        given = ", ".join(f"{name} has {count}" for name, count in counts.items())
        raise InputError(
            f"{function}: {given} values, but each must have one for each shape of the mix"
        )
    total = sum(shares)
    only_if(
        abs(total - 1) <= SHARES_TOLERANCE,
        total,
        f"shares sum to {total:g}, but must sum to 1",
    )
