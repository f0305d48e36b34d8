"""What an input accepts, derived from the unit and range of the argument that it feeds.

The range, the meaning and the hint of an argument are written once, in ``units``. From them come
the data validation, its prompt and its error message, and the words beside the cell.
"""

from collections.abc import Sequence
from typing import Any

from xlmodel.registry import find
from xlmodel.registry.explain import number
from xlmodel.registry.reference import by_subject
from xlmodel.units import HUGE, Kind, Quantity
from xlmodel.workbook.template.parts import Accepts

_ABOVE = 1e-6
PROMPT_LIMIT = 255
"""Excel's limit for the text of a prompt or an error message; a title has 32 characters."""


def argument(name: str, function: str = "") -> Kind:
    """The kind of the argument of that name, as the function declares it.

    Without one, the first that has it, in the order of the reference, which begins with the day's
    sums.
    """
    for declared in (find(function),) if function else by_subject():
        for parameter in declared.parameters:
            if parameter.name == name:
                return parameter.kind
    raise LookupError(f"no function has an argument {name!r}")


def result(function: str) -> Kind:
    """The kind of what a function returns."""
    return find(function).result


def quantity(kind: Quantity, blank: str = "") -> Accepts:
    """A number in the range of a quantity; ``blank`` says what an empty cell means."""
    parts = [
        f"{kind.about[0].upper()}{kind.about[1:]}.",
        f"Unit: {kind.unit}.",
        f"Accepted: {_words(kind)}.",
        f"Blank: {blank}." if blank else "",
    ]
    prompt = _fitting(parts)
    hint = f" {kind.hint[0].upper()}{kind.hint[1:]}." if kind.hint else ""
    message = f"Accepted: a number, {_words(kind)} ({kind.unit}).{hint}"
    rule = {**_decimal(kind), "ignore_blank": bool(blank)}
    return Accepts(rule, _words(kind), prompt, message)


def choice(table: str, about: str) -> Accepts:
    """A text from a list; another one is let through after a warning, for a row added later."""
    where, what = next(place for start, place in _LISTS.items() if table.startswith(start))
    return Accepts(
        {"validate": "list", "source": table},
        f"a name on sheet {where}",
        f"{about[0].upper()}{about[1:]}. Pick from the list on sheet {where}, beside or in the "
        f"{what}.",
        f"This name is not in the list on sheet {where}. Accepted: a name that stands in the "
        f"{what} there. Keep it only if you have added such a row.",
        "warning",
    )


_LISTS = {
    "Gpu": ("GPU prices", "price table"),
    "Model": ("Model prices", "price table"),
    "Billing": ("Billing terms", "table"),
    "Traffic": ("Benchmarks", "table of shapes"),
    "Fx": ("Exchange rates", "table"),
}
"""On which sheet a list stands, and what the names in it are names of."""


def one_of(values: Sequence[str], about: str) -> Accepts:
    """One of a few texts."""
    words = ", ".join(values)
    return Accepts(
        {"validate": "list", "source": list(values)}, words, about, f"Accepted: {words}."
    )


def text(about: str, longest: int = 60) -> Accepts:
    """A short text."""
    return Accepts(
        {"validate": "length", "criteria": "between", "minimum": 1, "maximum": longest},
        f"text, up to {longest} characters",
        about,
        f"Accepted: a text of 1 to {longest} characters.",
    )


def only(value: str, about: str) -> Accepts:
    """One text and no other."""
    return Accepts(
        {"validate": "list", "source": [value]},
        f"{value} only",
        about,
        f"Accepted: {value}, and nothing else.",
    )


def day(about: str) -> Accepts:
    """A date."""
    import datetime

    first, last = datetime.date(2020, 1, 1), datetime.date(2099, 12, 31)
    return Accepts(
        {
            "validate": "date",
            "criteria": "between",
            "minimum": first,
            "maximum": last,
            "ignore_blank": False,
        },
        f"a date, {first} to {last}",
        about,
        f"Accepted: a date from {first} to {last}, such as 2024-07-27.",
    )


def _words(kind: Quantity) -> str:
    """The rule below in words."""
    if kind.open_low:
        above = f"above {number(kind.low)}"
        return above if kind.high >= HUGE else f"{above}, {number(_highest(kind))} at most"
    if kind.low <= -HUGE:
        return "any number"
    low = number(kind.low).replace("-", "−") if kind.low < 0 else number(kind.low)
    return f"{low} or more" if kind.high >= HUGE else f"{low} to {number(_highest(kind))}"


def _highest(kind: Quantity) -> float:
    """The upper end. Where the end itself is out, a thousandth of the range below it: the largest
    float below 1 would show as 1 in a spreadsheet."""
    return kind.high - (kind.high - kind.low) / 1000 if kind.open_high else kind.high


def _decimal(kind: Quantity) -> dict[str, Any]:
    if kind.open_low and kind.high >= HUGE:
        return {"validate": "decimal", "criteria": ">", "value": kind.low}
    if kind.high >= HUGE:
        return {"validate": "decimal", "criteria": ">=", "value": kind.low}
    # The smallest float above an open end is no number that Excel can hold.
    low = kind.low + _ABOVE if kind.open_low else kind.low
    ends = {"minimum": low, "maximum": _highest(kind)}
    return {"validate": "decimal", "criteria": "between", **ends}


def _fitting(parts: list[str]) -> str:
    """All parts if they fit; else the first one only up to its first semicolon."""
    prompt = " ".join(filter(None, parts))
    if len(prompt) > PROMPT_LIMIT:
        prompt = " ".join(filter(None, [parts[0].partition(";")[0] + ".", *parts[1:]]))
    return prompt
