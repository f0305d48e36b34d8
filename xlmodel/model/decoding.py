"""Several tokens a step, and experts: what a step yields, and what it costs, in general terms.

Speculative decoding drafts a few tokens cheaply and verifies them in one step of the model. A
verifying step reads the weights once, as any step; but it computes for every drafted token, so
that its gain shrinks as the batch grows and computing begins to decide (``VERIFY_COST``).
"""

from xlmodel.elementwise import only_if
from xlmodel.model.configuration import context_within, fitting_batch, replica
from xlmodel.model.replica import (
    GIGA,
    MILLI,
    TERA,
    roofline_seconds,
    step_seconds,
    touched_share,
)
from xlmodel.registry import function
from xlmodel.tables import specs
from xlmodel.units import (
    Acceptance,
    AcceptedLength,
    ActiveParamsB,
    Batch,
    ContextTokens,
    DecodeTps,
    DraftCost,
    DraftTokens,
    ExpertCount,
    ExpertShare,
    ExpertsPerToken,
    GbPerSecond,
    GpuRef,
    KvGb,
    KvPrecision,
    Milliseconds,
    ModelRef,
    Nodes,
    Precision,
    PrefillTps,
    ReplicaGpus,
    SpeedFactor,
    Tflops,
    TokensPerSecond,
    VerifyCost,
    WeightGb,
)


@function
def accepted_length(acceptance: Acceptance, draft_tokens: DraftTokens) -> AcceptedLength:
    """Tokens that a step of speculative decoding yields, the model's own included.

    Supposes that each drafted token is accepted with the same chance. Measured chances fall along
    the draft, so a constant one overstates long drafts: 0.79, true of the first token of a
    measured draft, gives 4.19 tokens for 8 drafted; 2.58 were measured (InferenceX, 2026):
    MEASURED_ACCEPTED_LENGTH has the measured ones.

    Equation:
        accepted length = (1 − acceptance^(draft_tokens + 1)) ÷ (1 − acceptance)

    Source:
        Leviathan, Kalman, Matias 2023, arXiv:2211.17192, equation 1.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.accepted_length(0.8, 4), 4)
        3.3616
    """
    some_rejected: Acceptance = 1 - acceptance ** (draft_tokens + 1)
    return some_rejected / (1 - acceptance)


@function
def speculative_gain(
    accepted_length: AcceptedLength,
    draft_tokens: DraftTokens,
    draft_cost: DraftCost,
    verify_cost: VerifyCost = 1.0,
) -> SpeedFactor:
    """Factor on the output rate by speculative decoding.

    Costs count in steps without speculation at the same batch. At a low load verifying costs
    one such step; at a high load more, and the gain can fall below 1: see VERIFY_COST. It speeds up
    decode steps (DECODE_TPS); of NODE_TPS, which processes input beside, the rate gains less:
    see NODE_DECODING_GAIN.

    Equation:
        gain = accepted_length ÷ (draft_tokens × draft_cost + verify_cost)

    Source:
        Leviathan, Kalman, Matias 2023, arXiv:2211.17192, theorem 3.8, with a cost of verifying.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.speculative_gain(3.3616, 4, 0.05), 4)
        2.8013
        >>> round(xlmodel.speculative_gain(3.3616, 4, 0.05, 3.5), 4)
        0.9085
    """
    step_cost: DraftCost = draft_tokens * draft_cost + verify_cost
    return accepted_length / step_cost


@function
def active_expert_share(
    experts: ExpertCount, experts_per_token: ExpertsPerToken, batch: Batch
) -> ExpertShare:
    """Share of a layer's experts that a step must read, which grows with the batch.

    Supposes that tokens choose experts evenly and independently; skewed routing touches fewer.

    Equation:
        share = 1 − (1 − experts_per_token ÷ experts)^batch

    Errors:
        #NUM! when a token uses more experts than there are.

    Source:
        Definition: the chance that none of the batch's tokens chooses an expert.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.active_expert_share(256, 8, 1), 5)
        0.03125
        >>> round(xlmodel.active_expert_share(256, 8, 64), 4)
        0.8689
    """
    chosen: ExpertsPerToken = only_if(
        experts_per_token <= experts, experts_per_token, "a token uses more experts than there are"
    )
    return touched_share(experts, chosen, batch)


