"""The headless engine: recalculates a workbook with our functions, without any spreadsheet.

Around ``formualizer``, which evaluates Excel's own formulas and which only ``host`` touches:
``book`` is what comes in; ``rewrite``, ``structured`` and ``support`` turn its formulas into what
the engine evaluates as Excel would, and find what it can't; ``blocks`` gathers equal formulas of a
column; ``graph`` knows what depends on what; ``hoist`` makes a column of calls one call;
``evaluate`` runs it all. ``calculate`` is the way in, and ``Session`` that for many
calculations of one workbook.
"""

from xlmodel.hosts.engine.blocks import Reads as Area
from xlmodel.hosts.engine.book import Book, SheetFormulas, Spread, Table, Value
from xlmodel.hosts.engine.calculation import Result, Session, Unsupported, calculate
from xlmodel.hosts.engine.host import EngineError
from xlmodel.hosts.engine.support import function_name

__all__ = [
    "Area",
    "Book",
    "EngineError",
    "Result",
    "Session",
    "SheetFormulas",
    "Spread",
    "Table",
    "Unsupported",
    "Value",
    "calculate",
    "function_name",
]
