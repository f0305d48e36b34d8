"""A STAND-IN for what xlwings Lite does around ``main.py``; it runs inside Pyodide.

The Python, the wheel of xlwings and its conversion of values (``xlwings.conversion``) are the real
ones. Written here, from what is documented of Lite, are: the decorators that note what is declared
(outside of Lite those of the wheel do nothing), finding the declared functions in ``main.py``,
how Office.js passes single cells and single rows, and errors on the way back.
"""

import importlib.metadata
import inspect
import json
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import xlwings
import xlwings.conversion

DECLARED = "declared to the stand-in"
ERRORS = {
    "#DIV/0!": "Div0",
    "#N/A": "NotAvailable",
    "#NAME?": "Name",
    "#NULL!": "Null",
    "#NUM!": "Num",
    "#REF!": "Ref",
    "#VALUE!": "Value",
}


class Engine:
    """Values of cells as an engine of xlwings handles them."""

    name = "officejs"
    type = "remote"

    @staticmethod
    def clean_value_data(rows: Any, *_settings: object) -> Any:
        return rows  # of a user's own function; ours ask for values as they come

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        if isinstance(value, float) and value != value:
            raise ValueError("NaN would reach a cell")
        if isinstance(value, int) and not isinstance(value, bool):
            raise TypeError("an int may reach Excel as a BigInt")
        if isinstance(value, str) and value in ERRORS:
            return {"type": "Error", "errorType": ERRORS[value]}
        return "" if value is None else value


def func(made: Any) -> Any:
    vars(made).setdefault(DECLARED, {})
    return made


def arg(name: str, convert: object = None, **options: object) -> Callable[[Any], Any]:
    def declare(made: Any) -> Any:
        vars(func(made))[DECLARED][name] = {"convert": convert, **options}
        return made

    return declare


def load(main: str) -> None:
    """Run ``main.py`` as a module."""
    if "officejs" not in [engine.name for engine in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=Engine()))
    xlwings.func, xlwings.arg = func, arg
    module = sys.modules["main"] = types.ModuleType("main")
    exec(compile(main, "main.py", "exec"), vars(module))


def declared() -> Iterator[tuple[str, Any]]:
    for name, member in inspect.getmembers(sys.modules["main"]):
        if DECLARED in getattr(member, "__dict__", {}):
            yield name, member


def about() -> str:
    """What Excel would be told of the functions."""
    functions = {
        name: {
            "description": made.__doc__,
            "home": made.__module__,
            "arguments": [
                {
                    "name": p.name,
                    "optional": p.default is not p.empty,
                    "repeated": p.kind is p.VAR_POSITIONAL,
                    **vars(made)[DECLARED].get(p.name, {}),
                }
                for p in inspect.signature(made).parameters.values()
            ],
        }
        for name, made in declared()
    }
    return json.dumps(
        {
            "functions": functions,
            "python": sys.platform,
            "xlwings": importlib.metadata.version("xlwings"),
            "numpy": "numpy" in sys.modules or "pandas" in sys.modules,
        }
    )


def call(name: str, args: list[Any]) -> str:
    """A call with arguments as Office.js gives them; what it is given back, as JSON."""
    made = dict(declared())[name]
    parameters = list(inspect.signature(made).parameters.values())
    given: list[object] = []
    for p, value in zip(parameters, args, strict=False):
        options = vars(made)[DECLARED].get(p.name, {})
        repeated = p.kind is p.VAR_POSITIONAL
        given += [_read(item, options) for item in value] if repeated else [_read(value, options)]
    options = {"runtime": "1.4", "date_format": None}
    written = xlwings.conversion.write(made(*given), None, options, engine_name="officejs")
    return json.dumps(written, allow_nan=False)


def _read(value: Any, options: dict[str, Any]) -> Any:
    """Lite makes a range of one cell that cell, and one row a list."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0][0] if len(value[0]) == 1 else value[0]
    if type(value).__name__ == "JsNull":
        return None
    return xlwings.conversion.read(None, value, options, engine_name="officejs")
