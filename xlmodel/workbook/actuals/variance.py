"""The variance that a recalculated workbook shows: its steps, and which lines are material.

The names are those of sheet Variance: ``variance_label``, ``variance_value`` and ``step_verdict``
are the bridge; ``variance_line`` with ``by_line_…`` and ``flag_…`` the lines.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from xlmodel.workbook.calc import Calculation
from xlmodel.workbook.commands import aligned
from xlmodel.workbook.template.variance_columns import STEPS
from xlmodel.workbook.untrusted import WorkbookError

NOT_MATERIAL = "–"
_LEVELS = 2


class Step(NamedTuple):
    """A step of the bridge, or its first or last level, which have no verdict."""

    label: str
    value: float
    verdict: str = ""


class Material(NamedTuple):
    """A variance of one line that reaches both thresholds."""

    line: str
    step: str
    value: float
    verdict: str


class Variance(NamedTuple):
    """What a workbook says of budget against actual."""

    answer: str
    steps: list[Step]
    material: list[Material]
    thresholds: tuple[float, float]
    unit: str


def of(calculation: Calculation) -> Variance:
    """The variance in a workbook; an error where it has none, or not all of it is a number."""
    labels, values, verdicts = (
        _column(calculation, name) for name in ("variance_label", "variance_value", "step_verdict")
    )
    if len(verdicts) + _LEVELS != len(labels) or len(values) != len(labels):
        raise WorkbookError(
            f"{calculation.path.name} has no variance: a workbook from `xlmodel new` has one, on "
            "the sheet of that name (variance_label, variance_value, step_verdict)"
        )
    wrong = [
        str(label)
        for label, value in zip(labels, values, strict=True)
        if not isinstance(value, float)
    ]
    if wrong:
        raise WorkbookError(
            f"{calculation.path.name}: {', '.join(wrong)} is no number; `xlmodel calc` shows why"
        )
    said = ["", *map(str, verdicts), ""]
    steps = [
        Step(str(label), float(value), verdict)
        for label, value, verdict in zip(labels, values, said, strict=True)
    ]
    return Variance(
        str(_one(calculation, "answer_actuals")),
        steps,
        list(_material(calculation)),
        (
            _number(calculation, "in_materiality_share"),
            _number(calculation, "in_materiality_amount"),
        ),
        str(_one(calculation, "in_currency") or ""),
    )


def lines(found: Variance) -> list[str]:
    """The variance for people."""
    bridge = [
        (step.label, f"{step.value:{'' if not step.verdict else '+'},.2f}", step.verdict)
        for step in found.steps
    ]
    share, amount = found.thresholds
    limits = f"{share * 100:.4g} % of the budget and {amount:,.10g} {found.unit}"
    rows = [(m.line, m.step, f"{m.value:+,.2f}", m.verdict) for m in found.material]
    head = f"Material by line, at or above {limits}:" if rows else f"No line is above {limits}."
    return [
        found.answer,
        f"From budget to actual, {found.unit}:",
        *(f"  {line}" for line in aligned(bridge, {0, 2})),
        head,
        *(f"  {line}" for line in (aligned(rows, {0, 1, 3}) if rows else ())),
    ]


def as_data(found: Variance) -> dict[str, Any]:
    """The variance for programs."""
    first, *steps, last = found.steps
    return {
        "answer": found.answer,
        "unit": found.unit,
        "budget": first.value,
        "actual": last.value,
        "steps": [step._asdict() for step in steps],
        "material": [item._asdict() for item in found.material],
        "materiality_share": found.thresholds[0],
        "materiality_amount": found.thresholds[1],
    }


def printed(found: Variance, as_json: bool) -> str:
    if as_json:
        return json.dumps(as_data(found), indent=2, ensure_ascii=False, allow_nan=False)
    return "\n".join(lines(found))


def _material(calculation: Calculation) -> Sequence[Material]:
    named = _column(calculation, "variance_line")
    labels = map(str, _column(calculation, "variance_label")[1:-1])  # in the workbook's language
    found = []
    for key, label in zip(STEPS, labels, strict=True):
        verdicts, values = (_column(calculation, f"{what}_{key}") for what in ("flag", "by_line"))
        found += [
            Material(str(line), label, float(value), str(verdict))
            for line, value, verdict in zip(named, values, verdicts, strict=False)
            if verdict != NOT_MATERIAL and isinstance(value, float)
        ]
    order = list(map(str, named))
    return sorted(found, key=lambda item: order.index(item.line))


def _column(calculation: Calculation, name: str) -> list[Any]:
    return [row[0] for row in calculation.values(name) or []]


def _one(calculation: Calculation, name: str) -> Any:
    return next(iter(_column(calculation, name)), None)


def _number(calculation: Calculation, name: str) -> float:
    found = _one(calculation, name)
    return float(found) if isinstance(found, float) else 0.0
