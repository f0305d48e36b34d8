"""Speculative decoding: measured lengths, published speed-ups, laws, and what can't be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlmodel
from tests.registry.test_laws import same
from xlmodel import tables
from xlmodel.registry import InputError

FOUNDING = ("Llama-3.1-405B", "H100", 8, 2048, 128)
DRAFT = ("Llama-3.1-8B", 4, 3)
MEASURED = "DeepSeek-V4-Pro MTP thinking on"

# Measured lengths


def test_a_constant_acceptance_overstates_a_long_draft() -> None:
    """InferenceX, golden acceptance lengths: 0.79 for the first token, 2.58 a step for eight."""
    assert xlmodel.measured_accepted_length(MEASURED, 1) == 1.79
    assert round(xlmodel.accepted_length(0.79, 8), 2) == 4.19
    assert xlmodel.measured_accepted_length(MEASURED, 8) == 2.58


@pytest.mark.parametrize(
    "method", sorted({row["method"] for row in tables.rows("accepted_lengths")})
)
def test_a_constant_acceptance_overstates_each_measured_draft(method: str) -> None:
    first = xlmodel.measured_accepted_length(method, 1) - 1
    for drafted in range(2, 9):
        constant = xlmodel.accepted_length(first, drafted)
        assert xlmodel.measured_accepted_length(method, drafted) <= constant + 0.005  # as rounded


def test_methods_are_found_by_alias_in_any_spelling() -> None:
    """A draft of none yields one token; between whole numbers it is linear."""
    assert xlmodel.measured_accepted_length(" deepseek_v4_pro MTP-thinking on", 2) == 2.27
    assert xlmodel.measured_accepted_length("dsv4 mtp", 2) == 2.27
    assert xlmodel.measured_accepted_length("Qwen-MTP", 0) == 1
    assert xlmodel.measured_accepted_length("Qwen-MTP", 0.5) == pytest.approx(1.465)
    assert xlmodel.measured_accepted_length("Qwen-MTP", 7.5) == pytest.approx(5.125)


@pytest.mark.parametrize(
    ("method", "drafted", "words"),
    [
        (MEASURED, 8.01, "was measured up to 8"),
        ("Kimi-K2.5 EAGLE", 4, "nearest: Kimi-K2.5 EAGLE3"),
    ],
)
def test_what_was_not_measured_is_not_available(method: str, drafted: float, words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        xlmodel.measured_accepted_length(method, drafted)
    assert error.value.kind == "#N/A"


# Published speed-ups: vLLM blog of 2024-10-17, Llama-3-70B on 4 H100. The draft model there was
# Qwama-0.5B, for which Qwen3-0.6B stands here; ASSUMPTION: 4 drafted tokens accepted at 0.6 each,
# and for n-grams 5 at 0.7, in BF16 at 600 tokens of context. None of these was published.

BATCHES = (1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256)


def blog_gain(batch: float, acceptance: float, drafted: float, draft: str | None) -> float:
    place = ("H100", 4, batch, 600)
    cost = xlmodel.draft_cost("Llama-3-70B", draft, *place, "BF16") if draft else 0.0
    verifying = xlmodel.verify_cost("Llama-3-70B", *place, drafted, "BF16")
    length = xlmodel.accepted_length(acceptance, drafted)
    return float(xlmodel.speculative_gain(length, drafted, cost, verifying))


@pytest.mark.parametrize(
    ("acceptance", "drafted", "draft", "alone", "loaded", "crossing"),
    [
        (0.6, 4, "Qwen3-0.6B", 1.5, 0.714, 32),
        (0.7, 5, None, 2.8, 0.556, 96),
    ],
    ids=["draft model", "n-grams"],
)
def test_gains_turn_into_losses_as_vllm_reports(
    acceptance: float, drafted: float, draft: str | None, alone: float, loaded: float, crossing: int
) -> None:
    """Within 10 % at one request; a slowdown at many, of the size that was published or less."""
    gains = {batch: blog_gain(batch, acceptance, drafted, draft) for batch in BATCHES}
    assert gains[1] == pytest.approx(alone, rel=0.1)
    assert all(gains[batch] > 1 for batch in (1, 2, 4))
    assert max(b for b in BATCHES if gains[b] > 1) == crossing
    assert loaded * 0.75 < gains[256] < 1


# Laws

models = st.sampled_from(["Llama-3.1-8B", "Llama-3.1-70B", "Qwen3-32B", "Qwen3-8B"])
drafted = st.integers(0, 8)
batches = st.integers(1, 64)


@settings(max_examples=50, deadline=None)
@given(model=models, low=batches, more=st.integers(1, 64), drafts=drafted)
def test_a_larger_batch_never_gains_more(model: str, low: int, more: int, drafts: int) -> None:
    """Of dense models on one GPU; more GPUs choose another all-reduce for larger messages."""
    length = 1 + drafts / 2
    at = (model, "B200", 1)

    def gain(batch: int) -> float:
        verifying = xlmodel.verify_cost(*at, batch, 500, drafts)
        return float(xlmodel.speculative_gain(length, drafts, 0.0, verifying))

    assert gain(low + more) <= gain(low) * (1 + 1e-12)
    assert gain(low) <= length


@settings(max_examples=30, deadline=None)
@given(batch=st.integers(1, 300), drafts=drafted)
def test_more_gpus_gain_no_more_at_a_batch_than_alone(batch: int, drafts: int) -> None:
    place = ("Llama-3.1-405B", "H100", 8)
    alone = xlmodel.verify_cost(*place, 1, 2000, drafts)
    assert xlmodel.verify_cost(*place, batch, 2000, drafts) >= alone * (1 - 1e-12)


gains = st.floats(1, 100)
shares = st.floats(0, 1)


@given(gain=gains, share=shares)
def test_the_node_gains_no_more_than_its_steps(gain: float, share: float) -> None:
    node = xlmodel.node_decoding_gain(gain, share)
    assert 1 - 1e-12 <= node <= gain * (1 + 1e-12)


@given(share=shares)
def test_no_gain_of_steps_is_no_gain_of_the_node(share: float) -> None:
    assert xlmodel.node_decoding_gain(1, share) == pytest.approx(1, rel=1e-12)


def test_ends_of_amdahls_law() -> None:
    assert xlmodel.node_decoding_gain(3, 0) == pytest.approx(3)
    assert xlmodel.node_decoding_gain(3, 1) == 1
    assert xlmodel.node_decoding_gain(0.5, 0.5) == pytest.approx(2 / 3)


@settings(max_examples=30, deadline=None)
@given(batch=st.integers(1, 256), drafts=st.integers(0, 8))
def test_the_node_gains_by_its_steps_and_its_share(batch: int, drafts: int) -> None:
    """With a head that takes no memory the three functions give what a cycle gives."""
    model, gpu, gpus, into, out = FOUNDING
    length, cost = 1 + drafts * 0.4, 0.03
    verifying = xlmodel.verify_cost(model, gpu, gpus, batch, into + out / 2, drafts, "FP8")
    gain = xlmodel.speculative_gain(length, drafts, cost, verifying)
    share = xlmodel.prefill_share(*FOUNDING, "FP8", batch)
    tpot = xlmodel.tpot(*FOUNDING, "FP8", batch, basis="physics")
    expected = (tpot * share + tpot * (1 - share) / gain) ** -1 * batch * 1000
    plain = xlmodel.node_tps(*FOUNDING, "FP8", batch, basis="physics")
    assert plain * xlmodel.node_decoding_gain(gain, share) == pytest.approx(expected, rel=1e-9)


# With a draft model in memory


def test_a_draft_model_takes_memory_and_so_requests() -> None:
    plain = xlmodel.node_batch(*FOUNDING, "FP8")
    assert xlmodel.speculative_batch(*FOUNDING, *DRAFT, "FP8") < plain
    with pytest.raises(InputError, match="beside the draft model") as error:
        xlmodel.speculative_tps(*FOUNDING, *DRAFT, "FP8", plain)
    assert error.value.kind == "#NUM!"


def test_a_model_that_fits_alone_may_not_fit_with_its_draft() -> None:
    with pytest.raises(InputError, match="GB of the draft model"):
        xlmodel.speculative_tps("Llama-70B", "H100", 1, 100, 10, "Qwen3-32B", 2, 2, "FP8", 1)


def test_drafting_nothing_only_costs_the_drafts_prefill() -> None:
    plain = xlmodel.node_tps(*FOUNDING, "FP8", 16, basis="physics")
    idle = xlmodel.speculative_tps(*FOUNDING, "Llama-3.1-8B", 0, 1, "FP8", 16)
    assert 0.9 * plain < idle < plain


def test_speculation_gains_alone_and_loses_in_a_crowd() -> None:
    batch = np.array([1.0, 300.0])
    plain = xlmodel.node_tps(*FOUNDING, "FP8", batch, basis="physics")
    alone, crowd = xlmodel.speculative_tps(*FOUNDING, *DRAFT, "FP8", batch) / plain
    assert alone > 1.5
    assert crowd < 1


def test_a_latency_limit_binds_the_batch() -> None:
    most = xlmodel.speculative_batch(*FOUNDING, *DRAFT, "FP8", max_tpot_ms=60)
    rate = xlmodel.speculative_tps(*FOUNDING, *DRAFT, "FP8", max_tpot_ms=60)
    assert most < xlmodel.speculative_batch(*FOUNDING, *DRAFT, "FP8")
    assert 1000 * most / rate <= 60
    more = xlmodel.speculative_tps(*FOUNDING, *DRAFT, "FP8", most + 1)
    assert 1000 * (most + 1) / more > 60
    with pytest.raises(InputError, match="one request alone takes"):
        xlmodel.speculative_tps(*FOUNDING, *DRAFT, "FP8", max_tpot_ms=1)


@pytest.mark.parametrize("length", [0.5, 5.01])
def test_a_step_yields_its_own_token_and_the_drafted_at_most(length: float) -> None:
    with pytest.raises(InputError, match="yields from 1 to 5 tokens") as error:
        xlmodel.speculative_tps(*FOUNDING, "Llama-3.1-8B", 4, length, "FP8", 1)
    assert error.value.kind == "#NUM!"


def test_a_range_answers_as_its_cells_do() -> None:
    batch = np.array([1.0, 7.0, 64.0, 300.0])
    many = xlmodel.speculative_tps(*FOUNDING, *DRAFT, "FP8", batch)
    for place, one in enumerate(batch):
        assert same(many[place], xlmodel.speculative_tps(*FOUNDING, *DRAFT, "FP8", one))


def test_a_head_costs_its_share_of_the_model() -> None:
    """DeepSeek-V3 reports one layer of 61 and the shared output head for its MTP module."""
    assert 1 / 61 < xlmodel.draft_head_cost("DeepSeek-V3") < 0.05
    assert xlmodel.draft_head_cost("Llama-3.1-405B", 126) == pytest.approx(1)
    assert xlmodel.draft_head_cost("Llama-3.1-405B", 0) > 0
