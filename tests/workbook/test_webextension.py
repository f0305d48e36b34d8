"""xlwings Lite in a workbook: its files go in, and nothing else in the file changes."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter
from openxml_audit import FileFormat, OpenXmlValidator

from tests.conftest import Convert
from xlmodel.hosts.lite import bundle
from xlmodel.registry import functions
from xlmodel.workbook import build, lite, webextension
from xlmodel.workbook.elements import elements, with_child
from xlmodel.workbook.package import Package, from_bytes, read
from xlmodel.workbook.untrusted import WorkbookError

TYPES: Final = "[Content_Types].xml"
ROOT: Final = "_rels/.rels"
EXTENSION: Final = "xl/webextensions/webextension1.xml"
PANES: Final = "xl/webextensions/taskpanes.xml"
PANE_RELATIONS: Final = "xl/webextensions/_rels/taskpanes.xml.rels"
CHANGED: Final = {TYPES, ROOT, PANES, PANE_RELATIONS}
WE: Final = "{http://schemas.microsoft.com/office/webextensions/webextension/2010/11}"
OFFICE: Final = "http://schemas.microsoft.com/office"
USERS: Final = 'from xlwings import func\n\n\n@func\ndef hello(name):\n    return f"Hi <{name}>!"\n'
OTHER_STORE: Final = "wa104379955"


def parts(data: Path | bytes) -> dict[str, bytes]:
    package = read(data) if isinstance(data, Path) else from_bytes(Path("book.xlsx"), data)
    return {info.filename: package.parts[info.filename] for info in package.order}


def properties(xml: bytes) -> dict[str, str]:
    found = ElementTree.fromstring(xml).iter(f"{WE}property")
    return {e.attrib["name"]: e.attrib["value"] for e in found}


def by_xlsxwriter(path: Path) -> Path:
    """With a picture of everything that is easily lost: macros are not, they need .xlsm."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Mine")
    sheet.write_formula("A1", "=1+1", None, 2)
    sheet.write_comment("A1", "a note")
    sheet.add_table("C1:D3", {"name": "T"})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Mine!$C$2:$C$3"})
    sheet.insert_chart("F1", chart)
    book.set_custom_property("mine", "kept")
    book.close()
    return path


def by_openpyxl(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=1+1"
    book.save(path)
    return path


def rewritten(path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    """The workbook with some parts changed, packed as Excel does, with comments in the zip."""
    found = change(parts(path))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"of the user"
        for name, content in found.items():
            archive.writestr(name, content)
    return path


def with_extension(
    path: Path, store: str = OTHER_STORE, values: dict[str, object] | None = None, prefix: str = "x"
) -> Path:
    """A workbook that has an Office add-in already, written with other prefixes than ours."""
    stored = "".join(
        f"<{prefix}:property name='{name}' value='{json.dumps(value).translate(ESCAPED)}'/>"
        for name, value in (values or {}).items()
    )
    extension = (
        f'<{prefix}:webextension xmlns:{prefix}="{OFFICE}/webextensions/webextension/2010/11" '
        f'id="{{0F0F0F0F-0000-4000-8000-000000000001}}">\r\n  <{prefix}:reference id="{store}" '
        f'version="1.0.0.0" store="en-US" storeType="OMEX"/>'
        f"<{prefix}:properties>{stored}</{prefix}:properties>"
        f"<{prefix}:bindings/></{prefix}:webextension>"
    )
    panes = (
        f'<t:taskpanes xmlns:t="{OFFICE}/webextensions/taskpanes/2010/11">'
        '<t:taskpane dockstate="right" visibility="0" width="350" row="4"><t:webextensionref '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'r:id="rId7"/></t:taskpane></t:taskpanes>'
    )
    relation = '<Relationship Id="%s" Type="%s/2011/relationships/%s" Target="%s"/>'
    override = '<Override PartName="/%s" ContentType="application/vnd.ms-office.%s+xml"/>'

    def change(found: dict[str, bytes]) -> dict[str, bytes]:
        found[EXTENSION] = extension.encode()
        found[PANES] = panes.encode()
        to_extension = relation % ("rId7", OFFICE, "webextension", "/" + EXTENSION)
        found[PANE_RELATIONS] = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{to_extension}</Relationships>"
        ).encode()
        to_panes = relation % ("rIdPanes", OFFICE, "webextensiontaskpanes", PANES)
        found[ROOT] = found[ROOT].replace(b"</Rel", f"{to_panes}</Rel".encode())
        for part, kind in ((EXTENSION, "webextension"), (PANES, "webextensiontaskpanes")):
            new = override % (part, kind)
            found[TYPES] = found[TYPES].replace(b"</Types>", f"{new}</Types>".encode())
        return found

    return rewritten(by_xlsxwriter(path), change)


ESCAPED: Final = str.maketrans({"&": "&amp;", "<": "&lt;", "'": "&apos;"})


def unchanged(before: Path, after: Path, *but: str) -> None:
    """Every part is there in its order; only the named ones differ, or are new at the end."""
    old, new = parts(before), parts(after)
    assert list(new)[: len(old)] == list(old)
    assert {name for name in new if old.get(name) != new[name]} == set(but)


def in_order(before: Path, after: Path) -> None:
    """A validator finds nothing that it does not find in the workbook as it was."""
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365)
    old, new = ([str(e) for e in validator.validate(str(p)).errors] for p in (before, after))
    assert new == old


