"""Expressions and calls of a Python body as formulas; ``translate`` adds the statements."""

import ast
import builtins
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import Any, Final

from xlmodel import elementwise
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
    columns,
    constant,
    is_record,
    literal,
    row,
)

_COMPARE, _ADD, _MULTIPLY, _POWER, _ATOM = range(5)
"""How tightly an operator binds."""

_OPERATORS: dict[type, tuple[str, int]] = {
    ast.Add: ("+", _ADD),
    ast.Sub: ("-", _ADD),
    ast.Mult: ("*", _MULTIPLY),
    ast.Div: ("/", _MULTIPLY),
    ast.Pow: ("^", _POWER),
    ast.BitAnd: ("*", _MULTIPLY),  # on conditions; AND would fold a range into one value
    ast.BitOr: ("+", _ADD),  # on conditions, likewise: any number but 0 is true
    ast.Lt: ("<", _COMPARE),
    ast.LtE: ("<=", _COMPARE),
    ast.Gt: (">", _COMPARE),
    ast.GtE: (">=", _COMPARE),
    ast.Eq: ("=", _COMPARE),
    ast.NotEq: ("<>", _COMPARE),
    ast.Is: ("=", _COMPARE),  # with None only, which is ""
    ast.IsNot: ("<>", _COMPARE),
}

_HELPERS: dict[Any, str] = {
    elementwise.where: "IF({},{},{})",
    elementwise.only_if: "IF({},{},#NUM!)",  # the third argument, the reason, is for people
    elementwise.whole: "INT({})",
    elementwise.log: "LN({})",
    elementwise.exp: "EXP({})",
}
"""The twin of each helper in ``elementwise`` whose own body is not to be translated."""

Keep = Callable[[str, Expr], Expr]
"""What to do with an intermediate result of that name: what stands for it from then on."""

Call = Callable[[Mapping[str, Value]], Value]
"""What stands for a call, from its arguments by name."""


