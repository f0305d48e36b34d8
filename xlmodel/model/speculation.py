"""Speculative decoding on a node: what drafts yield and cost, and what the node gains by them.

SPECULATIVE_GAIN (``decoding``) says what decode steps gain. A node also processes input, which
nothing here makes quicker: NODE_DECODING_GAIN says what is left of the gain. SPECULATIVE_TPS does
the whole sum with a draft model in memory.
"""

from xlmodel.model.configuration import AS_FITTED, replica
from xlmodel.model.drafting import Drafts, fitting_with_draft, speculating
from xlmodel.model.operating import by_physics
from xlmodel.model.replica import MILLI, step_seconds
from xlmodel.model.requests import Traffic
from xlmodel.model.sizes import active_params, sizes
from xlmodel.registry import NA, InputError, function
from xlmodel.tables import accepted, specs
from xlmodel.tables.lookup import found_row
from xlmodel.units import (
    AcceptedLength,
    Batch,
    BatchOrMost,
    ContextTokens,
    DraftCost,
    DraftTokens,
    GpuRef,
    InputTokens,
    KvPrecision,
    MaxTpotMs,
    Milliseconds,
    ModelRef,
    OutputTokens,
    Precision,
    PrefixHitRate,
    ReplicaGpus,
    SpeedFactor,
    TokensPerSecond,
    Value,
)
from xlmodel.units.decoding import (
    DecodingGain,
    DraftLayers,
    DraftMethod,
    DraftModelRef,
    DraftPrecision,
    PrefillShare,
)

_MEASURED = """LET(
    curve_,XLMODEL_FOUND(method_,XLMODEL_ACCEPTED_NAMES(),XLMODEL_ACCEPTED()),
    below_,INT(draft_tokens_),
    part_,draft_tokens_-below_,
    IF(ISNA(INDEX(curve_,1)),#N/A,IF(draft_tokens_>COLUMNS(curve_)-1,#N/A,
      IF(part_=0,INDEX(curve_,below_+1),
        INDEX(curve_,below_+1)*(1-part_)+INDEX(curve_,below_+2)*part_))))"""


@function(twin=_MEASURED)
def measured_accepted_length(method: DraftMethod, draft_tokens: DraftTokens) -> AcceptedLength:
    """Tokens that a step yielded where a draft method was measured, the model's own included.

    Measured on coding requests (SPEED-Bench); other work accepts other lengths. Long drafts yield
    less than ACCEPTED_LENGTH says, which supposes one chance for all of the draft: for 8 tokens
    of the first method below, 2.58 and not the 4.19 that its first token's 0.79 would give.

    Equation:
        the table's length at draft_tokens, linear between whole numbers; 1 without a draft

    Errors:
        #N/A when the method is not in the table (the reason names the nearest), or draft_tokens
        is above what was measured.

    Source:
        InferenceX, golden acceptance lengths: github.com/SemiAnalysisAI/InferenceX, 2026.

    Example:
        >>> import xlmodel
        >>> xlmodel.measured_accepted_length("DeepSeek-V4-Pro MTP thinking on", 8)
        2.58
        >>> xlmodel.measured_accepted_length("Kimi-EAGLE", 4)
        3.24
    """
    row = found_row(accepted.TABLE, "method", method, "MEASURED_ACCEPTED_LENGTH")
    assert row is not None
    curve = accepted.curve(row["method"])
    below = int(draft_tokens)
    part = draft_tokens - below
    if draft_tokens > len(curve) - 1:
        raise InputError(
            f"MEASURED_ACCEPTED_LENGTH: draft_tokens is {draft_tokens:g}, but {row['method']} was "
            f"measured up to {len(curve) - 1}",
            NA,
        )
    return curve[below] * (1 - part) + curve[below + 1] * part if part else curve[below]


