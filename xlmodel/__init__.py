"""Unit economics of serving large language models, as functions for cells and for Python.

Every function of the add-in is a name here, in lower case: ``xlmodel.node_margin(300, 10, 2.8,
2.8, 8, 3.49)``. Numbers give a number; lists and NumPy arrays broadcast and give an array; a bad
input raises ``InputError`` with one sentence. ``__init__.pyi``, generated from the registry, tells
type checkers the same. The functions are loaded on first use, so that the command line starts at
once.
"""

from importlib import import_module

from xlmodel.version import VERSION

__version__ = VERSION


def __getattr__(name: str) -> object:
    from xlmodel.registry import InputError, functions

    if name == "InputError":
        return InputError
    if name == "tables":
        return import_module("xlmodel.tables")
    for declared in functions().values():
        if declared.python_name == name:
            globals()[name] = declared
            return declared
    raise AttributeError(f"module 'xlmodel' has no attribute {name!r}")


def __dir__() -> list[str]:
    from xlmodel.registry import functions

    names = [declared.python_name for declared in functions().values()]
    return [*names, "InputError", "__version__", "tables"]
