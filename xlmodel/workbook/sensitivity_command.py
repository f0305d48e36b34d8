"""``xlmodel sensitivity``: a tornado of drivers, or a grid of two, as text, JSON or CSV."""

import argparse
import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from xlmodel.registry import InputError
from xlmodel.registry.explain import number as shown
from xlmodel.workbook import drivers
from xlmodel.workbook.calc import Calculation, calculate
from xlmodel.workbook.commands import aligned, settings, tracked, verdict, working
from xlmodel.workbook.delimited import defused
from xlmodel.workbook.drivers import Driver
from xlmodel.workbook.inputs import read_number
from xlmodel.workbook.sensitivity import (
    HIGH,
    LOW,
    SHARE,
    Grid,
    Span,
    Swing,
    around,
    grid,
    span,
    stated_span,
    swings,
    tornado,
)
from xlmodel.workbook.whatif import WhatIf

_STEPS: Final = 5
MOST: Final = 50
"""More values of one driver than this no grid takes."""
_PERCENT: Final = f"{SHARE:.0%}".replace("%", " %")


def command(args: argparse.Namespace) -> int:
    """Print the table; the exit status is that of ``calc``."""
    if args.by and args.grid:
        raise InputError("--by moves one driver after the other, --grid two together; give one")
    if args.json and args.csv:
        raise InputError("--json and --csv are two forms of the same; give one")
    with working(f"calculating {args.workbook}"):
        today = calculate(args.workbook, settings(args.inputs), scenario=args.scenario)
    with WhatIf(today) as trial:
        output = trial.output(args.output)
        rows, notes = (
            _grid(trial, output, args.grid) if args.grid else _tornado(trial, output, args.by)
        )
    if args.json:
        print(_as_json(today, output, rows, notes))
    elif args.csv:
        print(_as_csv(rows), end="")
    else:
        item = today.outputs[output]
        print(f"{item.label or output}: {shown(_number(item.value))} {item.unit} ({output})")
        table = _grid_lines(rows) if isinstance(rows, Grid) else _tornado_lines(rows)
        print("\n".join([*table, *notes]))
    return verdict(today)


def _number(value: object) -> float:
    assert isinstance(value, float)
    return value


def _tornado(trial: WhatIf, output: str, words: Sequence[str]) -> tuple[list[Swing], list[str]]:
    return _chosen(trial, output, words) if words else _all(trial, output)


def _all(trial: WhatIf, output: str) -> tuple[list[Swing], list[str]]:
    """All that the output depends on, by the workbook's ends or by a share of today's values."""
    found, still = tornado(trial, output, tracked("moving each driver"))
    share = f"from {_PERCENT} below today's value to {_PERCENT} above, if accepted."
    stated = ", ".join(swing.name for swing in found if swing.stated)
    notes = [f"Low and high as the workbook states them ({LOW}…, {HIGH}…): {stated}"]
    notes = [*notes, f"All others {share}"] if stated else [f"Each {share}"]
    if still:
        names = ", ".join(driver.name for driver in still)
        notes.append(f"0 today, so not moved; say how far with --by NAME=LOW:HIGH: {names}")
    factors = [swing.name for swing in found if swing.unit == drivers.FACTOR]
    return found, [*notes, *(drivers.find(trial, name, output).meaning for name in factors)]


def _chosen(trial: WhatIf, output: str, words: Sequence[str]) -> tuple[list[Swing], list[str]]:
    """The drivers that ``--by`` names, each by its own range if one is given."""
    ranges: list[tuple[Driver, float, float]] = []
    notes: list[str] = []
    for word in words:
        name, equals, text = word.partition("=")
        driver = drivers.find(trial, name, output)
        if driver.name in (known.name for known, _, _ in ranges):
            raise InputError(f"--by gives {driver.name} twice")
        given = Span(*_low_high(driver, text, "--by")) if equals else span(trial, driver)
        ranges.append((driver, given.low, given.high))
        if not equals:
            share = f"{_PERCENT} below and above today's"
            source = "as the workbook states it" if given.stated else share
            notes.append(f"{driver.name}: no range given, so {source}")
        if driver.is_factor:
            notes.append(driver.meaning)
    return swings(trial, output, ranges, tracked("moving each driver")), notes


def _grid(trial: WhatIf, output: str, words: Sequence[str]) -> tuple[Grid, list[str]]:
    (row, down), (column, across) = [_values(trial, output, word) for word in words]
    notes = [f"Down: {_axis(row)}. Across: {_axis(column)}."]
    found = grid(trial, output, (row, down), (column, across), tracked("filling the grid"))
    return found, notes


