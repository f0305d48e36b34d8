"""``xlmodel prices update``: rows are added and results follow; nothing else is lost."""

import csv
import datetime
import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from tests.workbook.made import make
from tests.workbook.prices.books import (
    CHEAPER,
    EDITIONS,
    GPU_HEAD,
    MODEL_HEAD,
    copy,
    rows,
    run,
    values,
    written,
)
from xlmodel.workbook import calc, growing
from xlmodel.workbook.delimited import one_line
from xlmodel.workbook.prices import command as prices_command
from xlmodel.workbook.untrusted import WorkbookError
from xlmodel.workbook.xmltext import from_xml

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\x1b=1", "_x0041_", "]]>&<"]
HEADERS = ["gpu", "provider", "term", "usd_per_gpu_hour", "currency", "valid_from", "source"]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at 26 November 2026."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795651200")


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def updated(
    capsys: pytest.CaptureFixture[str], book: Path, source: object, *argv: object
) -> tuple[str, str]:
    status, out, err = run(capsys, "prices", "update", book, "--from", source, "--yes", *argv)
    assert status == 0, err
    return out, err


def refusal(capsys: pytest.CaptureFixture[str], *argv: object) -> str:
    status, _, err = run(capsys, "prices", *argv)
    assert status == 2
    return err.splitlines()[-1]


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_edition_takes_a_price_and_keeps_everything_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], edition: str
) -> None:
    book = copy(tmp_path, edition)
    before = book.read_bytes()
    out, err = updated(capsys, book, written(tmp_path, CHEAPER))
    kept = book.with_name(f"{book.stem}-before{book.suffix}")
    assert kept.read_bytes() == before
    assert "3.49  2.99  USD/GPU-hour  -14.3 %  2024-11-01  a quote" in out
    assert f"wrote {book}; as it was: {kept}" in out
    assert "hold from a day after 2024-07-27, the workbook's as-of date (in_as_of)" in err

    old, new = parts(kept), parts(book)
    assert list(old) == list(new)
    changed = {name for name in old if old[name] != new[name]}
    assert all(
        name.startswith(("xl/workbook.xml", "xl/worksheets/sheet", "xl/tables/", "xl/charts/chart"))
        for name in changed
    )
    assert len([name for name in changed if name.startswith("xl/tables/")]) == 1

    *_, row = rows(book)
    assert [row[name] for name in HEADERS] == [
        "H100", "Lambda", "on-demand", 2.99, "USD", datetime.datetime(2024, 11, 1), "a quote",
    ]  # fmt: skip
    assert str(row["row_check"]).startswith("=")
    assert values(book)[-1]["row_check"] == "ok"
    assert rows(book)[:-1] == rows(kept)
    bottom = 5 + len(rows(book))
    sheet = openpyxl.load_workbook(book)["GPU prices"]
    assert sheet.print_area == f"'GPU prices'!$A$1:$J${bottom}"
    assert f"N6:N{bottom}" in {str(look.sqref) for look in sheet.conditional_formatting}

    early, later = calc.calculate(book), calc.calculate(book, {"in_as_of": "2024-11-01"})
    assert early.outputs["out_gpu_hour_price"].value == 3.49
    assert later.outputs["out_gpu_hour_price"].value == 2.99
    assert early.outputs["out_margin"].value == pytest.approx(128.256)
    assert later.outputs["out_margin"].value == pytest.approx(128.256 + 192 * 0.5)
    assert early.checks["check_master"].value is True

    again = calc.save(early, tmp_path / f"again{book.suffix}")
    assert parts(again) == new  # no stored value is stale
    assert OpenXmlValidator(FileFormat.OFFICE_2019).validate(str(book)).errors == []


def test_the_results_that_change_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = copy(tmp_path)
    same_day = "H100,Lambda,on-demand,2.99,USD,2024-07-28,a quote"
    run(capsys, "calc", book, "--set", "in_as_of=2024-08-01", "-o", tmp_path / "august.xlsx")
    out, _ = updated(capsys, tmp_path / "august.xlsx", written(tmp_path, same_day))
    assert "out_margin: 128.256 → 224.256 USD/day" in out
    assert "out_gpu_hour_price: 3.49 → 2.99 USD/GPU-hour" in out


