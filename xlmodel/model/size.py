"""Big or small: what a model of a size earns, and what its price, its teacher and its licence do.

Demand has constant elasticity: a price 1 % higher loses ``elasticity`` % of demand, wherever the
price stands. Elasticity is a positive number here. Money a day; cost is positive, margin is
revenue less cost.
"""

from xlmodel.elementwise import only_if
from xlmodel.model.margin import node_margin
from xlmodel.model.operating import operating_point
from xlmodel.model.requests import Traffic
from xlmodel.registry import function
from xlmodel.units import (
    TOKENS_PER_MTOK,
    Basis,
    BatchOrMost,
    BillableShare,
    CachedInputPrice,
    GpuHourPrice,
    GpuRef,
    InputOutputRatio,
    InputPrice,
    InputTokens,
    KvPrecision,
    MaxTpotMs,
    MaxTtftMs,
    ModelRef,
    OtherCostPerDay,
    OutputPrice,
    OutputTokens,
    Precision,
    ReplicaGpus,
    ThroughputTable,
    TokensPerSecond,
    Usd,
    UsdPerDay,
    UsdPerMtok,
    Utilization,
    Value,
    same_as,
)
from xlmodel.units.size import (
    BlendedPriceGiven,
    ClosedCost,
    ClosedRevenue,
    CustomerTokensPerDay,
    DemandFactor,
    DistillationCost,
    Elasticity,
    LicenceFeeShare,
    LifeTokens,
    MarginalCost,
    NodeHitRate,
    OneOffCost,
    OpenPriceFactor,
    OwnShare,
    ReferenceDemand,
    ReferencePrice,
    SalePrice,
    StudentCost,
    StudentTokens,
    TeacherCost,
    TeacherServingCost,
    TeacherShare,
    TeachingCost,
    TokensPerDay,
)

_NO_BEST_PRICE = (
    "no price is best at an elasticity of 1 or less: profit rises with the price without end"
)


@function
def demand_at_price(
    sale_price: SalePrice,
    reference_price: ReferencePrice,
    reference_demand: ReferenceDemand,
    elasticity: Elasticity,
) -> TokensPerDay:
    """Tokens sold in a day at a price, by constant elasticity from a demand that is known.

    Good near the reference; far from it no market keeps one elasticity. At an elasticity of 1
    revenue is the same at every price; above 1 a lower price earns more, below 1 a higher one.

    Equation:
        demand = reference_demand × (sale_price ÷ reference_price)^(−elasticity)

    Source:
        Definition of constant elasticity.

    Example:
        >>> import xlmodel
        >>> xlmodel.demand_at_price(1.4, 2.8, 1e9, 2)
        4000000000.0
    """
    demand_factor: DemandFactor = (sale_price / reference_price) ** -elasticity
    return reference_demand * demand_factor


@function
def demand_profit(
    sale_price: SalePrice,
    marginal_cost: MarginalCost,
    reference_price: ReferencePrice,
    reference_demand: ReferenceDemand,
    elasticity: Elasticity,
) -> UsdPerDay:
    """Profit in a day at a price, where demand answers the price and nodes follow demand.

    Equation:
        profit = (sale_price − marginal_cost) × DEMAND_AT_PRICE ÷ 10⁶

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> xlmodel.demand_profit(2.8, 2.3, 2.8, 1e9, 2)
        500.0
        >>> round(xlmodel.demand_profit(4.6, 2.3, 2.8, 1e9, 2), 2)
        852.17
    """
    demand: TokensPerDay = demand_at_price(
        sale_price, reference_price, reference_demand, elasticity
    )
    return (sale_price - marginal_cost) * demand / TOKENS_PER_MTOK


@function
def optimal_price(marginal_cost: MarginalCost, elasticity: Elasticity) -> UsdPerMtok:
    """Price at which profit is greatest, where demand has constant elasticity.

    It does not depend on how large demand is. Buyers who can choose another seller of the same
    model are more elastic than buyers of the model as a whole.

    Equation:
        price = marginal_cost × elasticity ÷ (elasticity − 1)

    Errors:
        #NUM! when elasticity is 1 or less, where no price is best; also at no marginal cost.

    Source:
        Lerner 1934: (price − cost) ÷ price = 1 ÷ elasticity.

    Example:
        >>> import xlmodel
        >>> xlmodel.optimal_price(2.3, 2)
        4.6
    """
    markup_base: Elasticity = only_if(elasticity > 1, elasticity, _NO_BEST_PRICE)
    cost: MarginalCost = only_if(
        marginal_cost > 0,
        marginal_cost,
        "no price is best where a token more costs nothing: profit rises as the price falls",
    )
    return cost * markup_base / (markup_base - 1)


