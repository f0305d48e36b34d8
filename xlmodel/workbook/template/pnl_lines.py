"""The lines of the P&L, as data: the same for the 36 months, the calendar years and a period.

In a formula ``[key]`` is the line of that key in the same month, ``[<key]`` in the month before; in
the first month that is the cell with the line's unit, which ``N`` takes for 0.

Two ways to have the GPUs stand side by side, all else equal. All rented: rent by the hour (opex).
All bought: purchase price spread over the life (capex), straight line, a full month in the month of
purchase and none in that of sale; the oldest nodes leave first, at the resale value on Inputs.
"""

from typing import NamedTuple

FLOW, OPENING, CLOSING, RATE, MONTHLY = "flow", "opening", "closing", "rate", "monthly"
"""How a longer period has a line: months summed, its first or its last month, worked out anew from
the lines above it, or not at all."""


class Line(NamedTuple):
    """A line, with the formula of a month."""

    key: str
    label: str
    unit: str
    form: str
    formula: str
    kind: str = FLOW
    role: str = "calculation"


class Block(NamedTuple):
    """Lines under a heading, with a remark on what they follow."""

    title: str
    lines: tuple[Line, ...]
    remark: str = ""


def _usd(key: str, label: str, formula: str, role: str = "calculation") -> Line:
    return Line(key, label, "USD", "whole", formula, FLOW, role)


def _balance(key: str, label: str, formula: str, kind: str) -> Line:
    return Line(key, label, "USD", "whole", formula, kind)


def _plan(column: str) -> str:
    """A column of the fleet plan, summed over the rows of the month."""
    dates = 'FleetPlan[date],">="&[first_day],FleetPlan[date],"<"&[end]+1'
    return f"SUMIFS(FleetPlan[{column}],{dates})"


def _served(retired: str) -> str:
    """Months, up to the life, that nodes beyond ``retired`` have served before this month."""
    return f"(pnl_bought>{retired})*(pnl_bought-({retired}))"


TIME = Block(
    "Time",
    (
        Line("number", "Month of the plan", "month", "whole", "N([<number])+1", MONTHLY),
        Line("first_day", "First day", "date", "date", "DATE(YEAR([end]),MONTH([end]),1)", MONTHLY),
        Line("year", "Calendar year", "year", "general", "YEAR([end])", MONTHLY),
        Line("days", "Days", "days", "days", "DAY([end])"),
    ),
)  # fmt: skip

_FLEET = Block(
    "Fleet",
    (
        Line("opening", "Nodes, opening", "nodes", "count",
             "IF([number]=1,in_pnl_opening_nodes,[<closing])", OPENING),
        Line("in", "  + in", "nodes", "count", _plan("nodes_in")),
        Line("out", "  − out", "nodes", "count", _plan("nodes_out")),
        Line("closing", "Nodes, closing", "nodes", "count", "[opening]+[in]-[out]", CLOSING),
        Line("node_days", "Node-days that serve", "node-days", "whole",
             f"[opening]*[days]+([end]+1)*([in]-[out])-{_plan('day_nodes')}"),
        Line("nodes", "Nodes in the mean", "nodes", "rate", "[node_days]/[days]", RATE),
    ),
    "A node serves from the day of its row on sheet Fleet plan, 24 hours a day.",
)  # fmt: skip

_CURVES = Block(
    "Prices and rate, against the first month",
    (
        Line("price", "Token prices", "factor", "price",
             "(1+used_price_change)^([number]-1)", MONTHLY),
        Line("rent_price", "GPU rent", "factor", "price",
             "(1+used_rent_change)^([number]-1)", MONTHLY),
        Line("use", "Utilization", "share", "share",
             "MIN(1,in_utilization*in_utilization_change^(([number]-1)/12))", MONTHLY),
        Line("gain", "Efficiency", "factor", "price",
             "(1+in_efficiency_gain)^(([number]-1)/12)", MONTHLY),
    ),
)  # fmt: skip

