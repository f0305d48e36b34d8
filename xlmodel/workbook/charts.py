"""The values that a chart keeps of the cells it shows, brought up to date."""

import re
from collections.abc import Callable, Iterator

from xlmodel.hosts.engine import Value
from xlmodel.registry import CellError
from xlmodel.workbook.sheetxml import unescape
from xlmodel.workbook.xmltext import from_xml, xml_text

_CACHED = re.compile(
    rb"(<(?P<p>(?:\w+:)?)f>(?P<ref>[^<]*)</(?P=p)f>\s*)"
    rb"<(?P=p)(?P<kind>num|str)Cache>(?P<inner>.*?)</(?P=p)(?P=kind)Cache>",
    re.DOTALL,
)
_POINT = re.compile(rb'<(?:\w+:)?pt idx="([0-9]+)"[^>]*>\s*<(?:\w+:)?v>([^<]*)</')
_COUNT = re.compile(rb'<(?:\w+:)?ptCount val="([0-9]+)"')
_FORMAT = re.compile(rb"<(?:\w+:)?formatCode>[^<]*</(?:\w+:)?formatCode>")

Look = Callable[[str], list[Value] | None]


def patched_chart(xml: bytes, look: Look) -> bytes:
    """The chart with new points; ``look`` gives the cells of a reference, None for others."""

    def new_cache(match: re.Match[bytes]) -> bytes:
        values = look(unescape(match["ref"].decode()))
        if values is None:
            return match[0]
        points = dict(_points(values, numbers=match["kind"] == b"num"))
        old = {
            int(i): from_xml(unescape(text.decode())) for i, text in _POINT.findall(match["inner"])
        }
        count = _COUNT.search(match["inner"])
        if count and int(count[1]) == len(values) and _is_same(old, points):
            return match[0]
        return match[1] + _cache(match["p"], match["kind"], match["inner"], len(values), points)

    return _CACHED.sub(new_cache, xml)


def _points(values: list[Value], numbers: bool) -> Iterator[tuple[int, str]]:
    for i, value in enumerate(values):
        if isinstance(value, CellError):
            yield i, value.kind
        elif isinstance(value, bool):
            yield i, str(int(value)) if numbers else str(value).upper()
        elif isinstance(value, float):
            yield i, f"{value:.17g}" if float(f"{value:.15g}") != value else f"{value:.15g}"
        elif isinstance(value, str) and not numbers:
            yield i, value


def _is_same(old: dict[int, str], new: dict[int, str]) -> bool:
    if old.keys() != new.keys():
        return False
    for i, text in new.items():
        try:
            if float(old[i]) != float(text):
                return False
        except ValueError:
            if old[i] != text:
                return False
    return True


def _cache(p: bytes, kind: bytes, inner: bytes, count: int, points: dict[int, str]) -> bytes:
    number_format = _FORMAT.search(inner)
    items = [number_format[0] if number_format else b"", b'<%sptCount val="%d"/>' % (p, count)]
    for i, text in points.items():
        value = xml_text(text).encode()
        items.append(b'<%spt idx="%d"><%sv>%s</%sv></%spt>' % (p, i, p, value, p, p))
    return b"<%s%sCache>%s</%s%sCache>" % (p, kind, b"".join(items), p, kind)
