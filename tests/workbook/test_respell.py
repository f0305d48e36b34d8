"""A user's workbook, copied for another spreadsheet program: the same calls, spelled its way."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.hosts.calc.office import shared
from xlmodel.cli import main
from xlmodel.workbook import build, calc, formulas, respell
from xlmodel.workbook.package import read
from xlmodel.workbook.template.editions import EDITIONS
from xlmodel.workbook.untrusted import WorkbookError

HEADERS = ["gpu", "provider", "term", "usd_per_gpu_hour", "valid_from"]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Calls in cells, beside other functions, in a name, a table's column and a condition."""
    path = tmp_path / "own.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Mine")
    sheet.write_row("A1", HEADERS)
    sheet.add_table(
        "A1:E2",
        {
            "name": "GpuPrices",
            "columns": [{"header": header} for header in HEADERS],
            "data": [["H100", "Lambda", "on-demand", 3.49, 45500]],
        },
    )
    book.define_name("in_gpus", "=Mine!$H$1")
    book.define_name("hours", "=Mine!$H$2")
    book.define_name("my_cost", "=NODE_COST(8,2)")
    sheet.write_number("H1", 8)
    sheet.write_formula("H3", '=GPU_PRICE(GpuPrices[#All],"H100")&" node_cost(1)"')
    sheet.write_formula("H4", "=ROUND(NODE_COST(in_gpus,3.49,hours),1)+my_cost")
    sheet.write_formula("H5", "=SUM(H1:H2)")
    sheet.conditional_format(
        "H1", {"type": "formula", "criteria": "=NODE_COST(H1,1)>9", "format": book.add_format()}
    )
    book.close()
    return path


def sheet_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_libreoffice_computes_the_copy(own: Path) -> None:
    """With the real extension; a blank cell behind a name is the default there, too."""
    assert main(["addin", "calc", str(own)]) == 0
    copy = own.with_name("own-calc.xlsx")
    steps = [["open", copy.as_uri()], ["read", "Mine!H3:H5"], ["close"]]
    assert shared().run(steps)[1] == [["3.49 node_cost(1)"], [pytest.approx(1054.1)], [8]]
    assert "<formula>XLMODEL.NODE_COST(H1,1)&gt;9</formula>" in sheet_xml(copy)
    assert openpyxl.load_workbook(copy).defined_names["my_cost"].value == "XLMODEL.NODE_COST(8,2)"


def test_the_engine_and_the_way_back(own: Path) -> None:
    copy = respell.copy(own, "calc").path
    again = respell.copy(copy, "lambda", own.with_name("again.xlsx")).path
    with_table = sheet_xml(again).replace("[[#Headers],[#Data]]", "[#All]")
    assert with_table == sheet_xml(own)  # Excel reads both
    for path in (own, copy, again):
        calculation = calc.calculate(path)
        assert not calculation.unsupported
        assert calculation.cell("Mine", "H4") == pytest.approx(1054.1)


