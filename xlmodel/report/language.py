"""The fixed words of a report in the reader's language.

Each label, sentence and title that a report adds to what the workbook says goes through ``say``,
with the English words as the key; ``words_zh.csv`` has the Chinese for each. Texts of the
workbook's own cells, names and units stay as they are: they are the author's, and a report that
reworded them would no longer match the workbook.
"""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from xlmodel.registry import InputError

LANGUAGES: Mapping[str, str] = {"en": "en", "zh": "zh-CN"}
"""The languages by the name that a user gives, with the tag that a page bears."""

_spoken: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within this, ``say`` gives the words of that language."""
    name = language.strip().casefold()
    if name not in LANGUAGES:
        raise InputError(f"there is no report language {language!r}; known: {', '.join(LANGUAGES)}")
    token = _spoken.set(name)
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
    told = words if language() == "en" else table(language()).get(words, words)
    return told.format(**values) if values else told


def noted(words: str) -> str:
    """Words that are said later: marks them for the table of words.

    >>> noted("Revenue")
    'Revenue'
    """
    return words


@cache
def table(name: str) -> Mapping[str, str]:
    """The words of a language by the English ones."""
    path = Path(__file__).with_name(f"words_{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["en"]: row[name] for row in csv.DictReader(file)}
