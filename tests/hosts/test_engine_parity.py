"""Every registered function in the headless engine equals Python, for good and bad cells."""

from pathlib import Path

import openpyxl
import pytest

from xlmodel.registry import CellError, Function, Parameter, functions
from xlmodel.units import MustBeBlank, Quantity
from xlmodel.workbook import calc

NUMERIC = [f for f in functions().values() if f.numeric and f.parameters]
ROWS = 60  # enough that the engine makes the column one call
BAD: list[object] = [None, "3", True, -1e16, "=1/0"]


def _good(p: Parameter) -> float | None:
    if isinstance(p.kind, MustBeBlank):
        return None
    assert isinstance(p.kind, Quantity)
    return 0.25 if p.kind.high <= 1 else max(2.0, p.kind.low)


def _seen(cell: object) -> object:
    """A cell's content as a function receives it."""
    return CellError("#DIV/0!") if cell == "=1/0" else cell


def _equal(a: object, b: object) -> bool:
    if isinstance(a, CellError) and isinstance(b, CellError):
        return a.kind == b.kind
    return a == pytest.approx(b, rel=1e-12) if isinstance(a, float) else a == b


@pytest.mark.parametrize("function", NUMERIC, ids=lambda f: f.name)
def test_engine_equals_python(function: Function, tmp_path: Path) -> None:
    """A column of calls, in which each argument in turn is each kind of bad or blank cell."""
    good = [_good(p) for p in function.parameters]
    rows: list[list[object]] = [
        [*good[:i], bad, *good[i + 1 :]] for i in range(len(good)) for bad in BAD
    ]
    rows += [list(good) for _ in range(max(ROWS - len(rows), 2))]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    letters = [openpyxl.utils.get_column_letter(i + 1) for i in range(len(good))]
    for number, row in enumerate(rows, start=1):
        call = ",".join(f"{letter}{number}" for letter in letters)
        sheet.append([*row, f"={function.name}({call})"])
    book.save(tmp_path / "book.xlsx")
    result = openpyxl.utils.get_column_letter(len(good) + 1)
    for hoist in (True, False):
        calculation = calc.calculate(tmp_path / "book.xlsx", hoist=hoist)
        assert not calculation.unsupported
        for number, row in enumerate(rows, start=1):
            found = calculation.cell(sheet.title, f"{result}{number}")
            expected = function.call_cells([_seen(cell) for cell in row])
            assert _equal(found, expected), (row, found, expected)


OTHERS = {
    "XLMODEL_VERSION": [""],
    "XLMODEL_EXPLAIN": ['"NODE_COST",8,3.49'],
    "GPU_SPEC": ['"H100","hbm_gb"', '"H1000","hbm_gb"', "H100,5"],
    "MODEL_SPEC": ['"Llama-3.1-405B","layers"', '"Llama-3.1-405B","experts"'],
    "MIXED_GPU_HOUR": ["{3.49,1.5},{0.6,0.4}", "{3.49,1.5},{0.6,0.3}", "{1;2},{0.5;0.5},{0;0.1}"],
    "GPU_PRICE": ['A1:E3,"H100","Lambda"', 'A1:E3,"H100","Lambda",,"2024-12-31"', 'A1:E3,"B200"'],
    "MODEL_PRICE": ['G1:K2,"Llama-3.1-405B"', 'G1:K2,"Llama-3.1-405B",,"input"'],
}
TABLE = [
    [
        "gpu",
        "provider",
        "term",
        "usd_per_gpu_hour",
        "valid_from",
        None,
        "model",
        "provider",
        "kind",
        "usd_per_mtok",
        "valid_from",
    ],
    [
        "H100",
        "Lambda",
        "on-demand",
        3.49,
        45500,
        None,
        "Llama-3.1-405B",
        "Lepton AI",
        "output",
        2.8,
        45500,
    ],
    ["H100", "Lambda", "on-demand", 3.99, 46305],
]
ANSWERS: dict[str, list[object]] = {
    "XLMODEL_EXPLAIN": [functions()["XLMODEL_EXPLAIN"]("NODE_COST", 8, 3.49)],
    "XLMODEL_VERSION": [functions()["XLMODEL_VERSION"]()],
    "GPU_SPEC": [80.0, CellError("#N/A"), CellError("#VALUE!")],
    "MODEL_SPEC": [126.0, CellError("#N/A")],
    "MIXED_GPU_HOUR": [2.694, CellError("#NUM!"), 1.5 / 0.95],
    "GPU_PRICE": [3.99, 3.49, CellError("#N/A")],
    "MODEL_PRICE": [2.8, CellError("#N/A")],
}


def test_every_function_is_here() -> None:
    assert {f.name for f in NUMERIC} | OTHERS.keys() == functions().keys()


@pytest.mark.parametrize("name", OTHERS)
def test_functions_of_texts_and_tables(name: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in TABLE:
        sheet.append(row)
    for i, arguments in enumerate(OTHERS[name]):
        sheet.cell(10 + i, 1, f"={name}({arguments})")
    book.save(tmp_path / "book.xlsx")
    calculation = calc.calculate(tmp_path / "book.xlsx")
    for i, expected in enumerate(ANSWERS[name]):
        assert _equal(calculation.cell(sheet.title, f"A{10 + i}"), expected)
