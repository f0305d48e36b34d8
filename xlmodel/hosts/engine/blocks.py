"""Blocks: a run of cells down a column that hold the same formula, and what each reads.

A sheet of 100,000 rows with seven formulas is seven blocks. Everything that needs thought (the
rewriting, the dependencies, whether a column can be one call) happens once per block.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from xlmodel.hosts.engine import support
from xlmodel.hosts.engine.book import Book, SheetFormulas, Spread
from xlmodel.hosts.engine.fixes import FIT
from xlmodel.hosts.engine.rewrite import Rewriter
from xlmodel.hosts.syntax import address, area, pattern, tokens


class Reads(NamedTuple):
    """A rectangle that a block's first cell reads; which of its edges move with the row."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    top_moves: bool
    bottom_moves: bool


@dataclass
class Block:
    """Cells ``first`` to ``last`` of a column, with the formula of the first of them.

    ``formula`` is the engine's text, ``stored`` the file's; ``problems`` say why the engine can't
    evaluate it.
    """

    sheet: str
    column: int
    first: int
    last: int
    formula: str
    stored: str
    spread: Spread | None = None
    problems: tuple[str, ...] = ()
    reads: tuple[Reads, ...] = ()
    reads_anything: bool = False
    scratch: bool = False
    texts: Sequence[str] = field(default=(), repr=False)

    @property
    def rows(self) -> int:
        return self.last - self.first + 1

    @property
    def where(self) -> str:
        return f"{self.sheet}!{address(self.first, self.column)}"

    def formulas(self) -> list[str]:
        """The engine's formula of each cell."""
        return pattern(self.formula, self.first).at(range(self.first, self.last + 1))

    def stored_at(self, row: int) -> str:
        return self.texts[row - self.first] if self.texts else self.stored


def cut(book: Book, rewriter: Rewriter) -> list[Block]:
    """All formulas of a workbook as blocks."""
    return [
        block
        for sheet in book.sheets
        for column in sheet.columns
        for block in _Cutter(sheet, column, rewriter).blocks()
    ]


class _Cutter:
    """Cuts one column of a sheet into blocks."""

    def __init__(self, sheet: SheetFormulas, column: int, rewriter: Rewriter) -> None:
        self._sheet = sheet
        self._column = column
        self._rewriter = rewriter
        self._rows, self._texts = sheet.columns[column]
        self._singles = sheet.singles.get(column, set())
        self._alone = sorted(r for r, c in (*sheet.spreads, *sheet.problems) if c == column)
        self._alone_or_single = sorted({*self._alone, *self._singles})

    def blocks(self) -> Iterator[Block]:
        start = 0
        while start < len(self._rows):
            block, start = self._block(start)
            yield with_reads(block)

    def _block(self, start: int) -> tuple[Block, int]:
        """The block that begins here, and where the next one does."""
        row, stored = self._rows[start], self._texts[start]
        place = row, self._column
        spread = self._sheet.spreads.get(place)
        is_single = row in self._singles
        array = spread is not None or is_single
        new = self._rewriter.rewrite(stored, self._sheet.name, *place, array)
        if is_single and not new.one_value:
            spread = Spread(True, *place)
        end = start + 1
        if spread is None and place not in self._sheet.problems:
            breaks = self._alone if new.one_value else self._alone_or_single
            end = self._same_until(start, new.last_row, breaks)
        text = new.text
        if spread is not None and not spread.dynamic:  # of what it gives, the part that fits
            rows, columns = spread.bottom - row + 1, spread.right - self._column + 1
            text = f"{FIT}({text},{rows},{columns})"
        known = self._sheet.problems.get(place)
        block = Block(
            self._sheet.name,
            self._column,
            row,
            self._rows[end - 1],
            text,
            stored,
            spread,
            (known,) if known else new.problems,
            texts=self._texts[start:end],
        )
        return block, end

    def _same_until(self, start: int, last_row: int, breaks: list[int]) -> int:
        """Just past the last of the cells from ``start`` on that hold the same formula."""
        rows, texts = self._rows, self._texts
        first = rows[start]
        at = bisect_right(breaks, first)
        if at < len(breaks):
            last_row = min(last_row, breaks[at] - 1)
        limit = min(len(rows), start + last_row - first + 1)
        here = pattern(texts[start], first)
        end, step = start + 1, 4
        while end < limit:
            stop = min(end + step, limit)
            expected = range(first + end - start, first + stop - start)
            if rows[end:stop] != list(expected) or texts[end:stop] != here.at(expected):
                wanted = zip(expected, here.at(expected), strict=True)
                actual = zip(rows[end:stop], texts[end:stop], strict=True)
                same = (a == b for a, b in zip(wanted, actual, strict=True))
                return end + sum(takewhile(bool, same))
            end, step = stop, step * 4
        return end


def with_reads(block: Block) -> Block:
    """The block with what it reads, from its formula."""
    words = tokens(block.formula)
    found = []
    for word in words:
        if word.kind == "ref":
            a = area(word.text)
            sheet = a.sheet(block.sheet)
            found.append(Reads(sheet.lower(), *a[1:]))
    block.reads = tuple(dict.fromkeys(found))
    block.reads_anything = support.is_dynamic(words)
    return block
