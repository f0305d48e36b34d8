"""The model: pure functions by subject, each declared once with ``@function``.

``serving`` tokens a day · ``capacity`` what fits into memory · ``throughput`` tokens per second of
a model on GPUs · ``decoding`` speculation and experts · ``price`` what tokens earn · ``cost`` what
serving costs · ``margin`` margin and break-even · ``lookup`` prices and specifications by name ·
``traffic`` a fleet over the day · ``scaling`` what it costs · ``queueing`` waiting for a slot ·
``meta`` version and explanation. Importing this package registers them all.

Beneath throughput: ``sizes`` (a model's architecture), ``replica`` (the time of a step),
``configuration`` (what goes together), ``requests`` and ``operating`` (a replica under traffic),
``measured`` (benchmarks and the grid). Beneath traffic: ``fleet`` (nodes hour by hour).
"""

from xlmodel.model import (
    capacity,
    cost,
    decoding,
    lookup,
    margin,
    meta,
    price,
    queueing,
    scaling,
    serving,
    throughput,
    traffic,
)

__all__ = [
    "capacity",
    "cost",
    "decoding",
    "lookup",
    "margin",
    "meta",
    "price",
    "queueing",
    "scaling",
    "serving",
    "throughput",
    "traffic",
]
