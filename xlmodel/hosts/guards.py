"""The check of one argument, as a spreadsheet formula that works cell by cell over a range.

The checks are comparisons, since those work cell by cell in every engine. In a spreadsheet's
order every number is less than every text and every text less than FALSE, so ``x<""`` holds for
numbers only; only a blank cell equals both "" and 0; an error passes through each of them.
"""

from collections.abc import Mapping
from typing import Final

from xlmodel.hosts.translate import Expr, NotDerivable, literal
from xlmodel.hosts.values import array
from xlmodel.registry import Parameter, dates, functions
from xlmodel.units import Date, Kind, Load, MustBeBlank, Named, Quantity, Series, Text

_DAYS = Quantity("days", "days of the calendar, to the end of 9999", 1, dates.LAST_DAY)
_BLANK = '({x}="")*({x}=0)'
_ONE = "ROWS({x})*COLUMNS({x})=1"
_TEXT = '({x}>"")*({x}<FALSE)*(TRIM({x})<>"")'

_BLANKS: dict[type, str] = {
    Text: 'TRIM({x})=""',  # as a cleared formula leaves it
    Series: f"({_ONE})*{_BLANK}",
}
"""When an optional argument counts as left out, where a blank cell is not all of it."""

_CHECKS: dict[type, str] = {
    Quantity: 'IF({x}<"",{within},{otherwise})',
    Series: 'IF({x}<"",{within},{otherwise})',
    Load: (
        f"IF({_ONE},IF({_TEXT},TRIM({{x}}),#VALUE!),"
        'IF({counts},IF({x}<"",{within},#VALUE!),#VALUE!))'
    ),
    Text: f"IF({_TEXT},TRIM({{x}}),{{otherwise}})",
    Date: f'IF({{x}}<"",{{within}},IF({_TEXT},TRIM({{x}}),{{otherwise}}))',
    MustBeBlank: "{otherwise}",
}
"""The value of an argument ``x`` of each kind where it is fine; else the formula ``otherwise``.

A date is a serial number or a text, which the declared twin takes apart.
"""


def parameter_name(p: Parameter) -> str:
    """The argument's name; some engines can't take one that is also the name of a function."""
    return f"{p.name}_" if p.name.upper() in functions() else p.name


def checked_value(x: str, p: Parameter, default: str) -> str:
    """The value of an argument, its default, or the error that it makes.

    ``x`` is its name in the formula; ``default`` is a formula too.
    """
    if type(p.kind) not in _CHECKS or p.repeated:
        raise NotDerivable(f"no check of {p.name} is a formula")
    otherwise = "#VALUE!"
    if not p.required:
        blank = _BLANKS.get(type(p.kind), _BLANK).format(x=x)
        otherwise = f"IF({blank},{default},#VALUE!)"
    check = _CHECKS[type(p.kind)].format(
        x=x, within=_within(x, p), otherwise=otherwise, counts=_counts(x, p.kind)
    )
    return check if p.required else f"IF(ISOMITTED({x}),{default},{check})"


_WITHIN = "IF((value_{above}low_)*(value_<=high_),value_,#NUM!)"
_OTHERWISE = "IF({blank},otherwise_,#VALUE!)"


def _numbers(above: str) -> str:
    otherwise = _OTHERWISE.format(blank=_BLANK.format(x="value_"))
    check = _CHECKS[Quantity].format(
        x="value_", within=_WITHIN.format(above=above), otherwise=otherwise
    )
    return f"=LAMBDA(value_,low_,high_,otherwise_,{check})"


def _texts() -> str:
    otherwise = _OTHERWISE.format(blank=_BLANKS[Text].format(x="value_"))
    check = _CHECKS[Text].format(x="value_", otherwise=otherwise)
    return f"=LAMBDA(value_,otherwise_,{check})"


NAMES: Final[Mapping[str, str]] = {
    "XLMODEL_NUMBER": _numbers(">="),
    "XLMODEL_ABOVE": _numbers(">"),
    "XLMODEL_TEXT": _texts(),
    # A column of names, or the places of the rows in a table of the user's own, from 1.
    "XLMODEL_NAMED": """=LAMBDA(value_,key_,columns_,LET(
  is_own_,IF(ROWS(value_)=1,FALSE,LET(
    head_,TRIM(INDEX(value_,1,0)),
    known_,SUM(MAP(columns_,LAMBDA(column_,IF(ISNUMBER(XMATCH(column_,head_)),1,0)))),
    IF(ISNUMBER(XMATCH(key_,head_)),known_>0,FALSE))),
  IF(is_own_,SEQUENCE(ROWS(value_)-1),XLMODEL_TEXT(value_,#VALUE!))))""",
}
"""The checks behind names, where a function has too many arguments to write each one out."""


def named_check(x: str, p: Parameter, default: str) -> str:
    """The same as ``checked_value``, by the names in ``NAMES``."""
    otherwise = "#VALUE!" if p.required else default
    match p.kind:
        case Quantity(low=low, high=high, open_low=open_low, open_high=False):
            name = "XLMODEL_ABOVE" if open_low else "XLMODEL_NUMBER"
            check = f"{name}({x},{literal(low).text},{literal(high).text},{otherwise})"
        case Text():
            check = f"XLMODEL_TEXT({x},{otherwise})"
        case Named(key=key, columns=columns):
            check = f"XLMODEL_NAMED({x},{literal(key).text},{array([columns])})"
        case _:
            raise NotDerivable(f"no check of {p.name} has a name")
    return check if p.required else f"IF(ISOMITTED({x}),{default},{check})"


def default_value(p: Parameter) -> Expr:
    """The default of an optional argument: a constant, or "" for none; 0 in a blank slot."""
    if isinstance(p.kind, MustBeBlank):
        return Expr("0")
    return Expr('""') if p.default is None else literal(p.default)


def _counts(x: str, kind: Kind) -> str:
    """Whether a load has as many hours as it may."""
    counts = kind.counts if isinstance(kind, Load) else ()
    return "+".join(f"(ROWS({x})*COLUMNS({x})={count})" for count in counts)


def _within(x: str, p: Parameter) -> str:
    accepted = _accepted(p.kind)
    if accepted is None:
        return ""
    above = ">" if accepted.open_low else ">="
    below = "<" if accepted.open_high else "<="
    low, high = literal(accepted.low).text, literal(accepted.high).text
    return f"IF(({x}{above}{low})*({x}{below}{high}),{x},#NUM!)"


def _accepted(kind: Kind) -> Quantity | None:
    """The range of a number of this kind."""
    if isinstance(kind, Date):
        return _DAYS
    return (
        kind.item
        if isinstance(kind, Series | Load)
        else kind
        if isinstance(kind, Quantity)
        else None
    )
