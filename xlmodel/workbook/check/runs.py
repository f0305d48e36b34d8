"""The cells of a sheet as runs, read in a stream.

A run is a block of cells of one kind and style and, where they hold formulas, of one formula as
filled. A million cells of a data table are a few dozen runs, so a
large sheet needs neither time nor memory after it has been read once, and what a rule finds along a
fill is one finding from the start.

``stream`` hands the rows over in pieces; one expression finds the cells in them.
"""

import re
from dataclasses import dataclass, field

from xlmodel.hosts.syntax import LAST_COLUMN, LAST_ROW, column_number
from xlmodel.workbook.check.formula import Formula, relative
from xlmodel.workbook.check.places import Place
from xlmodel.workbook.check.texts import VALUE, Texts, is_number
from xlmodel.workbook.sheetxml import unescape
from xlmodel.workbook.untrusted import WorkbookError

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"([^>]*?)'
    rb"(?:/>|>(?:<f>([^<]*)</f>)?<v>([^<]*)</v></c>|>(.*?)</c>)",
    re.DOTALL,
)
_FORMULA = re.compile(rb"\s*<f([^>]*?)(?:/>|>([^<]*)</f>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_ROW = re.compile(rb"<row\b([^>]*)>")
_KINDS = {b"s": "text", b"str": "text", b"inlineStr": "text", b"b": "boolean", b"e": "error"}
_TEXTS = {b"str", b"inlineStr"}  # also an empty one is a value
_MOST_LABELS = 100_000
_FURTHEST_LABEL = 5_000  # row; labels further down are those of data


class Unusual(Exception):  # noqa: N818 (a sign to read the sheet in another way)
    """The sheet is not in the form that the expressions expect."""


@dataclass(slots=True)
class Run:
    """A block of cells that are alike."""

    top: int
    left: int
    bottom: int
    right: int
    kind: str
    """blank, number, text, boolean or error: of the stored value, also where a formula gives it."""
    style: int
    formula: Formula | None
    value: bytes
    """Of a boolean or an error as stored; otherwise empty."""
    stored: bool
    """Whether a value is stored with the formula."""

    @property
    def place(self) -> Place:
        return Place(self.top, self.left, self.bottom, self.right)

    @property
    def is_constant(self) -> bool:
        return self.formula is None and self.kind != "blank"


@dataclass
class Cells:
    """What a sheet holds."""

    runs: list[Run] = field(default_factory=list)
    labels: dict[tuple[int, int], str] = field(default_factory=dict)
    """Typed and computed texts near the top, by row and column."""
    numbers_as_text: list[tuple[int, int, int]] = field(default_factory=list)
    """Row, column and style of texts that read as a number."""
    hidden_rows: list[int] = field(default_factory=list)
    count: int = 0


class Builder:
    """Cells, one after the other, to runs."""

    def __init__(self, name: str, texts: Texts) -> None:
        self._name = name
        self._texts = texts
        self._cells = Cells()
        self._open: dict[bytes, Run] = {}
        self._columns: dict[bytes, int] = {}
        self._heads: dict[bytes, tuple[int, bytes]] = {}
        self._formulas: dict[str, Formula] = {}
        self._shared: dict[bytes, Formula] = {}
        self._latest: Formula | None = None
        self._across = False  # whether the last fill that was recognised ran along a row
        self._recent: list[Run] = []

    def done(self) -> Cells:
        self._cells.runs = _joined(self._cells.runs + self._recent)
        self._recent = []
        return self._cells

    def add(self, rows: bytes) -> None:
        """The cells of some whole rows."""
        if b"<!" in rows:
            raise Unusual
        found = _CELL.findall(rows)
        if len(found) != rows.count(b"<c ") + rows.count(b"<c>"):
            raise Unusual
        if b"hidden=" in rows:
            self._note_hidden(rows)
        self._cells.count += len(found)
        heads, open_runs = self._heads, self._open
        row, number = 0, b""
        for letters, digits, head, text, value, body in found:
            if digits != number:
                row, number = int(digits), digits
            known = heads.get(head)
            style, kind = known if known is not None else self._head(head)
            if text or kind or not value:
                self._other(letters, row, style, kind, text, value, body)
                continue
            last = open_runs.get(letters)  # a plain number, of which large sheets have millions
            if (
                last is not None
                and last.bottom == row - 1
                and last.kind == "number"
                and last.style == style
                and last.formula is None
            ):
                last.bottom = row
            else:
                self._start(letters, row, "number", style, None, b"", True)
        self._close(row)

    def _close(self, row: int) -> None:
        """Make blocks of the runs that have ended, so that a wide sheet needs little memory."""
        closed = [run for run in self._recent if run.bottom < row]
        self._recent = [run for run in self._recent if run.bottom >= row]
        self._cells.runs += _joined(closed)

    def _other(
        self,
        letters: bytes,
        row: int,
        style: int,
        kind: bytes,
        text: bytes,
        value: bytes,
        body: bytes,
    ) -> None:
        """A cell that is not a plain number."""
        formula, rest = None, body
        if text:
            formula = self._parsed(text, letters, row)
        elif b"<f" in body:
            found = _FORMULA.match(body)
            if found is None:
                raise Unusual
            formula = self._reading(found[1], found[2], letters, row)
            rest = body[found.end() :]
        if formula and value and not kind:
            self._extend(letters, row, "number", style, formula, b"", True)
            return
        stored = bool(value or self._stored(rest)) or (kind in _TEXTS and b"<" in rest)
        name = _KINDS.get(kind, "number") if stored else "blank"
        told = b""
        if name == "text":
            self._text(letters, row, style, kind, value, rest)
        elif name in {"boolean", "error"}:
            told = value or self._stored(rest)
        self._extend(letters, row, name, style, formula, told, stored)

    def _text(
        self, letters: bytes, row: int, style: int, kind: bytes, value: bytes, rest: bytes
    ) -> None:
        if row <= _FURTHEST_LABEL:
            self._label(letters, row, kind, value, rest)
        shared = kind == b"s" and value in self._texts.numeric
        if shared or (kind == b"inlineStr" and is_number(self._stored(rest).decode("latin-1"))):
            self._cells.numbers_as_text.append((row, self._column(letters), style))

    def _extend(
        self,
        letters: bytes,
        row: int,
        kind: str,
        style: int,
        formula: Formula | None,
        value: bytes,
        stored: bool,
    ) -> None:
        """The cell as part of the run above it, or as a new one."""
        last = self._open.get(letters)
        if (
            last is not None
            and last.bottom == row - 1
            and last.formula is formula
            and last.kind == kind
            and last.style == style
            and last.value == value
            and last.left == last.right
        ):
            last.bottom = row
            return
        before = self._recent[-1] if formula and self._recent else None
        if (
            before is not None
            and before.formula is formula
            and before.top == before.bottom == row
            and before.right == self._column(letters) - 1
            and before.kind == kind
            and before.style == style
            and before.value == value
        ):  # filled along the row; what is also filled down becomes a block in the end
            before.right += 1
            self._open[letters] = before
        else:
            self._start(letters, row, kind, style, formula, value, stored)

    def _reading(self, given: bytes, text: bytes, letters: bytes, row: int) -> Formula:
        if b"shared" in given:
            number = dict(_ATTRIBUTE.findall(given)).get(b"si", b"")
            if not text:
                if number not in self._shared:
                    raise WorkbookError(
                        f"the sheet {self._name} is damaged: {letters.decode()}{row} shares a "
                        "formula that is not there"
                    )
                return self._shared[number]
            self._shared[number] = formula = self._parsed(text, letters, row)
            return formula
        return self._parsed(text, letters, row)

    def _parsed(self, text: bytes, letters: bytes, row: int) -> Formula:
        plain = (text or b"").decode(errors="replace")
        if "&" in plain:
            plain = unescape(plain)
        column = self._column(letters)
        last = self._open.get(letters)
        above = last.formula if last is not None and last.bottom == row - 1 else None
        guesses = (self._latest, above) if self._across else (above, self._latest)
        for guess in guesses:  # most cells are filled from above or from the left
            if guess is not None and guess.fill.is_known and guess.fill.at(row, column) == plain:
                self._across = guess is self._latest
                self._latest = guess
                return guess
        key = relative(plain, row, column)
        known = self._formulas.get(key)
        if known is None:
            known = self._formulas[key] = Formula(plain, key, row, column)
        self._latest = known
        return known

    def _start(
        self,
        letters: bytes,
        row: int,
        kind: str,
        style: int,
        formula: Formula | None,
        value: bytes,
        stored: bool,
    ) -> None:
        column = self._column(letters)
        if row > LAST_ROW:
            raise WorkbookError(f"the sheet {self._name} is damaged: it has a row {row}")
        run = Run(row, column, row, column, kind, style, formula, value, stored)
        self._open[letters] = run
        self._recent.append(run)

    def _column(self, letters: bytes) -> int:
        if letters not in self._columns:
            number = self._columns[letters] = column_number(letters.decode())
            if number > LAST_COLUMN:
                raise WorkbookError(
                    f"the sheet {self._name} is damaged: it has a column {letters.decode()}"
                )
        return self._columns[letters]

    def _head(self, head: bytes) -> tuple[int, bytes]:
        given = dict(_ATTRIBUTE.findall(head))
        style = given.get(b"s", b"0")
        kind = given.get(b"t", b"")
        number = int(style) if style.isdigit() and len(style) < 7 else 0
        known = number, b"" if kind == b"n" else kind
        if len(self._heads) < _MOST_LABELS:
            self._heads[head] = known
        return known

    @staticmethod
    def _stored(body: bytes) -> bytes:
        found = VALUE.search(body)
        return found[1] if found else b""

    def _label(self, letters: bytes, row: int, kind: bytes, value: bytes, rest: bytes) -> None:
        labels = self._cells.labels
        if len(labels) >= _MOST_LABELS:
            return
        if kind == b"s":
            number = value or self._stored(rest)
            texts = self._texts.texts
            text = texts[int(number)] if number.isdigit() and int(number) < len(texts) else "text"
        else:
            text = (value or b"".join(VALUE.findall(rest))).decode(errors="replace")[:200]
        labels[row, self._column(letters)] = text

    def _note_hidden(self, rows: bytes) -> None:
        for found in _ROW.finditer(rows):
            given = dict(_ATTRIBUTE.findall(found[1]))
            if given.get(b"hidden") in (b"1", b"true") and given.get(b"r", b"").isdigit():
                self._cells.hidden_rows.append(int(given[b"r"]))


def _joined(runs: list[Run]) -> list[Run]:
    """Runs with like ones that adjoin, of the same rows or of the same columns, made one."""
    runs.sort(key=lambda run: (run.top, run.bottom, run.left))
    across: list[Run] = []
    for run in runs:
        last = across[-1] if across else None
        rows_agree = last is not None and (last.top, last.bottom) == (run.top, run.bottom)
        if last and rows_agree and last.right == run.left - 1 and _are_alike(last, run):
            last.right = run.right
        else:
            across.append(run)
    done: list[Run] = []
    above: dict[tuple[int, int], Run] = {}
    for run in across:
        over = above.get((run.left, run.right))
        if over and over.bottom == run.top - 1 and _are_alike(over, run):
            over.bottom = run.bottom
        else:
            above[run.left, run.right] = run
            done.append(run)
    return done


def _are_alike(one: Run, other: Run) -> bool:
    return (
        one.formula is other.formula
        and one.kind == other.kind
        and one.style == other.style
        and one.value == other.value
    )
