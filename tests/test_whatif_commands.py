"""`xlmodel solve`, `sensitivity` and `compare` as a user meets them, with good and wrong input."""

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.made import make
from xlmodel.cli import main

ROOT = Path(__file__).parent.parent

CELLS = {
    "A1": "Price", "B1": 2.0, "C1": "USD/Mtok",
    "A2": "=\"=1+1\"", "B2": 30.0, "C2": "Mtok/day",
    "A3": "Cost", "B3": 50.0, "C3": "USD/day",
    "A4": "Margin", "B4": "=B1*B2-B3", "C4": "USD/day",
    "A5": "Model", "B5": "H100",
    "A6": "Other", "B6": 3.0,
}  # fmt: skip
NAMES = {
    "in_input_price": "=S!$B$1", "in_volume": "=S!$B$2", "in_cost": "=S!$B$3",
    "in_model": "=S!$B$5", "in_other": "=S!$B$6", "out_margin": "=S!$B$4",
    "out_volume": "=S!$B$2",
}  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a small workbook, as current directory."""
    make(tmp_path / "a.xlsx", {"S": CELLS}, NAMES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        status = main(words.split())
    except SystemExit as stop:
        status = int(stop.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def data(capsys: pytest.CaptureFixture[str], words: str) -> Any:
    status, out, err = run(capsys, f"{words} --json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_solve_prints_the_answer_and_the_check(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "solve a.xlsx --output margin=0 --by cost") == (
        0,
        "Margin = 0 USD/day (out_margin; today 10), by Cost (in_cost; today 50)\n"
        "  in_cost = 60 USD/day\n"
        "  check: recalculated from the file with it, out_margin is 0 USD/day\n",
        "",
    )


def test_solve_writes_a_copy_that_has_the_answer(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (here / "a.xlsx").read_bytes()
    words = "solve a.xlsx --output out_margin=40 --by in_volume -o b.xlsx"
    status, out, _ = run(capsys, words)
    assert (status, out.splitlines()[-1]) == (0, "wrote b.xlsx")
    assert data(capsys, "calc b.xlsx")["outputs"]["out_margin"]["value"] == pytest.approx(40)
    assert (here / "a.xlsx").read_bytes() == before
    kept = (here / "b.xlsx").read_bytes()
    status, _, err = run(capsys, words.replace("40", "41"))
    assert (status, "b.xlsx" in err, "--force" in err) == (2, True, True)
    assert (here / "b.xlsx").read_bytes() == kept
    assert run(capsys, words.replace("40", "41") + " --force")[0] == 0


def test_solve_moves_several_inputs_by_one_factor(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, "solve a.xlsx --output margin=35 --by volume+cost")["results"][0]
    assert found["by_unit"] == "factor"
    (answer,) = found["answers"]
    assert answer["value"] == pytest.approx(3.5)
    assert answer["inputs"] == pytest.approx({"in_volume": 105.0, "in_cost": 175.0})
    assert found["check"] == pytest.approx(35)
    _, out, _ = run(capsys, "solve a.xlsx --output margin=35 --by volume+cost")
    assert "volume+cost: in_volume, in_cost, moved by one factor (1 is today)" in out


def test_solve_takes_each_output_by_itself_and_other_inputs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "solve a.xlsx --set in_cost=0 --output margin=30 --output volume=12 --by volume"
    found = data(capsys, words)["results"]
    assert [one["answers"][0]["value"] for one in found] == pytest.approx([15, 12])
    assert [one["today"] for one in found] == [60, 30]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--output margin=1e9 --by volume --between 10 20", "out_margin is -30 and -10"),
        ("--output margin=0 --by other", "in_other does not move out_margin: it is 10 USD/day"),
    ],
)
def test_solve_says_why_there_is_no_answer(
    here: Path, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    status, out, err = run(capsys, f"solve a.xlsx {words} -o b.xlsx")
    assert (status, err) == (1, "")
    assert said in out
    assert "b.xlsx was not written" in out
    assert not (here / "b.xlsx").exists()


SOLVE = "solve a.xlsx --output margin=0 --by volume"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("solve a.xlsx --output margin=0", "required: --by"),
        ("solve a.xlsx --by volume", "required: --output"),
        ("solve a.xlsx --output margin --by volume", "NAME=NUMBER, such as margin=0, not 'margin'"),
        ("solve a.xlsx --output margin=x --by volume", "not 'margin=x'"),
        ("solve a.xlsx --output margin=inf --by volume", "not 'margin=inf'"),
        ("solve a.xlsx --output =0 --by volume", "not '=0'"),
        ("solve a.xlsx --output marign=0 --by volume", "did you mean out_margin?"),
        ("solve a.xlsx --output margin=0 --by volumes", "did you mean in_volume?"),
        ("solve a.xlsx --output margin=0 --by model", "in_model is 'H100', but a driver must be"),
        (f"{SOLVE} --output out_margin=1", "--output gives out_margin twice"),
        (f"{SOLVE} --between 1", "expected 2 arguments"),
        (f"{SOLVE} --between 1 many", "--between takes two numbers, such as 0.5 1, not 'many'"),
        (f"{SOLVE} --between 2 1", "a low and a higher number, not 2 and 1"),
        (f"{SOLVE} --output volume=1 -o b.xlsx", "-o writes one answer, but --output is given 2"),
        (f"{SOLVE} --set volume", "--set takes NAME=VALUE"),
        (f"{SOLVE} -o a.xlsx", "a.xlsx"),
        (f"{SOLVE} -o none/b.xlsx", "there is no such folder"),
        ("solve none.xlsx --output margin=0 --by volume", "none.xlsx"),
        ("sensitivity a.xlsx --output marign", "did you mean out_margin?"),
        ("sensitivity a.xlsx --by volumes", "did you mean in_volume?"),
        ("sensitivity a.xlsx --by volume=1", "--by takes NAME=LOW:HIGH"),
        ("sensitivity a.xlsx --by volume=", "--by takes NAME=LOW:HIGH"),
        ("sensitivity a.xlsx --by volume=2:1", "the low end of in_volume, 2, is not below 1"),
        ("sensitivity a.xlsx --by volume=a:1", "in_volume is 'a', but must be a number"),
        ("sensitivity a.xlsx --by volume --by in_volume", "--by gives in_volume twice"),
        ("sensitivity a.xlsx --by model=1:2", "a driver must be a number"),
        ("sensitivity a.xlsx --grid volume", "expected 2 arguments"),
        ("sensitivity a.xlsx --grid volume volume", "both move in_volume"),
        ("sensitivity a.xlsx --grid volume cost=1,x", "in_cost is 'x', but must be a number"),
        ("sensitivity a.xlsx --grid volume cost=1,1", "gives a value of in_cost twice"),
        (f"sensitivity a.xlsx --grid volume cost={'1,' * 50}2", "50 values of a driver at most"),
        ("sensitivity a.xlsx --grid volume cost --by cost", "give one"),
        ("sensitivity a.xlsx --json --csv", "give one"),
        ("sensitivity none.xlsx", "none.xlsx"),
        ("compare a.xlsx", "required: B"),
        ("compare a.xlsx none.xlsx", "none.xlsx"),
        ("compare a.xlsx a.xlsx --output marign", "did you mean out_margin?"),
    ],
)
def test_wrong_use_is_one_sentence(
    here: Path, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    before = (here / "a.xlsx").read_bytes()
    status, out, err = run(capsys, words)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert [path.name for path in here.iterdir()] == ["a.xlsx"]
    assert (here / "a.xlsx").read_bytes() == before


def test_an_empty_name_of_the_copy(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main([*SOLVE.split(), "-o", ""]) == 2
    assert "-o takes the name" in capsys.readouterr().err


def test_sensitivity_is_a_table_widest_first(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, "sensitivity a.xlsx --by cost=40:60 --by volume")
    assert (status, out) == (
        0,
        "Margin: 10 USD/day (out_margin)\n"
        "driver  low  high  unit      at low  at high  swing  name\n"
        "Cost     40    60  USD/day       20        0     20  in_cost\n"
        "=1+1     27    33  Mtok/day       4       16     12  in_volume\n"
        "in_volume: no range given, so 10 % below and above today's\n",
    )


def test_sensitivity_without_drivers_takes_all(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, "sensitivity a.xlsx")
    assert {s["name"] for s in found["swings"]} == {"in_input_price", "in_volume", "in_cost"}
    assert found["notes"][0].startswith("Each from 10 % below")
    assert found["today"] == 10


def test_a_text_of_the_workbook_is_no_formula_in_csv(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "sensitivity a.xlsx --by volume --csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert row["label"] == "'=1+1"
    assert float(row["at_low"]) == pytest.approx(4)


def test_sensitivity_as_a_grid(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = "sensitivity a.xlsx --grid input_price=1,2 volume=20:40"
    found = data(capsys, words)["grid"]
    assert found["column_values"] == [20, 25, 30, 35, 40]
    assert found["values"] == [[-30, -25, -20, -15, -10], [-10, 0, 10, 20, 30]]
    _, out, _ = run(capsys, words)
    assert out.splitlines()[1:4] == [
        "    20   25   30   35   40",
        "1  -30  -25  -20  -15  -10",
        "2  -10    0   10   20   30",
    ]
    _, out, _ = run(capsys, f"{words} --csv")
    assert out.splitlines()[:2] == ["in_input_price,in_volume,output", "1.0,20.0,-30.0"]
    bare = data(capsys, "sensitivity a.xlsx --grid input_price volume")["grid"]
    assert bare["row_values"] == pytest.approx([1.6, 1.8, 2, 2.2, 2.4])


def test_compare_a_workbook_with_itself(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "compare a.xlsx a.xlsx") == (
        0,
        "A: a.xlsx; B: a.xlsx\nNo difference in 5 inputs, 2 outputs and 0 tables.\n",
        "",
    )


def test_compare_shows_what_differs_and_the_bridge(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = {**CELLS, "B1": 3.0, "B3": 60.0, "B7": 1.0}
    make(here / "b.xlsx", {"S": cells}, {**NAMES, "in_new": "=S!$B$7"})
    status, out, err = run(capsys, "compare a.xlsx b.xlsx")
    assert (status, err) == (0, "")
    assert out == (
        "A: a.xlsx; B: b.xlsx\n"
        "Inputs that differ: 2 of 5\n"
        "          A   B  B − A        %  unit      name\n"
        "  Price   2   3     +1  +50.0 %  USD/Mtok  in_input_price\n"
        "  Cost   50  60    +10  +20.0 %  USD/day   in_cost\n"
        "Outputs that differ: 1 of 2\n"
        "           A   B  B − A         %  unit     name\n"
        "  Margin  10  30    +20  +200.0 %  USD/day  out_margin\n"
        "Tables that differ: 0 of 0\n"
        "Only in B: in_new\n"
        "From A to B, Margin (out_margin), USD/day:\n"
        "  A              10\n"
        "  price         +30  in_input_price\n"
        "  other inputs  -10  in_cost\n"
        "  B              30\n"
        "Each step gives its inputs B's values after the steps above it; what two do together "
        "counts in the later one.\n"
    )
    found = data(capsys, "compare a.xlsx b.xlsx")
    assert found["inputs"][0]["a"] == 2
    assert sum(step["effect"] for step in found["bridge"]["steps"]) == 20
    assert found["only_b"] == ["in_new"]


def test_compare_without_a_margin(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = {name: place for name, place in NAMES.items() if name != "out_margin"}
    make(here / "b.xlsx", {"S": CELLS}, names)
    status, out, _ = run(capsys, "compare a.xlsx b.xlsx")
    assert status == 0
    assert "Only in A: out_margin" in out
    assert "No bridge: there is no output 'margin' in b.xlsx; the outputs are out_volume" in out
    assert run(capsys, "compare a.xlsx b.xlsx --output margin")[0] == 2
    shutil.copy(here / "b.xlsx", here / "c.xlsx")
    assert run(capsys, "compare b.xlsx c.xlsx --output volume")[0] == 0


def test_the_bridge_in_the_readme(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shutil.copy(ROOT / "workbooks" / "node_margin.xlsx", here / "june.xlsx")
    command = readme[readme.index("$ xlmodel calc june.xlsx") :].partition("\n$ ")[0]
    words = command.replace("\\\n", " ").removeprefix("$ xlmodel ")
    assert run(capsys, words)[0] == 0
    status, out, _ = run(capsys, "compare june.xlsx july.xlsx")
    assert status == 0
    shown = out[out.index("From A to B") : out.index("Each step")]
    assert f"$ xlmodel compare june.xlsx july.xlsx\n…\n{shown}```" in readme


def test_the_tornado_of_the_template(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(ROOT / "workbooks" / "node_margin.xlsx", here / "june.xlsx")
    found = data(capsys, "sensitivity june.xlsx")["swings"]
    assert [s["name"] for s in found][:2] == ["in_gpu_hour_price", "price"]
    assert [s["stated"] for s in found if s["name"] in ("price", "in_gpus")] == [True, False]
    assert len(found) >= 7
