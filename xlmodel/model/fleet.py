"""A fleet over the hours of a day or a week: the load in them, and the nodes that are paid."""

from collections.abc import Sequence
from typing import NamedTuple

from xlmodel.elementwise import whole
from xlmodel.registry import NA, InputError
from xlmodel.tables import lookup

MODES = ("autoscaled", "fixed", "elastic")
ROUNDING = 1 - 1e-12
"""A load above whole nodes by no more than the rounding of its digits needs no other node."""

FLEET = """LET(
    full_, XLMODEL_HOURLY_LOAD(load_,mean_load_)/node_tps_,
    paid_, XLMODEL_PAID_NODES(full_,fleet_mode_,min_nodes_,lag_hours_,target_utilization_),
    """
"""The twins of all functions of a fleet begin so: see ``hosts/loads.py``."""


class Demand(NamedTuple):
    """What decides how many nodes run: the arguments that the functions of a fleet share."""

    load: str | Sequence[float]
    node_tps: float
    mode: str
    min_nodes: float
    lag_hours: float
    target_utilization: float
    mean_load: float | None


class Fleet(NamedTuple):
    """Hour by hour: the nodes that would be full, and the nodes that are paid."""

    full: Sequence[float]
    paid: Sequence[float]

    def beside(self, reserved: float) -> "Fleet":
        """The same fleet where so many nodes are paid in all hours."""
        return self._replace(paid=[max(nodes, reserved) for nodes in self.paid])

    def idle_beyond(self, base: float) -> Sequence[float]:
        """Of the nodes paid beyond a base, those that are not full; the base is filled first."""
        return [
            max(paid - max(full, base), 0) for full, paid in zip(self.full, self.paid, strict=True)
        ]


def beyond(hours: Sequence[float], base: float) -> Sequence[float]:
    """What is above a base in each hour."""
    return [max(hour - base, 0) for hour in hours]


def short_of(hours: Sequence[float], base: float) -> Sequence[float]:
    """What is missing to a base in each hour."""
    return [max(base - hour, 0) for hour in hours]


def product(hours: Sequence[float], others: Sequence[float]) -> float:
    """The sum of the products, hour by hour."""
    return sum([one * other for one, other in zip(hours, others, strict=True)])


def mean(hours: Sequence[float]) -> float:
    """The mean over the hours."""
    return sum(hours) / len(hours)


def whole_nodes(nodes: float) -> float:
    """Whole nodes for a part of one more."""
    return 0 - whole(-nodes * ROUNDING)


def hourly_load(
    where: str, load: str | Sequence[float], mean_load: float | None
) -> Sequence[float]:
    """Tokens per second in each hour."""
    hours = lookup.load_profile(where, load) if isinstance(load, str) else load
    if mean_load is not None:
        return scaled(hours, mean_load)
    if isinstance(load, str):
        raise InputError(
            f'{where}: the profile "{load}" has a shape but no size: give mean_load, its mean in '
            "tokens/s"
        )
    return hours


def scaled(hours: Sequence[float], size: float) -> Sequence[float]:
    """The hours in proportion, so that they have that mean."""
    factor = size / mean(hours)
    return [hour * factor for hour in hours]


def fleet(where: str, demand: Demand) -> Fleet:
    """The fleet that serves a demand."""
    loads = hourly_load(where, demand.load, demand.mean_load)
    full = [load / demand.node_tps for load in loads]
    needed = _needed(where, demand.mode, [nodes / demand.target_utilization for nodes in full])
    return Fleet(full, _started([max(n, demand.min_nodes) for n in needed], demand.lag_hours))


def _needed(where: str, mode: str, nodes: Sequence[float]) -> Sequence[float]:
    """The nodes that must run in each hour."""
    match mode.lower():
        case "elastic":
            return nodes
        case "autoscaled":
            return [whole_nodes(n) for n in nodes]
        case "fixed":
            return [whole_nodes(max(nodes))] * len(nodes)
    raise InputError(f'{where}: fleet_mode is "{mode}", but must be one of {", ".join(MODES)}', NA)


def _started(needed: Sequence[float], lag: float) -> Sequence[float]:
    """The nodes paid where a node is ordered as long ahead as it takes to start.

    Between whole hours of lag they lie on the straight line.
    """
    part = lag - whole(lag)
    paid = _ahead(needed, int(lag))
    if not part:
        return paid
    later = _ahead(needed, int(lag) + 1)
    return [(1 - part) * a + part * b for a, b in zip(paid, later, strict=True)]


def _ahead(needed: Sequence[float], hours: int) -> Sequence[float]:
    """The most nodes needed from each hour to so many hours after it; the last meets the first."""
    if not hours:
        return needed
    twice = [*needed, *needed]
    reach = min(hours + 1, len(needed))
    return [max(twice[hour : hour + reach]) for hour in range(len(needed))]
