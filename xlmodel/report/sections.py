"""Under which heading of its sheet an input stands.

A heading is a text in the column of the labels with nothing beside it: no value, no unit. The
nearest one above an input is the input's. A text that ends with a full stop is a remark.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from xlmodel.hosts.syntax import address, cell_of
from xlmodel.report.values import text_of

_LONGEST = 80  # characters of a heading
_FARTHEST = 500  # rows between an input and its heading
_BLANK = (None, "")


class _Named(Protocol):
    @property
    def sheet(self) -> str: ...
    @property
    def ref(self) -> str: ...


class _Missing(Protocol):
    @property
    def cell(self) -> str: ...


class _Sheets(Protocol):
    """What of a calculation is looked at."""

    @property
    def outputs(self) -> Mapping[str, _Named]: ...
    @property
    def inputs(self) -> Mapping[str, _Named]: ...
    @property
    def checks(self) -> Mapping[str, _Named]: ...
    @property
    def unsupported(self) -> Sequence[_Missing]: ...

    def cell(self, sheet: str, ref: str) -> object: ...


def of_inputs(calculation: _Sheets) -> dict[str, str]:
    """The heading of each input by its name; none where the inputs have fewer than two."""
    columns: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for name, entry in calculation.inputs.items():
        row, column = cell_of(entry.ref)
        columns.setdefault((entry.sheet, column), []).append((row, name))
    taken = _taken(calculation)
    found: dict[str, str] = {}
    for (sheet, column), named in columns.items():
        found.update(_in_column(calculation, sheet, column, sorted(named), taken))
    return found if len(set(found.values())) > 1 else {}


def _taken(calculation: _Sheets) -> set[str]:
    """Cells that hold something even if they show nothing: named ones and those without value."""
    named = (calculation.outputs, calculation.inputs, calculation.checks)
    cells = {f"{entry.sheet}!{entry.ref}" for group in named for entry in group.values()}
    return cells | {item.cell.replace("'", "") for item in calculation.unsupported}


def _in_column(
    calculation: _Sheets,
    sheet: str,
    column: int,
    named: Iterable[tuple[int, str]],
    taken: set[str],
) -> dict[str, str]:
    """The headings of the inputs in one column of a sheet, from top to bottom."""
    found: dict[str, str] = {}
    heading, start = "", 1
    for row, name in named:
        label = _label_column(calculation, sheet, row, column)
        heading = heading if row - _FARTHEST <= start else ""
        for above in range(max(start, row - _FARTHEST), row) if label else ():
            text = calculation.cell(sheet, address(above, label))
            beside = [address(above, at) for at in range(label + 1, column + 2)]
            if isinstance(text, str) and _is_heading(text):
                blank = all(calculation.cell(sheet, ref) in _BLANK for ref in beside)
                if blank and not any(f"{sheet}!{ref}" in taken for ref in beside):
                    heading = text_of(text).strip()
        start = row + 1
        found[name] = heading
    return found


def _label_column(calculation: _Sheets, sheet: str, row: int, column: int) -> int:
    """The column of the nearest text to the left; 0 where there is none."""
    for at in range(column - 1, 0, -1):
        text = calculation.cell(sheet, address(row, at))
        if isinstance(text, str) and text.strip():
            return at
    return 0


def _is_heading(text: str) -> bool:
    return 0 < len(text.strip()) <= _LONGEST and not text.strip().endswith((".", "。"))
