"""From the description of a chart to XlsxWriter's."""

from collections.abc import Mapping
from typing import Any

from xlmodel.workbook.template.look import FONT, GREY, INK, LINE, NUMBER_FORMATS, SERIES
from xlmodel.workbook.template.parts import Chart, Series

_KINDS = {
    "stacked": {"type": "column", "subtype": "stacked"},
    "scatter": {"type": "scatter", "subtype": "straight"},
    "tornado": {"type": "bar"},
}


def add_chart(book: Any, chart: Chart, names: Mapping[str, str]) -> Any:
    """The chart, with its ranges looked up by name."""
    made = book.add_chart(_KINDS[chart.kind])
    for series in chart.series:
        made.add_series(_series(chart, series, names))
    title = _text(chart.title, names)
    made.set_title({"name": title, "name_font": _font(12, bold=True), "overlay": False})
    along = _axis(_text(chart.x_title, names), chart.x_form, chart.x_range, grid=False)
    amounts = _axis(_text(chart.y_title, names), chart.y_form, None, grid=True)
    if chart.kind == "tornado":  # bars lie: the widest on top, the amounts below, a line at 0
        along |= {"reverse": True, "line": {"color": INK, "width": 1.75}}
        along, amounts = amounts | {"label_position": "high"}, along
    made.set_x_axis(along)
    made.set_y_axis(amounts)
    made.set_legend(_legend(chart))
    made.set_size({"width": chart.size[0], "height": chart.size[1]})
    made.set_chartarea({"border": {"color": LINE}})
    return made


def _text(text: str, names: Mapping[str, str]) -> str:
    """A title: as it stands, or a reference to the cell of that name."""
    return f"={names[text]}" if text in names else text


def _series(chart: Chart, series: Series, names: Mapping[str, str]) -> dict[str, Any]:
    options: dict[str, Any] = {
        "name": series.title,
        "categories": f"={names[series.categories]}",
        "values": f"={names[series.values]}",
        **SERIES[series.style],
    }
    if chart.kind == "stacked":
        options |= {"gap": 60, "overlap": 100}
    if chart.kind == "tornado":
        options |= {"gap": 40, "overlap": 100}
    if series.labelled:
        look = {"fill": {"color": "#FFFFFF"}, "font": _font(9, bold=True)}
        options["data_labels"] = {"value": True, "num_format": chart.label_form, **look}
    if series.totals:
        total = SERIES[series.totals]
        between = chart.points - 2
        options["points"] = [total, *[None] * between, total]
    return options


def _legend(chart: Chart) -> dict[str, Any]:
    if not chart.legend:
        return {"none": True}
    hidden = [i for i, series in enumerate(chart.series) if series.hidden]
    return {"position": "bottom", "font": _font(9), "delete_series": hidden}


def _axis(
    title: str, form: str, limits: tuple[float, float] | None, *, grid: bool
) -> dict[str, Any]:
    options: dict[str, Any] = {
        "num_font": _font(9),
        "line": {"color": GREY},
        "label_position": "low",
        "major_gridlines": {"visible": grid, "line": {"color": "#E1E5EA", "width": 0.75}},
    }
    if title:
        options |= {"name": title, "name_font": _font(9)}
    if form:
        options["num_format"] = "0%" if form == "share" else NUMBER_FORMATS[form]
    if limits:
        options |= {"min": limits[0], "max": limits[1], "major_unit": (limits[1] - limits[0]) / 5}
    return options


def _font(size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "bold": bold, "color": INK}
