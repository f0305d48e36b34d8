"""The sheets About and Log: what the model is for, how to read it, and what changed when."""

import datetime

from xlmodel.version import VERSION
from xlmodel.workbook.template.editions import Edition
from xlmodel.workbook.template.look import LEGEND
from xlmodel.workbook.template.parts import (
    Cell,
    Gap,
    Item,
    Row,
    Sheet,
    across,
    headers,
    heading,
    line,
)

_LAST = "F"
_TWO_LINES = 33

MISSING = "The functions are missing: see About"
"""Stands at the head of each sheet where the functions are not at work."""

_PURPOSE = (
    "At which price, traffic and hardware does serving a large language model make money, and what "
    "would change the answer?",
    "The workbook takes one node (one replica of a model on its GPUs) through one day: tokens, "
    "revenue, cost, margin, break-even.",
    "As delivered it holds the founding case, an argument of July 2024: example data, not a "
    "forecast and not advice.",
)

_CONTENTS = (
    ("Inputs", "every number that may be changed, with unit, accepted range and note"),
    ("GPU prices", "dated prices of a GPU-hour with their sources; add rows at the end"),
    ("Model prices", "dated prices of a million tokens with their sources; add rows at the end"),
    ("Billing terms", "what vendors charge for cached input, batch and long context, with sources"),
    ("Fleet plan", "nodes that come and go, by date; add rows at the end"),
    ("Exchange rates", "dated rates with their sources; add rows at the end"),
    ("Benchmarks", "your own measurements of throughput; shapes of requests"),
    ("Margin", "prices in use, tokens, revenue, cost, margin, break-even; three charts"),
    ("Scenarios", "the day in each case of the drivers, side by side, with the differences"),
    ("Sensitivity", "which driver moves the result most; grids of two drivers; one chart"),
    ("Sensitivity days", "working: the day behind each figure of sheet Sensitivity"),
    ("Throughput", "tokens per second, latency and cost per Mtok of the chosen model and GPUs"),
    ("Traffic", "a fleet under a day's load: utilization, cost, idle time, what scaling saves"),
    ("Caching", "a conversation's hit rate, its bill, and what caching does to the margin"),
    ("Decoding", "what speculative decoding gains, and from how many requests on it loses"),
    ("GPU sourcing", "on demand, reserved, spot and owned GPUs side by side; rent or own"),
    ("Deals", "a price to quote at a margin, a customer's mix of requests, API or own nodes"),
    ("Model value", "for how long the node earns as prices fall, and how much; sixty months"),
    ("P&L months", "a fleet through 36 calendar months: rented or bought, cash, book value"),
    ("P&L", "a day, month or year of that fleet, the calendar years, own or rent by month"),
    ("Big or small", "a ladder of models at their prices; best price, distillation, open weights"),
    ("Size history", "how models grew and shrank, with the article's claims beside the data"),
    ("Budget", "what is planned, a row a line: a model or a product"),
    ("Actuals", "what came of it, a row a period and line; paste, or xlmodel actuals import"),
    ("Variance", "from the budget's margin to the actual one by volume, mix, price, efficiency"),
    ("Founding case", "sceptic and reply line by line, the bridge between them, the six caveats"),
    ("Explain", "each figure of the day in words; what the GPU and the model are"),
    ("Checks", "what must hold for the figures to be trusted"),
    ("Log", "versions, and which figures moved"),
)

_NUMBERS = (
    "Negative numbers carry a minus sign. Shares are fractions, shown in percent. M is a million, "
    "B a billion; Mtok is a million tokens.",
)

_FUNCTIONS = (
    "Formulas such as =NODE_MARGIN(…) call functions of the xlmodel add-in.",
    "Programs that do not recalculate (mail preview, phone, Excel's Protected View) show the "
    "stored values.",
    "The command “xlmodel calc” recalculates a copy without any spreadsheet program; with "
    "--freeze the copy holds values in place of the calls, for mailing.",
)

_LIMITS = (
    "The output rate is typed, or computed on sheet Throughput. A typed one holds for one input "
    "ratio, hit rate and latency target: change one without measuring anew, and it is no forecast.",
    "A computed rate is an estimate, fitted to published runs of dense models: 9 in 10 were off by "
    "less than the share shown beside it. Mixtures of experts and the time to the first token are "
    "less well known.",
    "Utilization is the mean output over the day ÷ the sustained rate, not what a GPU monitor "
    "shows. It scales tokens and revenue; cost runs all day.",
    "A cache hit rate lowers what input earns. That the node then serves more must come in through "
    "the output rate.",
    "Sheets reckon with one node, one day and USD, but Traffic (a fleet under load), Model value "
    "(prices fall) and P&L (a fleet by month). No growth of demand, interest or taxes.",
    "Prices are list prices with their dates and sources, some from indices or models: read the "
    "note of a row before you rely on it.",
)


