"""Where the functions run: each host publishes what the registry declares.

``native`` LAMBDA twins for a workbook without Python (``translate`` from the body, ``guards`` for
its arguments, ``formula`` as a file stores it, ``inline`` without LAMBDA) · ``engine`` the headless
recalculation · ``syntax`` the words of a formula, which both read.
"""
