"""The model: pure functions by subject, each declared once with ``@function``.

``serving`` tokens a day · ``capacity`` what fits into memory · ``throughput`` tokens per second of
a model on GPUs · ``decoding`` speculation and experts · ``speculation`` a node that drafts ·
``price`` what tokens earn · ``billing`` long context, batch, cache terms · ``conversation`` turns
and their hit rate · ``cost`` what serving costs · ``sourcing`` rent or own · ``margin`` margin and
break-even · ``deals`` quotes, discounts, a customer's mix · ``traffic`` load and fleets ·
``scaling`` what a fleet costs · ``queueing`` waiting for a slot · ``value`` worth over time ·
``release`` launches, releases, training · ``cashflow`` NPV and IRR · ``size`` models of any size,
demand, open weights · ``lookup`` prices and specifications by name · ``meta`` version and
explanation. Importing this package registers them all.

Beneath throughput: ``sizes`` (a model's architecture), ``replica`` (the time of a step),
``configuration`` (what goes together), ``requests`` and ``operating`` (a replica under traffic),
``measured`` (benchmarks and the grid). Beneath value: ``decay``.
"""

from xlmodel.model import (
    billing,
    capacity,
    cashflow,
    conversation,
    cost,
    deals,
    decoding,
    lookup,
    margin,
    meta,
    price,
    queueing,
    release,
    scaling,
    serving,
    size,
    sourcing,
    speculation,
    throughput,
    traffic,
    value,
)

__all__ = [
    "billing",
    "capacity",
    "cashflow",
    "conversation",
    "cost",
    "deals",
    "decoding",
    "lookup",
    "margin",
    "meta",
    "price",
    "queueing",
    "release",
    "scaling",
    "serving",
    "size",
    "sourcing",
    "speculation",
    "throughput",
    "traffic",
    "value",
]
