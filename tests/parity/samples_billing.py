"""Good calls of the functions of billing and of conversations (see ``samples``)."""

from typing import Final

Cell = object
Args = tuple[Cell, ...]
Grid = list[list[Cell]]

BILLING_TERMS: Final[Grid] = [
    ["vendor", "model", "term", "value", "valid_from"],
    ["Anthropic", "all", "cache_read", 0.1, "2024-07-27"],
    ["Anthropic", "all", "cache_read", 0.05, 46305.0],
    ["Anthropic", "claude-next", "cache_read", 0.025, 45500.0],
    ["Anthropic", "all", "cache_write_1h", 2.0, "2024-08-01"],
    ["Google", "all", "cache_storage", 1.0, "2025-01-01"],
]

CALLS: Final[dict[str, tuple[Args, ...]]] = {
    "BILLING_TERM": (
        (BILLING_TERMS, "Anthropic", "cache_read", "2024-12-31", "all"),
        (BILLING_TERMS, "Anthropic", "cache_read", 46400.0, "claude-next"),
        (BILLING_TERMS, "Google", "cache_storage", 46000.5, "all"),
    ),
    "CACHE_BREAKEVEN_READS": ((1.25, 0.1), (2.0, 0.5), (0.5, 0.9)),
    "CONVERSATION_INPUT": (
        (3.0, 1000.0, 100.0, 200.0),
        (1.0, 0.0, 250.5, 300.0),
        (12.0, 4000.0, 0.0, 750.0),
    ),
    "CONVERSATION_OUTPUT": ((3.0, 200.0), (1.0, 300.5), (40.0, 750.0)),
    "CONVERSATION_HIT_RATE": (
        (3.0, 1000.0, 100.0, 200.0, 0.9, 0.5, 1.0),
        (1.0, 500.0, 250.5, 300.0, 0.2, 0.8, 0.0),
        (12.0, 4000.0, 10.0, 750.0, 0.7, 0.1, 0.5),
    ),
    "CONVERSATION_WRITE_RATE": (
        (3.0, 1000.0, 100.0, 200.0, 0.9, 0.5, 1.0),
        (1.0, 500.0, 250.5, 300.0, 0.2, 0.8, 0.0),
        (12.0, 4000.0, 10.0, 750.0, 0.7, 0.1, 0.5),
    ),
}
"""Good calls with every argument given; the first is what the other cases vary."""

_HALF_A_TURN = (2.5, 1000.0, 100.0, 200.0)
_DAY = 45600.0


def _with(row: int, column: int, value: Cell) -> Grid:
    """The terms with one cell changed."""
    changed = [list(line) for line in BILLING_TERMS]
    changed[row][column] = value
    return changed


def _of_terms(table: Grid) -> Args:
    return (table, "Anthropic", "cache_read", _DAY)


EXTRA: Final[dict[str, tuple[tuple[str, str, Args], ...]]] = {
    "BILLING_TERM": (
        ("value", "the newest", (BILLING_TERMS, "Anthropic", "cache_read")),
        ("miss", "day before the first row", (*_of_terms(BILLING_TERMS)[:3], 45000.0)),
        ("miss", "no row for all models", (_with(5, 1, "x"), "Google", "cache_storage")),
        ("table", "columns in another order", _of_terms([row[::-1] for row in BILLING_TERMS])),
        ("table", "value is text", _of_terms(_with(1, 3, "free"))),
        ("table", "value is zero", _of_terms(_with(1, 3, 0.0))),
        ("table", "value is blank", _of_terms(_with(1, 3, None))),
        ("table", "date is text", _of_terms(_with(1, 4, "soon"))),
        (
            "grid",
            "terms by models",
            (
                BILLING_TERMS,
                "Anthropic",
                [["cache_read"], ["cache_write_1h"], [None]],
                None,
                [["all", "claude-next", None]],
            ),
        ),
    ),
    "CACHE_BREAKEVEN_READS": (("no solution", "a read as dear as input", (1.25, 1.0)),),
    "CONVERSATION_INPUT": (("no solution", "half a turn", _HALF_A_TURN),),
    "CONVERSATION_OUTPUT": (("no solution", "half a turn", (2.5, 200.0)),),
    "CONVERSATION_HIT_RATE": (
        ("no solution", "half a turn", _HALF_A_TURN),
        ("value", "all of it", (2.0, 1000.0, 0.0, 0.0, 1.0, 1.0)),
        ("zero", "no input", (2.0, 0.0, 0.0, 0.0)),
    ),
    "CONVERSATION_WRITE_RATE": (("no solution", "half a turn", _HALF_A_TURN),),
    "LONG_CONTEXT_PRICE": (
        ("value", "at the threshold", (200000.0, 3.0, 200000.0, 6.0)),
        ("value", "just above the threshold", (200001.0, 3.0, 200000.0, 6.0)),
    ),
}
"""What kinds of arguments can't tell: kind, what is special, arguments."""
