"""One declaration per function, and the checked call that every host shares.

``declaration`` holds ``@function`` and the registry; ``convert`` takes one cell value to what a
body wants, or says in one sentence why not; ``checked`` calls a function on scalars and ranges;
``arrays`` is the vectorised path; ``docs`` composes docstrings; ``source`` reads a body's syntax
tree for ``explain`` and for hosts that translate it.
"""

from xlmodel.registry.declaration import Function, Parameter, find, function, functions
from xlmodel.registry.errors import DIV0, NA, NUM, VALUE, CellError, InputError

__all__ = [
    "DIV0",
    "NA",
    "NUM",
    "VALUE",
    "CellError",
    "Function",
    "InputError",
    "Parameter",
    "find",
    "function",
    "functions",
]
