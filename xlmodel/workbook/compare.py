"""What differs between two recalculated workbooks: inputs, outputs, and rows of tables.

Names and tables are matched by their spelling without regard to case, so two editions or two
versions of the template can be compared; what only one of them has is listed.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xlmodel.hosts.engine import Table, Value
from xlmodel.workbook import cases
from xlmodel.workbook.calc import Calculation, NamedValue
from xlmodel.workbook.formats import is_date

_SAME: Final = 1e-12
KEYS: Final = {
    "gpuprices": ("gpu", "provider", "term", "valid_from"),
    "modelprices": ("model", "provider", "kind", "valid_from"),
    "billingterms": ("vendor", "model", "term", "valid_from"),
    "throughput": (
        "model", "gpu", "gpus", "precision", "input_tokens", "output_tokens", "batch", "measured",
    ),
}  # fmt: skip
"""The columns that say what a row is about; in any other table it is the first column."""

Key = tuple[Value, ...]
Cells = tuple[Value, ...]


@dataclass(frozen=True)
class Difference:
    """A named cell with two values."""

    name: str
    before: NamedValue
    after: NamedValue

    @property
    def change(self) -> float | None:
        """The second less the first, for two numbers."""
        one, other = self.before.value, self.after.value
        return other - one if type(one) is float and type(other) is float else None

    @property
    def share(self) -> float | None:
        """The change as a share of the first; None of nothing, and of a date."""
        one, change = self.before.value, self.change
        if change is None or type(one) is not float or is_date(self.before.number_format):
            return None
        return change / abs(one) if one else None


@dataclass(frozen=True)
class TableDifference:
    """How the rows of a table differ: keys that only one has, and keys with other values."""

    name: str
    rows: tuple[int, int]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    """By key: the columns that differ."""
    columns_before: tuple[str, ...]
    columns_after: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """All that differs, and how much was compared."""

    inputs: tuple[Difference, ...]
    outputs: tuple[Difference, ...]
    tables: tuple[TableDifference, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    compared: tuple[int, int, int]
    """Inputs, outputs and tables that both have."""

    @property
    def same(self) -> bool:
        return not (
            self.inputs or self.outputs or self.tables or self.only_before or self.only_after
        )


def compare(before: Calculation, after: Calculation) -> Comparison:
    """What differs from one workbook to the other."""
    only: list[tuple[list[str], list[str]]] = []
    kinds: list[tuple[tuple[Difference, ...], int]] = []
    pairs = (
        (_inputs(before), _inputs(after), 0.0),
        (before.outputs, after.outputs, _SAME),
    )
    for one, other, tolerance in pairs:
        there = {name.lower(): item for name, item in other.items()}
        shared = [name for name in one if name.lower() in there]
        found = [
            Difference(name, one[name], there[name.lower()])
            for name in shared
            if not _equal(one[name].value, there[name.lower()].value, tolerance)
        ]
        kinds.append((tuple(found), len(shared)))
        only.append((_missing(one, other), _missing(other, one)))
    tables, count, mine, theirs = _tables(before, after)
    only.append((mine, theirs))
    return Comparison(
        kinds[0][0],
        kinds[1][0],
        tables,
        tuple(name for names, _ in only for name in names),
        tuple(name for _, names in only for name in names),
        (kinds[0][1], kinds[1][1], count),
    )


def _inputs(calculation: Calculation) -> dict[str, NamedValue]:
    """The inputs, and those of the cases that are not in use, by name and case."""
    found = dict(calculation.inputs)
    for name, case, place in cases.idle(calculation.package, calculation.names, calculation.given):
        label = calculation.inputs[name].label if name in calculation.inputs else name
        cell = calculation.named_value(place)
        found[f"{name}, {case}"] = cell._replace(label=f"{label}, {case}")
    return found


def _missing(names: Mapping[str, object], others: Mapping[str, object]) -> list[str]:
    known = {name.lower() for name in others}
    return [name for name in names if name.lower() not in known]


def _equal(one: Value, other: Value, tolerance: float) -> bool:
    if type(one) is float and type(other) is float:
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)
    return type(one) is type(other) and one == other


def _tables(
    before: Calculation, after: Calculation
) -> tuple[tuple[TableDifference, ...], int, list[str], list[str]]:
    """The tables that differ, how many both have, and the names of those that one has."""
    mine = {table.name: table for table in before.package.tables}
    theirs = {table.name.lower(): table for table in after.package.tables}
    found = []
    shared = [name for name in mine if name.lower() in theirs]
    for name in shared:
        pair = _Rows(before, mine[name]), _Rows(after, theirs[name.lower()])
        if difference := _table(name, *pair):
            found.append(difference)
    other_names = {table.name: table for table in after.package.tables}
    return tuple(found), len(shared), _missing(mine, other_names), _missing(other_names, mine)


class _Rows:
    """The facts of a table, by key: the columns that hold no formula."""

    def __init__(self, calculation: Calculation, table: Table) -> None:
        grid = calculation.tables[table.name]
        self.count = len(grid) - table.header_rows
        formulas = calculation.result.formulas.get(table.sheet, {})
        computed = {
            name
            for i, name in enumerate(table.columns)
            if formulas.get(table.left + i, {}).keys()
            & set(range(table.first_data_row, table.last_data_row + 1))
        }
        self.columns = [name for name in table.columns if name not in computed]
        self._at = {name.lower(): i for i, name in enumerate(table.columns)}
        self._rows = [row for row in grid[table.header_rows :] if any(v is not None for v in row)]

    def by_key(self, keys: Sequence[str], columns: Sequence[str]) -> dict[Key, list[Cells]]:
        found: dict[Key, list[Cells]] = defaultdict(list)
        for row in self._rows:
            found[self._cells(row, keys)].append(self._cells(row, columns))
        return found

    def _cells(self, row: Sequence[Value], columns: Sequence[str]) -> Cells:
        return tuple(row[self._at[name.lower()]] for name in columns)


def _table(name: str, one: _Rows, other: _Rows) -> TableDifference | None:
    lower = {column.lower() for column in other.columns}
    shared = [column for column in one.columns if column.lower() in lower]
    wanted = KEYS.get(name.lower(), ())
    keys = [column for column in shared if column.lower() in wanted] or shared[:1]
    columns = [column for column in shared if column not in keys]
    before, after = one.by_key(keys, columns), other.by_key(keys, columns)
    difference = TableDifference(
        name,
        (one.count, other.count),
        tuple(_keys(before, after)),
        tuple(_keys(after, before)),
        {
            _spelled(key): tuple(_changed(columns, before[key], after[key]))
            for key in before
            if key in after and before[key] != after[key]
        },
        tuple(column for column in one.columns if column not in shared),
        tuple(c for c in other.columns if c.lower() not in {s.lower() for s in shared}),
    )
    differs = (
        difference.only_before
        or difference.only_after
        or difference.changed
        or difference.columns_before
        or difference.columns_after
    )
    return difference if differs else None


def _keys(one: Mapping[Key, object], other: Mapping[Key, object]) -> Iterator[str]:
    return (_spelled(key) for key in one if key not in other)


def _spelled(key: Key) -> str:
    parts = (f"{part:.15g}" if type(part) is float else str(part) for part in key if part)
    return " / ".join(parts) or "(blank)"


def _changed(columns: Sequence[str], before: list[Cells], after: list[Cells]) -> Iterator[str]:
    """The columns in which the rows of one key differ; their number, if that does."""
    if len(before) != len(after):
        yield f"{len(before)} rows and {len(after)}"
        return
    for i, column in enumerate(columns):
        if [row[i] for row in before] != [row[i] for row in after]:
            yield column
