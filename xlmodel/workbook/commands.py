"""``xlmodel calc``, and what ``xlmodel report`` shares with it: inputs in, results shown."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from xlmodel.hosts.engine import Unsupported, Value
from xlmodel.registry import CellError, InputError
from xlmodel.registry.explain import number
from xlmodel.workbook import checks, columns
from xlmodel.workbook.calc import Calculation, NamedValue, calculate, every_case, save
from xlmodel.workbook.checks import MASTER
from xlmodel.workbook.columns import width
from xlmodel.workbook.inputs import PREFIX

_SHOWN_CELLS = 20


def calc(args: argparse.Namespace) -> int:
    """Recalculate and print; the exit status is that of ``verdict``."""
    if args.out == "":
        raise InputError("-o takes the name of the file to write")
    if args.all_scenarios:
        return _every_case(args)
    with working(f"calculating {args.workbook}"):
        calculation = calculate(args.workbook, settings(args.inputs), scenario=args.scenario)
        out = _written(calculation, args)
    if args.json:
        print(json.dumps(as_data(calculation), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print(
            "\n".join(
                [*output_lines(calculation), *answer_lines(calculation), *check_lines(calculation)]
            )
        )
        if out:
            print(f"wrote {out}")
    return verdict(calculation)


def _every_case(args: argparse.Namespace) -> int:
    """The outputs of all scenarios side by side, then what changes from the first."""
    if args.scenario or args.out is not None or args.freeze:
        raise InputError("--all-scenarios goes with neither --scenario nor -o nor --freeze")
    with working(f"calculating the scenarios of {args.workbook}"):
        found = every_case(args.workbook, settings(args.inputs))
    if args.json:
        data = {case: as_data(calculation) for case, calculation in found.items()}
        print(json.dumps({"scenarios": data}, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join([*_side_by_side(found), "", *_changes(found)]))
        for case, calculation in found.items():
            print(f"{case}: {check_lines(calculation)[0]}")
    return max(verdict(calculation) for calculation in found.values())


def _side_by_side(found: Mapping[str, Calculation]) -> list[str]:
    first = next(iter(found.values()))
    rows = [
        [item.label or name, *(shown(c.outputs[name]) for c in found.values()), item.unit, name]
        for name, item in first.outputs.items()
    ]
    return _columns([["", *found, "unit", "name"], *rows])


def _changes(found: Mapping[str, Calculation]) -> list[str]:
    """The outputs that are numbers and differ, less those of the first scenario."""
    first, *others = found.values()
    names, rows = list(found), []
    for name, item in first.outputs.items():
        values = [other.outputs[name].value for other in others]
        if isinstance(item.value, float) and any(value != item.value for value in values):
            changes = [
                f"{'+' if v > item.value else ''}{number(v - item.value)}"
                if isinstance(v, float)
                else _plain(v)
                for v in values
            ]
            rows.append([item.label or name, *changes, item.unit, name])
    if not rows:
        return [f"no output differs from {names[0]}"]
    return _columns([[f"less {names[0]}", *names[1:], "unit", "name"], *rows])


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines: the first column and the last two left, numbers right."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    words = len(widths) - 2
    return [
        "  ".join(
            columns.right(text, cells) if 0 < i < words else columns.left(text, cells)
            for i, (text, cells) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _written(calculation: Calculation, args: argparse.Namespace) -> Path | None:
    """The copy that was asked for, if any."""
    if args.freeze:
        from xlmodel.workbook import freeze

        source = calculation.path
        out = Path(args.out) if args.out else source.with_name(f"{source.stem}-frozen.xlsx")
        return freeze.save(calculation, out, args.force)
    return save(calculation, args.out, args.force) if args.out is not None else None


def agreed(args: argparse.Namespace, question: str) -> bool:
    """Whether the user wants a workbook changed, by --yes or by an answer on a terminal."""
    if args.yes:
        return True
    if args.json or not sys.stdin.isatty():
        raise InputError("nothing was written: --yes writes what is new, --dry-run only shows it")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def settings(words: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` words as a mapping."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise InputError(f"--set takes NAME=VALUE, such as in_utilization=0.8, not {word!r}")
        key = name.strip().lower().removeprefix(PREFIX)
        if key in (known.lower().removeprefix(PREFIX) for known in found):
            raise InputError(f"--set gives {name.strip()} twice")
        found[name.strip()] = value.strip()
    return found


@contextmanager
def working(what: str) -> Iterator[None]:
    """A spinner on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def tracked(what: str) -> Callable[[Sequence[Any]], Iterable[Any]]:
    """Passes items on, with a bar on a terminal that shows how far they have come."""
    if not sys.stderr.isatty():
        return iter
    from rich.console import Console
    from rich.progress import track

    return partial(track, description=what, console=Console(stderr=True), transient=True)


