"""The output tables: their one definition, and everything that is made from it.

Writing takes three steps: hold the output folder, make the tables, write them.

    with locked(out) as held:
        tables = resolve(records)
        write_outputs(tables, held, RunInfo(versions=…))

Names load their modules on first use: holding a folder needs neither Arrow nor DuckDB.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.tables.check import Invalid
    from pipeline.tables.publish import Held, current, locked
    from pipeline.tables.tables import Tables
    from pipeline.tables.write import RunInfo, write_outputs

__all__ = [
    "Held",
    "Invalid",
    "RunInfo",
    "Tables",
    "current",
    "locked",
    "write_outputs",
]

_HOMES = {
    "Held": "publish",
    "Invalid": "check",
    "RunInfo": "write",
    "Tables": "tables",
    "current": "publish",
    "locked": "publish",
    "write_outputs": "write",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