def test_a_price_in_another_currency_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = copy(tmp_path)
    lines = [
        "B300,NewCo,spot,5.5,EUR,2024-07-01,a quote",
        "B300,NewCo,on-demand,6,USD,2024-07-01,x",
    ]
    _, err = updated(capsys, book, written(tmp_path, *lines))
    assert "1 of the new rows are in EUR, and the workbook's figures in USD (in_currency)" in err


def test_new_names_can_be_picked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They go into the lists of the drop-downs, once each, and an input takes them."""
    book = copy(tmp_path)
    lines = [f"B300,NewCo,{term},5.5,USD,2024-07-01,a quote" for term in ("on-demand", "spot")]
    updated(capsys, book, written(tmp_path, *lines))
    sheet = openpyxl.load_workbook(book)["GPU prices"]
    picked = {
        name: [cell.value for (cell,) in sheet[sheet.tables[name].ref]][1:]
        for name in ("GpuList", "GpuProviderList", "GpuTermList")
    }
    assert picked["GpuList"].count("B300") == picked["GpuProviderList"].count("NewCo") == 1
    assert picked["GpuTermList"].count("spot") == 1
    chosen = calc.calculate(book, {"in_gpu": "B300", "in_gpu_provider": "NewCo"})
    assert chosen.outputs["out_gpu_hour_price"].value == 5.5
    assert not [note for note in chosen.notes if "must be one of" in note]
    wrong = calc.calculate(book, {"in_gpu": "B301"})
    assert "B300" in next(note for note in wrong.notes if "must be one of" in note)


def test_prices_of_models_from_genai_prices(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By default what the table has; again it is no news."""
    book = copy(tmp_path)
    count = len(rows(book, "ModelPrices"))
    pairs = {(row["model"], row["provider"]) for row in rows(book, "ModelPrices")}
    updated(capsys, book, "genai-prices")
    added = rows(book, "ModelPrices")[count:]
    assert added
    assert {(row["model"], row["provider"]) for row in added} <= pairs
    assert all(row["source"].startswith("genai-prices ") for row in added)
    assert {row["row_check"] for row in values(book, "ModelPrices")} == {"ok"}
    once = book.read_bytes()
    out, _ = updated(capsys, book, "genai-prices")
    assert out.endswith("conflicts: 0\nnothing was written\n")
    assert book.read_bytes() == once
    out, _ = updated(capsys, book, "genai-prices", "--models", "claude-opus-5")
    assert rows(book, "ModelPrices")[-1]["model"] == "claude-opus-5"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "node_margin-before-2.xlsx", "node_margin-before.xlsx", "node_margin.xlsx",
    ]  # fmt: skip


