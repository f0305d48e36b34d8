"""Workbooks of others: judged where they can be, left alone where not, refused in a sentence."""

import contextlib
import json
import random
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.workbook.defined_name import DefinedName

from tests.workbook.check import exemplary
from xlmodel.cli import main
from xlmodel.workbook.check.judge import Verdict, check
from xlmodel.workbook.check.standard import RULES
from xlmodel.workbook.untrusted import WorkbookError

TEMPLATE = Path(__file__).parents[3] / "workbooks" / "node_margin.xlsx"


def found(verdict: Verdict) -> dict[str, list[str]]:
    cells: dict[str, list[str]] = {}
    for finding in verdict.findings:
        cells.setdefault(finding.rule.id, []).append(finding.where)
    return cells


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        status = main(argv)
    except SystemExit as stop:
        status = int(stop.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.fixture
def openpyxls(tmp_path: Path) -> Path:
    """Twelve months, one of them overwritten and one changed; no styles, no names."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for column in range(2, 14):
        letter = sheet.cell(1, column).column_letter
        sheet.cell(2, column, 100 + column)
        sheet.cell(3, column, f"={letter}2*0.85")
        sheet.cell(4, column, f"={letter}3*$A$1")
    sheet["F4"] = 12
    sheet["I4"] = "=I3*$A$2"
    path = tmp_path / "o.xlsx"
    book.save(path)
    return path


def test_one_by_openpyxl(openpyxls: Path) -> None:
    verdict = check(openpyxls)
    seen = found(verdict)
    assert seen["overwritten-formula"] == ["Sheet!F4"]
    assert seen["same-formula"] == ["Sheet!I4"]
    assert seen["literal"] == ["Sheet!B3:M3"], "a fill is one finding"
    assert seen["sheet-names"] == ["Sheet"]
    assert seen["stored-results"] != []
    assert "no results" in verdict.skipped["error-value"]
    for number in ("input-validation", "input-unit", "formula-in-input", "input-label"):
        assert "nothing marks a cell as an input" in verdict.skipped[number]
    assert verdict.cells == 12 * 3


def test_one_by_xlsxwriter(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        inputs, model = book.add_worksheet("Assumptions"), book.add_worksheet("Model")
        inputs.write_row("A1", ["Price", 2.8, "USD/Mtok"])
        inputs.write_row("A2", ["Growth of sales", 1.5])
        for row in range(20):
            model.write_formula(row, 0, f"=Assumptions!$B$1*ROW(A{row + 1})", None, 2.8)
        model.write_formula("B1", "=B2+A1", None, 0)
        model.write_formula("B2", "=B1", None, 0)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Model!$A$1:$A$20"})
        model.insert_chart("D2", chart)
        model.hide()
    seen = found(check(tmp_path / "x.xlsx"))
    assert seen["hidden-sheet"] == ["Model"]
    assert seen["circularity"] == ["Model!B1"]
    assert seen["input-validation"] == ["Assumptions!B1:B2"]
    assert seen["input-unit"] == ["Assumptions!B2"]
    assert seen["alternative-text"] == ["Model, Chart 1"]


def test_running_balances_are_no_circle(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet("Fleet")
        for column in range(1, 40):
            here, before = (xlsxwriter.utility.xl_col_to_name(c) for c in (column, column - 1))
            sheet.write_formula(0, column, f"={before}4")
            sheet.write_formula(1, column, f"={here}1*0.1")
            sheet.write_formula(2, column, f"=SUM({before}3:{before}4)")
            sheet.write_formula(3, column, f"={here}1+{here}2-{here}3")
    assert "circularity" not in found(check(tmp_path / "x.xlsx"))


def test_a_formula_near_the_edge_is_no_endless_search(tmp_path: Path) -> None:
    """Filled to the left, the formula of E5 would reach out of the sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["E5"], sheet["A6"] = "=A5+B5", "=B6"
    sheet["B5"] = "=SUM(C5:D5)"
    book.save(tmp_path / "edge.xlsx")
    assert check(tmp_path / "edge.xlsx").findings is not None


def test_a_file_named_in_a_formula_only_is_a_link_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"] = "='[other.xlsx]S'!A1", '="see [other.xlsx]S!A1"'
    book.save(tmp_path / "links.xlsx")
    found = [f for f in check(tmp_path / "links.xlsx").findings if f.rule.id == "external-link"]
    assert [f.cells for f in found] == ["A1"]


def test_cases_of_an_input_share_its_name_and_unit(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Inputs"
    sheet.append(["Price", "USD/Mtok", None, 2.8, None])
    book.defined_names["case_price"] = DefinedName("case_price", attr_text="Inputs!$C$1:$E$1")
    book.save(path)
    found = {finding.rule.id for finding in check(path).findings}
    assert not found & {"input-unit", "input-name"}
    del book.defined_names["case_price"]
    book.save(path)
    assert {"input-unit", "input-name"} <= {finding.rule.id for finding in check(path).findings}


def test_a_circle_by_name_and_by_table_is_found(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet("S")
        sheet.add_table("A1:B3", {"name": "T", "columns": [{"header": "a"}, {"header": "b"}]})
        sheet.write_formula("A2", "=total")
        sheet.write_formula("D1", "=SUM(T[a])")
        book.define_name("total", "=S!$D$1")
    assert found(check(tmp_path / "x.xlsx"))["circularity"] == ["S!D1"]


def test_shared_formulas_count_as_filled(tmp_path: Path) -> None:
    parts = exemplary.parts()
    part = exemplary.PART["Log"]
    cells = "".join(
        f'<row r="{row}"><c r="A{row}"><f t="shared" si="0"{first}<v>1</v></c></row>'
        for row, first in ((2, ' ref="A2:A4">B2*0.85</f>'), (3, "/>"), (4, "/>"))
    )
    parts[part] = str(parts[part]).replace("</sheetData>", f"{cells}</sheetData>")
    path = exemplary.write(tmp_path / "shared.xlsx", parts)
    assert found(check(path))["literal"] == ["Log!A2:A4"]


def test_a_sheet_in_another_form_gives_the_same(tmp_path: Path) -> None:
    """With prefixed tags, as some exporters write it."""
    parts = exemplary.parts()
    part = exemplary.PART["Calculations"]
    xml = str(parts[part]).replace("in_gpus*in_price*24*COLUMN(D4)", "in_gpus*0.85")
    parts[part] = xml
    plain = found(check(exemplary.write(tmp_path / "plain.xlsx", parts)))
    prefixed = xml.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    parts[part] = prefixed.replace("xmlns=", "xmlns:x=", 1)
    assert found(check(exemplary.write(tmp_path / "prefixed.xlsx", parts))) == plain
    assert plain["literal"] == ["Calculations!D4"]


# The command


def test_exit_status_follows_the_severity(
    openpyxls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = openpyxls.read_bytes()
    assert run(capsys, "check", str(openpyxls))[0] == 1
    assert run(capsys, "check", str(openpyxls), "--severity", "error")[0] == 0
    assert run(capsys, "check", str(TEMPLATE))[0] == 0
    assert run(capsys, "check", str(TEMPLATE), "--severity", "note")[0] == 1
    assert openpyxls.read_bytes() == before
    assert [path.name for path in openpyxls.parent.iterdir()] == ["o.xlsx"]


def test_text_groups_and_tells_how_to_mend(
    openpyxls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, err = run(capsys, "check", str(openpyxls))
    assert err == ""
    assert "warning literal: A formula holds no figure" in out
    assert "  Sheet!B3:M3: 0.85 in =B2*0.85\n  to mend: give the figure a cell" in out
    assert out.splitlines()[-1].endswith("(1 sheet, 36 cells)")


def test_json_holds_every_finding(openpyxls: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "check", str(openpyxls), "--json")
    data = json.loads(out)
    assert data["passed"] is False
    one = next(item for item in data["findings"] if item["rule"] == "literal")
    assert (one["sheet"], one["cells"], one["count"]) == ("Sheet", "B3:M3", 12)
    assert {item["rule"] for item in data["not_judged"]} < RULES.keys()


def test_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "check", "--rules")
    assert status == 0
    assert all(f" {number}: {rule.what}" in out for number, rule in RULES.items())
    data = json.loads(run(capsys, "check", "--rules", "--json")[1])
    assert [item["id"] for item in data] == list(RULES)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "give the name of a workbook, or --rules"),
        (["x.xlsx", "--rules"], "takes no workbook"),
        (["no.xlsx"], "there is no file no.xlsx"),
        (["x.xlsx", "--severity", "all"], "invalid choice: 'all'"),
    ],
)
def test_wrong_use_is_one_sentence(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, "check", *argv)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_texts_of_the_workbook_give_the_terminal_no_orders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = exemplary.parts()
    book = str(parts["xl/workbook.xml"])
    name = '<definedName name="lost">"\u009b2J"&amp;#REF!</definedName>'
    parts["xl/workbook.xml"] = book.replace("<definedNames>", f"<definedNames>{name}")
    _, out, _ = run(capsys, "check", str(exemplary.write(tmp_path / "x.xlsx", parts)))
    assert "broken-name" in out
    assert "\u009b" not in out


def test_help_stays_without_heavy_imports() -> None:
    code = (
        "import sys; from xlmodel.cli import main\n"
        "try: main(['check', '--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'numpy', 'openpyxl', 'formualizer', 'rich'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


# Hostile files


def _damaged(path: Path, part: str, data: str | bytes) -> None:
    exemplary.write(path, {**exemplary.parts(), part: data})


SHEET = exemplary.PART["Log"]
_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet><sheetData/></worksheet>'
HOSTILE = {
    "no zip": lambda p: p.write_bytes(b"name,price\n"),
    "empty": lambda p: p.write_bytes(b""),
    "truncated": lambda p: p.write_bytes(TEMPLATE.read_bytes()[:500_000]),
    "old": lambda p: p.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600),
    "encrypted": lambda p: p.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le")
    ),
    "folder": lambda p: p.mkdir(),
    "entities": lambda p: _damaged(p, SHEET, _BOMB),
    "entities in styles": lambda p: _damaged(p, "xl/styles.xml", _BOMB),
    "not XML": lambda p: _damaged(p, SHEET, "<worksheet><sheetData>"),
    "far row": lambda p: _damaged(
        p, SHEET, '<worksheet><sheetData><row><c r="A9999999"/></row></sheetData></worksheet>'
    ),
    "far column": lambda p: _damaged(
        p, SHEET, '<worksheet><sheetData><row><c r="ZZZ1"/></row></sheetData></worksheet>'
    ),
    "lost shared formula": lambda p: _damaged(
        p,
        SHEET,
        '<worksheet><sheetData><row><c r="A1"><f t="shared" si="7"/></c></row></sheetData>'
        "</worksheet>",
    ),
    "wrong merge": lambda p: _damaged(
        p,
        SHEET,
        '<worksheet><sheetData/><mergeCells><mergeCell ref="A:B9"/></mergeCells></worksheet>',
    ),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_gets_a_sentence(
    make: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hostile.xlsx"
    make(path)  # type: ignore[operator]
    status, out, err = run(capsys, "check", str(path))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "hostile.xlsx" in err or "the sheet Log" in err


_ODD = ("", "-1", "abc", "99999999999", "1e9", "A1:", "A1:B2 Z9")


@pytest.mark.parametrize("seed", range(8))
def test_damage_anywhere_gives_a_verdict_or_a_sentence(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    for _ in range(12):
        parts = exemplary.parts()
        part = draw.choice([name for name in parts if name.endswith("xml")])
        text = str(parts[part])
        spot = draw.choice(list(re.finditer(r'="([^"]*)"', text)))
        text = text[: spot.start(1)] + draw.choice(_ODD) + text[spot.end(1) :]
        cut = draw.randrange(len(text))
        parts[part] = text if draw.random() < 0.6 else text[:cut] + text[cut + 9 :]
        path = exemplary.write(tmp_path / "x.xlsx", parts)
        with contextlib.suppress(WorkbookError):  # any other error fails
            assert check(path).sheets


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in exemplary.parts().items():
            file.writestr(name, data)
        file.writestr("xl/media/a.bin", b"0" * 100 * 1024**2)
    with pytest.raises(WorkbookError, match="too large to read"):
        check(path)


def test_a_huge_dimension_costs_nothing(tmp_path: Path) -> None:
    parts = exemplary.parts()
    xml = str(parts[SHEET]).replace('<dimension ref="A1"/>', '<dimension ref="A1:XFD1048576"/>')
    xml = xml.replace(
        "<pageMargins", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells><pageMargins', 1
    )
    parts[SHEET] = xml
    verdict = check(exemplary.write(tmp_path / "x.xlsx", parts))
    assert found(verdict)["merged-cells"] == ["Log!A1:XFD1048576"]


def test_a_file_that_is_open_elsewhere_can_be_checked(tmp_path: Path) -> None:
    shutil.copy(TEMPLATE, tmp_path / "x.xlsx")
    (tmp_path / "~$x.xlsx").touch()
    assert check(tmp_path / "x.xlsx").sheets == check(TEMPLATE).sheets
