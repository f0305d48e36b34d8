"""From a recalculated workbook to the facts of a report.

``Calculation`` is what a report needs to know of a workbook; whatever recalculates workbooks
offers it. ``gather`` reads it once and reduces each value and text to a plain type.
"""

import datetime
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from xlmodel.registry import InputError
from xlmodel.report import derived, headline, prices, sections, series
from xlmodel.report.facts import (
    NO_CHECKS,
    Answer,
    Check,
    Facts,
    Item,
    Provenance,
    TableHash,
    Unsupported,
)
from xlmodel.report.language import noted, say
from xlmodel.report.numfmt import show
from xlmodel.report.values import DAY_ZERO, DAY_ZERO_1904, Value, day, text_of, value_of
from xlmodel.version import VERSION
from xlmodel.workbook.cases import CHOICE
from xlmodel.workbook.checks import FAILED, MASTER, NOT_APPLICABLE, PASSED, UNKNOWN, state
from xlmodel.workbook.files import source_date_epoch
from xlmodel.workbook.formats import is_date, to_iso
from xlmodel.workbook.sensitivity import Swing

_CELL = re.compile(r"([A-Z]+)(\d+)")
_EPOCH = "SOURCE_DATE_EPOCH"
_FIXED_DAY = datetime.date(1980, 1, 1)  # where neither the workbook nor the caller gives a day
_EARLIEST = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)  # zip archives start here
_LATEST = datetime.datetime(2107, 12, 31, tzinfo=datetime.UTC)  # and end here

_CHECKS = noted("{n} checks {state}: {labels}.")
_CELLS = noted("{n} cells could not be evaluated: see below.")

Grid = Sequence[Sequence[object]]


class NamedValue(Protocol):
    """A named cell: its value, and how the sheet labels, measures and formats it."""

    @property
    def value(self) -> object: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def number_format(self) -> str: ...
    @property
    def date1904(self) -> bool: ...
    @property
    def sheet(self) -> str: ...
    @property
    def ref(self) -> str: ...


class UnsupportedCell(Protocol):
    """A cell that was not evaluated, and why."""

    @property
    def cell(self) -> str: ...
    @property
    def reason(self) -> str: ...


class Calculation(Protocol):
    """A recalculated workbook."""

    @property
    def path(self) -> Path: ...
    @property
    def sha256(self) -> str: ...
    @property
    def outputs(self) -> Mapping[str, NamedValue]: ...
    @property
    def inputs(self) -> Mapping[str, NamedValue]: ...
    @property
    def checks(self) -> Mapping[str, NamedValue]: ...
    @property
    def answers(self) -> Mapping[str, NamedValue]: ...
    @property
    def changed(self) -> Iterable[str]: ...
    @property
    def notes(self) -> Iterable[str]: ...
    @property
    def unsupported(self) -> Sequence[UnsupportedCell]: ...
    @property
    def tables(self) -> Mapping[str, Grid]: ...

    def values(self, name: str) -> Grid | None:
        """The values of a named range, row by row; None when there is no such name."""

    def cell(self, sheet: str, ref: str) -> object:
        """The value of one cell; None for a blank one."""


