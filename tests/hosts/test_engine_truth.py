"""What the engine says of a workbook is so: values, reasons, notes, and limits on hostile files."""

import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workbook.made import calculated, make
from xlmodel.hosts.engine.hoist import FEWEST_ROWS
from xlmodel.hosts.engine.host import EngineError, _no_surprise
from xlmodel.hosts.native import defined_name
from xlmodel.registry import CellError, find
from xlmodel.version import VERSION
from xlmodel.workbook import calc
from xlmodel.workbook.calc import Calculation
from xlmodel.workbook.untrusted import WorkbookError

# One call for a column, or a call per cell: the same.

ROWS = FEWEST_ROWS + 10
REFERENCES = ["A{r}", "B{r}", "C{r}", "$A$3", "B{s}", "a_cell", "a_number", "a_text", "a_sum"]
LITERALS = ["24", "2.5", "TRUE", '"H100"', '"3"', "1E-3", '""']
CELLS = st.one_of(
    st.floats(0, 100), st.sampled_from([None, None, 0.0, -3.0, "x", "", "7", True, "=NA()", '=""'])
)
NAMES = {"a_cell": "=S!$B$7", "a_number": "=24", "a_text": '="8"', "a_sum": "=S!$A$5+1"}
ATOMS = st.sampled_from([*REFERENCES, *REFERENCES, *LITERALS])
ARGUMENTS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("+{}".format, inner),
        st.builds("-{}".format, inner),
        st.builds("({})%".format, inner),
        st.builds("({}{}{})".format, inner, st.sampled_from("+-*/&=<"), inner),
    ),
    max_leaves=4,
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    pool=st.lists(CELLS, min_size=2, max_size=7),
    arguments=st.lists(st.tuples(ARGUMENTS, ARGUMENTS), min_size=3, max_size=3),
)
def test_lifting_changes_nothing(
    pool: list[Any], arguments: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    cells: dict[str, Any] = {}
    for shift, column in enumerate("ABC"):
        cells |= {f"{column}{r}": pool[(r + shift) % len(pool)] for r in range(1, ROWS + 2)}
    for column, given_ in zip("EFG", arguments, strict=True):
        text = "=NODE_COST({},{})".format(*given_)
        cells |= {f"{column}{r}": text.format(r=r, s=r + 1) for r in range(1, ROWS + 1)}
    folder = tmp_path_factory.mktemp("made")
    fast, slow = (calculated(folder, cells, NAMES, hoist=hoist) for hoist in (True, False))
    assert [kinds(fast)[k] for k in kinds(slow)] == list(kinds(slow).values())
    assert fast.unsupported == slow.unsupported


def kinds(found: Calculation) -> dict[tuple[str, str], Any]:
    return {k: v.kind if isinstance(v, CellError) else v for k, v in found.formulas.items()}


@pytest.mark.parametrize("argument", ["(D{r})", "+D{r}", "+((D{r}))", "(+D{r})"])
def test_a_blank_in_parentheses_stays_blank(tmp_path: Path, argument: str) -> None:
    cells: dict[str, Any] = {f"A{r}": 8.0 for r in range(1, 61)}
    cells |= {f"E{r}": f"=NODE_COST(A{r},3.49,{argument.format(r=r)})" for r in range(1, 61)}
    cells |= {f"F{r}": f"=NODE_COST({argument.format(r=r)},1)" for r in range(1, 61)}
    for hoist in (True, False):
        found = calculated(tmp_path, cells, hoist=hoist)
        assert found.cell("S", "E9") == pytest.approx(670.08)
        assert str(found.cell("S", "F9")) == "#VALUE!"


# A workbook's own definition of one of our names.


def test_an_own_definition_of_our_name_is_told(tmp_path: Path) -> None:
    theirs = "=_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a*_xlpm.b*2)"
    cells = {"A1": "=NODE_COST(8,3)", "A2": "=NODE_COST(1,1)", "A3": "=COST_PER_MTOK(1,1)"}
    ours = "=" + defined_name(find("COST_PER_MTOK")).replace(",", ", ")
    names = {"NODE_COST": theirs, "COST_PER_MTOK": ours}
    found = calculated(tmp_path, cells, names)
    assert found.cell("S", "A1") == 576.0
    assert found.result.notes == [
        "the workbook defines its own NODE_COST, which differs from this version's; computed with "
        f"xlmodel {VERSION}'s"
    ]


# Files that are wrong or hostile.


def changed(folder: Path, cells: Mapping[str, Any], old: bytes, new: bytes) -> Path:
    """A workbook with one piece of its sheet's XML replaced."""
    source = make(folder / "source.xlsx", {"S": cells})
    target = folder / "changed.xlsx"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name.endswith("sheet1.xml"):
                assert old in data
                data = data.replace(old, new)
            after.writestr(name, data)
    return target


@pytest.mark.parametrize("cell", ["A1", "B1"])
@pytest.mark.parametrize("place", ["B9999999", "ZZZZ1", "B1048577"])
def test_a_cell_outside_of_the_sheet(tmp_path: Path, cell: str, place: str) -> None:
    path = changed(
        tmp_path, {"A1": 1.0, "B1": "=A1+1"}, f'r="{cell}"'.encode(), f'r="{place}"'.encode()
    )
    with pytest.raises(WorkbookError, match=r"outside of any sheet|stopped: |is damaged"):
        calc.calculate(path)


class PanicException(BaseException):
    pass


def test_a_panic_becomes_a_sentence_and_an_interrupt_does_not() -> None:
    with pytest.raises(EngineError, match="it broke"), _no_surprise():
        raise PanicException("it broke")
    for interrupt in (KeyboardInterrupt, SystemExit, MemoryError):
        with pytest.raises(interrupt), _no_surprise():
            raise interrupt


@pytest.mark.parametrize("mark", [b"", b' cm="1"'])
def test_a_huge_array_in_a_tiny_file(tmp_path: Path, mark: bytes) -> None:
    path = changed(
        tmp_path,
        {"A1": "{=D1:D3}", "B1": 1.0, "AAA1": "=A1"},
        b'<c r="A1"><f t="array" ref="A1">',
        b'<c r="A1"' + mark + b'><f t="array" ref="A1:ZZ200000">',
    )
    start = time.monotonic()
    found = calc.calculate(path)
    assert time.monotonic() - start < 5
    listed = {item.cell: item.reason for item in found.unsupported}
    assert listed == {
        "S!A1": "it fills more than 10,000 cells",
        "S!AAA1": "it depends on S!A1",
    }


def test_names_that_grow_without_end(tmp_path: Path) -> None:
    names = {f"n_{i}": "=" + "+".join([f"n_{i + 1}"] * 8) for i in range(8)}
    names |= {"n_8": "=S!$B$1*2", "c_1": "=c_2+c_2+c_2+c_2", "c_2": "=c_1+c_1+c_1+c_1"}
    start = time.monotonic()
    found = calculated(tmp_path, {"A1": "=n_0", "A2": "=c_1", "A3": "=n_6", "B1": 1.0}, names)
    assert time.monotonic() - start < 5
    listed = {item.cell: item.reason for item in found.unsupported}
    assert "longer than" in listed["S!A1"]
    assert "circle" in listed["S!A2"]
    assert found.cell("S", "A3") == 128.0


def test_calls_in_calls_do_not_grow_without_end(tmp_path: Path) -> None:
    formula = "=" + "VALUE(" * 60 + "5" + ")" * 60
    assert calculated(tmp_path, {"A1": formula}).cell("S", "A1") == 5.0


# Reasons.


def test_a_reason_names_a_cell_that_is_read(tmp_path: Path) -> None:
    cells: dict[str, Any] = {f"A{r}": f"=Z{r}+1" for r in range(1, 30)}
    cells |= {f"B{r}": f"=A{r}*2" for r in range(1, 30)}
    cells |= {"A8": "=FOO(1)", "A19": "=BAR(1)", "D1": "=B8+B12", "D2": "=B12", "D3": "=SUM(B1:B9)"}
    cells |= {"E1": '=INDIRECT("B2")', "E2": "=E1"}
    found = calculated(tmp_path, cells)
    listed = {item.cell: item.reason for item in found.unsupported}
    assert set(listed) == {f"S!{c}" for c in ["A8", "A19", "B8", "B19", "D1", "D3", "E1", "E2"]}
    assert listed["S!B8"] == "it depends on S!A8"
    assert listed["S!B19"] == "it depends on S!A19"
    assert listed["S!D1"] == listed["S!D3"] == "it depends on S!B8"
    assert listed["S!E1"].startswith("INDIRECT")
    assert listed["S!E2"] == "it depends on S!E1"


@pytest.mark.parametrize("step", [1, -1])
def test_doubt_goes_along_running_columns(tmp_path: Path, step: int) -> None:
    cells: dict[str, Any] = {f"A{r}": 1.0 for r in range(1, 201)}
    cells |= {f"B{r}": f"=A{r}+C{r - step}" for r in range(2, 200)}
    cells |= {f"C{r}": f"=B{r}*2" for r in range(2, 200)}
    cells |= {"A100": "=FOO(1)"}
    found = calculated(tmp_path, cells)
    listed = {item.cell: item.reason for item in found.unsupported}
    rows = range(100, 200) if step == 1 else range(2, 101)
    assert set(listed) == {"S!A100"} | {f"S!{c}{r}" for c in "BC" for r in rows}
    assert listed[f"S!B{100 + step}"] == f"it depends on S!C{100}"


@pytest.mark.parametrize("rows", [1, 80])
def test_reasons_of_errors_are_kept(tmp_path: Path, rows: int) -> None:
    cells: dict[str, Any] = {f"A{r}": 8.0 for r in range(1, rows + 1)} | {"A1": -8.0}
    cells |= {f"B{r}": f"=NODE_COST(A{r},3.49)" for r in range(1, rows + 1)}
    cells |= {f"C{r}": f"=COST_PER_MTOK(SUM(B{r}),1)" for r in range(1, rows + 1)}
    cells |= {"D1": '=GPU_SPEC("H1000","hbm_gb")', "D2": '=GPU_SPEC("H1000","hbm_gb")'}
    for hoist in (True, False):
        reasons = calculated(tmp_path, cells, hoist=hoist).result.reasons
        assert len([reason for reason in reasons if "GPU_SPEC" in reason]) == 1
        assert any(reason.startswith("NODE_COST") and "-8" in reason for reason in reasons)
        assert len(reasons) == len(set(reasons)) == 2, reasons


# Array formulas in older forms.


def test_older_array_formulas(tmp_path: Path) -> None:
    cells = {
        "A4": 3.0,
        "A5": 1.0,
        "A6": 2.0,
    }
    cells |= {
        "E1": "{=A4:A6*2}",
        "F1:F2": "{=A4:A6}",
        "G1:H4": "{=A4:A6}",
        "I1:I2": "{=SUM(A4:A6)}",
    }
    cells |= {"E2": "=E1+1", "J1:J2": "{=Z1:Z2}"}
    found = calculated(tmp_path, cells)
    for cell, value in {"E1": 6, "E2": 7, "F1": 3, "F2": 1, "J2": 0}.items():
        assert found.cell("S", cell) == value, cell
    for cell, value in {"G3": 2, "H1": 3, "H3": 2, "I1": 6, "I2": 6}.items():
        assert found.cell("S", cell) == value, cell
    assert str(found.cell("S", "G4")) == str(found.cell("S", "H4")) == "#N/A"
    assert not found.unsupported


@pytest.mark.parametrize(
    "formula",
    [
        "=UNIQUE(A4:A6)",
        "=A4:A6*{1,2}",
        "=TRANSPOSE(A4:A6)",
        "=IF(A4:A6>1,A4:A6)",
        "=SEQUENCE(3)",
        "=SORT(A4:A6,1,-1)",
        "=COUNTIF(A4:A6,A4:A6)*3",
    ],
)
def test_a_plain_formula_never_spills(tmp_path: Path, formula: str) -> None:
    cells = {"A4": 3.0, "A5": 1.0, "A6": 2.0, "C4": "=A4", "C5": "x", "D4": "x"}
    text = formula[1:].replace(">", "&gt;").encode()
    found = calc.calculate(changed(tmp_path, cells, b"<f>A4</f>", b"<f>" + text + b"</f>"))
    assert found.cell("S", "C4") == (1.0 if "SEQ" in formula else 3.0)


# Where the engine's own functions differ from Excel's.


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=CEILING(-2.5,-2)", -4.0),
        ("=CEILING(-2.5,2)", -2.0),
        ("=CEILING(A1,-2)", "#NUM!"),
        ("=CEILING(2.5,0)", 0.0),
        ("=CEILING(A1,0.1)", 2.5),
        ("=CEILING(6.2,0.1+0)", 6.2),
        ("=FLOOR(-2.5,-2)", -2.0),
        ("=FLOOR(-2.5,2)", -4.0),
        ("=FLOOR(A1,-A1)", "#NUM!"),
        ("=FLOOR(A1,A2)", "#DIV/0!"),
        ("=SUMPRODUCT(FLOOR(A1:A2,1+0))", 2.0),
        ("=CEILING(NA(),A1)", "#N/A"),
        ('=VALUE("1,234.5")', 1234.5),
        ('=VALUE("$1,000")+VALUE("5%")', 1000.05),
        ('=VALUE("12,34")', "#VALUE!"),
        ('=VALUE("abc")', "#VALUE!"),
        ("=VALUE(NA())", "#N/A"),
        ('=UPPER("é")&LOWER("É")&PROPER("élan vital")', "ÉéÉlan Vital"),
        ("=UPPER(TRUE)&UPPER(1.5)&UPPER(A2)", "TRUE1.5"),
    ],
)
def test_mended_functions(tmp_path: Path, formula: str, value: object) -> None:
    found = calculated(tmp_path, {"A1": 2.5, "E5": formula})
    value_found = found.cell("S", "E5")
    assert (str(value_found) if isinstance(value_found, CellError) else value_found) == (
        pytest.approx(value) if isinstance(value, float) else value
    )
    assert not found.result.notes


def test_known_differences_are_told_once(tmp_path: Path) -> None:
    cells = {"A1": "=B1&C1", "A2": '=B2&" USD"', "A3": '=B2&""', "B1": 1.5, "B2": "=1/3"}
    cells |= {"A4": '=TEXT(B1,"0.0")', "A5": '=TEXT(1E10,"0.00E+00")', "A6": '=TEXT(1.5,"# ?/?")'}
    notes = calculated(tmp_path, cells).result.notes
    assert len(notes) == 2
    assert "15" in notes[0]
    assert notes[0].endswith("look at S!A2")
    assert notes[1].startswith("TEXT: ")
    assert notes[1].endswith("look at S!A5")
