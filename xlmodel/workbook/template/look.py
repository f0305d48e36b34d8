"""How things look: number formats, cell styles, colours. One place for all sheets.

Inputs, calculations, outputs and checks differ in border, weight and alignment as well as in fill,
so that they are told apart in greyscale too. There is one style for negative numbers: a minus sign.
"""

from collections.abc import Mapping
from typing import Any, Final

FONT: Final = "Calibri"

INK: Final = "#1F2933"
NAVY: Final = "#1F3A5F"
GREY: Final = "#5F6B7A"
LINE: Final = "#9AA5B1"
PALE: Final = "#E4E9F0"
INPUT_FILL: Final = "#FFF7D6"
INPUT_INK: Final = "#0B3D91"
CHECK_FILL: Final = "#F3F4F6"

NUMBER_FORMATS: Final[Mapping[str, str]] = {
    "text": "@",
    "general": "General",
    "tokens": '[>=1000000000]#,##0.000,,,"B";[>=1000000]#,##0.00,,"M";#,##0',
    "whole": "#,##0",
    "count": "#,##0.##;-#,##0.##;0",
    "rate": "#,##0.00",
    "ratio": "#,##0.0",
    "factor": "#,##0.00",
    "price": "#,##0.0000",
    "rate6": "#,##0.000000",
    "money": "#,##0.00",
    "money3": "#,##0.000",
    "change": "+#,##0.000;-#,##0.000;0.000",
    "change2": "+#,##0.00;-#,##0.00;0.00",
    "share": "0.0%",
    "date": "yyyy-mm-dd",
    "date_or_none": 'yyyy-mm-dd;;"none"',
    "replaced": '[>=1000000]"–";yyyy-mm-dd',
    "days": "#,##0",
    "residual": "#,##0.000000",
    "small": "0.0E+00",
    "part": '#,##0.00;-#,##0.00;"–"',
    "mtok_part": '#,##0.0000;-#,##0.0000;"–"',
    "as_of": '"as of "yyyy-mm-dd',
}

_INPUT: Final[Mapping[str, Any]] = {
    "border": 1,
    "border_color": LINE,
    "bg_color": INPUT_FILL,
    "font_color": INPUT_INK,
    "locked": False,
}
_OUTPUT: Final[Mapping[str, Any]] = {
    "bold": True,
    "bg_color": PALE,
    "top": 1,
    "bottom": 1,
    "top_color": GREY,
    "bottom_color": GREY,
}
_CHECK: Final[Mapping[str, Any]] = {
    "bold": True,
    "align": "center",
    "bg_color": CHECK_FILL,
    "border": 4,
    "border_color": GREY,
}

ROLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"bold": True, "font_size": 16, "font_color": NAVY},
    "subtitle": {"font_color": GREY},
    "status": {
        "bold": True,
        "font_color": NAVY,
        "align": "left",
        "bottom": 1,
        "bottom_color": LINE,
    },
    "heading": {
        "bold": True,
        "font_size": 12,
        "font_color": NAVY,
        "bottom": 2,
        "bottom_color": NAVY,
    },
    "header": {
        "bold": True,
        "bg_color": PALE,
        "align": "right",
        "valign": "bottom",
        "text_wrap": True,
        "bottom": 1,
        "bottom_color": NAVY,
    },
    "axis": {"bold": True, "bg_color": PALE, "align": "right"},
    "header_left": {
        "bold": True,
        "bg_color": PALE,
        "align": "left",
        "valign": "bottom",
        "text_wrap": True,
        "bottom": 1,
        "bottom_color": NAVY,
    },
    "header_centre": {
        "bold": True,
        "bg_color": PALE,
        "align": "center",
        "valign": "bottom",
        "bottom": 1,
        "bottom_color": NAVY,
    },
    "header_text": {
        "bold": True,
        "bg_color": PALE,
        "align": "left",
        "valign": "bottom",
        "indent": 1,
        "bottom": 1,
        "bottom_color": NAVY,
    },
    "label": {},
    "unit": {"font_color": GREY, "indent": 1},
    "unit_right": {"font_color": GREY, "align": "right", "valign": "top", "text_wrap": True},
    "note": {"font_color": GREY, "indent": 1},
    "wrapped_note": {"font_color": GREY, "indent": 1, "text_wrap": True},
    "remark": {"italic": True, "font_color": INK},
    "explanation": {"text_wrap": True, "indent": 1},
    "link": {"font_color": INPUT_INK, "underline": 1},
    "table_text": {"font_size": 9},
    "table_number": {"font_size": 9, "align": "right", "indent": 1},
    "table_centre": {"font_size": 9, "align": "center"},
    "table_calculation": {"font_size": 9, "font_color": GREY, "align": "center"},
    "table_wrapped": {"font_size": 9, "text_wrap": True},
    "input": _INPUT,
    "input_text": {**_INPUT, "align": "right"},
    "input_legend": {**_INPUT, "locked": True},
    "calculation": {},
    "calculation_text": {"align": "right"},
    "calculation_legend": {},
    "output": _OUTPUT,
    "output_text": {**_OUTPUT, "align": "right"},
    "output_legend": _OUTPUT,
    "check": _CHECK,
    "check_legend": _CHECK,
    "free": {"locked": False, "text_wrap": True, "valign": "top", "align": "left"},
    "free_note": {
        "locked": False,
        "text_wrap": True,
        "valign": "top",
        "align": "left",
        "indent": 1,
    },
}

