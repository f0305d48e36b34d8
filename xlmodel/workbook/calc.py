"""Recalculates a workbook file: ours or a user's own, with our functions, without a spreadsheet.

``calculate`` reads the file, sets named inputs, evaluates every formula in the headless engine and
gathers what has a name: inputs (``in_…``), outputs (``out_…``), checks (``check_…``), answers in a
sentence (``answer_…``). ``save`` writes a copy of the file with the new values in it.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from xlmodel.hosts import engine
from xlmodel.hosts.engine import Unsupported, Value
from xlmodel.hosts.syntax import address, cell_of, column_letters, quoted, sheet_name, tokens
from xlmodel.registry import CellError
from xlmodel.workbook import book as books
from xlmodel.workbook import cases, validation
from xlmodel.workbook import package as packages
from xlmodel.workbook.files import lock_of, source_date_epoch
from xlmodel.workbook.formats import Formats, is_date, to_iso
from xlmodel.workbook.inputs import Inputs, parse
from xlmodel.workbook.names import ANSWER, CHECK, INPUT, OUTPUT, Names, Place, place_of
from xlmodel.workbook.package import Package
from xlmodel.workbook.sheetxml import StoredCell, stored_cell
from xlmodel.workbook.untrusted import WorkbookError

MASTER = "check_master"
_LONGEST_UNIT = 40
_MOST_REASONS = 3

Grid = list[list[Value]]


class NamedValue(NamedTuple):
    """A named cell: its value, what stands beside it, and how it is shown.

    The value is None when the cell is blank, or when it could not be ``evaluated``.
    """

    value: Value
    label: str
    unit: str
    number_format: str
    sheet: str
    ref: str
    date1904: bool = False
    evaluated: bool = True

    @property
    def shown(self) -> Value:
        """The value, a date as ISO text; a number where no date exists."""
        if type(self.value) is float and is_date(self.number_format):
            return to_iso(self.value, self.date1904) or self.value
        return self.value


@dataclass
class Calculation:
    """A recalculated workbook."""

    package: Package
    result: engine.Result
    set_values: dict[str, tuple[Place, Value]]
    """The inputs that were set: by name, the cell and its value."""
    now: datetime
    """What NOW and TODAY show."""
    session: engine.Session
    """The workbook in the engine, for more calculations (see ``whatif``)."""
    notes: list[str] = field(default_factory=list)
    """What a user should know about the calculation, a sentence each."""

    @property
    def path(self) -> Path:
        return self.package.path

    @property
    def sha256(self) -> str:
        """The fingerprint of the file as it was read."""
        return self.package.sha256

    @property
    def changed(self) -> list[str]:
        """The names of the inputs that were set."""
        return list(self.set_values)

    @property
    def given(self) -> dict[str, str | float]:
        """The inputs that were set, with their values."""
        return {n: v for n, (_, v) in self.set_values.items() if isinstance(v, str | float)}

    @property
    def unsupported(self) -> list[Unsupported]:
        """The cells that could not be evaluated, with the reason; never given a value."""
        return self.result.unsupported

    @cached_property
    def outputs(self) -> dict[str, NamedValue]:
        return self._named(OUTPUT)

    @cached_property
    def inputs(self) -> dict[str, NamedValue]:
        return self._named(INPUT)

    @cached_property
    def answers(self) -> dict[str, NamedValue]:
        return self._named(ANSWER)

    @cached_property
    def checks(self) -> dict[str, NamedValue]:
        """The named checks, the master check first."""
        found = self._named(CHECK)
        return dict(sorted(found.items(), key=lambda item: item[0].lower() != MASTER))

    @cached_property
    def tables(self) -> dict[str, Grid]:
        """The Excel tables with their headers, by name."""
        return {
            table.name: self.result.grid(
                table.sheet, table.top, table.left, table.last_data_row, table.right
            )
            for table in self.package.tables
        }

    @property
    def formulas(self) -> dict[tuple[str, str], Value]:
        """The value of every formula, by sheet and address."""
        return {
            (sheet, f"{column_letters(column)}{row}"): value
            for sheet, columns in self.result.formulas.items()
            for column, rows in columns.items()
            for row, value in rows.items()
        }

    def rule(self, place: Place) -> validation.Rule | None:
        """What the workbook's own validation asks of a cell."""
        if place.sheet not in self._rules:
            self._rules[place.sheet] = validation.rules(_part(self.package, place.sheet))
        return validation.rule_for(self._rules[place.sheet], place.top, place.left)

    @cached_property
    def _rules(self) -> dict[str, list[validation.Rule]]:
        return {}

    def cell(self, sheet: str, ref: str) -> Value:
        """The value of one cell; None for a blank one or one that could not be evaluated."""
        row, column = cell_of(ref.replace("$", ""))
        return self.result.grid(sheet, row, column, row, column)[0][0]

    def values(self, name: str) -> Grid | None:
        """The values of a named range, row by row; None when there is no such name."""
        return self._values_from("", name)

    def values_of(self, formula: str, sheet: str = "") -> list[Value] | None:
        """The values behind a reference or a name, in reading order; None for anything else.

        ``sheet`` is the one that the formula is on.
        """
        words = tokens(formula)
        grid = None
        if len(words) == 1 and words[0].kind == "name":
            prefix, _, name = words[0].text.rpartition("!")
            grid = self._values_from(sheet_name(prefix) or sheet, name)
        if grid is None:
            place = place_of(formula) or (place_of(f"{quoted(sheet)}{formula}") if sheet else None)
            known = {known.name.lower(): known.name for known in self.package.sheets}
            if place is None or place.sheet.lower() not in known:
                return None
            grid = self.result.grid(known[place.sheet.lower()], *place[1:])
        return [value for row in grid for value in row]

    def _values_from(self, sheet: str, name: str) -> Grid | None:
        place = self.names.seen_from(sheet, name)
        return self.result.grid(*place) if place else None

    @cached_property
    def names(self) -> Names:
        """What the names of the workbook stand for."""
        return Names(self.package)

    @cached_property
    def _missing(self) -> set[tuple[str, int, int]]:
        return {(cell.sheet, cell.row, cell.column) for cell in self.unsupported}

    def _named(self, prefix: str) -> dict[str, NamedValue]:
        """The named cells with that prefix, in the order of the sheets."""
        order = {sheet.name: i for i, sheet in enumerate(self.package.sheets)}
        places = sorted(
            self.names.places.items(),
            key=lambda item: (order[item[1].sheet], item[1].top, item[1].left),
        )
        return {
            name: self.named_value(place)
            for name, place in places
            if place.is_cell and name.lower().startswith(prefix)
        }

    def named_value(self, place: Place) -> NamedValue:
        """A cell with what stands beside it."""
        sheet, row, column = place[:3]
        around = self.result.grid(sheet, row, 1, row, column + 1)[0]
        texts = [text for text in around[: column - 1] if isinstance(text, str) and text.strip()]
        unit = around[column]
        return NamedValue(
            around[column - 1],
            texts[-1].strip() if texts else "",
            unit if isinstance(unit, str) and len(unit) <= _LONGEST_UNIT else "",
            self._formats.code(_stored(self.package, place).style),
            sheet,
            address(row, column),
            self.package.date1904,
            (sheet, row, column) not in self._missing,
        )

    @cached_property
    def _formats(self) -> Formats:
        return Formats(self.package)


