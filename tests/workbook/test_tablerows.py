"""Benchmark results go into the table Throughput of a copy; everything else keeps its bytes."""

import datetime
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openxml_audit import FileFormat, OpenXmlValidator

from xlmodel.cli import main
from xlmodel.workbook import calc, package, tablerows
from xlmodel.workbook.throughput import COLUMNS
from xlmodel.workbook.untrusted import WorkbookError

SAMPLES = Path(__file__).parents[1] / "cases" / "benchmarks"
SHEET, TABLE = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"
FORMULAS = {
    "A1": "=SUM(Throughput[output_tps])",
    "A2": "=ROWS(Throughput[model])",
    "A3": "=1+1",
}
HARDWARE = ("--gpu", "H100", "--gpus", "8", "--precision", "FP8")
ROW = {"model": "Llama-3.1-70B", "gpu": "H100", "gpus": 8, "output_tps": 900.5, "source": "mine"}

Fill = Callable[[Any, Any], None]


def book(
    path: Path,
    rows: int = 1,
    filled: int = 0,
    more: Mapping[str, str] | None = None,
    fill: Fill | None = None,
    **options: Any,
) -> Path:
    """A workbook whose table stands from B3 on: ``rows`` rows, the first ``filled`` ones filled.

    ``more`` are columns of the user's, before ours, with a formula or none.
    """
    made = xlsxwriter.Workbook(path)
    sheet, other = made.add_worksheet("Measured"), made.add_worksheet("Other")
    headers = [*(more or {}), *COLUMNS]
    columns: list[dict[str, Any]] = [
        {"header": header} | ({"formula": formula} if formula else {})
        for header, formula in zip(headers, [*(more or {}).values(), *[""] * 14], strict=True)
    ]
    sheet.add_table(
        2, 1, 2 + rows, len(headers), {"name": "Throughput", "columns": columns, **options}
    )
    number, date = (
        made.add_format({"num_format": "#,##0.0"}),
        made.add_format({"num_format": "yyyy-mm-dd"}),
    )
    for row in range(3, 3 + rows):
        for column, header in enumerate(headers, 1):
            look = {"output_tps": number, "measured": date}.get(header)
            if row < 3 + filled and header in ROW:
                sheet.write(row, column, ROW[header], look)
            elif look:
                sheet.write_blank(row, column, None, look)
    sheet.write("A1", "Throughput as measured")
    for address, formula in FORMULAS.items():
        other.write_formula(address, formula, None, 41)
    if fill:
        fill(made, sheet)
    made.close()
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main([str(word) for word in argv])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def imported(capsys: pytest.CaptureFixture[str], into: Path, *argv: object) -> Path:
    """The copy with the runs of two sample files, a row each."""
    files = [SAMPLES / "vllm-old.json", SAMPLES / "sglang-new.jsonl"]
    status, out, _ = run(capsys, "throughput", "import", *files, "--into", into, *HARDWARE, *argv)
    assert (status, out.count("added ")) == (0, 3)
    return into.with_name(f"{into.stem}-throughput{into.suffix}")


def table(path: Path) -> list[dict[str, Any]]:
    """The rows of the table as openpyxl reads them."""
    loaded = openpyxl.load_workbook(path)
    found = loaded["Measured"].tables["Throughput"]
    head, *rows = loaded["Measured"][found.ref]
    assert found.autoFilter.ref == found.ref
    return [{h.value: cell.value for h, cell in zip(head, row, strict=True)} for row in rows]


