"""A function's Python body as a spreadsheet formula.

A body is assignments and one ``return``, in arithmetic, comparisons, numbers, the helpers of
``elementwise`` and calls of other bodies. Each of these has a spreadsheet twin that works cell by
cell over ranges, so the formula follows from the syntax tree, operation by operation, in the
same order, and gives the same number. What has no such twin raises ``NotDerivable``.
"""

import ast
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any, NamedTuple

from xlmodel import elementwise
from xlmodel.registry.source import statements

_COMPARE, _ADD, _MULTIPLY, _POWER, _ATOM = range(5)
"""How tightly an operator binds."""

_OPERATORS: dict[type, tuple[str, int]] = {
    ast.Add: ("+", _ADD),
    ast.Sub: ("-", _ADD),
    ast.Mult: ("*", _MULTIPLY),
    ast.Div: ("/", _MULTIPLY),
    ast.Pow: ("^", _POWER),
    ast.BitAnd: ("*", _MULTIPLY),  # on conditions; AND would fold a range into one value
    ast.Lt: ("<", _COMPARE),
    ast.LtE: ("<=", _COMPARE),
    ast.Gt: (">", _COMPARE),
    ast.GtE: (">=", _COMPARE),
    ast.Eq: ("=", _COMPARE),
    ast.NotEq: ("<>", _COMPARE),
}

_HELPERS: dict[Any, str] = {
    elementwise.where: "IF({},{},{})",
    elementwise.only_if: "IF({},{},#NUM!)",  # the third argument, the reason, is for people
}
"""The twin of each helper in ``elementwise``."""


class NotDerivable(Exception):  # noqa: N818 - an answer, not a failure
    """The body holds something that has no twin; the message names it."""


class Expr(NamedTuple):
    """Formula text, and how tightly its outermost operator binds."""

    text: str
    level: int = _ATOM

    def within(self, level: int) -> str:
        """The text, in parentheses where it stands beside an operator that binds as tightly."""
        return self.text if self.level > level else f"({self.text})"

    @property
    def atom(self) -> str:
        """The text, in parentheses unless it is one word or one call."""
        return self.within(_POWER)


Keep = Callable[[str, Expr], Expr]
"""What to do with an intermediate result of that name: what stands for it from then on."""


def translate(
    body: Callable[..., Any], arguments: Mapping[str, Expr], keep: Keep = lambda _, value: value
) -> Expr:
    """The formula of a body, given the formulas of its arguments.

    Each step of the body is handed to ``keep``, which may name it; left alone, steps end up in
    the formula wherever they are used.

    >>> from xlmodel.model.cost import cost_per_mtok
    >>> translate(cost_per_mtok, {"node_cost": Expr("A1"), "tokens_per_day": Expr("B1")}).text
    'A1/B1*1000000'
    """
    names = dict(arguments)
    scope = _Scope(names, body.__globals__, keep)
    for statement in statements(body):
        match statement:
            case ast.Return(value=ast.expr() as value):
                return scope.expression(value)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                names[name] = keep(name, scope.expression(value))
            case _:
                break
    raise NotDerivable(f"{body.__name__} has more than assignments and one return")


def literal(value: object) -> Expr:
    """A constant.

    >>> literal(24.0).text, literal(1e-9).text, literal("a").text
    ('24', '1E-09', '"a"')
    """
    if isinstance(value, str):
        return Expr('"' + value.replace('"', '""') + '"')
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotDerivable(f"{value!r} is neither a number nor a text")
    exact, short = repr(value).removesuffix(".0"), f"{value:G}"
    text = short if abs(value) >= 1e9 and float(short) == value else exact.upper()
    return Expr(text, _ATOM if value >= 0 else _ADD)


class _Scope:
    """The names that an expression may use, and its translation part by part."""

    def __init__(self, names: Mapping[str, Expr], constants: Mapping[str, Any], keep: Keep) -> None:
        self.names = names
        self.constants = constants
        self.keep = keep

    def expression(self, node: ast.expr) -> Expr:
        match node:
            case ast.Constant(value=value):
                return literal(value)
            case ast.Name(id=name):
                return self.names.get(name) or literal(self.constants.get(name))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Expr("-" + self.expression(operand).atom, _ADD)
            case ast.BinOp(left=left, op=operator, right=right):
                return self._operation(left, operator, right)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._operation(left, operator, right)
            case ast.Call(func=ast.Name(id=name)):
                return self._call(self.constants.get(name), node)
            case _:
                raise NotDerivable(f"no twin of {ast.unparse(node)}")

    def _operation(self, left: ast.expr, operator: ast.AST, right: ast.expr) -> Expr:
        if type(operator) not in _OPERATORS:
            raise NotDerivable(f"no twin of the operator {type(operator).__name__}")
        sign, level = _OPERATORS[type(operator)]
        # Spreadsheets group equal operators from the left, as Python does, except for powers.
        first = level if level == _POWER else level - 1
        return Expr(
            self.expression(left).within(first) + sign + self.expression(right).within(level), level
        )

    def _call(self, called: Any, call: ast.Call) -> Expr:
        if called in _HELPERS:
            template = _HELPERS[called]
            used = call.args[: template.count("{}")]
            return Expr(template.format(*(self.expression(argument).text for argument in used)))
        if not isinstance(called, FunctionType):
            raise NotDerivable(f"no twin of {ast.unparse(call)}")
        return translate(called, self._arguments(called, call), self.keep)

    def _arguments(self, called: FunctionType, call: ast.Call) -> dict[str, Expr]:
        given = dict(zip(called.__code__.co_varnames, call.args, strict=False))
        given.update({keyword.arg: keyword.value for keyword in call.keywords if keyword.arg})
        missing = set(called.__code__.co_varnames[: called.__code__.co_argcount]) - given.keys()
        if missing:
            raise NotDerivable(f"{called.__name__} is called without {', '.join(sorted(missing))}")
        return {name: self._argument(name, value) for name, value in given.items()}

    def _argument(self, name: str, node: ast.expr) -> Expr:
        value = self.expression(node)
        return value if isinstance(node, ast.Name | ast.Constant) else self.keep(name, value)
