"""The ``main.py`` of a workbook, run by the Python of xlwings Lite (Pyodide) in Node.

Every function with good and bad cells is compared in ``tests/parity``; here is what only Lite has.
"""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.hosts.lite import node
from xlmodel.hosts import wizard
from xlmodel.hosts.lite import bundle
from xlmodel.hosts.publish import XLWINGS
from xlmodel.registry import functions
from xlmodel.workbook import lite, webextension
from xlmodel.workbook.package import from_bytes, read

USERS = 'from xlwings import func\n\n\n@func\ndef HELLO(name):\n    return f"Hi {name}!"\n'
ERROR = {"type": "Error", "basicType": "Error", "basicValue": "#DIV/0!"}
DATE = {"type": "FormattedNumber", "basicType": "Double", "basicValue": 45500.0}
TABLE = [
    ["gpu", "provider", "term", "usd_per_gpu_hour", "valid_from"],
    ["H100", "Lambda", "on-demand", 3.49, DATE],
    ["H100", "Lambda", "on-demand", 3.99, 46305.0],
]
CALLS: dict[str, tuple[node.Call, object]] = {
    "left out": (("NODE_COST", [[[8]], [[3.49]], None, None]), 670.08),
    "fewer arguments": (("NODE_COST", [[[8]], [[3.49]]]), 670.08),
    "blank cells": (("NODE_COST", [[[8]], [[3.49]], [[None]], [[None]]]), 670.08),
    "empty text": (("NODE_COST", [[[8]], [[3.49]], [[""]]]), "Value"),
    "zero": (("NODE_COST", [[[8]], [[3.49]], [[0]]]), 0.0),
    "an error is no blank": (("NODE_COST", [[[8]], [[3.49]], [[ERROR]]]), "Div0"),
    "one row": (("NODE_COST", [[[8, 16]], [[3.49]]]), [[670.08, 1340.16]]),
    "one column": (("NODE_COST", [[[8], [None]], [[3.49]]]), [[670.08], ["Value"]]),
    "a grid": (("NODE_COST", [[[1], [2]], [[1, 10]]]), [[24.0, 240.0], [48.0, 480.0]]),
    "a date of a cell": (
        ("GPU_PRICE", [TABLE, [["H100"]], [["Lambda"]], None, [[DATE]]]),
        3.49,
    ),
    "a specification": (("GPU_SPEC", [[["H100"]], [["hbm_gb"]]]), 80.0),
    "a miss": (("GPU_SPEC", [[["H1000"]], [["hbm_gb"]]]), "NotAvailable"),
    "any number of arguments": (
        ("XLMODEL_EXPLAIN", [[["NODE_COST"]], [[[8]], [[3.49]]]]),
        functions()["XLMODEL_EXPLAIN"]("NODE_COST", 8, 3.49),
    ),
}


def shown(grid: list[list[Any]]) -> object:
    """What xlwings hands to Excel: one value, or rows; errors by Office's name for them."""
    rows = [[v["errorType"] if isinstance(v, dict) else v for v in row] for row in grid]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """``main.py`` read back from a workbook that had code of its user."""
    path = tmp_path_factory.mktemp("lite") / "book.xlsx"
    xlsxwriter.Workbook(path).close()
    path.write_bytes(webextension.embed(read(path), {"main.py": USERS}))
    stored = webextension.stored_file(read(lite.lite(path).path), "main.py")
    assert stored is not None
    return stored


@pytest.fixture(scope="module")
def ran(embedded: str) -> tuple[Any, dict[str, object]]:
    calls = [call for call, _ in CALLS.values()]
    about, answers = node.run(embedded, [*calls, ("HELLO", [[["you"]]])], again=True)
    return about, dict(zip([*CALLS, "user"], map(shown, answers), strict=True))


def test_the_python_of_lite_finds_every_function(ran: tuple[Any, Any]) -> None:
    about, answers = ran
    assert about["python"] == "emscripten"
    assert about["xlwings"] == XLWINGS
    assert not about["numpy"]
    assert set(about["functions"]) == {*functions(), "HELLO"}
    assert answers["user"] == "Hi you!"
    for name, function in functions().items():
        declared = about["functions"][name]
        assert declared["home"] == "main"
        assert declared["description"] == wizard.description(function)
        assert declared["arguments"] == [
            {
                "name": p.name,
                "optional": not p.required and not p.repeated,
                "repeated": p.repeated,
                "doc": wizard.argument_help(p),
                "convert": "raw",  # any other would make an error a blank, so a default
            }
            for p in function.parameters
        ]


@pytest.mark.parametrize("name", CALLS)
def test_calls_as_office_passes_them(name: str, ran: tuple[Any, dict[str, object]]) -> None:
    expected = CALLS[name][1]
    found = ran[1][name]
    assert found == (
        pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected
    )


def test_an_edition_carries_the_same_code(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    xlsxwriter.Workbook(path).close()
    edition = webextension.embed(from_bytes(path, path.read_bytes()), bundle.files())
    package = from_bytes(path, edition)
    assert {name: webextension.stored_file(package, name) for name in bundle.files()} == (
        bundle.files()
    )
