"""The workbook in Chinese: every text has its words, and nothing but words differs."""

import csv
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

import xlmodel.report
from tests.report.glyphs import characters
from tests.words import KINDS, TABLE, faults, taken_in, used
from xlmodel.cli import main
from xlmodel.registry import InputError
from xlmodel.workbook import build, freeze, template
from xlmodel.workbook.calc import calculate
from xlmodel.workbook.columns import width
from xlmodel.workbook.language import rows
from xlmodel.workbook.sensitivity import tornado
from xlmodel.workbook.template.editions import DEFAULT, EDITIONS
from xlmodel.workbook.template.layout import Plan
from xlmodel.workbook.whatif import WhatIf
from xlmodel.workbook.words import KEPT, Words, english, words

ROWS = rows(TABLE)
HAN = re.compile("[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
FIGURE = re.compile(r"\d[\d,.]*\d")
IN_THE_FONT = characters(Path(xlmodel.report.__file__).parent / "fonts/NotoSansSC-Regular.otf")
"""What a PDF can show; in place of any other character it has a box."""
OURS = {"token", "GPU", "Base", "Upside", "Downside", "Own"}
"""Latin words that a Chinese text may have where the English one says it otherwise."""
TOLD_OTHERWISE = {"10", "26", "2,600", "100", "07"}
"""Ten as a word, 26 million as 2,600 of ten thousands, and July 2024 as 2024-07."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same edition in both languages, as a user makes it."""
    folder = tmp_path_factory.mktemp("books")
    return {
        language: build.new(folder / f"{language}.xlsx", language=language)
        for language in ("en", "zh")
    }


def test_every_text_has_its_words_and_every_row_a_text() -> None:
    left = [",".join(fault) for fault in faults(used())]
    assert left == [], "python -m tests.words lists what to add and what to take out"


def test_a_text_without_words_is_named_and_stays() -> None:
    told = Words({("text", "Margin"): "毛利"})
    assert told.text("Margin") == "毛利"
    assert told.text("Margin. Nothing known.") == "Margin. Nothing known."
    assert told.formula('=IF(a>0,"gain ","loss ")&b') == '=IF(a>0,"gain ","loss ")&b'
    assert [tuple(one) for one in told.missing] == [
        ("text", "Margin."),
        ("text", "Nothing known."),
        ("formula", "gain {}loss "),
    ]


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ('=IF(a="x","up","down")', '=IF(a="x","升","降")'),
        ('=IF(state="up","up","down")', '=IF(state="升","升","降")'),
        ('="from "&FIXED(a,1)&" to "&b', '="自 "&FIXED(a,1)&" 起至 "&b'),
        ('=MATCH("down",list,0)', '=MATCH("降",list,0)'),
        ('=GPU_PRICE(t,g,,"spot")', '=GPU_PRICE(t,g,,"spot")'),
        ('=SUBSTITUTE("down "&x,"-","−")', '=SUBSTITUTE("降 "&x,"-","−")'),
        ('=IF(a>0,"n/a","–")', '=IF(a>0,"n/a","–")'),
    ],
)
def test_the_texts_of_a_formula_change_in_their_order(formula: str, told: str) -> None:
    table = {
        ("text", "up"): "升",
        ("text", "down"): "降",
        ("text", "down "): "降 ",
        ("formula", "from {} to "): "自 {} 起至 ",
    }
    assert Words(table).formula(formula) == told


def test_what_an_input_chooses_from_is_compared_as_it_is() -> None:
    told = Words({("text", "month"): "月"})
    told.choices = {"month"}
    assert told.formula('=IF(in_period="month",1,2)') == '=IF(in_period="month",1,2)'
    assert told.text("month") == "月"  # a unit of the same name


def test_a_sentence_may_be_a_pattern_with_words_in_its_places() -> None:
    table = {
        ("pattern", "Unit: {}."): "单位：{}。",
        ("pattern", "{} to {}"): "{} 至 {}",
        ("pattern", "Accepted: {}."): "可填：{}。",
        ("text", "share"): "占比",
    }
    told = Words(table)
    assert told.text("Unit: share. Accepted: 0 to 1.") == "单位：占比。可填：0 至 1。"
    assert told.text("Unit: miles.") == "Unit: miles."  # the place has no word


