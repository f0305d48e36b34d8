"""The headless engine computes what Excel would, or says in a sentence that it can't."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workbook.made import calculated
from xlmodel.hosts.engine.blocks import Block, with_reads
from xlmodel.hosts.engine.evaluate import Evaluation
from xlmodel.hosts.engine.graph import Graph
from xlmodel.hosts.engine.hoist import FEWEST_ROWS, plan
from xlmodel.registry import CellError
from xlmodel.workbook.calc import Calculation

PRICES = {
    "A1": "gpu",
    "B1": "usd per hour",
    "C1": "note",
    "A2": "H100",
    "B2": 3.49,
    "C2": "a",
    "A3": "H200",
    "B3": 4.0,
    "C3": "b",
    "A4": "B200",
    "B4": 6.0,
    "C4": "c",
}
TABLE = ("Prices", "S", "A1:C4", ["gpu", "usd per hour", "note"])
NAMES = {
    "in_gpus": "=S!$F$1",
    "hours": "=24",
    "daily": "=in_gpus*S!$B$2*hours",
    "gpus_list": "=S!$A$2:$A$4",
    "above": "=S!E1",
    "NODE_COST": "=_xlfn.LAMBDA(_xlpm.gpus,_xlpm.price,_xlpm.gpus*_xlpm.price*24)",
    "own": "=_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)",
}


def one(folder: Path, formula: str, **cells: Any) -> Calculation:
    """The formula in E5 of a sheet with a price table, 8 in F1 and nothing in F2."""
    content = {**PRICES, "F1": 8, "E5": formula, **cells}
    return calculated(folder, content, NAMES, tables=[TABLE])


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=NODE_COST(F1,B2)", 670.08),
        ("=node_cost(8,3.49)", 670.08),
        ("=NODE_COST(8,3.49,)", 670.08),
        ("=NODE_COST(8,3.49,,100)", 770.08),
        ("=NODE_COST(8,3.49,F2,100)", 770.08),
        ("=NODE_COST(in_gpus,Prices[[#This Row],[usd per hour]])+0", None),
        ("=XLMODEL.NODE_COST(8,3.49)", 670.08),
        ("=_xldudf_XLMODEL_NODE_COST(8,3.49)", 670.08),
        ("=daily", 670.08),
        ("=daily*2+hours", 1364.16),
        ("=SUM(Prices[usd per hour])", 13.49),
        ("=INDEX(Prices[usd per hour],2)", 4.0),
        ("=INDEX(Prices[[#All],[usd per hour]],2)", 3.49),
        ("=ROWS(Prices[#All])", 4.0),
        ("=ROWS(Prices)", 3.0),
        ("=COUNTA(Prices[[#Headers],[gpu]:[note]])", 3.0),
        ('=_xlfn.XLOOKUP("B200",Prices[gpu],Prices[usd per hour])', 6.0),
        ("=_xlfn.LET(_xlpm.x,NODE_COST(8,3.49),_xlpm.x/2)", 335.04),
        ('=GPU_SPEC("H100","hbm_gb")', 80.0),
        ("=SUM(gpus_list)", 0.0),
        ("=above", 0.0),
        ('=IFERROR(NODE_COST(-1,3.49),"bad")', "bad"),
        ('="a""b"&F1', 'a"b8'),
        ("=F1>7", True),
        ("=DATE(2024,7,27)", 45500.0),
        ("=F2", 0.0),
        ('=""', ""),
        ("=-F1^2", 64.0),
    ],
)
def test_a_formula_gives_what_excel_gives(tmp_path: Path, formula: str, value: object) -> None:
    found = one(tmp_path, formula).cell("S", "E5")
    if value is None:  # [@col] outside of its table
        assert found == CellError("#VALUE!")
    else:
        assert found == pytest.approx(value) if isinstance(value, float) else found == value


def test_a_row_of_a_table_reads_its_own_row(tmp_path: Path) -> None:
    cells = {f"D{r}": "=NODE_COST(8,Prices[[#This Row],[usd per hour]])" for r in (2, 3, 4)}
    found = one(tmp_path, "=SUM(D2:D4)", **cells)
    assert found.cell("S", "D3") == 768.0
    assert found.cell("S", "E5") == pytest.approx(24 * 8 * 13.49)


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("=NODE_COST(-1,3.49)", "#NUM!"),
        ('=NODE_COST("8",3.49)', "#VALUE!"),
        ("=NODE_COST(TRUE,3.49)", "#VALUE!"),
        ("=NODE_COST(,3.49)", "#VALUE!"),
        ("=NODE_COST(F2,3.49)", "#VALUE!"),
        ("=NODE_COST(NA(),3.49)", "#N/A"),
        ("=COST_PER_MTOK(670.08,0)", "#DIV/0!"),
        ("=not_defined+1", "#NAME?"),
        ("=1/0", "#DIV/0!"),
    ],
)
def test_errors_are_real_errors(tmp_path: Path, formula: str, kind: str) -> None:
    found = one(tmp_path, formula, E6="=ISERROR(E5)", E7="=IFERROR(E5,7)")
    value = found.cell("S", "E5")
    assert isinstance(value, CellError)
    assert value.kind == kind
    assert found.cell("S", "E6") is True
    assert found.cell("S", "E7") == 7.0


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=FOO(1)", "FOO is not known"),
        ("=IFERROR(FOO(1),0)", "FOO is not known"),
        ("=IF(TRUE,1,FOO(1))", "FOO is not known"),
        ("=own(3)", "LAMBDA name"),
        ("=IFERROR(own(3),0)", "LAMBDA name"),
        ("=SUM([1]Other!A1)", "another workbook"),
        ("=IFERROR('[1]My sheet'!A1,0)", "another workbook"),
        ("=SUM(A1:C4 B2:B3)", "intersection"),
        ("=SUM((A1,B2))", "union"),
        ("=SUM(S:S2!A1)", "several sheets"),
        ("=_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)(4)", "calling a LAMBDA"),
        ("=IFERROR(AGGREGATE(14,6,B2:B4,1),0)", "AGGREGATE"),
        ('=CELL("filename")', "CELL"),
        ("=E5+1", "depends on itself"),
        ("=IFERROR(E5,0)", "depends on itself"),
        ("=Prices[no such]", "no column"),
    ],
)
def test_what_cannot_be_evaluated_is_reported(tmp_path: Path, formula: str, reason: str) -> None:
    found = one(tmp_path, formula, G5="=IFERROR(E5,0)+1", G6="=SUM(G1:G5)", G7="=B2*2", S2="x")
    listed = {item.cell: item for item in found.unsupported}
    assert set(listed) == {"S!E5", "S!G5", "S!G6"}
    assert reason in listed["S!E5"].reason
    assert "depends on S!E5" in listed["S!G5"].reason
    assert "=" + listed["S!E5"].formula == formula
    assert found.cell("S", "E5") is None
    assert found.cell("S", "G6") is None
    assert found.cell("S", "G7") == 6.98


def test_doubt_starts_in_its_own_row(tmp_path: Path) -> None:
    cells: dict[str, Any] = {f"A{r}": float(r) for r in range(1, 101)}
    cells |= {f"B{r}": f"=A{r}*2" for r in range(1, 101)}
    cells |= {f"C{r}": f"=B{r}+C{r - 1}" for r in range(2, 101)} | {"C1": "=B1"}
    cells |= {f"D{r}": f"=NODE_COST(B{r},1)" for r in range(1, 101)}
    cells["B50"] = "=FOO(A50)"
    found = calculated(tmp_path, cells)
    listed = {item.cell for item in found.unsupported}
    assert listed == {"S!B50", "S!D50"} | {f"S!C{r}" for r in range(50, 101)}
    assert found.cell("S", "C49") == 49 * 50.0
    assert found.cell("S", "D51") == 51 * 2 * 24


def test_a_plain_formula_uses_its_own_row_of_a_range(tmp_path: Path) -> None:
    """Files mark formulas that return several values; others keep Excel's older meaning."""
    found = calculated(
        tmp_path,
        {
            "A1": 1.0,
            "A2": 2.0,
            "A3": 3.0,
            "C2": "=A1:A3*10",
            "C3": "=ABS(A1:A3)",
            "C9": "=A1:A3",
            "D1": "=NODE_COST(A1:A3,1)",
            "D2": "=SUM(NODE_COST(A1:A3,1))",
            "D3": "=SUMPRODUCT(A1:A3*2)",
        },
    )
    assert [found.cell("S", a) for a in ("C2", "C3", "D1", "D2", "D3")] == [20, 3, 24, 144, 12]
    assert found.cell("S", "C9") == CellError("#VALUE!")
    assert found.cell("S", "D9") is None


