"""Fleets and queues, one call each, over a loop that does the least: measured by hand.

python -m tests.benchmarks.bench_traffic
"""

import random

import xlmodel
from tests.benchmarks.bench_functions import best

WEEK = [random.Random(0).uniform(0, 1e4) for _ in range(168)]
SERVERS, OFFERED = 10_000, 9_900.0


def recurrence() -> float:
    """Erlang B as a bare loop."""
    blocked = 1.0
    for count in range(1, SERVERS + 1):
        blocked = OFFERED * blocked / (count + OFFERED * blocked)
    return blocked


def main() -> None:
    fleet = best(lambda: xlmodel.fleet_cost(WEEK, 300, 8, 2))
    lagging = best(lambda: xlmodel.fleet_cost(WEEK, 300, 8, 2, lag_hours=2.5))
    adding = best(lambda: sum(WEEK))
    print(
        f"FLEET_COST of a week: {fleet * 1e3:.2f} ms; over adding up its hours {fleet / adding:.0f}"
    )
    print(f"with a lag of 2.5 hours, over without: {lagging / fleet:.2f}")
    queue = best(lambda: xlmodel.erlang_c(SERVERS, OFFERED))
    bare = best(recurrence)
    print(f"ERLANG_C of 10,000 slots: {queue * 1e3:.2f} ms; over the bare loop {queue / bare:.2f}")
    slots = best(lambda: xlmodel.slots_for_wait(OFFERED, 1, 0.01, 0.99))
    print(f"SLOTS_FOR_WAIT, over ERLANG_C of as many slots: {slots / queue:.2f}")


if __name__ == "__main__":
    main()
