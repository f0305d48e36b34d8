"""The extension in a real LibreOffice: what Calc answers where it can't answer as Python does.

All other cases are held equal to Python's answers by ``tests/parity/test_parity.py``.
"""

import pytest

from tests.parity import calc
from tests.parity.cases import Case, cases
from tests.parity.hosts import same, shown


def _excepted() -> list[Case]:
    return [case for case in cases() if case.id in calc.EXCEPT]


def test_calc_answers_as_its_rules_foresee() -> None:
    asked = _excepted()
    found = [
        f"{case.id}: {shown(answer)} instead of {shown(calc.foreseen(case))}"
        for case, answer in zip(asked, calc.answers(asked), strict=True)
        if not same(answer, calc.foreseen(case))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "rule", [calc.BLANK, calc.ZERO, calc.LOGICAL, calc.ERROR, calc.ERROR_IN_RANGE]
)
def test_each_rule_is_needed(rule: str) -> None:
    assert rule in calc.EXCEPT.values()


def test_an_error_or_nothing_where_python_has_an_error_but_for_three_rules() -> None:
    """A number in place of Python's error comes from a blank cell, a zero or a truth value."""
    numbers = {
        calc.EXCEPT[case.id]
        for case in _excepted()
        if isinstance(calc.foreseen(case), float) and not isinstance(case.expected, float)
    }
    assert numbers <= {calc.BLANK, calc.ZERO, calc.LOGICAL}
