"""Prices and specifications by name.

Prices come from the workbook's own tables, as of a day: the newest row that is not after it. A
closed month thus keeps its prices when newer rows are added. Without a provider the price is the
median over the providers, each with its newest row. Names match in any case.
"""

from xlmodel.registry import function
from xlmodel.tables import lookup
from xlmodel.units import (
    AsOf,
    GpuName,
    GpuPriceTable,
    ModelName,
    ModelPriceTable,
    PriceKind,
    Provider,
    SpecField,
    Term,
    UsdPerGpuHour,
    UsdPerMtok,
    Value,
)
from xlmodel.units.billing import BillingTermName, BillingTermTable, TermModel, TermValue, Vendor

_PRICE = """LET(
    match_, IFERROR((TRIM(INDEX(table,0,{key}_at_))={key}_)*(TRIM(INDEX(table,0,{way}_at_))={way}_)
      *IF({by}_="",1,TRIM(INDEX(table,0,{by}_at_))={by}_),0),
    serial_, LAMBDA(cell_,IF(ISNUMBER(cell_),IF(cell_>0,cell_,#VALUE!),
      IF(MID(TRIM(cell_),5,1)&MID(TRIM(cell_),8,1)&LEN(TRIM(cell_))="--10",
      DATEVALUE(TRIM(cell_)),#VALUE!))),
    until_, IF(as_of_="",1E+15,serial_(as_of_)),
    IF(ISERROR(until_),until_,IF(SUM(match_)=0,#N/A,LET(
    days_, MAP(FILTER(INDEX(table,0,valid_from_at_),match_),serial_),
    groups_, TRIM(FILTER(INDEX(table,0,{by}_at_),match_)),
    newest_, MAP(groups_,LAMBDA(name_,MAX(IF((groups_=name_)*(days_<=until_),days_,0)))),
    prices_, FILTER(FILTER(INDEX(table,0,{price}_at_),match_),days_=newest_),
    IF(MAX(newest_)=0,#N/A,MEDIAN(IF(prices_<"",IF(prices_>0,prices_,#VALUE!),#VALUE!)))))))"""
"""Of the rows that match, the newest for each ``by`` that is not after the day; their median."""


@function(twin=_PRICE.format(key="gpu", way="term", by="provider", price="usd_per_gpu_hour"))
def gpu_price(
    table: GpuPriceTable,
    gpu: GpuName,
    provider: Provider | None = None,
    term: Term = "on-demand",
    as_of: AsOf = None,
) -> UsdPerGpuHour:
    """Price of one GPU-hour from a price table, as of a day.

    Equation:
        the newest row of the GPU, provider and term whose valid_from is not after as_of; the
        median of these rows over all providers when none is named

    Errors:
        #N/A when no row matches; the reason names the nearest entries.

    Source:
        The table's own source column.

    Example:
        >>> import xlmodel
        >>> table = [
        ...     ["gpu", "provider", "term", "usd_per_gpu_hour", "valid_from"],
        ...     ["H100", "Lambda", "on-demand", 3.49, "2024-07-27"],
        ...     ["H100", "Lambda", "on-demand", 3.99, "2026-10-10"],
        ... ]
        >>> xlmodel.gpu_price(table, "H100", "Lambda", as_of="2024-12-31")
        3.49
        >>> xlmodel.gpu_price(table, "h100")
        3.99
    """
    keys = {"gpu": gpu, "term": term, "provider": provider}
    return lookup.price("GPU_PRICE", table, "usd_per_gpu_hour", keys, as_of)


@function(twin=_PRICE.format(key="model", way="kind", by="provider", price="usd_per_mtok"))
def model_price(
    table: ModelPriceTable,
    model: ModelName,
    provider: Provider | None = None,
    kind: PriceKind = "output",
    as_of: AsOf = None,
) -> UsdPerMtok:
    """Price of a million tokens of a model from a price table, as of a day.

    Equation:
        the newest row of the model, provider and kind whose valid_from is not after as_of; the
        median of these rows over all providers when none is named

    Errors:
        #N/A when no row matches; the reason names the nearest entries.

    Source:
        The table's own source column.

    Example:
        >>> import xlmodel
        >>> table = [
        ...     ["model", "provider", "kind", "usd_per_mtok", "valid_from"],
        ...     ["Llama-3.1-405B", "Lepton AI", "output", 2.8, "2024-07-27"],
        ...     ["Llama-3.1-405B", "Together AI", "output", 3.5, "2025-07-03"],
        ... ]
        >>> xlmodel.model_price(table, "Llama-3.1-405B", "Lepton AI")
        2.8
        >>> xlmodel.model_price(table, "Llama-3.1-405B")
        3.15
    """
    keys = {"model": model, "kind": kind, "provider": provider}
    return lookup.price("MODEL_PRICE", table, "usd_per_mtok", keys, as_of)


@function(twin=_PRICE.format(key="vendor", way="term", by="model", price="value"))
def billing_term(
    table: BillingTermTable,
    vendor: Vendor,
    term: BillingTermName,
    as_of: AsOf = None,
    model: TermModel = "all",
) -> TermValue:
    """A vendor's billing term, such as what a cached read costs, as of a day.

    A row holds for ``all`` models of the vendor, or for one model by name; without one asked for,
    the row for all. A multiplier is a share of the input price; the column ``unit`` says of each
    row what its value is.

    Equation:
        the newest row of the vendor, term and model whose valid_from is not after as_of

    Errors:
        #N/A when no row matches; the reason names the nearest entries.

    Source:
        The table's own source column.

    Example:
        >>> import xlmodel
        >>> table = [
        ...     ["vendor", "model", "term", "value", "valid_from"],
        ...     ["Anthropic", "all", "cache_read", 0.1, "2026-07-29"],
        ...     ["Anthropic", "claude-opus-5-5", "cache_read", 0.05, "2026-10-14"],
        ... ]
        >>> xlmodel.billing_term(table, "Anthropic", "cache_read")
        0.1
        >>> xlmodel.billing_term(table, "Anthropic", "cache_read", model="claude-opus-5-5")
        0.05
    """
    keys = {"vendor": vendor, "term": term, "model": model}
    return lookup.price("BILLING_TERM", table, "value", keys, as_of, by="model")


@function
def gpu_spec(gpu: GpuName, field: SpecField) -> Value:
    """One field of the specification of a GPU.

    "H100" is the SXM part. The fields are the columns of the table of GPU specifications, each
    with its unit in the name: hbm_gb, hbm_gb_per_s, bf16_dense_tflops, tdp_w …

    Errors:
        #N/A when the GPU or the field is unknown, or the value is not published.

    Source:
        The table's own source column: ``GPU_SPEC("H100", "source")``.

    Example:
        >>> import xlmodel
        >>> xlmodel.gpu_spec("H100", "hbm_gb")
        80.0
    """
    return lookup.spec("GPU_SPEC", "gpu_specs", "gpu", gpu, field)


@function
def model_spec(model: ModelName, field: SpecField) -> Value:
    """One field of the architecture of a model.

    The fields are the columns of the table of model architectures: layers, hidden_dim, kv_heads,
    params_total_b, params_active_b …

    Errors:
        #N/A when the model or the field is unknown, or does not apply to it.

    Source:
        The table's own source column: ``MODEL_SPEC("Llama-3.1-405B", "source")``.

    Example:
        >>> import xlmodel
        >>> xlmodel.model_spec("Llama-3.1-405B", "layers")
        126.0
    """
    return lookup.spec("MODEL_SPEC", "model_specs", "model", model, field)