_REVENUE = Block(
    "Tokens and revenue",
    (
        Line("output", "Output tokens", "Mtok", "whole",
             "[node_days]*out_output_tps*86400*[use]*[gain]/10^6"),
        Line("input", "Input tokens", "Mtok", "whole", "[output]*in_input_output_ratio"),
        _usd("output_revenue", "Revenue, output", "[output]*out_output_price*[price]"),
        _usd("input_revenue", "Revenue, input", "[input]*effective_input_price*[price]"),
        _usd("revenue", "Revenue", "[output_revenue]+[input_revenue]", "output"),
    ),
)  # fmt: skip

_OTHER = Block(
    "Other cost of revenue, rented or bought",
    (
        _usd("node_other", "Other cost of the node, Inputs 6", "[node_days]*in_other_cost_per_day"),
        _usd("host", "Host", "[nodes]*in_pnl_host_cost"),
        _usd("storage", "Storage", "[nodes]*in_pnl_storage_cost"),
        _usd("egress", "Egress", "[output]*in_pnl_egress_cost"),
        _usd("support", "Support", "[revenue]*in_pnl_support_share"),
        _usd("other", "Other cost of revenue", "SUM([node_other]:[support])", "output"),
    ),
)

_OPEX = Block(
    "Operating expense",
    (
        _usd("rnd", "Research and development", "in_pnl_rnd_cost"),
        _usd("sales", "Sales and marketing", "in_pnl_sales_cost"),
        _usd("admin", "General and administrative", "in_pnl_admin_cost"),
        _usd("opex", "Operating expense", "SUM([rnd]:[admin])", "output"),
    ),
)

_RENTED = Block(
    "All GPUs rented (opex view)",
    (
        _usd("rent", "GPU rent", "[node_days]*24*in_gpus*out_gpu_hour_price*[rent_price]"),
        _usd("margin", "Gross margin, rented", "[revenue]-[rent]-[other]", "output"),
        Line("margin_rate", "Gross margin rate, rented", "share of revenue", "share",
             "[margin]/[revenue]", RATE),
        _usd("ebit", "EBITDA = EBIT, rented", "[margin]-[opex]", "output"),
        _balance("cash", "Cash since the start, rented", "N([<cash])+[ebit]", CLOSING),
    ),
    "Nothing is capitalized, so that EBIT is EBITDA, and cash is EBIT: bills are paid at once.",
)  # fmt: skip

_BOUGHT = Block(
    "All GPUs bought (capex view)",
    (
        _usd("running", "Power and colocation of own GPUs", "[node_days]*pnl_own_day"),
        _usd("own_margin", "Gross margin before depreciation, bought",
             "[revenue]-[running]-[other]", "output"),
        Line("own_margin_rate", "Gross margin rate, bought", "share of revenue", "share",
             "[own_margin]/[revenue]", RATE),
        _usd("own_ebitda", "EBITDA, bought", "[own_margin]-[opex]", "output"),
        _usd("own_depreciation", "Depreciation", "[charge]"),
        _usd("own_sale", "Result of sales (proceeds − book value)", "[proceeds]-[sold]"),
        _usd("own_ebit", "EBIT, bought", "[own_ebitda]-[own_depreciation]+[own_sale]", "output"),
        _usd("capex", "Capex", "[additions]"),
        _usd("proceeds", "Proceeds of sales", "[out]*pnl_capex_node*in_own_residual_share"),
        _balance("own_cash", "Cash since the start, bought",
                 "N([<own_cash])+[own_ebitda]-[capex]+[proceeds]", CLOSING),
    ),
    "The opening nodes are bought on the first day. Depreciation by the balances below.",
)  # fmt: skip

_WINDOW = "(pnl_number>[number]-pnl_life)*(pnl_number<=[number])"
_WINDOW_BEFORE = "(pnl_number>[number]-1-pnl_life)*(pnl_number<[number])"

