"""Unit economics of serving large language models, as functions for cells and for Python.

Every function of the add-in is a name here, in lower case: ``xlmodel.node_margin(300, 10, 2.8,
2.8, 8, 3.49)``. Numbers give a number; lists and NumPy arrays broadcast and give an array; a bad
input raises ``InputError`` with one sentence. ``__init__.pyi``, generated from the registry, tells
type checkers the same.
"""

import xlmodel.model  # registers the functions
from xlmodel.registry import InputError, functions
from xlmodel.version import VERSION as __version__

globals().update({declared.python_name: declared for declared in functions().values()})

__all__ = ["InputError", "__version__", *(declared.python_name for declared in functions().values())]
