"""The workbook standard, and how well a workbook keeps it.

``xlmodel check`` reads any .xlsx or .xlsm file, ours or not, and tells what departs from the
standard, where, and how to mend it. The standard is the list of rules in this package, each one a
function beside its reasons:

- ``rule``: what a rule and a finding are; ``standard``: all rules, and those that our own
  workbooks depart from, with the reason;
- ``structure``, ``inputs``, ``formulas``, ``control``, ``presentation``: the rules;
- ``book``: the workbook as the rules see it, read by ``stream`` and ``runs`` (cells),
  ``texts``, ``styles`` and ``drawings``; ``places``: rectangles of cells;
- ``formula``, ``neighbours``, ``circle``: what rules on formulas ask;
- ``judge``: a book against all rules;
- ``commands``, ``shown``: the command, and its output for people.

Nothing here recalculates, writes, runs a macro or asks the network.
"""
