"""The order of work: the engine computes native formulas, lifted calls are computed here.

Lifted calls (see ``hoist``) run group by group, each group after what it reads; their results
enter the engine as values where a native formula reads them. All other calls of our functions
reach Python through the engine, cell by cell.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from xlmodel.hosts.engine.blocks import Block
from xlmodel.hosts.engine.book import Value
from xlmodel.hosts.engine.hoist import Argument, Lifted, Plan
from xlmodel.hosts.engine.host import MOST_REASONS, Host
from xlmodel.hosts.syntax import tokens
from xlmodel.registry import CellError, InputError, functions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Column:
    """Values of a column, and the forms in which functions take them, each made once."""

    def __init__(self, values: list[Value], floats: "NDArray[np.float64] | None" = None) -> None:
        self.values = values
        if floats is not None:
            self.floats = floats

    @cached_property
    def floats(self) -> "NDArray[np.float64] | None":
        """As an array, if every value is a number."""
        import numpy as np

        return np.array(self.values) if set(map(type, self.values)) == {float} else None

    @cached_property
    def rows(self) -> list[list[Value]]:
        return [[value] for value in self.values]


class Evaluation:
    """A plan on its way through the engine."""

    def __init__(self, plan: Plan, host: Host) -> None:
        self._plan = plan
        self._host = host
        self._results: dict[int, Column] = {}
        self._computed: dict[tuple[str, int], list[int]] = {}
        self._reasons_lost = False
        self._read: dict[tuple[str, int, int, int], Column] = {}

    def run(self) -> None:
        """Compute every block that has no problem."""
        for i in self._native:
            self._host.set_formulas(self._plan.blocks[i])
        self._settle()
        again = self._missed()
        if self._reasons_lost:
            again += self._own_errors()
        if self._enter_again(again):
            self._evaluate()
            self._collect()

    def run_again(self) -> None:
        """Compute anew what depends on cells that were set since; the engine knows which.

        Lifted calls, which it does not know, are all computed anew.
        """
        self._computed.clear()
        self._read.clear()
        self._settle()
        if self._enter_again(self._missed()):
            self._evaluate()
            self._collect()

    @cached_property
    def _native(self) -> set[int]:
        """The blocks that the engine computes."""
        plan = self._plan
        return {
            i for i, block in enumerate(plan.blocks) if not block.problems and i not in plan.lifted
        }

    @cached_property
    def _read_by_native(self) -> set[int]:
        return self._plan.graph.read_by(self._native)

    @cached_property
    def _groups(self) -> list[list[int]]:
        return _groups(self._plan)

    def _settle(self) -> None:
        """Evaluate, and compute lifted calls group by group between evaluations."""
        plan, native = self._plan, self._native
        stale = bool(native)
        for group in self._groups:
            if stale and plan.graph.read_by(group) & native:
                self._evaluate_part()
                stale = False
            for i in group:
                before = self._results.get(i)
                self._compute(i)
                if i in self._read_by_native and not _same(before, self._results[i]):
                    self._host.set_column(plan.blocks[i], self._results[i].values)
                    stale = True
        if stale:
            self._evaluate()
        self._collect()

    def values(self, i: int) -> list[Value]:
        """The values of a block, row by row; None where the engine gave none."""
        return self._results[i].values

    def _collect(self) -> None:
        for i in self._native:
            block = self._plan.blocks[i]
            values = self._host.column(block.sheet, block.column, block.first, block.last)
            self._results[i] = Column(values)

    def _missed(self) -> list[tuple[Block, int]]:
        """Formulas that the engine left out, as 0.13 sometimes does without a word.

        No formula gives a blank, so a blank is how they show.
        """
        return [
            (self._plan.blocks[i], row)
            for i in self._native
            if None in (values := self.values(i))
            for row, value in enumerate(values, start=self._plan.blocks[i].first)
            if value is None
        ]

    def _own_errors(self) -> list[tuple[Block, int]]:
        """Some cells with errors whose formulas call our functions: for their reasons."""
        ours = functions()
        found: list[tuple[Block, int]] = []
        for i in sorted(self._native):
            block, values = self._plan.blocks[i], self.values(i)
            if CellError not in set(map(type, values)):
                continue
            if any(w.kind == "call" and w.text in ours for w in tokens(block.formula)):
                rows = (r for r, v in enumerate(values, block.first) if isinstance(v, CellError))
                found += [(block, row) for row in islice(rows, MOST_REASONS)]
        return found[: MOST_REASONS * 10]

    def _enter_again(self, cells: Sequence[tuple[Block, int]]) -> bool:
        for block, row in cells:
            self._host.set_again(block, row)
        return bool(cells)

    def _evaluate_part(self) -> None:
        """Evaluate while some lifted calls have no result yet.

        Reasons met now may be of calls with blanks in the place of those results.
        """
        known = dict(self._host.reasons)
        self._evaluate()
        if len(self._host.reasons) > len(known):
            self._reasons_lost = True
            self._host.reasons = known

    def _evaluate(self) -> None:
        self._host.evaluate()
        self._read.clear()

    def _compute(self, i: int) -> None:
        block = self._plan.blocks[i]
        self._results[i] = self._call(self._plan.lifted[i], block.rows)
        self._computed.setdefault((block.sheet.lower(), block.column), []).append(i)

    def _call(self, lifted: Lifted, rows: int) -> Column:
        function = lifted.function
        given = [self._given(argument, rows) for argument in lifted.arguments]
        columns = [value for value in given if isinstance(value, Column)]
        if function.numeric and columns and all(column.floats is not None for column in columns):
            try:
                answer = function(*(v.floats if isinstance(v, Column) else v for v in given))
                return Column(answer.tolist(), answer)
            except InputError:
                pass  # something is not fine: the careful call finds where
        cells = function.call_cells([v.rows if isinstance(v, Column) else v for v in given])
        values: list[Any] = [row[0] for row in cells] if isinstance(cells, list) else [cells] * rows
        self._host.note_reasons(values)
        return Column(values)

    def _given(self, argument: Argument, rows: int) -> Any:
        """A column where the argument varies; otherwise a constant, a cell's value or a range."""
        reads = argument.reads
        if reads is None:
            return argument.constant
        if argument.moves:
            return self._column(reads.sheet, reads.left, reads.top, reads.top + rows - 1)
        columns = [
            self._column(reads.sheet, column, reads.top, reads.bottom).values
            for column in range(reads.left, reads.right + 1)
        ]
        if len(columns) == 1 and reads.top == reads.bottom:
            return columns[0][0]
        return [list(row) for row in zip(*columns, strict=True)]

    def _column(self, sheet: str, column: int, first: int, last: int) -> Column:
        """Cells of a column, with the results of lifted calls, which the engine may not hold."""
        computed = [
            (self._plan.blocks[i], i) for i in self._computed.get((sheet.lower(), column), ())
        ]
        for block, i in computed:
            if (block.first, block.last) == (first, last):
                return self._results[i]
        place = sheet.lower(), column, first, last
        if place not in self._read:
            values = self._host.column(sheet, column, first, last)
            for block, i in computed:
                _overlay(values, first, block, self._results[i].values)
            self._read[place] = Column(values)
        return self._read[place]


def _same(before: Column | None, after: Column) -> bool:
    return (
        before is not None
        and before.values == after.values
        and list(map(type, before.values)) == list(map(type, after.values))
    )


def _overlay(values: list[Value], first: int, block: Block, results: Sequence[Value]) -> None:
    """Put the results of a block over the values of a column from row ``first`` on."""
    start, end = max(first, block.first), min(first + len(values) - 1, block.last)
    if start <= end:
        part = results[start - block.first : end - block.first + 1]
        values[start - first : end - first + 1] = part


def _groups(plan: Plan) -> list[list[int]]:
    """Lifted calls in groups: each group needs only what comes before it."""
    if not plan.lifted:
        return []
    rank: dict[int, int] = {}
    for component in plan.graph.components():
        before = [rank.get(p, 0) for i in component for p in plan.graph.precedents[i]]
        height = max(before, default=0) + (component[0] in plan.lifted)
        rank.update(dict.fromkeys(component, height))
    groups: dict[int, list[int]] = {}
    for i in plan.lifted:
        groups.setdefault(rank[i], []).append(i)
    return [groups[height] for height in sorted(groups)]
