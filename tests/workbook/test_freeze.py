"""``xlmodel calc --freeze``: a copy that shows the same figures without any of our functions."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openxml_audit import FileFormat, OpenXmlValidator

from tests.conftest import Convert
from xlmodel.cli import main
from xlmodel.registry import functions
from xlmodel.workbook import build, calc
from xlmodel.workbook.freeze import FROZEN, save
from xlmodel.workbook.package import read

SHEET = "xl/worksheets/sheet1.xml"
TABLE = "xl/tables/table1.xml"
TYPES, ROOT = "[Content_Types].xml", "_rels/.rels"
EXTENSION = "xl/webextensions/webextension1.xml"
EXTENSION_RELATIONS = "xl/webextensions/_rels/webextension1.xml.rels"
PANES = "xl/webextensions/taskpanes.xml"
PANE_RELATIONS = "xl/webextensions/_rels/taskpanes.xml.rels"
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
    assert "=out_output_tps*in_input_output_ratio" in margin
    about = [cell.value for row in book["About"].iter_rows() for cell in row]
    assert "Frozen copy: values stand in place of the functions" in about
    shown = openpyxl.load_workbook(frozen, data_only=True)
    assert "Frozen copy: values stand in place of the functions" in [
        cell.value for cell in shown["Margin"][3]
    ]


def test_the_file_is_in_order(frozen: Path, libreoffice: Convert) -> None:
    assert OpenXmlValidator(FileFormat.OFFICE_2019).validate(str(frozen)).errors == []
    place = openpyxl.load_workbook(frozen, read_only=True).sheetnames.index("Margin") + 1
    options = f"44,34,76,1,,0,false,true,false,,,{place}"
    csv = libreoffice(frozen, f"csv:Text - txt - csv (StarCalc):{options}")
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


def rewritten(path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    """The workbook with some parts changed."""
    with zipfile.ZipFile(path) as before:
        found = change({name: before.read(name) for name in before.namelist()})
    with zipfile.ZipFile(path, "w") as after:
        for name, content in found.items():
            after.writestr(name, content)
    return path


def own(path: Path, *cells: tuple[str, str], **names: str) -> Path:
    """A workbook of one sheet."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Mine")
    for name, formula in names.items():
        book.define_name(name, formula)
    for cell, formula in cells:
        sheet.write_formula(cell, formula)
    sheet.write_dynamic_array_formula("C1:C2", "=NODE_COST({1;2},1)")
    book.close()
    return path


def freeze(path: Path, *words: str) -> Path:
    assert main(["calc", str(path), "--freeze", *words]) == 0
    return path.with_name(f"{path.stem}-frozen.xlsx")