@function
def size_margin(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    input_tokens: InputTokens,
    output_tokens: OutputTokens,
    input_price: InputPrice,
    output_price: OutputPrice,
    gpu_hour_price: GpuHourPrice,
    precision: Precision | None = None,
    batch: BatchOrMost | None = None,
    utilization: Utilization = 1.0,
    cache_hit_rate: NodeHitRate = 0.0,
    cached_input_price: CachedInputPrice = same_as("input_price"),
    other_cost_per_day: OtherCostPerDay = 0.0,
    max_tpot_ms: MaxTpotMs | None = None,
    max_ttft_ms: MaxTtftMs | None = None,
    kv_precision: KvPrecision | None = None,
    basis: Basis = "auto",
    table: ThroughputTable | None = None,
) -> UsdPerDay:
    """Margin in a day of a replica of a model, its output rate computed.

    The same sum for models of any size. A hit rate raises the rate and lowers what input earns,
    both at once. Divide by ``gpus`` to compare models that need different numbers of them.

    Equation:
        margin = NODE_MARGIN at the rate of NODE_TPS and the ratio input_tokens ÷ output_tokens

    Errors:
        #N/A and #NUM! as NODE_TPS.

    Source:
        Definition; the rate: see NODE_TPS.

    Example:
        >>> import xlmodel
        >>> node = ("Llama-3.1-405B", "H100", 8, 2048, 128)
        >>> tps = xlmodel.node_tps(*node, "FP8", 64)
        >>> by_hand = xlmodel.node_margin(tps, 16, 2.8, 2.8, 8, 3.49)
        >>> xlmodel.size_margin(*node, 2.8, 2.8, 3.49, "FP8", 64) == by_hand
        True
    """
    point: Value = operating_point(
        *("SIZE_MARGIN", model, gpu, gpus),
        Traffic(input_tokens, output_tokens, batch, cache_hit_rate, max_tpot_ms, max_ttft_ms),
        *(precision, kv_precision, basis, table),
        (None, None, None, None, None, None),
    )
    output_tps: TokensPerSecond = point.output_tps
    ratio: InputOutputRatio = input_tokens / output_tokens
    return node_margin(
        *(output_tps, ratio, input_price, output_price, gpus, gpu_hour_price),
        *(utilization, cache_hit_rate, cached_input_price, other_cost_per_day),
    )


@function
def distilled_cost_per_mtok(
    student_cost_per_mtok: StudentCost,
    teacher_cost: TeacherCost,
    student_tokens: StudentTokens,
    teacher_share: TeacherShare = 1.0,
    teaching_cost: TeachingCost = 0.0,
    distillation_cost: DistillationCost = 0.0,
) -> UsdPerMtok:
    """Cost of a million tokens of a model distilled from a larger one, its making included.

    What was paid once is spread over the tokens of the student's life. A teacher that is sold
    itself, or teaches several students, is charged to each by a share.

    Equation:
        cost = student_cost_per_mtok + (teacher_cost × teacher_share + teaching_cost
        + distillation_cost) ÷ student_tokens × 10⁶

    Errors:
        #DIV/0! when the student serves no token.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> xlmodel.distilled_cost_per_mtok(0.1, 50e6, 1e15, 0.2, 1e6, 1e6)
        0.112
    """
    paid_once: Usd = teacher_cost * teacher_share + teaching_cost + distillation_cost
    return student_cost_per_mtok + paid_once / student_tokens * TOKENS_PER_MTOK


@function
def distillation_breakeven(
    one_off_cost: OneOffCost,
    teacher_cost_per_mtok: TeacherServingCost,
    student_cost_per_mtok: StudentCost,
) -> LifeTokens:
    """Tokens from which on a distilled model is cheaper than serving its teacher.

    Equation:
        tokens = one_off_cost ÷ (teacher_cost_per_mtok − student_cost_per_mtok) × 10⁶

    Errors:
        #NUM! when the student costs as much to serve as the teacher, or more.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> xlmodel.distillation_breakeven(2e6, 2.1, 0.1)
        1000000000000.0
    """
    saving: UsdPerMtok = only_if(
        teacher_cost_per_mtok > student_cost_per_mtok,
        teacher_cost_per_mtok - student_cost_per_mtok,
        "the student saves nothing: it costs as much to serve as its teacher, or more",
    )
    return one_off_cost / saving * TOKENS_PER_MTOK


@function
def open_weights_revenue(
    revenue: ClosedRevenue,
    demand_factor: DemandFactor,
    price_factor: OpenPriceFactor,
    own_share: OwnShare = 1.0,
    licence_fee_share: LicenceFeeShare = 0.0,
) -> UsdPerDay:
    """Revenue in a day of the maker of a model whose weights are open.

    More buyers and more places to deploy raise the tokens sold by all hosts together; other hosts
    take a part of them and press the price, and may pay a fee on what they sell.

    Equation:
        revenue = closed revenue × demand_factor × price_factor
        × (own_share + (1 − own_share) × licence_fee_share)

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.open_weights_revenue(1000, 4, 0.6, 0.4, 0.1), 6)
        1104.0
    """
    all_hosts: UsdPerDay = revenue * demand_factor * price_factor
    return all_hosts * (own_share + (1 - own_share) * licence_fee_share)


@function
def open_weights_margin(
    revenue: ClosedRevenue,
    cost: ClosedCost,
    demand_factor: DemandFactor,
    price_factor: OpenPriceFactor,
    own_share: OwnShare = 1.0,
    licence_fee_share: LicenceFeeShare = 0.0,
) -> UsdPerDay:
    """Margin in a day of the maker of a model whose weights are open.

    Cost follows the tokens that the maker serves itself; those of other hosts cost it nothing.

    Equation:
        margin = OPEN_WEIGHTS_REVENUE − cost × demand_factor × own_share

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.open_weights_margin(1000, 600, 4, 0.6, 0.4, 0.1), 6)
        144.0
        >>> xlmodel.open_weights_margin(1000, 600, 1, 1)
        400.0
    """
    earned: UsdPerDay = open_weights_revenue(
        revenue, demand_factor, price_factor, own_share, licence_fee_share
    )
    own_cost: UsdPerDay = cost * demand_factor * own_share
    return earned - own_cost


@function
def revenue_per_customer(
    customer_tokens_per_day: CustomerTokensPerDay,
    blended_price: BlendedPriceGiven,
    billable_share: BillableShare = 1.0,
) -> UsdPerDay:
    """Revenue of one customer in a day.

    Equation:
        revenue = customer_tokens_per_day × blended_price × billable_share ÷ 10⁶

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> xlmodel.revenue_per_customer(5e6, 2.8)
        14.0
    """
    return customer_tokens_per_day * blended_price * billable_share / TOKENS_PER_MTOK
