"""Spreadsheet-native twins: each function as a LAMBDA, for workbooks that run without Python.

A twin keeps the contract of ``Function.call_cells``, cell by cell over ranges that spill, in the
spreadsheet's own formulas: for ``NODE_COST`` it reads ::

    =LAMBDA(gpus, gpu_hour_price, [hours_per_day], [other_cost_per_day],
    LET(
      gpus_, IF(gpus<"",IF((gpus>0)*(gpus<=1E+09),gpus,#NUM!),#VALUE!),
      ...
      IF(gpus_&gpu_hour_price_&hours_per_day_&other_cost_per_day_<FALSE,
         gpus_*gpu_hour_price_*hours_per_day_+other_cost_per_day_)))

- Each argument is checked once (``guards``); its checked value has its name with "_" behind.
- Joining the checked values with ``&`` gives the first one's error, as Python reports it, where
  one has an error, and otherwise a text, which is less than FALSE.
- The last expression follows from the Python body (``translate``). A function whose body has no
  formula declares one instead, ``@function(twin=...)``, in checked values: ``gpu_`` for the
  argument ``gpu``, "" where an optional one without a default is blank, ``term_at_`` for the
  place of a table's column ``term``.
- Functions of a model and a GPU take each cell for itself (``bynames``), and call names of helpers:
  bodies that they share (``helpers``), tables (``shipped``), the user's own runs (``benchmarks``).
  A body with a loop takes each cell for itself too.
"""

from collections.abc import Mapping
from functools import cache

from xlmodel.hosts import benchmarks, bynames, helpers
from xlmodel.hosts.formula import file_form
from xlmodel.hosts.guards import checked_value, default_value, parameter_name
from xlmodel.hosts.inline import NotInlinable, inline
from xlmodel.hosts.translate import Expr, NeedsOneCell, NotDerivable, translate
from xlmodel.registry import Function, Parameter, functions
from xlmodel.units import Load, SameAs, Series, Table

__all__ = [
    "NotInlinable",
    "defined_name",
    "defined_names",
    "has_twin",
    "helper_names",
    "inline",
    "twin",
]


def has_twin(function: Function) -> bool:
    """Whether the function can be written in the spreadsheet's own formulas."""
    try:
        twin(function)
    except NotDerivable:
        return False
    return True


@cache
def twin(function: Function) -> str:
    """The twin as Excel's name manager shows it; raises ``NotDerivable`` if there is none."""
    if function.twin:
        spreads = any(p.broadcasts for p in function.parameters)
        return (_mapped if spreads else _declared)(function)
    if bynames.looks_up(function):
        return bynames.twin(function)
    try:
        return _derived(function)
    except NeedsOneCell:
        return bynames.twin(function)


def defined_name(function: Function) -> str:
    """The twin as a file stores it behind the name of the function."""
    return file_form(twin(function))


def helper_names() -> Mapping[str, str]:
    """The names that twins call besides each other's, with what a file stores behind them."""
    names = {**helpers.names(), **benchmarks.NAMES}
    return {name: file_form(formula) for name, formula in names.items()}


def defined_names() -> Mapping[str, str]:
    """Every name of ours that a workbook needs, with what a file stores behind it."""
    twins = {f.name: defined_name(f) for f in functions().values() if has_twin(f)}
    return {**twins, **helper_names()}


def _derived(function: Function) -> str:
    steps = _Steps(function)
    given = {p.name: Expr(steps.check(p)) for p in function.parameters}
    result = translate(function.body, given, steps.keep).text
    return steps.lambda_(steps.unless_error(result) if given else result)


def _declared(function: Function) -> str:
    """Series and tables are handed to the declared formula whole."""
    steps = _Steps(function)
    for p in function.parameters:
        steps.check(p)
    return steps.lambda_(steps.unless_error(function.twin))


def _mapped(function: Function) -> str:
    """The declared formula takes one value per argument: ranges are spread, then mapped."""
    steps = _Steps(function)
    ranges = [
        (p, steps.check(p, prefix="every_" if p.broadcasts else "")) for p in function.parameters
    ]
    errors = steps.add("errors", steps.errors)
    spread = [(f"{p.name}_", f"IF({errors}<FALSE,{every})") for p, every in ranges if p.broadcasts]
    names, values = zip(*spread, strict=True)
    each = f"LAMBDA({','.join(names)},IF(ISERROR({names[0]}),{names[0]},{function.twin}))"
    return steps.lambda_(f"MAP({','.join(values)},{each})")


class _Steps:
    """A LAMBDA in the making: its parameters, and the named values of the LET in it."""

    def __init__(self, function: Function) -> None:
        self.parameters = {p.name: parameter_name(p) for p in function.parameters}
        self.heads = [
            self.parameters[p.name] if p.required else f"[{self.parameters[p.name]}]"
            for p in function.parameters
        ]
        self.values: dict[str, str] = {}
        self.checked: dict[str, str] = {}
        self.witnesses: list[str] = []

    def add(self, name: str, value: str) -> str:
        """Name a value; the name it has got, another one where that name is taken."""
        free, number = f"{name}_", 1
        while free in self.parameters.values() or self.values.get(free, value) != value:
            number += 1
            free = f"{name}_{number}_"
        self.values[free] = value
        return free

    def keep(self, name: str, value: Expr) -> Expr:
        return Expr(self.add(name, value.text))

    def check(self, p: Parameter, prefix: str = "") -> str:
        """Add the checked value of an argument; its name."""
        x = self.parameters[p.name]
        if isinstance(p.kind, Table):
            alone = f"IF(ROWS({x})*COLUMNS({x})=1,{x},0)"  # an error in the place of a table
            self.witnesses.append("+".join((alone, *self._columns(x, p.kind))))
            return x
        value = checked_value(x, p, self._default(p))
        name = self.checked[p.name] = self.add(prefix + x, value)
        self.witnesses.append(_witness(p, name))
        return name

    def _default(self, p: Parameter) -> str:
        if isinstance(p.default, SameAs):
            return self.checked[p.default.argument]
        return "" if p.required else default_value(p).text

    def _columns(self, table: str, kind: Table) -> list[str]:
        head = self.add(f"{table}_head", f"TRIM(INDEX({table},1,0))")
        return [
            self.add(f"{column}_at", f'IFNA(MATCH("{column}",{head},0),#VALUE!)')
            for column in kind.columns
        ]

    @property
    def errors(self) -> str:
        """The first error among the checked values, or a text."""
        return "&".join(self.witnesses)

    def unless_error(self, result: str) -> str:
        return f"IF({self.errors}<FALSE,\n     {result})"

    def lambda_(self, result: str) -> str:
        lines = "".join(f"  {name}, {value},\n" for name, value in self.values.items())
        heads = ", ".join(self.heads)
        return f"=LAMBDA({heads},\nLET(\n{lines}  {result}))" if lines else f"=LAMBDA({result})"


def _witness(p: Parameter, checked: str) -> str:
    """One value that is an error where the checked argument is one."""
    if isinstance(p.kind, Load):
        return f'SUM(IF({checked}<"",{checked},0))'
    if not isinstance(p.kind, Series):
        return checked
    return f"SUM({checked})" if p.required else f'SUM(IF({checked}="",0,{checked}))'
