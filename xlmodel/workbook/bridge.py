"""From an output of one workbook to that of another, driver by driver.

The first workbook is calculated again and again: each step gives the inputs of one group the values
that they have in the second, after those of the steps before it. So what two groups do together
counts in the later of them, and the steps sum to the whole difference. The last step is what
equal inputs leave: other tables, other formulas, and inputs that only one workbook has.

A price that an input may override (``in_input_price``) is typed in from the start, as it is in
effect, so that another date, seller or GPU moves it in the price's own step and nowhere else.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xlmodel.hosts.engine import Value
from xlmodel.workbook.calc import Calculation
from xlmodel.workbook.names import INPUT, OUTPUT
from xlmodel.workbook.sensitivity import Progress
from xlmodel.workbook.whatif import WhatIf, number

# fmt: off
GROUPS: Final = {
    "price": (
        "input_price", "output_price", "cached_input_price", "model_provider", "terms_vendor",
        "terms_model", "terms_as_of", "write_term", "read_multiplier", "write_multiplier",
        "threshold_tokens", "long_input_factor", "long_output_factor", "batch_share",
        "batch_discount",
    ),
    "volume": (
        "utilization", "load_profile", "mean_load", "customer_tokens", "reference_demand",
        "elasticity",
    ),
    "mix": (
        "input_output_ratio", "cache_hit_rate", "traffic_shape", "shape_input", "shape_output",
        "turns", "prefix_tokens", "user_tokens", "answer_tokens", "retention_seconds",
        "think_seconds", "prefix_hit_rate", "answer_cached_share",
    ),
    "efficiency": (
        "output_tps", "gpus", "gpu", "model", "rate_from", "precision", "batch", "max_tpot_ms",
        "max_ttft_ms", "throughput_basis", "decoding_gain", "prefill_share", "draft_method",
        "draft_tokens", "accepted_length", "draft_model", "draft_cost", "fleet_mode", "min_nodes",
        "lag_hours", "target_utilization", "node_slots",
    ),
    "cost of GPUs": (
        "gpu_hour_price", "gpu_provider", "gpu_term", "reserved_term", "reserved_price",
        "spot_price", "share_main", "share_reserved", "share_spot", "loss_main", "loss_reserved",
        "loss_spot", "reserved_nodes", "reserved_node_price",
    ),
    "other cost": ("other_cost_per_day",),
}
# fmt: on
"""Inputs by driver, in the order in which they are moved; all others come after them."""
OTHER: Final = "other inputs"
REST: Final = "tables and formulas"
_SAME = 1e-9


@dataclass(frozen=True)
class Step:
    """One step: its name, the inputs that it moved, what they did, and the output after it."""

    name: str
    inputs: tuple[str, ...]
    effect: float
    after: float


@dataclass(frozen=True)
class Bridge:
    """From ``before`` to ``after``; the effects of the steps sum to the difference."""

    output: str
    label: str
    unit: str
    before: float
    after: float
    steps: tuple[Step, ...]


def bridge(
    before: Calculation, after: Calculation, asked: str, progress: Progress = iter
) -> Bridge:
    """The way from one workbook's output to the other's."""
    with WhatIf(before) as trial, WhatIf(after) as other:
        output = trial.output(asked)
        item, last = before.outputs[output], after.outputs[other.output(asked)]
        moves = _moves(trial, other, output, other.output(asked))
        start, end = number(item.value), number(last.value)
        assert start is not None
        assert end is not None
        return Bridge(
            output, item.label, item.unit, start, end,
            tuple(_steps(trial, output, moves, (start, end), progress)),
        )  # fmt: skip


@dataclass(frozen=True)
class _Moves:
    """What to type in at the start, and what each step changes."""

    start: Mapping[str, Value]
    steps: tuple[tuple[str, Mapping[str, Value]], ...]


def _moves(trial: WhatIf, other: WhatIf, output: str, others_output: str) -> _Moves:
    ours = _held(trial)
    theirs = {name.lower(): value for name, value in _held(other).items()}
    shared = {name: theirs[name.lower()] for name in ours if name.lower() in theirs}
    ours_typed = _typed(trial, output)
    theirs_typed = {n.lower(): v for n, v in _typed(other, others_output).items()}
    pinned = {name: value for name, value in ours_typed.items() if name in shared}
    steps = []
    for group, shorts in GROUPS.items():
        names = [n for n in shared if n.lower().removeprefix(INPUT) in shorts]
        steps.append((group, {n: theirs_typed.get(n.lower(), shared[n]) for n in names}))
    steps.append((OTHER, shared))
    return _Moves(pinned, tuple(steps))


def _held(trial: WhatIf) -> dict[str, Value]:
    """The inputs that can be set, and what they hold."""
    return {name: trial.held(trial.find(name)[1]) for name in trial.today.inputs if trial.has(name)}


def _typed(trial: WhatIf, output: str) -> dict[str, Value]:
    """Blank inputs that override a figure which is shown as an output, with that figure.

    Only those that may be typed in without a change of the output.
    """
    figures = {name.lower(): item.value for name, item in trial.today.outputs.items()}
    found: dict[str, Value] = {}
    base = number(trial.today.outputs[output].value)
    for name, value in _held(trial).items():
        figure = figures.get(OUTPUT + name.lower().removeprefix(INPUT))
        if value is not None or type(figure) is not float:
            continue
        typed = number(trial.at({**found, name: figure}, output))
        if (
            base is not None
            and typed is not None
            and math.isclose(typed, base, rel_tol=_SAME, abs_tol=_SAME)
        ):
            found[name] = figure
    return found


def _steps(
    trial: WhatIf, output: str, moves: _Moves, ends: tuple[float, float], progress: Progress
) -> list[Step]:
    """The steps; one after which the output is an error is told together with the next."""
    held = _held(trial)
    current = dict(moves.start)
    at, end = ends
    found: list[Step] = []
    names: list[str] = []
    inputs: list[str] = []
    told: set[str] = set()
    for name, changes in progress(moves.steps):
        moved = [n for n, v in changes.items() if _differs(current.get(n, held[n]), v)]
        current.update(changes)
        after = number(trial.at(current, output)) if moved else at
        names.append(name)
        real = name != OTHER
        inputs += [n for n in moved if real or (n not in told and _differs(held[n], changes[n]))]
        told |= changes.keys()
        if after is None or (names[:-1] and not moved):
            continue
        found.append(Step(" and ".join(names), tuple(inputs), after - at, after))
        at, names, inputs = after, [], []
    found.append(Step(" and ".join([*names, REST]), tuple(inputs), end - at, end))
    return found


def _differs(one: Value, other: Value) -> bool:
    return (type(one), one) != (type(other), other)
