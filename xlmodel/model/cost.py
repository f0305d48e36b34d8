"""What serving costs: GPUs rented or owned, and the cost of a million tokens.

Cost runs all day, busy or idle. A rented GPU costs its price per hour; an owned one costs its
capital (as an annuity at the cost of capital), its power and its operation, spread over the hours
in which it can be used. Cost is a positive number.
"""

from xlmodel.elementwise import only_if, where
from xlmodel.registry import InputError, function
from xlmodel.units import (
    HOURS_PER_YEAR,
    SECONDS_PER_DAY,
    TOKENS_PER_MTOK,
    Availability,
    BilledTokensPerDay,
    Capex,
    CapitalRecovery,
    DiscountRate,
    ElectricityPrice,
    GpuCount,
    GpuHourPrice,
    HoursPerDay,
    HoursPerYear,
    InputOutputRatio,
    LifeYears,
    Losses,
    NodeCostPerDay,
    OpexPerYear,
    OtherCostPerDay,
    OutputTps,
    PowerKw,
    PrefillTps,
    PrefixHitRate,
    Prices,
    Pue,
    ResidualShare,
    Shares,
    UsdPerDay,
    UsdPerGpuHour,
    UsdPerMtok,
    UsdPerYear,
    Utilization,
)
from xlmodel.units.sourcing import TimeShare

SHARES_TOLERANCE = 1e-6
RATE_TREATED_AS_ZERO = 1e-9


@function
def node_cost(
    gpus: GpuCount,
    gpu_hour_price: GpuHourPrice,
    hours_per_day: HoursPerDay = 24.0,
    other_cost_per_day: OtherCostPerDay = 0.0,
) -> UsdPerDay:
    """Cost of a node in a day.

    Equation:
        cost = gpus × gpu_hour_price × hours_per_day + other_cost_per_day

    Source:
        Founding case (Y. Jia, July 2024): 8 × 3.49 × 24.

    Example:
        >>> import xlmodel
        >>> xlmodel.node_cost(8, 3.49)
        670.08
    """
    return gpus * gpu_hour_price * hours_per_day + other_cost_per_day


@function
def cost_per_mtok(node_cost: NodeCostPerDay, tokens_per_day: BilledTokensPerDay) -> UsdPerMtok:
    """Cost of a million tokens, input and output alike.

    Equation:
        cost per Mtok = node_cost ÷ tokens_per_day × 10⁶

    Errors:
        #DIV/0! when no token is served.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.cost_per_mtok(670.08, 285120000), 6)
        2.350168
    """
    return node_cost / tokens_per_day * TOKENS_PER_MTOK


_MIXED_GPU_HOUR = f"""LET(
    count_, ROWS(prices_)*COLUMNS(prices_),
    shares_column_, TOCOL(shares_),
    losses_column_, IF(SUM((losses_="")*1),0*shares_column_,TOCOL(losses_)),
    IF((ROWS(shares_column_)<>count_)+(ROWS(losses_column_)<>count_),#VALUE!,
    IF(ABS(SUM(shares_)-1)>{SHARES_TOLERANCE:.0E},#NUM!,
    SUM(shares_column_*TOCOL(prices_))/SUM(shares_column_*(1-losses_column_)))))"""


