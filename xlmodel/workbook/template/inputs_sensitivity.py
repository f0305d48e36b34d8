"""The inputs of sheet Sensitivity: how far each driver may move, and what is watched."""

from typing import NamedTuple

from xlmodel.workbook.template import accept
from xlmodel.workbook.template.day import RESULTS
from xlmodel.workbook.template.entry import LAST, number, row
from xlmodel.workbook.template.moved import LABEL, MOVED, WATCHED, Moved
from xlmodel.workbook.template.parts import Row, heading

OUTPUTS = tuple(one.label for key in WATCHED for one in RESULTS if one.key == key)


class _Stated(NamedTuple):
    """How far a driver is said to move as delivered, and why."""

    low: float | None
    high: float | None
    why_low: str
    why_high: str


_OPEN = _Stated(None, None, "Type your own estimate.", "Type your own estimate.")
_DELIVERED = {
    "price": _Stated(
        0.5, 1.1,
        "GUESS. A fall by half takes 110 days where prices fall tenfold a year: sheet Model value.",
        "GUESS.",
    ),
    "output_tps": _Stated(
        None, None,
        "Type what you measured under a heavier load, or longer requests.",
        "Type what you measured after tuning.",
    ),
    "utilization": _Stated(
        0.7, 1,
        "A fleet for the peak of DeepSeek's day of February 2025 is 71 % used: sheet Traffic.",
        "The node is never idle.",
    ),
    "gpu_hour_price": _Stated(
        2.1, 4.916,
        "Long-term rate assumed by Epoch, September 2024: sheet GPU prices.",
        "AWS capacity block, December 2024: sheet GPU prices.",
    ),
    "cache_hit_rate": _Stated(
        0, 0.5625,
        "No request shares its beginning with another.",
        "DeepSeek, February 2025: 342 of 608 billion input tokens were cache hits.",
    ),
    "other_cost_per_day": _Stated(0, 100, "Rent covers everything.", "GUESS."),
}  # fmt: skip


def _ends(one: Moved) -> list[Row]:
    stated = _DELIVERED.get(one.key, _OPEN)
    ends = (
        ("low", stated.low, stated.why_low, "below"),
        ("high", stated.high, stated.why_high, "above"),
    )
    return [
        number(
            f"in_{end}_{one.key}",
            f"{one.label}, {end}",
            value,
            one.form,
            why,
            kind=one.kind,
            blank=f"10 % {side} the figure in use",
        )
        for end, value, why, side in ends
    ]


def _choice(name: str, label: str, value: str, values: tuple[str, ...], note: str) -> Row:
    accepts = accept.one_of(values, note)._replace(words="pick from the list")
    return row(name, label, value, "text", "name", accepts, note)


def rows() -> list[Row]:
    drivers = tuple(LABEL.values())
    return [
        heading("Sensitivity: how far each driver may move", LAST),
        _choice("in_watched", "Result watched", OUTPUTS[0], OUTPUTS,
                "Which result of the day sheet Sensitivity shows for each driver, and pair."),
        _choice("in_pair_down", "Pair of drivers: down the grid", LABEL["gpu_hour_price"], drivers,
                "One of the two drivers that the last grid of sheet Sensitivity moves together."),
        _choice("in_pair_across", "Pair of drivers: across the grid", LABEL["utilization"], drivers,
                "The other of the two; not the same one."),
        *(end for one in MOVED for end in _ends(one)),
    ]  # fmt: skip