@pytest.mark.parametrize("make", [by_xlsxwriter, by_openpyxl])
def test_a_fresh_workbook_gets_the_extension(
    make: Callable[[Path], Path], tmp_path: Path, libreoffice: Convert
) -> None:
    book = make(tmp_path / "my book.xlsx")
    before = book.read_bytes()
    done = lite.lite(book)
    assert done == (tmp_path / "my book-lite.xlsx", [])
    assert book.read_bytes() == before
    unchanged(book, done.path, *CHANGED, EXTENSION)
    found = parts(done.path)
    stored = properties(found[EXTENSION])
    assert stored["Office.AutoShowTaskpaneWithDocument"] == "true"
    assert {name: json.loads(stored[name]) for name in bundle.files()} == bundle.files()
    root = ElementTree.fromstring(found[EXTENSION])
    assert root.find(f"{WE}reference").attrib["id"] == "wa200008175"  # type: ignore[union-attr]
    assert re.fullmatch(r"\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}", root.attrib["id"])
    package = read(done.path)
    assert list(package.relations("", "webextensiontaskpanes").values()) == [PANES]
    assert list(package.relations(PANES, "webextension").values()) == [EXTENSION]
    in_order(book, done.path)
    csv = libreoffice(done.path, "csv")
    assert csv.read_text(encoding="utf-8").startswith("2")


def test_the_same_workbook_gives_the_same_bytes_another_another_identity(tmp_path: Path) -> None:
    one, two = by_xlsxwriter(tmp_path / "1.xlsx"), by_openpyxl(tmp_path / "2.xlsx")
    first = webextension.embed(read(one), bundle.files())
    assert first == webextension.embed(read(one), bundle.files())
    second = webextension.embed(read(two), bundle.files())
    ids = [re.search(rb' id="(\{.*?\})"', parts(data)[EXTENSION]) for data in (first, second)]
    assert len({found and found[1] for found in ids} - {None}) == 2


def test_another_add_in_keeps_its_extension_and_its_pane(tmp_path: Path) -> None:
    book = with_extension(tmp_path / "book.xlsx", values={"theirs": [1, "a&b"]})
    done = lite.lite(book)
    unchanged(book, done.path, TYPES, PANES, PANE_RELATIONS, EXTENSION.replace("1", "2"))
    old, new = parts(book), parts(done.path)
    assert new[PANES].startswith(old[PANES].removesuffix(b"</t:taskpanes>"))
    assert b'row="1"><t:webextensionref ' in new[PANES]
    assert new[PANE_RELATIONS].startswith(old[PANE_RELATIONS].removesuffix(b"</Relationships>"))
    assert b'Id="rId1"' in new[PANE_RELATIONS]
    assert new[TYPES].startswith(old[TYPES].removesuffix(b"</Types>"))
    assert zipfile.ZipFile(done.path).comment == b"of the user"
    assert zipfile.ZipFile(done.path).getinfo(EXTENSION).compress_type == zipfile.ZIP_DEFLATED
    in_order(book, done.path)