def refusal(capsys: pytest.CaptureFixture[str], into: Path, *argv: object) -> str:
    """The sentence of an import that fails, and leaves no file behind."""
    before = sorted(into.parent.iterdir())
    file = SAMPLES / "vllm-append.json"
    words = ("throughput", "import", file, "--into", into, *HARDWARE, *argv)
    status, out, err = run(capsys, *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert sorted(into.parent.iterdir()) == before
    return err


def test_a_blank_row_is_filled_and_the_table_grows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = imported(capsys, book(tmp_path / "book.xlsx"))
    first, second, third = table(out)
    assert first == {
        "model": "Llama-3.1-70B", "gpu": "H100", "gpus": 8, "precision": "FP8",
        "input_tokens": 999, "output_tokens": 272, "batch": pytest.approx(51.87265625),
        "output_tps": 2125, "ttft_ms": 81.5, "tpot_ms": 24.2, "engine": "vLLM",
        "measured": datetime.datetime(2025, 5, 30), "source": "vllm-old.json",
        "note": "request rate 10/s; 300 prompts, 0 failed; meta-llama/Llama-3.1-70B-Instruct",
    }  # fmt: skip
    assert (second["model"], second["engine"], second["measured"]) == (
        "DeepSeek-R1", "SGLang 0.5.3", None,
    )  # fmt: skip
    assert third["output_tps"] == pytest.approx(2752.168)


def test_only_the_sheet_and_the_table_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path / "book.xlsx", filled=1)
    old, new = parts(path), parts(imported(capsys, path))
    assert list(old) == list(new)
    assert {name for name in old if old[name] != new[name]} == {SHEET, TABLE}
    assert new[TABLE] == old[TABLE].replace(b'ref="B3:O4"', b'ref="B3:O7"')
    end = old[SHEET].index(b"</row>", old[SHEET].index(b'<row r="4"')) + len(b"</row>")
    assert old[SHEET].count(b'<dimension ref="A1:O4"/>') == 1
    head = old[SHEET][:end].replace(b'<dimension ref="A1:O4"/>', b'<dimension ref="A1:O7"/>')
    assert new[SHEET].startswith(head)
    assert new[SHEET].endswith(old[SHEET][end:])


def test_new_cells_look_like_those_above(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = imported(capsys, book(tmp_path / "book.xlsx", filled=1))
    sheet = openpyxl.load_workbook(out)["Measured"]
    for row in (4, 5, 6, 7):
        assert sheet.cell(row, 9).number_format == "#,##0.0"
        assert sheet.cell(row, 13).number_format == "yyyy-mm-dd"


def test_the_engine_calculates_with_the_new_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path / "book.xlsx", filled=1)
    status, _, err = run(
        capsys, "throughput", "import", SAMPLES / "vllm-old.json", "--into", path, *HARDWARE
    )
    out = path.with_name("book-throughput.xlsx")
    assert status == 0
    assert f"`xlmodel calc {out} -o …` recalculates" in err
    loaded = openpyxl.load_workbook(out, data_only=True)["Other"]
    assert loaded["A1"].value == 41  # as it was
    found = calc.calculate(out)
    assert [found.cell("Other", a) for a in FORMULAS] == [900.5 + 2125, 2.0, 2.0]
    assert run(capsys, "calc", out, "-o", tmp_path / "new.xlsx")[0] == 0
    loaded = openpyxl.load_workbook(tmp_path / "new.xlsx", data_only=True)["Other"]
    assert loaded["A1"].value == 3025.5


def test_without_formulas_nothing_is_said_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.FORMULAS", {})
    path = book(tmp_path / "book.xlsx")
    words = ("throughput", "import", SAMPLES / "vllm-old.json", "--into", path, *HARDWARE)
    assert "formulas" not in run(capsys, *words)[2]


def test_blank_rows_at_the_end_are_filled_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = table(imported(capsys, book(tmp_path / "book.xlsx", rows=6, filled=2)))
    assert [row["output_tps"] for row in rows[:3]] == [900.5, 900.5, 2125]
    assert [row["model"] for row in rows[4:]] == ["DeepSeek-R1", None]


def test_the_users_columns_stay_and_calculated_ones_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    formula = "=Throughput[[#This Row],[output_tps]]/Throughput[[#This Row],[gpus]]"
    more = {"mine": "", "per_gpu": formula}
    path = book(tmp_path / "book.xlsx", more=more)
    rows = table(out := imported(capsys, path))
    assert [row["mine"] for row in rows] == [None] * 3
    assert [row["per_gpu"] for row in rows] == [formula] * 3
    assert calc.calculate(out).cell("Measured", "C6") == pytest.approx(2752.168 / 8)


