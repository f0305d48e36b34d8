"""The efficiencies of a family of GPUs, fitted to published measurements.

A family has its own bandwidth utilization, overheads and link, and an MFU for each precision. The
residuals are logarithms of predicted over published figures, in units of the 8 % by which two
releases of one engine differ, with a soft-L1 loss so that outliers count less. Max-throughput runs
alone do not tell all constants apart, so each has a weak prior, which decides only where the data
do not: its centre and spread stand in ``PRIORS`` with the source.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares

from tests.calibration.cases import Case, predicted

SCALE = 0.08
IMPOSSIBLE = 0.5
"""The residual of a published run that the model says does not fit into memory."""


class Prior(NamedTuple):
    """Where a constant lies if the data do not say; the range in which it is sought."""

    centre: float
    spread: float
    low: float
    high: float
    source: str


PRIORS = {
    "mfu": Prior(0.6, 0.2, 0.1, 1.0, "guess"),
    "mbu": Prior(0.8, 0.07, 0.3, 1.0, "aiconfigurator systems/*.yaml: scaling factor 0.8"),
    "layer_overhead_us": Prior(30.0, 20.0, 0.0, 300.0, "guess: ten kernels of 3 us"),
    "sequence_overhead_us": Prior(5.0, 5.0, 0.0, 60.0, "guess"),
    "allreduce_latency_us": Prior(10.0, 6.0, 0.0, 60.0, "aiconfigurator: p2p_latency 10 us"),
    "link_efficiency": Prior(0.7, 0.25, 0.1, 1.0, "guess"),
}

Efficiencies = Callable[[str], tuple[float, ...]]
"""The six efficiencies in a precision."""


def fit(cases: Sequence[Case]) -> Efficiencies:
    """The efficiencies that predict the cases best."""
    precisions = sorted({case.precision for case in cases})
    kinds = [*["mfu"] * len(precisions), *list(PRIORS)[1:]]
    priors = [PRIORS[kind] for kind in kinds]

    def of(x: Sequence[float], precision: str) -> tuple[float, ...]:
        known = precision in precisions
        mfu = x[precisions.index(precision)] if known else PRIORS["mfu"].centre
        return (mfu, *x[len(precisions) :])

    def residuals(x: Sequence[float]) -> list[float]:
        data = [_soft(_residual(case, of(x, case.precision))) for case in cases]
        return data + [(v - p.centre) / p.spread for v, p in zip(x, priors, strict=True)]

    found = least_squares(
        residuals,
        [p.centre for p in priors],
        bounds=([p.low for p in priors], [p.high for p in priors]),
        x_scale=[p.spread for p in priors],
    )
    return lambda precision: of([float(v) for v in found.x], precision)


def _residual(case: Case, efficiencies: Sequence[float]) -> float:
    figure = predicted(case, efficiencies)
    return math.log(figure / case.value) if figure == figure else IMPOSSIBLE


def _soft(residual: float) -> float:
    """The soft-L1 loss, as a residual whose square it is."""
    return float(np.sign(residual)) * math.sqrt(2 * (math.hypot(1, residual / SCALE) - 1))


def errors(cases: Sequence[Case], efficiencies: Efficiencies) -> list[float]:
    """Predicted over published, less 1."""
    return [predicted(case, efficiencies(case.precision)) / case.value - 1 for case in cases]
