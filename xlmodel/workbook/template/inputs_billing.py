"""The inputs of the sheet Caching: a conversation, what the cache keeps, and the vendor's terms.

A blank term is the vendor's in the table of billing terms. No figure here changes the day on sheet
Margin.
"""

import datetime
from typing import NamedTuple

from xlmodel.units import Quantity
from xlmodel.workbook.template import accept
from xlmodel.workbook.template.entry import LAST, number, pick, row
from xlmodel.workbook.template.parts import Row, heading

MOST_TURNS = 24
_TERMS_DATE = datetime.date(2026, 11, 25)
_TURNS = Quantity("turns", "turns of the conversation, a whole number", 1, MOST_TURNS)
_USER = Quantity("tokens", "tokens that the user adds in a turn", 1, 1e6)
_FACTOR = Quantity("factor", "factor on the price past the threshold", 0, 100)


class _Input(NamedTuple):
    name: str
    label: str
    value: float | None
    form: str
    kind: object
    note: str
    blank: str = ""


def _conversation() -> tuple[_Input, ...]:
    return (
        _Input(
            "in_prefix_tokens",
            "Prefix of every turn",
            1500,
            "whole",
            accept.argument("prefix_tokens"),
            "A GUESS: system prompt, tools, documents, the same at each turn.",
        ),
        _Input(
            "in_user_tokens",
            "Tokens that the user adds in a turn",
            150,
            "whole",
            _USER,
            "A GUESS.",
        ),
        _Input(
            "in_answer_tokens",
            "Tokens of an answer",
            250,
            "whole",
            accept.argument("output_tokens", "NODE_TPS"),
            "A GUESS. Answers stand in the input of later turns.",
        ),
        _Input(
            "in_retention_seconds",
            "Time that the cache keeps what is not read",
            300,
            "whole",
            accept.argument("retention_seconds"),
            "Example: the five minutes of several vendors; each read renews it.",
        ),
        _Input(
            "in_think_seconds",
            "Mean time between turns",
            90,
            "whole",
            accept.argument("think_seconds"),
            "A GUESS. Times are taken as exponential.",
        ),
        _Input(
            "in_prefix_hit_rate",
            "Chance that the prefix is cached anyway",
            0.5,
            "share",
            accept.argument("prefix_hit_rate"),
            "A GUESS: through other conversations, at the first turn or when the history is lost.",
        ),
        _Input(
            "in_answer_cached_share",
            "Share of the last answer that is cached",
            1,
            "share",
            accept.argument("answer_cached_share"),
            "1: the server keeps what it generated. 0: only what was sent, as some vendors bill.",
        ),
    )


def _terms() -> tuple[_Input, ...]:
    own = "the vendor's, or "
    return (
        _Input(
            "in_read_multiplier",
            "Cached read, of the input price",
            None,
            "share",
            accept.argument("read_multiplier"),
            "Fill in to set terms of your own.",
            f"{own}100 %",
        ),
        _Input(
            "in_write_multiplier",
            "Cache write, of the input price",
            None,
            "share",
            accept.argument("write_multiplier"),
            "Fill in to set terms of your own.",
            f"{own}100 %",
        ),
        _Input(
            "in_threshold_tokens",
            "Input from which the long card holds",
            None,
            "whole",
            accept.argument("threshold_tokens"),
            "Above it all tokens of the request are on the long card.",
            f"{own}none",
        ),
        _Input(
            "in_long_input_factor",
            "Long card, input and cached, over the short",
            None,
            "factor",
            _FACTOR,
            "Fill in to set terms of your own.",
            f"{own}1",
        ),
        _Input(
            "in_long_output_factor",
            "Long card, output, over the short",
            None,
            "factor",
            _FACTOR,
            "Fill in to set terms of your own.",
            f"{own}1",
        ),
        _Input(
            "in_batch_share",
            "Share of conversations sold by batch",
            0,
            "share",
            accept.argument("batch_share"),
            "At the discount below on every price.",
        ),
        _Input(
            "in_batch_discount",
            "What batch takes off the price",
            None,
            "share",
            accept.argument("batch_discount"),
            "Fill in to set terms of your own.",
            f"{own}nothing",
        ),
    )


def _numbers(inputs: tuple[_Input, ...]) -> list[Row]:
    return [
        number(i.name, i.label, i.value, i.form, i.note, kind=i.kind, blank=i.blank) for i in inputs
    ]


def _turns() -> Row:
    taken = accept.quantity(_TURNS)
    whole = taken._replace(rule={**taken.rule, "validate": "integer"})
    note = "A GUESS. Every turn sends the history again."
    return row("in_turns", "Turns of a conversation", 6, "whole", _TURNS.unit, whole, note)


def rows() -> list[Row]:
    return [
        heading("Conversations, caching and billing terms: sheet Caching", LAST),
        _turns(),
        *_numbers(_conversation()),
        pick(
            "in_terms_vendor",
            "Vendor whose terms are taken",
            "Mistral",
            "BillingVendorList",
            "Example: it sells open models. Terms of your own go below.",
            kind="vendor",
        ),
        row(
            "in_terms_model",
            "Model of the terms",
            "all",
            "text",
            "name",
            accept.text("Model as the table of billing terms names it, or all."),
            "Where the table has no row for it, the one for all models of the vendor counts.",
        ),
        row(
            "in_terms_as_of",
            "Day of the terms",
            _TERMS_DATE,
            "date",
            "date",
            accept.day("Day for which the terms are wanted: the newest row not after it."),
            "Apart from the as-of date: in July 2024 few vendors had such terms.",
        ),
        row(
            "in_write_term",
            "Cache write of which kind",
            "cache_write_5m",
            "text",
            "choice",
            accept.one_of(
                ("cache_write_5m", "cache_write_1h", "cache_write"),
                "Which row of the table of billing terms prices a cache write.",
            ),
            "Kept for five minutes, for an hour, or for a time that the vendor chooses.",
        ),
        *_numbers(_terms()),
    ]
