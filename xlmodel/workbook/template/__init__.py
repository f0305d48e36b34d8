"""The template workbook as data, and the writer that makes a file of it.

``about``, ``inputs`` (with ``entry``, ``rate``, ``published`` and the blocks ``inputs_…`` of single
sheets), ``prices``, ``benchmarks``, ``margin`` (with ``used``), ``scenarios``, ``sensitivity``
(with ``grids``, ``moved``, ``axes``) and its ``days``, ``throughput`` (with ``quoted``),
``traffic``, ``caching`` (with ``caching_…``), ``decoding``, ``sourcing`` (with ``sourcing_…``),
``deals`` (with ``deals_…``), ``value`` (with ``value_words``, ``months``), ``plans`` and ``pnl``
(with ``pnl_…``), ``size``, ``history``, ``actuals`` (budget and actuals), ``variance`` (with
``variance_…``), ``founding`` (with ``bridge``, ``walk`` and ``waterfall``), ``why`` and ``checks``
(with ``statements``, ``…_checks``, ``checked``) describe the sheets. ``day`` is the chain of the
day that several of them work out.

``parts`` is what they are made of, ``look`` how it looks, ``accept`` what inputs take, ``calls``
how formulas call our functions. ``layout`` gives everything an address, ``writer`` and ``charts``
write it, ``archive`` packs the file, ``editions`` lists the forms in which it is delivered.
``translated`` puts the texts of the finished plan into another language.

A new sheet is a module that returns a ``Sheet``, and a line in ``workbook``.
"""

from xlmodel.workbook.language import ENGLISH
from xlmodel.workbook.template import (
    about,
    actuals,
    benchmarks,
    caching,
    checks,
    days,
    deals,
    decoding,
    founding,
    history,
    inputs,
    margin,
    plans,
    pnl,
    pnl_months,
    prices,
    scenarios,
    sensitivity,
    size,
    sourcing,
    throughput,
    traffic,
    value,
    variance,
    why,
)
from xlmodel.workbook.template.editions import DEFAULT, Edition
from xlmodel.workbook.template.layout import Plan, plan
from xlmodel.workbook.template.translated import translated
from xlmodel.workbook.words import words


def workbook(edition: Edition = DEFAULT, language: str = ENGLISH) -> Plan:
    """The whole workbook, every cell at its address: the same cells in every edition."""
    english = _english(edition)
    if language == ENGLISH:
        return english
    return translated(english, words(language))._replace(language=language)


def _english(edition: Edition) -> Plan:
    return plan(
        [
            about.sheet(edition),
            inputs.sheet(),
            prices.gpu_sheet(),
            prices.model_sheet(),
            prices.billing_sheet(),
            plans.fleet_sheet(),
            plans.rates_sheet(),
            benchmarks.sheet(),
            margin.sheet(),
            scenarios.sheet(),
            sensitivity.sheet(),
            days.sheet(),
            throughput.sheet(),
            traffic.sheet(),
            caching.sheet(),
            decoding.sheet(),
            sourcing.sheet(),
            deals.sheet(),
            value.sheet(),
            pnl_months.sheet(),
            pnl.sheet(),
            size.sheet(),
            history.sheet(),
            actuals.budget_sheet(),
            actuals.actuals_sheet(),
            variance.sheet(),
            founding.sheet(),
            why.sheet(edition),
            checks.sheet(),
            about.log_sheet(),
        ]
    )