class Scope:
    """The names that a body may use, and the translation of what is said with them."""

    def __init__(
        self, names: Mapping[str, Value], body: Any, keep: Keep, calls: Mapping[Any, Call]
    ) -> None:
        self.names = dict(names)
        self.body = body
        self.constants: Mapping[str, Any] = body.__globals__
        self.keep = keep
        self.calls = calls
        self.can_fail = False
        """Whether something translated so far may be an error by design."""

    @abstractmethod
    def inlined(self, called: Any, arguments: Mapping[str, Value]) -> Value:
        """The body of a function in the place of its call."""

    @abstractmethod
    def closure(self, body: Body, arguments: Sequence[Value]) -> Value:
        """The body of a function within the body, in the place of its call."""

    def kept(self, name: str, value: Value) -> Value:
        """What stands for a value from here on."""
        if isinstance(value, Expr):
            alias = value.is_word and isinstance(self.keep, Steps)
            return value if alias else self.keep(name, value)
        if isinstance(value, Record) and value.row and not value.fields:
            return Record(value.kind, {}, self.kept(name, Expr(value.row)).text)  # type: ignore[union-attr]
        return value

    def value(self, node: ast.expr) -> Value:
        write = _WRITERS.get(type(node))
        if write is None:
            raise NotDerivable(f"no twin of {ast.unparse(node)}")
        return write(self, node)

    def one(self, node: ast.expr) -> Expr:
        value = self.value(node)
        if not isinstance(value, Expr):
            raise NotDerivable(f"{ast.unparse(node)} is not one value")
        return value

    def _named(self, node: ast.Name) -> Value:
        name = node.id
        found = self.names.get(name)
        if isinstance(found, Unsaid):
            raise found.why
        if found is not None:
            return found
        value = self.constants.get(name)
        return constant(value) if isinstance(value, tuple) else literal(value)

    def _arithmetic(self, node: ast.BinOp) -> Expr:
        return self._operation(node.left, node.op, node.right)

    def _comparison(self, node: ast.Compare) -> Expr:
        if len(node.ops) > 1:
            raise NotDerivable(f"no twin of {ast.unparse(node)}")
        return self._operation(node.left, node.ops[0], node.comparators[0])

    def _operation(self, left: ast.expr, operator: ast.AST, right: ast.expr) -> Expr:
        if type(operator) not in _OPERATORS:
            raise NotDerivable(f"no twin of the operator {type(operator).__name__}")
        sign, level = _OPERATORS[type(operator)]
        # Spreadsheets group equal operators from the left, as Python does, except for powers.
        first = level if level == _POWER else level - 1
        return Expr(self.one(left).within(first) + sign + self.one(right).within(level), level)

    def _signed(self, node: ast.UnaryOp) -> Expr:
        if not isinstance(node.op, ast.USub):
            raise NotDerivable(f"no twin of {ast.unparse(node)}")
        return Expr("-" + self.one(node.operand).atom, _ADD)

    def _joined(self, node: ast.BoolOp) -> Value:
        """``and`` of conditions; ``a or b`` of values: a unless that is 0 or blank."""
        if isinstance(node.op, ast.And):
            return Expr("*".join(self._truth(part).within(_ADD) for part in node.values), _MULTIPLY)
        first, *rest = node.values
        value = self.step_of("value", self.one(first))
        assert isinstance(value, Expr)
        other = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        return either(self._is_true(value), value, self.value(other))

    def _conditional(self, node: ast.IfExp) -> Value:
        condition, holds = self.condition(node.test)
        pair = (node.body, node.orelse) if holds else (node.orelse, node.body)
        return either(condition, *(self.value(one) for one in pair))

    def condition(self, test: ast.expr) -> tuple[Expr, bool]:
        """A condition, and whether it is to hold or to fail."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._truth(operand), False
            case _:
                return self._truth(test), True

    def _truth(self, node: ast.expr) -> Expr:
        """Whether Python takes a value for true: a number but 0, a text but "" or None."""
        value = self.one(node)
        return value if isinstance(node, ast.Compare | ast.BoolOp) else self._is_true(value)

    def _is_true(self, value: Expr) -> Expr:
        value = value if value.is_word else self.keep("value", value)
        return Expr(f'({value.within(_COMPARE)}<>0)*({value.within(_COMPARE)}<>"")', _MULTIPLY)

    def _attribute(self, node: ast.Attribute) -> Value:
        owner, name = node.value, node.attr
        if isinstance(owner, ast.Name) and isinstance(self._object(owner.id), ModuleType):
            return literal(getattr(self._object(owner.id), name))
        record = self.value(owner)
        if not isinstance(record, Record):
            raise NotDerivable(f"no twin of {ast.unparse(node)}")
        known = getattr(record.kind, name, None)
        if isinstance(known, property):
            return self.step_of(name, self.inlined(known.fget, {"self": record}))
        return self.kept(name, record.get(name))

    def _object(self, name: str) -> Any:
        """What a name outside of the body stands for."""
        if name in self.names:
            return None
        return self.constants.get(name, getattr(builtins, name, None))

    # Calls

    def _call(self, call: ast.Call) -> Value:
        match call.func:
            case ast.Name(id=name) if isinstance(self.names.get(name), Body):
                return self.closure(self.names[name], list(self._each(call.args)))  # type: ignore[arg-type]
            case ast.Name(id=name):
                return self._function(self._object(name), call)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if isinstance(
                module := self._object(name), ModuleType
            ):
                return self._function(getattr(module, attribute), call)
            case ast.Attribute(value=owner, attr="_replace"):
                record = self.value(owner)
                if isinstance(record, Record):
                    return record.replaced(self._keywords(call))
        raise NotDerivable(f"no twin of {ast.unparse(call)}")

    def _function(self, called: Any, call: ast.Call) -> Value:
        if called in _HELPERS:
            return self._helper(_HELPERS[called], call)
        if called in self.calls:
            self.can_fail = True
            return self.calls[called](self._arguments(called, call))
        if is_record(called):
            return Record(called, self._arguments(called, call))
        match called, call.args:
            case builtins.float, [ast.Constant(value=str() as text)]:
                return literal(float(text))
            case builtins.getattr, [owner, name]:
                return self._field_called(self.value(owner), self.one(name))
            case builtins.tuple, [ast.GeneratorExp(elt=element, generators=[loop])]:
                return Items(tuple(self._comprehended(element, loop)))
            case FunctionType(), _:
                return self.inlined(called, self._arguments(called, call))
        raise NotDerivable(f"no twin of {ast.unparse(call)}")

    def _helper(self, template: str, call: ast.Call) -> Expr:
        used = call.args[: template.count("{}")]
        self.can_fail |= "#NUM!" in template
        return Expr(template.format(*(self.one(argument).text for argument in used)))

    def step_of(self, name: str, value: Value) -> Value:
        """An argument that is more than a word is a step too."""
        if isinstance(value, Expr) and value.is_word:
            return value
        return self.kept(name, value)

    def _arguments(self, called: Any, call: ast.Call) -> dict[str, Value]:
        names, defaults = _signature(called)
        given = dict(zip(names, self._each(call.args), strict=False))
        given.update(self._keywords(call))
        missing = set(names) - given.keys() - defaults.keys()
        if missing:
            raise NotDerivable(f"{called.__name__} is called without {', '.join(sorted(missing))}")
        left_out = {n: constant(v) for n, v in defaults.items() if n not in given}
        return {**given, **left_out}

    def _keywords(self, call: ast.Call) -> dict[str, Value]:
        return {word.arg: self.value(word.value) for word in call.keywords if word.arg}

    def _each(self, nodes: Sequence[ast.expr]) -> Iterator[Value]:
        """The values of arguments, starred ones one by one."""
        for node in nodes:
            if not isinstance(node, ast.Starred):
                yield self.value(node) if not isinstance(node, ast.Lambda) else _words(node)
                continue
            several = self.value(node.value)
            if not isinstance(several, Items):
                raise NotDerivable(f"no twin of {ast.unparse(node)}")
            yield from several.values

    def _field_called(self, record: Value, name: Expr) -> Value:
        """``getattr``: the field whose name is only known when the formula is computed."""
        if not isinstance(record, Record):
            raise NotDerivable("no twin of getattr")
        names = array([list(columns(record.kind))])
        return Expr(f"INDEX({row(record)},XMATCH({name.text},{names}))")

    def _comprehended(self, element: ast.expr, loop: ast.comprehension) -> Iterator[Value]:
        """The values of a comprehension over tuples side by side."""
        match loop:
            case ast.comprehension(
                target=ast.Tuple(elts=targets),
                iter=ast.Call(func=ast.Name(id="zip"), args=together),
                ifs=[],
            ):
                sides = _side_by_side([self.value(one) for one in together])
            case _:
                raise NotDerivable(f"no twin of {ast.unparse(loop)}")
        for values in sides:
            named = zip((ast.unparse(t) for t in targets), values, strict=True)
            yield type(self)({**self.names, **dict(named)}, self.body, self.keep, self.calls).value(
                element
            )


_WRITERS: Final[Mapping[type, Callable[[Scope, Any], Value]]] = {
    ast.Attribute: Scope._attribute,
    ast.BinOp: Scope._arithmetic,
    ast.BoolOp: Scope._joined,
    ast.Call: Scope._call,
    ast.Compare: Scope._comparison,
    ast.Constant: lambda _, node: constant(node.value),
    ast.IfExp: Scope._conditional,
    ast.Name: Scope._named,
    ast.Tuple: lambda scope, node: Items(tuple(scope._each(node.elts))),
    ast.UnaryOp: Scope._signed,
}
"""The translation of each kind of expression."""


def _words(node: ast.expr) -> Unsaid:
    return Unsaid(NotDerivable(f"no twin of {ast.unparse(node)}"))


def _signature(called: Any) -> tuple[Sequence[str], Mapping[str, Any]]:
    """The arguments of a function or a record, and the defaults among them."""
    if is_record(called):
        return called._fields, called._field_defaults
    plain = getattr(called, "__wrapped__", called)
    names = plain.__code__.co_varnames[: plain.__code__.co_argcount]
    defaults = plain.__defaults__ or ()
    return names, dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))


def either(condition: Expr, yes: Value, no: Value) -> Value:
    """One of two values; a failure is of any kind."""
    if isinstance(yes, Items) and isinstance(no, Items):
        pairs = zip(yes.values, no.values, strict=True)
        return Items(tuple(either(condition, one, other) for one, other in pairs))
    chosen = f"IF({condition.text},{row(yes)},{row(no)})"
    kinds = {value.kind for value in (yes, no) if isinstance(value, Record)}
    return Record(kinds.pop(), {}, chosen) if kinds else Expr(chosen)


def _side_by_side(values: Sequence[Value]) -> Iterator[tuple[Value, ...]]:
    """Tuples value by value; a row of cells is as long as the tuple beside it."""
    lengths = {len(value.values) for value in values if isinstance(value, Items)}
    if len(lengths) != 1:
        raise NotDerivable("no twin of values side by side without a known number of them")
    for i in range(lengths.pop()):
        yield tuple(
            v.values[i] if isinstance(v, Items) else Expr(f"INDEX({row(v)},{i + 1})")
            for v in values
        )