def test_an_old_price_is_a_warning_until_it_is_updated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the checks and in the report."""
    book, late = copy(tmp_path), ("--set", "in_as_of=2027-01-31")
    words = "Age of the oldest GPU price in use"

    def warned(folder: str) -> str:
        status, out, _ = run(capsys, "report", book, *late, "-o", tmp_path / folder)
        assert status == 1  # the model's price and the exchange rate are old, too
        page = (tmp_path / folder / "node_margin-report.html").read_text(encoding="utf-8")
        notes = [line for line in out.splitlines() if line.startswith("Note:")]
        assert (words in notes[0]) == bool(re.search(f"failed: [^<]*{words}", page))
        return notes[0]

    assert "check_gpu_price_age" in run(capsys, "calc", book, *late)[1]
    assert words in warned("before")
    updated(capsys, book, written(tmp_path, CHEAPER.replace("2024-11-01", "2026-11-20")))
    assert "check_gpu_price_age" not in run(capsys, "calc", book, *late)[1]
    assert words not in warned("after")


def test_a_text_stays_a_text_in_every_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, count = copy(tmp_path), len(HOSTILE)
    lines = [f'"{t}","{t}","{t}",5.5,USD,2024-07-01,"{t}","{t}"' for t in HOSTILE]
    plain = [one_line(text) for text in HOSTILE]
    updated(capsys, book, written(tmp_path, *lines, head=f"{GPU_HEAD},note"))
    added = rows(book)[-count:]
    for field in ("gpu", "provider", "term", "source", "note"):
        assert sorted(from_xml(row[field]) for row in added) == sorted(plain)
    sheet = openpyxl.load_workbook(book)["GPU prices"]
    bottom = sheet[sheet.tables["GpuPrices"].ref][-count:]
    assert {row[column].data_type for row in bottom for column in (0, 1, 2, 7, 8)} == {"s"}
    assert b"<f>cmd" not in parts(book)["xl/worksheets/sheet3.xml"]

    _, out, _ = run(capsys, "prices", "list", book, "--json")
    shown = {price["source"] for price in json.loads(out)["prices"]}
    assert set(plain) <= shown
    assert all(c.isprintable() for c in run(capsys, "prices", "list", book)[1] if c != "\n")
    text, folder = plain[0], tmp_path / "report"
    chosen = [word for name in ("in_gpu", "in_gpu_provider", "in_gpu_term")
              for word in ("--set", f"{name}={text}")]  # fmt: skip
    assert run(capsys, "report", book, *chosen, "-o", folder)[0] in (0, 1)
    told = (folder / "node_margin-report.csv").read_text(encoding="utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(told)) for cell in line]
    assert [cell for cell in cells if text in cell]
    assert text not in cells


def test_nothing_is_written_without_consent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    book, new = copy(tmp_path), written(tmp_path, CHEAPER)
    before = sorted(tmp_path.iterdir()), book.read_bytes()
    words = ("update", book, "--from", new)
    said = "xlmodel: nothing was written: --yes writes what is new, --dry-run only shows it"
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))  # no terminal
    assert refusal(capsys, *words) == said
    assert refusal(capsys, *words, "--json") == said
    status, out, _ = run(capsys, "prices", *words, "--dry-run")
    assert (status, out.splitlines()[-1]) == (0, "nothing was written")

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for answer in ("n\n", "\n", ""):
        monkeypatch.setattr(sys, "stdin", Terminal(answer))
        status, out, err = run(capsys, "prices", *words)
        assert (status, out.splitlines()[-1]) == (1, "nothing was written")
        assert f"Write {book} (new rows: 1)? [y/N] " in err
    assert (sorted(tmp_path.iterdir()), book.read_bytes()) == before
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert run(capsys, "prices", *words)[0] == 0
    assert rows(book)[-1]["usd_per_gpu_hour"] == 2.99


def test_a_conflict_is_named_and_the_rest_goes_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = copy(tmp_path)
    count = len(rows(book))
    new = written(tmp_path, CHEAPER.replace("2024-11-01", "2024-07-27"), CHEAPER)
    status, out, _ = run(capsys, "prices", "update", book, "--from", new, "--yes")
    assert status == 1
    assert "conflict, not added: H100, Lambda, on-demand, 2024-07-27: 2.99 USD/GPU-hour" in out
    assert len(rows(book)) == count + 1
    status, out, _ = run(capsys, "prices", "update", book, "--from", new, "--json", "--dry-run")
    data = json.loads(out)
    assert (status, data["new"], data["already_there"], data["wrote"]) == (1, [], 1, None)
    assert data["conflicts"][0]["other"]["price"] == 3.49


def test_another_file_can_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, new, out = copy(tmp_path), written(tmp_path, CHEAPER), tmp_path / "out.xlsx"
    before = book.read_bytes()
    words = ("update", book, "--from", new, "--yes", "-o")
    assert run(capsys, "prices", *words, out, "--json")[0] == 0
    assert (book.read_bytes(), rows(out)[-1]["source"]) == (before, "a quote")
    assert not book.with_name("node_margin-before.xlsx").exists()
    assert "exists already; --force overwrites it" in refusal(capsys, *words, out)
    assert "must end in .xlsx" in refusal(capsys, *words, tmp_path / "out.xlsm")
    assert "-o takes the name" in refusal(capsys, *words, "")
    assert "names" in refusal(capsys, *words, book, "--force")
    assert run(capsys, "prices", *words, out, "--force")[0] == 0


def test_a_workbook_that_is_open_or_changed_meanwhile_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    book, new = copy(tmp_path), written(tmp_path, CHEAPER)
    words = ("update", book, "--from", new, "--yes")
    lock = tmp_path / "~$node_margin.xlsx"
    lock.touch()
    assert "is open in Excel" in refusal(capsys, *words)
    lock.unlink()

    def save(*given: Any) -> Any:
        book.write_bytes(book.read_bytes() + b"\0")
        return saved(*given)

    saved = prices_command.save
    monkeypatch.setattr(prices_command, "save", save)
    files = sorted(tmp_path.iterdir())
    assert "was changed while you were asked; try again" in refusal(capsys, *words)
    assert sorted(tmp_path.iterdir()) == files


def own_book(folder: Path, name: str = "MyGpus", **more: Any) -> Path:
    cells: dict[str, Any] = {f"{column}1": head for column, head in zip("ABCDEF", [
        *HEADERS[:4], "valid_from", "mine"], strict=True)}  # fmt: skip
    cells |= {"A2": "H100", "B2": "Lambda", "C2": "on-demand", "D2": 3.49}
    cells |= {"E2": datetime.date(2024, 7, 27), "F2": "keep"}
    heads = [str(cells[f"{column}1"]) for column in "ABCDEF"]
    return make(folder / "own.xlsx", {"S": cells | more}, tables=[(name, "S", "A1:F2", heads)])


def test_a_table_of_ones_own_is_found_by_its_headers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A workbook without formulas or columns of currency and source takes prices, too."""
    book = own_book(tmp_path)
    updated(capsys, book, written(tmp_path, CHEAPER))
    sheet = openpyxl.load_workbook(book)["S"]
    assert sheet.tables["MyGpus"].ref == "A1:F3"
    assert [cell.value for cell in sheet[3]] == [
        "H100", "Lambda", "on-demand", 2.99, datetime.datetime(2024, 11, 1), None,
    ]  # fmt: skip


