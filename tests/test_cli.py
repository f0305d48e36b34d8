"""The command line as a user meets it: output, one-line errors with exit status 2, quick start."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import missing
from xlmodel.cli import main
from xlmodel.cli.commands import COMMANDS
from xlmodel.registry import functions


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    try:
        status = main(argv)
    except SystemExit as stop:
        status = int(stop.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("NODE_MARGIN 300 10 2.8 2.8 8 3.49", "128.256 USD/day\n"),
        ("node_margin 300 10 2.8 2.8 gpus=8 gpu_hour_price=3.49", "128.256 USD/day\n"),
        ("TOKENS_PER_DAY 300 10", "285120000 tokens/day\n"),
        ("TOKENS_PER_DAY 300 10 85%", "242352000 tokens/day\n"),
        ("NODE_COST 8 3,3.49", "576 USD/day\n670.08 USD/day\n"),
        ("MIXED_GPU_HOUR 3.49,1.5 [0.5,0.5]", "2.495 USD/GPU-hour\n"),
        ("GPU_PRICE gpu_prices H100 Lambda as_of=2024-12-31", "3.49 USD/GPU-hour\n"),
        ("GPU_SPEC H100 hbm_gb", "80\n"),
        ("BREAKEVEN_UTILIZATION 300 10 2.8 2.8 8 3.49 utilization=", "0.839345839345839 share\n"),
    ],
)
def test_fn(capsys: pytest.CaptureFixture[str], words: str, expected: str) -> None:
    assert run(capsys, "fn", *words.split()) == (0, expected, "")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("fn NODE_MARGN 300", "did you mean NODE_MARGIN?"),
        ("fn NODE_COST 8", "gpu_hour_price is blank"),
        ("fn NODE_COST eight 3.49", 'gpus is the text "eight"'),
        (
            "fn NODE_COST 8 -1",
            "gpu_hour_price is -1, but must be a number (USD/GPU-hour), 0 or more",
        ),
        ("fn TOKENS_PER_DAY 300 10 85", "write 85 % as 0.85"),
        ("fn TOKENS_PER_DAY 300 10 1 7", "takes 3 arguments at most, not 4"),
        ("fn TOKENS_PER_DAY 300 ratio=10", "has no argument 'ratio'"),
        ("fn TOKENS_PER_DAY output_tps=3 10", "after a name=value"),
        ("fn TOKENS_PER_DAY 300 output_tps=3", "given twice"),
        ("fn COST_PER_MTOK 670.08 285,120,000", "write 285120000"),
        ("fn GPU_PRICE nowhere.csv H100", "no readable CSV file"),
        ("fn GPU_PRICE gpu_prices H10", "nearest: H100"),
        ("fn GPU_PRICE gpu_prices H100 as_of=2020-01-01", "no price on 2020-01-01"),
        ("fn NODE_COST inf 3.49", "gpus is inf (GPUs), beyond anything plausible"),
        ("clac x.xlsx", "did you mean calc?"),
        ("nothing", "`xlmodel --help` lists them"),
        ("", "required: COMMAND"),
        ("fn NODE_COST 8 3.49 --nonsense", "unrecognized arguments: --nonsense"),
    ],
)
def test_errors_are_one_line(capsys: pytest.CaptureFixture[str], argv: str, words: str) -> None:
    status, out, err = run(capsys, *argv.split())
    assert (status, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert err.startswith("xlmodel")


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "fn", "NODE_COST", "8", "3.49", "--json")
    assert json.loads(out) == {"function": "NODE_COST", "value": 670.08, "unit": "USD/day"}
    _, out, _ = run(capsys, "functions", "--json")
    assert {entry["name"] for entry in json.loads(out)} == set(functions())


def test_functions(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "functions")
    assert all(f.signature in out for f in functions().values())
    _, out, _ = run(capsys, "functions", "node_margin")
    assert "margin = NODE_REVENUE − NODE_COST" in out


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    words = "fn NODE_MARGIN 300 10 2.8 2.8 8 3.49 --explain"
    _, out, _ = run(capsys, *words.split())
    assert "3,000 input + 300 output tokens/s" in out
    assert "revenue = 798.336 USD/day" in out


HEAVY = (
    "numpy",
    "pandas",
    "xlwings",
    "openpyxl",
    "xlsxwriter",
    "formualizer",
    "jinja2",
    "rich",
    "typst",
)
STARTS = ["--help", "--version", "fn NODE_MARGIN 300 10 2.8 2.8 8 3.49", "functions"]


@pytest.mark.parametrize("argv", STARTS)
def test_start_loads_nothing_heavy(argv: str) -> None:
    """Nor the modules of the standard library that cost milliseconds."""
    code = (
        "import sys; from xlmodel.cli import main\n"
        f"try: main({argv.split()!r})\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(result.stderr.split())
    banned = {*HEAVY, "inspect", "dataclasses", "importlib.metadata"}
    if "functions" in argv:
        banned -= {"inspect", "dataclasses"}
    assert not banned & loaded


def test_a_closed_pipe_is_no_error() -> None:
    result = subprocess.run(
        f"{sys.executable} -m xlmodel.cli functions | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert result.stderr == ""


def test_the_layers_hold_xlwings_and_openpyxl_back() -> None:
    """`import xlmodel` and a scalar call load none of the spreadsheet libraries."""
    code = "import sys, xlmodel; xlmodel.node_cost(8, 3.49); print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert not set(HEAVY) & set(result.stdout.split())


def test_module_and_command_are_the_same() -> None:
    command = Path(sys.executable).with_name("xlmodel")
    if not command.exists():
        missing("the package is not installed in this environment")
    result = subprocess.run(
        [command, "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.startswith("xlmodel ")


def test_every_command_has_something_that_runs_it() -> None:
    entries = [entry for _, _, _, last in COMMANDS if isinstance(last, list) for entry in last]
    entries += [entry for entry in COMMANDS if not isinstance(entry[3], list)]
    for name, _, runner, _ in entries:
        module, function = runner.split(":")
        assert callable(getattr(import_module(module), function)), name
