"""Show a number as its cell shows it: Excel's number formats, as far as reports need them.

``#,##0.00``, ``0.0%``, ``[>=1000000]#,##0.00,,"M";#,##0``, ``0.00;(0.00)``, ``0.0E+00``,
``yyyy-mm-dd`` and their like are followed; anything else (fractions, elapsed hours) is shown
plainly. Rounding is half away from zero on the decimal digits, as spreadsheets do.
"""

import datetime
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import NamedTuple

from xlmodel.registry import CellError
from xlmodel.report.values import Value, day

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
GENERAL = "General"

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<pad>_.)|(?P<fill>\*.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<digits>[#0?][#0?,]*(?:\.[#0?]*)?,*|\.[#0?]+)|(?P<exponent>[eE][+-]0+)|(?P<percent>%)"
    r"|(?P<date>[ymdhsYMDHS]+)|(?P<plain>[-+$€£¥ ()/:!^&'~{}<>=.,×–—@])"
)
_PART = re.compile(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])*)(?:;|$)')
_COLOR = re.compile(r"(?i)black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2}")
_CURRENCY = re.compile(r"\$(?P<sign>[^-\[\]]*)(?:-[0-9A-Fa-f]+)?")
_CONDITION = re.compile(r"(?P<sign>[<>]=?|=|<>)(?P<limit>-?\d+(?:\.\d+)?)")
_TESTS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
    "<>": operator.ne,
}
_KINDS = {"quoted": "text", "escaped": "text", "plain": "text", "pad": "space", "fill": "space"}
_PLAIN_DIGITS = 6
_LARGE, _SMALL = 1e15, 1e-4
_WIDE = Context(prec=400)  # holds every float, to the last decimal shown


class Section(NamedTuple):
    """One part of a format; usually for positive, for negative, or for zero numbers."""

    prefix: str = ""
    suffix: str = ""
    whole: int = 1  # digits before the point at least
    decimals: int = 0
    optional: int = 0  # of the decimals, how many are dropped when zero
    grouped: bool = False
    power: int = 0  # the number is shown times ten to this: 2 for percent, -3 for each comma
    exponent: bool = False
    date: bool = False
    digits: bool = False
    condition: tuple[str, float] | None = None


