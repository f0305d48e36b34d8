"""Traffic over the day, and the fleet that serves it: fixed, or following it.

A load is 24 hours from 0:00, or 168 from Monday 0:00, in tokens per second; the last hour is
followed by the first. Load and ``node_tps`` count the same tokens: output alone, as
``output_tps`` elsewhere, or input and output.
"""

from xlmodel.model.fleet import (
    FLEET,
    Demand,
    fleet,
    hourly_load,
    mean,
    product,
    scaled,
    whole_nodes,
)
from xlmodel.registry import function
from xlmodel.tables import lookup
from xlmodel.units import HOURS_PER_DAY, Nodes, UsdPerMtok
from xlmodel.units.traffic import (
    FleetMode,
    FleetNodes,
    FleetUtilization,
    Hour,
    HourlyLoad,
    HourOfDay,
    LagHours,
    LoadTps,
    MeanLoad,
    MeanOfProfile,
    MinNodes,
    NodeTps,
    OffPeakPrice,
    OffPeakShare,
    ProfileName,
    RelativeLoad,
    ReservedNodes,
    TargetUtilization,
    WholeNodes,
)

_LOAD_AT = """LET(loads_, XLMODEL_HOURLY_LOAD(profile_,mean_load_),
    INDEX(loads_,MOD(INT(profile_hour_),ROWS(loads_))+1))"""


@function(twin=_LOAD_AT)
def load_at(
    profile: ProfileName, profile_hour: Hour, mean_load: MeanOfProfile = 1.0
) -> RelativeLoad:
    """Load in one hour of a profile: 1 in the mean hour, or scaled to a mean.

    Profiles: deepseek-day (a published day, hours in UTC+8), deepseek-nodes (the nodes that ran on
    it), flat, office-hours (168 hours; a guess). A profile repeats: hour 24 of a day is hour 0.

    Equation:
        load = mean_load × load of the profile in the hour ÷ mean of the profile

    Errors:
        #N/A when there is no such profile.

    Source:
        The profile's own source column in the table of load profiles.

    Example:
        >>> import xlmodel
        >>> xlmodel.load_at("deepseek-nodes", 1, 226.75)
        195.5
        >>> round(xlmodel.load_at("deepseek-day", 22), 3)
        1.325
    """
    loads = scaled(lookup.load_profile("LOAD_AT", profile), mean_load)
    return loads[int(profile_hour) % len(loads)]


@function
def nodes_for_load(
    load_tps: LoadTps, node_tps: NodeTps, target_utilization: TargetUtilization = 1.0
) -> WholeNodes:
    """Whole nodes that a load needs.

    Equation:
        nodes = load_tps ÷ (node_tps × target_utilization), rounded up

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> xlmodel.nodes_for_load(3100, 300)
        11.0
        >>> xlmodel.nodes_for_load(3100, 300, 0.8)
        13.0
    """
    nodes: Nodes = load_tps / node_tps / target_utilization
    return whole_nodes(nodes)


@function(twin=FLEET + "AVERAGE(IF(paid_>reserved_nodes_,paid_,reserved_nodes_)))")
def fleet_nodes(
    load: HourlyLoad,
    node_tps: NodeTps,
    fleet_mode: FleetMode = "autoscaled",
    min_nodes: MinNodes = 0.0,
    lag_hours: LagHours = 0.0,
    target_utilization: TargetUtilization = 1.0,
    reserved_nodes: ReservedNodes = 0.0,
    mean_load: MeanLoad | None = None,
) -> FleetNodes:
    """Nodes paid in the mean hour.

    Modes: autoscaled, whole nodes hour by hour; fixed, whole nodes for the peak in all hours;
    elastic, in parts of a node, as where nodes change within the hour.

    Equation:
        needed = load ÷ (node_tps × target_utilization) by the mode, min_nodes at least;
        paid = the most needed from the hour to lag_hours after it, reserved_nodes at least;
        nodes = mean of paid

    Errors:
        #N/A when there is no such profile or mode; #VALUE! when a profile has no mean_load.

    Source:
        Definition. Half-hour steps of DeepSeek's published day average 226.75 nodes.

    Example:
        >>> import xlmodel
        >>> xlmodel.fleet_nodes("deepseek-nodes", 1, "elastic", mean_load=226.75)
        226.75
        >>> xlmodel.fleet_nodes("deepseek-nodes", 1, "fixed", mean_load=226.75)
        278.0
    """
    demand = Demand(load, node_tps, fleet_mode, min_nodes, lag_hours, target_utilization, mean_load)
    paid = fleet("FLEET_NODES", demand).beside(reserved_nodes).paid
    return mean(paid)


