"""The sheet Big or small: the same margin for a ladder of models at their market prices.

Each rung has the fewest GPUs that hold it and the rate that the sheet Throughput would compute, at
this workbook's traffic, precision, limits and utilization. Prices are those of the ladder's own
day. Below: the best price of the large model, what a distilled one costs, what open weights do.
"""

from xlmodel.workbook.template.calls import REPLICA, call
from xlmodel.workbook.template.inputs_size import RUNGS
from xlmodel.workbook.template.parts import (
    Cell,
    Chart,
    Charts,
    Gap,
    Item,
    Row,
    Series,
    Sheet,
    across,
    headers,
    heading,
    known,
    line,
)

_LAST = "R"
_PRICE = 'MODEL_PRICE(ModelPrices[#All],$B{{row}},,"{kind}",in_ladder_as_of)'
_RUNG = {
    **REPLICA,
    "model": "$B{row}",
    "gpu": "in_ladder_gpu",
    "gpus": "$E{row}",
    "batch": "",
    "basis": "",
    "input_price": "$G{row}",
    "output_price": "$H{row}",
    "input_output_ratio": "shape_ratio",
    "output_tps": "$F{row}",
    "gpu_hour_price": "rental",
    "utilization": "in_utilization",
    "cached_input_price": "$Q{row}",
    "other_cost_per_day": "$R{row}",
}
"""What stands for each argument in the row of a rung."""

_COLUMNS = (
    # column, title, name, formula, form
    ("C", "Parameters\n(10⁹)", "ladder_params",
     "INDEX(LlmHistory[params_total_b],MATCH($B{row},LlmHistory[model],0))", "ratio"),
    ("D", "Used per\ntoken (10⁹)", "ladder_active",
     "INDEX(LlmHistory[params_active_b],MATCH($B{row},LlmHistory[model],0))", "ratio"),
    ("E", "GPUs of a\nreplica", "ladder_gpus",
     call("MIN_GPUS", _RUNG, batch="in_ladder_requests"), "count"),
    ("F", "Output rate\n(tokens/s)", "ladder_tps", call("NODE_TPS", _RUNG), "rate"),
    ("G", "Input price\n(USD/Mtok)", "ladder_input_price", _PRICE.format(kind="input"), "price"),
    ("H", "Output price\n(USD/Mtok)", "ladder_output_price", _PRICE.format(kind="output"),
     "price"),
    ("I", "Mean price\n(USD/Mtok)", "ladder_price", call("BLENDED_PRICE", _RUNG), "price"),
    ("J", "Margin (USD/\nGPU-hour)", "ladder_margin",
     call("SIZE_MARGIN", _RUNG) + "/$E{row}/24", "money"),
    ("K", "Margin (USD/\nnode and day)", "ladder_node_margin", "$J{row}*in_gpus*24", "money"),
    ("L", "Stops at\n(USD/Mtok)", "ladder_cost",
     call("BREAKEVEN_PRICE", _RUNG), "price"),
    ("M", "Margin\n(USD/Mtok)", "ladder_mtok_margin", "$I{row}-$L{row}", "price"),
    ("N", "Cost as share\nof the price", "ladder_cost_share", "$L{row}/$I{row}", "share"),
    ("O", "Break-even\nutilization", "ladder_breakeven",
     call("BREAKEVEN_UTILIZATION", _RUNG), "share"),
    ("P", "USD/customer\nand day", "ladder_customer",
     "REVENUE_PER_CUSTOMER(in_customer_tokens,$I{row})", "money"),
    ("Q", "Cached input\n(USD/Mtok)", "ladder_cached_price",
     "$G{row}*out_cached_input_price/out_input_price", "price"),
    ("R", "Other cost\n(USD/day)", "ladder_other_cost",
     "in_other_cost_per_day*$E{row}/in_gpus", "money"),
)  # fmt: skip
"""Cached input has the node's discount; of other cost a rung bears the share of its GPUs."""

