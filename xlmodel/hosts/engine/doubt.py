"""Which cells have no value because of a cell without one, and which of those each reads itself.

``Graph.reached`` says which rows of which blocks may be touched, as one span per block, so too
many. Here each of those cells is looked at: it is in doubt only if it reads a cell in doubt.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xlmodel.hosts.engine.blocks import Block, Reads
from xlmodel.hosts.engine.graph import Graph, Rows
from xlmodel.hosts.syntax import address, tokens

_MOST_PASSES = 8
Cell = tuple[int, int]
"""A block's number, and a row of it."""


def spread_doubt(blocks: Sequence[Block], failed: Mapping[Cell, str]) -> dict[Cell, str]:
    """All cells without a value and why, from those that have none of their own accord."""
    return _Doubt(blocks, failed).all()


class _Doubt:
    """Doubt on its way from cell to cell."""

    def __init__(self, blocks: Sequence[Block], failed: Mapping[Cell, str]) -> None:
        self._blocks = blocks
        self._graph = Graph(blocks, spread_anywhere=False)
        self._reasons = dict(failed)
        self._rows: dict[int, list[int]] = {}
        for i, row in sorted(failed):
            self._rows.setdefault(i, []).append(row)

    def all(self) -> dict[Cell, str]:
        graph, first = self._graph, min(self._reasons)
        reached = {i: rows for i, rows, _ in graph.reached(list(_runs(self._reasons)))}
        for i, rows in reached.items():
            if self._blocks[i].reads_anything:
                for row in range(rows[0], rows[1] + 1):
                    self._add(i, row, f"{_reader(self._blocks[i])} {self._name(*first)}")
                graph.precedents[i] = set()
        for component in graph.components():
            spans = {i: reached[i] for i in component if i in reached}
            open_ = {i: s for i, s in spans.items() if not self._blocks[i].reads_anything}
            if open_:
                self._settle(open_)
        return self._reasons

    def _settle(self, spans: Mapping[int, Rows]) -> None:
        """Look at the cells of blocks that may depend on each other, down and up by turns."""
        readers = {i: _Reader(self._graph, i, self._rows) for i in spans}
        top, bottom = min(s[0] for s in spans.values()), max(s[1] for s in spans.values())
        alone = len(spans) == 1 and next(iter(spans)) not in self._graph.precedents[min(spans)]
        for turn in range(_MOST_PASSES):
            found = False
            rows = range(top, bottom + 1)
            for row in rows if turn % 2 == 0 else reversed(rows):
                for i, (first, last) in spans.items():
                    if first <= row <= last and (i, row) not in self._reasons:
                        source = readers[i].source(row)
                        if source is not None:
                            self._add(i, row, self._because(source))
                            found = True
            if alone or not found:
                return
        for i, (first, last) in spans.items():  # a zigzag without end: rather too many than too few
            for row in range(first, last + 1):
                self._add(i, row, "it may depend on itself or on a cell that was not evaluated")

    def _add(self, i: int, row: int, reason: str) -> None:
        if (i, row) not in self._reasons:
            self._reasons[i, row] = reason
            insort(self._rows.setdefault(i, []), row)

    def _because(self, source: Cell) -> str:
        if self._blocks[source[0]].scratch:  # a part of the cell's own formula
            return self._reasons[source]
        return f"it depends on {self._name(*source)}"

    def _name(self, i: int, row: int) -> str:
        block = self._blocks[i]
        return f"{block.sheet}!{address(row, block.column)}"


class _Reader:
    """Finds, for one block, the cell in doubt that one of its rows reads."""

    def __init__(self, graph: Graph, i: int, rows: Mapping[int, list[int]]) -> None:
        self._block = graph.blocks[i]
        self._rows = rows
        self._sources = [
            (reads, sorted(p for p in graph.precedents[i] if _may_meet(graph.blocks[p], reads)))
            for reads in self._block.reads
        ]
        self._blocks = graph.blocks

    def source(self, row: int) -> Cell | None:
        down = row - self._block.first
        for reads, numbers in self._sources:
            ends = (
                reads.top + down * reads.top_moves,
                reads.bottom + down * reads.bottom_moves,
            )
            top, bottom = min(ends), max(ends)
            for p in numbers:
                doubted = self._rows.get(p)
                if not doubted:
                    continue
                spread = self._blocks[p].spread
                if spread is not None and doubted[0] <= bottom and spread.bottom >= top:
                    return p, doubted[0]
                at = bisect_left(doubted, top)
                if at < len(doubted) and doubted[at] <= bottom:
                    return p, doubted[at]
        return None


def _may_meet(block: Block, reads: Reads) -> bool:
    """Whether a block, or the array in it, has cells in the columns of a rectangle."""
    right = max(block.column, block.spread.right) if block.spread else block.column
    on_sheet = block.sheet.lower() == reads.sheet
    return on_sheet and block.column <= reads.right and right >= reads.left


def _reader(block: Block) -> str:
    """Why a cell reads what its formula does not show."""
    calls = {word.text for word in tokens(block.formula) if word.kind == "call"}
    names = " and ".join(sorted(calls & {"INDIRECT", "OFFSET"})) or "a computed range"
    return f"{names} may read any cell, such as one without a value:"


def _runs(failed: Iterable[Cell]) -> Iterator[tuple[int, Rows]]:
    """Rows of blocks, gathered into runs of consecutive rows."""
    run: tuple[int, int, int] | None = None
    for i, row in sorted(failed):
        if run and run[0] == i and row == run[2] + 1:
            run = (i, run[1], row)
            continue
        if run:
            yield run[0], (run[1], run[2])
        run = (i, row, row)
    if run:
        yield run[0], (run[1], run[2])
