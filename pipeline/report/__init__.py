"""The pages of a run, for reading and checking: complete without a script, offline, from a file."""

from __future__ import annotations

from pipeline.report.write import attempted_report, write_report

__all__ = ["attempted_report", "write_report"]
