"""A workbook in, the value of every formula out, and a list of the cells that have none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import NoneType
from typing import NamedTuple

from xlmodel.hosts.engine import deviations
from xlmodel.hosts.engine.blocks import Block, Reads, cut
from xlmodel.hosts.engine.book import Book, Value
from xlmodel.hosts.engine.doubt import spread_doubt
from xlmodel.hosts.engine.evaluate import Evaluation
from xlmodel.hosts.engine.graph import Graph, Rows
from xlmodel.hosts.engine.hoist import SCRATCH_SHEET, Plan, plan
from xlmodel.hosts.engine.host import EngineError, Host, failure, supports
from xlmodel.hosts.engine.rewrite import EMPTY_SHEET, Rewriter
from xlmodel.hosts.syntax import LAST_COLUMN, LAST_ROW, address, tokens
from xlmodel.registry import CellError, functions
from xlmodel.version import VERSION

LARGEST_SPILL = 10_000
"""More cells than this the engine does not fill from one formula."""
MOST_CLEARED = 1_000_000
"""More cells than this are not looked at for what arrays had left in them."""
_TOO_LARGE = f"it fills more than {LARGEST_SPILL:,} cells"


class Unsupported(NamedTuple):
    """A cell that was not evaluated, its formula, and why."""

    sheet: str
    row: int
    column: int
    formula: str
    reason: str

    @property
    def cell(self) -> str:
        return f"{self.sheet}!{address(self.row, self.column)}"


@dataclass
class Result:
    """What a calculation found.

    ``formulas`` holds the value of each formula cell by sheet, column and row, and ``spilled`` the
    values that arrays put into other cells, with ``extents``: where each array now ends. A cell
    listed as unsupported is in neither. ``notes`` are sentences about the workbook, and ``reasons``
    those with which our functions gave errors, each once, in the order in which they were met.
    """

    formulas: dict[str, dict[int, dict[int, Value]]]
    spilled: dict[str, dict[tuple[int, int], Value]]
    extents: dict[tuple[str, int, int], tuple[int, int]]
    unsupported: list[Unsupported]
    _host: Host
    notes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    callers: list[Block] = field(default_factory=list)
    """The formulas that call our functions, by themselves or through names."""

    def grid(self, sheet: str, top: int, left: int, bottom: int, right: int) -> list[list[Value]]:
        """The values of a rectangle, constants included; an unsupported cell is blank."""
        rows = self._host.grid(_area(sheet, top, left, bottom, right))
        columns = self.formulas.get(sheet, {})
        missing = {(u.row, u.column) for u in self.unsupported if u.sheet == sheet}
        for r, row in enumerate(rows, start=top):
            for c in range(left, right + 1):
                known = columns.get(c, {})
                if r in known:
                    row[c - left] = known[r]
                elif (r, c) in missing:
                    row[c - left] = None
        return rows


def calculate(
    book: Book,
    inputs: Mapping[tuple[str, int, int], Value],
    now: datetime,
    hoist: bool = True,
) -> Result:
    """Evaluate all formulas, with some cells set to other values first.

    ``now`` is what NOW and TODAY show. ``hoist`` says whether columns of calls may become one
    call; the result is the same either way.
    """
    return Session(book, inputs, now, hoist).result


class Session:
    """A workbook that stays in the engine, to be calculated with one set of inputs after another.

    ``result`` is the last one. It reads constants from the engine when asked for them, so an
    earlier result is good only while the inputs are as they were for it.
    """

    def __init__(
        self,
        book: Book,
        inputs: Mapping[tuple[str, int, int], Value],
        now: datetime,
        hoist: bool = True,
    ) -> None:
        _refuse_outside(book)
        self.book = book
        rewriter = Rewriter(book, supports)
        blocks = cut(book, rewriter)
        refuse_large(blocks)
        self._work = plan(blocks, hoist)
        self._host = Host(book.values, (EMPTY_SHEET, SCRATCH_SHEET), now, book.date1904)
        for block in blocks:
            if block.spread and not block.problems:
                clear_filled(self._host, block)
        self._set(inputs)
        self._evaluation = Evaluation(self._work, self._host)
        self._evaluation.run()
        self.result = self._collected()
        self.result.notes = [
            f"the workbook defines its own {name}, which differs from this version's; computed "
            f"with xlmodel {VERSION}'s"
            for name in rewriter.other_definitions
        ]
        self.result.notes += deviations.notes(self._work.blocks, self._evaluation.values)
        self.result.reasons = list(self._host.reasons)
        self.result.callers = [block for block in blocks if _calls_ours(block)]

    def recalculate(self, inputs: Mapping[tuple[str, int, int], Value]) -> Result:
        """Set further cells and evaluate what depends on them; without notes and reasons."""
        self._set(inputs)
        self._evaluation.run_again()
        self.result = self._collected()
        return self.result

    def cell(self, sheet: str, row: int, column: int) -> Value:
        """What a cell of no formula holds now."""
        return self._host.column(sheet, column, row, row)[0]

    def precedents(self, sheet: str, row: int, column: int) -> list[Reads]:
        """The rectangles that a cell's formula reads, directly or through other formulas.

        What INDIRECT and OFFSET read is not among them, and an array fills what it filled when
        the file was saved.
        """
        blocks = self._work.blocks
        own = [
            i
            for i, block in enumerate(blocks)
            if (block.sheet, block.column) == (sheet, column) and block.first <= row <= block.last
        ]
        return Graph(blocks, spread_anywhere=False).areas_behind(own)

    def _set(self, inputs: Mapping[tuple[str, int, int], Value]) -> None:
        for (sheet, row, column), value in inputs.items():
            self._host.set_value(sheet, row, column, value)

    def _collected(self) -> Result:
        return _Collector(self._work, self._evaluation, self._host).result()


def _calls_ours(block: Block) -> bool:
    return any(word.kind == "call" and word.text in functions() for word in tokens(block.formula))


def _refuse_outside(book: Book) -> None:
    """No sheet has cells beyond its last row or column; the engine would stop at one."""
    for sheet in book.sheets:
        for column, (rows, _) in sheet.columns.items():
            if column > LAST_COLUMN or (rows and not 1 <= rows[0] <= rows[-1] <= LAST_ROW):
                cell = address(rows[-1], column)
                raise EngineError(f"the cell {sheet.name}!{cell} lies outside of any sheet")


def refuse_large(blocks: Iterable[Block]) -> None:
    """Say of arrays too large for the engine that they are; a small file can hold huge ones."""
    room = MOST_CLEARED
    for block in blocks:
        if block.spread is None or block.problems:
            continue
        rows, columns = (
            block.spread.bottom - block.first + 1,
            block.spread.right - block.column + 1,
        )
        if rows * columns > (room if block.spread.dynamic else LARGEST_SPILL):
            block.problems = (_TOO_LARGE,)
        else:
            room -= rows * columns


def clear_filled(host: Host, block: Block) -> None:
    """Empty the cells that an array had filled when the file was saved, all but its own."""
    assert block.spread is not None
    _, bottom, right = block.spread
    if right > block.column:
        host.clear(_area(block.sheet, block.first, block.column + 1, bottom, right))
    if bottom > block.first:
        host.clear(_area(block.sheet, block.first + 1, block.column, bottom, block.column))


def _area(sheet: str, top: int, left: int, bottom: int, right: int) -> Reads:
    return Reads(sheet, top, left, bottom, right, False, False)


class _Collector:
    """Gathers the values of blocks, and leaves out what can't be trusted."""

    def __init__(self, work: Plan, evaluation: Evaluation, host: Host) -> None:
        self._blocks = work.blocks
        self._evaluation = evaluation
        self._host = host
        self._failed: dict[tuple[int, int], str] = {}
        self._values: dict[int, list[Value]] = {}
        self._extents: dict[tuple[str, int, int], tuple[int, int]] = {}

    def result(self) -> Result:
        for i, block in enumerate(self._blocks):
            if block.problems:
                self._fail(i, (block.first, block.last), "; ".join(block.problems))
            else:
                self._values[i] = self._evaluation.values(i)
                self._find_failures(i, block)
        if self._failed:
            self._failed = spread_doubt(self._blocks, self._failed)
        formulas: dict[str, dict[int, dict[int, Value]]] = {}
        for i, values in self._values.items():
            block = self._blocks[i]
            if block.scratch:
                continue
            rows = formulas.setdefault(block.sheet, {}).setdefault(block.column, {})
            rows.update(zip(range(block.first, block.last + 1), values, strict=True))
        for i, row in self._failed:
            block = self._blocks[i]
            formulas.get(block.sheet, {}).get(block.column, {}).pop(row, None)
        return Result(
            formulas, self._spilled(), self._extents, list(self._unsupported()), self._host
        )

    def _find_failures(self, i: int, block: Block) -> None:
        values = self._values[i]
        if not {dict, NoneType}.isdisjoint(map(type, values)):
            for row, value in enumerate(values, start=block.first):
                reason = failure(value)
                if reason:
                    self._fail(i, (row, row), reason)
        if block.spread:
            self._find_spread(i, block)

    def _find_spread(self, i: int, block: Block) -> None:
        assert block.spread is not None
        rows = (block.first, block.last)
        value = self._values[i][0]
        extent = self._host.extent(block)
        if value == CellError("#SPILL!") and self._host.size(block) > LARGEST_SPILL:
            self._fail(i, rows, _TOO_LARGE)
        else:
            self._extents[block.sheet, block.first, block.column] = extent

    def _fail(self, i: int, rows: Rows, reason: str) -> None:
        for row in range(rows[0], rows[1] + 1):
            self._failed.setdefault((i, row), reason)

    def _spilled(self) -> dict[str, dict[tuple[int, int], Value]]:
        found: dict[str, dict[tuple[int, int], Value]] = {}
        for sheet, top, left in self._doubted_arrays():
            self._extents.pop((sheet, top, left), None)
        for (sheet, top, left), (bottom, right) in self._extents.items():
            cells = found.setdefault(sheet, {})
            grid = self._host.grid(_area(sheet, top, left, bottom, right))
            for r, row in enumerate(grid, start=top):
                for c, value in enumerate(row, start=left):
                    if (r, c) != (top, left):
                        cells[r, c] = value
        return found

    def _doubted_arrays(self) -> Iterator[tuple[str, int, int]]:
        for i, row in self._failed:
            block = self._blocks[i]
            yield block.sheet, row, block.column

    def _unsupported(self) -> Iterator[Unsupported]:
        for (i, row), reason in self._failed.items():
            block = self._blocks[i]
            if not block.scratch:
                yield Unsupported(block.sheet, row, block.column, block.stored_at(row), reason)
