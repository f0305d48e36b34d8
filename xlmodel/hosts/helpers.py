"""Bodies that twins share, each as a LAMBDA behind a name of its own.

``step_seconds`` becomes ``XLMODEL_STEP_SECONDS``: its formula follows from its body as a twin's
does, a record is handed over as a row of cells. Arguments that the formula does not use, such as
the name of the function for messages, are left out.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple, get_type_hints

from xlmodel.hosts import guards, loads, shipped
from xlmodel.hosts.steps import Steps
from xlmodel.hosts.translate import Call, value_of
from xlmodel.hosts.values import Expr, Record, Value, is_record, row
from xlmodel.model import configuration, drafting, operating, sizes
from xlmodel.model import replica as physics

_BODIES: Final[tuple[Callable[..., Any], ...]] = (
    sizes.sizes,
    configuration.weight_precision,
    configuration.replica,
    configuration.most_sequences,
    physics.step_seconds,
    physics.prefill_seconds,
    operating.by_physics,
    drafting.most_with_draft,
    drafting.tpot_ms,
    drafting.speculating,
)
"""What is long, or called more than once. What is shorter stands in the formula that calls it."""


class Helper(NamedTuple):
    """A body behind a name."""

    name: str
    parameters: tuple[str, ...]
    """The arguments that the formula uses."""
    formula: str
    result: type | None
    """The kind of record that it gives, if it is one."""

    def call(self, given: Mapping[str, Value]) -> Value:
        text = f"{self.name}({','.join(row(given[name]) for name in self.parameters)})"
        return Record(self.result, {}, text) if self.result else Expr(text)


@cache
def helper(body: Callable[..., Any]) -> Helper:
    """A body as a LAMBDA."""
    steps = Steps()
    hints = get_type_hints(body)
    names = body.__code__.co_varnames[: body.__code__.co_argcount]
    places = {name: steps.parameter(name) for name in names}
    given: dict[str, Value] = {
        name: Record(hints[name], {}, place.text) if is_record(hints[name]) else place
        for name, place in places.items()
    }
    value = value_of(body, given, steps, calls())
    result = steps.let(row(value))
    used = tuple(name for name in names if re.search(rf"\b{places[name].text}\b", result))
    heads = ",".join(places[name].text for name in used)
    return Helper(
        f"XLMODEL_{body.__name__.upper()}",
        used,
        f"=LAMBDA({heads},{result})",
        value.kind if isinstance(value, Record) else None,
    )


@cache
def calls() -> Mapping[Any, Call]:
    """What stands for calls in a formula: of the look-ups, and of bodies behind names."""
    return {**shipped.calls(), **{body: _caller(body) for body in _BODIES}}


def weight_precision(given: Mapping[str, Value]) -> str:
    """The row of the precision that a GPU computes in."""
    return row(helper(configuration.weight_precision).call(given))


def _caller(body: Callable[..., Any]) -> Call:
    return lambda given: helper(body).call(given)


@cache
def names() -> Mapping[str, str]:
    """All names that the twins need besides their own, each with its formula."""
    bodies = {one.name: one.formula for one in map(helper, _BODIES)}
    return {**guards.NAMES, **shipped.names(), **loads.names(), **bodies}
