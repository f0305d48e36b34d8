"""Which blocks depend on which: the order of evaluation, circles, and what a failure reaches.

Rows count where they must: a block that reads the row above it only depends on an uncertain cell
from that row on.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from xlmodel.hosts.engine.blocks import Block, Reads
from xlmodel.hosts.syntax import LAST_ROW

Rows = tuple[int, int]


class Graph:
    """Dependencies among blocks, which are known by their position in the list.

    A formula with INDIRECT or OFFSET may read any cell, and a dynamic array may fill any cell below
    and right of it. So that thousands of those don't make millions of edges, there are further
    nodes, the hubs: one that depends on all blocks, and one per sheet that depends on its arrays.
    """

    def __init__(self, blocks: Sequence[Block], spread_anywhere: bool) -> None:
        """``spread_anywhere``: whether an array may fill other cells than when it was saved."""
        self.blocks = blocks
        self._columns = _by_column(blocks)
        self._anything = len(blocks)
        self._hubs: dict[str, tuple[int, int, int]] = {}
        self._spreads: dict[str, list[int]] = defaultdict(list)
        for i, block in enumerate(blocks):
            if block.spread and (spread_anywhere or _is_wide(block)):
                self._spreads[block.sheet.lower()].append(i)
        if spread_anywhere:
            for sheet, numbers in self._spreads.items():
                top = min(blocks[i].first for i in numbers)
                left = min(blocks[i].column for i in numbers)
                self._hubs[sheet] = self._anything + 1 + len(self._hubs), top, left
        self.precedents = [self._precedents(block) for block in blocks]
        self.precedents.append(set(range(self._anything)))
        self.precedents += [set(self._spreads[sheet]) for sheet in self._hubs]

    def is_hub(self, i: int) -> bool:
        return i >= self._anything

    def read_by(self, nodes: Iterable[int]) -> set[int]:
        """All blocks that these may read themselves."""
        found = set().union(*(self.precedents[i] for i in nodes))
        return found.union(*(self.precedents[i] for i in found if self.is_hub(i)))

    def areas_behind(self, nodes: Iterable[int]) -> list[Reads]:
        """What these blocks read, and what the blocks read on which they depend."""
        seen = set(nodes)
        todo = list(seen)
        while todo:
            new = self.precedents[todo.pop()] - seen
            seen |= new
            todo += new
        own = [self.blocks[i] for i in sorted(seen) if not self.is_hub(i)]
        return [_over(reads, block) for block in own for reads in block.reads]

    def _precedents(self, block: Block) -> set[int]:
        if block.reads_anything:
            return {self._anything}
        found: set[int] = set()
        for reads in block.reads:
            found |= self._within(_over(reads, block))
        return found

    def _within(self, reads: Reads) -> set[int]:
        """The blocks with a cell in a rectangle, and the arrays that may have filled one."""
        found = self._filling(reads)
        columns = self._columns.get(reads.sheet, {})
        wanted: Iterable[int] = range(reads.left, reads.right + 1)
        if reads.right - reads.left > len(columns):
            wanted = [column for column in columns if reads.left <= column <= reads.right]
        for column in wanted:
            if column in columns:
                firsts, numbers = columns[column]
                start = max(bisect_right(firsts, reads.top) - 1, 0)
                for i in numbers[start : bisect_right(firsts, reads.bottom)]:
                    if self.blocks[i].last >= reads.top:
                        found.add(i)
        return found

    def _filling(self, reads: Reads) -> set[int]:
        """The arrays, or the hub of arrays, that may fill a cell of a rectangle."""
        if reads.sheet not in self._hubs:
            numbers = self._spreads.get(reads.sheet, ())
            return {i for i in numbers if _fills(self.blocks[i], reads)}
        hub, top, left = self._hubs[reads.sheet]
        return {hub} if reads.bottom >= top and reads.right >= left else set()

    def components(self) -> list[list[int]]:
        """The strongly connected components, precedents before dependents (Tarjan)."""
        order: dict[int, int] = {}
        low: dict[int, int] = {}
        stack: list[int] = []
        on_stack: set[int] = set()
        found: list[list[int]] = []
        for root in range(len(self.precedents)):
            if root in order:
                continue
            work = [(root, iter(self.precedents[root]))]
            order[root] = low[root] = len(order)
            stack.append(root)
            on_stack.add(root)
            while work:
                node, rest = work[-1]
                for other in rest:
                    if other not in order:
                        order[other] = low[other] = len(order)
                        stack.append(other)
                        on_stack.add(other)
                        work.append((other, iter(self.precedents[other])))
                        break
                    if other in on_stack:
                        low[node] = min(low[node], order[other])
                else:
                    work.pop()
                    if work:
                        low[work[-1][0]] = min(low[work[-1][0]], low[node])
                    if low[node] == order[node]:
                        found.append(_popped(stack, on_stack, node))
        return found

    def reached(
        self, seeds: Sequence[tuple[int, Rows]]
    ) -> Iterator[tuple[int, Rows, tuple[int, int]]]:
        """What depends on the given rows of blocks: block, rows, and (block, row) of the seed.

        Rows reached are kept as one span per block, so a span can only be too wide.
        """
        dependents: dict[int, list[int]] = defaultdict(list)
        for i, precedents in enumerate(self.precedents):
            for other in precedents:
                dependents[other].append(i)
        spans: dict[int, tuple[Rows, tuple[int, int]]] = {}
        work = [(i, rows, (i, rows[0])) for i, rows in seeds]
        while work:
            i, rows, seed = work.pop()
            for j in dependents[i]:
                new = self._affected(j, i, rows)
                if new is None:
                    continue
                old, first_seed = spans.get(j, (new, seed))
                merged = (min(old[0], new[0]), max(old[1], new[1]))
                if j not in spans or merged != old:
                    spans[j] = merged, first_seed
                    work.append((j, merged, first_seed))
        for i, (rows, seed) in spans.items():
            if not self.is_hub(i):
                yield i, rows, seed

    def _affected(self, i: int, source_number: int, rows: Rows) -> Rows | None:
        """The rows of a block that read one of these rows of another."""
        if self.is_hub(i) or self.is_hub(source_number):
            return (1, 1) if self.is_hub(i) else (self.blocks[i].first, self.blocks[i].last)
        block = self.blocks[i]
        if block.reads_anything or self.blocks[source_number].spread:
            return block.first, block.last
        source = self.blocks[source_number]
        parts = [
            _readers(reads, block, rows)
            for reads in block.reads
            if reads.left <= source.column <= reads.right and reads.sheet == source.sheet.lower()
        ]
        parts = [(first, last) for first, last in parts if first <= last]
        if not parts:
            return None
        first, last = min(part[0] for part in parts), max(part[1] for part in parts)
        if block is source:  # a running total: what one row does to the next goes on to the end
            first = block.first if first <= rows[0] else first
            last = block.last if last >= rows[1] else last
        return first, last


def _by_column(blocks: Sequence[Block]) -> dict[str, dict[int, tuple[list[int], list[int]]]]:
    """By sheet and column: the first rows of blocks in rising order, and their numbers."""
    starts: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for i, block in enumerate(blocks):
        starts[block.sheet.lower(), block.column].append((block.first, i))
    found: dict[str, dict[int, tuple[list[int], list[int]]]] = {}
    for (sheet, column), pairs in starts.items():
        pairs.sort()
        found.setdefault(sheet, {})[column] = [row for row, _ in pairs], [i for _, i in pairs]
    return found


def _is_wide(block: Block) -> bool:
    """Whether an array filled more cells than its own when the file was saved."""
    spread = block.spread
    return spread is not None and (spread.bottom, spread.right) != (block.first, block.column)


def _fills(block: Block, reads: Reads) -> bool:
    """Whether an array filled a cell of a rectangle when the file was saved."""
    assert block.spread is not None
    return (
        block.first <= reads.bottom
        and block.column <= reads.right
        and block.spread.bottom >= reads.top
        and block.spread.right >= reads.left
    )


def _readers(reads: Reads, block: Block, rows: Rows) -> Rows:
    """The rows of a block in which this reference meets these rows; first > last for none."""
    first, last = block.first, block.last
    if reads.bottom_moves:
        first = max(first, rows[0] - (reads.bottom - block.first))
    elif reads.bottom < rows[0]:
        first = last + 1
    if reads.top_moves:
        last = min(last, rows[1] - (reads.top - block.first))
    elif reads.top > rows[1]:
        first = last + 1
    return first, last


def _over(reads: Reads, block: Block) -> Reads:
    """The rectangle that all cells of a block read together."""
    down = block.last - block.first
    bottom = min(reads.bottom + down, LAST_ROW) if reads.bottom_moves else reads.bottom
    top = reads.top
    if reads.top_moves and not reads.bottom_moves:
        top = min(top, reads.bottom)
        bottom = max(bottom, reads.top + down)
    if reads.bottom_moves and not reads.top_moves:
        top = min(top, reads.bottom)
    return reads._replace(top=top, bottom=bottom)


def _popped(stack: list[int], on_stack: set[int], node: int) -> list[int]:
    at = len(stack) - 1
    while stack[at] != node:
        at -= 1
    component = stack[at:]
    del stack[at:]
    on_stack.difference_update(component)
    return component
