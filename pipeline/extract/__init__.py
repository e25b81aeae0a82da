"""Annotated announcements to facts: one module per kind of fact."""

from pipeline.extract.announcement import extract

__all__ = ["extract"]
