"""The report on one A4 page, as a PDF for a board: headline, drivers, charts, checks, provenance.

Typst sets the page (its wheel holds all of it; fonts come with this package), since it writes a
PDF with tags, a language and alternative texts (PDF/UA-1), and the same bytes for the same words.
What is too long for a page is cut, and the page is set smaller until all of it is on one; what was
left out is in the other files of the pack.
"""

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from xlmodel.report import charts, provenance
from xlmodel.report.charts import Chart
from xlmodel.report.charts_price import chosen, swing_ends
from xlmodel.report.facts import Facts, Item, PriceRow, Unsupported
from xlmodel.report.language import LANGUAGES, language, say
from xlmodel.report.numfmt import show
from xlmodel.report.page import state_words
from xlmodel.workbook.checks import FAILED, MASTER, NOT_APPLICABLE, PASSED, UNKNOWN
from xlmodel.workbook.sensitivity import Swing

_HERE = Path(__file__).parent
_Row = tuple[str, str, str]  # label, value and unit, as shown
_TEXT, _LINE, _HEADLINE = 110, 170, 260  # characters
_LABEL, _VALUE, _UNIT = 52, 24, 34
_ROWS, _PRICES, _WRONG, _WARNINGS = 10, 4, 4, 3
_WANTED = ("stack", "curve", "heat", "tornado", "bridge", "day", "decay", "tradeoff")
_DENSE = ("bridge",)  # drawn for a narrow column: of half a page they would be too small
_CHARTS = 4
_SIZES = (
    (1.1, 1.0),
    (1.0, 1.0),
    (0.95, 0.92),
    (0.9, 0.84),
    (0.85, 0.74),
    (0.8, 0.64),
    (0.72, 0.52),
    (0.6, 0.4),
)
# The font has the marks of Chinese, as wide as its characters.
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_PATTERNS = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#ffffff"/>'
    '<rect width="2.2" height="6" fill="#9c3d1f"/></pattern>'
    '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#ffffff"/><circle cx="3" cy="3" r="1.5" fill="#7a5c12"/>'
    "</pattern></defs>"
)


def render(facts: Facts) -> bytes:
    """The page."""
    told = _told(facts)
    for scale, shrink in _SIZES:
        document = json.dumps({**told, "scale": scale, "shrink": shrink}, ensure_ascii=False)
        made = _compiled(document)
        if _pages(made) == 1:
            break
    return made


def _compiled(told: str) -> bytes:
    import typst

    source = _HERE / "templates" / "board.typ"
    options: dict[str, Any] = {
        "sys_inputs": {"told": told},
        "font_paths": [str(_HERE / "fonts")],
        "ignore_system_fonts": True,
    }
    try:
        return bytes(typst.compile(source.read_bytes(), pdf_standards=["ua-1"], **options))
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        # A letter that the fonts lack: shown as a box, which the standard does not allow.
        return bytes(typst.compile(source.read_bytes(), **options))


def _pages(pdf: bytes) -> int:
    return max(
        map(int, re.findall(rb"/Type/Pages.{0,200}?/Count (\d+)", pdf, re.DOTALL)), default=0
    )


def _told(facts: Facts) -> dict[str, Any]:
    """All words of the page."""
    about = facts.provenance
    setting = (
        (say("Scenario"), about.scenario),
        (say("As of"), about.as_of),
        (say("Currency"), about.currency),
        (say("State"), state_words(facts)),
    )
    return {
        "lang": LANGUAGES[language()].split("-")[0],
        "title": _cut(f"{about.workbook}: {facts.headline}", _HEADLINE),
        "author": f"xlmodel {about.version}",
        "date": {
            name: getattr(about.dated, name)
            for name in ("year", "month", "day", "hour", "minute", "second")
        },
        "kicker": _cut(say("Report on {workbook}", workbook=about.workbook), _TEXT),
        "headline": _cut(facts.headline, _HEADLINE),
        "setting": " · ".join(_named(name, value) for name, value in setting if value),
        "warned": say("Before you rely on this"),
        "warnings": _some(facts.warnings, _WARNINGS),
        "columns": [say("Name"), say("Value"), say("Unit")],
        "figures": {"title": say("Key figures"), "rows": _rows(map(_shown, _figures(facts)))},
        "drivers": {"title": say("Drivers"), "rows": _rows(_drivers(facts))},
        "charts": {"title": say("Charts"), "drawn": _charts(facts)},
        "checks": _checks(facts),
        "missing": {
            "title": say("What could not be evaluated"),
            "rows": _some(map(_missing, facts.unsupported), _WRONG),
        },
        "prices": {
            "title": say("Prices used, with their sources"),
            "rows": _some(map(_price, facts.prices), _PRICES) or [say("none")],
        },
        "provenance": {
            "title": say("Provenance"),
            "words": _provenance(facts),
        },
    }


