"""The engine itself: ``formualizer`` with our functions registered, and values going in and out.

The only module that knows formualizer. Dates come out as serial numbers; an error is a
``CellError``, except for the engine's own failures, which stay the ``dict`` that it gives, so that
nothing takes them for Excel's.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import formualizer as fz

from xlmodel.hosts.engine.blocks import Block, Reads
from xlmodel.hosts.engine.book import Value
from xlmodel.hosts.engine.fixes import BODIES, FIT, fit, spread
from xlmodel.hosts.syntax import LAST_COLUMN, LAST_ROW, address, cell_of, quoted
from xlmodel.registry import CellError, functions

KINDS = {
    "Null": "#NULL!",
    "Ref": "#REF!",
    "Name": "#NAME?",
    "Value": "#VALUE!",
    "Div": "#DIV/0!",
    "Na": "#N/A",
    "Num": "#NUM!",
    "Spill": "#SPILL!",
    "Calc": "#CALC!",
}
"""The engine's error kinds that are Excel's; all others are failures of its own."""
FAILURES = {
    "Circ": "it depends on itself, directly or through other cells",
    "NImpl": "the engine has not got something that it uses",
    "Error": "the engine can't read the formula",
    "Cancelled": "the engine did not finish it",
}
_FROM_KIND = {excel: kind for kind, excel in KINDS.items()}
_ABSENT = {"Name", "Error", "NImpl"}
_known: dict[str, bool] = {}


MOST_REASONS = 20
_PASSED_ON = " is the error #"
"""In the reason of an error that an argument brought along; the reason of that one says more."""
_INTERRUPTS = (KeyboardInterrupt, SystemExit, MemoryError)


class EngineError(Exception):
    """The engine stopped; the message is one sentence."""


@contextmanager
def _no_surprise() -> Iterator[None]:
    """Whatever the engine raises, as one sentence: a panic of its own is no ``Exception``."""
    try:
        yield
    except (EngineError, *_INTERRUPTS):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        text = " ".join(str(error).split()).removesuffix(".") or type(error).__name__
        raise EngineError(f"the engine stopped: {text}") from None


def supports(name: str) -> bool:
    """Whether the engine has a function of this name: asked of the engine itself."""
    if name not in _known:
        book = fz.Workbook()
        book.sheet("S").set_formula(1, 1, f"={name}()")
        try:
            value = book.evaluate_cell("S", 1, 1)
        except fz.ExcelEvaluationError:
            value = {"kind": "Error"}
        _known[name] = not (isinstance(value, dict) and value.get("kind") in _ABSENT)
    return _known[name]


def failure(value: object) -> str | None:
    """Why the engine failed on a cell, if its value is such a failure."""
    if value is None:  # what a formula gives is never blank
        return "the engine did not evaluate it"
    if not isinstance(value, dict):
        return None
    return FAILURES.get(value.get("kind", ""), "the engine failed on it")


class Host:
    """One workbook in the engine."""

    def __init__(
        self, values: bytes, extra_sheets: Iterable[str], now: datetime, date1904: bool
    ) -> None:
        settings = fz.EvaluationConfig()
        settings.date_system = "1904" if date1904 else "1900"
        # The log of changes would make each value that is set four times as slow.
        config = fz.WorkbookConfig(eval_config=settings, enable_changelog=False)
        with _no_surprise():
            self._book = fz.Workbook.from_bytes(values, config=config)
        self._book.set_temporal_egress("serial")
        self._book.set_deterministic_clock(now.replace(tzinfo=UTC))
        for sheet in extra_sheets:
            self._book.add_sheet(sheet)
        self.reasons: dict[str, None] = {}
        """Why calls of our functions gave errors, in the order in which that was found."""
        self._interrupt: BaseException | None = None
        for function in functions().values():
            self._register(function.name, function.call_cells)
        for name, body in BODIES.items():
            self._register(name, partial(spread, body))
        self._register(FIT, lambda args: fit(*args))
        self._sheets = {name.lower(): self._book[name] for name in self._book.sheet_names}

    def _register(self, name: str, function: Callable[[list[Any]], object]) -> None:
        """Make a function known to the engine, which calls it cell by cell."""

        def called(*args: Any) -> Any:
            try:
                answer = function([_argument(value) for value in args])
            except _INTERRUPTS as error:  # the engine would make #VALUE! of it
                self._interrupt = error
                raise
            if isinstance(answer, list):
                self.note_reasons(value for row in answer for value in row)
                return [[_returned(value) for value in row] for row in answer]
            self.note_reasons((answer,))
            return _returned(answer)

        self._book.register_function(name, called)

    def note_reasons(self, values: Iterable[object]) -> None:
        """Keep the reasons of errors among the results of our functions, each once."""
        if len(self.reasons) >= MOST_REASONS:
            return
        for value in values:
            if type(value) is CellError and value.reason and _PASSED_ON not in value.reason:
                self.reasons[value.reason] = None
                if len(self.reasons) >= MOST_REASONS:
                    return

    def set_value(self, sheet: str, row: int, column: int, value: Value) -> None:
        with _no_surprise():
            self._sheets[sheet.lower()].set_value(row, column, _to_engine(value))

    def set_column(self, block: Block, values: Sequence[Value]) -> None:
        """Put values into the cells of a block."""
        rows = [[_to_engine(value)] for value in values]
        sheet = self._sheets[block.sheet.lower()]
        with _no_surprise():
            sheet.set_values_batch(block.first, block.column, len(rows), 1, rows)

    def clear(self, area: Reads) -> None:
        """Empty a rectangle; only cells that hold something are touched."""
        for r, row in enumerate(self.grid(area), start=area.top):
            for c, value in enumerate(row, start=area.left):
                if value is not None:
                    self.set_value(area.sheet, r, c, None)

    def set_formulas(self, block: Block) -> None:
        sheet = self._sheets[block.sheet.lower()]
        with _no_surprise():
            if block.rows == 1:
                sheet.set_formula(block.first, block.column, "=" + block.formula)
                return
            texts = [["=" + text] for text in block.formulas()]
            sheet.set_formulas_batch(block.first, block.column, len(texts), 1, texts)

    def set_again(self, block: Block, row: int) -> None:
        """Enter the formula of one row anew."""
        formula = block.formulas()[row - block.first]
        with _no_surprise():
            self._sheets[block.sheet.lower()].set_formula(row, block.column, "=" + formula)

    def evaluate(self) -> None:
        try:
            with _no_surprise():
                self._book.evaluate_all()
        finally:
            if self._interrupt is not None:
                raise self._interrupt

    def column(self, sheet: str, column: int, first: int, last: int) -> list[Value]:
        area = fz.RangeAddress(sheet, first, column, last, column)
        with _no_surprise():
            return from_engine([row[0] for row in self._sheets[sheet.lower()].get_values(area)])

    def grid(self, area: Reads) -> list[list[Value]]:
        sheet = self._sheets[area.sheet.lower()]
        place = fz.RangeAddress(sheet.name, area.top, area.left, area.bottom, area.right)
        with _no_surprise():
            return [from_engine(row) for row in sheet.get_values(place)]

    def extent(self, block: Block) -> tuple[int, int]:
        """The last row and column that an array formula fills."""
        where = quoted(block.sheet) + address(block.first, block.column)
        with _no_surprise():
            spill = self._book.inspect_cell(where, include_values=False).cell.spill
        if spill is None or spill.extent is None:
            return block.first, block.column
        return cell_of(spill.extent.rpartition(":")[2].rpartition("!")[2])

    def size(self, block: Block) -> float:
        """How many cells an array formula would fill; asked in the sheet's last cell."""
        sheet = self._sheets[block.sheet.lower()]
        formula = f"=ROWS({block.formula})*COLUMNS({block.formula})"
        with _no_surprise():
            sheet.set_formula(LAST_ROW, LAST_COLUMN, formula)
            found = self._book.evaluate_cell(sheet.name, LAST_ROW, LAST_COLUMN)
            sheet.set_value(LAST_ROW, LAST_COLUMN, None)
        return found if isinstance(found, float) else 1.0


def from_engine(values: Iterable[Any]) -> list[Any]:
    """Values of cells, or of arguments, as ours."""
    found = list(values)
    if dict in set(map(type, found)):
        found = [value if type(value) is not dict else _error(value) for value in found]
    if math.inf in found or -math.inf in found:
        found = [CellError("#NUM!") if v in (math.inf, -math.inf) else v for v in found]
    return found


def _error(value: dict[str, Any]) -> Any:
    kind = value.get("kind", "")
    return CellError(KINDS[kind]) if kind in KINDS else value


def _to_engine(value: object) -> object:
    """A value as the content of a cell."""
    if isinstance(value, CellError):
        return fz.LiteralValue.error(_FROM_KIND.get(value.kind, "Value"), None)
    return value


def _argument(value: Any) -> Any:
    if isinstance(value, list):
        return [from_engine(row) for row in value]
    return from_engine((value,))[0]


def _returned(value: object) -> object:
    """A value as the result of a function."""
    if isinstance(value, CellError):
        return {"type": "Error", "kind": _FROM_KIND.get(value.kind, "Value")}
    return value
