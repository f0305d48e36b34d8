"""Results as rows of cells: the one shape in which hosts hand them on."""

from collections.abc import Callable


def rows(answer: object, cell: Callable[[object], object]) -> list[list[object]]:
    """What ``Function.call_cells`` gave, as rows, each cell as ``cell`` makes it for the host.

    >>> rows(2, str), rows([[1, 2]], str)
    ([['2']], [['1', '2']])
    """
    grid = answer if isinstance(answer, list) else [[answer]]
    return [[cell(value) for value in row] for row in grid]
