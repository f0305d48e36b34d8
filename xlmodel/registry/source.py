"""The syntax tree of a function's body, for ``explain`` and for hosts that translate it.

A body is a docstring, assignments of one name each, and a ``return``. An assignment annotated
with a type of ``units`` is a step worth showing; the annotation carries its unit.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def statements(body: Callable[..., Any]) -> tuple[ast.stmt, ...]:
    """The statements of a body without its docstring, if it has one."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(body)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    return tuple(definition.body[bool(body.__doc__) :])
