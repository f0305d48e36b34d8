"""A session on a virtual screen: typed on the keyboard, seen in pictures, read back by UNO."""

import subprocess
from pathlib import Path

import pytest

from tests.hosts.calc import session
from tests.hosts.calc.office import Office
from xlmodel.registry import CellError

PNG = b"\x89PNG"


def test_a_user_types_changes_and_errs(tmp_path: Path) -> None:
    seen = session.play(tmp_path)
    assert seen["opened"].margin == pytest.approx(128.256)
    assert seen["typed"].typed == pytest.approx(128.256)
    assert seen["changed"].margin == pytest.approx(-31.4112)
    assert seen["changed"].typed == pytest.approx(-31.4112)
    assert seen["bad"].typed == CellError("#NUM!")
    assert "utilization is 85, but must be a number (share)" in seen["bad"].below
    for name in ("typed", "changed", "bad"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(PNG)


def test_a_screen_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in session.PROGRAMS:
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssertionError, match="Xvfb tells no number"), session.screen():
        raise NotImplementedError


def test_a_libreoffice_that_runs_but_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> list[object]:
        raise AssertionError("no connection")

    office = Office(tmp_path)
    process = subprocess.Popen(["sleep", "60"])
    monkeypatch.setattr(office, "run", silent)
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: process)
    try:
        with pytest.raises(AssertionError, match="runs but does not answer"):
            office.start()
    finally:
        process.kill()
        process.wait()
