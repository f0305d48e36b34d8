"""The answer in one sentence: what the node earns, and where it breaks even.

The sentence uses the outputs ``out_margin``, ``out_margin_rate``, ``out_revenue``,
``out_breakeven_utilization`` and ``out_breakeven_price`` and the input ``in_utilization``; each
part is left out where its value is missing or an error. A workbook without ``out_margin`` gets
its first outputs instead.
"""

from collections.abc import Iterable, Mapping

from xlmodel.registry import CellError
from xlmodel.report.facts import Item
from xlmodel.report.numfmt import fixed, percent, plain
from xlmodel.report.values import text_of

_NOTHING = 0.005  # an amount that rounds to 0.00
_LARGE = 1e15
_FIRST = 3  # outputs named when there is no margin
_LABEL, _UNIT = 60, 24  # characters of a label and of a unit in the sentence


def compose(outputs: Iterable[Item], inputs: Iterable[Item], currency: str = "") -> str:
    """One sentence in plain words, with numbers."""
    items = {item.key: item for item in (*outputs, *inputs)}
    margin = items.get("out_margin")
    if margin is None:
        return _first([item for item in items.values() if item.key.startswith("out_")])
    if margin.number is None:
        return _failed(margin)
    unit = unit_of_margin([margin], currency)
    told = (_earning(items, margin.number, unit), _breakeven(items, margin.number))
    return "; ".join(filter(None, told)) + "."


def unit_of_margin(outputs: Iterable[Item], currency: str) -> str:
    """The unit of the margin in words: ``USD a day``."""
    unit = next((item.unit for item in outputs if item.key == "out_margin"), "")
    return _spoken(unit or currency)


def _spoken(unit: str) -> str:
    """``USD/day`` as one says it."""
    return _short(" a ".join(part.strip() for part in unit.split("/", 1)), _UNIT)


def _money(amount: float, decimals: int = 2) -> str:
    return plain(amount) if abs(amount) >= _LARGE else fixed(amount, decimals)


def _number(items: Mapping[str, Item], name: str) -> float | None:
    item = items.get(name)
    return item.number if item else None


def _earning(items: Mapping[str, Item], margin: float, unit: str) -> str:
    utilization = _number(items, "in_utilization")
    node = "The node" if utilization is None else f"At {percent(utilization)} utilization the node"
    amount = f"{_money(abs(margin))} {unit}".strip()
    if abs(margin) < _NOTHING:
        return f"{node} just covers its cost ({_money(0.0)} {unit}".strip() + ")"
    if _number(items, "out_revenue") == 0:
        return f"{node} has no revenue and loses {amount}"
    verb, of = ("earns", "of revenue") if margin > 0 else ("loses", "of its revenue")
    rate = _number(items, "out_margin_rate")
    return f"{node} {verb} {amount}" + (f", {percent(abs(rate))} {of}" if rate is not None else "")


def _breakeven(items: Mapping[str, Item], margin: float) -> str:
    """Where margin is nil: the utilization, the price, or that there is none.

    Nothing for a workbook that has no break-even.
    """
    if not {"out_breakeven_utilization", "out_breakeven_price"} & items.keys():
        return ""
    share = _number(items, "out_breakeven_utilization")
    price = items.get("out_breakeven_price")
    at = ""
    if price is not None and price.number is not None:
        at = f"{_money(price.number, 4)} {_short(price.unit, _UNIT)}".strip() + " over all tokens"
    would = "breaks even" if margin > -_NOTHING else "would break even"
    if share is None:
        return f"it {would} at {at}" if at else "its break-even could not be calculated"
    if share > 1:
        full = f"even full it does not break even ({percent(share)} would be needed)"
        return f"{full}; the price at which it would is {at}" if at else full
    return f"it {would} at {percent(share)} utilization" + (f" or {at}" if at else "")


def _failed(margin: Item) -> str:
    verb = "is" if margin.evaluated else "was"
    reason = f"{verb} {margin.shown or 'empty'}"
    if isinstance(margin.value, CellError) or not margin.evaluated:
        return f"The margin could not be calculated: out_margin {reason}."
    return f"The margin is not a number: out_margin {reason[: _LABEL * 2]}."


def _first(outputs: list[Item]) -> str:
    told = [f"{_short(item.label)} is {_short(item.spoken)}" for item in outputs[:_FIRST]]
    more = len(outputs) - len(told)
    rest = f"; {more} more below" if more > 0 else ""
    return f"{'; '.join(told)}{rest}."


def _short(text: str, longest: int = _LABEL) -> str:
    flat = " ".join(text_of(text).split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1]}…"
