"""The report as one HTML page that needs nothing else: no script, no request, no other file."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from xlmodel.report import charts, provenance
from xlmodel.report.facts import NO_CHECKS, Check, Facts, Item, PriceRow, grouped
from xlmodel.report.language import LANGUAGES, language, noted, say
from xlmodel.report.numfmt import NBSP, show
from xlmodel.workbook.checks import FAILED, NOT_APPLICABLE, PASSED, UNKNOWN

if TYPE_CHECKING:
    from jinja2 import Template

_LONGEST = 600  # characters of one text on the page; the other files have it whole
_STATES = {
    PASSED: noted("All checks passed"),
    FAILED: noted("A check failed"),
    UNKNOWN: noted("A check was not evaluated"),
    NOT_APPLICABLE: noted("No check applies"),
    NO_CHECKS: noted("The workbook has no checks"),
}
_MARKS = {PASSED: ("good", "✓"), FAILED: ("bad", "✗"), UNKNOWN: ("bad", "?")}

_Row = TypeVar("_Row", Item, Check)
Groups = list[tuple[str, list[Item]]]


def render(facts: Facts) -> bytes:
    """The page."""
    style = Path(__file__).with_name("templates").joinpath("page.css").read_text(encoding="utf-8")
    drawn = charts.draw(facts)
    page = _template().render(
        facts=facts,
        say=say,
        part=_part,
        lang=LANGUAGES[language()],
        contents=_contents(facts, bool(drawn)),
        told=provenance.rows(facts.provenance),
        provenance=facts.provenance,
        figures=_columns(facts),
        drivers=_drivers([item for item in facts.inputs if item.shown]),
        blank=[item.label for item in facts.inputs if not item.shown],
        charts=drawn,
        style=style,
        checks=_halves(facts.checks),
        state=state_words(facts),
    )
    return page.encode()


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("xlmodel.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(cut=_cut, tied=_tied, kind=_kind, price=_price, dates=_dates)
    environment.filters["mark"] = lambda state: _MARKS.get(state, ("", "–"))
    return environment.get_template("page.html")


def state_words(facts: Facts) -> str:
    """The state of the checks in a few words."""
    state = facts.provenance.checks
    some = any(check.state == NOT_APPLICABLE for check in facts.checks)
    return say("All checks that apply passed" if state == PASSED and some else _STATES[state])


def _contents(facts: Facts, drawn: bool) -> list[tuple[str, str]]:
    """The sections of the page by their anchors."""
    sections = (
        ("answers", say("What moves the margin"), facts.answers),
        ("figures", say("Key figures"), True),
        ("drivers", say("Drivers"), facts.inputs),
        ("charts", say("Charts"), drawn),
        ("checks", say("Checks"), True),
        ("assumptions", say("Prices used, with their sources"), True),
        ("unsupported", say("What could not be evaluated"), True),
        ("provenance", say("Provenance"), True),
    )
    return [(key, title) for key, title, there in sections if there]


class _Loop(Protocol):
    """What Jinja tells of a loop."""

    index: int


def _part(title: str, loop: _Loop, halves: Sequence[object]) -> str:
    """The name of a table that is one of several."""
    if len(halves) < 2:
        return title
    return say("{title}, part {at} of {all}", title=title, at=loop.index, all=len(halves))


def _columns(facts: Facts) -> list[Groups]:
    """The figures in two columns: those that answer the question, and the others."""
    columns: list[Sequence[Item]] = list(filter(None, facts.figures))
    return [grouped(half) for half in (columns if len(columns) > 1 else _halves(facts.outputs))]


def _drivers(items: Sequence[Item]) -> list[Groups]:
    """The inputs in two columns; one that ends where a group does, if there are groups."""
    groups = grouped(items)
    if len(groups) < 2:
        return [grouped(half) for half in _halves(items)]
    lengths = [len(group) + 2 for _, group in groups]
    middle = min(range(1, len(groups)), key=lambda at: abs(2 * sum(lengths[:at]) - sum(lengths)))
    return [groups[:middle], groups[middle:]]


def _halves(items: Sequence[_Row]) -> list[Sequence[_Row]]:
    middle = (len(items) + 1) // 2
    return [half for half in (items[:middle], items[middle:]) if half]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _tied(sentence: str) -> str:
    """A sentence in which a percent sign stays with its number."""
    return sentence.replace(" %", f"{NBSP}%")


def _kind(item: Item) -> str:
    """How a value is set: numbers in a column, text as text, errors apart."""
    if item.number is not None:
        return "number"
    return "text" if isinstance(item.value, str) else "other"


def _price(row: PriceRow) -> str:
    return f"{show(row.price)} {row.unit}".strip()


def _dates(row: PriceRow) -> str:
    """Since when a price holds, its age relative to the as-of date, and its table."""
    ago = {0: say("the as-of date itself"), 1: say("1 day before the as-of date")}
    days = row.age_days
    age = (
        ""
        if days is None
        else ago.get(days) or say("{days} days before the as-of date", days=f"{days:,}")
    )
    since = say("Valid from {day}", day=row.valid_from)
    checked = say("checked {day}", day=row.checked) if row.checked else ""
    told = say("; ").join(filter(None, (say(", ").join(filter(None, (since, age))), checked)))
    return say("{dates}. Table {table}.", dates=told, table=row.table)
