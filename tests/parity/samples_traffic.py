"""Good calls of the functions of traffic: loads by hours and by name, fleets, queues."""

from typing import Any, Final

from xlmodel.registry import CellError

Args = tuple[Any, ...]

DAY: Final = [[float(abs(hour - 13) * 37 % 101 + 250)] for hour in range(24)]
"""A column of 24 hours."""
WEEK: Final = [[float(100 + (24 * day + hour) * 29 % 83) for hour in range(24)] for day in range(7)]
"""A block of 168 hours, a row a day."""
_FLEET: Final = ((40.0, 8.0, 3.49), (55.5, 4.0, 2.0), (25.0, 8.0, 1.5))
_NAMED: Final = ("deepseek-day", "Office Hours", "flat")


def _of_nodes(load: Any, *means: float | None) -> tuple[Args, ...]:
    """Good calls of FLEET_NODES and its like."""
    first, second, third = means
    return (
        (load, 40.0, "autoscaled", 2.0, 0.0, 0.9, 3.5, first),
        (load, 55.5, "fixed", 0.0, 2.0, 1.0, 0.0, second),
        (load, 25.0, "elastic", 4.0, 1.25, 0.75, 9.0, third),
    )


def _of_cost(load: Any, *means: float | None) -> tuple[Args, ...]:
    first, second, third = means
    return (
        (load, *_FLEET[0], 3.5, 1.9, "autoscaled", 2.0, 0.0, 0.9, first),
        (load, *_FLEET[1], 0.0, 2.5, "fixed", 0.0, 2.0, 1.0, second),
        (load, *_FLEET[2], 9.0, 1.1, "elastic", 4.0, 1.25, 0.75, third),
    )


_BY_NAME: Final = (512.0, 300.0, 4000.0)
CALLS: Final[dict[str, tuple[Args, ...]]] = {
    "LOAD_AT": (
        ("deepseek-day", 13.0, 3000.0),
        ("deepseek-day", 25.5, 1.0),
        ("deepseek-day", 0.0, 226.75),
    ),
    "FLEET_NODES": _of_nodes(DAY, *_BY_NAME),
    "NODES_AT": (
        (DAY, 40.0, 13.0, "autoscaled", 2.0, 0.0, 0.9, 3.5, 512.0),
        (DAY, 55.5, 30.5, "fixed", 0.0, 2.0, 1.0, 0.0, 300.0),
        (DAY, 25.0, 0.0, "elastic", 4.0, 1.25, 0.75, 9.0, 4000.0),
    ),
    "FLEET_UTILIZATION": _of_nodes(WEEK, *_BY_NAME),
    "FLEET_COST": _of_cost(DAY, *_BY_NAME),
    "FLEET_IDLE_COST": _of_cost(WEEK, *_BY_NAME),
    "AUTOSCALING_SAVING": (
        (WEEK, 40.0, 512.0, "autoscaled", 2.0, 0.0, 0.9),
        (WEEK, 55.5, 300.0, "fixed", 0.0, 2.0, 1.0),
        (WEEK, 25.0, 4000.0, "elastic", 4.0, 1.25, 0.75),
    ),
    "TIME_OF_DAY_PRICE": (
        (DAY, 2.19, 0.55, 0.5, 8.5),
        (DAY, 1.0, 0.5, 22.0, 6.25),
        (DAY, 3.0, 4.0, 12.0, 12.0),
    ),
    "ERLANG_C": ((10.0, 8.0), (100.0, 7.0), (250.0, 0.5)),
    "WAIT_TIME": ((10.0, 2.0, 4.0, 0.99), (100.0, 0.5, 2.0, 0.5), (12.0, 0.1, 3.5, 0.9)),
    "SLOTS_FOR_WAIT": ((2.0, 4.0, 0.5, 0.99), (30.0, 2.0, 10.0, 0.5), (0.5, 12.0, 0.05, 0.9)),
}


