"""The functions as a UNO interface, in the text form that LibreOffice reads as a type library.

The type of an argument decides what Calc hands over: ``any`` takes a value, a range or nothing;
``XCellRange`` gives the cells themselves, of which only those in use are read, so that whole
columns are quick; ``sequence<any>`` takes all arguments that are left.
"""

from xlmodel.hosts.calc.names import INTERFACE, MODULE
from xlmodel.registry import Function, Parameter, functions
from xlmodel.units import Table


def argument_name(position: int) -> str:
    """The name of an argument inside: the language forbids its own words, and ``gpu_hour``."""
    return f"argument{position}"


def text() -> str:
    """The whole interface."""
    methods = "\n".join(f"    {_method(function)}" for function in functions().values())
    return (
        f"module {MODULE} {{\n"
        f"interface {INTERFACE} : com::sun::star::uno::XInterface {{\n{methods}\n}};\n}};\n"
    )


def _method(function: Function) -> str:
    """
    >>> from xlmodel.registry import find
    >>> _method(find("GPU_SPEC"))
    'sequence<sequence<any> > GPU_SPEC([in] any argument0, [in] any argument1);'
    """
    arguments = ", ".join(
        f"[in] {_type(p)} {argument_name(i)}" for i, p in enumerate(function.parameters)
    )
    return f"sequence<sequence<any> > {function.name}({arguments});"


def _type(p: Parameter) -> str:
    if p.repeated:
        return "sequence<any>"
    cells = isinstance(p.kind, Table) and p.required  # left out, it would be no cells: an error
    return "com::sun::star::table::XCellRange" if cells else "any"
