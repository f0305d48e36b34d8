"""A workbook as the rules see it: read once, by stream, never written, nothing in it run.

Which cells are inputs, calculations or outputs is found by the means that models in general use:
Excel's own cell styles (in any language) or styles named like them, cells unlocked on a protected
sheet, and names of sheets. Where a workbook shows none of these, the rules on inputs say so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

from xlmodel.hosts.engine import Table
from xlmodel.workbook import package as files
from xlmodel.workbook.check import drawings, stream
from xlmodel.workbook.check.drawings import Chart, Drawn
from xlmodel.workbook.check.places import Place
from xlmodel.workbook.check.runs import Cells, Run
from xlmodel.workbook.check.styles import CALCULATION, CHECK, INPUT, OUTPUT, Style, styles_of
from xlmodel.workbook.check.texts import shared_texts
from xlmodel.workbook.names import Names
from xlmodel.workbook.package import Package, children, local
from xlmodel.workbook.untrusted import WorkbookError, reference

Progress = Callable[[int, int], None]
"""Told the bytes read so far and all that there are."""

_KINDS = {
    "about": r"about|cover|read ?me|contents|welcome|introduction|overview|start",
    "inputs": r"inputs?|assumptions?|drivers?|parameters?|input data",
    "calculations": r"calculations?|calcs?|workings?|model|engine|computations?",
    "outputs": r"outputs?|results?|summary|dashboard|reports?|charts?",
    "checks": r"checks?|controls?|tests?|integrity|validation",
    "log": r"log|change ?log|changes|versions?|history|revisions?",
}
_ORDER = list(_KINDS)


@dataclass(frozen=True)
class Validation:
    """A data validation and the cells that it is on."""

    places: tuple[Place, ...]
    kind: str
    prompt: str
    message: str
    refuses: bool
    formulas: tuple[str, ...]


class SheetFacts:
    """One worksheet: its cells as runs, and what the rest of its XML says."""

    def __init__(self, book: "Book", name: str, part: str, cells: Cells, rest: bytes) -> None:
        self.book = book
        self.name = name
        self.part = part
        self.cells = cells
        try:
            self.root = ElementTree.fromstring(rest)  # noqa: S314 (refused document types before)
        except (ElementTree.ParseError, ValueError, LookupError):
            raise WorkbookError(
                f"{book.package.name} is damaged: {part} is not well-formed XML"
            ) from None

    @property
    def runs(self) -> list[Run]:
        return self.cells.runs

    @cached_property
    def kind(self) -> str:
        """What the sheet's name says that it is for; "" when it says nothing known."""
        plain = re.sub(r"[\W_]+", " ", self.name).strip().lower()
        for kind, words in _KINDS.items():
            if re.fullmatch(rf"(?:\d+ )?(?:the )?(?:{words})(?: (?:sheet|page|\d+))?", plain):
                return kind
        return ""

    @property
    def filled(self) -> list[Run]:
        return [run for run in self.runs if run.formula or run.kind != "blank"]

    @property
    def formulas(self) -> list[Run]:
        return [run for run in self.runs if run.formula]

    @cached_property
    def used(self) -> Place | None:
        """From the first to the last cell that holds something."""
        found = self.filled
        if not found:
            return None
        return Place(
            min(run.top for run in found),
            min(run.left for run in found),
            max(run.bottom for run in found),
            max(run.right for run in found),
        )

    def element(self, *path: str) -> ElementTree.Element | None:
        return next(iter(children(self.root, *path)), None)

    @cached_property
    def protection(self) -> dict[str, str]:
        """The attributes of the protection, {} where the sheet is not protected."""
        found = self.element("sheetProtection")
        is_on = found is not None and found.get("sheet") in {"1", "true"}
        return dict(found.attrib) if found is not None and is_on else {}

    @cached_property
    def merged(self) -> list[Place]:
        return [
            place
            for e in children(self.root, "mergeCells", "mergeCell")
            for place in self._places(e.get("ref", ""))
        ]

    @cached_property
    def hidden_columns(self) -> list[tuple[int, int]]:
        return [
            (int(e.get("min", "0")), int(e.get("max", "0")))
            for e in children(self.root, "cols", "col")
            if e.get("hidden") in {"1", "true"}
            and e.get("min", "").isdigit()
            and e.get("max", "").isdigit()
        ]

    @cached_property
    def validations(self) -> list[Validation]:
        """Also those of newer programs, which stand in the sheet's extensions."""
        return [self._validation(e) for e in self.root.iter() if local(e.tag) == "dataValidation"]

    def _validation(self, element: ElementTree.Element) -> Validation:
        texts = {local(child.tag): "".join(child.itertext()) for child in element}
        shown = element.get("showInputMessage") in {"1", "true"}
        refuses = element.get("showErrorMessage") in {"1", "true"}
        return Validation(
            tuple(self._places(element.get("sqref") or texts.get("sqref", ""))),
            element.get("type", "none"),
            element.get("prompt", "") if shown else "",
            element.get("error", "") if refuses else "",
            refuses and element.get("type", "none") != "none",
            tuple(texts[name] for name in ("formula1", "formula2") if name in texts),
        )

    def _places(self, text: str) -> Iterator[Place]:
        for one in text.split():
            yield Place(*reference(one, self.book.package.name)[1:5])

    @cached_property
    def drawn(self) -> list[Drawn]:
        return list(drawings.drawn(self.book.package, self.part))

    @cached_property
    def charts(self) -> list[tuple[Drawn, Chart]]:
        found = [(one, drawings.chart(self.book.package, one.chart)) for one in self.drawn]
        return [(one, chart) for one, chart in found if chart is not None]

    def style(self, run: Run) -> Style:
        return self.book.styles[run.style] if run.style < len(self.book.styles) else Style()

    def is_input(self, run: Run) -> bool:
        """Whether these cells are to be typed into."""
        if self.kind in {"about", "log"}:  # a legend shows the style, and is no input
            return False
        style = self.style(run)
        if style.role:
            return style.role == INPUT
        if self.protection and not style.locked:
            return True
        return self.kind == "inputs" and run.formula is None and run.kind == "number"

    def is_calculation(self, run: Run) -> bool:
        """Whether these cells are to be computed: they say so, or the sheet does."""
        style = self.style(run)
        if style.role:
            return style.role in {CALCULATION, OUTPUT, CHECK}
        return self.kind in {"calculations", "outputs"} and not self.is_input(run)

    def label_left(self, row: int, column: int) -> str:
        """The nearest text left of a cell."""
        found = (self.cells.labels.get((row, c), "") for c in range(column - 1, 0, -1))
        return next((text for text in found if text.strip()), "")


