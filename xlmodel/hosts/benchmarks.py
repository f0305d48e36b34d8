"""The user's own benchmarks in formulas: what was measured, and figures between it.

What ``model/measured.py`` and ``tables/throughput.py`` do in Python is written here once more;
tests hold the two equal. The measured grid of the package is too large for a workbook: where it is
asked for, the answer is ``#N/A``.
"""

from collections.abc import Mapping
from typing import Final

from xlmodel.hosts import helpers
from xlmodel.hosts.steps import Steps
from xlmodel.hosts.translate import Call
from xlmodel.hosts.values import Expr, Record, Value, array, row
from xlmodel.model.operating import by_physics
from xlmodel.model.requests import Point
from xlmodel.registry import Parameter
from xlmodel.units import Table

_NOTHING = '{"","","",""}'
_LOG = 'LAMBDA(cell_,IF(ISNUMBER(cell_),IF(cell_>0,LN(cell_),""),""))'

NAMES: Final[Mapping[str, str]] = {
    # A text, or the error that something makes in the place of a table.
    "XLMODEL_TABLE": """=LAMBDA(table_,columns_,IF(ROWS(table_)*COLUMNS(table_)=1,
  IF((table_="")*(table_=0),"",#VALUE!),LET(
    head_,TRIM(INDEX(table_,1,0)),
    missing_,SUM(MAP(columns_,LAMBDA(column_,IF(ISNUMBER(XMATCH(column_,head_)),0,1)))),
    IF(missing_=0,"",#VALUE!))))""",
    # A name as our tables spell it; what is in none keeps the name that it has.
    "XLMODEL_KNOWN": """=LAMBDA(name_,names_,rows_,LET(
  row_,XLMODEL_FOUND(name_,names_,rows_),
  IF(ISNA(INDEX(row_,1)),TRIM(name_),INDEX(row_,1))))""",
    "XLMODEL_KNOWN_PRECISION": """=LAMBDA(name_,
  XLMODEL_KNOWN(name_,XLMODEL_PRECISION_NAMES(),XLMODEL_PRECISIONS()))""",
    "XLMODEL_KNOWN_CACHE": """=LAMBDA(name_,weights_,LET(
  row_,XLMODEL_PRECISION(weights_),
  usual_,IF(ISNA(INDEX(row_,1)),weights_,INDEX(row_,4)),
  XLMODEL_KNOWN_PRECISION(IF(name_="",usual_,name_))))""",
    # Rows of one replica: input and output tokens, batch, logarithms, whether no later row counts.
    "XLMODEL_BENCHMARKS": f"""=LAMBDA(table_,model_,gpu_,gpus_,precision_,cache_,LET(
  head_,TRIM(INDEX(table_,1,0)),
  column_,LAMBDA(name_,DROP(INDEX(table_,0,XMATCH(name_,head_)),1)),
  models_,column_("model"),
  inputs_,column_("input_tokens"),
  outputs_,column_("output_tokens"),
  batches_,column_("batch"),
  rates_,column_("output_tps"),
  bad_,MAP(models_,column_("gpus"),inputs_,outputs_,batches_,rates_,
    LAMBDA(name_,count_,input_,output_,batch_,rate_,IF(name_="",0,
      IF(ISNUMBER(count_)*ISNUMBER(input_)*ISNUMBER(output_)*ISNUMBER(batch_)*ISNUMBER(rate_),
        IF(MIN(count_,input_,output_,batch_,rate_)>0,0,1),1)))),
  weights_,MAP(column_("precision"),LAMBDA(name_,XLMODEL_KNOWN_PRECISION(name_))),
  caches_,IF(ISNUMBER(XMATCH("kv_precision",head_)),
    MAP(column_("kv_precision"),weights_,LAMBDA(name_,weight_,XLMODEL_KNOWN_CACHE(name_,weight_))),
    MAP(weights_,LAMBDA(weight_,XLMODEL_KNOWN_CACHE("",weight_)))),
  alike_,MAP(models_,column_("gpu"),weights_,caches_,
    LAMBDA(name_,part_,weight_,kept_,IF(name_="",0,
      (XLMODEL_KNOWN(name_,XLMODEL_MODEL_NAMES(),XLMODEL_MODELS())=model_)
      *(XLMODEL_KNOWN(part_,XLMODEL_GPU_NAMES(),XLMODEL_GPUS())=gpu_)
      *(weight_=precision_)*(kept_=cache_)))),
  mine_,MAP(alike_,column_("gpus"),LAMBDA(is_,count_,
    IF(is_=1,IF(ISNUMBER(count_),IF(count_=gpus_,1,0),0),0))),
  IF(SUM(alike_*bad_)>0,#VALUE!,IF(SUM(mine_)=0,{_NOTHING},LET(
    found_,FILTER(HSTACK(inputs_,outputs_,batches_,
      rates_,column_("ttft_ms"),column_("tpot_ms")),mine_),
    places_,INDEX(found_,0,1)&"|"&INDEX(found_,0,2)&"|"&INDEX(found_,0,3),
    rows_,SEQUENCE(ROWS(places_)),
    last_,MAP(places_,rows_,LAMBDA(place_,row_,IF(SUM((places_=place_)*(rows_>row_))>0,0,1))),
    HSTACK(INDEX(found_,0,1),INDEX(found_,0,2),INDEX(found_,0,3),MAP(INDEX(found_,0,4),{_LOG}),
      MAP(INDEX(found_,0,5),{_LOG}),MAP(INDEX(found_,0,6),{_LOG}),last_))))))""",
    # The weight of each node along an axis: 1 at the node, 0 at its neighbours, 0 beyond the ends.
    "XLMODEL_WEIGHTS": """=LAMBDA(nodes_,value_,LET(
  low_,MIN(nodes_),
  high_,MAX(nodes_),
  at_,MIN(MAX(value_,low_),high_),
  below_,MAX(IF(nodes_<=at_,nodes_,0)),
  above_,MIN(IF(nodes_>=at_,nodes_,1E+300)),
  share_,IF(above_=below_,1,(LN(at_)-LN(below_))/(LN(above_)-LN(below_))),
  weight_,IF(nodes_=above_,share_,IF(nodes_=below_,1-share_,0)),
  inside_,(value_>=low_*(1-1E-09))*(value_<=high_*(1+1E-09)),
  IF(weight_>1E-09,weight_,0)*inside_))""",
    # Batch, rate and latencies at a point, blank where it is not between measured ones.
    "XLMODEL_BETWEEN": f"""=LAMBDA(rows_,input_,output_,batch_,LET(
  weight_,XLMODEL_WEIGHTS(INDEX(rows_,0,1),input_)*XLMODEL_WEIGHTS(INDEX(rows_,0,2),output_)
    *XLMODEL_WEIGHTS(INDEX(rows_,0,3),batch_)*INDEX(rows_,0,7),
  mean_,LAMBDA(logs_,IF(SUM(IF(logs_="",weight_,0))>0,"",
    EXP(SUM(IF(logs_="",0,weight_)*IF(logs_="",0,logs_))))),
  IF(SUM(weight_)>1-1E-08,HSTACK(batch_,mean_(INDEX(rows_,0,4)),mean_(INDEX(rows_,0,5)),
    mean_(INDEX(rows_,0,6))),{_NOTHING})))""",
    "XLMODEL_MEASURED": f"""=LAMBDA(rows_,traffic_,LET(
  input_,INDEX(traffic_,1),
  output_,INDEX(traffic_,2),
  batch_,INDEX(traffic_,3),
  keeps_,LAMBDA(time_,limit_,IF(limit_="",TRUE,IF(time_="",FALSE,time_<=limit_))),
  IF(INDEX(rows_,1,1)="",{_NOTHING},IF(INDEX(traffic_,4)<>0,{_NOTHING},
    IF(batch_<>"",XLMODEL_BETWEEN(rows_,input_,output_,batch_),LET(
      best_,REDUCE(0,INDEX(rows_,0,3),LAMBDA(found_,node_,IF(node_<=found_,found_,LET(
        there_,XLMODEL_BETWEEN(rows_,input_,output_,node_),
        IF(INDEX(there_,1)="",found_,IF(keeps_(INDEX(there_,4),INDEX(traffic_,5)),
          IF(keeps_(INDEX(there_,3),INDEX(traffic_,6)),node_,found_),found_)))))),
      IF(best_=0,{_NOTHING},XLMODEL_BETWEEN(rows_,input_,output_,best_))))))))""",
}


