"""The load profiles in a workbook, the nodes that a fleet pays for, and Erlang C, as formulas.

What ``model/fleet.py`` and ``model/queueing.py`` do in Python is written here once more, where
several twins call it; tests hold the two equal. Hours are a column.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from xlmodel.hosts.values import array, literal
from xlmodel.model.fleet import MODES, ROUNDING
from xlmodel.tables import lookup

_AUTOSCALED, _FIXED, _ELASTIC = (literal(mode).text for mode in MODES)
_FLEET: Final = {
    # The hours of a load, or of the profile of that name; scaled to a mean unless it is "".
    "XLMODEL_HOURLY_LOAD": """=LAMBDA(load_,mean_,LET(
  is_name_,IF(ROWS(load_)*COLUMNS(load_)=1,load_>"",FALSE),
  hours_,IF(is_name_,XLMODEL_PROFILE(load_),TOCOL(load_)),
  IF(ISERROR(SUM(hours_)),SUM(hours_),
  IF(mean_="",IF(is_name_,#VALUE!,hours_),hours_*(mean_/AVERAGE(hours_))))))""",
    # The nodes that run by the mode; then those that are paid while they start.
    "XLMODEL_PAID_NODES": f"""=LAMBDA(full_,mode_,min_,lag_,target_,LET(
  nodes_,full_/target_,
  needed_,IF(mode_={_ELASTIC},nodes_,IF(mode_={_AUTOSCALED},-INT(-nodes_*{ROUNDING!r}),
    IF(mode_={_FIXED},-INT(-MAX(nodes_)*{ROUNDING!r})+0*nodes_,0*SUM(nodes_)+#N/A))),
  least_,IF(needed_>min_,needed_,min_),
  part_,lag_-INT(lag_),
  IF(part_=0,XLMODEL_NODES_AHEAD(least_,lag_),
    (1-part_)*XLMODEL_NODES_AHEAD(least_,INT(lag_))
      +part_*XLMODEL_NODES_AHEAD(least_,INT(lag_)+1))))""",
    "XLMODEL_NODES_AHEAD": """=LAMBDA(nodes_,ahead_,IF(ahead_=0,nodes_,LET(
  count_,ROWS(nodes_),
  places_,SEQUENCE(count_),
  MAP(places_,LAMBDA(place_,LET(
    later_,places_-place_,
    MAX(IF(later_+IF(later_<0,count_,0)<=ahead_,nodes_,0))))))))""",
    "XLMODEL_ERLANG_C": """=LAMBDA(slots_,offered_,
  IF((INT(slots_)=slots_)*(offered_<slots_),LET(
    blocked_,REDUCE(1,SEQUENCE(slots_),LAMBDA(before_,place_,
      offered_*before_/(place_+offered_*before_))),
    blocked_/(1-offered_/slots_*(1-blocked_))),#NUM!))""",
}


@cache
def names() -> Mapping[str, str]:
    """The names that the twins of traffic call, each with its formula."""
    return {"XLMODEL_PROFILE": _profiles(), **_FLEET}


def _profiles() -> str:
    """The hours of a profile by name, in the profile's own unit."""
    found = "#N/A"
    for name, hours in reversed(list(lookup.load_profiles().items())):
        found = f"IF(spelled_={literal(name).text},{array([[hour] for hour in hours])},\n  {found})"
    spelled = 'SUBSTITUTE(SUBSTITUTE(TRIM(name_)," ","-"),"_","-")'
    return f"=LAMBDA(name_,LET(spelled_,{spelled},\n  {found}))"
