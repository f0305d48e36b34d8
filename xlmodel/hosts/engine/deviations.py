"""Where the engine's values are known to differ from Excel's and can't be mended: notes for users.

A difference that can be seen in the results, such as a number joined to a text with too many
digits, is told only where it is seen.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from xlmodel.hosts.engine.blocks import Block
from xlmodel.hosts.engine.book import Value
from xlmodel.hosts.syntax import Token, address, calls, tokens

_TEXTS = {"CONCAT", "CONCATENATE", "TEXTJOIN", "LEFT", "RIGHT", "MID"}
_LONG_NUMBER = re.compile(r"(?<![\d.])(?=[\d.]{17})0*\.?0*[1-9](?:\.?\d){15,}(?![\d.])")
_ODD_FORMAT = re.compile(r"E[+-]|\?", re.IGNORECASE)
_DIGITS = "the engine joins a number to a text with up to 17 digits, Excel with 15"
_TEXT = "the engine does not know every number format, such as 0.00E+00 and # ?/?"


def notes(blocks: Sequence[Block], values: Callable[[int], Sequence[Value]]) -> list[str]:
    """One sentence per kind of difference, with the first cell where it shows."""
    found: dict[str, str] = {}
    for i, block in enumerate(blocks):
        if block.problems or block.scratch:
            continue
        for kind, row in _deviations(block, tokens(block.formula), partial(values, i)):
            found.setdefault(kind, f"{kind}; look at {block.sheet}!{address(row, block.column)}")
    return list(found.values())


def _deviations(
    block: Block, words: Sequence[Token], values: Callable[[], Sequence[Value]]
) -> Iterator[tuple[str, int]]:
    names = {word.text for word in words if word.kind == "call"}
    if "TEXT" in names and _has_odd_format(words):
        yield f"TEXT: {_TEXT}", block.first
    if names & _TEXTS or any(word.text == "&" for word in words):
        for row, value in enumerate(values(), start=block.first):
            if type(value) is str and _LONG_NUMBER.search(value):
                yield f"texts with numbers: {_DIGITS}", row
                return


def _has_odd_format(words: Sequence[Token]) -> bool:
    """Whether TEXT is called with a format of which the engine makes something else."""
    for call in calls(words):
        if words[call.start].text == "TEXT" and len(call.arguments) > 1:
            start, end = call.arguments[1]
            given = [word for word in words[start:end] if word.kind != "space"]
            if len(given) != 1 or given[0].kind != "text" or _ODD_FORMAT.search(given[0].text):
                return True
    return False
