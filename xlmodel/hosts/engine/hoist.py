"""Calls of our functions, lifted out of a column's formulas into one call for the whole column.

Called cell by cell from the engine, a Python function costs about twenty times a native formula;
one call over a column costs less than one. So where a block of many rows calls one of our
functions with cells, constants or arithmetic on them, the call becomes a block of its own: in
place when the formula is nothing else, otherwise in a column of a scratch sheet, to which the
rest of the formula then refers. Arithmetic among the arguments becomes a scratch column of plain
formulas, so that it is the engine that computes it, cell by cell, either way.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from xlmodel.hosts.engine.blocks import Block, Reads, with_reads
from xlmodel.hosts.engine.book import Value
from xlmodel.hosts.engine.graph import Graph
from xlmodel.hosts.engine.rewrite import EMPTY_CELL
from xlmodel.hosts.syntax import (
    LAST_COLUMN,
    Call,
    Token,
    area,
    calls,
    column_letters,
    quoted,
    tokens,
)
from xlmodel.registry import Function, Parameter, functions
from xlmodel.units import MustBeBlank

SCRATCH_SHEET = "xlmodel scratch"
FEWEST_ROWS = 50
_PLAIN = {"ref", "number", "text", "space", "open", "close", "op"}
_NOT_ARITHMETIC = {"@", ":", "#"}


class Argument(NamedTuple):
    """One argument of a lifted call: a constant, or the cells that it reads."""

    constant: Value = None
    reads: Reads | None = None

    @property
    def moves(self) -> bool:
        return self.reads is not None and self.reads.top_moves


@dataclass
class Lifted:
    """A call of one of our functions, for all rows of a block."""

    function: Function
    arguments: tuple[Argument, ...]


@dataclass
class Plan:
    """All blocks to evaluate, those among them that are lifted calls, and their dependencies."""

    blocks: list[Block]
    lifted: dict[int, Lifted]
    graph: Graph


def plan(blocks: Sequence[Block], enabled: bool = True) -> Plan:
    """Lift what can be lifted without making a circle where there was none."""
    lifter = _Lifter()
    groups = [lifter.lift(block) if enabled else [(block, None)] for block in blocks]
    while True:
        flat = [(block, call, g) for g, group in enumerate(groups) for block, call in group]
        parts = [block for block, _, _ in flat]
        graph = Graph(parts, spread_anywhere=True)
        in_circle = _in_circle(graph) if any(call for _, call, _ in flat) else set()
        bad = {flat[i][2] for i in in_circle if flat[i][1] is not None}
        if not bad:
            lifted = {i: call for i, (_, call, _) in enumerate(flat) if call is not None}
            return Plan(parts, lifted, graph)
        for g in bad:
            groups[g] = [(blocks[g], None)]


def _in_circle(graph: Graph) -> set[int]:
    return {
        i
        for component in graph.components()
        for i in component
        if not graph.is_hub(i) and (len(component) > 1 or i in graph.precedents[i])
    }


class _Lifter:
    """Takes calls out of blocks, and hands out scratch columns."""

    def __init__(self) -> None:
        self._ours = functions()
        self._columns = 0

    def lift(self, block: Block) -> list[tuple[Block, Lifted | None]]:
        """The block in parts, each with its lifted call or None; parts before what needs them."""
        whole: list[tuple[Block, Lifted | None]] = [(block, None)]
        if block.rows < FEWEST_ROWS or block.spread or block.problems:
            return whole
        words = tokens(block.formula)
        if not any(word.kind == "call" and word.text in self._ours for word in words):
            return whole
        parts: list[tuple[Block, Lifted | None]] = []
        texts = [word.text for word in words]
        for call in calls(words):
            function = self._ours.get(words[call.start].text)
            if function is not None:
                self._lift_call(block, texts, call, function, parts)
        if not parts:
            return whole
        rest = "".join(texts)
        if parts[-1][0].scratch and rest == _reference(parts[-1][0]):
            last, lifted = parts.pop()
            own = replace(block, formula=last.formula, reads=last.reads)
            return [*parts, (own, lifted)]
        return [*parts, (with_reads(replace(block, formula=rest)), None)]

    def _lift_call(
        self,
        block: Block,
        texts: list[str],
        call: Call,
        function: Function,
        parts: list[tuple[Block, Lifted | None]],
    ) -> None:
        """Lift one call, if it can be; ``texts`` then refers to the scratch column instead."""
        spans = ["".join(texts[start:end]).strip() for start, end in call.arguments]
        if len(spans) > len(function.parameters) or self._columns + len(spans) >= LAST_COLUMN:
            return
        arguments: list[Argument] = []
        helpers: list[tuple[Block, Lifted | None]] = []
        shown: list[str] = []
        for p, text in zip(function.parameters, spans, strict=False):
            argument, helper = self._argument(block, p, text)
            if argument is None:
                return
            arguments.append(argument)
            helpers += [(helper, None)] if helper else []
            shown.append(_reference(helper) if helper else _qualified(tokens(text), block.sheet))
        parts += helpers
        own = self._scratch(block, f"{function.name}({','.join(shown)})")
        parts.append((own, Lifted(function, tuple(arguments))))
        texts[call.start : call.end] = [_reference(own)] + [""] * (call.end - call.start - 1)

    def _argument(
        self, block: Block, p: Parameter, text: str
    ) -> tuple[Argument | None, Block | None]:
        """What to pass for an argument, and the scratch block that computes it, if one has to."""
        words = _bare([word for word in tokens(text) if word.kind != "space"])
        if not words or words[0].text == EMPTY_CELL:
            return Argument(), None
        if len(words) == 1 and words[0].kind != "ref":
            known, constant = _constant(words[0])
            return (Argument(constant) if known else None), None
        if len(words) == 1:
            reads = _reads(words[0].text, block)
            return (Argument(reads=reads) if _fits(reads, p) else None), None
        if not _is_arithmetic(words) or not _varies(p):
            return None, None
        helper = self._scratch(block, _qualified(tokens(text), block.sheet))
        return Argument(reads=_reads(_reference(helper), block)), helper

    def _scratch(self, block: Block, formula: str) -> Block:
        self._columns += 1
        return with_reads(
            Block(SCRATCH_SHEET, self._columns, block.first, block.last, formula, "", scratch=True)
        )


def _reference(block: Block) -> str:
    return f"{quoted(block.sheet)}{column_letters(block.column)}{block.first}"


def _reads(text: str, block: Block) -> Reads:
    a = area(text)
    return Reads(a.sheet(block.sheet), *a[1:])


def _fits(reads: Reads, p: Parameter) -> bool:
    """Whether a reference means the same to the call for a column as to each cell's own call."""
    is_cell = reads.top == reads.bottom and reads.left == reads.right
    if is_cell:
        return not reads.top_moves or _varies(p)
    return not (reads.top_moves or reads.bottom_moves or p.broadcasts)


