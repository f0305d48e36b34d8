"""The declared twins, of look-ups in a table and of a mix, equal Python."""

import itertools

import pytest

from tests.hosts.native_cases import Cell, Grid, Sheet, differences
from xlmodel.registry import functions
from xlmodel.registry.errors import CellError

NA = CellError("#N/A")
DIV0 = CellError("#DIV/0!")

GPU_PRICES: Grid = [
    ["note", "GPU", "provider", "term", " usd_per_gpu_hour ", "valid_from"],
    ["a", "H100", "Lambda", "on-demand", 3.49, "2024-07-27"],
    ["b", "H100", "Lambda", "On-Demand", 3.99, 46305],
    ["c", " H100 ", "Lepton", "on-demand", 2.80, " 2024-07-27 "],
    ["d", "H100", "lepton ", "on-demand", 2.90, "2025-02-01"],
    ["e", "H100", "Third", "on-demand", 2.10, 45500.5],
    ["f", "H100", "Spotty", "spot", 1.80, 45500],
    ["g", "H200", "Lambda", "on-demand", "free", 45500],
    ["h", "B200", "Lambda", "on-demand", 0.0, 45500],
    ["i", "A100", "Lambda", "on-demand", 1.0, "yesterday"],
    ["j", "L40S", "Lambda", "on-demand", 1.0, None],
    ["k", "L4", "Lambda", "on-demand", None, 45500],
    ["l", NA, "Lambda", "on-demand", 9.0, 45500],
    ["m", "H800", "Same", "on-demand", 4.0, 45500],
    ["n", "H800", "Same", "on-demand", 5.0, 45500],
]
MODEL_PRICES: Grid = [
    ["model", "provider", "kind", "usd_per_mtok", "valid_from"],
    ["Llama-3.1-405B", "Lepton", "output", 2.8, "2024-07-27"],
    ["Llama-3.1-405B", "Lepton", "input", 2.7, "2024-07-27"],
    ["Llama-3.1-405B", "Together", "output", 3.5, "2025-07-03"],
]

GPUS = ["H100", "h100 ", "H200", "B200", "A100", "L40S", "L4", "H800", "none", None, 5.0, True]
PROVIDERS = [None, "", "lambda", "LEPTON", "nobody", 3.0, DIV0]
DATES = [None, 45500, 45499, 45657.5, "2024-12-31", "2026-10-10", "soon", "", 0, True, 3e6, NA]


def found_and_expected(
    name: str, table: Grid, arguments: list[list[Cell]]
) -> tuple[Grid, list[list[object]]]:
    """Calls with the table and one row of arguments each: in the engine, in Python."""
    sheet = Sheet()
    where = sheet.put_grid(1, 40, table)
    for r, row in enumerate(arguments, start=1):
        given = sheet.put_grid(r, 1, [row]).partition(":")
        columns = ",".join(given[0].replace("A", chr(65 + c), 1) for c in range(len(row)))
        sheet.formula(r, 30, f"={name}({where},{columns})")
    found = sheet.values(1, 30, len(arguments), 1)
    return found, [[functions()[name].call_cells([table, *row])] for row in arguments]


@pytest.mark.parametrize("term", [None, "spot", "never"])
def test_gpu_price(term: Cell) -> None:
    cases = [[*case[:2], term, case[2]] for case in itertools.product(GPUS, PROVIDERS, DATES)]
    found, expected = found_and_expected("GPU_PRICE", GPU_PRICES, cases)
    assert not differences(found, expected)


def test_model_price() -> None:
    models = ["llama-3.1-405b", "Llama", None, NA]
    providers, kinds = [None, "together", "Lepton"], [None, "input", "cache_read", 1.0]
    cases = [list(case) for case in itertools.product(models, providers, kinds, DATES)]
    found, expected = found_and_expected("MODEL_PRICE", MODEL_PRICES, cases)
    assert not differences(found, expected)


