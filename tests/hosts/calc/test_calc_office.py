"""The extension in a real LibreOffice: typed and stored calls, arrays, wizard, saved files."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.hosts.calc import office as offices
from tests.hosts.calc.office import Office
from tests.parity.cases import OMITTED, Case, cases
from tests.parity.hosts import same
from xlmodel.hosts import wizard
from xlmodel.hosts.calc.names import stored_call
from xlmodel.registry import CellError, functions
from xlmodel.units import Table

NEW = ["open", "private:factory/scalc"]
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}
PRICES = [
    ("gpu", "provider", "term", "usd_per_gpu_hour", "valid_from"),
    ("H100", "Lambda", "on-demand", 3.49, "2024-07-27"),
    ("H100", "Lambda", "on-demand", 3.99, "=DATE(2026;10;10)"),
]


@pytest.fixture(scope="session")
def office() -> Office:
    return offices.shared()


def typed(case: Case) -> str:
    """A call as a user types it, its arguments written out."""
    return f"={case.function}({';'.join(map(_literal, case.args))})"


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"{{{'|'.join(';'.join(map(_literal, row)) for row in value)}}}"
    if isinstance(value, str):
        return f'"{value}"'
    return "" if value is OMITTED or value is None else repr(value)


def _typed_cases() -> list[Case]:
    """Good calls and omissions that can be written out; a table can't."""
    wanted = [case for case in cases() if case.kind in {"value", "omitted", "text form"}]
    return [case for case in wanted if not _holds_a_table(case)]


def _holds_a_table(case: Case) -> bool:
    taken = zip(functions()[case.function].parameters, case.args, strict=False)
    return any(isinstance(p.kind, Table) and isinstance(arg, list) for p, arg in taken)


def test_typed_calls_of_every_function(office: Office) -> None:
    asked = _typed_cases()
    assert {case.function for case in asked} >= {
        name for name, f in functions().items() if f.numeric
    }
    formulas = [[typed(case)] for case in asked]
    area = f"A1:A{len(asked)}"
    *_, found, _ = office.run([NEW, ["fill", area, formulas], ["read", area], ["close"]])
    wrong = [
        (case.id, answer)
        for case, (answer,) in zip(asked, found, strict=True)
        if not same(answer, case.expected)
    ]
    assert not wrong


def test_a_formula_shows_as_it_was_typed(office: Office) -> None:
    put = ["put", "A1", "=node_cost(8;3.49)"]
    *_, shown, stored, _ = office.run([NEW, put, ["typed", "A1"], ["formulas", "A1"], ["close"]])
    assert shown == "=NODE_COST(8,3.49)"
    assert stored == [[f"={stored_call('NODE_COST')}(8;3.49)"]]


def _put(top: str, rows: list[tuple[object, ...]]) -> list[list[object]]:
    """Steps that put rows of cells below and beside a cell in column A to Z."""
    column, row = ord(top[0]), int(top[1:])
    return [
        ["put", f"{chr(column + c)}{row + r}", value]
        for r, line in enumerate(rows)
        for c, value in enumerate(line)
    ]


CALLS = {
    '=GPU_PRICE(A1:E3;"H100";"Lambda";;"2025-01-01")': 3.49,
    '=GPU_PRICE(A1:E3;"H100";"Lambda")': 3.99,
    '=GPU_PRICE(A:E;"H100";G9;G9;DATE(2026;10;10))': 3.99,
    '=GPU_PRICE(A:E;"H100";;;DATE(2026;10;9))': 3.49,
    '=GPU_PRICE(A1:E3;"B200")': CellError("#N/A"),
    "=GPU_PRICE(A1:E3;H100)": CellError("#VALUE!"),
    '=GPU_PRICE(G9;"H100")': CellError("#VALUE!"),
    '=GPU_PRICE(X100:Z200;"H100")': CellError("#VALUE!"),
    '=GPU_PRICE(5;"H100")': CellError("#VALUE!"),
    "=MIXED_GPU_HOUR({3.49;1.5};{0.6;0.4})": 2.694,
    "=SUM(NODE_COST({8;16};3.49))": 3 * 670.08,
    "=NODE_COST(8;NODE_COST(1;0.1))": 460.8,
    "=ROUND(NODE_COST(8;3.49);0)": 670.0,
    "=IF(NODE_COST(8;3.49)>600;1;2)": 1.0,
    "=IFERROR(NODE_COST(-1;3.49);7)": 7.0,
    "=NODE_COST(8)": CellError("#VALUE!"),
    "=NODE_COST(8;3.49;24;0;1)": CellError("#VALUE!"),
    "=NODE_COST(8;3.49;G9:G9)": 670.08,
}
"""What is special to Calc: tables as cells, whole columns, calls within calls; G9 is blank."""


@pytest.mark.parametrize("formula", CALLS)
def test_calls_beside_a_table(office: Office, formula: str) -> None:
    steps = [NEW, *_put("A1", PRICES), ["put", "I1", formula], ["read", "I1"], ["close"]]
    *_, ((found,),), _ = office.run(steps)
    assert same(found, CALLS[formula]), found


