"""A LibreOffice of the tests' own, with the real extension, driven through UNO.

``shared()`` builds the extension, installs it with ``unopkg`` into a new profile and starts
LibreOffice, once per process; the scripts that talk to it run in LibreOffice's Python.
"""

import atexit
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import RESTART, missing, path_without_environments
from xlmodel.hosts.calc import install
from xlmodel.hosts.calc.values import error_of

PATIENCE = 300
_SCRIPT = Path(__file__).with_name("uno_script.py")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
"""Recalculate what is loaded; show neither a welcome nor a tip."""
Step = Sequence[Any]


def system_python() -> str:
    """A Python with UNO: LibreOffice's own, not that of the virtual environment."""
    for program in ("/usr/bin/python3", "/usr/local/bin/python3"):
        if Path(program).exists():
            found = subprocess.run([program, "-c", "import uno"], capture_output=True, timeout=60)
            if found.returncode == 0:
                return program
    return missing("LibreOffice's Python is missing; on Debian tests/run.sh installs it as root")


class Office:
    """One running LibreOffice, and its profile."""

    def __init__(self, folder: Path, visible: bool = False) -> None:
        program = shutil.which("soffice")
        if program is None:
            missing("LibreOffice is not installed; on Debian tests/run.sh installs it as root")
        self._python = system_python()
        self.folder = folder
        self.pipe = f"xlmodel{os.getpid()}{folder.name}"
        self.profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        self.environment = os.environ | {
            "UNO_SHARED_PACKAGES_CACHE": (folder / "shared").as_uri(),
            "PATH": path_without_environments(),
            "PYTHONPATH": "",
            "PYTHONDONTWRITEBYTECODE": "1",
            "SAL_USE_VCLPLUGIN": "gtk3" if visible else "svp",
        }
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_SETTINGS)
        self._command = [
            *(program, self.profile, "--norestore", "--nologo", "--nodefault"),
            *([] if visible else ["--headless"]),
            f"--accept=pipe,name={self.pipe};urp;",
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def install(self, extension: Path) -> None:
        """Give the extension to this profile, with what ``xlmodel addin calc --install`` uses."""
        before = os.environ.copy()
        os.environ.update(self.environment)
        try:
            install.add(install.unopkg(), extension, [self.profile])
        finally:
            os.environ.clear()
            os.environ.update(before)

    def start(self, *files: Path) -> None:
        """Start LibreOffice and wait until it answers."""
        for _ in range(3):
            self._process = subprocess.Popen(
                [*self._command, *map(str, files)],
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # soffice starts other programs, which end with it
            )
            try:
                self.run([["python"]])
                return
            except AssertionError as error:
                ended = self._process.poll()
                if ended is None:
                    raise AssertionError("LibreOffice runs but does not answer") from error
                if ended != RESTART:
                    raise
        raise AssertionError("LibreOffice does not start")

    def run(self, steps: Sequence[Step], patience: float = PATIENCE) -> list[Any]:
        """Do the steps of ``uno_script.Job``, in one process; returns the answer of each."""
        done = subprocess.run(
            [self._python, str(_SCRIPT), self.pipe],
            input=json.dumps(steps),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=patience,
        )
        assert done.returncode == 0, f"{done.returncode}: {done.stderr}"
        found: list[Any] = json.loads(done.stdout, object_hook=_error)
        return found

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        with contextlib.suppress(AssertionError, subprocess.TimeoutExpired):
            self.run([["end"]], patience=10)  # it may end before it answers
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _error(value: dict[str, Any]) -> Any:
    """An error as ``uno_script.Job.read`` writes it; else the object itself."""
    return error_of(value["error"]) if value.keys() == {"error"} else value


@cache
def shared() -> Office:
    """The one that most tests use, without a window."""
    folder = Path(tempfile.mkdtemp(prefix="xlmodel-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    office = Office(folder)
    extension = folder / "xlmodel.oxt"
    install.write(extension, force=False)
    office.install(extension)
    atexit.register(office.stop)
    office.start()
    return office