@pytest.mark.parametrize(
    "table",
    [
        [row[:5] for row in GPU_PRICES],
        [row[1:] for row in GPU_PRICES],
        [row[::-1] for row in GPU_PRICES],
        GPU_PRICES[:1],
        GPU_PRICES[1:],
    ],
    ids=["without dates", "without notes", "columns in another order", "no rows", "no header"],
)
def test_columns_are_found_by_header(table: Grid) -> None:
    cases: list[list[Cell]] = [["H100"], ["none"], ["H100", "Lambda", None, 45500]]
    found, expected = found_and_expected("GPU_PRICE", table, cases)
    assert not differences(found, expected)


def test_arguments_left_out() -> None:
    sheet = Sheet()
    where = sheet.put_grid(1, 40, GPU_PRICES)
    calls: dict[str, list[Cell]] = {
        f'GPU_PRICE({where},"H100")': ["H100"],
        f'GPU_PRICE({where},"H100",,"spot")': ["H100", None, "spot"],
        f'GPU_PRICE({where},"H100","Lambda",,45500)': ["H100", "Lambda", None, 45500],
        f'GPU_PRICE({where},"H100",,,"2025-01-01")': ["H100", None, None, "2025-01-01"],
    }
    for r, call in enumerate(calls, start=1):
        sheet.formula(r, 1, f"={call}")
    function = functions()["GPU_PRICE"]
    expected = [[function.call_cells([GPU_PRICES, *given])] for given in calls.values()]
    assert not differences(sheet.values(1, 1, len(calls), 1), expected)


def test_names_against_providers_spill() -> None:
    sheet = Sheet()
    gpus: Grid = [["H100"], ["none"], [None], [DIV0], ["H800"], [7.0]]
    providers: Grid = [["Lambda", None, "Same", NA]]
    dates: Grid = [[45500], [46305], [None], [0], ["soon"], [45500]]
    given = [
        sheet.put_grid(1, 40, GPU_PRICES),
        sheet.put_grid(2, 1, gpus),
        sheet.put_grid(1, 2, providers),
        "",
        sheet.put_grid(2, 10, dates),
    ]
    sheet.spill(1, 20, 6, 4, f"=GPU_PRICE({','.join(given)})")
    expected = functions()["GPU_PRICE"].call_cells([GPU_PRICES, gpus, providers, None, dates])
    assert not differences(sheet.values(1, 20, 6, 4), expected)


@pytest.mark.parametrize(
    "given",
    [
        [[[3.49, 1.5]], [[0.6, 0.4]]],
        [[[3.49, 1.5]], [[0.6, 0.4]], [[0.0, 0.1]]],
        [[[3.49], [1.5]], [[0.6], [0.4]], [[0.0], [0.1]]],
        [[[3.49], [1.5]], [[0.6, 0.4]], [[0.0], [0.1]]],
        [[[3.49, 1.5]], [[0.6, 0.4]], [[0.1]]],
        [[[3.49, 1.5]], [[0.6, 0.3, 0.1]]],
        [[[3.49, 1.5]], [[0.6, 0.5]]],
        [[[3.49, 1.5]], [[0.6, None]]],
        [[[3.49, "1.5"]], [[0.6, 0.4]]],
        [[[3.49, -1.0]], [[0.6, True]]],
        [[[3.49, DIV0]], [[0.6, NA]]],
        [[[3.49, 1.5]], [[0.6, 0.4]], [[0.0, 1.0]]],
        [[[3.49, 1.5]], [[0.6, 0.4]], [[None, 0.1]]],
        [3.49, 1.0],
        [3.49, 1.0, 0.5],
        [3.49, 1.0, None],
        [None, 1.0],
    ],
    ids=str,
)
def test_mixed_gpu_hour(given: list[Cell]) -> None:
    sheet = Sheet()
    texts = [
        sheet.put_grid(10 * i + 1, 1, cell if isinstance(cell, list) else [[cell]])
        for i, cell in enumerate(given)
    ]
    sheet.formula(1, 30, f"=MIXED_GPU_HOUR({','.join(texts)})")
    expected = functions()["MIXED_GPU_HOUR"].call_cells(given)
    assert not differences(sheet.values(1, 30, 1, 1), expected)
