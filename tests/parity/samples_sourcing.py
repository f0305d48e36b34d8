"""Good calls of functions about buying GPUs, where most numbers that are fine alone go together
with no answer, and the calls that have none."""

from typing import Final

_NODE: Final = (670.08, 12000.0, 300.0, 10.0, 0.8, 0.25)
_OWNED: Final = (33750.0, 0.08, 0.8, 1.05, 1.3, 0.08, 1890.0, 0.97)

CALLS: Final[dict[str, tuple[tuple[object, ...], ...]]] = {
    **dict.fromkeys(
        ("INPUT_COST_PER_MTOK", "OUTPUT_COST_PER_MTOK"),
        (
            _NODE,
            (1000.0, 13300.0, 330.0, 10.0, 1.0, 0.0),
            (87072.0, 9000.0, 190.0, 3.6, 0.7, 0.56),
            (50.0, 21000.0, 20.0, 0.5, 0.5, 1.0),
        ),
    ),
    "OWN_PAYBACK_YEARS": (
        (3.49, *_OWNED),
        (2.5, 50000.0, 0.1, 0.9, 1.3, 1.25, 0.06, 1500.0, 0.99),
        (6.88, 33750.0, 0.0, 0.6, 1.05, 1.58, 0.1, 3000.0, 0.95),
        (3.0, 20000.0, 0.18, 0.7, 0.77, 1.1, 0.05, 0.0, 1.0),
    ),
}

EXTRA: Final[dict[str, tuple[tuple[str, str, tuple[object, ...]], ...]]] = {
    **dict.fromkeys(
        ("INPUT_COST_PER_MTOK", "OUTPUT_COST_PER_MTOK"),
        (
            ("no solution", "prefill takes too long", (670.08, 2000.0, 300.0, 10.0)),
            ("zero", "input and output", (670.08, 12000.0, 0.0, 0.0)),
        ),
    ),
    "OWN_PAYBACK_YEARS": (
        ("no solution", "running costs more than rent", (0.2, *_OWNED)),
        ("no solution", "interest is more than the saving", (0.7, *_OWNED)),
        ("value", "a tiny rate", (3.49, 33750.0, 1e-10)),
        ("value", "a small rate", (3.49, 33750.0, 2e-9)),
        (
            "bad cell",
            "rents of which some are too low",
            ([[3.49], [0.2], [0.7]] * 20, *_OWNED),
        ),
    ),
    "CAPITAL_RECOVERY": (
        ("value", "8 % and 4 years", (0.08, 4.0)),
        ("value", "a tiny rate", (1e-10, 4.0)),
    ),
}
