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

_PRICE = """LET(
    match_, IFERROR((TRIM(INDEX(table,0,{key}_at_))={key}_)*(TRIM(INDEX(table,0,{way}_at_))={way}_)
      *IF(provider_="",1,TRIM(INDEX(table,0,provider_at_))=provider_),0),
    serial_, LAMBDA(cell_,IF(ISNUMBER(cell_),IF(cell_>0,cell_,#VALUE!),
      IF(MID(TRIM(cell_),5,1)&MID(TRIM(cell_),8,1)&LEN(TRIM(cell_))="--10",
      DATEVALUE(TRIM(cell_)),#VALUE!))),
    until_, IF(as_of_="",1E+15,serial_(as_of_)),
    IF(ISERROR(until_),until_,IF(SUM(match_)=0,#N/A,LET(
    days_, MAP(FILTER(INDEX(table,0,valid_from_at_),match_),serial_),
    providers_, TRIM(FILTER(INDEX(table,0,provider_at_),match_)),
    newest_, MAP(providers_,LAMBDA(name_,MAX(IF((providers_=name_)*(days_<=until_),days_,0)))),
    prices_, FILTER(FILTER(INDEX(table,0,{price}_at_),match_),days_=newest_),
    IF(MAX(newest_)=0,#N/A,MEDIAN(IF(prices_<"",IF(prices_>0,prices_,#VALUE!),#VALUE!)))))))"""
"""Of the rows that match, each provider's newest that is not after the day; their median."""


@function(twin=_PRICE.format(key="gpu", way="term", price="usd_per_gpu_hour"))
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


@function(twin=_PRICE.format(key="model", way="kind", price="usd_per_mtok"))
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
