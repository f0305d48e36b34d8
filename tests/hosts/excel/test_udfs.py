"""The functions in Excel for Windows, as far as that can be seen without Excel.

The real xlwings runs here on STAND-INS for pywin32 and Excel (``standins``): it generates the VBA,
registers the functions' texts, reads the arguments and calls our module. What no stand-in can show
is said in the modules under ``xlmodel/hosts/excel``.
"""

import inspect
import math
import re
from types import SimpleNamespace

import pytest

from tests.hosts.excel import server
from tests.hosts.excel.standins import Range, Reference, Sheet
from tests.parity.cases import EXCEL_CALLS_NOT, Case, cases
from xlmodel.hosts import wizard
from xlmodel.hosts.excel import udfs, vba
from xlmodel.registry import CellError, Function, functions

CASES = cases()
KINDS = sorted({case.kind for case in CASES})
VBA_KEYWORDS = """
abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur
cdate cdbl cdec cdecl cint circle clng clnglng clngptr close const csng cstr currency cvar cverr
date debug decimal declare defbool defbyte defcur defdate defdbl defdec defint deflng deflnglng
deflngptr defobj defsng defstr defvar dim do doevents double each else elseif empty end endif
enum eqv erase event exit false fix for friend function get global gosub goto if imp implements
in input inputb int integer is lbound len lenb let like lineinput lock long longlong longptr
loop lset me mod new next not nothing null on open option optional or paramarray preserve print
private pset public put raiseevent redim rem resume return rset scale seek select set sgn shared
single spc static stop string sub tab then to true type typeof ubound unlock until variant wend
while with withevents write xor
"""
"""Of Microsoft's language specification of VBA, 3.3.5.2."""
GENERATED = "application caller err failed thisworkbook xlpy xlmodel_cell xlmodel_result"
"""What the generated code itself calls."""
RESERVED = set(re.findall(r"\w+", VBA_KEYWORDS + GENERATED))


@pytest.fixture(scope="module")
def session() -> server.Session:
    return server.run(CASES)


def test_the_vba_is_the_snapshot(session: server.Session) -> None:
    assert session.vba == server.SNAPSHOT.read_text(), (
        f'look at the change, then renew it: python -c "{server.RENEW}"'
    )


def test_vba_can_be_compiled_as_far_as_can_be_told(session: server.Session) -> None:
    assert session.vba.isascii()  # xlwings writes it in the computer's code page
    assert max(map(len, session.vba.splitlines())) < 1000  # VBA takes 1,023
    lines = [line.strip() for line in session.vba.splitlines()]
    opened = [line for line in lines if re.match(r"(Private )?Function \w", line)]
    assert len(opened) == lines.count("End Function") == len(functions()) + 2


@pytest.mark.parametrize("function", functions().values(), ids=lambda f: f.name)
def test_the_names_of_arguments_are_free_in_vba(function: Function) -> None:
    names = [name.lower() for name in inspect.signature(getattr(udfs, function.name)).parameters]
    assert not RESERVED & {*names, function.name.lower()}
    assert function.name.lower() not in names
    assert len(set(names)) == len(names) <= 60


@pytest.mark.parametrize("function", functions().values(), ids=lambda f: f.name)
def test_the_wizard_shows_the_registry(session: server.Session, function: Function) -> None:
    (shown,) = (o for o in session.options if o["Macro"] == f"'node_margin.xlsm'!{function.name}")
    assert shown["Category"] == wizard.CATEGORY
    assert shown["Description"] == wizard.description(function)
    texts = shown["ArgumentDescriptions"] or []
    first = len(function.parameters)
    assert texts[:first] == [wizard.argument_help(p) for p in function.parameters]
    assert all(text == texts[first - 1] for text in texts[first:])
    count = len(inspect.signature(getattr(udfs, function.name)).parameters)
    assert len(texts) == count
    assert all(0 < len(text) <= 255 for text in [shown["Description"], *texts])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in EXCEL_CALLS_NOT])
@pytest.mark.parametrize("way", ["from_cells", "from_constants"])
def test_every_call_answers_as_python_does(session: server.Session, way: str, kind: str) -> None:
    answers = zip(CASES, getattr(session, way), strict=True)
    wrong = [
        (case.id, found, case.expected)
        for case, found in answers
        if case.kind == kind and not _equal(found, case.expected)
    ]
    assert wrong == []


