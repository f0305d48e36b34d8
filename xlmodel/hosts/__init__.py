"""Where the functions run: each host publishes what the registry declares.

``native`` LAMBDA twins for a workbook without Python · ``engine`` the headless recalculation.
"""
