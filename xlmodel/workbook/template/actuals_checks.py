"""What the sheet Checks tests of budget and actuals: the steps sum up, the tables are whole."""

from xlmodel.workbook.template import actuals
from xlmodel.workbook.template.checked import Comparison, Condition


def _amounts(table: str, columns: str, counted: str, counts: str) -> tuple[Comparison, Condition]:
    """Of a table that users fill: no text where an amount is to be, and no count below 0."""
    what = table.lower()
    area = f"{table}[{columns}]"
    return (
        Comparison(
            f"check_{what}_amounts",
            f"Texts among the amounts: {table}",
            f"COUNTA({area})-COUNT({area})",
            "0",
            "cells",
            "A number that is a text is not read.",
            "whole",
        ),
        Condition(
            f"check_{what}_signs",
            f"{counts} not negative: {table}",
            f"MIN(0,{counted})>=0",
        ),
    )


ACTUALS: tuple[Comparison | Condition, ...] = (
    Comparison(
        "check_variance_sum",
        "Steps of the variance = actual margin",
        "variance_total",
        "out_actual_margin",
        "USD",
        "Budget and steps by line, against the sums over table Actuals.",
        "money3",
    ),
    Comparison(
        "check_variance_lines",
        "Steps of each line = actual less budget",
        "SQRT(SUMPRODUCT(by_line_sum-by_line_gap,by_line_sum-by_line_gap))",
        "0",
        "USD",
        "Root of the sum of squares of what is left over.",
        tolerance="in_tolerance*MAX(1,ABS(out_actual_margin),ABS(out_budget_margin))",
    ),
    Comparison(
        "check_variance_classes",
        "Price and mix by token class = by line",
        "SUM(class_price,class_mix)",
        "SUM(by_line_price,by_line_class_mix)",
        "USD",
        "Sheet Variance.",
    ),
    Comparison(
        "check_budget_day",
        "Budget without figures of its own = margin a day",
        "INDEX(budget_day_margin,1)",
        "out_margin",
        "USD/day",
        "The first line of the budget against NODE_MARGIN.",
        applies="budget_first_typed=0",
    ),
    Comparison(
        "check_budget_clean",
        "Rows with a fault, or too many: Budget",
        'ROWS(Budget[line])-COUNTIF(Budget[row_check],"ok")'
        "+MAX(0,ROWS(Budget[line])-ROWS(variance_line))",
        "0",
        "rows",
        "Sheet Budget: where row_check is not ok; sheet Variance takes as many rows as it lists.",
        "whole",
    ),
    Comparison(
        "check_actuals_clean",
        "Rows with a fault: Actuals",
        'ROWS(Actuals[line])-COUNTIF(Actuals[row_check],"ok")',
        "0",
        "rows",
        "Sheet Actuals: where row_check is not ok.",
        "whole",
    ),
    *_amounts(
        "Budget", "[nodes]:[other_cost]", "Budget[[nodes]:[gpu_hour_price]]", "Counts and prices"
    ),
    *_amounts(
        "Actuals",
        "[input_tokens]:[other_cost]",
        "Actuals[[input_tokens]:[output_tokens]],Actuals[gpu_hours]",
        "Tokens and GPU-hours",
    ),
    *(
        Comparison(
            f"check_{table.lower()}_whole",
            f"Cells filled below the table {table}",
            f"COUNTA({actuals.below(table, last)})-COUNTA({table}[{columns}])",
            "0",
            "cells",
            "They are not read: drag the corner of the table down over them.",
            "whole",
        )
        for table, last, columns in (
            ("Budget", "M", "[line]:[note]"),
            ("Actuals", "P", "[period_start]:[source]"),
        )
    ),
    Comparison(
        "check_actuals_period",
        "Rows that lie partly in the period",
        "variance_rows_cut",
        "0",
        "rows",
        "They do not count: choose whole periods on Inputs.",
        "whole",
    ),
    Comparison(
        "check_actuals_complete",
        "Lines whose actuals lack cost, hours or tokens",
        "variance_costless+variance_tokenless",
        "0",
        "lines",
        "Import the bill and the usage of the same period.",
        "whole",
    ),
    Comparison(
        "check_actuals_days",
        "Lines whose actuals lack days of the period",
        "SUMPRODUCT((actual_days>0)*(actual_days<>variance_days))",
        "0",
        "lines",
        "The budget counts each day of the period for each of its lines.",
        "whole",
    ),
)
