"""The checked call in its corners: blanks, ranges that do not fit, texts, tables, Python arrays."""

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

import xlmodel
from tests.parity.derived import calls
from tests.parity.samples import Args
from xlmodel.registry import CellError, Function, InputError, find, functions

MARGIN = find("NODE_MARGIN")
FOUNDING = [300, 10, 2.8, 2.8, 8, 3.49]


def test_a_blank_is_the_default() -> None:
    assert MARGIN.call_cells([*FOUNDING, None, None, None, None]) == MARGIN.call_cells(FOUNDING)
    column = MARGIN.call_cells([*FOUNDING, [[None], [1.0], [0.5]]])
    assert isinstance(column, list)
    assert column[0] == column[1] != column[2]


def test_a_blank_cached_price_in_a_range_is_that_rows_input_price() -> None:
    prices = [[2.0], [2.8], [4.0]] * 30
    args: list[object] = [300, 10, prices, 2.8, 8, 3.49, None, 0.5]
    without = MARGIN.call_cells(args)
    blank = MARGIN.call_cells([*args, [[None]] * 90])
    assert without == blank


def test_a_range_of_one_cell_is_that_cell() -> None:
    assert MARGIN.call_cells([[[300.0]], *FOUNDING[1:]]) == MARGIN.call_cells(FOUNDING)


@pytest.mark.parametrize("times", [1, 40])
def test_ranges_of_different_length_end_in_na(times: int) -> None:
    long, short = [[300.0]] * 3 * times, [[10.0]] * 2 * times
    results = MARGIN.call_cells([long, short, *FOUNDING[2:]])
    assert isinstance(results, list)
    assert results[0][0] == pytest.approx(128.256)
    assert results[-1][0].kind == "#N/A"
    assert len(results) == 3 * times


def test_too_many_arguments() -> None:
    error = MARGIN.call_cells([1] * 11)
    assert isinstance(error, CellError)
    assert "takes 10 arguments at most, not 11" in error.reason
    error = find("COST_PER_MTOK").call_cells([1.0, 2.0, None])
    assert isinstance(error, CellError)
    assert (error.kind, "at most, not 3" in error.reason) == ("#VALUE!", True)


TOO_LARGE = 10**400
"""A whole number that is no float."""


def with_too_large(args: Args) -> Iterator[list[object]]:
    """The arguments with the number in place of one of them, or of one cell of a range."""
    for i, value in enumerate(args):
        for bad in (TOO_LARGE, [[1.0], [TOO_LARGE]], [[TOO_LARGE], [None], *[[1.0]] * 60]):
            yield [*args[:i], bad, *args[i + 1 :]]
        for r, row in enumerate(value if isinstance(value, list) else []):
            for c in range(len(row)):
                changed = [*value[:r], [*row[:c], TOO_LARGE, *row[c + 1 :]], *value[r + 1 :]]
                yield [*args[:i], changed, *args[i + 1 :]]


@pytest.mark.parametrize("function", functions().values(), ids=lambda f: f.name)
def test_a_number_too_large_for_a_float_is_an_error_in_its_cell(function: Function) -> None:
    base = calls(function)[0]
    for args in with_too_large(base):
        answer = function.call_cells(args)
        assert isinstance(answer, CellError | float | str | list)
    column = [[TOO_LARGE], *[[base[0]]] * 59] if function.numeric else None
    if column:
        answers = function.call_cells([column, *base[1:]])
        assert isinstance(answers, list)
        assert answers[0][0].kind == "#NUM!"
        assert answers[1] == answers[59]
        # Not to the last digit: processors compute powers of arrays otherwise than single ones.
        alone = function.call_cells(base)
        assert answers[1][0] == (pytest.approx(alone, rel=1e-12) if alone else alone)


def test_a_bad_scalar_beside_a_range_spoils_every_cell() -> None:
    for length in (3, 100):
        results = MARGIN.call_cells([[[300.0]] * length, -1, *FOUNDING[2:]])
        assert isinstance(results, list)
        assert {row[0].kind for row in results} == {"#NUM!"}


def test_the_slot_of_utilization_stays_blank() -> None:
    breakeven = find("BREAKEVEN_UTILIZATION")
    assert breakeven.call_cells([*FOUNDING, None, 0.5, 1.4]) == pytest.approx(1.0862, abs=1e-4)
    error = breakeven.call_cells([*FOUNDING, 0.85])
    assert isinstance(error, CellError)
    assert "leave the slot blank" in error.reason
    with pytest.raises(InputError, match="leave the slot blank"):
        xlmodel.breakeven_utilization(*FOUNDING, 0.85)
    column = breakeven.call_cells([[[300.0]] * 100, *FOUNDING[1:], [[None]] * 100])
    assert isinstance(column, list)
    assert column[0][0] == pytest.approx(0.8393458)


