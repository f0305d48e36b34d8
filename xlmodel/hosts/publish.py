"""A registered function as the plain function that xlwings publishes, for COM and Lite alike.

xlwings reads a function's name, signature and docstring by ``inspect``, trips over annotations, and
knows neither keyword-only arguments nor ``*args`` beside optional ones. So what is published is a
plain function with an upper-case name, no annotations, and None for what is left out.
"""

import inspect
from collections.abc import Callable
from typing import Any

from xlmodel.hosts import wizard
from xlmodel.registry import Function

Cells = Callable[[Any], Any]


def published(function: Function, from_host: Cells, to_host: Cells) -> Callable[..., Any]:
    """A function of cells as the host passes them.

    ``from_host`` turns an argument of the host into what ``Function.call_cells`` takes, and
    ``to_host`` its result into what the host shows.
    """

    def called(*arguments: Any) -> Any:
        return to_host(function.call_cells([from_host(value) for value in arguments]))

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
