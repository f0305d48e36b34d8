"""Buying GPUs: what an hour that is used costs as spot, reserved or owned, and rent or own.

What is paid for and not used makes the used hours dearer: interruptions of spot, idle hours of a
reservation or of an owned GPU. Rent or own has three answers: from which use
(``OWN_BREAKEVEN_USE``), from which rental price (``OWN_BREAKEVEN_RENT``), over which life
(``OWN_PAYBACK_YEARS``).
"""

from xlmodel.elementwise import log, only_if, where
from xlmodel.model.cost import RATE_TREATED_AS_ZERO, capital_recovery, owned_gpu_hour
from xlmodel.registry import function
from xlmodel.units import (
    HOURS_PER_YEAR,
    Availability,
    Capex,
    DiscountRate,
    ElectricityPrice,
    HoursPerYear,
    LifeYears,
    OpexPerYear,
    PowerKw,
    Pue,
    ResidualShare,
    UsdPerGpuHour,
    UsdPerYear,
)
from xlmodel.units.sourcing import (
    BreakevenUse,
    Loss,
    PaybackYears,
    RentPrice,
    ReservedPrice,
    SpotPrice,
    TermYears,
    Upfront,
    UsedShare,
)


@function
def spot_gpu_hour(spot_price: SpotPrice, loss: Loss) -> UsdPerGpuHour:
    """Price of a useful hour of a spot GPU.

    The loss has no default: it depends on how often the seller interrupts and on how much work is
    done again after it. Published rates of interruption count instances, not hours lost.

    Equation:
        price = spot_price ÷ (1 − loss)

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.spot_gpu_hour(1.5, 0.25), 9)
        2.0
    """
    return spot_price / (1 - loss)


@function
def reserved_gpu_hour(
    reserved_price: ReservedPrice,
    upfront: Upfront = 0.0,
    term_years: TermYears = 1.0,
    used_share: UsedShare = 1.0,
    discount_rate: DiscountRate = 0.0,
) -> UsdPerGpuHour:
    """Price of an hour in which a reserved GPU is used.

    All 8,760 hours of a year are paid, used or idle. What is paid upfront is spread over the term
    as an annuity at the cost of capital.

    Equation:
        price = (reserved_price + upfront × CAPITAL_RECOVERY(discount_rate, term_years) ÷ 8,760)
        ÷ used_share

    Errors:
        #DIV/0! when no hour is used.

    Source:
        Definition. A fixed fleet for DeepSeek's published day is in use for 226.75 ÷ 278 = 0.816
        of its hours (open-infra-index, day 6).

    Example:
        >>> import xlmodel
        >>> xlmodel.reserved_gpu_hour(2, used_share=0.8)
        2.5
        >>> round(xlmodel.reserved_gpu_hour(1.5, 13140, 3, 1, 0), 9)
        2.0
    """
    upfront_per_year: UsdPerYear = upfront * capital_recovery(discount_rate, term_years)
    paid_hour: UsdPerGpuHour = reserved_price + upfront_per_year / HOURS_PER_YEAR
    return paid_hour / used_share


@function
def own_breakeven_use(
    rent_price: RentPrice,
    capex: Capex,
    life_years: LifeYears,
    discount_rate: DiscountRate,
    residual_share: ResidualShare = 0.0,
    power_kw: PowerKw = 0.0,
    pue: Pue = 1.0,
    electricity_price: ElectricityPrice = 0.0,
    opex_per_year: OpexPerYear = 0.0,
    availability: Availability = 1.0,
) -> BreakevenUse:
    """Share of its usable hours above which an owned GPU is cheaper than one rented as needed.

    Rent is paid for the hours in use alone; the owned GPU is paid for all the time, power
    included, as in OWNED_GPU_HOUR. If it drew nothing while idle, the break-even would be somewhat
    lower. Above 1 renting is cheaper even in use all the time. The rental price is held over the
    life: where it falls, give its mean.

    Equation:
        share = OWNED_GPU_HOUR ÷ rent_price

    Errors:
        #NUM! when renting costs nothing.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.own_breakeven_use(3.49, 33750, 4, 0.08), 6)
        0.333302
    """
    owned: UsdPerGpuHour = owned_gpu_hour(
        capex,
        life_years,
        discount_rate,
        residual_share,
        power_kw,
        pue,
        electricity_price,
        opex_per_year,
        availability,
    )
    return owned / only_if(rent_price > 0, rent_price, "renting costs nothing, so it is cheaper")


