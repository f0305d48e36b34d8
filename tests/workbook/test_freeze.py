"""``xlmodel calc --freeze``: a copy that shows the same figures without any of our functions."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openxml_audit import FileFormat, OpenXmlValidator

from tests.conftest import Convert
from xlmodel.cli import main
from xlmodel.registry import functions
from xlmodel.workbook import build, calc

OURS = re.compile(rf"\b({'|'.join(functions())})\(")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.new(tmp_path_factory.mktemp("template") / "node.xlsx")


@pytest.fixture(scope="module")
def frozen(template: Path) -> Path:
    out = template.with_name("mail.xlsx")
    words = ["calc", str(template), "--set", "in_utilization=0.8", "--freeze", "-o", str(out)]
    assert main(words) == 0
    return out


def formulas(path: Path) -> dict[str, str]:
    """Every formula of a workbook, those of names, tables and charts too."""
    with zipfile.ZipFile(path) as archive:
        return {n: archive.read(n).decode() for n in archive.namelist() if n.endswith(".xml")}


def test_no_call_and_no_lambda_is_left(frozen: Path) -> None:
    for part, text in formulas(frozen).items():
        found = re.findall(r"<(?:f|definedName|calculatedColumnFormula)\b[^>]*>([^<]*)<", text)
        assert not [f for f in found if OURS.search(f) or "LAMBDA" in f], part
    assert 'cm="' not in formulas(frozen)["xl/worksheets/sheet1.xml"]


def test_figures_are_those_of_the_calculation(template: Path, frozen: Path) -> None:
    before = calc.calculate(template, {"in_utilization": "0.8"})
    after = calc.calculate(frozen)
    assert {name: item.value for name, item in after.outputs.items()} == {
        name: item.value for name, item in before.outputs.items()
    }
    assert after.outputs["out_margin"].value == pytest.approx(-31.4112)
    assert not after.result.callers


def test_other_formulas_stay_and_the_copy_says_what_it_is(frozen: Path) -> None:
    book = openpyxl.load_workbook(frozen)
    margin = [cell.value for row in book["Margin"].iter_rows() for cell in row]
    assert "=in_output_tps*in_decoding_gain" in margin
    about = [cell.value for row in book["About"].iter_rows() for cell in row]
    assert "Frozen copy: values stand in place of the functions" in about
    shown = openpyxl.load_workbook(frozen, data_only=True)
    assert "Frozen copy: values stand in place of the functions" in [
        cell.value for cell in shown["Margin"][3]
    ]


def test_the_file_is_in_order(frozen: Path, libreoffice: Convert) -> None:
    assert OpenXmlValidator(FileFormat.OFFICE_2019).validate(str(frozen)).errors == []
    csv = libreoffice(frozen, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,,,5")
    assert "-31.41" in csv.read_text(encoding="utf-8")


def test_names_shared_formulas_columns_and_errors(tmp_path: Path) -> None:
    """A call behind a name, a filled-down column, a table's column, an error, a spill."""
    path = tmp_path / "own.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Mine")
    book.define_name("my_cost", "=NODE_COST(8,3.49)*2")
    sheet.write_formula("A1", "=my_cost+1")
    sheet.write_formula("A2", "=A1+1")
    sheet.write_formula("A3", "=NODE_COST(-1,1)")
    sheet.write_formula("A4", '=IF(A1>0,"cost & ""more"" "&NODE_COST(8,3.49),"")')
    sheet.write_dynamic_array_formula("C1:C2", "=NODE_COST({1;2},1)")
    for row in range(10, 16):
        sheet.write_number(f"A{row}", row)
    sheet.add_table(
        "B9:C12",
        {
            "name": "Nodes",
            "columns": [{"header": "gpus"}, {"header": "cost", "formula": "=NODE_COST([@gpus],2)"}],
            "data": [[1], [2], [3]],
        },
    )
    book.close()
    assert main(["calc", str(path), "--freeze"]) == 0
    out = tmp_path / "own-frozen.xlsx"
    values = openpyxl.load_workbook(out)["Mine"]
    assert values["A1"].value == pytest.approx(2 * 670.08 + 1)
    assert values["A2"].value == "=A1+1"
    assert values["A3"].value == "#NUM!"
    assert values["A4"].value == 'cost & "more" 670.08'
    assert [values["C1"].value, values["C2"].value] == [24, 48]
    assert [values[f"C{row}"].value for row in (10, 11, 12)] == [48, 96, 144]
    assert "calculatedColumnFormula" not in formulas(out)["xl/tables/table1.xml"]
    assert OpenXmlValidator(FileFormat.OFFICE_2019).validate(str(out)).errors == []