def show(value: Value, number_format: str = GENERAL) -> str:
    """A cell's value as text for people.

    >>> show(0.160654, "0.0%"), show(-1234.5, "#,##0.00"), show(285_120_000, '#,##0.0,,"M"')
    ('16.1\\xa0%', '−1,234.50', '285.1M')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.kind
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    sections = _sections(number_format)
    section = _chosen(value, sections) if sections else None
    return _render(value, section) if section else plain(value)


def safe(number_format: str) -> str:
    """The format if it is one that we understand, else General.

    A malformed format makes a spreadsheet call the whole file damaged, so none is passed on
    unread.
    """
    return number_format if _sections(number_format) else GENERAL


def fitting(value: float, number_format: str) -> str:
    """The format that makes a spreadsheet show a number as we do.

    The cell's own where we understand it; else, where a spreadsheet would show every digit of
    8.50559999999996, one with the decimals that ``plain`` has.

    >>> fitting(0.5, "0.0%"), fitting(8.50559999999996, "General"), fitting(12.0, "General")
    ('0.0%', '#,##0.0000', '#,##0')
    """
    if _sections(number_format):
        return number_format
    _, point, decimals = plain(value).partition(".")
    if "E" in decimals:
        return "0.00000E+00"
    return f"#,##0{point}{'0' * len(decimals)}"


def plain(value: float) -> str:
    """A number without a format: grouped, six significant digits, exact when whole.

    >>> plain(285120000), plain(2.350168350168), plain(-1e20)
    ('285,120,000', '2.35017', '−1.00000E+20')
    """
    size = abs(value)
    if size >= _LARGE or 0 < size < _SMALL:
        return _signed(f"{value:.5E}")
    if value == int(value):
        return _signed(f"{int(value):,}")
    decimals = max(0, _PLAIN_DIGITS - len(str(int(size))))
    return _signed(_trimmed(fixed(value, decimals), decimals))


def fixed(value: float, decimals: int, grouped: bool = True) -> str:
    """A number with so many decimals, rounded half away from zero; the sign is a hyphen.

    >>> fixed(0.125, 2), fixed(-1234.5, 0), fixed(-0.001, 2)
    ('0.13', '-1,235', '0.00')
    """
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)
    rounded = abs(rounded) if rounded == 0 else rounded
    return f"{rounded:,f}" if grouped else f"{rounded:f}"


def percent(share: float, decimals: int = 1) -> str:
    """A share in percent, with a plain space.

    >>> percent(0.839346), percent(1), percent(-1e16)
    ('83.9 %', '100 %', '−1.00000E+18 %')
    """
    scaled = _scaled(share, 2)
    if abs(scaled) >= _LARGE:
        return f"{plain(scaled)} %"
    return f"{_signed(_trimmed(fixed(scaled, decimals), decimals))} %"


def _scaled(value: float, power: int) -> float:
    return float(Decimal(repr(float(value))).scaleb(power, _WIDE))


def _chosen(value: float, sections: tuple[Section, ...]) -> Section | None:
    """The section for a number; a section for negative numbers states their sign itself."""
    if any(section.condition for section in sections):
        return next((section for section in sections if _holds(section, value)), None)
    if value < 0 and len(sections) > 1:
        return sections[1]._replace(condition=("<", 0.0))
    if value == 0 and len(sections) > 2:
        return sections[2]
    return sections[0]


def _holds(section: Section, value: float) -> bool:
    if section.condition is None:
        return True
    sign, limit = section.condition
    return _TESTS[sign](value, limit)


def _render(value: float, section: Section) -> str:
    if section.date:
        shown = day(value)
        return f"{section.prefix}{shown.isoformat()}{section.suffix}" if shown else plain(value)
    if not section.digits:
        return section.prefix
    size = abs(value) if section.condition == ("<", 0.0) else value
    digits = _digits(_scaled(size, section.power), section)
    sign = "-" if digits.startswith("-") else ""
    return _signed(f"{sign}{section.prefix}{digits.removeprefix('-')}{section.suffix}")


def _digits(scaled: float, section: Section) -> str:
    if section.exponent:
        return f"{scaled:.{section.decimals}E}"
    if abs(scaled) >= 1e21:
        return f"{scaled:.5E}"
    digits = _trimmed(fixed(scaled, section.decimals, section.grouped), section.optional)
    sign = "-" if digits.startswith("-") else ""
    whole, point, rest = digits.removeprefix("-").partition(".")
    whole = "" if section.whole == 0 and whole == "0" else whole.zfill(section.whole)
    return f"{sign}{whole}{point}{rest}"


def _signed(text: str) -> str:
    return MINUS + text[1:] if text.startswith("-") else text


def _trimmed(digits: str, optional: int) -> str:
    """Without up to ``optional`` closing zeros after the point."""
    whole, point, rest = digits.partition(".")
    if not point:
        return digits
    kept = rest[: len(rest) - optional] if optional else rest
    rest = kept + rest[len(kept) :].rstrip("0")
    return f"{whole}.{rest}" if rest else whole


@cache
def _sections(number_format: str) -> tuple[Section, ...] | None:
    """The parsed sections; None for General and for whatever this module does not follow."""
    if number_format.strip().casefold() in ("", "general", "@") or len(number_format) > 255:
        return None
    parts = _PART.findall(number_format)
    if sum(map(len, parts)) + number_format.count(";") < len(number_format):
        return None  # an open quote or bracket
    parsed = [_section(part) for part in parts[:-1][:3]]
    known = tuple(section for section in parsed if section is not None)
    return known if len(known) == len(parsed) else None


def _section(part: str) -> Section | None:
    """One part of a format; None where a token of it is not followed."""
    tokens = list(_tokens(part))
    if any(kind == "unknown" for kind, _ in tokens):
        return None
    kinds = [kind for kind, _ in tokens]
    condition = next((_limit(text) for kind, text in tokens if kind == "condition"), None)
    if "date" in kinds:
        first, last = kinds.index("date"), len(kinds) - 1 - kinds[::-1].index("date")
        # What stands between year, month and day is dropped: days are shown as ISO dates.
        before, after = _texts(tokens[:first]), _texts(tokens[last + 1 :])
        return None if "digits" in kinds else Section(before, after, date=True, condition=condition)
    if kinds.count("digits") > 1:
        return None  # a fraction, or digits split by text
    at = kinds.index("digits") if "digits" in kinds else len(kinds)
    power = 2 * kinds.count("percent")
    core = tokens[at][1] if at < len(kinds) else ""
    section = _numeric(core, _texts(tokens[:at]), _texts(tokens[at:]), power)
    return section._replace(exponent="exponent" in kinds, condition=condition)


def _tokens(part: str) -> Iterator[tuple[str, str]]:
    """The tokens by kind: text, digits, exponent, percent, date, condition or unknown."""
    position = 0
    while position < len(part):
        match = _TOKEN.match(part, position)
        if match is None or match.lastgroup is None:
            yield "unknown", part[position:]
            return
        position = match.end()
        kind, text = match.lastgroup, match.group(match.lastgroup)
        yield _bracket(text) if kind == "bracket" else (_KINDS.get(kind, kind), text)


def _bracket(text: str) -> tuple[str, str]:
    """A colour is dropped, a currency is text, a limit is a condition."""
    if _COLOR.fullmatch(text):
        return "text", ""
    if _CONDITION.fullmatch(text):
        return "condition", text
    currency = _CURRENCY.fullmatch(text)
    return ("text", currency["sign"]) if currency else ("unknown", text)


def _limit(text: str) -> tuple[str, float]:
    match = _CONDITION.fullmatch(text)
    assert match is not None
    return match["sign"], float(match["limit"])


def _texts(tokens: Iterable[tuple[str, str]]) -> str:
    shown = {"percent": f"{NBSP}%"}
    return "".join(shown.get(kind, text) for kind, text in tokens if kind in ("text", "percent"))


def _numeric(core: str, before: str, after: str, power: int) -> Section:
    if not core:
        return Section(prefix=before + after, power=power)
    body = core.rstrip(",")
    whole, _, decimals = body.partition(".")
    return Section(
        before,
        after,
        whole=whole.count("0"),
        decimals=len(decimals),
        optional=len(decimals) - len(decimals.rstrip("#")),
        grouped="," in whole,
        power=power - 3 * (len(core) - len(body)),
        digits=True,
    )
