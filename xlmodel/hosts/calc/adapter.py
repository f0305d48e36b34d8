"""From a call of Calc to a call of a function and back, inside of LibreOffice."""

from collections.abc import Callable, Sequence
from typing import Any, get_args

from xlmodel.hosts.calc import values
from xlmodel.registry import Parameter, functions
from xlmodel.units import FunctionName, Table

_NAMES_A_FUNCTION = get_args(FunctionName)[1]


def caller(name: str) -> Callable[..., tuple[tuple[object, ...], ...]]:
    """The function of that name as Calc calls it: what repeats comes last, as one tuple."""
    function = functions()[name]
    parameters = function.parameters
    repeats = bool(parameters) and parameters[-1].repeated

    def called(*args: Any) -> tuple[tuple[object, ...], ...]:
        takers: Sequence[Parameter] = parameters
        if repeats:
            *first, rest = args
            takers, args = _handed_on(parameters, first, len(rest)), (*first, *rest)
        cells = [_argument(p, value) for p, value in zip(takers, args, strict=True)]
        return values.result(function.call_cells(cells))

    return called


def _handed_on(
    parameters: Sequence[Parameter], first: Sequence[Any], count: int
) -> Sequence[Parameter]:
    """A parameter for each of ``count`` repeated arguments, and those before them.

    Where arguments are handed on to the function that the first one names, its parameters say what
    a 0 means.
    """
    *own, last = parameters
    target: Sequence[Parameter] = ()
    if own and own[0].kind == _NAMES_A_FUNCTION and isinstance(first[0], str):
        named = functions().get(first[0].strip().upper())
        target = named.parameters[:count] if named else ()
    return [*own, *target, *[last] * (count - len(target))]


def _argument(p: Parameter, value: Any) -> object:
    if isinstance(p.kind, Table) and hasattr(value, "getRangeAddress"):
        return _cells_in_use(value)
    return values.argument(p, value)


def _cells_in_use(area: Any) -> object:
    """The cells of a range, down to the end of what the sheet uses; or its one cell."""
    cursor = area.getSpreadsheet().createCursor()
    cursor.gotoEndOfUsedArea(False)
    last, place = cursor.getRangeAddress(), area.getRangeAddress()
    bottom = min(place.EndRow, last.EndRow) - place.StartRow
    right = min(place.EndColumn, last.EndColumn) - place.StartColumn
    if bottom < 0 or right < 0:
        return None
    part = area.getCellRangeByPosition(0, 0, right, bottom)

    def cell(value: object, row: int, column: int) -> object:
        if value is None:  # which error it is, the cell says
            return values.error_of(part.getCellByPosition(column, row).getError())
        return values.in_range(value)

    rows = [
        [cell(value, r, c) for c, value in enumerate(row)]
        for r, row in enumerate(part.getDataArray())
    ]
    return rows if bottom or right else rows[0][0]