def calculate(
    path: str | Path,
    inputs: Mapping[str, str | float] | None = None,
    now: datetime | None = None,
    hoist: bool = True,
    scenario: str = "",
) -> Calculation:
    """Recalculate a workbook with some inputs set to other values.

    ``inputs`` are by name, with or without ``in_``; a text is read as the cell wants it. A
    ``scenario`` is chosen before they are set. ``now`` is what NOW and TODAY show: by default
    SOURCE_DATE_EPOCH, or else the clock. Raises WorkbookError, with one sentence, for a file or an
    input that is not in order.
    """
    now = now or source_date_epoch() or datetime.now()
    with no_garbage_collection():
        package = packages.read(path)
        given = cases.choosing(package, scenario, inputs or {}) if scenario else inputs
        return recalculated(package, now, given, hoist)


def every_case(
    path: str | Path, inputs: Mapping[str, str | float] | None = None
) -> dict[str, Calculation]:
    """The workbook recalculated in each of its scenarios, by name."""
    package = packages.read(path)
    now = source_date_epoch() or datetime.now()
    return {
        case: recalculated(package, now, cases.choosing(package, case, inputs or {}))
        for case in cases.those_of(package)
    }


def recalculated(
    package: Package,
    now: datetime,
    inputs: Mapping[str, str | float] | None = None,
    hoist: bool = True,
) -> Calculation:
    """The same for a workbook that has been read."""
    with no_garbage_collection():
        book = books.load(package)
        set_values = _set_inputs(package, book, inputs or {})
        cells = {place[:3]: value for place, value in set_values.values()}
        try:
            session = engine.Session(book, cells, now, hoist)
        except engine.EngineError as error:
            raise stopped(package, error) from None
    calculation = Calculation(package, session.result, set_values, now, session)
    calculation.notes += _notes(calculation)
    return calculation


