"""Traffic over the day, the fleet that follows it, and the wait for a slot."""

from typing import Annotated, Any

from xlmodel.units.kinds import HUGE, Load, Quantity, Text, share

HourlyLoad = Annotated[
    Any,
    Load(
        Quantity(
            "tokens/s",
            "load of a day or a week hour by hour, from 0:00 (of a week: Monday 0:00); hours as "
            "they are in one place",
        ),
        "deepseek-day",
    ),
]
LoadTps = Annotated[float, Quantity("tokens/s", "load, in the tokens that node_tps counts")]
NodeTps = Annotated[
    float,
    Quantity(
        "tokens/s",
        "tokens per second that a full node serves, in the tokens that the load counts",
        open_low=True,
    ),
]
MeanLoad = Annotated[
    float,
    Quantity(
        "tokens/s",
        "mean load, to which the hours are scaled: needed with a profile; left out, a range is "
        "taken as it is",
        open_low=True,
    ),
]
MeanOfProfile = Annotated[
    float, Quantity("any", "mean of the profile, in the unit that is wanted", open_low=True)
]
ProfileName = Annotated[str, Text("name of a load profile", "deepseek-day")]
Hour = Annotated[
    float,
    Quantity("hour", "hour of the profile from 0, Monday 0:00 in a week; it repeats", 0, 1e9),
]
HourOfDay = Annotated[float, Quantity("hour", "time of the day, fractions allowed", 0, 24)]
RelativeLoad = Annotated[float, Quantity("as mean_load", "load in the hour")]
FleetMode = Annotated[
    str,
    Text(
        "how nodes follow the load: autoscaled (whole nodes by the hour), fixed (whole nodes for "
        "the peak), elastic (parts of a node-hour)",
        "autoscaled",
    ),
]
MinNodes = Annotated[float, Quantity("nodes", "nodes that always run, needed or not", 0, 1e9)]
ReservedNodes = Annotated[
    float, Quantity("nodes", "nodes reserved, paid in all hours, idle too", 0, 1e9)
]
LagHours = Annotated[
    float,
    Quantity(
        "hours", "time a node takes to start, paid meanwhile; it is ordered ahead in time", 0, 168
    ),
]
TargetUtilization = Annotated[
    float,
    share("share of a node's rate that is planned for; the rest is room for bursts", open_low=True),
]
ReservedPrice = Annotated[
    float,
    Quantity("USD/GPU-hour", "price of a GPU in a reserved node for one hour", open_low=True),
]
FleetNodes = Annotated[float, Quantity("nodes", "nodes paid, in the mean over the hours")]
WholeNodes = Annotated[float, Quantity("nodes", "whole nodes")]
FleetUtilization = Annotated[float, Quantity("share", "load served over the capacity paid")]
SavingShare = Annotated[float, Quantity("share", "share of the cost of a fixed fleet", -HUGE, 1)]
FleetCost = Annotated[float, Quantity("USD/day", "cost of the fleet in the mean day")]
NodeHourPrice = Annotated[float, Quantity("USD/node-hour", "price of one node for one hour")]

# Prices by the hour
OffPeakPrice = Annotated[float, Quantity("USD/Mtok", "price in the hours off peak")]
OffPeakShare = Annotated[float, share("share of the load in the hours off peak")]

# Waiting
MOST_SLOTS = 100_000
Slots = Annotated[
    float,
    Quantity(
        "slots",
        "places in which one request each is served: batch slots of all nodes, not nodes; whole",
        1,
        MOST_SLOTS,
    ),
]
OfferedLoad = Annotated[
    float, Quantity("erlangs", "arrivals per second × service time: slots busy in the mean")
]
ArrivalRate = Annotated[float, Quantity("requests/s", "requests that arrive in a second")]
ServiceTime = Annotated[
    float, Quantity("s", "time that a request holds its slot, to its last token", open_low=True)
]
Quantile = Annotated[
    float,
    Quantity(
        "share",
        "share of all requests that wait no longer; left out, the mean wait",
        0,
        1,
        open_low=True,
        open_high=True,
        hint="write 99 % as 0.99",
    ),
]
MaxWait = Annotated[float, Quantity("s", "longest wait that is promised", open_low=True)]
WaitSeconds = Annotated[float, Quantity("s", "time that a request waits for a slot")]
WaitChance = Annotated[float, share("chance that a request must wait")]
