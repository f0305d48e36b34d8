"""The parity matrix as a document: how many cases of each function are held equal in each host."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.parity.cases import KINDS, Case, cases
from tests.parity.hosts import HOSTS, keys
from xlmodel.registry import functions

FILE = Path(__file__).with_name("matrix.md")

HEAD = """\
# Parity matrix

Every function × every host, on the same inputs. A number is how many calls are held equal to
Python's answer by `tests/parity/test_parity.py`: numbers to 1e-12, errors by their kind, ranges in
size and cell by cell. Python itself is held to the contract on the same cases by
`tests/parity/test_cases.py`. Written by `python -m tests.parity`; do not edit.
"""


def text() -> str:
    """The whole document."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield HEAD
    yield "## Functions\n"
    yield from _table("function", list(functions()), lambda case: case.function)
    yield "\n## Kinds of input\n"
    yield from _table("kind of case", list(KINDS), lambda case: case.kind)
    yield "\n## What the kinds are\n"
    yield from (f"- **{kind}**: {about}." for kind, about in KINDS.items())
    yield "\n## What the hosts are\n"
    yield "- **Python**: `Function.call_cells`, which every host calls or must equal."
    yield from (f"- **{host.name}**: {host.about}." for host in HOSTS)
    yield "\n## What is left out, and why\n"
    yield from _exceptions()
    yield ""


def _table(title: str, rows: list[str], row_of: Callable[[Case], str]) -> Iterator[str]:
    columns = [Counter(row_of(case) for case in cases())]
    columns += [Counter(row_of(c) for c in cases() if host.holds(c)) for host in HOSTS]
    yield f"| {title} | Python | {' | '.join(host.name for host in HOSTS)} |"
    yield "| --- |" + " ---: |" * len(columns)
    for row in rows:
        yield f"| {row} | {' | '.join(str(column[row] or '–') for column in columns)} |"
    yield f"| **all** | {' | '.join(f'**{column.total()}**' for column in columns)} |"


def _exceptions() -> Iterator[str]:
    for host in HOSTS:
        by_reason: dict[str, list[str]] = {}
        for key, reason in host.excepted.items():
            by_reason.setdefault(reason, []).append(key)
        for reason, excepted in by_reason.items():
            yield f"- **{host.name}**, {_what(set(excepted))}: {reason}."


def _what(excepted: set[str]) -> str:
    """Functions by name; of others how many cases of which kind."""
    names = [name for name in functions() if name in excepted]
    counts = Counter(
        case.kind
        for case in cases()
        if case.function not in names and not excepted.isdisjoint(keys(case))
    )
    return ", ".join([*names, *(f"{count} × {kind}" for kind, count in counts.items())])
