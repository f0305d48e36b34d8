"""The languages that the project speaks, and tables of words: English texts with those of another.

A table is a CSV file with a column ``en`` and a column for the language, such as ``zh``. The
template has one for the texts of its sheets (``workbook/words_zh.csv``, read by
``words``), the report one for its own words (``report/words_zh.csv``, read by
``report.language``).
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from xlmodel.registry import InputError

ENGLISH: Final = "en"
LANGUAGES: Final[Mapping[str, str]] = {ENGLISH: "en", "zh": "zh-CN"}
"""The languages by the name that a user gives, with the tag that a page bears."""


def chosen(name: str, what: str) -> str:
    """The language of that name, however it is written; ``what`` is to be in it.

    >>> chosen("ZH ", "workbook")
    'zh'
    """
    found = name.strip().casefold()
    if found not in LANGUAGES:
        raise InputError(f"there is no {what} language {name!r}; known: {', '.join(LANGUAGES)}")
    return found


@cache
def rows(path: Path) -> tuple[Mapping[str, str], ...]:
    """The rows of a table of words, by header."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def table(folder: Path, language: str) -> Mapping[str, str]:
    """The words of a language by the English ones, from the table in a folder."""
    return {row["en"]: row[language] for row in rows(folder / f"words_{language}.csv")}
