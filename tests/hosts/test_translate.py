"""A Python body becomes the formula that computes the same, operation by operation."""

from collections.abc import Callable

import formualizer
import pytest

from xlmodel.elementwise import only_if, where
from xlmodel.hosts.translate import Expr, NotDerivable, literal, translate

_KILO = 1_000
_MANY = list[float]


def grouped(a: float, b: float, c: float) -> float:
    """Parentheses where they change the result, and no others."""
    return a - (b - c) - c / (a * b) + (a - b) * c - (a + b + c)


def powers(a: float, b: float, c: float) -> float:
    """Python groups powers from the right and negates after them."""
    return -(a**b) + (a**b) ** c + a ** (b**c) + a**-b + (-a) ** 2 - -a


def choices(a: float, b: float, c: float) -> float:
    """Both conditions must hold, cell by cell."""
    positive = only_if(a != 0, b / a, "a is zero")
    return where((a > b) & (b <= c), positive, where(a == b, c - 1, -c)) * _KILO


def calls(a: float, b: float, c: float) -> float:
    """A body within a body keeps its own names."""
    step = grouped(a, c=b, b=a + c)
    return step + grouped(c, a, b) + tripled_half(step)


def tripled_half(a):  # type: ignore[no-untyped-def]
    """The same name as a step of its caller."""
    step: float = a / 2
    return step * 3


@pytest.mark.parametrize("body", [grouped, powers, choices, calls], ids=lambda b: b.__name__)
@pytest.mark.parametrize("values", [(3.0, 2.0, 1.5), (1.25, 2.5, 0.5), (2.0, 2.0, 3.0)], ids=str)
def test_formula_equals_body(body: Callable[..., float], values: tuple[float, ...]) -> None:
    formula = translate(body, dict(zip("abc", map(literal, values), strict=True)))
    workbook = formualizer.Workbook()
    workbook.set_formula(workbook.sheet_names[0], 1, 1, f"={formula.text}")
    found = workbook.evaluate_cell(workbook.sheet_names[0], 1, 1)
    assert found == pytest.approx(body(*values), rel=1e-14)


def test_only_needed_parentheses() -> None:
    formula = translate(grouped, {name: Expr(name) for name in "abc"})
    assert formula.text == "a-(b-c)-c/(a*b)+(a-b)*c-(a+b+c)"


def test_steps_are_handed_over_to_be_named() -> None:
    steps: list[tuple[str, str]] = []

    def keep(name: str, value: Expr) -> Expr:
        steps.append((name, value.text))
        return Expr(f"{name}{len(steps)}")

    formula = translate(calls, {name: Expr(name) for name in "abc"}, keep)
    assert steps[0] == ("b", "a+c")  # an argument that is more than a name is a step too
    assert [name for name, _ in steps] == ["b", "step", "step"]
    assert formula.text.endswith("+step3*3")


def loops(a: float) -> float:
    """No."""
    for _ in range(3):
        a = a * 2
    return a


def builtin(a: float) -> float:
    """No."""
    return max(a, 1)


def modulo(a: float) -> float:
    """No."""
    return a % 2


def chained(a: float) -> float:
    """No."""
    return where(0 < a < 1, a, 1)


def not_a_number(a: float) -> float:
    """No."""
    return a * _MANY  # type: ignore[operator]


def incomplete(a: float) -> float:
    """No."""
    return grouped(a, a)  # type: ignore[call-arg]


def returns_nothing(a: float) -> None:
    """No."""
    a = a + 1


@pytest.mark.parametrize(
    "body",
    [loops, builtin, modulo, chained, not_a_number, incomplete, returns_nothing],
    ids=lambda b: b.__name__,
)
def test_what_has_no_formula_is_said(body: Callable[..., object]) -> None:
    with pytest.raises(NotDerivable, match=r"no twin|more than|neither|called without"):
        translate(body, {"a": Expr("a")})


@pytest.mark.parametrize(
    ("value", "text"),
    [(86_400, "86400"), (1e15, "1E+15"), (-2.5, "-2.5"), (1e-9, "1E-09"), ('a"b', '"a""b"')],
)
def test_literals(value: object, text: str) -> None:
    assert literal(value).text == text