def test_every_function_is_called(session: server.Session) -> None:
    assert {case.function for case in CASES} == functions().keys()
    assert len(session.options) == len(functions())


def test_a_whole_column_costs_what_it_holds(session: server.Session) -> None:
    assert session.cells_read == {"A:A": 5, "B3:B1048576": 3, "1:1": 3, "Z:Z": 5}


def _equal(found: object, expected: object) -> bool:
    """Equal and of the same type; COM knows no grid of one cell."""
    if isinstance(expected, list) and (len(expected), len(expected[0])) == (1, 1):
        expected = expected[0][0]
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and [len(row) for row in found] == [len(row) for row in expected]
            and all(
                _equal(a, b)
                for row, wanted in zip(found, expected, strict=True)
                for a, b in zip(row, wanted, strict=True)
            )
        )
    if isinstance(expected, CellError):
        return isinstance(found, CellError) and found.kind == expected.kind
    return type(found) is type(expected) and found == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("#NUM!", CellError("#NUM!")),
        (CellError("#NUM!"), CellError("#N/A")),
        (1.0, True),
        ([[1.0, 2.0]], [[1.0], [2.0]]),
        (math.nextafter(1, 2), 1.0),
        ([[1.0]], [[1.0, 2.0]]),
    ],
)
def test_the_comparison_can_fail(found: object, expected: object) -> None:
    assert not _equal(found, expected)


@pytest.mark.parametrize("function", functions().values(), ids=lambda f: f.name)
def test_the_functions_run_where_xlwings_has_no_com_server(function: Function) -> None:
    """There xlwings' decorators do nothing, and the functions are plain ones."""
    published = getattr(udfs, function.name)
    assert (published.__name__, published.__annotations__) == (function.name, {})
    assert published.__doc__ == wizard.description(function)
    assert not hasattr(published, "__xlfunc__")
    case: Case = next(c for c in CASES if c.function == function.name and c.kind == "value")
    rows = published(*[_given(value) for value in case.args])
    assert rows == (case.expected if isinstance(case.expected, list) else [[case.expected]])


def _given(value: object) -> object:
    """A range as COM passes it."""
    return tuple(map(tuple, value)) if isinstance(value, list) else value


def test_a_repeated_argument_becomes_optional_ones() -> None:
    """VBA's ParamArray would read the references' rounded values."""
    assert "ParamArray" not in server.SNAPSHOT.read_text()
    repeated = next(f for f in functions().values() if f.parameters and f.parameters[-1].repeated)
    signature = inspect.signature(getattr(udfs, repeated.name))
    assert len(signature.parameters) == len(repeated.parameters) - 1 + udfs.MOST


def test_text_functions_say_why_python_fails_and_no_other_does() -> None:
    text = server.SNAPSHOT.read_text()
    saying = re.findall(r"(\w+) = Err\.Description", text)
    assert saying == sorted(name for name in saying if vba.gives_text(functions()[name]))
    assert len(saying) == 2
    assert text.count("CVErr(2015) '") == len(functions()) - 2


class _Context:
    """What xlwings hands to the stages of a conversion."""

    def __init__(self, value: object, cells: Range | None) -> None:
        self.value = value
        self.range = cells and SimpleNamespace(impl=Reference(cells))


@pytest.mark.parametrize(
    ("context", "value"),
    [
        (_Context(3.49, None), 3.49),
        (_Context(None, Range(Sheet([[2.5]]), 1, 1)), 2.5),
        (_Context(None, Range(Sheet([[2.5]]), 9, 9)), None),
    ],
)
def test_a_constant_comes_as_it_is_and_a_reference_is_read(
    context: _Context, value: object
) -> None:
    udfs.Cells.reader({})(context)
    assert context.value == value


def test_explanations_take_what_is_given_and_no_more() -> None:
    """VBA passes every optional argument; those behind the last that is given are none."""
    given = ["NODE_COST", 8.0, 3.49]
    expected = functions()["XLMODEL_EXPLAIN"].call_cells(given)
    for more in ([], [None], [None] * (udfs.MOST - 2)):
        assert udfs.XLMODEL_EXPLAIN(*given, *more) == [[expected]]
    blank_inside = functions()["XLMODEL_EXPLAIN"].call_cells([*given, None, 100.0])
    assert udfs.XLMODEL_EXPLAIN(*given, None, 100.0, None) == [[blank_inside]]
    assert blank_inside != expected
