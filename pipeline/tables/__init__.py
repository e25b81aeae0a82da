"""The output tables: their one definition, and everything that is made from it.

Writing takes three steps: hold the output folder, make the tables, write them.

    with locked(out) as held:
        tables = resolve(records)
        write_outputs(tables, held, RunInfo(versions=…))
"""

from pipeline.tables.check import Invalid, check
from pipeline.tables.publish import Held, current, locked
from pipeline.tables.tables import Tables
from pipeline.tables.write import RunInfo, write_outputs

__all__ = [
    "Held",
    "Invalid",
    "RunInfo",
    "Tables",
    "check",
    "current",
    "locked",
    "write_outputs",
]
