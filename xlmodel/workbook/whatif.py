"""A recalculated workbook that is asked "what if": other inputs, the same cells read again.

``WhatIf`` keeps the workbook in the engine, so that a further calculation takes a small part of
the time of the first. ``drivers`` says what is moved; ``solve``, ``sensitivity``, ``bridge`` ask.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from xlmodel.hosts.engine import EngineError, Value
from xlmodel.registry import CellError
from xlmodel.workbook import cases
from xlmodel.workbook.calc import Calculation, NamedValue, no_garbage_collection, stopped
from xlmodel.workbook.inputs import Inputs, hint
from xlmodel.workbook.names import OUTPUT, Place
from xlmodel.workbook.untrusted import WorkbookError

Changes = Mapping[str, Value]
"""Inputs by name as the workbook spells them, and what they are set to."""
Cell = tuple[str, int, int]


class WhatIf:
    """Calculates a workbook again with some inputs changed and all others as they are today.

    A context manager: at its end the engine holds today's inputs again, for the calculation reads
    some of its values only when asked for them.
    """

    def __init__(self, today: Calculation) -> None:
        self.today = today
        self._session = today.session
        case = cases.chosen(today.package, today.names, today.given)
        self._known = Inputs(self._session.book, today.names, case)
        self._before: dict[Cell, Value] = {}
        self._current: dict[Cell, Value] = {}
        _ = today.inputs, today.outputs, today.answers, today.checks  # read them as of today

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or issubclass(kind, WorkbookError):
            self.set({})

    def find(self, asked: str) -> tuple[str, Place]:
        """An input as the workbook spells it, with or without ``in_``, and its cell."""
        return self._known.find(asked)

    def has(self, asked: str) -> bool:
        """Whether there is an input of that name that can be set."""
        try:
            self.find(asked)
        except WorkbookError:
            return False
        return True

    def held(self, place: Place) -> Value:
        """What an input's cell holds today."""
        cell = place[:3]
        return self._before[cell] if cell in self._before else self._session.cell(*cell)

    def holds(self, name: str) -> Value:
        """What an input holds today; a driver that is blank in its case, the figure in use."""
        held = self.held(self.find(name)[1])
        shown = self.today.inputs[name].value
        return shown if held is None and type(shown) is float else held

    def output(self, asked: str) -> str:
        """The name of an output that is a number today, by its name with or without ``out_``."""
        outputs, where = self.today.outputs, self.today.path.name
        names = {name.lower(): name for name in outputs}
        name = names.get(asked.lower()) or names.get(OUTPUT + asked.lower())
        if name is None:
            near = hint(asked, list(outputs), OUTPUT, "outputs")
            raise WorkbookError(f"there is no output {asked!r} in {where}{near}")
        if type(outputs[name].value) is not float:
            held = described(outputs[name])
            raise WorkbookError(f"{name} is {held} in {where} today, but must be a number")
        return name

    def set(self, changes: Changes) -> None:
        """Recalculate with these inputs, and all others as they are today."""
        wanted = {self.find(name)[1][:3]: value for name, value in changes.items()}
        for cell in wanted.keys() - self._before.keys():
            self._before[cell] = self._current[cell] = self._session.cell(*cell)
        target = {**self._before, **wanted}
        moved = {
            cell: value
            for cell, value in target.items()
            if (type(value), value) != (type(self._current[cell]), self._current[cell])
        }
        if not moved:
            return
        with no_garbage_collection():
            try:
                self._session.recalculate(moved)
            except EngineError as error:
                raise stopped(self.today.package, error) from None
        self._current = target

    def value(self, name: str) -> Value:
        """An output as it was recalculated last; an error where it could not be evaluated."""
        sheet, row, column = self.today.names.places[name][:3]
        value = self._session.result.grid(sheet, row, column, row, column)[0][0]
        return CellError("#N/A", "not evaluated") if value is None else value

    def at(self, changes: Changes, name: str) -> Value:
        """An output with these inputs changed."""
        self.set(changes)
        return self.value(name)


def number(value: Value) -> float | None:
    """A value if it is a number."""
    return value if type(value) is float else None


def described(item: NamedValue) -> str:
    """What a cell holds, in a sentence."""
    if not item.evaluated:
        return "not evaluated"
    if item.value is None:
        return "blank"
    return item.value.kind if isinstance(item.value, CellError) else repr(item.shown)
