"""Where the functions run: each host publishes what the registry declares.

``native`` LAMBDA twins for a workbook without Python (``translate`` from the body, ``guards`` for
its arguments, ``formula`` as a file stores it, ``inline`` without LAMBDA) · ``excel`` xlwings' COM
server on Windows, with the VBA that makes true errors · ``lite`` the add-in xlwings Lite, in Excel
on Windows, Mac and the web · ``calc`` an extension for LibreOffice · ``engine`` the headless
recalculation · ``publish``, ``wizard`` and ``cells`` what hosts share: a plain function, the texts
of the function wizard, results as rows · ``syntax`` the words of a formula.
"""
