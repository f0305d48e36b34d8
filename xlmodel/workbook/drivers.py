"""What ``solve`` and ``sensitivity`` move: one input, or several inputs by one factor.

A driver is named as an input is for ``calc --set``. ``price`` stands for the prices of tokens, all
moved by one factor, and ``input_price+output_price`` for any inputs that are to move so. A blank
input that overrides a looked-up figure, such as ``in_input_price``, starts from the output of the
same name, if typing that in changes nothing.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from xlmodel.hosts.engine import Area, Value
from xlmodel.registry import functions
from xlmodel.units import Quantity
from xlmodel.workbook import validation
from xlmodel.workbook.formats import is_date
from xlmodel.workbook.names import INPUT, OUTPUT, Place
from xlmodel.workbook.untrusted import WorkbookError
from xlmodel.workbook.whatif import WhatIf, described, number
from xlmodel.workbook.words import english

FACTOR: Final = "factor"
GROUPS: Final = {
    "price": ("in_input_price", "in_output_price", "in_cached_input_price"),
}
"""Names that stand for several inputs, which move by one factor."""
_SAME = 1e-9


class Range(NamedTuple):
    """The numbers that a driver may take."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False

    def clipped(self, value: float) -> float:
        return min(max(value, self.low), self.high)

    def words(self, unit: str) -> str:
        """The range in words."""
        unit = f" {unit}" if unit else ""
        low, high = f"{self.low:.10g}", f"{self.high:.10g}"
        if math.isinf(self.low):
            return "any number" if math.isinf(self.high) else f"{high}{unit} or less"
        return f"{low}{unit} or more" if math.isinf(self.high) else f"from {low} to {high}{unit}"

    def __contains__(self, value: object) -> bool:
        return isinstance(value, float) and self.low <= value <= self.high


@dataclass(frozen=True)
class Member:
    """An input that a driver moves, and what it is today: None for a blank one."""

    name: str
    label: str
    unit: str
    value: float | None
    accepted: Range


@dataclass(frozen=True)
class Driver:
    """What is moved; with several members its value is the factor on what they are today."""

    name: str
    members: tuple[Member, ...]

    @property
    def is_factor(self) -> bool:
        return len(self.members) > 1

    @property
    def label(self) -> str:
        if not self.is_factor:
            return self.members[0].label or self.name
        return f"{self.name.capitalize()} ({len(self.members)} inputs)"

    @property
    def unit(self) -> str:
        return FACTOR if self.is_factor else self.members[0].unit

    @property
    def base(self) -> float | None:
        return 1.0 if self.is_factor else self.members[0].value

    @property
    def accepted(self) -> Range:
        """The range that suits each member."""
        if not self.is_factor:
            return self.members[0].accepted
        moving = [m for m in self.members if m.value is not None and m.value > 0]
        return Range(
            max([0.0, *(m.accepted.low / m.value for m in moving if m.value)]),
            min([math.inf, *(m.accepted.high / m.value for m in moving if m.value)]),
        )

    def changes(self, value: float) -> dict[str, Value]:
        """What to set the inputs to."""
        if not self.is_factor:
            return {self.members[0].name: value}
        return {m.name: m.accepted.clipped((m.value or 0.0) * value) for m in self.members}

    @property
    def meaning(self) -> str:
        """What a name that stands for several inputs moves; "" for a single one."""
        if not self.is_factor:
            return ""
        return f"{self.name}: {', '.join(m.name for m in self.members)}, moved by one factor"


def find(trial: WhatIf, asked: str, output: str) -> Driver:
    """The driver of that name, which must be a number; ``output`` is the one that is watched."""
    word = asked.strip()
    if "+" in word:
        names = [trial.find(part.strip())[0] for part in word.split("+")]
        if len(set(names)) < len(names):
            raise WorkbookError(f"{word} names an input twice")
        return _factor(trial, "+".join(n.removeprefix(INPUT) for n in names), names, output)
    group = [name for name in GROUPS.get(word.lower(), ()) if trial.has(name)]
    if len(group) > 1 and not trial.has(word):
        return _factor(trial, word.lower(), group, output)
    try:
        name, place = trial.find(word)
    except WorkbookError as error:
        raise WorkbookError(f"{error}{_groups(trial)}") from None
    return Driver(name, (_member(trial, name, place, output),))


