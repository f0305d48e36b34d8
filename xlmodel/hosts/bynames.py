"""Twins of functions that look a model and a GPU up: each cell of a range for itself.

What a body does with records holds for one cell only, so ranges are checked, spread, and mapped::

    =LAMBDA(model, gpu, …,
    LET(
      every_model_, XLMODEL_NAMED(model,"model",…),
      …
      errors_, every_model_&every_gpu_&…,
      MAP(IF(errors_<FALSE,every_model_),…,LAMBDA(model_,gpu_,…,IF(ISERROR(model_),model_,…)))))

A range of the user's own, a header and rows, stands for a column of its rows.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from xlmodel.hosts import benchmarks, helpers
from xlmodel.hosts.guards import default_value, named_check, parameter_name
from xlmodel.hosts.steps import Steps
from xlmodel.hosts.translate import value_of
from xlmodel.hosts.values import Expr, Value, row
from xlmodel.model.operating import operating_point
from xlmodel.registry import Function, Parameter
from xlmodel.units import Named, SameAs, Table

_ROWS: Final = {"model": "XLMODEL_ARCHITECTURE", "gpu": "XLMODEL_GPU"}
"""What finds the row of a name, or of a place in the user's own table."""


def looks_up(function: Function) -> bool:
    """Whether the function takes names of things whose rows it needs."""
    return any(isinstance(p.kind, Named) for p in function.parameters)


def twin(function: Function) -> str:
    """The twin as Excel's name manager shows it."""
    steps = Steps(parameter_name(p) for p in function.parameters)
    checked: dict[str, str] = {}
    for p in function.parameters:
        checked[p.name] = _checked(p, steps, checked)
    errors = steps.add("errors", "&".join(checked.values()))
    spread = [p.name for p in function.parameters if p.broadcasts]
    ranges = ",".join(f"IF({errors}<FALSE,{checked[name]})" for name in spread)
    result = f"MAP({ranges},{_each(function, spread, steps)})"
    values = "".join(f"  {name}, {value},\n" for name, value in steps.values.items())
    named = ((parameter_name(p), p.required) for p in function.parameters)
    heads = ", ".join(name if required else f"[{name}]" for name, required in named)
    return f"=LAMBDA({heads},\nLET(\n{values}  {result}))"


def _checked(p: Parameter, steps: Steps, before: Mapping[str, str]) -> str:
    """An argument's values, each an error if it is bad; of a table only whether it is."""
    if isinstance(p.kind, Table):
        return benchmarks.check(p)
    return steps.add(f"every_{p.name}", named_check(parameter_name(p), p, _default(p, before)))


def _each(function: Function, names: Sequence[str], outer: Steps) -> str:
    """What is done with the values of one cell."""
    steps = outer.inner()
    places = {name: steps.parameter(name) for name in names}
    given = _given(function, places, steps)
    calls = {**helpers.calls(), operating_point: benchmarks.caller(places, steps)}
    result = row(value_of(function.body, given, steps, calls))
    first = next(iter(places.values())).text
    heads = ",".join(place.text for place in places.values())
    return f"LAMBDA({heads},IF(ISERROR({first}),{first},{steps.let(result)}))"


def _given(function: Function, places: Mapping[str, Expr], steps: Steps) -> Mapping[str, Value]:
    """The arguments as the body takes them: the row of a thing, the whole of a table."""
    rows = {
        p.name: steps(p.name, Expr(f"{_ROWS[p.kind.key]}({places[p.name].text},{p.name})"))
        for p in function.parameters
        if isinstance(p.kind, Named)
    }
    tables = {p.name: Expr(p.name) for p in function.parameters if isinstance(p.kind, Table)}
    return {**places, **tables, **rows}


def _default(p: Parameter, before: Mapping[str, str]) -> str:
    if isinstance(p.default, SameAs):
        return before[p.default.argument]
    return "" if p.required else default_value(p).text
