"""The ``xlmodel`` command.

Each sub-command is one function that imports what it needs, so that ``--help``, ``--version`` and
``fn`` start almost as fast as Python itself. An error is one line on stderr and exit status 2.
"""

from __future__ import annotations

import argparse
import os
import sys

from xlmodel.version import VERSION

TYPE_CHECKING = False  # not from typing, which would cost a third of the start
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

    _Command = tuple[
        str, str, Callable[[argparse.Namespace], int], Callable[[argparse.ArgumentParser], None]
    ]


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
        status: int = args.run(args)
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

    for what, known, of in (
        ("COMMAND", _COMMANDS, ""),
        ("HOST", _HOSTS, "addin "),
        ("ACTION", _ACTIONS, "throughput "),
        ("TASK", _TASKS, "prices "),
    ):
        if message.startswith(f"argument {what}: invalid choice: "):
            given = message.split("invalid choice: ")[1].split("'")[1]
            near = get_close_matches(given, [name for name, *_ in known], n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; `xlmodel {of}--help` lists them"
            return f"there is no {what.lower()} {given!r}{hint}"
    return message


def _fn(args: argparse.Namespace) -> int:
    from xlmodel.registry import find
    from xlmodel.words import arguments

    function = find(args.name)
    positional, named = arguments(function, args.arguments)
    if args.explain:
        from xlmodel.registry.checked import bind

        print(find("XLMODEL_EXPLAIN")(function.name, *bind(function, positional, named)))
        return 0
    answer = function(*positional, **named)
    values = answer.tolist() if hasattr(answer, "tolist") else answer
    unit = getattr(function.result, "unit", "")
    if args.json:
        _print_json({"function": function.name, "value": values, "unit": unit})
        return 0
    for value in values if isinstance(values, list) else [values]:
        print(f"{_shown(value)} {unit}".rstrip())
    return 0


def _shown(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _functions(args: argparse.Namespace) -> int:
    from xlmodel.registry import docs, find, functions

    chosen = [find(name) for name in args.names] or list(functions().values())
    if args.json:
        _print_json([docs.as_data(function) for function in chosen])
    elif args.names:
        print("\n".join(docs.full_text(function) for function in chosen))
    else:
        for function in chosen:
            print(f"{function.signature}\n    {docs.parts(function)['Summary']}")
    return 0


def _calc(args: argparse.Namespace) -> int:
    from xlmodel.workbook import commands

    return commands.calc(args)


def _report(args: argparse.Namespace) -> int:
    from xlmodel.report import commands

    return commands.report(args)


def _check(args: argparse.Namespace) -> int:
    from xlmodel.workbook.check import commands

    return commands.check(args)


def _solve(args: argparse.Namespace) -> int:
    from xlmodel.workbook import solve_command

    return solve_command.command(args)


def _sensitivity(args: argparse.Namespace) -> int:
    from xlmodel.workbook import sensitivity_command

    return sensitivity_command.command(args)


def _compare(args: argparse.Namespace) -> int:
    from xlmodel.workbook import compare_command

    return compare_command.command(args)


def _new(args: argparse.Namespace) -> int:
    from xlmodel.workbook import build

    path = build.new(args.path, edition=args.edition, force=args.force)
    print(f"wrote {path}: {build.edition_for(path, args.edition).about}")
    return 0


def _addin(args: argparse.Namespace) -> int:
    from xlmodel.workbook import addins

    return addins.command(args)


def _throughput_import(args: argparse.Namespace) -> int:
    from xlmodel.workbook import throughput

    return throughput.command(args)


def _prices(args: argparse.Namespace) -> int:
    from xlmodel.workbook.prices import command

    tasks = {"list": command.show, "history": command.history, "update": command.update}
    return tasks[args.task](args)


def _build(args: argparse.Namespace) -> int:
    from xlmodel.workbook import generated

    return generated.command(args.check)


def _print_json(data: object) -> None:
    import json

    print(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def _add_fn(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="name of the function, in any case")
    parser.add_argument(
        "arguments",
        nargs="*",
        help='values in order, then name=value; "" is blank, [1,2,3] a range, a table by name',
    )
    parser.add_argument("--explain", action="store_true", help="how the number came about")
    _add_json(parser)


def _add_functions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="show these in full")
    _add_json(parser)


def _add_calc(parser: argparse.ArgumentParser) -> None:
    _add_workbook(parser)
    parser.add_argument("-o", dest="out", metavar="OUT", help="write a recalculated copy")
    parser.add_argument(
        "--freeze",
        action="store_true",
        help="write the copy with values in place of calls of our functions, for mailing "
        "(default OUT: <stem>-frozen.xlsx)",
    )
    parser.add_argument("--force", action="store_true", help="overwrite OUT")
    _add_json(parser)


def _add_report(parser: argparse.ArgumentParser) -> None:
    _add_workbook(parser)
    parser.add_argument("-o", dest="out", metavar="DIR", help="folder (default: <stem>-report)")
    parser.add_argument(
        "--format",
        dest="formats",
        metavar="LIST",
        help="some of html,pdf,xlsx,csv,json,focus, separated by commas (default: all)",
    )
    parser.add_argument(
        "--lang", default="en", metavar="en|zh", help="language of the report's own words"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="without the tornado, which recalculates the workbook twice for each driver",
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing report")
    _add_json(parser)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "workbook", nargs="?", metavar="WORKBOOK", help="any .xlsx or .xlsm file, yours or not"
    )
    parser.add_argument(
        "--severity",
        choices=("error", "warning", "note"),
        default="warning",
        help="exit status 1 on a finding this bad or worse (default: warning)",
    )
    parser.add_argument("--rules", action="store_true", help="list the rules, with their reasons")
    _add_json(parser)


def _add_solve(parser: argparse.ArgumentParser) -> None:
    _add_workbook(parser)
    parser.add_argument(
        "--output",
        dest="outputs",
        action="append",
        required=True,
        metavar="NAME=TARGET",
        help="the output and what it is to be, such as margin=0 (repeated: each by itself)",
    )
    parser.add_argument(
        "--by",
        required=True,
        metavar="NAME",
        help="the input to change; price moves all prices of tokens by one factor, and "
        "gpus+output_tps those inputs",
    )
    parser.add_argument(
        "--between",
        nargs=2,
        metavar=("LOW", "HIGH"),
        help="where to look (default: what the input accepts)",
    )
    parser.add_argument("-o", dest="out", metavar="OUT", help="write a copy with the answer set")
    parser.add_argument("--force", action="store_true", help="overwrite OUT")
    _add_json(parser)


def _add_sensitivity(parser: argparse.ArgumentParser) -> None:
    _add_workbook(parser)
    parser.add_argument(
        "--output", default="margin", metavar="NAME", help="the output (default: out_margin)"
    )
    parser.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="NAME[=LOW:HIGH]",
        help="a driver, as solve names it, and its range (default: all, each by ±10 %%)",
    )
    parser.add_argument(
        "--grid",
        nargs=2,
        metavar="NAME[=VALUES]",
        help="two drivers, down and across: NAME=LOW:HIGH for five steps, NAME=A,B,C, or NAME",
    )
    parser.add_argument("--csv", action="store_true", help="output for spreadsheets")
    _add_json(parser)


def _add_compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="A", help="an .xlsx or .xlsm file")
    parser.add_argument("after", metavar="B", help="another one, or a later version of it")
    parser.add_argument(
        "--output",
        default=None,
        metavar="NAME",
        help="the output that the bridge leads through (default: out_margin)",
    )
    _add_json(parser)


