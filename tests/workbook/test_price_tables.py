"""What the workbook makes of rows that a user adds to the price tables, or adds wrongly."""

import datetime
from statistics import median

import pytest

from tests.workbook.lambdas import LambdaEngine, place
from xlmodel import tables

GPU, MODEL = "GPU prices", "Model prices"
AS_OF = "2026-11-23"
FOUNDING_CHECKS = [f"check_founding_{what}" for what in ("tokens", "revenue", "cost", "margin")]


def row_of(table: str, **wanted: str) -> int:
    """The row on the sheet of the first row of facts that has these values."""
    rows = tables.rows(table)
    return 6 + next(i for i, row in enumerate(rows) if wanted.items() <= row.items())


LAMBDA = row_of("gpu_prices", gpu="H100", provider="Lambda", valid_from="2024-07-27")
LEPTON = row_of("model_prices", provider="Lepton AI", kind="output")


@pytest.mark.parametrize(
    ("cells", "failing", "says"),
    [
        ({f"{GPU}!B{LAMBDA}": "H100 "}, "check_gpu_table_clean", "space in a name"),
        ({f"{GPU}!C{LAMBDA}": " Lambda"}, "check_gpu_table_clean", "space in a name"),
        ({f"{GPU}!D{LAMBDA}": "on-demand\u00a0"}, "check_gpu_table_clean", "space in a name"),
        ({f"{GPU}!C{LAMBDA}": ""}, "check_gpu_table_clean", "gap or no number"),
        ({f"{GPU}!E{LAMBDA}": "'3.49"}, "check_gpu_table_clean", "gap or no number"),
        ({f"{GPU}!E{LAMBDA}": "-3.49"}, "check_gpu_table_clean", "gap or no number"),
        ({f"{GPU}!F{LAMBDA}": ""}, "check_gpu_table_clean", "gap or no number"),
        ({f"{GPU}!G{LAMBDA}": "'2024-07-27"}, "check_gpu_table_clean", "gap or no number"),
        ({f"{GPU}!N{LAMBDA}": ""}, "check_gpu_table_clean", None),
        ({f"{MODEL}!B{LEPTON}": "Llama-3.1-405B "}, "check_model_table_clean", "space in a name"),
        ({f"{MODEL}!G{LEPTON}": "'2024-07-27"}, "check_model_table_clean", "gap or no number"),
        ({f"{MODEL}!E{LEPTON}": "0"}, "check_model_table_clean", "gap or no number"),
    ],
)
def test_a_faulty_row_fails_its_check_and_says_where(
    cells: dict[str, str], failing: str, says: str | None
) -> None:
    engine = LambdaEngine(cells)
    assert engine[failing] is False
    assert engine["check_master"] is False
    sheet, row = (GPU, LAMBDA) if "gpu" in failing else (MODEL, LEPTON)
    if says:
        assert engine.cell(sheet, f"N{row}") == says
    assert engine.cell(sheet, "N6") == "ok"


def test_names_that_differ_only_by_spaces_meet_in_every_formula() -> None:
    """GPU_PRICE trims; the currency check and the dates read the row all the same."""
    spoiled = {f"{GPU}!B{LAMBDA}": "H100 ", f"{GPU}!F{LAMBDA}": "EUR"}
    engine = LambdaEngine(spoiled)
    assert engine["use_main_price"] == 3.49
    assert {"check_gpu_currency", "check_gpu_table_clean"} <= engine.failing
    main = int(place("use_main_price")[1][1:])
    assert engine.cell("Margin", f"H{main}") == serial("2024-07-27")
    typed = LambdaEngine(in_gpu="H100 ", in_gpu_provider=" ", in_as_of=AS_OF)
    clean = LambdaEngine(in_gpu="H100", in_gpu_provider="", in_as_of=AS_OF)
    for column in "CHIJ":
        assert typed.cell("Margin", f"{column}{main}") == clean.cell("Margin", f"{column}{main}")


