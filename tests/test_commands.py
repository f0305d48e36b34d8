"""`xlmodel calc`, `report`, `new` and `build` as a user meets them, with good and wrong input.

An error is one line on stderr and exit status 2; nothing of the user's is changed, nothing is left
half-written.
"""

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from xlmodel.cli import main
from xlmodel.workbook import generated

TEMPLATE = Path(__file__).parent.parent / "workbooks" / "node_margin.xlsx"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a copy of the template, as current directory."""
    shutil.copy(TEMPLATE, tmp_path / "book.xlsx")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        status = main(argv)
    except SystemExit as stop:
        status = int(stop.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.usefixtures("here")
def test_calc_prints_outputs_and_checks(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "calc", "book.xlsx")
    assert (status, err) == (0, "")
    assert re.search(r"Margin a day +128\.256 USD/day +out_margin\n", out)
    assert re.search(r"Tokens a day +285,120,000 tokens/day +out_tokens_per_day\n", out)
    assert re.search(r"Checks: (\d+) of \1 pass, 5 do not apply\n", out)


@pytest.mark.usefixtures("here")
def test_calc_follows_each_way_of_setting(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers, dates and names; with or without the prefix; blank again."""
    settings = ["--set", "utilization=0.5", "--set", "in_as_of=2026-11-01", "--set", "GPUS=4"]
    _, out, _ = run(capsys, "calc", "book.xlsx", *settings, "--json")
    data = json.loads(out)
    outputs = {name: item["value"] for name, item in data["outputs"].items()}
    assert outputs["out_gpu_hour_price"] == 3.99
    assert outputs["out_cost"] == pytest.approx(4 * 3.99 * 24)
    assert outputs["out_revenue"] == pytest.approx(798.336 / 2)
    assert data["inputs"]["in_as_of"]["value"] == "2026-11-01"
    assert data["unsupported"] == []
    assert set(data["set"]) == {"in_utilization", "in_as_of", "in_gpus"}


