"""Nothing that a workbook holds can break or inject into a file of the report."""

import csv
import html.parser
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from tests.report.fakes import GPU_HEADER, Cell, Fake, Named, founding
from xlmodel.report import write_report
from xlmodel.workbook.delimited import defused

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "=cmd|'/c calc'!A0",
    "Summary!A1",
    "=Summary!$A$1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "x;=1+1;",
    "a\nb\r\n=1",
    '&R&"Symbol"&99',
    "https://example.com/",
    "mailto:someone@example.com",
    "_x0041_",
    "\x00\x08\x1b\ud800\uffff\u202eabc",
    "long " * 10_000,
    "]]> <!-- --> &amp; &nbsp;",
    "日本語 العربية 🎉",
]


def poisoned(folder: Path, text_of: str) -> Fake:
    """The founding case with a text wherever a workbook can hold one."""
    case = founding(folder)
    for named in (*case.outputs.values(), *case.inputs.values(), *case.checks.values()):
        named.label, named.unit, named.number_format = text_of, text_of, text_of
    for name in ("in_scenario", "in_currency", "in_model_provider"):
        case.inputs[name].value = text_of
    case.outputs[f"out_{text_of}"] = Named(text_of, text_of, text_of)
    case.outputs["out_tokens_per_day"].value = 1e308
    case.unsupported = [Cell(text_of, text_of)]
    case.changed = ["in_utilization"]
    case.tables = {
        text_of: [GPU_HEADER, ["H100", "Lambda", "on-demand", 3.49, *[text_of] * 5]],
        "GpuPrices": [
            GPU_HEADER,
            ["H100", "Lambda", "on-demand", text_of, text_of, 45500, 45500, text_of, text_of],
        ],
    }
    case.ranges["bridge_label"] = [[text_of]] * 6
    case.ranges["bridge_note"] = [[text_of]]
    return case


class Tags(html.parser.HTMLParser):
    """The elements and attributes of a page, and whether each element is closed in turn."""

    VOID = frozenset({"meta", "link", "br", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: bytes) -> Tags:
    tags = Tags()
    tags.feed(page.decode())
    tags.close()
    assert tags.open == []
    return tags


@pytest.fixture(params=HOSTILE, ids=lambda text_of: ascii(text_of[:12]))
def pack(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, bytes]:
    formats = ["html", "xlsx", "csv", "json"]  # the PDF has its own test
    report = write_report(poisoned(tmp_path, request.param), tmp_path / "out", formats=formats)
    return {path.suffix: path.read_bytes() for path in report.paths[:4]}


def test_the_page_has_only_the_elements_of_its_template(pack: dict[str, bytes]) -> None:
    tags = parsed(pack[".html"])
    assert {tag for tag, _ in tags.seen}.isdisjoint({"script", "img", "iframe", "object", "form"})
    attributes = {name for _, attributes in tags.seen for name in attributes}
    assert not [name for name in attributes if name.startswith("on")]
    links = [
        value or ""
        for _, found in tags.seen
        for name, value in found.items()
        if name in ("src", "href", "xlink:href")
    ]
    anchors = {f"#{found['id']}" for _, found in tags.seen if "id" in found}
    assert set(links) - anchors == {"data:,"}
    assert pack[".html"].count(b"</style>") == 1
    for picture in re.findall(rb"<svg.*?</svg>", pack[".html"], re.DOTALL):
        ElementTree.fromstring(picture)  # well-formed


def test_the_csv_has_six_columns_and_no_formula(pack: dict[str, bytes]) -> None:
    rows = list(csv.reader(io.StringIO(pack[".csv"].decode(), newline="")))
    assert {len(row) for row in rows} == {6}
    for row in rows:
        for cell in row:
            for piece in re.split(r"[;|\t\n\r]", cell):
                if not is_number(piece):
                    assert not re.match(r"""\s*["']*[=+@-]""", piece) or piece[0] == "'", piece
                assert not cell.startswith(("\t", "\r"))


def is_number(piece: str) -> bool:
    try:
        float(piece)
    except ValueError:
        return False
    return True


def test_the_json_is_strict_json(pack: dict[str, bytes]) -> None:
    def refuse(constant: str) -> Any:
        raise AssertionError(constant)

    json.loads(pack[".json"], parse_constant=refuse)


def test_the_xlsx_is_valid_and_holds_no_formula_and_no_link(
    pack: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(pack[".xlsx"])
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "vba" in name or "external" in name]
        for name in archive.namelist():
            part = archive.read(name)
            ElementTree.fromstring(part)
            assert b'TargetMode="External"' not in part
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in part
                assert b"<f " not in part
                assert b"hyperlink" not in part
                footer = re.search(rb"<oddFooter>(.*?)</oddFooter>", part)
                assert footer is None or len(footer[1]) <= 255
    book = openpyxl.load_workbook(path)
    assert not [sheet.title for sheet in book if sheet.merged_cells.ranges]


def test_a_hostile_file_name_stays_in_the_folder_and_in_its_place(tmp_path: Path) -> None:
    case = founding(tmp_path)
    case.path = tmp_path / "a&R<b>'=x.xlsx"
    case.path.write_bytes(b"")
    report = write_report(case, tmp_path / "out")
    assert {path.parent for path in report.paths} == {tmp_path / "out"}
    assert "b" not in {tag for tag, _ in parsed(report.paths[0].read_bytes()).seen}
    with zipfile.ZipFile(report.paths[2]) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "a&amp;&amp;R&lt;b&gt;" in sheet


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.sampled_from("=+-@;|\t\r\n\"' 1aA()＝"), max_size=12))
@example("\"'=1")
def test_no_piece_of_a_defused_text_begins_like_a_formula(raw: str) -> None:
    shown = defused(raw)
    assert not shown.startswith(("\t", "\r"))
    for piece in re.split(r"[;|\t\n\r]", shown):
        assert not re.match(r"[\s\"]*[=+@＝-]", piece)
    assert shown.replace("'", "") == raw.replace("'", "")