def gather(calculation: Calculation, swings: Iterable[Swing] = ()) -> Facts:
    """All that a report says, from a recalculated workbook and how far each driver moves it."""
    changed = {name.casefold() for name in calculation.changed}
    outputs = _items(calculation.outputs, set(), {})
    inputs = _items(calculation.inputs, changed, sections.of_inputs(calculation))
    if not outputs:
        raise InputError(
            f"{text_of(calculation.path.name)}: no cell has a name that begins with out_, so "
            "there is nothing to report; name the results, such as out_margin"
        )
    checks = _checks(calculation.checks)
    unsupported = tuple(
        Unsupported(text_of(item.cell), text_of(item.reason)) for item in calculation.unsupported
    )
    provenance = _provenance(calculation, inputs, checks)
    day_zero = _day_zero(next(iter(calculation.outputs.values())))
    rows = prices.used(calculation.tables, inputs, day(provenance.as_of), day_zero)
    curve, curve_warning = series.curve(calculation.values)
    bridge, bridge_warning = series.bridge(calculation.values, "bridge")
    walk, walk_warning = series.bridge(calculation.values, "walk")
    variance, variance_warning = series.bridge(calculation.values, "variance")
    numbers = {item.key: item.number for item in outputs}
    totals = {name: numbers.get(f"out_{name}") for name in ("revenue", "cost")}
    led = (curve_warning, bridge_warning, walk_warning, variance_warning)
    notes = (*map(text_of, calculation.notes), *led)
    warnings = (*_warnings(inputs, checks, unsupported), *notes)
    return Facts(
        headline=headline.compose(outputs, inputs, provenance.currency),
        outputs=outputs,
        inputs=inputs,
        checks=checks,
        provenance=provenance,
        curve=curve,
        bridge=bridge,
        walk=walk,
        variance=variance,
        answers=_answers(calculation.answers),
        parts=series.parts(calculation.values, totals),
        stack=derived.stack(calculation.values, numbers),
        heat=derived.heat(curve),
        swings=tuple(swings),
        tradeoff=derived.tradeoff(calculation.values),
        decay=derived.decay(calculation.values),
        prices=rows,
        unsupported=unsupported,
        warnings=tuple(filter(None, warnings)),
    )


def _items(
    named: Mapping[str, NamedValue], changed: set[str], groups: Mapping[str, str]
) -> tuple[Item, ...]:
    return tuple(
        _item(name, named[name], name.casefold() in changed, groups.get(name, ""))
        for name in _by_place(named)
    )


def _by_place(named: Mapping[str, NamedValue]) -> list[str]:
    """The names from top to bottom as the sheets have them; a file lists them by alphabet."""
    sheets = list(dict.fromkeys(entry.sheet for entry in named.values()))

    def place(name: str) -> tuple[int, int, str]:
        column, row = _CELL.fullmatch(named[name].ref).groups()  # type: ignore[union-attr]
        return sheets.index(named[name].sheet), int(row), column.rjust(3)

    return sorted(named, key=place)


def _day_zero(entry: NamedValue) -> datetime.date:
    return DAY_ZERO_1904 if entry.date1904 else DAY_ZERO


def _item(name: str, entry: NamedValue, changed: bool, group: str) -> Item:
    evaluated = getattr(entry, "evaluated", True)
    value = value_of(entry.value) if evaluated else None
    number_format = text_of(entry.number_format) or "General"
    if isinstance(value, int | float) and is_date(number_format):
        moment = to_iso(value, entry.date1904)
        value = moment if moment and "T" in moment else day(value, _day_zero(entry)) or value
    return Item(
        text_of(name),
        text_of(entry.label) or text_of(name),
        value,
        text_of(entry.unit),
        number_format,
        changed,
        evaluated,
        group,
    )


def _answers(named: Mapping[str, NamedValue]) -> tuple[Answer, ...]:
    """The sentences that sheets give, in the order of the sheets; an error is not one."""
    return tuple(
        Answer(text_of(name), text_of(named[name].sheet), sentence)
        for name in _by_place(named)
        if isinstance(named[name].value, str) and (sentence := text_of(named[name].value).strip())
    )


def _checks(named: Mapping[str, NamedValue]) -> tuple[Check, ...]:
    """The master check, then the others by their place; a text, such as a banner, is none."""
    ordered = sorted(_by_place(named), key=lambda name: name.casefold() != MASTER)
    states = {
        name: state(value_of(named[name].value), getattr(named[name], "evaluated", True))
        for name in ordered
    }
    return tuple(
        Check(text_of(name), text_of(named[name].label) or text_of(name), found)
        for name, found in states.items()
        if found
    )


def state_of(checks: Iterable[Check]) -> str:
    """The state of all checks together: the master check where there is one, and no check worse.

    >>> state_of([Check("check_master", "", PASSED), Check("check_sign", "", FAILED)])
    'failed'
    """
    states = {check.state for check in checks}
    ranked = (FAILED, UNKNOWN, PASSED, NOT_APPLICABLE)
    return next((state for state in ranked if state in states), NO_CHECKS)


