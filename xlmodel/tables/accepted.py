"""Accepted lengths of speculative decoding as measured, by draft method."""

from functools import cache

from xlmodel import tables

TABLE = "accepted_lengths"


@cache
def curve(method: str) -> tuple[float, ...]:
    """Tokens a step for 0, 1, 2 … drafted tokens; without a draft a step yields one.

    >>> curve("DeepSeek-V4-Pro MTP thinking on")[:3]
    (1.0, 1.79, 2.27)
    """
    measured = {
        int(row["draft_tokens"]): float(row["accepted_length"])
        for row in tables.rows(TABLE)
        if row["method"] == method
    }
    return (1.0, *(measured[drafted] for drafted in range(1, len(measured) + 1)))