_STOPS = (
    '=IF(ROWS($A${first}:$A{row})=1,"",$S{above}&", ")&$B{row}&" "'
    '&IFERROR(ROUND($L{row}*1000,0)/1000,"not known")'
)
_ANSWER = (
    '=IFERROR(size_best&" "&size_stops,"No rung has a margin: a price of "&in_ladder_gpu'
    '&" or of the models is not known on that day.")'
)
_BEST = (
    '=IF(ISNUMBER(out_best_size_margin),best_size&IF(out_best_size_margin>0," earns most: ",'
    '" loses least: ")&SUBSTITUTE(FIXED(out_best_size_margin),"-","−")'
    '&" USD per "&in_ladder_gpu&"-hour.","Not known.")'
)


def _rental(provider: str) -> str:
    return f"GPU_PRICE(GpuPrices[#All],in_ladder_gpu,{provider},in_gpu_term,in_ladder_as_of)"


def _rung(number: int) -> Row:
    model = f'=IF(in_rung_{number}="","–",in_rung_{number})'
    cells = {"B": Cell(model, "general", "label", column="ladder_model")}
    for column, _, name, formula, form in _COLUMNS:
        cells[column] = Cell(known(formula), form, column=name)
    cells["S"] = Cell(_STOPS, "general", "note", column="ladder_stops")
    return Row(cells)


def _ladder() -> list[Item]:
    titles = {"B": "Model", **{column: title for column, title, *_ in _COLUMNS}, "S": "So far"}
    return [
        Row({"B": Cell(_ANSWER, "general", "remark", "answer_size")}),
        line(
            "Price of a GPU-hour on the ladder's day",
            f"=IFERROR({_rental('in_gpu_provider')},{known(_rental(''))[1:]})",
            "price",
            "USD/h",
            "Provider and term as for the node; where it sells none, the median of all.",
            name="rental",
        ),
        heading("The ladder: fewest GPUs that hold each, at this traffic and utilization", _LAST),
        headers(titles, texts="BS"),
        *(_rung(number) for number in range(1, len(RUNGS) + 1)),
        Gap(),
    ]


def _of(which: str, column: str) -> str:
    return f"=INDEX(ladder_{column},MATCH(in_{which}_model,ladder_model,0))"


def _demand() -> list[Item]:
    at = "large_cost,large_price,in_reference_demand,in_elasticity"
    none = '"none: elasticity of 1 or less"'
    return [
        heading("The best price of the large model", "I"),
        line("Margin per GPU-hour of the best rung",
             '=IF(COUNT(ladder_margin)>0,MAX(ladder_margin),"not known")', "money", "USD/h",
             "The highest of the column above.", name="out_best_size_margin", role="output"),
        line("Its market price", _of("large", "price"), "price", "USD/Mtok",
             name="large_price"),
        line("What a million tokens more cost", _of("large", "cost"), "price", "USD/Mtok",
             "Where the rung stops earning.", name="large_cost"),
        line("Profit at the market price", known(f"DEMAND_PROFIT(large_price,{at})"), "money",
             "USD/day", name="out_demand_profit", role="output"),
        line("Best price", f'=IF(in_elasticity>1,IFERROR(OPTIMAL_PRICE(large_cost,in_elasticity),'
             f'"not known"),{none})', "price", "USD/Mtok", "Cost × e ÷ (e − 1).",
             name="out_optimal_price", role="output"),
        line("Tokens sold at the best price", known("DEMAND_AT_PRICE(out_optimal_price,large_price,"
             "in_reference_demand,in_elasticity)"), "tokens", "tokens/day", name="optimal_demand"),
        line("Profit at the best price", known(f"DEMAND_PROFIT(out_optimal_price,{at})"), "money",
             "USD/day", name="out_optimal_profit", role="output"),
    ]  # fmt: skip


