"""Formulas that depend on themselves.

First by runs, which is quick and finds too much: a running balance reads the row above, in its own
run. What is found is then looked at cell by cell. References by name and by table count; what
OFFSET and INDIRECT would reach is not followed.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from xlmodel.hosts.syntax import area, moved
from xlmodel.workbook.check.book import Book, SheetFacts
from xlmodel.workbook.check.formula import Formula
from xlmodel.workbook.check.places import Place
from xlmodel.workbook.check.rule import Skip
from xlmodel.workbook.check.runs import Run

MOST_CELLS = 200_000
_Node = tuple[SheetFacts, Run]
_Read = tuple[str, int, int, int, int]
_Bounds = tuple[int, ...]
_Moving = tuple[str, _Bounds, _Bounds]
"""Sheet, bounds as read from the formula's first cell, and 1 for each bound that moves along."""
_FIXED = (0, 0, 0, 0)
_Cell = tuple[int, int]
"""The number of a run, and a row of it."""


def circles(book: Book) -> Iterator[tuple[str, Place, str]]:
    """A sentence for each circle, at its first cell."""
    graph = _Graph(book)
    suspects = [found for found in components(graph.runs_read) if graph.may_be_circle(found)]
    count = sum(graph.nodes[i][1].place.count for found in suspects for i in found)
    if count > MOST_CELLS:
        raise Skip(f"{count:,} cells refer to one another: too many to follow here")
    for suspect in suspects:
        cells = [
            (i, row)
            for i in suspect
            for row in range(graph.nodes[i][1].top, graph.nodes[i][1].bottom + 1)
        ]
        numbers = {cell: i for i, cell in enumerate(cells)}
        edges = [graph.cells_read(cell, numbers) for cell in cells]
        for circle in components(edges):
            if len(circle) > 1 or circle[0] in edges[circle[0]]:
                yield graph.told([cells[i] for i in sorted(circle)])


class _Graph:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._known: dict[int, list[_Moving]] = {}
        self._tables = {table.name.lower(): table for table in book.tables}
        self.nodes: list[_Node] = list(book.formulas())
        self._columns: dict[tuple[str, int], list[int]] = {}
        for i, (sheet, run) in enumerate(self.nodes):
            self._columns.setdefault((sheet.name.lower(), run.column), []).append(i)
        self._tops = {
            key: [self.nodes[i][1].top for i in found] for key, found in self._columns.items()
        }
        self._sheets: dict[str, list[int]] = {}
        for name, column in self._columns:
            self._sheets.setdefault(name, []).append(column)
        self.runs_read = [sorted(self._read_by_run(node)) for node in self.nodes]

    def may_be_circle(self, found: Sequence[int]) -> bool:
        return len(found) > 1 or found[0] in self.runs_read[found[0]]

    def told(self, cells: list[_Cell]) -> tuple[str, Place, str]:
        sheet, run = self.nodes[cells[0][0]]
        row = cells[0][1]
        place = Place(row, run.column, row, run.column)
        if len(cells) == 1:
            return sheet.name, place, f"reads its own cell: {_text(run)}"
        others = []
        for i, other in cells[1:4]:
            where, there = self.nodes[i]
            others.append(f"{where.name}!{Place(other, there.column, other, there.column)}")
        more = f" and {len(cells) - 4} more" if len(cells) > 4 else ""
        return sheet.name, place, f"depends on itself by way of {', '.join(others)}{more}"

    def _read_by_run(self, node: _Node) -> set[int]:
        sheet, run = node
        found: set[int] = set()
        first = list(self._reads(sheet, run, run.top))
        last = list(self._reads(sheet, run, run.bottom)) if run.bottom > run.top else first
        for low, high in zip(first, last, strict=False):
            name, top, left, bottom, right = low
            found.update(
                i
                for i in self._within(
                    name, min(top, high[1]), left, max(bottom, high[3]), right
                )
            )
        return found

    def cells_read(self, cell: _Cell, numbers: dict[_Cell, int]) -> list[int]:
        sheet, run = self.nodes[cell[0]]
        found: set[int] = set()
        for name, top, left, bottom, right in self._reads(sheet, run, cell[1]):
            for i in self._within(name, top, left, bottom, right):
                other = self.nodes[i][1]
                for row in range(max(top, other.top), min(bottom, other.bottom) + 1):
                    if (i, row) in numbers:
                        found.add(numbers[i, row])
        return sorted(found)

    def _within(self, sheet: str, top: int, left: int, bottom: int, right: int) -> Iterator[int]:
        columns = self._sheets.get(sheet, ())
        wide = right - left >= len(columns)
        for column in columns if wide else range(left, right + 1):
            if not left <= column <= right:
                continue
            runs = self._columns.get((sheet, column), ())
            at = bisect_left(self._tops.get((sheet, column), []), top)
            for i in runs[max(at - 1, 0) :]:
                if self.nodes[i][1].top > bottom:
                    break
                if self.nodes[i][1].bottom >= top:
                    yield i

    def _reads(self, sheet: SheetFacts, run: Run, row: int) -> Iterator[_Read]:
        """What the formula reads from that row; in the same order for each row."""
        formula = run.formula
        assert formula is not None
        known = self._known.get(id(formula))
        if known is None:
            known = self._known[id(formula)] = list(self._words(sheet, formula))
        down, across = row - formula.row, run.column - formula.column
        for name, (top, left, bottom, right), (t, le, b, r) in known:
            yield (
                name,
                top + t * down,
                left + le * across,
                bottom + b * down,
                right + r * across,
            )

    def _words(self, sheet: SheetFacts, formula: Formula) -> Iterator[_Moving]:
        """What the formula reads from its first cell, and which of its bounds move along."""
        for word in formula.words:
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
