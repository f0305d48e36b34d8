"""Excel for Windows: the functions in cells through xlwings' COM server.

``udfs`` the module that xlwings' "Import Functions" imports · ``values`` what cells hold, in and
out · ``vba`` true error values, which Python can't return through COM · ``project`` what the
workbook needs: xlwings' VBA project and the sheet that names our module · ``setup`` ``xlmodel addin
excel``.

No Excel runs where this is built. What the modules rely on is read from the source of xlwings
0.37.8 and pywin32 312, run against stand-ins for pywin32 in ``tests/hosts/excel``, and said to be
unconfirmed where only Excel can confirm it.
"""
