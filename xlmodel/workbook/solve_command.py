"""``xlmodel solve``: targets in, the value of a driver out, with the check and the reasons."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any

from xlmodel.registry import InputError
from xlmodel.registry.explain import number as shown
from xlmodel.workbook import drivers
from xlmodel.workbook.calc import Calculation, NamedValue, calculate, save
from xlmodel.workbook.cases import CHOICE
from xlmodel.workbook.commands import settings, tracked, verdict, working
from xlmodel.workbook.drivers import Driver
from xlmodel.workbook.inputs import read_number
from xlmodel.workbook.names import OUTPUT
from xlmodel.workbook.solve import Point, Solved, solve
from xlmodel.workbook.whatif import WhatIf, number

_CLOSE = 1e-9


def command(args: argparse.Namespace) -> int:
    """Print what was found; exit status 1 where a target is not reached."""
    targets = _targets(args.outputs)
    between = _between(args.between)
    if args.out is not None and (not args.out or len(targets) > 1):
        raise InputError(
            "-o takes the name of the file to write"
            if not args.out
            else f"-o writes one answer, but --output is given {len(targets)} times"
        )
    given: dict[str, str | float] = dict(settings(args.inputs))
    with working(f"calculating {args.workbook}"):
        today = calculate(args.workbook, given, scenario=args.scenario)
    if args.scenario:
        case = next(v for name, v in today.given.items() if name.casefold() == CHOICE)
        given = {CHOICE: case, **given}
    found = [_found(today, name, target, args.by, between) for name, target in targets]
    checks = [_checked(today, given, solved) for solved in found]
    best = checks[0]
    out = save(best, args.out, args.force) if args.out and best else None
    if args.json:
        results = [_data(today, *pair) for pair in zip(found, checks, strict=True)]
        data = {"workbook": today.path.name, "results": results}
        print(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        for solved, check in zip(found, checks, strict=True):
            print("\n".join(_lines(today, solved, check)))
        if args.out:
            print(f"wrote {out}" if out else f"{args.out} was not written")
    return max([verdict(check) if check else 1 for check in checks])


def _targets(words: Sequence[str]) -> list[tuple[str, float]]:
    found: dict[str, tuple[str, float]] = {}
    for word in words:
        name, equals, text = (part.strip() for part in word.partition("="))
        value = read_number(text)
        if not equals or not name or value is None:
            raise InputError(f"--output takes NAME=NUMBER, such as margin=0, not {word!r}")
        key = name.lower().removeprefix(OUTPUT)
        if key in found:
            raise InputError(f"--output gives {name} twice")
        found[key] = name, value
    return list(found.values())


def _between(words: Sequence[str] | None) -> tuple[float, float] | None:
    if words is None:
        return None
    low, high = map(read_number, words)
    if low is None or high is None:
        wrong = words[0] if low is None else words[1]
        raise InputError(f"--between takes two numbers, such as 0.5 1, not {wrong!r}")
    return low, high


def _found(
    today: Calculation, asked: str, target: float, by: str, between: tuple[float, float] | None
) -> Solved:
    with WhatIf(today) as trial:
        output = trial.output(asked)
        driver = drivers.find(trial, by, output)
        return solve(trial, output, target, driver, between, tracked(f"looking at {driver.name}"))


def _checked(
    today: Calculation, given: dict[str, str | float], solved: Solved
) -> Calculation | None:
    """The workbook, read and calculated again from the file with the nearest answer set."""
    if not solved.answers:
        return None
    changes = {name: _float(v) for name, v in solved.driver.changes(solved.answers[0].at).items()}
    short = {name.lower() for name in changes} | {name.lower()[3:] for name in changes}
    others = {name: value for name, value in given.items() if name.lower() not in short}
    with working("checking the answer"):
        return calculate(today.path, {**others, **changes}, today.now)


def _float(value: object) -> float:
    assert isinstance(value, float)
    return value


def _lines(today: Calculation, solved: Solved, check: Calculation | None) -> Iterator[str]:
    item = today.outputs[solved.output]
    label, unit = item.label or solved.output, _unit(item.unit)
    now = shown(_float(item.value))
    yield f"{label} = {shown(solved.target)}{unit} ({solved.output}; today {now}), by {_by(solved)}"
    yield from (f"  {line}" for line in _outcome(solved, unit))
    if check is not None:
        there = number(check.outputs[solved.output].value)
        said = "an error" if there is None else f"{_near(there, solved, item)}{unit}"
        yield f"  check: recalculated from the file with it, {solved.output} is {said}"


def _by(solved: Solved) -> str:
    driver = solved.driver
    if driver.is_factor:
        return f"{driver.meaning} (1 is today)"
    base = "blank today" if driver.base is None else f"today {shown(driver.base)}"
    return f"{driver.label} ({driver.name}; {base})"


def _outcome(solved: Solved, unit: str) -> Iterator[str]:
    """What was found, a sentence each."""
    driver = solved.driver
    if len(solved.answers) > 1:
        yield f"{len(solved.answers)} values give it, the nearest to today's first:"
    for answer in solved.answers:
        yield from _answer(driver, answer)
    for low, high in solved.plateaus:
        yield f"so does every value looked at from {shown(low)} to {shown(high)}"
    for jump in solved.jumps:
        left, right = jump.before, jump.after
        one, other = shown(_float(left.output)), shown(_float(right.output))
        yield (
            f"{solved.output} steps over it between {_at(left.at)} and {_at(right.at)}"
            f"{_unit(driver.unit)}: from {one} to {other}{unit}"
        )
    if not solved.answers:
        yield from _why_not(solved, unit)
    if solved.errors:
        kinds = " or ".join(dict.fromkeys(solved.errors))
        yield (
            f"{solved.output} is {kinds} at {len(solved.errors)} of the {solved.points} values "
            "looked at"
        )


def _at(value: float) -> str:
    return f"{value:.12g}"


def _why_not(solved: Solved, unit: str) -> Iterator[str]:
    low, high = solved.searched
    where = f"from {shown(low.at)} to {shown(high.at)}{_unit(solved.driver.unit)}"
    name = solved.driver.name
    if solved.flat:
        same = shown(_float(solved.known[0].output))
        yield f"{name} does not move {solved.output}: it is {same}{unit} {where}"
        return
    if not solved.jumps:
        ends = [shown(p.output) if type(p.output) is float else str(p.output) for p in (low, high)]
        yield f"no value of {name} {where} gives it: {solved.output} is {ends[0]} and {ends[1]}"
        inner = [_float(p.output) for p in solved.known]
        if inner and {min(inner), max(inner)} != {p.output for p in (low, high)}:
            yield f"its lowest and highest there: {shown(min(inner))} and {shown(max(inner))}{unit}"


def _answer(driver: Driver, answer: Point) -> Iterator[str]:
    if not driver.is_factor:
        yield f"{driver.name} = {shown(answer.at)}{_unit(driver.unit)}"
        return
    yield f"factor {shown(answer.at)}:"
    changes = driver.changes(answer.at)
    for m in driver.members:
        value, today = shown(_float(changes[m.name])), shown(m.value or 0.0)
        yield f"  {m.name} = {value}{_unit(m.unit)} (today {today})"


def _near(value: float, solved: Solved, item: NamedValue) -> str:
    """A figure without the dust of floating-point arithmetic."""
    scale = max(abs(_float(item.value)), abs(solved.target))
    return shown(solved.target if abs(value - solved.target) <= _CLOSE * scale else value)


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""


def _data(today: Calculation, solved: Solved, check: Calculation | None) -> dict[str, Any]:
    item, driver = today.outputs[solved.output], solved.driver
    return {
        "output": solved.output,
        "label": item.label,
        "unit": item.unit,
        "target": solved.target,
        "today": item.value,
        "by": driver.name,
        "by_unit": driver.unit,
        "by_today": driver.base,
        "inputs": {m.name: m.value for m in driver.members},
        "answers": [
            {"value": p.at, "inputs": driver.changes(p.at), "output": p.output}
            for p in solved.answers
        ],
        "plateaus": [list(span) for span in solved.plateaus],
        "jumps": [[_point(jump.before), _point(jump.after)] for jump in solved.jumps],
        "searched": [_point(p) for p in solved.searched],
        "moves": not solved.flat,
        "errors": len(solved.errors),
        "check": check and number(check.outputs[solved.output].value),
    }


def _point(point: Point) -> dict[str, Any]:
    value = point.output
    return {"value": point.at, "output": value if type(value) is float else str(value)}
