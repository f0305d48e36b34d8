"""Files generated from the registry: the function reference and the type stub.

Both are committed, written by ``xlmodel build`` and held equal to a fresh build by a test.
"""

from xlmodel.registry import docs
from xlmodel.registry.declaration import Function, Parameter, functions
from xlmodel.units import Anything, Date, Load, Named, Quantity, Series, Table, Text

_SUBJECTS = {
    "serving": "What a node serves",
    "price": "What tokens earn",
    "billing": "Long context, batch, and what a prompt cache costs",
    "conversation": "Conversations of several turns, and their hit rate",
    "cost": "What serving costs",
    "margin": "Margin and break-even",
    "lookup": "Prices and specifications by name",
    "capacity": "What fits into memory",
    "throughput": "From a model and a GPU to tokens per second",
    "decoding": "Speculative decoding, experts, and the textbook's step",
    "speculation": "A node that drafts and verifies",
    "sourcing": "Buying GPUs: rent or own",
    "deals": "Deals: a price to quote, a discount, a customer's mix",
    "value": "What a model is worth, and for how long",
    "release": "Launches, releases, training",
    "cashflow": "NPV and IRR",
    "size": "Big or small: models of any size, demand, distillation, open weights",
    "traffic": "Traffic: a fleet that follows the load of a day",
    "scaling": "What a fleet costs, and what following the load saves",
    "queueing": "Waiting for a slot",
    "meta": "About the functions",
}

_SCALARS = {Quantity: "float", Text: "str", Date: "_Date", Anything: "object"}


def reference() -> str:
    """The function reference as Markdown."""
    lines = [
        "# Function reference",
        "",
        "Generated from the declarations by `xlmodel build`; do not edit. The same text:",
        "`xlmodel functions NAME`, and `help(xlmodel.node_margin)` in Python.",
        "",
        "Arguments in brackets are optional; a blank cell means the default. Every argument that",
        "is a number also takes a range: ranges of one shape go value by value, a row against a",
        "column gives a grid, and the result spills. Shares are fractions (0.85, never 85). Money",
        "is in one currency, called USD.",
        "",
        "In a cell a bad input gives `#VALUE!` (wrong type), `#NUM!` (out of range, no solution),",
        "`#N/A` (look-up miss) or `#DIV/0!` (a rate over nothing), in that cell alone;",
        '`XLMODEL_EXPLAIN("NAME", …)` with the same arguments says why.',
        "",
    ]
    subject = ""
    for function in by_subject():
        if function.subject != subject:
            subject = function.subject
            lines += [f"## {_SUBJECTS[subject]}", ""]
        lines += _entry(function)
    return "\n".join(lines).rstrip() + "\n"


def by_subject() -> list[Function]:
    """All functions in the order of the reference."""
    order = list(_SUBJECTS)
    return sorted(functions().values(), key=lambda function: order.index(function.subject))


def _entry(function: Function) -> list[str]:
    lines = [f"### {function.name}", "", f"`{function.signature}`", ""]
    lines += [docs.parts(function)["Summary"], ""]
    if remarks := docs.parts(function).get("Remarks"):
        lines += [remarks.replace("``", "`"), ""]
    if function.parameters:
        lines += ["| argument | meaning, unit, range |", "| --- | --- |"]
        lines += [f"| `{p.name}` | {docs.describe(p)} |" for p in function.parameters]
    else:
        lines += ["No arguments."]
    lines += ["", f"Result: {docs.meaning(function.result)}", ""]
    for name in ("Equation", "Errors", "Source"):
        if text := docs.section(function, name):
            lines += [f"{name}: {text.replace('``', '`')}", ""]
    if example := docs.parts(function).get("Example"):
        lines += ["```python", example, "```", ""]
    return lines


def stub() -> str:
    """``__init__.pyi``: numbers give a number, arrays give an array."""
    lines = [
        "# Generated from the declarations by `xlmodel build`; do not edit.",
        "import datetime",
        "from typing import Any, overload",
        "",
        "import numpy as np",
        "from numpy.typing import ArrayLike, NDArray",
        "",
        "from xlmodel import tables as tables",
        "from xlmodel.registry import InputError as InputError",
        "",
        "__version__: str",
        "_Date = float | str | datetime.date | None",
        "",
    ]
    for function in functions().values():
        lines += _stub_entry(function)
    return "\n".join(lines)


def _stub_entry(function: Function) -> list[str]:
    name = function.python_name
    result = "Any" if isinstance(function.result, Anything) else _type(function.result)
    scalar = ", ".join(_argument(p, array=False) for p in function.parameters)
    single = f"def {name}({scalar}) -> {result}: ..."
    if not function.numeric:
        return [single, ""] if not function.vectorised else [_loose(single), ""]
    array = ", ".join(_argument(p, array=True) for p in function.parameters)
    return [
        "@overload",
        single,
        "@overload",
        f"def {name}({array}) -> NDArray[np.float64]: ...",
        "",
    ]


def _loose(single: str) -> str:
    """A function of names and numbers: any of them may be an array."""
    return single.replace(": float", ": ArrayLike").replace(") -> float", ") -> Any")


def _argument(p: Parameter, array: bool) -> str:
    if p.repeated:
        return f"*{p.name}: object"
    kind = "ArrayLike" if array and isinstance(p.kind, Quantity) else _type(p.kind)
    if p.required:
        return f"{p.name}: {kind}"
    optional = kind if kind in ("None", "_Date", "Any") else f"{kind} | None"
    return f"{p.name}: {optional} = ..."


def _type(kind: object) -> str:
    if isinstance(kind, Table | Named):
        return "Any"
    if isinstance(kind, Series):
        return "ArrayLike"
    if isinstance(kind, Load):
        return "str | ArrayLike"
    return _SCALARS.get(type(kind), "None")