def _warnings(
    inputs: Iterable[Item], checks: Iterable[Check], unsupported: Sequence[Unsupported]
) -> list[str]:
    """What a reader must know before trusting the headline, a sentence each."""
    found = []
    for wrong in (FAILED, UNKNOWN):
        labels = [
            check.label
            for check in checks
            if check.state == wrong and check.name.casefold() != MASTER
        ]
        told = {"n": len(labels), "state": say(wrong), "labels": say("; ").join(labels)}
        if labels:
            words = noted("{n} check {state}: {labels}.") if len(labels) == 1 else _CHECKS
            found.append(say(words, **told))
    if unsupported:
        words = noted("{n} cell could not be evaluated: see below.")
        words = words if len(unsupported) == 1 else _CELLS
        found.append(say(words, n=len(unsupported)))
    changed = say("; ").join(f"{item.label} = {item.spoken}" for item in inputs if item.changed)
    if changed:
        found.append(
            say("Set for this report, unlike in the workbook: {changed}.", changed=changed)
        )
    return found


def _provenance(
    calculation: Calculation, items: Iterable[Item], checks: Iterable[Check]
) -> Provenance:
    inputs = {item.key: item for item in items}
    as_of = inputs.get("in_as_of")
    as_of_day = day(as_of.value) if as_of else None
    dated, dated_from = _dated(as_of_day)
    return Provenance(
        workbook=text_of(calculation.path.name),
        workbook_sha256=calculation.sha256,
        tables=tuple(
            TableHash(text_of(name), max(len(grid) - 1, 0), fingerprint(grid))
            for name, grid in calculation.tables.items()
        ),
        version=VERSION,
        scenario=_scenario(inputs),
        as_of=as_of_day.isoformat() if as_of_day else "",
        currency=_shown(inputs, "in_currency"),
        checks=state_of(checks),
        dated=dated,
        dated_from=dated_from,
        changed=tuple(item for item in inputs.values() if item.changed),
    )


def _scenario(inputs: Mapping[str, Item]) -> str:
    """The scenario; with other inputs than its own, its name alone would be wrong."""
    name = _shown(inputs, "in_scenario")
    if not name:
        return name
    others = (item.changed for key, item in inputs.items() if key.casefold() != CHOICE)
    if any(others) and not inputs["in_scenario"].changed:
        name = say("{name}, inputs changed", name=name)
    case = next((item.shown for key, item in inputs.items() if key.casefold() == CHOICE), "")
    return say("{name}, case {case}", name=name, case=case) if case else name


def _shown(inputs: Mapping[str, Item], name: str) -> str:
    return inputs[name].shown if name in inputs else ""


def fingerprint(grid: Grid) -> str:
    """The SHA-256 of a table: its cells as UTF-8 text, tabs between cells, a line feed after rows.

    A number is written as the shortest text that gives it back, a whole one without a point; a
    date as ISO text; TRUE or FALSE; tabs and line feeds inside a text as a space.
    """
    digest = hashlib.sha256()
    for row in grid:
        cells = (_plain(value_of(cell)) for cell in row)
        digest.update(("\t".join(cells) + "\n").encode())
    return digest.hexdigest()


def _plain(value: Value) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return " ".join(show(value).split("\n")).replace("\t", " ")


def _dated(as_of: datetime.date | None) -> tuple[datetime.datetime, str]:
    """The time that files state, and where it is from.

    Never the clock, so that the same workbook gives the same bytes whenever it is run.
    """
    epoch = source_date_epoch()
    midnight = datetime.time(tzinfo=datetime.UTC)
    moment = epoch or datetime.datetime.combine(as_of or _FIXED_DAY, midnight)
    source = _EPOCH if epoch else "as-of date" if as_of else "fixed: there is no as-of date"
    return min(max(moment, _EARLIEST), _LATEST), source
