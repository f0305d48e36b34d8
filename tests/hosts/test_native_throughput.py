"""Twins that look a model and a GPU up, and the names that they call, equal Python and fit Excel.

The cases that all hosts share are in ``tests/parity``; here are more models, GPUs and benchmarks.
"""

import math
import re
import tempfile
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import ironcalc
import pytest
import xlsxwriter
from openpyxl.utils import FORMULAE
from xlsxwriter.worksheet import Worksheet

from xlmodel.hosts import bynames, native
from xlmodel.hosts.syntax import address, calls, tokens
from xlmodel.registry import CellError, functions
from xlmodel.tables import specs

Cell = object
Args = tuple[Cell, ...]
Case = tuple[str, Args]

HELPERS = native.helper_names()
LOOKING_UP = [f for f in functions().values() if bynames.looks_up(f)]
FORMULAS = {**HELPERS, **{f.name: native.defined_name(f) for f in LOOKING_UP}}

# Equal to Python

DENSE, MOE, MLA, WINDOW, LINEAR = (
    *("Llama-3.1-70B", "Mixtral 8x22b", "deepseek_r1", "gpt-oss-120b", "Qwen3.5-397B"),
)
MODELS = (DENSE, MOE, MLA, WINDOW, LINEAR, "Llama-3.1-405B", "Llama-4-Maverick", "qwen3-0.6b")
GPUS = ("H100", "h200 sxm", "B200", "MI300X", "A100 PCIe", "GB200")
LIMITS = ((None, None), (30.0, None), (None, 800.0), (25.0, 500.0), (0.001, None))


def _memory() -> Iterator[Case]:
    for model in (*MODELS, "no such", 5.0):
        yield "KV_BYTES_PER_TOKEN", (model,)
        yield "KV_BYTES_PER_TOKEN", (model, "fp4", 40_000.0)
        yield "KV_BYTES_PER_TOKEN", (model, "no such")
        yield "KV_BYTES_PER_TOKEN", (model, "FP8", 2e7)
    for model, gpu in product(MODELS, (*GPUS, "TPU v5e", "no such")):
        yield "MIN_GPUS", (model, gpu)
        yield "MIN_GPUS", (model, gpu, "FP8", 16_000.0, 128.0)
        yield "MIN_GPUS", (model, gpu, "BF16", 1e5, 1e6)
        yield "MAX_BATCH", (model, gpu, 8.0, 2176.0, None, "FP8")


def _speeds() -> Iterator[Case]:
    for model, gpu, count in product(MODELS, GPUS, (1.0, 8.0, 12.5, 16.0)):
        yield "DECODE_TPS", (model, gpu, count, 16.0, 4000.0)
        yield "DECODE_TPS", (model, gpu, count, 700.0, 900.0, "FP8", None, 1.0, 1.0, 0.0, 0.0)
        yield "PREFILL_TPS", (model, gpu, count, 12_000.0, "FP4")
        yield "VERIFY_COST", (model, gpu, count, 32.0, 2000.0, 4.0, "FP8")
    for gpu, precision in product(GPUS, (None, "FP8", "int4", "no such")):
        yield "THROUGHPUT_ERROR", (gpu, precision)


def _points() -> Iterator[Case]:
    for model, gpu, (tpot, ttft) in product(MODELS, GPUS, LIMITS):
        yield "NODE_TPS", (model, gpu, 8.0, 3000.0, 300.0, None, None, 0.4, tpot, ttft)
        yield "NODE_BATCH", (model, gpu, 8.0, 20_000.0, 300.0, "FP8", 0.0, tpot, ttft)
    for model, gpu, batch in product(MODELS, GPUS, (None, 1.0, 48.0, 1e6)):
        yield "TTFT", (model, gpu, 8.0, 2000.0, 500.0, "FP8", batch, 0.5)
        yield "TPOT", (model, gpu, 8.0, 2000.0, 500.0, None, batch, 1.0, "FP8", "physics")
    for basis in ("AUTO", "physics ", "guess"):
        yield "TTFT", (DENSE, "H100", 8.0, 2000.0, 500.0, None, 4.0, 0.0, None, basis)


