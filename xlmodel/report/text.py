"""The report for other programs: one CSV in long form, and one JSON document.

Numbers are unrounded in both. In the CSV every row has the same columns; a text that a
spreadsheet could take for a formula gets an apostrophe in front, which the JSON does without.
"""

import csv
import datetime
import io
import json
from collections.abc import Iterator
from typing import Any

from xlmodel.registry import CellError
from xlmodel.report.charts_price import stack_unit
from xlmodel.report.facts import NOT_EVALUATED, Bridge, Curve, Facts, Item, PriceRow, Provenance
from xlmodel.report.values import Value
from xlmodel.workbook.delimited import defused

COLUMNS = ("section", "name", "label", "value", "unit", "note")

Row = tuple[str, str, str, Value, str, str]


def as_csv(facts: Facts) -> bytes:
    """The report as CSV (UTF-8, comma, quotes doubled, line feeds)."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(facts):
        writer.writerow([_cell(cell) for cell in row])
    return buffer.getvalue().encode()


def as_json(facts: Facts) -> bytes:
    """The report as JSON (UTF-8, keys in the order of the report)."""
    return dumps(_document(facts))


def dumps(document: dict[str, Any]) -> bytes:
    """A JSON document, laid out for people too, and the same bytes for the same content."""
    return (json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def provenance(facts: Provenance) -> dict[str, Any]:
    """The provenance block as JSON has it, in the report and in the manifest."""
    return {
        "workbook": {"name": facts.workbook, "sha256": facts.workbook_sha256},
        "tables": [table.__dict__ for table in facts.tables],
        "package": {"name": "xlmodel", "version": facts.version},
        "scenario": facts.scenario,
        "as_of": facts.as_of,
        "currency": facts.currency,
        "checks": facts.checks,
        "set_for_this_report": {item.name: _plain(item.value) for item in facts.changed},
        "dated": facts.dated.isoformat().replace("+00:00", "Z"),
        "dated_from": facts.dated_from,
    }


def _cell(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.kind
    if isinstance(value, datetime.date):
        return value.isoformat()
    return defused(value) if isinstance(value, str) else value


def _rows(facts: Facts) -> Iterator[Row]:
    yield ("headline", "", "", facts.headline, "", "")
    for warning in facts.warnings:
        yield ("warning", "", "", warning, "", "")
    for section, items in (("output", facts.outputs), ("input", facts.inputs)):
        for item in items:
            note = "set for this report" if item.changed else ""
            value = item.value if item.evaluated else NOT_EVALUATED
            yield (section, item.name, item.label, value, item.unit, note)
    unit = next((item.unit for item in facts.outputs if item.key == "out_margin"), "")
    for name, at, value in _curve_cells(facts.curve):
        yield ("curve", name, at, value, unit, "")
    yield from _picture_rows(facts, unit)
    for part in facts.parts:
        yield ("part", part.of, part.label, part.value, unit, "")
    for answer in facts.answers:
        yield ("answer", answer.name, answer.topic, answer.text, "", "")
    yield from _bridge_rows(facts)
    for check in facts.checks:
        yield ("check", check.name, check.label, check.state, "", "")
    for row in facts.prices:
        yield ("price", row.table, row.what, row.price, row.unit, _price_note(row))
    for missing in facts.unsupported:
        yield ("unsupported", missing.cell, "", "", "", missing.reason)
    yield from _provenance_rows(facts.provenance)


def _bridge_rows(facts: Facts) -> Iterator[Row]:
    for name, bridge, unit in facts.bridges:
        for step in bridge.steps:
            kind = "level" if step.level else "change"
            yield (name, kind, step.label, step.change, unit, "")


def _picture_rows(facts: Facts, unit: str) -> Iterator[Row]:
    """The figures behind the pictures that have no range of the workbook as a whole."""
    for name, amount in (facts.stack.__dict__ if facts.stack else {}).items():
        yield ("stack", name, "", amount, stack_unit(facts), "")
    heat = facts.heat
    for change, row in zip(heat.changes, heat.margin, strict=True) if heat else ():
        for at, margin in zip(heat.utilization, row, strict=True) if heat else ():
            yield ("heat", f"price change {change!r}", f"utilization {at!r}", margin, unit, "")
    for swing in facts.swings:
        for end, at, value in (
            ("low", swing.low, swing.at_low),
            ("high", swing.high, swing.at_high),
        ):
            yield ("swing", swing.name, f"{end} {at!r}", value, unit, swing.label)
    for picture, key in ((facts.tradeoff, "batch"), (facts.decay, "day")):
        columns = dict(picture.__dict__) if picture else {}
        for at, place in enumerate(columns.pop(key, ())):
            for name, cells in columns.items():
                kind = type(picture).__name__.lower()
                yield (f"{kind}_{name}", f"{key} {place!r}", "", cells[at], "", "")


def _curve_cells(curve: Curve | None) -> Iterator[tuple[str, str, Value]]:
    if curve is None:
        return
    columns = {"revenue": curve.revenue, "cost": curve.cost, "margin": curve.margin}
    for name, cells in columns.items():
        for at, value in zip(curve.utilization, cells, strict=False):
            yield (f"curve_{name}", f"utilization {at!r}", value)


def _price_note(row: PriceRow) -> str:
    parts = {"valid from": row.valid_from, "checked": row.checked, "source": row.source}
    told = [f"{name} {value}" for name, value in parts.items() if value]
    return ". ".join((*told, row.note)) if row.note else ". ".join(told)


def _provenance_rows(facts: Provenance) -> Iterator[Row]:
    yield ("provenance", "workbook", facts.workbook, facts.workbook_sha256, "SHA-256", "")
    for table in facts.tables:
        yield ("provenance", "table", table.name, table.sha256, "SHA-256", f"{table.rows} rows")
    plain = ("version", "scenario", "as_of", "currency", "checks")
    for name in plain:
        yield ("provenance", name, "", getattr(facts, name), "", "")
    for item in facts.changed:
        yield ("provenance", "set_for_this_report", item.name, item.value, item.unit, item.label)


def _document(facts: Facts) -> dict[str, Any]:
    return {
        "format": "xlmodel-report",
        "format_version": 1,
        "headline": facts.headline,
        "warnings": list(facts.warnings),
        "outputs": {item.name: _item(item) for item in facts.outputs},
        "inputs": {item.name: _item(item) for item in facts.inputs},
        "parts": [part.__dict__ for part in facts.parts],
        "curve": facts.curve.__dict__ if facts.curve else None,
        "stack": facts.stack.__dict__ if facts.stack else None,
        "heat": facts.heat.__dict__ if facts.heat else None,
        "swings": [{**swing.__dict__, "size": swing.size} for swing in facts.swings],
        "tradeoff": facts.tradeoff.__dict__ if facts.tradeoff else None,
        "decay": facts.decay.__dict__ if facts.decay else None,
        "answers": {item.name: {"topic": item.topic, "text": item.text} for item in facts.answers},
        "bridge": _bridge(facts.bridge),
        "walk": _bridge(facts.walk),
        "variance": _bridge(facts.variance),
        "checks": {
            check.name: {"label": check.label, "state": check.state} for check in facts.checks
        },
        "prices": [_price(row) for row in facts.prices],
        "unsupported": [item.__dict__ for item in facts.unsupported],
        "provenance": provenance(facts.provenance),
    }


def _item(item: Item) -> dict[str, Any]:
    told = {"label": item.label, **_told(item.value), "unit": item.unit, "shown": item.shown}
    more = {
        "state": "" if item.evaluated else NOT_EVALUATED,
        "group": item.group,
        "set_for_this_report": item.changed,
    }
    return {**told, **{name: value for name, value in more.items() if value}}


def _told(value: Value) -> dict[str, Any]:
    """A value as JSON has it; an error is no value, with its kind beside it."""
    if isinstance(value, CellError):
        return {"value": None, "error": value.kind}
    return {"value": _plain(value)}


def _plain(value: Value) -> str | float | None:
    """A value as one that JSON knows."""
    if isinstance(value, CellError):
        return value.kind
    return value.isoformat() if isinstance(value, datetime.date) else value


def _bridge(bridge: Bridge | None) -> dict[str, Any] | None:
    if bridge is None:
        return None
    steps = [
        {"label": step.label, "value": step.change, "level": step.level} for step in bridge.steps
    ]
    return {"steps": steps, "note": bridge.note}


def _price(row: PriceRow) -> dict[str, Any]:
    return {
        "table": row.table,
        "what": row.what,
        **_told(row.price),
        "unit": row.unit,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "checked": row.checked.isoformat() if row.checked else None,
        "age_days": row.age_days,
        "source": row.source,
        "note": row.note,
    }
