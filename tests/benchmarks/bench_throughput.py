"""NODE_TPS over a million rows in one call: ratios measured in one run, by hand.

- against copying its one column, and against the same physics on the whole array, unchecked
- against a loop of checked calls (measured on some rows, scaled up)
- with names as columns, a latency limit (a search in each row), or on the measured grid
- against one estimate by aiconfigurator-core per row, where the extra ``grid`` is installed

    python -m tests.benchmarks.bench_throughput

And the error: ``tests/calibration/errors.md`` beside this, by ``python -m tests.calibration``.
"""

import numpy as np

import xlmodel
from tests.benchmarks.bench_functions import best
from tests.calibration.crossvalidation import held_out, summary
from xlmodel.registry import find

ROWS = 10**6
LOOPED = 2000
PLACE = ("Llama-3.1-70B", "H200", 2, 1024, 512, "FP8")


def sweep() -> float:
    """The time of the one call; ratios to it are printed."""
    batch = np.random.default_rng(0).uniform(1, 200, ROWS)
    body = find("NODE_TPS").body
    together = best(lambda: xlmodel.node_tps(*PLACE, batch), repeat=3)
    copy = best(lambda: batch.copy(), repeat=3)
    naive = best(lambda: body(*PLACE, batch), repeat=3)
    print(f"10⁶ rows: {together:.3f} s; over copying the column: {together / copy:.0f}")
    print(f"over the body on the whole array, unchecked: {together / naive:.2f}")
    some = batch[:LOOPED].tolist()
    loop = best(lambda: [xlmodel.node_tps(*PLACE, b) for b in some], repeat=3) * ROWS / LOOPED
    print(f"a loop of checked calls over the one call: {loop / together:.0f}")
    return together


def variants(together: float) -> None:
    limits = np.random.default_rng(1).uniform(20, 100, ROWS)
    names = np.array(["Llama-3.1-8B", "Llama-3.1-70B", "Qwen3-32B"], dtype=object)
    columns = names[np.random.default_rng(2).integers(0, 3, ROWS)]
    for what, call in (
        ("names as a column", lambda: xlmodel.node_tps(columns, *PLACE[1:], 32)),
        ("a latency limit in each row", lambda: xlmodel.node_tps(*PLACE, max_tpot_ms=limits)),
        ("the measured grid", lambda: xlmodel.node_tps(*PLACE, 1 + limits, basis="grid")),
    ):
        print(f"{what}, over the one call: {best(call, repeat=2) / together:.1f}")


def other_estimates(together: float) -> None:
    try:
        import aiconfigurator_core  # noqa: F401
    except ImportError:
        print("aiconfigurator-core is not installed: pip install xlmodel[grid]")
        return
    from tests.grid.build import estimate

    model, gpu, gpus, _, outputs, precision = PLACE
    estimate(model, gpu, gpus, precision, 1024, outputs, 8)  # loads its data
    # Once, and no row twice: it remembers its answers.
    rows = best(
        lambda: [estimate(model, gpu, gpus, precision, 1025 + i, outputs, 8) for i in range(100)],
        repeat=1,
    )
    print(f"one estimate of aiconfigurator-core per row: {rows / 100 * ROWS / together:.0f}")


def errors() -> None:
    found = [h for h in held_out() if h.left_out == "one model left out" and not h.case.latency]
    for gpu, precision in sorted({(h.case.gpu, h.case.precision) for h in found}):
        s = summary([h for h in found if (h.case.gpu, h.case.precision) == (gpu, precision)])
        print(
            f"{gpu} {precision}: {s.points} points, median {s.median:.1%}, {s.within:.0%} in 25 %"
        )


if __name__ == "__main__":
    time = sweep()
    variants(time)
    other_estimates(time)
    errors()
