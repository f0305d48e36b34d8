"""The README is true: its Python is run, its commands give the output shown.

Each command stands by itself, but those of the guide, which are one session in an empty folder.
"""

import doctest
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from xlmodel.cli import main
from xlmodel.registry import functions

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^( *)```(console|csv [\w.]+)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_GUIDE = "## Your own model in ten minutes\n"

Block = tuple[str, str]
"""What a block of the README is, and its text."""


def _sessions() -> Iterator[list[Block]]:
    """Blocks that are run in one folder: those of the guide together, each other one by itself."""
    before, after = README.split(_GUIDE)
    guide, rest = after.split("\n## ", 1)
    yield list(_blocks(guide))
    for block in _blocks(f"{before}\n## {rest}"):
        yield [block]


def _blocks(text: str) -> Iterator[Block]:
    for indent, kind, block in _BLOCK.findall(text):
        yield kind, re.sub(f"^{indent}", "", block, flags=re.MULTILINE)


def _commands(block: str) -> Iterator[tuple[str, str]]:
    """Each ``$ command`` of a block with the output shown below it."""
    for part in ("\n" + block).split("\n$ ")[1:]:
        command, _, output = part.partition("\n")
        yield command, output.rstrip("\n") + "\n"


def test_python_examples() -> None:
    assert doctest.testfile(str(ROOT / "README.md"), module_relative=False).failed == 0


@pytest.mark.parametrize("session", list(_sessions()), ids=lambda session: session[0][1][:40])
def test_command_examples(
    session: list[Block],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "workbooks").symlink_to(ROOT / "workbooks")
    monkeypatch.chdir(tmp_path)
    for kind, block in session:
        if kind.startswith("csv "):
            (tmp_path / kind.removeprefix("csv ")).write_text(block, encoding="utf-8")
        for command, output in _commands(block):
            _prints(command, output, capsys)


def _prints(command: str, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    program, *argv = shlex.split(command)
    assert program == "xlmodel"
    assert main(argv) == 0, command
    begin, left_out, end = output.partition("…\n")  # what is long is shown by its ends
    told = capsys.readouterr().out
    assert told.startswith(begin)
    assert told.endswith(end) if left_out else told == output


def test_every_function_is_listed() -> None:
    assert all(f"`{name}`" in README for name in functions())


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
