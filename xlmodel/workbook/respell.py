"""A user's own workbook for another spreadsheet program: a copy whose calls that program reads.

The functions are the same everywhere; files spell their calls differently (``NODE_COST`` in Excel,
``XLMODEL.NODE_COST`` for LibreOffice, ``_xldudf_NODE_COST`` in xlwings Lite). Only formulas that
call them change, and the list of names; every other byte stays.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, zip_longest
from pathlib import Path

from xlmodel.hosts.native import has_twin
from xlmodel.hosts.syntax import tokens
from xlmodel.registry import functions
from xlmodel.units import Table
from xlmodel.workbook import blanks, formulas, lambdas, package
from xlmodel.workbook.files import writing
from xlmodel.workbook.package import Package
from xlmodel.workbook.patch import Written, beside, refuse_target, write_zip
from xlmodel.workbook.template.editions import DEFAULT, EDITIONS, Edition

_GAVE_WAY = "the workbook's LAMBDA names gave way to this version's functions, which differ"
_NUMBER = re.compile(r"[0-9]+(?![\w.(\[])")
"""The digits of a number, or of a row; never those in the name of a function or a table."""
_WHOLE_TABLE = re.compile(r"\[#All\]", re.IGNORECASE)


def copy(workbook: Path, edition: str, out: Path | None = None, force: bool = False) -> Written:
    """Write a copy for the host of an edition: "lambda", with the names in it, or "calc"."""
    target = out or beside(workbook, edition)
    refuse_target(target, workbook, force)
    source = package.read(workbook)
    spelling = Spelling(EDITIONS[edition])
    new = spelling.parts(source)
    old = source.text(source.main)
    new[source.main] = spelling.part(lambdas.without_names(old), source.name)
    notes = [f"{_GAVE_WAY}: {found}"] if (found := lambdas.others(old)) else []
    if edition == DEFAULT.name:
        new[source.main] = lambdas.with_names(source.name, new[source.main])
        notes += _absent(spelling.called)
    else:
        cells = blanks.filled(source)
        new[source.main] = blanks.with_areas(new[source.main], cells)
        notes += [*_totals(source, spelling.tables), *blanks.notes(source, cells)]
    with writing(target) as file:
        write_zip(source, new, file)
    return Written(target, notes)


class Spelling:
    """The calls of formulas as the files of an edition spell them, and what was met on the way."""

    def __init__(self, edition: Edition, names: Collection[str] | None = None) -> None:
        self._edition = edition
        self._names = functions().keys() if names is None else names
        self.called: set[str] = set()
        self.tables: set[str] = set()
        """The tables of which a call now gets less than the whole."""
        self._pieces: dict[str, list[str]] = {}
        """Formulas in the new spelling, cut at their numbers, by formula with 1 for each number."""

    def parts(self, source: Package) -> dict[str, bytes]:
        """The parts of a workbook that hold formulas, but for its own, in the new spelling."""
        found = (part for part in formulas.parts(source) if part != source.main)
        return {part: self.part(source.text(part), source.name) for part in found}

    def part(self, xml: bytes, where: str) -> bytes:
        return formulas.rewritten(xml, self.formula, where)

    def formula(self, formula: str) -> str:
        """
        >>> Spelling(EDITIONS["calc"]).formula("1+_xldudf_GPU_PRICE(T[#All],A1)+ROWS(T[#All])")
        '1+XLMODEL.GPU_PRICE(T[[#Headers],[#Data]],A1)+ROWS(T[#All])'
        """
        numbers = _NUMBER.findall(formula)  # all in which formulas that were filled down differ
        pattern = _NUMBER.sub("1", formula)
        if pattern not in self._pieces:
            self._pieces[pattern] = _NUMBER.split(self._respelled(pattern))
        pieces = self._pieces[pattern]
        if len(pieces) != len(numbers) + 1:  # one was in a prefix that goes, such as [1]!
            return self._respelled(formula)
        return "".join(chain(*zip_longest(pieces, numbers, fillvalue="")))

    def _respelled(self, formula: str) -> str:
        words = tokens(formula)
        texts = [word.text for word in words]
        for i, word in enumerate(words):
            if (name := formulas.ours(word)) in self._names:
                self.called.add(name)
                texts[i] = self._edition.spelled(name)
        if self._edition.table != DEFAULT.table and "[" in formula:
            for parameter, i in formulas.lone_arguments(words):
                if isinstance(parameter.kind, Table) and _WHOLE_TABLE.search(texts[i]):
                    self.tables.add(texts[i].partition("[")[0].lower())
                    whole = self._edition.table
                    among_others = texts[i].partition("[")[2].lstrip().startswith("[")
                    texts[i] = _WHOLE_TABLE.sub(whole[1:-1] if among_others else whole, texts[i])
        return "".join(texts)


def _absent(called: Collection[str]) -> Iterator[str]:
    """A sentence on calls of functions that no formula can express."""
    needing = [f.name for f in functions().values() if f.name in called and not has_twin(f)]
    if needing:
        yield (
            f"formulas call {', '.join(needing)}, which only Python can compute: Excel shows "
            "#NAME? there once it recalculates"
        )


def _totals(source: Package, tables: Collection[str]) -> Iterator[str]:
    """A sentence on the row of totals that LibreOffice's way to a whole table leaves out."""
    found: Iterable[str] = (
        table.name for table in source.tables if table.totals_rows and table.name.lower() in tables
    )
    if names := ", ".join(found):
        yield f"calls in the copy read {names} without its row of totals"