def test_a_call_without_a_value_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Mine").write_formula("A1", '=NODE_COST(8,CELL("width",B1))')
    book.close()
    assert main(["calc", str(path), "--freeze"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"xlmodel: {path} can't be frozen: Mine!A1 has no value, since CELL")
    assert len(list(tmp_path.iterdir())) == 1


def test_the_excel_list_of_formulas_goes(tmp_path: Path) -> None:
    """Excel would call a file damaged whose list names a cell that has no formula."""
    path, listed = tmp_path / "own.xlsx", tmp_path / "listed.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Mine").write_formula("A1", "=NODE_COST(8,3.49)")
    book.close()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    added = {
        "xl/_rels/workbook.xml.rels": f'<Relationship Id="rId9" Type="{kind}" '
        'Target="calcChain.xml"/></Relationships>',
        "[Content_Types].xml": f'<Override PartName="/xl/calcChain.xml" ContentType="{media}"/>'
        "</Types>",
    }
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(listed, "w") as after:
        for name in before.namelist():
            text = before.read(name).decode()
            if name in added:
                text = text[: text.rindex("</")] + added[name]
            after.writestr(name, text)
        main_ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        after.writestr(
            "xl/calcChain.xml", f'<calcChain xmlns="{main_ns}"><c r="A1" i="1"/></calcChain>'
        )
    assert main(["calc", str(listed), "--freeze"]) == 0
    out = tmp_path / "listed-frozen.xlsx"
    assert not [part for part, text in formulas(out).items() if "calcChain" in part + text]
    assert openpyxl.load_workbook(out)["Mine"]["A1"].value == pytest.approx(670.08)


def test_a_macro_workbook_becomes_a_plain_one_and_lite_code_goes(tmp_path: Path) -> None:
    for name in ("node.xlsm", "node_lite.xlsx"):
        source = build.new(tmp_path / name, "lite" if "lite" in name else "")
        assert main(["calc", str(source), "--freeze"]) == 0
        out = source.with_name(f"{source.stem}-frozen.xlsx")
        with zipfile.ZipFile(out) as archive:
            everything = " ".join(archive.namelist()) + archive.read("[Content_Types].xml").decode()
            everything += archive.read("_rels/.rels").decode()
        assert not re.search("vba|macro|webext|taskpane", everything, re.IGNORECASE)
        assert OpenXmlValidator(FileFormat.OFFICE_2019).validate(str(out)).errors == []
        assert calc.calculate(out).outputs["out_margin"].value == pytest.approx(128.256)


def test_another_add_in_stays(tmp_path: Path) -> None:
    source = build.new(tmp_path / "node.xlsx", "lite")
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(other, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if "webextension1.xml" in name:
                text = re.sub(rb'id="wa200008175"', b'id="wa1"', text)
                text = text.replace(b'"main.py"', b'"notes"')
            after.writestr(name, text)
    assert main(["calc", str(other), "--freeze"]) == 0
    with zipfile.ZipFile(tmp_path / "other-frozen.xlsx") as archive:
        assert "xl/webextensions/webextension1.xml" in archive.namelist()