def test_python_arrays() -> None:
    tps = np.array([[100.0], [300.0]])
    prices = [2.0, 2.8, 3.6]
    grid = xlmodel.node_margin(tps, 10, 2.8, prices, 8, 3.49)
    assert grid.shape == (2, 3)
    assert grid[1, 1] == pytest.approx(128.256)
    series = xlmodel.node_cost(pd.Series([1, 8]), 3.49)
    assert series.tolist() == pytest.approx([83.76, 670.08])
    assert xlmodel.node_cost(np.array([8]), np.float32(3.5)).tolist() == [672.0]
    assert xlmodel.node_cost(np.int64(8), Decimal("3.49")) == pytest.approx(670.08)
    assert xlmodel.node_cost(np.array([]), 3.49).size == 0


def test_python_numbers_of_every_kind() -> None:
    """Decimals, NumPy scalars and 0-d arrays, integers beyond 64 bits."""
    assert xlmodel.node_cost([Decimal("8")], 3.49).tolist() == pytest.approx([670.08])
    assert xlmodel.node_cost(np.array(8), 3.49) == pytest.approx(670.08)
    with pytest.raises(InputError, match="beyond anything plausible"):
        xlmodel.tokens_per_day([10**30], 10)
    with pytest.raises(InputError, match="beyond anything plausible"):
        xlmodel.tokens_per_day(10**400, 10)
    with pytest.raises(InputError, match="rows of output_tps differ in length"):
        xlmodel.tokens_per_day([[1.0, 2.0], [3.0]], 10)


def test_large_integers_do_not_overflow() -> None:
    many = np.full(3, 10**14, dtype=np.int64)
    assert xlmodel.tokens_per_day(many, 10**6)[0] == pytest.approx(1e14 * (1 + 1e6) * 86_400)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ([300, -1.0], r"output_tps is -1, .*\(at index 1\)"),
        ([300, float("nan")], r"output_tps is nan.*\(at index 1\)"),
        ([[300.0, 1.0], [2.0, -5.0]], r"\(at index 1, 1\)"),
        ([300, "3"], 'output_tps holds the text "3"'),
        ([True, False], "holds the logical value TRUE"),
        ([300, None], "output_tps holds blank"),
        (np.array([1, 2], dtype="datetime64[D]"), "must hold numbers"),
    ],
)
def test_a_bad_value_in_a_python_array_raises(bad: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        xlmodel.tokens_per_day(bad, 10)  # type: ignore[call-overload]


def test_arrays_that_do_not_fit() -> None:
    with pytest.raises(InputError, match=r"shapes \(2,\) and \(3,\) do not fit"):
        xlmodel.node_cost([1, 2], [1, 2, 3])


GPU_TABLE = [
    ["GPU", "Provider", "Term", "usd_per_gpu_hour", "valid_from", "note"],
    ["H100", "Lambda", "on-demand", 3.49, 45500.0, None],
    ["H100", "Lambda", "on-demand", 2.99, 45700.0, None],
    ["H100", "CoreWeave", "on-demand", 6.16, "2024-08-01", None],
    ["H100", "CoreWeave", "spot", 2.46, 45505, None],
    ["H100", "Broken", "on-demand", "n/a", 45500, None],
    ["B200", "Nobody", "on-demand", 5.0, "soon", None],
]
PRICE = find("GPU_PRICE")


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["H100", "Lambda"], 2.99),
        (["h100 ", "lambda", None, 45600], 3.49),
        (["H100", "Lambda", "on-demand", "2024-07-27"], 3.49),
        (["H100", "CoreWeave", "SPOT"], 2.46),
        (["H100", "CoreWeave", "", ""], "#VALUE!"),  # as_of is the text ""
        (["H100", None, "spot"], 2.46),
        (["H100", "Lambda", None, 45000], "#N/A"),
        (["H200", "Lambda"], "#N/A"),
        (["H100", "Lamda"], "#N/A"),
        (["H100", "Lambda", "reserved"], "#N/A"),
        (["H100", "Broken"], "#VALUE!"),
        (["B200", "Nobody"], "#VALUE!"),
        ([None, "Lambda"], "#VALUE!"),
        ([100, "Lambda"], "#VALUE!"),
        (["H100", "Lambda", None, True], "#VALUE!"),
        (["H100", "Lambda", None, -3], "#NUM!"),
        (["H100", CellError("#REF!")], "#REF!"),
    ],
)
def test_gpu_price(args: list[object], expected: object) -> None:
    answer = PRICE.call_cells([GPU_TABLE, *args])
    assert (answer.kind if isinstance(answer, CellError) else answer) == expected


def test_gpu_price_is_the_median_of_each_providers_newest() -> None:
    good = GPU_TABLE[:5]
    assert PRICE.call_cells([good, "H100"]) == pytest.approx((2.99 + 6.16) / 2)
    frame = pd.DataFrame(good[1:], columns=good[0])
    assert xlmodel.gpu_price(frame, "H100") == pytest.approx((2.99 + 6.16) / 2)


