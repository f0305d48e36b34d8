"""Waiting for a slot: requests that come at random to a number of places that serve one each.

A server here is a batch slot, a place for one request in the batch of a node; a fleet has nodes ×
slots of a node. Supposed are arrivals at random (Poisson), service times that differ at random
(exponential), one queue for all slots, and requests that wait as long as it takes: the queue M/M/c.
Burstier arrivals wait longer. Service time is that in a full batch, as TPOT gives it.
"""

from math import exp, log

from xlmodel.elementwise import DomainError
from xlmodel.registry import function
from xlmodel.units.traffic import (
    MOST_SLOTS,
    ArrivalRate,
    MaxWait,
    OfferedLoad,
    Quantile,
    ServiceTime,
    Slots,
    WaitChance,
    WaitSeconds,
)


@function(twin="XLMODEL_ERLANG_C(servers_,offered_load_)")
def erlang_c(servers: Slots, offered_load: OfferedLoad) -> WaitChance:
    """Chance that a request must wait for a slot (Erlang C).

    A server is a batch slot, not a node. Computed by the recurrence of Erlang B, in which nothing
    grows large, for any number of servers.

    Equation:
        B(0) = 1, B(k) = offered_load × B(k − 1) ÷ (k + offered_load × B(k − 1));
        C = B ÷ (1 − offered_load ÷ servers × (1 − B)), B = B(servers)

    Errors:
        #NUM! when servers is no whole number, or offered_load is not below it: the queue would
        grow without end.

    Source:
        Gross et al., Fundamentals of Queueing Theory, chapter 2: the queue M/M/c.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.erlang_c(10, 8), 5)
        0.40918
        >>> round(xlmodel.erlang_c(100, 90), 5)
        0.21694
    """
    if servers != int(servers):
        raise DomainError("servers must be a whole number of slots")
    if offered_load >= servers:
        raise DomainError(
            f"{offered_load:g} slots are busy in the mean, which must be fewer than there are: "
            "else the queue grows without end"
        )
    return _waiting(_blocked(int(servers), offered_load), servers, offered_load)


_WAIT = """LET(
    offered_, arrival_rate_*service_time_,
    waiting_, XLMODEL_ERLANG_C(servers_,offered_),
    theirs_, service_time_/(servers_-offered_),
    IF(ISERROR(waiting_),waiting_,
    IF(quantile_="",waiting_*theirs_,
    IF(waiting_>1-quantile_,LN(waiting_/(1-quantile_))*theirs_,0))))"""


@function(twin=_WAIT)
def wait_time(
    servers: Slots,
    arrival_rate: ArrivalRate,
    service_time: ServiceTime,
    quantile: Quantile | None = None,
) -> WaitSeconds:
    """Time that a request waits for a slot: the mean over all requests, or a quantile of it.

    A server is a batch slot, not a node. A quantile counts requests that do not wait too: it is 0
    where fewer than the rest must wait. The time to the first token is this and prefill.

    Equation:
        mean = C × service_time ÷ (servers − offered_load), offered_load = arrival_rate ×
        service_time, C = ERLANG_C(servers, offered_load);
        quantile = ln(C ÷ (1 − quantile)) × service_time ÷ (servers − offered_load), or 0

    Errors:
        #NUM! as ERLANG_C.

    Source:
        Gross et al., Fundamentals of Queueing Theory, chapter 2: waiting time in M/M/c.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.wait_time(10, 2, 4), 5)
        0.81836
        >>> round(xlmodel.wait_time(10, 2, 4, 0.99), 3)
        7.423
    """
    offered: OfferedLoad = arrival_rate * service_time
    waiting: WaitChance = erlang_c(servers, offered)
    mean_of_those: WaitSeconds = service_time / (servers - offered)
    if quantile is None:
        return waiting * mean_of_those
    left = 1 - quantile
    return log(waiting / left) * mean_of_those if waiting > left else 0.0


_SLOTS = """LET(
    offered_, arrival_rate_*service_time_,
    share_, IF(quantile_="",1,1-quantile_),
    factor_, IF(quantile_="",1,-LN(share_)),
    enough_, offered_+factor_*service_time_/max_wait_+2,
    last_, IF(enough_<MOST,INT(enough_),MOST),
    found_, IF(offered_<MOST,REDUCE(1,SEQUENCE(last_),LAMBDA(state_,count_,
      IF(state_<0,state_,LET(
        blocked_, offered_*state_/(count_+offered_*state_),
        spare_, (count_-offered_)*max_wait_/service_time_,
        waiting_, blocked_/(1-offered_/count_*(1-blocked_)),
        kept_, IF(count_>offered_,
          IF(quantile_="",waiting_<=spare_,waiting_*EXP(-spare_)<=share_),FALSE),
        IF(kept_,-count_,blocked_))))),0),
    IF(found_<0,-found_,#NUM!))""".replace("MOST", f"{MOST_SLOTS}")
"""The state is the chance of Erlang B, and, once enough slots are found, their number below 0.

With ``enough_`` slots even a queue in which everyone waits keeps the promise.
"""


@function(twin=_SLOTS)
def slots_for_wait(
    arrival_rate: ArrivalRate,
    service_time: ServiceTime,
    max_wait: MaxWait,
    quantile: Quantile | None = None,
) -> Slots:
    """Fewest slots with which the mean wait, or a quantile of it, is no longer than promised.

    A slot is a place in a batch, not a node: nodes = slots ÷ slots of a node, rounded up.

    Equation:
        the smallest whole number with WAIT_TIME(slots, arrival_rate, service_time, quantile)
        ≤ max_wait

    Errors:
        #NUM! when more than 100,000 slots would be needed.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> xlmodel.slots_for_wait(2, 4, 0.5)
        11.0
        >>> xlmodel.slots_for_wait(2, 4, 1, 0.99)
        14.0
    """
    offered: OfferedLoad = arrival_rate * service_time
    share = 1.0 if quantile is None else 1 - quantile
    blocked = 1.0
    for slots in range(1, MOST_SLOTS + 1 if offered < MOST_SLOTS else 1):
        blocked = offered * blocked / (slots + offered * blocked)
        if slots > offered:
            waiting = _waiting(blocked, slots, offered)
            spare = (slots - offered) * max_wait / service_time
            if waiting <= spare if quantile is None else waiting * exp(-spare) <= share:
                return float(slots)
    raise DomainError(f"more than {MOST_SLOTS:,} slots would be needed")


def _blocked(servers: int, offered: float) -> float:
    """The chance that all are busy where nobody waits (Erlang B)."""
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = offered * blocked / (count + offered * blocked)
    return blocked


def _waiting(blocked: float, servers: float, offered: float) -> float:
    """Erlang C from Erlang B."""
    return blocked / (1 - offered / servers * (1 - blocked))