@function(twin=_MIXED_GPU_HOUR)
def mixed_gpu_hour(prices: Prices, shares: Shares, losses: Losses | None = None) -> UsdPerGpuHour:
    """Price of a useful GPU-hour when GPUs are bought in several ways.

    Give one price and one share for each part of the mix, in the same order. Losses (hours paid
    and lost, such as a spot interruption with its restart) make the useful hour dearer.

    Equation:
        price = Σ share × price ÷ Σ share × (1 − loss)

    Errors:
        #VALUE! when the ranges differ in length; #NUM! when the shares do not sum to 1 (within
        0.000001).

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.mixed_gpu_hour([3.49, 1.50], [0.6, 0.4], [0, 0.1]), 6)
        2.80625
    """
    losses = losses or [0.0] * len(prices)
    if not len(prices) == len(shares) == len(losses):
        raise InputError(
            f"MIXED_GPU_HOUR: prices, shares and losses have {len(prices)}, {len(shares)} and "
            f"{len(losses)} values, but must have one for each part of the mix"
        )
    total = sum(shares)
    only_if(
        abs(total - 1) <= SHARES_TOLERANCE,
        total,
        f"shares sum to {total:g}, but must sum to 1",
    )
    paid = sum(share * price for share, price in zip(shares, prices, strict=True))
    useful = sum(share * (1 - loss) for share, loss in zip(shares, losses, strict=True))
    return float(paid / useful)


@function
def capital_recovery(discount_rate: DiscountRate, life_years: LifeYears) -> CapitalRecovery:
    """Capital recovery factor: the equal yearly amount that pays back 1 with interest.

    The amounts come at the ends of the years. A life of 2.5 years is taken by the same formula.

    Equation:
        CRF = r ÷ (1 − (1 + r)⁻ⁿ), or 1 ÷ n at r = 0 (below 10⁻⁹)

    Source:
        Annuity tables: 8 % and 4 years give 0.301921.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.capital_recovery(0.08, 4), 6)
        0.301921
        >>> xlmodel.capital_recovery(0, 4)
        0.25
    """
    rate = where(discount_rate > RATE_TREATED_AS_ZERO, discount_rate, 1.0)
    return where(
        discount_rate > RATE_TREATED_AS_ZERO,
        rate / (1 - (1 + rate) ** -life_years),
        1 / life_years,
    )


@function
def owned_gpu_hour(
    capex: Capex,
    life_years: LifeYears,
    discount_rate: DiscountRate,
    residual_share: ResidualShare = 0.0,
    power_kw: PowerKw = 0.0,
    pue: Pue = 1.0,
    electricity_price: ElectricityPrice = 0.0,
    opex_per_year: OpexPerYear = 0.0,
    availability: Availability = 1.0,
) -> UsdPerGpuHour:
    """Cost of one usable hour of an owned GPU.

    The purchase is paid at the start, resale comes at the end of life, and the years between
    carry an equal amount at their ends (an annuity). Power is drawn in all 8,760 hours at the
    measured draw. Compare the result with a rental price per GPU-hour.

    Equation:
        cost = ((capex × (1 − residual ÷ (1 + r)ⁿ) × CRF + opex) ÷ 8,760
        + power_kw × pue × electricity_price) ÷ availability, where CRF is CAPITAL_RECOVERY

    Source:
        Annuity: capital recovery factor; 8 % and 4 years give 0.301921.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.owned_gpu_hour(8760, 4, 0.08), 6)
        0.301921
        >>> round(xlmodel.owned_gpu_hour(35000, 4, 0.08, 0.1, 1.4, 1.3, 0.08, 1500, 0.97), 4)
        1.4788
    """
    recovery: CapitalRecovery = capital_recovery(discount_rate, life_years)
    present_residual: ResidualShare = residual_share * (1 + discount_rate) ** -life_years
    capital_per_year: UsdPerYear = capex * (1 - present_residual) * recovery
    power_per_hour: UsdPerGpuHour = power_kw * pue * electricity_price
    usable_hours: HoursPerYear = HOURS_PER_YEAR * availability
    return (capital_per_year + opex_per_year) / usable_hours + power_per_hour / availability


