"""``xlmodel throughput import``: benchmark results into the table Throughput of a workbook."""

import argparse
import datetime
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from xlmodel.registry import InputError
from xlmodel.tables.lookup import found_row
from xlmodel.workbook import benchmarks, package, tablerows
from xlmodel.workbook.benchmarks import Run
from xlmodel.workbook.files import writing
from xlmodel.workbook.package import Package
from xlmodel.workbook.patch import beside, refuse_target, write_zip
from xlmodel.workbook.storedvalues import Value
from xlmodel.workbook.tablerows import Content
from xlmodel.workbook.untrusted import WorkbookError

TABLE = "Throughput"
COLUMNS = (
    *("model", "gpu", "gpus", "precision", "input_tokens", "output_tokens", "batch"),
    *("output_tps", "ttft_ms", "tpot_ms", "engine", "measured", "source", "note"),
)
KEY = (
    *("model", "gpu", "gpus", "precision", "input_tokens", "output_tokens", "batch"),
    *("output_tps", "source"),
)
"""The columns in which two rows of one run agree."""

Row = Mapping[str, Content]


class Setup(NamedTuple):
    """What no result file tells: the hardware, and what is to stand instead of what it tells."""

    gpu: str
    gpus: int
    precision: str
    model: str = ""
    input_tokens: float | None = None
    output_tokens: float | None = None


class Imported(NamedTuple):
    """What came of an import; ``path`` is the workbook written, None where nothing was new."""

    path: Path | None
    added: list[Row]
    present: list[Row]
    notes: list[str]


def command(args: argparse.Namespace) -> int:
    """Import, and say what was added."""
    if args.out == "":
        raise InputError("-o takes the name of the file to write")
    setup = Setup(
        *(args.gpu, args.gpus, args.precision, args.model or ""),
        *(args.input_tokens, args.output_tokens),
    )
    files = [Path(name) for name in args.files]
    out = Path(args.out) if args.out else None
    done = imported(files, Path(args.workbook), setup, out, args.force)
    for note in done.notes:
        print(f"xlmodel: {note}", file=sys.stderr)
    if args.json:
        print(json.dumps(as_data(done, args.workbook), indent=2, ensure_ascii=False))
    else:
        print("\n".join(lines(done)))
    return 0


def imported(
    files: Sequence[Path], workbook: Path, setup: Setup, out: Path | None, force: bool = False
) -> Imported:
    """Write a copy of a workbook with the runs that its table has not got yet."""
    setup, notes = _named(setup)
    target = out or beside(workbook, "throughput")
    source = package.read(workbook)
    table = _table(source)
    added: list[Row] = []
    present: list[Row] = []
    known: list[Mapping[str, Content | Value]] = [*table.rows]
    for run in (run for path in files for run in benchmarks.runs(path)):
        row = _row(run, setup)
        (present if any(_is_same(row, other) for other in known) else added).append(row)
        known.append(row)
    if not added:
        return Imported(None, added, present, notes)
    refuse_target(target, workbook, force)
    new = table.with_rows(added)
    with writing(target) as file:
        write_zip(source, new, file)
    notes.append(
        "a row answers for requests of exactly its lengths: where they are means, give those that "
        "you reckon with, by --input-tokens and --output-tokens"
    )
    if _has_formulas(source):
        notes.append(
            f"formulas still show what they did before: `xlmodel calc {target} -o …` recalculates, "
            "and so does Ctrl+Alt+F9 in Excel"
        )
    return Imported(target, added, present, notes)


def lines(done: Imported) -> list[str]:
    """What was done, for people."""
    said = [f"added {_shown(row)}" for row in done.added]
    said += [f"already there: {_shown(row)}" for row in done.present]
    return [*said, f"wrote {done.path}" if done.path else "nothing to add: no file written"]


def as_data(done: Imported, workbook: str) -> dict[str, object]:
    """What was done, for programs."""
    return {
        "workbook": workbook,
        "table": TABLE,
        "wrote": str(done.path) if done.path else None,
        "added": [_plain(row) for row in done.added],
        "already_there": [_plain(row) for row in done.present],
        "notes": done.notes,
    }


