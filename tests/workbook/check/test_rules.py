"""Every rule finds what breaks it, where it is, and finds nothing in a workbook that keeps it."""

from pathlib import Path

import pytest

from tests.workbook.check import exemplary
from tests.workbook.check.breaks import BREAKS, Break
from xlmodel.workbook import template
from xlmodel.workbook.check.judge import Verdict, check
from xlmodel.workbook.check.rule import Severity
from xlmodel.workbook.check.standard import DEPARTURES, RULES, document

WORKBOOKS = Path(__file__).parents[3] / "workbooks"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    path = tmp_path_factory.mktemp("kept") / "kept.xlsx"
    return check(exemplary.write(path, exemplary.parts()))


def test_every_rule_has_a_workbook_that_breaks_it() -> None:
    assert BREAKS.keys() == RULES.keys()


@pytest.mark.parametrize("number", RULES)
def test_the_exemplary_workbook_keeps_the_rule(number: str, kept: Verdict) -> None:
    assert [f.seen for f in kept.findings if f.rule.id == number] == []
    assert number not in kept.skipped, "the rule must have judged it"


@pytest.mark.parametrize(("number", "broken"), BREAKS.items(), ids=BREAKS)
def test_the_rule_finds_what_breaks_it(number: str, broken: Break, tmp_path: Path) -> None:
    parts = exemplary.parts()
    broken.change(parts)
    verdict = check(exemplary.write(tmp_path / "broken.xlsx", parts))
    found = [finding for finding in verdict.findings if finding.rule.id == number]
    assert [finding.where for finding in found] == [broken.where]
    assert found[0].seen


@pytest.mark.parametrize("number", RULES)
def test_a_rule_says_what_why_whence_and_how_to_mend(number: str) -> None:
    rule = RULES[number]
    for text in (rule.what, rule.why, rule.source, rule.mend):
        assert text.strip() == text != ""
        assert "|" not in text, "it would break the table"
        assert not text.endswith(".")


def test_the_page_on_the_standard_is_current() -> None:
    page = WORKBOOKS.parent / "xlmodel" / "standard.md"
    assert page.read_text(encoding="utf-8") == document(), "run `xlmodel build` and commit"


def test_progress_runs_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    check(exemplary.write(tmp_path / "x.xlsx", exemplary.parts()), lambda *at: told.append(at))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > 0


# Our editions


def test_our_editions_depart_where_the_standard_says_so_and_nowhere_else() -> None:
    departed: set[str] = set()
    for path in sorted(WORKBOOKS.glob("*.xls?")):
        verdict = check(path)
        assert verdict.at_least(Severity.WARNING) == [], path.name
        assert verdict.skipped == {}, path.name
        departed |= {finding.rule.id for finding in verdict.findings}
    assert departed == DEPARTURES.keys()


def test_all_sheets_of_the_template_are_read() -> None:
    names = [page.sheet.name for page in template.workbook().pages]
    assert check(WORKBOOKS / "node_margin.xlsx").sheets == len(names)