def test_a_calculated_column_with_references_to_cells_moves_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.write_formula("B4", "=$A$1&J4", None, "")

    path = book(tmp_path / "book.xlsx", filled=1, more={"mark": "=1"}, fill=fill)
    assert [row["mark"] for row in table(imported(capsys, path))] == [
        "=$A$1&J4", "=$A$1&J5", "=$A$1&J6", "=$A$1&J7",
    ]  # fmt: skip


def test_a_run_goes_in_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path / "book.xlsx")
    file = SAMPLES / "vllm-append.json"
    words = ("throughput", "import", file, file, "--into", path, *HARDWARE)
    status, out, _ = run(capsys, *words)
    assert (status, out.count("added"), out.count("already there")) == (0, 2, 2)
    done = path.with_name("book-throughput.xlsx")
    for again in (done, resaved(done)):
        before = sorted(tmp_path.iterdir())
        status, out, err = run(capsys, *words[:4], "--into", again, *HARDWARE)
        assert (status, out.count("already there: "), err) == (0, 4, "")
        assert "nothing to add: no file written" in out
        assert sorted(tmp_path.iterdir()) == before
    assert run(capsys, *words[:4], "--into", done, *HARDWARE[:-1], "BF16")[1].count("added") == 2


def altered(path: Path, old: str, new: str) -> Path:
    """A copy in whose parts a text is another one."""
    copy = path.with_name("altered.xlsx")
    with zipfile.ZipFile(copy, "w") as archive:
        for name, data in parts(path).items():
            archive.writestr(name, re.sub(old.encode(), new.encode(), data))
    return copy


def resaved(path: Path) -> Path:
    """A copy as another program writes it, with shared texts."""
    loaded = openpyxl.load_workbook(path)
    copy = path.with_name("resaved.xlsx")
    loaded.save(copy)
    return copy


def test_rows_read_shared_and_rich_texts(tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx", filled=1)
    rich = "<si><r><t>m</t></r><r><t>i_x0041_ne</t></r><rPh><t>no</t></rPh></si>"
    odd = altered(path, "<si><t>mine</t></si>", rich)
    found = tablerows.find(package.read(odd), "throughput")
    assert found is not None
    assert found.rows[0]["source"] == "miAne"
    assert (found.rows[0]["gpus"], found.rows[0]["note"]) == (8.0, None)
    assert tablerows.find(package.read(odd), "Other") is None


@pytest.mark.parametrize("text", [
    "=1+1", "+1", "-1", "@SUM(A1)", '=cmd|"/c calc"!A1', "<&>'\"", "_x0041_", "a\tb\x07c",
    "é\U0001f600",
])  # fmt: skip
def test_a_text_stays_a_text(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    path = book(tmp_path / "book.xlsx")
    file = SAMPLES / "sglang-old.jsonl"
    words = ("throughput", "import", file, "--into", path, *HARDWARE, "--model", text)
    status, _, err = run(capsys, *words)
    assert status == 0
    assert '--model: there is no model "' in err
    out = path.with_name("book-throughput.xlsx")
    assert b"<f>" not in parts(out)[SHEET]
    shown = text.replace("\t", " ").replace("\x07", " ")
    assert calc.calculate(out).cell("Measured", "B4") == shown


def test_what_the_user_gives_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path / "book.xlsx")
    words = (
        *("throughput", "import", SAMPLES / "sglang-old.jsonl", "--into", path),
        *("--gpu", "h100 sxm", "--gpus", 16, "--precision", "fp16", "--model", "llama 405b"),
        *("--input-tokens", 1000, "--output-tokens", 500.5, "-o", tmp_path / "out.xlsx", "--json"),
    )
    status, out, err = run(capsys, *words)
    data = json.loads(out)
    assert status == 0
    assert err.count("is written as") == 3
    (row,) = data.pop("added")
    assert [row[column] for column in COLUMNS[:6]] == [
        "Llama-3.1-405B", "H100", 16, "BF16", 1000, 500.5,
    ]  # fmt: skip
    assert data["wrote"] == str(tmp_path / "out.xlsx")
    assert (data["table"], data["already_there"], len(data["notes"])) == ("Throughput", [], 5)
    (found,) = table(tmp_path / "out.xlsx")
    assert {k: v for k, v in found.items() if v is not None} == {
        k: pytest.approx(v) for k, v in row.items() if v is not None
    }


def test_an_unknown_gpu_is_taken_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path / "book.xlsx")
    words = ("throughput", "import", SAMPLES / "vllm-old.json", "--into", path)
    _, _, err = run(capsys, *words, "--gpu", "H20", "--gpus", 8, "--precision", "W3A3")
    assert 'xlmodel: --gpu: there is no gpu "H20" here; nearest: H200' in err
    assert 'written as "W3A3"' in err
    assert table(path.with_name("book-throughput.xlsx"))[0]["gpu"] == "H20"


