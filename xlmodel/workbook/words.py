"""A table of words at work: the texts of the template workbook, and of formulas, in Chinese.

A row of ``words_zh.csv`` is of one of three kinds:

- ``text``: a text as it stands in a cell, a chart or a prompt, or one sentence of it;
- ``pattern``: a text with places ``{}`` for what varies, such as ``Unit: {}.``;
- ``formula``: the texts that one formula shows, in their order, with ``{}`` between them. Without
  such a row each of them is looked up by itself.

A text that a formula compares is replaced where its own text row is, so that both sides of the
comparison change together; texts that come from elsewhere (``KEPT``, choices of lists) never are.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from xlmodel.hosts.syntax import tokens
from xlmodel.workbook import shown
from xlmodel.workbook.language import ENGLISH, LANGUAGES, rows
from xlmodel.workbook.shown import inside, literal
from xlmodel.workbook.spoken import Pieces

SLOT: Final = "{}"

KEPT: Final = frozenset(
    {
        *("n/a", "ok", "passed", "TRUE", "FALSE"),  # what checks answer
        "benchmark",  # what a rate rests on, beside the choices “physics” and “grid”
        *("input", "output", "spot"),  # kinds of prices and terms, as the tables name them
        *("USD/Mtok", "USD/kWh", "GB", "GB/s", "TFLOP/s", "W", "kW", "ms", "s"),  # symbols of units
        *("M", "B", "GPU", "xlmodel "),
    }
)
"""Texts that are the same in every language, since formulas or other programs read them."""

_SENTENCES = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.) (?=[A-Z“(0-9])")
_QUOTED = re.compile(r'"([^"]*)"')
_LETTERS = re.compile(r"[A-Za-z]")
_NAME = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_NUMBER = re.compile(r"[-−+]?[\d,.: –-]+(?:e[-+]?\d+)?%?", re.IGNORECASE)


class Missing(NamedTuple):
    """A text that the table of words lacks, of the kind that its row would be."""

    kind: str
    text: str


class Words:
    """A table of words at work; it notes which rows it used and which texts it missed."""

    def __init__(self, table: Mapping[tuple[str, str], str]) -> None:
        self._table = table
        self._patterns = [
            (re.compile("(.+?)".join(map(re.escape, en.split(SLOT)))), en, told)
            for (kind, en), told in table.items()
            if kind == "pattern"
        ]
        self._pieces = Pieces(
            {en: told for (kind, en), told in table.items() if kind == "formula"}, SLOT
        )
        self.choices: set[str] = set()
        """What inputs let one choose from: the same in every language."""
        self.sheets: set[str] = set()
        """The names of the sheets, which may stand in a place of a pattern as they are."""
        self.used: set[tuple[str, str]] = set()
        self.missing: dict[Missing, None] = {}

    def text(self, text: str) -> str:
        """A text of a cell in the other language, or as it is where the table lacks it."""
        whole = self._whole(text)
        if whole is not None or self._needs_none(text):
            return text if whole is None else whole
        sentences = [self._sentence(part) for part in _SENTENCES.split(text)]
        return text if None in sentences else "".join(filter(None, sentences))

    def sentence(self, text: str) -> str:
        """What a formula of ours computed in English, in the other language."""
        whole = self._whole(text)
        return self._pieces.told(text) or text if whole is None else whole

    def formula(self, formula: str) -> str:
        """A formula with the texts that it shows in the other language."""
        words = list(tokens(formula))
        places = shown.places(words)
        if any(_LETTERS.search(inside(words[i])) for i in places):
            places = [i for i in places if inside(words[i]) not in KEPT]
            parts = self._parts([inside(words[i]) for i in places])
            for i, part in zip(places, parts, strict=True):
                words[i] = literal(part)
        for i, word in enumerate(words):
            if word.kind == "text" and i not in places and inside(word) not in self.choices:
                words[i] = literal(self._row("text", inside(word)) or inside(word))
        return "".join(word.text for word in words)

    def _parts(self, texts: Sequence[str]) -> Sequence[str]:
        """The texts of one formula, by their common row or else each by its own."""
        key = SLOT.join(texts)
        if len(texts) > 1 and (told := self._row("formula", key)) is not None:
            return told.split(SLOT)
        own = [text if self._needs_none(text) else self._whole(text) for text in texts]
        if None in own:
            self.missing[Missing("formula" if len(texts) > 1 else "text", key)] = None
        return [text if told is None else told for text, told in zip(texts, own, strict=True)]

    def _sentence(self, text: str) -> str | None:
        told = text if self._needs_none(text) else self._whole(text)
        if told is None:
            self.missing[Missing("text", text)] = None
        return told

    def _whole(self, text: str) -> str | None:
        """A text by its own row, or by a pattern whose places all have a word."""
        told = self._row("text", text)
        if told is not None:
            return told
        for pattern, en, words in self._patterns:
            found = pattern.fullmatch(text)
            places = [self._place(part) for part in found.groups()] if found else [None]
            if None not in places:
                self.used.add(("pattern", en))
                return _filled(words, places)
        return None

    def _place(self, text: str) -> str | None:
        if text in self.sheets or self._needs_none(text) or _NUMBER.fullmatch(text):
            return text
        return self._whole(text)

    def _row(self, kind: str, text: str) -> str | None:
        told = self._table.get((kind, text))
        if told is not None:
            self.used.add((kind, text))
        return told

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The rows of the table, by kind and English text."""
        return list(self._table)

    def form(self, code: str) -> str:
        """A number format with the words in it in the other language."""
        return _QUOTED.sub(lambda found: f'"{self.text(found[1])}"', code)

    def _needs_none(self, text: str) -> bool:
        kept = text in KEPT or set(text.split(", ")) <= self.choices
        return kept or not _LETTERS.search(text) or bool(_NAME.fullmatch(text))


def _filled(words: str, places: Sequence[str | None]) -> str:
    """
    >>> _filled("{} 至 {}", ["0", "1"])
    '0 至 1'
    """
    first, *rest = words.split(SLOT)
    return first + "".join(f"{place}{part}" for place, part in zip(places, rest, strict=True))


@cache
def _table(language: str) -> Mapping[tuple[str, str], str]:
    path = Path(__file__).with_name(f"words_{language}.csv")
    return {(row["kind"], row["en"]): row[language] for row in rows(path)}


def words(language: str) -> Words:
    """The words of a language, none of them used yet."""
    return Words({} if language == ENGLISH else _table(language))


@cache
def _backwards(language: str) -> Mapping[str, str]:
    """The English texts by those of a language; of two it is the one that sorts last, a unit."""
    return {told: text for (kind, text), told in _table(language).items() if kind == "text"}


def language_of(text: str) -> str:
    """The language of a text of ours, English where no table has it.

    >>> language_of("当前使用的函数"), language_of("Functions at work")
    ('zh', 'en')
    """
    others = (language for language in LANGUAGES if language != ENGLISH)
    return next((language for language in others if text in _backwards(language)), ENGLISH)


def english(text: str) -> str:
    """The English of a unit, whatever language a workbook says it in.

    >>> english("占比"), english("share"), english("m²")
    ('share', 'share', 'm²')
    """
    language = language_of(text)
    return text if language == ENGLISH else _backwards(language)[text]
