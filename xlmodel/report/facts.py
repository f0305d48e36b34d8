"""Everything that a report says, as plain data: what every writer of a file is given.

``source.gather`` fills these from a recalculated workbook; the writers (``page``, ``book``,
``text``, ``manifest``) read nothing else, so that each file of a pack tells the same story.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from xlmodel.report import numfmt
from xlmodel.report.language import say
from xlmodel.report.shapes import Decay, Heat, Stack, Tradeoff
from xlmodel.report.values import Value, number
from xlmodel.workbook.sensitivity import Swing
from xlmodel.workbook.words import english

MAIN = (
    "out_tokens_per_day",
    "out_revenue",
    "out_cost",
    "out_margin",
    "out_margin_rate",
    "out_breakeven_price",
    "out_breakeven_utilization",
)
"""The outputs that answer whether serving earns, in the order in which a report tells them."""

NOT_EVALUATED = "not evaluated"
"""What stands for a value that could not be worked out: never a blank, never an old value."""

NO_CHECKS = "none"


@dataclass(frozen=True)
class Item:
    """One named value of the workbook: an input or an output."""

    name: str
    label: str
    value: Value
    unit: str = ""
    number_format: str = numfmt.GENERAL
    changed: bool = False  # set for this report, so that it differs from the file
    evaluated: bool = True
    group: str = ""  # the heading above it on its sheet

    @property
    def key(self) -> str:
        """The name as it is looked for: names of a spreadsheet have no case."""
        return self.name.casefold()

    @property
    def shown(self) -> str:
        """The value as its cell shows it."""
        if not self.evaluated:
            return say(NOT_EVALUATED)
        return numfmt.show(self.value, self.number_format)

    @property
    def spoken(self) -> str:
        """The value in a sentence: a number with its unit, "share" being said by a percent sign.

        >>> Item("in_gpu", "GPU", "B200", "name").spoken
        'B200'
        >>> Item("in_utilization", "Utilization", 0.5, "share", "0%").spoken
        '50\\xa0%'
        """
        if self.number is None:
            return self.shown or say("(blank)")
        unit = self.unit.strip()
        if self.shown.endswith("%"):
            unit = _beside_percent(unit)
        return f"{self.shown} {unit}".strip()

    @property
    def number(self) -> float | None:
        """The value where it is a number."""
        return number(self.value)


def _beside_percent(unit: str) -> str:
    """
    >>> _beside_percent("share of revenue"), _beside_percent("占比"), _beside_percent("占收入比")
    ('of revenue', '', '占收入比')
    """
    share, _, rest = english(unit).partition(" ")
    if share.casefold() != "share":
        return unit
    return rest.strip() if english(unit) == unit or not rest else unit


def grouped(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """Items by the heading that they stand under, in their order."""
    return [(heading, list(run)) for heading, run in groupby(items, key=lambda item: item.group)]


@dataclass(frozen=True)
class Answer:
    """What a sheet says in one sentence."""

    name: str
    topic: str  # the sheet that it stands on
    text: str


@dataclass(frozen=True)
class Check:
    """One check of the workbook and its state: passed, failed, not evaluated, not applicable."""

    name: str
    label: str
    state: str


@dataclass(frozen=True)
class Curve:
    """Revenue, cost and margin against utilization; a missing amount is an error cell."""

    utilization: tuple[float, ...]
    margin: tuple[float | None, ...]
    revenue: tuple[float | None, ...] = ()
    cost: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Step:
    """One bar of a bridge, from one level to another; an opening or closing bar is a level."""

    label: str
    start: float
    end: float
    level: bool = False

    @property
    def change(self) -> float:
        """What the step adds; for a level, the level."""
        return self.end - self.start


@dataclass(frozen=True)
class Bridge:
    """How one figure becomes another, in steps."""

    steps: tuple[Step, ...]
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the revenue or of the cost of a day."""

    label: str
    value: float
    of: str  # revenue or cost


@dataclass(frozen=True)
class PriceRow:
    """A row of a price table that the result rests on."""

    table: str
    what: str  # who sells what, and how
    price: Value
    unit: str
    valid_from: datetime.date | None
    checked: datetime.date | None
    age_days: int | None  # from valid_from to the as-of date
    source: str
    note: str


@dataclass(frozen=True)
class Unsupported:
    """A cell that could not be evaluated, and why."""

    cell: str
    reason: str


@dataclass(frozen=True)
class TableHash:
    """A table of the workbook: its name, its number of rows below the header, its fingerprint."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Provenance:
    """Where the figures come from; the same in every file of the pack."""

    workbook: str
    workbook_sha256: str
    tables: tuple[TableHash, ...]
    version: str
    scenario: str
    as_of: str
    currency: str
    checks: str
    dated: datetime.datetime
    dated_from: str
    changed: tuple[Item, ...] = ()  # inputs that were set for this report


@dataclass(frozen=True)
class Facts:
    """All of a report, in the order in which it is told."""

    headline: str
    outputs: tuple[Item, ...]
    inputs: tuple[Item, ...]
    checks: tuple[Check, ...]
    provenance: Provenance
    curve: Curve | None = None
    bridge: Bridge | None = None
    walk: Bridge | None = None
    variance: Bridge | None = None  # from the budget's margin of a period to the actual one
    answers: tuple[Answer, ...] = ()
    parts: tuple[Part, ...] = ()
    stack: Stack | None = None
    heat: Heat | None = None
    swings: tuple[Swing, ...] = ()
    tradeoff: Tradeoff | None = None
    decay: Decay | None = None
    prices: tuple[PriceRow, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def figures(self) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """The outputs in two groups: those that answer the question, and the others."""
        main = tuple(item for name in MAIN if (item := self.output(name)))
        return main, tuple(item for item in self.outputs if item not in main)

    @property
    def bridges(self) -> tuple[tuple[str, Bridge, str], ...]:
        """The ways from one figure to another by name, each with its unit."""
        margins = (self.output("out_margin"), self.output("out_margin_variance"))
        day, period = (item.unit if item else "" for item in margins)
        found = (
            ("bridge", self.bridge, day),
            ("walk", self.walk, day),
            ("variance", self.variance, period or self.provenance.currency),
        )
        return tuple((name, bridge, unit) for name, bridge, unit in found if bridge)

    def output(self, name: str) -> Item | None:
        """The output of that name, in any case, as spreadsheets have it."""
        return next((item for item in self.outputs if item.key == name), None)

    def number(self, name: str) -> float | None:
        """The output or input of that name where it is a number."""
        found = (item for item in (*self.outputs, *self.inputs) if item.key == name)
        item = next(found, None)
        return item.number if item else None
