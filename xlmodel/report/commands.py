"""``xlmodel report``: recalculate a workbook, write the report files, print where and what."""

import argparse
import json
from pathlib import Path

from xlmodel.report import Report, write_report
from xlmodel.workbook.calc import Calculation, calculate
from xlmodel.workbook.commands import (
    answer_lines,
    as_data,
    check_lines,
    output_lines,
    settings,
    verdict,
    working,
)
from xlmodel.workbook.sensitivity import Swing, tornado
from xlmodel.workbook.whatif import WhatIf

_MARGIN = "out_margin"


def report(args: argparse.Namespace) -> int:
    """Print where and what; the exit status is that of ``verdict``."""
    formats = None if args.formats is None else args.formats.split(",")
    with working(f"reporting on {args.workbook}"):
        calculation = calculate(args.workbook, settings(args.inputs))
        folder = Path(args.out or f"{Path(args.workbook).stem}-report")
        swings = () if args.quick else drivers(calculation)
        written = write_report(calculation, folder, args.force, formats, swings, args.lang)
    if args.json:
        print(json.dumps(_data(calculation, written), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(calculation, written)))
    return verdict(calculation)


def drivers(calculation: Calculation) -> list[Swing]:
    """How far each driver moves the margin, by recalculating; none where there is no margin."""
    name = next((name for name in calculation.outputs if name.casefold() == _MARGIN), "")
    if not name or type(calculation.outputs[name].value) is not float:
        return []
    with WhatIf(calculation) as trial:
        return tornado(trial, name)[0]


def _lines(calculation: Calculation, written: Report) -> list[str]:
    return [
        written.headline,
        "",
        *output_lines(calculation),
        "",
        *answer_lines(calculation),
        *check_lines(calculation),
        *(f"Note: {warning}" for warning in written.warnings),
        f"Report in {written.folder}:",
        *(f"  {path.name}" for path in written.paths),
    ]


def _data(calculation: Calculation, written: Report) -> dict[str, object]:
    return {
        "headline": written.headline,
        "files": [str(path) for path in written.paths],
        "warnings": list(written.warnings),
        **as_data(calculation),
    }
