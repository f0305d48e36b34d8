"""Calls of our functions in a formula, replaced by plain arithmetic.

LibreOffice 7.4 has neither LAMBDA nor LET, so a copy of a workbook that it shall recalculate, or
draw, has each call of a function inlined: its body, with the call's own arguments in it. Defaults
are filled in for arguments that are left out or refer to a blank cell; ranges of validity are not
checked, as the copy is made from a workbook whose results are known.
"""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import zip_longest

from xlmodel.hosts.guards import default_value
from xlmodel.hosts.syntax import Token, calls, tokens
from xlmodel.hosts.translate import Expr, NotDerivable, translate
from xlmodel.registry import Function, Parameter, functions
from xlmodel.units import SameAs

LONGEST = 8_192
"""Characters that a formula may have in a spreadsheet."""
_REFERENCE = {"ref", "name", "struct"}

Resolve = Callable[[str], str]


class NotInlinable(ValueError):  # noqa: N818 - it asks for a value to put in its place
    """A call that no plain formula can stand for, such as a look-up; ``call`` is its text."""

    def __init__(self, call: str) -> None:
        super().__init__(f"{call} has no plain formula")
        self.call = call


def inline(formula: str, resolve: Resolve | None = None) -> str:
    """The formula with each call of our functions replaced by a plain expression.

    ``resolve`` is asked for what has none: it gets the text of the call and gives the text to
    put in its place, such as the known value. Without it such a call raises ``NotInlinable``.

    >>> inline("=SUM(A1,NODE_COST(B1,B2,,C$3))")
    '=SUM(A1,(B1*B2*24+IF(ISBLANK(C$3),0,C$3)))'
    """
    return _inlined(tokens(formula), resolve)


def _inlined(words: Sequence[Token], resolve: Resolve | None) -> str:
    at = {call.start: call for call in calls(words)}
    done: list[str] = []
    i = 0
    while i < len(words):
        function = functions().get(words[i].text.upper()) if i in at else None
        if function is None:
            done.append(words[i].text)
            i += 1
            continue
        text = "".join(word.text for word in words[i : at[i].end])
        arguments = [_stripped(words[start:end]) for start, end in at[i].arguments]
        done.append(_expression(function, text, arguments, resolve))
        i = at[i].end
    return "".join(done)


def _expression(
    function: Function, call: str, arguments: Sequence[Sequence[Token]], resolve: Resolve | None
) -> str:
    if not is_plain(function):
        if resolve is None:
            raise NotInlinable(call)
        return resolve(call)
    if len(arguments) > max(len(function.parameters), 1):
        return "#VALUE!"
    given: dict[str, Expr] = {}
    for p, words in zip_longest(function.parameters, arguments[: len(function.parameters)]):
        given[p.name] = _argument(p, given, words or (), resolve)
    return translate(function.body, given).atom


@cache
def is_plain(function: Function) -> bool:
    """Whether a plain formula can stand for a call, one that fits into a cell."""
    try:
        plain = translate(function.body, {p.name: Expr(p.name) for p in function.parameters})
    except NotDerivable:
        return False
    return len(plain.text) <= LONGEST


def _argument(
    p: Parameter, given: dict[str, Expr], words: Sequence[Token], resolve: Resolve | None
) -> Expr:
    text = _inlined(words, resolve)
    value = Expr(text if len(words) == 1 else f"({text})")
    if p.required:
        return value if text else Expr("#VALUE!")
    default = given[p.default.argument] if isinstance(p.default, SameAs) else default_value(p)
    if not text:
        return default
    return Expr(f"IF(ISBLANK({text}),{default.text},{text})") if _is_reference(words) else value


def _is_reference(words: Sequence[Token]) -> bool:
    """Whether the argument is a cell or a range, which may be blank."""
    return len(words) == 1 and words[0].kind in _REFERENCE


def _stripped(words: Sequence[Token]) -> Sequence[Token]:
    """The words of an argument without the spaces around them."""
    said = [i for i, word in enumerate(words) if word.kind != "space"]
    return words[said[0] : said[-1] + 1] if said else ()
