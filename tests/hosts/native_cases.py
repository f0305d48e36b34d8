"""What the twins are tried on, and the engine that tries them.

``Sheet`` is a sheet of ironcalc, an engine that evaluates LAMBDA names itself, in a workbook that
was written with the twins as its defined names.
"""

import functools
import math
import pathlib
import tempfile
from collections.abc import Callable, Iterator

import ironcalc
import xlsxwriter
from hypothesis import strategies as st

from xlmodel.hosts import native
from xlmodel.registry import Function, Parameter, functions
from xlmodel.registry.errors import CellError
from xlmodel.units import Named, Quantity, Text

WITHOUT_TWIN = {
    "GPU_SPEC": "its table is in the package, not in the workbook",
    "MODEL_SPEC": "its table is in the package, not in the workbook",
    "XLMODEL_EXPLAIN": "it reads the declarations",
}
WITH_TWIN = [f for name, f in functions().items() if name not in WITHOUT_TWIN]
NUMERIC = [f for f in WITH_TWIN if f.numeric]

ERRORS = {"#DIV/0!": "=1/0", "#N/A": "=NA()", "#NUM!": "=SQRT(-1)"}
"""Formulas that make an error."""

Cell = object
Grid = list[list[Cell]]


class Sheet:
    """Cells in, values out."""

    def __init__(self) -> None:
        self.model = ironcalc.load_from_bytes(_workbook())

    def put(self, row: int, column: int, value: Cell) -> None:
        self.model.clear_cell_contents(0, row, column)
        if isinstance(value, CellError):
            self.model.update_cell_with_formula(0, row, column, ERRORS[value.kind])
        elif value is not None:
            writers: dict[type, Callable[..., None]] = {
                bool: self.model.update_cell_with_bool,
                str: self.model.update_cell_with_text,
            }
            write = writers.get(type(value), self.model.update_cell_with_number)
            write(0, row, column, value)

    def put_grid(self, row: int, column: int, grid: Grid) -> str:
        """Write a range; its address."""
        for i, line in enumerate(grid):
            for j, value in enumerate(line):
                self.put(row + i, column + j, value)
        return f"{address(row, column)}:{address(row + len(grid) - 1, column + len(grid[0]) - 1)}"

    def formula(self, row: int, column: int, formula: str) -> None:
        self.model.set_user_input(0, row, column, formula)

    def spill(self, row: int, column: int, height: int, width: int, formula: str) -> None:
        self.model.set_user_array_formula(0, row, column, width, height, formula)

    def values(self, row: int, column: int, height: int, width: int) -> Grid:
        self.model.evaluate()
        return [
            [self.model.get_cell_value(0, row + i, column + j) for j in range(width)]
            for i in range(height)
        ]


@functools.cache
def _workbook() -> bytes:
    """A workbook with the twins behind their names, as ironcalc reads it from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "twins.xlsx")
        workbook = xlsxwriter.Workbook(path)
        workbook.add_worksheet()
        for function in WITH_TWIN:
            workbook.define_name(function.name, f"={native.defined_name(function)}")
        for name, formula in native.helper_names().items():
            workbook.define_name(name, f"={formula}")
        workbook.close()
        return bytes(ironcalc.load_from_xlsx(str(path)).to_bytes())


def address(row: int, column: int) -> str:
    return f"{ironcalc.column_name_from_number(column)}{row}"


def same(found: Cell, expected: Cell) -> bool:
    """An error of the same kind, or a number equal to 1e-12."""
    if isinstance(expected, CellError):
        return found == expected.kind
    if isinstance(expected, float | int) and isinstance(found, float | int):
        return math.isclose(found, expected, rel_tol=1e-12)
    return found == expected


def differences(found: Grid, expected: Cell) -> list[str]:
    """Where an evaluated grid is not what Python says."""
    rows = expected if isinstance(expected, list) else [[expected]]
    return [
        f"row {i}, column {j}: {a!r} instead of {b!r}"
        for i, (left, right) in enumerate(zip(found, rows, strict=True))
        for j, (a, b) in enumerate(zip(left, right, strict=True))
        if not same(a, b)
    ]


def valid(p: Parameter, i: int = 0) -> Cell:
    """The i-th of many valid values."""
    if isinstance(p.kind, Text | Named):
        return p.kind.example
    if not isinstance(p.kind, Quantity):
        return None
    low, high = max(p.kind.low, -1e3), min(p.kind.high, 1e4)
    share = (0.37 + 0.618034 * (i + len(p.name))) % 1
    return round(low + (high - low) * share, 6)


def bad(p: Parameter) -> Iterator[Cell]:
    """Blank, wrong types, errors, and the ends of the range from both sides."""
    yield from (None, "text", "3", "", 0.0, True, False, CellError("#DIV/0!"), CellError("#N/A"))
    if isinstance(p.kind, Quantity):
        low, high = p.kind.low, p.kind.high
        yield from (low, high, low - max(abs(low), 1) * 0.01, high + high * 0.01)


def rows(function: Function) -> Iterator[tuple[Cell, ...]]:
    """Valid rows, one bad value at each place, two bad values side by side, all at the low end."""
    parameters = function.parameters
    base = [valid(p) for p in parameters]
    for i in range(8):
        yield tuple(valid(p, i) for p in parameters)
    for i, p in enumerate(parameters):
        for value in bad(p):
            yield (*base[:i], value, *base[i + 1 :])
    for i in range(len(parameters) - 1):
        yield (*base[:i], "text", CellError("#N/A"), *base[i + 2 :])
        yield (*base[:i], CellError("#NUM!"), None, *base[i + 2 :])
    yield tuple(getattr(p.kind, "low", None) for p in parameters)


def cells(p: Parameter) -> st.SearchStrategy[Cell]:
    """Any cell: mostly numbers in range, of a size that occurs.

    Of 12 digits, since spreadsheets compare to 15: what is nearer to an open end is out of range.
    """
    if not isinstance(p.kind, Quantity):
        return st.sampled_from([None, None, None, 1.0, "text"])
    low, high = p.kind.bounds
    numbers = st.floats(low, high).map(lambda x: float(f"{x:.12g}"))
    plain = numbers.filter(lambda x: low <= x <= high and (x == 0 or abs(x) > 1e-6))
    return st.one_of(plain, plain, plain, st.sampled_from(list(bad(p))))