def test_only_formulas_and_names_differ(own: Path) -> None:
    copy = respell.copy(own, "calc").path
    with zipfile.ZipFile(own) as before, zipfile.ZipFile(copy) as after:
        changed = [n for n in before.namelist() if before.read(n) != after.read(n)]
    assert sorted(changed) == ["xl/workbook.xml", "xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("edition", ["lambda", "calc"])
def test_texts_and_other_names_are_left(edition: str) -> None:
    formula = """'NODE_COST(1)'!A1&"NODE_COST(2)"&MY_NODE_COST(3)&NODE_COST&OTHER.NODE_COST(4)"""
    assert respell.Spelling(EDITIONS[edition]).formula(formula) == formula


def test_errors(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["addin", "calc", str(tmp_path / "none.xlsx")]) == 2
    assert main(["addin", "calc", str(own), "-o", str(own)]) == 2
    assert main(["addin", "lambda", str(own), "-o", str(tmp_path / "out.csv")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert [line.startswith("xlmodel: ") for line in said] == [True] * 3
    assert "there is no file" in said[0]
    assert "exists already" in said[1]
    assert "must end in .xlsx" in said[2]


def test_calls_that_need_python_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = build.new(tmp_path / "node.xlsx", "calc")
    assert main(["addin", "lambda", str(source)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith("formulas call GPU_SPEC, MODEL_SPEC, XLMODEL_EXPLAIN, which only")


def edited(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The workbook with one part changed."""
    with zipfile.ZipFile(path) as before:
        found = {name: before.read(name) for name in before.namelist()}
    found[part] = change(found[part].decode()).encode()
    with zipfile.ZipFile(path, "w") as after:
        for name, content in found.items():
            after.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_entities_as_libreoffice_writes_them() -> None:
    stored = (
        "<f>IF(B1=&quot;x&quot;,XLMODEL.NODE_COST(1,2)&amp;&quot;NODE_COST(1)&quot;,"
        "&#10;&apos;It&apos;&apos;s&apos;!A1&lt;1)</f>"
    )
    new = respell.Spelling(EDITIONS["lambda"]).part(stored.encode(), "own.xlsx")
    expected = """<f>IF(B1="x",NODE_COST(1,2)&amp;"NODE_COST(1)",\n'It''s'!A1&lt;1)</f>"""
    assert new.decode() == expected


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (
            '<x:f ca="1" a=">">NODE_COST(1,1)</x:f>',
            '<x:f ca="1" a=">">XLMODEL.NODE_COST(1,1)</x:f>',
        ),
        ('<f t="shared" si="0"/><v>NODE_COST(1)</v>', None),
        ("<formula1>NODE_COST(1,1)</formula1>", "<formula1>XLMODEL.NODE_COST(1,1)</formula1>"),
        (
            "<totalsRowFormula>NODE_COST(1,1)</totalsRowFormula>",
            "<totalsRowFormula>XLMODEL.NODE_COST(1,1)</totalsRowFormula>",
        ),
        (
            """<cfvo type="formula" gte="0" val='NODE_COST(1,1)&gt;LEN("a")'/>""",
            '<cfvo type="formula" gte="0" val="XLMODEL.NODE_COST(1,1)&gt;LEN(&quot;a&quot;)"/>',
        ),
        ('<cfvo type="num" val="5"/>NODE_COST', None),
    ],
)
def test_every_place_of_a_formula(stored: str, expected: str | None) -> None:
    new = respell.Spelling(EDITIONS["calc"]).part(stored.encode(), "own.xlsx").decode()
    assert new == (expected or stored)


@pytest.mark.parametrize("inside", ["<![CDATA[NODE_COST(1,1)]]>", "NODE<!-- a -->_COST(1,1)"])
def test_formulas_in_a_form_of_their_own_are_refused(own: Path, inside: str) -> None:
    edited(own, SHEET, lambda xml: xml.replace("SUM(H1:H2)", inside))
    with pytest.raises(WorkbookError, match="a formula in an unusual form"):
        respell.copy(own, "calc")
    assert list(own.parent.iterdir()) == [own]


def test_sheets_are_found_by_what_the_workbook_says(own: Path) -> None:
    with zipfile.ZipFile(own) as before:
        found = {name: before.read(name) for name in before.namelist()}
    with zipfile.ZipFile(own, "w") as after:
        for name, content in found.items():
            renamed = content.replace(b"worksheets/sheet1", b"worksheets/mine")
            renamed = renamed.replace(b"tables/table1", b"tables/nodes")
            new = name.replace("sheet1", "mine").replace("table1", "nodes")
            after.writestr(new, renamed)
    package = read(respell.copy(own, "calc").path)
    assert formulas.parts(package)[:2] == ["xl/worksheets/mine.xml", "xl/tables/nodes.xml"]
    assert b"XLMODEL.GPU_PRICE(" in package.text("xl/worksheets/mine.xml")


def test_whole_tables_of_our_calls_only(own: Path) -> None:
    """They leave a row of totals out in LibreOffice, so nobody else's sum may get them."""
    edited(own, SHEET, lambda xml: xml.replace("SUM(H1:H2)", "SUM(GpuPrices[#All])+NODE_COST(1,1)"))
    assert "<f>SUM(GpuPrices[#All])+XLMODEL.NODE_COST(1,1)" in sheet_xml(
        respell.copy(own, "calc").path
    )
    spelling = respell.Spelling(EDITIONS["lambda"])
    kept = "GPU_PRICE(T[[#Headers],[#Data]])+SUM(T[[#Headers],[#Data]])"
    assert spelling.formula(kept) == kept


def test_a_row_of_totals_is_told(own: Path) -> None:
    edited(
        own, "xl/tables/table1.xml", lambda xml: xml.replace('totalsRowShown="0"', "").replace(
            'ref="A1:E2"', 'ref="A1:E3" totalsRowCount="1"', 1
        )
    )  # fmt: skip
    assert respell.copy(own, "calc").notes == [
        "calls in the copy read GpuPrices without its row of totals"
    ]


def test_blank_cells_behind_references_are_told(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet, other = book.add_worksheet("Mine"), book.add_worksheet("It's")
    other.write_formula("B1", "=1+1")
    other.write_number("B2", 3)
    places = {"made": "$B$1", "given": "$B$2", "empty": "$B$3", "Print": "$B$4:$C$5"}
    for name, cell in places.items():
        book.define_name(name, f"='It''s'!{cell}")
    sheet.write_row("A1", [8, 3.49, 24])
    sheet.write_formula("E1", "=NODE_COST(A1,B1,C1)")
    sheet.write_formula("E2", "=NODE_COST(A1,B1,$C$2)")
    sheet.write_formula("E3", "=NODE_COST(A1,B1, 'It''s'!B3 )+NODE_COST(A1,B1,'It''s'!B2)")
    sheet.write_formula(
        "E4", "=NODE_COST(A1,B1,C9:C9)+SUM(A1,C9)+NODE_COST(A9,1)+NODE_COST(1,1,1+C9)"
    )
    sheet.write_formula("E5", "=NODE_COST(1,1,Gone[hours])+NODE_COST(1,1,Nodes[[#Totals],[hours]])")
    sheet.add_table(
        "G1:I3",
        {
            "name": "Nodes",
            "data": [[1, 24], [2, None]],
            "columns": [
                {"header": "gpus"},
                {"header": "hours"},
                {"header": "cost", "formula": "=NODE_COST([@gpus],2,[@hours])"},
            ],
        },
    )
    book.close()
    # Attributes in another order than Excel's, which the quick way to read cells does not take.
    edited(
        path, "xl/worksheets/sheet2.xml", lambda xml: xml.replace('<c r="B1"', '<c s="0" r="B1"')
    )
    done = respell.copy(path, "calc")
    names = openpyxl.load_workbook(done.path).defined_names
    areas = {**places, "given": "$B$2:$B$2", "empty": "$B$3:$B$3"}
    assert {name: names[name].value for name in places} == {
        name: f"'It''s'!{place}" for name, place in areas.items()
    }
    assert done.notes == [
        "LibreOffice takes a blank cell for 0 in the place of an optional argument; write "
        "C2:C2 for C2 in Mine!E2, 'It''s'!B3:B3 for 'It''s'!B3 in Mine!E3, H3:H3 for H3 in Mine!I3"
    ]


def test_many_blank_cells_make_one_short_note(tmp_path: Path) -> None:
    """Formulas that were filled down are stored once, as a shared one."""
    path = tmp_path / "own.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Mine")
    for row in range(1, 9):
        sheet.write_formula(f"A{row}", "=1")
    book.close()
    shared = '<f t="shared" ref="A1:A8" si="0">NODE_COST(1,1,B1)</f>'
    edited(path, SHEET, lambda xml: xml.replace("<f>1</f>", shared, 1).replace(
        "<f>1</f>", '<f t="shared" si="0"/>'
    ))  # fmt: skip
    (note,) = respell.copy(path, "calc").notes
    assert note.endswith("B5:B5 for B5 in Mine!A5 and 3 more")


@pytest.mark.parametrize(
    "formula",
    ["IF(A7>1.50,NODE_COST(LOG10(A12),2e3,$B$7)&\"7 NODE_COST(8)\",'7'!B9)", "NODE_COST(A1,1)+A13"],
)
def test_numbers_keep_their_place(formula: str) -> None:
    """Formulas that differ in nothing else are read once."""
    spelling = respell.Spelling(EDITIONS["calc"])
    for row in (7, 123456):
        own = formula.replace("7", str(row))
        assert spelling.formula(own).replace("XLMODEL.", "") == own
        assert spelling.formula(own).count("XLMODEL.") == 1


def test_a_number_in_a_prefix_that_goes_takes_no_other_along() -> None:
    spelling = respell.Spelling(EDITIONS["calc"])
    for row in (5, 6):
        formula = f"[1]!NODE_COST(A{row},2)+GPU_PRICE(T{row}[#All],B{row})"
        expected = (
            f"XLMODEL.NODE_COST(A{row},2)+XLMODEL.GPU_PRICE(T{row}[[#Headers],[#Data]],B{row})"
        )
        assert spelling.formula(formula) == expected
    assert spelling.tables == {"t5", "t6"}


def test_a_table_with_some_of_its_columns() -> None:
    spelling = respell.Spelling(EDITIONS["calc"])
    assert spelling.formula("GPU_PRICE(T[[#All],[a]:[b]],A1)") == (
        "XLMODEL.GPU_PRICE(T[[#Headers],[#Data],[a]:[b]],A1)"
    )