def test_code_of_the_user_stays_and_ours_follows_it(tmp_path: Path) -> None:
    own = {"main.py": USERS, "requirements.txt": "xlwings==0.37.0\npandas\n", "pyodideVersion": "1"}
    book = with_extension(tmp_path / "book.xlsx", "WA200008175", own)
    done = lite.lite(book)
    unchanged(book, done.path, EXTENSION)
    old, new = parts(book)[EXTENSION], parts(done.path)[EXTENSION]
    assert json.loads(properties(new)["main.py"]) == f"{USERS}\n\n{bundle.code()}"
    assert {**properties(new), "main.py": ""} == {**properties(old), "main.py": ""}
    start, end = old.index(b"<x:property name='main.py'"), old.index(b"<x:property name='req")
    assert new.startswith(old[:start])
    assert new.endswith(old[end:])
    in_order(book, done.path)


def test_our_part_is_replaced_where_it_is(tmp_path: Path) -> None:
    old_part = f"{bundle.BEGIN} (version 0.0.1) ====\nold = 1\n{bundle.END} ====\n"
    book = with_extension(
        tmp_path / "book.xlsx", "wa200008175", {"main.py": f"before = 1\n{old_part}after = 2\n"}
    )
    done = lite.lite(book)
    stored = webextension.stored_file(read(done.path), "main.py")
    assert stored == f"before = 1\n{bundle.code()}after = 2\n"
    assert webextension.stored_file(read(done.path), "requirements.txt") == "xlwings==0.37.8\n"
    again = lite.lite(done.path, tmp_path / "again.xlsx")
    assert parts(again.path) == parts(done.path)


def test_a_lite_with_another_identity_is_known_by_its_code(tmp_path: Path) -> None:
    book = with_extension(tmp_path / "book.xlsx", "self-hosted", {"main.py": ""})
    done = lite.lite(book)
    unchanged(book, done.path, EXTENSION)
    assert webextension.stored_file(read(done.path), "main.py") == bundle.code()


@pytest.mark.parametrize(
    ("main", "sentence"),
    [
        ("@func\ndef node_margin(a):\n    return a\n", "defines NODE_MARGIN, which would be there"),
        (f"{bundle.BEGIN}\nno end", "wrote earlier was changed"),
        (f"{bundle.BEGIN}\n{bundle.END}\n" * 2, "wrote earlier was changed"),
    ],
)
def test_code_that_can_not_be_joined_is_refused(main: str, sentence: str, tmp_path: Path) -> None:
    book = with_extension(tmp_path / "book.xlsx", "wa200008175", {"main.py": main})
    with pytest.raises(WorkbookError, match=re.escape(sentence)):
        lite.lite(book)
    assert list(tmp_path.iterdir()) == [book]


def test_code_that_is_no_python_is_kept(tmp_path: Path) -> None:
    book = with_extension(tmp_path / "book.xlsx", "wa200008175", {"main.py": "def (:\n"})
    stored = webextension.stored_file(read(lite.lite(book).path), "main.py")
    assert stored == f"def (:\n\n\n{bundle.code()}"


