"""From a model and a GPU to tokens per second: steps, and a replica under traffic.

``model`` and ``gpu`` are names ("H100" is the SXM part) or rows of the user's own tables, so that
what is not released yet can be priced. Efficiencies come last: left out, they are those fitted to
published measurements for the GPU's family (``tables/efficiency.csv``, with its errors); 1 for
each utilization and 0 for each overhead is the ideal machine of the textbook.
"""

from xlmodel.elementwise import only_if
from xlmodel.model.configuration import (
    context_within,
    fitting_batch,
    published_error,
    replica,
    weight_precision,
)
from xlmodel.model.operating import operating_point
from xlmodel.model.replica import MILLI, prefill_seconds, step_seconds
from xlmodel.model.requests import Traffic
from xlmodel.registry import function
from xlmodel.tables import specs
from xlmodel.units import (
    AllreduceLatencyUs,
    Basis,
    Batch,
    BatchOrMost,
    ContextTokens,
    ErrorShare,
    GpuRef,
    InputTokens,
    KvPrecision,
    LayerOverheadUs,
    LinkEfficiency,
    MaxTpotMs,
    MaxTtftMs,
    Mbu,
    Mfu,
    Milliseconds,
    ModelRef,
    OutputTokens,
    Precision,
    PrefixHitRate,
    ReplicaGpus,
    SequenceOverheadUs,
    ThroughputTable,
    TokensPerSecond,
    Value,
)


@function
def decode_tps(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    batch: Batch,
    context_tokens: ContextTokens,
    precision: Precision | None = None,
    kv_precision: KvPrecision | None = None,
    mfu: Mfu | None = None,
    mbu: Mbu | None = None,
    layer_overhead_us: LayerOverheadUs | None = None,
    sequence_overhead_us: SequenceOverheadUs | None = None,
    allreduce_latency_us: AllreduceLatencyUs | None = None,
    link_efficiency: LinkEfficiency | None = None,
) -> TokensPerSecond:
    """Output tokens per second of a replica that decodes only (prefill runs elsewhere).

    ``context_tokens`` is the mean length of the sequences in the batch.

    Equation:
        rate = batch ÷ step; step = max(2 × batch × active parameters ÷ (mfu × FLOP/s),
        weights read ÷ (mbu × bandwidth)) + the same of the output head
        + batch × cache ÷ (mbu × bandwidth) + all-reduces + layers × layer_overhead
        + batch × sequence_overhead

    Errors:
        #N/A when the model or GPU is unknown; #NUM! when the batch does not fit into memory, or
        the GPUs can't work as one group.

    Source:
        Austin et al. 2025, How to Scale Your Model, chapter 7; Pope et al. 2022, arXiv:2211.05102;
        efficiencies: fitted, see tests/calibration/errors.md.

    Example:
        >>> import xlmodel
        >>> ideal = {"mfu": 1, "mbu": 1, "layer_overhead_us": 0, "sequence_overhead_us": 0,
        ...     "allreduce_latency_us": 0, "link_efficiency": 1}
        >>> round(xlmodel.decode_tps("Llama-3.1-8B", "H100", 1, 1, 1000, "BF16", **ideal), 1)
        221.3
    """
    one = replica(
        *("DECODE_TPS", model, gpu, gpus, precision, kv_precision),
        (
            *(mfu, mbu, layer_overhead_us, sequence_overhead_us),
            *(allreduce_latency_us, link_efficiency),
        ),
    )
    context = context_within(one.model, context_tokens)
    fitting = fitting_batch(one, specs.gpu("DECODE_TPS", gpu), context, batch)
    step: Milliseconds = step_seconds(one, fitting, context) / MILLI
    return fitting / (step * MILLI)


@function
def prefill_tps(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    input_tokens: InputTokens,
    precision: Precision | None = None,
    mfu: Mfu | None = None,
    layer_overhead_us: LayerOverheadUs | None = None,
    allreduce_latency_us: AllreduceLatencyUs | None = None,
    link_efficiency: LinkEfficiency | None = None,
) -> TokensPerSecond:
    """Input tokens per second of a replica that only processes input (prefill).

    Longer input is slower per token, since attention compares each token with all before it.
    Input is processed in chunks of 8,192 tokens, of several requests where they are short.

    Equation:
        rate = input_tokens ÷ time; time = 2 × input_tokens × active parameters ÷ (mfu × FLOP/s)
        + attention (2 × layers × query width × input_tokens²) ÷ (mfu × BF16 FLOP/s)
        + (all-reduces of a chunk + layers × layer_overhead) × input_tokens ÷ 8,192

    Errors:
        #N/A when the model or GPU is unknown; #NUM! when the GPUs can't work as one group, do not
        hold the model, or the input is longer than the model's context.

    Source:
        Kaplan et al. 2020, arXiv:2001.08361 (2 FLOPs per parameter); Agrawal et al. 2023,
        arXiv:2308.16369 (chunks); efficiencies: fitted, see tests/calibration/errors.md.

    Example:
        >>> import xlmodel
        >>> xlmodel.prefill_tps("Llama-3.1-8B", "H100", 1, 2048) > 2e4
        True
    """
    one = replica(
        *("PREFILL_TPS", model, gpu, gpus, precision, None),
        (mfu, None, layer_overhead_us, None, allreduce_latency_us, link_efficiency),
    )
    tokens = context_within(one.model, input_tokens)
    prompt = fitting_batch(one, specs.gpu("PREFILL_TPS", gpu), tokens, 1.0)
    time: Milliseconds = prefill_seconds(one, tokens, 0.0) / MILLI
    return prompt * tokens / (time * MILLI)