def _add_workbook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workbook", help="an .xlsx or .xlsm file")
    parser.add_argument(
        "--set",
        dest="inputs",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a named input, such as in_utilization=0.8 (may be repeated)",
    )


def _add_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", help="the workbook to write")
    parser.add_argument(
        "--edition",
        default="",
        metavar="NAME",
        help="where the functions come from: lambda (in the file; the default), com (Excel for "
        "Windows with Python; the default for .xlsm), lite (xlwings Lite), calc (LibreOffice)",
    )
    parser.add_argument("--force", action="store_true", help="overwrite PATH")


def _add_addin(parser: argparse.ArgumentParser) -> None:
    hosts = parser.add_subparsers(dest="host", required=True, metavar="HOST", prog=parser.prog)
    _add_all(hosts, _HOSTS)


def _add_all(parsers: Any, commands: Sequence[_Command]) -> None:
    for name, summary, run, add in commands:
        about = f"{summary[0].upper()}{summary[1:]}."
        child = parsers.add_parser(name, help=summary, description=about)
        child.set_defaults(run=run)
        add(child)


def _add_addin_copy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workbook", metavar="WORKBOOK", help="an .xlsx or .xlsm file of yours")
    parser.add_argument(
        "-o", dest="out", metavar="OUT", help="the copy (default: <stem>-HOST, beside it)"
    )
    parser.add_argument("--force", action="store_true", help="overwrite OUT")


def _add_addin_excel(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "workbook", nargs="?", metavar="WORKBOOK", help="an .xlsm file to open when all is set up"
    )


def _add_addin_calc(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "workbook",
        nargs="?",
        metavar="WORKBOOK",
        help="instead of the extension, write a copy of this workbook that LibreOffice reads",
    )
    parser.add_argument(
        "-o",
        dest="out",
        metavar="FILE",
        help="the file to write (default: xlmodel-VERSION.oxt, or <stem>-calc beside WORKBOOK)",
    )
    parser.add_argument("--install", action="store_true", help="install it in LibreOffice, too")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")


def _add_throughput(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="ACTION", prog=parser.prog
    )
    _add_all(actions, _ACTIONS)


