"""The sheet Traffic: what the shape of a day costs, and what it saves to follow it.

Three fleets side by side: the one chosen on Inputs, one that is fixed at its peak, and one that
follows the load with nothing reserved; then the wait in the busiest hour, and the hours.
"""

from collections.abc import Mapping
from typing import Final

from xlmodel.workbook.template.calls import LIVE, call
from xlmodel.workbook.template.parts import (
    UNKNOWN,
    Cell,
    Chart,
    Charts,
    Gap,
    Item,
    Row,
    Series,
    Sheet,
    across,
    headers,
    heading,
    known,
    line,
)

_LAST = "H"
_HOURS = 24

_CHOSEN: Final[Mapping[str, str]] = {
    "load": "in_load_profile",
    "node_tps": "out_output_tps",
    "gpus": "in_gpus",
    "gpu_hour_price": "out_gpu_hour_price",
    "reserved_nodes": "in_reserved_nodes",
    "reserved_price": "in_reserved_node_price",
    "fleet_mode": "in_fleet_mode",
    "min_nodes": "in_min_nodes",
    "lag_hours": "in_lag_hours",
    "target_utilization": "in_target_utilization",
    "mean_load": "in_mean_load",
}
_SCALING = {**_CHOSEN, "fleet_mode": 'IF(in_fleet_mode="fixed","autoscaled",in_fleet_mode)'}
_NONE_RESERVED = {**_SCALING, "reserved_nodes": "0", "reserved_price": ""}
_FIXED = {**_NONE_RESERVED, "fleet_mode": '"fixed"'}
_DAY = {**LIVE, "output_tps": "in_mean_load", "utilization": "1"}
"""Revenue counts the tokens of the load, whichever nodes serve them."""


def _minus(text: str) -> str:
    return f'SUBSTITUTE({text},"-","−")'


def _answer() -> list[Item]:
    return [
        heading("The answer", _LAST),
        Row(
            {
                "B": Cell(
                    "=traffic_saving&traffic_margin",
                    "general",
                    "remark",
                    "answer_traffic",
                )
            }
        ),
        Gap(),
    ]


def _row(label: str, function: str, form: str, unit: str, name: str, note: str = "") -> Row:
    """A figure of the three fleets."""
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(known(call(function, _CHOSEN)), form, "output", name),
            "D": Cell(unit, role="unit"),
            **_others(
                known(call(function, _FIXED)), known(call(function, _NONE_RESERVED)), form, name
            ),
            "G": Cell(note, role="note"),
        }
    )


def _others(fixed: str, following: str, form: str, name: str) -> dict[str, Cell]:
    plain = name.removeprefix("out_")
    return {
        "E": Cell(fixed, form, name=f"fixed_{plain}"),
        "F": Cell(following, form, name=f"following_{plain}"),
    }


def _margin_of(which: str) -> str:
    other = f"{which}_fleet_nodes*in_other_cost_per_day"
    return known(f"load_revenue-{which}_fleet_cost-{other}")


def _margin() -> Row:
    return Row(
        {
            "B": Cell("Margin of the fleet in a day", role="label"),
            "C": Cell(_margin_of("out"), "money", "output", "out_fleet_margin"),
            "D": Cell("USD/day", role="unit"),
            **_others(
                _margin_of("fixed"),
                _margin_of("following"),
                "money",
                "out_fleet_margin",
            ),
            "G": Cell(
                "Revenue of the load, below, less the cost of the nodes and other cost.",
                role="note",
            ),
        }
    )


def _fleets() -> list[Item]:
    titles = across(
        "Three fleets for one load",
        "As chosen\non Inputs",
        "Unit",
        "Fixed for\nthe peak",
        "Following,\nnone reserved",
        "Note",
    )
    return [
        headers(titles, texts="BDG", last=_LAST),
        _row("Nodes paid in the mean hour", "FLEET_NODES", "rate", "nodes", "out_fleet_nodes"),
        _row(
            "Utilization of the fleet",
            "FLEET_UTILIZATION",
            "share",
            "share",
            "out_fleet_utilization",
            "The utilization to type on Inputs, for a node of this fleet.",
        ),
        _row("Cost of the fleet in a day", "FLEET_COST", "money", "USD/day", "out_fleet_cost"),
        _row(
            "Idle part of the cost",
            "FLEET_IDLE_COST",
            "money",
            "USD/day",
            "out_fleet_idle_cost",
            "Reserved nodes count as filled first.",
        ),
        _margin(),
        line(
            "Share saved by following the load",
            known(call("AUTOSCALING_SAVING", _SCALING)),
            "share",
            "share of cost",
            name="out_autoscaling_saving",
            role="output",
        ),
        Gap(),
    ]


_CHART = Charts(
    [
        Chart(
            kind="scatter",
            column="B",
            title="traffic_title",
            x_title="Hour of the day",
            y_title="Nodes",
            series=[
                Series("Nodes paid, as chosen", "day_hour", "day_nodes", "line"),
                Series("Load, in full nodes", "day_hour", "day_full_nodes", "marker"),
                Series("Fixed fleet", "day_hour", "day_fixed_nodes", "fixed"),
            ],
            alt_text="Lines over the hours of the day: the load in full nodes, the nodes paid as "
            "chosen, and the fixed fleet. The figures stand in the table “Hour by hour” on this "
            "sheet.",
            x_range=(0, 25),
            size=(1090, 330),
        )
    ],
    rows=16,
)


