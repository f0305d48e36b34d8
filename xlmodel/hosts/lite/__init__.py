"""xlwings Lite: Excel for Windows, Mac and web, with Python inside the add-in (Pyodide).

``functions`` publishes every registered function; it is what runs in Excel · ``bundle`` writes the
``main.py`` that carries it, with all that it needs of this package; ``workbook/webextension.py``
puts that file into a workbook.
"""