def test_a_date_is_iso_text_where_the_cell_shows_no_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.write_blank("M4", None, made.add_format({"bold": True}))

    path = book(tmp_path / "book.xlsx", fill=fill)
    assert table(imported(capsys, path))[0]["measured"] == "2025-05-30"


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path / "book.xlsx")
    (tmp_path / "book-throughput.xlsx").write_text("mine")
    assert "exists already; --force overwrites it" in refusal(capsys, path)
    assert "exists already" in refusal(capsys, path, "-o", path)
    assert "must end in .xlsx" in refusal(capsys, path, "-o", tmp_path / "out.csv")
    assert "-o takes the name" in refusal(capsys, path, "-o", "")
    assert (tmp_path / "book-throughput.xlsx").read_text() == "mine"
    assert len(table(imported(capsys, path, "--force"))) == 3


def test_a_workbook_may_be_its_own_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path / "book.xlsx")
    imported(capsys, path, "-o", path, "--force")
    assert len(table(path)) == 3
    assert list(tmp_path.iterdir()) == [path]


def test_the_copy_ends_like_its_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path / "book.xlsx").rename(tmp_path / "book.xlsm")
    out = tmp_path / "book-throughput.xlsm"
    words = ("throughput", "import", SAMPLES / "vllm-old.json", "--into", path, *HARDWARE)
    assert run(capsys, *words)[0] == 0
    assert out.exists()


def put(address: str, *rest: Any) -> Fill:
    return lambda made, sheet: sheet.write(address, *rest)


@pytest.mark.parametrize(("fill", "said"), [
    (put("C5", "mine"), "needs the cells B5:O5 of the sheet Measured, but C5 is not empty"),
    (put("O5", "=1"), "O5 is not empty"),
    (lambda made, sheet: sheet.merge_range("A5:B6", ""), "A5:B6 are merged"),
    (lambda made, sheet: sheet.add_table("N5:P8", {"name": "Mine"}), "is not empty"),
    (lambda made, sheet: sheet.add_table("N5:P8", {"name": "Mine", "header_row": False}),
     "the table Mine is there"),
])  # fmt: skip
def test_the_table_does_not_grow_over_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fill: Fill, said: str
) -> None:
    assert said in refusal(capsys, book(tmp_path / "book.xlsx", fill=fill))


def test_what_stands_beside_and_further_below_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fill(made: Any, sheet: Any) -> None:
        bold = made.add_format({"bold": True})
        sheet.write("A5", "beside")
        sheet.write("Q6", 7)
        sheet.write_blank("C5", None, bold)
        sheet.write("B9", "below")

    out = imported(capsys, book(tmp_path / "book.xlsx", fill=fill))
    sheet = openpyxl.load_workbook(out)["Measured"]
    assert (sheet["A5"].value, sheet["Q6"].value, sheet["B9"].value) == ("beside", 7, "below")
    assert sheet["C5"].value == "H100"
    assert sheet["C5"].font.bold
    found = parts(out)[SHEET]
    assert [int(n) for n in re.findall(rb'<row r="(\d+)"', found)] == [1, 3, 4, 5, 6, 9]


@pytest.mark.parametrize(("options", "said"), [
    ({"total_row": True, "rows": 2}, "has a row of totals"),
    ({"header_row": False}, "shows no header row"),
])  # fmt: skip
def test_a_table_that_can_not_grow_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: dict[str, Any], said: str
) -> None:
    assert f"the table Throughput {said}" in refusal(
        capsys, book(tmp_path / "book.xlsx", **options)
    )