CELL_STYLES: Final[Mapping[str, tuple[str, int]]] = {
    "input": ("Input", 20),
    "calculation": ("Calculation", 22),
    "output": ("Output", 21),
    "check": ("Check Cell", 23),
}
"""Named cell styles: Excel's own names with its numbers for them, in our formatting."""

LEGEND: Final = (
    ("input", "Input", "boxed, blue on pale yellow: type here; nowhere else"),
    ("calculation", "Calculation", "plain: a formula; locked, with no password"),
    ("output", "Output", "bold on grey between two lines: a result that reports read"),
    ("check", "Check", "centred in a dashed box: TRUE when it passes, n/a when it does not apply"),
)

PASS: Final = {"font_color": "#14532D", "bg_color": "#DDF3E4"}
FAIL: Final = {"font_color": "#FFFFFF", "bg_color": "#B42318", "bold": True}

HEAT: Final = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#8FB0DA"}
"""Lighter is less in greyscale too, and ink is read on both ends."""
_FORMS: Final = {key: {"num_format": NUMBER_FORMATS[key]}
                 for key in ("share", "money", "rate", "factor")}  # fmt: skip
_BOX: Final = {"bold": True, "border": 1, "border_color": INK}
WHEN: Final[Mapping[str, Mapping[str, Any]]] = {
    "base": _BOX,
    **_FORMS,
    **{f"base_{key}": {**_BOX, **form} for key, form in _FORMS.items()},
}
"""Looks by a cell's value or its neighbours'; LibreOffice takes the first that holds."""

SERIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "dark": {"fill": {"color": NAVY}, "border": {"color": NAVY}},
    "light": {"fill": {"color": "#A9BCD6"}, "border": {"color": NAVY}},
    "cost": {
        "pattern": {
            "pattern": "wide_upward_diagonal",
            "fg_color": "#8A4B08",
            "bg_color": "#F7E3CF",
        },
        "border": {"color": "#8A4B08"},
    },
    "other": {
        "pattern": {"pattern": "percent_20", "fg_color": "#8A4B08", "bg_color": "#FFFFFF"},
        "border": {"color": "#8A4B08"},
    },
    "idle": {
        "pattern": {"pattern": "light_vertical", "fg_color": "#8A4B08", "bg_color": "#FFFFFF"},
        "border": {"color": "#8A4B08"},
    },
    "margin": {
        "pattern": {"pattern": "dark_horizontal", "fg_color": GREY, "bg_color": "#FFFFFF"},
        "border": {"color": GREY},
    },
    "rise": {"fill": {"color": "#A9BCD6"}, "border": {"none": True}},
    "fall": {
        "pattern": {
            "pattern": "wide_upward_diagonal",
            "fg_color": "#8A4B08",
            "bg_color": "#F7E3CF",
        },
        "border": {"none": True},
    },
    "nothing": {"fill": {"none": True}, "border": {"none": True}},
    "line": {"line": {"color": NAVY, "width": 2.25}, "marker": {"type": "none"}},
    "second_line": {
        "line": {"color": "#C2410C", "width": 2.25, "dash_type": "dash"},
        "marker": {"type": "none"},
    },
    "third_line": {
        "line": {"color": GREY, "width": 1.75, "dash_type": "round_dot"},
        "marker": {"type": "none"},
    },
    "marker": {
        "line": {"color": INK, "width": 1, "dash_type": "dash"},
        "marker": {"type": "none"},
    },
    "fixed": {
        "line": {"color": "#8A4B08", "width": 1.5, "dash_type": "long_dash"},
        "marker": {"type": "none"},
    },
    "breakeven": {
        "line": {"none": True},
        "marker": {
            "type": "diamond",
            "size": 11,
            "fill": {"color": INK},
            "border": {"color": INK},
        },
    },
    "here": {
        "line": {"none": True},
        "marker": {
            "type": "circle",
            "size": 9,
            "fill": {"color": "#C2410C"},
            "border": {"color": INK},
        },
    },
}


def properties(role: str, form: str) -> dict[str, Any]:
    """The format of a cell of that role and number form, as XlsxWriter takes it."""
    base = {"font_name": FONT, "font_color": INK, "valign": "vcenter"}
    return {**base, **ROLES[role], "num_format": NUMBER_FORMATS[form]}


def style_of(role: str) -> str:
    """The key in CELL_STYLES of the named style that a role belongs to, or an empty text."""
    kind = role.removesuffix("_text").removesuffix("_legend")
    return kind if kind in CELL_STYLES else ""
