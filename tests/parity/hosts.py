"""The hosts of the matrix, and how their answers are held against Python's."""

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from tests.parity.cases import Case, cases
from xlmodel.registry import CellError

TOLERANCE = 1e-12
"""Relative; a host adds in the same order, so that most numbers are equal to the last bit."""

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


class Host(NamedTuple):
    """A column of the matrix: a module with ``answers``, and what runs in it."""

    name: str
    module: str
    about: str
    answers: str = "answers"

    @property
    def excepted(self) -> Mapping[str, str]:
        """Functions, kinds of case and single cases that the host can't answer: why."""
        found: dict[str, str] = getattr(_module(self), "EXCEPT", {})
        return found

    def holds(self, case: Case) -> bool:
        """Whether the host must equal Python on that case."""
        return self.excepted.keys().isdisjoint(keys(case))

    def differences(self) -> list[str]:
        """Where the host does not answer as Python does, and where it does though excepted.

        A line each. The host is asked for all cases at once, but for functions that it hasn't got.
        """
        asked = [case for case in cases() if case.function not in self.excepted]
        answers: list[object] = getattr(_module(self), self.answers)(asked)
        wrong = [
            (case, answer)
            for case, answer in zip(asked, answers, strict=True)
            if not same(answer, case.expected)
        ]
        in_order = {key for case in asked for key in keys(case)}
        in_order -= {key for case, _ in wrong for key in keys(case)}
        return [
            *(
                f"{case.id}: {shown(answer)} instead of {shown(case.expected)}"
                for case, answer in wrong
                if self.holds(case)
            ),
            *(f"{key}: excepted, but equal" for key in self.excepted if key in in_order),
        ]


def keys(case: Case) -> tuple[str, str, str]:
    """What an exception may name: a function, a kind of case, a single case."""
    return case.function, case.kind, case.id


@cache
def _module(host: Host) -> Any:
    return import_module(f"tests.parity.{host.module}")


def _required(name: str) -> str:
    """A package as the project requires it, such as ``ironcalc>=0.9``."""
    project = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]
    listed = project["dependencies"] + project["optional-dependencies"]["test"]
    found = next(text for text in listed if re.match(rf"{name}\W", text))
    return str(found.partition(";")[0])


HOSTS: Sequence[Host] = (
    Host(
        "engine",
        "engine",
        f"{_required('formualizer')}, the headless engine of `xlmodel calc` and `xlmodel report`: "
        "a workbook file is read and recalculated; columns of calls become one call each",
    ),
    Host(
        "engine, cell by cell",
        "engine",
        "the same, each cell a call of its own",
        "answers_cell_by_cell",
    ),
    Host(
        "LAMBDA",
        "lambdas",
        f"{_required('ironcalc')}, an engine without Python, reads a workbook file with the LAMBDA "
        "names of `node_margin.xlsx`; a stand-in for Excel 365",
    ),
    Host(
        "Lite",
        "pyodide",
        "the code that is embedded for xlwings Lite, in Pyodide in Node with the real wheel of "
        f"{_required('xlwings')}; a stand-in plays what Excel and Lite do around it",
    ),
    Host(
        "Calc",
        "calc",
        "the LibreOffice Calc that is installed (7.4 on Debian 12), with the real extension that "
        "`xlmodel addin calc` builds",
    ),
    Host(
        "COM, stand-in",
        "com",
        f"the COM server of {_required('xlwings')} imports our module as in Excel for Windows, on "
        "stand-ins for pywin32 and Excel, which take no part; arguments in cells",
    ),
    Host(
        "COM, stand-in, no cells",
        "com",
        "the same, arguments as constants in the formula",
        "answers_of_constants",
    ),
)


def same(answer: object, expected: object) -> bool:
    """Equal numbers to 1e-12, errors of one kind, equal texts; in rows of one size."""
    if isinstance(expected, list):
        return (
            isinstance(answer, list)
            and [len(row) for row in answer] == [len(row) for row in expected]
            and all(
                same(a, b)
                for x, y in zip(answer, expected, strict=True)
                for a, b in zip(x, y, strict=True)
            )
        )
    if isinstance(expected, CellError):
        return isinstance(answer, CellError) and answer.kind == expected.kind
    if _is_number(expected) and _is_number(answer):
        return math.isclose(answer, expected, rel_tol=TOLERANCE)
    return type(answer) is type(expected) and answer == expected


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, float | int) and not isinstance(value, bool)


def shown(answer: object) -> str:
    """An answer on one line, not too long a one."""
    if isinstance(answer, list):
        lines = [", ".join(shown(cell) for cell in row) for row in answer[:4]]
        return f"[{'; '.join(lines)}{' …' if len(answer) > 4 else ''}]"
    text = answer.kind if isinstance(answer, CellError) else repr(answer)
    return text if len(text) <= 70 else f"{text[:69]}…"
