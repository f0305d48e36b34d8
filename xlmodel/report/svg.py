"""Small parts of inline SVG: elements, axis ticks, tick labels, wrapped text.

Pure functions from data to text. Everything that comes from a workbook passes through
``element``, which escapes it; colours and fonts are left to the page's style sheet by class.
"""

import math
import re
from collections.abc import Iterable
from html import escape

from xlmodel.report.numfmt import MINUS

_GLYPH = 0.56  # mean width of a character over the font size, for a usual sans-serif
# from which size on, divided by what, and the letter that says so
_SCALES = ((1e12, 1e12, "T"), (1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
_WIDE = re.compile("[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]")
# A no-break space keeps a number with its sign.
_PIECE = re.compile(
    f"[^\\S\xa0]*(?:{_WIDE.pattern}[，。；：、）]*|(?:(?!{_WIDE.pattern})[\\S\xa0])+[，。；：、）]*)"
)
_NOTHING = 1e-300
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def element(tag: str, *inside: str, **attributes: object) -> str:
    """An element; ``inside`` is markup, attributes are escaped; ``class_`` stands for class.

    >>> element("line", x1=1.25, class_="zero")
    '<line x1="1.25" class="zero"/>'
    """
    shown = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_attribute(value))}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{shown}>{''.join(inside)}</{tag}>" if inside else f"<{tag}{shown}/>"


def text(words: str, x: float, y: float, **attributes: object) -> str:
    """A line of text.

    >>> text("<b>", 1, 2)
    '<text x="1" y="2">&lt;b&gt;</text>'
    """
    return element("text", escape(words), x=x, y=y, **attributes)


def picture(
    key: str, width: float, height: float, title: str, about: str, parts: Iterable[str]
) -> str:
    """A whole picture, which a screen reader announces by its title and description."""
    return element(
        "svg",
        element("title", escape(title), id=f"{key}-title"),
        element("desc", escape(about), id=f"{key}-desc"),
        *parts,
        class_="chart",
        viewBox=f"0 0 {_attribute(width)} {_attribute(height)}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
    )


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers that cover a range, about as many as wanted.

    >>> ticks(-670.08, 128.26)
    [-800.0, -600.0, -400.0, -200.0, 0.0, 200.0]
    >>> ticks(3, 3)
    [2.0, 2.5, 3.0, 3.5, 4.0]
    """
    if high - low <= max(_NOTHING, max(abs(low), abs(high)) * 1e-9):
        room = abs(high) / 3 if abs(high) > _NOTHING else 1.0
        low, high = low - room, high + room
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(mark * power for mark in _STEPS if mark * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(at * step, 12 - math.floor(math.log10(step))) for at in range(first, last + 1)]


def tick_labels(marks: list[float]) -> list[str]:
    """The labels of an axis: one scale and one number of decimals for all.

    >>> tick_labels([-20000, 0, 20000]), tick_labels([0, 0.25, 0.5])
    (['−20k', '0', '20k'], ['0.00', '0.25', '0.50'])
    """
    largest = max(map(abs, marks))
    if largest >= 1e16 or 0 < largest < 1e-6:
        return _powers(marks)
    factor, suffix = next((scale[1:] for scale in _SCALES if largest >= scale[0]), (1.0, ""))
    scaled = [mark / factor for mark in marks]
    decimals = next(
        (places for places in range(9) if all(_is_round(mark, places) for mark in scaled)), 9
    )
    return [
        "0" if mark == 0 and suffix else f"{mark:,.{decimals}f}{suffix}".replace("-", MINUS)
        for mark in scaled
    ]


def _powers(marks: list[float]) -> list[str]:
    """Labels with a power of ten, with as many digits as tell each mark from the next."""
    digits = next(
        (n for n in range(1, 12) if all(math.isclose(float(f"{m:.{n}e}"), m) for m in marks)), 12
    )
    shown = (f"{mark:.{digits}e}" if mark else "0" for mark in marks)
    return [power.replace(".0e", "e").replace("-", MINUS) for power in shown]


def wrap(words: str, room: float, size: float, lines: int) -> list[str]:
    """Text cut into lines of at most ``room`` pixels, the last with an ellipsis if more is left.

    >>> wrap("Input tokens are billed too", 90, 13, 2)
    ['Input tokens', 'are billed …']
    >>> wrap("每百万 token 的成本", 60, 13, 3)
    ['每百万', 'token 的', '成本']
    """
    fits = max(room / (size * _GLYPH), 2.0)
    rows: list[str] = []
    rest = [piece if piece.strip() == piece else f" {piece.strip()}" for piece in _pieces(words)]
    while rest and len(rows) < lines:
        row = rest.pop(0).strip()
        while rest and _glyphs(row + rest[0]) <= fits:
            row += rest.pop(0)
        if _glyphs(row) > fits:
            cut = max(int(fits * len(row) / _glyphs(row)), 1)
            row, rest = row[:cut], [row[cut:], *rest]
        rows.append(row)
    if rest:
        last = rows[-1]
        while last and _glyphs(last) > fits - 2:
            last = last[:-1]
        rows[-1] = f"{last.rstrip()} …" if last else "…"
    return rows or [""]


def width_of(words: str, size: float) -> float:
    """About how wide a text is."""
    return _glyphs(words) * size * _GLYPH


def _pieces(words: str) -> list[str]:
    """What a line may be broken between: words, and each Chinese character with its stop."""
    return _PIECE.findall(words.strip())


def _glyphs(words: str) -> float:
    """The width of a text in Latin letters; a Chinese character is as wide as it is high."""
    return len(words) + (1 / _GLYPH - 1) * len(_WIDE.findall(words))


def _is_round(value: float, places: int) -> bool:
    return abs(value - round(value, places)) <= abs(value) * 1e-9 + 1e-15


def _attribute(value: object) -> str:
    """An attribute's text; coordinates to the hundredth, so that a picture is the same anywhere."""
    if isinstance(value, float):
        return f"{round(value, 2):.2f}".rstrip("0").rstrip(".")
    return str(value)
