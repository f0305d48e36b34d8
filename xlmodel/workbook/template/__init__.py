"""The template workbook as data, and the writer that makes a file of it.

``about``, ``inputs`` (with ``entry``, ``rate``, ``published`` and the blocks ``inputs_…`` of single
sheets), ``prices``, ``benchmarks``, ``margin`` (with ``used``), ``throughput`` (with ``quoted``),
``traffic``, ``caching`` (with ``caching_…``), ``decoding``, ``sourcing`` (with ``sourcing_…``),
``value`` (with ``months``), ``size``, ``history``, ``founding`` (with ``bridge``, ``walk`` and
``waterfall``), ``why`` and ``checks`` (with ``statements``) describe the sheets.
``parts`` is what they are made of, ``look`` how it looks, ``accept`` what inputs take, ``calls``
how formulas call our functions. ``layout`` gives everything an address, ``writer`` and ``charts``
write it, ``archive`` packs the file, ``editions`` lists the forms in which it is delivered.

A new sheet is a module that returns a ``Sheet``, and a line in ``workbook``.
"""

from xlmodel.workbook.template import (
    about,
    benchmarks,
    caching,
    checks,
    decoding,
    founding,
    history,
    inputs,
    margin,
    prices,
    scenarios,
    size,
    sourcing,
    throughput,
    traffic,
    value,
    why,
)
from xlmodel.workbook.template.editions import DEFAULT, Edition
from xlmodel.workbook.template.layout import Plan, plan


def workbook(edition: Edition = DEFAULT) -> Plan:
    """The whole workbook, every cell at its address: the same cells in every edition."""
    return plan(
        [
            about.sheet(edition),
            inputs.sheet(),
            prices.gpu_sheet(),
            prices.model_sheet(),
            prices.billing_sheet(),
            benchmarks.sheet(),
            margin.sheet(),
            scenarios.sheet(),
            throughput.sheet(),
            traffic.sheet(),
            caching.sheet(),
            decoding.sheet(),
            sourcing.sheet(),
            value.sheet(),
            size.sheet(),
            history.sheet(),
            founding.sheet(),
            why.sheet(edition),
            checks.sheet(),
            about.log_sheet(),
        ]
    )
