"""What the table of words of the workbook lacks, and what it has for nothing, as CSV.

``python -m tests.words`` prints a row for each text of the workbook without a Chinese one
(``missing``) and for each row of ``xlmodel/workbook/words_zh.csv`` that no text uses any more
(``stale``); exit status 1 if there is any. Fill the last column of the missing rows, and
``python -m tests.words FILE`` takes them into the table and the stale rows out of it.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import xlmodel.workbook
from xlmodel.workbook import freeze, template
from xlmodel.workbook.language import rows
from xlmodel.workbook.template import look, writer
from xlmodel.workbook.template.editions import EDITIONS
from xlmodel.workbook.template.translated import translated
from xlmodel.workbook.words import Words, words

LANGUAGE = "zh"
TABLE = Path(xlmodel.workbook.__file__).with_name(f"words_{LANGUAGE}.csv")
KINDS = ("pattern", "text", "formula")


def used(language: str = LANGUAGE) -> Words:
    """The words after all editions were put into the language."""
    told = words(language)
    for edition in EDITIONS.values():
        translated(template.workbook(edition), told)
    names = (page.sheet.name for page in template.workbook().pages)  # topics of a report
    for text in (*writer.TEXTS, freeze.FROZEN, *names):
        told.text(text)
    for code in look.NUMBER_FORMATS.values():
        told.form(code)
    return told


def faults(told: Words) -> Iterator[tuple[str, str, str]]:
    """State, kind and English text of what is missing or stale."""
    yield from (("missing", kind, text) for kind, text in told.missing)
    yield from (("stale", kind, text) for kind, text in told.rows if (kind, text) not in told.used)


def taken_in(file: Path) -> None:
    """Write the table anew, with the filled rows of a file and without the stale ones."""
    table = {(row["kind"], row["en"]): row[LANGUAGE] for row in rows(TABLE)}
    for row in rows(file):
        key = row["kind"], row["en"]
        if row["state"] == "stale":
            table.pop(key, None)
        elif row[LANGUAGE]:
            table[key] = row[LANGUAGE]
    in_order = sorted(table, key=lambda key: (KINDS.index(key[0]), key[1].casefold(), key[1]))
    with TABLE.open("w", encoding="utf-8", newline="") as target:
        told = csv.writer(target, lineterminator="\n")
        told.writerows([("kind", "en", LANGUAGE), *((*key, table[key]) for key in in_order)])


def main(files: list[str]) -> int:
    if files:
        taken_in(Path(files[0]))
        return 0
    found = list(faults(used()))
    told = csv.writer(sys.stdout, lineterminator="\n")
    told.writerows([("state", "kind", "en", LANGUAGE), *((*row, "") for row in found)])
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