_ASSETS = Block(
    "Nodes bought: book value",
    (
        Line("purchases", "Nodes bought", "nodes", "count",
             "[in]+IF([number]=1,in_pnl_opening_nodes,0)"),
        Line("bought", "Nodes bought since the start", "nodes", "count",
             "N([<bought])+[purchases]", MONTHLY),
        Line("retired", "Nodes sold since the start", "nodes", "count",
             "[bought]-[closing]", MONTHLY),
        Line("young", "Nodes within their life", "nodes", "count",
             f"[closing]-SUMPRODUCT((pnl_number=[number]-pnl_life)*{_served('[retired]')})",
             MONTHLY),
        _balance("gross_opening", "Purchase price, opening", "N([<gross_closing])", OPENING),
        _usd("additions", "  + additions", "[purchases]*pnl_capex_node"),
        _usd("disposals", "  − disposals", "[out]*pnl_capex_node"),
        _balance("gross_closing", "Purchase price, closing",
                 "[gross_opening]+[additions]-[disposals]", CLOSING),
        _balance("written_opening", "Depreciation so far, opening",
                 "N([<written_closing])", OPENING),
        _usd("charge", "  + depreciation of the month", "[young]*pnl_depreciation_node"),
        _usd("released", "  − of nodes sold",
             f"pnl_depreciation_node*SUMPRODUCT({_WINDOW_BEFORE}*("
             f"{_served('[retired]-[out]')}-{_served('[retired]')}))"),
        _balance("written_closing", "Depreciation so far, closing",
                 "[written_opening]+[charge]-[released]", CLOSING),
        _balance("book_opening", "Net book value, opening",
                 "[gross_opening]-[written_opening]", OPENING),
        _usd("sold", "  of it sold in the month", "[disposals]-[released]"),
        _balance("book_closing", "Net book value, closing",
                 "[book_opening]+[additions]-[charge]-[sold]", CLOSING),
        _balance("book_direct", "Net book value by age of the nodes",
                 f"[gross_closing]-pnl_depreciation_node*SUMPRODUCT({_WINDOW}*"
                 f"{_served('[retired]')})", MONTHLY),
    ),
    "Opening + in − out = closing. The last line counts the months that each node has served.",
)  # fmt: skip

_DIFFERENCE = Block(
    "Bought less rented",
    (
        _usd("ebit_gap", "EBIT, bought less rented", "[own_ebit]-[ebit]", "output"),
        _balance("cash_gap", "Cash since the start, bought less rented",
                 "[own_cash]-[cash]", CLOSING),
        Line("behind", "Month, where owning is behind", "month", "whole",
             "IF([cash_gap]<0,[number],0)", MONTHLY),
    ),
)  # fmt: skip

_NO_RATE = '"no rate"'
_ROWS = "FxRates[currency],in_report_currency,FxRates[valid_from],"
_RATES = Block(
    "Reporting currency",
    (
        Line("rate_date", "Rate of", "date", "date_or_none",
             f'IF(in_report_currency="USD",[end],MAXIFS(FxRates[valid_from],{_ROWS}"<="&[end]))',
             MONTHLY),
        Line("rate", "USD for one unit", "USD", "rate6",
             f'IF(in_report_currency="USD",1,IF(COUNTIFS({_ROWS}[rate_date])=1,'
             f"SUMIFS(FxRates[usd_per_unit],{_ROWS}[rate_date]),{_NO_RATE}))",
             MONTHLY, "calculation_text"),
        Line("rate_age", "Age of the rate at month's end, or as-of date", "days", "days",
             "MAX(0,MIN([end],in_as_of)-[rate_date])", MONTHLY),
        Line("units", "Units for one USD", "per USD", "rate6",
             f"IFERROR(1/[rate],{_NO_RATE})", MONTHLY, "calculation_text"),
        Line("no_rate", "Months without a rate", "months", "whole",
             "IF(ISNUMBER([units]),0,1)", MONTHLY),
    ),
    "The newest rate not after the month's end; months after the last row keep it.",
)  # fmt: skip

BLOCKS = (
    TIME, _FLEET, _CURVES, _REVENUE, _OTHER, _OPEX, _RENTED, _BOUGHT, _DIFFERENCE, _ASSETS, _RATES,
)  # fmt: skip
LINES = {line.key: line for block in BLOCKS for line in block.lines}
SHOWN = tuple(
    (block.title, shown)
    for block in BLOCKS
    if (shown := tuple(line for line in block.lines if line.kind != MONTHLY))
)
"""The lines that a period and a calendar year have, by block."""
