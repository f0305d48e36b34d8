"""The declaration: names that every host accepts, documents that say everything."""

import inspect
import re

import pytest

import xlmodel
from xlmodel.registry import Function, InputError, docs, find, function, functions, reference
from xlmodel.units import GpuCount, Quantity, SameAs, UsdPerDay

ALL = list(functions().values())
each = pytest.mark.parametrize("declared", ALL, ids=lambda f: f.name)

A1 = re.compile(r"[A-Za-z]{1,3}[1-9][0-9]{0,6}")
R1C1 = re.compile(r"[Rr][0-9]*([Cc][0-9]*)?|[Cc][0-9]*")
EXCEL_BUILT_IN = {"PRICE", "RATE", "TERM", "YIELD", "VALUE", "TYPE", "CELL", "FREQUENCY", "MODE"}


@each
def test_name_is_free_in_a_spreadsheet(declared: Function) -> None:
    """No cell address, no R1C1 name, no built-in, at least 3 characters."""
    for name in (declared.name, *(p.name for p in declared.parameters)):
        assert not A1.fullmatch(name)
        assert not R1C1.fullmatch(name)
        assert len(name) >= 3
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)
    assert declared.name not in EXCEL_BUILT_IN


def test_names_differ_without_case_and_from_parameters() -> None:
    names = [f.name.casefold() for f in ALL]
    assert len(set(names)) == len(names)


@each
def test_texts_fit_into_the_function_wizard(declared: Function) -> None:
    parameters = declared.parameters
    assert sum(len(p.name) for p in parameters) + len(parameters) <= 254
    assert len(docs.parts(declared)["Summary"]) <= 255
    assert all(len(docs.describe(p)) <= 255 for p in parameters)


@each
def test_documents_are_complete(declared: Function) -> None:
    parts = docs.parts(declared)
    assert parts["Summary"].endswith(".")
    assert parts["Source"]
    assert ">>> import xlmodel" in parts["Example"]
    if isinstance(declared.result, Quantity):
        assert parts["Equation"]
    text = inspect.getdoc(getattr(xlmodel, declared.python_name))
    assert text
    for p in declared.parameters:
        assert f"{p.name}: {docs.describe(p)}" in text


@each
def test_optionals_come_last_and_point_at_arguments(declared: Function) -> None:
    required = [p.required for p in declared.parameters]
    assert required == sorted(required, reverse=True)
    names = {p.name for p in declared.parameters}
    assert all(
        p.default.argument in names for p in declared.parameters if isinstance(p.default, SameAs)
    )


def test_public_names() -> None:
    assert set(dir(xlmodel)) >= {"node_margin", "InputError", "__version__"}
    assert xlmodel.node_cost is xlmodel.node_cost
    assert repr(xlmodel.node_cost).startswith("<xlmodel function NODE_COST(gpus")
    with pytest.raises(AttributeError, match="no attribute 'node_margn'"):
        _ = xlmodel.node_margn  # type: ignore[attr-defined]


def test_declaring_twice_is_refused() -> None:
    def node_cost(gpus: GpuCount) -> UsdPerDay:
        return gpus

    with pytest.raises(TypeError, match="declared twice"):
        function(node_cost)


def test_an_argument_without_a_unit_is_refused() -> None:
    def lacks_unit(gpus: float) -> UsdPerDay:
        return gpus

    with pytest.raises(TypeError, match=r"xlmodel\.units"):
        function(lacks_unit)


def test_find_suggests() -> None:
    assert find(" node_cost ") is functions()["NODE_COST"]
    with pytest.raises(InputError, match="did you mean NODE_COST"):
        find("NODE_COTS")


def test_reference_names_every_function() -> None:
    text = reference.reference()
    assert all(f"### {f.name}\n" in text for f in ALL)
    stub = reference.stub()
    assert all(f"def {f.python_name}(" in stub for f in ALL)
