"""What fits into the memory of GPUs: a token's KV cache, the fewest GPUs, the largest batch."""

from xlmodel.elementwise import only_if
from xlmodel.model.configuration import context_within, fewest_gpus, most_sequences, replica
from xlmodel.model.sizes import cache_elements, sizes
from xlmodel.registry import function
from xlmodel.tables import specs
from xlmodel.units import (
    Batch,
    BytesPerToken,
    CachePrecision,
    ContextTokens,
    GpuRef,
    KvPrecision,
    MaxBatch,
    MinGpus,
    ModelRef,
    Precision,
    ReplicaGpus,
)


@function
def kv_bytes_per_token(
    model: ModelRef,
    kv_precision: CachePrecision = "BF16",
    context_tokens: ContextTokens = 1.0,
) -> BytesPerToken:
    """Memory that each token of a sequence takes in the KV cache, in all layers.

    Layers with a sliding window keep no more than the window, so over a long context the mean per
    token is smaller: give its length.

    Equation:
        bytes = Σ over layers of 2 × kv_heads × head_dim × bytes per element
        (MLA: (kv_lora_rank + rope_dim) × bytes; a layer with a window counts
        min(1, window ÷ context_tokens))

    Errors:
        #N/A when the model is unknown; #NUM! when the precision is.

    Source:
        Ainslie et al. 2023, arXiv:2305.13245 (GQA); DeepSeek-AI 2024, arXiv:2405.04434 (MLA).

    Example:
        >>> import xlmodel
        >>> xlmodel.kv_bytes_per_token("Llama-3.1-405B")
        516096.0
        >>> xlmodel.kv_bytes_per_token("DeepSeek-V3")
        70272.0
        >>> xlmodel.kv_bytes_per_token("gpt-oss-120b", "FP8", 131072)
        18450.0
    """
    shape = sizes(specs.architecture("KV_BYTES_PER_TOKEN", model))
    element = specs.precision("KV_BYTES_PER_TOKEN", "kv_precision", kv_precision)
    context = context_within(shape, context_tokens)
    return cache_elements(shape, context) / context * element.bytes_per_param


@function
def min_gpus(
    model: ModelRef,
    gpu: GpuRef,
    precision: Precision | None = None,
    context_tokens: ContextTokens = 8192.0,
    batch: Batch = 1.0,
    kv_precision: KvPrecision | None = None,
) -> MinGpus:
    """Fewest GPUs whose memory holds the weights and the KV cache of a batch.

    The count is a power of two, as tensor parallelism needs. Each GPU keeps 3.5 GiB for
    activations and the runtime, and 5 % of what the weights leave. Says nothing about speed, and
    may be more GPUs than one fast link joins.

    Equation:
        the smallest n of 1, 2, 4 … with weights + batch × cache of a sequence ÷ 0.95
        ≤ n × (memory − 3.5 GiB)

    Errors:
        #N/A when the model or GPU is unknown; #NUM! when the GPU lacks the precision, the context
        is longer than the model's, or 1,024 GPUs do not hold it.

    Source:
        Definition; reserve: aiconfigurator, systems/*.yaml; 0.95: TensorRT-LLM perf-overview.

    Example:
        >>> import xlmodel
        >>> xlmodel.min_gpus("Llama-3.1-405B", "H100", "FP8"), xlmodel.min_gpus("Llama-8B", "L40S")
        (8.0, 1.0)
    """
    one = replica("MIN_GPUS", model, gpu, 1.0, precision, kv_precision)
    context = context_within(one.model, context_tokens)
    count = fewest_gpus(one, specs.gpu("MIN_GPUS", gpu), context, batch)
    return only_if(count < float("inf"), count, "1,024 of these GPUs do not hold it")


@function
def max_batch(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    context_tokens: ContextTokens,
    precision: Precision | None = None,
    kv_precision: KvPrecision | None = None,
) -> MaxBatch:
    """Sequences of a length whose KV cache fits into memory beside the weights.

    ``context_tokens`` is the longest that a sequence gets, input and output together. Engines may
    schedule fewer.

    Equation:
        sequences = whole part of 0.95 × (gpus × (memory − 3.5 GiB) − weights)
        ÷ cache of a sequence

    Errors:
        #N/A when the model or GPU is unknown; #NUM! when not one sequence fits (the reason says
        how many GPUs would do), the GPU lacks the precision, or the context is longer than the
        model's.

    Source:
        Kwon et al. 2023, arXiv:2309.06180; reserve and 0.95: see MIN_GPUS.

    Example:
        >>> import xlmodel
        >>> xlmodel.max_batch("Llama-3.1-405B", "H100", 8, 2176, "FP8")
        418.0
    """
    one = replica("MAX_BATCH", model, gpu, gpus, precision, kv_precision)
    context = context_within(one.model, context_tokens)
    return most_sequences(one, specs.gpu("MAX_BATCH", gpu), context)
