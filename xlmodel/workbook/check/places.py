"""Rectangles of cells, and how adjoining ones become one."""

from collections.abc import Iterable
from typing import NamedTuple

from xlmodel.hosts.syntax import address


class Place(NamedTuple):
    """Cells from top left to bottom right, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        """
        >>> str(Place(2, 2, 9, 2)), str(Place(1, 1, 1, 1))
        ('B2:B9', 'A1')
        """
        first = address(self.top, self.left)
        return first if self.cells == 1 else f"{first}:{address(self.bottom, self.right)}"

    @property
    def cells(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def merged(places: Iterable[Place]) -> list[Place]:
    """The places with those that adjoin side by side, then one below the other, made one.

    >>> [str(p) for p in merged([Place(2, 3, 2, 3), Place(2, 2, 2, 2), Place(3, 2, 3, 3)])]
    ['B2:C3']
    """
    across: list[Place] = []
    for place in sorted(places, key=lambda p: (p.top, p.bottom, p.left)):
        last = across[-1] if across else None
        if last and last[0::2] == place[0::2] and place.left <= last.right + 1:
            across[-1] = last._replace(right=max(last.right, place.right))
        else:
            across.append(place)
    down: list[Place] = []
    for place in sorted(across, key=lambda p: (p.left, p.right, p.top)):
        last = down[-1] if down else None
        if last and last[1::2] == place[1::2] and place.top <= last.bottom + 1:
            down[-1] = last._replace(bottom=max(last.bottom, place.bottom))
        else:
            down.append(place)
    return sorted(down)