def test_arrays_fill_cells(tmp_path: Path) -> None:
    found = calculated(
        tmp_path,
        {
            "A1": 1.0,
            "A2": -1.0,
            "A3": "x",
            "C1": "#=NODE_COST(A1:A4,1)",
            "D1": "=SUM(C1)",
            "D2": '=IFERROR(C2,"bad")',
            "D3": "=ROWS(_xlfn.ANCHORARRAY(C1))",
            "E1:E3": "{=A1:A3}",
            "F1": "{=SUM(A1:A2*2)}",
            "G1": "#=_xlfn.SEQUENCE(2)",
            "G2": "in the way",
        },
    )
    values = [found.cell("S", f"C{r}") for r in range(1, 5)]
    assert values[0] == 24.0
    assert [v.kind for v in values[1:] if isinstance(v, CellError)] == [
        "#NUM!",
        "#VALUE!",
        "#VALUE!",
    ]
    assert [found.cell("S", f"D{r}") for r in (1, 2, 3)] == [24.0, "bad", 4.0]
    assert [found.cell("S", f"E{r}") for r in (1, 2, 3)] == [1.0, -1.0, "x"]
    assert found.cell("S", "F1") == 0.0
    assert found.cell("S", "G1") == CellError("#SPILL!")
    assert found.result.extents["S", 1, 3] == (4, 3)
    assert not found.unsupported


