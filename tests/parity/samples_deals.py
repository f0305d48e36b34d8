"""Good calls of functions about deals, and the calls that have no answer."""

from typing import Final

_MIX: Final = ([[0.5], [0.3], [0.2]], [[2048.0], [500.0], [1000.0]], [[128.0], [500.0], [8000.0]])
_RATES: Final = [[300.0], [2400.0], [1980.0]]

CALLS: Final[dict[str, tuple[tuple[object, ...], ...]]] = {
    "DISCOUNT_AT_TARGET": (
        (4.0, 2.1, 0.3),
        (3.6, 2.35, -0.5),
        (15.0, 2.5, 0.4),
        (60.0, 0.0, 0.45),
    ),
    "MIX_RATIO": (
        _MIX,
        ([[0.25, 0.75]], [[8000.0, 20000.0]], [[500.0, 1000.0]]),
        ([[0.1, 0.2], [0.3, 0.4]], [[1.0, 2.0], [3.0, 4.0]], [[4.0, 3.0], [2.0, 1.0]]),
    ),
    "MIX_TPS": (
        (_MIX[0], _MIX[2], _RATES),
        ([[0.25, 0.75]], [[500.0, 1000.0]], [[286.0, 206.0]]),
        ([[0.1, 0.2], [0.3, 0.4]], [[4.0, 3.0], [2.0, 1.0]], [[10.0, 20.0], [30.0, 40.0]]),
    ),
}

_NO_SUM: Final = ([[0.5], [0.3], [0.3]], _MIX[1], _MIX[2])
EXTRA: Final[dict[str, tuple[tuple[str, str, tuple[object, ...]], ...]]] = {
    "DISCOUNT_AT_TARGET": (
        ("value", "no discount at all", (3.0, 1.5, 0.5)),
        ("no solution", "the list price misses the target", (2.8, 2.35, 0.4)),
        ("bad cell", "targets of which some are too high", (2.8, 2.0, [[0.1], [0.5], [0.2]] * 20)),
    ),
    "MIX_RATIO": (
        ("value", "one shape", (1.0, 2048.0, 128.0)),
        ("value", "shapes in a column and in rows", (_MIX[0], [[1.0, 2.0, 3.0]], _MIX[2])),
        ("no solution", "shares that do not sum to 1", _NO_SUM),
        ("zero", "no output", (_MIX[0], _MIX[1], [[0.0], [0.0], [0.0]])),
        ("wrong type", "a shape too few", (_MIX[0], _MIX[1], [[128.0], [500.0]])),
    ),
    "MIX_TPS": (
        ("value", "one shape", (1.0, 128.0, 300.0)),
        ("value", "a shape with share 0 and no rate", ([[1.0], [0.0]], [[9.0, 8.0]], [[7.0, 0.0]])),
        ("no solution", "shares that do not sum to 1", (_NO_SUM[0], _MIX[2], _RATES)),
        ("zero", "no rate", (_MIX[0], _MIX[2], [[300.0], [0.0], [1980.0]])),
        ("zero", "no output", (_MIX[0], [[0.0], [0.0], [0.0]], _RATES)),
        ("wrong type", "a shape too many", (_MIX[0], _MIX[2], [*_RATES, [1.0]])),
    ),
}
