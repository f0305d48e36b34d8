"""Functions about the functions: which version this is, and why a cell shows what it shows."""

from xlmodel.registry import find, function
from xlmodel.units import ExplainedArgument, FunctionName, Label
from xlmodel.version import VERSION


@function
def xlmodel_version() -> Label:
    """Version of xlmodel that computes this cell.

    Source:
        The package.

    Example:
        >>> import xlmodel
        >>> xlmodel.xlmodel_version() == xlmodel.__version__
        True
    """
    return VERSION


@function
def xlmodel_explain(name: FunctionName, *arguments: ExplainedArgument) -> Label:
    """The sentence that says what is wrong with a call, or how its number came about.

    Give the function's name in quotes, then the same arguments as in the call itself.

    Source:
        The function's own declaration.

    Example:
        >>> import xlmodel
        >>> print(xlmodel.xlmodel_explain("NODE_COST", 8, 3.49))
        NODE_COST = 670.08 USD/day, from gpus = 8 GPUs, gpu_hour_price = 3.49 USD/GPU-hour, \
hours_per_day = 24 hours/day, other_cost_per_day = 0 USD/day: cost = gpus × gpu_hour_price × \
hours_per_day + other_cost_per_day.
        >>> print(xlmodel.xlmodel_explain("NODE_MARGIN", 300, 10, 2.8, 2.8, 8, 3.49, 85))
        NODE_MARGIN: utilization is 85, but must be a number (share), from 0 to 1; shares are \
fractions: write 85 % as 0.85 (#NUM!).
    """
    from xlmodel.registry.explain import explain  # reads source: not for every start

    return explain(find(name), arguments)
