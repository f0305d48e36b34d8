"""Every function in every host equals Python, on the same cases.

A host whose program is missing skips, and fails in continuous integration.
"""

import pytest

from tests.parity import engine
from tests.parity.cases import Case, cases
from tests.parity.hosts import HOSTS, Host, keys, same
from tests.parity.matrix import FILE, text
from xlmodel.hosts.engine.evaluate import Evaluation
from xlmodel.registry import CellError, functions

each = pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.name)
NA, NUM = CellError("#N/A", "a reason"), CellError("#NUM!")


@each
def test_host_equals_python(host: Host) -> None:
    found = host.differences()
    assert not found, "\n".join([f"{len(found)} differ:", *found[:50]])


@each
def test_every_function_has_a_cell_or_a_reason(host: Host) -> None:
    held = {case.function for case in cases() if host.holds(case)}
    assert held | host.excepted.keys() >= functions().keys()


@each
def test_an_exception_is_of_cases_that_exist_and_has_a_reason(host: Host) -> None:
    known = {key for case in cases() for key in keys(case)}
    assert host.excepted.keys() <= known
    assert all(reason for reason in host.excepted.values())


def test_matrix_is_current() -> None:
    stale = FILE.read_text(encoding="utf-8") != text()
    assert not stale, "run python -m tests.parity, which writes tests/parity/matrix.md"


def test_columns_of_calls_became_one_call_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the engine's two columns of the matrix were one."""
    lifted: set[str] = set()
    compute = Evaluation._compute

    def noted(self: Evaluation, i: int) -> None:
        lifted.add(self._plan.lifted[i].function.name)
        compute(self, i)

    monkeypatch.setattr(Evaluation, "_compute", noted)
    some = [case for case in cases() if case.kind in {"value", "omitted"}]
    engine.answers_cell_by_cell(some)
    assert not lifted
    engine.answers(some)
    assert lifted >= {f.name for f in functions().values() if f.numeric}


@pytest.mark.parametrize(
    ("answer", "expected", "equal"),
    [
        (1.0, 1.0 + 1e-13, True),
        (1.0, 1.0 + 1e-11, False),
        (0.0, 1e-300, False),
        (1.0, True, False),
        (True, 1.0, False),
        ("1", 1.0, False),
        (None, 0.0, False),
        (NA, CellError("#N/A"), True),
        (NA, NUM, False),
        ("#N/A", NA, False),
        ("text", "text", True),
        ("text", "Text", False),
        ([[1.0], [NA]], [[1.0], [CellError("#N/A")]], True),
        ([[1.0], [2.0]], [[1.0, 2.0]], False),
        ([[1.0]], 1.0, False),
        (1.0, [[1.0]], False),
    ],
)
def test_what_counts_as_equal(answer: object, expected: object, equal: bool) -> None:
    assert same(answer, expected) == equal


def test_differences_and_needless_exceptions_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Case] = []

    def wrong(given: list[Case]) -> list[object]:
        asked[:] = given
        return [[[1.0], [NA], [2.0], [3.0], [4.0]], *(case.expected for case in given[1:])]

    monkeypatch.setattr(engine, "answers", wrong)
    first, second, *_ = cases()
    told = f"{first.id}: [1.0; #N/A; 2.0; 3.0 …] instead of {first.expected}"
    assert HOSTS[0].differences() == [told]
    excepted = {first.id: "it differs", second.id: "it does not", "NODE_MARGIN": "not there"}
    monkeypatch.setattr(engine, "EXCEPT", excepted, raising=False)
    assert HOSTS[0].differences() == [f"{second.id}: excepted, but equal"]
    assert "NODE_MARGIN" not in {case.function for case in asked}
    assert not HOSTS[0].holds(first)
