"""Look-ups: the price valid on a day, one field of a specification; a miss names what is near."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from xlmodel import tables
from xlmodel.registry import NA, VALUE, CellError, InputError

_PROFILES = "load_profiles"

Columns = Mapping[str, Sequence[Any]]
"""A price table: its cells by column."""


def price(
    where: str,
    table: Columns,
    value: str,
    keys: Mapping[str, str | None],
    as_of: float | None,
    by: str = "provider",
) -> float:
    """The median of column ``value`` over the rows that count (see ``rows_used``)."""
    from statistics import median  # imports much, and few starts look a price up

    rows = rows_used(where, table, keys, as_of, by)
    return median(_positive(where, value, table[value][row]) for row in rows)


def rows_used(
    where: str,
    table: Columns,
    keys: Mapping[str, str | None],
    as_of: float | None,
    by: str = "provider",
) -> list[int]:
    """The rows of a price table that match ``keys``: of each provider the newest by a day.

    ``keys`` maps columns to wanted texts (any case); None stands for any. Rows valid from after
    ``as_of`` do not count. The first row below the header is row 0. ``by`` is the column whose
    entries have a newest row each, where it is not the provider.
    """
    found = _matching(where, table, keys)
    for row in found:
        _pass_on(where, by, table[by][row])
    days = {row: _day(where, table["valid_from"][row]) for row in found}
    known = [row for row in found if as_of is None or days[row] <= as_of]
    if not known:
        assert as_of is not None
        from xlmodel.registry import dates

        raise InputError(
            f"{where}: no price on {dates.iso(as_of)}; the earliest row that matches is valid "
            f"from {dates.iso(min(days.values()))}",
            NA,
        )
    group = {row: _folded(table[by][row]) for row in known}
    newest: dict[str, float] = {}
    for row in known:
        newest[group[row]] = max(days[row], newest.get(group[row], 0))
    return [row for row in known if days[row] == newest[group[row]]]


def _matching(where: str, table: Columns, keys: Mapping[str, str | None]) -> list[int]:
    found = list(range(len(table["valid_from"])))
    for column, wanted in keys.items():
        if wanted is None:
            continue
        cells, folded = table[column], _folded(wanted)
        matches = [row for row in found if _folded(cells[row]) == folded]
        if not matches:
            raise _miss(where, column, wanted, [cells[row] for row in found])
        found = matches
    return found


def spec(where: str, name: str, key: str, wanted: str, field: str) -> float | str:
    """One field of a specification table, by name or alias."""
    found = found_row(name, key, wanted, where)
    assert found is not None
    column = field.strip().lower()
    if column not in found:
        raise _miss(where, "field", field, found)
    if not found[column]:
        raise InputError(f"{where}: no {column} is known for {found[key]}", NA)
    try:
        return float(found[column])
    except ValueError:
        return found[column]


def found_row(
    name: str, key: str, wanted: str, where: str | None = None
) -> Mapping[str, str] | None:
    """The row of a specification table with that name or alias, in any case and spelling.

    Where there is none: InputError with the nearest names, said by the function ``where``; None
    without one.
    """
    row = _by_name(name, key).get(_spelling(wanted))
    if row is None and where is not None:
        raise _miss(where, key, wanted, [row[key] for row in tables.rows(name)])
    return row


def load_profile(where: str, wanted: str) -> tuple[float, ...]:
    """The hours of a load profile; InputError with the nearest names if there is none."""
    found = load_profiles().get(_spelling(wanted))
    if found is None:
        raise _miss(where, "profile", wanted, [row["profile"] for row in tables.rows(_PROFILES)])
    return found


@cache
def load_profiles() -> Mapping[str, tuple[float, ...]]:
    """All load profiles by name, each in a unit of its own: what counts is its shape."""
    hours: dict[str, tuple[float, ...]] = {}
    for row in tables.rows(_PROFILES):
        name = _spelling(row["profile"])
        hours[name] = (*hours.get(name, ()), float(row["load"]))
    return hours


@cache
def _by_name(name: str, key: str) -> dict[str, Mapping[str, str]]:
    named: dict[str, Mapping[str, str]] = {}
    for row in tables.rows(name):
        for known in (row[key], *row.get("aliases", "").split(";")):
            if known.strip():
                named.setdefault(_spelling(known), row)
    return named


def _spelling(text: str) -> str:
    """A name without what spellings of it differ in.

    >>> _spelling(" Llama 3.1_405B") == _spelling("llama-3.1-405b")
    True
    """
    return _folded(text).replace(" ", "-").replace("_", "-")


def _miss(where: str, column: str, wanted: str, known: Iterable[Any]) -> InputError:
    from difflib import get_close_matches

    choices = {_folded(cell): str(cell) for cell in known if isinstance(cell, str)}
    near = get_close_matches(_folded(wanted), choices, n=3, cutoff=0.4) or sorted(choices)[:6]
    return InputError(
        f'{where}: there is no {column} "{wanted}" here; nearest: '
        f"{', '.join(choices[item] for item in near) or 'none, the table is empty'}",
        NA,
    )


def _folded(cell: object) -> str:
    from xlmodel.registry.convert import trimmed  # not needed where nothing is looked up

    return trimmed(str(cell)).casefold()


def _day(where: str, cell: object) -> float:
    """A cell of ``valid_from`` in days of Excel's calendar."""
    from xlmodel.registry import dates

    _pass_on(where, "valid_from", cell)
    day = dates.serial(cell)
    if day is None or not 1 <= day <= dates.LAST_DAY:
        raise InputError(
            f"{where}: valid_from is {cell!r} in a row that matches, but must be a date", VALUE
        )
    return day


def _positive(where: str, column: str, cell: object) -> float:
    from xlmodel.registry.convert import number_in

    _pass_on(where, column, cell)
    number = number_in(cell)
    if number is not None and number > 0:
        return number
    raise InputError(
        f"{where}: {column} is {cell!r} in the row that matches, but must be a number above 0",
        VALUE,
    )


def _pass_on(where: str, column: str, cell: object) -> None:
    """An error in a row that counts is the result."""
    if isinstance(cell, CellError):
        raise InputError(
            f"{where}: {column} is the error {cell.kind} in a row that matches", cell.kind
        )
