"""``xlmodel check``: the standard turned on a workbook, with a progress bar on a terminal."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from xlmodel.registry import InputError
from xlmodel.workbook.check import shown
from xlmodel.workbook.check.book import Progress
from xlmodel.workbook.check.judge import check as judged
from xlmodel.workbook.check.rule import Severity
from xlmodel.workbook.check.standard import RULES


def check(args: argparse.Namespace) -> int:
    """Print what departs from the standard; exit status 1 for a finding of that severity."""
    if args.rules:
        return _rules(args)
    if args.workbook is None:
        raise InputError("give the name of a workbook, or --rules")
    severity = Severity[args.severity.upper()]
    with _progress(f"checking {args.workbook}") as progress:
        verdict = judged(args.workbook, progress)
    if args.json:
        _print_json(shown.as_data(verdict, severity))
    else:
        _print(shown.lines(verdict))
    return int(bool(verdict.at_least(severity)))


def _rules(args: argparse.Namespace) -> int:
    if args.workbook is not None:
        raise InputError("--rules lists the rules and takes no workbook")
    rules = list(RULES.values())
    if args.json:
        _print_json(shown.rule_data(rules))
    else:
        _print(shown.rule_lines(rules))
    return 0


def _print(lines: Iterable[shown.Line]) -> None:
    if not sys.stdout.isatty():
        print("\n".join(text for text, _ in lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for text, style in lines:
        console.print(Text(text, style=style), soft_wrap=True)


def _print_json(data: Any) -> None:
    print(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


@contextmanager
def _progress(what: str) -> Iterator[Progress | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield told
