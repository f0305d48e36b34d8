"""The declared twins of look-ups equal Python for every mix of names, providers and days."""

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
