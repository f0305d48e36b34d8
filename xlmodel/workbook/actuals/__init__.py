"""Budget against actual: rows of actuals into a workbook, and the variance out of it.

``rows`` is what a row of table Actuals holds. ``own`` reads CSV files with the table's own headers,
``focus`` (with ``bill``) the exports of cloud bills in the columns of FOCUS, with ``mapping``, in
which the user says which line a charge is of. ``plan`` decides what becomes of new rows,
``variance`` reads the sheet Variance, and ``command`` is the command line.
"""
