"""``xlmodel prices list``, ``history`` and ``update``."""

import argparse
import datetime
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from xlmodel.registry import InputError
from xlmodel.workbook import package as packages
from xlmodel.workbook.commands import agreed, working
from xlmodel.workbook.delimited import folded
from xlmodel.workbook.files import refuse_lock, source_date_epoch
from xlmodel.workbook.growing import Written, save
from xlmodel.workbook.package import Package
from xlmodel.workbook.patch import refuse_target
from xlmodel.workbook.prices import csvfile, genai, held, shown
from xlmodel.workbook.prices.kinds import ACCEPTED_AGE, KINDS, Price
from xlmodel.workbook.prices.plan import Change, Plan, plan
from xlmodel.workbook.prices.write import with_prices
from xlmodel.workbook.untrusted import WorkbookError


def show(args: argparse.Namespace) -> int:
    """The prices that hold on a day, with age and source."""
    package, found = _held(args.workbook)
    as_of = _day(args.as_of) if args.as_of else held.as_of(package) or _today()
    oldest = _age(args.max_age, package)
    current = sorted(held.in_force(found.prices, as_of).values(), key=lambda price: price.key)
    old = sum(shown.age(price, as_of) > oldest for price in current)
    later = sum(price.valid_from > as_of for price in found.prices)
    if args.json:
        _print_json(
            {
                "workbook": args.workbook,
                "as_of": as_of.isoformat(),
                "max_age_days": oldest,
                "prices": [
                    {
                        **shown.price_data(price),
                        "age_days": shown.age(price, as_of),
                        "old": shown.age(price, as_of) > oldest,
                    }
                    for price in current
                ],
                "later_rows": later,
                "notes": found.notes,
            }
        )
        return 0
    for kind in KINDS:
        chosen = [price for price in current if price.kind is kind]
        if chosen:
            print("\n".join([*shown.prices(chosen, as_of, oldest), ""]))
    print(
        f"prices on {as_of}: {len(current)}, {old} of them older than {oldest} days (marked "
        f"{shown.OLD}); superseded: {len(found.prices) - len(current) - later}; "
        f"from a later day on: {later}"
    )
    _say(found.notes)
    return 0


def history(args: argparse.Namespace) -> int:
    """All rows of one model or GPU, with the change between them."""
    _, found = _held(args.workbook)
    names = held.chosen([args.name], (price.names[0] for price in found.prices))
    prices = [price for price in found.prices if folded(price.names[0]) in names]
    prices.sort(key=lambda price: (price.key, price.valid_from))
    line = [
        (price, before if before is not None and before.key == price.key else None)
        for price, before in zip(prices, [None, *prices], strict=False)
    ]
    if args.json:
        changes = [
            {
                **shown.price_data(price),
                "change_percent": Change(price, before, False).percent,
            }
            for price, before in line
        ]
        _print_json({"workbook": args.workbook, "prices": changes, "notes": found.notes})
    else:
        print("\n".join(shown.history(line)))
        _say(found.notes)
    return 0


class _Update(NamedTuple):
    """What an update is about to do."""

    package: Package
    plan: Plan
    notes: list[str]


def update(args: argparse.Namespace) -> int:
    """Show what is new, ask, and write it; exit status 1 where prices contradict each other."""
    out = Path(args.out) if args.out else None
    if args.out == "":
        raise InputError("-o takes the name of the file to write")
    source = Path(args.workbook)
    if out and not args.dry_run:
        refuse_target(out, source, args.force)
        if out.exists() and source.exists() and out.samefile(source):
            raise InputError(f"-o names {source} itself; leave -o out to update it")
    planned = _planned(source, args.sources or [genai.NAME], args.models)
    status = int(bool(planned.plan.conflicts))
    if not args.json:
        _print_plan(planned)
    written = None
    if planned.plan.changes and not args.dry_run:
        refuse_lock(out or source)
        if not agreed(args, f"Write {out or source} (new rows: {len(planned.plan.changes)})?"):
            print("nothing was written")
            return 1
        with working(f"writing {out or source}"):
            new = [change.new for change in planned.plan.changes]
            written = save(planned.package, with_prices(planned.package, new), out)
    _report(args, planned, written)
    return status


def _planned(workbook: Path, sources: Sequence[str], models: str | None) -> _Update:
    package = packages.read(workbook)
    there = held.of_workbook(package)
    wanted = [word.strip() for word in (models or "").split(",") if word.strip()]
    if models is not None and not wanted:
        raise InputError("--models takes names with commas between them, such as gpt-5.5,Kimi-K3")
    notes = list(there.notes)
    today = _today()
    done, known = Plan([], [], 0), list(there.prices)
    files = [Path(name) for name in dict.fromkeys(sources) if name != genai.NAME]
    if files:
        new, said = _from_files(files, wanted, today)
        done = plan(known, new)
        notes += said
        known += [change.new for change in done.changes]
    if genai.NAME in sources:
        new, said = genai.prices(wanted, known, today)
        more = plan(known, new, only_later=True)
        done = done.and_then(more)
        notes += said
    missing = {c.new.kind.table for c in done.changes} - set(there.tables)
    if missing:
        raise WorkbookError(
            f"{workbook} has no table {', '.join(sorted(missing))} for some of these prices; a "
            "workbook from `xlmodel new` has one"
        )
    return _Update(
        package,
        done,
        [*notes, *_readings(done), *_as_of_notes(package, done), *_currency_notes(package, done)],
    )


