"""The package's specifications in a workbook, and how a formula finds a row of them.

What ``tables/specs.py`` does in Python is written here once more in formulas: a row by name or
alias, in any case and spelling, or a row of the user's own table. Tests hold the two equal. The
tables themselves are array constants made from the same files, each behind a name of its own.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from xlmodel import tables
from xlmodel.hosts.values import Expr, Record, Value, array
from xlmodel.registry.convert import trimmed
from xlmodel.tables import accepted, specs
from xlmodel.tables.specs import Architecture, Efficiency, Gpu, Precision

_NUMBER, _TEXT = "?", "!"
"""What stands for the default of a field that a row must have."""

_LOOK_UPS: Final = {
    # A row of a table, by the names in the first column of ``names``; #N/A if there is none.
    "XLMODEL_FOUND": """LAMBDA(name_,names_,rows_,LET(
      spelled_,SUBSTITUTE(SUBSTITUTE(TRIM(name_)," ","-"),"_","-"),
      INDEX(rows_,INDEX(names_,XMATCH(spelled_,INDEX(names_,0,1)),2),0)))""",
    # A row of the user's own table, its cells in the order of ``fields``; the first error in it.
    "XLMODEL_OWN": f"""LAMBDA(table_,place_,fields_,defaults_,LET(
      head_,TRIM(INDEX(table_,1,0)),
      cells_,MAP(fields_,defaults_,LAMBDA(field_,default_,LET(
        at_,XMATCH(field_,head_),
        cell_,IF(ISNUMBER(at_),INDEX(table_,place_+1,at_),""),
        IF(cell_="",default_,IF((default_="{_TEXT}")+(default_=""),TRIM(cell_),
          IF(cell_<"",IF((cell_>=0)*(cell_<=1E+12)*((default_<>"{_NUMBER}")+(cell_>0)),
            cell_,#NUM!),#VALUE!)))))),
      all_,REDUCE("",cells_,LAMBDA(before_,cell_,before_&cell_)),
      IF(all_<FALSE,IF(SUM((cells_="{_NUMBER}")+(cells_="{_TEXT}"))>0,#VALUE!,cells_))))""",
    "XLMODEL_ARCHITECTURE": """LAMBDA(ref_,table_,IF(ISNUMBER(ref_),
      XLMODEL_OWN(table_,ref_,{architecture}),
      XLMODEL_FOUND(ref_,XLMODEL_MODEL_NAMES(),XLMODEL_MODELS())))""",
    "XLMODEL_GPU": """LAMBDA(ref_,table_,IF(ISNUMBER(ref_),
      XLMODEL_OWN(table_,ref_,{gpu}),
      XLMODEL_FOUND(ref_,XLMODEL_GPU_NAMES(),XLMODEL_GPUS())))""",
    "XLMODEL_PRECISION": """LAMBDA(name_,
      XLMODEL_FOUND(name_,XLMODEL_PRECISION_NAMES(),XLMODEL_PRECISIONS()))""",
    "XLMODEL_EFFICIENCY": """LAMBDA(family_,precision_,LET(
      names_,XLMODEL_EFFICIENCY_NAMES(),
      rows_,XLMODEL_EFFICIENCIES(),
      row_,XLMODEL_FOUND(family_&"|"&precision_,names_,rows_),
      IF(ISNA(INDEX(row_,2)),XLMODEL_FOUND("other|"&precision_,names_,rows_),row_)))""",
}


def calls() -> Mapping[Any, Any]:
    """What stands for a call of the look-ups in Python.

    A model or GPU is looked up where a twin begins; after that its name is that of its row.
    """
    return {
        specs.architecture: lambda given: _record(Architecture, _text(given["ref"])),
        specs.gpu: lambda given: _record(Gpu, _text(given["ref"])),
        specs.precision: lambda given: _record(
            Precision, f"XLMODEL_PRECISION({_text(given['name'])})"
        ),
        specs.efficiency: lambda given: _record(
            Efficiency,
            f"XLMODEL_EFFICIENCY({_text(given['family'])},{_text(given['precision'])})",
        ),
    }


def _record(kind: type, row: str) -> Record:
    return Record(kind, {}, row)


def _text(value: Value) -> str:
    assert isinstance(value, Expr)
    return value.text


@cache
def names() -> Mapping[str, str]:
    """The names that hold the tables and find rows in them, each with its formula."""
    forms = {"architecture": _form(Architecture), "gpu": _form(Gpu)}
    look_ups = {
        name: "=" + _filled(formula, forms).replace("\n      ", "\n  ")
        for name, formula in _LOOK_UPS.items()
    }
    return {
        **_table("XLMODEL_MODELS", "XLMODEL_MODEL_NAMES", _named("model_specs", "model")),
        **_table("XLMODEL_GPUS", "XLMODEL_GPU_NAMES", _named("gpu_specs", "gpu")),
        **_table(
            "XLMODEL_PRECISIONS", "XLMODEL_PRECISION_NAMES", _named("precisions", "precision")
        ),
        **_table("XLMODEL_DECLINES", "XLMODEL_DECLINE_NAMES", _declines()),
        **_table("XLMODEL_ACCEPTED", "XLMODEL_ACCEPTED_NAMES", _named(accepted.TABLE, "method")),
        **_table("XLMODEL_EFFICIENCIES", "XLMODEL_EFFICIENCY_NAMES", _efficiencies()),
        **look_ups,
    }


def _filled(formula: str, forms: Mapping[str, str]) -> str:
    for name, form in forms.items():
        formula = formula.replace("{" + name + "}", form)
    return formula


def _form(kind: Any) -> str:
    """The fields of a record and their defaults, as two rows."""
    missing = [_TEXT if hint is str else _NUMBER for hint in kind.__annotations__.values()]
    defaults = [
        kind._field_defaults.get(field, marker)
        for field, marker in zip(kind._fields, missing, strict=True)
    ]
    return f"{array([kind._fields])},{array([defaults])}"


Named = Sequence[tuple[str, tuple[Any, ...]]]
"""Rows, each under the names by which it is found."""


def _table(rows: str, names: str, named: Named) -> dict[str, str]:
    """Two names: the distinct rows, and what is found under which name."""
    distinct = list(dict.fromkeys(row for _, row in named))
    places = {row: place for place, row in enumerate(distinct, start=1)}
    return {
        rows: f"=LAMBDA({array(distinct)})",
        names: f"=LAMBDA({array([(name, float(places[row])) for name, row in named])})",
    }


_FINDERS: Final[Mapping[str, Any]] = {
    "model_specs": specs.architecture,
    "gpu_specs": specs.gpu,
    "precisions": lambda where, name: specs.precision(where, "precision", name),
    accepted.TABLE: lambda _, name: accepted.curve(name),
}


def _named(table: str, key: str) -> Named:
    """The rows of a table as Python finds them, under each name and alias."""
    spellings = {
        trimmed(name).lower().replace(" ", "-").replace("_", "-"): row[key]
        for row in reversed(tables.rows(table))
        for name in (*reversed(row.get("aliases", "").split(";")), row[key])
        if name.strip()
    }
    found = {name: _FINDERS[table]("", known) for name, known in spellings.items()}
    return list(reversed(found.items()))


def _declines() -> Named:
    """How many times a price falls in a year, by scenario."""
    return [
        (row["scenario"], (float(row["fold_per_year"]),)) for row in tables.rows("price_declines")
    ]


def _efficiencies() -> Named:
    """Of each family and precision those that Python takes, which may be those of another."""
    families = [row["family"] for row in tables.rows("efficiency")]
    return [
        (f"{family}|{p.precision}".lower().replace(" ", "-"), _numbers(family, p.precision))
        for family in dict.fromkeys((*families, "other"))
        for p in specs.precisions()
    ]


def _numbers(family: str, precision: str) -> tuple[Any, ...]:
    """Efficiencies without the words beside them."""
    return tuple(
        cell if Efficiency.__annotations__[field] is float else ""
        for field, cell in zip(Efficiency._fields, specs.efficiency(family, precision), strict=True)
    )
