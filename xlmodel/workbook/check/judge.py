"""A workbook against all rules: findings, grouped, and what could not be judged."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from xlmodel.workbook.check.book import Book, Progress
from xlmodel.workbook.check.places import Place, merged
from xlmodel.workbook.check.rule import Finding, Rule, Seen, Severity, Skip
from xlmodel.workbook.check.standard import RULES


@dataclass
class Verdict:
    """What the standard says about a workbook."""

    path: Path
    sheets: int
    cells: int
    findings: list[Finding] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    """The reason by the id of a rule that could not judge this workbook."""

    def at_least(self, severity: Severity) -> list[Finding]:
        return [finding for finding in self.findings if finding.rule.severity >= severity]


def check(path: str | Path, progress: Progress | None = None) -> Verdict:
    """Judge a workbook file."""
    return judge(Book.open(path, progress))


def judge(book: Book, rules: Iterable[Rule] = RULES.values()) -> Verdict:
    """Judge a workbook that has been read; errors first, and the sheets in their order."""
    verdict = Verdict(book.package.path, len(book.sheets), book.cell_count)
    for one in rules:
        try:
            verdict.findings += grouped(one, list(one.judge(book)))
        except Skip as reason:
            verdict.skipped[one.id] = str(reason)
    order = list(RULES)
    verdict.findings.sort(key=lambda f: (-f.rule.severity, order.index(f.rule.id)))
    return verdict


def grouped(one: Rule, seen: list[Seen]) -> list[Finding]:
    """What was seen, with adjoining cells of which the same is to be said made one finding."""
    found: list[Finding] = []
    cells: dict[tuple[str, str], list[tuple[Place, Seen]]] = {}
    for item in seen:
        if item.place is None:
            found.append(Finding(one, item.sheet, "", item.what, item.seen, 1))
        else:
            key = item.sheet, item.same or item.seen
            cells.setdefault(key, []).append((item.place, item))
    for (sheet, _), items in cells.items():
        first = {place[:2]: item for place, item in reversed(items)}
        for place in merged(place for place, _ in items):
            item = first.get(place[:2], items[0][1])
            found.append(Finding(one, sheet, str(place), item.what, item.seen, place.cells))
    return found
