"""What ``xlmodel check`` prints: lines with a style for a terminal, and data for programs."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from xlmodel.workbook.check.judge import Verdict
from xlmodel.workbook.check.rule import Finding, Rule, Severity

Line = tuple[str, str]
"""A text and the style that a terminal gives it."""

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}
_MOST_SHOWN = 8


def lines(verdict: Verdict) -> Iterator[Line]:
    """The findings rule by rule, the worst first, then what could not be judged, then a count."""
    for _, found in groupby(verdict.findings, key=lambda finding: finding.rule.id):
        yield from _of_rule(list(found))
    reasons: dict[str, list[str]] = {}
    for number, reason in verdict.skipped.items():
        reasons.setdefault(reason, []).append(number)
    for reason, numbers in reasons.items():
        yield f"not judged: {', '.join(numbers)}: {reason}", "dim"
    yield summary(verdict), "bold"


def _of_rule(found: list[Finding]) -> Iterator[Line]:
    rule = found[0].rule
    yield f"{rule.severity.word} {rule.id}: {rule.what}", _STYLES[rule.severity]
    for finding in found[:_MOST_SHOWN]:
        yield f"  {plain(finding.where)}: {plain(finding.seen)}", ""
    if len(found) > _MOST_SHOWN:
        yield f"  and {len(found) - _MOST_SHOWN:,} more; --json lists all", ""
    yield f"  to mend: {rule.mend}", "dim"


def summary(verdict: Verdict) -> str:
    """How much was looked at and found."""
    counts = [
        _number(sum(f.rule.severity == severity for f in verdict.findings), severity.word)
        for severity in sorted(Severity, reverse=True)
    ]
    looked = f"{_number(verdict.sheets, 'sheet')}, {_number(verdict.cells, 'cell')}"
    return f"{plain(str(verdict.path))}: {', '.join(counts)} ({looked})"


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def plain(text: str) -> str:
    """A text of the workbook without characters that a terminal would obey."""
    return "".join(c if c.isprintable() else "�" for c in " ".join(text.split()))


def as_data(verdict: Verdict, severity: Severity) -> dict[str, Any]:
    """The verdict for programs."""
    return {
        "workbook": verdict.path.name,
        "sheets": verdict.sheets,
        "cells": verdict.cells,
        "severity": severity.word,
        "passed": not verdict.at_least(severity),
        "findings": [
            {
                "rule": finding.rule.id,
                "severity": finding.rule.severity.word,
                "sheet": finding.sheet,
                "cells": finding.cells,
                "what": finding.what,
                "count": finding.number,
                "seen": finding.seen,
                "mend": finding.rule.mend,
            }
            for finding in verdict.findings
        ],
        "not_judged": [{"rule": k, "reason": v} for k, v in verdict.skipped.items()],
    }


def rule_lines(rules: list[Rule]) -> Iterator[Line]:
    """The rules, each with its reasons."""
    for group, found in groupby(rules, key=lambda rule: rule.group):
        yield group, "bold"
        for rule in found:
            yield f"  {rule.severity.word} {rule.id}: {rule.what}", _STYLES[rule.severity]
            yield f"      why: {rule.why}", ""
            yield f"      to mend: {rule.mend}", ""
            yield f"      source: {rule.source}", "dim"


def rule_data(rules: list[Rule]) -> list[dict[str, str]]:
    return [
        {
            "id": rule.id,
            "group": rule.group,
            "severity": rule.severity.word,
            "what": rule.what,
            "why": rule.why,
            "source": rule.source,
            "mend": rule.mend,
        }
        for rule in rules
    ]