def _around(*around: Any) -> tuple[tuple[str, str, Args], ...]:
    """Loads in all shapes and what is none, as first argument with the others behind it."""
    loads: dict[tuple[str, str], Any] = {
        ("value", "24 hours in a row"): [[row[0] for row in DAY]],
        ("value", "24 hours in a block"): [[float(6 * r + c) for c in range(6)] for r in range(4)],
        ("value", "168 hours in a column"): [[cell] for row in WEEK for cell in row],
        ("value", "168 hours in a block"): WEEK,
        ("miss", "unknown profile"): "no such profile",
        ("wrong type", "23 hours"): DAY[:23],
        ("wrong type", "two names"): [["flat"], ["flat"]],
        ("wrong type", "23 hours and an error"): [*DAY[:22], [CellError("#N/A")]],
        ("wrong type", "24 names"): [["flat"]] * 24,
    }
    named = {("value", f"profile {name}"): name for name in (*_NAMED, "deepseek_nodes")}
    cell = {("value", "a profile in a range of one cell"): [["flat"]]}
    return tuple((*key, (load, *around)) for key, load in {**loads, **named, **cell}.items())


_LEFT_OUT: Final = ("wrong type", "a profile without mean_load")
EXTRA: Final[dict[str, tuple[tuple[str, str, Args], ...]]] = {
    "LOAD_AT": (
        ("grid", "profiles by hours", ([["flat"], ["office-hours"], ["x"]], [[3.0, 30.0, 200.0]])),
    ),
    "FLEET_NODES": (
        *_around(40.0, "elastic", 0.0, 1.5, 0.9, 3.0, 512.0),
        (*_LEFT_OUT, ("flat", 40.0)),
        (
            "wrong type",
            "a profile without mean_load, an unknown mode",
            ("flat", 40.0, "no such mode"),
        ),
        ("value", "a lag beyond the day", (DAY, 40.0, "autoscaled", 0.0, 100.0)),
        ("grid", "modes by nodes", (DAY, 40.0, [["fixed"], ["ELASTIC"], ["x"]], [[0.0, 20.0]])),
    ),
    "FLEET_UTILIZATION": (("zero", "no load", ([[0.0]] * 24, 40.0)),),
    "FLEET_COST": (
        *_around(40.0, 8.0, 3.49, 2.0, 2.0, "autoscaled", 1.0, 3.0, 0.8, 1000.0),
        (*_LEFT_OUT, ("flat", 40.0, 8.0, 3.49)),
    ),
    "FLEET_IDLE_COST": (
        *_around(40.0, 8.0, 3.49, 12.0, 2.0, "fixed", 1.0, 3.0, 0.8, 1000.0),
        (*_LEFT_OUT, ("flat", 40.0, 8.0, 3.49)),
    ),
    "AUTOSCALING_SAVING": (("zero", "no load", ([[0.0]] * 24, 40.0)),),
    "TIME_OF_DAY_PRICE": (
        *_around(2.19, 0.55, 16.5, 0.5),
        ("zero", "no load", ([[0.0]] * 24, 2.0, 1.0, 0.0, 8.0)),
    ),
    "ERLANG_C": (
        ("no solution", "as much as there are slots", (10.0, 10.0)),
        ("no solution", "a part of a slot", (10.5, 8.0)),
        ("value", "ten thousand slots", (10_000.0, 9_900.0)),
        ("value", "nothing offered", (3.0, 0.0)),
    ),
    "WAIT_TIME": (
        ("value", "fewer wait than the rest", (10.0, 1.0, 2.0, 0.9)),
        ("no solution", "more than all slots", (10.0, 4.0, 4.0)),
    ),
    "SLOTS_FOR_WAIT": (
        ("value", "a mean", (20.0, 4.0, 0.25)),
        ("no solution", "too many", (1e5, 10.0, 1.0)),
        ("no solution", "nearly too many", (9_999.9, 10.0, 0.001)),
    ),
}
