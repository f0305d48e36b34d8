"""The price rows that a result rests on, with source and age.

Which rows those are follows from the inputs, by the rule by which ``GPU_PRICE`` and
``MODEL_PRICE`` look prices up: the GPU or model, the provider (none: all of them), the term or
kind, and of each provider's rows the newest that is valid on the as-of date. ``_USES`` says which
input chooses what; a price typed into an input stands in for the row, and is told as such.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xlmodel.registry import InputError, dates
from xlmodel.report.facts import Item, PriceRow
from xlmodel.report.language import noted, say
from xlmodel.report.values import DAY_ZERO, Value, day, number, text_of, value_of
from xlmodel.tables import lookup


class _Use(NamedTuple):
    """One price that a margin is made of.

    ``weight`` is the input that says how much of it is used; where ``needed``, a workbook
    without that input does not use the price.
    """

    subject: str  # the column that says what is priced
    kind: str  # the column that says which of its prices
    default: str  # the term or kind, unless the input says otherwise
    chosen: str  # that input
    typed: str  # the input in which a price of one's own can be typed
    weight: str
    needed: bool = False


_USES = (
    _Use("gpu", "term", "on-demand", "in_gpu_term", "in_gpu_hour_price", "in_share_main"),
    _Use("gpu", "term", "", "in_reserved_term", "in_reserved_price", "in_share_reserved", True),
    _Use("gpu", "term", "spot", "", "in_spot_price", "in_share_spot", True),
    _Use("model", "kind", "input", "", "in_input_price", "in_input_output_ratio"),
    _Use("model", "kind", "output", "", "in_output_price", "in_output_tps"),
    _Use("model", "kind", "cache_read", "", "in_cached_input_price", "in_cache_hit_rate", True),
)
_PRICES = {"usd_per_gpu_hour": "GPU-hour", "usd_per_mtok": "Mtok"}
_TYPED = noted("typed into the workbook, without a source")

Row = dict[str, Value]
Tables = Mapping[str, Sequence[Sequence[object]]]


def used(
    tables: Tables,
    inputs: Iterable[Item],
    as_of: datetime.date | None,
    day_zero: datetime.date = DAY_ZERO,
) -> tuple[PriceRow, ...]:
    """The rows that the inputs choose from the price tables, and the prices typed instead.

    ``day_zero`` is the day from which the workbook counts its dates.
    """
    items = {item.key: item for item in inputs}
    price_tables = [
        (text_of(name), rows) for name, grid in tables.items() if (rows := _rows(grid, day_zero))
    ]
    return tuple(
        told
        for use in _USES
        if _weighs(use, items)
        for told in _told(use, items, price_tables, as_of)
    )


def _weighs(use: _Use, items: Mapping[str, Item]) -> bool:
    """Whether the price counts at all in this workbook."""
    weight = items.get(use.weight)
    return not use.needed if weight is None else weight.number != 0


def _told(
    use: _Use,
    items: Mapping[str, Item],
    tables: Iterable[tuple[str, list[Row]]],
    as_of: datetime.date | None,
) -> Iterator[PriceRow]:
    typed = items.get(use.typed)
    if typed is not None and typed.number is not None:
        yield PriceRow("", typed.label, typed.value, typed.unit, None, None, None, say(_TYPED), "")
        return
    for name, rows in tables:
        for row in _chosen(rows, use, items, as_of):
            yield _priced(name, use, row, as_of)


def _rows(grid: Sequence[Sequence[object]], day_zero: datetime.date) -> list[Row]:
    """The rows below the header as values by column, for a table that has what a price needs."""
    if not grid:
        return []
    header = [text_of(cell).strip().casefold() for cell in grid[0]]
    if "valid_from" not in header or not any(column in header for column in _PRICES):
        return []
    rows: list[Row] = [dict(zip(header, map(value_of, row), strict=False)) for row in grid[1:]]
    for row in rows:
        for column in ("valid_from", "checked"):
            row[column] = day(row.get(column), day_zero)
    return rows


def _chosen(
    rows: Sequence[Row], use: _Use, items: Mapping[str, Item], as_of: datetime.date | None
) -> list[Row]:
    """The rows on which the price looked up for the inputs rests; none where there is no price."""
    keys = {
        use.subject: _input(items, f"in_{use.subject}"),
        "provider": _input(items, f"in_{use.subject}_provider") or _input(items, "in_provider"),
        use.kind: _input(items, use.chosen) or use.default,
    }
    if not keys[use.subject] or not keys[use.kind] or use.subject not in rows[0]:
        return []
    columns = {key: [row.get(key) for row in rows] for key in (*keys, "valid_from")}
    wanted = {key: text if text and key in rows[0] else None for key, text in keys.items()}
    try:
        found = lookup.rows_used("", columns, wanted, dates.serial(as_of))
    except InputError:
        return []
    return [rows[row] for row in found]


def _priced(table: str, use: _Use, row: Row, as_of: datetime.date | None) -> PriceRow:
    column = next(column for column in _PRICES if column in row)
    since = day(row.get("valid_from"))
    currency = _text(row.get("currency")) or "USD"
    what = (_text(row.get(key)) for key in (use.subject, "provider", use.kind))
    price = row[column]
    return PriceRow(
        table=table,
        what=", ".join(filter(None, what)),
        price=number(price) if number(price) is not None else price,
        unit=f"{currency}/{_PRICES[column]}",
        valid_from=since,
        checked=day(row.get("checked")),
        age_days=(as_of - since).days if as_of and since else None,
        source=_text(row.get("source")),
        note=_text(row.get("note")),
    )


def _input(items: Mapping[str, Item], name: str) -> str:
    return _folded(items[name].value) if name in items else ""


def _text(value: Value) -> str:
    return "" if value is None else text_of(value).strip()


def _folded(value: Value) -> str:
    return _text(value).casefold()
