"""One value from a cell or a caller → what a body wants, or one sentence that says why not."""

import math
from collections.abc import Callable, Iterable
from typing import Any

from xlmodel.registry.declaration import Parameter
from xlmodel.registry.errors import NUM, CellError, InputError
from xlmodel.units import (
    HUGE,
    Anything,
    Date,
    Load,
    MustBeBlank,
    Named,
    Quantity,
    Series,
    Table,
    Text,
)


class Converted:
    """A table or series converted already, so that a loop of calls converts it once."""

    def __init__(self, value: object) -> None:
        self.value = value


class OwnRow:
    """A row of a user's own table, as the value of a ``Named`` argument: its cells by column.

    Not a tuple, which NumPy would take apart.
    """

    __slots__ = ("cells",)

    def __init__(self, cells: Iterable[tuple[object, object]]) -> None:
        self.cells = tuple((trimmed(str(name)).lower(), cell) for name, cell in cells)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnRow) and self.cells == other.cells

    def __hash__(self) -> int:
        return hash(self.cells)

    def __repr__(self) -> str:
        return f"own row {next((cell for _, cell in self.cells), '')}"


def own_rows(kind: Named, value: object) -> list[OwnRow] | None:
    """The rows of a table of the user's own; None where the value is no such table.

    It is one if its first row names the kind's key and another of its columns.
    """
    if isinstance(value, dict):
        return [OwnRow(value.items())]
    if not is_range(value):
        return None
    header, rows = _head_and_rows(value)
    names = {trimmed(str(cell)).lower() for cell in header}
    if not (kind.key in names and names & set(kind.columns)):
        return None
    return [OwnRow(zip(header, row, strict=False)) for row in rows]


def convert(where: str, p: Parameter, value: object) -> Any:
    """The value as the body of function ``where`` wants it for parameter ``p``.

    None stands for a blank; defaults are filled in elsewhere. Raises InputError.
    """
    if isinstance(value, Converted):
        return value.value
    if isinstance(value, CellError) and not isinstance(p.kind, Anything):
        reason = value.reason or f"{p.name} is the error {value.kind}"
        raise InputError(f"{where}: {reason}", value.kind)
    if value is None and p.required:
        raise InputError(f"{where}: {p.name} is blank, but must be {_wanted(p)}")
    return _CONVERTERS[type(p.kind)](where, p, value)


def _quantity(where: str, p: Parameter, value: object) -> float:
    kind = p.kind
    assert isinstance(kind, Quantity)
    number = number_in(value)
    if number is None:
        raise InputError(f"{where}: {p.name} is {shown(value)}, but must be {_wanted(p)}")
    if abs(number) > HUGE:
        raise InputError(
            f"{where}: {p.name} is {number:.15g} ({kind.unit}), beyond anything plausible: the "
            f"largest number accepted is {HUGE:g}",
            NUM,
        )
    low, high = kind.bounds
    if not low <= number <= high:
        raise InputError(f"{where}: {p.name} is {number:.15g}, but must be {_wanted(p)}", NUM)
    return number


def _text(where: str, p: Parameter, value: object) -> str:
    if isinstance(value, str) and trimmed(value):
        return trimmed(value)
    example = p.kind.example if isinstance(p.kind, Text | Named | Load) else ""
    raise InputError(
        f"{where}: {p.name} is {shown(value)}, but must be a text: write it in quotes, as "
        f'"{example}", since a spreadsheet reads {example} without quotes as a cell or a name'
    )


def _named(where: str, p: Parameter, value: object) -> "str | OwnRow":
    """The name, or the row; what they stand for, the look-up in the tables says."""
    return value if isinstance(value, OwnRow) else _text(where, p, value)


def _date(where: str, p: Parameter, value: object) -> float:
    """Days of Excel's calendar."""
    from xlmodel.registry import dates

    number = dates.serial(value)
    if number is None:
        raise InputError(f"{where}: {p.name} is {shown(value)}, but must be {_wanted(p)}")
    if not 1 <= number <= dates.LAST_DAY:
        raise InputError(f"{where}: {p.name} is {number:g}, but must be {_wanted(p)}", NUM)
    return number


def _table(where: str, p: Parameter, value: object) -> dict[str, tuple[object, ...]]:
    """The columns by name, in lower case; from a range, or from a pandas DataFrame."""
    kind = p.kind
    assert isinstance(kind, Table)
    header, rows = _head_and_rows(value)
    if not header:
        raise InputError(f"{where}: {p.name} is {shown(value)}, but must be {_wanted(p)}")
    if any(len(row) != len(header) for row in rows):
        raise InputError(f"{where}: {p.name} has rows that are longer or shorter than its header")
    names = [trimmed(str(name)).lower() for name in header]
    if twice := [column for column in kind.columns if names.count(column) > 1]:
        raise InputError(f"{where}: {p.name} has two columns named {', '.join(twice)}")
    missing = [column for column in kind.columns if column not in names]
    if missing:
        raise InputError(
            f"{where}: {p.name} has no column {', '.join(missing)}; give the whole table with its "
            f"header row, which must name {', '.join(kind.columns)}"
        )
    return {name: tuple(row[i] for row in rows) for i, name in enumerate(names)}


