"""``errors.md``: how far the predictions are off, by group, and against what."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from tests.calibration.cases import first_token, point
from tests.calibration.crossvalidation import FAMILIES, Held, fitted, held_out, summary, training
from tests.calibration.fit import PRIORS, Prior
from tests.calibration.grid import Compared, compared
from xlmodel.model.configuration import AS_FITTED

PATH: Final = Path(__file__).with_name("errors.md")

_HEAD = """\
# How far predictions of throughput are off

Written by `python -m tests.calibration`; do not edit. Errors are sizes of predicted over published,
less 1; the bias is their signed median. Published figures: `tests/cases/throughput.csv` and
`latency.csv`, each with its source.

## Output rate at full load, dense Llama models: not in the fit

Each model (all releases of one architecture) is predicted by constants fitted to the other models
of its GPU family; then each GPU by those fitted to the family's other GPUs.
"""
_MOE = """
## Models and GPUs that are in no fit

Mixtures of experts, and GPUs on PCIe, predicted by the constants as fitted. They are reported as
they are: routing is taken as even, and nothing was fitted to them. Llama 4 Maverick in FP8 takes
402 GB and more of the 640 of 8 H100; what its published runs kept for the cache is not known.
"""
_LATENCY = """
## Time per output token at a low load

Published online runs of Llama 3.1 in BF16 (TensorRT-LLM v0.14), with each model left out of the
fit; and the time to the first token, which took no part in any fit. TTFT is indicative: it leaves
out waiting for a place in the batch.
"""
_GRID = """
## Beside the measured grid

The physics over the grid (`xlmodel/tables/throughput_grid.csv`), which took no part in any fit and
is itself put together from measured operators. Its TTFT is about twice ours even for a request
alone, for the tool multiplies a prefill step by 1.9 to 4; published runs, above, lie close to ours.
On L40S the grid's operators (vLLM) are far slower than NVIDIA's published runs, to
which the physics was fitted.
"""


_CONSTANTS = """
## The constants beside their priors

A prior decides where the data do not. Those far from it (two spreads or more) or at an end of their
range are marked: an end says that the constant makes up for something the physics leaves out.
"""


def text() -> str:
    """The whole file."""
    parts = [_HEAD, *_held_tables(), _MOE, _other_table(), _LATENCY, _latency_table(), _GRID]
    return "\n".join([*parts, _grid_table(), _CONSTANTS, _constants_table()])


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(headers)} |", f"|{' --- |' * len(headers)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


_SUMMARY = ("points", "median error", "90 % within", "share within 25 %", "bias")


def _summary(found: Sequence[Held]) -> tuple[str, ...]:
    s = summary(found)
    return (str(s.points), *(f"{v:.1%}" for v in (s.median, s.p90, s.within)), f"{s.bias:+.1%}")


def _groups(
    found: Iterable[Held], key: Callable[[Held], tuple[str, ...]]
) -> dict[tuple[str, ...], list[Held]]:
    groups: dict[tuple[str, ...], list[Held]] = defaultdict(list)
    for held in found:
        groups[key(held)].append(held)
    return dict(sorted(groups.items()))


def _held_tables() -> list[str]:
    tables = []
    for left_out in ("one model left out", "one GPU left out"):
        found = [h for h in held_out() if h.left_out == left_out and not h.case.latency]
        groups = _groups(found, lambda h: (h.case.gpu, h.case.precision))
        rows = [(*group, *_summary(held)) for group, held in groups.items()]
        rows += [("all", "", *_summary(found))]
        title = f"{left_out[0].upper()}{left_out[1:]}:\n\n"
        tables.append(title + _table(("GPU", "precision", *_SUMMARY), rows) + "\n")
    return tables


def _other_table() -> str:
    found = [h for h in held_out() if h.left_out == "not in any fit"]
    groups = _groups(found, lambda h: (h.case.model, h.case.gpu, h.case.precision))
    rows = ((*group, *_summary(held)) for group, held in groups.items())
    return _table(("model", "GPU", "precision", *_SUMMARY), rows) + "\n"


def _latency_table() -> str:
    found = [h for h in held_out() if h.left_out == "one model left out" and h.case.latency]
    tpot = _groups(found, lambda h: ("TPOT", h.case.gpu))
    ttft = _groups(_first_tokens(), lambda h: ("TTFT", h.case.gpu))
    rows = ((*group, *_summary(held)) for group, held in {**tpot, **ttft}.items())
    return _table(("time", "GPU", *_SUMMARY), rows) + "\n"


def _first_tokens() -> Iterable[Held]:
    for case, ttft_ms in first_token():
        found = point(case, AS_FITTED)
        assert found is not None
        yield Held(case, "TTFT", found.ttft_ms / ttft_ms - 1)


def _grid_table() -> str:
    groups: dict[tuple[str, ...], list[Compared]] = defaultdict(list)
    for one in compared():
        kind = "dense" if one.is_dense else "experts"
        load = "1 to 8" if one.batch <= 8 else "16 to 512"
        groups[one.gpu, one.precision, kind, load].append(one)
    rows = [(*key, *_medians(found)) for key, found in sorted(groups.items())]
    titles = ("GPU", "precision", "models", "batch", "points", "rate", "TPOT", "TTFT")
    return _table(titles, rows) + "\n"


def _constants_table() -> str:
    rows = (
        (family, precision, name, f"{value:.3g}", f"{p.centre:g} ± {p.spread:g} ({p.source})", mark)
        for family in FAMILIES
        for precision in sorted({c.precision for c in training(family)})
        for (name, p), value in zip(PRIORS.items(), fitted(family)(precision), strict=True)
        for mark in (_mark(value, p),)
    )
    return _table(("family", "precision", "constant", "fitted", "prior", ""), rows) + "\n"


def _mark(value: float, prior: Prior) -> str:
    if min(value - prior.low, prior.high - value) < 1e-3 * (prior.high - prior.low):
        return "at an end"
    return "far" if abs(value - prior.centre) >= 2 * prior.spread else ""


def _medians(found: Sequence[Compared]) -> tuple[str, ...]:
    """The median size of the error of each quantity, with its bias."""
    shown = []
    for quantity in ("output_tps", "tpot_ms", "ttft_ms"):
        errors = [one.error for one in found if one.quantity == quantity]
        size, bias = statistics.median(map(abs, errors)), statistics.median(errors)
        shown.append(f"{size:.0%} ({bias:+.0%})")
    return (str(len(found) // 3), *shown)
