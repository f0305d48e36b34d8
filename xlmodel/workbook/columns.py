"""Columns of a terminal: how wide a text is there, and texts filled up to a width.

A Chinese character is two cells wide in a terminal, and in a sheet about as wide as two digits.
"""

from unicodedata import east_asian_width


def width(text: str) -> int:
    """The cells that a text takes.

    >>> width("Margin"), width("毛利"), width("token 数")
    (6, 4, 8)
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def left(text: str, cells: int) -> str:
    """The text flush left in so many cells.

    >>> left("毛利", 6)
    '毛利  '
    """
    return text + " " * (cells - width(text))


def right(text: str, cells: int) -> str:
    """The text flush right in so many cells."""
    return " " * (cells - width(text)) + text
