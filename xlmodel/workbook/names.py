"""The names of a workbook and the cells that they stand for.

A sheet that is copied in Excel takes a name of its own along for each name that stands for one of
its cells. So a name of the whole workbook goes before those of sheets, and a sheet's name counts
only where there is no other one.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from xlmodel.hosts.syntax import LAST_COLUMN, LAST_ROW, address, area, sheet_name, tokens
from xlmodel.workbook.package import DefinedName, Package

OUTPUT, INPUT, CHECK, ANSWER = "out_", "in_", "check_", "answer_"


class Place(NamedTuple):
    """The cells that a defined name stands for."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_cell(self) -> bool:
        return self.top == self.bottom and self.left == self.right

    def __str__(self) -> str:
        return f"{self.sheet}!{address(self.top, self.left)}"


def place_of(formula: str) -> Place | None:
    """The cells behind a name; None when it holds something else."""
    words = tokens(formula.removeprefix("="))
    if len(words) != 1 or words[0].kind != "ref":
        return None
    found = area(words[0].text)
    if not found.prefix or "[" in found.prefix:
        return None
    if found.bottom == LAST_ROW or found.right == LAST_COLUMN:
        return None
    return Place(sheet_name(found.prefix), *found[1:5])


class Names:
    """The names of a workbook, found without regard to case."""

    def __init__(self, package: Package) -> None:
        self._sheets = {sheet.name.lower(): sheet.name for sheet in package.sheets}
        self._whole: dict[str, DefinedName] = {}
        self._local: dict[str, dict[str, DefinedName]] = {}
        for name in package.names:
            if name.sheet:
                self._local.setdefault(name.name.lower(), {})[name.sheet.lower()] = name
            else:
                self._whole[name.name.lower()] = name

    @cached_property
    def chosen(self) -> dict[str, DefinedName]:
        """The one name of each spelling that counts, by name in lower case."""
        single = {
            key: next(iter(found.values()))
            for key, found in self._local.items()
            if key not in self._whole and key not in self.ambiguous
        }
        return {**self._whole, **single}

    @cached_property
    def ambiguous(self) -> dict[str, str]:
        """A sentence for each name that several sheets have, and the workbook has not."""
        return {
            key: _sentence([*found.values()])
            for key, found in self._local.items()
            if key not in self._whole and len({name.formula for name in found.values()}) > 1
        }

    @cached_property
    def places(self) -> dict[str, Place]:
        """The cells behind each name that counts, by name as spelled."""
        found = {name.name: self.place(name) for name in self.chosen.values()}
        return {name: place for name, place in found.items() if place}

    def place(self, name: DefinedName) -> Place | None:
        """The cells of this workbook behind a name."""
        place = place_of(name.formula)
        if place is None or place.sheet.lower() not in self._sheets:
            return None
        return place._replace(sheet=self._sheets[place.sheet.lower()])

    def seen_from(self, sheet: str, name: str) -> Place | None:
        """The cells behind a name in a formula on that sheet, or with it in front."""
        own = self._local.get(name.lower(), {}).get(sheet.lower())
        found = own or self.chosen.get(name.lower())
        return self.place(found) if found else None

    def notes(self) -> Iterator[str]:
        """A sentence for each name of an input, output or check that is left out."""
        for key, sentence in self.ambiguous.items():
            if key.startswith((INPUT, OUTPUT, CHECK)):
                yield f"{sentence}, so it is left out; make it a name of the whole workbook"
        for key, name in self.chosen.items():
            place = self.place(name)
            if key.startswith((OUTPUT, CHECK)) and not (place and place.is_cell):
                yield f"{name.name} {_instead(name.formula)}, so it is left out"


def _sentence(names: list[DefinedName]) -> str:
    number = "two" if len(names) == 2 else str(len(names))
    shown = " and ".join(name.formula for name in names[:2]) + (" …" if len(names) > 2 else "")
    return f"{names[0].name} stands for {number} cells ({shown})"


def _instead(formula: str) -> str:
    """What a name is that is not the name of a cell."""
    plain = formula.strip().removeprefix("=")
    if "#REF!" in plain:
        return "has lost its cell (#REF!)"
    return f"is {plain[:60]}, not one cell of the workbook"