def _add_throughput_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="result files (.json, .jsonl)")
    parser.add_argument(
        "--into",
        dest="workbook",
        required=True,
        metavar="WORKBOOK",
        help="an .xlsx or .xlsm file with a table named Throughput",
    )
    parser.add_argument("--gpu", required=True, metavar="NAME", help="the GPU, such as H100")
    parser.add_argument(
        "--gpus", required=True, type=int, metavar="N", help="how many of them served the runs"
    )
    parser.add_argument(
        "--precision", required=True, metavar="NAME", help="of the weights, such as FP8"
    )
    parser.add_argument("--model", metavar="NAME", help="the model (default: as the file names it)")
    for length in ("input", "output"):
        parser.add_argument(
            f"--{length}-tokens",
            type=float,
            metavar="N",
            help=f"mean {length} tokens of a request (default: the mean of each run)",
        )
    parser.add_argument(
        "-o", dest="out", metavar="OUT", help="the copy (default: <stem>-throughput, beside it)"
    )
    parser.add_argument("--force", action="store_true", help="overwrite OUT")
    _add_json(parser)


def _add_prices(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK", prog=parser.prog)
    _add_all(tasks, _TASKS)


def _add_prices_list(parser: argparse.ArgumentParser) -> None:
    _add_price_table(parser)
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        help="the day to look at (default: the workbook's as-of date, else today)",
    )
    parser.add_argument(
        "--max-age",
        type=float,
        metavar="DAYS",
        help="mark prices older than that (default: the age that the workbook accepts, else 92)",
    )
    _add_json(parser)


def _add_prices_history(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a model or a GPU, in any case")
    _add_price_table(parser)
    _add_json(parser)


def _add_price_table(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "workbook",
        nargs="?",
        metavar="WORKBOOK",
        help="an .xlsx or .xlsm file with price tables (default: the prices of this package)",
    )


def _add_prices_update(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workbook", metavar="WORKBOOK", help="an .xlsx or .xlsm file of yours")
    parser.add_argument(
        "--from",
        dest="sources",
        nargs="+",
        action="extend",
        metavar="SOURCE",
        help="CSV files with a price table's headers, or genai-prices (the default)",
    )
    parser.add_argument(
        "--models",
        metavar="LIST",
        help="only these, by name here with commas between, or NAME=PROVIDER/MODEL as genai-prices "
        "names it, or all (default: CSV files whole, of genai-prices what the table has)",
    )
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--dry-run", action="store_true", help="show what is new, write nothing")
    parser.add_argument(
        "-o",
        dest="out",
        metavar="OUT",
        help="write this file (default: WORKBOOK, and keep it as it was as <stem>-before)",
    )
    parser.add_argument("--force", action="store_true", help="overwrite OUT")
    _add_json(parser)


def _add_build(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only compare with a fresh build")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="output for programs")


_HOSTS: list[_Command] = [
    ("lambda", "copy a workbook with the functions as LAMBDA names: no add-in needed",
     _addin, _add_addin_copy),
    ("excel", "on Windows: set up Excel with Python", _addin, _add_addin_excel),
    ("lite", "copy a workbook with the functions for xlwings Lite (Windows, Mac, web)",
     _addin, _add_addin_copy),
    ("calc", "LibreOffice Calc: build the extension, or copy a workbook for it",
     _addin, _add_addin_calc),
]  # fmt: skip

_ACTIONS: list[_Command] = [
    ("import", "add results of `vllm bench serve` or `sglang.bench_serving` to a workbook",
     _throughput_import, _add_throughput_import),
]  # fmt: skip

_TASKS: list[_Command] = [
    ("list", "prices with their age and source", _prices, _add_prices_list),
    ("history", "all prices of one model or GPU, and how they changed",
     _prices, _add_prices_history),
    ("update", "add new prices to a workbook's tables, as dated rows",
     _prices, _add_prices_update),
]  # fmt: skip

_COMMANDS: list[_Command] = [
    ("new", "write a fresh copy of the template workbook", _new, _add_new),
    ("calc", "recalculate a workbook and print its outputs", _calc, _add_calc),
    ("report", "recalculate a workbook and write report files", _report, _add_report),
    ("check", "hold a workbook against the workbook standard", _check, _add_check),
    ("solve", "find the value of an input that brings an output to a target", _solve, _add_solve),
    ("sensitivity", "how far each input, or two together, move an output",
     _sensitivity, _add_sensitivity),
    ("compare", "what differs between two workbooks, and a bridge from one margin to the other",
     _compare, _add_compare),
    ("fn", "compute one function", _fn, _add_fn),
    ("functions", "list the functions, or show some in full", _functions, _add_functions),
    ("addin", "bring the functions into a spreadsheet program", _addin, _add_addin),
    ("throughput", "measured throughput in a workbook", _throughput_import, _add_throughput),
    ("prices", "price tables: age and source, history, new prices", _prices, _add_prices),
    ("build", "rebuild the generated files (contributors)", _build, _add_build),
]  # fmt: skip


def _parser(command: Sequence[str]) -> argparse.ArgumentParser:
    """The parser with the sub-command that is wanted, or with all where none or another is."""
    parser = _Parser(prog="xlmodel", description="Unit economics of serving large language models.")
    parser.add_argument("--version", action="version", version=f"xlmodel {VERSION}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", prog=parser.prog
    )
    wanted = [entry for entry in _COMMANDS if entry[0] in command]
    _add_all(commands, wanted or _COMMANDS)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
