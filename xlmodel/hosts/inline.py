"""Calls of our functions in a formula, replaced by plain arithmetic.

LibreOffice 7.4 has neither LAMBDA nor LET, so a copy of a workbook that it shall recalculate, or
draw, has each call of a function inlined: its body, with the call's own arguments in it. Defaults
are filled in for arguments that are left out or refer to a blank cell; ranges of validity are not
checked, as the copy is made from a workbook whose results are known.
"""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import zip_longest

from xlmodel.hosts.formula import Token, tokens
from xlmodel.hosts.guards import default_value
from xlmodel.hosts.translate import Expr, NotDerivable, translate
from xlmodel.registry import Function, Parameter, functions
from xlmodel.units import SameAs

_REFERENCE = {"name", "number", "sheet", "bracket"}
_CLOSING = {"(": ")", "{": "}"}

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
    done: list[str] = []
    i = 0
    while i < len(words):
        function = functions().get(words[i].text.upper()) if words[i].kind == "name" else None
        if function is None or i + 1 == len(words) or words[i + 1].text != "(":
            done.append(words[i].text)
            i += 1
            continue
        arguments, end = _arguments(words, i + 2)
        call = "".join(word.text for word in words[i:end])
        done.append(_expression(function, call, arguments, resolve))
        i = end
    return "".join(done)


def _arguments(words: Sequence[Token], start: int) -> tuple[list[list[Token]], int]:
    """The words of each argument of a call that opens before ``start``, and where it ends."""
    arguments: list[list[Token]] = [[]]
    closing = [")"]
    for i, word in enumerate(words[start:], start=start):
        if word.text in _CLOSING:
            closing.append(_CLOSING[word.text])
        elif word.text == closing[-1]:
            closing.pop()
            if not closing:
                return [_stripped(argument) for argument in arguments], i + 1
        if word.text == "," and len(closing) == 1:
            arguments.append([])
        else:
            arguments[-1].append(word)
    raise ValueError(f"a parenthesis is not closed in {''.join(word.text for word in words)}")


def _stripped(words: list[Token]) -> list[Token]:
    """Without spaces at the ends; one between two ranges is an operator."""
    kept = [i for i, word in enumerate(words) if word.kind != "space"]
    return words[kept[0] : kept[-1] + 1] if kept else []


def _expression(
    function: Function, call: str, arguments: Sequence[Sequence[Token]], resolve: Resolve | None
) -> str:
    if not _is_plain(function):
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
def _is_plain(function: Function) -> bool:
    try:
        translate(function.body, {p.name: Expr(p.name) for p in function.parameters})
    except NotDerivable:
        return False
    return True


def _argument(
    p: Parameter, given: dict[str, Expr], words: Sequence[Token], resolve: Resolve | None
) -> Expr:
    text = _inlined(words, resolve)
    value = Expr(text if len(words) == 1 or _is_reference(words) else f"({text})")
    if p.required:
        return value if text else Expr("#VALUE!")
    default = given[p.default.argument] if isinstance(p.default, SameAs) else default_value(p)
    if not text:
        return default
    return Expr(f"IF(ISBLANK({text}),{default.text},{text})") if _is_reference(words) else value


def _is_reference(words: Sequence[Token]) -> bool:
    """Whether these words may name a cell, or a range, that is blank."""
    names = any(word.kind in {"name", "bracket"} for word in words)
    return names and all(word.kind in _REFERENCE or word.text in "$!:#@" for word in words)