def test_an_array_that_the_engine_cannot_fill_is_reported(tmp_path: Path) -> None:
    found = calculated(
        tmp_path,
        {"A1": "#=_xlfn.SEQUENCE(20000)", "B1": "=SUM(A1:A9)", "C1:C10001": "{=D1:D3}"},
    )
    listed = {item.cell: item.reason for item in found.unsupported}
    assert "10,000" in listed["S!A1"]
    assert "depends on S!A1" in listed["S!B1"]
    assert "10,000" in listed["S!C1"]


def test_now_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1722038400")
    found = calculated(tmp_path, {"A1": "=TODAY()", "A2": "=NOW()-TODAY()"})
    assert found.cell("S", "A1") == 45500.0
    assert found.cell("S", "A2") == 0.0


# Columns of calls as one call: the same as cell by cell.

ROWS = FEWEST_ROWS + 10
LIFTABLE = [
    "=NODE_COST(A{r},B{r})",
    "=NODE_COST(A{r},B{r},,C{r})",
    "=NODE_COST(A{r},$B$1)*2+NODE_COST(1,A{r})",
    "=NODE_COST(A{r}*2,-B{r},24)",
    "=IFERROR(COST_PER_MTOK(NODE_COST(A{r},B{r}),C{r}),0)",
    "=TOKENS_PER_DAY(A{r},B{r},C{r}%)",
    "=BREAKEVEN_UTILIZATION(A{r},10,2.8,2.8,8,3.49,C{r})",
    '=IF(A{r}>1,NODE_COST(A{r},1),"none")',
    '=GPU_SPEC(D{r},"hbm_gb")',
    '=NODE_COST(A{r}&"",1)',
    "=MIXED_GPU_HOUR($A$1:$A$2,$B$1:$B$2)",
    "=NODE_COST(A{s},B{r})",
    "=NODE_COST(E{s},1)",
    "=NODE_COST(F{r},1)",
]
CELLS = st.one_of(
    st.floats(0, 100),
    st.none(),
    st.sampled_from([1.0, 0.0, -3.0, "x", "", "H100", True, "=NA()", "=1/0", '=""', "=A1"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_column_as_one_call_gives_the_same(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    patterns = data.draw(st.lists(st.sampled_from(LIFTABLE), min_size=1, max_size=3))
    pool = data.draw(st.lists(CELLS, min_size=1, max_size=8))
    cells: dict[str, Any] = {}
    for column in "ABC":
        start = data.draw(st.integers(0, len(pool)))
        cells |= {f"{column}{r}": pool[(r + start) % len(pool)] for r in range(1, ROWS + 2)}
    cells |= {f"D{r}": ["H100", "h200", "nothing", None][r % 4] for r in range(1, ROWS + 2)}
    cells["A1"] = 2.0
    for column, text in zip("EFG", patterns, strict=False):
        cells |= {f"{column}{r}": text.format(r=r, s=r + 1) for r in range(1, ROWS + 1)}
    cells["J1"] = f"=COUNT(E1:G{ROWS})"
    folder = tmp_path_factory.mktemp("made")
    fast = calculated(folder, cells, hoist=True)
    slow = calculated(folder, cells, hoist=False)
    kinds = [
        {where: v.kind if isinstance(v, CellError) else v for where, v in found.formulas.items()}
        for found in (fast, slow)
    ]
    assert kinds[0] == kinds[1]
    assert [u.cell for u in fast.unsupported] == [u.cell for u in slow.unsupported]


def blocks_of(*formulas: tuple[int, int, int, str]) -> list[Block]:
    """Blocks on sheet S: (column, first, last, formula of the first row)."""
    return [with_reads(Block("S", c, a, b, text, text)) for c, a, b, text in formulas]


@pytest.mark.parametrize(
    ("blocks", "lifted"),
    [
        (blocks_of((2, 1, 99, "NODE_COST(A1,1)")), 1),
        (blocks_of((2, 1, 99, "NODE_COST(A1,1)"), (3, 1, 99, "NODE_COST(B1,1)")), 2),
        (blocks_of((2, 1, 99, "1+NODE_COST(A1*2,1)")), 1),
        (blocks_of((2, 1, 9, "NODE_COST(A1,1)")), 0),  # too few rows to be worth it
        (blocks_of((2, 2, 99, "NODE_COST(B1,1)")), 0),  # each row needs the one above
        (blocks_of((2, 2, 99, "NODE_COST(C1,1)"), (3, 1, 99, "B1+1")), 0),  # in a zigzag
        # a way round through one cell of the column: no circle, but not one call either
        (blocks_of((2, 1, 99, "NODE_COST(A1,1)"), (5, 1, 1, "B5*2"), (1, 50, 50, "E1")), 0),
        (blocks_of((2, 1, 99, "NODE_COST(SUM(A1:C1),1)")), 0),
        (blocks_of((2, 1, 99, "NODE_COST(A1:A2,1)")), 0),
        (blocks_of((2, 1, 99, "NODE_COST(@$A$1:$A$99,1)")), 0),
        (blocks_of((2, 1, 99, "MIXED_GPU_HOUR($A$1:$A$2,$C$1:$C$2)")), 1),
    ],
)
def test_calls_are_lifted_where_that_is_safe(blocks: list[Block], lifted: int) -> None:
    assert len(plan(blocks).lifted) == lifted


def test_a_way_round_through_one_cell_is_right(tmp_path: Path) -> None:
    cells: dict[str, Any] = {f"A{r}": float(r) for r in range(1, 100)}
    cells |= {f"B{r}": f"=NODE_COST(A{r},1)" for r in range(1, 100)}
    cells |= {"E1": "=B5*2", "A50": "=E1"}
    found = calculated(tmp_path, cells)
    assert found.cell("S", "B50") == 5 * 24 * 2 * 24


def test_marked_formulas_are_lifted_too(tmp_path: Path) -> None:
    """Excel marks every formula that calls a LAMBDA as one that may return several values."""
    cells: dict[str, Any] = {f"A{r}": float(r) for r in range(1, 100)}
    cells |= {f"B{r}": f"#=NODE_COST(A{r},1)" for r in range(1, 100)}
    cells |= {f"C{r}": f"=SUM(B{r}:B{r + 1})" for r in range(1, 99)}
    found = calculated(tmp_path, cells)
    assert found.cell("S", "B99") == 99 * 24
    assert found.cell("S", "C1") == 72.0
    assert not found.result.extents


def test_references_that_are_computed_depend_on_all(tmp_path: Path) -> None:
    cells: dict[str, Any] = {f"A{r}": float(r) for r in range(1, 100)}
    cells |= {f"B{r}": f"=NODE_COST(A{r},1)" for r in range(1, 100)}
    cells |= {"E1": '=INDIRECT("B"&A7)', "E2": "=OFFSET(B1,8,0)", "E3": "=FOO(1)", "E4": "=A1+1"}
    found = calculated(tmp_path, cells)
    assert {item.cell for item in found.unsupported} == {"S!E1", "S!E2", "S!E3"}
    del cells["E3"]
    found = calculated(tmp_path, cells)
    assert (found.cell("S", "E1"), found.cell("S", "E2")) == (7 * 24, 9 * 24)


def test_a_circle_is_not_made_by_lifting(tmp_path: Path) -> None:
    cells: dict[str, Any] = {"A1": 1.0}
    cells |= {f"A{r}": f"=NODE_COST(A{r - 1},1,1)+1" for r in range(2, 100)}
    found = calculated(tmp_path, cells)
    assert found.cell("S", "A99") == 99.0
    assert not found.unsupported


def test_dependencies_count_rows() -> None:
    blocks = blocks_of((2, 1, 99, "A1"), (3, 10, 20, "B10"), (4, 1, 1, "SUM(B$30:B$40)"))
    graph = Graph(blocks, spread_anywhere=False)
    reached = {i: rows for i, rows, _ in graph.reached([(0, (15, 16))])}
    assert reached == {1: (15, 16)}


class ForgetfulHost:
    """An engine that leaves a formula out until it is entered again."""

    def __init__(self) -> None:
        self.entered: list[int] = []

    def set_formulas(self, block: Block) -> None:
        pass

    def set_again(self, block: Block, row: int) -> None:
        self.entered.append(row)

    def evaluate(self) -> None:
        pass

    def column(self, sheet: str, column: int, first: int, last: int) -> list[Any]:
        return [None if row == 3 and not self.entered else 1.0 for row in range(first, last + 1)]


def test_a_formula_that_the_engine_left_out_is_entered_again() -> None:
    host = ForgetfulHost()
    evaluation = Evaluation(plan(blocks_of((2, 1, 5, "A1"))), host)  # type: ignore[arg-type]
    evaluation.run()
    assert host.entered == [3]
    assert evaluation.values(0) == [1.0] * 5


def test_dates_and_names_are_read_as_numbers(tmp_path: Path) -> None:
    found = calculated(
        tmp_path, {"A1": datetime.date(2024, 7, 27), "B1": "=day_of+1"}, {"day_of": "=S!$A$1"}
    )
    assert found.cell("S", "B1") == 45501.0