def stopped(package: Package, error: engine.EngineError) -> WorkbookError:
    """Why there is no result: cells that the engine can't load, or what stopped it later."""
    reason = str(error)
    if "load failed: " in reason or "open failed: " in reason:
        return WorkbookError(f"{package.name} is damaged: {reason.rpartition('rror: ')[2]}")
    return WorkbookError(f"{package.name} can't be calculated: {reason}")


def _notes(calculation: Calculation) -> Iterator[str]:
    name = calculation.path.name
    if lock := lock_of(calculation.path):
        yield f"{name} is open in {lock.program}: computed from what was last saved"
    yield from _faults(calculation)
    left_out = list(calculation.names.notes())
    yield from left_out
    yield from calculation.result.notes
    yield from _reasons(calculation)
    if not calculation.outputs and not any(note.lower().startswith(OUTPUT) for note in left_out):
        yield (
            f"{name} has no named outputs: give the cells of results names that begin with out_, "
            "such as out_margin"
        )


def _reasons(calculation: Calculation) -> Iterator[str]:
    """What the functions say, where outputs or the master check are error values."""
    said = list(dict.fromkeys(calculation.result.reasons))[:_MOST_REASONS]
    masters = {n: item for n, item in calculation.checks.items() if n.lower() == MASTER}
    broken = [
        f"{name} is {item.value.kind}"
        for name, item in (*calculation.outputs.items(), *masters.items())
        if isinstance(item.value, CellError)
    ]
    if said and broken:
        rest = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
        yield f"{broken[0]}{rest}; calls of our functions that failed: {'; '.join(said)}"


def save(calculation: Calculation, out_path: str | Path, force: bool = False) -> Path:
    """Write a copy of the workbook with the inputs and values of the calculation."""
    from xlmodel.workbook import patch

    with no_garbage_collection():
        return patch.save(calculation, Path(out_path), force)


def _set_inputs(
    package: Package, book: engine.Book, given: Mapping[str, str | float]
) -> dict[str, tuple[Place, Value]]:
    if not given:
        return {}
    names = Names(package)
    known = Inputs(book, names, cases.chosen(package, names, given))
    formats = Formats(package)
    set_values: dict[str, tuple[Place, Value]] = {}
    for asked, text in given.items():
        name, place = known.find(asked)
        stored = _stored(package, place)
        value = parse(name, text, stored.kind, formats.code(stored.style), package.date1904)
        set_values[name] = place, value
    return set_values


def _stored(package: Package, place: Place) -> StoredCell:
    part = _part(package, place.sheet)
    try:
        return stored_cell(place.sheet, part, place.top, place.left)
    except WorkbookError as error:
        raise WorkbookError(f"{package.name}: {error}") from None


def _part(package: Package, sheet: str) -> bytes:
    part = next(s.part for s in package.sheets if s.name.lower() == sheet.lower())
    return package.text(part)


def _faults(calculation: Calculation) -> Iterator[str]:
    """Values that the workbook's own validation refuses (an error) or warns about (a note)."""
    package = calculation.package
    for name, (place, value) in calculation.set_values.items():
        rule = calculation.rule(place)
        if rule is None:
            continue
        look = partial(calculation.values_of, sheet=place.sheet)
        fault = validation.fault(name, value, rule, look, package.date1904)
        if fault and rule.strict:
            raise WorkbookError(fault)
        if fault:
            yield fault


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Nothing here makes circles, and looking for them among millions of values takes seconds."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