def _figures(facts: Facts) -> Sequence[Item]:
    main, others = facts.figures
    return main or others


def _drivers(facts: Facts) -> Iterable[_Row]:
    """The inputs that move the margin most; else the first that are numbers."""
    by_key = {item.key: item for item in facts.inputs}
    found = [
        _moving(by_key[swing.name.casefold()], swing)
        for swing in chosen(facts.swings)
        if swing.name.casefold() in by_key
    ]
    return found or map(_shown, (item for item in facts.inputs if item.number is not None))


def _moving(item: Item, swing: Swing) -> _Row:
    """A driver's value; a blank one, which the workbook takes from elsewhere, by its ends."""
    if item.number is not None:
        return _shown(item)
    low, high = swing_ends(swing)
    return item.label, say("{low} to {high}", low=low, high=high), item.unit


def _shown(item: Item) -> _Row:
    return item.label, item.shown or say("(blank)"), item.unit


def _rows(rows: Iterable[_Row]) -> list[list[str]]:
    return [
        [_cut(label, _LABEL), _cut(value, _VALUE), _cut(unit, _UNIT)]
        for label, value, unit in islice(rows, _ROWS)
    ]


def _charts(facts: Facts) -> list[dict[str, str]]:
    drawn = {chart.key: chart for chart in charts.draw(facts)}
    wanted = [drawn[key] for key in _WANTED if key in drawn][:_CHARTS]
    return [
        {
            "title": _cut(chart.title, _TEXT),
            "about": _cut(f"{chart.title}. {chart.about}", 2000),
            "svg": _standing_alone(chart),
        }
        for chart in wanted
    ]


def _standing_alone(chart: Chart) -> str:
    """The picture with the style and patterns that the page has for all of them."""
    drawn = chart.narrow if chart.key in _DENSE else chart.wide
    opened = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    head, body = opened.split(">", 1)
    return f"{head}><style>{_style()}</style>{_PATTERNS}{body}"


@cache
def _style() -> str:
    return (_HERE / "templates" / "board.css").read_text(encoding="utf-8")


def _checks(facts: Facts) -> dict[str, Any]:
    wrong = [
        f"{check.label}: {say(check.state)}"
        for check in facts.checks
        if check.state in (FAILED, UNKNOWN)
    ]
    single = [check for check in facts.checks if check.name.casefold() != MASTER]
    states = [check.state for check in single if check.state != NOT_APPLICABLE]
    passed = states.count(PASSED)
    count = say("{passed} of {all} checks passed", passed=passed, all=len(states))
    return {
        "title": say("Checks"),
        "state": say("{state}. {count}.", state=state_words(facts), count=count)
        if facts.checks
        else state_words(facts),
        "wrong": _some(wrong, _WRONG),
    }


def _missing(cell: Unsupported) -> str:
    return say("{name}: {value}", name=cell.cell, value=cell.reason)


def _price(row: PriceRow) -> str:
    since = say("Valid from {day}", day=row.valid_from) if row.valid_from else ""
    source = say("Source: {source}", source=row.source or say("none given"))
    price = f"{row.what}: {show(row.price)} {row.unit}".strip()
    return say("; ").join(filter(None, (price, since, source)))


def _provenance(facts: Facts) -> str:
    """The rows of provenance but for the tables' fingerprints, which are in the other files."""
    rows = provenance.rows(facts.provenance)
    kept = rows[: len(rows) - len(facts.provenance.tables)]
    told = [_named(name, value) for name, value in kept[:_ROWS]]
    tables = len(facts.provenance.tables)
    more = say("{n} tables, their SHA-256 in manifest.json", n=tables) if tables else ""
    return " · ".join(filter(None, (*told, more)))


def _named(name: str, value: str) -> str:
    return say("{name}: {value}", name=name, value=_cut(value, _TEXT))


def _some(lines: Iterable[str], most: int) -> list[str]:
    """The first lines, and how many more there are."""
    told = [_cut(line, _LINE) for line in lines]
    more = len(told) - most
    return [*told[:most], say("{n} more in the other files", n=more)] if more > 0 else told


def _cut(text: str, longest: int) -> str:
    flat = " ".join(text.split())
    if language() == "en":
        flat = flat.translate(_QUOTES)
    return flat if len(flat) <= longest else f"{flat[: longest - 1]}…"
