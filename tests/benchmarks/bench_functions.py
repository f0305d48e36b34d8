"""Ratios of the checked calls, each measured in one run; by hand: python tests/benchmarks/…

- a checked scalar call against the same arithmetic with inline comparisons
- NODE_MARGIN over 10⁷ rows against copying its input columns, and against whole-array NumPy
- memory beside the buffers
- a short range from a cell against a loop of checked calls
"""

import timeit
import tracemalloc
from collections.abc import Callable

import numpy as np

import xlmodel
from xlmodel.registry import find

ROWS = 10**7
FOUNDING = (300, 10, 2.8, 2.8, 8, 3.49)


def best(call: Callable[[], object], number: int = 1, repeat: int = 5) -> float:
    return min(timeit.repeat(call, number=number, repeat=repeat)) / number


def bare(  # noqa: C901 (what a careful author writes by hand)
    output_tps: float,
    ratio: float,
    input_price: float,
    output_price: float,
    gpus: float,
    gpu_hour_price: float,
    utilization: float = 1.0,
    hits: float = 0.0,
    cached: float | None = None,
    other: float = 0.0,
) -> float:
    if not 0 <= output_tps <= 1e15:
        raise ValueError
    if not 0 <= ratio <= 1e6:
        raise ValueError
    if not 0 <= input_price <= 1e15:
        raise ValueError
    if not 0 <= output_price <= 1e15:
        raise ValueError
    if not 0 < gpus <= 1e9:
        raise ValueError
    if not 0 <= gpu_hour_price <= 1e15:
        raise ValueError
    if not 0 <= utilization <= 1:
        raise ValueError
    if not 0 <= hits <= 1:
        raise ValueError
    if cached is None:
        cached = input_price
    if not 0 <= cached <= 1e15:
        raise ValueError
    if not 0 <= other <= 1e15:
        raise ValueError
    effective = input_price * (1 - hits) + cached * hits
    revenue = output_tps * (ratio * effective + output_price) * 86_400 * utilization / 1e6
    return revenue - (gpus * gpu_hour_price * 24 + other)


def scalar() -> None:
    checked = best(lambda: xlmodel.node_margin(*FOUNDING), 100_000)
    inline = best(lambda: bare(*FOUNDING), 100_000)
    print(f"checked scalar call / inline comparisons: {checked / inline:.2f}")


def sweep() -> None:
    random = np.random.default_rng(0)
    columns = [random.uniform(1, 2, ROWS) * value for value in FOUNDING]
    body = find("NODE_MARGIN").body
    copy = best(lambda: [column.copy() for column in columns])
    checked = best(lambda: xlmodel.node_margin(*columns))
    naive = best(lambda: body(*columns, 1.0, 0.0, columns[2], 0.0))
    print(f"10⁷ rows, checked / copy of the input columns: {checked / copy:.2f}")
    print(f"10⁷ rows, whole-array NumPy unchecked / copy: {naive / copy:.2f}")
    tracemalloc.start()
    result = xlmodel.node_margin(*columns)
    peak = tracemalloc.get_traced_memory()[1] - result.nbytes
    tracemalloc.stop()
    print(f"peak memory beside input and result: {peak / 2**20:.1f} MiB")


def short_ranges() -> None:
    function = find("NODE_MARGIN")
    for rows in (2, 10, 50, 500):
        column = [[300.0 + i] for i in range(rows)]
        together = best(lambda c=column: function.call_cells([c, *FOUNDING[1:]]), 200)  # type: ignore[misc]
        loop = best(
            lambda c=column: [function.call_cells([v, *FOUNDING[1:]]) for (v,) in c],  # type: ignore[misc]
            200,
        )
        print(f"range of {rows} cells / loop of checked calls: {together / loop:.2f}")


if __name__ == "__main__":
    scalar()
    sweep()
    short_ranges()