def test_rows_are_unique_and_of_a_kind_and_no_row_repeats_the_english() -> None:
    keys = Counter((row["kind"], row["en"]) for row in ROWS)
    assert max(keys.values()) == 1
    assert {row["kind"] for row in ROWS} == set(KINDS)
    assert [row["en"] for row in ROWS if row["en"] == row["zh"] or row["en"] in KEPT] == []


def _row_faults(text: str, told: str) -> list[str]:
    """What is wrong with a translation."""
    found = []
    if told.count("{}") != text.count("{}"):
        found.append("other places")
    if told.startswith("="):
        found.append("would be a formula")
    latin, names = set(LATIN.findall(told)), set(LATIN.findall(text))
    if not HAN.search(told) and latin - {"token", "GPU"} != names - {"tokens", "GPUs"}:
        found.append("not Chinese")
    if strange := [w for w in latin if w.casefold() not in text.casefold() and w not in OURS]:
        found.append(f"says {strange}")
    if not set(FIGURE.findall(text)) ^ set(FIGURE.findall(told)) <= TOLD_OTHERWISE:
        found.append("other figures")
    if strange := [letter for letter in HAN.findall(told) if letter not in IN_THE_FONT]:
        found.append(f"no glyph in the PDF's font: {strange}")
    return found


def test_rows_are_chinese_with_the_names_and_figures_of_the_english() -> None:
    assert len(ROWS) > 1500
    faulty = {row["en"]: _row_faults(row["en"], row["zh"]) for row in ROWS}
    assert {text: found for text, found in faulty.items() if found} == {}
    assert _row_faults("Cost 100 {}", "=成本 100") == ["other places", "would be a formula"]
    assert _row_faults("Cost 0.85", "阈 0.8 Loss") == [
        "says ['Loss']", "other figures", "no glyph in the PDF's font: ['阈']"
    ]  # fmt: skip


def _without_texts(plan: Plan) -> list[object]:
    """What must be the same in every language."""
    found: list[object] = [plan.names]
    for page in plan.pages:
        found += [page.sheet.name, page.sheet.widths, page.heights, page.breaks]
        found += [(row, table.name, table.headers, table.rows) for row, table in page.tables]
        for placed in page.cells:
            cell = placed.cell
            rule = cell.accepts and (cell.accepts.rule, cell.accepts.kind)
            typed = cell.value if cell.role in ("input", "input_text") else None
            found.append((placed.address, cell.name, cell.column, cell.form, rule, typed))
    return found


@pytest.mark.parametrize("edition", EDITIONS)
def test_names_tables_inputs_and_choices_stay(edition: str) -> None:
    plans = [template.workbook(EDITIONS[edition], language) for language in ("en", "zh")]
    assert _without_texts(plans[0]) == _without_texts(plans[1])


def test_formulas_differ_in_their_texts_alone() -> None:
    english_plan, chinese = template.workbook(), template.workbook(language="zh")
    literal = re.compile('"(?:[^"]|"")*"')
    for page, other in zip(english_plan.pages, chinese.pages, strict=True):
        for one, two in zip(page.cells, other.cells, strict=True):
            assert literal.sub("…", one.cell.formula) == literal.sub("…", two.cell.formula)
            assert len(two.cell.formula) <= 215


def test_labels_fit_where_the_english_ones_do() -> None:
    english_plan, chinese = template.workbook(), template.workbook(language="zh")
    wide = []
    for page, other in zip(english_plan.pages, chinese.pages, strict=True):
        for one, two in zip(page.cells, other.cells, strict=True):
            if two.cell.role not in ("label", "unit", "header", "header_left", "header_text"):
                continue
            if isinstance(two.cell.value, str) and not two.cell.formula:
                room = max(page.sheet.widths[two.column], _widest(str(one.cell.value)))
                if _widest(two.cell.value) > room:
                    wide.append(f"{page.sheet.name}!{two.address}: {two.cell.value}")
    assert wide == []


def _widest(text: str) -> int:
    return max(map(width, text.split("\n")))


def test_prompts_and_messages_keep_to_what_excel_takes() -> None:
    for page in template.workbook(language="zh").pages:
        for placed in page.cells:
            if accepts := placed.cell.accepts:
                assert len(accepts.prompt) <= 255
                assert len(accepts.message) <= 225