@function
def depreciation_gpu_hour(
    capex: Capex,
    life_years: LifeYears,
    residual_share: ResidualShare = 0.0,
    availability: Availability = 1.0,
) -> UsdPerGpuHour:
    """Depreciation of an owned GPU per usable hour, as the P&L books it: straight line.

    It leaves out the cost of capital, power and operation, so it is no price to compare with a
    rental price: OWNED_GPU_HOUR is.

    Equation:
        depreciation = capex × (1 − residual_share) ÷ life_years ÷ (8,760 × availability)

    Source:
        Definition (straight-line depreciation).

    Example:
        >>> import xlmodel
        >>> round(xlmodel.depreciation_gpu_hour(35040, 4), 6)
        1.0
    """
    per_year: UsdPerYear = capex * (1 - residual_share) / life_years
    usable_hours: HoursPerYear = HOURS_PER_YEAR * availability
    return per_year / usable_hours


@function
def input_cost_per_mtok(
    node_cost: NodeCostPerDay,
    prefill_tps: PrefillTps,
    output_tps: OutputTps,
    input_output_ratio: InputOutputRatio,
    utilization: Utilization = 1.0,
    cache_hit_rate: PrefixHitRate = 0.0,
) -> UsdPerMtok:
    """Cost of a million input tokens: the part of the node's time that goes into prefill.

    ``prefill_tps`` is what the node processes while it does nothing else, such as PREFILL_TPS.
    Each second of ``output_tps`` holds the prefill of its input too; the rest of the second is
    decoding, and OUTPUT_COST_PER_MTOK is its cost. Idle time is borne by both in
    proportion. Together they sum to the node's cost. Cached input counts as input, but takes no
    time.

    Equation:
        prefill share = output_tps × ratio × (1 − hit rate) ÷ prefill_tps
        cost = node_cost × prefill share ÷ (output_tps × ratio × 86,400 × utilization) × 10⁶

    Errors:
        #NUM! when prefill alone would take more than all of the time; #DIV/0! when no input is
        served.

    Source:
        Definition (cost by GPU time).

    Example:
        >>> import xlmodel
        >>> round(xlmodel.input_cost_per_mtok(670.08, 12000, 300, 10), 6)
        0.646296
    """
    share = _prefill_share(prefill_tps, output_tps, input_output_ratio, cache_hit_rate)
    prefill_cost: UsdPerDay = node_cost * share
    input_tokens = output_tps * input_output_ratio * SECONDS_PER_DAY * utilization
    return prefill_cost / input_tokens * TOKENS_PER_MTOK


@function
def output_cost_per_mtok(
    node_cost: NodeCostPerDay,
    prefill_tps: PrefillTps,
    output_tps: OutputTps,
    input_output_ratio: InputOutputRatio,
    utilization: Utilization = 1.0,
    cache_hit_rate: PrefixHitRate = 0.0,
) -> UsdPerMtok:
    """Cost of a million output tokens: the part of the node's time that is left for decoding.

    See INPUT_COST_PER_MTOK, which takes the same arguments.

    Equation:
        cost = node_cost × (1 − prefill share) ÷ (output_tps × 86,400 × utilization) × 10⁶

    Errors:
        #NUM! when prefill alone would take more than all of the time; #DIV/0! when no output is
        served.

    Source:
        Definition (cost by GPU time).

    Example:
        >>> import xlmodel
        >>> round(xlmodel.output_cost_per_mtok(670.08, 12000, 300, 10), 6)
        19.388889
    """
    share = _prefill_share(prefill_tps, output_tps, input_output_ratio, cache_hit_rate)
    decode_cost: UsdPerDay = node_cost * (1 - share)
    output_tokens = output_tps * SECONDS_PER_DAY * utilization
    return decode_cost / output_tokens * TOKENS_PER_MTOK


def _prefill_share(
    prefill_tps: PrefillTps,
    output_tps: OutputTps,
    input_output_ratio: InputOutputRatio,
    cache_hit_rate: PrefixHitRate,
) -> TimeShare:
    """The share of the node's time that the prefill of uncached input takes."""
    wanted = output_tps * input_output_ratio * (1 - cache_hit_rate) / prefill_tps
    return only_if(wanted <= 1, wanted, "prefill alone would take more than all of the time")