@function
def roofline_step(
    batch: Batch,
    active_params_b: ActiveParamsB,
    weight_gb: WeightGb,
    kv_gb: KvGb,
    tflops: Tflops,
    gb_per_s: GbPerSecond,
) -> Milliseconds:
    """Time of a decode step on an ideal machine, from sizes and rates alone.

    The textbook's lower bound: no overhead, no communication, peak rates. DECODE_TPS adds those.

    Equation:
        step = batch × kv_gb ÷ gb_per_s
        + max(2 × batch × active_params_b ÷ tflops, weight_gb ÷ gb_per_s)

    Source:
        Austin et al. 2025, How to Scale Your Model, chapter 7.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.roofline_step(1, 13, 26, 6.7, 1600, 8 * 820), 2)
        4.98
    """
    cache: Milliseconds = batch * kv_gb / gb_per_s / MILLI
    layers: Milliseconds = (
        roofline_seconds(
            2 * batch * active_params_b * GIGA, weight_gb * GIGA, tflops * TERA, gb_per_s * GIGA
        )
        / MILLI
    )
    return cache + layers


@function
def disaggregated_nodes(
    input_tps: TokensPerSecond,
    output_tps: TokensPerSecond,
    prefill_tps: PrefillTps,
    decode_tps: DecodeTps,
) -> Nodes:
    """Nodes for a load when prefill and decode run on nodes of their own.

    ``prefill_tps`` and ``decode_tps`` are what one node of each kind does, as PREFILL_TPS and
    DECODE_TPS give them.

    Equation:
        nodes = input_tps ÷ prefill_tps + output_tps ÷ decode_tps

    Source:
        Zhong et al. 2024, DistServe, arXiv:2401.09670.

    Example:
        >>> import xlmodel
        >>> xlmodel.disaggregated_nodes(30000, 3000, 15000, 1000)
        5.0
    """
    prefill_nodes: Nodes = input_tps / prefill_tps
    decode_nodes: Nodes = output_tps / decode_tps
    return prefill_nodes + decode_nodes


@function
def verify_cost(
    model: ModelRef,
    gpu: GpuRef,
    gpus: ReplicaGpus,
    batch: Batch,
    context_tokens: ContextTokens,
    draft_tokens: DraftTokens,
    precision: Precision | None = None,
    kv_precision: KvPrecision | None = None,
) -> VerifyCost:
    """Time of a step that verifies drafted tokens, in steps without speculation.

    Close to 1 while reading the weights decides; towards draft_tokens + 1 where computing does.
    Feed it to SPECULATIVE_GAIN, whose gain it takes away at a high load. In a mixture of experts
    drafted tokens touch more experts, so that verifying costs more at a low load already.

    Equation:
        cost = step(batch × (draft_tokens + 1) tokens, batch caches) ÷ step(batch tokens)

    Errors:
        #N/A and #NUM! as DECODE_TPS.

    Source:
        Leviathan, Kalman, Matias 2023, arXiv:2211.17192, section 3.4; steps: see DECODE_TPS.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.verify_cost("Llama-70B", "H100", 4, 1, 2000, 4, "FP8"), 1)
        1.0
        >>> xlmodel.verify_cost("Llama-70B", "H100", 4, 256, 2000, 4, "FP8") > 2
        True
    """
    one = replica("VERIFY_COST", model, gpu, gpus, precision, kv_precision)
    context = context_within(one.model, context_tokens)
    fitting = fitting_batch(one, specs.gpu("VERIFY_COST", gpu), context, batch)
    verifying: Milliseconds = step_seconds(one, fitting, context, 1 + draft_tokens) / MILLI
    plain: Milliseconds = step_seconds(one, fitting, context) / MILLI
    return verifying / plain
