"""``xlmodel compare``: tables of what differs between two workbooks, and the bridge."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from xlmodel.registry import CellError
from xlmodel.registry.explain import number as shown
from xlmodel.workbook.bridge import Bridge, bridge
from xlmodel.workbook.calc import Calculation, NamedValue, calculate
from xlmodel.workbook.commands import aligned, tracked, verdict, working
from xlmodel.workbook.commands import shown as in_full
from xlmodel.workbook.compare import Comparison, Difference, TableDifference, compare
from xlmodel.workbook.untrusted import WorkbookError

_MARGIN: Final = "margin"
_MOST_KEYS: Final = 5
_ORDER: Final = (
    "Each step gives its inputs B's values after the steps above it; what two do together counts "
    "in the later one."
)


def command(args: argparse.Namespace) -> int:
    """Print what differs; the exit status is that of ``calc`` for both workbooks."""
    with working(f"calculating {args.before} and {args.after}"):
        before = calculate(args.before)
        after = calculate(args.after, now=before.now)
    found = compare(before, after)
    way, missing = _bridge(before, after, args.output)
    if args.json:
        data = _data(before, after, found, way)
        print(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join([*_lines(before, after, found, way), *missing]))
    return max(verdict(before), verdict(after))


def _bridge(
    before: Calculation, after: Calculation, asked: str | None
) -> tuple[Bridge | None, list[str]]:
    """The bridge; without ``--output`` one that can't be made is said, not refused."""
    try:
        return bridge(before, after, asked or _MARGIN, tracked("bridging")), []
    except WorkbookError as error:
        if asked:
            raise
        return None, [f"No bridge: {error}"]


def _lines(
    before: Calculation, after: Calculation, found: Comparison, way: Bridge | None
) -> Iterator[str]:
    inputs, outputs, tables = found.compared
    yield f"A: {before.path.name}; B: {after.path.name}"
    if found.same:
        yield f"No difference in {inputs} inputs, {outputs} outputs and {tables} tables."
        return
    yield from _differences("Inputs", found.inputs, inputs)
    yield from _differences("Outputs", found.outputs, outputs)
    yield f"Tables that differ: {len(found.tables)} of {tables}"
    yield from (f"  {_table(table)}" for table in found.tables)
    for letter, names in (("A", found.only_before), ("B", found.only_after)):
        if names:
            yield f"Only in {letter}: {', '.join(names)}"
    if way:
        yield from _bridge_lines(way)


def _differences(what: str, found: Sequence[Difference], compared: int) -> Iterator[str]:
    yield f"{what} that differ: {len(found)} of {compared}"
    if found:
        head = ("", "A", "B", "B − A", "%", "unit", "name")
        rows = [
            (d.before.label or d.name, in_full(d.before), in_full(d.after), *_change(d),
             d.before.unit, d.name)
            for d in found
        ]  # fmt: skip
        yield from (f"  {line}" for line in aligned([head, *rows], left={0, 5, 6}))


def _change(difference: Difference) -> tuple[str, str]:
    change, share = difference.change, difference.share
    return (
        "" if change is None else _signed(change),
        "" if share is None else f"{share:+,.1%}".replace("%", " %"),
    )


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{shown(value)}"


def _table(table: TableDifference) -> str:
    changed = [f"{key} ({', '.join(columns)})" for key, columns in table.changed.items()]
    parts = [
        _keys("only in A", table.only_before),
        _keys("only in B", table.only_after),
        _keys("changed", changed),
        _keys("columns only in A", table.columns_before),
        _keys("columns only in B", table.columns_after),
    ]
    rows = f"{table.rows[0]} rows in A, {table.rows[1]} in B"
    return f"{table.name}: {'; '.join([rows, *filter(None, parts)])}"


def _keys(what: str, keys: Sequence[str]) -> str:
    if not keys:
        return ""
    more = f", and {len(keys) - _MOST_KEYS} more" if len(keys) > _MOST_KEYS else ""
    return f"{len(keys)} {what}: {', '.join(keys[:_MOST_KEYS])}{more}"


def _bridge_lines(way: Bridge) -> Iterator[str]:
    yield f"From A to B, {way.label or way.output} ({way.output}), {way.unit}:"
    rows = [("A", shown(way.before), "")]
    rows += [
        (step.name, _signed(step.effect), ", ".join(step.inputs))
        for step in way.steps
        if step.effect or step.inputs
    ]
    rows.append(("B", shown(way.after), ""))
    yield from (f"  {line}" for line in aligned(rows, left={0, 2}))
    yield _ORDER


def _data(
    before: Calculation, after: Calculation, found: Comparison, way: Bridge | None
) -> dict[str, Any]:
    return {
        "a": before.path.name,
        "b": after.path.name,
        "same": found.same,
        "inputs": [_difference(d) for d in found.inputs],
        "outputs": [_difference(d) for d in found.outputs],
        "tables": [
            {
                "name": t.name,
                "rows": list(t.rows),
                "only_a": list(t.only_before),
                "only_b": list(t.only_after),
                "changed": {key: list(columns) for key, columns in t.changed.items()},
                "columns_only_a": list(t.columns_before),
                "columns_only_b": list(t.columns_after),
            }
            for t in found.tables
        ],
        "only_a": list(found.only_before),
        "only_b": list(found.only_after),
        "bridge": way and _bridge_data(way),
    }


def _difference(d: Difference) -> dict[str, Any]:
    return {
        "name": d.name,
        "label": d.before.label,
        "unit": d.before.unit,
        "a": _value(d.before),
        "b": _value(d.after),
        "change": d.change,
        "share": d.share,
    }


def _value(item: NamedValue) -> object:
    return item.shown.kind if isinstance(item.shown, CellError) else item.shown


def _bridge_data(way: Bridge) -> dict[str, Any]:
    return {
        "output": way.output,
        "unit": way.unit,
        "a": way.before,
        "steps": [
            {"name": s.name, "inputs": list(s.inputs), "effect": s.effect, "after": s.after}
            for s in way.steps
        ],
        "b": way.after,
        "order": _ORDER,
    }
