"""Scenarios: what the sheet says of a case is what the whole workbook says once it is chosen."""

import json
import math
from pathlib import Path

import openpyxl
import pytest

from xlmodel import cli
from xlmodel.workbook.calc import calculate, every_case, save
from xlmodel.workbook.template.day import LINES
from xlmodel.workbook.template.entry import CASES

EDITIONS = sorted((Path(__file__).parents[2] / "workbooks").glob("node_margin*.xls?"))
TEMPLATE = next(path for path in EDITIONS if path.name == "node_margin.xlsx")
BASES: tuple[dict[str, str], ...] = (
    {},
    {"rate_from": "computed", "cache_hit_rate": "0.5"},
    {"share_main": "0.5", "share_reserved": "0.3", "share_spot": "0.2", "decoding_gain": "1.3"},
    {"input_price": "2", "output_price": "8", "cached_input_price": "0.5", "utilization": "0.8"},
)


@pytest.mark.parametrize("base", BASES, ids=str)
def test_each_column_is_the_whole_workbook_in_that_case(
    base: dict[str, str], tmp_path: Path
) -> None:
    copy = save(calculate(TEMPLATE, base), tmp_path / "copy.xlsx")
    for place, (case, chosen) in enumerate(every_case(copy).items()):
        assert case == CASES[place]
        for line in LINES:
            column, live = (chosen.values(f"{way}_{line.key}") for way in ("by_case", "live"))
            assert column
            assert live
            told, found = column[0][place], live[0][0]
            if isinstance(told, float) and isinstance(found, float):
                assert math.isclose(told, found, rel_tol=1e-12), (case, line.key)
            else:
                assert told == found, (case, line.key)


def test_a_case_differs_by_its_own_drivers_only() -> None:
    found = {case: calculation.inputs for case, calculation in every_case(TEMPLATE).items()}
    changed = {
        case: {n for n, i in inputs.items() if i.value != found["Base"][n].value} - {"in_case"}
        for case, inputs in found.items()
    }
    assert changed == {
        "Base": set(),
        "Upside": {"in_output_tps", "in_gpu_hour_price"},
        "Downside": {"in_utilization", "in_input_price", "in_output_price"},
        "Own": set(),
    }


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.name)
def test_every_edition_has_the_same_margins(path: Path) -> None:
    margins = {case: c.outputs["out_margin"].value for case, c in every_case(path).items()}
    assert margins == pytest.approx(
        {"Base": 128.256, "Upside": 357.312, "Downside": -278.89536, "Own": 128.256}
    )


def test_an_input_is_set_in_the_case_that_is_chosen(tmp_path: Path) -> None:
    calculation = calculate(TEMPLATE, {"utilization": "0.9"}, scenario="downside")
    assert calculation.inputs["in_utilization"].value == 0.9
    book = openpyxl.load_workbook(save(calculation, tmp_path / "set.xlsx"))
    row = next(row for row in book["Inputs"].iter_rows() if row[1].value == "Utilization")
    assert [cell.value for cell in row[4:8]] == [1, None, 0.9, None]
    assert getattr(row[2].value, "text", row[2].value).startswith("=IF(INDEX(")


def test_a_case_may_be_set_as_an_input_too() -> None:
    both = calculate(TEMPLATE, {"in_case": "Upside", "output_tps": "500"})
    assert both.inputs["in_output_tps"].value == 500
    assert both.inputs["in_gpu_hour_price"].value == 2.99


def test_a_blank_driver_stands_for_its_default_or_its_table() -> None:
    blank = dict.fromkeys(("utilization", "cache_hit_rate", "other_cost_per_day"), "")
    assert calculate(TEMPLATE, blank).outputs["out_margin"].value == pytest.approx(128.256)
    assert calculate(TEMPLATE).inputs["in_input_price"].value == "–"


def run(*words: str) -> int:
    return cli.main(list(words))


def test_scenarios_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("calc", str(TEMPLATE), "--all-scenarios") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [*CASES, "unit", "name"]
    levels, changes = [line.split() for line in lines if "out_margin " in f"{line} "]
    assert levels[-6:-2] == ["128.256", "357.312", "-278.89536", "128.256"]
    assert changes[-5:-2] == ["+229.056", "-407.15136", "0"]
    assert lines[-1].startswith("Own: Checks: ")


def test_scenarios_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("calc", str(TEMPLATE), "--all-scenarios", "--json") == 0
    data = json.loads(capsys.readouterr().out)["scenarios"]
    assert list(data) == [*CASES]
    assert data["Downside"]["outputs"]["out_margin"]["value"] == pytest.approx(-278.89536)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scenario", "worst"], "no scenario 'worst'; it has Base, Upside, Downside, Own"),
        (["--scenario", "Base", "--set", "case=Own"], "chosen twice: as 'Base' and by in_case"),
        (["--all-scenarios", "-o", "x.xlsx"], "--all-scenarios goes with neither"),
        (["--all-scenarios", "--set", "case=Own"], "chosen twice"),
        (["--set", "case=worst"], "in_case"),
        (["--scenario", "Base", "--set", "utilization=2"], "in_utilization"),
    ],
)
def test_wrong_choices_are_said(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("calc", str(TEMPLATE), *words) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_a_workbook_without_cases_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "plain.xlsx")
    assert run("calc", str(tmp_path / "plain.xlsx"), "--all-scenarios") == 2
    assert "has no scenarios: no cell is named in_case" in capsys.readouterr().err


def test_solve_and_sensitivity_ask_the_scenario(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(TEMPLATE), "--scenario", "downside"]
    out = tmp_path / "solved.xlsx"
    solving = ["--output", "margin=0", "--by", "price", "-o", str(out)]
    assert run("solve", *words, *solving) == 0
    assert "today -278.895" in capsys.readouterr().out
    margins = {case: c.outputs["out_margin"].value for case, c in every_case(out).items()}
    assert margins["Downside"] == pytest.approx(0, abs=1e-9)
    assert margins["Base"] == pytest.approx(128.256)
    assert run("sensitivity", *words, "--by", "utilization") == 0
    assert capsys.readouterr().out.startswith("Margin a day: -278.895")
    for command in (["solve", *solving], ["sensitivity", "--by", "utilization"]):
        assert run(command[0], str(TEMPLATE), "--scenario", "worst", *command[1:]) == 2
        assert "no scenario 'worst'" in capsys.readouterr().err


def test_compare_sees_cases_that_are_not_in_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = calculate(TEMPLATE, {"utilization": "0.5"}, scenario="own")
    based = save(other, tmp_path / "own.xlsx")
    again = save(calculate(based, scenario="base"), tmp_path / "based.xlsx")
    assert run("compare", str(TEMPLATE), str(again)) == 0
    said = capsys.readouterr().out
    assert "in_utilization, Own" in said
    assert "0.5" in said


def test_a_report_names_the_case(tmp_path: Path) -> None:
    for case in ("Base", "Downside"):
        out = tmp_path / case
        words = ["--quick", "--format", "json", "--scenario", case, "-o", str(out)]
        assert run("report", str(TEMPLATE), *words) == 0
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["scenario"] == f"Founding case, July 2024, case {case}"
