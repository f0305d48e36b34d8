"""``xlmodel prices list`` and ``history``: what holds on a day, how old it is, and what it was."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.made import make
from tests.workbook.prices.books import copy, run, written
from xlmodel import tables
from xlmodel.workbook import package
from xlmodel.workbook.prices import held, kinds

HEAD = ["gpu", "provider", "term", "usd_per_gpu_hour", "currency", "valid_from", "source"]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at 26 November 2026."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795651200")


def listed(capsys: pytest.CaptureFixture[str], *argv: object) -> dict[str, Any]:
    status, out, _ = run(capsys, "prices", *argv, "--json")
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    return found


def refusal(capsys: pytest.CaptureFixture[str], *argv: object) -> str:
    status, out, err = run(capsys, "prices", *argv)
    assert (status, out, err.count("\n")) == (2, "", 1)
    return err


def test_the_prices_of_this_package_today(capsys: pytest.CaptureFixture[str]) -> None:
    found = listed(capsys, "list")
    assert (found["as_of"], found["max_age_days"]) == ("2026-11-26", kinds.ACCEPTED_AGE)
    rows = len(tables.rows("gpu_prices")) + len(tables.rows("model_prices"))
    assert rows > len(found["prices"]) > 200
    keys = [(p["table"], p[list(p)[1]], p["provider"], p[list(p)[3]]) for p in found["prices"]]
    assert len(set(keys)) == len(keys)
    for price in found["prices"]:
        age = (datetime.date(2026, 11, 26) - datetime.date.fromisoformat(price["valid_from"])).days
        assert (price["age_days"], price["old"]) == (age, age > kinds.ACCEPTED_AGE)
    _, out, _ = run(capsys, "prices", "list")
    old = sum(price["old"] for price in found["prices"])
    assert sum("days  old  " in line for line in out.splitlines()) == old
    assert f"{old} of them older than 92 days (marked old)" in out.splitlines()[-1]


def test_a_workbook_is_listed_at_its_own_date_and_age(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = copy(tmp_path)
    found = listed(capsys, "list", book)
    assert (found["as_of"], found["max_age_days"]) == ("2024-07-27", 92)
    (lepton, *_) = [price for price in found["prices"] if price["provider"] == "Lepton AI"]
    assert (lepton["age_days"], lepton["old"], lepton["unit"]) == (0, False, "USD/Mtok")
    run(capsys, "calc", book, "--set", "in_as_of=2024-09-01", "--set", "in_accepted_price_age=30",
        "-o", tmp_path / "set.xlsx")  # fmt: skip
    found = listed(capsys, "list", tmp_path / "set.xlsx")
    assert (found["as_of"], found["max_age_days"]) == ("2024-09-01", 30)
    assert {price["old"] for price in found["prices"] if price["age_days"] == 36} == {True}
    found = listed(capsys, "list", book, "--as-of", "2024-07-30", "--max-age", "2")
    assert {p["old"] for p in found["prices"] if p["valid_from"] == "2024-07-27"} == {True}


def test_the_accepted_age_is_that_of_the_template(tmp_path: Path) -> None:
    book = package.read(copy(tmp_path))
    assert held.accepted_age(book) == kinds.ACCEPTED_AGE
    assert {name.lower() for name in ("GpuPrices", "ModelPrices")} <= {
        table.name.lower() for table in book.tables
    }


def test_a_day_before_all_prices_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "prices", "list", "--as-of", "2001-01-01")
    assert (status, out.count("\n")) == (0, 1)
    assert out.startswith("prices on 2001-01-01: 0, ")


@pytest.mark.parametrize(("argv", "said"), [
    (["list", "--as-of", "yesterday"], '--as-of is "yesterday", but must be a date'),
    (["list", "--as-of", "20261101"], '--as-of is "20261101", but must be a date'),
    (["list", "--max-age", "-1"], "--max-age is -1, but must be a number of days, 0 or more"),
    (["list", "--max-age", "nan"], "--max-age is nan, but must be"),
    (["list", "missing.xlsx"], "there is no file missing.xlsx"),
    (["history", "H1000"], 'there is no price of "H1000" here; nearest: H100'),
    (["history", "\x1b[31m="], 'there is no price of "[31m=" here'),
])  # fmt: skip
def test_wrong_words_are_refused(
    capsys: pytest.CaptureFixture[str], argv: list[str], said: str
) -> None:
    assert said in refusal(capsys, *argv)


def test_a_mistyped_task_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(capsys, "prices", "updat")
    assert "there is no task 'updat'; did you mean update?" in capsys.readouterr().err


def test_history_shows_each_row_with_its_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = listed(capsys, "history", "deepseek-v4-pro")["prices"]
    line = [(p["valid_from"], p["price"], p["change_percent"]) for p in found
            if (p["provider"], p["kind"]) == ("DeepSeek", "output")]  # fmt: skip
    assert line == [
        ("2026-06-02", 0.87, None),
        ("2026-08-17", 3.96, pytest.approx(100 * (3.96 / 0.87 - 1))),
    ]
    book = copy(tmp_path)
    new = written(tmp_path, "H100,Lambda,on-demand,2.99,USD,2024-11-01,a quote")
    run(capsys, "prices", "update", book, "--from", new, "--yes")
    _, out, _ = run(capsys, "prices", "history", " h100 ", book)
    assert "H100, Lambda, on-demand" in out
    (row,) = [row for row in out.splitlines() if row.endswith("a quote")]
    assert row.split("  ")[-2:] == ["-14.3 %", "a quote"]


def own(folder: Path, **cells: Any) -> Path:
    heads = {f"{column}1": head for column, head in zip("ABCDEFG", HEAD, strict=True)}
    row = {"A2": "H100", "B2": "Us", "C2": "spot", "D2": 1.5, "E2": "EUR",
           "F2": datetime.date(2026, 11, 1), "G2": "mine"}  # fmt: skip
    made = {"S": heads | row | cells}
    return make(folder / "own.xlsx", made, tables=[("Mine", "S", "A1:G3", HEAD)])


def test_rows_that_are_no_prices_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults: dict[str, Any] = {"A3": "H100", "B3": "Us", "C3": "spot", "D3": "1.40"}
    status, out, err = run(capsys, "prices", "list", own(tmp_path, **faults, F3="2026-11-02"))
    assert status == 0
    assert "H100, Us, spot    1.5  EUR/GPU-hour  2026-11-01  25 days    mine" in out
    assert "table Mine, row 3 of the sheet: left out, since names, price above 0 or date" in err
    assert run(capsys, "prices", "list", own(tmp_path))[2] == ""


def test_of_several_tables_the_one_with_the_name_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = {f"{column}{row}": head for row in (1, 9)
             for column, head in zip("ABCDEFG", HEAD, strict=True)}  # fmt: skip
    both = [("Mine", "S", "A1:G3", HEAD), ("Yours", "S", "A9:G11", HEAD)]
    path = make(tmp_path / "two.xlsx", {"S": heads}, tables=both)
    assert "several tables with the headers of GpuPrices: Mine, Yours; give one" in refusal(
        capsys, "list", path
    )
    named = [both[0], ("gpuPRICES", "S", "A9:G11", HEAD)]
    path = make(tmp_path / "named.xlsx", {"S": heads}, tables=named)
    assert run(capsys, "prices", "list", path)[0] == 0