class Book:
    """A workbook and all that the rules ask of it."""

    def __init__(self, package: Package, progress: Progress | None = None) -> None:
        self.package = package
        self.styles = styles_of(package)
        self.names = Names(package)
        texts = shared_texts(package.shared_strings)
        total = sum(package.parts.size(sheet.part) for sheet in package.sheets) or 1
        done = 0

        def tick(count: int) -> None:
            nonlocal done
            done += count
            if progress:
                progress(min(done, total), total)

        self.sheets: list[SheetFacts] = []
        for sheet in package.sheets:
            cells, rest = stream.read(package, sheet.name, sheet.part, texts, tick)
            self.sheets.append(SheetFacts(self, sheet.name, sheet.part, cells, rest))

    @classmethod
    def open(cls, path: str | Path, progress: Progress | None = None) -> "Book":
        return cls(files.read(path), progress)

    @property
    def tables(self) -> list[Table]:
        return self.package.tables

    @cached_property
    def calculation(self) -> dict[str, str]:
        """How the workbook says that it is to be calculated."""
        found = next(iter(children(self.package.workbook, "calcPr")), None)
        return dict(found.attrib) if found is not None else {}

    @cached_property
    def states(self) -> dict[str, str]:
        """Whether each sheet is visible, hidden or veryHidden."""
        return {
            e.get("name", ""): e.get("state", "visible")
            for e in children(self.package.workbook, "sheets", "sheet")
        }

    @cached_property
    def cell_count(self) -> int:
        return sum(sheet.cells.count for sheet in self.sheets)

    def formulas(self) -> Iterator[tuple[SheetFacts, Run]]:
        for sheet in self.sheets:
            for run in sheet.formulas:
                yield sheet, run

    @cached_property
    def inputs(self) -> list[tuple[SheetFacts, Run]]:
        return [(sheet, run) for sheet in self.sheets for run in sheet.runs if sheet.is_input(run)]

    def order(self, sheet: SheetFacts) -> int:
        """Where a sheet stands in the usual order, -1 where its name doesn't say."""
        return _ORDER.index(sheet.kind) if sheet.kind else -1
