"""True errors: what VBA adds to the functions that xlwings generates."""

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

import pytest

from tests.conftest import RESTART, missing, path_without_environments
from tests.hosts.excel.server import SNAPSHOT
from xlmodel.hosts.excel import vba
from xlmodel.hosts.excel.values import ERRORS
from xlmodel.hosts.publish import XLWINGS
from xlmodel.registry import InputError, functions

PROBE = """
Function seen(v)
    If IsError(v) Then
        seen = "error " & CLng(v) & ";"
    Else
        seen = VarType(v) & " " & v & ";"
    End If
End Function

Sub main
    Dim text, name, row, grid, r, c, file
    Dim two(1, 2) As Variant
    For Each name In Array({names})
        text = text & seen(xlmodel_result(name))
    Next
    text = text & Chr(10) & seen(xlmodel_result(2.5)) & seen(xlmodel_result("#NUM! or not"))
    text = text & seen(xlmodel_result(True)) & Chr(10)
    row = xlmodel_result(Array(1.5, "#DIV/0!", "x"))
    For c = LBound(row) To UBound(row)
        text = text & seen(row(c))
    Next
    text = text & Chr(10)
    two(0, 0) = 1.5
    two(0, 1) = "#VALUE!"
    two(0, 2) = "x"
    two(1, 0) = "#N/A"
    two(1, 1) = 2.5
    two(1, 2) = True
    grid = xlmodel_result(two)
    For r = 0 To 1
        For c = 0 To 2
            text = text & seen(grid(r, c))
        Next
    Next
    file = FreeFile
    Open "{file}" For Output As #file
    Print #file, text
    Close #file
End Sub
"""
"""Written in what VBA and LibreOffice's Basic have in common."""


@pytest.fixture
def basic(tmp_path: Path) -> Path:
    """A profile of LibreOffice, whose Basic has an empty ``Module1``."""
    program = shutil.which("soffice")
    if program is None:
        missing("LibreOffice is not installed; on Debian tests/run.sh installs it as root")
    _office(tmp_path, "--terminate_after_init")
    return tmp_path


def _office(profile: Path, *arguments: str) -> None:
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    environment = os.environ | {
        "PATH": path_without_environments(),
        "UNO_SHARED_PACKAGES_CACHE": (profile / "shared").as_uri(),
    }
    for _ in range(3):
        done = subprocess.run(
            [*command, *arguments], check=False, capture_output=True, timeout=120, env=environment
        )
        if done.returncode != RESTART:
            break


def test_the_helpers_make_true_errors_in_a_basic_that_runs_here(basic: Path) -> None:
    """The generated VBA text itself, in LibreOffice's Basic with its VBA support: a STAND-IN."""
    names = ", ".join(f'"{kind}"' for kind in ERRORS)
    probe = PROBE.format(names=names, file=basic / "seen.txt")
    module = basic / "user" / "basic" / "Standard" / "Module1.xba"
    code = f"Option VBASupport 1\n{vba.HELPERS}\n{probe}"
    assert vba.HELPERS in SNAPSHOT.read_text()
    module.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<script:module '
        'xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
        f'script:language="StarBasic">{escape(code)}</script:module>'
    )
    _office(basic, "macro:///Standard.Module1.main")
    assert (basic / "seen.txt").read_text().splitlines() == [
        "".join(f"error {number};" for number in ERRORS.values()),
        "5 2.5;8 #NUM! or not;11 True;",
        "5 1.5;error 2007;8 x;",
        "5 1.5;error 2015;8 x;error 2042;5 2.5;11 True;",
    ]


@pytest.fixture
def xlwings_udfs(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module that stands for xlwings', and writes what was read of its generator."""
    module: Any = ModuleType("xlwings.udfs")
    plain = SNAPSHOT.read_text().removesuffix(vba.HELPERS)
    plain = re.sub(r"xlmodel_result\((XLPy.*)\)$", r"\1", plain, flags=re.MULTILINE)
    plain = re.sub(r"= CVErr\(2015\) .*", "= Err.Description", plain)
    assert "xlmodel_" not in plain

    def generate_vba_wrapper(name: str, module: Any, file: Any, workbook: Any) -> None:
        file.write(plain)

    generate_vba_wrapper.__module__ = "xlwings.udfs"
    module.generate_vba_wrapper = generate_vba_wrapper
    module.plain = plain
    monkeypatch.setitem(sys.modules, "xlwings.udfs", module)
    return module


def _written(udfs: Any, name: str) -> str:
    file = io.StringIO()
    udfs.generate_vba_wrapper(name, None, file, None)
    return file.getvalue()


def test_our_module_gets_true_errors_and_others_stay_as_they_are(xlwings_udfs: Any) -> None:
    vba.install()
    assert _written(xlwings_udfs, "theirs") == xlwings_udfs.plain
    ours = _written(xlwings_udfs, vba.MODULE)
    assert ours == SNAPSHOT.read_text()


def test_installed_twice_is_installed_once(xlwings_udfs: Any) -> None:
    vba.install()
    once = xlwings_udfs.generate_vba_wrapper
    vba.install()
    assert xlwings_udfs.generate_vba_wrapper is once


def test_without_a_com_server_nothing_is_installed() -> None:
    assert "xlwings.udfs" not in sys.modules
    vba.install()


@pytest.mark.parametrize("change", [("XLPy.CallUDF", "XLPy.Run"), ("Err.Desc", "Err.Name")])
def test_a_vba_that_is_not_known_is_refused(xlwings_udfs: Any, change: tuple[str, str]) -> None:
    text = xlwings_udfs.plain.replace(*change, 1)
    assert text != xlwings_udfs.plain
    known = re.escape(XLWINGS)
    with pytest.raises(InputError, match=f"way than {known}.*pip install xlwings=={known}"):
        vba.with_true_errors(text)


def test_a_text_is_no_number() -> None:
    texts = {name for name, f in functions().items() if vba.gives_text(f)}
    assert "XLMODEL_VERSION" in texts
    assert "NODE_MARGIN" not in texts
