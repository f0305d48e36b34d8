"""The few operations beyond arithmetic that a model function may use.

A function body is written once and runs on a float, on a NumPy array, and, translated, as a
spreadsheet formula. ``+ - * / **`` do all three by themselves; these helpers do the rest. Each
has a spreadsheet twin in ``hosts/native.py``.
"""

import math
import sys
from collections.abc import Callable
from typing import Any


class DomainError(ValueError):
    """The arguments are each in range, but together have no answer."""


def where(condition: Any, yes: float, no: float) -> float:
    """``yes`` where the condition holds, else ``no``; both are computed. Twin: ``IF``.

    >>> where(True, 1.0, 2.0)
    1.0
    """
    if isinstance(condition, bool):
        return yes if condition else no
    return _numpy().where(condition, yes, no)  # type: ignore[no-any-return]


def only_if(condition: Any, value: float, reason: str | Callable[[], str]) -> float:
    """``value`` where the condition holds, else ``#NUM!`` with the reason. Twin: ``IF``.

    A reason that takes work to word is a function.

    >>> only_if(True, 1.0, "never")
    1.0
    """
    if isinstance(condition, bool):
        if not condition:
            raise DomainError(reason if isinstance(reason, str) else reason())
        return value
    numpy = _numpy()
    return numpy.where(condition, value, numpy.nan)  # type: ignore[no-any-return]


def whole(value: float) -> float:
    """The largest whole number not above the value. Twin: ``INT``.

    >>> whole(2.9)
    2.0
    """
    if isinstance(value, int | float):
        return float(math.floor(value))
    return _numpy().floor(value)


def larger(a: float, b: float) -> float:
    """The larger of two values; of an array's values not a number where either is none.

    >>> larger(1.0, 2.0)
    2.0
    """
    return where((a > b) | (a != a), a, b)


def smaller(a: float, b: float) -> float:
    """The smaller of two values; of an array's values not a number where either is none.

    >>> smaller(1.0, 2.0)
    1.0
    """
    return where((a < b) | (a != a), a, b)


def largest(holds: Callable[[Any], Any], most: float, bits: int) -> float:
    """The largest whole number up to ``most`` for which a condition holds, or 0.

    The condition must hold for all numbers below one for which it holds. The number is found bit
    by bit, below 2 to the power of ``bits``.

    >>> largest(lambda n: n * n <= 50, 100.0, 7)
    7.0
    """
    found = 0.0 * most
    for bit in reversed(range(bits)):
        more = found + 2.0**bit
        found = where((more <= most) & holds(more), more, found)
    return found


def log(value: float) -> float:
    """The natural logarithm of a positive value. Twin: ``LN``.

    >>> log(1.0)
    0.0
    """
    if isinstance(value, int | float):
        return math.log(value)
    return _numpy().log(value)


def exp(value: float) -> float:
    """e to the power of a value. Twin: ``EXP``.

    >>> exp(0.0)
    1.0
    """
    if isinstance(value, int | float):
        return math.exp(value)
    return _numpy().exp(value)


def _numpy() -> Any:
    """NumPy, which whoever made the array has loaded already."""
    return sys.modules["numpy"]