def _readings(done: Plan) -> list[str]:
    """How the sources of the new rows were read, once for each model and provider."""
    said = (
        f"{', '.join(change.new.names[:2])}: {change.new.reading}"
        for change in done.changes
        if change.new.reading
    )
    return list(dict.fromkeys(said))


def _from_files(
    files: Sequence[Path], wanted: Sequence[str], today: datetime.date
) -> tuple[list[Price], list[str]]:
    """The prices in CSV files, of those wanted only."""
    found: list[Price] = []
    notes: list[str] = []
    for path in files:
        with working(f"reading {path}"):
            new, said = csvfile.prices(path, today)
        found += new
        notes += said
    names = {folded(word.partition("=")[0]) for word in wanted} - {"all"}
    if not names:
        return found, notes
    return [price for price in found if folded(price.names[0]) in names], notes


def _currency_notes(package: Package, done: Plan) -> list[str]:
    """What the workbook's currency makes of new rows in another one."""
    own = held.currency(package).upper()
    others = [change.new.currency for change in done.changes if change.new.currency != own]
    if not own or not others:
        return []
    named = ", ".join(sorted(set(others)))
    return [
        f"{len(others)} of the new rows are in {named}, and the workbook's figures in {own} "
        f"({held.CURRENCY}): nothing converts them, and what takes such a price fails a check"
    ]


def _as_of_notes(package: Package, done: Plan) -> list[str]:
    """What the day that the workbook looks at makes of the new rows."""
    as_of = held.as_of(package)
    notes = []
    after = sum(change.new.valid_from > as_of for change in done.changes) if as_of else 0
    if after:
        notes.append(
            f"{after} of the new rows hold from a day after {as_of}, the workbook's as-of date "
            f"({held.AS_OF}): what is looked up as of that date takes them once it is set later"
        )
    late = sum(change.is_late for change in done.changes)
    if late:
        notes.append(
            f"{late} of the new rows are older than one that the table has for the same names: "
            "results as of days between the two change"
        )
    return notes


def _print_plan(planned: _Update) -> None:
    done = planned.plan
    if done.changes:
        print("\n".join(shown.changes(done.changes)))
    for conflict in done.conflicts:
        print(f"conflict, not added: {conflict.sentence}")
    print(f"new: {len(done.changes)}, already there: {done.present}, "
          f"conflicts: {len(done.conflicts)}")  # fmt: skip
    _say(planned.notes)


def _report(args: argparse.Namespace, planned: _Update, written: Written | None) -> None:
    if args.json:
        _print_json(_data(args, planned, written))
        return
    if written is None:
        print("nothing was written")
        return
    _say(written.notes)
    if written.results:
        print("\n".join(["results that changed:", *shown.results(written.results)]))
    print(f"wrote {written.path}" + (f"; as it was: {written.kept}" if written.kept else ""))


def _data(args: argparse.Namespace, planned: _Update, written: Written | None) -> dict[str, Any]:
    return {
        "workbook": args.workbook,
        "wrote": str(written.path) if written else None,
        "kept": str(written.kept) if written and written.kept else None,
        "new": [shown.change_data(change) for change in planned.plan.changes],
        "already_there": planned.plan.present,
        "conflicts": [shown.conflict_data(conflict) for conflict in planned.plan.conflicts],
        "results": [item._asdict() for item in written.results] if written else [],
        "notes": [*planned.notes, *(written.notes if written else [])],
    }


def _held(workbook: str | None) -> tuple[Package | None, held.Held]:
    if workbook is None:
        return None, held.packaged()
    package = packages.read(workbook)
    return package, held.of_workbook(package)


def _today() -> datetime.date:
    return (source_date_epoch() or datetime.datetime.now()).date()


def _day(text: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or len(text) != len("2026-11-01"):
        raise InputError(f'--as-of is "{text}", but must be a date such as 2026-11-01')
    return day


def _age(given: float | None, package: Package | None) -> int:
    if given is None:
        found = held.accepted_age(package)
        return ACCEPTED_AGE if found is None else found
    if not 0 <= given < math.inf:
        raise InputError(f"--max-age is {given:g}, but must be a number of days, 0 or more")
    return int(given)


def _say(notes: Sequence[str]) -> None:
    for note in notes:
        print(f"xlmodel: {note}", file=sys.stderr)


def _print_json(data: object) -> None:
    print(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))
