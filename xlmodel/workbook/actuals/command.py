"""``xlmodel actuals import`` and ``show``."""

import argparse
import datetime
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from xlmodel.registry import InputError
from xlmodel.workbook import package as packages
from xlmodel.workbook.actuals import focus, own, variance
from xlmodel.workbook.actuals.mapping import mapped
from xlmodel.workbook.actuals.plan import Change, Plan, held, plan, table_of, written
from xlmodel.workbook.actuals.rows import Found, shown
from xlmodel.workbook.calc import calculate
from xlmodel.workbook.commands import agreed, settings, verdict, working
from xlmodel.workbook.csvrows import Reader
from xlmodel.workbook.files import refuse_lock, source_date_epoch
from xlmodel.workbook.growing import Written, save
from xlmodel.workbook.names import Names
from xlmodel.workbook.package import Package
from xlmodel.workbook.patch import refuse_target
from xlmodel.workbook.storedvalues import StoredValues
from xlmodel.workbook.untrusted import WorkbookError

LARGEST_FILE = 4 * 1024**3
_CURRENCY = "in_currency"


class _Import(NamedTuple):
    """What an import is about to do."""

    package: Package
    plan: Plan
    notes: list[str]


def bring(args: argparse.Namespace) -> int:
    """Show what a file brings, ask, and write it; exit status 1 where it contradicts the table."""
    if args.out == "":
        raise InputError("-o takes the name of the file to write")
    out, source = Path(args.out) if args.out else None, Path(args.workbook)
    if out and not args.dry_run:
        refuse_target(out, source, args.force)
        if out.exists() and source.exists() and out.samefile(source):
            raise InputError(f"-o names {source} itself; leave -o out to change it")
    planned = _planned(args, source)
    if not args.json:
        _print_plan(planned)
    done = None
    if planned.plan.conflicts:
        _report(args, planned, None)
        return 1
    if planned.plan.changes and not args.dry_run:
        refuse_lock(out or source)
        if not agreed(args, f"Write {out or source} (rows: {len(planned.plan.changes)})?"):
            print("nothing was written")
            return 1
        with working(f"writing {out or source}"):
            done = save(planned.package, written(planned.package, planned.plan), out)
    _report(args, planned, done)
    return 0


def show(args: argparse.Namespace) -> int:
    """Budget against actual, from a recalculated workbook; the exit status is that of `calc`."""
    with working(f"calculating {args.workbook}"):
        calculation = calculate(args.workbook, settings(args.inputs), scenario=args.scenario)
    print(variance.printed(variance.of(calculation), args.json))
    return verdict(calculation)


def _planned(args: argparse.Namespace, source: Path) -> _Import:
    package = packages.read(source)
    rows = held(table_of(package), package.date1904)
    found = _found(args, Path(args.file), _currency(package))
    done = plan(rows, found.rows, args.replace)
    notes = list(found.notes)
    if done.examples:
        notes.append(f"rows of example data that go from the table: {len(done.examples)}")
    typed_over = [row for row in rows if row.says_example and not row.is_example]
    if typed_over:
        notes.append(
            f"rows of example data that stay, since they hold other figures: {len(typed_over)}; "
            "write where they are from into their column source"
        )
    return _Import(package, done, notes)


def _found(args: argparse.Namespace, path: Path, currency: str) -> Found:
    reader = Reader(path, LARGEST_FILE, "actuals", bar=True)
    if own.is_own(reader.header):
        if args.maps or args.include:
            raise InputError(f"{path} names its lines itself; --map and --include are for FOCUS")
        return own.actuals(reader, currency, _today())
    categories = {name.casefold(): name for name in focus.OPTIONAL}
    words = [word.strip() for word in args.include.split(",") if word.strip()]
    for word in words:
        if word.casefold() not in categories:
            raise InputError(
                f'--include takes {", ".join(focus.OPTIONAL)} with commas between, not "{word}"'
            )
    include = frozenset(categories[word.casefold()] for word in words)
    options = focus.Options(mapped(args.maps), args.cost, args.period, include)
    return focus.actuals(reader, options, currency, _today())


def _currency(package: Package) -> str:
    """The currency that the workbook reckons in; USD where it does not say."""
    places = {name.lower(): place for name, place in Names(package).places.items()}
    place = places.get(_CURRENCY)
    value = StoredValues(package).at(place) if place and place.is_cell else None
    return str(value or "USD").strip().upper()


def _print_plan(planned: _Import) -> None:
    for change in planned.plan.changes:
        print(_shown(change))
    for conflict in planned.plan.conflicts:
        print(f"conflict: {conflict}")
    changes = [change.what for change in planned.plan.changes]
    print(
        f"new rows: {changes.count('new')}, filled in: {changes.count('filled in')}, replaced: "
        f"{changes.count('replaced')}, already there: {planned.plan.present}, "
        f"conflicts: {len(planned.plan.conflicts)}"
    )
    _say(planned.notes)


def _shown(change: Change) -> str:
    amounts = (
        f"{column} {shown(change.amounts[column])}"
        + (f" (was {shown(change.before[column])})" if column in change.before else "")
        for column in change.amounts
    )
    return f"{change.what}: {change.new.what}: {', '.join(amounts)}"


def _report(args: argparse.Namespace, planned: _Import, done: Written | None) -> None:
    if args.json:
        print(json.dumps(_data(args, planned, done), indent=2, ensure_ascii=False))
        return
    if done is None:
        if planned.plan.conflicts:
            print("nothing was written: --replace takes the amounts of the file; an overlap must "
                  "be mended in the table or in the file")  # fmt: skip
        else:
            print("nothing was written")
        return
    _say(done.notes)
    found = _variance(done)
    if found:
        print("\n".join(variance.lines(found)))
    print(f"wrote {done.path}" + (f"; as it was: {done.kept}" if done.kept else ""))


def _variance(done: Written) -> variance.Variance | None:
    """The variance of what was written; None where a workbook of one's own has none."""
    try:
        return variance.of(done.calculation) if done.calculation else None
    except WorkbookError as error:
        _say([str(error)])
        return None


def _data(args: argparse.Namespace, planned: _Import, done: Written | None) -> dict[str, Any]:
    found = _variance(done) if done else None
    return {
        "workbook": args.workbook,
        "wrote": str(done.path) if done else None,
        "kept": str(done.kept) if done and done.kept else None,
        "rows": [_change_data(change) for change in planned.plan.changes],
        "already_there": planned.plan.present,
        "conflicts": planned.plan.conflicts,
        "example_rows_removed": len(planned.plan.examples),
        "variance": variance.as_data(found) if found else None,
        "notes": [*planned.notes, *(done.notes if done else [])],
    }


def _change_data(change: Change) -> dict[str, Any]:
    return {
        "what": change.what,
        "period_start": change.new.start.isoformat(),
        "period_end": change.new.end.isoformat(),
        "line": change.new.line,
        "amounts": dict(change.amounts),
        "before": {k: None if v != v else v for k, v in change.before.items()},
        "currency": change.new.currency,
        "source": change.new.source,
    }


def _today() -> datetime.date:
    return (source_date_epoch() or datetime.datetime.now()).date()


def _say(notes: Iterable[str]) -> None:
    for note in notes:
        print(f"xlmodel: {note}", file=sys.stderr)