def test_what_the_engine_cannot_calculate_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = own_book(tmp_path, H1='=CUBEVALUE("a","b")', H2="=SUM(MyGpus[usd_per_gpu_hour])")
    _, err = updated(capsys, book, written(tmp_path, CHEAPER))
    assert "S!H1 could not be evaluated here" in err
    stored = openpyxl.load_workbook(book, data_only=True)["S"]
    assert (stored["H1"].value, stored["H2"].value) == (None, pytest.approx(6.48))


def test_where_nothing_can_be_calculated_the_rows_go_in_and_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(book: Any) -> Any:
        raise WorkbookError(f"{book.name} can't be calculated: no memory")

    monkeypatch.setattr(growing, "_recalculated", fail)
    book = own_book(tmp_path, H1="=1+1")
    _, err = updated(capsys, book, written(tmp_path, CHEAPER))
    assert "formulas still show what they did before, since " in err
    assert openpyxl.load_workbook(book)["S"].tables["MyGpus"].ref == "A1:F3"


def test_a_workbook_without_the_table_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = make(tmp_path / "bare.xlsx", {"S": {"A1": 1}})
    new = written(tmp_path, CHEAPER)
    said = refusal(capsys, "update", bare, "--from", new, "--yes")
    assert "has no price table: neither one with the headers of GpuPrices (gpu, provider" in said
    model = written(tmp_path, "m,p,input,1,USD,2026-11-01,x", head=MODEL_HEAD, name="m.csv")
    said = refusal(capsys, "update", own_book(tmp_path), "--from", model, "--yes")
    assert "has no table ModelPrices for some of these prices" in said
    assert "there is no file" in refusal(capsys, "update", tmp_path / "no.xlsx", "--yes")
    said = refusal(capsys, "update", own_book(tmp_path), "--models", " , ")
    assert "--models takes names with commas between them" in said


def test_models_are_chosen_from_a_file_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = copy(tmp_path)
    new = written(tmp_path, CHEAPER, CHEAPER.replace("H100", "H200"))
    out, _ = updated(capsys, book, new, "--models", "h200")
    assert "new: 1," in out
    assert rows(book)[-1]["gpu"] == "H200"
