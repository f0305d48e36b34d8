"""A function's Python body as a spreadsheet formula.

A body is assignments, conditions, loops that carry one value, and ``return``, in arithmetic,
comparisons, numbers, records (``values``), the helpers of ``elementwise`` and calls of other
bodies. Each of these has a spreadsheet twin, so the formula follows from the syntax tree, operation
by operation, in the same order, and gives the same number. What has no such twin raises
``NotDerivable``.

Bodies of plain arithmetic work cell by cell over ranges. Conditions on records and loops hold for
one cell, and loops need names for what they carry (``Steps``).
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from xlmodel.hosts.expressions import Call, Keep, Scope, either
from xlmodel.hosts.steps import Steps
from xlmodel.hosts.values import (
    Body,
    Expr,
    Items,
    NotDerivable,
    Record,
    Unsaid,
    Value,
    array,
    literal,
    row,
)
from xlmodel.registry.errors import NUM, VALUE
from xlmodel.registry.source import statements

__all__ = ["Call", "Expr", "NeedsOneCell", "NotDerivable", "literal", "translate", "value_of"]


def translate(
    body: Callable[..., Any], arguments: Mapping[str, Value], keep: Keep = lambda _, value: value
) -> Expr:
    """The formula of a body, given the formulas of its arguments.

    Each step of the body is handed to ``keep``, which may name it; left alone, steps end up in
    the formula wherever they are used.

    >>> from xlmodel.model.cost import cost_per_mtok
    >>> translate(cost_per_mtok, {"node_cost": Expr("A1"), "tokens_per_day": Expr("B1")}).text
    'A1/B1*1000000'
    """
    value = value_of(body, arguments, keep)
    if not isinstance(value, Expr):
        raise NotDerivable(f"{body.__name__} gives more than one value")
    return value


def value_of(
    body: Callable[..., Any],
    arguments: Mapping[str, Value],
    keep: Keep,
    calls: Mapping[Any, Call] = MappingProxyType({}),
) -> Value:
    """What a body gives: a number, a record, or a few values.

    ``calls`` says what stands for calls of certain functions, which may fail. With it, the first
    step that fails is the result, as in Python; without, errors go the way of the arithmetic.
    """
    scope = _Statements(arguments, body, keep, calls)
    scope.is_outermost = bool(calls)
    return scope.block(statements(body))


class NeedsOneCell(NotDerivable):
    """A body with a loop, whose formula holds for one cell but not for a range."""


class _Statements(Scope):
    """The statements of a body, or of a part of it."""

    is_outermost = False

    def __init__(
        self, names: Mapping[str, Value], body: Any, keep: Keep, calls: Mapping[Any, Call]
    ) -> None:
        super().__init__(names, body, keep, calls)
        self.failures: list[str] = []
        """The steps that may have failed, in their order: each one value, an error if so."""

    def _like(self, names: Mapping[str, Value], keep: Keep) -> "_Statements":
        """A scope within this one."""
        inner = _Statements(names, self.body, keep, self.calls)
        inner.is_outermost = self.is_outermost
        inner.failures = list(self.failures)
        return inner

    def block(self, rest: Sequence[ast.stmt]) -> Value:
        """The value that statements return; what only words an exception is left out."""
        if kind := self._raised(rest):
            self.can_fail = True
            return Expr(kind)
        for i, statement in enumerate(rest):
            match statement:
                case ast.Return(value=ast.expr() as value):
                    return self._unless_failed(self.value(value))
                case ast.If(test=test, body=body, orelse=[]) if _leaves(body):
                    return self._chosen(test, body, rest[i + 1 :])
                case _:
                    self._step(statement)
        raise NotDerivable(f"{self.body.__name__} has more than assignments and one return")

    def _raised(self, body: Sequence[ast.stmt]) -> str:
        """The kind of error in which statements end, whatever they work out for its words."""
        *before, last = body
        if not all(isinstance(statement, ast.Assign) for statement in before):
            return ""
        match last:
            case ast.Raise(exc=ast.Call(func=ast.Name(id="DomainError"))):
                return NUM
            case ast.Raise(
                exc=ast.Call(func=ast.Name(id="InputError"), args=[_, ast.Name(id=id_)])
            ):
                return str(self.constants[id_])
            case ast.Raise(exc=ast.Call(func=ast.Name(id="InputError"), args=[_])):
                return VALUE
            case _:
                return ""

    def _step(self, statement: ast.stmt) -> None:
        match statement:
            case (
                ast.Assign(targets=[target], value=value)
                | ast.AnnAssign(target=target, value=ast.expr() as value)
            ):
                self._assign(target, value)
            case ast.AugAssign(target=ast.Name(id=name) as target, op=operator, value=value):
                left = ast.Name(name, ast.Load())
                self._assign(target, ast.BinOp(left, operator, value))
            case ast.If(test=test, body=body, orelse=other):
                self._changed(test, body, other)
            case ast.For(target=ast.Name(id=name), iter=over, body=body, orelse=[]):
                self._loop(name, over, body)
            case ast.FunctionDef(name=name, args=ast.arguments(args=parameters), body=body):
                self.names[name] = Body(
                    tuple(p.arg for p in parameters), body, self.names, self.body
                )
            case _:
                raise NotDerivable(f"{self.body.__name__} has more than assignments and one return")

    def _assign(self, target: ast.expr, node: ast.expr) -> None:
        could_fail, self.can_fail = self.can_fail, False
        try:
            value = self.value(node)
        except NotDerivable as why:
            if not any(isinstance(part, ast.JoinedStr) for part in ast.walk(node)):
                raise
            value = Unsaid(why)
        match target, value:
            case ast.Tuple(elts=targets), Items(values=values) if len(targets) == len(values):
                for one, item in zip(targets, values, strict=True):
                    self._name(one, item)
            case _:
                self._name(target, value)
        self.can_fail |= could_fail

    def _name(self, target: ast.expr, value: Value) -> None:
        if not isinstance(target, ast.Name):
            raise NotDerivable(f"no twin of a value of {ast.unparse(target)}")
        self.names[target.id] = kept = self.kept(target.id, value)
        if self.can_fail and (witness := _witness(kept)):
            self.failures.append(witness)

    def _unless_failed(self, value: Value) -> Value:
        """The value, or the first failure before it."""
        if not self.is_outermost or not self.failures:
            return value
        fine = f"{'&'.join(self.failures)}<FALSE"
        return _rewritten(value, lambda text: f"IF({fine},{text})")

    def _chosen(self, test: ast.expr, body: Sequence[ast.stmt], rest: Sequence[ast.stmt]) -> Value:
        """``if test: … return``, and what follows it."""
        condition, holds = self.condition(test)
        yes, no = self._branch(body), self._branch(rest)
        return either(condition, *((yes, no) if holds else (no, yes)))

    def _branch(self, body: Sequence[ast.stmt]) -> Value:
        steps = self.keep.branch() if isinstance(self.keep, Steps) else None
        scope = self._like(self.names, steps or self.keep)
        value = scope.block(body)
        self.can_fail |= scope.can_fail
        return _rewritten(value, steps.let) if steps and steps.values else value

    def _changed(self, test: ast.expr, body: Sequence[ast.stmt], other: Sequence[ast.stmt]) -> None:
        """``if test: name = …``, perhaps with an ``else``."""
        condition, holds = self.condition(test)
        yes, no = self._after(body), self._after(other)
        for name in _assigned([*body, *other]):
            if name not in yes or name not in no:
                continue
            pair = (yes[name], no[name]) if holds else (no[name], yes[name])
            self.names[name] = self.kept(name, either(condition, *pair))

    def _after(self, body: Sequence[ast.stmt]) -> Mapping[str, Value]:
        """The names after some assignments, which leave this scope as it is."""
        scope = self._like(self.names, self.keep)
        for statement in body:
            scope._step(statement)
        self.can_fail |= scope.can_fail
        return scope.names

    def _loop(self, name: str, over: ast.expr, body: Sequence[ast.stmt]) -> None:
        """A loop that changes one value from step to step."""
        if not isinstance(self.keep, Steps):
            raise NeedsOneCell("no twin of a loop where nothing can be named")
        carried = [n for n in self.names if n in _assigned(body)]
        if len(carried) != 1:
            raise NotDerivable("no twin of a loop that does not change one value")
        steps = self.keep.inner()
        state, item = steps.parameter(carried[0]), steps.parameter(name)
        scope = self._like({**self.names, carried[0]: state, name: item}, steps)
        for statement in body:
            scope._step(statement)
        result = steps.let(row(scope.names[carried[0]]))
        start = row(self.names[carried[0]])
        loop = f"REDUCE({start},{self._sequence(over)},LAMBDA({state.text},{item.text},{result}))"
        self.names[carried[0]] = self.kept(carried[0], Expr(loop))

    def _sequence(self, node: ast.expr) -> str:
        """The values of a loop."""
        match node:
            case ast.Call(func=ast.Name(id="reversed"), args=[inner]):
                backwards = True
            case _:
                inner, backwards = node, False
        match inner:
            case ast.Call(func=ast.Name(id="range"), args=[count]):
                many = self.one(count).text
                return f"SEQUENCE({many},1,{many}-1,-1)" if backwards else f"SEQUENCE({many},1,0)"
            case ast.Name(id=name) if isinstance(self.constants.get(name), tuple):
                values = self.constants[name]
                return array([values[::-1] if backwards else values])
        raise NotDerivable(f"no twin of a loop over {ast.unparse(node)}")

    def inlined(self, called: Any, arguments: Mapping[str, Value]) -> Value:
        named = {name: self.step_of(name, value) for name, value in arguments.items()}
        scope = _Statements(named, called, self.keep, self.calls)
        value = scope.block(statements(called))
        self.can_fail |= scope.can_fail
        return value

    def closure(self, body: Body, arguments: Sequence[Value]) -> Value:
        given = zip(body.parameters, arguments, strict=True)
        named = {name: self.step_of(name, value) for name, value in given}
        scope = _Statements({**body.names, **named}, body.within, self.keep, self.calls)
        return scope.block(body.statements)


def _leaves(body: Sequence[ast.stmt]) -> bool:
    return isinstance(body[-1], ast.Return | ast.Raise)


def _assigned(body: Sequence[ast.stmt]) -> Mapping[str, None]:
    """The names that statements assign to, in their order."""
    return {
        part.id: None
        for statement in body
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def _witness(value: Value) -> str:
    """One value that is an error where a step has failed."""
    if isinstance(value, Expr):
        return value.atom
    return f"INDEX({value.row},1)" if isinstance(value, Record) and value.row else ""


def _rewritten(value: Value, write: Callable[[str], str]) -> Value:
    if isinstance(value, Record):
        return Record(value.kind, {}, write(row(value)))
    if isinstance(value, Expr):
        return Expr(write(value.text))
    raise NotDerivable("several values that depend on a condition")