def test_another_workbook_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plain.xlsx"
    xlsxwriter.Workbook(path).close()
    said = refusal(capsys, path)
    assert "has no table named Throughput; a workbook from `xlmodel new` has one" in said
    assert "there is no file" in refusal(capsys, tmp_path / "missing.xlsx")
    book(path)
    assert "has no column note" in refusal(capsys, altered(path, 'name="note"', 'name="remark"'))
    query = altered(path, "<table ", '<table tableType="queryTable" ')
    assert "is filled by a query" in refusal(capsys, query)


@pytest.mark.parametrize(("old", "new"), [
    ('<c r="I4"', '<c  r="I4"'),
    ('<row r="4"', '<row x="4"'),
    ('<c r="I4"([^/]*)/>', r'<c r="I4"\1/><extLst/>'),
    ("<sheetData>", "<sheetData><!-- -->"),
])  # fmt: skip
def test_a_sheet_in_an_unusual_form_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    odd = altered(book(tmp_path / "book.xlsx"), old, new)
    assert "is stored in an unusual form" in refusal(capsys, odd)


@pytest.mark.parametrize(("old", "new"), [
    ('<dimension ref="A1:O4"/>', ""),
    (' spans="[0-9:]*"', ""),
    ('<autoFilter ref="B3:O4"/>', '<autoFilter ref=\'B3:O4\'/>'),
    ('<c r="I4"[^/]*/>', ""),
    ('<row r="4".*?</row>', ""),
])  # fmt: skip
def test_what_a_file_may_leave_out_is_not_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    odd = altered(book(tmp_path / "book.xlsx"), old, new)
    assert [row["gpus"] for row in table(imported(capsys, odd))] == [8] * 3


def test_an_array_that_a_column_calculates_is_left_to_excel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path / "book.xlsx", filled=1, more={"mine": "=SUM(1)"})
    array = altered(path, "<(calculatedColumnFormula|f)>", r'<\1 array="1" t="array" ref="B4">')
    rows = parts(imported(capsys, array))[SHEET]
    assert rows.count(b"SUM(1)") == 1


def test_the_copy_is_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = imported(capsys, book(tmp_path / "book.xlsx", filled=1, more={"mine": "=1+1"}))
    assert OpenXmlValidator(FileFormat.OFFICE_2019).validate(str(out)).errors == []


@pytest.mark.parametrize(("argv", "said"), [
    (["--gpus", "0"], "--gpus is 0, but must be a number above 0"),
    (["--input-tokens", "nan"], "--input-tokens is nan"),
    (["--output-tokens", "-1"], "--output-tokens is -1"),
    (["--gpu", " "], "--gpu is empty"),
])  # fmt: skip
def test_options_are_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], argv: list[str], said: str
) -> None:
    assert said in refusal(capsys, book(tmp_path / "book.xlsx"), *argv)


def test_a_model_that_no_file_names_must_be_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path / "book.xlsx")
    data = json.loads((SAMPLES / "vllm-old.json").read_text())
    (tmp_path / "own.json").write_text(json.dumps(data | {"model_id": "me/my-model"}))
    for file, said in (
        (
            SAMPLES / "sglang-old.jsonl",
            "sglang-old.jsonl names no model: give its name with --model",
        ),
        (
            tmp_path / "own.json",
            'own.json names the model "me/my-model", which is not in our table: give',
        ),
    ):
        words = ("throughput", "import", file, "--into", path, *HARDWARE)
        status, out, err = run(capsys, *words)
        assert (status, out) == (2, "")
        assert said in err


def test_a_mistyped_action_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["throughput", "imprt"])
    assert stop.value.code == 2
    assert "there is no action 'imprt'; did you mean import?" in capsys.readouterr().err


def test_a_date_in_the_calendar_of_1904(tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx")
    old = altered(path, "<workbookPr ", '<workbookPr date1904="1" ')
    found = tablerows.find(package.read(old), "Throughput")
    assert found is not None
    new = found.with_rows([{"measured": datetime.date(1904, 1, 2)}])
    assert b"<v>1</v>" in new[SHEET]
    with pytest.raises(WorkbookError, match="longer than a cell holds"):
        found.with_rows([{"note": "x" * 40_000}])
