"""What each sub-command of ``xlmodel`` accepts: a function each, which adds its arguments."""

import argparse


def fn(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "`xlmodel functions NAME` shows a function's arguments, equation and examples."
    parser.add_argument("name", help="name of the function, in any case")
    parser.add_argument(
        "arguments",
        nargs="*",
        help='values in order, then name=value; "" is blank, [1,2,3] a range, a table by name',
    )
    parser.add_argument("--explain", action="store_true", help="how the number came about")
    _json_flag(parser)


def functions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="show these in full")
    _json_flag(parser)


def calc(parser: argparse.ArgumentParser) -> None:
    _workbook(parser)
    parser.add_argument(
        "--all-scenarios",
        action="store_true",
        help="the outputs in every scenario, side by side; --set then sets a driver in each",
    )
    parser.add_argument("-o", dest="out", metavar="OUT", help="write a recalculated copy")
    parser.add_argument(
        "--freeze",
        action="store_true",
        help="write the copy with values in place of calls of our functions, for mailing "
        "(default OUT: <stem>-frozen.xlsx)",
    )
    parser.add_argument("--force", action="store_true", help="overwrite OUT")
    _json_flag(parser)


def report(parser: argparse.ArgumentParser) -> None:
    _workbook(parser)
    parser.add_argument("-o", dest="out", metavar="DIR", help="folder (default: <stem>-report)")
    parser.add_argument(
        "--format",
        dest="formats",
        metavar="LIST",
        help="some of html,pdf,xlsx,csv,json,focus, separated by commas (default: all)",
    )
    parser.add_argument(
        "--lang", metavar="en|zh", help="language of the report (default: that of the workbook)"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="without the tornado, which recalculates the workbook twice for each driver",
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing report")
    _json_flag(parser)


def check(parser: argparse.ArgumentParser) -> None:
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
    _json_flag(parser)


def solve(parser: argparse.ArgumentParser) -> None:
    _workbook(parser)
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
    _json_flag(parser)


def sensitivity(parser: argparse.ArgumentParser) -> None:
    _workbook(parser)
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
    _json_flag(parser)


def compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="A", help="an .xlsx or .xlsm file")
    parser.add_argument("after", metavar="B", help="another one, or a later version of it")
    parser.add_argument(
        "--output",
        default=None,
        metavar="NAME",
        help="the output that the bridge leads through (default: out_margin)",
    )
    _json_flag(parser)


def _workbook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workbook", help="an .xlsx or .xlsm file")
    parser.add_argument(
        "--set",
        dest="inputs",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a named input, such as in_utilization=0.8 (may be repeated)",
    )
    parser.add_argument(
        "--scenario",
        default="",
        metavar="NAME",
        help="a scenario of the workbook, such as downside",
    )


def new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", help="the workbook to write")
    parser.add_argument(
        "--edition",
        default="",
        metavar="NAME",
        help="where the functions come from: lambda (in the file; the default), com (Excel for "
        "Windows with Python; the default for .xlsm), lite (xlwings Lite), calc (LibreOffice)",
    )
    parser.add_argument(
        "--lang", default="en", metavar="en|zh", help="language of the texts on its sheets"
    )
    parser.add_argument("--force", action="store_true", help="overwrite PATH")


def addin_copy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("workbook", metavar="WORKBOOK", help="an .xlsx or .xlsm file of yours")
    parser.add_argument(
        "-o", dest="out", metavar="OUT", help="the copy (default: <stem>-HOST, beside it)"
    )
    parser.add_argument("--force", action="store_true", help="overwrite OUT")


def addin_excel(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "workbook", nargs="?", metavar="WORKBOOK", help="an .xlsm file to open when all is set up"
    )


def addin_calc(parser: argparse.ArgumentParser) -> None:
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


def throughput_import(parser: argparse.ArgumentParser) -> None:
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
    _json_flag(parser)


def prices_list(parser: argparse.ArgumentParser) -> None:
    _price_table(parser)
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
    _json_flag(parser)


def prices_history(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a model or a GPU, in any case")
    _price_table(parser)
    _json_flag(parser)


def _price_table(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "workbook",
        nargs="?",
        metavar="WORKBOOK",
        help="an .xlsx or .xlsm file with price tables (default: the prices of this package)",
    )


def prices_update(parser: argparse.ArgumentParser) -> None:
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
    _writing(parser)


def actuals_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a CSV file with the headers of table Actuals, or a cloud bill in those of FOCUS",
    )
    parser.add_argument(
        "--into",
        dest="workbook",
        required=True,
        metavar="WORKBOOK",
        help="an .xlsx or .xlsm file with a table named Actuals",
    )
    parser.add_argument(
        "--map",
        dest="maps",
        action="append",
        default=[],
        metavar="RULE",
        help="FOCUS: which line a charge is of, as COLUMN:VALUE=LINE (a tag as Tags.KEY:VALUE), "
        "COLUMN:VALUE=LINE*GPUS where an hour is that of so many GPUs, *=LINE for all, or a CSV "
        "file with the columns column,value,line,gpus (may be repeated)",
    )
    parser.add_argument(
        "--cost",
        choices=("effective", "billed"),
        default="effective",
        help="FOCUS: which cost counts (default: effective, after commitments)",
    )
    parser.add_argument(
        "--include",
        default="",
        metavar="LIST",
        help="FOCUS: of Purchase,Tax,Credit,Adjustment those that count as other cost",
    )
    parser.add_argument(
        "--period",
        choices=("charge", "billing"),
        default="charge",
        help="FOCUS: the days from the first charge to the last, or the billing period",
    )
    parser.add_argument(
        "--replace", action="store_true", help="take the file's amounts where the table has others"
    )
    _writing(parser)


def actuals_show(parser: argparse.ArgumentParser) -> None:
    _workbook(parser)
    _json_flag(parser)


def build(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only compare with a fresh build")


def _json_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="output for programs")


def _writing(parser: argparse.ArgumentParser) -> None:
    """The options of what adds rows to a workbook."""
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--dry-run", action="store_true", help="show what is new, write nothing")
    parser.add_argument(
        "-o",
        dest="out",
        metavar="OUT",
        help="write this file (default: WORKBOOK, and keep it as it was as <stem>-before)",
    )
    parser.add_argument("--force", action="store_true", help="overwrite OUT")
    _json_flag(parser)