@function
def own_breakeven_rent(
    used_share: UsedShare,
    capex: Capex,
    life_years: LifeYears,
    discount_rate: DiscountRate,
    residual_share: ResidualShare = 0.0,
    power_kw: PowerKw = 0.0,
    pue: Pue = 1.0,
    electricity_price: ElectricityPrice = 0.0,
    opex_per_year: OpexPerYear = 0.0,
    availability: Availability = 1.0,
) -> UsdPerGpuHour:
    """Rental price above which an owned GPU is cheaper: the cost of an hour in which it is used.

    Equation:
        price = OWNED_GPU_HOUR ÷ used_share

    Errors:
        #DIV/0! when no hour is used.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.own_breakeven_rent(0.8, 33750, 4, 0.08), 6)
        1.454028
    """
    owned: UsdPerGpuHour = owned_gpu_hour(
        capex,
        life_years,
        discount_rate,
        residual_share,
        power_kw,
        pue,
        electricity_price,
        opex_per_year,
        availability,
    )
    return owned / used_share


@function
def own_payback_years(
    rent_price: RentPrice,
    capex: Capex,
    discount_rate: DiscountRate = 0.0,
    used_share: UsedShare = 1.0,
    power_kw: PowerKw = 0.0,
    pue: Pue = 1.0,
    electricity_price: ElectricityPrice = 0.0,
    opex_per_year: OpexPerYear = 0.0,
    availability: Availability = 1.0,
) -> PaybackYears:
    """Years after which buying a GPU has paid back against renting one as needed, discounted.

    It is also the life from which owning is cheaper, without resale: at that life OWNED_GPU_HOUR
    ÷ used_share equals the rental price. Compare it with the life that you expect. The rental
    price is held: where it falls, give its mean.

    Equation:
        saving a year = rent_price × 8,760 × availability × used_share − opex_per_year
        − power_kw × pue × electricity_price × 8,760
        years = ln(saving ÷ (saving − r × capex)) ÷ ln(1 + r), or capex ÷ saving at r = 0

    Errors:
        #NUM! when renting costs no more than running an owned GPU, or when the saving does not
        even pay the cost of capital: it never pays back.

    Source:
        Discounted payback; annuity as in CAPITAL_RECOVERY.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.own_payback_years(2, 17520), 6)
        1.0
        >>> round(xlmodel.own_payback_years(3.49, 33750, 0.08, 0.8), 4)
        1.5199
    """
    used_hours: HoursPerYear = HOURS_PER_YEAR * availability * used_share
    power_per_year: UsdPerYear = power_kw * pue * electricity_price * HOURS_PER_YEAR
    saving: UsdPerYear = only_if(
        rent_price * used_hours > opex_per_year + power_per_year,
        rent_price * used_hours - opex_per_year - power_per_year,
        "it never pays back: renting costs no more than running an owned GPU",
    )
    interest: UsdPerYear = capex * discount_rate
    left: UsdPerYear = only_if(
        saving > interest,
        saving - interest,
        "it never pays back: the saving a year does not even pay the cost of capital",
    )
    rate = where(discount_rate > RATE_TREATED_AS_ZERO, discount_rate, 1.0)
    return where(
        discount_rate > RATE_TREATED_AS_ZERO, log(saving / left) / log(1 + rate), capex / saving
    )
