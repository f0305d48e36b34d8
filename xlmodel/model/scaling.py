"""What a fleet costs: reserved nodes all day, others while they run; what is idle, what is saved.

Loads and modes as in ``traffic``. Cost is a positive number, in the mean day.
"""

from xlmodel.model.fleet import FLEET, Demand, beyond, fleet, mean, short_of
from xlmodel.registry import function
from xlmodel.units import HOURS_PER_DAY, GpuCount, GpuHourPrice, same_as
from xlmodel.units.traffic import (
    FleetCost,
    FleetMode,
    FleetNodes,
    HourlyLoad,
    LagHours,
    MeanLoad,
    MinNodes,
    NodeHourPrice,
    NodeTps,
    ReservedNodes,
    ReservedPrice,
    SavingShare,
    TargetUtilization,
)

_COST = (
    FLEET
    + """HOURS*gpus_*(reserved_nodes_*reserved_price_
      +AVERAGE(IF(paid_>reserved_nodes_,paid_-reserved_nodes_,0))*gpu_hour_price_))"""
).replace("HOURS", f"{HOURS_PER_DAY}")
_IDLE_COST = (
    FLEET
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
