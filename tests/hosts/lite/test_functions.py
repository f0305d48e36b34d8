"""What xlwings Lite publishes, and values between Office.js and our functions."""

import inspect
from types import ModuleType
from typing import Any

import pytest

from xlmodel.hosts import wizard
from xlmodel.hosts.lite.functions import ERRORS, from_office, publish, to_office
from xlmodel.registry import CellError, Function, functions
from xlmodel.registry.errors import KINDS


@pytest.fixture(scope="module")
def module() -> dict[str, Any]:
    made = ModuleType("main")
    publish(vars(made))
    return vars(made)


@pytest.mark.parametrize("function", functions().values(), ids=lambda f: f.name)
def test_every_function_is_published_as_xlwings_wants_it(
    function: Function, module: dict[str, Any]
) -> None:
    made = module[function.name]
    assert made.__name__ == function.name
    assert made.__module__ == "main"
    assert made.__annotations__ == {}
    assert made.__doc__ == wizard.description(function)
    parameters = inspect.signature(made).parameters.values()
    assert [p.name for p in parameters] == [p.name for p in function.parameters]
    optional = [p.name for p in parameters if p.default is None]
    repeated = [p.name for p in parameters if p.kind is p.VAR_POSITIONAL]
    assert optional == [p.name for p in function.parameters if not p.required and not p.repeated]
    assert repeated == [p.name for p in function.parameters if p.repeated]
    assert not optional or not repeated  # xlwings refuses both in one function


def test_a_call(module: dict[str, Any]) -> None:
    assert module["NODE_COST"](8.0, 3.49) == [[670.08]]
    assert module["NODE_COST"](8.0, 3.49, None, 100.0) == [[770.08]]
    assert module["NODE_COST"]([8.0, 16.0], 3.49) == [[670.08, 1340.16]]
    assert module["NODE_COST"](8.0, {"type": "Error", "basicValue": "#DIV/0!"}) == [["#DIV/0!"]]


Null = type("JsNull", (), {})
"""Named as what Pyodide gives for null."""


@pytest.mark.parametrize(
    ("office", "ours"),
    [
        (3, 3),
        (True, True),
        ("", ""),
        ("text", "text"),
        (None, None),
        (Null(), None),
        ("#N/A", CellError("#N/A")),
        ({"type": "Error", "basicType": "Error", "basicValue": "#DIV/0!"}, CellError("#DIV/0!")),
        ({"type": "Error", "basicValue": "#BUSY!", "errorType": "Busy"}, CellError("#VALUE!")),
        ({"type": "LinkedEntity", "basicType": "Error", "basicValue": "#VALUE!"}, "#VALUE!"),
        ({"type": "FormattedNumber", "basicType": "Double", "basicValue": 45500.0}, 45500.0),
        ({"type": "Empty", "basicType": "Empty", "basicValue": ""}, None),
        ([1.0, Null()], [[1.0, None]]),
        ([[1.0], ["a"]], [[1.0], ["a"]]),
        ([[1.0, {"type": "Error", "basicValue": "#REF!"}]], [[1.0, CellError("#REF!")]]),
        ((), [[]]),
    ],
)
def test_arguments(office: object, ours: object) -> None:
    assert from_office(office) == (CellError(ours) if ours == "#VALUE!" else ours)


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_comes_back_as_one_that_office_knows(kind: str) -> None:
    shown = to_office(CellError(kind, "why"))
    assert shown == (kind if kind in ERRORS else "#VALUE!")


@pytest.mark.parametrize(
    ("value", "kind"), [(1, float), (2.5, float), (True, bool), ("text", str), ("", str)]
)
def test_results(value: object, kind: type) -> None:
    shown = to_office(value)
    assert (shown, type(shown)) == (value, kind)