def aligned(table: Sequence[Sequence[str]], left: set[int]) -> Iterator[str]:
    """Rows with columns of one width, flush right but for those named."""
    widths = [max(map(width, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = [
            columns.left(text, cells) if i in left else columns.right(text, cells)
            for i, (text, cells) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def output_lines(calculation: Calculation) -> list[str]:
    """The named outputs: label, value, unit and name, in columns."""
    rows = [
        (item.label or name, shown(item), item.unit, name)
        for name, item in calculation.outputs.items()
    ]
    widths = [max((width(row[i]) for row in rows), default=0) for i in range(3)]
    return [
        f"{columns.left(label, widths[0])}  {columns.right(value, widths[1])} "
        f"{columns.left(unit, widths[2])}  {name}"
        for label, value, unit, name in rows
    ]


def answer_lines(calculation: Calculation) -> list[str]:
    """What sheets answer in a sentence."""
    return [
        f"{item.sheet}: {item.value}"
        for item in calculation.answers.values()
        if isinstance(item.value, str)
    ]


def check_lines(calculation: Calculation) -> list[str]:
    """One line on the state of the checks, and one for each that does not pass."""
    if not calculation.checks:
        return ["Checks: the workbook has none"]
    states = {name: _state(item) for name, item in calculation.checks.items()}
    single = [state for name, state in states.items() if name.lower() != MASTER]
    passed, idle = single.count(checks.PASSED), single.count(checks.NOT_APPLICABLE)
    line = f"Checks: {passed} of {len(single) - single.count(checks.NO_CHECK) - idle} pass"
    line += f", {idle} do not apply" if idle else ""
    wrong = [
        f"  {name}: {item.label} ({item.sheet}!{item.ref}: {states[name]})"
        for name, item in calculation.checks.items()
        if states[name] in (checks.FAILED, checks.UNKNOWN) and name.lower() != MASTER
    ]
    if wrong:
        return [f"{line}; look at:", *wrong]
    return [line if checks_pass(calculation) else f"{line}, but {MASTER} does not"]


def checks_pass(calculation: Calculation) -> bool:
    """Whether the master check passes or, without one, every check that applies."""
    states = {name.lower(): _state(item) for name, item in calculation.checks.items()}
    wanted = [states[MASTER]] if MASTER in states else states.values()
    return not {checks.FAILED, checks.UNKNOWN} & set(wanted)


def _state(check: NamedValue) -> str:
    return checks.state(check.value, check.evaluated)


def verdict(calculation: Calculation) -> int:
    """Notes and cells without a value on stderr; exit status 1 when the result needs a look.

    That is when a cell could not be evaluated, an output is an error, or the checks do not pass.
    """
    for note in calculation.notes:
        print(f"xlmodel: {note}", file=sys.stderr)
    missing = calculation.unsupported
    if missing:
        print(f"xlmodel: {len(missing)} cells could not be evaluated:", file=sys.stderr)
        for cell in missing[:_SHOWN_CELLS]:
            print(f"  {_sentence(cell)}", file=sys.stderr)
        if len(missing) > _SHOWN_CELLS:
            print(f"  and {len(missing) - _SHOWN_CELLS} more; --json lists all", file=sys.stderr)
    failed = any(isinstance(item.value, CellError) for item in calculation.outputs.values())
    return int(bool(missing) or failed or not checks_pass(calculation))


def as_data(calculation: Calculation) -> dict[str, Any]:
    """The calculation for programs; numbers unrounded."""
    return {
        "workbook": calculation.path.name,
        "outputs": _named_data(calculation.outputs),
        "answers": {name: _json_value(item.value) for name, item in calculation.answers.items()},
        "inputs": _named_data(calculation.inputs),
        "checks": {name: _json_value(item.value) for name, item in calculation.checks.items()},
        "set": calculation.changed,
        "notes": calculation.notes,
        "unsupported": [
            {"cell": cell.cell, "formula": cell.formula, "reason": cell.reason}
            for cell in calculation.unsupported
        ],
    }


def shown(item: NamedValue) -> str:
    """A value for people: thousands separated, ten digits at most."""
    return _plain(item.shown) if item.evaluated else checks.UNKNOWN


def _named_data(named: Mapping[str, NamedValue]) -> dict[str, Any]:
    return {
        name: {"value": _json_value(item.shown), "unit": item.unit, "label": item.label}
        for name, item in named.items()
    }


def _json_value(value: Value) -> object:
    return value.kind if isinstance(value, CellError) else value


def _plain(value: Value) -> str:
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return str(value).upper()
    return number(value) if isinstance(value, float) else str(value)


def _sentence(cell: Unsupported) -> str:
    return f"{cell.cell}: {cell.reason}"
