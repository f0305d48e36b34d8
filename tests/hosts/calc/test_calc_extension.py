"""The .oxt file itself: its parts, the same bytes each time, and the package in it on its own."""

import ast
import importlib.util
import json
import math
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.parity.cases import OMITTED, Case, cases
from xlmodel.hosts.calc import adapter, extension, idl, install, names, values, xcu
from xlmodel.registry import CellError, functions
from xlmodel.units import Table
from xlmodel.version import VERSION

COMPONENT = Path(extension.__file__).with_name("component.py")
_COMPONENT_NAME = "xlmodel.hosts.calc.component"
_MANIFEST = "{http://openoffice.org/2001/manifest}"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oxt")
    install.write(folder / "xlmodel.oxt", force=False)
    with zipfile.ZipFile(folder / "xlmodel.oxt") as archive:
        archive.extractall(folder)
    return folder


def test_the_same_bytes_each_time(unpacked: Path) -> None:
    path = unpacked / "xlmodel.oxt"
    assert path.read_bytes() == extension.content()
    with zipfile.ZipFile(path) as archive:
        stamps = {(i.compress_type, i.date_time, i.external_attr) for i in archive.infolist()}
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
    assert stamps == {(zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0), 0o100644 << 16)}


def test_the_manifest_names_parts_that_are_there(unpacked: Path) -> None:
    manifest = ElementTree.parse(unpacked / "META-INF" / "manifest.xml").getroot()
    listed = [entry.attrib[f"{_MANIFEST}full-path"] for entry in manifest]
    assert listed
    assert all((unpacked / name).is_file() for name in listed)


def test_the_description_holds_identifier_and_version(unpacked: Path) -> None:
    root = ElementTree.parse(unpacked / "description.xml").getroot()
    found = {item.tag.rpartition("}")[2]: item.get("value") for item in root}
    assert (found["identifier"], found["version"]) == (names.IDENTIFIER, VERSION)


def test_only_what_runs_in_calc_is_carried(unpacked: Path) -> None:
    package = unpacked / "pythonpath" / "xlmodel"
    carried = {path.relative_to(package).parts[0] for path in package.rglob("*")}
    assert carried >= {"registry", "model", "tables", "hosts", "units", "LICENSE"}
    assert not carried & {"cli", "workbook", "report"}
    hosts = {path.name for path in (package / "hosts").iterdir()}
    assert hosts == {"__init__.py", "calc", "cells.py"}


def test_every_function_is_declared_and_described() -> None:
    interface = idl.text()
    config = ElementTree.fromstring(xcu.text())
    described = {node.get("{http://openoffice.org/2001/registry}name") for node in config.iter()}
    for name in functions():
        assert f" {name}(" in interface
        assert name in described


_ALONE = """
import json, sys
for name in ("numpy", "pandas", "openpyxl", "xlwings"):
    sys.modules[name] = None  # an import of it raises ImportError
sys.path.insert(0, sys.argv[1])
from xlmodel.hosts.calc.adapter import caller
def tuples(value):
    return tuple(map(tuples, value)) if isinstance(value, list) else value
answers = [caller(name)(*map(tuples, args)) for name, args in json.load(sys.stdin)]
where = {getattr(m, "__file__", "") for n, m in sys.modules.items() if n.startswith("xlmodel")}
json.dump([answers, sorted(where)], sys.stdout)
"""


def test_the_carried_package_runs_alone_and_without_numpy(unpacked: Path) -> None:
    """Each function, in a Python that has nothing else."""
    good = [case for case in cases() if case.kind == "value"]
    assert {case.function for case in good} == functions().keys()
    calls = [[case.function, _formal(case)] for case in good]
    package = unpacked / "pythonpath"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", _ALONE, str(package)],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answers, where = json.loads(done.stdout)
    assert all(Path(path).is_relative_to(package) for path in where)
    assert [rows[0][0] for rows in answers] == [case.expected for case in good]


def _formal(case: Case) -> list[Any]:
    """The arguments as Calc passes them: one for each parameter, what repeats as one."""
    args = [None if value is OMITTED else value for value in case.args]
    parameters = functions()[case.function].parameters
    if parameters and parameters[-1].repeated:
        last = len(parameters) - 1
        return [*args[:last], args[last:]]
    return [*args, *[None] * (len(parameters) - len(args))]


# The component, with stand-ins for UNO: what runs inside of LibreOffice is tested beside this file


