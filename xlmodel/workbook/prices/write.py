"""Puts new rows into the price tables of a workbook.

Names that are new go into the template's lists for drop-downs, too.
"""

from collections.abc import Iterable, Sequence

from xlmodel.workbook import tablerows
from xlmodel.workbook.delimited import folded
from xlmodel.workbook.growing import with_rows
from xlmodel.workbook.package import Package
from xlmodel.workbook.prices.held import of_workbook
from xlmodel.workbook.prices.kinds import KINDS, Price


def with_prices(package: Package, new: Sequence[Price]) -> Package:
    """The workbook with new rows in its price tables, and new names in its lists."""
    tables = of_workbook(package).tables
    for kind in KINDS:
        rows = [price.row() for price in new if price.kind is kind]
        if not rows:
            continue
        package = with_rows(package, tables[kind.table].place.name, rows)
        for name, column in kind.lists.items():
            place = kind.keys.index(column)
            package = _listed(package, name, (price.names[place] for price in new
                                              if price.kind is kind))  # fmt: skip
    return package


def _listed(package: Package, name: str, texts: Iterable[str]) -> Package:
    """The workbook with the names that a list for drop-downs has not got yet, if it has one."""
    table = tablerows.find(package, name)
    if table is None or len(table.place.columns) != 1:
        return package
    header = table.place.columns[0].lower()
    known = {folded(str(row[header])) for row in table.rows if row[header] is not None}
    fresh = {folded(text): text for text in texts if folded(text) not in known}
    return with_rows(package, name, [{header: text} for text in fresh.values()])
