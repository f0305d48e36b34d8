"""The founding case's 30 tokens/s and × 10, quoted and computed, on the sheet Throughput."""

from xlmodel.workbook.template.calls import FOUNDING_REPLICA, call
from xlmodel.workbook.template.parts import (
    Break,
    Cell,
    Gap,
    Item,
    Row,
    across,
    headers,
    heading,
    known,
)

_QUOTED = (
    # label, form, quoted, requests in flight, name of the rate, computed, unit, note
    (
        "Output rate of one request alone",
        "rate",
        "in_request_tps",
        "1",
        "founding_alone",
        "founding_alone",
        "tokens/s",
        "Reading all weights for each token decides; the published 30 is within the error.",
    ),
    (
        "Gain from ten requests at once",
        "factor",
        "in_batching_gain",
        "in_batching_gain",
        "founding_ten",
        "founding_ten/founding_alone",
        "factor",
        "Below ten: the weights are read once for all, but each request's input is computed, too.",
    ),
    (
        "Gain at reasonable concurrency",
        "factor",
        "in_batching_gain",
        "in_reasonable_requests",
        "founding_many",
        "founding_many/founding_alone",
        "factor",
        "Requests in flight as assumed on Inputs. “× 10 or more” takes about so many.",
    ),
    (
        "Largest gain that memory allows",
        "factor",
        "in_batching_gain",
        "",
        "founding_most",
        "founding_most/founding_alone",
        "factor",
        "Then processing input takes most of the time (16 input tokens for each output token).",
    ),
    (
        "Output rate of the node",
        "rate",
        "in_request_tps*in_batching_gain",
        "in_reasonable_requests",
        "founding_tps",
        "founding_tps",
        "tokens/s",
        "At reasonable concurrency.",
    ),
)


def _quoted_row(
    label: str, form: str, quoted: str, batch: str, rate: str, computed: str, unit: str, note: str
) -> Row:
    return Row(
        {
            "B": Cell(label, role="label"),
            "C": Cell(f"={quoted}", form),
            "D": Cell(known(call("NODE_TPS", FOUNDING_REPLICA, batch=batch)), "rate", name=rate),
            "E": Cell(known(computed), form),
            "F": Cell(known(f"$E{{row}}/({quoted})-1"), "share"),
            "G": Cell(unit, role="unit"),
            "H": Cell(note, role="note"),
        }
    )


def rows(last: str) -> list[Item]:
    """The table, with a page of its own."""
    titles = across(
        "Published argument",
        "Quoted\n(July 2024)",
        "Output rate\n(tokens/s)",
        "Computed",
        "Difference\n(share)",
        "Unit",
        "Why",
    )
    return [
        Break(),
        heading("The founding case: 30 tokens/s and × 10, computed", last),
        headers(titles, texts="BGH", last=last),
        *(_quoted_row(*quoted) for quoted in _QUOTED),
        Gap(),
    ]
