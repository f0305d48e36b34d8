"""What cells hold, between Excel's COM and Python."""

import datetime
from decimal import Decimal

import pytest

from tests.hosts.excel.standins import LAST_ROW, NUMBERS, SCODE, Range, Reference, Sheet
from xlmodel.hosts.excel.values import ERRORS, SEVERAL_AREAS, content, from_excel, to_excel
from xlmodel.registry import CellError, functions
from xlmodel.registry.errors import KINDS


def test_the_numbers_of_errors_are_microsofts() -> None:
    assert {kind: ERRORS[kind] for kind in NUMBERS} == NUMBERS
    assert set(KINDS) <= ERRORS.keys()


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_comes_in_and_goes_out(kind: str) -> None:
    scode = SCODE + ERRORS[kind]
    assert from_excel(scode) == CellError(kind)
    assert from_excel(((scode, 1.0),)) == [[CellError(kind), 1.0]]
    assert to_excel(CellError(kind, "why")) == kind


def test_na_is_the_scode_that_xlwings_knows() -> None:
    assert from_excel(-2146826246) == CellError("#N/A")


def test_an_error_that_is_not_known_is_still_one() -> None:
    assert from_excel(SCODE + 2222) == CellError("#VALUE!")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (8.0, 8.0),
        (8, 8.0),
        (2**40, 2.0**40),
        (SCODE - 1, float(SCODE - 1)),
        (True, True),
        ("3", "3"),
        ("", ""),
        (None, None),
        (((1.0, None), ("a", True)), [[1.0, None], ["a", True]]),
        ((1.0, "a"), [[1.0, "a"]]),
        ((), [[]]),
        (SEVERAL_AREAS, SEVERAL_AREAS),
    ],
)
def test_a_value_comes_in(value: object, expected: object) -> None:
    found = from_excel(value)
    assert (found, type(found)) == (expected, type(expected))


def test_dates_and_currency_of_a_vba_caller_are_understood() -> None:
    """From cells they come as numbers; VBA code may pass its own types."""
    table = [["gpu", "provider", "term", "usd_per_gpu_hour", "valid_from"], ["A", "B", "on-demand"]]
    for price, day in ((3.5, 45500.0), (Decimal("3.5"), datetime.datetime(2024, 7, 27))):
        rows = (tuple(table[0]), (*table[1], from_excel(price), from_excel(day)))
        args = [from_excel(rows), "A", None, None, from_excel(day)]
        assert functions()["GPU_PRICE"].call_cells(args) == 3.5


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (2.5, 2.5),
        (3, 3.0),
        (2**40, 2.0**40),
        (True, True),
        ("text", "text"),
    ],
)
def test_a_result_goes_out_as_com_takes_it(result: object, expected: object) -> None:
    found = to_excel(result)
    assert (found, type(found)) == (expected, type(expected))


def test_a_cell_and_a_block_are_read_raw() -> None:
    sheet = Sheet([[3.49123, "a"], [CellError("#N/A"), None]])
    assert content(Reference(Range(sheet, 1, 1))) == 3.49123
    assert content(Reference(Range(sheet, 1, 1, 2, 2))) == ((3.49123, "a"), (SCODE + 2042, None))


def test_several_areas_are_an_error_and_not_the_first_of_them() -> None:
    assert content(Reference(Range(Sheet([[1.0]]), 1, 1, areas=2))) == SEVERAL_AREAS
    answer = functions()["NODE_COST"].call_cells([SEVERAL_AREAS, 3.49])
    assert isinstance(answer, CellError)
    assert answer.kind == "#VALUE!"
    assert "several areas" in answer.reason


@pytest.mark.parametrize(
    ("place", "rows", "columns"),
    [
        ((1, 1, LAST_ROW, 1), 4, 1),  # A:A
        ((1, 1, LAST_ROW, 3), 4, 3),  # A:C, wider than what is used
        ((2, 1, LAST_ROW - 1, 1), 3, 1),  # A2:A1048576
        ((2, 1, 10, 1), 10, 1),  # not to the end: as it is
        ((900, 1, LAST_ROW - 899, 1), 1, 1),  # begins below what is used
        ((1, 1, 1, 16_384), 1, 2),  # 1:1
        ((1, 5, 2, 16_380), 2, 1),  # E1:XFD2, beside what is used
        ((1, 1, LAST_ROW, 16_384), 4, 2),  # the whole sheet
    ],
)
def test_a_reference_to_the_end_ends_with_what_is_used(
    place: tuple[int, int, int, int], rows: int, columns: int
) -> None:
    sheet = Sheet([[1.0, 2.0]] * 4)
    found = content(Reference(Range(sheet, *place)))
    shape = (len(found), len(found[0])) if isinstance(found, tuple) else (1, 1)
    assert shape == (rows, columns)
    assert sheet.read == rows * columns
