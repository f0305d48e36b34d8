"""The cases (scenarios) of a workbook: which there are, which is chosen, and all of them in turn.

A workbook has cases when ``in_case`` names the cell that chooses one, and ``case_list`` the cells
of a row with the names of all. ``case_utilization`` are then the values of the input
``in_utilization``, a cell for each case.
"""

from collections.abc import Iterator, Mapping

from xlmodel.registry import InputError
from xlmodel.workbook.names import INPUT, Names, Place, place_of
from xlmodel.workbook.package import Package
from xlmodel.workbook.storedvalues import StoredValues

CHOICE = INPUT + "case"
OF_CASE = "case_"
_LIST = OF_CASE + "list"


def listed(package: Package, names: Names) -> list[str]:
    """The cases as the workbook spells them; none when it has no cell that chooses one."""
    place = _place(names, _LIST)
    if place is None or _place(names, CHOICE) is None:
        return []
    stored = StoredValues(package)
    cells = [
        stored.at(place._replace(left=column, right=column))
        for column in range(place.left, place.right + 1)
    ]
    return [str(cell) for cell in cells if cell is not None]


def chosen(package: Package, names: Names, given: Mapping[str, str | float]) -> int:
    """The place of the case in use among all, counted from 0: set by ``given``, or as stored."""
    cases = [case.casefold() for case in listed(package, names)]
    place = _place(names, CHOICE)
    if not cases or place is None:
        return 0
    words = [text for name, text in given.items() if _is_choice(name)]
    case = str(words[0] if words else StoredValues(package).at(place)).strip().casefold()
    return cases.index(case) if case in cases else 0


def idle(
    package: Package, names: Names, given: Mapping[str, str | float]
) -> Iterator[tuple[str, str, Place]]:
    """The typed cells of the cases that are not in use: input, case and place."""
    all_cases, used = listed(package, names), chosen(package, names, given)
    for key, found in names.chosen.items():
        place = place_of(found.formula)
        if key == _LIST or not key.startswith(OF_CASE) or place is None or not all_cases:
            continue
        if place.top == place.bottom and place.right - place.left + 1 == len(all_cases):
            for i, case in enumerate(all_cases):
                if i != used:
                    cell = place._replace(left=place.left + i, right=place.left + i)
                    yield INPUT + found.name[len(OF_CASE) :], case, cell


def those_of(package: Package) -> list[str]:
    """The cases of a workbook; InputError when it has none."""
    found = listed(package, Names(package))
    if not found:
        raise InputError(
            f"{package.name} has no scenarios: no cell is named {CHOICE}, or none {_LIST}"
        )
    return found


def choosing(
    package: Package, wanted: str, given: Mapping[str, str | float]
) -> dict[str, str | float]:
    """The inputs to set, with the choice of a case before them."""
    if any(map(_is_choice, given)):
        raise InputError(f"a scenario is chosen twice: as {wanted!r} and by {CHOICE}")
    found = those_of(package)
    for case in found:
        if case.casefold() == wanted.strip().casefold():
            return {CHOICE: case, **given}
    raise InputError(f"{package.name} has no scenario {wanted!r}; it has {', '.join(found)}")


def _is_choice(name: str) -> bool:
    return INPUT + name.strip().lower().removeprefix(INPUT) == CHOICE


def _place(names: Names, name: str) -> Place | None:
    found = names.chosen.get(name)
    place = place_of(found.formula) if found else None
    return place if place and place.top == place.bottom else None