def test_a_result_follows_inputs_and_table(office: Office) -> None:
    price = '=GPU_PRICE(A:E;"H100";"Lambda")'
    steps = [NEW, *_put("A1", PRICES), ["put", "I1", price], ["put", "I2", "=NODE_COST(G1;I1)"]]
    steps += [["read", "I1:I2"], ["put", "G1", 8], ["put", "D3", 2.5], ["read", "I1:I2"]]
    answers = office.run([*steps, ["put", "D3", "=1/0"], ["read", "I1:I2"], ["close"]])
    before, after, broken = (answer for answer in answers if isinstance(answer, list))
    assert before == [[3.99], [CellError("#NUM!")]]
    assert after == [[2.5], [480.0]]
    assert broken == [[CellError("#DIV/0!")], [CellError("#DIV/0!")]]


def test_ranges_as_array_formulas(office: Office) -> None:
    """A column, a grid of a column against a row, a bad cell that spoils its own result alone."""
    steps = [NEW, *_put("A1", [(8, 3.49, 1.5), (16, None, None), ("bad", None, None)])]
    steps += [["array", "E1:E3", "=NODE_COST(A1:A3;B1)"], ["read", "E1:E3"]]
    steps += [["array", "G1:H3", "=NODE_COST(A1:A3;B1:C1)"], ["read", "G1:H3"], ["close"]]
    *_, column, _, grid, _ = office.run(steps)
    bad = CellError("#VALUE!")
    assert column == [[670.08], [1340.16], [bad]]
    assert grid == [[670.08, 288.0], [1340.16, 576.0], [bad, bad]]


def test_a_long_range_is_one_call(office: Office) -> None:
    rows = [[f"={value}"] for value in range(1, 2001)]
    steps = [NEW, ["fill", "A1:A2000", rows], ["array", "B1:B2000", "=NODE_COST(A1:A2000;1)"]]
    *_, found, _ = office.run([*steps, ["read", "B1:B2000"], ["close"]])
    assert found == [[24.0 * value] for value in range(1, 2001)]


def test_the_wizard_shows_our_texts(office: Office) -> None:
    (found,) = office.run([["wizard", list(functions())]])
    for name, function in functions().items():
        description, arguments = found[name]
        assert description == wizard.description(function)
        assert [text for text, *_ in arguments] == [p.name for p in function.parameters]
        assert [text for _, text, *_ in arguments] == [
            wizard.argument_help(p) for p in function.parameters
        ]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook as the Calc edition is: stored calls, names, a stale value."""
    path = tmp_path_factory.mktemp("stored") / "stored.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        book.define_name("in_gpus", "=S!$A$1")
        book.define_name("in_hours", "=S!$A$3:$A$3")
        sheet.write_column("A1", [8, 3.49])
        sheet.write_formula("B1", f"={stored_call('NODE_COST')}(in_gpus,A2,in_hours)", None, 1)
        version = f"{stored_call('XLMODEL_VERSION')}()"
        sheet.write_formula("B2", f'=IF({version}="","",{stored_call("NODE_COST")}(-1,A2))')
        sheet.write_array_formula("B3:B4", f"{{={stored_call('NODE_COST')}({{8;16}},A2)}}")
    return path


EXPECTED = [[670.08], [CellError("#NUM!")], [670.08], [1340.16]]


def test_stored_calls_resolve_and_are_recalculated(office: Office, stored: Path) -> None:
    *_, found, typed_as, _ = office.run(
        [["open", stored.as_uri()], ["read", "B1:B4"], ["typed", "B1"], ["close"]]
    )
    assert found == EXPECTED
    assert typed_as == "=NODE_COST(in_gpus,A2,in_hours)"


@pytest.mark.parametrize("ending", FILTERS)
def test_a_file_that_calc_saves_opens_again(
    office: Office, stored: Path, tmp_path: Path, ending: str
) -> None:
    copy = tmp_path / f"copy.{ending}"
    store = ["store", copy.as_uri(), FILTERS[ending]]
    steps = [["open", stored.as_uri()], store, ["close"], ["open", copy.as_uri()]]
    *_, found, _ = office.run([*steps, ["read", "B1:B4"], ["close"]])
    assert found == EXPECTED


def test_calc_saves_the_spelling_of_stored_calls(
    office: Office, stored: Path, tmp_path: Path
) -> None:
    """Also of a call that was typed: what ``xlmodel calc`` must read."""
    copy = tmp_path / "copy.xlsx"
    steps = [["open", stored.as_uri()], ["put", "C1", "=NODE_COST(A1;A2;;5)"]]
    office.run([*steps, ["store", copy.as_uri(), FILTERS["xlsx"]], ["close"]])
    with zipfile.ZipFile(copy) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    formulas = re.findall(r"<f[^>]*>(.*?)</f><v>([^<]*)", sheet)
    assert (f"{stored_call('NODE_COST')}(in_gpus,A2,in_hours)", "670.08") in formulas
    assert (f"{stored_call('NODE_COST')}(A1,A2,,5)", "675.08") in formulas
