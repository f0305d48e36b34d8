"""Actuals from a cloud bill in the columns of FOCUS, the FinOps Open Cost and Usage Specification.

A charge whose category is Usage counts, with its effective cost (what it cost after discounts and
commitments) or, if asked, its billed one. Purchases are left out, since usage carries its part of
them; taxes, credits and adjustments too, unless they are asked for: then they are other cost. What
is left out is said with its sum. Which line a charge is of, the user says (``mapping``). GPU-hours
are what was consumed (or priced) in GPU-hours, and hours of a charge for which the mapping says how
many GPUs it has; the cost of all other usage is other cost.

Charges of a month become one row for each line. The period goes from the first to the last day of
the file's charges in that month, or is the billing period.
"""

import datetime
from collections.abc import Mapping, Sequence

from xlmodel.registry import InputError
from xlmodel.workbook.actuals.bill import COSTS, OPTIONAL, PERIODS, Bill, Options, Sum
from xlmodel.workbook.actuals.rows import Actual, Found
from xlmodel.workbook.csvrows import CsvError, Reader

__all__ = ["OPTIONAL", "Options", "actuals"]

_MOST_NAMED = 3


def actuals(reader: Reader, options: Options, currency: str, today: datetime.date) -> Found:
    """The rows of a bill, a row for each month and line."""
    reader.refuse_twice()
    _refuse_missing(reader, options)
    bill = Bill(reader, options, currency, today)
    for line, cells in reader.rows():
        bill.take(line, cells)
    if not bill.amounts:
        raise CsvError(f"{reader.path} has no charge to take: {'; '.join(_left_out(bill))}")
    source = f"{reader.path.name}, {bill.cost_column} of FOCUS"
    rows = [
        Actual(bill.spans[month][0], bill.spans[month][1], name, sums, currency, source)
        for (month, name), sums in sorted(bill.amounts.items())
    ]
    return Found(rows, _notes(bill))


def _refuse_missing(reader: Reader, options: Options) -> None:
    needed = (
        COSTS[options.cost],
        "ChargeCategory",
        "BillingCurrency",
        *PERIODS[options.period],
    )
    missing = [name for name in needed if name.lower() not in reader.header]
    if missing:
        lacks = f"has no column {', '.join(missing)}" if any(reader.header) else "is empty"
        raise CsvError(
            f"{reader.path} {lacks}: it is neither a FOCUS export, "
            f"which has {', '.join(needed)}, nor has it the headers of table Actuals, such as "
            "period_start, period_end, line, input_tokens"
        )
    if not options.mapped.rules:
        raise InputError(
            f"{reader.path} is a FOCUS export: --map says which line its charges are of, such as "
            '--map "ServiceName:GPU rental=Llama-3.1-70B", or --map *=LINE for all'
        )
    absent = [name for name in options.mapped.columns if name not in reader.header]
    if absent:
        raise CsvError(f"{reader.path} has no column {', '.join(absent)}, which --map names")


def _notes(bill: Bill) -> list[str]:
    path, currency = bill.reader.path, bill.currency
    notes = [
        f"{path} is a FOCUS export: cost is {bill.cost_column} of charges in the category Usage",
        *(f"{path}: left out {words}" for words in _left_out(bill)),
    ]
    for unit, found in _largest(bill.other_units):
        notes.append(
            f"{path}: charges by {unit} ({found.words(currency)}) are other cost; if they are "
            "GPUs by the hour, --map COLUMN:VALUE=LINE*GPUS says how many"
        )
    if bill.is_estimate:
        notes.append(f"{path} is an estimate that xlmodel wrote of a modelled day, not a bill")
    if bill.options.include:
        taken = ", ".join(sorted(bill.options.include))
        notes.append(f"{path}: {taken} is taken as other cost")
    if bill.corrections.count:
        notes.append(f"{path}: with corrections, {bill.corrections.words(currency)}")
    if bill.reader.decimal_commas:
        notes.append(f"{path} is delimited by semicolons: 3,49 is read as 3.49")
    for month, (start, end) in sorted(bill.spans.items()):
        last = (month + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
        if (start, end) != (month, last) and bill.options.period == "charge":
            notes.append(
                f"{path}: charges are of {start} to {end}, not of the whole month; where that is "
                "the period all the same, --period billing takes the billing period"
            )
    return notes


def _left_out(bill: Bill) -> list[str]:
    said = [
        f"{category}: {found.words(currency)}"
        for (category, currency), found in bill.left_out.items()
    ]
    if bill.unmapped:
        total = Sum()
        for found in bill.unmapped.values():
            total.count += found.count
            total.cost += found.cost
        largest = ", ".join(
            f"{name} ({found.cost:,.2f})" for name, found in _largest(bill.unmapped)
        )
        said.append(
            f"charges that no --map names: {total.words(bill.currency)}; largest: {largest}"
        )
    return said


def _largest(sums: Mapping[str, Sum]) -> Sequence[tuple[str, Sum]]:
    return sorted(sums.items(), key=lambda item: -abs(item[1].cost))[:_MOST_NAMED]
