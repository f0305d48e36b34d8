"""What the sheet Checks tests of the P&L: balances, sums, the plan's rows, exchange rates."""

from xlmodel.workbook.template import plans
from xlmodel.workbook.template.calls import OWNED, call
from xlmodel.workbook.template.checked import Comparison, Condition

_MILLIONS = "M USD"
"""So that the tolerance of figures below 1 is a thousandth of a dollar in sums of millions."""
_OF_PERIOD = 'pnl_first_day,">="&pnl_from,pnl_end,"<="&pnl_to'


def _whole(name: str, table: str, sheet: str, first: str, last: str) -> Comparison:
    return Comparison(
        f"check_{name}_whole",
        f"Cells filled below the table {sheet}",
        f"COUNTA({plans.area(sheet, last)})-COUNTA({table}[[{first}]:[note]])",
        "0",
        "cells",
        "They are not read: drag the corner of the table down over them.",
        "whole",
    )


PNL: tuple[Comparison | Condition, ...] = (
    Comparison(
        "check_pnl_node_day",
        "Node-day of the first month = sheet Margin",
        "(INDEX(pnl_margin,1)+INDEX(pnl_other,1)-INDEX(pnl_node_other,1))/INDEX(pnl_node_days,1)",
        "out_margin",
        "USD/day",
        "Before host, storage, egress and support, which sheet Margin does not know.",
        applies="SUMIFS(pnl_node_days,pnl_number,1)>0",
    ),
    Comparison(
        "check_pnl_own_day",
        "Node-day of an own node, without interest",
        "pnl_own_day+pnl_depreciation_node*12/365",
        f"{call('OWNED_GPU_HOUR', OWNED, discount_rate='0')}*in_gpus*24",
        "USD/day",
        "Plain arithmetic against OWNED_GPU_HOUR; n/a where the life is no whole months.",
        applies="pnl_life=in_own_life_years*12",
    ),
    Comparison(
        "check_pnl_fleet",
        "Opening + in − out = closing",
        "in_pnl_opening_nodes+SUM(pnl_in)-SUM(pnl_out)",
        "INDEX(pnl_closing,COUNT(pnl_number))",
        "nodes",
        "Over all months.",
        "rate",
    ),
    Comparison(
        "check_pnl_life",
        "Months with bought nodes past their life",
        "SUMPRODUCT((pnl_closing>pnl_young+in_tolerance)*1)",
        "0",
        "months",
        "They would serve for nothing: plan nodes_out and nodes_in at the end of a life.",
        "whole",
    ),
    Condition(
        "check_pnl_fleet_sign",
        "Fleet is never below zero",
        "MIN(pnl_opening,pnl_closing,FleetPlan[nodes_after])>=0",
        "Else more nodes leave than there are; see nodes_after on sheet Fleet plan.",
    ),
    Comparison(
        "check_pnl_plan",
        "Changes of the plan that the months hold",
        "SUM(pnl_in)+SUM(pnl_out)",
        "SUM(FleetPlan[nodes_in])+SUM(FleetPlan[nodes_out])",
        "nodes",
        "Else a row has a date outside the 36 months, or none.",
        "rate",
    ),
    Comparison(
        "check_fleet_plan_clean",
        "Rows with a fault: Fleet plan",
        'ROWS(FleetPlan[row_check])-COUNTIF(FleetPlan[row_check],"ok")',
        "0",
        "rows",
        "Sheet Fleet plan: where row_check is not ok.",
        "whole",
    ),
    _whole("fleet_plan", "FleetPlan", "Fleet plan", "date", "F"),
    Comparison(
        "check_pnl_book",
        "Net book value, by its balance and by age",
        "SUM(pnl_book_closing)/10^6",
        "SUM(pnl_book_direct)/10^6",
        _MILLIONS,
        "Opening + additions − depreciation − sold, against the months that each node served.",
        "price",
    ),
    Condition(
        "check_pnl_book_sign",
        "Net book value is never below zero",
        "MIN(pnl_book_closing)>=-in_tolerance*MAX(1,pnl_gross_closing)",
        "To the tolerance of identities.",
    ),
    Comparison(
        "check_pnl_profit_cash",
        "EBIT − cash = net book value",
        "(SUM(pnl_own_ebit)-INDEX(pnl_own_cash,COUNT(pnl_number)))/10^6",
        "INDEX(pnl_book_closing,COUNT(pnl_number))/10^6",
        _MILLIONS,
        "All bought: what was paid and not yet booked as cost.",
        "price",
    ),
    Comparison(
        "check_pnl_years",
        "Years sum up to the months: revenue",
        "SUM(year_revenue)/10^6",
        "SUM(pnl_revenue)/10^6",
        _MILLIONS,
        "Calendar years.",
        "price",
    ),
    Comparison(
        "check_pnl_years_ebit",
        "Years sum up to the months: EBIT, both ways",
        "(SUM(year_ebit)+SUM(year_own_ebit))/10^6",
        "(SUM(pnl_ebit)+SUM(pnl_own_ebit))/10^6",
        _MILLIONS,
        "Calendar years.",
        "price",
    ),
    Condition(
        "check_pnl_date",
        "Date of the period lies within the months",
        "AND(in_pnl_date>=MIN(pnl_first_day),in_pnl_date<=MAX(pnl_end))",
        "Else sheet P&L shows no period.",
    ),
    Comparison(
        "check_pnl_selected",
        "Period shown = its months, by date",
        "(out_pnl_ebit+out_pnl_own_ebit)/10^6",
        f"(SUMIFS(pnl_ebit,{_OF_PERIOD})+SUMIFS(pnl_own_ebit,{_OF_PERIOD}))/pnl_divisor/10^6",
        _MILLIONS,
        "EBIT, both ways.",
        "price",
        applies="ISNUMBER(pnl_first)",
    ),
    Comparison(
        "check_fx_found",
        "Months without an exchange rate",
        "SUM(pnl_no_rate)",
        "0",
        "months",
        "Sheet Exchange rates has no row not after the month's end, or two of one day.",
        "whole",
    ),
    Comparison(
        "check_fx_age",
        "Age of the oldest exchange rate",
        "MAX(pnl_rate_age)",
        "0",
        "days",
        "At the month's end, or at the as-of date if that is sooner; accepted age on Inputs.",
        "whole",
        "in_accepted_price_age",
    ),
    Comparison(
        "check_fx_clean",
        "Rows with a fault: Exchange rates",
        'ROWS(FxRates[currency])-COUNTIFS(FxRates[currency],"?*",FxRates[usd_per_unit],">0",'
        'FxRates[valid_from],">0")',
        "0",
        "rows",
        "Sheet Exchange rates: a currency, a rate above 0 and a date are wanted.",
        "whole",
    ),
    _whole("fx", "FxRates", "Exchange rates", "currency", "G"),
)