def _named(setup: Setup) -> tuple[Setup, list[str]]:
    """The set-up in the names of our tables, with a warning for what is in none of them."""
    for option, number in (
        ("--gpus", setup.gpus),
        ("--input-tokens", setup.input_tokens),
        ("--output-tokens", setup.output_tokens),
    ):
        if number is not None and not 0 < number < math.inf:
            raise InputError(f"{option} is {number:g}, but must be a number above 0")
    notes: list[str] = []
    gpu = _name("--gpu", setup.gpu, "gpu_specs", "gpu", notes)
    precision = _name("--precision", setup.precision, "precisions", "precision", notes)
    model = setup.model and _name("--model", setup.model, "model_specs", "model", notes)
    return setup._replace(gpu=gpu, precision=precision, model=model), notes


def _name(option: str, given: str, table: str, key: str, notes: list[str]) -> str:
    """The name in a table of ours, or what was given, with a note that says so."""
    text = benchmarks.plain(given)
    if not text:
        raise InputError(f"{option} is empty")
    try:
        row = found_row(table, key, text, option)
        assert row is not None
    except InputError as miss:
        notes.append(f'{miss}; written as "{text}"')
        return text
    if row[key].casefold() != text.casefold():
        notes.append(f'{option} "{text}" is written as {row[key]}, its name here')
    return row[key]


def _table(source: Package) -> tablerows.ExcelTable:
    table = tablerows.find(source, TABLE)
    if table is None:
        raise WorkbookError(
            f"{source.name} has no table named {TABLE}; a workbook from `xlmodel new` has one"
        )
    headers = {header.lower() for header in table.place.columns}
    missing = [column for column in COLUMNS if column not in headers]
    if missing:
        raise WorkbookError(
            f"{source.name}: the table {TABLE} has no column {', '.join(missing)}; one from "
            "`xlmodel new` has all"
        )
    return table


def _row(run: Run, setup: Setup) -> Row:
    """A run as a row of the table."""
    return {
        "model": setup.model or _model(run),
        "gpu": setup.gpu,
        "gpus": float(setup.gpus),
        "precision": setup.precision,
        "input_tokens": setup.input_tokens or run.input_tokens,
        "output_tokens": setup.output_tokens or run.output_tokens,
        "batch": run.batch,
        "output_tps": run.output_tps,
        "ttft_ms": run.ttft_ms,
        "tpot_ms": run.tpot_ms,
        "engine": run.engine,
        "measured": run.measured,
        "source": run.source,
        "note": run.note,
    }


def _model(run: Run) -> str:
    """The name in our table of the model that a run served."""
    known = next(filter(None, map(benchmarks.known_model, run.model_ids)), "")
    if not known:
        ids = run.model_ids
        found = f'the model "{ids[0]}", which is not in our table' if ids else "no model"
        raise InputError(f"{run.source} names {found}: give its name with --model")
    return known


def _is_same(row: Row, other: Mapping[str, Content | Value]) -> bool:
    """Whether two rows are of one run."""
    return all(_is_equal(row.get(column), other.get(column)) for column in KEY)


def _is_equal(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9)
    if isinstance(one, str) and isinstance(other, str):
        return one.strip().casefold() == other.strip().casefold()
    return one is None and other is None


def _has_formulas(source: Package) -> bool:
    parts = (source.text(sheet.part) for sheet in source.sheets)
    return any(b"<f>" in xml or b"<f " in xml for xml in parts)


def _shown(row: Row) -> str:
    """A row in a line."""
    batch = row["batch"]
    at = f" at a batch of {batch:,.4g}" if isinstance(batch, float) else ""
    return (
        f"{row['model']} on {row['gpus']:g} x {row['gpu']}, {row['precision']}: "
        f"{row['input_tokens']:,.4g} + {row['output_tokens']:,.4g} tokens, "
        f"{row['output_tps']:,.5g} output tokens/s{at} ({row['source']})"
    )


def _plain(row: Row) -> dict[str, object]:
    return {
        column: item.isoformat() if isinstance(item, datetime.date) else item
        for column, item in row.items()
    }
