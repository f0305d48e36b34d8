"""The check of one argument, as a spreadsheet formula that works cell by cell over a range.

The checks are comparisons, since those work cell by cell in every engine. In a spreadsheet's
order every number is less than every text and every text less than FALSE, so ``x<""`` holds for
numbers only; only a blank cell equals both "" and 0; an error passes through each of them.
"""

from xlmodel.hosts.translate import Expr, NotDerivable, literal
from xlmodel.registry import Parameter, dates
from xlmodel.units import Date, Kind, MustBeBlank, Quantity, Series, Text

_DAYS = Quantity("days", "days of the calendar, to the end of 9999", 1, dates.LAST_DAY)
_BLANK = '({x}="")*({x}=0)'
_TEXT = '({x}>"")*({x}<FALSE)*(TRIM({x})<>"")'

_BLANKS: dict[type, str] = {
    Text: 'TRIM({x})=""',  # as a cleared formula leaves it
    Series: f"(ROWS({{x}})*COLUMNS({{x}})=1)*{_BLANK}",
}
"""When an optional argument counts as left out, where a blank cell is not all of it."""

_CHECKS: dict[type, str] = {
    Quantity: 'IF({x}<"",{within},{otherwise})',
    Series: 'IF({x}<"",{within},{otherwise})',
    Text: f"IF({_TEXT},TRIM({{x}}),{{otherwise}})",
    Date: f'IF({{x}}<"",{{within}},IF({_TEXT},TRIM({{x}}),{{otherwise}}))',
    MustBeBlank: "{otherwise}",
}
"""The value of an argument ``x`` of each kind where it is fine; else the formula ``otherwise``.

A date is a serial number or a text, which the declared twin takes apart.
"""


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
    check = _CHECKS[type(p.kind)].format(x=x, within=_within(x, p), otherwise=otherwise)
    return check if p.required else f"IF(ISOMITTED({x}),{default},{check})"


def default_value(p: Parameter) -> Expr:
    """The default of an optional argument: a constant, or "" for none; 0 in a blank slot."""
    if isinstance(p.kind, MustBeBlank):
        return Expr("0")
    return Expr('""') if p.default is None else literal(p.default)


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
    return kind.item if isinstance(kind, Series) else kind if isinstance(kind, Quantity) else None
