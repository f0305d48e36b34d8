"""``xlmodel addin excel``, with stand-ins for xlwings' installer and for Excel."""

import locale
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings
from xlwings import cli

from xlmodel.hosts.excel import project, setup
from xlmodel.registry import InputError

OTHER = '"INTERPRETER_WIN","C:\\Other\\python.exe"\n'


class Sheet(dict[str, Any]):
    """A sheet that keeps what is written: the cell A1."""

    def __missing__(self, key: str) -> Any:
        self[key] = SimpleNamespace(value=None)
        return self[key]


class Book:
    """Excel's workbook, as far as it is used; ``settings`` are on its sheet of settings."""

    def __init__(self, *names: str, settings: Mapping[str, str | None] | None = None) -> None:
        self.sheet_names = list(names)
        self.settings = dict(project.settings()) if settings is None else settings
        self.added: dict[str, Sheet] = {}
        self.sheets = _Sheets(self)


class _Sheets:
    def __init__(self, book: Book) -> None:
        self.book = book

    def __getitem__(self, key: int | str) -> Any:
        if isinstance(key, int):
            return self.book.sheet_names[key]
        assert key == project.SHEET
        rows = SimpleNamespace(value=self.book.settings)
        return {"A1:B1": SimpleNamespace(options=lambda kind, expand: rows)}

    def add(self, name: str, after: str) -> Sheet:
        assert after == self.book.sheet_names[-1]
        self.book.added[name] = Sheet()
        return self.book.added[name]