def _wait() -> list[Item]:
    quantile = "in_wait_quantile"
    return [
        heading("The wait for a place in the busiest hour of the table below", _LAST),
        line(
            "Load in that hour",
            f"=IF(COUNT(day_load)>0,MAX(day_load),{UNKNOWN})",
            "rate",
            "tokens/s",
            name="peak_load",
        ),
        line(
            "Nodes paid in that hour",
            known("INDEX(day_nodes,MATCH(peak_load,day_load,0))"),
            "rate",
            "nodes",
            "As chosen on Inputs.",
            name="peak_nodes",
        ),
        line(
            "Requests in that hour",
            known("peak_load/shape_output"),
            "rate",
            "requests/s",
            "Output tokens of a request: those of sheet Throughput.",
            name="peak_arrivals",
        ),
        line(
            "Time that a request holds its place",
            known("shape_output*in_node_slots/out_output_tps"),
            "rate",
            "s",
            "In a full batch; then the rate is that of the node.",
            name="slot_seconds",
        ),
        line(
            "Wait for a place",
            known(
                f"WAIT_TIME(INT(peak_nodes*in_node_slots),peak_arrivals,slot_seconds,{quantile})"
            ),
            "rate",
            "s",
            "Of the share of requests on Inputs; the mean if that is blank. Random arrivals.",
            name="out_fleet_wait",
            role="output",
        ),
        line(
            "Places that keep the promise",
            known(f"SLOTS_FOR_WAIT(peak_arrivals,slot_seconds,in_max_wait,{quantile})"),
            "count",
            "slots",
            "The fewest, in that hour.",
            name="promise_slots",
        ),
        line(
            "Nodes that keep the promise",
            known("NODES_FOR_LOAD(promise_slots,in_node_slots)"),
            "count",
            "nodes",
            "As many nodes as have these places.",
            name="out_promise_nodes",
            role="output",
        ),
        Gap(),
    ]


def _words() -> list[Item]:
    """The parts of the answer, and the title of the chart."""
    saving = _minus("FIXED(100*out_autoscaling_saving,1)")
    return [
        heading("What the answer rests on", _LAST),
        line(
            "Revenue of the load in a day",
            known(call("NODE_REVENUE", _DAY)),
            "money",
            "USD/day",
            "All tokens served, at the prices in use.",
            name="load_revenue",
        ),
        line(
            "Title of the chart",
            f'=IFERROR("Following the load saves "&{_minus("FIXED(100*out_autoscaling_saving,1)")}'
            '&" % of a fixed fleet","Load and nodes over the day")',
            "general",
            "",
            name="traffic_title",
            role="note",
        ),
        line(
            "Answer, first part",
            f'=IFERROR("Nodes that follow the load cost "&{saving}&" % less than a fixed fleet, at '
            'one price. ","What following the load saves is not known. ")',
            "general",
            "",
            name="traffic_saving",
            role="note",
        ),
        line(
            "Answer, second part",
            '=IFERROR("As chosen the fleet is "&FIXED(100*out_fleet_utilization,1)&" % used: "'
            f'&{_minus("FIXED(out_fleet_margin,0)")}&" USD margin a day; fixed "'
            f'&{_minus("FIXED(fixed_fleet_margin,0)")}&" USD.","")',
            "general",
            "",
            name="traffic_margin",
            role="note",
        ),
        Gap(),
    ]


def _hour() -> Row:
    hour = "$B{row}"
    paid = {**_CHOSEN, "profile_hour": hour}
    return Row(
        {
            "B": Cell("=ROWS($A${first}:$A{row})-1", "whole", column="day_hour"),
            "C": Cell(
                known(f"LOAD_AT(in_load_profile,{hour},in_mean_load)"), "rate", column="day_load"
            ),
            "D": Cell(known("$C{row}/out_output_tps"), "rate", column="day_full_nodes"),
            "E": Cell(known(call("NODES_AT", paid)), "rate", column="day_nodes"),
            "F": Cell("=fixed_fleet_nodes", "rate", column="day_fixed_nodes"),
        }
    )


def _hours() -> list[Item]:
    titles = across(
        "Hour by hour\n(of a week: its Monday)",
        "Load\n(tokens/s)",
        "Load in\nfull nodes",
        "Nodes paid,\nas chosen",
        "Fixed fleet\n(nodes)",
    )
    return [
        headers(titles, texts="", last=_LAST),
        *(_hour() for _ in range(_HOURS)),
    ]


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="Traffic",
        title="Traffic: what the shape of the day costs",
        about="A fleet of nodes as on sheet Margin under a load that comes and goes. Example data "
        "on Inputs.",
        widths={"A": 2, **across(43, 17, 17, 17, 17, 40, 40)},
        items=[*_answer(), *_fleets(), _CHART, *_wait(), *_words(), *_hours()],
        frozen_rows=4,
    )
