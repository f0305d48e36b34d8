"""Blocks: a run of cells down a column that hold the same formula, and what each reads.

A sheet of 100,000 rows with seven formulas is seven blocks. Everything that needs thought (the
rewriting, the dependencies, whether a column can be one call) happens once per block.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from xlmodel.hosts.engine import support
from xlmodel.hosts.engine.book import Book, SheetFormulas, Spread
from xlmodel.hosts.engine.rewrite import Rewriter
from xlmodel.hosts.engine.syntax import address, area, pattern, tokens


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
        for column, (rows, texts) in sheet.columns.items()
        for block in _column(sheet, column, rows, texts, rewriter)
    ]


def _column(
    sheet: SheetFormulas, column: int, rows: list[int], texts: list[str], rewriter: Rewriter
) -> Iterator[Block]:
    start = 0
    while start < len(rows):
        row, stored = rows[start], texts[start]
        spread = sheet.spreads.get((row, column))
        new = rewriter.rewrite(stored, sheet.name, row, column, array=spread is not None)
        end = start + 1
        if spread is None:
            end = _same_until(rows, texts, start, new.last_row, sheet, column)
        known = sheet.problems.get((row, column))
        block = Block(
            sheet.name,
            column,
            row,
            rows[end - 1],
            new.text,
            stored,
            spread,
            (known,) if known else new.problems,
            texts=texts[start:end],
        )
        yield with_reads(block)
        start = end


def _same_until(
    rows: list[int], texts: list[str], start: int, last_row: int, sheet: SheetFormulas, column: int
) -> int:
    """Just past the last of the cells from ``start`` on that hold the same formula."""
    limit = start + min(len(rows) - start, last_row - rows[start] + 1)
    special = [row for row, at in (*sheet.spreads, *sheet.problems) if at == column]
    limit = min([limit, *(bisect_left(rows, row) for row in special if row > rows[start])])
    here = pattern(texts[start], rows[start])
    end, step = start + 1, 4
    while end < limit:
        stop = min(end + step, limit)
        expected = range(rows[start] + end - start, rows[start] + stop - start)
        if rows[end:stop] != list(expected) or texts[end:stop] != here.at(expected):
            found = zip(expected, here.at(expected), strict=True)
            actual = zip(rows[end:stop], texts[end:stop], strict=True)
            same = (a == b for a, b in zip(found, actual, strict=True))
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