def test_look_ups_broadcast_and_name_what_is_near() -> None:
    column = PRICE.call_cells([GPU_TABLE, [["H100"], ["H200"], [None]], "Lambda"])
    assert isinstance(column, list)
    assert column[0][0] == 2.99
    assert column[1][0].kind == "#N/A"
    assert "nearest: H100" in column[1][0].reason
    assert "write it in quotes" in column[2][0].reason or "is blank" in column[2][0].reason
    assert xlmodel.gpu_price(GPU_TABLE, ["H100", "H100"], ["Lambda", "CoreWeave"]).tolist() == [
        2.99,
        6.16,
    ]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([["gpu", "provider"], ["H100", "Lambda"]], "no column term, usd_per_gpu_hour, valid_from"),
        ("GpuPrices", "must be the whole table"),
        (None, "is blank"),
        ([[]], "table"),
        ([["H100"]], "no column"),
        (
            [["gpu", "GPU ", "provider", "term"], ["H100", "H100", "L", "spot"]],
            "two columns named gpu",
        ),
        ([["gpu", "provider"], ["H100"]], "rows"),
    ],
)
def test_not_a_table(table: object, words: str) -> None:
    error = PRICE.call_cells([table, "H100"])
    assert isinstance(error, CellError)
    assert error.kind == "#VALUE!"
    assert words in error.reason


def test_a_bad_table_beside_a_range() -> None:
    column = PRICE.call_cells(["none", [["H100"], ["H200"]]])
    assert isinstance(column, list)
    assert {row[0].kind for row in column} == {"#VALUE!"}


def test_specs() -> None:
    assert xlmodel.gpu_spec("h100", "HBM_GB") == 80
    assert xlmodel.gpu_spec("H100-SXM5-80GB", "hbm_gb") == 80
    assert "github" in str(xlmodel.gpu_spec("H100", "source"))
    assert xlmodel.model_spec("Llama-3.1-405B", "layers") == 126
    for call, words in (
        (lambda: xlmodel.gpu_spec("H1000", "hbm_gb"), "nearest: H100"),
        (lambda: xlmodel.gpu_spec("H100", "hbm"), "nearest: hbm_gb"),
        (lambda: xlmodel.gpu_spec("A100-80GB", "fp8_dense_tflops"), "no fp8_dense_tflops is known"),
    ):
        with pytest.raises(InputError, match=words) as caught:
            call()
        assert caught.value.kind == "#N/A"


def test_explain_over_a_range_of_names() -> None:
    explain = find("XLMODEL_EXPLAIN")
    told = explain.call_cells([[["NODE_COST"], ["NODE_COTS"]], 8, 3.49])
    assert isinstance(told, list)
    assert "670.08 USD/day" in told[0][0]
    assert told[1][0].kind == "#NAME?"


def test_look_ups_of_shapes_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="do not fit together"):
        xlmodel.gpu_price(GPU_TABLE, ["H100", "H100"], ["Lambda"] * 3)


def test_a_range_where_a_function_hands_its_arguments_on() -> None:
    with pytest.raises(InputError, match="name is the number 1, but must be a text"):
        xlmodel.xlmodel_explain([[1.0]], -1, 0.5)
    told = xlmodel.xlmodel_explain(["NODE_COST", "NODE_REVENUE"], 8, 3.49)
    assert told.shape == (2,)
    assert told[0] == xlmodel.xlmodel_explain("NODE_COST", 8, 3.49)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-09-01", 3.49),
        (" 2024-09-01 ", 3.49),
        ("20240901", "#VALUE!"),
        ("2024-W36", "#VALUE!"),
        ("2024-09-01garbage", "#VALUE!"),
        ("2024-13-01", "#VALUE!"),
        (pd.NaT, "#VALUE!"),
    ],
)
def test_dates_as_text(text: object, expected: object) -> None:
    answer = PRICE.call_cells([GPU_TABLE, "H100", "Lambda", None, text])
    assert (answer.kind if isinstance(answer, CellError) else answer) == expected


def test_names_match_as_a_spreadsheet_trims_them() -> None:
    table = [GPU_TABLE[0], ["H100", " Google  Cloud", "on-demand", 11.0, 45500.0, None]]
    assert PRICE.call_cells([table, "h100", "google cloud "]) == 11.0
    other = [GPU_TABLE[0], ["H100", "Google\u00a0Cloud", "on-demand", 11.0, 45500.0, None]]
    assert isinstance(PRICE.call_cells([other, "H100", "Google Cloud"]), CellError)


def test_explain() -> None:
    explain = find("XLMODEL_EXPLAIN")
    told = explain.call_cells(["NODE_MARGIN", *FOUNDING])
    assert "NODE_MARGIN = 128.256 USD/day" in str(told)
    assert "3,000 input + 300 output tokens/s" in str(told)
    told = explain.call_cells(["NODE_MARGIN", 300, 10, 2.8, 2.8, 8, 3.49, [[85.0], [1.0]]])
    assert "write 85 % as 0.85" in str(told)
    assert "first value of each range" in str(told)
    told = explain.call_cells(["GPU_PRICE", GPU_TABLE, "H100", "Lamda"])
    assert "nearest: Lambda" in str(told)
    told = explain.call_cells(["NODE_MARGIN", 300, CellError("#REF!"), *FOUNDING[2:]])
    assert "input_output_ratio is the error #REF!" in str(told)
    error = explain.call_cells(["NODE_MARGN"])
    assert isinstance(error, CellError)
    assert error.kind == "#NAME?"
