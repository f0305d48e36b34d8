"""Python itself keeps the contract on every case: each kind of bad input is its kind of error.

So that parity means more than that all hosts share a mistake.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from math import isclose

import pytest

from tests.parity.cases import KINDS, OMITTED, Case, cases
from tests.parity.derived import calls
from tests.parity.layout import spills
from xlmodel.registry import NA, NUM, VALUE, CellError, Function, Parameter, functions
from xlmodel.registry.convert import own_rows
from xlmodel.registry.docs import section
from xlmodel.units import Date, FunctionName, GpuName, Named, Quantity, SameAs, Text

each = pytest.mark.parametrize("function", functions().values(), ids=lambda f: f.name)


def of(function: Function) -> list[Case]:
    return [case for case in cases() if case.function == function.name]


def flat(value: object) -> Iterator[object]:
    if isinstance(value, list | tuple) and not isinstance(value, CellError):
        for part in value:
            yield from flat(part)
    else:
        yield value


def errors(value: object) -> set[str]:
    """The kinds of error in an answer, or in arguments."""
    return {cell.kind for cell in flat(value) if isinstance(cell, CellError)}


def parameter(case: Case) -> Parameter:
    """The parameter that a case is about: its id begins with the name."""
    name = case.id.split("/")[2].split(" ")[0]
    return next(p for p in functions()[case.function].parameters if p.name == name)


# What each kind of case must give


def _first_error(case: Case) -> set[str]:
    first = errors(case.args[0])
    return first if isinstance(case.args[0], CellError) else {VALUE}


def _of_a_miss(case: Case) -> set[str]:
    first = functions()[case.function].parameters[0]
    return {"#NAME?"} if first.kind == FunctionName.__metadata__[0] else {NA}


def _of_a_table(case: Case) -> set[str]:
    """A fault in the row that counts spoils the price; one elsewhere does not."""
    if re.search(r"without|is (text|zero|blank|TRUE)", case.id):
        return {VALUE}
    return errors(case.args) if "is an error" in case.id else set()


def _of_a_blank(case: Case) -> set[str]:
    p = parameter(case)
    is_blank = case.kind != "empty text" or isinstance(p.kind, Text)
    return set() if is_blank and not p.required else {VALUE}


ERRORS: dict[str, Callable[[Case], set[str]]] = {
    "value": lambda _: set(),
    "text form": lambda _: set(),
    "one cell": lambda _: set(),
    "range": lambda _: set(),
    "explained": lambda _: set(),
    "omitted": _of_a_blank,
    "blank": _of_a_blank,
    "empty text": _of_a_blank,
    "too many": lambda _: {VALUE},
    "wrong type": lambda _: {VALUE},
    "out of range": lambda _: {NUM},
    "no solution": lambda _: {NUM},
    "error in": lambda case: errors(case.args),
    "two bad": _first_error,
    "miss": _of_a_miss,
    "table": _of_a_table,
    "lengths": lambda _: {NA},
}
"""The errors in the answer to a case of each kind; of other kinds, its cells or documents tell."""


@each
def test_each_kind_of_input_gives_its_kind_of_error(function: Function) -> None:
    wrong = [
        (case.id, case.expected)
        for case in of(function)
        if case.kind in ERRORS and errors(case.expected) != ERRORS[case.kind](case)
    ]
    assert not wrong


@each
def test_a_cell_of_a_range_is_answered_as_if_alone(function: Function) -> None:
    wrong = [
        (case.id, row, column)
        for case in of(function)
        if spills(case)
        for row, line in enumerate(rows_of(case.expected))
        for column, answer in enumerate(line)
        if not same(kind_or_value(answer), kind_or_value(alone(function, case, row, column)))
    ]
    assert not wrong


def rows_of(value: object) -> list[list[object]]:
    assert isinstance(value, list)
    return value


def kind_or_value(answer: object) -> object:
    return answer.kind if isinstance(answer, CellError) else answer


def same(one: object, other: object) -> bool:
    """Equal but for last digits: processors compute powers of arrays otherwise than single ones."""
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-12)
    return one == other


def alone(function: Function, case: Case, row: int, column: int) -> object:
    """The answer for one cell of each range, a range of one row or column repeated."""
    given = list(case.args)
    for i, p in enumerate(function.parameters[: len(given)]):
        rows = given[i]
        if not (p.broadcasts and isinstance(rows, list)):
            continue
        if isinstance(p.kind, Named) and (own := own_rows(p.kind, rows)):
            rows = [[one] for one in own]
        lines = rows * (row + 1) if len(rows) == 1 else rows
        cells = lines[row] if row < len(lines) else []
        cells = cells * (column + 1) if len(cells) == 1 else cells
        if column >= len(cells):
            return CellError(NA)
        given[i] = cells[column]
    return function.call_cells(given)


@each
def test_left_out_means_the_default(function: Function) -> None:
    """The same answer as with every default given by name."""
    for case in of(function):
        if case.kind not in {"omitted", "blank", "empty text"} or errors(case.expected):
            continue
        if spills(case):
            continue
        given = dict(zip((p.name for p in function.parameters), case.args, strict=False))
        given = {name: v for name, v in given.items() if v is not None and v not in (OMITTED, "")}
        for p in function.parameters:
            if p.name not in given and p.default is not None:
                same = isinstance(p.default, SameAs)
                given[p.name] = given[p.default.argument] if same else p.default
        assert case.expected == function(**given), case.id


@each
def test_errors_at_the_ends_are_those_in_the_documents(function: Function) -> None:
    """A rate over nothing and no solution: each named error occurs, and no other one."""
    named = set(re.findall(r"#(?:DIV/0!|NUM!|N/A)", section(function, "Errors")))
    ends = {"limit", "zero"}
    met = {case.kind: set[str]() for case in of(function)}
    for case in of(function):
        met[case.kind] |= errors(case.expected)
    at_ends = set().union(*(met.get(kind, set()) for kind in ends))
    assert at_ends <= named
    assert named <= at_ends | met.get("no solution", set()) | met.get("miss", set())


# The cases


def test_cases_are_apart_and_of_known_kinds() -> None:
    assert [name for name, times in Counter(case.id for case in cases()).items() if times > 1] == []
    assert {case.kind for case in cases()} == KINDS.keys()


@each
def test_a_function_has_all_kinds_of_cases_that_fit(function: Function) -> None:
    kinds = {case.kind for case in of(function)}
    wanted = {"value"}
    if function.parameters:
        wanted |= {"blank", "wrong type", "error in"}
    if any(isinstance(p.kind, Quantity | Date) for p in function.parameters):
        wanted |= {"out of range"}
    if sum(p.broadcasts for p in function.parameters) > 1:
        wanted |= {"range", "long range", "grid", "bad cell", "lengths", "one cell"}
    if not all(p.required or p.repeated for p in function.parameters):
        wanted |= {"omitted"}
    assert wanted <= kinds
    good = calls(function)
    assert len(set(map(repr, good))) == len(good) > bool(function.parameters)


def test_a_function_of_texts_without_good_calls_is_told_so() -> None:
    def no_such(gpu: GpuName) -> GpuName:
        return gpu

    with pytest.raises(LookupError, match=r"NO_SUCH takes .* give some good calls in CALLS"):
        calls(Function(no_such))