def _distilled() -> list[Item]:
    return [
        heading("A small model distilled from the large one", "I"),
        line("Training of the large model", known("in_teacher_gpu_hours*rental"), "money",
             "USD", name="teacher_training"),
        line("Paid once for the small model", known("teacher_training*in_teacher_share"
             "+teacher_answers+in_student_gpu_hours*rental"), "money", "USD",
             "Share of the teacher, its answers, the small one's training.", name="paid_once"),
        line("Of it, the teacher's answers", known("in_teaching_tokens*large_cost/10^6"), "money",
             "USD", name="teacher_answers"),
        line("Serving cost of the small model", _of("small", "cost"), "price", "USD/Mtok",
             name="small_cost"),
        line("Cost with what was paid once", known("DISTILLED_COST_PER_MTOK(small_cost,"
             "teacher_training,in_student_tokens,in_teacher_share,teacher_answers,"
             "in_student_gpu_hours*rental)"), "price", "USD/Mtok",
             "Compare with its mean price in the ladder.", name="out_distilled_cost",
             role="output"),
        line("Cheaper than its teacher from", known("DISTILLATION_BREAKEVEN(paid_once,large_cost,"
             "small_cost)"), "tokens", "tokens", name="out_distillation_breakeven", role="output"),
        line("The large model has × the parameters",
             f"{_of('large', 'params')}/{_of('small', 'params')[1:]}", "ratio", "factor"),
        line("and costs × as much per token", known("large_cost/small_cost"), "ratio", "factor",
             "The article expects cost to fall by less than size."),
    ]  # fmt: skip


def _open() -> list[Item]:
    changed = "open_demand_factor,in_open_price_factor,in_open_own_share,in_licence_fee_share"
    revenue = "large_price*in_reference_demand/10^6"
    return [
        heading("Open weights of the large model", "I"),
        line("Tokens of all hosts, over those sold closed", "=DEMAND_AT_PRICE(in_open_price_factor,"
             "1,in_open_places_factor,in_elasticity)", "factor", "factor",
             "More places to deploy, and a lower price.", name="open_demand_factor"),
        line("Own revenue and licence fee", known(f"OPEN_WEIGHTS_REVENUE({revenue},{changed})"),
             "money", "USD/day", name="out_open_weights_revenue", role="output"),
        line("Margin with open weights", known(f"OPEN_WEIGHTS_MARGIN({revenue},"
             f"large_cost*in_reference_demand/10^6,{changed})"), "money", "USD/day",
             "With closed ones: profit at the market price.", name="out_open_weights_margin",
             role="output"),
        Gap(),
        line("Best rung", "=INDEX(ladder_model,MATCH(out_best_size_margin,ladder_margin,0))",
             "general", "", name="best_size", role="calculation_text"),
        line("Which rung earns most", _BEST, "general", "", name="size_best",
             role="note"),
        line("Where each rung stops",
             '="The price at which each stops earning, USD/Mtok: "'
             '&INDEX(ladder_stops,ROWS(ladder_stops))&"."',
             "general", "", name="size_stops", role="note"),
        line("Title of the chart",
             '=IFERROR("Margin per GPU-hour: "&best_size&" leads","Margin per GPU-hour")',
             "general", "", name="size_title", role="label"),
    ]  # fmt: skip


_CHART = Charts(
    [
        Chart(
            kind="stacked",
            column="J",
            title="size_title",
            x_title="Model, from small to large",
            y_title="USD per GPU-hour",
            series=[Series("Margin", "ladder_model", "ladder_margin", "light")],
            alt_text="Columns of the margin in USD per GPU-hour for each model of the ladder. The "
            "figures stand in the table “The ladder” on this sheet.",
            y_form="money",
            size=(820, 420),
            legend=False,
        )
    ],
    rows=0,
)


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="Big or small",
        title="Big or small?",
        about="The same margin for a ladder of models: computed rates on the same GPU, market "
        "prices of the ladder's own day (Inputs). Mixtures of experts are less sure.",
        widths={"A": 2, **across(40, 17, *[13] * 15, 30)},
        items=[*_ladder(), _CHART, *_demand(), *_distilled(), *_open()],
        frozen_rows=4,
        print_columns=("A", "R"),
    )