@pytest.mark.parametrize(
    ("part", "old", "new", "sentence"),
    [
        (EXTENSION, b"<x:bindings/>", b"<x:bindings>", "webextension1.xml is not well-formed XML"),
        (EXTENSION, b"<x:web", b"<!DOCTYPE x []><x:web", "is not safe to read"),
        (EXTENSION, b"'\"code\"'", b"'[1]'", "main.py of its xlwings Lite can't be read"),
        (EXTENSION, b"'\"code\"'", b"'\"code'", "main.py of its xlwings Lite can't be read"),
        (EXTENSION, b"x:properties>", b"x:values>", "webextension1.xml has no list of properties"),
        (PANES, b"</t:taskpanes>", b"", "taskpanes.xml is not well-formed XML"),
        (
            PANE_RELATIONS,
            b"webextension1.xml",
            b"nowhere.xml",
            "it has no part xl/webextensions/no",
        ),
    ],
)
def test_hostile_parts_are_refused_in_a_sentence(
    part: str, old: bytes, new: bytes, sentence: str, tmp_path: Path
) -> None:
    store = OTHER_STORE if part == PANES else "wa200008175"
    files: dict[str, object] = {} if part == PANES else {"main.py": "code"}
    book = with_extension(tmp_path / "book.xlsx", store, files)
    if old not in parts(book)[part]:
        pytest.fail(f"{old!r} is not in {part}")
    rewritten(book, lambda found: {**found, part: found[part].replace(old, new)})
    with pytest.raises(WorkbookError, match=re.escape(sentence)):
        lite.lite(book)


def test_a_signed_workbook_is_refused(tmp_path: Path) -> None:
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    sign = f'<Relationship Id="rIdS" Type="{kind}" Target="_xmlsignatures/origin.sigs"/></Rel'
    book = rewritten(
        by_xlsxwriter(tmp_path / "book.xlsx"),
        lambda found: {**found, ROOT: found[ROOT].replace(b"</Rel", sign.encode())},
    )
    with pytest.raises(WorkbookError, match="digital signature"):
        lite.lite(book)


def test_nothing_is_overwritten_unless_asked(tmp_path: Path) -> None:
    book = by_xlsxwriter(tmp_path / "book.xlsx")
    first = lite.lite(book).path
    for out in (None, book, first):
        with pytest.raises(WorkbookError, match="exists already; --force overwrites it"):
            lite.lite(book, out)
    with pytest.raises(WorkbookError, match=r"must end in \.xlsx"):
        lite.lite(book, tmp_path / "book.xlsm")
    assert lite.lite(book, book, force=True).path == book
    assert parts(book) == parts(first)


def test_notes_on_lambda_names_and_plain_calls(tmp_path: Path) -> None:
    template = build.new(tmp_path / "node.xlsx")
    done = lite.lite(template)
    named = sum(item.name in functions() for item in read(template).names)
    assert done.notes == [
        f"LAMBDA names of functions in this workbook stay ({named}): the same "
        "values, with or without the add-in"
    ]
    in_order(template, done.path)
    plain = openpyxl.Workbook()
    plain.worksheets[0]["A1"] = "=node_cost(8,3.49)+GPU_SPEC(B1,B2)"
    plain.worksheets[0]["A2"] = "=_xldudf_NODE_MARGIN(1)+XLMODEL.NODE_REVENUE(1)"
    plain.save(tmp_path / "plain.xlsx")
    done = lite.lite(tmp_path / "plain.xlsx")
    assert done.notes == []
    calls = openpyxl.load_workbook(done.path).worksheets[0]
    assert calls["A1"].value == "=_xldudf_NODE_COST(8,3.49)+_xldudf_GPU_SPEC(B1,B2)"
    assert calls["A2"].value == "=_xldudf_NODE_MARGIN(1)+_xldudf_NODE_REVENUE(1)"
    unchanged(tmp_path / "plain.xlsx", done.path, *CHANGED, EXTENSION, "xl/worksheets/sheet1.xml")


def test_a_lambda_of_the_users_keeps_its_calls_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    book = xlsxwriter.Workbook(path)
    book.define_name("NODE_COST", "=_xlfn.LAMBDA(_xlpm.x,2*_xlpm.x)")
    book.add_worksheet("Mine").write_formula("A1", "=NODE_COST(1)+GPU_SPEC(B1,B2)")
    book.close()
    done = lite.lite(path)
    (note,) = done.notes
    assert note.endswith("not this version's: NODE_COST (_xlfn.LAMBDA(_xlpm.x,2*_xlpm.x))")
    sheet = openpyxl.load_workbook(done.path)["Mine"]
    assert sheet["A1"].value == "=NODE_COST(1)+_xldudf_GPU_SPEC(B1,B2)"


