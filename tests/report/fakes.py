"""A recalculated workbook made by hand: the founding case, as a report gets to see it."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlmodel

TOKENS = '[>=1000000000]#,##0.000,,,"B";[>=1000000]#,##0.00,,"M";#,##0'
GPU_HEADER = [
    "gpu",
    "provider",
    "term",
    "usd_per_gpu_hour",
    "currency",
    "valid_from",
    "checked",
    "source",
    "note",
]
MODEL_HEADER = ["model", "provider", "kind", "usd_per_mtok", *GPU_HEADER[4:]]
LAMBDA = [
    "H100",
    "Lambda",
    "on-demand",
    3.49,
    "USD",
    45500,
    45500,
    "lambdalabs.com, on-demand price list",
    "8 × H100 SXM; the list is undated: the date is that of the argument",
]
LEPTON_IN = ["Llama-3.1-405B", "Lepton", "input", 2.8, "USD", 45500, 45500, "Y. Jia, July 2024", ""]
LEPTON = ["Llama-3.1-405B", "Lepton", "output", 2.8, "USD", 45500, 45500, "Y. Jia, July 2024", ""]


@dataclass
class Named:
    """A named cell."""

    value: Any
    label: str = ""
    unit: str = ""
    number_format: str = "General"
    date1904: bool = False
    sheet: str = "Margin"
    ref: str = "C5"
    evaluated: bool = True


@dataclass
class Cell:
    """A cell that was not evaluated."""

    cell: str
    reason: str


@dataclass
class Fake:
    """What a report needs of a calculation."""

    path: Path
    outputs: dict[str, Named] = field(default_factory=dict)
    inputs: dict[str, Named] = field(default_factory=dict)
    checks: dict[str, Named] = field(default_factory=dict)
    answers: dict[str, Named] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unsupported: list[Cell] = field(default_factory=list)
    tables: dict[str, list[list[Any]]] = field(default_factory=dict)
    ranges: dict[str, list[list[Any]]] = field(default_factory=dict)
    cells: dict[str, Any] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def values(self, name: str) -> list[list[Any]] | None:
        return self.ranges.get(name)

    def cell(self, sheet: str, ref: str) -> Any:
        return self.cells.get(f"{sheet}!{ref}")


def founding(folder: Path, utilization: float = 1.0, gpu_hour: float = 3.49) -> Fake:
    """The founding case, at another utilization or GPU price if wanted."""
    path = folder / "node_margin.xlsx"
    if not path.exists():
        path.write_bytes(b"the bytes of a workbook")
    node = (300, 10, 2.8, 2.8, 8, gpu_hour)
    points = [at / 20 for at in range(21)]
    curve = {
        "utilization": points,
        "revenue": [xlmodel.node_revenue(300, 10, 2.8, 2.8, at) for at in points],
        "cost": [xlmodel.node_cost(8, gpu_hour) for _ in points],
        "margin": [xlmodel.node_margin(*node, at) for at in points],
    }
    bridge = {
        "Sceptic's margin, as quoted": -922.0,
        "Tokens a day not rounded": -0.24,
        "Input tokens are billed too": 777.6,
        "Price 3.00 to 2.80 USD/Mtok": -57.024,
        "GPU price: 1,000 USD a day to 8 × 3.49 USD an hour": 329.92,
        "The reply's margin": 128.256,
    }
    return Fake(
        path,
        outputs={
            "out_tokens_per_day": Named(
                xlmodel.tokens_per_day(300, 10, utilization),
                "Tokens billed a day",
                "tokens/day",
                TOKENS,
            ),
            "out_revenue": Named(
                xlmodel.node_revenue(300, 10, 2.8, 2.8, utilization),
                "Revenue",
                "USD/day",
                "#,##0.00",
            ),
            "out_cost": Named(
                xlmodel.node_cost(8, gpu_hour), "Cost of the node", "USD/day", "#,##0.00"
            ),
            "out_margin": Named(
                xlmodel.node_margin(*node, utilization), "Margin", "USD/day", "#,##0.00"
            ),
            "out_margin_rate": Named(
                xlmodel.node_margin_rate(*node, utilization),
                "Margin rate",
                "share of revenue",
                "0.0%",
            ),
            "out_breakeven_price": Named(
                xlmodel.breakeven_price(300, 10, 8, gpu_hour, utilization),
                "Break-even price",
                "USD/Mtok",
                "#,##0.0000",
            ),
            "out_breakeven_utilization": Named(
                xlmodel.breakeven_utilization(*node), "Break-even utilization", "share", "0.0%"
            ),
        },
        inputs={
            "in_scenario": Named("Founding case, July 2024", "Scenario", "text", "@"),
            "in_as_of": Named(45500, "As-of date", "date", "yyyy-mm-dd"),
            "in_currency": Named("USD", "Currency", "ISO code", "@"),
            "in_gpu": Named("H100", "GPU", "name", "@"),
            "in_gpu_provider": Named("Lambda", "Provider of the GPUs", "name", "@"),
            "in_model": Named("Llama-3.1-405B", "Model", "name", "@"),
            "in_model_provider": Named("Lepton", "Provider of the model", "name", "@"),
            "in_gpus": Named(8, "GPUs in the node", "GPUs", "#,##0"),
            "in_output_tps": Named(300, "Output tokens per second", "tokens/s", "#,##0.00"),
            "in_input_output_ratio": Named(
                10, "Input tokens per output token", "input tokens per output token", "#,##0.0"
            ),
            "in_utilization": Named(utilization, "Utilization", "share", "0.0%"),
        },
        checks={
            "check_master": Named(True, "All checks"),
            "check_sign": Named(True, "Revenue and cost are not negative"),
            "check_balance": Named(True, "Revenue less cost equals margin"),
        },
        tables={
            "GpuPrices": [
                GPU_HEADER,
                list(LAMBDA),
                [*LAMBDA[:3], 2.99, "USD", 46000, 46000, "later", ""],
            ],
            "ModelPrices": [MODEL_HEADER, list(LEPTON_IN), list(LEPTON)],
        },
        ranges={
            **{f"curve_{name}": [[value] for value in cells] for name, cells in curve.items()},
            "curve_batch": [[1], [8], [64]],
            "curve_speed": [[30.0], [20.0], [5.0]],
            "curve_tps": [[30.0], [160.0], [320.0]],
            "curve_cost_per_mtok": [[23.5], [4.4], ["#N/A"]],
            "fade_day": [[0], [20], [40]],
            "fade_revenue": [[798.336], [703.7], [620.3]],
            "fade_cost": [[670.08], [670.08], [670.08]],
            "part_input": [[725.76 * utilization], [0], [0]],
            "part_output": [[72.576 * utilization], [0], [0]],
            "part_gpus": [[0], [24 * 8 * gpu_hour], [0]],
            "part_other": [[0], [0], [0]],
            "bridge_label": [[label] for label in bridge],
            "bridge_value": [[value] for value in bridge.values()],
            "bridge_note": [["On this reading batching adds nothing to the difference."]],
        },
    )
