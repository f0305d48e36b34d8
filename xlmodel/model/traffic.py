"""Traffic over the day: the fleet that serves it, fixed or following it, and what it costs.

A load is 24 hours from 0:00, or 168 from Monday 0:00, in tokens per second; the last hour is
followed by the first. Load and ``node_tps`` count the same tokens: output alone, as OUTPUT_TPS of
the rest of the model does, or input and output. Cost is a positive number, in the mean day.
"""

from xlmodel.model.fleet import (
    Demand,
    beyond,
    fleet,
    hourly_load,
    mean,
    product,
    scaled,
    short_of,
    whole_nodes,
)
from xlmodel.registry import function
from xlmodel.tables import lookup
from xlmodel.units import HOURS_PER_DAY, GpuCount, GpuHourPrice, Nodes, UsdPerMtok, same_as
from xlmodel.units.traffic import (
    FleetCost,
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
    NodeHourPrice,
    NodeTps,
    OffPeakPrice,
    OffPeakShare,
    ProfileName,
    RelativeLoad,
    ReservedNodes,
    ReservedPrice,
    SavingShare,
    TargetUtilization,
    WholeNodes,
)

_FLEET = """LET(
    full_, XLMODEL_HOURLY_LOAD(load_,mean_load_)/node_tps_,
    paid_, XLMODEL_PAID_NODES(full_,fleet_mode_,min_nodes_,lag_hours_,target_utilization_),
    """
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


@function(twin=_FLEET + "AVERAGE(IF(paid_>reserved_nodes_,paid_,reserved_nodes_)))")
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


@function(twin=_FLEET + "SUM(full_)/SUM(IF(paid_>reserved_nodes_,paid_,reserved_nodes_)))")
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


_COST = (
    _FLEET
    + """HOURS*gpus_*(reserved_nodes_*reserved_price_
      +AVERAGE(IF(paid_>reserved_nodes_,paid_-reserved_nodes_,0))*gpu_hour_price_))"""
).replace("HOURS", f"{HOURS_PER_DAY}")
_IDLE_COST = (
    _FLEET
    + """HOURS*gpus_*(AVERAGE(IF(full_<reserved_nodes_,reserved_nodes_-full_,0))*reserved_price_
      +AVERAGE(LET(
        idle_,IF(paid_>reserved_nodes_,paid_,reserved_nodes_)
          -IF(full_>reserved_nodes_,full_,reserved_nodes_),
        IF(idle_>0,idle_,0)))*gpu_hour_price_))"""
).replace("HOURS", f"{HOURS_PER_DAY}")


@function(twin=_COST)
def fleet_cost(
    load: HourlyLoad,
    node_tps: NodeTps,
    gpus: GpuCount,
    gpu_hour_price: GpuHourPrice,
    reserved_nodes: ReservedNodes = 0.0,
    reserved_price: ReservedPrice = same_as("gpu_hour_price"),
    fleet_mode: FleetMode = "autoscaled",
    min_nodes: MinNodes = 0.0,
    lag_hours: LagHours = 0.0,
    target_utilization: TargetUtilization = 1.0,
    mean_load: MeanLoad | None = None,
) -> FleetCost:
    """Cost of a fleet in the mean day: reserved nodes in all hours, others while they run.

    The others cost gpu_hour_price: on demand, or spot at its price ÷ (1 − loss).

    Equation:
        cost = 24 × gpus × (reserved_nodes × reserved_price
        + mean of nodes paid beyond them × gpu_hour_price), nodes as in FLEET_NODES

    Errors:
        As FLEET_NODES.

    Source:
        DeepSeek's published day: 226.75 nodes of 8 GPUs at 2 USD an hour, 87,072 USD.

    Example:
        >>> import xlmodel
        >>> xlmodel.fleet_cost("deepseek-nodes", 1, 8, 2, fleet_mode="elastic", mean_load=226.75)
        87072.0
    """
    demand = Demand(load, node_tps, fleet_mode, min_nodes, lag_hours, target_utilization, mean_load)
    paid = fleet("FLEET_COST", demand).paid
    others: FleetNodes = mean(beyond(paid, reserved_nodes))
    hourly: NodeHourPrice = gpus * (reserved_nodes * reserved_price + others * gpu_hour_price)
    return HOURS_PER_DAY * hourly


@function(twin=_IDLE_COST)
def fleet_idle_cost(
    load: HourlyLoad,
    node_tps: NodeTps,
    gpus: GpuCount,
    gpu_hour_price: GpuHourPrice,
    reserved_nodes: ReservedNodes = 0.0,
    reserved_price: ReservedPrice = same_as("gpu_hour_price"),
    fleet_mode: FleetMode = "autoscaled",
    min_nodes: MinNodes = 0.0,
    lag_hours: LagHours = 0.0,
    target_utilization: TargetUtilization = 1.0,
    mean_load: MeanLoad | None = None,
) -> FleetCost:
    """Part of FLEET_COST that is paid for capacity which serves nothing.

    Reserved nodes are counted as filled first, since they are paid anyway.

    Equation:
        idle = 24 × gpus × (mean of reserved nodes not full × reserved_price
        + mean of other nodes not full × gpu_hour_price), in parts of a node

    Errors:
        As FLEET_NODES.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> xlmodel.fleet_idle_cost("flat", 300, 8, 3.49, mean_load=2850)
        335.04
    """
    demand = Demand(load, node_tps, fleet_mode, min_nodes, lag_hours, target_utilization, mean_load)
    one = fleet("FLEET_IDLE_COST", demand)
    reserved_idle: FleetNodes = mean(short_of(one.full, reserved_nodes))
    others_idle: FleetNodes = mean(one.beside(reserved_nodes).idle_beyond(reserved_nodes))
    hourly: NodeHourPrice = gpus * (reserved_idle * reserved_price + others_idle * gpu_hour_price)
    return HOURS_PER_DAY * hourly


_SAVING = """LET(
    full_, XLMODEL_HOURLY_LOAD(load_,mean_load_)/node_tps_,
    paid_, XLMODEL_PAID_NODES(full_,fleet_mode_,min_nodes_,lag_hours_,target_utilization_),
    fixed_, XLMODEL_PAID_NODES(full_,"fixed",min_nodes_,0,target_utilization_),
    1-AVERAGE(paid_)/AVERAGE(fixed_))"""


@function(twin=_SAVING)
def autoscaling_saving(
    load: HourlyLoad,
    node_tps: NodeTps,
    mean_load: MeanLoad | None = None,
    fleet_mode: FleetMode = "autoscaled",
    min_nodes: MinNodes = 0.0,
    lag_hours: LagHours = 0.0,
    target_utilization: TargetUtilization = 1.0,
) -> SavingShare:
    """Share of a fixed fleet's cost that is saved where nodes follow the load, at one price.

    Equation:
        saving = 1 − FLEET_NODES(load, …) ÷ FLEET_NODES(load, …, "fixed")

    Errors:
        #DIV/0! when no node is paid; else as FLEET_NODES.

    Source:
        DeepSeek's published day: 226.75 nodes in the mean against 278 all day.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.autoscaling_saving("deepseek-nodes", 1, 226.75, "elastic"), 4)
        0.1844
    """
    demand = Demand(load, node_tps, fleet_mode, min_nodes, lag_hours, target_utilization, mean_load)
    nodes: FleetNodes = mean(fleet("AUTOSCALING_SAVING", demand).paid)
    fixed_nodes: FleetNodes = mean(fleet("AUTOSCALING_SAVING", demand._replace(mode="fixed")).paid)
    return 1 - nodes / fixed_nodes


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
