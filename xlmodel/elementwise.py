"""The few operations beyond arithmetic that a model function may use.

A function body is written once and runs on a float, on a NumPy array, and, translated, as a
spreadsheet formula. ``+ - * / **`` do all three by themselves; these helpers do the rest. Each
has a spreadsheet twin in ``hosts/native.py``.
"""

import sys
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


def only_if(condition: Any, value: float, reason: str) -> float:
    """``value`` where the condition holds, else ``#NUM!`` with the reason. Twin: ``IF``.

    >>> only_if(True, 1.0, "never")
    1.0
    """
    if isinstance(condition, bool):
        if not condition:
            raise DomainError(reason)
        return value
    numpy = _numpy()
    return numpy.where(condition, value, numpy.nan)  # type: ignore[no-any-return]


def _numpy() -> Any:
    """NumPy, which whoever made the array has loaded already."""
    return sys.modules["numpy"]
