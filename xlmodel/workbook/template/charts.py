"""From the description of a chart to XlsxWriter's."""

from collections.abc import Mapping
from typing import Any

from xlmodel.workbook.template.look import FONT, GREY, INK, LINE, NUMBER_FORMATS, SERIES
from xlmodel.workbook.template.parts import Chart, Series

_KINDS = {
    "stacked": {"type": "column", "subtype": "stacked"},
    "scatter": {"type": "scatter", "subtype": "straight"},
}
_LABELS: Mapping[str, Mapping[str, Any]] = {
    "value": {"value": True, "num_format": "#,##0;-#,##0;;", "fill": {"color": "#FFFFFF"}},
    "title": {
        "series_name": True,
        "value": False,
        "position": "below",
        "fill": {"color": "#FFFFFF"},
    },
}


def add_chart(book: Any, chart: Chart, names: Mapping[str, str]) -> Any:
    """The chart, with its ranges looked up by name."""
    made = book.add_chart(_KINDS[chart.kind])
    for series in chart.series:
        made.add_series(_series(chart, series, names))
    made.set_title({"name": chart.title, "name_font": _font(12, bold=True), "overlay": False})
    made.set_x_axis(_axis(chart.x_title, chart.x_form, chart.x_range, grid=False))
    made.set_y_axis(_axis(chart.y_title, chart.y_form, None, grid=True))
    made.set_legend({"position": "bottom", "font": _font(9)} if chart.legend else {"none": True})
    made.set_size({"width": chart.size[0], "height": chart.size[1]})
    made.set_chartarea({"border": {"color": LINE}})
    return made


def _series(chart: Chart, series: Series, names: Mapping[str, str]) -> dict[str, Any]:
    options: dict[str, Any] = {
        "name": f"={names[series.title]}" if series.title in names else series.title,
        "categories": f"={names[series.categories]}",
        "values": f"={names[series.values]}",
        **SERIES[series.style],
    }
    if chart.kind == "stacked":
        options |= {"gap": 60, "overlap": 100}
    if series.label:
        options["data_labels"] = {**_LABELS[series.label], "font": _font(9, bold=True)}
    if series.totals:
        total = SERIES[series.totals]
        between = chart.points - 2
        options["points"] = [total, *[None] * between, total]
    return options


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
