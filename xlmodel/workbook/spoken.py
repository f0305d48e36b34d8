"""A sentence that a formula of ours computed, in other words: its pieces found and replaced.

The table of words keeps the pieces of a formula in their order. So the sentence of an English
workbook becomes that of the Chinese one when each piece in it gives way to its own translation,
and figures and names stay between them. A sentence of which a word is left is not ours, or not
wholly known, and stays as it is.
"""

import re
from collections.abc import Mapping
from typing import Final

_LETTERS: Final = re.compile(r"[A-Za-z]{2}")
_WORD: Final = re.compile(r"(?<![\w.-])[a-z]{2,}(?![\w-])")
_MARK: Final = re.compile(r"([,;:.]) |\.$")
_LAST: Final = ("", "")
_OPEN: Final = re.compile(r"(（[^（）()]*)\)")
_MARKS: Final = {",": "，", ";": "；", ":": "：", ".": "。"}


class Pieces:
    """The pieces of sentences, from the rows of the kind ``formula``."""

    def __init__(self, rows: Mapping[str, str], slot: str) -> None:
        self._told: dict[str, dict[str, set[str]]] = {}
        """What a piece may be, by the piece after it, which decides where there are two."""
        for en, told in rows.items():
            pieces = zip(en.split(slot), told.split(slot), strict=True)
            ours = [(piece, said) for piece, said in pieces if _LETTERS.search(piece)]
            for (piece, said), (after, _) in zip(ours, [*ours[1:], _LAST], strict=True):
                self._told.setdefault(piece, {}).setdefault(after, set()).add(said)
        longest_first = sorted(self._told, key=lambda piece: (-len(piece), piece))
        self._any = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def told(self, sentence: str) -> str | None:
        """The sentence in the other language; None where none of it is known, or not all.

        >>> told = Pieces({"gains {}{} USD a day": "盈利 {}{} USD/天"}, "{}").told
        >>> told("H100: gains 1.5 USD a day."), told("gains much USD a day"), told("H100.")
        ('H100：盈利 1.5 USD/天。', None, None)
        """
        said: list[str] = []
        at, after = len(sentence), ""
        for found in reversed(list(self._any.finditer(sentence))):
            choice = self._choice(found[0], after)
            if choice is None:
                return None
            said[:0] = [choice, _marked(sentence[found.end() : at])]
            at, after = found.start(), found[0]
        said = [_marked(sentence[:at]), *said]
        if len(said) == 1 or any(_WORD.search(part) for part in said[::2]):
            return None
        closed = _OPEN.sub(r"\1）", "".join(said))
        return re.sub("(?<=[，；：。]) ", "", closed)

    def _choice(self, piece: str, after: str) -> str | None:
        """The one translation of a piece, or the one that the piece after it decides."""
        choices = self._told[piece]
        said = set().union(*choices.values())
        said = said if len(said) == 1 else choices.get(after, said)
        return min(said) if len(said) == 1 else None


def _marked(text: str) -> str:
    """Figures and names with the marks of the other language between them."""
    return _MARK.sub(lambda found: _MARKS[found[0].strip()], text)
