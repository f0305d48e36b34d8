"""xlwings' COM server in a process of its own, on stand-ins for pywin32 and Excel.

``run(cases)`` has the real server import our module as "Import Functions" does, and call it as the
generated VBA would: once with every argument in cells, once with every argument as a constant.
"""

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.parity.cases import OMITTED, Case
from xlmodel.registry import CellError

MODULE = "xlmodel.hosts.excel.udfs"
SNAPSHOT = Path(__file__).with_name("xlwings_udfs.bas")
"""The VBA of every function, as "Import Functions" writes it."""
RENEW = "from tests.hosts.excel import server; server.renew()"


class Session(NamedTuple):
    """What Excel would have seen."""

    vba: str
    options: list[dict[str, Any]]
    from_cells: list[object]
    from_constants: list[object]
    cells_read: dict[str, int]


def run(cases: Sequence[Case]) -> Session:
    """One session of the server, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"from {__name__} import serve; serve()"],
        input=pickle.dumps(list(cases)),
        capture_output=True,
        check=False,
        timeout=120,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr.decode()
    session = pickle.loads(done.stdout)
    assert isinstance(session, Session)
    return session


def answers(cases: Sequence[Case]) -> list[object]:
    """As a host of the parity tests: every argument in cells, what the cells would show."""
    return run(cases).from_cells


def renew() -> None:
    """Write the snapshot anew."""
    SNAPSHOT.write_text(run([]).vba)


def _session(cases: Sequence[Case]) -> Session:
    from tests.hosts.excel import standins

    standins.install()
    import xlwings

    book = standins.Workbook("node_margin.xlsm")
    xlwings.import_udfs(MODULE, book)
    return Session(
        vba=book.vba,
        options=book.options,
        from_cells=[_call(case.function, [_in_cells(v) for v in case.args]) for case in cases],
        from_constants=[_call(case.function, [_constant(v) for v in case.args]) for case in cases],
        cells_read=_cells_read(),
    )


def _call(name: str, arguments: Sequence[object]) -> object:
    """The function of the generated VBA: its arguments in an array, what is missing marked so."""
    from xlwings.com_server import XLPython

    from tests.hosts.excel import standins

    module = sys.modules[MODULE]
    count = len(getattr(module, name).__xlfunc__["args"])
    if len(arguments) > count:
        return "Excel makes no such call"
    array = (*arguments, *[standins.MISSING] * (count - len(arguments)))
    caller = standins.Range(standins.Sheet(), 1, 1)
    return _shown(XLPython().CallUDF(MODULE, name, array, standins.Workbook("x.xlsm"), caller))


def _in_cells(value: object) -> object:
    from tests.hosts.excel import standins

    if value is OMITTED:
        return standins.MISSING
    rows = value if isinstance(value, list) else [[value]]
    return standins.Range(standins.Sheet(rows), 1, 1, len(rows), len(rows[0]))


def _constant(value: object) -> object:
    """An array that is no reference has one dimension if it has one row."""
    from tests.hosts.excel import standins

    if value is OMITTED:
        return standins.MISSING
    passed = standins.variant(value)
    return passed[0] if isinstance(value, list) and len(value) == 1 else passed


def _shown(result: Any) -> object:
    """What a cell shows of it: the part of the generated VBA, which makes errors of their names."""
    if isinstance(result, list):
        rows = result if isinstance(result[0], list) else [result]
        return [[_shown(cell) for cell in row] for row in rows]
    assert type(result) in (float, str, bool), f"COM would get a {type(result).__name__}"
    known = isinstance(result, str) and result.startswith("#")
    return CellError(result) if known else result


def _cells_read() -> dict[str, int]:
    """How many cells are read of references that go to the end of the sheet."""
    from tests.hosts.excel import standins

    read = {}
    for what, place in {
        "A:A": (1, 1, standins.LAST_ROW, 1),
        "B3:B1048576": (3, 2, standins.LAST_ROW - 2, 1),
        "1:1": (1, 1, 1, standins.LAST_COLUMN),
        "Z:Z": (1, 26, standins.LAST_ROW, 1),
    }.items():
        sheet = standins.Sheet([[8.0, 9.0, 10.0]] * 5)
        _call("NODE_COST", [standins.Range(sheet, *place), 3.49])
        read[what] = sheet.read
    return read


def serve() -> None:
    """The process of its own: cases in, the session out."""
    cases = pickle.load(sys.stdin.buffer)
    with contextlib.redirect_stdout(sys.stderr):  # where xlwings reports what it imported
        session = _session(cases)
    sys.stdout.buffer.write(pickle.dumps(session))
