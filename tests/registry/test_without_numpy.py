"""In a Python without NumPy and pandas, as in some LibreOffice, cells get the same values."""

import json
import subprocess
import sys
from typing import Any

import pytest

from xlmodel import tables
from xlmodel.registry import CellError, functions
from xlmodel.units import Load, Named, Quantity, Series, Table, Text

_PROGRAM = """
import json, sys
for name in ("numpy", "pandas"):
    sys.modules[name] = None  # an import of it raises ImportError
from xlmodel.registry import functions
calls = json.load(sys.stdin)
json.dump({name: functions()[name].call_cells(args) for name, args in calls.items()}, sys.stdout)
"""
ROWS = 100  # enough that NumPy would compute them
_TABLES = {"GPU_PRICE": "gpu_prices", "MODEL_PRICE": "model_prices"}
"""Of other functions an optional table is left out."""


def _argument(name: str, kind: object) -> Any:
    if isinstance(kind, Table):
        return tables.grid(_TABLES[name]) if name in _TABLES else None
    if isinstance(kind, Quantity):
        value = 0.25 if kind.high <= 1 else max(2.0, kind.low)
        return [[value]] * (ROWS - 1) + [["text"]]
    if isinstance(kind, Series):
        return [[0.5], [0.5]]
    return kind.example if isinstance(kind, Text | Named | Load) else None


@pytest.fixture(scope="module")
def bare() -> dict[str, Any]:
    """What each function gives without NumPy; errors as lists of kind and reason."""
    calls = {
        name: [_argument(name, p.kind) for p in f.parameters] for name, f in functions().items()
    }
    result = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout)  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", functions())
def test_cells_are_the_same(name: str, bare: dict[str, Any]) -> None:
    function = functions()[name]
    expected = function.call_cells([_argument(name, p.kind) for p in function.parameters])
    rows = expected if isinstance(expected, list) else [[expected]]
    found = bare[name] if isinstance(expected, list) else [[bare[name]]]
    for left, right in zip(found, rows, strict=True):
        for a, b in zip(left, right, strict=True):
            if isinstance(b, CellError):
                assert a == [b.kind, b.reason]
            else:
                assert a == pytest.approx(b, rel=1e-12) if isinstance(b, float) else a == b