@function
def draft_cost(
    model: ModelRef,
    draft_model: DraftModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    batch: Batch,
    context_tokens: ContextTokens,
    precision: Precision | None = None,
    draft_precision: DraftPrecision | None = None,
    kv_precision: KvPrecision | None = None,
) -> DraftCost:
    """Time of one draft token of each sequence, in steps of the target at this batch.

    The draft model runs on the same GPUs, split over all of them. Feed it to SPECULATIVE_GAIN,
    with VERIFY_COST. A head without a model of its own: DRAFT_HEAD_COST.

    Equation:
        cost = step of the draft model ÷ step of the target, both for the batch at that context

    Errors:
        #N/A and #NUM! as DECODE_TPS; #NUM! also when both models and the caches of the batch do
        not fit into memory together.

    Source:
        Leviathan, Kalman, Matias 2023, arXiv:2211.17192, section 3.3; steps: see DECODE_TPS.

    Example:
        >>> import xlmodel
        >>> 0.05 < xlmodel.draft_cost("Llama-405B", "Llama-8B", "H100", 8, 1, 2000, "FP8") < 0.2
        True
    """
    target = replica("DRAFT_COST", model, gpu, gpus, precision, kv_precision)
    draft = replica(
        "DRAFT_COST", draft_model, gpu, gpus, draft_precision or precision, kv_precision
    )
    fitting = fitting_with_draft(target, draft, specs.gpu("DRAFT_COST", gpu), context_tokens, batch)
    drafting: Milliseconds = step_seconds(draft, fitting, context_tokens) / MILLI
    plain: Milliseconds = step_seconds(target, fitting, context_tokens) / MILLI
    return drafting / plain


@function
def draft_head_cost(model: ModelRef, draft_layers: DraftLayers = 1.0) -> DraftCost:
    """Time of one token drafted by a head on the model itself, in steps of the model.

    For heads such as MTP, EAGLE or Medusa, whose layers are like the model's and which share its
    output head: their share in what a token computes. 0 layers: the output head alone.

    Equation:
        cost = (draft_layers ÷ layers × active parameters of the layers + output head)
        ÷ (active parameters of the layers + output head)

    Errors:
        #N/A when the model is unknown.

    Source:
        DeepSeek-AI 2024, arXiv:2412.19437, section 2.2 (one layer and the shared head); Li et al.
        2024, arXiv:2401.15077 (EAGLE).

    Example:
        >>> import xlmodel
        >>> round(xlmodel.draft_head_cost("DeepSeek-V3"), 3)
        0.041
    """
    shape = sizes(specs.architecture("DRAFT_HEAD_COST", model))
    head = draft_layers / shape.layers * active_params(shape) + shape.head_params
    return head / (active_params(shape) + shape.head_params)


@function
def speculative_tps(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    input_tokens: InputTokens,
    output_tokens: OutputTokens,
    draft_model: DraftModelRef,
    draft_tokens: DraftTokens,
    accepted_length: AcceptedLength,
    precision: Precision | None = None,
    batch: BatchOrMost | None = None,
    cache_hit_rate: PrefixHitRate = 0.0,
    max_tpot_ms: MaxTpotMs | None = None,
    kv_precision: KvPrecision | None = None,
    draft_precision: DraftPrecision | None = None,
) -> TokensPerSecond:
    """Steady output tokens per second of a replica that drafts with a model and verifies.

    NODE_TPS with speculation, by the fitted physics: the weights and the cache of the draft model
    take memory, so that fewer requests fit; both models process the input; a cycle of drafts and
    one verifying step yields ``accepted_length`` tokens (MEASURED_ACCEPTED_LENGTH). Against
    NODE_TPS at the same batch it gains at a low load, and loses where verifying costs more than
    the accepted drafts save.

    Equation:
        rate = batch ÷ TPOT; TPOT = (draft_tokens × draft step + verifying step) ÷ accepted_length
        + batch × prefill of both models ÷ output_tokens; without a batch: the largest that memory
        and max_tpot_ms allow, 2,048 at most

    Errors:
        #N/A and #NUM! as NODE_TPS; #NUM! also when accepted_length is below 1 or above
        draft_tokens + 1, or both models do not fit together.

    Source:
        Leviathan, Kalman, Matias 2023, arXiv:2211.17192; steps and prefill: see NODE_TPS.

    Example:
        >>> import xlmodel
        >>> node = ("Llama-3.1-405B", "H100", 8, 2048, 128)
        >>> plain = xlmodel.node_tps(*node, "FP8", 1)
        >>> 1.5 < xlmodel.speculative_tps(*node, "Llama-3.1-8B", 4, 3, "FP8", 1) / plain < 2.5
        True
    """
    target = replica("SPECULATIVE_TPS", model, gpu, gpus, precision, kv_precision)
    draft = replica(
        "SPECULATIVE_TPS", draft_model, gpu, gpus, draft_precision or precision, kv_precision
    )
    point: Value = speculating(
        *(target, draft, specs.gpu("SPECULATIVE_TPS", gpu)),
        Traffic(input_tokens, output_tokens, batch, cache_hit_rate, max_tpot_ms),
        Drafts(draft_tokens, accepted_length),
    )
    return point.output_tps  # type: ignore[no-any-return]


