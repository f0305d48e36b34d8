"""The fixed words of a report in the reader's language.

Each label, sentence and title that a report adds to what the workbook says goes through ``say``,
with the English words as the key; ``words_zh.csv`` has the Chinese for each. Texts of the
workbook's own cells are those of its author: ``told`` puts only what our template says into the
language, by the template's own table of words.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from xlmodel.workbook import language as languages
from xlmodel.workbook.language import ENGLISH, LANGUAGES

__all__ = ["LANGUAGES", "language", "noted", "say", "speaking", "table"]

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within this, ``say`` gives the words of that language."""
    token = _spoken.set(languages.chosen(language, "report"))
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """The language spoken now, by its short name."""
    return _spoken.get()


def say(words: str, /, **values: object) -> str:
    """The words in the language spoken now, with the values in their places.

    >>> say("{n} rows", n=3)
    '3 rows'
    >>> with speaking("zh"):
    ...     say("Key figures")
    '关键指标'
    """
    told = words if language() == ENGLISH else table(language()).get(words, words)
    return told.format(**values) if values else told


def noted(words: str) -> str:
    """Words that are said later: marks them for the table of words.

    >>> noted("Revenue")
    'Revenue'
    """
    return words


def table(name: str) -> Mapping[str, str]:
    """The words of a language by the English ones."""
    return languages.table(Path(__file__).parent, name)
