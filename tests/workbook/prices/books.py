"""CSV files of prices and runs of the command, for tests."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlmodel.cli import main

WORKBOOKS = Path(__file__).parents[3] / "workbooks"
EDITIONS = (
    "node_margin.xlsx",
    "node_margin.xlsm",
    "node_margin_lite.xlsx",
    "node_margin_calc.xlsx",
)
GPU_HEAD = "gpu,provider,term,usd_per_gpu_hour,currency,valid_from,source"
MODEL_HEAD = "model,provider,kind,usd_per_mtok,currency,valid_from,source"
CHEAPER = "H100,Lambda,on-demand,2.99,USD,2024-11-01,a quote"
SHEETS = {"GpuPrices": "GPU prices", "ModelPrices": "Model prices"}


def written(folder: Path, *lines: str, head: str = GPU_HEAD, name: str = "new.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return path


def copy(folder: Path, edition: str = EDITIONS[0]) -> Path:
    return Path(shutil.copy(WORKBOOKS / edition, folder / edition))


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main([str(word) for word in argv])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def rows(path: Path, table: str = "GpuPrices") -> list[dict[str, Any]]:
    """The rows of a price table as openpyxl reads them; formulas as text."""
    return _rows(openpyxl.load_workbook(path), table)


def values(path: Path, table: str = "GpuPrices") -> list[dict[str, Any]]:
    """The same with the stored values of formulas."""
    book = openpyxl.load_workbook(path)
    stored = openpyxl.load_workbook(path, data_only=True)
    ref = book[SHEETS[table]].tables[table].ref
    return _cells(stored[SHEETS[table]][ref])


def _rows(book: Any, table: str) -> list[dict[str, Any]]:
    sheet = book[SHEETS[table]]
    return _cells(sheet[sheet.tables[table].ref])


def _cells(cells: Sequence[Any]) -> list[dict[str, Any]]:
    head, *below = cells
    return [{h.value: c.value for h, c in zip(head, row, strict=True)} for row in below]
