"""The ``xlmodel`` command.

``commands`` is the table of sub-commands, ``options`` what each accepts, ``functions`` the two that
need no workbook. A sub-command is imported only when it runs, so that ``--help``, ``--version`` and
``fn`` start almost as fast as Python itself. An error is one line on stderr and exit status 2.
"""

from __future__ import annotations

import argparse
import os
import sys

from xlmodel.cli.commands import COMMANDS
from xlmodel.version import VERSION

TYPE_CHECKING = False  # not from typing, which would cost a third of the start
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

    from xlmodel.cli.commands import Command, Group


class _Formatter(argparse.HelpFormatter):
    """Help as wide as the terminal, asked without importing shutil and its compressors."""

    def __init__(self, prog: str) -> None:
        try:
            width = os.get_terminal_size().columns
        except OSError:
            width = 100
        super().__init__(prog, width=min(width, 100) - 2)


class _Parser(argparse.ArgumentParser):
    """Errors on one line, with the nearest choice for a mistyped one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Formatter, **options)

    def error(self, message: str) -> NoReturn:
        sys.exit(_failed(f"{self.prog}: {_with_suggestion(message)}"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that lacks a sign shows a "?" for it
            stream.reconfigure(errors="replace")
    words = sys.argv[1:] if argv is None else argv
    args = _parser(words[:1]).parse_args(words)
    try:
        status = _run(args)
    except BrokenPipeError:  # the reader of a pipe has gone, as in `xlmodel functions | head`
        sys.stdout = None
        return 0
    except KeyboardInterrupt:
        return 130
    except ModuleNotFoundError as error:
        return _failed(f"xlmodel: this needs the package {error.name}, which is not installed here")
    except (ValueError, OSError) as error:
        if not _is_ours(error):
            raise
        return _failed(f"xlmodel: {_sentence(error)}")
    return status


def _is_ours(error: Exception) -> bool:
    from xlmodel.registry import InputError

    return isinstance(error, InputError | OSError)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}"
    return " ".join(str(error).split())


def _failed(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


def _with_suggestion(message: str) -> str:
    from difflib import get_close_matches

    names = {"COMMAND": ("", [name for name, *_ in COMMANDS])}
    for group, _, what, accepts in COMMANDS:
        if isinstance(accepts, list):
            names[what] = (group, [name for name, *_ in accepts])
    for what, (group, known) in names.items():
        if message.startswith(f"argument {what}: invalid choice: "):
            given = message.split("invalid choice: ")[1].split("'")[1]
            near = get_close_matches(given, known, n=1)
            lists = f"`{' '.join(('xlmodel', *group.split()))} --help` lists them"
            return f"there is no {what.lower()} {given!r}; " + (
                f"did you mean {near[0]}?" if near else lists
            )
    return message


def _run(args: argparse.Namespace) -> int:
    from importlib import import_module

    module, function = args.runner.split(":")
    status: int = getattr(import_module(module), function)(args)
    return status


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser with the sub-command that is wanted, or with all where none or another is."""
    parser = _Parser(prog="xlmodel", description="Unit economics of serving large language models.")
    parser.add_argument("--version", action="version", version=f"xlmodel {VERSION}")
    wanted = [entry for entry in COMMANDS if entry[0] in words]
    _add(parser, "command", "COMMAND", wanted or COMMANDS)
    return parser


def _add(
    parser: argparse.ArgumentParser, dest: str, metavar: str, known: Sequence[Command | Group]
) -> None:
    """Give a parser its sub-commands."""
    parsers = parser.add_subparsers(dest=dest, required=True, metavar=metavar, prog=parser.prog)
    for name, summary, runner, accepts in known:
        child = parsers.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
        )
        if isinstance(accepts, list):
            _add(child, runner.lower(), runner, accepts)
        else:
            child.set_defaults(runner=runner)
            accepts(child)
