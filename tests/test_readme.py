"""The README is true: its Python is run, its commands give the output shown."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from xlmodel.cli import main
from xlmodel.registry import functions

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def _commands() -> list[tuple[str, str]]:
    """Each ``$ command`` with the output shown below it."""
    found = []
    for block in _BLOCK.findall(README):
        for part in ("\n" + block).split("\n$ ")[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output.rstrip("\n") + "\n"))
    return found


def test_python_examples() -> None:
    assert doctest.testfile(str(ROOT / "README.md"), module_relative=False).failed == 0


@pytest.mark.parametrize(("command", "output"), _commands(), ids=lambda text: text[:40])
def test_command_examples(
    command: str,
    output: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    program, *argv = shlex.split(command)
    assert program == "xlmodel"
    (tmp_path / "workbooks").symlink_to(ROOT / "workbooks")
    monkeypatch.chdir(tmp_path)
    assert main(argv) == 0
    begin, left_out, end = output.partition("…\n")  # what is long is shown by its ends
    told = capsys.readouterr().out
    assert told.startswith(begin)
    assert told.endswith(end) if left_out else told == output


def test_every_function_is_listed() -> None:
    assert all(f"`{name}`" in README for name in functions())


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