def _sentences(texts: tuple[str, ...]) -> list[Row]:
    return [Row({"B": Cell(text, role="label")}) for text in texts]


def _headline() -> list[Item]:
    return [
        heading("What it says now", _LAST),
        line("Tokens a day", "=out_tokens_per_day", "tokens", "tokens/day"),
        line("Revenue", "=out_revenue", "money", "USD/day"),
        line("Cost", "=out_cost", "money", "USD/day"),
        line("Margin", "=out_margin", "money", "USD/day"),
        line("Margin rate", "=out_margin_rate", "share", "share of revenue"),
        line("Break-even price", "=out_breakeven_price", "price", "USD/Mtok"),
        line("Break-even utilization", "=out_breakeven_utilization", "share", "share"),
        Gap(),
    ]


def _contents() -> list[Item]:
    rows = [
        Row({"B": Cell(name, role="link", link=name), "C": Cell(text, role="note")})
        for name, text in _CONTENTS
    ]
    return [heading("Contents", _LAST), *rows, Gap()]


def _legend() -> list[Item]:
    rows = [
        Row({"B": Cell(label, role=f"{role}_legend"), "C": Cell(text, role="note")})
        for role, label, text in LEGEND
    ]
    return [
        heading("Key to the cells", _LAST),
        *rows,
        *_sentences(_NUMBERS),
        Gap(),
    ]


def _functions(edition: Edition) -> list[Item]:
    return [
        heading("Functions", _LAST),
        *_sentences((_FUNCTIONS[0], *edition.words, *_FUNCTIONS[1:])),
        line(
            "Version of the functions",
            "=XLMODEL_VERSION()",
            "general",
            "",
            name="functions_version",
            role="calculation_text",
        ),
        line(
            "Functions at work",  # in a cell of its own: an unknown name spoils a whole formula
            f'=IFERROR("xlmodel "&functions_version,"{MISSING}")',
            "general",
            "",
            name="functions_state",
            role="label",
        ),
        Gap(),
    ]


def sheet(edition: Edition) -> Sheet:
    """The description of the sheet About."""
    return Sheet(
        name="About",
        title="Margin of serving a large language model",
        about=f"Template workbook of xlmodel {VERSION}",
        widths={"A": 2, **across(28, 18, 20, 36, 42)},
        items=[
            heading("Purpose", _LAST),
            *_sentences(_PURPOSE),
            line("Owner", "=in_owner", "general", "", role="calculation_text"),
            line("As of", "=in_as_of", "date", "", role="calculation_text"),
            Gap(),
            *_headline(),
            *_contents(),
            *_legend(),
            *_functions(edition),
            heading("Limits of the model", _LAST),
            *_sentences(_LIMITS),
        ],
        frozen_rows=4,
        head=("B", "D", "E", "F"),
        one_page=True,
    )


_VERSIONS = (
    ("0.1.0", datetime.date(2026, 11, 23), "First version: the founding case of July 2024.",
     "None: first version. Revenue 798.34, cost 670.08, margin 128.26 USD a day."),
    ("0.2.0", datetime.date(2026, 11, 25),
     "The output rate may be computed from model, GPU and traffic: sheets Throughput, Benchmarks.",
     "None: the rate stays typed until Inputs say “computed”."),
    (VERSION, datetime.date(2026, 11, 26),
     "What the simple sum leaves out; cases, sensitivity, deals, P&L, budget; texts in Chinese.",
     "None: these sheets compare, and the base case is as before."),
)  # fmt: skip


def log_sheet() -> Sheet:
    """The description of the sheet Log, in which users write on."""
    titles = across("Version", "Date", "What changed", "Figures that moved")
    rows = [
        Row(
            {
                "B": Cell(version, "text", "free"),
                "C": Cell(day, "date", "free_note"),
                "D": Cell(what, "text", "free_note"),
                "E": Cell(moved, "text", "free_note"),
            },
            height=_TWO_LINES,
        )
        for version, day, what, moved in _VERSIONS
    ]
    return Sheet(
        name="Log",
        title="Log",
        about="What changed in which version, and which figures moved. Write your own changes "
        "below; the sheet is not protected.",
        widths={"A": 2, **across(28, 14, 56, 62, 24)},
        items=[headers(titles, texts="BCDE"), *rows],
        protected=False,
        frozen_rows=5,
        head=("B", "D", "E", "F"),
    )