def _varies(p: Parameter) -> bool:
    """Whether a range for this argument gives one result per row."""
    return p.broadcasts and not p.repeated and not isinstance(p.kind, MustBeBlank)


def _constant(word: Token) -> tuple[bool, Value]:
    if word.kind == "number":
        return True, float(word.text)
    if word.kind == "text":
        return True, word.text[1:-1].replace('""', '"')
    truth = {"TRUE": True, "FALSE": False}.get(word.text.upper())
    return truth is not None, truth


def _bare(words: list[Token]) -> list[Token]:
    """An argument without what changes nothing around it: parentheses and plus signs.

    A helper cell with ``=(D1)`` would turn a blank into a zero.
    """
    inner = words
    while inner and (inner[0].text == "+" or _is_enclosed(inner)):
        inner = inner[1:] if inner[0].text == "+" else inner[1:-1]
    return inner if len(inner) == 1 else words


def _is_enclosed(words: Sequence[Token]) -> bool:
    """Whether the first parenthesis closes with the last word."""
    depth = 0
    for i, word in enumerate(words):
        depth += (word.kind == "open") - (word.kind == "close")
        if depth == 0:
            return i > 0 and i == len(words) - 1
    return False


def _is_arithmetic(words: Collection[Token]) -> bool:
    return all(
        word.kind in _PLAIN
        and word.text not in _NOT_ARITHMETIC
        and (word.kind != "ref" or area(word.text).is_cell)
        for word in words
    )


def _qualified(words: Sequence[Token], sheet: str) -> str:
    """The formula with its sheet named, so that it can stand on another one."""
    return "".join(
        quoted(sheet) + word.text
        if word.kind == "ref" and not area(word.text).prefix
        else word.text
        for word in words
    )