def _axis(driver: Driver) -> str:
    if driver.is_factor:
        return f"{driver.meaning} (1 is today)"
    base = "blank today" if driver.base is None else f"today {shown(driver.base)}"
    return f"{driver.label}, {driver.unit} ({driver.name}; {base})"


def _values(trial: WhatIf, output: str, word: str) -> tuple[Driver, list[float]]:
    """A driver and its values: ``NAME``, ``NAME=LOW:HIGH`` or ``NAME=A,B,C``."""
    name, equals, text = word.partition("=")
    driver = drivers.find(trial, name, output)
    if not equals:
        stated = stated_span(trial, driver)
        low, high = stated[:2] if stated else (0.0, 0.0)
        return driver, _spread(driver, low, high) if low < high else around(driver)
    if ":" in text:
        return driver, _spread(driver, *_low_high(driver, text, "--grid"))
    parts = text.split(",")
    if len(parts) > MOST:
        raise InputError(f"--grid takes {MOST} values of a driver at most, not {len(parts):,}")
    values = [_accepted(driver, part, "--grid") for part in parts]
    if len(set(values)) < len(values):
        raise InputError(f"--grid gives a value of {driver.name} twice")
    return driver, values


def _spread(driver: Driver, low: float, high: float) -> list[float]:
    """Even steps from low to high."""
    step = (high - low) / (_STEPS - 1)
    spread = [low + i * step for i in range(_STEPS - 1)] + [high]
    return sorted({float(round(v)) for v in spread} if driver.accepted.whole else spread)


def _low_high(driver: Driver, text: str, option: str) -> tuple[float, float]:
    low_text, colon, high_text = text.partition(":")
    if not colon:
        raise InputError(f"{option} takes NAME=LOW:HIGH, such as in_utilization=0.6:0.9")
    low, high = (_accepted(driver, part, option) for part in (low_text, high_text))
    if low >= high:
        raise InputError(f"{option}: the low end of {driver.name}, {low:g}, is not below {high:g}")
    return low, high


def _accepted(driver: Driver, text: str, option: str) -> float:
    value = read_number(text)
    if value is None:
        raise InputError(f"{option}: {driver.name} is {text!r}, but must be a number")
    accepted = driver.accepted
    if value not in accepted or (accepted.whole and not value.is_integer()):
        whole = "a whole number, " if accepted.whole else ""
        words = accepted.words(driver.unit)
        raise InputError(f"{option}: {driver.name} is {text.strip()}, but must be {whole}{words}")
    return value


def _cell(value: float | None) -> str:
    return "error" if value is None else _short(value)


def _short(value: float) -> str:
    """Six digits: a table is read, not computed with."""
    digits = 6 - (math.floor(math.log10(abs(value))) + 1 if value else 1)
    return shown(round(value, max(digits, 0)))


def _tornado_lines(rows: Sequence[Swing]) -> list[str]:
    if not rows:
        return ["No driver moves it."]
    table = [("driver", "low", "high", "unit", "at low", "at high", "swing", "name")]
    table += [
        (s.label, _short(s.low), _short(s.high), s.unit, _cell(s.at_low), _cell(s.at_high),
         _short(s.size), s.name)
        for s in rows
    ]  # fmt: skip
    return list(aligned(table, left={0, 3, 7}))


def _grid_lines(found: Grid) -> list[str]:
    table = [("", *map(_short, found.column_values))]
    for at, values in zip(found.row_values, found.values, strict=True):
        table.append((_short(at), *map(_cell, values)))
    return list(aligned(table, left=set()))


def _as_json(today: Calculation, output: str, rows: list[Swing] | Grid, notes: list[str]) -> str:
    item = today.outputs[output]
    data: dict[str, Any] = {
        "workbook": today.path.name,
        "output": output,
        "label": item.label,
        "unit": item.unit,
        "today": item.value,
    }
    if isinstance(rows, Grid):
        data["grid"] = asdict(rows)
    else:
        data["swings"] = [{**asdict(s), "swing": s.size} for s in rows]
    return json.dumps({**data, "notes": notes}, indent=2, ensure_ascii=False, allow_nan=False)


def _as_csv(rows: list[Swing] | Grid) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    if isinstance(rows, Grid):
        writer.writerow((rows.row_name, rows.column_name, "output"))
        across = rows.column_values
        for at, values in zip(rows.row_values, rows.values, strict=True):
            writer.writerows(
                (at, other, value) for other, value in zip(across, values, strict=True)
            )
        return buffer.getvalue()
    writer.writerow(("name", "label", "unit", "low", "high", "at_low", "at_high", "base", "swing"))
    for s in rows:
        texts = map(defused, (s.name, s.label, s.unit))
        writer.writerow((*texts, s.low, s.high, s.at_low, s.at_high, s.base, s.size))
    return buffer.getvalue()
