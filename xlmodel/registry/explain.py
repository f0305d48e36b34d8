"""How a number came about, or why there is none, in words with units."""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from xlmodel.registry import checked, dates, docs
from xlmodel.registry.convert import OwnRow, flat, is_range, own_rows
from xlmodel.registry.declaration import Function, kind_of
from xlmodel.registry.errors import InputError
from xlmodel.registry.source import statements
from xlmodel.units import Date, Named, Quantity, SameAs

_NUMBERS = (int, float)


def explain(function: Function, args: Sequence[object]) -> str:
    """One sentence; for ranges it is that of the first value, and says so."""
    first, note = _first_values(function, args)
    try:
        values = checked.complete(function, checked.bind(function, first, {}))
        answer = function.run(values)
    except InputError as error:
        return f"{error}{note} ({error.kind})."
    result = with_unit(answer, function.result)
    inputs = ", ".join(
        f"{p.name} = {with_unit(v, p.kind)}"
        for p, v in zip(function.parameters, values, strict=False)
        if isinstance(v, (*_NUMBERS, str, OwnRow)) and not isinstance(p.default, SameAs)
    )
    return "".join(
        (
            f"{function.name} = {result}{note}",
            f", from {inputs}" if inputs else "",
            f" ({traffic})" if (traffic := _traffic(function, values)) else "",
            f"; {steps}" if (steps := "; ".join(_steps(function, values))) else "",
            f": {equation}" if (equation := docs.section(function, "Equation")) else "",
            ".",
        )
    )


def with_unit(value: object, kind: object) -> str:
    """A value for people: thousands separated, ten digits at most, the unit behind."""
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        return str(value)
    if isinstance(kind, Date):
        return dates.iso(value)
    unit = f" {kind.unit}" if isinstance(kind, Quantity) else ""
    return number(float(value)) + unit


def number(value: float) -> str:
    """
    >>> number(285120000.0), number(0.160654), number(1234.5)
    ('285,120,000', '0.160654', '1,234.5')
    """
    if value and not 1e-4 <= abs(value) < 1e15:
        return f"{value:.10g}"
    whole = len(str(int(abs(value))))
    text = f"{value:,.{max(10 - whole, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _first_values(function: Function, args: Sequence[object]) -> tuple[list[object], str]:
    first: list[object] = []
    note = ""
    for i, value in enumerate(args):
        broadcasts = i >= len(function.parameters) or function.parameters[i].broadcasts
        kind = function.parameters[i].kind if i < len(function.parameters) else None
        rows = own_rows(kind, value) if isinstance(kind, Named) else None
        value = value if rows is None else rows
        if broadcasts and is_range(value):
            cells = flat(value)
            value = cells[0] if cells else None
            note = " for the first value of each range" if len(cells) > 1 else note
        first.append(value)
    return first, note


def _traffic(function: Function, values: Sequence[Any]) -> str:
    """The two rates in plain words, so that a reversed ratio is seen."""
    given = dict(zip((p.name for p in function.parameters), values, strict=False))
    if not {"output_tps", "input_output_ratio"} <= given.keys():
        return ""
    output = given["output_tps"]
    return (
        f"{number(output * given['input_output_ratio'])} input + {number(output)} output tokens/s"
    )


def _steps(function: Function, values: Sequence[Any]) -> Iterator[str]:
    """The annotated assignments of the body, run on the values."""
    names = dict(zip((p.name for p in function.parameters), values, strict=False))
    scope = function.body.__globals__
    for statement in statements(function.body):
        if not isinstance(statement, ast.AnnAssign | ast.Assign) or statement.value is None:
            continue
        value = eval(  # noqa: S307 (the package's own source, nothing of the user's)
            compile(ast.Expression(statement.value), function.name, "eval"), scope, names
        )
        target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
        assert isinstance(target, ast.Name)
        names[target.id] = value
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.annotation, ast.Name):
            unit = kind_of(scope[statement.annotation.id])
            yield f"{target.id} = {with_unit(value, unit)}"
