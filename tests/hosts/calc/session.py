"""A session in LibreOffice as a user would have it, on a virtual screen, with pictures of it.

``python -m tests.hosts.calc.session FOLDER`` opens the Calc edition of the template, types a call,
a changed input and a bad one on the keyboard, and writes pictures into the folder. What the cells
show is read back through UNO.
"""

import contextlib
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.conftest import missing
from tests.hosts.calc.office import Office
from xlmodel.hosts.calc import install
from xlmodel.registry import CellError

PROGRAMS: Final = ("Xvfb", "xdotool", "import", "soffice")
SCREEN: Final = "1280x800x24"
PATIENCE: Final = 30
TRIES: Final = 3
EDITION: Final = Path(__file__).parents[3] / "workbooks" / "node_margin_calc.xlsx"
CELL, CELL_BELOW, AREA = "Log.E10", "Log.E11", "Log!E10:E11"
"""Free cells of the sheet that is the user's own."""
ARGUMENTS: Final = "300,10,2.8,2.8,8,3.49,{}"


class Shown(NamedTuple):
    """What is on the screen: the workbook's margin, and the two cells typed by the user."""

    margin: Any
    typed: Any
    below: Any


class Desk:
    """The virtual screen with LibreOffice on it, and the hands of its user."""

    def __init__(self, office: Office, pictures: Path) -> None:
        self._office = office
        self._pictures = pictures
        self._window = self._wait_for(self._find_window)

    def go_to(self, cell: str) -> None:
        """Choose a cell by its address or name in the Name Box."""
        self.keys("ctrl+shift+t")
        self.enter(cell)

    def enter(self, text: str) -> None:
        self._do("type", "--delay", "15", "--", text)
        self.keys("Return")

    def put(self, cell: str, text: str, wanted: Callable[[Shown], bool]) -> Shown:
        """Type a text into a cell; once more if keys got lost, as they do on a busy computer."""
        for _ in range(TRIES):
            self.keys("Escape")
            self.go_to(cell)
            self.enter(text)
            if wanted(found := self.wait_for(wanted)):
                break
        return found

    def keys(self, *names: str) -> None:
        self._do("key", "--delay", "30", *names)

    def shown(self) -> Shown:
        steps = [["attach"], ["read_names", ["out_margin"]], ["read", AREA]]
        _, named, ((typed,), (below,)) = self._office.run(steps)
        return Shown(named["out_margin"], typed, below)

    def wait_for(self, wanted: Callable[[Shown], bool]) -> Shown:
        """What is shown as soon as it is as wanted, or what it is at last."""
        end = time.monotonic() + PATIENCE / TRIES
        while not wanted(found := self.shown()) and time.monotonic() < end:
            time.sleep(0.2)
        return found

    def picture(self, name: str) -> Path:
        time.sleep(0.5)  # for the screen to catch up
        path = self._pictures / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(path)], check=True, timeout=PATIENCE)
        return path

    def _do(self, *words: str) -> str:
        command = ["xdotool", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        return done.stdout

    def _find_window(self) -> str:
        found = self._do("search", "--onlyvisible", "--name", "LibreOffice Calc").split()
        if found:
            self._do("windowmove", found[-1], "0", "0")
            self._do("windowsize", found[-1], "100%", "100%")
            self._do("windowfocus", "--sync", found[-1])
        return found[-1] if found else ""

    @staticmethod
    def _wait_for(find: Callable[[], str]) -> str:
        end = time.monotonic() + PATIENCE
        while not (found := find()):
            assert time.monotonic() < end, "LibreOffice shows no window"
            time.sleep(0.2)
        return found


@contextlib.contextmanager
def screen() -> Iterator[None]:
    """A virtual screen with a number of its own, named in ``DISPLAY``."""
    for program in PROGRAMS:
        if shutil.which(program) is None:
            missing(f"{program} is not installed; on Debian tests/run.sh installs it as root")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, pass_fds=(write,), **quiet)
    os.close(write)
    before = os.environ.get("DISPLAY")
    try:
        os.environ["DISPLAY"] = f":{_told(read)}"
        yield
    finally:
        os.environ.pop("DISPLAY", None)
        if before is not None:
            os.environ["DISPLAY"] = before
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _told(pipe: int) -> str:
    """The number that the screen has, as its server tells it on a pipe."""
    with os.fdopen(pipe) as told:
        ready, _, _ = select.select([told], [], [], PATIENCE)
        number = told.readline().strip() if ready else ""
    assert number.isdigit(), "Xvfb tells no number of a screen"
    return number


@contextlib.contextmanager
def desk(workbook: Path, pictures: Path) -> Iterator[Desk]:
    """LibreOffice with the extension and a copy of the workbook, on a virtual screen."""
    if not install.unopkg().with_name("libvclplug_gtk3lo.so").exists():
        missing("LibreOffice's windows (GTK 3) are not installed; tests/run.sh installs them")
    with screen(), tempfile.TemporaryDirectory(prefix="xlmodel-session-") as folder:
        office = Office(Path(folder), visible=True)
        install.write(Path(folder, "xlmodel.oxt"), force=False)
        office.install(Path(folder, "xlmodel.oxt"))
        copy = Path(shutil.copy(workbook, folder))
        try:
            office.start(copy)
            yield Desk(office, pictures)
        finally:
            office.stop()


def play(pictures: Path) -> dict[str, Shown]:
    """Type a call, change an input, make the call bad and ask why; what is shown each time."""
    seen: dict[str, Shown] = {}
    with desk(EDITION, pictures) as user:
        seen["opened"] = user.wait_for(lambda shown: shown.margin is not None)
        call = f"=NODE_MARGIN({ARGUMENTS.format('in_utilization')})"
        seen["typed"] = user.put(CELL, call, lambda shown: shown.typed == shown.margin)
        user.go_to(CELL)
        user.picture("typed")
        per_cent = "80"  # into a cell that shows per cent
        before = seen["typed"].margin
        seen["changed"] = user.put(
            "case_utilization", per_cent, lambda shown: before != shown.margin == shown.typed
        )
        user.go_to("out_margin")
        user.picture("changed")
        bad = ARGUMENTS.format(85)
        user.put(CELL, f"=NODE_MARGIN({bad})", lambda shown: isinstance(shown.typed, CellError))
        why = f'=XLMODEL_EXPLAIN("NODE_MARGIN",{bad})'
        seen["bad"] = user.put(CELL_BELOW, why, lambda shown: shown.below is not None)
        user.go_to(CELL)
        user.picture("bad")
    return seen


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for step, shown in play(folder).items():
        print(f"{step}: {shown}")
