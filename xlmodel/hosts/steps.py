"""The named values of a LET in the making."""

import re
from collections.abc import Iterable

from xlmodel.hosts.values import Expr

_WORDS = re.compile(r"\b[a-z]\w*_\b")


class Steps:
    """Names for intermediate results, each ending in "_"; one that is taken gets a number.

    The steps of a LAMBDA within are named apart: what depends on nothing in it is a step of the
    formula around, computed once. A branch keeps its steps to itself, so that they are computed
    only where it is taken.
    """

    def __init__(
        self, taken: Iterable[str] = (), outer: "Steps | None" = None, is_branch: bool = False
    ) -> None:
        self.values: dict[str, str] = {}
        self._taken = set(taken)
        self._within: set[str] = set()
        self._outer = outer
        self._is_branch = is_branch

    def __call__(self, name: str, value: Expr) -> Expr:
        return Expr(self.add(name, value.text))

    def add(self, name: str, value: str) -> str:
        """Name a value; the name it has got, another one where that name is taken."""
        if self._outer and not self._is_branch and not self._depends(value):
            return self._outer.add(name, value)
        free = self._free(name, value)
        if not self._known(free, value):
            self.values[free] = value
        return free

    def parameter(self, name: str) -> Expr:
        """A parameter of this LAMBDA."""
        free = self._free(name, None)
        self._taken.add(free)
        if self._outer:
            self._outer._within.add(free)
        return Expr(free)

    def inner(self) -> "Steps":
        """The steps of a LAMBDA within."""
        return Steps(outer=self)

    def branch(self) -> "Steps":
        """The steps of what is computed on a condition."""
        return Steps(outer=self, is_branch=True)

    def let(self, result: str) -> str:
        """The result, in a LET of the steps if there are any."""
        if not self.values:
            return result
        pairs = "".join(f"{name},{value}," for name, value in self.values.items())
        return f"LET({pairs}{result})"

    def _free(self, name: str, value: str | None) -> str:
        free, number = f"{name}_", 1
        while self._is_used(free) and not self._known(free, value):
            number += 1
            free = f"{name}_{number}_"
        return free

    def _is_used(self, name: str) -> bool:
        return (
            name in self._taken
            or name in self._within
            or name in self.values
            or (self._outer is not None and self._outer._is_used(name))
        )

    def _known(self, name: str, value: str | None) -> bool:
        """Whether the name stands for that value already."""
        if name in self._taken or name in self._within:
            return False
        if name in self.values:
            return self.values[name] == value
        return self._outer is not None and self._outer._known(name, value)

    def _depends(self, value: str) -> bool:
        own = self.values.keys() | self._taken
        return not own.isdisjoint(_WORDS.findall(value))
