"""LibreOffice Calc: an extension (.oxt) that gives Calc every registered function.

``extension`` builds the file and ``install`` hands it to LibreOffice. Inside of LibreOffice run
``component`` (what UNO calls), ``adapter`` and ``values``, with the part of the package that the
extension carries along; there NumPy may be missing.
"""