@pytest.mark.parametrize(
    ("sheet", "row", "check"),
    [(GPU, LAMBDA, "check_gpu_table_clean"), (MODEL, LEPTON, "check_model_table_clean")],
)
def test_a_key_and_date_twice_fails(sheet: str, row: int, check: str) -> None:
    cells = LambdaEngine()
    twin = {f"{sheet}!{c}{row + 1}": str(cells.cell(sheet, f"{c}{row}")) for c in "BCDG"}
    engine = LambdaEngine(twin)
    assert [engine.cell(sheet, f"M{r}") for r in (row, row + 1)] == [2, 2]
    assert engine[check] is False


@pytest.mark.parametrize(
    ("sheet", "table", "check"),
    [
        (GPU, "gpu_prices", "check_gpu_table_whole"),
        (MODEL, "model_prices", "check_model_table_whole"),
    ],
)
def test_data_below_a_table_fails(sheet: str, table: str, check: str) -> None:
    last = 5 + len(tables.rows(table))
    for row, column in ((last + 1, "B"), (last + 20, "E")):
        assert LambdaEngine({f"{sheet}!{column}{row}": "H100"}).failing == {check, "check_master"}


def serial(day: str) -> int:
    return (datetime.date.fromisoformat(day) - datetime.date(1899, 12, 30)).days


def in_force(table: str, day: str, **wanted: str) -> dict[str, dict[str, str]]:
    """The newest row of each provider that is not after the day."""
    newest: dict[str, dict[str, str]] = {}
    for row in sorted(tables.rows(table), key=lambda row: row["valid_from"]):
        if wanted.items() <= row.items() and row["valid_from"] <= day:
            newest[row["provider"]] = row
    return newest


@pytest.mark.parametrize("as_of", ["2024-12-31", AS_OF])
def test_age_of_a_median_is_that_of_its_oldest_row(as_of: str) -> None:
    engine = LambdaEngine(in_as_of=as_of, in_gpu_provider="", in_model_provider="")
    for name, table, price, wanted in (
        ("use_main_price", "gpu_prices", "usd_per_gpu_hour", {"gpu": "H100", "term": "on-demand"}),
        (
            "out_output_price",
            "model_prices",
            "usd_per_mtok",
            {"model": "Llama-3.1-405B", "kind": "output"},
        ),
    ):
        rows = list(in_force(table, as_of, **wanted).values())
        days = sorted(serial(row["valid_from"]) for row in rows)
        sheet, address = place(name)
        found = [engine.cell(sheet, f"{column}{address[1:]}") for column in "CHIJ"]
        prices = [float(row[price]) for row in rows]
        assert found == [median(prices), days[-1], days[0], serial(as_of) - days[0]]


def test_an_old_row_in_a_median_fails_the_age_check() -> None:
    """All newest rows are fresh but one; the newest alone would pass."""
    engine = LambdaEngine(
        {f"{GPU}!G{row_of('gpu_prices', gpu='B200', provider='AWS')}": "2025-01-01"},
        in_gpu="B200",
        in_gpu_provider="",
        in_as_of="2026-10-11",
    )
    assert engine["check_gpu_price_age"] is False
    fresh = LambdaEngine(in_gpu="B200", in_gpu_provider="", in_as_of="2026-10-11")
    assert fresh["check_gpu_price_age"] is True


def test_a_check_that_does_not_apply_says_so_and_does_not_count() -> None:
    engine = LambdaEngine(in_utilization="0.8")
    assert [engine[name] for name in FOUNDING_CHECKS] == ["n/a"] * 4
    assert engine["check_master"] is True
    without_cost = LambdaEngine(in_gpu="Nothing")
    assert [without_cost[name] for name in FOUNDING_CHECKS] == ["n/a"] * 4
    assert without_cost["check_master"] is False


def test_an_error_in_a_check_fails_the_master() -> None:
    sheet, address = place("check_node")
    assert LambdaEngine({f"{sheet}!{address}": "=1/0"})["check_master"] is False


def test_the_head_never_names_another_currency() -> None:
    engine = LambdaEngine(in_currency="EUR")
    assert engine["currency_label"] == "USD only"
    assert engine["check_currency"] is False


def test_labels_of_the_bridge_have_the_sign_for_minus() -> None:
    engine = LambdaEngine()
    sheet, _ = place("bridge_total")
    texts = [str(engine.cell(sheet, f"B{row}")) for row in range(40, 90)]
    assert "Output tokens served: −0.24" in texts
    assert not any(": -" in text for text in texts)
