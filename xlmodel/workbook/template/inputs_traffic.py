"""The inputs of sheet Traffic: a day's load, and the fleet that is to serve it."""

from xlmodel.model.fleet import MODES
from xlmodel.tables import lookup
from xlmodel.units import Quantity
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number, row
from xlmodel.workbook.template.parts import Row, heading

_SLOTS = Quantity("slots", "requests that a node serves at once, its batch", 1, 1e4)


def rows() -> list[Row]:
    return [
        heading("Traffic over the day: the fleet on sheet Traffic", LAST),
        *_load(),
        *_fleet(),
        *_promise(),
    ]


def _load() -> list[Row]:
    return [
        row(
            "in_load_profile",
            "Load profile",
            "deepseek-day",
            "text",
            "name",
            accept.one_of(
                tuple(lookup.load_profiles()),
                "Shape of the load. deepseek-day, deepseek-nodes: a published day, in UTC+8. "
                "office-hours: a week, a guess.",
            ),
            "For hours of your own, call FLEET_COST and its like with a range of 24 or 168 cells.",
        ),
        number(
            "in_mean_load",
            "Mean load of all users",
            3000,
            "rate",
            "EXAMPLE: output tokens, as the output rate counts them; ten founding nodes when full.",
            kind=accept.argument("mean_load", "FLEET_NODES"),
        ),
    ]


def _fleet() -> list[Row]:
    return [
        row(
            "in_fleet_mode",
            "How nodes follow the load",
            "autoscaled",
            "text",
            "choice",
            accept.one_of(
                MODES,
                "autoscaled: whole nodes by the hour. fixed: whole nodes for the peak, all hours. "
                "elastic: parts of a node-hour.",
            ),
            "The fixed fleet stands beside it on sheet Traffic.",
        ),
        number("in_min_nodes", "Nodes that always run", 1, "count", "EXAMPLE: one, for the night."),
        number(
            "in_lag_hours",
            "Time that a node takes to start",
            0.25,
            "rate",
            "ASSUMPTION: a quarter of an hour to get a node and load the weights; paid meanwhile.",
        ),
        number(
            "in_target_utilization",
            "Share of a node's rate planned for",
            0.85,
            "share",
            "ASSUMPTION: the rest is room for bursts within the hour; it keeps waits short.",
        ),
        number(
            "in_reserved_nodes",
            "Nodes reserved",
            4,
            "count",
            "EXAMPLE: about the load at night. Paid in all hours, idle too.",
        ),
        number(
            "in_reserved_node_price",
            "Price of a GPU-hour in reserved nodes",
            2.5,
            "price",
            "ASSUMPTION: no published price; well below the on-demand price that peaks pay.",
            kind=accept.argument("reserved_price", "FLEET_COST"),
            blank="the price of a useful GPU-hour in use",
        ),
    ]


def _promise() -> list[Row]:
    return [
        number(
            "in_node_slots",
            "Requests that a node serves at once",
            10,
            "count",
            "Founding case: 10 × 30 tokens/s make the 300 of the node.",
            kind=_SLOTS,
        ),
        number(
            "in_max_wait",
            "Longest wait for a place that is promised",
            1,
            "rate",
            "EXAMPLE: before the first token is computed.",
        ),
        number(
            "in_wait_quantile",
            "Share of requests that it is promised to",
            0.99,
            "share",
            "Blank: the mean wait.",
            kind=accept.argument("quantile", "WAIT_TIME"),
            blank="the mean wait",
        ),
    ]