@function(
    twin=FLEET
    + """LET(
      all_, IF(paid_>reserved_nodes_,paid_,reserved_nodes_),
      INDEX(all_,MOD(INT(profile_hour_),ROWS(all_))+1)))"""
)
def nodes_at(
    load: HourlyLoad,
    node_tps: NodeTps,
    profile_hour: Hour,
    fleet_mode: FleetMode = "autoscaled",
    min_nodes: MinNodes = 0.0,
    lag_hours: LagHours = 0.0,
    target_utilization: TargetUtilization = 1.0,
    reserved_nodes: ReservedNodes = 0.0,
    mean_load: MeanLoad | None = None,
) -> FleetNodes:
    """Nodes paid in one hour; FLEET_NODES is their mean.

    Equation:
        see FLEET_NODES

    Errors:
        #N/A and #VALUE! as FLEET_NODES.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> xlmodel.nodes_at("deepseek-day", 300, 22, mean_load=3000)
        14.0
        >>> xlmodel.nodes_at("deepseek-day", 300, 4, mean_load=3000)
        3.0
    """
    demand = Demand(load, node_tps, fleet_mode, min_nodes, lag_hours, target_utilization, mean_load)
    paid = fleet("NODES_AT", demand).beside(reserved_nodes).paid
    return paid[int(profile_hour) % len(paid)]


@function(twin=FLEET + "SUM(full_)/SUM(IF(paid_>reserved_nodes_,paid_,reserved_nodes_)))")
def fleet_utilization(
    load: HourlyLoad,
    node_tps: NodeTps,
    fleet_mode: FleetMode = "autoscaled",
    min_nodes: MinNodes = 0.0,
    lag_hours: LagHours = 0.0,
    target_utilization: TargetUtilization = 1.0,
    reserved_nodes: ReservedNodes = 0.0,
    mean_load: MeanLoad | None = None,
) -> FleetUtilization:
    """Load served over the capacity paid; the utilization that NODE_MARGIN asks for.

    Equation:
        utilization = Σ load ÷ Σ (nodes paid × node_tps), nodes as in FLEET_NODES

    Errors:
        #DIV/0! when no node is paid; else as FLEET_NODES.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.fleet_utilization("deepseek-day", 300, "fixed", mean_load=3000), 4)
        0.7143
        >>> round(xlmodel.fleet_utilization("deepseek-day", 300, mean_load=3000), 4)
        0.9486
    """
    demand = Demand(load, node_tps, fleet_mode, min_nodes, lag_hours, target_utilization, mean_load)
    one = fleet("FLEET_UTILIZATION", demand).beside(reserved_nodes)
    return sum(one.full) / sum(one.paid)


_TIME_OF_DAY = """LET(
    loads_, XLMODEL_HOURLY_LOAD(load_,1),
    hour_, SEQUENCE(ROWS(loads_))-1,
    hours_, hour_-24*INT(hour_/24),
    over_, LAMBDA(from_,to_,LET(
      end_,IF(hours_+1<to_,hours_+1,to_),
      start_,IF(hours_>from_,hours_,from_),
      IF(end_>start_,end_-start_,0))),
    parts_, IF(off_peak_from_>off_peak_to_,1-over_(off_peak_to_,off_peak_from_),
      over_(off_peak_from_,off_peak_to_)),
    list_price_+(off_peak_price_-list_price_)*SUM(loads_*parts_)/SUM(loads_))"""


@function(twin=_TIME_OF_DAY)
def time_of_day_price(
    load: HourlyLoad,
    list_price: UsdPerMtok,
    off_peak_price: OffPeakPrice,
    off_peak_from: HourOfDay,
    off_peak_to: HourOfDay,
) -> UsdPerMtok:
    """Mean price by load, where some hours of the day have another one.

    The hours off peak may pass midnight: from 22 to 6. They are hours of the load's place: of a
    profile see its note (deepseek-day is in UTC+8). From an hour to itself is no time; from 0 to
    24 is all day. Within an hour the load is even. The size of the load does not matter.

    Equation:
        share = Σ load × part of the hour off peak ÷ Σ load;
        mean = list_price + (off_peak_price − list_price) × share

    Errors:
        #N/A when there is no such profile; #DIV/0! when there is no load.

    Source:
        Definition. DeepSeek's rates of 2025 off peak, 16:30 to 0:30 UTC, are 0:30 to 8:30 in UTC+8.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.time_of_day_price("flat", 2.4, 0.6, 22, 6), 6)
        1.8
        >>> round(xlmodel.time_of_day_price("deepseek-day", 2.19, 0.55, 0.5, 8.5), 4)
        1.91
    """
    loads = hourly_load("TIME_OF_DAY_PRICE", load, 1.0)
    parts = _off_peak_parts(len(loads), off_peak_from, off_peak_to)
    off_peak: OffPeakShare = product(loads, parts) / sum(loads)
    return list_price + (off_peak_price - list_price) * off_peak


def _off_peak_parts(count: int, start: float, end: float) -> list[float]:
    return [_off_peak(hour % HOURS_PER_DAY, start, end) for hour in range(count)]


def _off_peak(hour: float, start: float, end: float) -> float:
    """The part of an hour of the day between two times, which may pass midnight."""
    if start > end:
        return 1 - _off_peak(hour, end, start)
    return max(min(hour + 1, end) - max(hour, start), 0)