_MEASURED_HEAD = (
    *("model", "GPU", "gpus", "precision", "kv_precision", "input_tokens", "output_tokens"),
    *("batch", "output_tps", "ttft_ms", "tpot_ms", "note"),
)
_MINE = ("llama 70b", "H200-SXM", 4.0, "W8A8-FP8", None)
_PLACES = list(product((500.0, 2000.0), (100.0, 400.0), (1.0, 8.0, 64.0)))
MEASURED = [
    list(_MEASURED_HEAD),
    *(
        [
            "llama 70b",
            "H200-SXM",
            4.0,
            "W8A8-FP8",
            None,
            i,
            o,
            b,
            60 * b**0.8,
            i / 9 + b,
            12 + b,
            "x",
        ]
        for i, o, b in _PLACES[:-1]  # the last is missing
    ),
    ["Llama-70B", "H200", 4.0, "FP8", "FP8", 500.0, 100.0, 8.0, 333.0, 44.0, 22.0, "later"],
    ["Llama-70B", "H200", 4.0, "FP8", "BF16", 500.0, 100.0, 8.0, 300.0, None, 20.0, None],
    ["Next", "Unknown", 1.0, "Fp3", "Fp2", 500.0, 100.0, 8.0, 300.0, 90.0, 20.0, None],
    [None] * 12,
]
BAD_ROW = [*MEASURED, ["other", "other", "four", "FP8", None, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, None]]
FEWER_COLUMNS = [row[:8] for row in MEASURED]
OWN_MODELS = [
    ["model", "layers", "hidden_dim", "query_heads", "ffn_dim", "vocab", "kv_heads", "experts"],
    ["Next", 40.0, 5120.0, 40.0, 13_000.0, 1e5, 8.0, None],
    ["Text", "40", 5120.0, 40.0, 13_000.0, 1e5, None, None],
    ["Blank", None, 5120.0, 40.0, 13_000.0, 1e5, 8.0, None],
    ["Minus", 40.0, -1.0, 40.0, None, 1e5, 8.0, None],
    ["Word", "many", 5120.0, 40.0, 13_000.0, 1e5, 8.0, None],
    ["No heads", 40.0, 5120.0, 0.0, 13_000.0, 1e5, None, None],
]
OWN_GPUS = [
    ["family", "gpu", "hbm_gb", "hbm_gb_per_s", "bf16_dense_tflops", "scaleup_gb_per_s"],
    ["Hopper", "Next", 200.0, 9000.0, 3000.0, 900.0],
    [None, "Slow", 48.0, 900.0, 300.0, None],
]


def _own() -> Iterator[Case]:
    place = ("Llama-70B", "H200", 4.0)
    for i, o, batch in product((500.0, 700.0, 2000.0, 3000.0), (100.0, 250.0), (None, 8.0, 50.0)):
        yield "NODE_TPS", (*place, i, o, "FP8", batch, 0.0, None, None, None, None, MEASURED)
        yield "TTFT", (*place, i, o, None, batch, 0.0, None, "auto", MEASURED)
        yield "NODE_BATCH", (*place, i, o, "FP8", 0.0, 30.0, 290.0, None, "auto", MEASURED)
    one = (500.0, 100.0, "FP8", 8.0, 0.0)
    for basis, kv, hits in product(("auto", "physics", "grid"), (None, "BF16"), (0.0, 0.5)):
        if basis != "grid":
            yield "TTFT", (*place, *one[:4], hits, kv, basis, MEASURED)
    for table in (BAD_ROW, FEWER_COLUMNS, MEASURED[:1], "text", CellError("#DIV/0!")):
        yield "TPOT", (*place, *one, None, "auto", table)
    unknown = ("next", " unknown", 1.0, 500.0, 100.0)
    yield "TPOT", (*unknown, "fp3", 8.0, 0.0, "FP2", "auto", MEASURED)
    yield "TPOT", (*unknown, "fp3", 9.0, 0.0, "FP2", "auto", MEASURED)
    for row in OWN_MODELS[1:]:
        yield "DECODE_TPS", ([OWN_MODELS[0], row], "H100", 2.0, 4.0, 1000.0)
        yield "KV_BYTES_PER_TOKEN", ([OWN_MODELS[0], row], "no such")
    for row in OWN_GPUS[1:]:
        yield "NODE_TPS", ("Llama-8B", [OWN_GPUS[0], row], 1.0, 3000.0, 300.0)
        yield "PREFILL_TPS", ("Llama-8B", [OWN_GPUS[0], row], 2.0, 3000.0)
        yield "DECODE_TPS", ([*OWN_MODELS[:2]], [OWN_GPUS[0], row], 1.0, 4.0, 1000.0, "FP8")


CASES = [*_memory(), *_speeds(), *_points(), *_own()]