def test_an_add_in_with_a_main_py_is_not_taken_for_lite(tmp_path: Path) -> None:
    """It is listed first; only where no Lite is, a main.py is taken for that of a Lite."""
    book = with_extension(tmp_path / "book.xlsx", values={"main.py": "theirs"})
    second = EXTENSION.replace("1", "2")

    def change(found: dict[str, bytes]) -> dict[str, bytes]:
        found[second] = found[EXTENSION].replace(OTHER_STORE.encode(), b"wa200008175")
        found[second] = found[second].replace(b"theirs", b"mine")
        relation = re.search(rb"<Relationship [^>]*>", found[PANE_RELATIONS])
        assert relation is not None
        new = relation[0].replace(b"rId7", b"rId8").replace(EXTENSION.encode(), second.encode())
        found[PANE_RELATIONS] = found[PANE_RELATIONS].replace(b"</Rel", new + b"</Rel")
        return found

    package = read(rewritten(book, change))
    assert webextension.stored_file(package, "main.py") == "mine"


@pytest.mark.parametrize("part", [TYPES, ROOT])
def test_damaged_lists_of_parts_are_refused_in_a_sentence(part: str, tmp_path: Path) -> None:
    book = by_xlsxwriter(tmp_path / "book.xlsx")
    rewritten(book, lambda found: {**found, part: found[part].replace(b"</", b"</x", 1)})
    with pytest.raises(WorkbookError, match="not well-formed XML"):
        lite.lite(book)


def test_a_workbook_of_vba_functions_gets_no_note(tmp_path: Path) -> None:
    xlwings = pytest.importorskip("xlwings")
    book = tmp_path / "book.xlsm"
    book.write_bytes(Path(xlwings.__file__).with_name("quickstart.xlsm").read_bytes())
    done = lite.lite(book)
    assert done == (tmp_path / "book-lite.xlsm", [])
    unchanged(book, done.path, *CHANGED, EXTENSION)


def test_parts_that_nothing_refers_to_are_left_alone(tmp_path: Path) -> None:
    orphans = {EXTENSION: b"<orphan/>", PANES: b"<orphan/>"}
    book = rewritten(by_xlsxwriter(tmp_path / "book.xlsx"), lambda found: found | orphans)
    done = lite.lite(book)
    found = parts(done.path)
    assert {name: found[name] for name in orphans} == orphans
    package = read(done.path)
    (panes,) = package.relations("", "webextensiontaskpanes").values()
    assert panes == "xl/webextensions/taskpanes2.xml"
    assert webextension.stored_file(package, "main.py") == bundle.code()


@pytest.mark.parametrize("empty", [b"<a/>", b"<a />", b"<a></a>", b'<x:a b=">"/>', b"<a><a/></a>"])
def test_a_child_goes_into_any_element(empty: bytes) -> None:
    xml = b'<?xml version="1.0"?>\n<top xmlns:x="x">' + empty + b"t</top>"
    element = elements(xml)[1]
    assert xml[element.start : element.end] == empty
    made = ElementTree.fromstring(with_child(xml, element, "<new/>"))
    assert [child.tag for child in made[0]][-1] == "new"
    assert made[0].tail == "t"


def test_bytes_at_hand_are_read_as_a_file_is(tmp_path: Path) -> None:
    book = by_xlsxwriter(tmp_path / "book.xlsx")
    package = from_bytes(Path("node_margin_lite.xlsx"), book.read_bytes())
    assert isinstance(package, Package)
    assert webextension.embed(package, {"a.txt": "b"}) == webextension.embed(
        read(book), {"a.txt": "b"}
    )
