"""What a node serves: tokens a day.

A node processes input (prefill) beside producing output (decode). Its rate is stated in output
tokens per second; the input that comes with them follows from the input : output ratio of the
traffic.
"""

from xlmodel.registry import function
from xlmodel.units import (
    SECONDS_PER_DAY,
    BilledTokensPerDay,
    InputOutputRatio,
    OutputTps,
    TokensPerSecond,
    Utilization,
)


@function
def tokens_per_day(
    output_tps: OutputTps,
    input_output_ratio: InputOutputRatio = 0.0,
    utilization: Utilization = 1.0,
) -> BilledTokensPerDay:
    """Tokens billed in a day, input and output together.

    A day has 86,400 seconds. ``utilization`` scales tokens; left out, ``output_tps`` is the
    day's mean.

    Equation:
        tokens = output_tps × (1 + input_output_ratio) × 86,400 × utilization

    Source:
        Definition. The example is the founding case: 300 output and 3,000 input tokens/s
        (Y. Jia, July 2024).

    Example:
        >>> import xlmodel
        >>> xlmodel.tokens_per_day(300, 10)
        285120000.0
        >>> xlmodel.tokens_per_day(300)
        25920000.0
    """
    input_tps: TokensPerSecond = output_tps * input_output_ratio
    return (output_tps + input_tps) * SECONDS_PER_DAY * utilization
