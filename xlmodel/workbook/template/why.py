"""The sheet Explain: how each figure comes about, in words, and what the GPU and the model are.

The sentences are those of ``XLMODEL_EXPLAIN`` on the very arguments of the call that they explain,
so they say as well what is wrong when a figure is an error. They and the specifications need
Python: an edition without it shows the equations alone, and says so.
"""

from xlmodel.registry import docs, find
from xlmodel.workbook.template.calls import LIVE, REPLICA, explanation
from xlmodel.workbook.template.editions import Edition
from xlmodel.workbook.template.parts import (
    Cell,
    Gap,
    Item,
    Row,
    Sheet,
    across,
    headers,
    heading,
    line,
    remark,
)

_LAST = "E"
_ABSENT = "needs Python"
_PRESENT = "Each sentence is computed by XLMODEL_EXPLAIN from the arguments of the call itself."
_BANNER = (
    "No Python stands behind this edition: equations are shown without their values, and "
    "specifications not at all. The README, “In which spreadsheet”, names the editions with Python."
)

_FIGURES = (
    ("Tokens a day", "out_tokens_per_day", "tokens", "tokens/day", "TOKENS_PER_DAY"),
    ("Revenue a day", "out_revenue", "money", "USD/day", "NODE_REVENUE"),
    ("Cost a day", "out_cost", "money", "USD/day", "NODE_COST"),
    ("Margin a day", "out_margin", "money", "USD/day", "NODE_MARGIN"),
    ("Margin rate", "out_margin_rate", "share", "share of revenue", "NODE_MARGIN_RATE"),
    ("Blended price", "out_blended_price", "price", "USD/Mtok", "BLENDED_PRICE"),
    ("Break-even price", "out_breakeven_price", "price", "USD/Mtok", "BREAKEVEN_PRICE"),
    ("Break-even utilization", "out_breakeven_utilization", "share", "share",
     "BREAKEVEN_UTILIZATION"),
    ("Break-even output rate", "out_breakeven_tps", "rate", "tokens/s", "BREAKEVEN_TPS"),
    ("Output rate, computed", "out_replica_tps", "rate", "tokens/s", "NODE_TPS"),
)  # fmt: skip

_SPECS = (
    ("GPU: memory", "GPU_SPEC", "in_gpu", "hbm_gb", "GB"),
    ("GPU: memory bandwidth", "GPU_SPEC", "in_gpu", "hbm_gb_per_s", "GB/s"),
    ("GPU: compute, BF16 dense", "GPU_SPEC", "in_gpu", "bf16_dense_tflops", "TFLOP/s"),
    ("GPU: power limit", "GPU_SPEC", "in_gpu", "tdp_w", "W"),
    ("Model: parameters", "MODEL_SPEC", "in_model", "params_total_b", "billion"),
    ("Model: parameters used per token", "MODEL_SPEC", "in_model", "params_active_b", "billion"),
    ("Model: layers", "MODEL_SPEC", "in_model", "layers", "layers"),
)


def _figure_row(
    edition: Edition, label: str, name: str, form: str, unit: str, function: str
) -> Row:
    equation = docs.section(find(function), "Equation")
    names = REPLICA if function == "NODE_TPS" else LIVE
    words = f"={explanation(function, names)}" if edition.python else equation
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(f"={name}", form),
            "D": Cell(unit, role="unit"),
            "E": Cell(words, "general", role="explanation"),
        }
    )


def _spec_row(edition: Edition, label: str, function: str, key: str, field: str, unit: str) -> Row:
    known = f'IFNA({function}({key},"{field}"),"not known")'
    value = f'=IF({key}="","not known",{known})' if edition.python else _ABSENT
    note = f"Field {field} of {function}."
    return line(label, value, "general", unit, note, role="calculation_text")


def sheet(edition: Edition) -> Sheet:
    """The description of the sheet."""
    titles = across("Figure", "Value", "Unit", "How it comes about")
    items: list[Item] = [
        remark(_PRESENT if edition.python else _BANNER, name="explain_banner"),
        Gap(),
        heading("Figures of the day", _LAST),
        headers(titles, texts="BDE"),
        *(_figure_row(edition, *figure) for figure in _FIGURES),
        Gap(),
        heading("What the GPU and the model are", _LAST),
        line("GPU", "=in_gpu", "general", "", "As chosen on Inputs.", role="calculation_text"),
        line("Model", "=in_model", "general", "", "As chosen on Inputs.", role="calculation_text"),
        *(_spec_row(edition, *spec) for spec in _SPECS),
    ]
    return Sheet(
        name="Explain",
        title="How each figure comes about",
        about="In words, with units; where a figure is an error, the sentence says what is wrong.",
        widths={"A": 2, **across(36, 17, 20, 120)},
        items=items,
        frozen_rows=4,
        one_page=True,
    )