Windows = Callable[..., list[str]]


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Windows:
    """``addin`` as on Windows: xlwings says what it says, and Excel opens ``book``."""
    for name in ("CONDA_EXE", "CONDA_DEFAULT_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)

    def run(workbook: Path | None = None, said: str = "Successfully installed", **more: Any) -> Any:
        def install(args: Any) -> None:
            assert (args.dir, args.file, args.glob) == (None, None, False)
            print(said)

        def opened(path: str) -> Any:
            assert Path(path).is_absolute()
            if isinstance(more["book"], Exception):
                raise more["book"]
            return more["book"]

        monkeypatch.setattr(cli, "addin_install", install)
        monkeypatch.setattr(xlwings, "Book", opened)
        return setup.addin(workbook, platform="win32", home=tmp_path)

    return run


def conf(home: Path) -> Path:
    return home / ".xlwings" / "xlwings.conf"


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_elsewhere_one_sentence_says_what_works(platform: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        setup.addin(platform=platform, home=tmp_path)
    sentence = str(caught.value)
    assert "Excel on Windows" in sentence
    assert "\n" not in sentence
    for edition in ("lambda", "lite", "calc"):
        assert edition in sentence
    assert list(tmp_path.iterdir()) == []


def test_this_python_is_named_and_the_steps_that_are_left(windows: Windows, tmp_path: Path) -> None:
    lines = windows()
    assert conf(tmp_path).read_text() == f'"INTERPRETER_WIN","{sys.executable}"\n'
    assert sys.executable in lines[0]
    assert lines[1] == "Successfully installed"
    assert [line.split(" ", 2)[1] for line in lines[2:]] == ["1.", "2."]
    assert "Trust access to the VBA project object model" in lines[2]
    assert "Import Functions" in lines[3]


def test_xlwings_reads_what_is_written(windows: Windows, tmp_path: Path, monkeypatch: Any) -> None:
    from xlwings.utils import read_user_config

    windows()
    monkeypatch.setattr(xlwings, "USER_CONFIG_FILE", str(conf(tmp_path)))
    assert read_user_config() == {"interpreter_win": sys.executable}


def test_done_twice_changes_nothing(windows: Windows, tmp_path: Path) -> None:
    windows()
    before = conf(tmp_path).read_bytes()
    assert "already" in windows()[0]
    assert conf(tmp_path).read_bytes() == before
    assert [path.name for path in conf(tmp_path).parent.iterdir()] == ["xlwings.conf"]


@pytest.mark.parametrize(
    "text",
    [
        '"PYTHONPATH","C:\\mine"\n"LICENSE","x"',
        '"INTERPRETER_WIN",""\n"PYTHONPATH","C:\\mine"\n',
        'not a setting\n"half","\n',
    ],
)
def test_the_users_settings_stay(windows: Windows, tmp_path: Path, text: str) -> None:
    conf(tmp_path).parent.mkdir()
    conf(tmp_path).write_text(text)
    windows()
    kept = [line for line in text.splitlines() if not line.startswith('"INTERPRETER_WIN"')]
    assert conf(tmp_path).read_text().splitlines() == [
        *kept,
        f'"INTERPRETER_WIN","{sys.executable}"',
    ]


@pytest.mark.parametrize("text", [OTHER, OTHER.lower(), '"Conda Path","C:\\conda"\n'])
def test_another_python_stays_and_the_way_out_is_said(
    windows: Windows, tmp_path: Path, text: str
) -> None:
    conf(tmp_path).parent.mkdir()
    conf(tmp_path).write_text(text)
    line = windows()[0]
    assert conf(tmp_path).read_text() == text
    assert "another Python" in line
    assert sys.executable in line
    assert project.SHEET in line


@pytest.mark.parametrize("venv", [False, True])
def test_conda_is_activated_where_it_is_condas_python_that_runs(
    windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, venv: bool
) -> None:
    monkeypatch.setenv("CONDA_EXE", "/opt/conda/bin/conda")
    monkeypatch.setenv("CONDA_DEFAULT_ENV", "finance")
    monkeypatch.setenv("CONDA_PREFIX", "/opt/conda/envs/finance" if venv else sys.prefix)
    windows()
    this = f'"INTERPRETER_WIN","{sys.executable}"\n'
    conda = '"CONDA PATH","/opt/conda"\n"CONDA ENV","finance"\n'
    assert conf(tmp_path).read_text() == (this if venv else conda)


@pytest.mark.parametrize(("name", "before"), [("Łukasz", ""), ("Lukas", '"X","Ł"\n')])
def test_what_the_code_page_lacks_is_said(
    windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, before: str
) -> None:
    """A character of the user's name, or a file that another program wrote as UTF-8."""
    monkeypatch.setattr(locale, "getencoding", lambda: "cp1252")
    monkeypatch.setattr(sys, "executable", f"C:\\Users\\{name}\\python.exe")
    if before:
        conf(tmp_path).parent.mkdir()
        conf(tmp_path).write_bytes(before.encode())
    with pytest.raises(InputError, match=r"this computer's code page \(cp1252\)") as caught:
        windows()
    assert f"put INTERPRETER_WIN = {sys.executable} on the workbook's sheet" in str(caught.value)
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept == ([before.encode()] if before else [])


def test_lines_end_as_the_computer_has_it(
    windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """VBA reads a file line by line and knows no end of a line but that."""
    monkeypatch.setattr(os, "linesep", "\r\n")
    windows()
    assert conf(tmp_path).read_bytes().endswith(b'"\r\n')


def test_without_excel_one_sentence_says_so(windows: Windows, tmp_path: Path) -> None:
    path = tmp_path / "node.xlsm"
    path.touch()
    with pytest.raises(InputError, match=r"^Excel can't open .*node\.xlsm: .*Invalid class"):
        windows(path, book=Exception(-2147221005, "Invalid class string", None, None))


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        (project.MODULE, None),
        (f"mine; {project.MODULE}", None),
        ("mine", f"names other UDF Modules: add ;{project.MODULE} there"),
        (f"{project.MODULE}2", f"names other UDF Modules: add ;{project.MODULE} there"),
        (None, f"names no UDF Modules: add that row with {project.MODULE}"),
    ],
)
def test_settings_that_leave_our_functions_out(
    windows: Windows, tmp_path: Path, modules: str | None, said: str | None
) -> None:
    path = tmp_path / "own.xlsm"
    path.touch()
    book = Book("Sheet1", project.SHEET, settings={"UDF Modules": modules})
    lines = windows(path, book=book)
    told = [line for line in lines if line.startswith("its sheet xlwings.conf ")]
    assert told == ([f"its sheet xlwings.conf {said}"] if said else [])
    assert book.added == {}


def test_the_template_is_opened(windows: Windows, tmp_path: Path) -> None:
    path = tmp_path / "node.xlsm"
    path.touch()
    book = Book("About", project.SHEET)
    lines = windows(path, book=book)
    assert lines[2] == f"{path} is open in Excel"
    assert book.added == {}
    assert "References" not in "".join(lines)


def test_a_workbook_of_ones_own_gets_the_settings(windows: Windows, tmp_path: Path) -> None:
    path = tmp_path / "own.xlsm"
    path.touch()
    book = Book("Sheet1")
    lines = windows(path, book=book)
    assert book.added[project.SHEET]["A1"].value == project.settings()
    assert "not saved yet" in lines[3]
    assert [line[:6] for line in lines[4:]] == ["now 1.", "now 2.", "now 3."]
    assert "References" in lines[5]


def test_a_workbook_that_is_not_there(windows: Windows, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no file .*none\.xlsm"):
        windows(tmp_path / "none.xlsm")
    assert not conf(tmp_path).exists()


def test_a_workbook_without_macros(windows: Windows, tmp_path: Path) -> None:
    path = tmp_path / "node.xlsx"
    path.touch()
    with pytest.raises(InputError, match="macro-enabled"):
        windows(path)
    assert not conf(tmp_path).exists()


@pytest.mark.parametrize("said", ["Error: Failed to install\nthe add-in: quit Excel", ""])
def test_when_xlwings_can_not_install_its_words_are_shown(windows: Windows, said: str) -> None:
    with pytest.raises(InputError) as caught:
        windows(said=said)
    assert " ".join(said.split()) in str(caught.value)
    assert "\n" not in str(caught.value)