def _head_and_rows(value: Any) -> tuple[list[object], list[Any]]:
    """The header and the rows of a table; no header where the value is no table."""
    if hasattr(value, "itertuples"):  # a DataFrame, recognised without importing pandas
        filled = value.astype(object).where(value.notna(), None)
        return list(filled.columns), list(filled.itertuples(index=False, name=None))
    rows = value.tolist() if hasattr(value, "tolist") else value
    if not is_range(rows) or not rows or not all(is_range(row) for row in rows):
        return [], []
    return list(rows[0]), list(rows[1:])


def _series(where: str, p: Parameter, value: object) -> list[float] | None:
    kind = p.kind
    assert isinstance(kind, Series)
    if value is None:
        return None
    item = Parameter(p.name, kind.item)
    return [
        convert(where, item._replace(name=f"{p.name}[{i}]"), cell)
        for i, cell in enumerate(flat(value), start=1)
    ]


def _load(where: str, p: Parameter, value: object) -> str | list[float]:
    """The hours, or the name of a profile."""
    kind = p.kind
    assert isinstance(kind, Load)
    cells = flat(value)
    if len(cells) == 1 and isinstance(cells[0], str):
        return _text(where, p, cells[0])
    if len(cells) == 1 and isinstance(cells[0], CellError):
        return convert(where, p, cells[0])  # type: ignore[no-any-return]
    if len(cells) not in kind.counts:
        many = "one value" if len(cells) == 1 else f"{len(cells)} values"
        raise InputError(f"{where}: {p.name} holds {many}, but must be {_wanted(p)}")
    hours = _series(where, p._replace(kind=Series(kind.item)), cells)
    assert hours is not None
    return hours


def _blank(where: str, p: Parameter, value: object) -> None:
    if value is not None:
        assert isinstance(p.kind, MustBeBlank)
        raise InputError(f"{where}: {p.name} is {shown(value)}, but {p.kind.why}")


def _anything(_where: str, _p: Parameter, value: object) -> object:
    return value


_CONVERTERS: dict[type, Callable[[str, Parameter, object], Any]] = {
    Quantity: _quantity,
    Text: _text,
    Named: _named,
    Date: _date,
    Table: _table,
    Series: _series,
    Load: _load,
    MustBeBlank: _blank,
    Anything: _anything,
}


def trimmed(text: str) -> str:
    """A name without needless spaces, as a spreadsheet's TRIM leaves it.

    >>> trimmed(" Google  Cloud ")
    'Google Cloud'
    """
    return " ".join(part for part in text.split(" ") if part)


def is_range(value: object) -> bool:
    """Whether the value is a list, tuple, array or pandas object rather than one cell."""
    return isinstance(value, list) or (
        not isinstance(value, str | CellError)
        and (isinstance(value, tuple) or hasattr(value, "__array__"))
        and getattr(value, "shape", None) != ()
    )


def flat(value: object) -> list[object]:
    """The cells of a range in reading order; one value is a range of one."""
    if not is_range(value):
        return [value]
    items: Any = value.tolist() if hasattr(value, "tolist") else value
    return [cell for row in items for cell in flat(row)]


def shown(value: object) -> str:
    """A value in a message."""
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return f"the logical value {str(value).upper()}"
    if isinstance(value, str):
        cut = value if len(value) <= 40 else value[:37] + "…"
        return f'the text "{cut}"'
    if isinstance(value, int | float):
        return f"the number {number_in(value):.15g}"
    if is_range(value):
        return "a range"
    return f"a {type(value).__name__}"


def number_in(value: object) -> float | None:
    """The value as a float if it is a number, of Python, NumPy or decimal; a bool is none."""
    import numbers  # here, not above: most calls never come this far
    from decimal import Decimal

    if getattr(value, "shape", None) == ():
        value = value.item()  # type: ignore[attr-defined]
    if isinstance(value, bool) or not isinstance(value, numbers.Real | Decimal):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _wanted(p: Parameter) -> str:
    kind = p.kind
    if isinstance(kind, Quantity):
        hint = f"; {kind.hint}" if kind.hint else ""
        return f"a number ({kind.unit}), {kind.accepted}{hint}"
    if isinstance(kind, Text | Named):
        return f'a text in quotes, such as "{kind.example}"'
    if isinstance(kind, Date):
        return "a date: an Excel date or ISO text such as 2024-07-27"
    if isinstance(kind, Table):
        return f"the whole table with its header row ({', '.join(kind.columns)})"
    if isinstance(kind, Series):
        return f"a range of numbers {kind.item.accepted} ({kind.item.unit})"
    if isinstance(kind, Load):
        return (
            f"{' or '.join(map(str, kind.counts))} hours of numbers {kind.item.accepted} "
            f'({kind.item.unit}), or the name of a profile in quotes, such as "{kind.example}"'
        )
    return kind.about
