"""Which line a charge is of: said by the user, never guessed.

A rule names a column of the file, a value in it, and the line: ``SkuId:P5-HOUR=Llama-3.1-70B*8``
takes each hour of that SKU for 8 GPU-hours of the line. A tag is a column ``Tags.KEY``. ``*=LINE``
takes every charge. Without a number of GPUs only charges in GPU-hours count as GPUs; others are
other cost. Rules may stand in a CSV file, too: ``column,value,line,gpus``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from xlmodel.registry import InputError
from xlmodel.workbook.csvrows import CsvError, Reader, Row
from xlmodel.workbook.delimited import folded, one_line

ANY: Final = "*"
TAGS: Final = "tags"
_HEADER = ("column", "value", "line")
_RULE = re.compile(r"(?s)(?P<column>[\w.\-/ ]+?):(?P<value>.+?)=(?P<line>[^=]+)")
_GPUS = re.compile(r"\*(\d+(?:\.\d+)?)$")
_MB = 1024**2
_LONGEST = 200
_MOST_GPUS = 100_000


class Target(NamedTuple):
    """The line of a charge, and how many GPUs an hour of it stands for, where that is said."""

    line: str
    gpus: float | None


class Mapped(NamedTuple):
    """Rules by column: for a value, folded, the target."""

    rules: Mapping[str, Mapping[str, Target]]

    @property
    def columns(self) -> list[str]:
        """The columns of the file that the rules look at, in lower case."""
        found = (TAGS if name.startswith(f"{TAGS}.") else name for name in self.rules)
        return [name for name in dict.fromkeys(found) if name != ANY]

    def target(self, cells: Mapping[str, str]) -> Target | None:
        """The first rule that fits the cells of these columns; None where none does."""
        tags: Mapping[str, str] | None = None
        for column, values in self.rules.items():
            if column == ANY:
                return values[ANY]
            if column.startswith(f"{TAGS}."):
                tags = tags_of(cells.get(TAGS, "")) if tags is None else tags
                value = tags.get(column.removeprefix(f"{TAGS}."), "")
            else:
                value = cells.get(column, "")
            if value and (found := values.get(folded(value))):
                return found
        return None


def mapped(words: Sequence[str]) -> Mapped:
    """The rules that are given on the command line, or in files."""
    rules: dict[str, dict[str, Target]] = {}
    for word in words:
        found = _of_file(Path(word)) if _is_file(word) else [_of_word(word)]
        for column, value, target in found:
            known = rules.setdefault(column, {})
            if known.get(value, target) != target:
                raise InputError(
                    f"--map takes {column}:{value} for {known[value].line} and for {target.line}"
                )
            known[value] = target
    ordered = sorted(rules, key=lambda column: column == ANY)  # what takes all comes last
    return Mapped({column: rules[column] for column in ordered})


def tags_of(text: str) -> dict[str, str]:
    """The tags of a charge by key, in lower case: FOCUS writes them as a JSON object."""
    if not text.strip().startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {str(key).strip().lower(): str(value) for key, value in found.items()}


def _is_file(word: str) -> bool:
    return "=" not in word or word.lower().endswith(".csv")


def _of_word(word: str) -> tuple[str, str, Target]:
    if word.startswith(f"{ANY}="):
        return ANY, ANY, _target(word.removeprefix(f"{ANY}="), word)
    found = _RULE.fullmatch(word)
    if found is None:
        raise InputError(
            f'--map is "{one_line(word)}", but must be COLUMN:VALUE=LINE, such as '
            '"ServiceName:GPU rental=Llama-3.1-70B", *=LINE for all, or a CSV file'
        )
    return found["column"].strip().lower(), folded(found["value"]), _target(found["line"], word)


def _target(text: str, word: str) -> Target:
    gpus = _GPUS.search(text.strip())
    line = one_line(text.strip()[: gpus.start()] if gpus else text)
    number = float(gpus[1]) if gpus else None
    if not line or len(line) > _LONGEST or (number is not None and not 0 < number <= _MOST_GPUS):
        raise InputError(f'--map "{one_line(word)}" must name a line, and GPUs above 0 after *')
    return Target(line, number)


def _of_file(path: Path) -> list[tuple[str, str, Target]]:
    reader = Reader(path, 10 * _MB, "rules")
    reader.refuse_twice()
    missing = [name for name in _HEADER if name not in reader.header]
    if missing:
        raise CsvError(
            f"{path} has no column {', '.join(missing)}; rules have the columns column, value, "
            "line, and gpus where an hour stands for several"
        )
    rules = [_of_row(reader.row(line, cells)) for line, cells in reader.rows()]
    if not rules:
        raise CsvError(f"{path} has headers, but no rule below them")
    return rules


def _of_row(row: Row) -> tuple[str, str, Target]:
    column = row.words("column", _LONGEST, "rule").lower()
    value = ANY if column == ANY else folded(row.words("value", _LONGEST, "rule"))
    gpus = None
    if row.cells.get("gpus", "").strip():
        gpus = row.number("gpus", lambda found: 0 < found <= _MOST_GPUS, "must be a number above 0")
    return column, value, Target(row.words("line", _LONGEST, "rule"), gpus)