def behind(trial: WhatIf, output: str) -> Iterator[Driver]:
    """Each number that an output depends on, as a driver; prices that move together as one."""
    today = trial.today
    areas = today.session.precedents(*today.names.places[output][:3])
    names = [n for n in today.inputs if _within(today.names.places[n], areas) and trial.has(n)]
    for group, members in GROUPS.items():
        ours = [name for name in names if name.lower() in members]
        if len(ours) > 1:
            with suppress(WorkbookError):  # a price is blank, say: then each by itself
                yield find(trial, group, output)
                names = [name for name in names if name not in ours]
    for name in names:
        with suppress(WorkbookError):  # a name, a date or a choice
            yield find(trial, name, output)


def _within(place: Place, areas: Sequence[Area]) -> bool:
    return any(
        area.sheet == place.sheet.lower()
        and area.top <= place.top <= area.bottom
        and area.left <= place.left <= area.right
        for area in areas
    )


def _groups(trial: WhatIf) -> str:
    """Which names of groups this workbook knows, for a message."""
    known = [g for g, names in GROUPS.items() if sum(map(trial.has, names)) > 1]
    return f" ({', '.join(known)} moves several prices by one factor)" if known else ""


def _factor(trial: WhatIf, name: str, inputs: Sequence[str], output: str) -> Driver:
    found = [_member(trial, *trial.find(one), "") for one in inputs]
    blank = [m.name for m in found if m.value is None]
    if blank:
        raise WorkbookError(f"{name} moves inputs by a factor, but {blank[0]} is blank: type it in")
    driver = Driver(name, tuple(found))
    if not _unchanged(trial, driver.changes(1.0), output):
        raise WorkbookError(
            f"{name} can't be moved by a factor: typing in the figures of today changes {output}"
        )
    return driver


def _member(trial: WhatIf, name: str, place: Place, output: str) -> Member:
    """An input as a member; a blank one with an ``output`` is tried with what it overrides."""
    inputs = trial.today.inputs
    held = trial.holds(name) if name in inputs else trial.held(place)
    item = (inputs.get(name) or trial.today.named_value(place))._replace(value=held)
    accepted = _accepted(trial, name, place, item.unit)
    if held is None:
        value = _in_effect(trial, name)
        if output and value is not None and not _unchanged(trial, {name: value}, output):
            value = None
    elif (value := number(held)) is None or is_date(item.number_format):
        raise WorkbookError(f"{name} is {described(item)}, but a driver must be a number")
    return Member(name, item.label, item.unit, value, accepted)


def _in_effect(trial: WhatIf, name: str) -> float | None:
    """What a blank input overrides: the output of the same name."""
    wanted = OUTPUT + name.lower().removeprefix(INPUT)
    outputs = trial.today.outputs
    return next((number(i.value) for n, i in outputs.items() if n.lower() == wanted), None)


def _unchanged(trial: WhatIf, changes: dict[str, Value], output: str) -> bool:
    before, after = trial.today.outputs[output].value, trial.at(changes, output)
    return (
        type(before) is float
        and type(after) is float
        and math.isclose(before, after, rel_tol=_SAME, abs_tol=_SAME)
    )


def _accepted(trial: WhatIf, name: str, place: Place, unit: str) -> Range:
    """What the cell's validation accepts, or else the type of the argument of that name."""
    rule = trial.today.rule(place)
    if rule is None or rule.kind not in {"whole", "decimal", "list"}:
        kind = _argument(name, unit)
        return Range(*kind.bounds) if kind else Range()
    look: Callable[[str], list[Value] | None] = partial(trial.today.values_of, sheet=place.sheet)
    if rule.kind == "list":
        raise WorkbookError(f"{name} is a choice from a list, but a driver must be a free number")
    return Range(*validation.limits(rule, look), rule.kind == "whole")


def _argument(name: str, unit: str) -> Quantity | None:
    """The kind of our functions' argument of that name and unit."""
    short = name.lower().removeprefix(INPUT)
    for function in functions().values():
        for p in function.parameters:
            if p.name == short and isinstance(p.kind, Quantity) and p.kind.unit == english(unit):
                return p.kind
    return None
