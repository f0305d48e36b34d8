"""``@function``: one declaration from which every host, the command line and the reference derive.

The declaration is a plain function with unit-annotated arguments and a docstring. The decorator
leaves that function as it is (model functions call each other's plain bodies) and registers a
``Function``: the same thing with its inputs checked. Nothing here imports NumPy, ``inspect`` or
``dataclasses``, so that ``xlmodel --help`` starts at once.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar, get_args, overload

from xlmodel.elementwise import DomainError
from xlmodel.registry.errors import DIV0, NUM, InputError
from xlmodel.units import (
    HUGE,
    Anything,
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

_NUMBERS = frozenset((int, float))  # bool is neither here, by design
_FINITE: Final = HUGE * HUGE  # more than any product of inputs in a model function
_REQUIRED: Final = object()


class Parameter(NamedTuple):
    """One argument: its name, its kind with the unit, and its default."""

    name: str
    kind: Kind
    default: Any = _REQUIRED
    repeated: bool = False

    @property
    def required(self) -> bool:
        return self.default is _REQUIRED

    @property
    def broadcasts(self) -> bool:
        """Whether a range stands for many values rather than for one table, series or load."""
        return not isinstance(self.kind, Table | Series | Load | Anything)


class Function:
    """A registered function: the plain body, what surrounds it, and the checked call."""

    def __init__(self, body: Callable[..., Any], twin: str = "") -> None:
        self.body = body
        self.twin = twin
        self.python_name = body.__name__
        self.name = body.__name__.upper()
        self.subject = body.__module__.rpartition(".")[2]
        self.parameters = _parameters(body)
        self.result: Kind = kind_of(body.__annotations__["return"])
        self.__name__ = self.python_name
        self.__qualname__ = self.python_name
        self.__module__ = "xlmodel"
        self.numeric = not twin and all(
            isinstance(item, Quantity | MustBeBlank)
            for item in (self.result, *(p.kind for p in self.parameters))
        )
        """Whether it is plain arithmetic on numbers; a body with a twin of its own is not."""
        self.vectorised = self.numeric or _vectorises(self.result, self.parameters)
        """Whether the body takes arrays where it takes numbers."""
        bounds = [
            p.kind.bounds if isinstance(p.kind, Quantity) else (1.0, 0.0) for p in self.parameters
        ]
        self._lows = tuple(low for low, _ in bounds)
        self._highs = tuple(high for _, high in bounds)
        self._constants = tuple(
            0.0 if p.required or isinstance(p.default, SameAs) else p.default
            for p in self.parameters
        )
        self._complete = self._completions() if self.numeric and len(self.parameters) > 1 else {}

    def __repr__(self) -> str:
        return f"<xlmodel function {self.signature}>"

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        from xlmodel.registry.docs import full_text

        return full_text(self)

    @property
    def signature(self) -> str:
        """The call as a cell shows it: ``NODE_COST(gpus, gpu_hour_price, [hours_per_day=24])``."""
        return f"{self.name}({', '.join(_shown(p) for p in self.parameters)})"

    @property
    def required_count(self) -> int:
        return sum(p.required for p in self.parameters)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """The checked call from Python: numbers give a number, arrays an array.

        Raises InputError, with one sentence, for an input that the function cannot take.
        """
        if not named and (answer := self._of_fine_numbers(args)) is not None:
            return answer
        from xlmodel.registry.checked import call

        return call(self, args, named)

    def call_cells(self, args: Sequence[object]) -> object:
        """The checked call from a cell: blanks are defaults, each bad cell is its own error.

        ``args`` holds for each argument a number, a text, a bool, None (blank or left out), a
        ``CellError``, or a range as a list of rows. The result is one such value, or a list of
        rows that spills. Never raises for what a cell can hold.
        """
        given = tuple(args)
        while given and given[-1] is None and len(given) <= len(self.parameters):
            given = given[:-1]
        answer = self._of_fine_numbers(given)
        if answer is not None:
            return answer
        from xlmodel.registry.checked import call_cells

        return call_cells(self, args)

    def _of_fine_numbers(self, args: tuple[Any, ...]) -> float | None:
        """The answer where all arguments are numbers in range, as in nearly every call.

        None where anything is not as it should be: the careful call then finds the words. Whole
        numbers are not made floats first: with them Python's arithmetic is exact.
        """
        complete = self._complete.get(len(args))
        if complete is None:
            return None
        for value, low, high in zip(args, self._lows, self._highs):  # noqa: B905 (twice as fast)
            if type(value) not in _NUMBERS or not low <= value <= high:
                return None
        try:
            answer: float = self.body(*complete(args + self._constants))
        except (ArithmeticError, DomainError):
            return None
        return answer if -_FINITE < answer < _FINITE else None

    def run(self, args: Sequence[Any]) -> Any:
        """The body on complete, converted arguments; arithmetic failures become InputError."""
        try:
            answer = self.body(*args)
        except ZeroDivisionError:
            raise InputError(
                f"{self.name}: the result is a rate over zero with "
                f"{self._given(args)}; give a value above zero for what it divides by",
                DIV0,
            ) from None
        except (OverflowError, DomainError) as error:
            given = f" ({numbers})" if (numbers := self._given(args)) else ""
            raise InputError(f"{self.name}: {error}{given}", NUM) from None
        if isinstance(answer, complex) or (isinstance(answer, float) and answer - answer != 0):
            raise InputError(f"{self.name}: no finite result ({self._given(args)})", NUM)
        return answer

    def _given(self, args: Sequence[Any]) -> str:
        shown = (
            f"{p.name} = {value:g}"
            for p, value in zip(self.parameters, args, strict=False)
            if value.__class__ in _NUMBERS
        )
        return ", ".join(shown)

    def _completions(self) -> dict[int, Callable[[tuple[Any, ...]], tuple[Any, ...]]]:
        """For each count of arguments given, what fills up the rest from the defaults."""
        position = {p.name: i for i, p in enumerate(self.parameters)}
        complete: dict[int, Callable[[tuple[Any, ...]], tuple[Any, ...]]] = {}
        for given in range(self.required_count, len(self.parameters) + 1):
            picks = list(range(given))
            for i, p in enumerate(self.parameters[given:], start=given):
                same = isinstance(p.default, SameAs)
                picks.append(position[p.default.argument] if same else given + i)
            complete[given] = itemgetter(*picks)
        return complete


def _vectorises(result: Kind, parameters: Sequence[Parameter]) -> bool:
    """Functions of names and numbers: for each set of names, one call with arrays of numbers."""
    kinds = [p.kind for p in parameters]
    return (
        isinstance(result, Quantity)
        and any(isinstance(kind, Quantity) for kind in kinds)
        and any(isinstance(kind, Named) for kind in kinds)
        and all(isinstance(k, Quantity | Text | Named | MustBeBlank | Table) for k in kinds)
    )


def _parameters(body: Callable[..., Any]) -> tuple[Parameter, ...]:
    code = body.__code__
    names = code.co_varnames[: code.co_argcount]
    defaults = body.__defaults__ or ()
    padded = (_REQUIRED,) * (len(names) - len(defaults)) + defaults
    parameters = [
        Parameter(name, kind_of(body.__annotations__[name]), default)
        for name, default in zip(names, padded, strict=True)
    ]
    if code.co_flags & 0x04:  # CO_VARARGS
        rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
        parameters.append(Parameter(rest, kind_of(body.__annotations__[rest]), None, repeated=True))
    return tuple(parameters)


def kind_of(annotation: Any) -> Kind:
    """The unit in ``Annotated[float, Quantity(...)]``, also within ``... | None``."""
    for metadata in getattr(annotation, "__metadata__", ()):
        if isinstance(metadata, Kind):
            return metadata
    for part in get_args(annotation):
        if hasattr(part, "__metadata__"):
            return kind_of(part)
    raise TypeError(f"annotate with a type from xlmodel.units, not {annotation!r}")


def _shown(p: Parameter) -> str:
    if p.repeated:
        return f"[{p.name}, …]"
    if p.required:
        return p.name
    if p.default is None or isinstance(p.default, SameAs):
        return f"[{p.name}]"
    default = f'"{p.default}"' if isinstance(p.default, str) else f"{p.default:g}"
    return f"[{p.name}={default}]"


_functions: dict[str, Function] = {}

Body = TypeVar("Body", bound=Callable[..., Any])


@overload
def function(body: Body) -> Body: ...
@overload
def function(*, twin: str) -> Callable[[Body], Body]: ...
def function(body: Body | None = None, *, twin: str = "") -> Body | Callable[[Body], Body]:
    """Register a plain function; it is returned unchanged.

    ``@function(twin=...)`` gives the spreadsheet formula of a body that ``hosts/native.py``
    cannot translate; its conventions stand there.
    """

    def register(body: Body) -> Body:
        declared = Function(body, twin)
        if declared.name in _functions:
            raise TypeError(f"{declared.name} is declared twice")
        _functions[declared.name] = declared
        return body

    return register if body is None else register(body)


def functions() -> Mapping[str, Function]:
    """Every registered function by its name in a cell, in the order of declaration."""
    import_module("xlmodel.model")  # by name: it fills the registry, and imports go one way
    return MappingProxyType(_functions)


def find(name: str) -> Function:
    """The function of that name, in any case; InputError with the nearest name if none."""
    declared = functions().get(name.strip().upper())
    if declared is None:
        from difflib import get_close_matches

        near = get_close_matches(name.strip().upper(), _functions, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else "; `xlmodel functions` lists them"
        raise InputError(f"there is no function {name!r}{hint}", "#NAME?")
    return declared