@function
def node_tps(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    input_tokens: InputTokens,
    output_tokens: OutputTokens,
    precision: Precision | None = None,
    batch: BatchOrMost | None = None,
    cache_hit_rate: PrefixHitRate = 0.0,
    max_tpot_ms: MaxTpotMs | None = None,
    max_ttft_ms: MaxTtftMs | None = None,
    kv_precision: KvPrecision | None = None,
    basis: Basis = "auto",
    table: ThroughputTable | None = None,
    mfu: Mfu | None = None,
    mbu: Mbu | None = None,
    layer_overhead_us: LayerOverheadUs | None = None,
    sequence_overhead_us: SequenceOverheadUs | None = None,
    allreduce_latency_us: AllreduceLatencyUs | None = None,
    link_efficiency: LinkEfficiency | None = None,
) -> TokensPerSecond:
    """Steady output tokens per second of a replica, with the input of its requests processed too.

    ``basis`` says where the figure comes from: "auto" takes your own benchmarks where ``table``
    holds this configuration and else the fitted physics; "physics" the physics alone; "grid" the
    measured grid that comes with the package, between its points and never beyond. EXPLAIN says
    which it was. Measured figures are of traffic without cache hits.

    Equation:
        rate = batch ÷ TPOT; TPOT = step + batch × prefill of the uncached input ÷ output_tokens;
        without a batch: the largest that memory (at input + output tokens) and the latency limits
        allow, 2,048 at most

    Errors:
        #N/A when the model or GPU is unknown, or the grid does not cover it; #NUM! when the model
        does not fit (the reason says on how many GPUs it would), the context is too long, the GPU
        lacks the precision, or one request alone is slower than allowed.

    Source:
        Austin et al. 2025, How to Scale Your Model, chapter 7; Agrawal et al. 2023,
        arXiv:2308.16369; efficiencies: fitted, errors in tests/calibration/errors.md.

    Example:
        >>> import xlmodel
        >>> alone = xlmodel.node_tps("Llama-3.1-405B", "H100", 8, 2048, 128, "FP8", 1)
        >>> batched = xlmodel.node_tps("Llama-3.1-405B", "H100", 8, 2048, 128, "FP8", 64)
        >>> 20 < alone < 40, batched / alone > 8
        (True, True)
    """
    point: Value = operating_point(
        *("NODE_TPS", model, gpu, gpus),
        Traffic(input_tokens, output_tokens, batch, cache_hit_rate, max_tpot_ms, max_ttft_ms),
        *(precision, kv_precision, basis, table),
        (
            *(mfu, mbu, layer_overhead_us, sequence_overhead_us),
            *(allreduce_latency_us, link_efficiency),
        ),
    )
    return point.output_tps  # type: ignore[no-any-return]


@function
def node_batch(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    input_tokens: InputTokens,
    output_tokens: OutputTokens,
    precision: Precision | None = None,
    cache_hit_rate: PrefixHitRate = 0.0,
    max_tpot_ms: MaxTpotMs | None = None,
    max_ttft_ms: MaxTtftMs | None = None,
    kv_precision: KvPrecision | None = None,
    basis: Basis = "auto",
    table: ThroughputTable | None = None,
    mfu: Mfu | None = None,
    mbu: Mbu | None = None,
    layer_overhead_us: LayerOverheadUs | None = None,
    sequence_overhead_us: SequenceOverheadUs | None = None,
    allreduce_latency_us: AllreduceLatencyUs | None = None,
    link_efficiency: LinkEfficiency | None = None,
) -> Batch:
    """Requests in flight at which NODE_TPS computes when it is given no batch.

    Equation:
        the largest batch that memory and the latency limits allow, 2,048 at most; of your own
        benchmarks the largest measured one

    Errors:
        #N/A and #NUM! as NODE_TPS.

    Source:
        Definition; 2,048 is TensorRT-LLM's default of max_batch_size.

    Example:
        >>> import xlmodel
        >>> xlmodel.node_batch("Llama-3.1-405B", "H100", 8, 2048, 128, "FP8")
        418.0
        >>> xlmodel.node_batch("Llama-3.1-405B", "H100", 8, 2048, 128, "FP8", max_tpot_ms=100) < 418
        True
    """
    point: Value = operating_point(
        *("NODE_BATCH", model, gpu, gpus),
        Traffic(input_tokens, output_tokens, None, cache_hit_rate, max_tpot_ms, max_ttft_ms),
        *(precision, kv_precision, basis, table),
        (
            *(mfu, mbu, layer_overhead_us, sequence_overhead_us),
            *(allreduce_latency_us, link_efficiency),
        ),
    )
    return point.batch  # type: ignore[no-any-return]


