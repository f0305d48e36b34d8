"""The sheets Budget and Actuals: what was planned for each line, and what came of it.

A line is a model or a product. Both tables take rows of the user's own; as delivered they hold
examples, which say so. ``xlmodel actuals import`` adds rows to table Actuals. The last columns are
calculated and say about each row whether the sums on sheet Variance can use it.
"""

from collections.abc import Mapping
from typing import Final

from xlmodel.workbook.actuals.rows import COLUMNS, COSTS, COUNTS, EXAMPLE, EXAMPLES, REVENUES
from xlmodel.workbook.template.layout import HEAD_ROWS
from xlmodel.workbook.template.parts import Beside, Sheet, Table, Value, across

BUDGET_COLUMNS: Final[Mapping[str, str]] = {
    "line": "general",
    "nodes": "count",
    "input_tokens": "whole",
    "cached_share": "share",
    "output_tokens": "whole",
    "input_price": "price",
    "cached_price": "price",
    "output_price": "price",
    "gpu_hours": "rate",
    "gpu_hour_price": "price",
    "other_cost": "money",
    "note": "general",
}
PLANNED: Final = tuple(BUDGET_COLUMNS)[2:-1]
"""The figures of a line that are those of the model's own day where they are blank."""

_FORMS: Final = {
    **dict.fromkeys(("period_start", "period_end"), "date"),
    **dict.fromkeys(COUNTS, "whole"),
    **dict.fromkeys((*REVENUES, *COSTS), "money"),
    "gpu_hours": "rate",
}
ACTUAL_COLUMNS: Final = {column: _FORMS.get(column, "general") for column in COLUMNS}

_BUDGET: Final[tuple[tuple[Value, ...], ...]] = (
    ("Llama-3.1-405B", 1, *[None] * len(PLANNED),
     "EXAMPLE: the day on sheet Margin, since all figures are blank"),
    ("Llama-3.1-70B", 1, 864e6, 0.1, 86.4e6, 0.8, 0.4, 0.8, 192, 3.49, 0,
     f"{EXAMPLE}: a guess of 1,000 output tokens/s with 10 input tokens each, on 8 GPUs"),
)  # fmt: skip

_BUDGET_CALCULATED: Final = {
    "figures_typed": f"=COUNT({','.join(f'[@{column}]' for column in PLANNED)})",
    "row_check": '=IF(LEN([@line])+[@figures_typed]=0,"ok",IF(AND(LEN([@line])>0,'
    "SUMPRODUCT((Budget[line]=[@line])*1)=1,N([@cached_share])>=0,N([@cached_share])<=1),"
    '"ok","line twice or blank"))',
}
_ACTUAL_CALCULATED: Final = {
    "rows_alike": "=SUMPRODUCT((Actuals[line]=[@line])*(Actuals[period_start]<=[@period_end])"
    "*(Actuals[period_end]>=[@period_start]))",
    "gap": "=(COUNTA([@period_start],[@line],[@source])>0)*((LEN([@line])=0)"
    "+NOT(ISNUMBER([@period_start]))+NOT(ISNUMBER([@period_end])))",
    "fault": "=[@gap]+(COUNTA([@period_start],[@line],[@source])>0)*(([@rows_alike]>1)"
    "+([@cached_tokens]>[@input_tokens])+([@currency]<>in_currency))",
    "row_check": '=IF([@fault]=0,"ok",IF([@gap]>0,"gap ","")&IF([@cached_tokens]>'
    '[@input_tokens],"cached>input ","")&IF([@currency]<>in_currency,"currency ","")'
    '&IF([@rows_alike]>1,"overlap ","")&"wrong")',
}


def budget_sheet() -> Sheet:
    """The description of the sheet Budget."""
    forms = [*BUDGET_COLUMNS.values(), "count", "general"]
    headers = [*BUDGET_COLUMNS, *_BUDGET_CALCULATED]
    return Sheet(
        name="Budget",
        title="Budget",
        about="What is planned, a row a line (model or product): tokens, GPU-hours, USD of a day "
        "of one node; prices in USD/Mtok. A blank figure is that of sheet Margin. EXAMPLE rows.",
        widths={"A": 2, **across(24, 10, 16, 16, 17, 14, 16, 15, 13, 18, 14, 58, 16, 20)},
        items=[Beside([Table("Budget", "B", headers, _BUDGET, forms, _BUDGET_CALCULATED)])],
        protected=False,
        frozen_rows=5,
        print_columns=("A", "M"),
        head=("B", "D", "F", "G"),
    )


def actuals_sheet() -> Sheet:
    """The description of the sheet Actuals."""
    forms = [*ACTUAL_COLUMNS.values(), "count", "count", "count", "general"]
    headers = [*ACTUAL_COLUMNS, *_ACTUAL_CALCULATED]
    return Sheet(
        name="Actuals",
        title="Actuals",
        about="What came of it, a row a period and line; tokens, GPU-hours, USD. Paste over the "
        "EXAMPLE rows, or xlmodel actuals import. input_tokens hold the cached ones, too.",
        widths={
            "A": 2,
            **across(15, 14, 24, 17, 17, 17, 17, 18, 18, 19, 14, 14, 14, 12, 44, 14, 8, 8, 22),
        },
        items=[Beside([Table("Actuals", "B", headers, EXAMPLES, forms, _ACTUAL_CALCULATED)])],
        protected=False,
        frozen_rows=5,
        print_columns=("A", "P"),
        head=("B", "D", "F", "G"),
    )


def below(sheet: str, last: str) -> str:
    """The cells of a table's facts from its first row downwards, as far as one is likely to go."""
    return f"{sheet}!$B${HEAD_ROWS + 2}:${last}$9999"