class _Book:
    """The calls of a list of cases, each in the first cell of a row; ranges on a second sheet."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._places: dict[str, str] = {}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "cases.xlsx")
            book = xlsxwriter.Workbook(path)
            for name, formula in native.defined_names().items():
                book.define_name(name, f"={formula}")
            sheet, self._ranges = book.add_worksheet(), book.add_worksheet("R")
            for r, (name, args) in enumerate(cases):
                sheet.write_formula(r, 0, f"={name}({','.join(map(self._argument, args))})")
            book.close()
            self.model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        self.model.evaluate()

    def _argument(self, value: Cell) -> str:
        match value:
            case list():
                return self._range(value)
            case CellError(kind=kind):
                return kind
            case str():
                return f'"{value}"'
        return "" if value is None else repr(value)

    def _range(self, grid: list[list[Cell]]) -> str:
        if repr(grid) not in self._places:
            top = 20 * len(self._places)
            for r, row in enumerate(grid):
                self._ranges.write_row(top + r, 0, row)
            last = address(top + len(grid), len(grid[0]))
            self._places[repr(grid)] = f"R!A{top + 1}:{last}"
        return self._places[repr(grid)]


def _same(found: Cell, expected: Cell) -> bool:
    if isinstance(expected, CellError):
        return found == expected.kind
    return isinstance(found, float) and math.isclose(found, float(str(expected)), rel_tol=1e-9)


def test_each_call_equals_python() -> None:
    model = _Book(CASES).model
    wrong = [
        f"{name}{args}: {found} instead of {expected}"
        for r, (name, args) in enumerate(CASES, start=1)
        if not _same(
            found := model.get_cell_value(0, r, 1), expected := functions()[name].call_cells(args)
        )
    ]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(CASES)} differ:", *wrong[:20]])


def test_the_cases_hold_answers_and_errors() -> None:
    answers = [functions()[name].call_cells(args) for name, args in CASES]
    kinds = {answer.kind for answer in answers if isinstance(answer, CellError)}
    assert kinds == {"#N/A", "#NUM!", "#VALUE!", "#DIV/0!"}
    assert sum(isinstance(answer, float) for answer in answers) > len(CASES) / 3


def test_every_name_and_alias_is_found() -> None:
    models, gpus = specs.names("model_specs"), specs.names("gpu_specs")
    spelled = [
        (name, f" {known.strip().upper().replace('-', ' ')} ")
        for names, name in ((models, "KV_BYTES_PER_TOKEN"), (gpus, "MAX_BATCH"))
        for key, aliases in names.items()
        for known in (key, *filter(str.strip, aliases.split(";")))
    ]
    cases: list[Case] = [
        (name, (known,) if name == "KV_BYTES_PER_TOKEN" else ("qwen3-0.6b", known, 1.0, 4000.0))
        for name, known in spelled
    ]
    model = _Book(cases).model
    for r, (name, args) in enumerate(cases, start=1):
        expected = functions()[name].call_cells(args)
        assert isinstance(expected, float), args
        assert _same(model.get_cell_value(0, r, 1), expected), args


# Within Excel's limits

each_formula = pytest.mark.parametrize("name", FORMULAS)


@each_formula
def test_formula_fits(name: str) -> None:
    formula = FORMULAS[name]
    assert len(formula) <= 8192
    depth = deepest = 0
    for word in tokens(formula):
        depth += (word.text == "(") - (word.text == ")")
        deepest = max(deepest, depth)
    assert depth == 0
    assert deepest <= 64
    for call in calls(tokens(formula)):
        most = 2 * 126 + 1 if tokens(formula)[call.start].text == "_xlfn.LET" else 253
        assert len(call.arguments) <= most


@each_formula
def test_variables_are_no_addresses_or_functions(name: str) -> None:
    for variable in set(re.findall(r"_xl[po][mp]\.(\w+)", FORMULAS[name])):
        assert not re.fullmatch(r"[a-z]{1,3}\d+|(r\d*)?(c\d*)?", variable)
        assert variable.upper() not in FORMULAE | functions().keys() | HELPERS.keys()


@each_formula
def test_newer_functions_are_stored_with_the_prefix_that_xlsxwriter_gives(name: str) -> None:
    stored = FORMULAS[name]
    bare = stored.replace("_xlfn._xlws.", "").replace("_xlfn.", "")
    assert Worksheet()._prepare_formula(bare, expand_future_functions=True) == stored


@each_formula
def test_all_that_is_called_is_there(name: str) -> None:
    called = {word.text for word in tokens(FORMULAS[name]) if word.kind == "call"}
    assert {text for text in called if text.startswith("XLMODEL_")} <= HELPERS.keys()


def test_names_of_helpers_are_their_own() -> None:
    assert not HELPERS.keys() & functions().keys()
    assert all(name.startswith("XLMODEL_") for name in HELPERS)
    used = {word.text for f in native.defined_names().values() for word in tokens(f)}
    assert HELPERS.keys() <= used
