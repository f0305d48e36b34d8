"""The error on measurements that took no part in the fit.

Each fold leaves out one architecture (all releases of Llama 3 of a size are one), or one GPU, and
predicts it from the rest of its family. Mixture-of-experts models and GPUs on PCIe take no part in
any fit: their errors are those of the constants as fitted.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from tests.calibration.cases import Case, latency, throughput
from tests.calibration.fit import Efficiencies, errors, fit
from xlmodel.tables import specs

FAMILIES = ("Ada", "Ampere", "Blackwell", "Hopper")


class Held(NamedTuple):
    """A case that took no part in the fit, and the error on it."""

    case: Case
    left_out: str
    error: float


def family_of(case: Case) -> str:
    return specs.gpu("", case.gpu).family.removesuffix("-PCIe")


def takes_part(case: Case) -> bool:
    return case.is_dense_llama and not case.gpu.endswith("PCIe")


@cache
def training(family: str) -> tuple[Case, ...]:
    """The cases that a family's constants are fitted to."""
    return tuple(c for c in (*throughput(), *latency()) if takes_part(c) and family_of(c) == family)


@cache
def fitted(family: str) -> Efficiencies:
    return fit(training(family))


@cache
def held_out() -> tuple[Held, ...]:
    """Every case of every fold, and the cases that are in no fit."""
    return (*_folds("model", lambda c: c.architecture), *_folds("GPU", lambda c: c.gpu), *_others())


def _folds(name: str, group: Callable[[Case], str]) -> Iterator[Held]:
    for family in FAMILIES:
        cases = training(family)
        for out in sorted({group(c) for c in cases}):
            rest = [c for c in cases if group(c) != out]
            left = [c for c in cases if group(c) == out]
            if rest:
                yield from _held(left, f"one {name} left out", fit(rest))


def _others() -> Iterator[Held]:
    for family in FAMILIES:
        left = [c for c in throughput() if not takes_part(c) and family_of(c) == family]
        yield from _held(left, "not in any fit", fitted(family))


def _held(cases: Sequence[Case], left_out: str, efficiencies: Efficiencies) -> Iterator[Held]:
    for case, error in zip(cases, errors(cases, efficiencies), strict=True):
        yield Held(case, left_out, error)


class Summary(NamedTuple):
    """The errors of a group: how many, the median, the 90th percentile, how many within 25 %."""

    points: int
    median: float
    p90: float
    within: float
    bias: float


def summary(found: Sequence[Held]) -> Summary:
    """
    >>> case = throughput()[0]
    >>> summary([Held(case, "", 0.1), Held(case, "", -0.3)]).within
    0.5
    """
    sizes = [abs(h.error) if h.error == h.error else 1.0 for h in found]
    return Summary(
        len(found),
        statistics.median(sizes),
        statistics.quantiles(sizes, n=10, method="inclusive")[-1] if len(sizes) > 1 else sizes[0],
        sum(size <= 0.25 for size in sizes) / len(sizes),
        statistics.median(h.error if h.error == h.error else -1.0 for h in found),
    )
