"""The answer in one sentence: what the node earns, and where it breaks even.

The sentence uses the outputs ``out_margin``, ``out_margin_rate``, ``out_revenue``,
``out_breakeven_utilization`` and ``out_breakeven_price`` and the input ``in_utilization``; each
part is left out where its value is missing or an error. A workbook without ``out_margin`` gets
its first outputs instead.
"""

from collections.abc import Iterable, Mapping

from xlmodel.registry import CellError
from xlmodel.report.facts import Item
from xlmodel.report.language import noted, say
from xlmodel.report.numfmt import fixed, percent, plain
from xlmodel.report.values import text_of
from xlmodel.workbook.words import english

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
    return say("; ").join(filter(None, told)) + say(".")


def unit_of_margin(outputs: Iterable[Item], currency: str) -> str:
    """The unit of the margin in words: ``USD a day``."""
    unit = next((item.unit for item in outputs if item.key == "out_margin"), "")
    return _spoken(unit or currency)


def _spoken(unit: str) -> str:
    """``USD/day`` as one says it."""
    amount, _, time = (part.strip() for part in english(unit).partition("/"))
    known = noted("day")
    told = say("{amount} a {time}", amount=amount, time=say(time) if time == known else time)
    return _short(told if time else unit, _UNIT)


def _money(amount: float, decimals: int = 2) -> str:
    return plain(amount) if abs(amount) >= _LARGE else fixed(amount, decimals)


def _number(items: Mapping[str, Item], name: str) -> float | None:
    item = items.get(name)
    return item.number if item else None


def _earning(items: Mapping[str, Item], margin: float, unit: str) -> str:
    utilization = _number(items, "in_utilization")
    node = (
        say("The node")
        if utilization is None
        else say("At {share} utilization the node", share=percent(utilization))
    )
    amount = f"{_money(abs(margin))} {unit}".strip()
    told = {"node": node, "amount": amount}
    if abs(margin) < _NOTHING:
        return say(
            "{node} just covers its cost ({amount})",
            **told | {"amount": f"{_money(0.0)} {unit}".strip()},
        )
    if _number(items, "out_revenue") == 0:
        return say("{node} has no revenue and loses {amount}", **told)
    rate = _number(items, "out_margin_rate")
    if rate is None:
        return say("{node} earns {amount}" if margin > 0 else "{node} loses {amount}", **told)
    told["rate"] = percent(abs(rate))
    if margin > 0:
        return say("{node} earns {amount}, {rate} of revenue", **told)
    return say("{node} loses {amount}, {rate} of its revenue", **told)


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
        amount = f"{_money(price.number, 4)} {_short(price.unit, _UNIT)}".strip()
        at = say("{amount} over all tokens", amount=amount)
    if share is None:
        return _at(at, margin) if at else say("its break-even could not be calculated")
    if share > 1:
        needed = percent(share)
        full = say("even full it does not break even ({share} would be needed)", share=needed)
        return say("{full}; the price at which it would is {at}", full=full, at=at) if at else full
    full = say("{share} utilization", share=percent(share))
    return _at(say("{one} or {other}", one=full, other=at) if at else full, margin)


def _at(where: str, margin: float) -> str:
    if margin > -_NOTHING:
        return say("it breaks even at {where}", where=where)
    return say("it would break even at {where}", where=where)


def _failed(margin: Item) -> str:
    shown = margin.shown or say("empty")
    if not margin.evaluated:
        return say("The margin could not be calculated: out_margin was {value}.", value=shown)
    if isinstance(margin.value, CellError):
        return say("The margin could not be calculated: out_margin is {value}.", value=shown)
    cut = shown[: _LABEL * 2]
    return say("The margin is not a number: out_margin is {value}.", value=cut)


def _first(outputs: list[Item]) -> str:
    told = [
        say("{label} is {value}", label=_short(item.label), value=_short(item.spoken))
        for item in outputs[:_FIRST]
    ]
    more = len(outputs) - len(told)
    rest = [say("{n} more below", n=more)] if more > 0 else []
    return say("; ").join((*told, *rest)) + say(".")


def _short(text: str, longest: int = _LABEL) -> str:
    flat = " ".join(text_of(text).split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1]}…"