@function
def ttft(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    input_tokens: InputTokens,
    output_tokens: OutputTokens,
    precision: Precision | None = None,
    batch: BatchOrMost | None = None,
    cache_hit_rate: PrefixHitRate = 0.0,
    kv_precision: KvPrecision | None = None,
    basis: Basis = "auto",
    table: ThroughputTable | None = None,
    mfu: Mfu | None = None,
    mbu: Mbu | None = None,
    layer_overhead_us: LayerOverheadUs | None = None,
    sequence_overhead_us: SequenceOverheadUs | None = None,
    allreduce_latency_us: AllreduceLatencyUs | None = None,
    link_efficiency: LinkEfficiency | None = None,
) -> Milliseconds:
    """Time to the first token of a request, beside the others in flight. Indicative.

    Without waiting for a place in the batch, which a busy replica adds. A request waits for a
    step of the others, then each chunk of 8,192 input tokens shares a step with them.

    Equation:
        TTFT = step(batch − 1) + chunks × step(batch − 1 and a chunk of uncached input) + attention

    Errors:
        #N/A and #NUM! as NODE_TPS.

    Source:
        Agrawal et al. 2023, arXiv:2308.16369; compared with the measured grid in
        tests/calibration/errors.md.

    Example:
        >>> import xlmodel
        >>> 100 < xlmodel.ttft("Llama-3.1-405B", "H100", 8, 2048, 128, "FP8", 1) < 500
        True
    """
    point: Value = operating_point(
        *("TTFT", model, gpu, gpus),
        Traffic(input_tokens, output_tokens, batch, cache_hit_rate),
        *(precision, kv_precision, basis, table),
        (
            *(mfu, mbu, layer_overhead_us, sequence_overhead_us),
            *(allreduce_latency_us, link_efficiency),
        ),
    )
    return only_if(
        point.ttft_ms == point.ttft_ms, point.ttft_ms, "the benchmark that answers has no ttft_ms"
    )


@function
def tpot(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    input_tokens: InputTokens,
    output_tokens: OutputTokens,
    precision: Precision | None = None,
    batch: BatchOrMost | None = None,
    cache_hit_rate: PrefixHitRate = 0.0,
    kv_precision: KvPrecision | None = None,
    basis: Basis = "auto",
    table: ThroughputTable | None = None,
    mfu: Mfu | None = None,
    mbu: Mbu | None = None,
    layer_overhead_us: LayerOverheadUs | None = None,
    sequence_overhead_us: SequenceOverheadUs | None = None,
    allreduce_latency_us: AllreduceLatencyUs | None = None,
    link_efficiency: LinkEfficiency | None = None,
) -> Milliseconds:
    """Mean time between the tokens of a request, beside the others in flight.

    Equation:
        TPOT = step + batch × prefill of the uncached input ÷ output_tokens

    Errors:
        #N/A and #NUM! as NODE_TPS.

    Source:
        As NODE_TPS; compared with published latencies in tests/calibration/errors.md.

    Example:
        >>> import xlmodel
        >>> 25 < xlmodel.tpot("Llama-3.1-405B", "H100", 8, 2048, 128, "FP8", 1) < 50
        True
    """
    point: Value = operating_point(
        *("TPOT", model, gpu, gpus),
        Traffic(input_tokens, output_tokens, batch, cache_hit_rate),
        *(precision, kv_precision, basis, table),
        (
            *(mfu, mbu, layer_overhead_us, sequence_overhead_us),
            *(allreduce_latency_us, link_efficiency),
        ),
    )
    return only_if(
        point.tpot_ms == point.tpot_ms, point.tpot_ms, "the benchmark that answers has no tpot_ms"
    )


@function
def throughput_error(
    model: ModelRef, gpu: GpuRef, precision: Precision | None = None
) -> ErrorShare:
    """Share by which NODE_TPS and TPOT may be off, by the fitted physics: 9 in 10 were within it.

    The error on published runs of dense Llama models at full load on the GPU's family, each
    predicted by constants fitted to other models. Mixtures of experts are less well predicted,
    TTFT is indicative: see tests/calibration/errors.md.

    Equation:
        error = 90th percentile of | predicted ÷ published − 1 | over models left out of the fit

    Errors:
        #N/A when the model or GPU is unknown, the model is a mixture of experts, or nothing was
        published of the GPU's family in this precision, so that its constants are borrowed.

    Source:
        tests/calibration/errors.md; figures: NVIDIA TensorRT-LLM perf-overview, v0.9 to v1.0.

    Example:
        >>> import xlmodel
        >>> xlmodel.throughput_error("Llama-3.1-405B", "H100", "FP8")
        0.14
    """
    part = specs.gpu("THROUGHPUT_ERROR", gpu)
    weights = weight_precision("THROUGHPUT_ERROR", part, precision)
    shape = specs.architecture("THROUGHPUT_ERROR", model)
    return published_error("THROUGHPUT_ERROR", shape, part, weights)