@pytest.fixture
def component(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The component, imported with stand-ins for the modules that only LibreOffice has."""
    added: list[Any] = []
    helper = SimpleNamespace(addImplementation=lambda *args: added.append(args), added=added)
    stand_ins = {
        "uno": {"getClass": lambda name: type(name, (), {}), "createUnoStruct": str},
        "unohelper": {"Base": type("Base", (), {}), "ImplementationHelper": lambda: helper},
        "com.sun.star.lang": {
            name: type(name, (), {}) for name in ("XLocalizable", "XServiceInfo", "XServiceName")
        },
    }
    for name, content in stand_ins.items():
        module = ModuleType(name)
        module.__dict__.update(content)
        monkeypatch.setitem(sys.modules, name, module)
    for name in ("com", "com.sun", "com.sun.star"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys, "path", list(sys.path))
    spec = importlib.util.spec_from_file_location(_COMPONENT_NAME, COMPONENT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_names_are_the_same_everywhere(component: ModuleType) -> None:
    assert (component.SERVICE, component.IMPLEMENTATION) == (names.SERVICE, names.IMPLEMENTATION)
    interface = f"{names.MODULE}.{names.INTERFACE}"
    assert interface == component.INTERFACE
    assert component.g_ImplementationHelper.added == [
        (component.AddIn, names.IMPLEMENTATION, (names.SERVICE,))
    ]
    addin = component.AddIn(None)
    assert addin.getServiceName() == names.SERVICE
    assert addin.getImplementationName() == names.IMPLEMENTATION
    assert addin.supportsService(names.SERVICE)
    assert addin.getSupportedServiceNames() == (names.SERVICE,)
    addin.setLocale("en")
    assert addin.getLocale() == "en"


def test_every_attribute_is_a_function(component: ModuleType) -> None:
    addin = component.AddIn(None)
    assert addin.NODE_COST(8.0, 3.49, None, None) == ((670.08,),)
    assert addin.NODE_COST is addin.NODE_COST


def test_any_other_attribute_is_missing(component: ModuleType) -> None:
    assert not hasattr(component.AddIn(None), "no_such_function")


def test_the_component_takes_our_copy_of_the_package_first(component: ModuleType) -> None:
    assert sys.path[0] == str(COMPONENT.with_name("pythonpath"))


def test_an_old_python_reads_the_component() -> None:
    ast.parse(COMPONENT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_gets_errors_and_one_sentence(
    component: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 20, "final", 0))
    addin = component.AddIn(None)
    ((number,),) = addin.NODE_COST(8.0, 3.49)
    assert code_of(number) == values.CODES["#NAME?"]
    assert addin.XLMODEL_VERSION() == (
        ("xlmodel needs a LibreOffice with Python 3.11 or newer; this one has Python 3.9",),
    )


# A range of cells, with a stand-in for what Calc hands over where a table is wanted


class Area:
    """Cells of a sheet that is in use from A1 to B3; a column is only as long as its rows."""

    ROWS = (("gpu", "usd"), ("H100", 3.49), ("", None))

    def __init__(self, top: int, left: int, bottom: int, right: int) -> None:
        self._place = SimpleNamespace(
            StartRow=top, StartColumn=left, EndRow=bottom, EndColumn=right
        )

    def getRangeAddress(self) -> SimpleNamespace:
        return self._place

    def getSpreadsheet(self) -> SimpleNamespace:
        end = SimpleNamespace(
            gotoEndOfUsedArea=lambda _expand: None,
            getRangeAddress=lambda: SimpleNamespace(EndRow=2, EndColumn=1),
        )
        return SimpleNamespace(createCursor=lambda: end)

    def getCellRangeByPosition(self, left: int, top: int, right: int, bottom: int) -> "Area":
        row, column = self._place.StartRow, self._place.StartColumn
        return Area(row + top, column + left, row + bottom, column + right)

    def getDataArray(self) -> tuple[tuple[object, ...], ...]:
        place = self._place
        rows = self.ROWS[place.StartRow : place.EndRow + 1]
        return tuple(row[place.StartColumn : place.EndColumn + 1] for row in rows)

    def getCellByPosition(self, _column: int, _row: int) -> SimpleNamespace:
        return SimpleNamespace(getError=lambda: values.CODES["#DIV/0!"])


@pytest.mark.parametrize(
    ("place", "cells"),
    [
        (
            (0, 0, 1_048_575, 1_023),
            [["gpu", "usd"], ["H100", 3.49], [None, CellError("#DIV/0!")]],
        ),
        ((1, 0, 1_048_575, 0), [["H100"], [None]]),
        ((2, 1, 2, 1), CellError("#DIV/0!")),
        ((1, 1, 1, 1), 3.49),
        ((3, 0, 9, 1), None),
        ((0, 2, 9, 5), None),
    ],
)
def test_a_table_is_read_as_far_as_the_sheet_is_used(
    monkeypatch: pytest.MonkeyPatch, place: tuple[int, int, int, int], cells: object
) -> None:
    function = next(
        f for f in functions().values() if any(isinstance(p.kind, Table) for p in f.parameters[:1])
    )
    seen: list[Any] = []
    monkeypatch.setattr(type(function), "call_cells", lambda _self, args: seen.append(args[0]))
    others = [None] * (len(function.parameters) - 1)
    adapter.caller(function.name)(Area(*place), *others)
    assert seen == [cells]


# Values


def code_of(number: object) -> int:
    assert isinstance(number, float)
    assert math.isnan(number)
    code: int = struct.unpack("<Q", struct.pack("<d", number))[0] & 0xFFFF
    return code


@pytest.mark.parametrize(("kind", "code"), [*values.CODES.items(), ("#SPILL!", 519)])
def test_an_error_is_a_number_that_holds_calcs_code(kind: str, code: int) -> None:
    assert code_of(values.error_number(kind)) == code


def test_a_result_holds_only_floats_and_texts() -> None:
    assert values.result([[1, True], ["a", 2.5]]) == ((1.0, 1.0), ("a", 2.5))
    assert values.result(3) == ((3.0,),)
    assert type(values.result(3)[0][0]) is float


def test_an_error_of_calcs_own_is_a_wrong_value() -> None:
    assert values.error_of(504).kind == "#VALUE!"
    assert values.error_of(503).kind == "#NUM!"
