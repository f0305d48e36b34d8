"""Buying GPUs: spot, reserved, owned, and what makes one of them the cheapest."""

from typing import Annotated

from xlmodel.units.kinds import Quantity, share

SpotPrice = Annotated[
    float, Quantity("USD/GPU-hour", "price of one GPU for one hour that may be interrupted")
]
Loss = Annotated[
    float,
    share(
        "share of the hours paid that is lost: interruptions, and the work done again after them",
        open_high=True,
    ),
]
ReservedPrice = Annotated[
    float,
    Quantity(
        "USD/GPU-hour", "price of one GPU for each hour of the term, beside what is paid upfront"
    ),
]
RentPrice = Annotated[
    float,
    Quantity(
        "USD/GPU-hour",
        "price at which the same GPU is rented for just the hours in which it is used",
    ),
]
Upfront = Annotated[float, Quantity("USD", "amount per GPU paid at the start of the term")]
TermYears = Annotated[float, Quantity("years", "years for which the GPU is reserved", 0.01, 100)]
UsedShare = Annotated[
    float,
    share(
        "share of the hours paid, or of the hours in which an owned GPU can be used, in which it "
        "is wanted (not what nvidia-smi prints)"
    ),
]
BreakevenUse = Annotated[
    float,
    Quantity(
        "share",
        "share of its usable hours above which an owned GPU is cheaper; above 1: not even in "
        "use all the time",
    ),
]
PaybackYears = Annotated[float, Quantity("years", "years until buying has paid back")]
TimeShare = Annotated[float, share("share of the node's time that goes into prefill")]
