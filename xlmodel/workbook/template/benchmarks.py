"""The sheet Benchmarks: the user's own measurements, and shapes of requests to pick from.

The table Throughput takes the rows that ``xlmodel throughput import`` writes. As delivered it holds
one blank row, which look-ups pass over.
"""

from typing import Final

from xlmodel.workbook.template.parts import Beside, Sheet, Table, Value, across
from xlmodel.workbook.template.rate import FOUNDING_SHAPE

_COLUMNS: Final = {
    "model": "general",
    "gpu": "general",
    "gpus": "count",
    "precision": "general",
    "input_tokens": "whole",
    "output_tokens": "whole",
    "batch": "count",
    "output_tps": "rate",
    "ttft_ms": "whole",
    "tpot_ms": "rate",
    "engine": "general",
    "measured": "date",
    "source": "general",
    "note": "general",
}
"""The columns of the table, with their number formats."""

_GUESS: Final = "ASSUMPTION: an example, not measured"
_SHAPES: Final[tuple[tuple[Value, ...], ...]] = (
    (FOUNDING_SHAPE, 2048, 128, "Y. Jia, July 2024: a usual chatbot request"),
    ("Founding, 1,280 + 128", 1280, 128, "Y. Jia, July 2024: he reckons with 10 : 1"),
    ("Chat, 500 + 500", 500, 500, _GUESS),
    ("Long, 1,000 + 2,000", 1000, 2000, _GUESS),
    ("Retrieval, 8,000 + 500", 8000, 500, _GUESS),
    ("Agent, 20,000 + 1,000", 20000, 1000, _GUESS),
    ("Reasoning, 1,000 + 8,000", 1000, 8000, _GUESS),
)


def sheet() -> Sheet:
    """The description of the sheet."""
    measured = Table(
        "Throughput", "B", list(_COLUMNS), [[None] * len(_COLUMNS)], list(_COLUMNS.values())
    )
    shapes = Table(
        "TrafficShapes",
        "Q",
        ["shape", "input_tokens", "output_tokens", "source"],
        _SHAPES,
        ["general", "whole", "whole", "general"],
    )
    return Sheet(
        name="Benchmarks",
        title="Benchmarks",
        about="Your own measurements, a row a run; they win over estimates of the same model, GPU, "
        "precision and traffic. xlmodel throughput import adds rows. Right: shapes of requests.",
        widths={
            "A": 2,
            **across(20, 14, 9, 12, 27, 18, 10, 13, 11, 11, 14, 13, 30, 40, 3, 26, 14, 15, 44),
        },
        items=[Beside([measured, shapes])],
        protected=False,
        frozen_rows=5,
        print_columns=("A", "O"),
        head=("B", "G", "E", "F"),
    )
