"""Every registered function, as xlwings' "Import Functions" finds it: our ``UDF Modules`` entry.

The module's namespace is filled from the registry. Where xlwings has no COM server, its decorators
leave a function as it is, and this module can be imported and its functions run all the same.
"""

from collections.abc import Callable
from inspect import Parameter, Signature, signature
from typing import Any, Final

from xlwings import arg, func, ret
from xlwings.conversion import Accessor, Pipeline

from xlmodel.hosts import wizard
from xlmodel.hosts.excel import vba
from xlmodel.hosts.excel.values import content, from_excel, to_excel
from xlmodel.hosts.publish import published
from xlmodel.registry import Function, functions

MOST: Final = max(len(function.parameters) for function in functions().values())
"""As many arguments as any function has."""


class Cells(Accessor):
    """How xlwings reads an argument: a reference's content, and anything else as it comes."""

    @classmethod
    def reader(cls, _options: object) -> Any:
        return Pipeline([_read])


def _read(context: Any) -> None:
    if context.range is not None:
        context.value = content(context.range.impl)


def _published(function: Function) -> Callable[..., Any]:
    call = _without_array(published(function, from_excel, to_excel))
    for name, help_text in zip(signature(call).parameters, _help(function), strict=True):
        arg(name, Cells, doc=help_text)(call)
    ret("raw")(call)
    return func(category=wizard.CATEGORY)(call)  # last: what came before resets the category


def _help(function: Function) -> list[str]:
    return [
        wizard.argument_help(p)
        for p in function.parameters
        for _ in range(MOST if p.repeated else 1)
    ]


def _without_array(call: Callable[..., Any]) -> Callable[..., Any]:
    """``*arguments`` as so many optional ones.

    VBA would put a ParamArray's references into an array, which reads their ``Value``: rounded
    currency, dates, a million cells of a whole column.
    """
    parameters = list(signature(call).parameters.values())
    if not parameters or parameters[-1].kind is not Parameter.VAR_POSITIONAL:
        return call
    *plain, last = parameters

    def called(*arguments: Any) -> Any:
        given = list(arguments)
        while given and given[-1] is None:
            given.pop()
        return call(*given)

    more = [
        Parameter(f"{last.name}_{i}", Parameter.POSITIONAL_OR_KEYWORD, default=None)
        for i in range(1, MOST + 1)
    ]
    called.__name__ = called.__qualname__ = call.__name__
    called.__doc__ = call.__doc__
    called.__annotations__ = {}
    called.__signature__ = Signature([*plain, *more])  # type: ignore[attr-defined]
    return called


vba.install()
globals().update({name: _published(function) for name, function in functions().items()})
