"""The sub-commands of ``xlmodel`` as a table: name, summary, what runs it, what it accepts.

What runs a command is named as ``module:function`` and imported only then, so that ``--help`` and
``fn`` start fast. Where ``HOST``, ``ACTION``, ``TASK`` or ``STEP`` stands instead, the command is a
group: its last field lists the sub-commands, and that word stands for them in the help.
"""

from __future__ import annotations

from xlmodel.cli import options

TYPE_CHECKING = False  # not from typing, which would cost a third of the start
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    Command = tuple[str, str, str, Callable[[argparse.ArgumentParser], None]]
    Group = tuple[str, str, str, list[Command]]

_ADDIN = "xlmodel.workbook.addins:command"
_PRICES = "xlmodel.workbook.prices.command"
_ACTUALS = "xlmodel.workbook.actuals.command"

_HOSTS: list[Command] = [
    ("lambda", "copy a workbook with the functions as LAMBDA names: no add-in needed",
     _ADDIN, options.addin_copy),
    ("excel", "on Windows: set up Excel with Python", _ADDIN, options.addin_excel),
    ("lite", "copy a workbook with the functions for xlwings Lite (Windows, Mac, web)",
     _ADDIN, options.addin_copy),
    ("calc", "LibreOffice Calc: build the extension, or copy a workbook for it",
     _ADDIN, options.addin_calc),
]  # fmt: skip

_ACTIONS: list[Command] = [
    ("import", "add results of `vllm bench serve` or `sglang.bench_serving` to a workbook",
     "xlmodel.workbook.throughput:command", options.throughput_import),
]  # fmt: skip

_TASKS: list[Command] = [
    ("list", "prices with their age and source", f"{_PRICES}:show", options.prices_list),
    ("history", "all prices of one model or GPU, and how they changed",
     f"{_PRICES}:history", options.prices_history),
    ("update", "add new prices to a workbook's tables, as dated rows",
     f"{_PRICES}:update", options.prices_update),
]  # fmt: skip

_STEPS: list[Command] = [
    ("import", "add actuals of a CSV file or a cloud bill (FOCUS) to a workbook",
     f"{_ACTUALS}:bring", options.actuals_import),
    ("show", "the variance from budget to actual, by step and line",
     f"{_ACTUALS}:show", options.actuals_show),
]  # fmt: skip

COMMANDS: list[Command | Group] = [
    ("new", "write a fresh copy of the template workbook",
     "xlmodel.workbook.build:command", options.new),
    ("calc", "recalculate a workbook and print its outputs",
     "xlmodel.workbook.commands:calc", options.calc),
    ("report", "recalculate a workbook and write report files",
     "xlmodel.report.commands:report", options.report),
    ("check", "hold a workbook against the workbook standard",
     "xlmodel.workbook.check.commands:check", options.check),
    ("solve", "find the value of an input that brings an output to a target",
     "xlmodel.workbook.solve_command:command", options.solve),
    ("sensitivity", "how far each input, or two together, move an output",
     "xlmodel.workbook.sensitivity_command:command", options.sensitivity),
    ("compare", "what differs between two workbooks, and a bridge from one margin to the other",
     "xlmodel.workbook.compare_command:command", options.compare),
    ("fn", "compute one function", "xlmodel.cli.functions:compute", options.fn),
    ("functions", "list the functions, or show some in full",
     "xlmodel.cli.functions:reference", options.functions),
    ("addin", "bring the functions into a spreadsheet program", "HOST", _HOSTS),
    ("throughput", "measured throughput in a workbook", "ACTION", _ACTIONS),
    ("prices", "price tables: age and source, history, new prices", "TASK", _TASKS),
    ("actuals", "budget against actual: import actuals, show the variance", "STEP", _STEPS),
    ("build", "rebuild the generated files (contributors)",
     "xlmodel.workbook.generated:command", options.build),
]  # fmt: skip
