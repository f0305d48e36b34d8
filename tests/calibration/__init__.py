"""Calibration of the physics of throughput: the fit, its cross-validation, and where they go.

``cases`` published figures and their prediction · ``fit`` the constants of a family ·
``crossvalidation`` errors on what was left out · ``grid`` the physics beside the measured grid ·
``table`` and ``report`` the files that are written: ``xlmodel/tables/efficiency.csv``,
``errors.md``. ``python -m tests.calibration`` does it all again.
"""
