"""Runs in LibreOffice's own Python: does what a job says, in a LibreOffice that listens.

Called with the name of the pipe; the job is JSON on standard input, a list of steps, each a list
of its name and its arguments; the answers of the steps are JSON on standard output.
"""

import json
import os
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

PATIENCE = 60


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


class Job:
    """The steps; a document is open from ``new`` or ``load`` to ``close``."""

    def __init__(self, context):
        self.context = context
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self.document = None

    def service(self, name):
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def open(self, url, hidden=True):
        options = (PropertyValue("Hidden", 0, hidden, 0),)
        self.document = self.desktop.loadComponentFromURL(url, "_blank", 0, options)

    def attach(self):
        """Take the document that is open already."""
        self.document = next(iter(self.desktop.Components))

    def close(self):
        self.document.close(True)

    def store(self, url, filter_name):
        self.document.storeToURL(url, (PropertyValue("FilterName", 0, filter_name, 0),))

    def area(self, address):
        sheet, _, cells = address.rpartition("!")
        sheets = self.document.Sheets
        found = sheets.getByName(sheet) if sheet else sheets.getByIndex(0)
        return found.getCellRangeByName(cells)

    def named(self, name):
        """The cell that a defined name stands for."""
        return self.document.NamedRanges.getByName(name).getReferredCells()

    def put(self, address, content):
        """A formula as in a file, a text or a number; None empties the cell."""
        self._put(self.area(address), content)

    def put_name(self, name, content):
        self._put(self.named(name), content)

    @staticmethod
    def _put(area, content):
        cell = area.getCellByPosition(0, 0)
        if isinstance(content, str):
            cell.setFormula(content)
        elif content is None:
            cell.setString("")
        else:
            cell.setValue(content)

    def array(self, address, formula):
        self.area(address).setArrayFormula(formula)

    def fill(self, address, formulas):
        self.area(address).setFormulaArray(tuple(map(tuple, formulas)))

    def clear(self, address):
        self.area(address).clearContents(1023)

    def read(self, address):
        """Rows of what cells hold: a number, a text, None, or Calc's error as {"error": code}."""
        return self._read(self.area(address))

    def read_names(self, names):
        """What the cells of defined names hold, by name."""
        return {name: self._read(self.named(name))[0][0] for name in names}

    def _read(self, area):
        return [
            [self.cell(area, r, c, value) for c, value in enumerate(row)]
            for r, row in enumerate(area.getDataArray())
        ]

    @staticmethod
    def cell(area, row, column, value):
        if value is None:
            return {"error": area.getCellByPosition(column, row).getError()}
        return None if value == "" else value

    def formulas(self, address):
        return self.area(address).getFormulaArray()

    def typed(self, address):
        """The formula as a user sees it."""
        return self.area(address).getCellByPosition(0, 0).FormulaLocal

    def wizard(self, names):
        """What the function wizard shows: by name the description and its arguments."""
        found = {}
        described = self.service("com.sun.star.sheet.FunctionDescriptions")
        for i in range(described.getCount()):
            data = {p.Name: p.Value for p in described.getByIndex(i)}
            if data["Name"] in names:
                arguments = [[a.Name, a.Description, a.IsOptional] for a in data["Arguments"] or ()]
                found[data["Name"]] = [data["Description"], arguments]
        return found

    def recalculate(self, times):
        """Seconds that each recalculation of everything took."""
        return [self._timed(self.document.calculateAll) for _ in range(times)]

    @staticmethod
    def _timed(action):
        start = time.perf_counter()
        action()
        return time.perf_counter() - start

    def python(self):
        return sys.version

    def end(self):
        for document in list(self.desktop.Components):
            document.setModified(False)  # else a window asks whether to save
            document.close(True)
        self.desktop.terminate()


if __name__ == "__main__":
    job = Job(connect(sys.argv[1]))
    print(json.dumps([getattr(job, name)(*args) for name, *args in json.load(sys.stdin)]))
    sys.stdout.flush()
    os._exit(0)  # UNO's bridge may crash while Python takes itself down
