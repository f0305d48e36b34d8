"""Functions that the engine computes otherwise than Excel, as Excel computes them.

``rewrite`` puts these in place of the engine's own; each takes one value per argument, and is
spread over ranges here. ``XLMODEL_FIT`` is what an array formula of fixed size does with its
result.
"""

import math
import re
from collections.abc import Callable, Sequence

from xlmodel.hosts.engine.book import Value
from xlmodel.registry import DIV0, NA, NUM, VALUE, CellError

FIT = "XLMODEL_FIT"
_POSITIVE = re.compile(r"0*(?:[1-9]\d*(?:\.\d*)?|0?\.\d*[1-9]\d*)")
_AMOUNT = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d*)?(?:[eE]([+-]?\d+))?")


def fit(result: object, rows: float, columns: float) -> object:
    """The part of a result that fits into a fixed range; one row or column is repeated in it.

    >>> fit([[1.0], [2.0]], 3, 2)
    [[1.0, 1.0], [2.0, 2.0], [CellError(kind='#N/A', reason=''), CellError(kind='#N/A', reason='')]]
    """
    grid = result if isinstance(result, list) else [[result]]
    height, width = len(grid), len(grid[0])

    def at(row: int, column: int) -> object:
        row, column = row if height > 1 else 0, column if width > 1 else 0
        value = grid[row][column] if row < height and column < width else CellError(NA)
        return 0.0 if value is None else value

    return [[at(r, c) for c in range(int(columns))] for r in range(int(rows))]


def _ceiling(number: float, step: float) -> float | CellError:
    """
    >>> _ceiling(-2.5, -2.0), _ceiling(-2.5, 2.0), _ceiling(2.5, 0.0)
    (-4.0, -2.0, 0.0)
    """
    if not number or not step:
        return 0.0
    if number > 0 > step:
        return CellError(NUM)
    return _multiple(number, step, math.ceil)


def _floor(number: float, step: float) -> float | CellError:
    """
    >>> _floor(-2.5, -2.0), _floor(-2.5, 2.0)
    (-2.0, -4.0)
    """
    if not number:
        return 0.0
    if not step:
        return CellError(DIV0)
    if number > 0 > step:
        return CellError(NUM)
    return _multiple(number, step, math.floor)


def _multiple(number: float, step: float, rounded: Callable[[float], int]) -> float | CellError:
    """A multiple of the step; a quotient that is whole but for its last digits is whole."""
    steps = number / step
    if math.isinf(steps):
        return CellError(NUM)
    whole = round(steps)
    near = math.isclose(steps, whole, rel_tol=1e-15, abs_tol=0.0)
    return float((whole if near else rounded(steps)) * step)


def _value(text: Value) -> float | CellError:
    """VALUE of what the engine's own VALUE refuses: separators of thousands, and dollars.

    >>> _value("1,234.5"), _value("($5)"), _value("-$1,000")
    (1234.5, -5.0, -1000.0)
    """
    if isinstance(text, CellError):
        return text
    plain = text.strip() if isinstance(text, str) else ""
    negative = plain.startswith("(") and plain.endswith(")")
    plain = plain[1:-1].strip() if negative else plain
    if not negative and plain[:1] in {"-", "+"}:
        negative, plain = plain[0] == "-", plain[1:].strip()
    share = plain.endswith("%")
    found = _AMOUNT.fullmatch(plain.removesuffix("%").strip())
    if found is None:
        return CellError(VALUE)
    number = float(found[1].replace(",", "") + (found[2] or "") + f"e{found[3] or 0}")
    return (-number if negative else number) / (100 if share else 1)


def _number(value: Value) -> float | CellError:
    """A value as an operand of arithmetic."""
    if isinstance(value, str):
        return _value(value)
    return value if isinstance(value, CellError) else float(value or 0.0)


def _proper(text: str) -> str:
    """
    >>> _proper("o'neil 2nd élan")
    "O'Neil 2Nd Élan"
    """
    return "".join(
        _lower(c) if i and text[i - 1].isalpha() else _upper(c) for i, c in enumerate(text)
    )


def _upper(text: str) -> str:
    """In capitals, letter by letter: Excel leaves ß as it is."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def _lower(text: str) -> str:
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _of_numbers(
    body: Callable[[float, float], float | CellError],
) -> Callable[[Value, Value], Value]:
    def fixed(number: Value, step: Value) -> Value:
        a, b = _number(number), _number(step)
        if isinstance(a, CellError):
            return a
        return b if isinstance(b, CellError) else body(a, b)

    return fixed


def _of_text(body: Callable[[str], str]) -> Callable[[Value], Value]:
    def fixed(value: Value) -> Value:
        return body(value) if isinstance(value, str) else value

    return fixed


BODIES: dict[str, Callable[..., Value]] = {
    "XLMODEL_CEILING": _of_numbers(_ceiling),
    "XLMODEL_FLOOR": _of_numbers(_floor),
    "XLMODEL_VALUE": _value,
    "XLMODEL_UPPER": _of_text(_upper),
    "XLMODEL_LOWER": _of_text(_lower),
    "XLMODEL_PROPER": _of_text(_proper),
}
"""By the name under which the engine knows it: what each does with single values."""

_AROUND = {
    **dict.fromkeys(["CEILING", "FLOOR"], "XLMODEL_{0}({1})"),
    **dict.fromkeys(["UPPER", "LOWER", "PROPER"], "XLMODEL_{0}({0}({1}))"),
    "VALUE": "IFERROR(VALUE({1}),XLMODEL_VALUE({1}))",
}
_ARGUMENTS = {"CEILING": 2, "FLOOR": 2}


def fixed(name: str, arguments: Sequence[str]) -> str | None:
    """A call as the engine computes it rightly; None where its own function does.

    >>> fixed("UPPER", ["A1"]), fixed("FLOOR", ["A1", "0.5"])
    ('XLMODEL_UPPER(UPPER(A1))', None)
    """
    if name not in _AROUND or len(arguments) != _ARGUMENTS.get(name, 1):
        return None
    if name in _ARGUMENTS and _POSITIVE.fullmatch(arguments[1].strip()):
        return None
    return _AROUND[name].format(name, ",".join(arguments))


def spread(body: Callable[..., Value], args: Sequence[object]) -> object:
    """A body of single values over ranges; what is missing in a shorter one is #N/A."""
    grids = [arg for arg in args if isinstance(arg, list)]
    if not grids:
        return body(*args)
    rows = max(len(grid) for grid in grids)
    columns = max(len(grid[0]) for grid in grids)
    fitted = [_fitted(arg, rows, columns) for arg in args]
    return [[body(*(arg[r][c] for arg in fitted)) for c in range(columns)] for r in range(rows)]


def _fitted(arg: object, rows: int, columns: int) -> list[list[Value]]:
    if not isinstance(arg, list):
        return [[arg] * columns] * rows  # type: ignore[list-item]
    return fit(arg, rows, columns)  # type: ignore[return-value]
