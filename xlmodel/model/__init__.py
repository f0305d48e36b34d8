"""The model: pure functions by subject, each declared once with ``@function``.

``serving`` tokens a day · ``price`` what tokens earn · ``cost`` what serving costs · ``margin``
margin and break-even · ``lookup`` prices and specifications by name · ``meta`` version and
explanation. Importing this package registers them all.
"""

from xlmodel.model import cost, lookup, margin, meta, price, serving

__all__ = ["cost", "lookup", "margin", "meta", "price", "serving"]