def refused(path: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What is said, and nothing is written."""
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    assert main(["calc", str(path), "--freeze", *words]) == 2
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == before
    return capsys.readouterr().err


def relate(root: bytes, *links: tuple[str, str, str]) -> bytes:
    """A list of relations with some more: id, type and target."""
    new = "".join(f'<Relationship Id="{i}" Type="{t}" Target="{to}"/>' for i, t, to in links)
    return root.replace(b"</Relationships>", new.encode() + b"</Relationships>")


def test_what_reads_an_array_that_is_frozen_is_frozen_too(tmp_path: Path) -> None:
    """Even where no error would tell; other formulas stay, and so does the moment of NOW."""
    spill = "_xlfn.ANCHORARRAY(Mine!$C$1)"
    path = own(
        tmp_path / "own.xlsx",
        ("A1", f"=SUM({spill})"),
        ("A2", "=IFERROR(SUM(all_costs),0)"),
        ("A3", "=C1+C2"),
        ("A4", "=RAND()"),
        ("A5", "=NOW()"),
        ("A6", "=NODE_COST(1,1)+0*NOW()"),
        all_costs=f"={spill}",
    )
    calculation = calc.calculate(path)
    out = tmp_path / "out.xlsx"
    save(calculation, out)
    found, shown = (openpyxl.load_workbook(out, data_only=x)["Mine"] for x in (False, True))
    assert [found[f"A{row}"].value for row in (1, 2)] == [72, 72]
    assert [found[f"A{row}"].value for row in (3, 4, 5)] == ["=C1+C2", "=RAND()", "=NOW()"]
    assert shown["A3"].value == 72
    assert shown["A4"].value == calculation.cell("Mine", "A4")
    assert shown["A5"].value == pytest.approx(calculation.cell("Mine", "A5"), abs=1e-9)


def test_a_what_if_table_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = own(tmp_path / "own.xlsx", ("F1", "=C1"), ("F2", "=1"))
    table = b'<f t="dataTable" ref="F2:F3" dt2D="0" dtr="0" r1="A1"/>'
    rewritten(path, lambda found: {**found, SHEET: found[SHEET].replace(b"<f>1</f>", table)})
    assert "Mine!F2 is part of a what-if data table" in refused(path, capsys)


@pytest.mark.parametrize("formula", ["=twice(3)", "=SUM(MAP({1,2},twice))", "=more+1"])
def test_calls_through_a_lambda_of_the_users_are_refused(
    formula: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = own(
        tmp_path / "own.xlsx",
        ("A1", formula),
        twice="=_xlfn.LAMBDA(_xlpm.x,2*NODE_COST(_xlpm.x,2))",
        more="=twice(4)",
    )
    assert "can't be frozen: Mine!A1 has no value, since" in refused(path, capsys)


def test_calls_outside_of_cells_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Mine")
    book.define_name("my_cost", "=NODE_COST(8,2)")
    sheet.add_table(
        "A1:B3",
        {
            "name": "Nodes",
            "total_row": True,
            "columns": [
                {"header": "gpus", "total_function": "sum"},
                {
                    "header": "cost",
                    "formula": "=my_cost+1",
                    "total_function": "NODE_COST(1,2)",
                },
            ],
            "data": [[1]],
        },
    )
    condition = {"type": "formula", "criteria": "=GPU_SPEC(A1)>9", "format": book.add_format()}
    sheet.conditional_format("H1", condition)
    book.close()
    out = freeze(path)
    assert "names that call GPU_SPEC, NODE_COST do nothing in the copy" in capsys.readouterr().err
    table = formulas(out)[TABLE]
    assert "Formula" not in table
    assert "custom" not in table
    assert 'totalsRowFunction="sum"' in table
    assert openpyxl.load_workbook(out)["Mine"]["B2"].value == 385


def test_the_workbook_itself_is_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = own(tmp_path / "own.xlsx")
    assert "is the workbook itself" in refused(path, capsys, "-o", str(path), "--force")
    link = tmp_path / "link.xlsx"
    link.symlink_to(path)
    assert "is the workbook itself" in refused(path, capsys, "-o", str(link), "--force")


def test_metadata_of_a_value_goes_with_it(tmp_path: Path) -> None:
    """Excel's record of a rich error must not stand beside another value."""
    path = own(tmp_path / "own.xlsx", ("A1", "=NODE_COST(1,1)"))
    old, new = b'<c r="A1"', b'<c r="A1" vm="1" cm="1"'
    rewritten(path, lambda found: {**found, SHEET: found[SHEET].replace(old, new)})
    assert '<c r="A1"><v>24</v></c>' in formulas(freeze(path))[SHEET]


def test_a_signed_workbook_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    link = ("rIdS", kind, "_xmlsignatures/origin.sigs")
    path = own(tmp_path / "own.xlsx")
    rewritten(path, lambda found: {**found, ROOT: relate(found[ROOT], link)})
    assert "has a digital signature" in refused(path, capsys)
    assert main(["calc", str(path), "-o", str(tmp_path / "out.xlsx")]) == 2
    assert main(["addin", "lambda", str(path)]) == 2
    assert capsys.readouterr().err.count("has a digital signature") == 2


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"</Types>", b"</Typ>", "not well-formed XML"),
        (b"<Types", b"<!DOCTYPE x []><Types", "declares entities"),
    ],
)
def test_damaged_lists_are_refused(
    old: bytes, new: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = own(tmp_path / "own.xlsx")
    rewritten(path, lambda found: {**found, TYPES: found[TYPES].replace(old, new)})
    assert sentence in refused(path, capsys)


def test_a_part_of_the_same_base_name_stays_listed(tmp_path: Path) -> None:
    """Only the code's own entries go: another part may have its base name in another folder."""
    path = build.new(tmp_path / "node.xlsm")
    entry = b'<Override PartName="/custom/vbaProject.bin" ContentType="application/x"/></Types>'

    def change(found: dict[str, bytes]) -> dict[str, bytes]:
        return {
            **found,
            "custom/vbaProject.bin": b"theirs",
            TYPES: found[TYPES].replace(b"</Types>", entry),
        }

    with zipfile.ZipFile(freeze(rewritten(path, change))) as archive:
        assert "custom/vbaProject.bin" in archive.namelist()
        assert entry in archive.read(TYPES)


def test_buttons_and_signatures_of_macros_go_with_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = build.new(tmp_path / "node.xlsm")
    ribbon = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    signed = "http://schemas.microsoft.com/office/2006/relationships/vbaProjectSignature"
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    empty += b"</Relationships>"
    code, ui = "xl/_rels/vbaProject.bin.rels", "customUI/customUI14.xml"

    def change(found: dict[str, bytes]) -> dict[str, bytes]:
        return {
            **found,
            ROOT: relate(found[ROOT], ("rIdU", ribbon, ui)),
            ui: b"<customUI/>",
            "customUI/_rels/customUI14.xml.rels": empty,
            code: relate(empty, ("rId1", signed, "vbaProjectSignature.bin")),
            "xl/vbaProjectSignature.bin": b"signed",
        }

    rewritten(path, change)
    with zipfile.ZipFile(freeze(path)) as archive:
        assert not [n for n in archive.namelist() if "vba" in n or "customUI" in n]
        assert b"customUI" not in archive.read(ROOT)
    assert main(["calc", str(path), "--freeze", "-o", str(tmp_path / "kept.xlsm")]) == 0
    with zipfile.ZipFile(tmp_path / "kept.xlsm") as archive:
        assert {ui, code, "xl/vbaProjectSignature.bin"} <= set(archive.namelist())
    sheet = "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    rels = "xl/_rels/workbook.xml.rels"
    link = ("rIdM", sheet, "macrosheets/sheet1.xml")
    rewritten(path, lambda found: {**found, rels: relate(found[rels], link)})
    out = str(tmp_path / "again.xlsx")
    assert "has macro sheets" in refused(path, capsys, "-o", out)


def test_lite_goes_and_another_add_in_beside_it_stays(tmp_path: Path) -> None:
    other = "xl/webextensions/webextension2.xml"
    path = build.new(tmp_path / "node.xlsx", "lite")

    def change(found: dict[str, bytes]) -> dict[str, bytes]:
        first = found[EXTENSION].replace(b"wa200008175", b"wa1").replace(b'"main.py"', b'"notes"')
        panes = found[PANES].decode()
        pane = panes[panes.index("<wetp:taskpane ") : panes.index("</wetp:taskpanes>")]
        kind = "http://schemas.microsoft.com/office/2011/relationships/webextension"
        return {
            **found,
            other: first,
            EXTENSION_RELATIONS: found[ROOT],
            PANES: panes.replace(pane, pane + pane.replace('"rId1"', '"rId9"')).encode(),
            PANE_RELATIONS: relate(found[PANE_RELATIONS], ("rId9", kind, "webextension2.xml")),
            TYPES: found[TYPES].replace(
                b"</Types>",
                f'<Override PartName="/{other}" ContentType="application/vnd.ms-office'
                '.webextension+xml"/></Types>'.encode(),
            ),
        }

    out = freeze(rewritten(path, change))
    package = read(out)
    assert {n for n in package.parts if "webextensions" in n} == {other, PANES, PANE_RELATIONS}
    assert list(package.relations(PANES, "webextension").items()) == [("rId9", other)]
    assert package.text(PANES).count(b"<wetp:taskpane ") == 1
    assert b'"rId9"' in package.text(PANES)
    assert b"webextension1" not in package.text(TYPES)
    assert OpenXmlValidator(FileFormat.OFFICE_2019).validate(str(out)).errors == []


@pytest.mark.parametrize("formula", ['=IF(ISNUMBER(A2),"at work","missing")', "=CELL(A2)"])
def test_the_state_is_told_where_it_is_computed(formula: str, tmp_path: Path) -> None:
    cells = ("A1", formula), ("A2", "=NODE_COST(1,1)"), ("A3", '=functions_state&"!"')
    path = own(tmp_path / "own.xlsx", *cells, functions_state="=Mine!$A$1")
    out = tmp_path / "out.xlsx"
    save(calc.calculate(path), out)
    found, shown = (openpyxl.load_workbook(out, data_only=x)["Mine"] for x in (False, True))
    assert found["A1"].value == FROZEN
    assert shown["A3"].value == f"{FROZEN}!"


def test_a_state_that_is_typed_stays(tmp_path: Path) -> None:
    path = own(tmp_path / "own.xlsx", ("A2", "=NODE_COST(1,1)"), functions_state="=Mine!$A$1")
    assert openpyxl.load_workbook(freeze(path))["Mine"]["A1"].value is None


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
