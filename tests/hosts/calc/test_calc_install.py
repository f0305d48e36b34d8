"""Writing the extension and handing it to LibreOffice: what works, and each failure in a sentence.

Stand-ins for ``unopkg`` are shell scripts; where the test's name says "real", it is LibreOffice's.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import missing
from xlmodel.hosts.calc import extension, install
from xlmodel.hosts.calc.names import IDENTIFIER
from xlmodel.registry import InputError
from xlmodel.version import VERSION


def _program(folder: Path, script: str, name: str = "unopkg") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without LibreOffice, but for what a test puts into the folder."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(install, "_PLACES", {})
    return folder


def test_without_install_it_is_written_and_the_next_step_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wrote, following = install.addin(None, install=False, force=False)
    assert wrote == f"wrote xlmodel-{VERSION}.oxt"
    assert following.startswith("next: open that file with LibreOffice")
    assert [path.name for path in tmp_path.iterdir()] == [f"xlmodel-{VERSION}.oxt"]
    assert install.addin(None, install=False, force=False)[0] == wrote, "the same file again"


def test_another_file_is_not_overwritten_without_force(tmp_path: Path) -> None:
    path = tmp_path / "mine.oxt"
    path.write_text("mine")
    with pytest.raises(InputError, match=r"mine\.oxt exists; --force overwrites it"):
        install.write(path, force=False)
    assert path.read_text() == "mine"
    install.write(path, force=True)
    assert path.read_bytes() == extension.content()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("xlmodel.zip", r"a LibreOffice extension is a file named \*\.oxt"),
        ("none/xlmodel.oxt", "can't be written: no such file or directory"),
    ],
)
def test_a_file_that_cannot_be(tmp_path: Path, name: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        install.write(tmp_path / name, force=False)


def test_no_libreoffice(nowhere: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unopkg is not where it usually is"):
        install.addin(tmp_path / "x.oxt", install=True, force=False)


def test_unopkg_stands_beside_soffice(nowhere: Path, tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.mkdir()
    program = _program(office, "")
    nowhere.joinpath("soffice").symlink_to(_program(office, "", "soffice"))
    assert install.unopkg() == program


def test_unopkg_in_its_usual_place(
    nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest of several."""
    for version in ("7.6", "24.8", "25.2"):
        (tmp_path / f"libreoffice{version}").mkdir()
        _program(tmp_path / f"libreoffice{version}", "")
    places = {sys.platform: (str(tmp_path / "libreoffice*" / "unopkg"),)}
    monkeypatch.setattr(install, "_PLACES", places)
    _program(nowhere, "", "libreoffice")  # with no unopkg beside it
    assert install.unopkg() == tmp_path / "libreoffice25.2" / "unopkg"


@pytest.mark.parametrize("python", [True, False])
def test_a_libreoffice_whose_python_is_packed_apart(nowhere: Path, python: bool) -> None:
    _program(nowhere, "")
    for name in ("soffice.bin", *(["pythonloader.py"] if python else [])):
        (nowhere / name).touch()
    told = install.addin(nowhere / "x.oxt", install=True, force=False)
    assert any("no Python yet" in line for line in told) != python


def test_what_is_told_after_installing(nowhere: Path, tmp_path: Path) -> None:
    program = _program(nowhere, f'echo "$@" >{shlex.quote(str(tmp_path))}/told')
    wrote, installed, *rest = install.addin(tmp_path / "x.oxt", install=True, force=False)
    assert wrote == f"wrote {tmp_path / 'x.oxt'}"
    assert installed.startswith(f"installed in {nowhere}")
    assert installed.endswith("for all users") == (os.geteuid() == 0)
    assert rest[-1].startswith(f'to remove it: "{program}" remove')
    told = (tmp_path / "told").read_text().split()
    assert told[:2] == ["add", "--force"]
    assert told[-1] == str(tmp_path / "x.oxt")
    assert ("--shared" in told) == (os.geteuid() == 0)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("echo 'ERROR: it is broken' >&2; exit 1", "did not take the extension: it is broken$"),
        ("echo sorry; exit 1", "did not take the extension: sorry$"),
        ("exit 1", "did not take the extension: it gave no reason$"),
        ("echo 'ERROR: The lock file indicates …'; exit 1", "LibreOffice is running: close all"),
        ("exec sleep 5", "did not finish within 0.1 seconds"),
    ],
)
def test_unopkg_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, sentence: str
) -> None:
    monkeypatch.setattr(install, "PATIENCE", 0.1 if "sleep" in script else 60)
    with pytest.raises(InputError, match=sentence):
        install.add(_program(tmp_path, script), tmp_path / "x.oxt")


def test_unopkg_can_not_be_started(tmp_path: Path) -> None:
    program = _program(tmp_path, "")
    program.chmod(0o644)
    with pytest.raises(InputError, match=r"unopkg can't be started: permission denied$"):
        install.add(program, tmp_path / "x.oxt")


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """LibreOffice's own unopkg, with all that it writes kept in a folder of the test."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("UNO_SHARED_PACKAGES_CACHE", (tmp_path / "shared").as_uri())
    try:
        return install.unopkg()
    except InputError:
        missing("LibreOffice is not installed; on Debian tests/run.sh installs it as root")


def test_the_real_unopkg_installs_and_removes(
    real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    first, following, remove = install.addin(None, install=True, force=False)
    assert first.startswith(f"installed in {real.parent}")
    assert not [path for path in set(tmp_path.iterdir()) - before if path.suffix == ".oxt"]
    assert following.startswith("next: ")
    assert _listed(real).count(IDENTIFIER) == 1
    install.addin(tmp_path / "x.oxt", install=True, force=False)
    assert _listed(real).count(IDENTIFIER) == 1, "installed over itself"
    command = remove.removeprefix("to remove it: ")
    subprocess.run(shlex.split(command), check=True, capture_output=True, timeout=120)
    assert IDENTIFIER not in _listed(real)


def _listed(program: Path) -> str:
    shared = ["--shared"] if os.geteuid() == 0 else []
    command = [str(program), "list", *shared]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    lines = [line for line in done.stdout.splitlines() if line.startswith("Identifier:")]
    return "\n".join(lines)


def test_the_real_unopkg_refuses_a_broken_file(real: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.oxt"
    broken.write_bytes(b"not a zip file")
    with pytest.raises(InputError, match=r"^LibreOffice did not take the extension: .+[^\n]$"):
        install.add(real, broken)
