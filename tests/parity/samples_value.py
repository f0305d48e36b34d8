"""Good calls of what a model is worth over time, and cases that have no answer."""

from typing import Any, Final

_TAKEN_OVER = (300.0, 0.5, 0.1, 60.0, 0.4)
"""A horizon, a hazard, a discount rate, and a successor that leaves a share."""

CALLS: Final[dict[str, tuple[tuple[Any, ...], ...]]] = {
    "HALF_LIFE_DAYS": ((10.0,), (1.43,), (900.0,), (1.000001,)),
    "MODEL_VALUE": (
        (2.8, 109.876, 30.0, 0.5, 60.0, 0.4),
        (798.336, 200.0, 90.0, 0.0, 90.0, 0.25),
        (1e9, 33.0, 365.0, 2.0, 1000.0, 1.0),
    ),
    "LIFETIME_REVENUE": (
        (798.336, 109.876, *_TAKEN_OVER),
        (1.0, 158.0, 30.0, 0.0, 0.0, 90.0, 1.0),
        (5e6, 1e6, 1.0, 0.0, 0.05, 0.5, 0.0),
    ),
    "LAST_PROFITABLE_DAY": (
        (798.336, 670.08, 109.876, 400.0),
        (900.0, 670.08, 60.0, 365.0),
        (5000.0, 80.0, 200.0, 1000.0),
    ),
    "LIFETIME_MARGIN": (
        (1798.336, 670.08, 109.876, 400.0, *_TAKEN_OVER),
        (5000.0, 600.0, 200.0, 1000.0, 30.0, 0.0, 0.0, 90.0, 1.0),
        (2000.0, 100.0, 60.0, 365.0, 5000.0, 1.5, 0.08, 10.0, 0.5),
    ),
    "PAYBACK_DAYS": (
        (1000.0, 798.336, 670.08, 109.876, 400.0, 0.5),
        (500.0, 5000.0, 600.0, 200.0, 1000.0, 0.0),
        (1.0, 900.0, 100.0, 60.0, 365.0, 3.0),
    ),
    "LAUNCH_DELAY_COST": (
        (1798.336, 109.876, 30.0, 670.08, 400.0, 0.5, 0.1, 60.0, 0.4),
        (5000.0, 200.0, 1.0, 600.0, 1000.0, 0.0, 0.0, 90.0, 1.0),
        (2000.0, 60.0, 500.0, 100.0, 365.0, 1.5, 0.08, 10.0, 0.5),
    ),
    "BEST_RELEASE_INTERVAL": (
        (100000.0, 10000.0, 109.876, 600.0),
        (10.0, 10000.0, 200.0, 0.0),
        (250000.0, 5000.0, 150.0, 50.0),
    ),
    "TRAINING_COST": (
        (405e9, 15.6e12, "H100", 0.41, 2.0, "BF16"),
        (37e9, 14.8e12, "H200", 0.17, 2.0, "FP8"),
        (8e9, 15e12, "A100-80GB", 0.4, 1.29, "BF16"),
    ),
    "MODEL_NPV": (
        (1000.0, [[300.0], [420.0], [680.0]], 0.1, 1.0),
        (5e6, [[5e5, 4e5, 3e5, -1e5, 0.0]], 0.08, 12.0),
        (0.0, [[1.0, 2.0], [3.0, 4.0]], 0.5, 4.0),
    ),
    "MODEL_IRR": (
        (1000.0, [[300.0], [420.0], [680.0]], 1.0),
        (1e6, [[-5e4, 0.0, 4e5, 3e5, 5e5]], 12.0),
        (1000.0, [[100.0, 200.0], [300.0, 250.0]], 4.0),
    ),
    "PRICE_DECLINE": (("tenfold",), ("openai-flagship",), ("epoch-slowest",)),
}

EXTRA: Final[dict[str, tuple[tuple[str, str, tuple[Any, ...]], ...]]] = {
    "MODEL_VALUE": (
        ("value", "a successor on the day", (2.8, 109.876, 30.0, 0.0, 30.0)),
        ("value", "no successor known", (2.8, 109.876, 30.0, 0.5, None, 0.5)),
    ),
    "LAST_PROFITABLE_DAY": (
        ("value", "the founding node", (798.336, 670.08, 109.876)),
        ("no solution", "cost falls as fast", (798.336, 670.08, 109.876, 109.876)),
        ("no solution", "no cost", (798.336, 0.0, 109.876)),
    ),
    "LIFETIME_MARGIN": (
        ("value", "the founding node", (798.336, 670.08, 109.876)),
        ("value", "cost that falls faster", (798.336, 670.08, 400.0, 100.0)),
        ("value", "a loss from the start", (600.0, 670.08, 109.876)),
        (
            "value",
            "a successor that ends it",
            (798.336, 670.08, 109.876, None, None, 0.0, 0.0, 9.0),
        ),
    ),
    "LAUNCH_DELAY_COST": (
        ("no solution", "cost falls faster", (100.0, 100.0, 30.0, 150.0, 10.0)),
        ("value", "cost falls faster from nothing", (100.0, 100.0, 30.0, 0.0, 10.0)),
    ),
    "PAYBACK_DAYS": (
        ("no solution", "never", (2000.0, 798.336, 670.08, 109.876)),
        ("no solution", "a loss from the start", (1.0, 600.0, 670.08, 109.876)),
        ("value", "no cost of serving", (1000.0, 798.336, 0.0, 109.876)),
        ("value", "cost that falls faster", (1000.0, 798.336, 670.08, 400.0, 100.0)),
    ),
    "BEST_RELEASE_INTERVAL": (
        ("no solution", "dearer than all that it earns", (1e7, 10000.0, 109.876)),
        ("no solution", "a loss at best", (100000.0, 10000.0, 109.876, 7000.0)),
        ("no solution", "no revenue", (100000.0, 0.0, 109.876)),
        ("value", "a cheap release", (1e-3, 10000.0, 109.876)),
    ),
    "TRAINING_COST": (
        ("no solution", "no such precision on it", (8e9, 15e12, "A100-80GB", 0.4, 1.29, "FP8")),
    ),
    "MODEL_NPV": (("value", "a single number", (100.0, 110.0, 0.1, 1.0)),),
    "MODEL_IRR": (
        ("value", "a single number", (100.0, 110.0, 1.0)),
        ("value", "nearly all lost", (1e6, [[1.0, 1.0]], 1.0)),
        ("value", "paid only in the months", (0.0, [[-100.0, 50.0, 60.0]], 12.0)),
        ("no solution", "two changes of sign", (100.0, [[230.0, -132.0]], 1.0)),
        ("no solution", "only costs", (100.0, [[-1.0, -2.0]], 1.0)),
        ("no solution", "no costs", (0.0, [[1.0, 2.0]], 1.0)),
        ("no solution", "nothing at all", (0.0, [[0.0, 0.0]], 1.0)),
        ("no solution", "earning first", (0.0, [[1.0, -2.0]], 1.0)),
    ),
    "PRICE_DECLINE": (("miss", "a typing error", ("tenfolt",)),),
}
