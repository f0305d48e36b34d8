"""``xlmodel addin excel``: what Python can prepare for Excel on Windows, and the rest in words."""

import contextlib
import io
import locale
import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from xlmodel.hosts.excel import project
from xlmodel.hosts.excel.vba import MODULE
from xlmodel.registry import InputError

ELSEWHERE: Final = (
    "`xlmodel addin excel` is for Excel on Windows; here work the LAMBDA edition in any Excel 365 "
    "or 2024 (`xlmodel new --edition lambda`), xlwings Lite in Excel for Mac and the web "
    "(`xlmodel addin lite`) and LibreOffice (`xlmodel addin calc`)"
)
TRUST: Final = (
    "once on this computer, in Excel: File > Options > Trust Center > Trust Center Settings > "
    'Macro Settings, tick "Trust access to the VBA project object model"'
)
IMPORT: Final = (
    'in the workbook, on the xlwings tab: press "Import Functions", then save; again after each '
    "update of xlmodel"
)
_PYTHON: Final = ("INTERPRETER_WIN", "CONDA PATH", "CONDA ENV")
"""The settings by which xlwings finds Python."""
REFERENCE: Final = "in the VBA editor (Alt+F11): Tools > References, tick xlwings"


def addin(
    workbook: Path | None = None, platform: str = sys.platform, home: Path | None = None
) -> list[str]:
    """Install the xlwings add-in, name this Python to it, open the workbook; what to say of it.

    Raises InputError where that can't be done. Nothing that is in the user's settings is changed.
    """
    if not platform.startswith("win"):
        raise InputError(ELSEWHERE)
    if workbook is not None:
        _check(workbook)
    done = [_configure((home or Path.home()) / ".xlwings" / "xlwings.conf", _python())]
    done.append(_install())
    steps = [TRUST, IMPORT]
    if workbook is not None:
        opened, complete = _open(workbook)
        done += opened
        if not complete:
            steps.insert(1, REFERENCE)
    return done + [f"now {number}. {step}" for number, step in enumerate(steps, start=1)]


def _check(workbook: Path) -> None:
    if not workbook.is_file():
        raise InputError(f"there is no file {workbook}")
    if workbook.suffix.lower() not in (".xlsm", ".xlsb"):
        raise InputError(
            f"{workbook} can't hold VBA functions: save it in Excel as a macro-enabled workbook, "
            ".xlsm, or take a fresh one with `xlmodel new --edition com`"
        )


def _python() -> dict[str, str]:
    """This Python in xlwings' settings: conda's has to be activated, any other is started."""
    conda, environment = os.environ.get("CONDA_EXE"), os.environ.get("CONDA_DEFAULT_ENV")
    runs_this = Path(os.environ.get("CONDA_PREFIX", "")) == Path(sys.prefix)  # and no venv in it
    if conda and environment and runs_this:
        return {"CONDA PATH": str(Path(conda).parents[1]), "CONDA ENV": environment}
    return {"INTERPRETER_WIN": sys.executable}


def _configure(path: Path, wanted: Mapping[str, str]) -> str:
    """Name this Python in the user's settings, unless they name one already."""
    said = ", ".join(f"{key} = {value}" for key, value in wanted.items())
    encoding = locale.getencoding()  # VBA reads the file in the computer's code page
    try:
        return _named(path, wanted, said, encoding)
    except UnicodeError:
        raise InputError(
            f"{path} can't be read or written in this computer's code page ({encoding}): put "
            f"{said} on the workbook's sheet {project.SHEET}"
        ) from None


def _named(path: Path, wanted: Mapping[str, str], said: str, encoding: str) -> str:
    lines = path.read_text(encoding).splitlines() if path.is_file() else []
    named = {key: value for key, value in map(_setting, lines) if key in _PYTHON and value}
    if named == wanted:
        return f"{path} names this Python already"
    if named:
        other = ", ".join(f"{key} = {value}" for key, value in named.items())
        return (
            f"{path} names another Python ({other}) and stays as it is: install xlmodel there, or "
            f"put {said} on the workbook's sheet {project.SHEET}"
        )
    kept = [line for line in lines if _setting(line)[0] not in wanted]  # not those without value
    added = [f'"{key}","{value}"' for key, value in wanted.items()]
    content = "".join(f"{line}{os.linesep}" for line in kept + added).encode(encoding)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.xlmodel")
    draft.write_bytes(content)
    draft.replace(path)
    return f"{path} names this Python now: {said}"


def _setting(line: str) -> tuple[str, str]:
    """A line ``"KEY","value"``; anything else names nothing."""
    parts = line.split('"')
    return (parts[1].upper(), parts[3]) if len(parts) > 4 else ("", "")


def _install() -> str:
    """Have xlwings install its add-in, as ``xlwings addin install`` does."""
    from xlwings import cli

    install: Any = cli.addin_install
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        install(Namespace(dir=None, file=None, glob=False))
    words = " ".join(said.getvalue().split())
    if "Successfully" not in words:
        raise InputError(f"xlwings could not install its add-in: {words or 'it does not say why'}")
    return words


def _open(workbook: Path) -> tuple[list[str], bool]:
    """Open the workbook, with a sheet of settings; and whether it was made for xlwings."""
    import xlwings

    try:
        book: Any = xlwings.Book(str(workbook.resolve()))
    except Exception as error:  # pywin32's com_error, where there is no Excel, has no other base
        raise InputError(f"Excel can't open {workbook}: {error}") from None
    done = [f"{workbook} is open in Excel"]
    if project.SHEET in book.sheet_names:
        return done + _left_out(book), True
    sheet = book.sheets.add(project.SHEET, after=book.sheets[-1])
    sheet["A1"].value = project.settings()
    return [*done, f"it has a new sheet {project.SHEET}, not saved yet"], False


def _left_out(book: Any) -> list[str]:
    """What to say of settings of the user's own that leave our functions out."""
    from xlwings import utils

    read: Any = utils.read_config_sheet
    modules = str(read(book).get("UDF Modules") or "")
    if MODULE in (name.strip() for name in modules.split(";")):
        return []
    if not modules:
        return [f"its sheet {project.SHEET} names no UDF Modules: add that row with {MODULE}"]
    return [f"its sheet {project.SHEET} names other UDF Modules: add ;{MODULE} there"]
