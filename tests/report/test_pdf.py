"""The PDF: one page whatever the workbook holds, readable by people and by machines."""

import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.report.fakes import Cell, Named, founding
from tests.report.pictured import SWINGS
from xlmodel.report import pdf, source
from xlmodel.report.facts import Facts


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    return source.gather(founding(tmp_path), SWINGS)


def told(made: bytes, folder: Path, *command: str) -> str:
    """What a program of poppler says of the PDF."""
    if shutil.which(command[0]) is None:
        missing(f"{command[0]} is not installed; on Debian tests/run.sh installs it as root")
    path = folder / "page.pdf"
    path.write_bytes(made)
    line = [part.replace("PDF", str(path)) for part in command]
    return subprocess.run(line, capture_output=True, text=True, errors="replace", timeout=60).stdout


def pages(made: bytes, folder: Path) -> int:
    info = dict(
        line.split(":", 1)
        for line in told(made, folder, "pdfinfo", "PDF").splitlines()
        if ":" in line
    )
    return int(info["Pages"])


def test_one_tagged_page_with_title_and_language(facts: Facts, tmp_path: Path) -> None:
    made = pdf.render(facts)
    info = told(made, tmp_path, "pdfinfo", "PDF")
    assert "Tagged:          yes" in info
    assert "Pages:           1\n" in info
    assert "595.276 x 841.89" in info  # A4
    assert f"Title:           node_margin.xlsx: {facts.headline}" in info
    assert b"/Lang(en" in made.replace(b"/Lang (", b"/Lang(")
    assert b"pdfuaid" in made  # it says that it keeps to PDF/UA


def test_its_text_can_be_selected_and_its_fonts_come_with_it(facts: Facts, tmp_path: Path) -> None:
    made = pdf.render(facts)
    words = " ".join(told(made, tmp_path, "pdftotext", "PDF", "-").split())
    for part in (
        facts.headline.replace(" %", " %"),
        "Prices can fall by 16.1 % before the margin is gone",
        "GPU-hour moves the margin most: from −161.66 to 414.34 USD a day",
        "2 of 2 checks passed",
        "lambdalabs.com, on-demand price list",
        facts.provenance.workbook_sha256,
    ):
        assert part.replace("\xa0", " ") in words.replace("\xa0", " ")
    fonts = told(made, tmp_path, "pdffonts", "PDF").splitlines()[2:]
    assert fonts
    assert all(" yes yes yes " in line for line in fonts)  # embedded, a subset, with its letters


def test_each_picture_has_an_alternative_text(facts: Facts, tmp_path: Path) -> None:
    structure = told(pdf.render(facts), tmp_path, "pdfinfo", "-struct", "PDF")
    assert structure.count("Figure") >= 4
    assert "Table" in structure
    assert "H1" in structure


def test_the_same_bytes_in_another_zone_and_locale(tmp_path: Path) -> None:
    script = (
        "import sys, hashlib; from pathlib import Path; from tests.report.fakes import founding; "
        "from tests.report.pictured import SWINGS; from xlmodel.report import write_report; "
        "folder = Path(sys.argv[1]); "
        "report = write_report(founding(folder), folder / 'out', True, None, SWINGS, sys.argv[2]); "
        "print([hashlib.sha256(path.read_bytes()).hexdigest() for path in report.paths])"
    )
    for language in ("en", "zh"):
        seen = set()
        for zone, locale, seed in (("UTC", "C", "1"), ("Asia/Kathmandu", "de_DE.UTF-8", "2")):
            env = os.environ | {
                "TZ": zone,
                "LC_ALL": locale,
                "LANG": locale,
                "PYTHONHASHSEED": seed,
            }
            command = [sys.executable, "-c", script, str(tmp_path), language]
            root = Path(__file__).parents[2]
            done = subprocess.run(command, capture_output=True, text=True, cwd=root, env=env)
            assert done.returncode == 0, done.stderr
            seen.add(done.stdout)
        assert len(seen) == 1


@pytest.mark.parametrize(
    "words",
    [
        "#panic() *b* _i_ $x$ `c` <label> @ref \\ // [x] #{1+1}",
        "=cmd|'/c calc'!A1",
        "</text><script>alert(1)</script>",
        "long word" * 900,
        "an ordinary word " * 900,
        "日本語 العربية 😀 \ue000",
        '"\\u0000\u202e',
    ],
    ids=lambda words: ascii(words[:12]),
)
def test_any_text_stays_text_on_one_page(words: str, tmp_path: Path) -> None:
    case = founding(tmp_path)
    case.inputs["in_scenario"] = Named(words, words, words, "@")
    for name, named in list(case.inputs.items()):
        case.inputs[name] = dataclasses.replace(named, label=words)
    for number in range(60):
        case.outputs[f"out_{number}"] = Named(words, words, words)
        case.checks[f"check_{number}"] = Named(False, words)
        case.unsupported.append(Cell(f"A!B{number}", words))
    case.outputs["out_margin"] = dataclasses.replace(case.outputs["out_margin"], unit=words)
    case.ranges["bridge_label"] = [[words]] * 6
    swings = tuple(dataclasses.replace(swing, label=words, unit=words) for swing in SWINGS)
    made = pdf.render(source.gather(case, swings))
    assert pages(made, tmp_path) == 1
    shown = told(made, tmp_path, "pdftotext", "PDF", "-")
    if words.startswith(("#", "=", "<")):
        assert words[:9] in shown


def test_a_workbook_with_one_output_makes_a_page(tmp_path: Path) -> None:
    case = founding(tmp_path)
    case.outputs = {"out_margin": case.outputs["out_margin"]}
    case.inputs, case.checks, case.tables, case.ranges = {}, {}, {}, {}
    made = pdf.render(source.gather(case))
    assert pages(made, tmp_path) == 1
    shown = told(made, tmp_path, "pdftotext", "PDF", "-")
    assert "Charts" not in shown
    assert "What could not be evaluated" not in shown


def test_what_could_not_be_evaluated_is_listed(tmp_path: Path) -> None:
    case = founding(tmp_path)
    case.unsupported.append(Cell("Own!B7", "CUBEVALUE is not known to the engine"))
    shown = told(pdf.render(source.gather(case)), tmp_path, "pdftotext", "PDF", "-")
    assert "Own!B7: CUBEVALUE is not known to the engine" in " ".join(shown.split())


def test_chinese_cells_are_shown_with_the_font_that_comes_with_it(tmp_path: Path) -> None:
    case = founding(tmp_path)
    case.outputs["out_margin"] = dataclasses.replace(case.outputs["out_margin"], label="每日毛利")
    made = pdf.render(source.gather(case))
    assert "每日毛利" in told(made, tmp_path, "pdftotext", "PDF", "-")
    assert b"pdfuaid" in made
