"""Formulas that depend on themselves.

First by runs, which is quick and finds too much: a running balance reads the column before, in its
own run. Where all that a group of runs reads of itself lies the same way (left, say) or in the same
column, only the latter can close a circle, and the group is asked again without the rest. What is
left is followed cell by cell. References by name and by table count; what OFFSET and INDIRECT would
reach does not.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from xlmodel.hosts.syntax import Token, area, calls, moved
from xlmodel.workbook.check.book import Book, SheetFacts
from xlmodel.workbook.check.formula import Formula
from xlmodel.workbook.check.places import Place
from xlmodel.workbook.check.rule import Skip
from xlmodel.workbook.check.runs import Run

MOST_CELLS = 200_000
_OF_PLACES = {"ROW", "COLUMN", "ROWS", "COLUMNS", "AREAS"}
_Node = tuple[SheetFacts, Run]
_Bounds = tuple[int, ...]
_Moving = tuple[str, _Bounds, _Bounds]
"""Sheet, bounds as read from the formula's first cell, and 1 for each bound that moves along."""
_FIXED = (0, 0, 0, 0)
_Cell = tuple[int, int, int]
"""The number of a run, and a row and column of it."""
_Step = tuple[int, int, int, int]
"""Least and greatest distance of a cell read from the cell that reads: columns, then rows."""
_Edges = dict[int, dict[int, _Step]]


def circles(book: Book) -> Iterator[tuple[str, Place, str]]:
    """A sentence for each circle, at its first cell."""
    graph = _Graph(book)
    suspects = [found for part in graph.parts(graph.edges) for found in graph.unproven(part)]
    count = sum(graph.nodes[i][1].place.cells for found in suspects for i in found)
    if count > MOST_CELLS:
        raise Skip(f"{count:,} cells refer to one another: too many to follow here")
    for suspect in suspects:
        cells = [cell for i in suspect for cell in graph.cells(i)]
        numbers = {cell: i for i, cell in enumerate(cells)}
        edges = [graph.cells_read(cell, numbers) for cell in cells]
        for circle in components(edges):
            if len(circle) > 1 or circle[0] in edges[circle[0]]:
                yield graph.told([cells[i] for i in sorted(circle)])


