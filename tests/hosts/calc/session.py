"""A session in LibreOffice as a user would have it, on a virtual screen, with pictures of it.

``python -m tests.hosts.calc.session FOLDER [WORKBOOK]`` opens a workbook (without one, a small one
with a stored call), types a call, a changed input and a bad one on the keyboard, and writes
pictures into the folder. What the cells show is read back through UNO.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from tests.conftest import missing
from tests.hosts.calc.office import Office
from xlmodel.hosts.calc import install
from xlmodel.hosts.calc.names import stored_call

PROGRAMS: Final = ("Xvfb", "xdotool", "import", "soffice")
SCREEN: Final = "1280x800x24"
PATIENCE: Final = 30
TYPED: Final = "=NODE_MARGIN(300,10,2.8,2.8,B1,B2)"


def write_workbook(path: Path) -> None:
    """Two inputs and a stored call, as the Calc edition has them."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Node")
        sheet.set_column("A:A", 24)
        sheet.set_column("B:B", 60)
        sheet.write_column("A1", ["GPUs", "USD per GPU-hour", "Cost a day", "Margin a day", "Why"])
        sheet.write_column("B1", [8, 3.49])
        sheet.write_formula("B3", f"={stored_call('NODE_COST')}(B1,B2)", None, 670.08)
        why = f'{stored_call("XLMODEL_EXPLAIN")}("NODE_COST",B1,B2)'
        sheet.write_formula("B5", f"={why}", None, "")


class Desk:
    """The virtual screen with LibreOffice on it, and the hands of its user."""

    def __init__(self, office: Office, pictures: Path) -> None:
        self._office = office
        self._pictures = pictures
        self._window = self._wait_for(self._find_window)

    def select(self, row: int, column: int) -> None:
        """Go to a cell from the top left one."""
        self.keys("ctrl+Home", *["Down"] * (row - 1), *["Right"] * (column - 1))

    def enter(self, text: str) -> None:
        self._do("type", "--delay", "15", text)
        self.keys("Return")

    def keys(self, *names: str) -> None:
        self._do("key", "--delay", "30", *names)

    def cells(self, area: str) -> list[list[Any]]:
        *_, found = self._office.run([["attach"], ["read", area]])
        rows: list[list[Any]] = found
        return rows

    def wait_for(self, area: str, shown: Callable[[list[list[Any]]], bool]) -> list[list[Any]]:
        """The cells of an area as soon as they are as wanted, or what they are at last."""
        end = time.monotonic() + PATIENCE
        while not shown(found := self.cells(area)) and time.monotonic() < end:
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
        with os.fdopen(read) as number:
            os.environ["DISPLAY"] = f":{number.readline().strip()}"
        yield
    finally:
        os.environ.pop("DISPLAY", None)
        if before is not None:
            os.environ["DISPLAY"] = before
        server.terminate()
        server.wait(PATIENCE)


@contextlib.contextmanager
def desk(workbook: Path, pictures: Path) -> Iterator[Desk]:
    """LibreOffice with the extension and the workbook open, on a virtual screen."""
    with screen(), tempfile.TemporaryDirectory(prefix="xlmodel-session-") as folder:
        office = Office(Path(folder), visible=True)
        install.write(Path(folder, "xlmodel.oxt"), force=False)
        office.install(Path(folder, "xlmodel.oxt"))
        try:
            office.start(workbook)
            yield Desk(office, pictures)
        finally:
            office.stop()


def play(workbook: Path, pictures: Path) -> dict[str, list[list[Any]]]:
    """Type a call, change an input, make it bad; what the cells B1 to B5 show after each."""
    seen = {}
    with desk(workbook, pictures) as user:
        seen["opened"] = user.wait_for("B1:B5", lambda rows: rows[4][0] is not None)
        user.select(4, 2)
        user.enter(TYPED)
        seen["typed"] = user.wait_for("B1:B5", lambda rows: rows[3][0] is not None)
        user.picture("typed")
        user.select(1, 2)
        user.enter("16")
        seen["changed"] = user.wait_for("B1:B5", lambda rows: rows[0][0] == 16)
        user.picture("changed")
        user.select(1, 2)
        user.enter("-1")
        seen["bad"] = user.wait_for("B1:B5", lambda rows: rows[0][0] == -1)
        user.picture("bad")
    return seen


def main(words: Sequence[str]) -> None:
    folder = Path(words[0])
    folder.mkdir(parents=True, exist_ok=True)
    workbook = folder / "session.xlsx"
    write_workbook(workbook)
    for name, cells in play(workbook, folder).items():
        print(name, cells)


if __name__ == "__main__":
    main(sys.argv[1:])
