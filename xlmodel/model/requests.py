"""The requests that a replica serves, and the operating point that it then has."""

from typing import Any, NamedTuple

from xlmodel.elementwise import larger


class Traffic(NamedTuple):
    """The requests, and what is promised to them."""

    input_tokens: float
    output_tokens: float
    batch: float | None
    cache_hit_rate: float
    max_tpot_ms: float | None = None
    max_ttft_ms: float | None = None

    @property
    def uncached(self) -> float:
        """Input tokens to process; the last one always is."""
        return larger(self.input_tokens * (1 - self.cache_hit_rate), 1.0)

    @property
    def cached(self) -> float:
        return self.input_tokens - self.uncached

    @property
    def mean_context(self) -> float:
        return self.input_tokens + self.output_tokens / 2

    @property
    def peak_context(self) -> float:
        return self.input_tokens + self.output_tokens


class Point(NamedTuple):
    """An operating point; times in ms."""

    batch: float
    output_tps: float
    ttft_ms: float
    tpot_ms: float
    basis: str

    def __str__(self) -> str:
        return (
            f"{self.batch:,.0f} requests in flight, {self.tpot_ms:.1f} ms per token, "
            f"{self.ttft_ms:,.0f} ms to the first, from {self.basis}"
        )


def within(time: float, limit: float | None) -> Any:
    """Whether a time keeps a limit; without one each does, even a time that is not known."""
    return True if limit is None else time <= limit
