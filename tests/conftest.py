"""Fixtures shared by all tests: Hypothesis profile, LibreOffice with a profile of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

RESTART = 81
"""Exit status of LibreOffice's first start in a fresh profile: it wants to be started again."""

Convert = Callable[[Path, str], Path]

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def missing(what: str) -> NoReturn:
    """Skip a test for want of a program; in continuous integration that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}; continuous integration must test with it")
    pytest.skip(what)


def path_without_environments() -> str:
    """PATH without virtual environments: in one LibreOffice's Python would not find UNO."""
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(f for f in folders if not Path(f, "../pyvenv.cfg").exists())


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Convert a file with LibreOffice, which recalculates every formula on loading.

    ``libreoffice(path, "pdf")`` returns the new file. Skips where LibreOffice is missing, except
    in continuous integration, where that is an error.
    """
    if shutil.which("soffice") is None:
        missing("LibreOffice is not installed; on Debian tests/run.sh installs it as root")
    return converter(tmp_path_factory.mktemp("libreoffice"))


def converter(folder: Path) -> Convert:
    """LibreOffice as a converter of files, with its profile and what it makes in a new folder."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE)
    environment = os.environ | {
        "PATH": path_without_environments(),
        "UNO_SHARED_PACKAGES_CACHE": (profile / "shared").as_uri(),  # none of the computer's own
    }

    def convert(path: Path, target: str) -> Path:
        made_in = Path(tempfile.mkdtemp(dir=folder))
        command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
        command += ["--convert-to", target, "--outdir", str(made_in), str(path)]
        for _ in range(3):
            result = subprocess.run(
                command, capture_output=True, text=True, timeout=180, env=environment
            )
            if result.returncode != RESTART:
                break
        made = list(made_in.iterdir())
        assert len(made) == 1, f"LibreOffice made no file: {result.stdout}{result.stderr}"
        return made[0]

    return convert
