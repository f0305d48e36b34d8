"""Charts, pictures and shapes of a sheet: what they say and what they leave out."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from xlmodel.workbook.package import Package, local

_CHARTS = ("chart", "chartEx")
_AXES = {"catAx", "valAx", "dateAx", "serAx"}
_FRAMES = {"graphicFrame", "pic", "sp", "cxnSp", "grpSp"}


@dataclass(frozen=True)
class Drawn:
    """One object on a sheet; ``chart`` is the part of the chart that it shows, if it is one."""

    name: str
    kind: str
    alternative: str
    decorative: bool
    chart: str


@dataclass(frozen=True)
class Chart:
    """What a chart has."""

    title: str
    axes: int
    """Those that show figures; one of words says itself what it is."""
    titled_axes: int
    bars_from: tuple[float, ...]
    """The least values of value axes of bar charts that don't begin at 0."""
    smoothed: bool


def drawn(package: Package, sheet: str) -> Iterator[Drawn]:
    """The objects of a sheet."""
    for drawing in package.relations(sheet, "drawing").values():
        if drawing not in package.parts:
            continue
        charts = {k: v for kind in _CHARTS for k, v in package.relations(drawing, kind).items()}
        for element in package.xml(drawing).iter():
            if local(element.tag) in _FRAMES:
                yield _object(element, charts)


def _object(element: ElementTree.Element, charts: dict[str, str]) -> Drawn:
    properties = next((e for e in element.iter() if local(e.tag) == "cNvPr"), element)
    ids = [
        value
        for e in element.iter()
        if local(e.tag) == "chart"
        for key, value in e.attrib.items()
        if local(key) == "id"
    ]
    chart = next((charts[number] for number in ids if number in charts), "")
    kind = "picture" if local(element.tag) == "pic" else "shape"
    decorative = any(
        local(e.tag) == "decorative" and e.get("val") in {"1", "true"} for e in element.iter()
    )
    return Drawn(
        properties.get("name", ""),
        "chart" if ids else kind,
        (properties.get("descr", "") or properties.get("title", "")).strip(),
        decorative,
        chart,
    )


def chart(package: Package, part: str) -> Chart | None:
    """A chart, None for one in the newer form of Excel 2016, which says these things elsewhere."""
    if part not in package.parts:
        return None
    root = package.xml(part)
    found = _child(root, "chart")
    plot = _child(found, "plotArea") if found is not None else None
    if found is None or plot is None:
        return None
    axes = [e for e in plot if local(e.tag) in _AXES]
    if any(local(e.tag) == "strRef" for c in plot.iter() if local(c.tag) == "cat" for e in c):
        axes = [e for e in axes if local(e.tag) != "catAx"]  # words need no unit
    axes = [e for e in axes if _value(_child(e, "delete")) not in {"1", "true"}]
    title = _child(found, "title")
    return Chart(
        _text(title) if title is not None else _own_title(found),
        len(axes),
        sum(1 for axis in axes if _child(axis, "title") is not None),
        tuple(_starts(plot, axes)),
        any(
            local(e.tag) == "smooth" and e.get("val", "1") in {"1", "true"}
            for group in plot
            if local(group.tag) in {"lineChart", "scatterChart"}
            for series in group
            if local(series.tag) == "ser"
            for e in series
        ),
    )


def _own_title(found: ElementTree.Element) -> str:
    """A chart of one series shows its name as title, unless that was deleted."""
    return "" if _child(found, "title") is None else "title"


def _starts(plot: ElementTree.Element, axes: list[ElementTree.Element]) -> Iterator[float]:
    ids = {
        _value(e)
        for group in plot
        if local(group.tag) in {"barChart", "bar3DChart"}
        for e in group
        if local(e.tag) == "axId"
    }
    for axis in axes:
        scaling = _child(axis, "scaling")
        least = _value(_child(scaling, "min")) if scaling is not None else ""
        if local(axis.tag) == "valAx" and _value(_child(axis, "axId")) in ids and least:
            try:
                if float(least) > 0:
                    yield float(least)
            except ValueError:
                continue


def _child(element: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return next((child for child in element if local(child.tag) == name), None)


def _value(element: ElementTree.Element | None) -> str:
    return "" if element is None else element.get("val", "")


def _text(title: ElementTree.Element) -> str:
    """The words of a title; one that takes them from a cell has its stored copy, or its formula."""
    words = "".join(e.text or "" for e in title.iter() if local(e.tag) in {"t", "v"}).strip()
    return words or next((e.text or "" for e in title.iter() if local(e.tag) == "f"), "")
