"""Workbook files: reading, recalculating and changing a user's, and building our own.

``package``, ``book``, ``sheetxml``, ``formats``, ``inputs`` and ``validation`` read a file;
``calc`` recalculates it in the headless engine; ``patch`` writes the values into a copy.
``template`` describes the workbook that we deliver, ``build`` writes it, ``generated`` keeps the
committed files fresh. ``files`` writes a file whole or not at all; ``commands`` is ``xlmodel
calc``.
"""