def test_every_figure_is_that_of_the_english_workbook(books: dict[str, Path]) -> None:
    one, two = (calculate(books[language], {}) for language in ("en", "zh"))
    assert one.formulas.keys() == two.formulas.keys()
    assert len(one.formulas) > 4000
    for cell, value in one.formulas.items():
        if isinstance(value, str):
            assert isinstance(two.formulas[cell], str)
        else:
            assert two.formulas[cell] == value, cell
    assert two.outputs["out_margin"].value == pytest.approx(128.256)
    assert two.checks["check_master"].value is True
    assert all(HAN.search(str(answer.value)) for answer in two.answers.values())
    assert all(HAN.search(output.label) for output in two.outputs.values())


@pytest.mark.parametrize(
    "inputs",
    [{}, {"in_case": "Downside"}, {"in_rate_from": "computed"}, {"in_as_of": "2021-01-01"}],
)
def test_a_report_says_the_sentences_of_an_english_workbook_as_the_chinese_one_does(
    books: dict[str, Path], inputs: dict[str, str]
) -> None:
    one, two = (calculate(books[language], inputs) for language in ("en", "zh"))
    told, chinese = words("zh"), 0
    for name, answer in one.answers.items():
        said = told.sentence(str(answer.value))
        assert said in (str(two.answers[name].value).replace(": ", "："), answer.value)
        chinese += said != answer.value
    assert chinese >= 8  # the others stay as they are, whole


def test_units_are_read_back(books: dict[str, Path]) -> None:
    one, two = (calculate(books[language], {}) for language in ("en", "zh"))
    for group, other in ((one.outputs, two.outputs), (one.inputs, two.inputs)):
        assert {n: i.unit for n, i in group.items()} == {
            n: english(i.unit) for n, i in other.items()
        }
    assert two.outputs["out_margin_rate"].unit == "占收入比"


def test_drivers_have_the_same_ranges(books: dict[str, Path]) -> None:
    found = []
    for language in ("en", "zh"):
        with WhatIf(calculate(books[language], {})) as trial:
            swings = tornado(trial, "out_margin")[0]
            found.append([(s.name, s.low, s.high, s.at_low, s.at_high) for s in swings])
    assert found[0] == found[1]
    assert found[0]


def test_it_is_the_same_on_each_build_and_check_finds_as_little(
    books: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "zh.xlsx"
    assert main(["new", str(again), "--lang", "ZH"]) == 0
    assert again.read_bytes() == books["zh"].read_bytes()
    capsys.readouterr()
    said = []
    for language in ("en", "zh"):
        assert main(["check", str(books[language])]) == 0
        said.append(capsys.readouterr().out.replace(f"{language}.xlsx", ""))
    assert said[0].replace(str(books["en"].parent), "") == said[1].replace(
        str(books["zh"].parent), ""
    )
    assert main(["compare", str(books["en"]), str(books["zh"])]) == 0
    assert "No difference in" in capsys.readouterr().out


def test_a_frozen_copy_says_so_in_chinese(books: dict[str, Path], tmp_path: Path) -> None:
    out = freeze.save(calculate(books["zh"], {}), tmp_path / "frozen.xlsx")
    state = openpyxl.load_workbook(out)["About"]
    said = {cell.value for row in state.iter_rows() for cell in row}
    assert words("zh").text(freeze.FROZEN) in said
    assert freeze.FROZEN not in said


def test_an_unknown_language_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no workbook language 'de'; known: en, zh"):
        build.new(tmp_path / "de.xlsx", language="de")
    assert not list(tmp_path.iterdir())


def test_the_default_edition_stays_english() -> None:
    assert template.workbook(DEFAULT) == template.workbook(DEFAULT, "en")
    assert template.workbook(DEFAULT).language == "en"


def test_a_filled_list_is_taken_into_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, filled = tmp_path / "words.csv", tmp_path / "filled.csv"
    table.write_text("kind,en,zh\ntext,Old,旧\ntext,Same,同\n", encoding="utf-8")
    filled.write_text(
        "state,kind,en,zh\nmissing,text,New,新\nstale,text,Old,\nmissing,text,Later,\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("tests.words.TABLE", table)
    taken_in(filled)
    with table.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["kind", "en", "zh"],
            ["text", "New", "新"],
            ["text", "Same", "同"],
        ]