class _Graph:
    """Runs of formulas, and which of them each reads, with how far away."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._known: dict[int, list[_Moving]] = {}
        self._tables = {table.name.lower(): table for table in book.tables}
        self.nodes: list[_Node] = list(book.formulas())
        self._columns: dict[tuple[str, int], list[int]] = {}
        for i, (sheet, run) in enumerate(self.nodes):  # in the order of their first rows
            for column in range(run.left, run.right + 1):
                self._columns.setdefault((sheet.name.lower(), column), []).append(i)
        self._ends = {
            key: [self.nodes[i][1].bottom for i in found] for key, found in self._columns.items()
        }
        self._sheets: dict[str, list[int]] = {}
        for name, column in self._columns:
            self._sheets.setdefault(name, []).append(column)
        self.edges: _Edges = {i: self._read_by_run(node) for i, node in enumerate(self.nodes)}

    def parts(self, edges: _Edges) -> Iterator[list[int]]:
        """The groups of runs that may hold a circle."""
        order = list(edges)
        numbers = {node: i for i, node in enumerate(order)}
        lists = [[numbers[j] for j in edges[i] if j in numbers] for i in order]
        for part in components(lists):
            if len(part) > 1 or part[0] in lists[part[0]]:
                yield [order[i] for i in part]

    def unproven(self, part: list[int], edges: _Edges | None = None) -> Iterator[list[int]]:
        """What of a group may still hold a circle when one-way reading is taken out."""
        inside = set(part)
        source = self.edges if edges is None else edges
        own = {i: {j: s for j, s in source[i].items() if j in inside} for i in part}
        for low, high, sign in ((0, 1, 1), (0, 1, -1), (2, 3, 1), (2, 3, -1)):
            steps = [step for found in own.values() for step in found.values()]
            furthest = high if sign > 0 else low
            if all(sign * step[furthest] <= 0 for step in steps):
                rest = {
                    i: {j: step for j, step in found.items() if step[furthest] == 0}
                    for i, found in own.items()
                }
                if sum(map(len, rest.values())) == len(steps):
                    continue
                for smaller in self.parts(rest):
                    yield from self.unproven(smaller, rest)
                return
        yield part

    def cells(self, i: int) -> Iterator[_Cell]:
        place = self.nodes[i][1].place
        for row in range(place.top, place.bottom + 1):
            for column in range(place.left, place.right + 1):
                yield i, row, column

    def told(self, cells: list[_Cell]) -> tuple[str, Place, str]:
        i, row, column = cells[0]
        sheet, run = self.nodes[i]
        place = Place(row, column, row, column)
        if len(cells) == 1:
            return sheet.name, place, f"reads its own cell: {_text(run)}"
        others = [
            f"{self.nodes[j][0].name}!{Place(down, across, down, across)}"
            for j, down, across in cells[1:4]
        ]
        more = f" and {len(cells) - 4} more" if len(cells) > 4 else ""
        return sheet.name, place, f"depends on itself by way of {', '.join(others)}{more}"

    def _read_by_run(self, node: _Node) -> dict[int, _Step]:
        """The runs that a run reads, with the least and greatest step, in columns and in rows."""
        sheet, run = node
        found: dict[int, _Step] = {}
        formula = run.formula
        assert formula is not None
        for name, bounds, moves in self._reading(sheet, formula):
            top, left, bottom, right = bounds
            first = self._at(bounds, moves, run.top - formula.row, run.left - formula.column)
            last = self._at(bounds, moves, run.bottom - formula.row, run.right - formula.column)
            for i in self._within(name, first[0], first[1], last[2], last[3]):
                other = self.nodes[i][1]
                step = (
                    _least(left - formula.column, left, other.left, run.right, moves[1]),
                    _most(right - formula.column, right, other.right, run.left, moves[3]),
                    _least(top - formula.row, top, other.top, run.bottom, moves[0]),
                    _most(bottom - formula.row, bottom, other.bottom, run.top, moves[2]),
                )
                known = found.get(i, step)
                found[i] = (
                    min(known[0], step[0]),
                    max(known[1], step[1]),
                    min(known[2], step[2]),
                    max(known[3], step[3]),
                )
        return found

    def cells_read(self, cell: _Cell, numbers: dict[_Cell, int]) -> list[int]:
        sheet, run = self.nodes[cell[0]]
        formula = run.formula
        assert formula is not None
        found: set[int] = set()
        for name, bounds, moves in self._reading(sheet, formula):
            down, across = cell[1] - formula.row, cell[2] - formula.column
            top, left, bottom, right = self._at(bounds, moves, down, across)
            for i in self._within(name, top, left, bottom, right):
                other = self.nodes[i][1]
                for row in range(max(top, other.top), min(bottom, other.bottom) + 1):
                    for column in range(max(left, other.left), min(right, other.right) + 1):
                        if (i, row, column) in numbers:
                            found.add(numbers[i, row, column])
        return sorted(found)

    @staticmethod
    def _at(bounds: _Bounds, moves: _Bounds, down: int, across: int) -> _Bounds:
        top, left, bottom, right = bounds
        return (
            top + moves[0] * down,
            left + moves[1] * across,
            bottom + moves[2] * down,
            right + moves[3] * across,
        )

    def _within(self, sheet: str, top: int, left: int, bottom: int, right: int) -> set[int]:
        """The runs of formulas that have a cell in an area."""
        columns: Sequence[int] = self._sheets.get(sheet, ())
        narrow = right - left < len(columns)
        found: set[int] = set()
        for column in range(left, right + 1) if narrow else columns:
            if not left <= column <= right:
                continue
            runs = self._columns.get((sheet, column), ())
            ends = self._ends.get((sheet, column), [])
            for at in range(bisect_left(ends, top), len(runs)):
                if self.nodes[runs[at]][1].top > bottom:
                    break
                found.add(runs[at])
        return found

    def _reading(self, sheet: SheetFacts, formula: Formula) -> list[_Moving]:
        known = self._known.get(id(formula))
        if known is None:
            known = self._known[id(formula)] = list(self._words(sheet, formula))
        return known

    def _words(self, sheet: SheetFacts, formula: Formula) -> Iterator[_Moving]:
        """What the formula reads from its first cell, and which of its bounds move along."""
        for word in _without_places(formula.words):
            if word.kind == "ref":
                yield from _reference(sheet, word.text)
            elif word.kind == "name":
                place = self._book.names.seen_from(sheet.name, word.text.rpartition("!")[2])
                if place:
                    yield place.sheet.lower(), place[1:5], _FIXED
            elif word.kind == "struct":
                yield from self._structured(sheet, word.text, formula.row)

    def _structured(self, sheet: SheetFacts, text: str, row: int) -> Iterator[_Moving]:
        """A column of a table; anything harder to read counts as nothing read."""
        name, _, rest = text.partition("[")
        inside = rest.removesuffix("]").strip()
        own = inside.startswith("@") or "#This Row" in inside
        column = inside.removeprefix("@").replace("[#This Row],", "").strip("[]")
        for table in [self._tables.get(name.lower())] if name else self._tables.values():
            if table is None or column not in table.columns:
                continue
            if not name and not (table.sheet == sheet.name and table.top <= row <= table.bottom):
                continue
            left = table.left + table.columns.index(column)
            if own:
                yield table.sheet.lower(), (row, left, row, left), (1, 0, 1, 0)
            else:
                yield table.sheet.lower(), (table.top + 1, left, table.bottom, left), _FIXED


def _without_places(words: tuple[Token, ...]) -> Iterator[Token]:
    """The words without those that only say where a cell is, as in COLUMN(B3)."""
    left_out = {
        i
        for call in calls(words)
        if words[call.start].text.upper() in _OF_PLACES
        for start, end in call.arguments
        for i in range(start, end)
    }
    return (word for i, word in enumerate(words) if i not in left_out)


def _reference(sheet: SheetFacts, text: str) -> Iterator[_Moving]:
    found = area(text)
    if "[" in found.prefix:
        return
    for step in (1, -1):  # the one that stays on the sheet tells which bounds move
        shifted = moved(text, step, step)
        if "#REF!" not in shifted:
            there = area(shifted)[1:5]
            moves = tuple(abs(a - b) for a, b in zip(there, found[1:5], strict=True))
            yield found.sheet(sheet.name).lower(), found[1:5], moves
            return


def _least(offset: int, bound: int, edge: int, last: int, moves: int) -> int:
    """How far left of (or above) the cell that reads a cell read may lie, at most."""
    return max(offset, edge - last) if moves else max(bound, edge) - last


def _most(offset: int, bound: int, edge: int, first: int, moves: int) -> int:
    """How far right of (or below) the cell that reads a cell read may lie, at most."""
    return min(offset, edge - first) if moves else min(bound, edge) - first


def _text(run: Run) -> str:
    return run.formula.excerpt if run.formula else ""


def components(edges: Sequence[Sequence[int]]) -> list[list[int]]:
    """The strongly connected parts of a graph (Tarjan), without recursion.

    >>> sorted(map(sorted, components([[1], [2], [0], [0]])))
    [[0, 1, 2], [3]]
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[list[int]] = []
    for root in range(len(edges)):
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for child in rest:
                if child not in index:
                    index[child] = low[child] = len(index)
                    stack.append(child)
                    on_stack.add(child)
                    work.append((child, iter(edges[child])))
                    break
                if child in on_stack:
                    low[node] = min(low[node], index[child])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node) if len(stack) < 64 else _last(stack, node)
                    part = stack[at:]
                    del stack[at:]
                    on_stack.difference_update(part)
                    found.append(part)
    return found


def _last(stack: list[int], node: int) -> int:
    at = len(stack) - 1
    while stack[at] != node:
        at -= 1
    return at