def check(p: Parameter) -> str:
    """A text, or the error of what was given in the place of the table."""
    assert isinstance(p.kind, Table)
    return f'IF(ISOMITTED({p.name}),"",XLMODEL_TABLE({p.name},{array([p.kind.columns])}))'


def caller(names: Mapping[str, Expr], steps: Steps) -> Call:
    """What stands for a call of ``operating_point``, from the names of model and GPU."""

    def point(given: Mapping[str, Value]) -> Value:
        basis = row(given["basis"])
        own = steps.add("own", _own(names, given))
        physics = row(helpers.helper(by_physics).call(given))
        asked = f'({basis}="auto")+({basis}="physics")'
        found = f'IF({asked},IF(INDEX({own},1)="",{physics},{own}),#N/A)'
        return _point(steps.add("point", found))

    return point


def _own(names: Mapping[str, Expr], given: Mapping[str, Value]) -> str:
    """The point by the user's own benchmarks, where there are any."""
    table, basis, gpu, precision = (row(given[n]) for n in ("table", "basis", "gpu", "precision"))
    model_name, gpu_name = (
        f"XLMODEL_KNOWN(IF(ISNUMBER({names[key].text}),INDEX({row(given[key])},1),"
        f"{names[key].text}),{known})"
        for key, known in (
            ("model", "XLMODEL_MODEL_NAMES(),XLMODEL_MODELS()"),
            ("gpu", "XLMODEL_GPU_NAMES(),XLMODEL_GPUS()"),
        )
    )
    usual = helpers.weight_precision({"gpu": Expr(gpu), "name": Expr('""')})
    weights = (
        f'IF(({precision}="")*ISNUMBER(INDEX({gpu},2)),INDEX({usual},1),'
        f"XLMODEL_KNOWN_PRECISION({precision}))"
    )
    rows = (
        f"XLMODEL_BENCHMARKS({table},{model_name},{gpu_name},{row(given['gpus'])},weights_,"
        f"XLMODEL_KNOWN_CACHE({row(given['kv_precision'])},weights_))"
    )
    measured = f"LET(weights_,{weights},XLMODEL_MEASURED({rows},{row(given['traffic'])}))"
    return (
        f'IF(({basis}="auto")*IF(ISOMITTED({table}),FALSE,ROWS({table})>1),{measured},{_NOTHING})'
    )


def _point(row: str) -> Record:
    """A point; a latency that was not measured is no number."""
    times = {
        name: Expr(f'IF(INDEX({row},{place})="",#NUM!,INDEX({row},{place}))')
        for place, name in enumerate(Point._fields, start=1)
        if name.endswith("_ms")
    }
    return Record(Point, times, row)
