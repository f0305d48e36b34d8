"""Big or small: what demand, distillation and open weights are measured in."""

from typing import Annotated

from xlmodel.units.kinds import Quantity, share

# Demand
_DEAREST = 1e6
_CHEAPEST = 1e-6
"""Prices within these, and elasticity within 20, keep demand far from overflow."""

SalePrice = Annotated[
    float,
    Quantity(
        "USD/Mtok",
        "price of a million tokens, input and output in the mean",
        _CHEAPEST,
        _DEAREST,
    ),
]
ReferencePrice = Annotated[
    float,
    Quantity("USD/Mtok", "price at which the reference demand was seen", _CHEAPEST, _DEAREST),
]
ReferenceDemand = Annotated[
    float, Quantity("tokens/day", "tokens sold in a day at the reference price")
]
TokensPerDay = Annotated[float, Quantity("tokens/day", "tokens sold in a day")]
Elasticity = Annotated[
    float,
    Quantity(
        "% per %",
        "price elasticity of demand: per cent of demand lost when the price rises by one per cent",
        0,
        20,
        hint="write elasticity as a positive number: 1.5 for demand that falls by 1.5 % "
        "when the price rises by 1 %",
    ),
]
MarginalCost = Annotated[
    float,
    Quantity("USD/Mtok", "what a million tokens more cost to serve, on nodes as full as planned"),
]

# Distillation
StudentCost = Annotated[
    float, Quantity("USD/Mtok", "cost of serving a million tokens of the student")
]
TeacherCost = Annotated[float, Quantity("USD", "cost of training the teacher")]
StudentTokens = Annotated[
    float, Quantity("tokens", "tokens that the student serves over its whole life")
]
TeacherShare = Annotated[
    float,
    share("share of the teacher's training that this student bears; 0 where it earns its own"),
]
TeachingCost = Annotated[
    float, Quantity("USD", "cost of the teacher's answers from which the student learns")
]
DistillationCost = Annotated[float, Quantity("USD", "cost of the student's own training run")]
OneOffCost = Annotated[float, Quantity("USD", "cost that is paid once, whatever is served")]
TeacherServingCost = Annotated[
    float, Quantity("USD/Mtok", "cost of serving a million tokens of the teacher")
]
LifeTokens = Annotated[float, Quantity("tokens", "tokens served over the life of a model")]

# Open weights and customers
ClosedRevenue = Annotated[float, Quantity("USD/day", "revenue in a day with closed weights")]
ClosedCost = Annotated[
    float, Quantity("USD/day", "cost of serving in a day with closed weights, all of it by volume")
]
DemandFactor = Annotated[
    float,
    Quantity("factor", "tokens sold by all hosts together, over those sold with closed weights"),
]
OpenPriceFactor = Annotated[
    float, Quantity("factor", "price with open weights over the price with closed ones")
]
OwnShare = Annotated[float, share("share of all tokens that is still sold by the maker itself")]
LicenceFeeShare = Annotated[
    float, share("share of the other hosts' revenue that the maker is paid as a licence fee")
]
CustomerTokensPerDay = Annotated[
    float, Quantity("tokens/day", "tokens of one customer in a day, input and output")
]
BlendedPriceGiven = Annotated[
    float, Quantity("USD/Mtok", "mean price of a million tokens: see BLENDED_PRICE")
]

# The same margin for models of any size
NodeHitRate = Annotated[
    float,
    share("share of input found in the prefix cache: it skips prefill and earns the cached price"),
]
