"""Docstrings in parts, and the full text that joins them with units and ranges.

A function's own docstring says what only it can say: a summary, remarks, and the sections
Equation, Errors, Source and Example. What its arguments mean, in which unit and range, stands in
their types; ``full_text`` puts both together for ``help()``, the reference and ``xlmodel
functions``.
"""

import textwrap
from functools import cache
from typing import Any

from xlmodel.registry.declaration import Function, Parameter
from xlmodel.units import (
    Anything,
    Date,
    Kind,
    Load,
    MustBeBlank,
    Named,
    Quantity,
    SameAs,
    Series,
    Table,
    Text,
)

SECTIONS = ("Equation", "Errors", "Source", "Example")


@cache
def parts(function: Function) -> dict[str, str]:
    """The docstring by section; "Summary" and "Remarks" are what comes before the sections."""
    found: dict[str, list[str]] = {"Summary": []}
    current = "Summary"
    for line in textwrap.dedent("    " + (function.body.__doc__ or "")).splitlines():
        if line.rstrip(":") in SECTIONS and line.endswith(":"):
            current = line.rstrip(":")
        elif current == "Summary" and not line.strip():
            current = "Remarks"
        else:
            found.setdefault(current, []).append(line)
            continue
        found.setdefault(current, [])
    return {name: textwrap.dedent("\n".join(lines)).strip() for name, lines in found.items()}


def section(function: Function, name: str) -> str:
    """One section on one line."""
    return " ".join(parts(function).get(name, "").split())


def full_text(function: Function) -> str:
    """What ``help()`` shows."""
    lines = [parts(function)["Summary"], "", function.signature, ""]
    if remarks := parts(function).get("Remarks"):
        lines += [remarks, ""]
    if function.parameters:
        lines += ["Arguments (each a number, text or date as said; a range gives a range):"]
        lines += [f"    {p.name}: {describe(p)}" for p in function.parameters]
        lines += [""]
    lines += ["Returns:", f"    {meaning(function.result)}", ""]
    for name in SECTIONS:
        if text := parts(function).get(name):
            lines += [f"{name}:", textwrap.indent(text, "    "), ""]
    return "\n".join(lines).rstrip() + "\n"


def describe(p: Parameter) -> str:
    """Meaning, unit, range and default of an argument on one line."""
    kind: Any = p.kind
    text = meaning(kind)
    if isinstance(p.default, SameAs):
        return f"{text} Default: {p.default.argument}."
    if not p.required and p.default is not None:
        default = p.default if isinstance(p.default, str) else f"{p.default:g}"
        return f"{text} Default: {default}."
    return text if p.required or isinstance(kind, MustBeBlank) else f"{text} Optional."


def meaning(kind: Kind) -> str:
    """What a kind of value is, with unit and range."""
    if isinstance(kind, Quantity):
        return f"{kind.about} [{kind.unit}; {kind.accepted}]."
    if isinstance(kind, Text):
        example = f', such as "{kind.example}"' if kind.example else ""
        return f"{kind.about} [text{example}]."
    if isinstance(kind, Named):
        return f'{kind.about} [text, such as "{kind.example}", or range].'
    if isinstance(kind, Date):
        return f"{kind.about} [Excel date or ISO text]."
    if isinstance(kind, Table):
        return f"{kind.about} [table with columns {', '.join(kind.columns)}]."
    if isinstance(kind, Series):
        return f"{kind.item.about} [range of {kind.item.unit}; each {kind.item.accepted}]."
    if isinstance(kind, Load):
        hours = " or ".join(map(str, kind.counts))
        return (
            f"{kind.item.about} [range of {hours} hours, {kind.item.unit}; or the name of a "
            f'profile, such as "{kind.example}"].'
        )
    assert isinstance(kind, MustBeBlank | Anything)
    return f"{kind.about} [blank]." if isinstance(kind, MustBeBlank) else f"{kind.about}."


def as_data(function: Function) -> dict[str, Any]:
    """The declaration as plain data, for ``xlmodel functions --json``."""
    return {
        "name": function.name,
        "signature": function.signature,
        "subject": function.subject,
        "summary": parts(function)["Summary"],
        "arguments": [
            {
                "name": p.name,
                "required": p.required,
                "default": p.default.argument
                if isinstance(p.default, SameAs)
                else (None if p.required else p.default),
                "unit": getattr(p.kind, "unit", ""),
                "description": describe(p),
            }
            for p in function.parameters
        ],
        "result": {"unit": getattr(function.result, "unit", ""), "about": meaning(function.result)},
        **{name.lower(): section(function, name) for name in ("Equation", "Errors", "Source")},
    }
