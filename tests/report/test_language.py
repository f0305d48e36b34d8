"""The report in Chinese: every fixed word has its translation, and none is left in English."""

import ast
import csv
import io
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

import xlmodel.report
from tests.report.fakes import Cell, Fake, Named, founding
from tests.report.pictured import SWINGS
from xlmodel.registry import InputError
from xlmodel.report import page, pdf, source, write_report
from xlmodel.report.language import speaking, table

FOLDER = Path(xlmodel.report.__file__).parent
HAN = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile("[A-Za-z]{2,}")
NOT_WORDS = {
    # names, units and terms that Chinese finance and engineering write in Latin letters
    "GPU", "GPUs", "SHA", "USD", "Mtok", "token", "xlmodel", "in_gpu", "in_model", "out_margin",
    "check_", "manifest", "json", "gpu", "model", "in", "out", "margin", "check",
}  # fmt: skip


def said() -> Iterator[str]:
    """All words that the report layer says: literals in its code and its page."""
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "noted"):
                for leaf in ast.walk(node.args[0]):
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                        yield leaf.value
    words = (FOLDER / "templates" / "page.html").read_text(encoding="utf-8")
    yield from re.findall(r'say\("(.*?)"', words)


def fields(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


WORDS = sorted(set(said()))


def test_the_table_has_exactly_the_words_that_are_said() -> None:
    assert len(WORDS) > 150
    text = (FOLDER / "words_zh.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    keys = [row["en"] for row in rows]
    assert len(set(keys)) == len(keys)
    assert sorted(keys) == WORDS


@pytest.mark.parametrize("words", WORDS)
def test_a_translation_is_chinese_and_keeps_its_places(words: str) -> None:
    told = table("zh")[words]
    assert fields(told) == fields(words)
    if LATIN.search(re.sub(r"\{\w+\}", "", words)):
        assert HAN.search(told) or set(LATIN.findall(told)) <= NOT_WORDS
    left = LATIN.findall(re.sub(r"\{\w+\}", "", told))
    assert set(left) <= NOT_WORDS, left


def in_chinese(folder: Path) -> Fake:
    """The founding case with all texts of its cells in Chinese, and every kind of remark."""
    case = founding(folder, utilization=0.5)
    case.path = folder / "模型.xlsx"
    case.path.write_bytes(b"")
    for group in (case.outputs, case.inputs, case.checks):
        for name, named in group.items():
            named.label, named.unit = f"单元格{len(name)}", "元"
            if isinstance(named.value, str):
                named.value = "文字"
    case.inputs["in_as_of"].label = "日期"
    case.checks["check_sign"].value = False
    case.answers = {"answer_a": Named("一句话。", sheet="表")}
    case.unsupported = [Cell("表!A1", "原因")]
    case.changed = ["in_utilization"]
    case.tables = {}
    case.ranges["bridge_label"] = [["步骤"]] * 6
    case.ranges["bridge_note"] = [["说明。"]]
    case.ranges["walk_label"], case.ranges["walk_value"] = [["一"]], [[1], [2]]
    return case


def visible(markup: str) -> str:
    """The texts of a page, and those that are read aloud."""
    spoken = " ".join(re.findall(r'(?:aria-label|alt|title)="(.*?)"', markup))
    text = re.sub(r"<style>.*?</style>", " ", markup, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", text) + spoken


def test_no_label_of_the_page_is_left_in_english(tmp_path: Path) -> None:
    with speaking("zh"):
        swings = [
            xlmodel.report.facts.Swing("in_x", "驱动", "元", 1, 2, None, 5.0, 3.0),
            xlmodel.report.facts.Swing("in_y", "驱动", "factor", 0.9, 1.1, 2.0, 5.0, 3.0),
        ]
        told = page.render(source.gather(in_chinese(tmp_path), swings)).decode()
    assert '<html lang="zh-CN">' in told
    words = re.sub(r"\b[0-9a-f]{64}\b|\b(?:in|out|check|walk)_\w+", " ", visible(told))
    left = set(LATIN.findall(words)) - NOT_WORDS - {"xlsx"}
    assert left == set()


def test_texts_of_the_workbook_stay_as_they_are(tmp_path: Path) -> None:
    with speaking("zh"):
        facts = source.gather(founding(tmp_path), SWINGS)
        told = page.render(facts).decode()
    for words in ("Cost of the node", "Output tokens per second", "Founding case, July 2024"):
        assert words in told
    assert facts.headline == (
        "在 100 % 利用率下，该节点盈利 128.26 USD/天，占收入的 16.1 %；盈亏平衡点为利用率 83.9 % 或"
        "全部 token 均价 2.3502 USD/Mtok。"
    )


def test_the_sheets_of_the_workbook_are_named_in_chinese(tmp_path: Path) -> None:
    report = write_report(founding(tmp_path), tmp_path / "out", language="zh", swings=SWINGS)
    by_kind = {path.suffix: path for path in report.paths[:5]}
    names = openpyxl.load_workbook(by_kind[".xlsx"]).sheetnames
    assert all(HAN.search(name) for name in names)
    assert json.loads(by_kind[".json"].read_bytes())["outputs"]["out_margin"]["value"]
    rows = list(csv.DictReader(io.StringIO(by_kind[".csv"].read_text(encoding="utf-8"))))
    assert {row["section"] for row in rows} >= {"headline", "output", "input"}  # for programs


def test_the_pdf_in_chinese_has_all_its_letters(tmp_path: Path) -> None:
    with speaking("zh"):
        made = pdf.render(source.gather(founding(tmp_path), SWINGS))
    assert b"pdfuaid" in made  # the standard allows no letter that the fonts lack


@pytest.mark.parametrize("language", ["de", "", "zh-TW", "English"])
def test_an_unknown_language_is_named(tmp_path: Path, language: str) -> None:
    with pytest.raises(InputError, match=re.escape(f"{language!r}; known: en, zh")):
        write_report(founding(tmp_path), tmp_path / "out", language=language)
    assert not (tmp_path / "out").exists()


def test_english_is_spoken_again_afterwards(tmp_path: Path) -> None:
    write_report(founding(tmp_path), tmp_path / "zh", language="zh", formats=["json"])
    assert "utilization" in source.gather(founding(tmp_path)).headline
