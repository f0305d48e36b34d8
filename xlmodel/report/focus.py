"""The cost of the modelled day in the columns of FOCUS, for tools that read cloud bills.

The rows have the mandatory columns of the FinOps Open Cost and Usage Specification 1.2
(focus.finops.org), and columns of our own that begin with ``x_``, as it asks. They are an
estimate, not a bill: the account is named so, and list, contracted, billed and effective cost are
the same, since a workbook knows one price for an hour. Without an as-of date the periods are
blank.
"""

import csv
import datetime
import io
from collections.abc import Iterator

from xlmodel.report.charts_price import stack_unit
from xlmodel.report.facts import Facts
from xlmodel.workbook.actuals.bill import ESTIMATE
from xlmodel.workbook.delimited import defused

COLUMNS = (
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
    "x_Scenario",
    "x_Workbook",
    "x_WorkbookSha256",
)
_COSTS = ("BilledCost", "ContractedCost", "EffectiveCost", "ListCost")

Row = dict[str, str | float]


def as_csv(facts: Facts) -> bytes:
    """The lines of cost of a day; only the header where the workbook names no cost."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    for row in _rows(facts):
        writer.writerow({k: defused(v) if isinstance(v, str) else v for k, v in row.items()})
    return buffer.getvalue().encode()


def _rows(facts: Facts) -> Iterator[Row]:
    cost, tokens = facts.number("out_cost"), facts.number("out_tokens_per_day")
    if cost is None:
        return
    stack = facts.stack
    if stack is None or stack.other is None or tokens is None:
        yield _row(facts, cost, "Serving", "Cost of the node for a day")
        return
    other = stack.other * tokens / 1e6
    price = facts.number("out_gpu_hour_price")
    gpus = _row(facts, cost - other, "GPU rental", "GPUs of the node for a day")
    if price and price > 0:
        gpus |= {"PricingQuantity": (cost - other) / price, "PricingUnit": "GPU-Hours"}
    yield gpus
    if other:
        yield _row(facts, other, "Other cost of serving", "Other cost of the node for a day")


def _row(facts: Facts, cost: float, service: str, what: str) -> Row:
    told = facts.provenance
    provider = next(
        (str(item.value) for item in facts.inputs if item.key == "in_gpu_provider" and item.value),
        "",
    )
    return {
        **dict.fromkeys(_COSTS, cost),
        **_periods(told.as_of),
        "BillingAccountId": ESTIMATE,
        "BillingAccountName": "Estimate of a model, not a bill",
        "BillingCurrency": told.currency or stack_unit(facts).split("/")[0],
        "ChargeCategory": "Usage",
        "ChargeDescription": what,
        "InvoiceIssuerName": provider,
        "PricingQuantity": 1,
        "PricingUnit": "Days",
        "ProviderName": provider,
        "PublisherName": provider,
        "ServiceCategory": "Compute",
        "ServiceName": service,
        "x_Scenario": told.scenario,
        "x_Workbook": told.workbook,
        "x_WorkbookSha256": told.workbook_sha256,
    }


def _periods(as_of: str) -> Row:
    """The day, and its month: from a start, which counts, to an end, which doesn't.

    >>> _periods("2024-12-31")["BillingPeriodEnd"]
    '2025-01-01T00:00:00Z'
    """
    if not as_of:
        return {}
    day = datetime.date.fromisoformat(as_of)
    month = day.replace(day=1)
    after = (month + datetime.timedelta(days=32)).replace(day=1)
    periods = {
        "ChargePeriodStart": day,
        "ChargePeriodEnd": day + datetime.timedelta(days=1),
        "BillingPeriodStart": month,
        "BillingPeriodEnd": after,
    }
    return {name: f"{moment.isoformat()}T00:00:00Z" for name, moment in periods.items()}