@function
def speculative_batch(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    input_tokens: InputTokens,
    output_tokens: OutputTokens,
    draft_model: DraftModelRef,
    draft_tokens: DraftTokens,
    accepted_length: AcceptedLength,
    precision: Precision | None = None,
    cache_hit_rate: PrefixHitRate = 0.0,
    max_tpot_ms: MaxTpotMs | None = None,
    kv_precision: KvPrecision | None = None,
    draft_precision: DraftPrecision | None = None,
) -> Batch:
    """Requests in flight at which SPECULATIVE_TPS computes when it is given no batch.

    Fewer than NODE_BATCH, for the draft model takes memory too.

    Equation:
        the largest batch that the memory beside both models and max_tpot_ms allow, 2,048 at most

    Errors:
        #N/A and #NUM! as SPECULATIVE_TPS.

    Source:
        Definition; 2,048 is TensorRT-LLM's default of max_batch_size.

    Example:
        >>> import xlmodel
        >>> node = ("Llama-3.1-405B", "H100", 8, 2048, 128)
        >>> xlmodel.speculative_batch(*node, "Llama-3.1-8B", 4, 3, "FP8")
        321.0
    """
    target = replica("SPECULATIVE_BATCH", model, gpu, gpus, precision, kv_precision)
    draft = replica(
        "SPECULATIVE_BATCH", draft_model, gpu, gpus, draft_precision or precision, kv_precision
    )
    point: Value = speculating(
        *(target, draft, specs.gpu("SPECULATIVE_BATCH", gpu)),
        Traffic(input_tokens, output_tokens, None, cache_hit_rate, max_tpot_ms),
        Drafts(draft_tokens, accepted_length),
    )
    return point.batch  # type: ignore[no-any-return]


@function
def prefill_share(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    input_tokens: InputTokens,
    output_tokens: OutputTokens,
    precision: Precision | None = None,
    batch: BatchOrMost | None = None,
    cache_hit_rate: PrefixHitRate = 0.0,
    kv_precision: KvPrecision | None = None,
) -> PrefillShare:
    """Share of the node's time that goes into processing input, by the fitted physics.

    Quicker decoding leaves it as it is: see NODE_DECODING_GAIN. It grows with the batch, for the
    input of each request is processed for itself, while steps are shared.

    Equation:
        share = 1 − step ÷ TPOT

    Errors:
        #N/A and #NUM! as NODE_TPS.

    Source:
        Definition; steps and prefill: see NODE_TPS.

    Example:
        >>> import xlmodel
        >>> alone = xlmodel.prefill_share("Llama-3.1-405B", "H100", 8, 2048, 128, "FP8", 1)
        >>> many = xlmodel.prefill_share("Llama-3.1-405B", "H100", 8, 2048, 128, "FP8", 64)
        >>> alone < 0.1 < 0.5 < many
        True
    """
    traffic = Traffic(input_tokens, output_tokens, batch, cache_hit_rate)
    point: Value = by_physics(
        *("PREFILL_SHARE", model, gpu, gpus, traffic, precision, kv_precision), AS_FITTED
    )
    one = replica("PREFILL_SHARE", model, gpu, gpus, precision, kv_precision)
    step: Milliseconds = step_seconds(one, point.batch, traffic.mean_context) / MILLI
    return 1 - step / point.tpot_ms  # type: ignore[no-any-return]


@function
def node_decoding_gain(decoding_gain: DecodingGain, prefill_share: PrefillShare) -> SpeedFactor:
    """Factor on the node's output rate, where decode steps become quicker by a factor.

    The time that goes into input stays (Amdahl's law): a node that spends half of its time on
    input gains a third by decoding twice as fast.

    Equation:
        gain = 1 ÷ (prefill_share + (1 − prefill_share) ÷ decoding_gain)

    Source:
        Amdahl 1967, AFIPS spring joint computer conference, pages 483-485.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.node_decoding_gain(2, 0.5), 4)
        1.3333
    """
    return 1 / (prefill_share + (1 - prefill_share) / decoding_gain)