def test_calc_writes_a_copy(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (here / "book.xlsx").read_bytes()
    status, out, _ = run(capsys, "calc", "book.xlsx", "--set", "utilization=0.5", "-o", "new.xlsx")
    assert status == 0
    assert "wrote new.xlsx" in out
    assert (here / "book.xlsx").read_bytes() == before
    book = openpyxl.load_workbook("new.xlsx", data_only=True)
    ((sheet, ref),) = book.defined_names["out_revenue"].destinations
    assert book[sheet][ref.replace("$", "")].value == pytest.approx(798.336 / 2)
    status, again, _ = run(capsys, "calc", "new.xlsx", "--json")
    assert json.loads(again)["inputs"]["in_utilization"]["value"] == 0.5


@pytest.mark.usefixtures("here")
def test_calc_reports_what_it_cannot_evaluate(capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A2"] = '=WEBSERVICE("x")', "=IFERROR(A1,0)"
    sheet["A3"] = "=NODE_COST(8,3.49)"
    book.save("own.xlsx")
    status, out, err = run(capsys, "calc", "own.xlsx")
    assert status == 1
    assert "the workbook has none" in out
    assert "no named outputs" in err
    assert "2 cells could not be evaluated" in err
    assert "Sheet!A1: " in err
    assert "Sheet!A2: " in err


@pytest.mark.usefixtures("here")
def test_a_failing_check_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "calc", "book.xlsx", "--set", "in_share_main=0.5")
    assert re.search(r"Checks: \d+ of \d+ pass.*; look at:\n", out)
    assert "check_mix_sum: " in out


def test_report_writes_the_pack(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "report", "book.xlsx")
    assert (status, err) == (0, "")
    assert "earns 128.26 USD a day" in out
    assert "Report in book-report:" in out
    made = files(here / "book-report")
    assert {Path(name).suffix for name in made} == {".html", ".pdf", ".xlsx", ".csv", ".json"}
    assert run(capsys, "report", "book.xlsx")[0] == 0  # the same files again count as success
    assert files(here / "book-report") == made
    status, out, _ = run(capsys, "report", "book.xlsx", "--json", "--format", "csv", "-o", "other")
    assert json.loads(out)["files"] == ["other/book-report.csv", "other/manifest.json"]


def test_the_drivers_of_a_report_are_recalculated_unless_quick(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}
    for folder, *more in (("full",), ("quick", "--quick")):
        assert run(capsys, "report", "book.xlsx", "--format", "json", "-o", folder, *more)[0] == 0
        told[folder] = json.loads((here / folder / "book-report.json").read_bytes())
    names = [swing["name"] for swing in told["full"]["swings"]]
    assert "in_output_tps" in names
    by_name = {swing["name"]: swing for swing in told["full"]["swings"]}
    assert by_name["in_output_tps"]["at_low"] == pytest.approx(798.336 * 0.9 - 670.08)
    assert told["quick"]["swings"] == []
    assert told["full"]["outputs"] == told["quick"]["outputs"]  # the workbook is as it was


def test_a_report_in_chinese(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--quick", "--lang", "ZH", "--format", "html", "-o", "zh")
    status, out, _ = run(capsys, "report", "book.xlsx", *options)
    assert status == 0
    assert "该节点盈利 128.26" in out
    page = (here / "zh" / "book-report.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "关键指标" in page


_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)

WRONG = [
    ("report book.xlsx --lang de", "no report language 'de'; known: en, zh"),
    ("calc missing.xlsx", "missing.xlsx"),
    ("report missing.xlsx", "missing.xlsx"),
    ("calc .", "is a folder"),
    ("calc empty.xlsx", "empty.xlsx"),
    ("calc text.xlsx", "not an Excel workbook"),
    ("calc archive.xlsx", "archive.xlsx"),
    ("calc cut.xlsx", "cut.xlsx"),
    ("calc encrypted.xlsx", "password"),
    ("report unnamed.xlsx", "out_"),
    ("calc book.xlsx --set utilization", "NAME=VALUE"),
    ("calc book.xlsx --set utilisation=1", "did you mean in_utilization?"),
    ("calc book.xlsx --set in_utilization=85", "between 0 and 1"),
    ("calc book.xlsx --set in_gpus=many", "in_gpus"),
    ("calc book.xlsx --set in_as_of=soon", "in_as_of"),
    ("calc book.xlsx --set out_margin=5", "out_margin"),
    ("calc book.xlsx -o book.xlsx", "--force"),
    ("calc book.xlsx -o text.xlsx", "--force"),
    ("calc book.xlsx --set in_gpus=4 --set GPUS=8", "twice"),
    ("calc /dev/zero", "not a regular file"),
    ("calc book.xlsx -o nowhere/new.xlsx", "nowhere"),
    ("calc book.xlsx -o open.xlsx --force", "open in Excel"),
    ("calc book.xlsx -o /proc/new.xlsx", "/proc"),
    ("report book.xlsx -o text.xlsx", "text.xlsx"),
    ("report book.xlsx -o full", "--force"),
    ("report book.xlsx -o /proc/report", "/proc"),
    ("report book.xlsx --format docx", "known: html, pdf, xlsx, csv, json, focus"),
    ("new book.xlsx", "--force"),
    ("new book.xls", ".xlsx"),
    ("new nowhere/book.xlsx", "nowhere"),
    ("new fresh.xlsx --edition excel", "edition"),
    ("new fresh.xlsx --edition com", "must end in .xlsm"),
    ("calc book.xlsx --freeze -o book.xlsx", "--force"),
    ("calc book.xlsx --freeze -o frozen.xlsm", "must end in .xlsx"),
    ("calc text.xlsx --freeze", "not an Excel workbook"),
    ("addin", "required: HOST"),
    ("addin libreofice", "there is no host"),
    ("addin clac", "did you mean calc?"),
    ("addin excel book.xlsx", "xlmodel addin lite"),
    ("addin lite missing.xlsx", "there is no file"),
    ("addin lite text.xlsx", "not an Excel workbook"),
    ("addin lite book.xlsx -o book.xlsx", "--force"),
    ("addin lite book.xlsx -o nowhere/new.xlsx", "nowhere"),
    ("addin lambda cut.xlsx", "cut.xlsx"),
    ("addin lambda .", "give the name of a workbook"),
    ("addin lite .", "give the name of a workbook"),
    ("addin calc full", "is a folder"),
    ("addin lambda book.xlsx -o open.xlsx --force", "open in Excel"),
    ("addin calc encrypted.xlsx", "password"),
    ("addin calc -o book.xlsx", "*.oxt"),
    ("addin calc -o nowhere/x.oxt", "nowhere"),
    ("addin calc book.xlsx --install", "leave out WORKBOOK"),
    ("calc book.ods", "save it as .xlsx"),
    ("calc book.xlsx -o held.xlsx --force", "open in LibreOffice"),
    ("fn NODE_COST 8 3,49", "write 3.49, or [3,49] for a range"),
    ("fn NODE_COST 8 [1,2", "must be a number"),
]


@pytest.mark.parametrize(("words", "expected"), WRONG, ids=[words for words, _ in WRONG])
def test_wrong_input(
    words: str, expected: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "empty.xlsx").touch()
    (here / "text.xlsx").write_text("not a workbook")
    shutil.make_archive("archive", "zip", here, "text.xlsx")
    (here / "archive.zip").rename("archive.xlsx")
    (here / "cut.xlsx").write_bytes(TEMPLATE.read_bytes()[:5000])
    (here / "encrypted.xlsx").write_bytes(_COMPOUND_FILE + "EncryptedPackage".encode("utf-16-le"))
    (here / "open.xlsx").write_bytes(TEMPLATE.read_bytes())
    (here / "~$open.xlsx").touch()
    (here / "book.ods").touch()
    (here / "held.xlsx").touch()
    (here / ".~lock.held.xlsx#").touch()
    openpyxl.Workbook().save("unnamed.xlsx")
    (here / "full").mkdir()
    (here / "full" / "book-report.html").write_text("somebody's own")
    before = files(here)
    status, out, err = run(capsys, *words.split())
    assert (status, out) == (2, "")
    assert err.count("\n") == 1, err
    assert expected in err
    assert "Traceback" not in err
    assert files(here) == before


def test_a_full_disk(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Writing fails in mid-file: the target keeps what it had."""
    (here / "out.xlsx").write_text("old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        patch.setattr(Path, "replace", refuse)
        status, out, err = run(capsys, "calc", "book.xlsx", "-o", "out.xlsx", "--force")
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert "the disk is full" in err
        status, _, err = run(capsys, "report", "book.xlsx", "-o", "pack")
        assert (status, err.count("\n")) == (2, 1)
    assert set(files(here)) == {"book.xlsx", "out.xlsx"}
    assert (here / "out.xlsx").read_text() == "old"


def test_new(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "new", "fresh.xlsx")
    assert status == 0
    assert out.startswith("wrote fresh.xlsx: Excel 365 or 2024")
    assert filecmp.cmp(here / "fresh.xlsx", TEMPLATE, shallow=False)
    assert run(capsys, "new", "book.xlsx", "--force")[0] == 0


def test_build(capsys: pytest.CaptureFixture[str]) -> None:
    """The committed files are current, so that a build changes nothing and says so."""
    assert run(capsys, "build", "--check") == (0, "", "")


def test_build_outside_a_checkout(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generated.xlmodel, "__file__", str(here / "xlmodel" / "__init__.py"))
    status, _, err = run(capsys, "build")
    assert status == 2
    assert "checkout of the source" in err


def test_build_rebuilds(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "pyproject.toml").touch()
    (here / "xlmodel").mkdir()
    monkeypatch.setattr(generated.xlmodel, "__file__", str(here / "xlmodel" / "__init__.py"))
    status, out, _ = run(capsys, "build", "--check")
    assert status == 1
    assert "differs from a fresh build: workbooks/node_margin.xlsx" in out
    assert run(capsys, "build")[0] == 0
    assert run(capsys, "build", "--check") == (0, "", "")
    assert filecmp.cmp(here / "workbooks" / "node_margin.xlsx", TEMPLATE, shallow=False)


def test_the_report_of_another_process_is_the_same(here: Path) -> None:
    """Another hash seed, time zone and folder; the bytes stay."""
    packs = []
    for i, zone in enumerate(("UTC", "Pacific/Auckland")):
        environment = {**os.environ, "PYTHONHASHSEED": str(i), "TZ": zone}
        subprocess.run(
            [sys.executable, "-m", "xlmodel.cli", "report", "book.xlsx", "-o", f"pack{i}"],
            check=True,
            capture_output=True,
            env={**environment, "PYTHONPATH": str(TEMPLATE.parent.parent)},
            timeout=120,
        )
        packs.append(files(here / f"pack{i}"))
    assert packs[0] == packs[1]
