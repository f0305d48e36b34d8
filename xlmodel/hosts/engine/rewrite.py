"""Formulas from a file, rewritten so that the engine computes what Excel would.

The engine has traps that give no error: an argument left out reaches a Python function as zero,
a reference to a table can be misread, a name that holds a formula is unknown to it. So names and
structured references become plain references, arguments left out of our functions refer to a
cell that is always blank, and a formula that Excel evaluates for its own row or column only gets
the ``@`` that says so. What the engine can't evaluate is found here, by reading the formula, and
never from its result, since IFERROR may have turned a failure into a number.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from xlmodel.hosts.engine import support
from xlmodel.hosts.engine.book import Book
from xlmodel.hosts.engine.fixes import fixed
from xlmodel.hosts.engine.structured import BadReferenceError, Place, resolve
from xlmodel.hosts.syntax import (
    LAST_ROW,
    Token,
    area,
    calls,
    moved,
    tokens,
)
from xlmodel.registry import Function, functions

EMPTY_SHEET = "xlmodel empty"
EMPTY_CELL = f"'{EMPTY_SHEET}'!$A$1"
_DEEPEST_NAME = 64
LONGEST = 16_384
"""An expanded formula of more characters is not evaluated; Excel itself takes 8,192."""
_OPERAND_END = {"ref", "close", "name", "error", "text", "number"}
_OPERAND_START = {"ref", "open", "name", "call"}


class Rewritten(NamedTuple):
    """A formula for the engine, up to which row it holds when filled down, and the problems.

    ``one_value`` says that it surely gives a single value, whatever the cells hold.
    """

    text: str
    last_row: int
    problems: tuple[str, ...]
    one_value: bool


class Rewriter:
    """Rewrites the formulas of one workbook."""

    def __init__(self, book: Book, supports: Callable[[str], bool]) -> None:
        self._names = book.names
        self._tables = book.tables
        self._supports = supports
        self._ours = functions()
        self.other_definitions: dict[str, None] = {}
        """Our functions that the workbook defines otherwise, as LAMBDA names, and calls."""

    def rewrite(self, formula: str, sheet: str, row: int, column: int, array: bool) -> Rewritten:
        """``array``: whether the file stores it as one that may return several values."""
        scan = _Scan(self, sheet, row, column)
        expanded = scan.expanded(formula, 0)
        words = tokens(expanded)
        problems = [*scan.problems, *self._unsupported(words)]
        text = "".join(self._finished(words, array))
        one_value = support.gives_one_value(words, calls(words), self._ours)
        return Rewritten(text, scan.last_row, tuple(dict.fromkeys(problems)), one_value)

    def name(self, name: str, sheet: str) -> str | None:
        """The formula behind a defined name as seen from a sheet."""
        prefix, _, bare = name.rpartition("!")
        scope = prefix.strip("'").replace("''", "'").lower() if prefix else sheet.lower()
        key = bare.lower()
        return self._names.get((scope, key), self._names.get(("", key)))

    def place(self, text: str, sheet: str, row: int, column: int) -> Place:
        return resolve(text, self._tables, sheet, row, column)

    def is_table(self, name: str) -> bool:
        return name.lower() in self._tables

    def is_ours(self, name: str) -> bool:
        return name in self._ours

    def note_definition(self, name: str, definition: str | None) -> None:
        """Remember whether the workbook has a LAMBDA of its own behind one of our names."""
        if definition is None or name in self.other_definitions:
            return
        stored = _compact(definition)
        is_lambda = support.plain_name(stored.partition("(")[0]) == "LAMBDA"
        if is_lambda and stored != _our_definition(self._ours[name]):
            self.other_definitions[name] = None

    def _unsupported(self, words: Sequence[Token]) -> list[str]:
        problems = list(support.constructs(words))
        for call in calls(words):
            name = words[call.start].text
            if self.is_ours(name) or name == "SINGLE" or name.startswith("_xlpm."):
                continue
            reason = support.why_not(name, [words[a:b] for a, b in call.arguments])
            if reason is None and not self._supports(name):
                reason = f"the function {name} is not known to the engine"
            if reason is not None:
                problems.append(reason)
        return problems

    def _finished(self, words: Sequence[Token], array: bool) -> list[str]:
        texts = [word.text for word in words]
        found = calls(words)
        spills = not array and support.may_spill(words, found, self._ours)
        if not array:
            for i in support.intersecting(words, found, self._ours):
                texts[i] = "@" + texts[i]
        for call in found:
            name = words[call.start].text
            if name == "SINGLE":
                texts[call.start] = "@"
            if self.is_ours(name):
                for start, end in call.arguments:
                    if not "".join(texts[start:end]).strip():
                        texts[end] = EMPTY_CELL + texts[end]
            instead = fixed(name, ["".join(texts[start:end]) for start, end in call.arguments])
            if instead is not None and len(instead) < LONGEST:
                texts[call.start : call.end] = [instead] + [""] * (call.end - call.start - 1)
        if spills:
            return ["@(", *texts, ")"]
        return texts


class _Scan:
    """One formula on its way: what its names and references stand for in this cell."""

    def __init__(self, rewriter: Rewriter, sheet: str, row: int, column: int) -> None:
        self._rewriter = rewriter
        self._sheet, self._row, self._column = sheet, row, column
        self.last_row = LAST_ROW
        self.problems: list[str] = []
        self._meanings: dict[str, str] = {}
        self._open: set[str] = set()

    def expanded(self, formula: str, depth: int) -> str:
        words = tokens(formula)
        done = [self._expanded(word, depth) for word in words]
        if sum(map(len, done)) > LONGEST:
            self.problems.append(f"with its names it is longer than {LONGEST:,} characters")
            return "#NAME?"
        for i in range(1, len(words) - 1):
            if words[i].kind == "space" and _is_intersection(words[i - 1], words[i + 1]):
                self.problems.append("the intersection operator (a blank) is not supported")
        return "".join(done)

    def _expanded(self, word: Token, depth: int) -> str:
        kind, text = word
        if kind == "ref":
            return self._reference(text)
        if kind == "error":
            return text.rpartition("!#")[0] and "#REF!" if "!#" in text else text
        if kind == "struct":
            return self._structured(text)
        if kind == "name":
            return self._name(text, depth)
        if kind == "call":
            return self._call(text)
        return text

    def _reference(self, text: str) -> str:
        prefix = area(text).prefix
        if "[" in prefix:
            self.problems.append("it reads another workbook, and links are never refreshed")
        elif ":" in prefix:
            self.problems.append("a reference over several sheets is not supported")
        return text

    def _structured(self, text: str) -> str:
        if text.startswith("[") and "]!" in text:
            self.problems.append("it reads another workbook, and links are never refreshed")
            return text
        try:
            place = self._rewriter.place(text, self._sheet, self._row, self._column)
        except BadReferenceError as error:
            self.problems.append(str(error))
            return "#REF!"
        self.last_row = min(self.last_row, place.last_row)
        return place.text

    def _name(self, text: str, depth: int) -> str:
        if text.upper() in {"TRUE", "FALSE"} or text.startswith(("_xlpm.", "_xlop.")):
            return text
        if "[" in text.rpartition("!")[0]:
            self.problems.append("it reads another workbook, and links are never refreshed")
            return text
        meaning = self._rewriter.name(text, self._sheet)
        if meaning is None:
            return self._structured(text) if self._rewriter.is_table(text) else text
        key = text.lower()
        if key in self._open or depth > _DEEPEST_NAME:
            self.problems.append(
                "its names refer to each other in a circle"
                if key in self._open
                else f"its names refer to each other more than {_DEEPEST_NAME} deep"
            )
            return "#NAME?"
        if key not in self._meanings:
            self._open.add(key)
            self._meanings[key] = self._meaning(text, meaning, depth)
            self._open.discard(key)
        return self._meanings[key]

    def _meaning(self, text: str, meaning: str, depth: int) -> str:
        """What stands in a formula in the place of a name."""
        meaning = moved(meaning.removeprefix("="), self._row - 1, self._column - 1)
        words = tokens(meaning)
        if len(words) == 1 and words[0].kind in {"ref", "number", "text", "error", "struct"}:
            return self._expanded(words[0], depth + 1)
        if words and words[0].kind == "call" and support.plain_name(words[0].text) == "LAMBDA":
            self.problems.append(f"the name {text} is a LAMBDA that is used without a call")
            return text
        return f"({self.expanded(meaning, depth + 1)})"

    def _call(self, text: str) -> str:
        if text.startswith("_xlpm."):
            return text
        name = support.function_name(text)
        if self._rewriter.is_ours(name):
            self._rewriter.note_definition(name, self._rewriter.name(text, self._sheet))
            return name
        if self._rewriter.name(text, self._sheet) is not None:
            self.problems.append(f"it calls {text}, a LAMBDA name of the workbook's own")
        return name


def _compact(formula: str) -> str:
    """A formula without the blanks between its words."""
    words = tokens(formula.removeprefix("="))
    return "".join(word.text for word in words if word.kind != "space")


@cache
def _our_definition(function: Function) -> str | None:
    """The LAMBDA that this version writes behind the name of a function."""
    from xlmodel.hosts import native

    return _compact(native.defined_name(function)) if native.has_twin(function) else None


def _is_intersection(before: Token, after: Token) -> bool:
    return before.kind in _OPERAND_END and after.kind in _OPERAND_START
