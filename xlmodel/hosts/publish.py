"""A registered function as the plain function that xlwings publishes, for COM and Lite alike.

xlwings reads a function's name, signature and docstring by ``inspect``, trips over annotations, and
knows neither keyword-only arguments nor ``*args`` beside optional ones. So what is published is a
plain function with an upper-case name, no annotations, and None for what is left out.
"""

import inspect
from collections.abc import Callable
from typing import Any, Final

from xlmodel.hosts import wizard
from xlmodel.hosts.cells import rows
from xlmodel.registry import Function

XLWINGS: Final = "0.37.8"
"""The version of xlwings that the tests run, the one that pyproject.toml asks for."""


def published(
    function: Function, from_host: Callable[[Any], Any], to_host: Callable[[Any], object]
) -> Callable[..., Any]:
    """A function of cells as the host passes them.

    ``from_host`` turns an argument of the host into what ``Function.call_cells`` takes, and
    ``to_host`` each cell of its result into what the host shows. The result is a list of rows.
    """

    def called(*arguments: Any) -> Any:
        return rows(function.call_cells([from_host(value) for value in arguments]), to_host)

    called.__name__ = called.__qualname__ = function.name
    called.__doc__ = wizard.description(function)
    called.__annotations__ = {}
    called.__signature__ = _signature(function)  # type: ignore[attr-defined]
    return called


def _signature(function: Function) -> inspect.Signature:
    plain = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature(
        [
            inspect.Parameter(p.name, inspect.Parameter.VAR_POSITIONAL)
            if p.repeated
            else inspect.Parameter(
                p.name, plain, default=inspect.Parameter.empty if p.required else None
            )
            for p in function.parameters
        ]
    )
